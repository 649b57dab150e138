"""Forecasts: the four forms, their own rows, gaps, days to cover, warnings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from supportsim.scenario.csv_forecast import Own, read_daily, read_forecast
from supportsim.scenario.csv_text import Reading
from supportsim.scenario.errors import Faults
from supportsim.scenario.model import Cells, Profile
from supportsim.scenario.ticks import HOUR, MINUTE, SECOND

MONDAY = date(2026, 3, 2)
DAY1 = MONDAY.toordinal()
Read = Callable[..., tuple[Reading[Cells], list[str]]]


@pytest.fixture
def forecast(tmp_path: Path) -> Read:
    def read(text: str, **more: object) -> tuple[Reading[Cells], list[str]]:
        path = tmp_path / "f.csv"
        path.write_text(text, encoding="utf-8")
        faults = Faults()
        found = read_forecast(path, "f.csv", faults, **more)  # type: ignore[arg-type]
        return found, [str(fault) for fault in faults]

    return read


def good(found: tuple[Reading[Cells], list[str]]) -> Cells:
    assert found[1] == []
    assert found[0].value is not None
    return found[0].value


def test_a_row_per_interval(forecast: Read) -> None:
    text = "start,offered,aht_s\n2026-03-02 08:00,12,300\n2026-03-02 08:30,1.5,310.5\n2026-03-03 00:00,7,290\n"
    cells = good(forecast(text))
    assert cells == Cells(
        30 * MINUTE,
        (DAY1, DAY1, DAY1 + 1),
        (8 * HOUR, 8 * HOUR + 30 * MINUTE, 0),
        (12.0, 1.5, 7.0),
        (300.0 * SECOND, 310.5 * SECOND, 290.0 * SECOND),
    )


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"])
def test_iso_times_with_t_or_a_blank_with_seconds_or_without(forecast: Read, form: str) -> None:
    from datetime import datetime

    starts = [datetime(2026, 3, 2, 8) + timedelta(minutes=15 * i) for i in range(4)]
    cells = good(forecast("start,offered\n" + "".join(f"{s.strftime(form)},1\n" for s in starts)))
    assert cells.cell == 15 * MINUTE
    assert cells.starts[1] == 8 * HOUR + 15 * MINUTE


def test_columns_in_any_order(forecast: Read) -> None:
    cells = good(forecast("offered,start\n3,2026-03-02 08:00\n4,2026-03-02 09:00\n"))
    assert (cells.counts, cells.cell) == ((3.0, 4.0), HOUR)


def test_a_week_without_dates_repeats(forecast: Read) -> None:
    cells = good(forecast("day,start,offered\nmon,08:00,3\nmon,08:20,4\nTue,08:00,5\n", days=[MONDAY]))
    assert cells.repeats
    assert (cells.days, cells.cell) == ((0, 0, 1), 20 * MINUTE)


def test_a_week_need_not_name_its_last_days(forecast: Read) -> None:
    weekend = [MONDAY + timedelta(days=n) for n in range(14)]
    good(forecast("day,start,offered\nmon,08:00,3\nmon,09:00,4\ntue,08:00,5\ntue,09:00,5\n", days=weekend))


def test_a_matrix_of_days_and_intervals(forecast: Read) -> None:
    cells = good(forecast("date,07:00,07:05,07:10\n2026-03-02,1,2,3\n2026-03-03,4,5,6\n"))
    assert cells.cell == 5 * MINUTE
    assert cells.days == (DAY1,) * 3 + (DAY1 + 1,) * 3
    assert cells.starts[:3] == (7 * HOUR, 7 * HOUR + 5 * MINUTE, 7 * HOUR + 10 * MINUTE)
    assert cells.counts == (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    assert cells.aht == ()


def test_a_matrix_of_a_week(forecast: Read) -> None:
    cells = good(forecast("day,00:00,01:00\nmon,1,2\nsun,3,4\n", gaps_zero=True))
    assert (cells.repeats, cells.days) == (True, (0, 0, 6, 6))


def test_a_real_matrix(forecast: Read) -> None:
    path = Path(__file__).parents[2] / "../shared/data/R1_bank_calls_5min_wide.csv"
    if not path.exists():
        pytest.skip("the bank's volumes are not beside this repository")
    faults = Faults()
    days = [date(2003, 3, 3) + timedelta(days=n) for n in range(28)]
    found = read_forecast(path, "bank.csv", faults, days=days, gaps_zero=True).value
    assert len(faults) == 0
    assert found is not None
    assert (found.cell, found.starts[0], found.days[0]) == (5 * MINUTE, 7 * HOUR, days[0].toordinal())
    assert len(set(found.days)) == 110
    read_forecast(path, "bank.csv", faults, days=days)
    assert "nothing on 2003-03-08" in str(next(iter(faults)))  # a Saturday


def test_hours_that_are_not_listed_are_empty_not_gaps(forecast: Read) -> None:
    text = "start,offered\n2026-03-02 08:00,1\n2026-03-02 08:30,2\n2026-03-03 10:00,3\n2026-03-03 10:30,4\n"
    good(forecast(text, days=[MONDAY, MONDAY + timedelta(days=1)]))


def test_gaps_may_mean_zero(forecast: Read) -> None:
    text = "start,offered\n2026-03-02 08:00,1\n2026-03-02 08:30,2\n2026-03-02 10:00,3\n2026-03-02 10:30,3\n"
    assert len(forecast(text)[1]) == 1
    assert good(forecast(text, gaps_zero=True)).counts == (1.0, 2.0, 3.0, 3.0)
    assert good(forecast("date,08:00,08:30\n2026-03-02,1,\n2026-03-04,,2\n", gaps_zero=True)).counts == (
        1.0,
        2.0,
    )


def test_all_gaps_are_told_at_once(forecast: Read) -> None:
    rows = [f"2026-03-02 {h:02}:{m}0,1" for h in (8, 9, 11, 12, 14) for m in (0, 3)]
    _, faults = forecast("start,offered\n" + "\n".join(rows))
    assert [fault.split()[0] for fault in faults] == ["f.csv:6", "f.csv:10"]


def test_a_forecast_must_cover_every_day_that_is_played(forecast: Read) -> None:
    text = "date,08:00,09:00\n2026-03-02,1,2\n2026-03-03,1,2\n"
    played = [MONDAY + timedelta(days=n) for n in range(-1, 4)]
    _, faults = forecast(text, days=played)
    assert len(faults) == 1
    assert "nothing for 2026-03-01" in faults[0]
    assert "nothing for 2026-03-04" in forecast(text, days=played[1:])[1][0]
    good(forecast(text, days=played[1:3]))
    good(forecast(text, days=played[1:2]))  # longer than what is played


def test_with_gaps_zero_a_file_speaks_for_whole_weeks(forecast: Read) -> None:
    text = "date,08:00,09:00\n2026-03-03,1,2\n2026-03-04,1,2\n"
    week = [MONDAY + timedelta(days=n) for n in range(7)]
    good(forecast(text, days=week, gaps_zero=True))
    _, faults = forecast(text, days=[*week, MONDAY + timedelta(days=7)], gaps_zero=True)
    assert len(faults) == 1
    assert "nothing for 2026-03-09" in faults[0]
    assert "gaps: zero, written in the stream" in forecast(text, days=week)[1][0]
    assert "gaps: zero" not in forecast(text, days=[*week, MONDAY + timedelta(days=7)])[1][0]


def test_a_night_of_a_clock_change_may_be_written_either_way(forecast: Read) -> None:
    hours = [f"2026-03-29 {h:02}:00,1" for h in range(24) if h != 1]
    assert good(forecast("start,offered\n" + "\n".join(hours), gaps_zero=True)).counts == (1.0,) * 23
    hours.insert(1, "2026-03-29 01:00,1")
    assert len(good(forecast("start,offered\n" + "\n".join(hours))).counts) == 24


SHARED = """start,offered,channel,segment
2026-03-02 08:00,1,phone,gold
2026-03-02 08:30,2,phone,gold
2026-03-02 08:00,3,phone,free
2026-03-02 08:30,4,phone,free
2026-03-02 08:00,5,chat,free
2026-03-02 08:30,6,chat,free
"""


def test_several_streams_share_a_file(forecast: Read) -> None:
    assert good(forecast(SHARED, own=Own("phone", "free"))).counts == (3.0, 4.0)
    assert good(forecast(SHARED, own=Own("chat", "free"))).counts == (5.0, 6.0)
    assert "only rows of" in forecast(SHARED, own=Own("chat", "gold"))[1][0]


def test_a_fault_in_another_streams_row_is_still_told(forecast: Read) -> None:
    text = SHARED.replace(",6,", ",six,")
    assert "got six" in forecast(text, own=Own("phone", "gold"))[1][0]


def test_work_is_not_needed_where_nobody_comes(forecast: Read) -> None:
    cells = good(forecast("start,offered,aht_s\n2026-03-02 08:00,0,\n2026-03-02 08:30,3,60\n"))
    assert cells.aht == (0.0, 60.0 * SECOND)


@pytest.mark.parametrize("none", ["0", "0.0", "0.000", ""])
def test_nobody_takes_no_time_as_telephone_systems_write_it(forecast: Read, none: str) -> None:
    rows = "start,offered,aht_s\n2026-03-02 08:00,0,{}\n2026-03-02 08:30,3,60\n"
    assert good(forecast(rows.format(none))).aht == (0.0, 60.0 * SECOND)
    _, faults = forecast(rows.replace("08:00,0,", "08:00,1,").format(none))
    assert [fault.split(" got")[0] for fault in faults] == ["f.csv:2 aht_s:"]


def test_zeros_everywhere_are_a_warning(forecast: Read) -> None:
    found, faults = forecast("start,offered\n2026-03-02 08:00,0\n2026-03-02 08:30,0\n")
    assert faults == []
    assert found.value is not None
    assert found.notes == ("f.csv: every count is 0: nothing ever arrives",)


def test_all_faults_of_all_rows_are_told(forecast: Read) -> None:
    rows = "start,offered,aht_s\n2026-03-02 08:00,x,-1\n2026-03-02 8:30,2,60\n2026-03-02 09:00,nan,60\n"
    _, faults = forecast(rows)
    assert [fault.split(" got")[0] for fault in faults] == [
        "f.csv:2 offered:",
        "f.csv:2 aht_s:",
        "f.csv:3 start:",
        "f.csv:4 offered:",
    ]


# ---- totals of days ------------------------------------------------------------------------------------


def profile(**hours: float) -> Profile:
    week = [hours.get(day, 0.0) * (1 if h in (9, 10) else 2 if h == 11 else 0) for day in DAYS for h in range(24)]
    return Profile("workday", HOUR, tuple(share / sum(week) for share in week))


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def daily(tmp_path: Path, text: str, profile: Profile, **more: object) -> tuple[Reading[Cells], list[str]]:
    (tmp_path / "d.csv").write_text(text)
    faults = Faults()
    found = read_daily(tmp_path / "d.csv", "d.csv", faults, profile, **more)  # type: ignore[arg-type]
    return found, [str(fault) for fault in faults]


def test_totals_are_spread_by_the_share_of_the_day(tmp_path: Path) -> None:
    text = "date,offered,aht_s\n2026-03-02,400,60\n2026-03-03,8,90\n"
    cells = good(daily(tmp_path, text, profile(mon=1.0, tue=5.0), days=[MONDAY]))
    assert cells.cell == HOUR
    assert cells.starts == (9 * HOUR, 10 * HOUR, 11 * HOUR) * 2
    assert cells.counts == pytest.approx((100, 100, 200, 2, 2, 4))
    assert cells.aht == (60.0 * SECOND,) * 3 + (90.0 * SECOND,) * 3
    assert cells.days == (DAY1,) * 3 + (DAY1 + 1,) * 3


def test_a_day_without_share_must_be_empty(tmp_path: Path) -> None:
    text = "date,offered\n2026-03-06,4\n2026-03-07,0\n2026-03-08,3\n"
    _, faults = daily(tmp_path, text, profile(fri=1.0))
    assert len(faults) == 1
    assert faults[0].startswith("d.csv:4 offered: got 3 on 2026-03-08")


def test_missing_days_of_totals(tmp_path: Path) -> None:
    text = "date,offered\n2026-03-02,4\n2026-03-04,3\n"
    assert "nothing on 2026-03-03" in daily(tmp_path, text, profile(mon=1.0, wed=1.0))[1][0]
    good(daily(tmp_path, text, profile(mon=1.0, wed=1.0), gaps_zero=True))


# ---- where a file may lie (through the whole loader) ----------------------------------------------------


@pytest.mark.parametrize("name", ["../monday.csv", "data/../../monday.csv", "link.csv", "/monday.csv"])
def test_a_file_outside_the_folder_of_the_scenario_is_refused(tmp_path: Path, name: str) -> None:
    from supportsim.scenario.errors import ConfigError
    from supportsim.scenario.load import load

    (tmp_path / "monday.csv").write_text("start,offered\n2026-03-02 08:00,1\n2026-03-02 08:30,1\n")
    folder = tmp_path / "desk"
    (folder / "data").mkdir(parents=True)
    (folder / "link.csv").symlink_to(tmp_path / "monday.csv")
    (folder / "desk.yaml").write_text(
        "start: 2026-03-02\nlength: 1 day\n"
        "channels: {phone: {kind: live, handle_time: 5 min}}\n"
        "teams: {front: {serves: [phone], agents: 1}}\n"
        f"demand: {{calls: {{forecast: {name}, counts: issues}}}}\n"
    )
    with pytest.raises(ConfigError) as caught:
        load(str(folder / "desk.yaml"))
    assert [fault.path for fault in caught.value.faults] == ["demand.calls.forecast"]
    assert "in the folder" in caught.value.faults[0].expected
    (folder / "desk.yaml").write_text((folder / "desk.yaml").read_text().replace(name, "data/monday.csv"))
    (folder / "data/monday.csv").write_text((tmp_path / "monday.csv").read_text())
    assert load(str(folder / "desk.yaml")).streams[0].kind == "forecast"
