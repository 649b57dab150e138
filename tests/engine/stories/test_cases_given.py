"""The cases worked by hand before the program was written: T01, T03, T06, T10, T11."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from storybook import Story, told

from supportsim.engine.journal import CONTACT_KINDS, OUTCOMES, SPANS
from supportsim.measure.replication import Yardstick, measured
from supportsim.scenario.ticks import HOUR, MINUTE


def figures(story: Story) -> dict[str, float]:
    """Every measure of the story, by `selector measure`."""
    yardstick = Yardstick(story.scenario)
    rows = measured(story.journal, yardstick).rows
    return {f"{who} {what}": float(row[2]) for (who, what), row in zip(yardstick.keys, rows, strict=True)}


# -- T01: first in first out, two agents, eight calls -------------------------------------------------------
FIFO = """
length: 22 min
run_out: 1 min
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {desk: {serves: [phone], agents: 2, pick: lowest id}}
promises: {quick: {of: phone, answer: 20 s, share: 80%, judged: all}}
"""
EIGHT_CALLS = """
who at  handle
c1  0   5
c2  1   3
c3  2   4
c4  3   1
c5  7   6
c6  8   2
c7  8.5 1
c8  20  2
"""


def test_two_agents_serve_eight_calls_in_the_order_of_their_arrival() -> None:
    assert told(FIFO, EIGHT_CALLS).log == [
        "c1 at 0: 1 0-5, solved",
        "c2 at 1: 2 1-4, solved",
        "c3 at 2: 2 4-8, solved",
        "c4 at 3: 1 5-6, solved",
        "c5 at 7: 1 7-13, solved",
        "c6 at 8: 2 8-10, solved",
        "c7 at 8.5: 2 10-11, solved",
        "c8 at 20: 1 20-22, solved",
    ]


def test_the_eight_calls_give_the_waits_the_queue_and_the_occupancy_worked_by_hand() -> None:
    story = told(FIFO, EIGHT_CALLS)
    touches = story.journal.touches
    waits = story.minutes(touches["started"] - touches["joined"])
    assert waits.mean() == 0.6875
    assert longest_queue(touches) == 2
    assert (waits <= 1 / 3).mean() == 0.625
    busy = [story.minutes(sum(t["ended"] - t["started"] for t in touches if t["agent"] == a)) for a in (0, 1)]
    assert busy == [14, 10]
    assert story.minutes(touches["ended"].max()) == 22
    found = figures(story)
    assert found["all wait_mean"] == pytest.approx(0.6875 * 60, abs=1e-9)
    assert found["quick kept_share"] == 0.625
    assert found["all occupancy"] == pytest.approx(24 / 44, abs=1e-12)
    assert found["all queue_length"] == pytest.approx(5.5 / 22, abs=1e-12)


def longest_queue(touches: Any) -> int:
    """Most customers that waited at once; who starts at a tick is gone before who joins at it is counted."""
    waited = [t for t in touches if t["started"] > t["joined"]]
    changes = [(t["started"], -1) for t in waited] + [(t["joined"], 1) for t in waited]
    return int(np.cumsum([step for _, step in sorted(changes)]).max())


# -- T03: abandonment and the definitions of service level --------------------------------------------------
ONE_AGENT = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {ann: {serves: [phone], agents: 1}}
promises: {in_a_minute: {of: phone, answer: 1 min, share: 80%, judged: all}}
"""
SEVEN_CALLS = """
who at   handle wrap patience
c1  0    6      .    5
c2  1    3      .    4
c3  2    2      .    10
c4  4    5      .    4.5
c5  5    1      .    2
c6  12   1      .    0.5
c7  13.5 2      .    3
"""


def test_three_of_seven_callers_hang_up() -> None:
    assert told(ONE_AGENT, SEVEN_CALLS).log == [
        "c1 at 0: ann 0-6, solved",
        "c2 at 1: abandoned 5",
        "c3 at 2: ann 6-8, solved",
        "c4 at 4: ann 8-13, solved",
        "c5 at 5: abandoned 7",
        "c6 at 12: abandoned 12.5",
        "c7 at 13.5: ann 13.5-15.5, solved",
    ]


def test_waits_of_the_served_the_lost_and_all_are_three_figures() -> None:
    found = figures(told(ONE_AGENT, SEVEN_CALLS))
    assert found["all abandoned_share"] == pytest.approx(3 / 7, abs=1e-12)
    assert found["all served_wait_mean"] == pytest.approx(60 * 2.0, abs=1e-9)
    assert found["all abandoned_wait_mean"] == pytest.approx(60 * 6.5 / 3, abs=1e-9)
    assert found["all wait_mean"] == pytest.approx(60 * 14.5 / 7, abs=1e-9)


@pytest.mark.parametrize(
    ("counted", "level"),
    [
        ("answered/offered", 2 / 7),
        ("answered only", 2 / 4),
        ("short abandons excluded", 2 / 6),
        ("short abandons are good", 3 / 7),
        ("brief abandons excluded", 2 / 7),  # nobody left within 5 s
        ("brief abandons credited", 2 / 7),
    ],
)
def test_the_same_seven_calls_have_several_service_levels(counted: str, level: float) -> None:
    story = told(ONE_AGENT, SEVEN_CALLS, changes={"promises.in_a_minute.counted": counted})
    assert figures(story)["in_a_minute kept_share"] == pytest.approx(level, abs=1e-12)


# -- T06: a specialist and a generalist who puts tech first --------------------------------------------------
SKILLS = """
topics: {tech: {}, billing: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {classes: [tech, billing], teams: {billing: [specialist, generalist]}}
teams:
  specialist: {serves: [billing], agents: 1}
  generalist: {serves: [tech, billing], agents: 1}
"""
EIGHT_QUESTIONS = """
who at   topic   handle
c1  0    billing 10
c2  1    billing 6
c3  2    tech    4
c4  3    billing 5
c5  8    tech    3
c6  9    billing 2
c7  14.5 tech    2
c8  15.5 billing 1
"""


