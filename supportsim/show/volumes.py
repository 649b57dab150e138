"""Expected issues of a stream on given intervals, without drawing anything and without the compiler."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from supportsim.demand.volumes import Day, Volume, local_days, source
from supportsim.scenario.frozen import frozen
from supportsim.scenario.model import Scenario, Stream
from supportsim.scenario.thinning import left
from supportsim.scenario.ticks import MONTH
from supportsim.scenario.timeline import Timeline

Vector = tuple[float, ...]


@frozen
class Part:
    """Issues of one stream that share segment, topic and first channel."""

    segment: str
    topic: str
    channel: str | None  # None: by the segment's plan
    arising: Vector  # expected issues per interval
    aht: float = 0.0  # mean ticks the rows of a forecast state; 0: none
    ahts: Vector = ()  # the same per interval, where it differs between them
    handle: float = 0.0  # mean ticks of work the rows of a trace state; 0: drawn


class Piece(NamedTuple):
    """Expected issues, spread evenly over [begin, end) ticks."""

    begin: int
    end: int
    issues: float
    aht: float


Days = dict[tuple[str, int], list[Day]]  # by zone and length of cells


def parts(scenario: Scenario, timeline: Timeline, stream: Stream, edges: Sequence[int], days: Days) -> list[Part]:
    """The issues of `stream` expected in each interval between `edges` (ticks); `days` is kept between calls."""
    if stream.kind in ("backlog", "endless"):  # neither arises in counted time
        return []
    if stream.kind == "trace":
        return [_left(scenario, part) for part in _rows(scenario, timeline, stream, edges)]
    pieces = list(_pieces(scenario, timeline, stream, days))
    stating = [piece for piece in pieces if piece.aht]
    weight = sum(piece.issues for piece in stating)
    aht = sum(piece.issues * piece.aht for piece in stating) / weight if weight else 0.0
    arising, ahts = _spread(pieces, edges), _ahts(stating, edges, aht)
    return [_left(scenario, Part(stream.segment, stream.topic, stream.channel, arising, aht, ahts))]


def _left(scenario: Scenario, part: Part) -> Part:
    """What is left of it where issues were taken away."""
    if not scenario.thinned:
        return part
    share = left(scenario, part.segment, part.topic, part.channel)
    return replace(part, arising=tuple(share * issues for issues in part.arising))


def _ahts(stating: list[Piece], edges: Sequence[int], usual: float) -> Vector:
    """Mean ticks per interval that `stating` pieces state, `usual` where none arises; empty if all are alike."""
    if len({piece.aht for piece in stating}) < 2:
        return ()
    issues = _spread(stating, edges)
    work = _spread([piece._replace(issues=piece.issues * piece.aht) for piece in stating], edges)
    return tuple(ticks / count if count else usual for ticks, count in zip(work, issues, strict=True))


def _spread(pieces: list[Piece], edges: Sequence[int]) -> Vector:
    """Issues of `pieces` (in order of time, disjoint) falling between `edges` (increasing)."""
    found = [0.0] * (len(edges) - 1)
    first = 0  # the interval in which the piece begins, or the next
    for begin, end, issues, _ in pieces:
        while first < len(found) and edges[first + 1] <= begin:
            first += 1
        if first < len(found) and edges[first] <= begin and end <= edges[first + 1]:
            found[first] += issues  # most pieces
            continue
        for i in range(first, len(found)):
            if edges[i] >= end:
                break
            found[i] += issues * (min(end, edges[i + 1]) - max(begin, edges[i])) / (end - begin)
    return tuple(found)


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
    """The cells of a day in which issues arise, cut where the rate changes inside one."""
    columns = zip(volume.counts, volume.aht, day.offsets, day.lengths, strict=True)
    for i, (count, aht, at, length) in enumerate(columns):
        if not count:
            continue  # most of the night
        begin, before = day.midnight + at, 0.0
        inside = volume.pieces[i] if volume.pieces else ()
        for offset, long, until in inside or ((0, length, 1.0),):
            yield Piece(begin + offset, begin + offset + long, factor * count * (until - before), aht)
            before = until


def _customers(scenario: Scenario, stream: Stream, since_start: int) -> int:
    """Customers of the stream's segment so long after the begin of counted time; joins come evenly."""
    segment = next(s for s in scenario.segments if s.name == stream.segment)
    return max(0, (segment.customers or 0) + math.floor(segment.joins_per_month * since_start / MONTH))


def _rows(scenario: Scenario, timeline: Timeline, stream: Stream, edges: Sequence[int]) -> Iterator[Part]:
    """A trace by (segment, topic, channel) of its rows."""
    import numpy as np  # reading the trace has imported it already; without a trace, `check` goes without

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
            tuple((stream.volume * np.histogram(at[own], bins=np.array(edges))[0]).tolist()),
            handle=float(handle[handle >= 0].mean()) if (handle >= 0).any() else 0.0,
        )
