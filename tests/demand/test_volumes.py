"""What each source expects in each cell: by local time, on every kind of day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from demand_desk import EVERY_DAY, MONDAY, demand, scenario, steady, times

from supportsim.demand import volumes
from supportsim.scenario.load import load_text
from supportsim.scenario.model import Cells, Profile, Segment, Stream
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, MONTH, WEEK

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # London: 23 and 25 hours
PEOPLE = (Segment("people", 1000),)
TEMPLATE: dict[str, Any] = {"segment": "people", "topic": "general"}


def population(**other: Any) -> Stream:
    return Stream("p", "population", per_customer_month=0.5, **{**TEMPLATE, **other})


def forecast(cells: Cells, **other: Any) -> Stream:
    return Stream("f", "forecast", cells=cells, **{**TEMPLATE, **other})


def rate(*pieces: tuple[int, int, int, float], **other: Any) -> Stream:
    return Stream("r", "rate", rates=pieces, **{**TEMPLATE, **other})


def cells(stream: Stream, start: date = MONDAY, days: int = 1, zone: str = "UTC", **other: Any) -> np.ndarray:
    return demand(scenario(stream, times=times(start, days, zone), **other)).cells


def every_hour(counts: list[float], day: date, **other: Any) -> Cells:
    hours = tuple(hour * HOUR for hour in range(24))
    return Cells(HOUR, (day.toordinal(),) * 24, hours, tuple(counts), **other)


# Population


def test_a_population_without_a_profile_asks_evenly() -> None:
    found = cells(population(), days=7, segments=PEOPLE)
    assert found["expected"] == pytest.approx(np.full(168, 1000 * 0.5 * HOUR / MONTH))
    assert found["expected"].sum() == pytest.approx(1000 * 0.5 * WEEK / MONTH)


def test_a_profile_says_when_in_the_week() -> None:
    shares = np.arange(336) / np.arange(336).sum()
    profile = Profile("week", 30 * MINUTE, tuple(shares))
    found = cells(population(profile="week", volume=2.0), days=7, segments=PEOPLE, profiles=(profile,))
    assert found["expected"] == pytest.approx(2 * 1000 * 0.5 * WEEK / MONTH * shares)
    assert np.array_equal(found["begin"], np.arange(336) * 30 * MINUTE)


def test_a_growing_population_asks_more() -> None:
    growing = (Segment("people", 1000, joins_per_month=1000),)
    found = cells(population(), days=61, segments=growing)
    assert found["expected"][0] == pytest.approx(1000 * 0.5 * HOUR / MONTH)
    assert found["customers"][-1] == 1000 + int(1000 * (61 * DAY - HOUR) / MONTH)
    assert found["expected"][-1] == pytest.approx(found["customers"][-1] * 0.5 * HOUR / MONTH)


def test_a_population_of_nobody_asks_nothing() -> None:
    assert cells(population(), segments=(Segment("people", 0),))["expected"].sum() == 0


# Clock changes


def test_clock_change_days_have_their_true_number_of_cells() -> None:
    stream = population(zone="Europe/London")
    assert len(cells(stream, SPRING, zone="Europe/London", segments=PEOPLE)) == 23
    assert len(cells(stream, AUTUMN, zone="Europe/London", segments=PEOPLE)) == 25


@pytest.mark.parametrize(
    ("day", "clocks"),
    [(SPRING, [0, *range(2, 24)]), (AUTUMN, [0, 1, *range(1, 24)]), (MONDAY, list(range(24)))],
)
def test_a_profile_is_looked_up_by_the_clock_on_the_wall(day: date, clocks: list[int]) -> None:
    shares = np.arange(1, 169) / np.arange(1, 169).sum()
    stream = population(profile="week", zone="Europe/London")
    profile = Profile("week", HOUR, tuple(shares))
    found = cells(stream, day, zone="Europe/London", segments=PEOPLE, profiles=(profile,))
    expected = 1000 * 0.5 * WEEK / MONTH * shares[day.weekday() * 24 + np.array(clocks)]
    assert found["expected"] == pytest.approx(expected)


def test_a_long_cell_is_cut_at_midnight_with_its_share_of_the_count() -> None:
    profile = Profile("week", 2 * HOUR, (1 / 84,) * 84)
    stream = population(profile="week", zone="Europe/London")
    found = cells(stream, SPRING, zone="Europe/London", segments=PEOPLE, profiles=(profile,))
    full = 1000 * 0.5 * WEEK / MONTH / 84
    assert list(found["length"]) == [2 * HOUR] * 11 + [HOUR]
    assert found["expected"] == pytest.approx([full] * 11 + [full / 2])


def test_a_dated_forecast_keeps_its_total_when_the_clocks_change() -> None:
    counts = [10.0 + hour for hour in range(24)]
    spring = cells(forecast(every_hour(counts, SPRING), zone="Europe/London"), SPRING, zone="Europe/London")
    assert spring["expected"] == pytest.approx([10, 11 + 12, *range(13, 34)])
    autumn = cells(forecast(every_hour(counts, AUTUMN), zone="Europe/London"), AUTUMN, zone="Europe/London")
    assert autumn["expected"] == pytest.approx([10, 5.5, 5.5, *range(12, 34)])


def test_a_dated_forecast_keeps_its_total_when_the_last_hour_of_a_day_is_skipped() -> None:
    zone, day = "America/Nuuk", date(2026, 3, 28)  # 23:00 becomes midnight
    found = cells(forecast(every_hour([10.0 + hour for hour in range(24)], day), zone=zone), day, zone=zone)
    assert found["expected"] == pytest.approx([*range(10, 32), 32 + 33])


def test_a_stream_lives_in_its_own_zone() -> None:
    stream = rate(*((day, 9 * HOUR, 10 * HOUR, 7.0) for day in EVERY_DAY), zone="America/New_York")
    found = cells(stream, MONDAY, zone="UTC")
    busy = found[found["expected"] > 0]
    assert list(busy["begin"]) == [13 * HOUR]  # summer time since the day before


# Rates


def test_a_constant_rate_needs_no_pieces() -> None:
    found = cells(steady("s", 38.0))
    assert np.all(found["expected"] == 38.0)
    assert np.all(found["pieces"] == 0)


def test_a_rate_that_changes_inside_an_hour_places_its_issues_there() -> None:
    stream = rate((0, 8 * HOUR, 9 * HOUR + 15 * MINUTE, 40.0), (0, 9 * HOUR + 30 * MINUTE, 10 * HOUR, 120.0))
    prepared = demand(scenario(stream, times=times(days=1)))
    expected = prepared.cells["expected"]
    assert expected.sum() == pytest.approx(40 + 10 + 60)
    assert expected[9] == pytest.approx(70)
    asked = np.concatenate([prepared.draw(1, r)["asked"] for r in range(100)])
    assert set(asked // HOUR) == {8, 9}
    inside = asked[asked // HOUR == 9] % HOUR // (15 * MINUTE)
    counts = np.bincount(inside, minlength=4)
    assert counts[1] == 0
    for quarter, mean in ((0, 1000), (2, 3000), (3, 3000)):
        assert abs(counts[quarter] - mean) < 4.5 * np.sqrt(mean)


def test_a_rate_past_midnight_goes_on_the_next_day() -> None:
    found = cells(rate((0, 22 * HOUR, 26 * HOUR, 5.0)), days=7)
    assert list(found["begin"][found["expected"] > 0] // HOUR) == [22, 23, 24, 25]
    sunday = cells(rate((6, 23 * HOUR, 25 * HOUR, 5.0)), days=1)
    assert list(sunday["begin"][sunday["expected"] > 0] // HOUR) == [0]


def test_parts_of_a_week_that_are_not_named_are_quiet() -> None:
    found = cells(rate((5, 0, DAY, 10.0)), days=7)
    assert found["expected"].sum() == pytest.approx(240)
    assert set(found["begin"][found["expected"] > 0] // DAY) == {5}


# Forecasts


def test_a_forecast_counts_by_date_and_brings_its_handle_time() -> None:
    aht = tuple(float(100 + hour) for hour in range(24))
    found = cells(forecast(every_hour([2.0] * 24, MONDAY, aht=aht), volume=1.5), days=2)
    assert found["expected"] == pytest.approx([3.0] * 24 + [0.0] * 24)
    assert list(found["aht"]) == [*aht, *([0.0] * 24)]


def test_a_week_without_dates_repeats() -> None:
    week = Cells(30 * MINUTE, (0, 2), (9 * HOUR, 10 * HOUR), (4.0, 6.0), repeats=True)
    found = cells(forecast(week), days=14)
    busy = found[found["expected"] > 0]
    assert list(busy["expected"]) == [4.0, 6.0, 4.0, 6.0]
    assert list(busy["begin"]) == [9 * HOUR, 2 * DAY + 10 * HOUR, 7 * DAY + 9 * HOUR, 9 * DAY + 10 * HOUR]


# Holidays, borders of the run


def test_holidays_have_their_own_volume() -> None:
    stream = steady("s", 10.0, holiday_volume=0.3, holidays=(MONDAY + timedelta(days=1),), volume=2.0)
    found = cells(stream, days=3)
    assert found["expected"] == pytest.approx([20.0] * 24 + [6.0] * 24 + [20.0] * 24)


def test_cells_across_the_borders_lose_what_lies_outside() -> None:
    span = replace(times(days=0, warm_up_ticks=30 * MINUTE), length_ticks=90 * MINUTE)
    desk = scenario(steady("s", 600.0), times=span)
    prepared = demand(desk)
    assert list(prepared.cells["begin"]) == [-30 * MINUTE, 30 * MINUTE, 90 * MINUTE]
    counts = [len(prepared.draw(1, r)) for r in range(50)]
    asked = prepared.draw(1, 0)["asked"]
    assert asked.min() >= 0
    assert asked.max() < 120 * MINUTE
    assert abs(np.mean(counts) - 1200) < 4.5 * np.sqrt(1200 / 50)


def test_demand_stops_with_counted_time_if_asked_to() -> None:
    goes_on = scenario(steady("s", 60.0), times=times(days=1, run_out_days=1))
    stops = scenario(steady("s", 60.0), times=times(days=1, run_out_days=1, run_out_demand=False))
    long, short = demand(goes_on).draw(1, 0), demand(stops).draw(1, 0)
    assert long["asked"].max() > DAY
    assert short["asked"].max() < DAY
    assert np.array_equal(long[long["asked"] < DAY], short)


def test_a_negative_volume_is_refused() -> None:
    with pytest.raises(ValueError, match="negative or infinite"):
        demand(scenario(steady("s", -1.0)))


def test_days_that_are_alike_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    pieces = volumes._pieces

    def counted(*arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return pieces(*arguments)

    monkeypatch.setattr(volumes, "_pieces", counted)
    always = rate(*((day, 0, 24 * HOUR, 6.0) for day in range(7)), zone="Europe/London")
    year = cells(always, days=52 * 7, zone="Europe/London")
    assert year["expected"] == pytest.approx(np.full(52 * 168, 6.0))
    assert asked == 7 * 24 + 23 + 25  # a week, and the two Sundays on which the clocks change


# The zone of a segment

ABROAD = """name: abroad
start: 2026-03-09
length: 1 day
timezone: Europe/London
segments:
  home: {}
  ottawa: {timezone: America/Toronto}