def test_a_specialist_and_a_generalist_share_billing_and_tech_goes_first() -> None:
    assert told(SKILLS, EIGHT_QUESTIONS).log == [
        "c1 at 0: specialist 0-10, solved",
        "c2 at 1: generalist 1-7, solved",
        "c3 at 2: generalist 7-11, solved",
        "c4 at 3: specialist 10-15, solved",
        "c5 at 8: generalist 11-14, solved",
        "c6 at 9: generalist 14-16, solved",
        "c7 at 14.5: generalist 16-18, solved",
        "c8 at 15.5: specialist 15.5-16.5, solved",
    ]


def test_the_two_skills_have_the_waits_and_the_two_agents_the_work_worked_by_hand() -> None:
    story = told(SKILLS, EIGHT_QUESTIONS)
    touches = story.journal.touches
    waits = story.minutes(touches["started"] - touches["joined"])
    billing = story.journal.issues["topic"][story.journal.contacts["issue"][touches["contact"]]] == 1
    assert waits[billing].mean() == 2.4
    assert waits[~billing].mean() == pytest.approx(3.1666666666666665, abs=1e-9)
    busy = [story.minutes(sum(t["ended"] - t["started"] for t in touches if t["agent"] == a)) for a in (0, 1)]
    assert busy == [16, 17]


# -- T10: blocked callers redial -----------------------------------------------------------------------------
def test_blocked_callers_redial_after_five_minutes_three_times_at_most() -> None:
    story = told(
        """
        channels:
          phone:
            kind: live
            handle_time: 1 min
            waiting_room: 0
            after: {busy: {again: 100%, delay: 5 min, tries: 3}}
        teams: {ann: {serves: [phone], agents: 1}}
        """,
        """
        who at  handle
        r1  0   7
        r2  2.5 4
        r3  3   3
        r4  4   2
        r5  12  0.5
        """,
    )
    assert story.log == [
        "r1 at 0: ann 0-7, solved",
        "r2 at 2.5: busy",
        "r3 at 3: busy",
        "r4 at 4: busy",
        "r2 redials at 7.5: ann 7.5-11.5, solved",
        "r3 redials at 8: busy",
        "r4 redials at 9: busy",
        "r5 at 12: ann 12-12.5, solved",
        "r3 redials at 13: ann 13-16, solved",
        "r4 redials at 14: busy",
    ]
    assert story.ends["r4"] == "gave_up 14"
    contacts = story.journal.contacts
    assert len(contacts) == 10
    assert (contacts["outcome"] == OUTCOMES.index("busy")).mean() == 0.6
    assert (contacts["kind"] == CONTACT_KINDS.index("redial")).mean() == 0.5
    assert [how.split()[0] for how in story.ends.values()].count("gave_up") == 1


# -- T11: two time zones share a queue -----------------------------------------------------------------------
TWO_ZONES = """
length: 2 days
channels: {ticket: {kind: deferred, handle_time: 1 h, at_shift_end: finish}}
teams:
  berlin:
    serves: [ticket]
    timezone: Europe/Berlin
    shifts: {day: {days: mon-tue, hours: 09:00-17:00, agents: 1}}
  new_york:
    serves: [ticket]
    timezone: America/New_York
    shifts: {day: {days: mon, hours: 09:00-17:00, agents: 1}}
"""
SEVEN_TICKETS = """
who at    handle
z1  6.5   2
z2  7     3
z3  9     4
z4  13.5  1
z5  15.5  3
z6  21.5  1
z7  21.75 1
"""


def two_zones() -> Story:
    return told(TWO_ZONES, SEVEN_TICKETS, time="h", unit=HOUR)


def test_berlin_and_new_york_share_one_queue() -> None:
    assert two_zones().log == [
        "z1 at 6.5: berlin/day 8-10, solved",
        "z2 at 7: berlin/day 10-13, solved",
        "z3 at 9: berlin/day 13-17, solved",
        "z4 at 13.5: new_york/day 14-15, solved",
        "z5 at 15.5: new_york/day 15.5-18.5, solved",
        "z6 at 21.5: new_york/day 21.5-22.5, solved",
        "z7 at 21.75: berlin/day 32-33, solved",
    ]


def test_an_hour_of_overtime_in_berlin_and_half_an_hour_in_new_york() -> None:
    story = two_zones()
    assert story.day("berlin/day") == ["available 8-16", "overtime 16-17", "available 32-40"]
    assert story.day("new_york/day") == ["available 14-22", "overtime 22-22.5"]
    assert figures(story)["berlin overtime_hours"] == 1
    assert figures(story)["new_york overtime_hours"] == 0.5


def test_waits_in_hours_with_somebody_on_duty_leave_the_night_out() -> None:
    story = two_zones()
    on_duty = np.zeros(2 * 24 * 60, dtype=bool)  # by minute
    for span in story.journal.presence:
        if SPANS[span["what"]] == "available":
            on_duty[span["begin"] // MINUTE : span["end"] // MINUTE] = True
    assert on_duty[: 24 * 60].sum() == 14 * 60
    touches = story.journal.touches
    waits = [on_duty[t["joined"] // MINUTE : t["started"] // MINUTE].sum() / 60 for t in touches]
    assert waits == [0, 2, 4, 0.5, 0, 0, 0.25]
    assert [(t["started"] - t["joined"]) / HOUR for t in touches] == [1.5, 3, 4, 0.5, 0, 0, 10.25]
