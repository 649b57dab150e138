"""The backlog of deferred channels by age, as whole numbers at the end of each interval.

A contact waits from its creation to its reply, and comes to an age so long after its creation, unless it is gone by
then.  So counts of instants are enough, as for the backlog itself, and the bands of a row add up to its backlog.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supportsim.measure import tables as t
from supportsim.measure.intervals import COLUMNS, Row, rows
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR

if TYPE_CHECKING:
    from supportsim.measure.tally import Tally

_HOURS = (0, *(age // HOUR for age in t.AGES))
#: From one age to the next, in elapsed hours: the first is held, the last is not.
BANDS = (*(f"age_{a}_{b}h" for a, b in pairwise(_HOURS)), f"age_over_{_HOURS[-1]}h")


def deferred_rows(scenario: Scenario) -> tuple[tuple[int, Row], ...]:
    """The rows of the intraday table of one deferred channel, with their places in it."""
    deferred = {channel.name for channel in scenario.channels if channel.kind == "deferred"}
    return tuple((i, row) for i, row in enumerate(rows(scenario)) if row.channel in deferred)


def by_age(tally: Tally, table: Sequence[Row]) -> NDArray[np.int64]:
    """(BANDS, rows, intervals): open just before the end of an interval, counted or not, no filler."""
    shape = len(table), tally.plan.queues
    masks = np.array([row.cells[: tally.plan.queues] for row in table], dtype=np.int64).reshape(shape)
    older = np.cumsum(tally.sums.ages, axis=0)[1:-1]
    levels = [np.cumsum(tally.sums.backlog, axis=0)[1:-1], *np.moveaxis(older, -1, 0)]
    open_ = np.array([masks @ level.T for level in levels])
    open_[:-1] -= open_[1:].copy()
    return open_


def waiting(ages: NDArray[np.int64], table: Sequence[Row]) -> NDArray[np.int32]:
    """(deferred channels, intervals): all that is open, from the first row of each channel, which holds the others."""
    names = [row.channel for row in table]
    first = [names.index(name) for name in dict.fromkeys(names)]
    return np.asarray(ages[:, first].sum(axis=0), dtype=np.int32)


def oldest(intervals: NDArray[np.float64], places: Sequence[int]) -> NDArray[np.float32]:
    """Hours (rows of deferred channels, intervals): the age of the oldest of `intervals.interval_sums`, 0 of none.

    places: those of these rows in the intraday table (`deferred_rows`).
    """
    return intervals[COLUMNS.index("oldest_h"), list(places)].astype(np.float32)
