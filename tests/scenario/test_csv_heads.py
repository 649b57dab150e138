"""Heads from CSV: rows name changes, in local time, over the whole play."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from csv_library import timeline

from supportsim.scenario.csv_heads import Curve, Roster, read_heads
from supportsim.scenario.csv_text import Reading
from supportsim.scenario.errors import Faults
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, WEEK
from supportsim.scenario.timeline import Timeline

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # Sundays on which the clocks of London change
WORKDAY = "day,start,heads\nmon,08:00,5\nmon,18:00,2\nfri,18:00,0\n"


def read(folder: Path, text: str, time: Timeline, zone: str = "Europe/London", team: str = "desk") -> Reading[Curve]:
    path = folder / "heads.csv"
    path.write_text(text, encoding="utf-8")
    faults = Faults()
    found = read_heads(path, "heads.csv", faults, Roster(team, ("desk", "late"), time, zone))
    assert not list(faults)
    return found


def curve(folder: Path, text: str, time: Timeline, **more: str) -> Curve:
    found = read(folder, text, time, **more).value
    assert found is not None
    return found


def test_a_number_holds_until_the_next_row_and_rows_that_change_nothing_are_left_out(tmp_path: Path) -> None:
    text = "start,heads\n2026-03-02 07:45,0\n2026-03-02 08:00,3\n2026-03-02 08:10,3\n2026-03-02 17:07:30,0\n"
    assert curve(tmp_path, text, timeline(days=7)) == ((8 * HOUR, 3), (17 * HOUR + 7 * MINUTE + 30_000_000, 0))


def test_nobody_is_there_before_the_first_row(tmp_path: Path) -> None:
    text = "start,heads\n2026-03-03 08:00,3\n2026-03-03 17:00,0\n"
    found = read(tmp_path, text, timeline(days=3))
    assert found.value == ((32 * HOUR, 3), (41 * HOUR, 0))
    assert read(tmp_path, text.replace("03 08", "03 00"), timeline(days=3)).notes == ()  # a day before it
    assert found.notes == ("heads.csv: team desk has no heads before 2026-03-03 08:00, and play begins earlier",)


def test_rows_before_play_leave_their_last_number_and_rows_after_it_nothing(tmp_path: Path) -> None:
    text = "start,heads\n2026-02-20 08:00,9\n2026-02-28 10:00,4\n2026-03-02 12:00,5\n2026-03-03 00:00,7\n"
    assert curve(tmp_path, text, timeline(warm_up_days=1)) == ((-DAY, 4), (12 * HOUR, 5))
    assert curve(tmp_path, text, timeline(run_out_ticks=HOUR))[-1] == (DAY, 7)


def test_a_curve_that_does_not_end_is_noted_where_play_goes_on(tmp_path: Path) -> None:
    text = "start,heads\n2026-03-02 00:00,4\n"
    assert read(tmp_path, text, timeline()).notes == ()
    assert read(tmp_path, text, timeline(days=2)).notes == (
        "heads.csv: team desk keeps 4 heads from 2026-03-02 00:00 to the end of play",
    )


def test_a_curve_of_nobody_is_empty_and_noted(tmp_path: Path) -> None:
    found = read(tmp_path, "start,heads\n2026-03-02 00:00,0\n", timeline())
    assert (found.value, found.notes) == ((), ("heads.csv: team desk has no heads at any time",))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("2025-03-02 09:00,3\n2025-03-03 09:00,0\n", "2025-03-02 09:00 to 2025-03-03 09:00"),
        ("2026-03-03 00:00,3\n", "2026-03-03 00:00"),
        ("2026-03-01 09:00,3\n2026-03-02 00:00,0\n", "2026-03-01 09:00 to 2026-03-02 00:00"),
    ],
)
def test_a_curve_of_another_time_is_empty_and_noted(tmp_path: Path, rows: str, told: str) -> None:
    found = read(tmp_path, "start,heads\n" + rows, timeline())
    assert found.value == ()
    assert found.notes == (f"heads.csv: team desk has no heads at any time of play: its rows are of {told}",)


def test_a_week_repeats_and_before_its_first_row_holds_its_last(tmp_path: Path) -> None:
    text = "day,start,heads\nmon,08:00,5\nsun,20:00,2\n"
    night = 6 * DAY + 20 * HOUR
    assert curve(tmp_path, text, timeline(days=14)) == (
        (0, 2), (8 * HOUR, 5), (night, 2), (WEEK + 8 * HOUR, 5), (WEEK + night, 2),
    )  # fmt: skip


def test_a_week_that_begins_in_its_middle(tmp_path: Path) -> None:
    thursday = timeline(days=4, start=date(2026, 3, 5))
    assert curve(tmp_path, WORKDAY, thursday) == ((0, 2), (DAY + 18 * HOUR, 0))


# Nights on which the clocks change


def test_in_spring_times_that_are_skipped_fall_together_and_the_last_of_them_holds(tmp_path: Path) -> None:
    rows = "".join(f"2026-03-29 {at},{n}\n" for at, n in (("00:30", 2), ("01:00", 5), ("01:30", 4), ("02:00", 3)))
    time = timeline(start=SPRING)
    assert curve(tmp_path, f"start,heads\n{rows}2026-03-29 23:00,0\n", time) == (
        (30 * MINUTE, 2), (HOUR, 3), (22 * HOUR, 0),
    )  # fmt: skip


def test_in_autumn_a_time_that_comes_twice_is_the_first(tmp_path: Path) -> None:
    text = "start,heads\n2026-10-25 01:30,5\n2026-10-25 02:00,0\n"
    assert curve(tmp_path, text, timeline(start=AUTUMN)) == ((90 * MINUTE, 5), (3 * HOUR, 0))


@pytest.mark.parametrize(("start", "between"), [(date(2026, 3, 23), 167), (date(2026, 10, 19), 169)])
def test_a_week_that_repeats_keeps_its_local_times(tmp_path: Path, start: date, between: int) -> None:
    found = curve(tmp_path, WORKDAY, timeline(days=14, start=start))
    mondays = [tick for tick, number in found if number == 5]
    assert mondays == [8 * HOUR, (8 + between) * HOUR]


def test_times_are_those_of_the_zone_of_the_team(tmp_path: Path) -> None:
    text = "start,heads\n2026-03-02 09:00,3\n2026-03-02 18:00,0\n"
    assert curve(tmp_path, text, timeline(), zone="America/New_York") == ((14 * HOUR, 3), (23 * HOUR, 0))


# A file of several teams


@pytest.mark.parametrize(("team", "found"), [("desk", ((8 * HOUR, 3), (16 * HOUR, 0))), ("late", ((12 * HOUR, 6),))])
def test_a_team_reads_the_rows_that_name_it_in_whatever_order_teams_come(
    tmp_path: Path, team: str, found: Curve
) -> None:
    rows = ("2026-03-02 08:00,3,desk", "2026-03-02 16:00,0,desk", "2026-03-02 12:00,6,late")
    for order in (rows, (rows[2], *rows[:2]), (rows[0], rows[2], rows[1])):
        assert curve(tmp_path, "\n".join(("start,heads,team", *order)) + "\n", timeline(), team=team) == found
