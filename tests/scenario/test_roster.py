"""People, spans and breaks: names, midnight, clock changes, spreading, merging."""

from __future__ import annotations

from collections import Counter
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportsim.scenario.model import Break, Scenario, Shift, Team, Times
from supportsim.scenario.roster import (
    MARK,
    Rest,
    Span,
    agents,
    break_begin,
    paid_ticks,
    present_ticks,
    spans,
)
from supportsim.scenario.ticks import DAY, HOUR, MINUTE
from supportsim.scenario.timeline import Timeline

MONDAY = date(2026, 3, 2)
LUNCH = Break(30 * MINUTE, False, 11 * HOUR + 30 * MINUTE, 14 * HOUR)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def shift(begin: int = 8 * HOUR, end: int = 16 * HOUR, heads: int = 1, *breaks: Break, **more: object) -> Shift:
    fields = {"name": "early", "weekdays": EVERY_DAY, "zone": "UTC", **more}
    return Shift(begin=begin, end=end, agents=heads, breaks=breaks, **fields)  # type: ignore[arg-type]


def team(*shifts: Shift, heads: int | None = None, name: str = "frontline") -> Team:
    return Team(name, (), (), heads, shifts)


def desk(*teams: Team) -> Scenario:
    return cast(Scenario, SimpleNamespace(teams=teams))


def timeline(start: date = MONDAY, days: int = 1, zone: str = "UTC", **more: int) -> Timeline:
    return Timeline(Times(start=start, zone=zone, length_days=days, length_ticks=0, **more))


def test_people_are_named_by_team_shift_line_and_position() -> None:
    people = agents(desk(team(shift(heads=2), shift(heads=1, name="late")), team(heads=2, name="back")))
    assert [a.name for a in people] == [
        "frontline/early/1",
        "frontline/early/2",
        "frontline/late/1",
        "back/1",
        "back/2",
    ]
    assert [tuple(a[:3]) for a in people] == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (1, -1, 0), (1, -1, 1)]


def test_adding_to_one_shift_renames_nobody_else() -> None:
    before = {a.name for a in agents(desk(team(shift(heads=2), shift(heads=3, name="late"))))}
    after = {a.name for a in agents(desk(team(shift(heads=3), shift(heads=3, name="late"))))}
    assert after - before == {"frontline/early/3"}
    assert before <= after


def test_the_always_present_have_one_span() -> None:
    assert spans(desk(team(heads=1)), timeline(days=2)) == (Span(0, MONDAY, 0, 2 * DAY, ()),)


def test_nobody_has_no_span() -> None:
    assert spans(desk(team(heads=0)), timeline()) == ()
    assert spans(desk(team(shift(heads=0))), timeline()) == ()


def test_weekdays_and_days_off() -> None:
    line = shift(weekdays=(0, 1, 2), off_days=(date(2026, 3, 3),))
    found = spans(desk(team(line)), timeline(days=7))
    assert [span.date.day for span in found] == [2, 4]
    assert found[1].begin == 2 * DAY + 8 * HOUR


def test_spans_are_sorted_by_agent_and_begin() -> None:
    found = spans(desk(team(shift(heads=2)), team(heads=1)), timeline(days=2))
    assert [(span.agent, span.date.day) for span in found] == [(0, 2), (0, 3), (1, 2), (1, 3), (2, 2)]


def test_a_shift_may_cross_midnight_and_play_may_begin_in_its_middle() -> None:
    night = shift(22 * HOUR, 30 * HOUR)
    found = spans(desk(team(night)), timeline(days=2))
    assert [(span.date.isoformat(), span.begin, span.end) for span in found] == [
        ("2026-03-01", 0, 6 * HOUR),
        ("2026-03-02", 22 * HOUR, 30 * HOUR),
        ("2026-03-03", 46 * HOUR, 54 * HOUR),
    ]


def test_spans_that_only_touch_the_ends_of_play_are_dropped() -> None:
    found = spans(desk(team(shift(16 * HOUR, 24 * HOUR))), timeline())
    assert [(span.begin, span.end) for span in found] == [(16 * HOUR, 24 * HOUR)]
    assert spans(desk(team(shift(0, 8 * HOUR))), timeline())[-1].begin == 0


