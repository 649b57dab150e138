"""People: how many customers were touched by something, each counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.booking_issues import CUSTOMER_BITS

if TYPE_CHECKING:
    from supportsim.measure.tally import Tally

_AT_A_TIME = 1 << 16


class People:
    """Customers of one replication.  An anonymous customer has one issue and is told by it."""

    def __init__(self, tally: Tally) -> None:
        self.tally, self.plan = tally, tally.plan
        row = np.flatnonzero(tally.sums.persons)
        self.segment = (tally.sums.persons[row] - 1) >> CUSTOMER_BITS
        self.bits = tally.sums.bits[row]
        self.channels = len(self.plan.channels)

    def who_asked(self, masks: NDArray[np.bool_], never_served: bool) -> NDArray[np.int64]:
        """Per mask of cells the customers with an issue there (over and never answered, if so): (masks,)."""
        beyond = self.channels + 1 if never_served else 0
        anonymous = masks @ self.tally.sums.anonymous[int(never_served)]
        found: NDArray[np.int64] = anonymous + self._with_any([self._wanted(mask, beyond) for mask in masks])
        return found

    def not_kept(self, promise: int, masks: list[NDArray[np.bool_] | None]) -> NDArray[np.int64]:
        """Per mask of cells (None: all) the customers to whom a promise was not kept there: (masks,)."""
        beyond = 2 * (self.channels + 1) + promise * self.channels
        every = np.ones(self.plan.cells, dtype=bool)
        anonymous = [self._unknown(promise, mask) for mask in masks]
        known = self._with_any([self._wanted(every if m is None else m, beyond, self.channels) for m in masks])
        return np.array(anonymous, dtype=np.int64) + known

    def _unknown(self, promise: int, mask: NDArray[np.bool_] | None) -> int:
        broken = self.tally.sums.broken[promise]
        if mask is None:
            return int(broken[:, -1].sum())
        pairs = {(self._segment_of(cell), self.plan.frame.channel[cell]) for cell in np.flatnonzero(mask).tolist()}
        return int(sum(broken[segment, channel] for segment, channel in pairs if channel < self.channels))

    def _segment_of(self, cell: int) -> int:
        return int(self.plan.segment_of[cell])

    def _wanted(self, mask: NDArray[np.bool_], beyond: int, below: int | None = None) -> NDArray[np.uint64]:
        """Per segment the bits of the channels (below a number) of the cells in a mask: (segments, words)."""
        wanted = np.zeros((self.plan.segments, self.plan.words), dtype=np.uint64)
        for cell in np.flatnonzero(mask).tolist():
            channel = int(self.plan.frame.channel[cell])
            if below is None or channel < below:
                bit = beyond + channel
                word = wanted[self._segment_of(cell)]
                word[bit // 64] |= np.uint64(1 << bit % 64)
        return wanted

    def _with_any(self, wanted: list[NDArray[np.uint64]]) -> NDArray[np.int64]:
        """Per set of bits, how many persons have any of those of their segment."""
        found = np.zeros(len(wanted), dtype=np.int64)
        for first in range(0, len(self.bits), _AT_A_TIME):
            some = slice(first, first + _AT_A_TIME)
            for i, bits in enumerate(wanted):
                found[i] += np.count_nonzero((self.bits[some] & bits[self.segment[some]]).any(axis=1))
        return found
