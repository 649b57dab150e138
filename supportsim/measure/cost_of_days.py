"""What single days cost, for ranges of days: docs/model.md, section 12.

No part of the books, which are kept in whole micro-units over counted time; days add up to them but for rounding.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from supportsim.measure.grid import Grid
from supportsim.measure.money import Ledger
from supportsim.measure.prices import MICRO
from supportsim.measure.promised import Promised
from supportsim.measure.sums import Cube, Floats


def cost_of_days(
    ledger: Ledger, grid: Grid, hours: dict[str, Floats], cube: Cube, promised: Sequence[Promised]
) -> Floats:
    """Cost of the company by day, shape (days,), in the currency.  hours: `paid`, `overtime` by (teams, days)."""
    length = np.diff(grid.day_edges)
    by_time = sum(wages.seats for wages in ledger.wages) + sum(ledger.months)
    found = by_time * (length / length.sum())
    for team, wages in enumerate(ledger.wages):
        found = found + float(wages.wage + wages.leave) * hours["paid"][team]
        found = found + float(wages.overtime) * hours["overtime"][team]
    found = found + _contacts(ledger, cube)
    for promise, prices in zip(promised, ledger.promised, strict=True):
        found = found + _fines(promise, grid, *prices)
    return np.asarray(found / MICRO, dtype=np.float64)


def _contacts(ledger: Ledger, cube: Cube) -> Floats:
    """Prices of contacts that got through, by the day of their creation."""
    through = cube["contacts"] - cube["blocked"] - cube["turned_away"]
    prices = [ledger.contact[ledger.channel_of[queue]] for queue in range(len(ledger.channel_of))]
    return np.asarray(np.array(prices, dtype=np.float64) @ through[: len(prices)], dtype=np.float64)


def _fines(promise: Promised, grid: Grid, penalty: int, lost: int, credit: int) -> Floats:
    """Penalties by the day of the case, credits on the last day of the period missed."""
    found = penalty * promise.by_day["missed"].sum(axis=0) + lost * promise.lost_by_day.sum(axis=0)
    found = found.astype(np.float64)
    if credit:
        period = grid.periods(promise.promise.judged)
        last = np.searchsorted(period, np.flatnonzero(promise.is_missed_period), side="right") - 1
        found[last] += credit
    return np.asarray(found, dtype=np.float64)
