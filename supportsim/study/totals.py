"""The tables of replications that are only summed, one after the other: nothing of a single one is kept of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.causes import Causes
from supportsim.measure.classes import WaitClasses, WaitCounts, classes_in, room
from supportsim.measure.crowding_plan import Crowding
from supportsim.measure.intervals import COLUMNS
from supportsim.measure.replication import Measured
from supportsim.measure.sums import Floats

_OLDEST = COLUMNS.index("oldest_h")
_NOTHING = np.zeros(0, dtype=np.int64)
_NO_CAUSES = Causes(*(_NOTHING,) * len(Causes._fields))


class Totals:
    """Sums over replications; fields as in `Measured`.  All but `intervals` are whole numbers."""

    def __init__(self, queues: int) -> None:
        self.intervals: Floats = np.zeros((0, 0, 0))
        self.oldest: Floats = np.zeros((0, 0))
        self.bridge: NDArray[np.int64] = _NOTHING.reshape(0, 0, 0)
        self.ages: NDArray[np.int64] = _NOTHING.reshape(0, 0, 0)
        self.causes = _NO_CAUSES
        self.crowding: Crowding | None = None
        self.waits = room(queues)
        self.empty = True

    def add(self, found: Measured) -> None:
        """Add one replication; floats are always added in the order of replications."""
        ages = found.intervals[_OLDEST]
        self.oldest = ages if self.empty else np.maximum(self.oldest, ages)
        if self.empty:
            self.intervals, self.bridge, self.ages, self.causes = (
                found.intervals, found.bridge, found.ages, found.causes
            )  # fmt: skip
        else:
            self.intervals = self.intervals + found.intervals
            self.bridge, self.ages = self.bridge + found.bridge, self.ages + found.ages
            self.causes = Causes(*(one + two for one, two in zip(self.causes, found.causes, strict=True)))
        if found.crowding is not None:
            self.crowding = self.crowding.plus(found.crowding) if self.crowding else found.crowding
        self.waits[found.wait_counts.place] += found.wait_counts.number
        self.empty = False

    @property
    def wait_classes(self) -> WaitClasses:
        """Contacts by their wait."""
        return classes_in(self.waits)


def small(found: Measured) -> Measured:
    """A replication without its large tables."""
    counts, causes = WaitCounts(_NOTHING, _NOTHING), _NO_CAUSES
    return replace(
        found, intervals=np.zeros(0), bridge=_NOTHING, wait_counts=counts, ages=_NOTHING, causes=causes,
        crowding=found.crowding.whole if found.crowding else None,
    )  # fmt: skip