@pytest.mark.parametrize(
    ("zone", "evening", "paid"),
    [
        ("Europe/London", date(2026, 3, 28), 7 * HOUR),
        ("Europe/London", date(2026, 10, 24), 9 * HOUR),
        ("America/New_York", date(2026, 3, 7), 7 * HOUR),
        ("America/New_York", date(2026, 10, 31), 9 * HOUR),
        ("Australia/Lord_Howe", date(2026, 10, 3), 7 * HOUR + 30 * MINUTE),
        ("Australia/Lord_Howe", date(2026, 4, 4), 8 * HOUR + 30 * MINUTE),
    ],
)
def test_a_clock_change_night_has_its_true_length(zone: str, evening: date, paid: int) -> None:
    night = shift(22 * HOUR, 30 * HOUR, zone=zone)
    span = spans(desk(team(night)), timeline(evening, days=1, zone=zone))[-1]
    assert span.date == evening
    assert paid_ticks(span) == paid


def test_breaks_in_a_clock_change_night_follow_the_wall() -> None:
    tea = Break(15 * MINUTE, True, 28 * HOUR, 28 * HOUR)
    night = shift(22 * HOUR, 30 * HOUR, 1, tea, zone="Europe/London")
    found = spans(desk(team(night)), timeline(date(2026, 3, 28), zone="Europe/London"))
    assert found[-1].rests == (Rest(27 * HOUR, 15 * MINUTE, True),)
    assert found[-1].end == 29 * HOUR


def test_two_zones_on_one_roster() -> None:
    found = spans(desk(team(shift(), shift(name="us", zone="America/New_York"))), timeline())
    assert [(span.agent, span.begin) for span in found] == [(0, 8 * HOUR), (1, 13 * HOUR)]


def test_touching_and_overlapping_spans_are_one() -> None:
    round_the_clock = shift(0, 24 * HOUR, 1, Break(HOUR, False, 12 * HOUR, 12 * HOUR))
    (span,) = spans(desk(team(round_the_clock)), timeline(days=3))
    assert (span.date, span.begin, span.end) == (MONDAY, 0, 3 * DAY)
    assert [rest.due for rest in span.rests] == [12 * HOUR, 36 * HOUR, 60 * HOUR]
    (span,) = spans(desk(team(shift(6 * HOUR, 32 * HOUR))), timeline(days=2))
    assert (span.date.day, span.begin, span.end) == (1, 0, 56 * HOUR)


# ---- breaks --------------------------------------------------------------------------------------------


def test_a_break_at_a_time_is_the_same_for_all() -> None:
    noon = Break(30 * MINUTE, True, 12 * HOUR, 12 * HOUR)
    found = spans(desk(team(shift(8 * HOUR, 16 * HOUR, 3, noon))), timeline())
    assert {span.rests for span in found} == {(Rest(12 * HOUR, 30 * MINUTE, True),)}


def begins(rest: Break, heads: int) -> list[int]:
    return [break_begin(rest, p, heads) // MINUTE for p in range(heads)]


def test_spread_breaks_by_hand() -> None:
    window = Break(30 * MINUTE, False, 12 * HOUR, 13 * HOUR)  # marks 12:00, 12:05, ... 12:30: seven
    assert begins(window, 1) == [735]  # the middle one
    assert begins(window, 2) == [725, 745]  # floor(7/4) = 1, floor(21/4) = 5
    assert begins(window, 7) == [720, 725, 730, 735, 740, 745, 750]
    assert Counter(begins(window, 21)) == Counter(dict.fromkeys(range(720, 751, 5), 3))


def test_fourteen_lunches_use_the_whole_window() -> None:
    lunches = begins(LUNCH, 14)
    assert (lunches[0], lunches[-1]) == (11 * 60 + 30, 13 * 60 + 30)
    assert len(set(lunches)) == 14


def test_a_window_off_the_marks() -> None:
    odd = Break(10 * MINUTE, False, 12 * HOUR + 2 * MINUTE, 12 * HOUR + 21 * MINUTE)  # 12:05, 12:10
    assert begins(odd, 2) == [725, 730]
    narrow = Break(10 * MINUTE, False, 12 * HOUR + 2 * MINUTE, 12 * HOUR + 13 * MINUTE)
    assert begins(narrow, 2) == [722, 722]
    exact = Break(30 * MINUTE, False, 12 * HOUR, 12 * HOUR + 30 * MINUTE)
    assert begins(exact, 3) == [720, 720, 720]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1400), st.integers(0, 300), st.integers(1, 90), st.integers(1, 60))
