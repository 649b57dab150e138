"""Notes on open hours in which nobody at all is there, whatever takes people away or brings them."""

from __future__ import annotations

from pathlib import Path

import pytest
from loader_texts import PHONES

from supportsim.scenario.load import load, load_text

ROOT = Path(__file__).parents[2]
DAY = "teams.desk.shifts.day"
WHOLE_WEEK = (
    "channels.phone: open 40 h a week with nobody on shift: mon 09:00-17:00, tue 09:00-17:00, wed 09:00-17:00, …"
)
AT_ACTIVITIES = "; whoever is on shift then is at an activity"

HEADS = PHONES[: PHONES.index("    shifts:")] + "    heads: heads.csv\n"

TWO_TEAMS = """name: two-teams
start: 2026-03-02
length: 2 weeks
channels:
  phone: {kind: live, open: {mon-fri: 09:00-17:00}, handle_time: 5 min, patience: 5 min}
  mail: {kind: deferred, handle_time: 5 min}
demand:
  calls: {channel: phone, rate: {mon-fri: {09:00-17:00: 5/h}}}
  mails: {channel: mail, rate: {mon-fri: {09:00-17:00: 5/h}}}
teams:
  callers: {serves: phone, agents: 0}
  writers:
    serves: mail
    shifts:
      day: {days: mon-fri, hours: 09:00-17:00, agents: 3}
    activities:
      calls: {days: mon-fri, hours: 09:00-17:00, agents: 2, works_as: callers}
"""


def notes(text: str, *changes: tuple[str, str], folder: Path | None = None) -> tuple[str, ...]:
    return tuple(each for each in load_text(text, folder=folder, changes=changes).notes if "nobody on shift" in each)


def heads(folder: Path, rows: str, *changes: tuple[str, str]) -> tuple[str, ...]:
    (folder / "heads.csv").write_text(rows, encoding="utf-8")
    return notes(HEADS, *changes, folder=folder)


# -- shifts -----------------------------------------------------------------------------------------------
def test_where_everybody_is_there_nothing_is_said() -> None:
    assert notes(PHONES) == notes(TWO_TEAMS) == ()


@pytest.mark.parametrize(("key", "day"), [("until", "2026-01-01"), ("from", "2026-06-01")])
def test_a_shift_of_another_time_leaves_the_line_alone(key: str, day: str) -> None:
    assert notes(PHONES, (f"{DAY}.{key}", day)) == (WHOLE_WEEK,)


def test_weeks_that_differ_are_told_by_date() -> None:
    changes = [("length", "4 weeks"), ("teams.desk.shifts.day.weeks", "2 of 2")]
    dates = "2026-03-02 09:00-17:00, 2026-03-03 09:00-17:00, 2026-03-04 09:00-17:00, …"
    assert notes(PHONES, *changes) == (f"channels.phone: open 80 h in 28 days of play with nobody on shift: {dates}",)


def test_the_holiday_of_a_shift_is_none_of_the_line() -> None:
    changes = [
        ("calendars", "{bank: {mon-fri: 09:00-17:00, holidays: [2026-03-04]}}"),
        (f"{DAY}.on_holidays", "nobody"),
        (f"{DAY}.holidays", "bank"),
        ("length", "2 weeks"),
    ]
    told = "channels.phone: open 8 h in 14 days of play with nobody on shift: 2026-03-04 09:00-17:00"
    assert notes(PHONES, *changes) == (told,)
    assert notes(PHONES, *changes, ("channels.phone.open", "bank")) == ()


def test_nights_are_one_gap_and_end_where_the_week_does() -> None:
    (note,) = notes(PHONES, ("channels.phone.open", "always"), ("length", "3 weeks"), ("warm_up", "2 h"))
    assert note == (
        "channels.phone: open 128 h a week with nobody on shift: mon 00:00-09:00, mon 17:00 to tue 09:00, "
        "tue 17:00 to wed 09:00, …"
    )


def test_only_the_time_in_which_demand_goes_on_matters() -> None:
    over = [(f"{DAY}.until", "2026-03-09"), ("run_out", "2 days")]
    told = "2026-03-09 09:00-17:00, 2026-03-10 09:00-17:00"
    assert notes(PHONES, *over) == (f"channels.phone: open 16 h in 9 days of play with nobody on shift: {told}",)
    for run_out in ("2 days, demand stops", "until empty, at most 2 days"):
        assert notes(PHONES, over[0], ("run_out", run_out)) == ()


def test_a_team_that_contacts_do_not_ask_is_no_help() -> None:
    spare = ("teams.spare", "{serves: phone, agents: 5}")
    late = (f"{DAY}.hours", "10:00-17:00")
    assert notes(PHONES, late, spare) == ()
    (note,) = notes(PHONES, late, spare, ("routing.teams.phone", "[desk]"))
    assert note.startswith("channels.phone: open 5 h a week with nobody on shift: mon 09:00-10:00")


