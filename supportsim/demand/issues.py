"""Issues: the exogenous table of who asks what when, the same in every scenario that shares the seed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from supportsim.demand import fates
from supportsim.demand.blocks import blocks
from supportsim.demand.busyness import BusyCells
from supportsim.demand.cells import demand_end, table
from supportsim.demand.compiling import PLAIN
from supportsim.demand.points import DIGITS, fill
from supportsim.scenario.model import Scenario
from supportsim.scenario.timeline import Timeline

Counts = npt.NDArray[np.float64]

#: One row per issue.  Ticks of play; places in the tuples of the scenario.
ROWS = np.dtype(
    [
        ("asked", np.int64),  # instant; of a backlog or an early trace row minus its age at tick 0
        ("key", np.uint64),  # entity of its fates
        ("stream", np.int32),
        ("segment", np.int32),
        ("topic", np.int32),
        ("channel", np.int32),  # -1: by the plan of its segment
        ("customer", np.int64),  # place in the segment, -1: anonymous
        ("aht", np.float64),  # ticks, of its forecast row; 0: none
        ("handle", np.int64),  # ticks of talk and wrap-up, -1: drawn
        ("wrap", np.int64),  # ticks of wrap-up inside handle, -1: by the rule of the queue
        ("patience", np.int64),  # ticks, -1: drawn
    ],
    align=True,
)


class Demand:
    """The demand of one scenario, prepared once and drawn for any replication.

    `cells` (dtype `cells.CELL`) holds the expected counts before busyness.
    """

    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        prepared = table(scenario, timeline)
        self.cells, self.pieces = prepared.cells, prepared.pieces
        self.end = demand_end(scenario, timeline)
        self._visit, self._blocks = blocks(self.cells)
        self._busy = BusyCells(scenario, prepared)

    def draw(self, seed: int, replication: int) -> npt.NDArray[np.void]:
        """The issues of one replication (dtype `ROWS`), sorted by (asked, stream name, cell, k)."""
        world = fates.world(seed, replication)
        expected = self.expected(world)
        total, most = float(expected.sum()), float(self._sums(expected).max(initial=0.0))
        room, block = _room(total), _room(most)
        while True:
            rows = np.empty(room, dtype=ROWS)
            found = self._fill(world, expected, rows, block)
            if found >= 0:
                return rows[:found]
            room, block = max(room, 2 * -found), max(block, -found)

    def _fill(self, world: int, expected: Counts, rows: npt.NDArray[np.void], block: int) -> int:
        asked, keys = np.empty(block, dtype=np.int64), np.empty(block, dtype=np.uint64)
        scratch, digits = np.empty((3, block), dtype=np.int64), np.empty(DIGITS, dtype=np.int64)
        drawn = (self.cells, expected, self.pieces, self._visit, self._blocks, self.end)
        found: int = fill(world if PLAIN else np.uint64(world), *drawn, rows, asked, keys, scratch, digits)
        return found

    def _sums(self, expected: Counts) -> Counts:
        """Expected issues per block."""
        return np.add.reduceat(expected[self._visit], self._blocks[:-1]) if len(self._visit) else np.zeros(0)

    def expected(self, world: int) -> Counts:
        """Expected issues per cell in a world: with its busyness, before chance."""
        where, factors = self._busy.factors(world)
        expected: Counts = self.cells["expected"].copy()
        expected[where] *= factors
        return expected


def _room(expected: float) -> int:
    """Rows that are enough but once in a million million draws; the draw is repeated with more then."""
    return int(expected + 8 * expected**0.5) + 64