channels: {phone: {kind: live, handle_time: 1 min}}
demand:
  at_home: {segment: home, channel: phone, rate: {mon: {09:00-10:00: 60/h}}}
  abroad:  {segment: ottawa, channel: phone, rate: {mon: {09:00-10:00: 60/h}}}
  stated:  {segment: ottawa, channel: phone, rate: {mon: {09:00-10:00: 60/h}}, timezone: Europe/Paris}
teams: {desk: {serves: phone, agents: 1}}
"""


def test_nine_o_clock_is_that_of_the_segment_unless_the_stream_has_its_own() -> None:
    # 9 March 2026: Toronto is on summer time since the 8th (UTC-4), London (UTC) and Paris (UTC+1) are not yet.
    desk = load_text(ABROAD)
    found = demand(desk).cells
    busy = found[found["expected"] > 0]
    asked = {desk.streams[cell["stream"]].name: (cell["begin"] / HOUR, cell["expected"]) for cell in busy}
    assert asked == {"at_home": (9, 60), "abroad": (13, 60), "stated": (8, 60)}


def test_a_trace_of_several_segments_is_read_in_the_zone_of_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("at,segment\n2026-03-09 09:00,home\n2026-03-09 09:00,ottawa\n", "utf-8")
    text = ABROAD[: ABROAD.index("demand:")] + "demand: {calls: {channel: phone, trace: calls.csv}}\nteams:"
    text += ABROAD.split("teams:")[1]
    assert demand(load_text(text, folder=tmp_path)).cells["begin"].tolist() == [9 * HOUR, 9 * HOUR]
    (tmp_path / "calls.csv").write_text("at\n2026-03-09 09:00\n", "utf-8")
    own = text.replace("trace: calls", "segment: ottawa, trace: calls")
    assert demand(load_text(own, folder=tmp_path)).cells["begin"].tolist() == [13 * HOUR]
