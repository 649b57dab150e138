"""One example of every kind of law, with what scipy says of it (durations in ticks)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from supportsim.scenario.model import NEVER_LAW, Law
from supportsim.scenario.ticks import MINUTE, SECOND

M = float(MINUTE)


def lognormal(mean: float, cv: float) -> Any:
    spread = np.sqrt(np.log1p(cv**2))
    return stats.lognorm(spread, scale=mean / np.sqrt(1 + cv**2))


def weibull(mean: float, shape: float) -> Any:
    unit = stats.weibull_min(shape)
    return stats.weibull_min(shape, scale=mean / unit.mean())


#: Continuous laws beside the frozen distribution of scipy that each must equal.
CONTINUOUS: dict[str, tuple[Law, Any]] = {
    "uniform from nothing": (Law("uniform", (0.0, 2 * M)), stats.uniform(0, 2 * M)),
    "uniform, narrow": (Law("uniform", (M, M + 1000)), stats.uniform(M, 1000)),
    "uniform": (Law("uniform", (M, 3 * M)), stats.uniform(M, 2 * M)),
    "triangular": (Law("triangular", (M, 2 * M, 5 * M)), stats.triang(0.25, loc=M, scale=4 * M)),
    "triangular from its mode": (Law("triangular", (M, M, 5 * M)), stats.triang(0.0, loc=M, scale=4 * M)),
    "triangular to its mode": (Law("triangular", (M, 5 * M, 5 * M)), stats.triang(1.0, loc=M, scale=4 * M)),
    "exponential": (Law("exponential", (4 * M,)), stats.expon(scale=4 * M)),
    "exponential, short": (Law("exponential", (5.0 * SECOND,)), stats.expon(scale=5.0 * SECOND)),
    "exponential, long": (Law("exponential", (3000 * M,)), stats.expon(scale=3000 * M)),
    "lognormal, skewed": (Law("lognormal", (2 * M, 1.2)), lognormal(2 * M, 1.2)),
    "lognormal": (Law("lognormal", (6.5 * M, 0.9)), lognormal(6.5 * M, 0.9)),
    "lognormal, narrow": (Law("lognormal", (6.5 * M, 0.05)), lognormal(6.5 * M, 0.05)),
    "weibull, humped": (Law("weibull", (8 * M, 1.7)), weibull(8 * M, 1.7)),
    "weibull, long tail": (Law("weibull", (8 * M, 0.7)), weibull(8 * M, 0.7)),
    "weibull, exponential": (Law("weibull", (8 * M, 1.0)), stats.expon(scale=8 * M)),
    "gamma, long tail": (Law("gamma", (5 * M, 0.4)), stats.gamma(0.4, scale=5 * M / 0.4)),
    "gamma": (Law("gamma", (5 * M, 2.5)), stats.gamma(2.5, scale=2 * M)),
    "gamma, narrow": (Law("gamma", (5 * M, 400.0)), stats.gamma(400.0, scale=5 * M / 400)),
    "erlang of one stage": (Law("erlang", (6 * M, 1)), stats.expon(scale=6 * M)),
    "erlang of many stages": (Law("erlang", (6 * M, 40)), stats.gamma(40, scale=6 * M / 40)),
    "erlang": (Law("erlang", (6 * M, 3)), stats.gamma(3, scale=2 * M)),
}

CURVE = Law("empirical", (0.0, M, 2 * M, 10 * M), shares=(0.0, 0.5, 0.5, 0.9), tail_mean=6 * M)
MIXTURE = Law(
    "mixture",
    shares=(0.3, 0.7),
    parts=(Law("exponential", (2 * M,)), Law("lognormal", (9 * M, 0.5))),
)
NESTED = Law(
    "mixture",
    shares=(0.25, 0.75),
    parts=(Law("constant", (M,)), Law("mixture", shares=MIXTURE.shares, parts=MIXTURE.parts, factor=2.0)),
)

EXAMPLES: dict[str, Law] = {
    **{name: law for name, (law, _) in CONTINUOUS.items()},
    "constant": Law("constant", (20.0 * SECOND,)),
    "curve": CURVE,
    "mixture": MIXTURE,
    "nested": NESTED,
    "with limits": Law("exponential", (4 * M,), at_zero=0.2, at_least=M, at_most=9 * M, factor=1.5),
    "from forecast": Law("lognormal", (1.0, 0.8), from_forecast=True),
    "never": NEVER_LAW,
}
