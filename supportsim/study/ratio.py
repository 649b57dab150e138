"""The ratio of two means of the same replications, with an interval that knows both vary together."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from supportsim.study.estimate import CONFIDENCE, Estimate, quantile_of_student

Floats = NDArray[np.float64]


def ratio(top: Floats, bottom: Floats, confidence: float = CONFIDENCE) -> Estimate:
    """Mean of `top` / mean of `bottom` over replications with both, with Fieller's interval.

    All q with |mean(top - q bottom)| <= t(n - 1) s(top - q bottom) / sqrt(n) (E. C. Fieller, Journal of the Royal
    Statistical Society B 16, 1954).  Where `bottom` is the same in all replications this is Student's interval.  No
    interval for one replication, and none where `bottom` cannot be told from 0; no value where its mean is 0.
    """
    both = ~(np.isnan(top) | np.isnan(bottom))
    above, below = top[both], bottom[both]
    n = len(above)
    if not n or not below.mean():
        return Estimate(math.nan, math.nan, math.nan, n)
    a, b = float(above.mean()), float(below.mean())
    if n == 1:
        return Estimate(a / b, math.nan, math.nan, 1)
    spread = np.cov(above - a / b * below, below)
    factor = quantile_of_student(n - 1, confidence) ** 2 / n
    r, bottom_mean, f = (np.asarray(value) for value in (a / b, b, factor))
    low, high = fieller(r, bottom_mean, spread[0, 0], spread[0, 1], spread[1, 1], f)
    return Estimate(a / b, float(low), float(high), n)


def fieller(r: Floats, bottom: Floats, v: Floats, c: Floats, spread: Floats, f: Floats) -> tuple[Floats, Floats]:
    """The ends of Fieller's interval of ratios r of means, arrays of one shape; NaN where there is none.

    Told about r, so that what never leaves it has no width.  With d = top - r bottom: bottom its mean, v = var d,
    c = cov(d, bottom), spread = var bottom, f = t(n - 1)^2 / n, s = bottom^2 - f spread the ends are
    r - (f c -+ sqrt(f (v s + f c^2))) / s.  None where the bottom cannot be told from 0 (s <= 0).
    """
    s = bottom**2 - f * spread
    s = np.where(s > 0, s, np.nan)
    root = np.sqrt(f * (v * s + f * c * c))
    return r - (f * c + root) / s, r - (f * c - root) / s
