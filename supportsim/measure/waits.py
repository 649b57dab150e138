"""Quantiles of waits that are known by class only: the middle of a class is at most 0.1 % from any wait in it.

Waits are sorted into classes (`booking.class_of`): below 1,024 ticks each its own, then 512 for each doubling.  A
quantile is linear between order statistics, each taken as the middle of its class, so it is within 0.1 % of the one
of the waits themselves.  Counts of classes add up, whatever comes first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.compiling import LEAN, PLAIN, array, procedure, whole
from supportsim.measure.booking_clock import inside
from supportsim.measure.tables import LEADING, QUEUE_BITS, WAIT_BITS

Floats = NDArray[np.float64]


@inside
def middle_of(kind: int) -> float:
    """The middle of a class of waits, in ticks."""
    if kind < 2 << LEADING:
        return float(kind)
    shift = (kind >> LEADING) - 1
    return float((kind - (shift << LEADING)) << shift) + float((1 << shift) - 1) / 2


def middles_of(kinds: NDArray[np.int64]) -> Floats:
    """The middles of classes, in ticks."""
    shift = np.maximum((kinds >> LEADING) - 1, 0)
    found: Floats = ((kinds - (shift << LEADING)) << shift) + ((1 << shift) - 1) / 2
    return found


def quantiles(counts: NDArray[np.integer[Any]], kinds: NDArray[np.int64], shares: tuple[float, ...]) -> Floats:
    """Quantiles in ticks, shape (rows, shares), of counts by class, shape (rows, kinds); NaN where all are 0.

    kinds: the classes that are told of, ascending.
    """
    found = np.full((len(counts), len(shares)), np.nan)
    middles, share = middles_of(kinds), np.array(shares)
    for row, total in enumerate(np.cumsum(counts, axis=1, dtype=np.int64)):
        if len(total) and total[-1]:
            place = share * (total[-1] - 1)
            low = place.astype(np.int64)
            high = np.minimum(low + 1, total[-1] - 1)
            one, other = (middles[np.searchsorted(total, rank, side="right")] for rank in (low, high))
            found[row] = one + (place - low) * (other - one)
    return found


@inside
def _count(keys: Any, begin: int, rows_of: Any, count: Any) -> int:
    """How many keys of the slot that begins at row `begin` belong to each row; where the slot ends."""
    slot, end = keys[begin] >> (QUEUE_BITS + WAIT_BITS), begin
    count[:] = 0
    while end < len(keys) and keys[end] >> (QUEUE_BITS + WAIT_BITS) == slot:
        queue = keys[end] & ((1 << QUEUE_BITS) - 1)
        k = 0
        while rows_of[queue, k] >= 0:
            count[rows_of[queue, k]] += 1
            k += 1
        end += 1
    return end


@inside
def _take(found: Any, row: int, slot: int, share: float, n: int, seen: int, wait: float) -> None:
    """The wait number `seen` of n: it may be one of the two order statistics the quantile lies between."""
    place = share * (n - 1)
    low = int(place)
    if seen == low:
        found[row, slot] = wait
    if seen == low + 1:
        found[row, slot] += (place - low) * (wait - found[row, slot])


def _by_slot(keys: Any, rows_of: Any, share: float, found: Any, counted: Any) -> None:
    """found[row, slot]: the quantile of the waits of a row of queues in a slot, in ticks; untouched where none is.

    keys: sorted.  rows_of[queue]: the rows a queue belongs to, then -1.  counted: (2, rows), scratch.
    """
    begin = 0
    while begin < len(keys):
        slot = keys[begin] >> (QUEUE_BITS + WAIT_BITS)
        end = _count(keys, begin, rows_of, counted[0])
        counted[1] = 0
        for at in range(begin, end):
            wait = middle_of(keys[at] >> QUEUE_BITS & ((1 << WAIT_BITS) - 1))
            queue, k = keys[at] & ((1 << QUEUE_BITS) - 1), 0
            while rows_of[queue, k] >= 0:
                row = rows_of[queue, k]
                _take(found, row, slot, share, counted[0, row], counted[1, row], wait)
                counted[1, row] += 1
                k += 1
        begin = end


if PLAIN:
    by_slot: Any = _by_slot
else:
    _signature = procedure(array(), array(axes=2), float, array("f8", 2), array(axes=2))
    by_slot = whole(_signature, **LEAN)(_by_slot)
