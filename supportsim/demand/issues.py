"""Issues: the exogenous table of who asks what when, the same in every scenario that shares the seed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from supportsim.demand import fates
from supportsim.demand.blocks import blocks
from supportsim.demand.busyness import BusyCells
from supportsim.demand.cells import demand_end, table
from supportsim.demand.compiling import PLAIN
from supportsim.demand.points import DIGITS, ROWS, behind, compiled_fill
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
        world, *drawn, blocks, end = self.drawn_with(world, expected)
        return compiled_fill()(world, *drawn, blocks[part], end, *sheets.all)

    def drawn_with(self, world: int, expected: Counts) -> tuple[Any, ...]:
        """What `points.fill` needs beside sheets: world, cells, what is expected of them, ..., blocks and the end."""
        drawn = (self.cells, expected, self.pieces, self.offered, self._visit, self._blocks, self.end)
        return (world if PLAIN else np.uint64(world), *drawn)

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
        self.reached = np.cumsum(sums)
        self._sheets = _Sheets(0, _room(float(sums.max(initial=0.0))))

    @property
    def expected(self) -> float:
        """How many there will be, but for chance."""
        return float(self.reached[-1]) if len(self.reached) else 0.0

    @property
    def has_more(self) -> bool:
        """Whether any are still to be drawn."""
        return self._next < len(self.reached)

    @property
    def rows(self) -> npt.NDArray[np.void]:
        """Where those stand that were drawn last, and room for more (dtype `ROWS`)."""
        return self._sheets.rows

    @property
    def drawn_with(self) -> tuple[Any, ...]:
        """What machine code draws with: `reached`, what `points.fill` needs beside sheets, and the sheets."""
        return self.reached, self._demand.drawn_with(self._world, self._expected), self._sheets.all

    def some(self, least: float) -> npt.NDArray[np.void]:
        """The next issues (dtype `ROWS`, in order): about `least`, or somewhat more, as blocks have it.

        They stand where the last ones stood.
        """
        first, found = self._next, 0
        if self.has_more:
            self._next = self.make_room(first, least)
            while (found := self._fill(first)) < 0:
                self.make_more_room(-found)
        return self._sheets.rows[:found]

    def make_room(self, first: int, least: float) -> int:
        """Sheets for so many from block `first` on; the block behind the last one of them."""
        following = behind(self.reached, first, least)
        room = _room(float(self.reached[following - 1]) - (float(self.reached[first - 1]) if first else 0.0))
        if room > self._sheets.room:
            self._sheets = _Sheets(room, self._sheets.block)
        return following

    def make_more_room(self, drawn: int) -> None:
        """More had come than there was room for."""
        self._sheets = _Sheets(max(self._sheets.room, 2 * drawn), max(self._sheets.block, drawn))

    def clear(self) -> None:
        """Nothing more is to be drawn: the sheets give their memory back."""
        self._sheets = _Sheets(0, 0)

    def _fill(self, first: int) -> int:
        """Draw the blocks from `first` on; how many, or minus how many where the sheets are too small."""
        return self._demand.fill(self._world, self._expected, slice(first, self._next + 1), self._sheets)


def _room(expected: float) -> int:
    """Rows that are enough but once in a million million draws; the draw is repeated with more then."""
    return int(expected + 8 * expected**0.5) + 64
