"""Whose work takes how long: by team, by hour, by proficiency, and in which order it is rounded."""

from __future__ import annotations

import pytest
from storybook import told

TEAMS = """
channels: {phone: {kind: live, handle_time: 10 min, wrap_up: 20%, resolves: 0%, by: BY}}
teams: {juniors: {serves: [phone], agents: 1}, seniors: {serves: [phone], agents: 1}}
"""


@pytest.mark.parametrize(
    ("by", "seniors"),
    [
        ("{seniors: {handle_time: 5 min, resolves: 100%}}", "1-5 wrap 6, solved"),
        ("{seniors: {wrap_up: 50%}}", "1-6 wrap 11, unresolved"),
        ("{seniors: {resolves: 100%}}", "1-9 wrap 11, solved"),
        ("{seniors phone: {handle_time: 5 min}, seniors: {handle_time: 20 min}}", "1-5 wrap 6, unresolved"),
        ("{seniors: {handle_time: x 0.5}, juniors: {resolves: 0%}}", "1-5 wrap 6, unresolved"),
    ],
)
def test_a_team_has_laws_of_its_own(by: str, seniors: str) -> None:
    assert told(TEAMS.replace("BY", by), "who at\na 0\nb 1").log == [
        "a at 0: juniors 0-8 wrap 10, unresolved",
        f"b at 1: seniors {seniors}",
    ]


def test_the_law_is_that_of_the_team_for_which_one_works_when_the_touch_begins() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 10 min, by: {seniors: {handle_time: 4 min}}}}
teams:
  juniors:
    serves: [phone]
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}}
    activities: {help: {days: mon, hours: 00:10-00:30, agents: 1, works_as: seniors}}
  seniors: {serves: [phone], agents: 0}
"""
    assert told(text, "who at\na 5\nb 16\nc 28\nd 40").log == [
        "a at 5: juniors/ann 5-15, solved",  # begun before she moved
        "b at 16: juniors/ann 16-20, solved",
        "c at 28: juniors/ann 28-32, solved",
        "d at 40: juniors/ann 40-50, solved",
    ]


def test_work_that_changes_hands_keeps_the_law_of_those_who_began_it() -> None:
    text = """
channels:
  ticket: {kind: deferred, handle_time: 30 min, resolves: 0%, by: {seniors: {handle_time: 4 min, resolves: 100%}}}
teams:
  juniors:
    serves: [ticket]
    shifts: {ann: {days: mon, hours: 00:00-00:10, agents: 1}}
    proficiency: {handle_time: x 0.8}
  seniors: {serves: [ticket], shifts: {bob: {days: mon, hours: 00:10-01:00, agents: 1}}}
"""
    assert told(text, "who at\na 0\nb 9").log == [
        "a at 0: juniors/ann 0-10 put down (14 left), seniors/bob 10-24, unresolved",  # 30 x 0.8 = 24
        "b at 9: seniors/bob 24-28, solved",
    ]


def test_proficiency_multiplies_talk_and_wrap_up_each_also_those_of_a_row() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {new: {serves: [phone], agents: 1, proficiency: {handle_time: x 1.5}}}
"""
    assert told(text, "who at handle wrap\na 0 5 2\nb 20 8 3", time="us", unit=1).log == [
        "a at 0: new 0-4 wrap 7, solved",  # 4.5 to the even tick, and 3
        "b at 20: new 20-28 wrap 32, solved",  # 7.5 and 4.5, each to the even tick
    ]


def test_proficiency_by_topic_and_a_chance_that_is_capped() -> None:
    text = """
topics: {bug: {}, how_to: {}}
channels: {phone: {kind: live, handle_time: 10 min, resolves: 50%}}
teams:
  old: {serves: [phone], agents: 1, proficiency: {phone: {resolves: x 2}, bug: {handle_time: x 0.5, resolves: x 9}}}
"""
    story = told(text, "who at topic\na 0 bug\nb 10 how_to\nc 20 bug\nd 30 how_to\ne 40 how_to")
    assert [line.split(", ")[1] for line in story.log] == ["solved"] * 5  # 100 % and, capped, 100 %
    assert [line.split(", ")[0] for line in story.log] == [
        "a at 0: old 0-5",
        "b at 10: old 10-20",
        "c at 20: old 20-25",
        "d at 30: old 30-40",
        "e at 40: old 40-50",
    ]


BY_HOUR = """
channels:
  phone:
    kind: live
    timezone: Europe/Berlin
    handle_time: 10 min
    wrap_up: 20%
    patience: 14 min
    by_hour: {mon: {01:30-02:00: FACTORS}}
teams: {ann: {serves: [phone], agents: 1}}
"""


def test_work_has_the_factor_of_the_hour_in_which_it_begins_and_patience_that_of_its_joining() -> None:
    text = BY_HOUR.replace("FACTORS", "{handle_time: x 2, patience: x 0.5}")
    assert told(text, "who at\na 19\nb 20\nc 29.5\nd 30").log == [
        "a at 19: ann 19-27 wrap 29, solved",
        "b at 20: ann 29-37 wrap 39, solved",
        "c at 29.5: ann 39-55 wrap 59, solved",  # 14 minutes of patience, until 43.5
        "d at 30: abandoned 37",  # half past one in Berlin: 7 minutes
    ]


def test_the_first_tick_of_a_window_is_in_it() -> None:
    text = BY_HOUR.replace("FACTORS", "{handle_time: x 2}")
    assert told(text, "who at\na 30").log == ["a at 30: ann 30-46 wrap 50, solved"]
    log = ["a at 1799999999: ann 1799999999-2279999999 wrap 2399999999, solved"]
    assert told(text, "who at\na 1799999999", time="us", unit=1).log == log


def test_the_work_of_a_row_has_no_hour() -> None:
    text = BY_HOUR.replace("FACTORS", "{handle_time: x 2}")
    assert told(text, "who at handle wrap\na 30 5 1").log == ["a at 30: ann 30-34 wrap 35, solved"]


def test_the_chance_to_solve_has_the_factor_of_the_hour_in_which_the_work_ends() -> None:
    text = BY_HOUR.replace("FACTORS", "{resolves: x 0}").replace("wrap_up: 20%", "wrap_up: 0%")
    assert told(text, "who at\na 19\nb 29.5").log == [
        "a at 19: ann 19-29, solved",
        "b at 29.5: ann 29.5-39.5, unresolved",
    ]
    assert told(text, "who at\na 20").log == ["a at 20: ann 20-30, unresolved"]


def test_first_the_hour_then_the_wrap_up_then_proficiency() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 7 us, wrap_up: 50%, by_hour: {00:00-24:00: {handle_time: x 1.5}}}}
teams: {new: {serves: [phone], agents: 1, proficiency: {handle_time: x 1.5}}}
"""
    # 10.5 is 10; of these 5 are wrap-up; 7.5 is 8, twice
    assert told(text, "who at\na 0", time="us", unit=1).log == ["a at 0: new 0-8 wrap 16, solved"]


def test_a_wrap_up_by_a_law_of_its_own_has_the_hour_too() -> None:
    text = """
channels:
  phone: {kind: live, talk_time: 4 min, wrap_up: 1 min, by_hour: {mon: {00:30-01:00: {handle_time: x 1.5}}}}
teams: {ann: {serves: [phone], agents: 1}}
"""
    assert told(text, "who at\na 20\nb 40").log == [
        "a at 20: ann 20-24 wrap 25, solved",
        "b at 40: ann 40-46 wrap 47.5, solved",
    ]
