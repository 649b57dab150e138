"""When the pile of a night or weekend is gone: what comes while nobody is rostered who could answer it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.ages import deferred_rows
from supportsim.measure.intervals import COLUMNS
from supportsim.measure.sums import Floats
from supportsim.scenario.ticks import DAY, HOUR
from supportsim.study.pattern import WEEKDAYS
from supportsim.study.result import Result

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Pile:
    """The longest gap in the roster that comes back, and what became of each pile, over replications and weeks."""

    begins: str  # `Fri 20:00`, the first time at which nobody is there
    ends: str  # `Mon 08:00`
    hours: float  # how long it lasts
    weekday: int  # on which it ends
    hour: float  # local hour at which it ends
    grown: Floats  # contacts waiting at its end more than at its begin, per replication and gap
    cleared: Floats  # hours from its end until no more wait than at its begin; inf: not before the next or the end

    @property
    def name(self) -> str:
        """What people call it."""
        return "weekend" if self.hours >= 24 else "night"

    @property
    def typical(self) -> float:
        """Hours after which half of the piles are cleared; inf if they are not."""
        return float(np.sort(self.cleared)[(len(self.cleared) - 1) // 2])


def unmanned(result: Result, channel: int) -> Flags:
    """Intervals in which nobody is rostered who may answer a deferred channel (by its place among them)."""
    name = channel_names(result)[channel]
    first = next(place for place, row in deferred_rows(result.scenario) if row.channel == name)
    rostered = result.interval_sums[COLUMNS.index("rostered_h"), first]
    return np.asarray(rostered <= 0)


def channel_names(result: Result) -> list[str]:
    """Deferred channels that have a queue, in the order of `Result.waiting`."""
    return list(dict.fromkeys(row.channel for _, row in deferred_rows(result.scenario)))


def pile(result: Result, channel: int) -> Pile | None:
    """None where somebody is always rostered, or nobody ever, or no gap lies whole inside counted time."""
    gaps = _gaps(unmanned(result, channel))
    grid, waiting = result.yardstick.grid, result.waiting[:, channel].astype(np.float64)
    if not gaps:
        return None
    edges = grid.interval_edges
    local = [interval.local for interval in grid.intervals]
    long = [(first, last) for first, last in gaps if edges[last] - edges[first] >= DAY] or gaps
    key = {gap: (local[gap[1]].weekday() if edges[gap[1]] - edges[gap[0]] >= DAY else -1, local[gap[1]].time())
           for gap in long}  # fmt: skip
    usual = Counter(key.values()).most_common(1)[0][0]
    mine = [gap for gap in long if key[gap] == usual]
    found = [_cleared(waiting, gap, nxt, edges) for gap, nxt in zip(mine, [*mine[1:], None], strict=True)]
    first, last = mine[0]
    end = local[last]
    return Pile(
        _moment(local[first]), _moment(end), float(edges[last] - edges[first]) / HOUR, end.weekday(),
        end.hour + end.minute / 60, np.concatenate([g for g, _ in found]), np.concatenate([c for _, c in found]),
    )  # fmt: skip


def _gaps(empty: Flags) -> list[tuple[int, int]]:
    """(first interval of a gap, first after it), those that begin and end inside counted time."""
    steps = np.flatnonzero(np.diff(empty.astype(np.int8)))
    return [(int(a) + 1, int(b) + 1) for a, b in pairwise(steps) if empty[a + 1]]


def _cleared(
    waiting: Floats, gap: tuple[int, int], following: tuple[int, int] | None, edges: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """By replication: growth over the gap, and hours from its end until no more wait than at its begin."""
    first, last = gap
    before, at_end = waiting[:, first - 1], waiting[:, last - 1]
    until = following[0] if following else waiting.shape[1]
    there = waiting[:, last:until] <= before[:, None]
    hours = (edges[last + 1 : until + 1] - edges[last]) / HOUR
    cleared = np.where(there.any(axis=1), hours[there.argmax(axis=1)] if len(hours) else np.inf, np.inf)
    return at_end - before, np.where(at_end <= before, 0.0, cleared)


def _moment(local: datetime) -> str:
    return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}"
