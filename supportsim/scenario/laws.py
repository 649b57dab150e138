"""Plain facts about laws: their mean, and how they read aloud.  No scipy: gamma functions of `math` only."""

from __future__ import annotations

import math
from itertools import pairwise

from supportsim.scenario.model import Law
from supportsim.scenario.ticks import DAY, HOUR, MILLISECOND, MINUTE, SECOND, WEEK


def mean(law: Law) -> float:
    """Mean in ticks, infinite for `never`; of a from_forecast law for an AHT of 1 tick.

    `at_zero` and `factor` are exact.  `at_least` and `at_most` only clip the mean itself,
    which is exact for a constant and rough where the limits carry weight.
    """
    value = law.factor * _kernel_mean(law) * (1 - law.at_zero)
    if law.from_forecast:
        return value
    value = max(value, law.at_least)
    return value if law.at_most is None else min(value, law.at_most)


def _kernel_mean(law: Law) -> float:
    match law.kind:
        case "never":
            return math.inf
        case "uniform":
            return sum(law.values) / 2
        case "triangular":
            return sum(law.values) / 3
        case "empirical":
            return _empirical_mean(law)
        case "mixture":
            return sum(share * mean(part) for share, part in zip(law.shares, law.parts, strict=True))
        case _:
            return law.values[0]  # constant, and all laws stated by their mean


def _empirical_mean(law: Law) -> float:
    """Trapezoids between the knots, the first knot below, the exponential tail above."""
    knots = list(zip(law.shares, law.values, strict=True))
    between = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(knots))
    first, last = knots[0], knots[-1]
    return first[0] * first[1] + between + (1 - last[0]) * (last[1] + law.tail_mean)


def quantile(law: Law, u: float) -> float:
    """The `u` quantile of constant, uniform, exponential, Weibull and empirical laws, in ticks.

    Raises ValueError for kinds that need tables (see `supportsim.demand.laws`).
    """
    if u < law.at_zero:
        return 0.0
    v = (u - law.at_zero) / (1 - law.at_zero)
    match law.kind:
        case "constant":
            value = law.values[0]
        case "uniform":
            value = law.values[0] + v * (law.values[1] - law.values[0])
        case "exponential":
            value = -law.values[0] * math.log1p(-v)
        case "weibull":
            scale = law.values[0] / math.gamma(1 + 1 / law.values[1])
            value = scale * (-math.log1p(-v)) ** (1 / law.values[1])
        case _:
            raise ValueError(f"no plain quantile of a law of kind {law.kind}")
    value = max(law.factor * value, law.at_least)
    return value if law.at_most is None else min(value, law.at_most)


def describe(law: Law) -> str:
    """The law in words: `lognormal, mean 6.5 min, cv 0.9; 5% at once`."""
    words = [_kernel_words(law)]
    if law.factor != 1.0 and (law.kind in ("empirical", "mixture") or law.from_forecast):
        words.append(f"x {law.factor:.6g}")
    if law.at_zero:
        words.append(f"{law.at_zero * 100:.6g}% at once")
    if law.at_least:
        words.append(f"at least {span(law.at_least)}")
    if law.at_most is not None:
        words.append(f"at most {span(law.at_most)}")
    return "; ".join(words)


def _kernel_words(law: Law) -> str:
    by = 1.0 if law.kind in ("empirical", "mixture") or law.from_forecast else law.factor
    times = [value * by for value in law.values]
    centre = "mean from forecast" if law.from_forecast else f"mean {span(times[0])}" if times else ""
    match law.kind:
        case "never":
            return "never"
        case "constant":
            return "from forecast" if law.from_forecast else span(times[0])
        case "uniform":
            return f"uniform, {span(times[0])} to {span(times[1])}"
        case "triangular":
            return f"triangular, {span(times[0])} to {span(times[2])}, mode {span(times[1])}"
        case "exponential":
            return f"exponential, {centre}"
        case "lognormal":
            return f"lognormal, {centre}, cv {law.values[1]:.6g}"
        case "weibull" | "gamma":
            return f"{law.kind}, {centre}, shape {law.values[1]:.6g}"
        case "erlang":
            return f"erlang, {centre}, {law.values[1]:g} stages"
        case "empirical":
            return f"empirical, {len(law.values)} knots, mean {span(_empirical_mean(law))}"
        case _:
            parts = zip(law.shares, law.parts, strict=True)
            return "mixture of " + " and ".join(f"{share * 100:.6g}% ({describe(part)})" for share, part in parts)


_UNITS = ((WEEK, "week"), (DAY, "day"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"), (MILLISECOND, "ms"))


def span(ticks: float) -> str:
    """A duration in the largest unit in which it is 1 or more: `6.5 min`, `20 s`, `2 days`."""
    for length, unit in _UNITS:
        if ticks >= length:
            amount = f"{ticks / length:.4g}"
            return f"{amount} {unit}{'s' if unit in ('day', 'week') and amount != '1' else ''}"
    return f"{ticks:.4g} us" if ticks else "0 s"
