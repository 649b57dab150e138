"""Wall clocks and ticks: calendar days, both clock-change nights, times that are missing or happen twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportsim.scenario.model import Times
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND, WEEK
from supportsim.scenario.timeline import Timeline, instant, timeline_of, zone_named

LONDON, NEW_YORK, LORD_HOWE = "Europe/London", "America/New_York", "Australia/Lord_Howe"


def timeline(start: date, zone: str = LONDON, days: int = 7, ticks: int = 0, **more: int) -> Timeline:
    return Timeline(Times(start=start, zone=zone, length_days=days, length_ticks=ticks, **more))


def test_a_plain_week_has_168_hours() -> None:
    t = timeline(date(2026, 3, 2))
    assert (t.counted_from, t.counted_to, t.end) == (0, WEEK, WEEK)
    assert t.play_start == datetime(2026, 3, 2, tzinfo=UTC)


def test_warm_up_lies_before_and_run_out_after() -> None:
    t = timeline(date(2026, 3, 9), warm_up_days=7, run_out_days=3)
    assert (t.counted_from, t.counted_to, t.end) == (WEEK, 2 * WEEK, 2 * WEEK + 3 * DAY)
    assert t.play_start == datetime(2026, 3, 2, tzinfo=UTC)


def test_elapsed_times_are_added_to_calendar_days() -> None:
    t = timeline(date(2026, 3, 9), days=1, ticks=6 * HOUR, warm_up_ticks=90 * MINUTE, run_out_ticks=MINUTE)
    assert t.counted_from == 90 * MINUTE
    assert t.counted_to == 90 * MINUTE + 30 * HOUR
    assert t.end == t.counted_to + MINUTE


def test_run_out_days_after_a_broken_length_end_at_the_same_wall_time() -> None:
    t = timeline(date(2026, 3, 28), days=0, ticks=6 * HOUR, run_out_days=1)  # the night loses an hour
    assert t.local(t.end).isoformat() == "2026-03-29T06:00:00+01:00"
    assert t.end - t.counted_to == 23 * HOUR


@pytest.mark.parametrize(
    ("zone", "night", "length"),
    [
        (LONDON, date(2026, 3, 29), 23 * HOUR),
        (LONDON, date(2026, 10, 25), 25 * HOUR),
        (NEW_YORK, date(2026, 3, 8), 23 * HOUR),
        (NEW_YORK, date(2026, 11, 1), 25 * HOUR),
        (LORD_HOWE, date(2026, 10, 4), 23 * HOUR + 30 * MINUTE),
        (LORD_HOWE, date(2026, 4, 5), 24 * HOUR + 30 * MINUTE),
        ("Asia/Kolkata", date(2026, 3, 29), 24 * HOUR),
    ],
)
def test_the_day_and_the_week_of_a_clock_change_have_their_true_length(zone: str, night: date, length: int) -> None:
    assert timeline(night, zone, days=1).counted_to == length
    assert timeline(night - timedelta(days=6), zone).counted_to == 6 * DAY + length
    assert timeline(night + timedelta(days=1), zone, warm_up_days=1).counted_from == length


def wall(zone: str, day: date, hours: int, minutes: int) -> str:
    t = timeline(day, zone)
    return t.local(t.tick(day, hours * HOUR + minutes * MINUTE)).isoformat()


def test_weeks_are_of_seven_days_whatever_the_clocks_do() -> None:
    """9 March to 5 April 2026: 671 hours in London, and four weeks as everywhere."""
    for zone in ("Europe/London", "UTC"):
        assert Timeline(Times(date(2026, 3, 9), zone, 28, 0)).weeks == 4
    assert Timeline(Times(date(2026, 3, 29), "Europe/London", 7, 0)).weeks == 1
    assert Timeline(Times(date(2026, 3, 1), "Europe/London", 31, 0)).weeks == Fraction(31, 7)
    assert Timeline(Times(date(2026, 3, 29), "Europe/London", 0, 84 * HOUR)).weeks == Fraction(1, 2)


def test_a_time_that_does_not_exist_moves_to_the_first_that_does() -> None:
    assert wall(LONDON, date(2026, 3, 29), 1, 0) == "2026-03-29T02:00:00+01:00"
    assert wall(LONDON, date(2026, 3, 29), 1, 59) == "2026-03-29T02:00:00+01:00"
    assert wall(NEW_YORK, date(2026, 3, 8), 2, 30) == "2026-03-08T03:00:00-04:00"
    assert wall(LORD_HOWE, date(2026, 10, 4), 2, 15) == "2026-10-04T02:30:00+11:00"
    assert wall("America/Santiago", date(2026, 9, 6), 0, 0) == "2026-09-06T01:00:00-03:00"  # no midnight


def test_the_microsecond_before_a_gap_and_its_end_are_themselves() -> None:
    t = timeline(date(2026, 3, 29))
    assert t.tick(date(2026, 3, 29), HOUR - 1) == HOUR - 1
    assert t.tick(date(2026, 3, 29), HOUR) == HOUR
    assert t.tick(date(2026, 3, 29), 2 * HOUR) == HOUR
    assert t.tick(date(2026, 3, 29), 2 * HOUR + 1) == HOUR + 1


def test_an_ambiguous_time_means_the_first() -> None:
    assert wall(LONDON, date(2026, 10, 25), 1, 30) == "2026-10-25T01:30:00+01:00"
    assert wall(NEW_YORK, date(2026, 11, 1), 1, 0) == "2026-11-01T01:00:00-04:00"
    assert wall(LORD_HOWE, date(2026, 4, 5), 1, 45) == "2026-04-05T01:45:00+11:00"
    assert wall(LONDON, date(2026, 10, 25), 2, 0) == "2026-10-25T02:00:00+00:00"


def test_the_second_of_an_ambiguous_hour_is_still_shown_as_that_hour() -> None:
    t = timeline(date(2026, 10, 25))
    assert t.local(2 * HOUR).isoformat() == "2026-10-25T01:00:00+00:00"


def test_hours_above_24_are_wall_times_of_the_next_day() -> None:
    t = timeline(date(2026, 3, 28))
    assert t.tick(date(2026, 3, 28), 30 * HOUR) == 29 * HOUR  # 06:00 after the short night
    assert t.tick(date(2026, 3, 28), 24 * HOUR) == t.tick(date(2026, 3, 29))


def test_other_zones_than_the_scenarios() -> None:
    t = timeline(date(2026, 3, 2), LONDON)
    assert t.tick(date(2026, 3, 2), 9 * HOUR, NEW_YORK) == 14 * HOUR
    assert t.local(0, NEW_YORK).isoformat() == "2026-03-01T19:00:00-05:00"
    assert t.days(NEW_YORK)[0] == (date(2026, 3, 1), -19 * HOUR)
    assert t.days(NEW_YORK)[-1] == (date(2026, 3, 8), 6 * DAY + 5 * HOUR)


def test_every_day_that_touches_play_is_named_once() -> None:
    t = timeline(date(2028, 2, 28), days=3)
    assert [day.isoformat() for day, _ in t.days()] == ["2028-02-28", "2028-02-29", "2028-03-01"]
    t = timeline(date(2026, 12, 31), days=2, warm_up_ticks=HOUR)
    assert t.days() == (
        (date(2026, 12, 30), HOUR - DAY),
        (date(2026, 12, 31), HOUR),
        (date(2027, 1, 1), HOUR + DAY),
    )


def test_a_date_a_zone_skipped_has_no_day() -> None:
    t = timeline(date(2011, 12, 29), "Pacific/Apia", days=3)
    assert [day.day for day, _ in t.days()] == [29, 31]
    assert t.counted_to == 2 * DAY


def test_intervals_have_constant_length_from_midnight() -> None:
    t = timeline(date(2026, 3, 29), days=1)
    intervals = t.intervals(30 * MINUTE)
    assert len(intervals) == 46
    assert {i.end - i.begin for i in intervals} == {30 * MINUTE}
    assert [i.local.strftime("%H:%M") for i in intervals[:4]] == ["00:00", "00:30", "02:00", "02:30"]
    assert len(timeline(date(2026, 10, 25), days=1).intervals(15 * MINUTE)) == 100


def test_the_last_interval_of_an_odd_day_is_cut_at_midnight() -> None:
    t = timeline(date(2026, 10, 4), LORD_HOWE, days=2)
    lengths = [i.end - i.begin for i in t.intervals(HOUR)]
    assert lengths == [HOUR] * 23 + [30 * MINUTE] + [HOUR] * 24
    assert t.intervals(HOUR)[24].local.strftime("%d %H:%M") == "05 00:00"


def test_intervals_cover_counted_time_only_and_whole() -> None:
    t = timeline(date(2026, 3, 3), days=1, ticks=100 * MINUTE, warm_up_days=1, run_out_days=1)
    intervals = t.intervals(HOUR)
    assert intervals[0].begin == DAY
    assert intervals[-1][:2] == (2 * DAY + HOUR, 2 * DAY + 100 * MINUTE)
    assert all(a.end == b.begin for a, b in pairwise(intervals))


def test_an_interval_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="no length"):
        timeline(date(2026, 3, 3)).intervals(0)


ZONES = (LONDON, NEW_YORK, LORD_HOWE, "UTC", "Asia/Kathmandu", "America/Santiago", "Africa/Casablanca")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 3 * 366 * 24 * 60), st.integers(0, 59))
def test_a_local_time_leads_back_to_its_tick_or_to_the_first_of_two(zone: str, minutes: int, s: int) -> None:
    t = timeline(date(2026, 1, 1), zone)
    tick = minutes * MINUTE + s * SECOND
    local = t.local(tick)
    of_day = (local.replace(tzinfo=None) - datetime.combine(local.date(), datetime.min.time())) // timedelta(
        microseconds=1
    )
    back = t.tick(local.date(), of_day)
    assert (
        back == tick
        if local.fold == 0
        else t.local(back).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None, fold=0)
    )
    assert back <= tick


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 2 * DAY))
def test_a_wall_time_is_never_shown_before_it_is_due(zone: str, day: date, of_day: int) -> None:
    t = timeline(date(2026, 1, 1), zone)
    tick = t.tick(day, of_day)
    asked = datetime.combine(day, datetime.min.time()) + timedelta(microseconds=of_day)
    assert t.local(tick).replace(tzinfo=None) >= asked
    assert t.local(tick - 1).replace(tzinfo=None) < asked
    assert t.play_start.astimezone(ZoneInfo(zone)).hour == 0


#: Zones with changes of half an hour, at midnight, by a whole day, in winter, and of law from year to year.
ODD = ("Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca", "Asia/Beirut")


@pytest.mark.parametrize(
    "zone", [*ODD, "Europe/Istanbul", "America/St_Johns", "Atlantic/Azores", "Antarctica/Troll", "Asia/Pyongyang"]
)
def test_times_of_plain_days_are_those_the_zone_itself_gives(zone: str) -> None:
    t = timeline_of(Times(date(2010, 1, 1), zone, length_days=365 * 7, length_ticks=0))
    hours = [0, 1, 30 * MINUTE, HOUR, 2 * HOUR + MINUTE, 3 * HOUR, 12 * HOUR, 23 * HOUR + 30 * MINUTE, 26 * HOUR, -HOUR]
    for n in range(365 * 7):
        day = date(2010, 1, 1) + timedelta(days=n)
        for at in hours:
            wall = datetime.combine(day, time()) + timedelta(microseconds=at)
            asked = (instant(wall, zone_named(zone)) - t.play_start) // timedelta(microseconds=1)
            assert t.tick(day, at) == asked, (day, at)
