"""Expected issues of a stream on given intervals, without drawing anything and without the compiler."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.volumes import Day, Volume, local_days, source
from supportsim.scenario.model import Scenario, Stream
from supportsim.scenario.ticks import MONTH
from supportsim.scenario.timeline import Timeline

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """Issues of one stream that share segment, topic and first channel."""

    segment: str
    topic: str
    channel: str | None  # None: by the segment's plan
    arising: Vector  # expected issues per interval
    aht: float = 0.0  # mean ticks the rows of a forecast state; 0: none
    handle: float = 0.0  # mean ticks of work the rows of a trace state; 0: drawn


class Piece(NamedTuple):
    """Expected issues, spread evenly over [begin, end) ticks."""

    begin: int
    end: int
    issues: float
    aht: float


Days = dict[tuple[str, int], list[Day]]  # by zone and length of cells


def parts(scenario: Scenario, timeline: Timeline, stream: Stream, edges: Vector, days: Days) -> list[Part]:
    """The issues of `stream` expected in each interval between `edges` (ticks); `days` is kept between calls."""
    if stream.kind == "backlog":
        return []
    if stream.kind == "trace":
        return list(_rows(scenario, timeline, stream, edges))
    pieces = list(_pieces(scenario, timeline, stream, days))
    stating = [piece for piece in pieces if piece.aht]
    weight = sum(piece.issues for piece in stating)
    aht = sum(piece.issues * piece.aht for piece in stating) / weight if weight else 0.0
    return [Part(stream.segment, stream.topic, stream.channel, _spread(pieces, edges), aht)]


def _spread(pieces: list[Piece], edges: Vector) -> Vector:
    """Issues of `pieces` (in order of time, disjoint) falling between `edges`."""
    if not pieces:
        return np.zeros(len(edges) - 1)
    bounds = np.array([bound for piece in pieces for bound in (piece.begin, piece.end)], dtype=np.float64)
    counts = np.array([(0.0, piece.issues) for piece in pieces]).ravel()
    return np.diff(np.interp(edges, bounds, np.cumsum(counts)))


def _pieces(scenario: Scenario, timeline: Timeline, stream: Stream, days: Days) -> Iterator[Piece]:
    grid, volume_of = source(stream, scenario.profiles)
    holidays = {day.toordinal() for day in stream.holidays}
    if (stream.zone, grid) not in days:
        days[stream.zone, grid] = list(local_days(timeline, stream.zone, grid))
    for day in days[stream.zone, grid]:
        factor = stream.volume * (stream.holiday_volume if day.ordinal in holidays else 1.0)
        if stream.kind == "population":
            factor *= _customers(scenario, stream, day.midnight - timeline.counted_from)
        yield from _of_day(day, volume_of(day), factor)


def _of_day(day: Day, volume: Volume, factor: float) -> Iterator[Piece]:
    """The cells of a day, cut where the rate changes inside one."""
    columns = (volume.counts, volume.aht, day.offsets, day.lengths)
    for i, (count, aht, at, length) in enumerate(zip(*(each.tolist() for each in columns), strict=True)):
        begin, before = day.midnight + at, 0.0
        inside = volume.pieces[i] if volume.pieces else ()
        for offset, long, until in inside or ((0, length, 1.0),):
            yield Piece(begin + offset, begin + offset + long, factor * count * (until - before), aht)
            before = until


def _customers(scenario: Scenario, stream: Stream, since_start: int) -> int:
    """Customers of the stream's segment so long after the begin of counted time; joins come evenly."""
    segment = next(s for s in scenario.segments if s.name == stream.segment)
    return max(0, (segment.customers or 0) + math.floor(segment.joins_per_month * since_start / MONTH))


def _rows(scenario: Scenario, timeline: Timeline, stream: Stream, edges: Vector) -> Iterator[Part]:
    """A trace by (segment, topic, channel) of its rows."""
    trace = stream.trace
    assert trace is not None
    at = np.asarray(trace.at) + timeline.counted_from
    kinds = np.stack([np.asarray(trace.segment), np.asarray(trace.topic), np.asarray(trace.channel)], axis=1)
    for segment, topic, channel in np.unique(kinds, axis=0).tolist():
        own = (kinds == (segment, topic, channel)).all(axis=1)
        handle = np.asarray(trace.handle)[own & (at >= edges[0]) & (at < edges[-1])]
        yield Part(
            scenario.segments[segment].name if segment >= 0 else stream.segment,
            scenario.topics[topic].name if topic >= 0 else stream.topic,
            scenario.channels[channel].name if channel >= 0 else stream.channel,
            stream.volume * np.histogram(at[own], bins=edges)[0],
            handle=float(handle[handle >= 0].mean()) if (handle >= 0).any() else 0.0,
        )
