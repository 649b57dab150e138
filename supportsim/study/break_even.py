"""Where a metric's paired difference changes its sign along the first factor of a study, by the other levels.

The mean and both ends of its interval are known at the levels tried and taken to be straight between them.  The mean
crosses 0 at the break-even; around it lie the values at which the 95 % interval of the difference holds 0, so that
neither sign is told from chance there (each for itself, not corrected).  For what is a straight line of the factor, as
money is of a price, this is Fieller's interval but for the bend of its ends between two levels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from supportsim.study.estimate import Estimate
from supportsim.study.levels import number_of
from supportsim.study.study_pairs import Comparison, comparisons

if TYPE_CHECKING:
    from supportsim.study.study import StudyResult

COLUMNS = ("selector", "measure", "along", "break_even", "break_even_ci_low", "break_even_ci_high", "above", "n")


class Crossing(NamedTuple):
    """`at` the mean is 0; from `low` to `high` its interval holds 0 (NaN: to the end of what was tried, or beyond).

    rising: whether the difference is above 0 beyond it.
    """

    at: float
    low: float
    high: float
    rising: bool


class Line(NamedTuple):
    """A metric along the first factor, at fixed `levels` of the others: `tried` values and what differs there."""

    selector: str
    measure: str
    levels: tuple[str, ...]
    tried: tuple[float, ...]
    changes: tuple[Estimate, ...]

    @property
    def crossings(self) -> list[Crossing]:
        return crossings(self.tried, self.changes)

    @property
    def differs(self) -> bool:
        """Whether anything differs at any value, as it does not at the level that all are compared with."""
        return any(change.mean or change.low or change.high for change in self.changes)


def lines(result: StudyResult) -> list[Line]:
    """Metric by metric at all levels of the other factors; the points compared with themselves are left out."""
    made: dict[tuple[str, str, tuple[str, ...]], list[Comparison]] = {}
    for each in comparisons(result):
        if each.difference.change.n > 1:
            made.setdefault((each.selector, each.measure, each.point.levels[1:]), []).append(each)
    found = []
    for (selector, measure, levels), every in made.items():
        known = sorted((number_of(each.point.levels[0]) or 0.0, each.difference.change) for each in every)
        found.append(Line(selector, measure, levels, tuple(x for x, _ in known), tuple(change for _, change in known)))
    return sorted(found, key=lambda line: result.plan.metrics.index((line.selector, line.measure)))


def crossings(tried: Sequence[float], changes: Sequence[Estimate]) -> list[Crossing]:
    """Where the mean goes from one side of 0 to the other, in order of the values tried.

    A mean of just 0 is on neither side: what follows tells whether it crosses there, at the first such value.
    """
    means = [change.mean for change in changes]
    found = []
    for i in range(len(tried) - 1):
        beyond = next((mean for mean in means[i + 1 :] if mean), 0.0)
        if min(means[i], beyond) < 0 < max(means[i], beyond):
            rising = beyond > 0
            at = _zero(tried, means, i)
            near, far = ("high", "low") if rising else ("low", "high")
            below = _nearest(tried, [getattr(change, near) for change in changes], at, before=True)
            above = _nearest(tried, [getattr(change, far) for change in changes], at, before=False)
            found.append(Crossing(at, below, above, rising))
    return found


def _zero(x: Sequence[float], y: Sequence[float], i: int) -> float:
    """Where the straight line from place i to i + 1 is 0."""
    return x[i] + (x[i + 1] - x[i]) * (0 - y[i]) / (y[i + 1] - y[i])


def _nearest(x: Sequence[float], y: Sequence[float], at: float, before: bool) -> float:
    """The zero of a line through points nearest to `at` on one side of it; NaN where there is none."""
    over = [i for i in range(len(x) - 1) if y[i] != y[i + 1] and min(y[i : i + 2]) <= 0 <= max(y[i : i + 2])]
    zeros = [_zero(x, y, i) for i in over]
    side = [zero for zero in zeros if (zero <= at if before else zero >= at)]
    return math.nan if not side else max(side) if before else min(side)


def table(result: StudyResult) -> pd.DataFrame:
    """A row for each metric, levels of the other factors and break-even; without one, an empty cell.

    along: the first factor.  above: whether the metric is higher or lower than what it is compared with beyond the
    break-even; where there is none, at the highest value tried.
    """
    plan = result.plan
    found = []
    for line in lines(result):
        head = dict(zip(plan.factors[1:], line.levels, strict=True))
        least = min(change.n for change in line.changes)
        everywhere = Crossing(math.nan, math.nan, math.nan, line.changes[-1].mean > 0)
        for each in line.crossings or [everywhere]:
            above = "no difference" if not line.differs else "higher" if each.rising else "lower"
            row = (line.selector, line.measure, plan.factors[0], *each[:3], above, least)
            found.append(head | dict(zip(COLUMNS, row, strict=True)))
    return pd.DataFrame(found, columns=[*plan.factors[1:], *COLUMNS])
