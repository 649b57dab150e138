"""The budget of a year by the rule of docs/model.md, section 12: counted time x 365.25 / days counted, months alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from supportsim.measure.earned import PRICE
from supportsim.measure.prices import MICRO
from supportsim.study.contribution import added, income, per_year
from supportsim.study.costs import is_weekly, made_whole, with_total
from supportsim.study.estimate import bounded, student
from supportsim.study.result import Result

YEAR = ("line", "of", "unit", "month", "year", "year_ci_low", "year_ci_high", "n")
#: Paid hours a week of a full-time post.
FULL_TIME = 40
_WEEKS = 365.25 / 7


def year(result: Result) -> pd.DataFrame:
    """Posts and paid hours of each team, what everything costs, what plans bring, and what is left; see `YEAR`.

    No rows where less than a week is counted: a day is not multiplied to a year.
    """
    rows = list(_rows(result)) if result.n and is_weekly(result) else []
    return pd.DataFrame(rows, columns=list(YEAR))


def _rows(result: Result) -> Iterator[dict[str, Any]]:
    yield from _people(result)
    names = [*result.yardstick.ledger.lines, ("cost", "")]
    lines = result.lines.T.tolist()
    costs = with_total(made_whole(lines, per_year(result)))
    whole = result.lines.sum(axis=1)
    for name, cost, values in zip(names, costs, [*lines, whole.tolist()], strict=True):
        yield _money(result, *name, cost, values)
    known = result.yardstick.customers.known[:, PRICE].tolist()
    earned = income(result)[:, :, PRICE]
    years = made_whole(earned.T.tolist(), per_year(result))
    prices = [amount if there else None for amount, there in zip(years, known, strict=True)]
    for segment, amount, values in zip(result.scenario.segments, prices, earned.T.tolist(), strict=True):
        yield _money(result, "support_price", segment.name, amount, values)
    together = added(prices)
    yield _money(result, "support_price", "", together, earned.sum(axis=1).tolist())
    if any(plan.price for plan in result.scenario.plans):
        yield _money(result, "left", "", added([together, -costs[-1]]), (earned.sum(axis=1) - whole).tolist())


def _people(result: Result) -> Iterator[dict[str, Any]]:
    """Full-time posts that the paid hours of each team and of all are, and the hours."""
    teams = [team.name for team in result.scenario.teams]
    scale = float(per_year(result))
    for line, unit, by in (("posts", "FTE", scale / _WEEKS / FULL_TIME), ("paid_hours", "h", scale)):
        for name in [*teams, *(["all"] if len(teams) > 1 else [])]:
            values = result.rows[:, result.yardstick.places[name, "paid_hours"], 2] * by
            found = bounded(student(values))
            month = found.mean if line == "posts" else found.mean / 12
            of = "" if name == "all" else name
            yield dict(zip(YEAR, (line, of, unit, month, *found[:3], result.n), strict=True))


def _money(
    result: Result, line: str, of: str, amount: int | None, values: Sequence[int]
) -> dict[str, Any]:  # fmt: skip
    """values: micro-units of counted time by replication; nothing is told of an amount that is not known.

    Only what is left may be below 0, and so may its interval.
    """
    if amount is None:
        figures: tuple[float, ...] = (math.nan,) * 4
    else:
        found = student(np.array(values) / MICRO * float(per_year(result)))
        found = found if line == "left" else bounded(found)
        figures = (round(amount / MICRO / 12, 6), amount / MICRO, round(found.low, 6), round(found.high, 6))
    return dict(zip(YEAR, (line, of, result.scenario.currency, *figures, result.n), strict=True))