def test_spread_breaks_lie_inside_on_marks_in_order_and_even(a: int, slack: int, d: int, heads: int) -> None:
    window = Break(d * MINUTE, False, a * MINUTE, (a + d + slack) * MINUTE)
    found = [break_begin(window, p, heads) for p in range(heads)]
    assert found == sorted(found)
    assert min(found) >= window.earliest
    assert max(found) + window.length <= window.latest
    marks = [m for m in range(0, window.latest, MARK) if window.earliest <= m <= window.latest - window.length]
    if marks and slack:
        assert set(found) <= set(marks)
        uses = [Counter(found)[m] for m in marks]
        assert max(uses) - min(uses) <= 1
        assert (
            found[0] - marks[0] == marks[-1] - found[-1] or abs((found[0] - marks[0]) - (marks[-1] - found[-1])) <= MARK
        )


def test_breaks_that_would_overlap_follow_one_another_in_due_order() -> None:
    tea = Break(15 * MINUTE, True, 11 * HOUR + 50 * MINUTE, 11 * HOUR + 50 * MINUTE)
    lunch = Break(30 * MINUTE, False, 11 * HOUR + 30 * MINUTE, 11 * HOUR + 30 * MINUTE)
    (span,) = spans(desk(team(shift(8 * HOUR, 16 * HOUR, 1, tea, lunch))), timeline())
    assert span.rests == (
        Rest(11 * HOUR + 30 * MINUTE, 30 * MINUTE, False),
        Rest(12 * HOUR, 15 * MINUTE, True),
    )


def test_two_breaks_due_at_once_come_as_declared() -> None:
    a = Break(10 * MINUTE, True, 12 * HOUR, 12 * HOUR)
    b = Break(20 * MINUTE, False, 12 * HOUR, 12 * HOUR)
    (span,) = spans(desk(team(shift(8 * HOUR, 16 * HOUR, 1, a, b))), timeline())
    assert [rest.due for rest in span.rests] == [12 * HOUR, 12 * HOUR + 10 * MINUTE]
    assert [rest.paid for rest in span.rests] == [True, False]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(480, 900), st.integers(0, 120), st.integers(5, 60)), max_size=4),
    st.integers(1, 12),
)
def test_no_two_breaks_of_one_agent_overlap(windows: list[tuple[int, int, int]], heads: int) -> None:
    rests = tuple(Break(d * MINUTE, False, a * MINUTE, (a + d + w) * MINUTE) for a, w, d in windows)
    for span in spans(desk(team(shift(8 * HOUR, 20 * HOUR, heads, *rests))), timeline()):
        assert len(span.rests) == len(rests)
        for one, two in zip(span.rests, span.rests[1:], strict=False):
            assert one.due + one.length <= two.due


def test_a_break_running_when_play_begins_lasts_for_what_is_left() -> None:
    rests = (
        Break(30 * MINUTE, True, 22 * HOUR, 22 * HOUR),
        Break(30 * MINUTE, True, 23 * HOUR + 50 * MINUTE, 23 * HOUR + 50 * MINUTE),
        Break(30 * MINUTE, True, 26 * HOUR, 26 * HOUR),
    )
    span = spans(desk(team(shift(22 * HOUR, 30 * HOUR, 1, *rests))), timeline())[0]
    assert span.rests == (Rest(0, 20 * MINUTE, True), Rest(2 * HOUR, 30 * MINUTE, True))


# ---- hours ---------------------------------------------------------------------------------------------


