"""The age of the oldest contact over the typical day or week: median, range of single dates, and when it is late."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.ages import deferred_rows
from supportsim.measure.intervals import Row
from supportsim.measure.sums import Floats
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import Promise
from supportsim.scenario.ticks import HOUR, NEVER
from supportsim.study.estimate import median
from supportsim.study.pattern import Pattern, pattern
from supportsim.study.piles import channel_names, unmanned
from supportsim.study.result import Result

SAME = 1e-4  # hours: ages are kept to seven digits


@dataclass(frozen=True)
class Ages:
    """One segment on a deferred channel: hours at the end of each bin, an age of 0 where nothing is open."""

    channel: str
    segment: str
    cut: Pattern
    middle: Floats  # the median of all replications and dates
    low: Floats  # its 95 % interval; NaN of one replication
    high: Floats
    p05: Floats  # of single dates
    p95: Floats
    late_from: Floats  # so old is a contact that has just passed the limit of the promise; NaN if none can
    promise: Promise | None
    empty: NDArray[np.bool_]  # nobody is rostered who may answer

    @property
    def past(self) -> NDArray[np.bool_]:
        """Bins at whose end the median is past the limit of the promise."""
        return np.asarray(self.middle > self.late_from + SAME)


def oldest_bands(result: Result) -> tuple[Ages, ...]:
    """One for each segment on a deferred channel, every hour of the days counted."""
    grid = result.yardstick.grid
    cut = pattern(grid, np.ones(len(grid.intervals), dtype=bool))
    names = channel_names(result)
    empty = [cut.merged(~unmanned(result, k)) == 0 for k in range(len(names))]
    return tuple(
        _ages(result, cut, result.eldest[:, k], row, empty[names.index(row.channel)])
        for k, (_, row) in enumerate(deferred_rows(result.scenario))
        if row.segment != "all"
    )


def _ages(result: Result, cut: Pattern, hours: NDArray[np.float32], row: Row, empty: NDArray[np.bool_]) -> Ages:
    """Of one row: `hours` by replication and interval."""
    promise = result.scenario.promises[row.promise] if row.promise >= 0 else None
    late = np.full(hours.shape[1], math.nan) if promise is None else _late_from(result, promise)
    found = np.full((6, cut.bins), math.nan)
    for i in range(cut.bins):
        mine = hours[:, cut.place == i].astype(np.float64)
        found[:, i] = *median(mine), *np.quantile(mine, [0.05, 0.95]), np.median(late[cut.place == i])
    middle, low, high, p05, p95, late_from = found
    late_from = np.where(np.isinf(late_from), math.nan, late_from)
    return Ages(row.channel, row.segment, cut, middle, low, high, p05, p95, late_from, promise, empty)


def _late_from(result: Result, promise: Promise) -> Floats:
    """By interval: the age in hours, at its end, of what was created just so long ago that the limit has passed.

    Infinite where so many hours lie further back than the clock of the promise reaches: nothing can be as old.
    """
    grid = result.yardstick.grid
    clock = open_ticks(promise.hours, grid.timeline)
    edges = grid.interval_edges[1:]
    begun = np.array([clock.back(at, promise.limit) for at in edges.tolist()], dtype=np.float64)
    return np.where(begun > -NEVER, edges - begun, math.inf) / HOUR
