"""The tables of money: what everything costs, and whose cost it is.  Both have the same total, to the micro-unit.

Means over replications are made whole together, by largest remainder: the total is rounded once, and rows add up to it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from math import floor

import numpy as np
import pandas as pd

from supportsim.measure.money import PARTS
from supportsim.measure.prices import MICRO
from supportsim.study.estimate import bounded, student
from supportsim.study.result import Result

COSTS = ("kind", "of", "currency", "mean", "mean_ci_low", "mean_ci_high", "per_week", "n")
ALLOCATION = (
    "whose", "segment", "currency", *PARTS, "cost", "cost_ci_low", "cost_ci_high", "cost_per_week", "handled",
    "cost_per_contact", "solved", "cost_per_solved",
)  # fmt: skip


def costs(result: Result) -> pd.DataFrame:
    """A row per kind and team, channel or promise, then `cost`, their sum."""
    if not result.n:
        return pd.DataFrame(columns=list(COSTS))
    lines, currency = result.lines.T.tolist(), result.scenario.currency
    means, weeks = (with_total(made_whole(lines, scale)) for scale in (Fraction(1), _weeks(result)))
    every = [*lines, [sum(row) for row in result.lines.tolist()]]
    found = []
    for i, name in enumerate([*result.yardstick.ledger.lines, ("cost", "")]):
        row = (*name, currency, means[i] / MICRO, *_interval(every[i]), _a_week(result, weeks[i]), result.n)
        found.append(dict(zip(COSTS, row, strict=True)))
    return pd.DataFrame(found, columns=list(COSTS))


def allocation(result: Result) -> pd.DataFrame:
    """A row per segment, then filler, unallocated and company, their sum."""
    if not result.n:
        return pd.DataFrame(columns=list(ALLOCATION))
    means, weeks = (by_receiver(result, scale) for scale in (Fraction(1), _weeks(result)))
    whole = result.allocated.sum(axis=2)  # (replications, receivers)
    every = [*whole.T.tolist(), whole.sum(axis=1).tolist()]
    segments = [("segment", segment.name) for segment in result.scenario.segments]
    found = []
    for i, name in enumerate([*segments, ("filler", ""), ("unallocated", ""), ("company", "")]):
        amounts = [part / MICRO for part in with_total(means[i])]
        figures = (*amounts, *_interval(every[i]), _a_week(result, sum(weeks[i])))
        row = (*name, result.scenario.currency, *figures, *_per(result, *name))
        found.append(dict(zip(ALLOCATION, row, strict=True)))
    return pd.DataFrame(found, columns=list(ALLOCATION))


def by_receiver(result: Result, scale: Fraction) -> list[list[int]]:
    """Mean of each part of each receiver, and of all of them."""
    n, receivers, parts = result.allocated.shape
    flat = made_whole(result.allocated.reshape(n, receivers * parts).T.tolist(), scale)
    rows = [flat[i * parts : (i + 1) * parts] for i in range(receivers)]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def is_weekly(result: Result) -> bool:
    """Whether at least a week is counted, so that a figure per week is no guess; one of 167 h is a week, too."""
    return result.yardstick.grid.timeline.weeks >= 1


def _weeks(result: Result) -> Fraction:
    """From counted time to a week."""
    return 1 / result.yardstick.grid.timeline.weeks


def _a_week(result: Result, amount: int) -> float:
    return amount / MICRO if is_weekly(result) else math.nan


def made_whole(rows: Sequence[Sequence[int]], scale: Fraction) -> list[int]:
    """Means of rows times a scale; the sum of all is rounded, halves to even, the rows by largest remainder."""
    exact = [Fraction(sum(row), len(row)) * scale for row in rows]
    found = [floor(mean) for mean in exact]
    over = sorted(range(len(rows)), key=lambda i: found[i] - exact[i])  # sorting keeps the order of equals
    for i in over[: round(sum(exact, Fraction(0))) - sum(found)]:
        found[i] += 1
    return found


def with_total(amounts: list[int]) -> list[int]:
    return [*amounts, sum(amounts)]


def _interval(values: Sequence[int]) -> tuple[float, float]:
    """The 95 % interval of a mean, to the micro-unit, not below 0."""
    found = bounded(student(np.array(values) / MICRO), math.inf)
    return round(found.low, 6), round(found.high, 6)


def _per(result: Result, whose: str, segment: str) -> tuple[float, ...]:
    """Contacts handled, cost of each, issues solved, cost of each: means over the replications that have a value."""
    selector = {"segment": segment, "company": "all"}.get(whose)
    found: list[float] = []
    for measure in ("cost_per_contact", "cost_per_solved") if selector else ():
        rows = result.rows[:, result.yardstick.places[selector or "", measure]]
        found += [float(rows[:, 1].mean()), student(rows[:, 2]).mean]
    return tuple(found) or (math.nan,) * 4
