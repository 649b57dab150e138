"""What is left of what customers bring once support is paid: contribution.csv, and the bridge to it, cash.csv.

The means are those of costs.csv and allocation.csv, whole micro-units, so that everything adds up (docs/model.md,
section 12).  A cell is empty where what it rests on is not stated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.earned import MARGIN, PRICE
from supportsim.measure.experience import OPINIONS
from supportsim.measure.money import KINDS
from supportsim.measure.prices import MICRO
from supportsim.scenario.ticks import MONTH
from supportsim.study.costs import by_receiver, is_weekly, made_whole
from supportsim.study.estimate import student
from supportsim.study.months import customer_months
from supportsim.study.result import Result

CONTRIBUTION = (
    "whose", "segment", "currency", "customers", "margin", "support_price", "cost", "contribution",
    "contribution_ci_low", "contribution_ci_high", "contribution_per_year", "cost_per_customer_year",
    "issues_per_customer_year", "break_even_issues", "months_of_margin", "churn_cost_low", "churn_cost",
    "churn_cost_high", "after_churn_low", "after_churn", "after_churn_high", "n",
)  # fmt: skip
CASH = ("view", "line", "of", "currency", "mean", "mean_ci_low", "mean_ci_high", "per_year", "n")

#: Micro-units, None where it is not known.
Amount = int | None


class Account(NamedTuple):
    """What somebody brings and costs."""

    margin: Amount
    price: Amount
    cost: int

    @property
    def earned(self) -> Amount:
        return added([self.margin, self.price])

    @property
    def contribution(self) -> Amount:
        return added([self.earned, -self.cost])


def added(amounts: Sequence[Amount]) -> Amount:
    """Their sum; not known where one of them is not."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def accounts(result: Result, scale: Fraction = Fraction(1)) -> list[Account]:
    """Means of segments, filler and unallocated, then of the company, their sum; times a scale, then made whole."""
    costs = [sum(parts) for parts in by_receiver(result, scale)[:-1]]
    earned = [_earned(result, column, scale) for column in (MARGIN, PRICE)]
    rows = [Account(*each) for each in zip(earned[0], earned[1], costs, strict=True)]
    return with_company(rows)


def with_company(rows: list[Account]) -> list[Account]:
    """And the sum of them."""
    margin, price = (added([row[column] for row in rows]) for column in (MARGIN, PRICE))
    return [*rows, Account(margin, price, sum(row.cost for row in rows))]


def _earned(result: Result, column: int, scale: Fraction) -> list[Amount]:
    """Mean of a column of income; filler and what is unallocated bring nothing."""
    known = result.yardstick.customers.known[:, column].tolist()
    means = made_whole(income(result)[:, :, column].T.tolist(), scale)
    return [*(mean if there else None for mean, there in zip(means, known, strict=True)), 0, 0]


def income(result: Result) -> NDArray[np.int64]:
    """(replications, segments, margin and support price) micro-units; zeros where nothing is known at all."""
    if result.yardstick.earners is not None:
        return result.income
    return np.zeros((result.n, len(result.scenario.segments), 2), dtype=np.int64)


def _whole(result: Result, k: int) -> list[Account]:
    """`accounts` of one replication."""
    costs = result.allocated[k].sum(axis=1).tolist()
    own = zip(income(result)[k].tolist(), result.yardstick.customers.known.tolist(), strict=True)
    earned = [(m if has_margin else None, p if has_price else None) for (m, p), (has_margin, has_price) in own]
    every = zip([*earned, (0, 0), (0, 0)], costs, strict=True)
    return with_company([Account(margin, price, cost) for (margin, price), cost in every])


def per_year(result: Result) -> Fraction:
    """From counted time to a year of 365.25 days."""
    return Fraction(36525, 700) / result.yardstick.grid.timeline.weeks


def contribution(result: Result) -> pd.DataFrame:
    """A row per segment, then filler, unallocated and the company, their sum; see `CONTRIBUTION`."""
    if not result.n:
        return pd.DataFrame(columns=list(CONTRIBUTION))
    means, years = accounts(result), accounts(result, per_year(result))
    every = [_whole(result, k) for k in range(result.n)]
    found = []
    for i, whose in enumerate(receivers(result)):
        low, high = interval([rows[i].contribution for rows in every])
        money = map(plain, (means[i].margin, means[i].price, means[i].cost, means[i].contribution))
        year = plain(years[i].contribution if is_weekly(result) else None)
        head = (*whose, result.scenario.currency, _customers(result, i))
        beside = (*_per_customer(result, i, means[i]), *_after_churn(result, i, means[i].contribution))
        row = (*head, *money, low, high, year, *beside, result.n)
        found.append(dict(zip(CONTRIBUTION, row, strict=True)))
    return pd.DataFrame(found, columns=list(CONTRIBUTION))


def _after_churn(result: Result, i: int, contribution: Amount) -> list[float]:
    """Expected cost of churn in three opinions, and what is then left."""
    from supportsim.study.experience import costs

    segments = len(result.scenario.segments)
    found: list[Amount] = []
    for k in range(len(OPINIONS)):
        own = costs(result, k)
        found.append(own[i] if i < segments else added(own) if i == segments + 2 else 0)
    left = [None if cost is None else added([contribution, -cost]) for cost in found]
    if not result.yardstick.churns:
        return [math.nan] * 6
    return [plain(amount) for amount in (*found, *left)]


def receivers(result: Result) -> list[tuple[str, str]]:
    """Whose the rows are: what it is, and the name of a segment."""
    segments = [("segment", segment.name) for segment in result.scenario.segments]
    return [*segments, ("filler", ""), ("unallocated", ""), ("company", "")]


