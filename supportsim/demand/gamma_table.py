"""Quantile tables of the gamma laws: built with scipy when a scenario is laid out, read by machine code.

The log of the quantile is smooth in the normal score z of u over the whole range of a 52-bit uniform, both
tails included: an almost straight line for large shapes, ln u / shape at the left for small ones.  It is
interpolated by cubic Hermite polynomials with exact slopes, d ln q / dz = phi(z) / (q f(q)).  The grid is
doubled until the largest difference from scipy in the middle of its cells is below `TOLERANCE`.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FIRST_SCORE, LAST_SCORE = -8.5, 8.5  # beyond the scores of 2**-54 and 1 - 2**-53
TOLERANCE = 1e-10  # relative, at the middle of the cells
_COARSEST, _FINEST = 2**8, 2**15  # cells
_LARGE = 1e5  # shapes above
_SMALL = 1e-18  # of a quantile: below, the first term of the series of the cdf is exact
_UNDERFLOW = -745.0  # exp of less is 0


@lru_cache(maxsize=64)
def gamma_knots(shape: float) -> Floats:
    """Log quantile and its slope per cell, alternating, for the gamma of mean 1; length 2(n + 1)."""
    if not 0 < shape < float("inf"):
        raise ValueError(f"shape of a gamma law is {shape}: must be positive")
    cells = _COARSEST
    while True:
        scores = np.linspace(FIRST_SCORE, LAST_SCORE, cells + 1)
        logs = log_quantile(shape, scores)
        slopes = _slopes(shape, scores, logs) * (LAST_SCORE - FIRST_SCORE) / cells
        if cells >= _FINEST or _largest_error(shape, scores, logs, slopes) <= TOLERANCE:
            break
        cells *= 2
    knots = np.empty(2 * (cells + 1))
    knots[0::2], knots[1::2] = logs, slopes
    return knots


def log_quantile(shape: float, scores: Floats) -> Floats:
    """Log of the quantile over the mean at the normal scores, from whichever tail is the smaller."""
    from scipy import special

    if shape > _LARGE:
        return _log_quantile_of_large(shape, scores)
    lower = special.gammaincinv(shape, special.ndtr(np.minimum(scores, 0.0)))
    upper = special.gammainccinv(shape, special.ndtr(-np.maximum(scores, 0.0)))
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(scores < 0.0, lower, upper) / shape)
    # P(a, x) = x^a / Gamma(a + 1) (1 - a x / (a + 1) + ...): only its first term counts for the smallest x
    series = (special.log_ndtr(scores) + special.gammaln(shape + 1.0)) / shape - np.log(shape)
    small: Floats = np.where(series < np.log(_SMALL / shape), series, logs)
    return small


def _log_quantile_of_large(shape: float, scores: Floats) -> Floats:
    """Cornish-Fisher expansion of the chi-square with 2 shape degrees of freedom, where scipy loses digits.

    Abramowitz and Stegun, "Handbook of mathematical functions", 26.4.16 with 26.2.49; what is left out is
    below 1e-13 for shapes above 1e5.
    """
    z, root = scores, math.sqrt(4.0 * shape)  # root of twice the degrees of freedom
    first = 2.0 * z / root
    second = 4.0 / 3.0 * (z**2 - 1.0) / root**2
    third = 2.0 * (z**3 - 7.0 * z) / (9.0 * root**3)
    fourth = -4.0 * (6.0 * z**4 + 14.0 * z**2 - 32.0) / (405.0 * root**4)
    fifth = 4.0 * (9.0 * z**5 + 256.0 * z**3 - 433.0 * z) / (4860.0 * root**5)
    logs: Floats = np.log1p(first + (second + (third + (fourth + fifth))))
    return logs


def _slopes(shape: float, scores: Floats, logs: Floats) -> Floats:
    """d ln q / dz.  The density of ln q is taken around the mean, where large shapes cancel."""
    log_phi = -0.5 * scores**2 - 0.5 * np.log(2.0 * np.pi)
    log_density = shape * (logs - np.expm1(logs)) + _log_density_at_mean(shape)
    slopes: Floats = np.exp(log_phi - log_density)
    return slopes


def _log_density_at_mean(shape: float) -> float:
    """a ln a - a - ln Gamma(a); by Stirling's series where the three would cancel."""
    if shape < 100.0:
        return shape * math.log(shape) - shape - math.lgamma(shape)
    series = 1 / (12 * shape) - 1 / (360 * shape**3) + 1 / (1260 * shape**5)
    return 0.5 * math.log(shape / (2 * math.pi)) - series


def _largest_error(shape: float, scores: Floats, logs: Floats, slopes: Floats) -> float:
    middles = 0.5 * (scores[1:] + scores[:-1])
    guess = 0.5 * (logs[1:] + logs[:-1]) + 0.125 * (slopes[:-1] - slopes[1:])
    exact = log_quantile(shape, middles)
    felt = exact > _UNDERFLOW  # values that are 0 in the end need no accuracy
    return float(np.max(np.abs(guess - exact)[felt], initial=0.0))
