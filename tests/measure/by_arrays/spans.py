"""Arithmetic on many half-open spans [begin, end) at once; all arrays int64, all times in ticks.

Every sum below is exact: where an intermediate sum passes 2**63 it wraps around, and differences of wrapped
sums are right again as long as the difference itself fits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ticks = NDArray[np.int64]


def ticks_before(begins: Ticks, ends: Ticks, at: Ticks) -> Ticks:
    """Summed length of all spans before each tick of `at` (sorted or not); spans may overlap.

    sum over spans of max(0, min(t, end) - begin), for each t: shape of `at`.
    """
    return _ramp(begins, at) - _ramp(ends, at)


def _ramp(starts: Ticks, at: Ticks) -> Ticks:
    """sum over starts of max(0, t - start), for each t."""
    order = np.sort(starts)
    total = np.concatenate([np.zeros(1, np.int64), np.cumsum(order)])
    count = np.searchsorted(order, at, side="left").astype(np.int64)
    found: Ticks = count * at - total[count]
    return found


def ticks_within(begins: Ticks, ends: Ticks, edges: Ticks) -> Ticks:
    """Summed length of all spans inside each [edges[i], edges[i + 1]): shape (len(edges) - 1,)."""
    return np.diff(ticks_before(begins, ends, edges))


def intersect(
    owner_a: Ticks, begin_a: Ticks, end_a: Ticks, owner_b: Ticks, begin_b: Ticks, end_b: Ticks
) -> tuple[Ticks, Ticks, Ticks]:
    """Overlaps of spans of a with those of b of the same owner; each sorted and disjoint (see `union`)."""
    if not len(owner_a) or not len(owner_b):
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    low = _place(owner_b, end_b, owner_a, begin_a, "right")  # first span of b that ends after a begins
    high = _place(owner_b, begin_b, owner_a, end_a, "left")  # first span of b that begins at a's end or later
    counts = np.maximum(high - low, 0)
    a = np.repeat(np.arange(len(owner_a)), counts)
    b = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(low, counts)
    return owner_a[a], np.maximum(begin_a[a], begin_b[b]), np.minimum(end_a[a], end_b[b])


def _place(owners: Ticks, ticks: Ticks, owner: Ticks, at: Ticks, side: str) -> Ticks:
    """searchsorted of the pairs (owner, at) in the sorted pairs (owners, ticks)."""
    every = np.concatenate([ticks, at])
    rank = np.unique(every, return_inverse=True)[1].astype(np.int64)
    width = int(rank.max()) + 1
    keys = owners * width + rank[: len(ticks)]
    wanted = owner * width + rank[len(ticks) :]
    return np.searchsorted(keys, wanted, side="right" if side == "right" else "left").astype(np.int64)
