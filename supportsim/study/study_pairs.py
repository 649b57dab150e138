"""The comparisons of a study: which point with which, paired replication by replication, and what may be said of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from supportsim.measure.sums import Floats
from supportsim.study.estimate import CONFIDENCE, replications_to_decide
from supportsim.study.paired import Difference, holm, paired
from supportsim.study.plan import Compare, Plan, Point

if TYPE_CHECKING:
    from supportsim.study.study import StudyResult

Verdict = Literal["higher", "lower", "no difference", "too close to call", "no cases"]


@dataclass(frozen=True)
class Comparison:
    """One metric at two points that share the levels in `within`.

    family: comparisons x metrics of the study, over which Holm corrects; p_holm is p where nothing is corrected.
    to_decide: roughly how many replications would, where it is too close to call.
    """

    point: Point
    against: Point
    within: dict[str, str]
    selector: str
    measure: str
    difference: Difference
    p_holm: float = math.nan
    family: int = 1
    to_decide: int | None = None

    @property
    def verdict(self) -> Verdict:
        """higher, lower: told from chance with 95 % confidence, over the whole family where it is corrected."""
        change = self.difference.change
        if not change.n:
            return "no cases"
        if change.n > 1 and change.low == change.high == 0:
            return "no difference"
        if not self.p_holm <= 1 - CONFIDENCE:
            return "too close to call"
        return "higher" if change.mean > 0 else "lower"


def pairs(plan: Plan) -> Iterator[tuple[Point, Point, dict[str, str]]]:
    """(point, the one it is compared with, the levels both share), in the order of the points."""
    if plan.compare is None:
        return
    by_levels = {point.levels: point for point in plan.points}
    for point in plan.points:
        against = by_levels[_base_levels(plan.factors, point, plan.compare)]
        if against is not point:
            levels = dict(zip(plan.factors, point.levels, strict=True))
            yield point, against, {factor: levels[factor] for factor in plan.compare.within}


def _base_levels(factors: tuple[str, ...], point: Point, compare: Compare) -> tuple[str, ...]:
    return tuple(compare.against.get(f, level) for f, level in zip(factors, point.levels, strict=True))


def comparisons(result: StudyResult) -> list[Comparison]:
    """Every comparison x metric, corrected as the study says."""
    plan = result.plan
    found = [
        Comparison(point, against, within, *key, paired(*_columns(result, against, point, i)))
        for point, against, within in pairs(plan)
        for i, key in enumerate(plan.metrics)
    ]
    if not found:
        return []
    p = np.array([each.difference.p for each in found])
    corrected = plan.compare is not None and plan.compare.holm
    family = int(np.count_nonzero(~np.isnan(p))) if corrected else 1
    adjusted = holm(p) if corrected else p
    return [
        _decided(result, replace(each, p_holm=float(q), family=max(1, family)))
        for each, q in zip(found, adjusted, strict=True)
    ]


def _columns(result: StudyResult, base: Point, other: Point, metric: int) -> tuple[Floats, Floats]:
    """Values of one metric at two points, of the replications that both have."""
    conducted = result.conducted
    both = sorted(set(conducted.finished(base)) & set(conducted.finished(other)))
    shelves = (conducted.shelves[base.hash].kept, conducted.shelves[other.hash].kept)
    mine, theirs = (np.array([kept[k].rows[metric, 2] for k in both]) for kept in shelves)
    return mine, theirs


def _decided(result: StudyResult, each: Comparison) -> Comparison:
    """With how many replications would decide, at the confidence that the smallest of the family needs."""
    if each.verdict != "too close to call":
        return each
    metric = result.plan.metrics.index((each.selector, each.measure))
    strict = paired(*_columns(result, each.against, each.point, metric), 1 - (1 - CONFIDENCE) / each.family)
    return replace(each, to_decide=replications_to_decide(strict.change, 0.0))
