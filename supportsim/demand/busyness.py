"""Busyness: days, weeks or whole runs that are busier than chance, together or stream by stream.

The factor of a stream in a period is C D_s, of one of its cells further E: independent gammas of mean 1 with
cv(C)^2 = shared cv^2 and 1 + cv(D)^2 = (1 + cv^2) / (1 + cv(C)^2), so that the product has the stated cv and
any two streams the stated correlation.  C belongs to the period, D to (period, stream), E to the cell.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from supportsim.demand import fates
from supportsim.demand.cells import Table
from supportsim.demand.gamma_table import log_quantile
from supportsim.scenario.model import Busyness, Scenario

Factors = npt.NDArray[np.float64]


def gamma_factors(cv: float, u: Factors) -> Factors:
    """Quantiles of the gamma of mean 1 and coefficient of variation `cv` (0: all 1) at the uniforms u."""
    from scipy import special

    if cv <= 0:
        return np.ones_like(u)
    drawn: Factors = np.exp(log_quantile(1.0 / cv**2, special.ndtri(u)))
    return drawn


def parts(busyness: Busyness) -> tuple[float, float]:
    """Coefficients of variation of C (all streams together) and of D (each stream for itself)."""
    together = busyness.shared * busyness.cv**2
    alone = (1 + busyness.cv**2) / (1 + together) - 1
    return math.sqrt(together), math.sqrt(max(alone, 0.0))


class BusyCells:
    """The factor of every cell in a world; prepared once, because the periods do not change."""

    def __init__(self, scenario: Scenario, table: Table) -> None:
        self.busyness = scenario.busyness
        cells = table.cells
        takes_part = np.array([stream.busy for stream in scenario.streams] + [False])
        self.where = np.flatnonzero(takes_part[cells["stream"]] & (cells["fixed"] == 0))
        self.keys = cells["key"][self.where]
        per = self.busyness.per
        periods = _periods(per, cells["date"][self.where])
        names = [fates.entity("busyness", per, stream.name) for stream in scenario.streams]
        of_stream = np.array([*names, 0], dtype=np.uint64)[cells["stream"][self.where]]
        self.shared = _Distinct(fates.children(fates.entity("busyness", per), periods))
        self.alone = _Distinct(fates.children(of_stream, periods))

    def factors(self, world: int) -> tuple[npt.NDArray[np.int64], Factors]:
        """Rows of the cells that take part, and their factors; empty when there is no busyness."""
        if self.busyness.cv <= 0 and self.busyness.cv_interval <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        together, alone = parts(self.busyness)
        drawn = self.shared.draw(world, together, fates.BUSY_SHARED)
        drawn = drawn * self.alone.draw(world, alone, fates.BUSY_STREAM)
        own = fates.uniforms(world, self.keys, 0, fates.BUSY_CELL) if len(self.keys) else np.zeros(0)
        return self.where, drawn * gamma_factors(self.busyness.cv_interval, own)


class _Distinct:
    """Draws one factor per distinct entity and hands it to all its cells."""

    def __init__(self, entities: npt.NDArray[np.uint64]) -> None:
        self.entities, self.back = np.unique(entities, return_inverse=True)

    def draw(self, world: int, cv: float, purpose: int) -> Factors:
        if len(self.entities) == 0:
            return np.zeros(0)
        return gamma_factors(cv, fates.uniforms(world, self.entities, 0, purpose))[self.back]


def _periods(per: str, dates: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The number of the period of each local date: the date, the Monday of its week, or 0 for them all."""
    if per == "day":
        return dates
    if per == "week":
        return dates - (dates - 1) % 7  # ordinal 1 was a Monday
    return np.zeros_like(dates)
