"""The share of an interval: what was kept in all replications / what was judged, with an interval that knows both vary.

One definition for `intervals.csv`, the figures, causes of a bin and `interval_differences.csv`: a busy replication
weighs more than a quiet one, as a busy day weighs more within a replication (docs/model.md, section 11).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.sums import Floats
from supportsim.study.estimate import CONFIDENCE, Estimate, quantile_of_student
from supportsim.study.ratio import fieller

#: Beside what was added up, this much is rounding, not a spread.
_ROUNDING = 1e-12


class Moments(NamedTuple):
    """Of each cell over the replications with a case: how many, sums of top and bottom, of squares and products."""

    n: Floats
    top: Floats
    bottom: Floats
    top_top: Floats
    bottom_bottom: Floats
    top_bottom: Floats


class Shares(NamedTuple):
    """By cell: ratio, NaN without a case; its interval, NaN where there is none; replications with a case."""

    mean: Floats
    low: Floats
    high: Floats
    n: Floats

    def estimate(self, cell: int) -> Estimate:
        """That of one cell."""
        return Estimate(float(self.mean[cell]), float(self.low[cell]), float(self.high[cell]), int(self.n[cell]))


def moments(top: NDArray[np.generic], bottom: NDArray[np.generic]) -> Moments:
    """From (replications, ...): shape (...); a replication without a case (bottom 0) says nothing."""
    over, under = top.astype(np.float64), bottom.astype(np.float64)
    pairs = ((over, over), (under, under), (over, under))
    return Moments(
        (under > 0).sum(axis=0).astype(np.float64), over.sum(axis=0), under.sum(axis=0),
        *((one * other).sum(axis=0) for one, other in pairs),
    )  # fmt: skip


def shares(kept: NDArray[np.generic], judged: NDArray[np.generic]) -> Shares:
    """Of (replications, ...) cases: the sums kept / judged, with intervals cut to 0 and 1."""
    return shares_of(moments(kept, judged))


def shares_of(found: Moments) -> Shares:
    """The same from sums over replications."""
    mean, low, high = ratios_of(found)
    return Shares(mean, np.clip(low, 0, 1), np.clip(high, 0, 1), found.n)


def ratios_of(found: Moments, confidence: float = CONFIDENCE) -> tuple[Floats, Floats, Floats]:
    """Sum of top / sum of bottom, low and high ends of Fieller's interval, of the n replications with a case.

    As `study.ratio.ratio`, for many cells at once and from sums.  None for one replication, and none where the bottom
    cannot be told from 0.
    """
    n, top, bottom, top_top, bottom_bottom, top_bottom = found
    factor = np.array([quantile_of_student(int(k) - 1, confidence) ** 2 / k if k > 1 else math.nan for k in n.flat])
    f = factor.reshape(n.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.where(n > 0, top / bottom, np.nan)
        v = top_top - 2 * r * top_bottom + r * r * bottom_bottom
        v = np.where(v <= _ROUNDING * top_top, 0.0, v) / (n - 1)
        c = top_bottom - r * bottom_bottom
        c = np.where(np.abs(c) <= _ROUNDING * top_bottom, 0.0, c) / (n - 1)
        spread = np.maximum(bottom_bottom - bottom * bottom / n, 0.0) / (n - 1)
        return r, *fieller(r, bottom / n, v, c, spread, f)


def as_means(top: Floats, bottom: Floats) -> Floats:
    """Of (replications,): values whose mean is sum top / sum bottom and whose spread is that of the ratio.

    r + (top - r bottom) / mean(bottom), the linear part of a ratio (W. G. Cochran, Sampling Techniques, 1977, 2.11);
    so differences of ratios are taken replication by replication, as all others are.  NaN without a case.
    """
    if not bottom.sum() > 0:
        return np.full(len(top), math.nan)
    r = top.sum() / bottom.sum()
    found: Floats = r + (top - r * bottom) / bottom.mean()
    return found
