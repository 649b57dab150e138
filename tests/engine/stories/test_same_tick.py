"""What happens first when several things happen at one tick, and the first agent that gets free."""

from __future__ import annotations

import pytest
from storybook import told

ANN = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {ann: {serves: [phone], agents: 1}}
"""


def shifts(**hours: str) -> str:
    """A phone desk with people, each by his hours."""
    people = ", ".join(f"{name}: {{days: mon, hours: {when}, agents: 1}}" for name, when in hours.items())
    return f"""
channels: {{phone: {{kind: live, handle_time: 1 min}}}}
teams: {{desk: {{serves: [phone], shifts: {{{people}}}}}}}
"""


def test_where_nobody_calls_nobody_waits() -> None:
    story = told(ANN + "demand: {calls: {channel: phone, rate: 0/h}}")
    assert story.log == []
    assert story.ends == {}
    assert story.day("ann") == ["available 0-60"]


def test_callers_who_find_an_idle_agent_never_wait() -> None:
    story = told(ANN, "who at handle\na 0 5\nb 5 3\nc 20 40")
    assert story.log == ["a at 0: ann 0-5, solved", "b at 5: ann 5-8, solved", "c at 20: ann 20-"]


def test_a_caller_who_arises_in_the_tick_in_which_work_ends_is_served_at_once() -> None:
    story = told(ANN, "who at handle wrap patience\na 0 5\nb 5 3 . 0")
    assert story.log == ["a at 0: ann 0-5, solved", "b at 5: ann 5-8, solved"]


def test_an_agent_freed_in_the_tick_a_caller_would_hang_up_still_catches_him() -> None:
    story = told(ANN, "who at handle wrap patience\na 0 5\nb 1 3 . 4")
    assert story.log == ["a at 0: ann 0-5, solved", "b at 1: ann 5-8, solved"]


@pytest.mark.parametrize(("patience", "log"), [(999, "b at 1: ann 1000-1010, solved"), (998, "b at 1: abandoned 999")])
def test_a_microsecond_decides_between_caught_and_lost(patience: int, log: str) -> None:
    rows = f"who at handle wrap patience\na 0 1000\nb 1 10 . {patience}"
    assert told(ANN, rows, time="us", unit=1).log[1] == log


def test_a_caller_without_patience_leaves_before_the_next_arises_at_that_tick() -> None:
    room_for_one = ANN.replace("handle_time", "waiting_room: 1, handle_time")
    story = told(room_for_one, "who at handle wrap patience\na 0 5\nb 1 1 . 0\nc 1 1 . 10\nd 1 1 . 10")
    assert story.log == [
        "a at 0: ann 0-5, solved",
        "b at 1: abandoned 1",
        "c at 1: ann 5-6, solved",  # b had left the only place to wait
        "d at 1: busy",  # c had not
    ]


def test_a_caller_without_patience_is_served_by_an_idle_agent() -> None:
    assert told(ANN, "who at handle wrap patience\na 3 2 . 0").log == ["a at 3: ann 3-5, solved"]


def test_nothing_new_is_taken_when_the_shift_ends_at_the_tick_a_call_ends() -> None:
    story = told(shifts(ann="00:00-00:10"), "who at handle\na 0 10\nb 5 3")
    assert story.log == ["a at 0: ann 0-10, solved", "b at 5: waits"]
    assert story.day("ann") == ["available 0-10"]


def test_nothing_new_is_taken_by_an_idle_agent_when_the_shift_ends_at_the_tick_a_caller_arises() -> None:
    story = told(shifts(ann="00:00-00:10", bob="00:30-01:00"), "who at handle\na 10 3")
    assert story.log == ["a at 10: bob 30-33, solved"]


def test_a_shift_that_begins_at_the_tick_patience_ends_catches_the_caller() -> None:
    story = told(shifts(bob="00:20-00:40"), "who at handle wrap patience\na 12 3 . 8\nb 13 3 . 6")
    assert story.log == ["a at 12: bob 20-23, solved", "b at 13: abandoned 19"]


def test_a_call_that_arises_when_a_shift_begins_is_served_at_once() -> None:
    assert told(shifts(bob="00:20-00:40"), "who at handle wrap patience\na 20 3 . 0").log == [
        "a at 20: bob 20-23, solved"
    ]


def test_of_two_agents_freed_at_one_tick_the_lower_id_takes_who_waited_longer() -> None:
    two = ANN.replace("{ann:", "{desk:").replace("agents: 1", "agents: 2")
    story = told(two, "who at handle\na 0 10\nb 0 10\nc 1 2\nd 2 3")
    assert story.log == [
        "a at 0: 1 0-10, solved",
        "b at 0: 2 0-10, solved",
        "c at 1: 1 10-12, solved",
        "d at 2: 2 10-13, solved",
    ]


def test_of_two_agents_whose_shifts_begin_at_one_tick_the_lower_id_takes_who_waited_longer() -> None:
    story = told(shifts(ann="00:10-01:00", bob="00:10-01:00"), "who at handle\na 1 2\nb 2 3")
    assert story.log == ["a at 1: ann 10-12, solved", "b at 2: bob 10-13, solved"]


SWITCH = """
segments: {people: {plan: both}}
plans: {both: [phone, ticket]}
channels:
  phone:  {kind: live, handle_time: 5 min, wrap_up: WRAP, resolves: 0%, after: {unresolved: {next_channel: 100%}}}
  ticket: {kind: deferred, handle_time: 3 min}
routing: {classes: [ticket, phone]}
teams: {ann: {serves: [phone, ticket], agents: 1}}
"""


def test_at_the_end_of_a_talk_the_agent_takes_the_next_before_the_customer_moves_on() -> None:
    story = told(SWITCH.replace("WRAP", "0%"), "who at channel\na 0 phone\nb 1 phone")
    assert story.log == [
        "a by phone at 0: ann 0-5, unresolved",
        "b by phone at 1: ann 5-10, unresolved",
        "a switches to ticket at 5: ann 10-13, solved",  # it ranks first, but was not there yet at 5
        "b switches to ticket at 10: ann 13-16, solved",
    ]


def test_during_the_wrap_up_the_customer_moves_on_and_may_be_the_next() -> None:
    story = told(SWITCH.replace("WRAP", "20%"), "who at channel\na 0 phone\nb 1 phone")
    assert story.log == [
        "a by phone at 0: ann 0-4 wrap 5, unresolved",
        "b by phone at 1: ann 8-12 wrap 13, unresolved",
        "a switches to ticket at 4: ann 5-8, solved",
        "b switches to ticket at 12: ann 13-16, solved",
    ]
