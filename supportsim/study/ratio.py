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
    factor = quantile_of_student(n - 1, confidence) ** 2 / n
    spread = np.cov(above, below)
    square = b * b - factor * float(spread[1, 1])
    middle, rest = a * b - factor * float(spread[0, 1]), a * a - factor * float(spread[0, 0])
    if square <= 0:
        return Estimate(a / b, math.nan, math.nan, n)
    root = math.sqrt(max(0.0, middle * middle - square * rest))
    return Estimate(a / b, (middle - root) / square, (middle + root) / square, n)
