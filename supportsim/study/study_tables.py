"""The tables of a study: replications, summary, differences, points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim.measure import catalogue
from supportsim.scenario.model import Scenario
from supportsim.study.changes import changes
from supportsim.study.estimate import Estimate, single, verdict
from supportsim.study.plan import Point
from supportsim.study.study_pairs import Comparison, comparisons
from supportsim.study.tables import estimated, method

if TYPE_CHECKING:
    from supportsim.study.study import StudyResult

VALUES = ("replication", "selector", "measure", "numerator", "denominator", "value")
SUMMARY = (
    "selector", "measure", "unit", "mean", "mean_ci_low", "mean_ci_high", "day_mean", "day_p05", "day_p95", "n",
    "method", "target", "verdict",
)  # fmt: skip
POINTS = ("scenario_sha256", "played_as", "n", "changes", "notes")
DIFFERENCES = (
    "point", "against", "selector", "measure", "unit", "base_mean", "mean", "change", "change_ci_low",
    "change_ci_high", "correlation", "variance_reduction", "p", "p_holm", "family", "n", "verdict",
    "replications_to_decide",
)  # fmt: skip


def replications(result: StudyResult) -> pd.DataFrame:
    """A row for each point, finished replication and metric."""
    frames = [_of_point(result, point) for point in result.plan.points]
    columns = ["point", *result.plan.factors, *VALUES]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _of_point(result: StudyResult, point: Point) -> pd.DataFrame:
    keys = result.plan.metrics
    finished = result.conducted.finished(point)
    n, k = len(finished), len(keys)
    rows = result.conducted.values(point)[:, :k].reshape(n * k, 3) if n else np.zeros((0, 3))
    fixed = {"point": point.name, **dict(zip(result.plan.factors, point.levels, strict=True))}
    return pd.DataFrame(
        {
            **{name: [value] * (n * k) for name, value in fixed.items()},
            "replication": np.repeat(np.array(finished, dtype=np.int64), k),
            "selector": [selector for selector, _ in keys] * n,
            "measure": [measure for _, measure in keys] * n,
            "numerator": rows[:, 0], "denominator": rows[:, 1], "value": rows[:, 2],
        }
    )  # fmt: skip


def summary(result: StudyResult) -> pd.DataFrame:
    """A row for each point and metric that has a value there."""
    found = []
    for point in result.plan.points:
        values, days = result.conducted.values(point), result.conducted.days(point)
        for i, key in enumerate(result.plan.metrics if len(values) else ()):
            estimate = estimated(values[:, i, 2], key[1])
            if estimate.n:
                row = _summary_row(point.scenario, key, estimate, days[:, i], bool(result.plan.precision))
                found.append({"point": point.name, **dict(zip(result.plan.factors, point.levels, strict=True)), **row})
    return pd.DataFrame(found, columns=["point", *result.plan.factors, *SUMMARY])


def _summary_row(
    scenario: Scenario, key: tuple[str, str], estimate: Estimate, days: Any, sequential: bool
) -> dict[str, Any]:
    entry = catalogue.measure(key[1])
    goal = target(scenario, key)
    how = method(entry, estimate) + ("; n chosen by precision reached" if sequential else "")
    values = (
        *key, unit(scenario, key[1]), *estimate[:3], *single(days), estimate.n, how, goal,
        verdict(estimate, goal) if not math.isnan(goal) else "",
    )  # fmt: skip
    return dict(zip(SUMMARY, values, strict=True))


def unit(scenario: Scenario, measure: str) -> str:
    """The unit of a measure, money in the scenario's currency."""
    known = catalogue.measure(measure).unit
    return scenario.currency if known == "currency" else known


def target(scenario: Scenario, key: tuple[str, str]) -> float:
    """What is promised, for the share kept of a promise; NaN else."""
    shares = {promise.name: promise.share for promise in scenario.promises}
    name = key[0].split(" ")[0]
    return shares.get(name, math.nan) if key[1] == "kept_share" else math.nan


def points(result: StudyResult) -> pd.DataFrame:
    """A row for each point.  played_as: the first point that is the same scenario."""
    first: dict[str, str] = {}
    found = []
    for point in result.plan.points:
        base = result.plan.base
        words = "; ".join(str(each) for each in changes(base, point.scenario)) if base else ""
        values = (
            point.hash, first.setdefault(point.hash, point.name), len(result.conducted.finished(point)), words,
            "; ".join(point.notes),
        )  # fmt: skip
        levels = dict(zip(result.plan.factors, point.levels, strict=True))
        found.append({"point": point.name, **levels, **dict(zip(POINTS, values, strict=True))})
    return pd.DataFrame(found, columns=["point", *result.plan.factors, *POINTS])


def differences(result: StudyResult) -> pd.DataFrame:
    """A row for each comparison and metric."""
    factors = result.plan.factors
    found = [_difference_row(result, each) for each in comparisons(result)]
    return pd.DataFrame(found, columns=[DIFFERENCES[0], *factors, *DIFFERENCES[1:]])


def _difference_row(result: StudyResult, each: Comparison) -> dict[str, Any]:
    gap = each.difference
    values = (
        each.point.name, each.against.name, each.selector, each.measure, unit(each.point.scenario, each.measure),
        gap.base.mean, gap.other.mean, *gap.change[:3], gap.correlation, gap.variance_reduction, gap.p, each.p_holm,
        each.family, gap.change.n, each.verdict, each.to_decide,
    )  # fmt: skip
    levels = dict(zip(result.plan.factors, each.point.levels, strict=True))
    return dict(zip(DIFFERENCES, values, strict=True)) | levels
