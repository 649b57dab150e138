"""The share still waiting after so long, with those who left before an answer as censored (Kaplan and Meier)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.classes import WaitClasses
from supportsim.measure.sums import Floats
from supportsim.measure.tables import LEADING
from supportsim.scenario.ticks import DAY, SECOND

#: Waits (ticks) at which the share is kept of each replication: 0, then 16 to each power of ten, up to 100 days.
POINTS: tuple[int, ...] = (
    0, *(point for k in range(-16, 120) if (point := round(SECOND * 10 ** (k / 16))) <= 100 * DAY),
)  # fmt: skip


def kind_of(wait: int) -> int:
    """The class of a wait, as `booking_contacts.class_of`, without the compiler."""
    shift = max(wait.bit_length() - LEADING - 1, 0)
    return (shift << LEADING) + (wait >> shift)


_KINDS = np.array([kind_of(point) for point in POINTS], dtype=np.int64)


def product_limit(answered: NDArray[Any], left: NDArray[Any]) -> tuple[NDArray[np.int64], Floats]:
    """At risk and share still waiting, per class of waits: product up to it of 1 - answered / at risk.

    Who leaves in a class is at risk in it.  At least one contact in each class.
    """
    at_risk = _at_risk(answered + left)
    return at_risk, np.cumprod(1 - answered / at_risk, dtype=np.float64)


def _at_risk(contacts: NDArray[Any]) -> NDArray[np.int64]:
    """How many are in a class or in a later one."""
    return np.cumsum(contacts[::-1], dtype=np.int64)[::-1]


def at_points(classes: WaitClasses, groups: Sequence[NDArray[np.int64]]) -> Floats:
    """(groups of queues, POINTS): the share still waiting after each; NaN where nobody came."""
    found = np.full((len(groups), len(POINTS)), np.nan)
    place = np.searchsorted(classes.kinds, _KINDS, side="right")
    for row, queues in zip(found, groups, strict=True):
        if len(queues) == 1:
            counts = classes.counts[queues[0]]
        else:
            counts = np.add.reduce(classes.counts[queues], axis=0, dtype=np.int64)
        contacts = np.add.reduce(counts, axis=0, dtype=np.int64)
        if contacts.any():
            steps = np.flatnonzero(counts[0])  # between them nothing changes
            waiting = np.cumprod(1 - counts[0, steps] / _at_risk(contacts)[steps])
            row[:] = np.concatenate([[1.0], waiting])[np.searchsorted(steps, place)]
    return found
