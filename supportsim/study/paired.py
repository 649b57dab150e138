"""Two options on the same customers: differences replication by replication, and what pairing bought."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.study.estimate import CONFIDENCE, Estimate, student

Floats = NDArray[np.float64]

#: Beside the means, this much of a spread is rounding of sums, not a spread.
_ROUNDING = 1e-12


class Difference(NamedTuple):
    """Other minus base, of the replications in which both have a value.

    correlation: of the two over replications; NaN where one of them does not vary.
    variance_reduction: how many times as many replications the same interval would take if the two were played with
    customers of their own: (var base + var other) / var difference; inf where only the difference is constant, NaN
    where nothing varies.
    p: of a difference as large as this one or larger by chance alone (Student, two-sided); NaN for one replication.
    """

    base: Estimate
    other: Estimate
    change: Estimate
    correlation: float
    variance_reduction: float
    p: float


def paired(base: Floats, other: Floats, confidence: float = CONFIDENCE) -> Difference:
    """`base`, `other`: values of the same replications, NaN where there is none.

    The difference is treated as n independent values: mean +- t(n - 1) s / sqrt(n) of other - base.
    """
    both = ~(np.isnan(base) | np.isnan(other))
    mine, theirs = base[both], other[both]
    change = theirs - mine
    # what differs by rounding alone does not differ
    change[np.abs(change) <= _ROUNDING * np.maximum(np.abs(mine), np.abs(theirs))] = 0.0
    found = student(change, confidence)
    if found.n < 2:
        return Difference(student(mine), student(theirs), found, math.nan, math.nan, math.nan)
    spreads = [_spread(values) for values in (mine, theirs, change)]
    return Difference(
        student(mine, confidence), student(theirs, confidence), found,
        _correlation(mine, theirs, spreads), _reduction(spreads), _p(found, spreads[2]),
    )  # fmt: skip


def _spread(values: Floats) -> float:
    """Standard deviation, 0 where it is rounding only."""
    spread = float(values.std(ddof=1))
    return 0.0 if spread <= _ROUNDING * float(np.abs(values).max()) else spread


def _correlation(mine: Floats, theirs: Floats, spreads: list[float]) -> float:
    if not spreads[0] or not spreads[1]:
        return math.nan
    together = float(((mine - mine.mean()) * (theirs - theirs.mean())).sum()) / (len(mine) - 1)
    return max(-1.0, min(1.0, together / (spreads[0] * spreads[1])))


def _reduction(spreads: list[float]) -> float:
    apart = spreads[0] ** 2 + spreads[1] ** 2
    if not spreads[2]:
        return math.inf if apart else math.nan
    return apart / spreads[2] ** 2


def _p(change: Estimate, spread: float) -> float:
    """Two-sided probability under no difference."""
    if not spread:
        return 1.0 if change.mean == 0 else 0.0
    from scipy.special import stdtr

    return float(2 * stdtr(change.n - 1, -abs(change.mean) / (spread / math.sqrt(change.n))))


def holm(p: Floats) -> Floats:
    """Adjusted values of several tests (S. Holm, Scandinavian Journal of Statistics 6, 1979); NaN stays NaN.

    All whose adjusted value is at most a may be called different, and the chance that any of them is not is at most a,
    however they depend on each other.
    """
    adjusted = np.full(len(p), math.nan)
    real = np.flatnonzero(~np.isnan(p))
    order = real[np.argsort(p[real], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
