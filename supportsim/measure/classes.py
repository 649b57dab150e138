"""Waits counted by class, as they are kept beyond a replication: only classes that occur."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class WaitClasses(NamedTuple):
    """kinds: int64, ascending · counts: whole numbers (queues, what became of them, kinds).

    What became of them: answered, abandoned, others offered, still waiting at the end (by their age then).  The wait
    of a class is the middle of it (`waits.middles_of`).
    """

    kinds: NDArray[np.int64]
    counts: NDArray[np.integer[Any]]


def occurring(waits: NDArray[np.int32]) -> WaitClasses:
    """Of counts by every class (queues, what became of them, classes) those with a contact."""
    kinds = np.flatnonzero(waits.any(axis=(0, 1))).astype(np.int64)
    return WaitClasses(kinds, waits[:, :, kinds])


def added(one: WaitClasses, other: WaitClasses) -> WaitClasses:
    """Both together, whatever comes first."""
    kinds = np.union1d(one.kinds, other.kinds)
    counts = np.zeros((*one.counts.shape[:2], len(kinds)), dtype=np.int64)
    for part in (one, other):
        counts[:, :, np.searchsorted(kinds, part.kinds)] += part.counts
    return WaitClasses(kinds, counts)
