"""Blocks: runs of cells whose issues all arise before those of the next run.

Drawing and sorting block by block keeps all tables of the work in the cache of the processor.  It changes
nothing in the result: instants of two blocks never meet, and inside a block the cells stay by (stream name,
date, place).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from supportsim.demand.points import COPY_WINDOW

Places = npt.NDArray[np.int64]

_ENOUGH = 2048  # expected issues, from which on a block stands alone


def blocks(cells: npt.NDArray[np.void]) -> tuple[Places, Places]:
    """Places of the cells in the order to visit them; where in it the blocks begin, and the last one ends."""
    if len(cells) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    first, last = _reach(cells)
    by_time = np.argsort(first, kind="stable")
    reached = np.maximum.accumulate(last[by_time])
    cuts = np.concatenate([[0], (first[by_time][1:] >= reached[:-1]).astype(np.int64)])
    run = np.cumsum(cuts)
    sums = np.bincount(run, weights=cells["expected"][by_time])
    merged = ((np.cumsum(sums) - sums) // _ENOUGH)[run]
    block = np.empty(len(cells))
    block[by_time] = merged
    visit = np.argsort(block, kind="stable")
    _, begins = np.unique(block[visit], return_index=True)
    return visit, np.append(begins, len(cells)).astype(np.int64)


def _reach(cells: npt.NDArray[np.void]) -> tuple[Places, Places]:
    """First and one behind the last tick at which issues of each cell may arise."""
    fixed = cells["fixed"] == 1
    window = cells["begin"] // COPY_WINDOW * COPY_WINDOW
    copied = fixed & (cells["expected"] > 1)
    length = np.where(fixed, np.where(copied, COPY_WINDOW, 1), cells["length"])
    first = np.where(copied, window, cells["begin"])
    return first, first + length
