"""From values of replications to what may be said: means with Student intervals, ranges, verdicts."""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.study.words import MOST

Floats = NDArray[np.float64]
Verdict = Literal["kept", "missed", "too close to call", "no cases"]

CONFIDENCE = 0.95
#: So many values all on one side of a target are less likely than 5 % by chance alone: 2 x (1/2) ** 6 is 3.1 %.
ALIKE = 6
#: Equal values have a mean, and an interval, that rounding may move.
_NO_WIDTH = 1e-9


class Estimate(NamedTuple):
    """A mean over `n` replications and its interval; NaN where there is none."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


def student(values: Floats, confidence: float = CONFIDENCE) -> Estimate:
    """Mean of the values that exist (not NaN) with a Student interval for independent replications.

    mean +- t(n - 1) s / sqrt(n); no interval for n = 1, nothing for n = 0.
    """
    real = values[~np.isnan(values)]
    n = len(real)
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan, 0)
    mean = float(real.mean())
    if n == 1:
        return Estimate(mean, math.nan, math.nan, 1)
    half = quantile_of_student(n - 1, confidence) * float(real.std(ddof=1)) / math.sqrt(n)
    return Estimate(mean, mean - half, mean + half, n)


def widened(found: Estimate, confidence: float) -> Estimate:
    """A Student interval of `CONFIDENCE` made one of another confidence, about the same mean."""
    if found.n < 2:
        return found
    half = found.half * quantile_of_student(found.n - 1, confidence) / quantile_of_student(found.n - 1, CONFIDENCE)
    return found._replace(low=found.mean - half, high=found.mean + half)


def bounded(found: Estimate, top: float = math.inf, least: float = 0.0) -> Estimate:
    """The same with its interval cut to what is possible: from `least` to `top` (1 for a share)."""
    if math.isnan(found.low):
        return found
    return found._replace(low=max(least, found.low), high=min(top, found.high))


def student_each(values: Floats, confidence: float = CONFIDENCE) -> tuple[Floats, Floats, Floats]:
    """Mean, low and high of every column of `values` (replications, cells), NaN left out."""
    n = np.count_nonzero(~np.isnan(values), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(values, axis=0) / n
        spread = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / (n - 1) / n)
    factor = np.array([quantile_of_student(int(k) - 1, confidence) if k > 1 else math.nan for k in n])
    half = np.where(n > 1, factor * spread, math.nan)
    return mean, mean - half, mean + half


_KNOWN: dict[tuple[int, float], float] = {}


def quantile_of_student(freedom: int, confidence: float) -> float:
    """The two-sided quantile of Student's law."""
    if (freedom, confidence) not in _KNOWN:
        from scipy.special import stdtrit

        _KNOWN[freedom, confidence] = float(stdtrit(freedom, (1 + confidence) / 2))
    return _KNOWN[freedom, confidence]


def middle_range(values: Floats, low: float = 0.05, high: float = 0.95) -> tuple[float, float]:
    """The 5 % and 95 % quantiles of the values that exist; NaN if none does."""
    real = values[~np.isnan(values)]
    if not real.size:
        return math.nan, math.nan
    found = np.quantile(real, [low, high])
    return float(found[0]), float(found[1])


def median(values: Floats) -> tuple[float, float, float]:
    """Median of all values (replications, dates) and its 95 % interval by Woodruff (1952); NaN of one replication.

    In each replication the share of its dates below the median, those at it counted half; the Student interval of the
    mean of these shares, taken about one half, gives two shares, and the quantiles at these are its ends.
    """
    middle = float(np.median(values))
    shares = ((values < middle).mean(axis=1) + (values <= middle).mean(axis=1)) / 2
    found = student(shares)
    if math.isnan(found.half):
        return middle, math.nan, math.nan
    low, high = np.quantile(values, np.clip([0.5 - found.half, 0.5 + found.half], 0, 1))
    return middle, float(low), float(high)


def single(values: Floats) -> tuple[float, float, float]:
    """Of single days, weeks or periods: their mean, 5 % and 95 % quantiles, all of the same values; NaN if none."""
    real = values[~np.isnan(values)]
    return (float(real.mean()) if real.size else math.nan, *middle_range(real))


def are_few_alike(n: Any, width: Any) -> Any:
    """Whether n values, or arrays of how many, are all alike and too few to say how others may be.

    Their interval has no width.  So many of them are needed as would not all lie on one side by chance alone.
    """
    return (n < ALIKE) & (width <= _NO_WIDTH)


def verdict(found: Estimate, target: float) -> Verdict:
    """kept or missed when the whole interval lies on one side of the target; never for one replication.

    Not where `are_few_alike`.
    """
    if found.n == 0:
        return "no cases"
    if are_few_alike(found.n, found.high - found.low):
        return "too close to call"
    if found.low >= target:
        return "kept"
    return "missed" if found.high < target else "too close to call"


def on_target(found: Estimate, target: float) -> bool:
    """Whether the mean lies within a tenth of its half-width of the target: more would tell nothing new."""
    return found.n > 1 and abs(found.mean - target) <= found.half / 10


def replications_to_decide(found: Estimate, target: float) -> int | None:
    """Roughly how many replications would tell the mean from the target, from the spread seen so far.

    The interval shrinks with sqrt(n): n (half / distance)^2.  Spread and distance are themselves guesses from n
    replications, so never less than 2 n, and rounded up to 1, 2 or 5 times a power of ten.  None where the spread
    is not known, the mean is the target itself, or not even `MOST` would do.
    """
    distance = abs(found.mean - target)
    if found.n < 2 or not distance > 0:
        return None
    needed = max(2 * found.n, ALIKE, math.ceil(round(found.n * (found.half / distance) ** 2, 6)))
    if needed > MOST:
        return None
    power = int(10 ** (len(str(needed)) - 1))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= needed)