def plain(amount: Amount) -> float:
    return math.nan if amount is None else amount / MICRO


def interval(amounts: Sequence[Amount]) -> tuple[float, float]:
    """The 95 % interval of a mean, to the micro-unit."""
    found = student(np.array([plain(amount) for amount in amounts]))
    return round(found.low, 6), round(found.high, 6)


def _months(result: Result, i: int) -> float:
    """Customer-months of a row; NaN where nobody counts customers."""
    months, segments = customer_months(result), len(result.scenario.segments)
    if segments <= i < segments + 2:
        return math.nan
    return float(months[i] if i < segments else months.sum())


def _customers(result: Result, i: int) -> float:
    """How many there are on average over counted time."""
    grid = result.yardstick.grid
    return _months(result, i) * MONTH / (grid.counted_to - grid.counted_from)


def _per_customer(result: Result, i: int, mean: Account) -> tuple[float, ...]:
    """Of a customer and year: cost, issues, issues that use up what he brings; months of margin a contact costs."""
    segments = [segment.name for segment in result.scenario.segments]
    if len(segments) <= i < len(segments) + 2:
        return (math.nan,) * 4
    selector = segments[i] if i < len(segments) else "all"
    issues, per_contact = (_mean(result, selector, name) for name in ("issues", "cost_per_contact"))
    months, is_long = _months(result, i), is_weekly(result)
    earned, cost, margin = plain(mean.earned), mean.cost / MICRO, plain(mean.margin)
    years = months / 12 if is_long else math.nan
    return (
        over(cost, years), over(issues, years), over(over(earned, years), over(cost, issues)),
        over(per_contact, over(margin, months)),
    )  # fmt: skip


def _mean(result: Result, selector: str, measure: str) -> float:
    return student(result.rows[:, result.yardstick.places[selector, measure], 2]).mean


def over(top: float, bottom: float) -> float:
    return top / bottom if bottom and not math.isnan(bottom) else math.nan


# ---------------- the bridge


def cash(result: Result) -> pd.DataFrame:
    """From what is earned and paid to the contribution of each segment; see `CASH`."""
    if not result.n:
        return pd.DataFrame(columns=list(CASH))
    scales = (Fraction(1), per_year(result))
    means, years = ([*cash_lines(result, s), *_allocated_lines(result, s), *churn_lines(result, s)] for s in scales)
    names = [("cash", *name) for name in cash_names(result)]
    names += [("allocated", *name) for name in _allocated_names(result)]
    names += [("expected", "churn_cost", opinion) for opinion in OPINIONS if result.yardstick.churns]
    every = [
        [*cash_once(result, k), *_contributions(_whole(result, k)), *churn_once(result, k)] for k in range(result.n)
    ]
    found = []
    for i, name in enumerate(names):
        year = years[i] if is_weekly(result) else None
        ends = interval([amounts[i] for amounts in every])
        row = (*name, result.scenario.currency, plain(means[i]), *ends, plain(year), result.n)
        found.append(dict(zip(CASH, row, strict=True)))
    return pd.DataFrame(found, columns=list(CASH))


def cash_names(result: Result) -> list[tuple[str, str]]:
    """Line and segment of what is earned and paid, then their sum."""
    segments = [segment.name for segment in result.scenario.segments]
    earned = [(kind, name) for kind in ("margin", "support_price") for name in segments]
    return [*earned, *((kind, "") for kind in KINDS), ("cash", "")]


def _cash_of(rows: Sequence[Account], paid: Callable[[str], int]) -> list[Amount]:
    segments = rows[:-3]
    lines: list[Amount] = [*(row.margin for row in segments), *(row.price for row in segments)]
    lines += [-paid(kind) for kind in KINDS]
    return [*lines, added(lines)]


def cash_lines(result: Result, scale: Fraction = Fraction(1)) -> list[Amount]:
    """Their means, made whole; what is paid is negative."""
    lines, ledger = made_whole(result.lines.T.tolist(), scale), result.yardstick.ledger
    return _cash_of(accounts(result, scale), lambda kind: sum(lines[ledger.of(kind)]))


def cash_once(result: Result, k: int) -> list[Amount]:
    """The same in the k-th replication."""
    ledger = result.yardstick.ledger
    return _cash_of(_whole(result, k), lambda kind: int(result.lines[k, ledger.of(kind)].sum()))


def _allocated_names(result: Result) -> list[tuple[str, str]]:
    *own, _ = receivers(result)
    return [*((what, name) for what, name in own), ("contribution", "")]


def _allocated_lines(result: Result, scale: Fraction) -> list[Amount]:
    return _contributions(accounts(result, scale))


def churn_lines(result: Result, scale: Fraction = Fraction(1)) -> list[Amount]:
    """Minus the expected cost of churn of the company, in three opinions."""
    from supportsim.study.experience import costs

    if not result.yardstick.churns:
        return []
    whole = [added(costs(result, k, scale)) for k in range(len(OPINIONS))]
    return [None if amount is None else -amount for amount in whole]


def churn_once(result: Result, k: int) -> list[Amount]:
    """The same in the k-th replication."""
    from supportsim.study.experience import once

    if not result.yardstick.churns:
        return []
    segments = range(len(result.scenario.segments))
    whole = [added([once(result, k, i, column) for i in segments]) for column in range(len(OPINIONS))]
    return [None if amount is None else -amount for amount in whole]


def _contributions(rows: Sequence[Account]) -> list[Amount]:
    return [row.contribution for row in rows]
