"""Who waits for whom: small days worked by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "engine" / "stories"))
from storybook import Story, told

from supportsim.measure.crowding import crowding
from supportsim.measure.crowding_plan import Crowding
from supportsim.measure.replication import Yardstick
from supportsim.scenario.ticks import MINUTE

FIFO = """
segments: {premium: {}, free: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {policy: fifo}
teams: {desk: TEAM}
"""
ONE = FIFO.replace("TEAM", "{serves: [phone], agents: 1}")


def matrix(story: Story) -> tuple[Crowding, Yardstick]:
    yardstick = Yardstick(story.scenario)
    return crowding(story.journal, yardstick.crowding_plan, yardstick.plan.frame), yardstick


def because(story: Story) -> dict[str, dict[str, float]]:
    """`segment channel` -> column -> minutes, without what is 0."""
    found, yardstick = matrix(story)
    plan = yardstick.crowding_plan
    minutes = found.ticks.sum(axis=2) / MINUTE
    rows = {" ".join(pair): dict(zip(plan.columns, row.tolist(), strict=True)) for pair, row in
            zip(plan.pairs, minutes, strict=True)}  # fmt: skip
    return {pair: some for pair, row in rows.items() if (some := {name: m for name, m in row.items() if m})}


def test_one_agent_and_first_come_first_served() -> None:
    story = told(ONE, "who at segment handle\na 0 premium 4\nb 1 free 6\nc 2 premium 3")
    assert story.log == [
        "a at 0: desk 0-4, solved",
        "b at 1: desk 4-10, solved",
        "c at 2: desk 10-13, solved",
    ]
    assert because(story) == {"free phone": {"premium": 3}, "premium phone": {"premium": 2, "free": 6}}
    found, _ = matrix(story)
    assert found.contacts.sum(axis=1).tolist() == [1, 1]  # a did not wait


def test_wrap_up_counts_as_work_and_who_gives_up_has_waited() -> None:
    story = told(ONE, "who at segment handle wrap patience\na 0 premium 6 2\nb 1 free 1 0 9\nc 3 free 1 0 2")
    assert story.log[1:] == ["b at 1: desk 6-7, solved", "c at 3: abandoned 5"]
    assert because(story) == {"free phone": {"premium": 5 + 2}}


def test_two_chats_of_two_segments_carry_half_each() -> None:
    text = """
segments: {premium: {}, free: {}}
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min}}
teams: {desk: {serves: [chat], agents: 1}}
"""
    story = told(text, "who at segment handle\na 0 premium 6\nb 0 free 10\nc 2 premium 1")
    assert because(story) == {"premium chat": {"premium": 2, "free": 2}}


def test_what_is_left_of_whole_ticks_goes_to_the_first_columns() -> None:
    names = "abcdefg"
    text = f"""
segments: {{{", ".join(f"{name}: {{}}" for name in names)}}}
channels: {{chat: {{kind: live, concurrency: 7, handle_time: 1 min}}}}
teams: {{desk: {{serves: [chat], agents: 1}}}}
"""
    story = told(text, "who at segment handle\n" + "\n".join(f"{name} 0 {name} 9" for name in names) + "\nz 8 g 1")
    found, yardstick = matrix(story)
    row = found.ticks.sum(axis=2)[yardstick.crowding_plan.pairs.index(("g", "chat"))]
    assert row[:7].tolist() == [8_571_429] * 4 + [8_571_428] * 3  # a minute in sevenths
    assert row.sum() == MINUTE


def test_a_break_carries_its_share() -> None:
    people = (
        "ann: {days: mon, hours: 00:00-01:00, agents: 1}, "
        "bob: {days: mon, hours: 00:00-01:00, agents: 1, breaks: [10 min paid at 00:10]}"
    )
    text = FIFO.replace("TEAM", f"{{serves: [phone], shifts: {{{people}}}}}")
    story = told(text, "who at segment handle\na 9 free 20\nb 12 premium 4")
    assert story.log == ["a at 9: ann 9-29, solved", "b at 12: bob 20-24, solved"]
    assert because(story) == {"premium phone": {"free": 4, "away": 4}}


def test_a_reservation_keeps_a_free_agent_off() -> None:
    text = """
