"""The table of issues: chance where chance is due, and nothing else moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from demand_desk import MONDAY, demand, issues, of_stream, scenario, steady, times, with_streams
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from test_fates import printed

from supportsim.demand import fates
from supportsim.demand import issues as issues_module
from supportsim.demand.blocks import blocks
from supportsim.demand.compiling import PLAIN
from supportsim.demand.points import COPY_WINDOW, DIGITS, ROWS, sort_places
from supportsim.scenario.model import (
    Backlog,
    Busyness,
    Calendar,
    Channel,
    Scenario,
    Segment,
    Stream,
    Topic,
    Trace,
)
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER, SECOND
from supportsim.scenario.timeline import Timeline

SEGMENTS = (Segment("people", None), Segment("named", 200, joins_per_month=300))


def trace(at: list[int], **columns: Any) -> Trace:
    blank = {name: np.full(len(at), -1) for name in ("segment", "topic", "channel", "handle", "wrap", "patience")}
    return Trace(at=np.array(at, dtype=np.int64), sha256="", **{**blank, **columns})


def traced(at: list[int], name: str = "t", volume: float = 1.0, **columns: Any) -> Stream:
    return Stream(name, "trace", "people", "general", trace=trace(at, **columns), volume=volume)


def waiting(count: int, oldest: int, name: str = "ticket+backlog+people") -> Stream:
    return Stream(name, "backlog", "people", "general", backlog=Backlog(count, oldest))


# Chance


def test_counts_of_cells_are_poisson_and_independent() -> None:
    prepared = demand(scenario(steady("s", 2.5), times=times(days=14)))
    counts = np.array([np.bincount(prepared.draw(1, r)["asked"] // HOUR, minlength=336) for r in range(60)]).ravel()
    expected = stats.poisson(2.5).pmf(np.arange(9)) * len(counts)
    expected = np.append(expected, len(counts) - expected.sum())
    assert stats.chisquare(np.bincount(np.minimum(counts, 9), minlength=10), expected).pvalue > 1e-4
    assert abs(np.corrcoef(counts[:-1], counts[1:])[0, 1]) < 4.5 / np.sqrt(len(counts))


def test_counts_of_busy_cells_are_poisson() -> None:
    prepared = demand(scenario(steady("s", 3000.0), times=times(days=7)))
    counts = np.concatenate([np.bincount(prepared.draw(1, r)["asked"] // HOUR, minlength=168) for r in range(4)])
    scores = (counts - 3000) / np.sqrt(3000)
    assert stats.kstest(scores, "norm").pvalue > 1e-4


def test_instants_are_uniform_in_their_cells() -> None:
    asked = issues(scenario(steady("s", 500.0)))["asked"]
    assert stats.kstest(asked % HOUR / HOUR, "uniform").pvalue > 1e-4


def test_gaps_of_a_rate_that_changes_are_exponential_in_its_own_time() -> None:
    """Time rescaled by the cumulated rate makes any such stream a Poisson process of rate 1."""
    pieces = tuple(
        (day, hour * HOUR, hour * HOUR + length * MINUTE, 20.0 + 15 * hour)
        for day in range(7)
        for hour, length in ((0, 60), (1, 20), (9, 45), (10, 60), (23, 60))
    )
    stream = Stream("s", "rate", "people", "general", rates=pieces)
    asked = issues(scenario(stream, times=times(days=28)))["asked"]
    edges = np.array([0, *sorted({e % DAY for _, b, end, _ in pieces for e in (b, end)} - {0}), DAY])
    rates = np.array([sum(r for _, b, e, r in pieces[:5] if b <= left < e) for left in edges[:-1]])
    cumulated = np.concatenate([[0.0], np.cumsum(rates * np.diff(edges) / HOUR)])
    rescaled = asked // DAY * cumulated[-1] + np.interp(asked % DAY, edges, cumulated)
    assert stats.kstest(np.diff(rescaled), "expon").pvalue > 1e-4


def test_replications_and_seeds_are_independent() -> None:
    prepared = demand(scenario(steady("s", 10.0)))
    counts = [np.bincount(prepared.draw(s, r)["asked"] // HOUR, minlength=168) for s in (1, 2) for r in (0, 1)]
    found = np.abs(np.corrcoef(counts)[np.triu_indices(4, 1)])
    assert found.max() < 4.5 / np.sqrt(168)
    assert np.array_equal(prepared.draw(1, 1), prepared.draw(1, 1))


# Nothing else moves

STREAMS = st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=6, unique=True)
RATES = st.sampled_from([0.0, 0.01, 0.3, 2.0])


def stream(name: str, rate: float = 1.0, volume: float = 1.0) -> Stream:
    segment = "named" if name in "ace" else "people"
    return steady(name, rate, volume=volume, segment=segment)


def desk(*streams: Stream, **other: Any) -> Scenario:
    other = {
        "segments": SEGMENTS,
        "busyness": Busyness(0.3, 0.5, "day", 0.1),
        "times": times(days=3),
        **other,
    }
    return scenario(*streams, **other)


@settings(max_examples=30)
@given(STREAMS, st.randoms(use_true_random=False), st.data())
def test_adding_removing_and_reordering_streams_leaves_all_others(names: list[str], rng: Any, data: Any) -> None:
    kept = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    rng.shuffle(kept)
    whole, part = desk(*map(stream, names)), desk(*map(stream, kept))
    all_rows, some_rows = issues(whole), issues(part)
    for name in kept:
        assert np.array_equal(of_stream(whole, all_rows, name), of_stream(part, some_rows, name))
    order = [stream.name for stream in whole.streams]
    common = [i for i, name in enumerate(order) if name in kept]
    assert np.array_equal(all_rows["key"][np.isin(all_rows["stream"], common)], some_rows["key"])


@settings(max_examples=30)
@given(STREAMS, st.floats(0, 3))
def test_rescaling_one_stream_leaves_all_others(names: list[str], volume: float) -> None:
    before = desk(*map(stream, names))
    after = with_streams(before, stream(names[0], volume=volume), *before.streams[1:])
    rows, moved = issues(before), issues(after)
    for name in names[1:]:
        assert np.array_equal(of_stream(before, rows, name), of_stream(after, moved, name))


def test_other_segments_topics_and_channels_leave_all_issues() -> None:
    def channel(name: str) -> Channel:
        return Channel(name, "live", Calendar("always", ((),) * 7, always=True))

    small = desk(stream("a"), replace(stream("b"), channel="phone"))
    large = replace(
        small,
        segments=(Segment("new", 5), SEGMENTS[1], Segment("another", None), SEGMENTS[0]),
        topics=(Topic("billing"), Topic("general")),
        channels=(channel("chat"), *small.channels),
    )
    few, many = issues(small), issues(large)
    for column in ("asked", "key", "customer", "stream"):
        assert np.array_equal(few[column], many[column])
    assert set(many["topic"]) == {1}
    assert set(many["segment"][many["stream"] == 0]) == {1}
    assert set(many["segment"][many["stream"] == 1]) == {3}
    assert set(many["channel"][many["stream"] == 0]) == {-1}
    assert set(many["channel"][many["stream"] == 1]) == {1}


def test_rescaling_one_segment_leaves_the_others() -> None:
    template = {"kind": "population", "topic": "general", "per_customer_month": 3.0}
    streams = [Stream(name, segment=name, **template) for name in ("small", "large")]  # type: ignore[arg-type]
    small = Segment("small", 50)
    before = scenario(*streams, segments=(small, Segment("large", 500)))
    after = scenario(*streams, segments=(small, Segment("large", 900)))
    rows, moved = issues(before), issues(after)
    assert np.array_equal(of_stream(before, rows, "small"), of_stream(after, moved, "small"))
    held = np.isin(rows["key"], moved["key"])
    assert held.all()
    assert len(moved) > len(rows)


@settings(max_examples=40)
@given(RATES, st.floats(0, 4), st.floats(0, 1), st.integers(0, 5))
def test_a_larger_volume_holds_the_same_issues_and_new_ones(rate: float, low: float, step: float, r: int) -> None:
    less, more = (
        issues(desk(stream("a", rate, volume), stream("b", rate, volume)), 1, r) for volume in (low, low + step)
    )
    known = np.isin(more["key"], less["key"])
    assert np.array_equal(more[known], less)


def test_a_tenth_more_volume_is_a_tenth_more_issues() -> None:
    less = issues(desk(stream("b", 500.0)))
    more = issues(desk(stream("b", 500.0, 1.1)))
    assert abs(len(more) - len(less) - 0.1 * len(less)) < 4.5 * np.sqrt(0.1 * len(less)) * 1.2


def test_an_earlier_start_or_a_longer_run_leaves_the_issues_of_a_date() -> None:
    def on_dates(start: date, days: int, warm_up: int, run_out: int) -> np.ndarray:
        span = times(start, days, "Europe/London", warm_up_days=warm_up, run_out_days=run_out)
        found = desk(replace(stream("b", 3.0), zone="America/New_York"), times=span)
        rows = issues(found)
        line = Timeline(found.times)
        first, last = line.tick(date(2026, 3, 28)), line.tick(date(2026, 3, 31))
        rows = rows[(rows["asked"] >= first) & (rows["asked"] < last)]
        rows["asked"] -= first
        return rows

    short = on_dates(date(2026, 3, 28), 3, 0, 0)
    assert len(short) > 150
    assert np.array_equal(short, on_dates(date(2026, 3, 28), 3, 9, 4))
    assert np.array_equal(short, on_dates(date(2026, 3, 20), 30, 0, 0))


def test_customers_who_grow_are_the_same_after_a_longer_warm_up() -> None:
    short = issues(desk(stream("a", 5.0), times=times(days=7)))
    long = issues(desk(stream("a", 5.0), times=times(days=7, warm_up_days=28)))
    later = long[long["asked"] >= 28 * DAY]
    assert np.array_equal(later["customer"], short["customer"])


# Order


def test_rows_are_sorted_by_instant_then_stream_name_then_cell() -> None:
    at = [0, 0, 5 * MINUTE, 5 * MINUTE, 5 * MINUTE]
    rows = issues(scenario(traced(at, "zebra"), traced(at, "ant"), traced(at, "mole")))
    assert list(rows["asked"]) == [0] * 6 + [5 * MINUTE] * 9
    assert list(rows["stream"]) == [1, 1, 2, 2, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0]
    first = [fates.entity("stream", "ant", row) for row in range(5)]
    assert list(rows["key"][rows["stream"] == 1]) == first


def sorted_places(asked: np.ndarray) -> np.ndarray:
    order, spare = np.empty(len(asked), dtype=np.int64), np.empty(len(asked), dtype=np.int64)
    sort_places(len(asked), asked, order, spare, np.empty(DIGITS, dtype=np.int64))
    return order


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=300),
    st.sampled_from([1, 1000, 10**12]),
    st.integers(-(10**14), 10**14),
)
def test_sorting_is_stable_whatever_the_instants(numbers: list[int], scale: int, shift: int) -> None:
    asked = np.array(numbers, dtype=np.int64) * scale + shift
    assert np.array_equal(sorted_places(asked), np.argsort(asked, kind="stable"))


@pytest.mark.skipif(PLAIN, reason="a million instants take a minute in plain Python")
def test_one_instant_far_away_does_not_make_sorting_the_others_slow() -> None:
    """All others share their two highest digits: setting them straight by steps would take a million million."""
    asked = np.append(np.arange(1_000_000, dtype=np.int64)[::-1] // 3, 10**15)
    assert np.array_equal(sorted_places(asked), np.argsort(asked, kind="stable"))


@pytest.mark.parametrize("spread", [10, 10**4, 10**13, 2**60])
def test_sorting_is_stable_for_many(spread: int) -> None:
    asked = (fates.uniforms(1, np.arange(50_000), 0, 1) ** 3 * spread).astype(np.int64)
    assert np.array_equal(sorted_places(asked), np.argsort(asked, kind="stable"))


WHOLE_HOURS = ("UTC", "Asia/Tokyo", "America/New_York")
HALF_HOURS = ("UTC", "Asia/Kolkata", "America/New_York")  # cells overlap: all of them make one block


def mixed_desk(zones: tuple[str, ...] = WHOLE_HOURS) -> Scenario:
    """Hourly cells of three zones, traces with copies and a backlog: blocks of every kind."""
    at = [hour * HOUR + 14 * MINUTE for hour in range(-30, 160)] * 3
    hourly = [steady(f"s{i}", 60.0 + i, zone=zone, segment="named") for i, zone in enumerate(zones)]
    return desk(*hourly, traced(at, "u", 1.7), traced(at, "b", 0.5), waiting(90, DAY), times=times(days=7))


@pytest.mark.parametrize("zones", [WHOLE_HOURS, HALF_HOURS])
def test_blocks_change_nothing(zones: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def one_block(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.arange(len(cells)), np.array([0, len(cells)])

    in_blocks = issues(mixed_desk(zones))
    assert len(in_blocks) > 20_000
    monkeypatch.setattr(issues_module, "blocks", one_block)
    assert np.array_equal(in_blocks, issues(mixed_desk(zones)))


def test_blocks_follow_each_other_and_hold_every_cell_once() -> None:
    cells = demand(mixed_desk()).cells
    visit, begins = blocks(cells)
    assert sorted(visit) == list(range(len(cells)))
    assert len(begins) > 3
    window = cells["begin"] // COPY_WINDOW * COPY_WINDOW
    first = np.where(cells["fixed"] == 1, window, cells["begin"])
    reached = -(10**18)
    for begin, end in pairwise(begins):
        its = visit[begin:end]
        assert np.all(np.diff(its) > 0)
        assert first[its].min() >= reached
        reached = (first[its] + np.where(cells["fixed"][its] == 1, 1, cells["length"][its])).max()


def test_more_issues_than_room_was_made_for_are_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    roomy = issues(mixed_desk())
    monkeypatch.setattr(issues_module, "_room", lambda expected: 1 + int(expected / 1000))
    assert np.array_equal(roomy, issues(mixed_desk()))


def test_keys_are_all_different() -> None:
    rows = issues(scenario(steady("a", 800.0), steady("b", 800.0)))
    assert len(np.unique(rows["key"])) == len(rows)


def test_machine_code_and_plain_python_give_the_same_table() -> None:
    assert printed(plain=True)["demand"] == printed(plain=False)["demand"]


def test_columns_are_those_of_the_engine() -> None:
    rows = issues(scenario(steady("a", 3.0)))
    assert rows.dtype == ROWS
    assert ROWS.isalignedstruct
    blank = {name: set(rows[name]) for name in ("customer", "aht", "handle", "wrap", "patience", "channel")}
    assert blank == {
        "customer": {-1},
        "aht": {0},
        "handle": {-1},
        "wrap": {-1},
        "patience": {-1},
        "channel": {-1},
    }


# Traces


def test_a_trace_arises_as_it_stands() -> None:
    stream_ = traced(
        [90 * SECOND, 30 * SECOND],
        segment=np.array([1, -1]),
        topic=np.array([-1, 0]),
        channel=np.array([0, -1]),
        handle=np.array([MINUTE, -1]),
        wrap=np.array([SECOND, -1]),
        patience=np.array([-1, NEVER]),
    )
    rows = issues(scenario(stream_, segments=SEGMENTS, times=times(warm_up_days=1)))
    assert list(rows["asked"]) == [DAY + 30 * SECOND, DAY + 90 * SECOND]
    assert list(rows["key"]) == [fates.entity("stream", "t", 1), fates.entity("stream", "t", 0)]
    assert list(rows["segment"]) == [0, 1]
    assert list(rows["channel"]) == [-1, 0]
    assert list(rows["handle"]) == [-1, MINUTE]
    assert list(rows["wrap"]) == [-1, SECOND]
    assert list(rows["patience"]) == [NEVER, -1]
    assert rows["customer"][0] == -1
    assert 0 <= rows["customer"][1] < 200


def test_rows_before_the_start_keep_their_age_and_rows_behind_the_end_are_left_out() -> None:
    rows = issues(scenario(traced([-HOUR, 0, 7 * DAY - 1, 7 * DAY]), busyness=Busyness(0.5)))
    assert list(rows["asked"]) == [-HOUR, 0, 7 * DAY - 1]


def test_volumes_of_traces_nest() -> None:
    at = list(range(0, 7 * DAY, 5 * MINUTE))
    rows = {volume: issues(scenario(traced(at, volume=volume))) for volume in (0.0, 0.4, 0.9, 1.0, 1.1, 2.0, 2.5)}
    assert len(rows[0.0]) == 0
    assert len(rows[1.0]) == len(at)
    assert len(rows[2.0]) == 2 * len(at)
    volumes = sorted(rows)
    for less, more in pairwise(volumes):
        assert np.isin(rows[less]["key"], rows[more]["key"]).all()
    for volume in (0.4, 0.9, 1.1, 2.5):
        share = volume % 1
        spread = np.sqrt(share * (1 - share) * len(at))
        assert abs(len(rows[volume]) - volume * len(at)) < 4.5 * spread
    assert len(np.unique(rows[2.5]["key"])) == len(rows[2.5])


def test_copies_of_a_trace_row_stay_in_its_quarter_of_an_hour() -> None:
    rows = issues(scenario(traced([61 * MINUTE] * 500, volume=3.0)))
    copies = rows["asked"][rows["asked"] != 61 * MINUTE]
    assert len(copies) == 1000
    assert copies.min() >= 60 * MINUTE
    assert copies.max() < 75 * MINUTE


# Backlogs


def test_a_backlog_waits_at_the_beginning_with_ages_spread_evenly() -> None:
    rows = issues(scenario(waiting(4, 2 * DAY), steady("s", 1.0), times=times(warm_up_days=1)))
    old = rows[rows["stream"] == 0]
    assert list(old["asked"]) == [-2 * DAY, -3 * DAY // 2, -DAY, -DAY // 2]
    assert np.all(rows["asked"][:4] < 0)
    assert np.all(rows["asked"][4:] >= 0)


def test_a_backlog_of_nothing_and_a_backlog_of_one() -> None:
    assert len(issues(scenario(waiting(0, DAY)))) == 0
    assert list(issues(scenario(waiting(1, DAY)))["asked"]) == [-DAY]


# Corners


def test_nothing_is_asked_where_nothing_is_expected() -> None:
    assert len(issues(scenario())) == 0
    assert len(issues(scenario(steady("s", 0.0)))) == 0
    assert len(issues(scenario(steady("s", 5.0, volume=0.0)))) == 0
    assert len(issues(scenario(traced([])))) == 0


def test_a_play_without_time_has_no_issues() -> None:
    assert len(issues(scenario(steady("s", 5.0), traced([0]), times=times(days=0)))) == 0


def test_the_clock_change_night_is_as_busy_as_its_hours() -> None:
    day = date(2026, 10, 25)
    span = times(day, 1, "Europe/London")
    prepared = demand(scenario(steady("s", 400.0, zone="Europe/London"), times=span))
    hours = np.array([np.bincount(prepared.draw(1, r)["asked"] // HOUR, minlength=25) for r in range(20)])
    assert hours.shape == (20, 25)
    assert abs(hours.sum() - 20 * 25 * 400) < 4.5 * np.sqrt(20 * 25 * 400)


def test_holidays_thin_the_issues_of_their_date_only() -> None:
    plain = issues(scenario(steady("s", 50.0)))
    holiday = MONDAY + timedelta(days=2)
    thinned = issues(scenario(steady("s", 50.0, holidays=(holiday,), holiday_volume=0.3)))
    on_it = plain["asked"] // DAY == 2
    assert np.array_equal(plain[~on_it], thinned[thinned["asked"] // DAY != 2])
    assert np.isin(thinned["key"], plain["key"]).all()
    left = (thinned["asked"] // DAY == 2).sum()
    assert abs(left - 0.3 * on_it.sum()) < 4.5 * np.sqrt(0.3 * on_it.sum())
