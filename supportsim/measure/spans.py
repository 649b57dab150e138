"""Unions of many half-open spans [begin, end) at once; all arrays int64, all times in ticks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ticks = NDArray[np.int64]


def union(owner: Ticks, begins: Ticks, ends: Ticks) -> tuple[Ticks, Ticks, Ticks]:
    """The union of spans of each owner: (owner, begin, end), sorted by (owner, begin), disjoint and apart.

    Empty spans are dropped.  Owners are numbers from 0; ticks may be negative but not beyond 2**60.
    """
    real = ends > begins
    owner, begins, ends = owner[real], begins[real], ends[real]
    if not len(owner):
        return owner, begins, ends
    order = np.lexsort((begins, owner))
    owner, begins, ends = owner[order], begins[order], ends[order]
    reach = _reach(owner, ends)
    fresh = np.ones(len(owner), dtype=bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (begins[1:] > reach[:-1])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(owner)) - 1
    return owner[first], begins[first], reach[last]


def _reach(owner: Ticks, ends: Ticks) -> Ticks:
    """Running maximum of `ends` inside each owner (rows sorted by owner)."""
    rank = np.unique(ends, return_inverse=True)[1].astype(np.int64)  # small numbers: no overflow below
    width = int(rank.max()) + 1
    running = np.maximum.accumulate(owner * width + rank) - owner * width
    by_rank = np.empty(width, dtype=np.int64)
    by_rank[rank] = ends
    return by_rank[running]