segments: {gold: {}, basic: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {classes: [gold, basic], reserve: {desk: 1 idle for gold phone}}
teams: {desk: {serves: [phone], agents: 2}}
"""
    story = told(text, "who at segment handle\na 0 basic 10\nb 1 basic 5\ng 2 gold 3")
    assert story.log[1] == "b at 1: 2 10-15, solved"
    # while 2 talks to gold nobody is free: half of it is gold's, half basic's own
    assert because(story) == {"basic phone": {"reservation": 1 + 5, "gold": 1.5, "basic": 1.5}}


OVERFLOW = """
segments: {premium: {}, free: {}}
channels: {phone: {kind: live, handle_time: 1 min}, chat: {kind: live, handle_time: 1 min}}
routing: {teams: {phone: [front, back after 3 min], chat: [back]}}
teams: {front: {serves: [phone], FRONT}, back: {serves: [phone, chat], agents: 1}}
"""


def test_a_free_agent_of_a_team_that_is_not_asked_yet() -> None:
    text = OVERFLOW.replace("FRONT", "agents: 1")
    story = told(text, "who at channel segment handle\na 0 phone free 10\nb 1 phone premium 5")
    assert story.log[1] == "b by phone at 1: back 4-9, solved"
    assert because(story) == {"premium phone": {"overflow delay": 3}}


def test_a_busy_team_takes_part_once_it_is_asked() -> None:
    text = OVERFLOW.replace("FRONT", "agents: 1")
    rows = "who at channel segment handle\na 0 phone free 10\nc 0 chat premium 8\nb 1 phone premium 5"
    story = told(text, rows)
    assert story.log[2] == "b by phone at 1: back 8-13, solved"
    # 1-4 only the front is asked and it talks to free; 4-8 both are
    assert because(story) == {"premium phone": {"free": 3 + 2, "premium": 2}}


def test_nobody_of_the_teams_asked_is_there_but_somebody_who_will_be() -> None:
    text = OVERFLOW.replace("FRONT", "shifts: {late: {days: mon, hours: 00:30-01:00, agents: 1}}")
    story = told(text, "who at channel segment handle\nc 0 chat free 9\nb 1 phone premium 5")
    assert story.log[1] == "b by phone at 1: back 9-14, solved"
    assert because(story) == {"premium phone": {"overflow delay": 3, "free": 5}}


def test_nobody_on_shift_and_overtime_is_none() -> None:
    people = "ann: {days: mon, hours: 00:00-00:10, agents: 1}, bob: {days: mon, hours: 00:25-01:00, agents: 1}"
    text = FIFO.replace("TEAM", f"{{serves: [phone], shifts: {{{people}}}}}")
    story = told(text, "who at segment handle\na 2 free 18\nb 5 premium 1")
    assert story.day("ann") == ["available 0-10", "overtime 10-20"]
    assert story.log[1] == "b at 5: bob 25-26, solved"
    assert because(story) == {"premium phone": {"free": 5, "nobody on shift": 15}}


def test_draining_and_the_call_it_is_for() -> None:
    text = """
segments: {premium: {}, free: {}}
channels:
  chat:  {kind: live, concurrency: 2, handle_time: 1 min}
  phone: {kind: live, handle_time: 1 min}
routing: {classes: [phone, chat]}
teams: {ann: {serves: [phone, chat], agents: 1, drain_for: phone}}
"""
    rows = "who at channel segment handle\na 0 chat free 10\np 1 phone premium 5\nb 5 chat premium 10"
    story = told(text, rows)
    assert story.log[1:] == ["p by phone at 1: ann 10-15, solved", "b by chat at 5: ann 15-25, solved"]
    assert because(story) == {"premium phone": {"free": 9}, "premium chat": {"draining": 5, "premium": 5}}


def test_the_last_chat() -> None:
    text = """
segments: {premium: {}, free: {}}
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min, last_chat: 15 min}}
teams:
  desk:
    serves: [chat]
    shifts: {ann: {days: mon, hours: 00:00-00:30, agents: 1}, bob: {days: mon, hours: 00:20-01:00, agents: 1}}
"""
    story = told(text, "who at segment handle\na 14 free 9\nb 16 premium 4")
    assert story.log[1] == "b at 16: bob 20-24, solved"
    assert because(story) == {"premium chat": {"last chat": 4}}


def test_an_interrupted_reply_waits_again_and_its_customer_with_it() -> None:
    text = """
segments: {premium: {}, free: {}}
channels:
  phone: {kind: live, handle_time: 1 min}
  ticket: {kind: deferred, handle_time: 1 min, interruptible: yes}
