"""Issues: the exogenous table of who asks what when, the same in every scenario that shares the seed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from supportsim.demand import fates
from supportsim.demand.blocks import blocks
from supportsim.demand.busyness import BusyCells
from supportsim.demand.cells import demand_end, table
from supportsim.demand.compiling import PLAIN
from supportsim.demand.points import DIGITS, ROWS, fill
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
        world = fates.world(seed, replication)
        expected = self.expected(world)
        total, most = float(expected.sum()), float(self.sums(expected).max(initial=0.0))
        return self.fill(world, expected, slice(None), _room(total), _room(most))

    def drawing(self, seed: int, replication: int) -> Drawing:
        """The same issues, a part at a time."""
        return Drawing(self, seed, replication)

    def fill(self, world: int, expected: Counts, part: slice, room: int, block: int) -> npt.NDArray[np.void]:
        """Issues of a part of the blocks; `room` and `block`: rows at first, of all and of one block."""
        while True:
            rows = np.empty(room, dtype=ROWS)
            found = self._fill(world, expected, rows, block, part)
            if found >= 0:
                return rows[:found]
            room, block = max(room, 2 * -found), max(block, -found)

    def _fill(self, world: int, expected: Counts, rows: npt.NDArray[np.void], block: int, part: slice) -> int:
        asked, keys = np.empty(block, dtype=np.int64), np.empty(block, dtype=np.uint64)
        scratch, digits = np.empty((3, block), dtype=np.int64), np.empty(DIGITS, dtype=np.int64)
        drawn = (self.cells, expected, self.pieces, self.offered, self._visit, self._blocks[part], self.end)
        found: int = fill(world if PLAIN else np.uint64(world), *drawn, rows, asked, keys, scratch, digits)
        return found

    def sums(self, expected: Counts) -> Counts:
        """Expected issues per block."""
        return np.add.reduceat(expected[self._visit], self._blocks[:-1]) if len(self._visit) else np.zeros(0)

    def expected(self, world: int) -> Counts:
        """Expected issues per cell in a world: with its busyness, before chance."""
        where, factors = self._busy.factors(world)
        expected: Counts = self.cells["expected"].copy()
        expected[where] *= factors
        return expected


class Drawing:
    """The issues of one replication, drawn as they are asked for: never all of them at once in memory."""

    def __init__(self, demand: Demand, seed: int, replication: int) -> None:
        self._demand, self._world, self._next = demand, fates.world(seed, replication), 0
        self._expected = demand.expected(self._world)
        self._sums = demand.sums(self._expected)
        self._reached = np.cumsum(self._sums)

    @property
    def expected(self) -> float:
        """How many there will be, but for chance."""
        return float(self._sums.sum())

    @property
    def has_more(self) -> bool:
        """Whether any are still to be drawn."""
        return self._next < len(self._sums)

    def some(self, least: int) -> npt.NDArray[np.void]:
        """The next issues (dtype `ROWS`, in order): about `least`, or somewhat more, as blocks have it."""
        first = self._next
        if first == len(self._sums):
            return np.zeros(0, dtype=ROWS)
        done = self._reached[first - 1] if first else 0.0
        last = min(int(np.searchsorted(self._reached, done + least)) + 1, len(self._sums))
        self._next = last
        room, block = (_room(float(total)) for total in (self._sums[first:last].sum(), self._sums[first:last].max()))
        return self._demand.fill(self._world, self._expected, slice(first, last + 1), room, block)


def _room(expected: float) -> int:
    """Rows that are enough but once in a million million draws; the draw is repeated with more then."""
    return int(expected + 8 * expected**0.5) + 64
