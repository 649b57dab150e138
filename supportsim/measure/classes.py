"""Waits counted by class, as they are kept beyond a replication: only classes that occur."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.tables import LEADING, STILL
from supportsim.scenario.ticks import HORIZON_LIMIT

#: How many classes there are up to twice the longest time there is.
CLASSES = ((2 * HORIZON_LIMIT).bit_length() - LEADING + 1) << LEADING


class WaitClasses(NamedTuple):
    """kinds: int64, ascending · counts: whole numbers (queues, what became of them, kinds).

    What became of them: answered, abandoned, others offered, still waiting at the end (by their age then).  The wait
    of a class is the middle of it (`waits.middles_of`).
    """

    kinds: NDArray[np.int64]
    counts: NDArray[np.integer[Any]]


class WaitCounts(NamedTuple):
    """The same, of one replication, without what is 0: places in (queues, what became of them, CLASSES), and how many.

    A tenth of the table of kinds, and ten times as fast to add to others.
    """

    place: NDArray[np.int64]
    number: NDArray[np.int64]


def occurring(waits: NDArray[Any]) -> WaitClasses:
    """Of counts by every class (queues, what became of them, CLASSES) those with a contact."""
    kinds = np.flatnonzero(waits.any(axis=(0, 1))).astype(np.int64)
    return WaitClasses(kinds, waits.take(kinds, axis=2))  # in the order of its axes, unlike an index


def sparse(classes: WaitClasses) -> WaitCounts:
    """What is not 0."""
    flat = classes.counts.ravel()
    some = np.flatnonzero(flat)
    row, kind = np.divmod(some, max(len(classes.kinds), 1))
    return WaitCounts(row * CLASSES + classes.kinds[kind], flat[some].astype(np.int64))


def room(queues: int) -> NDArray[np.int64]:
    """Where counts of replications are added up: `room[place] += number`."""
    return np.zeros(queues * (STILL + 1) * CLASSES, dtype=np.int64)


def classes_in(added: NDArray[np.int64]) -> WaitClasses:
    """What was added up."""
    return occurring(added.reshape(-1, STILL + 1, CLASSES))
