"""Notes about forecasts: hours left out, handle times in a wrong unit, dates that do not match; and their hints."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load_text, resolved, resolved_yaml

DESK = """name: notes
start: 2026-03-02
length: 2 days
timezone: Europe/Berlin
channels:
  phone:
    kind: live
    open: {mon-fri: 09:00-18:00}
    handle_time: {exponential: {mean: from forecast}}
    patience: 4 min
demand:
  calls: {channel: phone, forecast: calls.csv, counts: issues}
teams:
  desk: {serves: [phone], agents: 9}
"""


def rows(*days: str, first: int = 9, last: int = 18, aht: float = 300) -> str:
    cells = [f"{day} {h:02}:{m:02},4,{aht}" for day in days for h in range(first, last) for m in (0, 30)]
    return "\n".join(["start,offered,aht_s", *cells]) + "\n"


def notes(folder: Path, text: str, file: str) -> tuple[str, ...]:
    (folder / "calls.csv").write_text(file, encoding="utf-8")
    return load_text(text, folder=folder).notes


BOTH = ("2026-03-02", "2026-03-03")


def test_a_forecast_of_all_open_hours_has_no_note(tmp_path: Path) -> None:
    assert notes(tmp_path, DESK, rows(*BOTH)) == ()
    assert notes(tmp_path, DESK, rows(*BOTH, first=0, last=24)) == ()


def test_missing_first_and_last_rows_are_noted_with_the_days(tmp_path: Path) -> None:
    left_out = rows(*BOTH).replace("2026-03-02 09:00,4,300\n", "").replace(f"{BOTH[1]} 17:30,4,300\n", "")
    assert notes(tmp_path, DESK, left_out.replace(f"{BOTH[0]} 17:30,4,300\n", "")) == (
        "calls.csv has no row for 09:00-09:30 on 2026-03-02, but phone is open; write 0 if nobody comes",
        "calls.csv has no row for 17:30-18:00 on 2 days, 2026-03-02 the first, but phone is open; "
        "write 0 if nobody comes",
    )


def test_what_is_not_open_or_not_played_or_said_to_be_zero_is_not_noted(tmp_path: Path) -> None:
    short = rows(*BOTH, first=10)
    assert len(notes(tmp_path, DESK, short)) == 1
    assert notes(tmp_path, DESK.replace("counts: issues", "counts: issues, gaps: zero"), short) == ()
    assert notes(tmp_path, DESK.replace("09:00-18:00", "10:00-18:00"), short) == ()
    assert notes(tmp_path, DESK.replace("2 days", "12 h"), rows(BOTH[0], last=12)) == ()
    holiday = DESK.replace("open: {mon-fri: 09:00-18:00}", "open: {mon-fri: 09:00-18:00, holidays: [2026-03-03]}")
    assert "2026-03-02, but" in notes(tmp_path, holiday, short)[0]


def test_the_evening_after_midnight_belongs_to_the_next_day(tmp_path: Path) -> None:
    night = DESK.replace("{mon-fri: 09:00-18:00}", "{mon: 20:00-02:00}")
    assert notes(tmp_path, night, rows(BOTH[0], first=20, last=24) + "2026-03-03 00:00,1,300\n") == (
        "calls.csv has no row for 00:30-02:00 on 2026-03-03, but phone is open; write 0 if nobody comes",
    )


def test_a_week_without_dates_is_looked_at_on_the_days_it_names(tmp_path: Path) -> None:
    week = "day,start,offered,aht_s\n" + "".join(f"mon,{h:02}:00,4,300\n" for h in range(9, 17))
    assert notes(tmp_path, DESK, week) == (
        "calls.csv has no row for 17:00-18:00 on 2026-03-02, but phone is open; write 0 if nobody comes",
    )


@pytest.mark.parametrize(("aht", "words"), [(5, "5 s"), (14_400, "4 h")])
def test_a_mean_handle_time_in_another_unit_is_noted(tmp_path: Path, aht: float, words: str) -> None:
    note = f"demand.calls: a handle time of {words} on average: is aht_s in seconds?"
    assert notes(tmp_path, DESK, rows(*BOTH, aht=aht)) == (note,)
    stated = DESK.replace("{exponential: {mean: from forecast}}", words)
    assert notes(tmp_path, stated, rows(*BOTH)) == (
        f"channels.phone: a handle time of {words} on average: is the unit right?",
    )


@pytest.mark.parametrize("aht", [15, 7200])
def test_handle_times_up_to_the_limits_are_not_noted(tmp_path: Path, aht: float) -> None:
    assert notes(tmp_path, DESK, rows(*BOTH, aht=aht)) == ()


def faults(folder: Path, text: str, file: str) -> list[str]:
    (folder / "calls.csv").write_text(file, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_text(text, folder=folder)
    return str(caught.value).splitlines()


def test_a_file_of_other_dates_gives_the_start_that_fits(tmp_path: Path) -> None:
    later = rows("2026-09-07", "2026-09-08")
    (fault,) = faults(tmp_path, DESK, later)
    assert fault.endswith("; or write start: 2026-09-07")
    (fault,) = faults(tmp_path, DESK.replace("length", "warm_up: 1 day\nlength").replace("2 days", "1 day"), later)
    assert fault.endswith("; or write start: 2026-09-08")
    (tmp_path / "calls.csv").write_text(later, encoding="utf-8")
    assert load_text(DESK.replace("2026-03-02", "2026-09-07"), folder=tmp_path).notes == ()


def test_a_file_that_is_long_enough_gives_its_start_and_one_that_ends_too_soon_does_not(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, DESK, rows("2026-03-01", BOTH[0]))
    assert fault.endswith("; or write start: 2026-03-01")
    (fault,) = faults(tmp_path, DESK.replace("2 days", "3 days"), rows(*BOTH))
    assert "write start" not in fault


def test_a_misspelt_selector_hides_that_nobody_serves_what_it_means(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, DESK.replace("[phone]", "[phones]"), rows(*BOTH))
    assert "did you mean phone?" in fault
    chat = "  chat: {kind: live, handle_time: 5 min}\ndemand:\n  chats: {channel: chat, rate: 3/h}"
    text = DESK.replace("demand:", chat)
    (fault,) = faults(tmp_path, text, rows(*BOTH))
    assert "got nobody; expected a team that serves chat" in fault


def test_a_missing_column_tells_what_is_needed_and_what_may_be(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, DESK, rows(*BOTH).replace("offered", "calls"))
    assert "the columns needed: start, offered; may be: aht_s, channel, segment, topic" in fault


def test_the_resolved_form_says_what_it_is_and_stays_yaml(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(rows(*BOTH), encoding="utf-8")
    scenario = load_text(DESK, folder=tmp_path)
    text = resolved_yaml(scenario)
    assert text.startswith("# The complete scenario as the program holds it, times in microseconds: not a scenario")
    assert yaml.safe_load(text) == resolved(scenario)


def test_weekdays_of_a_repeating_week_that_are_not_played_are_noted(tmp_path: Path) -> None:
    lines = ["day,start,offered,aht_s"]
    for day, count in (("mon", 4), ("tue", 4), ("wed", 4), ("thu", 9), ("fri", 0)):
        lines += [f"{day},{h:02}:{m:02},{count},300" for h in range(9, 18) for m in (0, 30)]
    week = "\n".join(lines) + "\n"
    assert notes(tmp_path, DESK, week) == ("calls.csv: its wed, thu are not played: see start, length",)
    assert notes(tmp_path, DESK.replace("2 days", "3 days"), week) == (
        "calls.csv: its thu is not played: see start, length",
    )
    assert notes(tmp_path, DESK.replace("2 days", "4 days"), week) == ()
