"""The counted time of a scenario, cut into days, judged periods and reporting intervals."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.spans import Ticks
from supportsim.scenario.model import Scenario
from supportsim.scenario.timeline import Interval, Timeline


class Grid:
    """Edges in ticks; every cell is half-open [edge[i], edge[i + 1]) and they cover counted time exactly."""

    def __init__(self, scenario: Scenario) -> None:
        self.timeline = Timeline(scenario.times)
        self.counted_from = self.timeline.counted_from
        self.counted_to = self.timeline.counted_to
        self.interval_length = scenario.interval
        days = self.timeline.days_between(self.counted_from, self.counted_to)
        self.dates: tuple[date, ...] = tuple(day for day, _ in days)
        begins = [max(midnight, self.counted_from) for _, midnight in days]
        self.day_edges: Ticks = np.array([*begins, self.counted_to], dtype=np.int64)

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """The reporting intervals, with their local begin."""
        return self.timeline.intervals(self.interval_length)

    @cached_property
    def interval_edges(self) -> Ticks:
        """Ticks, shape (intervals + 1,)."""
        return np.array([*(i.begin for i in self.intervals), self.counted_to], dtype=np.int64)

    @cached_property
    def first_intervals(self) -> NDArray[np.int64]:
        """The first interval of each day."""
        return np.searchsorted(self.interval_edges[:-1], self.day_edges[:-1]).astype(np.int64)

    @cached_property
    def month_edges(self) -> Ticks:
        """Calendar months of counted time, the first and the last as far as they are counted: (months + 1,) ticks."""
        month = self.periods("monthly")
        first = np.flatnonzero(np.diff(month, prepend=-1))
        return np.array([*self.day_edges[first], self.counted_to], dtype=np.int64)

    @property
    def span(self) -> Ticks:
        """The two edges of counted time."""
        return np.array([self.counted_from, self.counted_to], dtype=np.int64)

    def day_of(self, ticks: Ticks) -> NDArray[np.int64]:
        """Index of the day each counted tick lies in."""
        return np.searchsorted(self.day_edges, ticks, side="right").astype(np.int64) - 1

    def interval_of(self, ticks: Ticks) -> NDArray[np.int64]:
        """Index of the interval each counted tick lies in."""
        return np.searchsorted(self.interval_edges, ticks, side="right").astype(np.int64) - 1

    def counted(self, ticks: Ticks) -> NDArray[np.bool_]:
        """Which ticks lie in counted time."""
        return (ticks >= self.counted_from) & (ticks < self.counted_to)

    def periods(self, judged: str) -> NDArray[np.int64]:
        """Per day the index of the period a promise is judged by: shape (days,), from 0 without gaps.

        daily: the local date · weekly: Monday to Sunday · monthly: the calendar month · all: counted time
        as one.  The first and the last period hold only what of them is counted.
        """
        keys: dict[tuple[int, ...], int] = {}
        return np.array([keys.setdefault(_period(day, judged), len(keys)) for day in self.dates], np.int64)


def _period(day: date, judged: str) -> tuple[int, ...]:
    if judged == "daily":
        return (day.toordinal(),)
    if judged == "weekly":
        return day.isocalendar()[:2]
    return (day.year, day.month) if judged == "monthly" else ()