def test_unpaid_breaks_are_not_paid_and_paid_ones_are_not_presence() -> None:
    tea = Break(15 * MINUTE, True, 10 * HOUR, 10 * HOUR)
    lunch = Break(30 * MINUTE, False, 12 * HOUR, 12 * HOUR)
    (span,) = spans(desk(team(shift(8 * HOUR, 16 * HOUR, 1, tea, lunch))), timeline())
    assert paid_ticks(span) == 7 * HOUR + 30 * MINUTE
    assert present_ticks(span) == 7 * HOUR + 15 * MINUTE
    assert paid_ticks(span, 12 * HOUR + 10 * MINUTE) == 3 * HOUR + 30 * MINUTE
    assert paid_ticks(span, 0, 12 * HOUR + 10 * MINUTE) == 4 * HOUR
    assert paid_ticks(span, 17 * HOUR, 18 * HOUR) == 0


# ---- shifts in some weeks, from a date, until a date ------------------------------------------------------

MONDAYS = (0,)


def days_of(line: Shift, **more: object) -> list[str]:
    return [f"{span.date:%d %b}" for span in spans(desk(team(line)), timeline(**more))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ((1, 1), ["14 Dec", "21 Dec", "28 Dec", "04 Jan", "11 Jan", "18 Jan"]),
        ((1, 2), ["14 Dec", "28 Dec", "11 Jan"]),
        ((2, 2), ["21 Dec", "04 Jan", "18 Jan"]),
        ((3, 3), ["28 Dec", "18 Jan"]),
        ((6, 52), ["18 Jan"]),
    ],
)
def test_weeks_count_on_across_a_year_of_53_weeks(weeks: tuple[int, int], expected: list[str]) -> None:
    assert days_of(shift(weeks=weeks, weekdays=MONDAYS), start=date(2026, 12, 14), days=42) == expected


def test_weeks_count_from_that_of_the_counted_start_and_backwards_in_the_warm_up() -> None:
    line = shift(weeks=(1, 2), weekdays=MONDAYS)
    wednesday = date(2027, 1, 6)
    assert days_of(line, start=wednesday, days=14, warm_up_days=21) == ["21 Dec", "04 Jan", "18 Jan"]


def test_weeks_count_from_that_of_the_first_date() -> None:
    thursday = date(2026, 12, 31)
    line = shift(weeks=(1, 2), first=thursday, weekdays=(0, 4))
    assert days_of(line, start=date(2026, 12, 14), days=42) == ["01 Jan", "11 Jan", "15 Jan"]


def test_a_shift_begins_on_its_first_date_and_no_more_on_its_last() -> None:
    line = shift(first=date(2026, 3, 4), until=date(2026, 3, 6))
    assert days_of(line, days=7) == ["04 Mar", "05 Mar"]
    assert days_of(shift(until=date(2026, 3, 3)), days=3) == ["02 Mar"]


def test_the_night_before_the_until_date_is_worked_to_its_end() -> None:
    night = shift(22 * HOUR, 30 * HOUR, until=date(2026, 3, 3), weekdays=(0, 1, 2))
    (span,) = spans(desk(team(night)), timeline(days=3))
    assert (span.begin, span.end) == (22 * HOUR, 30 * HOUR)


def test_a_night_of_the_week_before_reaches_into_play_only_in_its_weeks() -> None:
    for weeks, expected in (((1, 2), [(6 * DAY + 22 * HOUR)]), ((2, 2), [0])):
        line = shift(22 * HOUR, 30 * HOUR, weeks=weeks, weekdays=(6,))
        assert [span.begin for span in spans(desk(team(line)), timeline(days=7))] == expected


# ---- heads ---------------------------------------------------------------------------------------------


def test_heads_are_as_many_people_as_the_curve_has_at_most_and_have_no_spans() -> None:
    curve = Team("partner", (), (), None, (), heads=((0, 2), (HOUR, 3), (2 * HOUR, 0)))
    scenario = desk(curve, team(heads=1, name="back"))
    assert [tuple(agent) for agent in agents(scenario)] == [
        (0, -1, 0, "partner/heads/1"),
        (0, -1, 1, "partner/heads/2"),
        (0, -1, 2, "partner/heads/3"),
        (1, -1, 0, "back/1"),
    ]
    assert spans(scenario, timeline()) == (Span(3, MONDAY, 0, DAY, ()),)


def test_a_curve_of_nobody_has_nobody() -> None:
    assert agents(desk(Team("partner", (), (), None, (), heads=()))) == ()
