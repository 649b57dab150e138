"""Open ticks elapsed between many pairs of ticks at once."""

from __future__ import annotations

import numpy as np

from measure.by_arrays.spans import Ticks
from supportsim.scenario.business_clock import OpenTicks


class Clock:
    """Open ticks elapsed between many pairs of ticks; the array form of `OpenTicks.elapsed`."""

    def __init__(self, hours: OpenTicks) -> None:
        self.begins = np.array(hours.begins, dtype=np.int64)
        self.ends = np.array(hours.ends, dtype=np.int64)
        lengths = self.ends - self.begins if len(self.begins) != 1 else np.zeros(1, np.int64)
        self.before = np.cumsum(lengths) - lengths  # open ticks before each window

    def elapsed(self, begin: Ticks, end: Ticks) -> Ticks:
        """Open ticks of each [begin, end); 0 where end <= begin."""
        return np.where(end > begin, self._passed(end) - self._passed(begin), 0)

    def _passed(self, at: Ticks) -> Ticks:
        """Open ticks before `at`, counted from the first window."""
        if not len(self.begins):
            return np.zeros(len(at), dtype=np.int64)
        i = np.searchsorted(self.begins, at, side="right") - 1
        inside = np.minimum(at, self.ends[i]) - self.begins[i]
        return np.where(i < 0, 0, self.before[i] + inside)
