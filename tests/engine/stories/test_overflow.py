"""Teams that are asked only after a while."""

from __future__ import annotations

import pytest
from storybook import told

PHONE = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {front: {serves: [phone], agents: 1}, back: {serves: [phone], agents: 1}}
routing: {teams: {phone: [front, back after 2 min]}}
"""


def test_when_the_delay_passes_an_idle_agent_of_the_other_team_is_asked() -> None:
    assert told(PHONE, "who at handle\na 0 10\nb 1 3\nc 1.5 2").log == [
        "a at 0: front 0-10, solved",
        "b at 1: back 3-6, solved",
        "c at 1.5: back 6-8, solved",  # its delay passed at 3.5, when back was busy
    ]


def test_an_own_agent_who_gets_free_before_or_in_the_tick_of_the_delay_is_first() -> None:
    assert told(PHONE, "who at handle\na 0 2\nb 1 3\nc 3 4\nd 6 1").log == [
        "a at 0: front 0-2, solved",
        "b at 1: front 2-5, solved",
        "c at 3: front 5-9, solved",  # 5 is the tick in which back might be asked
        "d at 6: back 8-9, solved",
    ]


@pytest.mark.parametrize(("patience", "log"), [("2", "back 3-6, solved"), ("1.999", "abandoned 2.999")])
def test_the_delay_passes_before_patience_ends_in_one_tick(patience: str, log: str) -> None:
    rows = f"who at handle wrap patience\na 0 10\nb 1 3 . {patience}"
    assert told(PHONE, rows).log[1] == f"b at 1: {log}"


def test_who_gets_free_takes_nothing_whose_delay_has_not_passed() -> None:
    text = """
segments: {gold: {}, basic: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {front: {serves: [gold], agents: 1}, back: {serves: [phone], agents: 1}}
routing: {classes: [gold, basic], teams: {gold: [front, back after 5 min], basic: [back]}}
"""
    rows = "who at segment handle\na 0 gold 20\nb 0 basic 4\ng 2 gold 3\nc 3 basic 6\nd 9 basic 2"
    assert told(text, rows).log == [
        "a at 0: front 0-20, solved",
        "b at 0: back 0-4, solved",
        "g at 2: back 10-13, solved",  # a better class, but not asked of back before 7
        "c at 3: back 4-10, solved",
        "d at 9: back 13-15, solved",
    ]


@pytest.mark.parametrize(
    ("end", "log"),
    [
        ("00:05", "ann 0-5 put down (25 left), back 10-35"),  # ten minutes after it came, not after five
        ("00:15", "ann 0-15 put down (15 left), back 15-30"),  # the delay has passed long ago
    ],
)
def test_the_delay_of_what_was_put_down_runs_from_its_old_entry(end: str, log: str) -> None:
    text = f"""
channels: {{ticket: {{kind: deferred, handle_time: 1 min}}}}
teams:
  front: {{serves: [ticket], shifts: {{ann: {{days: mon, hours: 00:00-{end}, agents: 1}}}}}}
  back:  {{serves: [ticket], agents: 1}}
routing: {{teams: {{ticket: [front, back after 10 min]}}}}
"""
    assert told(text, "who at handle\na 0 30").log == [f"a at 0: front/{log}, solved"]


def test_a_pool_with_a_delay_picks_across_its_teams() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  front: {serves: [phone], agents: 1}
  late:  {serves: [phone], agents: 1}
  back:  {serves: [phone], agents: 1}
routing: {teams: {phone: [front, [late after 1 min, back after 1 min]]}}
"""
    rows = "who at handle\na 0 30\nb 1 1\nc 4 1\nd 7 1"
    assert told(text, rows).log[1:] == [
        "b at 1: late 2-3, solved",  # both idle since 0
        "c at 4: back 5-6, solved",  # since 0, late since 3
        "d at 7: late 8-9, solved",  # since 3, back since 6
    ]
    in_turn = text.replace("[late after 1 min, back after 1 min]", "late after 1 min, back after 1 min")
    assert [line.split(": ")[1].split()[0] for line in told(in_turn, rows).log] == ["front", "late", "late", "late"]


def test_the_delay_of_a_call_from_before_play_runs_from_its_creation() -> None:
    assert told(PHONE, "who at handle\na -5 10\nb -4 3\nc -1 1").log == [
        "a at -5: front 0-10, solved",
        "b at -4: back 0-3, solved",  # two minutes have passed
        "c at -1: back 3-4, solved",
    ]


def test_each_step_has_its_own_delay() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  front: {serves: [phone], agents: 1}
  late:  {serves: [phone], shifts: {lea: {days: mon, hours: 00:04-01:00, agents: 1}}}
  back:  {serves: [phone], agents: 1}
routing: {teams: {phone: [front, late after 1 min, back after 5 min]}}
"""
    assert told(text, "who at handle\na 0 30\nb 1 9\nc 2 1\nd 8 1").log == [
        "a at 0: front 0-30, solved",
        "b at 1: late/lea 4-13, solved",  # she comes when her delay has passed long ago
        "c at 2: back 7-8, solved",
        "d at 8: late/lea 13-14, solved",  # free in the tick in which back might be asked
    ]


def test_who_comes_back_in_the_tick_of_a_delay_leaves_the_call_to_who_is_idle_for_longer() -> None:
    # at 15 ann is back before the delay passes, but from this tick on both may be asked
    text = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  desk:
    serves: [phone]
    shifts:
      ann: {days: mon, hours: 00:00-01:00, agents: 1, breaks: [5 min paid at 00:10]}
      bob: {days: mon, hours: 00:00-01:00, agents: 1}
routing: {teams: {phone: [desk after 3 min]}}
"""
    assert told(text, "who at handle\na 12 4").log == ["a at 12: bob 15-19, solved"]
