"""Business hours against a second, naive clock that looks at every minute of the wall clock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportsim.scenario.business_clock import ALWAYS, OpenTicks, merged, open_ticks, without
from supportsim.scenario.model import Calendar, Times
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER
from supportsim.scenario.timeline import Timeline

MONDAY = date(2026, 3, 2)
Windows = tuple[tuple[int, int], ...]


def timeline(start: date = MONDAY, zone: str = "Europe/London", days: int = 7) -> Timeline:
    return Timeline(Times(start=start, zone=zone, length_days=days, length_ticks=0))


def every_day(*windows: tuple[int, int], **more: object) -> Calendar:
    return Calendar("office", (windows,) * 7, **more)  # type: ignore[arg-type]


def weekdays(*windows: tuple[int, int], **more: object) -> Calendar:
    return Calendar("office", (windows,) * 5 + ((), ()), **more)  # type: ignore[arg-type]


OFFICE = (9 * HOUR, 17 * HOUR)


def test_ends_are_half_open() -> None:
    office = open_ticks(weekdays(OFFICE), timeline())
    assert not office.is_open(9 * HOUR - 1)
    assert office.is_open(9 * HOUR)
    assert office.is_open(17 * HOUR - 1)
    assert not office.is_open(17 * HOUR)


def test_adding_gives_the_earliest_tick() -> None:
    office = open_ticks(weekdays(OFFICE), timeline())
    assert office.add(9 * HOUR, 8 * HOUR) == 17 * HOUR  # not Tuesday 09:00
    assert office.add(9 * HOUR, 8 * HOUR + 1) == DAY + 9 * HOUR + 1
    assert office.add(0, 1) == 9 * HOUR + 1
    assert office.add(4 * DAY + 16 * HOUR, 2 * HOUR) == 7 * DAY + 10 * HOUR  # over the weekend


def test_adding_nothing_stays_where_it_is_even_when_closed() -> None:
    office = open_ticks(weekdays(OFFICE), timeline())
    assert office.add(3 * HOUR, 0) == 3 * HOUR
    assert office.add(17 * HOUR, 0) == 17 * HOUR


def test_going_back_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot go back"):
        ALWAYS.add(0, -1)


def test_counting_back_gives_the_latest_tick() -> None:
    office = open_ticks(weekdays(OFFICE), timeline())
    assert office.back(17 * HOUR, 8 * HOUR) == 9 * HOUR
    assert office.back(DAY + 10 * HOUR, 2 * HOUR) == 16 * HOUR  # one of Tuesday, one of Monday
    assert office.back(DAY + 10 * HOUR, HOUR) == DAY + 9 * HOUR  # not Monday 17:00
    assert office.back(6 * DAY, HOUR) == 4 * DAY + 16 * HOUR  # from Sunday
    assert office.back(3 * HOUR, 0) == 3 * HOUR
    assert office.back(0, 10_000 * HOUR) == -NEVER
    assert ALWAYS.back(5, 9) == -4
    with pytest.raises(ValueError, match="cannot count"):
        ALWAYS.back(0, -1)


def test_elapsed_counts_open_ticks_only() -> None:
    office = open_ticks(weekdays(OFFICE), timeline())
    assert office.elapsed(0, 7 * DAY) == 40 * HOUR
    assert office.elapsed(10 * HOUR, DAY + 10 * HOUR) == 8 * HOUR
    assert office.elapsed(18 * HOUR, 20 * HOUR) == 0
    assert office.elapsed(11 * HOUR, 10 * HOUR) == 0


def test_the_next_opening_is_now_while_open() -> None:
    office = open_ticks(weekdays(OFFICE), timeline())
    assert office.next_opening(10 * HOUR) == 10 * HOUR
    assert office.next_opening(17 * HOUR) == DAY + 9 * HOUR
    assert office.next_opening(5 * DAY) == 7 * DAY + 9 * HOUR


def test_always_is_open_at_every_tick_and_adds_as_it_is() -> None:
    always = open_ticks(Calendar("always", (), always=True), timeline())
    assert always is ALWAYS
    assert always.is_open(-5 * DAY)
    assert always.add(-5, 7) == 2
    assert always.add(5, NEVER) == NEVER
    assert always.elapsed(-5, 5) == 10
    assert always.next_opening(3) == 3
    assert always.add(NEVER, 3) == NEVER


def test_a_calendar_that_never_opens_never_comes_round() -> None:
    shut = open_ticks(every_day(), timeline())
    assert shut == OpenTicks((), ())
    assert shut.add(0, 1) == NEVER
    assert shut.next_opening(0) == NEVER
    assert shut.elapsed(0, NEVER) == 0
    assert not shut.is_open(0)


def test_windows_to_24_00_merge_over_midnight() -> None:
    week = open_ticks(every_day((0, 24 * HOUR)), timeline(), beyond=0)
    assert len(week.begins) == 1
    assert (week.begins[0], week.ends[0]) == (-DAY, 7 * DAY)
    pair = open_ticks(every_day((0, 2 * HOUR), (22 * HOUR, 24 * HOUR)), timeline(days=2), beyond=0)
    assert list(zip(pair.begins, pair.ends, strict=True)) == [
        (-DAY, -22 * HOUR),
        (-2 * HOUR, 2 * HOUR),
        (22 * HOUR, 26 * HOUR),
        (46 * HOUR, 48 * HOUR),
    ]


def test_windows_of_a_day_that_touch_or_overlap_are_one() -> None:
    day = open_ticks(every_day((9 * HOUR, 12 * HOUR), (12 * HOUR, 14 * HOUR), (13 * HOUR, 15 * HOUR)), timeline())
    assert day.elapsed(0, DAY) == 6 * HOUR
    assert day.add(9 * HOUR, 3 * HOUR + 1) == 12 * HOUR + 1


def test_a_window_may_cross_midnight() -> None:
    night = open_ticks(weekdays((22 * HOUR, 30 * HOUR)), timeline())
    assert not night.is_open(5 * HOUR)  # Monday morning: nothing began on Sunday
    assert night.is_open(DAY + 5 * HOUR)
    assert night.is_open(5 * DAY + 5 * HOUR)  # Saturday morning, begun on Friday
    assert night.elapsed(0, 7 * DAY) == 40 * HOUR


def test_the_window_of_the_day_before_play_is_open_at_its_begin() -> None:
    night = open_ticks(every_day((22 * HOUR, 30 * HOUR)), timeline(), beyond=0)
    assert night.is_open(0)
    assert night.elapsed(0, DAY) == 8 * HOUR


def test_a_holiday_closes_its_own_local_day_and_no_other() -> None:
    tuesday = MONDAY + timedelta(days=1)
    office = open_ticks(weekdays(OFFICE, holidays=(tuesday, tuesday, date(1999, 1, 1))), timeline())
    assert office.elapsed(0, 7 * DAY) == 32 * HOUR
    assert office.add(9 * HOUR, 8 * HOUR + 1) == 2 * DAY + 9 * HOUR + 1
    night = open_ticks(every_day((22 * HOUR, 30 * HOUR), holidays=(tuesday,)), timeline())
    assert not night.is_open(DAY)  # the morning of the holiday, begun the evening before
    assert not night.is_open(DAY + 23 * HOUR)
    assert night.is_open(2 * DAY)  # the window of the holiday runs on into Wednesday
    assert night.add(22 * HOUR, 2 * HOUR) == DAY


def test_a_holiday_in_another_zone_closes_that_zones_day() -> None:
    office = every_day((0, 24 * HOUR), holidays=(MONDAY,), zone="America/New_York")
    clock = open_ticks(office, timeline())
    assert clock.is_open(5 * HOUR - 1)
    assert not clock.is_open(5 * HOUR)
    assert not clock.is_open(29 * HOUR - 1)
    assert clock.is_open(29 * HOUR)


@pytest.mark.parametrize(
    ("zone", "night", "length"),
    [
        ("Europe/London", date(2026, 3, 29), 3 * HOUR),
        ("Europe/London", date(2026, 10, 25), 5 * HOUR),
        ("America/New_York", date(2026, 3, 8), 3 * HOUR),
        ("America/New_York", date(2026, 11, 1), 5 * HOUR),
        ("Australia/Lord_Howe", date(2026, 10, 4), 3 * HOUR + 30 * MINUTE),
        ("Australia/Lord_Howe", date(2026, 4, 5), 4 * HOUR + 30 * MINUTE),
    ],
)
def test_a_window_around_a_clock_change_has_its_true_length(zone: str, night: date, length: int) -> None:
    clock = open_ticks(every_day((0, 4 * HOUR), zone=zone), timeline(night, zone, days=1))
    assert clock.elapsed(0, 12 * HOUR) == length
    assert clock.add(0, length) == length


def test_a_window_the_clock_jumps_over_is_empty() -> None:
    gone = every_day((HOUR, 2 * HOUR), zone="Europe/London")
    clock = open_ticks(gone, timeline(date(2026, 3, 29), days=2), beyond=0)
    assert clock.elapsed(0, 23 * HOUR) == 0
    assert clock.next_opening(0) == 24 * HOUR


def test_windows_reach_sixty_days_beyond_both_ends() -> None:
    office = open_ticks(every_day(OFFICE), timeline(days=1))
    assert office.begins[0] <= -59 * DAY
    assert office.ends[-1] >= 60 * DAY
    assert office.elapsed(-10 * DAY, 0) == 80 * HOUR
    assert office.add(0, 8 * 60 * HOUR) == 59 * DAY + 17 * HOUR
    assert office.add(0, 8 * 1000 * HOUR) == NEVER


def test_windows_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValueError, match="does not end after it begins"):
        open_ticks(every_day((22 * HOUR, 6 * HOUR)), timeline())
    with pytest.raises(ValueError, match="sorted"):
        OpenTicks((0, 5), (5, 9))
    with pytest.raises(ValueError, match="sorted"):
        OpenTicks((3,), (3,))


def test_cutting_holes() -> None:
    assert without([(0, 10), (20, 30)], [(5, 25)]) == [(0, 5), (25, 30)]
    assert without([(0, 10)], [(0, 10)]) == []
    assert without([(0, 10)], [(2, 3), (4, 5)]) == [(0, 2), (3, 4), (5, 10)]
    assert without([(0, 10)], [(2, 3), (5, 12)]) == [(0, 2), (3, 5)]
    assert without([(4, 6)], [(0, 1), (8, 9)]) == [(4, 6)]
    assert without([(0, 4), (5, 9), (20, 30)], [(1, 2), (3, 6), (8, 21)]) == [(0, 1), (2, 3), (6, 8), (21, 30)]
    assert merged([(5, 9), (0, 2), (2, 4), (7, 8), (3, 3)]) == [(0, 4), (5, 9)]


# ---- the naive clock: every minute of the wall clock is looked at by itself ------------------------------


def naive_minutes(calendar: Calendar, t: Timeline, days: int) -> list[bool]:
    """Whether each minute of `days` x 24 h since tick 0 is open, from what the clock on the wall shows.

    Right wherever windows begin and end on whole minutes and no clock change is near.
    """
    found = []
    for minute in range(days * 24 * 60):
        local = t.local(minute * MINUTE, calendar.zone)
        of_day = (local.hour * 60 + local.minute) * MINUTE
        own = calendar.days[local.weekday()]
        before = calendar.days[(local.weekday() - 1) % 7]
        inside = any(b <= of_day < e for b, e in own) or any(b <= of_day + DAY < e for b, e in before)
        found.append(inside and local.date() not in calendar.holidays)
    return found


minutes_of_day = st.integers(0, 24 * 60 - 1)
window = st.tuples(minutes_of_day, st.integers(1, 14 * 60)).map(
    lambda pair: (pair[0] * MINUTE, (pair[0] + pair[1]) * MINUTE)
)
calendars = st.builds(
    lambda days, holidays, zone: Calendar(
        "any", tuple(map(tuple, days)), tuple(MONDAY + timedelta(days=h) for h in holidays), zone
    ),
    st.lists(st.lists(window, max_size=3), min_size=7, max_size=7),
    st.lists(st.integers(0, 9), max_size=3),
    st.sampled_from(["Europe/London", "UTC", "America/New_York", "Asia/Kathmandu"]),
)


@settings(max_examples=25, deadline=None)
@given(calendars, st.data())
def test_agrees_with_a_clock_that_looks_at_every_minute(calendar: Calendar, data: st.DataObject) -> None:
    t = timeline(days=4)
    clock = open_ticks(calendar, t)
    naive = naive_minutes(calendar, t, 4)
    assert [clock.is_open(m * MINUTE) for m in range(len(naive))] == naive
    assert [clock.is_open((m + 1) * MINUTE - 1) for m in range(len(naive))] == naive
    a = data.draw(st.integers(0, len(naive) - 1))
    b = data.draw(st.integers(a, len(naive) - 1))
    opened = sum(naive[a:b])
    assert clock.elapsed(a * MINUTE, b * MINUTE) == opened * MINUTE
    if opened:
        last = max(m for m in range(a, b) if naive[m])
        assert clock.add(a * MINUTE, opened * MINUTE) == (last + 1) * MINUTE
    later = next((m for m in range(a, len(naive)) if naive[m]), None)
    if later is not None:
        assert clock.next_opening(a * MINUTE) == later * MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars, st.integers(0, 7 * DAY), st.integers(1, 80 * HOUR))
def test_adding_and_elapsing_are_inverse_and_adding_is_earliest(calendar: Calendar, t: int, n: int) -> None:
    clock = open_ticks(calendar, timeline())
    due = clock.add(t, n)
    if due < NEVER:
        assert clock.elapsed(t, due) == n
        assert clock.elapsed(t, due - 1) == n - 1
        assert clock.is_open(due - 1)
        assert clock.elapsed(clock.back(due, n), due) == n > clock.elapsed(clock.back(due, n) + 1, due)
    else:
        assert clock.elapsed(t, 60 * DAY) < n


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
def test_around_clock_changes_what_the_wall_shows_decides(zone: str) -> None:
    """Windows that hold no missing or doubled edge: the naive clock is right through both nights."""
    calendar = Calendar("any", (((0, 30 * MINUTE), (5 * HOUR, 6 * HOUR), (23 * HOUR, 25 * HOUR)),) * 7, (), zone)
    for start in (
        date(2026, 3, 7),
        date(2026, 3, 28),
        date(2026, 4, 4),
        date(2026, 10, 3),
        date(2026, 10, 24),
    ):
        t = timeline(start, zone)
        naive = naive_minutes(calendar, t, 3)
        clock = open_ticks(calendar, t)
        assert [clock.is_open(m * MINUTE) for m in range(len(naive))] == naive
