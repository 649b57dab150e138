"""The tables of replications that are only summed, one after the other: nothing of a single one is kept of them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.causes import Causes
from supportsim.measure.classes import WaitClasses, added
from supportsim.measure.replication import Measured
from supportsim.measure.sums import Floats

_NOTHING = np.zeros(0, dtype=np.int64)


class Totals(NamedTuple):
    """Sums over replications; fields as in `Measured`.  All but `intervals` are whole numbers."""

    intervals: Floats
    bridge: NDArray[np.int64]
    wait_classes: WaitClasses
    ages: NDArray[np.int64]
    causes: Causes

    def plus(self, other: Totals) -> Totals:
        """Both together."""
        causes = Causes(*(one + two for one, two in zip(self.causes, other.causes, strict=True)))
        return Totals(
            self.intervals + other.intervals, self.bridge + other.bridge,
            added(self.wait_classes, other.wait_classes), self.ages + other.ages, causes,
        )  # fmt: skip


NONE = Totals(np.zeros((0, 0, 0)), _NOTHING.reshape(0, 0, 0), WaitClasses(_NOTHING, _NOTHING.reshape(0, 4, 0)),
              _NOTHING.reshape(0, 0, 0), Causes(*(_NOTHING,) * 3))  # fmt: skip


def taken(found: Measured) -> tuple[Totals, Measured]:
    """The large tables of a replication, and the replication without them."""
    totals = Totals(found.intervals, found.bridge, found.wait_classes, found.ages, found.causes)
    small = replace(
        found, intervals=np.zeros(0), bridge=_NOTHING, wait_classes=NONE.wait_classes, ages=_NOTHING, causes=NONE.causes
    )
    return totals, small
