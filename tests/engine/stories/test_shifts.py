"""Shifts: overtime, the next shift, touching shifts, nights on which clocks change, absence."""

from __future__ import annotations

from storybook import told

from supportsim.scenario.ticks import HOUR

PHONE = "channels: {phone: {kind: live, handle_time: 1 min}}\n"


def test_a_call_in_hand_at_shift_end_is_finished_in_overtime_wrap_up_included() -> None:
    story = told(
        PHONE
        + """
teams:
  desk:
    serves: [phone]
    shifts:
      ann: {days: mon, hours: 00:00-00:10, agents: 1}
      bob: {days: mon, hours: 00:20-00:40, agents: 1}
""",
        "who at handle wrap\na 5 10 2\nb 12 4",
    )
    assert story.log == ["a at 5: ann 5-13 wrap 15, solved", "b at 12: bob 20-24, solved"]
    assert story.day("ann") == ["available 0-10", "overtime 10-15"]
    assert story.day("bob") == ["available 20-40"]


def test_a_wrap_up_in_hand_at_shift_end_is_finished_in_overtime() -> None:
    team = "teams: {desk: {serves: [phone], shifts: {ann: {days: mon, hours: 00:00-00:10, agents: 1}}}}"
    story = told(PHONE + team, "who at handle wrap\na 2 10 4\nb 3 1")
    assert story.log == ["a at 2: ann 2-8 wrap 12, solved", "b at 3: waits"]
    assert story.day("ann") == ["available 0-10", "overtime 10-12"]


def test_who_is_still_in_overtime_when_his_next_shift_begins_is_simply_in_it() -> None:
    story = told(
        "length: 2 days\n"
        + PHONE
        + "teams: {desk: {serves: [phone], shifts: {ann: {days: mon-tue, hours: 00:00-23:00, agents: 1}}}}",
        "who at handle\na 1350 120\nb 1400 5",
    )
    assert story.log == ["a at 1350: ann 1350-1470, solved", "b at 1400: ann 1470-1475, solved"]
    assert story.day("ann") == ["available 0-1380", "overtime 1380-1440", "available 1440-2820"]


def test_touching_shifts_of_one_person_are_one_and_no_ticket_is_put_down_between_them() -> None:
    story = told(
        "length: 2 days\nchannels: {ticket: {kind: deferred, handle_time: 1 min}}\n"
        "teams: {desk: {serves: [ticket], shifts: {ann: {days: mon-tue, hours: 00:00-24:00, agents: 1}}}}",
        "who at handle\na 1430 20",
    )
    assert story.log == ["a at 1430: ann 1430-1450, solved"]
    assert story.day("ann") == ["available 0-2880"]


def test_a_shift_may_cross_midnight_and_belongs_to_the_day_on_which_it_begins() -> None:
    story = told(
        "length: 2 days\n"
        + PHONE
        + "teams: {desk: {serves: [phone], shifts: {ann: {days: mon, hours: 22:00-06:00, agents: 1}}}}",
        "who at handle\na 60 5\nb 1500 5\nc 1800 5",
    )
    assert story.day("ann") == ["available 1320-1800"]
    assert story.log == ["a at 60: ann 1320-1325, solved", "b at 1500: ann 1500-1505, solved", "c at 1800: waits"]


def test_a_night_shift_is_an_hour_shorter_when_the_clocks_go_forward() -> None:
    night = "{days: sat, hours: 22:00-06:00, agents: 1}"
    story = told(
        f"start: 2026-03-28\nlength: 2 days\ntimezone: Europe/Berlin\n{PHONE}"
        f"teams: {{desk: {{serves: [phone], shifts: {{ann: {night}}}}}}}",
        "who at handle\na 28 2",
        time="h",
        unit=HOUR,
    )
    assert story.day("ann") == ["available 22-29", "overtime 29-30"]


def test_a_night_shift_is_an_hour_longer_when_the_clocks_go_back() -> None:
    night = "{days: sat, hours: 22:00-06:00, agents: 1}"
    story = told(
        f"start: 2026-10-24\nlength: 2 days\ntimezone: Europe/Berlin\n{PHONE}"
        f"teams: {{desk: {{serves: [phone], shifts: {{ann: {night}}}}}}}",
        "who at handle\na 28 2",
        time="h",
        unit=HOUR,
    )
    assert story.day("ann") == ["available 22-31"]


def test_nobody_of_a_shift_works_on_its_holidays() -> None:
    story = told(
        "length: 2 days\ncalendars: {office: {mon-fri: 09:00-17:00, holidays: [2026-03-02]}}\n"
        + PHONE
        + """
teams:
  desk:
    serves: [phone]
    shifts:
      ann: {days: mon-fri, hours: 00:00-01:00, agents: 1, on_holidays: nobody, holidays: office}
      bob: {days: mon-fri, hours: 00:00-01:00, agents: 1}
""",
        "who at handle\na 0 5\nb 1 5",
    )
    assert story.day("ann") == ["available 1440-1500"]
    assert story.day("bob") == ["available 0-60", "available 1440-1500"]
    assert story.log == ["a at 0: bob 0-5, solved", "b at 1: bob 5-10, solved"]


def test_where_everybody_is_absent_everybody_waits() -> None:
    story = told(
        PHONE
        + """
teams:
  desk: {serves: [phone], shrinkage: {absence: 100%}, shifts: {ann: {days: mon, hours: 00:10-00:40, agents: 2}}}
""",
        "who at handle wrap patience\na 12 5 . 9\nb 13 5",
    )
    assert story.log == ["a at 12: abandoned 21", "b at 13: waits"]
    assert story.day("ann/1") == story.day("ann/2") == ["absent 10-40"]
