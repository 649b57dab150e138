"""Which of two options is better by contribution after churn, and at which odds that changes (docs/model.md, 13).

Paired differences, replication by replication, each computed anew with its odds; nothing is interpolated.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.experience import FACTORS, OPINIONS, STATED
from supportsim.measure.prices import MICRO
from supportsim.study.comparison import Comparison, Option, common, values
from supportsim.study.estimate import Estimate
from supportsim.study.paired import paired
from supportsim.study.result import Result

FLIPS = ("option", "odds", "factor", "unit", "difference", "difference_ci_low", "difference_ci_high", "n")
AFTER_CHURN = ("all", "contribution_after_churn")


class At(NamedTuple):
    """Option minus base at some odds; factor: on the logarithm of the stated ones, NaN for low and high."""

    odds: str
    factor: float
    change: Estimate


def is_known(comparison: Comparison, option: Option) -> bool:
    """Whether contribution after churn has values in both."""
    results = (comparison.base.result, option.result)
    return all(
        AFTER_CHURN in each.yardstick.places and not np.isnan(values(each, AFTER_CHURN)).any() for each in results
    )


def at_all_odds(comparison: Comparison, option: Option) -> list[At]:
    """At low, stated and high, then by factor from 0 (nobody minds) on, per week or run as sums are told."""
    low, stated, high = (_at(comparison, option, k) for k in range(len(OPINIONS)))
    nobody = At("factor", 0.0, _change(comparison, option, None))
    factors = [_at(comparison, option, len(OPINIONS) + k) for k in range(len(FACTORS))]
    by_factor = sorted([nobody, *factors, stated._replace(odds="factor")], key=lambda each: each.factor)
    return [low, stated, high, *by_factor]


def _at(comparison: Comparison, option: Option, column: int) -> At:
    change = _change(comparison, option, column)
    if column >= len(OPINIONS):
        return At("factor", FACTORS[column - len(OPINIONS)], change)
    return At(OPINIONS[column], 1.0 if column == STATED else float("nan"), change)


def _change(comparison: Comparison, option: Option, column: int | None) -> Estimate:
    base, other = comparison.base.result, option.result
    found = paired(_left(base, other, column), _left(other, base, column)).change
    per = comparison.periods
    return Estimate(found.mean / per, found.low / per, found.high / per, found.n)


def _left(result: Result, other: Result, column: int | None) -> NDArray[np.float64]:
    """Contribution after churn by replication that both finished; column None: nobody minds."""
    left = values(result, ("all", "contribution"), other)
    if column is None:
        return left
    shared = set(common(result, other))
    both = [number in shared for number in result.finished]
    after: NDArray[np.float64] = left - result.churned.cost[both][:, :, column].sum(axis=1) / MICRO
    return after


def between(found: list[At]) -> list[tuple[float, float]]:
    """The neighbouring factors between which the better one changes."""
    by_factor = [each for each in found if each.odds == "factor"]
    return [(a.factor, b.factor) for a, b in pairwise(by_factor) if a.change.mean * b.change.mean < 0]


def flips(comparison: Comparison) -> pd.DataFrame:
    """A row for each option but the base and all odds; empty where no experience is stated.  See `FLIPS`."""
    rows = []
    for option in comparison.others:
        for at in at_all_odds(comparison, option) if is_known(comparison, option) else ():
            change = at.change
            row = (option.name, at.odds, at.factor, "currency", change.mean, change.low, change.high, change.n)
            rows.append(dict(zip(FLIPS, row, strict=True)))
    return pd.DataFrame(rows, columns=list(FLIPS))


def sentence(comparison: Comparison, option: Option) -> str:
    """Contribution after churn at low, stated and high odds, and at which factor the choice flips."""
    from supportsim.study.verdicts import signed

    found = at_all_odds(comparison, option)
    money = f" {comparison.base.result.scenario.currency}".rstrip()
    three = "; ".join(f"{at.odds} {signed(at.change, '', money)}" for at in found[: len(OPINIONS)])
    signs = {at.change.mean > 0 for at in found[: len(OPINIONS)] if at.change.mean}
    better = option.name if signs == {True} else comparison.base.name if signs == {False} else "neither"
    order = f"{better} is the better one in all three" if len(signs) < 2 else "which of the two is better changes"
    crossings = [f"between {low:g} and {high:g} times" for low, high in between(found)]
    flip = f"; it flips {' and '.join(crossings)} the stated ln odds" if crossings else (
        f"; no factor from 0 to {FACTORS[-1]:g} on the stated ln odds flips it"
    )  # fmt: skip
    return (
        f"Contribution after expected churn, against {comparison.base.name}, {comparison.each}, by odds of leaving: "
        f"{three}: {order}{flip}."
    )