teams: {desk: {serves: [phone, ticket], agents: 1}}
"""
    story = told(text, "who at channel segment handle\nt 0 ticket free 10\np 4 phone premium 3")
    assert story.log[0] == "t by ticket at 0: desk 0-4 interrupted (6 left), desk 7-13, solved"
    assert because(story) == {"free ticket": {"premium": 3}}
    found, _ = matrix(story)
    assert found.contacts.sum() == 1


def test_filler_is_a_column_of_its_own() -> None:
    text = """
segments: {premium: {}, free: {}}
channels:
  phone: {kind: live, handle_time: 1 min}
  ticket: {kind: deferred, handle_time: 10 min}
demand: {calls: {trace: rows.csv}, pile: {segment: free, channel: ticket, endless: yes}}
teams: {desk: {serves: [phone, ticket], agents: 1}}
"""
    story = told(text, "who at channel segment handle\np 4 phone premium 3")
    assert story.log[1] == "p by phone at 4: desk 10-13, solved"
    assert because(story) == {"premium phone": {"filler": 6}}


def test_who_works_as_another_team_carries_its_share() -> None:
    text = """
segments: {premium: {}, free: {}}
channels: {phone: {kind: live, handle_time: 1 min}, chat: {kind: live, handle_time: 1 min}}
teams:
  desk: {serves: [phone], agents: 1}
  help:
    serves: [chat]
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}}
    activities: {calls: {works_as: desk, agents: 1, days: mon, hours: 00:10-00:20}}
"""
    rows = (
        "who at channel segment handle\nc 8 chat free 10\np 9 phone premium 15\nq 9 phone free 1\nr 15 phone premium 1"
    )
    story = told(text, rows)
    assert story.day("help/ann") == ["available 0-10", "available 10-20 as desk", "available 20-60"]
    # q waits 9-10 for the one of the desk, 10-18 for both of them: ann finishes her chat, and takes the better r first
    assert because(story) == {
        "free phone": {"premium": 1 + 4 + 1, "free": 4},
        "premium phone": {"premium": 1.5, "free": 1.5},
    }


@pytest.mark.parametrize("warm_up", ["0 min", "10 min"])
def test_booked_are_contacts_created_in_counted_time(warm_up: str) -> None:
    text = f"length: 50 min\nwarm_up: {warm_up}\nrun_out: 20 min" + ONE
    story = told(text, "who at segment handle\na 0 premium 49\nb 1 free 3\nc 52 free 2")
    assert because(story) == {"free phone": {"premium": 48}}  # c comes in the run-out


def test_who_is_still_waiting_has_waited_to_the_horizon() -> None:
    story = told(ONE, "who at segment handle\na 0 premium 90\nb 20 free 3")
    assert because(story) == {"free phone": {"premium": 40}}


def test_nothing_is_off_the_diagonal_where_nothing_is_shared() -> None:
    text = FIFO.replace("desk: TEAM", "one: {serves: [premium], agents: 1}, two: {serves: [free], agents: 1}")
    rows = "who at segment handle\na 0 premium 9\nb 1 free 8\nc 2 premium 3\nd 3 free 2"
    assert because(told(text, rows)) == {"premium phone": {"premium": 7}, "free phone": {"free": 6}}


def test_who_hears_busy_counts_for_those_who_hold_the_lines() -> None:
    text = ONE.replace("kind: live", "kind: live, lines: 2")
    rows = "who at segment handle patience\na 0 premium 9\nb 1 free 5 2\nc 2 free 1\nd 3 free 1\ne 4 premium 2"
    story = told(text, rows)
    assert [line.split(": ")[1] for line in story.log] == [
        "desk 0-9, solved", "abandoned 3", "busy", "desk 9-10, solved", "busy",
    ]  # fmt: skip
    found, yardstick = matrix(story)
    assert yardstick.crowding_plan.pairs == [("premium", "phone"), ("free", "phone")]
    assert found.blocked.sum(axis=2).tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0]]  # e by a and d, c by a and b


def test_who_hears_busy_though_nobody_holds_a_line() -> None:
    text = FIFO.replace("kind: live", "kind: live, waiting_room: 0").replace(
        "TEAM", "{serves: [phone], shifts: {late: {days: mon, hours: 00:30-01:00, agents: 1}}}"
    )
    found, _ = matrix(told(text, "who at segment handle\na 5 premium 1"))
    assert found.blocked.sum(axis=2).tolist() == [[0, 0, 1]]
