"""The typical day or week: intervals of counted time laid over each other by weekday and time of day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.grid import Grid
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.ticks import DAY, HOUR, MINUTE
from supportsim.study.shares import shares

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Pattern:
    """Bins of constant length in the order drawn.  `place` gives the bin of each interval (-1: not drawn)."""

    length: int  # ticks of one bin
    labels: tuple[str, ...]  # `Mon 09:00` (`09:00` when there is one day only)
    days: tuple[str, ...]  # names of the days drawn
    day: NDArray[np.int64]  # per bin the index of its day
    hour: Floats  # per bin the local hour at which it begins
    place: NDArray[np.int64]
    date: NDArray[np.int64]  # per interval the index of its date

    @property
    def bins(self) -> int:
        """How many bins are drawn."""
        return len(self.labels)

    def merged(self, values: NDArray[np.generic]) -> Floats:
        """Sum over intervals (last axis) into bins."""
        shown = self.place >= 0
        flat = values[..., shown].astype(np.float64)
        found = np.zeros((*values.shape[:-1], self.bins))
        np.add.at(np.moveaxis(found, -1, 0), self.place[shown], np.moveaxis(flat, -1, 0))
        return found


def pattern(
    grid: Grid, active: NDArray[np.bool_], length: int | None = None, together: tuple[int, ...] | None = None
) -> Pattern:
    """Bins of `length` (default: the reporting interval) over the days of the week that are counted.

    Only the hours between the first and the last active interval of any day are drawn, and only days with an
    active interval, so that closed nights and weekends take no room.  `together`: weekdays laid over each other as one
    day; no others are drawn.
    """
    size = length or grid.interval_length
    local = [interval.local for interval in grid.intervals]
    slot = np.array([_since_midnight(moment) // size for moment in local], dtype=np.int64)
    weekday, names = _weekdays(grid, together)
    used = active & (weekday >= 0)
    used = used if used.any() else weekday >= 0
    days = np.unique(weekday[used])
    low, high = int(slot[used].min()), int(slot[used].max())
    shown = np.isin(weekday, days) & (slot >= low) & (slot <= high)
    keys = np.unique(np.where(shown, weekday * 10_000 + slot, -1))
    keys = keys[keys >= 0]
    place = np.where(shown, np.searchsorted(keys, weekday * 10_000 + slot), -1)
    names, several = [names[d] for d in days], len(grid.dates) > 1 and together is None
    clock = [_clock(int(key % 10_000) * size) for key in keys]
    day = np.searchsorted(days, keys // 10_000)
    whole = size >= DAY  # a bin that is a day needs no time of day
    labels = [
        names[d] if whole else f"{names[d]} {time}" if several else time for d, time in zip(day, clock, strict=True)
    ]
    date_of = grid.day_of(grid.interval_edges[:-1])
    return Pattern(size, tuple(labels), tuple(names), day, keys % 10_000 * size / HOUR, place, date_of)


def _weekdays(grid: Grid, together: tuple[int, ...] | None) -> tuple[NDArray[np.int64], list[str]]:
    """The day each interval is drawn on (-1: none), and what these days are called."""
    weekday = np.array([interval.local.weekday() for interval in grid.intervals], dtype=np.int64)
    if len(grid.dates) == 1:
        return np.zeros_like(weekday), [_date(grid.intervals[0].local)]
    if together is None:
        return weekday, list(WEEKDAYS)
    return np.where(np.isin(weekday, together), 0, -1), [days_called(together)]


def days_called(weekdays: tuple[int, ...]) -> str:
    """`Mon`, `Mon–Fri`, `Mon, Wed–Thu`: weekdays in words."""
    runs: list[list[int]] = []
    for day in sorted(weekdays):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(WEEKDAYS[r[0]] + (f"–{WEEKDAYS[r[-1]]}" if len(r) > 1 else "") for r in runs)


def _since_midnight(moment: datetime) -> int:
    return (moment.hour * 3600 + moment.minute * 60 + moment.second) * 1_000_000 + moment.microsecond


def _clock(ticks: int) -> str:
    return f"{ticks // HOUR:02d}:{ticks % HOUR // MINUTE:02d}"


def _date(moment: datetime) -> str:
    return f"{WEEKDAYS[moment.weekday()]} {moment:%Y-%m-%d}"


def fitting_length(
    grid: Grid, judged: NDArray[np.int32], at_least: float = 10.0, together: tuple[int, ...] | None = None,
    shortest: int = 0,
) -> int:  # fmt: skip
    """The shortest bin (a multiple of the interval that divides a day) with enough cases on a typical day.

    Shares of one or two cases are noise: the bin grows until the median busy one has `at_least` a day, and is not
    below `shortest` ticks.
    """
    per_interval = judged.mean(axis=0)
    length = grid.interval_length
    candidates = [m * length for m in range(1, DAY // length + 1) if DAY % (m * length) == 0] or [length]
    for size in candidates:
        if size < shortest:
            continue
        cut = pattern(grid, per_interval > 0, size, together)
        dates = np.maximum(dates_per_bin(cut), 1)
        cases = cut.merged(per_interval) / dates
        if np.median(cases[cases > 0]) >= at_least if (cases > 0).any() else True:
            return size
    return candidates[-1]


def dates_per_bin(cut: Pattern) -> NDArray[np.int64]:
    """How many dates each bin is made of."""
    shown = cut.place >= 0
    pairs = np.unique(np.stack([cut.place[shown], cut.date[shown]]), axis=1)
    return np.bincount(pairs[0], minlength=cut.bins)


@dataclass(frozen=True)
class Kept:
    """The share of a promise kept by bin: ratio of sums with interval, range of single days, days in 100 missed."""

    cut: Pattern
    cases: Floats  # judged per replication and day
    mean: Floats
    low: Floats
    high: Floats
    p05: Floats
    p95: Floats
    days_missed: Floats  # of 100 single days with a case
    target: float

    @property
    def close(self) -> NDArray[np.bool_]:
        """Too close to call: the interval of the mean holds the target; of one replication there is none."""
        return np.asarray((self.low < self.target) & (self.high >= self.target))

    @property
    def below(self) -> NDArray[np.bool_]:
        """Below the target on average, and not too close to call."""
        return np.asarray((self.mean < self.target) & ~self.close)


def kept_by_bin(
    grid: Grid, kept: NDArray[np.int32], judged: NDArray[np.int32], target: float,
    together: tuple[int, ...] | None = None, shortest: int = 0, at_least: float = 10.0,
) -> Kept:  # fmt: skip
    """From (replications, intervals): sums kept / judged over replications and dates (`study.shares`)."""
    length = fitting_length(grid, judged, at_least, together, shortest)
    cut = pattern(grid, judged.sum(axis=0) > 0, length, together)
    mean, low, high, _ = shares(cut.merged(kept), cut.merged(judged))
    single = _by_day(cut, kept, judged)
    p05, p95, missed = np.full((3, cut.bins), math.nan)
    for i in range(cut.bins):
        real = single[:, i][~np.isnan(single[:, i])]
        if len(real):
            p05[i], p95[i] = np.quantile(real, [0.05, 0.95])
            missed[i] = 100 * np.mean(real < target - 1e-9)
    days = np.maximum(dates_per_bin(cut), 1)
    cases = cut.merged(judged).mean(axis=0) / days
    return Kept(cut, cases, mean, low, high, p05, p95, missed, target)


def _by_day(cut: Pattern, kept: NDArray[np.int32], judged: NDArray[np.int32]) -> Floats:
    """Shares of single days, shape (replications x dates, bins)."""
    shown = np.flatnonzero(cut.place >= 0)
    cell = cut.date[shown] * cut.bins + cut.place[shown]
    size = (int(cut.date.max()) + 1) * cut.bins

    def totals(values: NDArray[np.int32]) -> Floats:
        sums = [np.bincount(cell, weights=one[shown], minlength=size) for one in values]
        return np.array(sums, dtype=np.float64).reshape(-1, cut.bins)

    return ratio(totals(kept), totals(judged))