# -- zones ------------------------------------------------------------------------------------------------
def test_hours_are_compared_by_the_clocks_of_both_zones() -> None:
    zone = ("teams.desk.timezone", "Europe/Berlin")
    (note,) = notes(PHONES, zone)
    assert note.startswith("channels.phone: open 5 h a week with nobody on shift: mon 16:00-17:00, tue 16:00-17:00")
    assert notes(PHONES, zone, (f"{DAY}.hours", "10:00-18:00")) == ()


def test_the_weeks_in_which_clocks_differ_are_found() -> None:
    """Four weeks of five nights, as the README of the scenario tells."""
    told = "2026-03-10 00:00-01:00, 2026-03-11 00:00-01:00, 2026-03-12 00:00-01:00, …"
    assert load(ROOT / "configs" / "three_zones" / "follow_the_sun.yaml").notes == (
        f"channels.phone: open 20 h in 254 days of play with nobody on shift: {told}",
    )


# -- heads ------------------------------------------------------------------------------------------------
def test_a_curve_of_heads_leaves_a_line_alone_where_it_is_0(tmp_path: Path) -> None:
    week = "day,start,heads\nmon,09:00,3\nfri,15:30,0\n"
    assert heads(tmp_path, week, ("length", "2 weeks")) == (
        "channels.phone: open 1.5 h a week with nobody on shift: fri 15:30-17:00",
    )
    assert heads(tmp_path, week.replace("15:30", "17:00"), ("length", "2 weeks")) == ()


def test_a_curve_in_the_past_leaves_a_line_alone(tmp_path: Path) -> None:
    past = "start,heads\n2025-03-02 09:00,3\n2025-03-03 09:00,0\n"
    assert heads(tmp_path, past) == (WHOLE_WEEK,)
    assert "has no heads at any time of play" in load_text(HEADS, folder=tmp_path).notes[0]


def test_a_curve_counts_from_the_begin_of_play(tmp_path: Path) -> None:
    rows = "start,heads\n2026-03-02 00:00,3\n2026-03-08 00:00,0\n"
    warm = "2026-02-27 09:00-17:00"
    told = f"channels.phone: open 8 h in 10 days of play with nobody on shift: {warm}"
    assert heads(tmp_path, rows, ("warm_up", "3 days")) == (told,)
    assert heads(tmp_path, rows) == ()


# -- activities -------------------------------------------------------------------------------------------
def test_people_who_work_as_another_team_are_away_from_their_own() -> None:
    serves = [("teams.callers.serves", "mail"), ("teams.writers.serves", "[phone, mail]")]
    assert notes(TWO_TEAMS, *serves) == ()  # the third of them stays
    everybody = (*serves, ("teams.writers.activities.calls.agents", "3"))
    assert notes(TWO_TEAMS, *everybody) == (WHOLE_WEEK + AT_ACTIVITIES,)


def test_people_off_the_desk_are_not_there() -> None:
    meeting = "{days: wed, hours: 10:00-10:45, agents: 3, off_desk: yes}"
    told = "channels.phone: open 0.75 h a week with nobody on shift: wed 10:00-10:45" + AT_ACTIVITIES
    changes = [("teams.callers.serves", "mail"), ("teams.writers.serves", "phone")]
    assert notes(TWO_TEAMS, *changes, ("teams.writers.activities", f"{{all: {meeting}}}")) == (told,)
    fewer = meeting.replace("3", "2")
    assert notes(TWO_TEAMS, *changes, ("teams.writers.activities", f"{{all: {fewer}}}")) == ()


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("shifts.day.weeks", "1 of 2", "open 40 h in 14 days of play with nobody on shift: 2026-03-09 09:00-17:00, "),
        ("shifts.day.hours", "09:30-17:00", "open 40 h a week with nobody on shift: mon 09:00-17:00, "),
        ("shifts.day.hours", "09:00-16:00", "open 5 h a week with nobody on shift: mon 16:00-17:00, "),
        ("shifts.day.days", "mon-thu", "open 8 h a week with nobody on shift: fri 09:00-17:00"),
        ("shifts.day.from", "2026-03-03", "open 8 h in 14 days of play with nobody on shift: 2026-03-02 09:00-17:00"),
        ("activities.meet", "{days: tue, hours: 09:00-10:00, agents: 2, off_desk: yes}", "open 1 h a week"),
    ],
)
def test_who_comes_from_another_team_keeps_his_own_shifts(path: str, value: str, told: str) -> None:
    (note,) = notes(TWO_TEAMS, (f"teams.writers.{path}", value))
    assert note.startswith(f"channels.phone: {told}")


def test_of_two_moves_at_a_time_the_second_brings_nobody() -> None:
    teams = [("teams.helpers", "{serves: mail, agents: 0}"), ("teams.writers.shifts.day.agents", "2")]
    calls = TWO_TEAMS[TWO_TEAMS.index("      calls:") :]
    helps = "      help: {days: mon, hours: 09:00-12:00, agents: 2, works_as: helpers}\n"
    told = "channels.phone: open 8 h a week with nobody on shift: mon 09:00-17:00"
    assert notes(TWO_TEAMS.replace(calls, helps + calls), *teams) == (told,)
    assert notes(TWO_TEAMS + helps, *teams) == ()
