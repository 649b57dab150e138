"""Volumes: what each kind of source says of the cells of one day.

Volumes are looked up by the local time at which a cell begins; a day of 23 or 25 hours has as many cells as
fit into it, and its last one ends at midnight with its share of the count.  Plain Python, because `check` reads
volumes too and numpy would be a large part of its time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from supportsim.scenario.model import Cells, Profile, Stream
from supportsim.scenario.ticks import DAY, HOUR, MONTH, WEEK
from supportsim.scenario.timeline import Timeline

Ticks = tuple[int, ...]
Counts = tuple[float, ...]


class Day(NamedTuple):
    """A local date and its cells: offsets from midnight, true lengths, local times at which they begin."""

    ordinal: int
    weekday: int
    midnight: int
    offsets: Ticks
    lengths: Ticks
    clocks: Ticks


class Volume(NamedTuple):
    """What a source says of the cells of one day: counts, AHT in ticks, pieces per cell (empty: none)."""

    counts: Counts
    aht: Counts
    pieces: tuple[tuple[tuple[int, int, float], ...], ...] = ()


def local_days(timeline: Timeline, zone: str, grid: int) -> Iterator[Day]:
    """Every local date that touches the play, with its cells of length `grid`."""
    usual = _cells(DAY, grid)  # the same two tuples for nearly every day
    for day, midnight in timeline.days(zone):
        length = timeline.tick(day + timedelta(days=1), 0, zone) - midnight
        if length == DAY:
            yield Day(day.toordinal(), day.weekday(), midnight, *usual, usual[0])
            continue
        offsets, lengths = _cells(length, grid)  # only here do the clocks differ from the time passed since midnight
        clocks = tuple(_clock(timeline, midnight + offset, zone) for offset in offsets)
        yield Day(day.toordinal(), day.weekday(), midnight, offsets, lengths, clocks)


def _cells(length: int, grid: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Begins (since midnight) and lengths of the cells of a day of `length`."""
    offsets = tuple(range(0, length, grid))
    return offsets, tuple(min(grid, length - offset) for offset in offsets)


def _clock(timeline: Timeline, tick: int, zone: str) -> int:
    """The local time of day shown at `tick`, in ticks."""
    shown = timeline.local(tick, zone)
    passed = timedelta(hours=shown.hour, minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond)
    return passed // timedelta(microseconds=1)


def source(stream: Stream, profiles: Sequence[Profile]) -> tuple[int, Callable[[Day], Volume]]:
    """Length of the stream's cells, and its volume on a day before `volume`, holidays and customers."""
    if stream.kind == "population":
        named = {profile.name: profile for profile in profiles}
        return _weekly(*_population(stream, named[stream.profile] if stream.profile else None))
    if stream.kind == "rate":
        return _weekly(*_rate(stream))
    assert stream.cells is not None
    found = _forecast(stream.cells)
    return _weekly(*found) if stream.cells.repeats else found


def _weekly(grid: int, volume: Callable[[Day], Volume]) -> tuple[int, Callable[[Day], Volume]]:
    """The same, worked out once for all days that are alike: a year has few that are not those of a week."""
    known: dict[tuple[int, Ticks, Ticks], Volume] = {}

    def looked_up(day: Day) -> Volume:
        alike = (day.weekday, day.clocks, day.lengths)
        if alike not in known:
            known[alike] = volume(day)
        return known[alike]

    return grid, looked_up


def _population(stream: Stream, profile: Profile | None) -> tuple[int, Callable[[Day], Volume]]:
    """Per customer: contacts per month x length of a week / month x share of the week."""
    grid = HOUR if profile is None else profile.cell
    per_day = DAY // grid
    shares = (grid / WEEK,) * (7 * per_day) if profile is None else profile.shares
    weekly = stream.per_customer_month * WEEK / MONTH

    def volume(day: Day) -> Volume:
        first = day.weekday * per_day
        counts = tuple(
            weekly * shares[first + clock // grid] * (length / grid)
            for clock, length in zip(day.clocks, day.lengths, strict=True)
        )
        return Volume(counts, (0.0,) * len(counts))

    return grid, volume


def _rate(stream: Stream) -> tuple[int, Callable[[Day], Volume]]:
    """Cells of an hour; where the rate changes inside one, its issues lie in proportion to the rate."""
    windows: list[list[tuple[int, int, float]]] = [[] for _ in range(7)]
    for weekday, begin, end, rate in stream.rates:
        windows[weekday].append((begin, min(end, DAY), rate))
        if end > DAY:
            windows[(weekday + 1) % 7].append((0, end - DAY, rate))

    def volume(day: Day) -> Volume:
        own = sorted(windows[day.weekday])
        found = [_pieces(own, clock, length) for clock, length in zip(day.clocks, day.lengths, strict=True)]
        counts = tuple(count for count, _ in found)
        return Volume(counts, (0.0,) * len(counts), tuple(pieces for _, pieces in found))

    return HOUR, volume


def _pieces(
    windows: list[tuple[int, int, float]], clock: int, length: int
) -> tuple[float, tuple[tuple[int, int, float], ...]]:
    """Expected count of the cell that begins at local time `clock`, and its pieces (none: one rate)."""
    edges = {clock, clock + length}
    edges |= {edge for begin, end, _ in windows for edge in (begin, end) if clock < edge < clock + length}
    marks = sorted(edges)
    counts = [
        sum(rate for begin, end, rate in windows if begin <= left < end) * (right - left) / HOUR
        for left, right in pairwise(marks)
    ]
    total = math.fsum(counts)
    if total == 0 or len(counts) == 1:
        return total, ()
    pieces, reached = [], 0.0
    for (left, right), count in zip(pairwise(marks), counts, strict=True):
        reached += count / total
        if count > 0:
            pieces.append((left - clock, right - left, reached))
    return total, tuple(pieces)


def _forecast(cells: Cells) -> tuple[int, Callable[[Day], Volume]]:
    """Rows by local date and time.  A week without dates repeats like a profile.

    A dated row keeps its count on a clock-change day: a row whose time occurs twice is split between both
    cells, one whose time is skipped joins the first cell after it (at the end of a day, the last before it).
    """
    aht = cells.aht or (0.0,) * len(cells.counts)
    rows: dict[int, list[tuple[int, float, float]]] = {}
    for day, start, count, handle in zip(cells.days, cells.starts, cells.counts, aht, strict=True):
        rows.setdefault(day, []).append((start // cells.cell, count, handle))

    def volume(day: Day) -> Volume:
        counts, handles = [0.0] * len(day.clocks), [0.0] * len(day.clocks)
        places: dict[int, list[int]] = {}  # cells by the slot their clock shows
        for place, clock in enumerate(day.clocks):
            places.setdefault(clock // cells.cell, []).append(place)
        for slot, count, handle in rows.get(day.weekday if cells.repeats else day.ordinal, ()):
            its = places.get(slot, [])
            if not its and not cells.repeats:
                its = _nearest(places, slot)
            share = 1.0 if cells.repeats else 1.0 / max(len(its), 1)
            for place in its:
                counts[place] += count * share
                handles[place] = handle
        if cells.repeats:
            counts = [count * (length / cells.cell) for count, length in zip(counts, day.lengths, strict=True)]
        return Volume(tuple(counts), tuple(handles))

    return cells.cell, volume


def _nearest(places: dict[int, list[int]], slot: int) -> list[int]:
    """The first cell after a slot that the clocks skip; at the end of a day its last cell."""
    later = [own[0] for other, own in places.items() if other > slot]
    return [min(later)] if later else [own[-1] for own in list(places.values())[-1:]]
