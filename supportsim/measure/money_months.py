"""What single months cost, in whole micro-units that add up to the books exactly: docs/model.md, section 12."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.money import KINDS, Ledger
from supportsim.measure.prices import divided, priced
from supportsim.measure.promised import Promised
from supportsim.measure.sums import Cube

if TYPE_CHECKING:
    from supportsim.measure.grid import Grid
    from supportsim.measure.tally import Tally

Whole = NDArray[np.int64]

#: Where nobody leaves, and nothing is told by month.
NO_COSTS: Whole = np.zeros((0, len(KINDS)), dtype=np.int64)
_PAY, _OVERTIME, _SEATS, _CHANNEL, _PENALTY, _LOST, _CREDIT = range(len(KINDS))


class Pieces(NamedTuple):
    """Agent-shifts cut where months begin.

    first: the first piece per agent, one more at the end.  begins: ticks.  shift: whose piece it is, a row of
    `Plan.shifts`.  month: in which it lies.
    """

    first: Whole
    begins: Whole
    shift: Whole
    month: Whole

    def whole(self, ticks: Whole) -> Whole:
        """(pieces, columns) -> (agent-shifts, columns)."""
        at = np.flatnonzero(np.diff(self.shift, prepend=-1))
        return np.add.reduceat(ticks, at) if len(at) else ticks


def cut(shifts: Sequence[Whole], edges: Whole) -> Pieces:
    """shifts: as `Plan.shifts`; edges: of months, ticks."""
    begins, rows = [], []
    for agent in range(len(shifts[0]) - 1):
        first, last = int(shifts[0][agent]), int(shifts[0][agent + 1])
        own = shifts[1][first:last]
        every = np.union1d(own, edges[1:-1][edges[1:-1] > own[0]]) if len(own) else own
        begins.append(every)
        rows.append(first + np.searchsorted(own, every, side="right") - 1)
    nothing = [np.zeros(0, dtype=np.int64)]
    every, shift = (np.concatenate([*nothing, *found]).astype(np.int64) for found in (begins, rows))
    month = np.clip(np.searchsorted(edges, every, side="right") - 1, 0, len(edges) - 2)
    first_of = np.cumsum([0, *(len(found) for found in begins)])
    return Pieces(first_of.astype(np.int64), every, shift, month.astype(np.int64))


def cost_by_month(ledger: Ledger, tally: Tally, cube: Cube, promised: Sequence[Promised]) -> Whole:
    """(months, KINDS): each kind adds up to its lines in `Money.lines`."""
    grid = tally.plan.grid
    found = np.zeros((len(grid.month_edges) - 1, len(KINDS)), dtype=np.int64)
    for team in range(tally.plan.teams):
        _team(found, ledger, tally, team)
    _channels(found, ledger, grid, cube)
    for promise, prices in zip(promised, ledger.promised, strict=True):
        _promise(found, grid, promise, *prices)
    return found


def _team(found: Whole, ledger: Ledger, tally: Tally, team: int) -> None:
    prices, rows = ledger.wages[team], tally.plan.shifts_of(team)
    pieces = tally.plan.pieces
    assert pieces is not None
    mine = (rows.start <= pieces.shift) & (pieces.shift < rows.stop)
    of, ticks = pieces._replace(shift=pieces.shift[mine], month=pieces.month[mine]), tally.paid_pieces[mine]
    for kind, price, column in ((_PAY, prices.wage, 0), (_PAY, prices.leave, 0), (_OVERTIME, prices.overtime, 1)):
        _shifts(found[:, kind], price, of, ticks[:, column])
    found[:, _SEATS] += divided(prices.seats, np.diff(tally.plan.grid.month_edges).tolist())


def _shifts(into: Whole, price: Fraction, of: Pieces, ticks: Whole) -> None:
    """Each agent-shift in the month it lies in; one that lies in several is one amount, divided by its ticks."""
    many = np.bincount(of.shift, ticks > 0)[of.shift] > 1 if len(ticks) else np.zeros(0, dtype=bool)
    for month in range(len(into)):
        into[month] += priced(price, ticks[~many & (of.month == month)])
    for shift in np.unique(of.shift[many]).tolist():
        own = of.shift == shift
        amounts = divided(priced(price, ticks[own].sum(keepdims=True)), ticks[own].tolist())
        np.add.at(into, of.month[own], amounts)


def _channels(found: Whole, ledger: Ledger, grid: Grid, cube: Cube) -> None:
    """Prices of contacts by the month of their creation, of months by length."""
    through = cube["contacts"] - cube["blocked"] - cube["turned_away"]
    for queue, channel in enumerate(ledger.channel_of):
        found[:, _CHANNEL] += ledger.contact[channel] * _monthly(grid, through[queue].astype(np.int64))
    for amount in ledger.months:
        found[:, _CHANNEL] += divided(amount, np.diff(grid.month_edges).tolist())


def _promise(found: Whole, grid: Grid, promise: Promised, penalty: int, lost: int, credit: int) -> None:
    """Penalties by the month of the case, credits in that of the last day of the period missed."""
    found[:, _PENALTY] += penalty * _monthly(grid, promise.by_day["missed"].sum(axis=0).astype(np.int64))
    found[:, _LOST] += lost * _monthly(grid, promise.lost_by_day.sum(axis=0).astype(np.int64))
    if credit:
        period = grid.periods(promise.promise.judged)
        last = np.searchsorted(period, np.flatnonzero(promise.is_missed_period), side="right") - 1
        found[:, _CREDIT] += credit * _monthly(grid, np.bincount(last, minlength=len(period)))


def _monthly(grid: Grid, by_day: Whole) -> Whole:
    """(days,) -> (months,)."""
    return np.add.reduceat(by_day, np.searchsorted(grid.day_edges, grid.month_edges[:-1]))
