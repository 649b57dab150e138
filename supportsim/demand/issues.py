"""Issues: the exogenous table of who asks what when, the same in every scenario that shares the seed."""

from __future__ import annotations

import math
from bisect import bisect_left

import numpy as np
import numpy.typing as npt

from supportsim.demand import fates
from supportsim.demand.blocks import blocks
from supportsim.demand.busyness import BusyCells
from supportsim.demand.cells import demand_end, table
from supportsim.demand.compiling import PLAIN
from supportsim.demand.points import DIGITS, ROWS, compiled_fill
from supportsim.scenario.model import Scenario
from supportsim.scenario.timeline import Timeline

Counts = npt.NDArray[np.float64]


class Demand:
    """The demand of one scenario, prepared once and drawn for any replication.

    `cells` (dtype `cells.CELL`) holds the expected counts before busyness.
    """

    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        prepared = table(scenario, timeline)
        self.cells, self.pieces, self.offered = prepared.cells, prepared.pieces, prepared.offered
        self.end = demand_end(scenario, timeline)
        self._visit, self._blocks = blocks(self.cells)
        self._busy = BusyCells(scenario, prepared)

    def draw(self, seed: int, replication: int) -> npt.NDArray[np.void]:
        """The issues of one replication (dtype `ROWS`), sorted by (asked, stream name, cell, k)."""
        return self.drawing(seed, replication).some(math.inf)

    def drawing(self, seed: int, replication: int) -> Drawing:
        """The same issues, a part at a time."""
        return Drawing(self, seed, replication)

    def fill(self, world: int, expected: Counts, part: slice, sheets: _Sheets) -> int:
        """Write the issues of a part of the blocks; how many, or minus how many where the sheets are too small."""
        drawn = (self.cells, expected, self.pieces, self.offered, self._visit, self._blocks[part], self.end)
        return compiled_fill()(world if PLAIN else np.uint64(world), *drawn, *sheets.all)

    def sums(self, expected: Counts) -> Counts:
        """Expected issues per block."""
        return np.add.reduceat(expected[self._visit], self._blocks[:-1]) if len(self._visit) else np.zeros(0)

    def expected(self, world: int) -> Counts:
        """Expected issues per cell in a world: with its busyness, before chance."""
        where, factors = self._busy.factors(world)
        expected: Counts = self.cells["expected"].copy()
        expected[where] *= factors
        return expected


class _Sheets:
    """What is drawn on: rows of issues, and what one block of them needs.  Used again, they stay in the cache."""

    def __init__(self, room: int, block: int) -> None:
        self.room, self.block, self.rows = room, block, np.empty(room, dtype=ROWS)
        asked, keys = np.empty(block, dtype=np.int64), np.empty(block, dtype=np.uint64)
        scratch, digits = np.empty((3, block), dtype=np.int64), np.empty(DIGITS, dtype=np.int64)
        self.all = (self.rows, asked, keys, scratch, digits)


class Drawing:
    """The issues of one replication, drawn as they are asked for: never all of them at once in memory."""

    def __init__(self, demand: Demand, seed: int, replication: int) -> None:
        self._demand, self._world, self._next = demand, fates.world(seed, replication), 0
        self._expected = demand.expected(self._world)
        sums = demand.sums(self._expected)
        self._reached: list[float] = np.cumsum(sums).tolist()
        self._sheets = _Sheets(0, _room(float(sums.max(initial=0.0))))

    @property
    def expected(self) -> float:
        """How many there will be, but for chance."""
        return self._reached[-1] if self._reached else 0.0

    @property
    def has_more(self) -> bool:
        """Whether any are still to be drawn."""
        return self._next < len(self._reached)

    @property
    def rows(self) -> npt.NDArray[np.void]:
        """Where those stand that were drawn last, and room for more (dtype `ROWS`)."""
        return self._sheets.rows

    def some(self, least: float) -> npt.NDArray[np.void]:
        """The next issues (dtype `ROWS`, in order): about `least`, or somewhat more, as blocks have it.

        They stand where the last ones stood.
        """
        first, found = self._next, 0
        if self.has_more:
            done = self._reached[first - 1] if first else 0.0
            self._next = min(bisect_left(self._reached, done + least) + 1, len(self._reached))
            room, block = _room(self._reached[self._next - 1] - done), self._sheets.block
            while (found := self._fill(first, room, block)) < 0:
                room, block = max(room, -2 * found), max(block, -found)
        return self._sheets.rows[:found]

    def clear(self) -> None:
        """Nothing more is to be drawn: the sheets give their memory back."""
        self._sheets = _Sheets(0, 0)

    def _fill(self, first: int, room: int, block: int) -> int:
        """The blocks from `first` on, on sheets of this size at least."""
        if room > self._sheets.room or block > self._sheets.block:
            self._sheets = _Sheets(room, block)
        return self._demand.fill(self._world, self._expected, slice(first, self._next + 1), self._sheets)


def _room(expected: float) -> int:
    """Rows that are enough but once in a million million draws; the draw is repeated with more then."""
    return int(expected + 8 * expected**0.5) + 64
