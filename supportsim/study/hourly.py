"""Factors of the hour of a channel (`by_hour`) as means over given intervals, without simulating."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from supportsim.scenario.model import Channel, Hourly
from supportsim.scenario.timeline import Timeline

Vector = tuple[float, ...]


class Factors(NamedTuple):
    """Per interval the mean factor on work, patience and the chance to solve; 1 where no window lies."""

    work: Vector
    patience: Vector
    resolves: Vector


def factors(channel: Channel, timeline: Timeline, edges: Sequence[int]) -> Factors:
    """Means over the intervals between `edges` (ticks, increasing), by the local hours of the channel's zone."""
    n = len(edges) - 1
    found = [[1.0] * n for _ in Factors._fields]
    for window, begin, end in _windows(channel, timeline, edges):
        for i in range(max(0, bisect_right(edges, begin) - 1), n):
            if edges[i] >= end:
                break
            share = (min(end, edges[i + 1]) - max(begin, edges[i])) / (edges[i + 1] - edges[i])
            for kind, name in enumerate(Factors._fields):
                found[kind][i] += (getattr(window, name) - 1) * share
    return Factors(*(tuple(values) for values in found))


def _windows(channel: Channel, timeline: Timeline, edges: Sequence[int]) -> Iterator[tuple[Hourly, int, int]]:
    """Every window of the channel that touches the time between the first and the last edge, in ticks."""
    if not channel.by_hour:
        return
    zone = channel.hours.zone
    for day, _ in timeline.days_between(edges[0], edges[-1], zone):
        for window in channel.by_hour:
            if day.weekday() in window.weekdays:
                begin, end = (timeline.tick(day, at, zone) for at in (window.begin, window.end))
                if begin < end and end > edges[0] and begin < edges[-1]:
                    yield window, begin, end
