"""Customers who leave, month by month: months.csv (docs/model.md, section 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.months import ISSUES, JOINED, LEFT, MARGIN, NOT_ARISEN, NOT_RETURNED, PRESENT, PRICE
from supportsim.measure.prices import MICRO
from supportsim.measure.sums import Floats
from supportsim.scenario.ticks import MONTH
from supportsim.study.estimate import student

if TYPE_CHECKING:
    from supportsim.study.result import Result

#: What is told of each month, with an interval, in this order.
TOLD = (
    "customers_begin", "joined", "left", "customers_end", "customers_mean", "issues", "not_arisen", "not_returned",
    "margin", "support_price",
)  # fmt: skip
MONTHS = (
    "whose", "segment", "month", "days", "currency",
    *(f"{name}{end}" for name in TOLD for end in ("", "_ci_low", "_ci_high")), "n",
)  # fmt: skip


def months(result: Result) -> pd.DataFrame | None:
    """A row per segment whose customers may leave and month, then of all of them; None where customers stay."""
    part = np.flatnonzero(result.yardstick.leaves).tolist()
    if not part:
        return None
    if not result.n:
        return pd.DataFrame(columns=list(MONTHS))
    names = [("segment", result.scenario.segments[i].name, [i]) for i in part] + [("all", "", part)]
    found = []
    for whose, name, group in names:
        told = told_of(result, group)
        for k, (label, days) in enumerate(_calendar(result)):
            cells = [end for column in TOLD for end in _interval(told[column][:, k])]
            row = (whose, name, label, days, result.scenario.currency, *cells, result.n)
            found.append(dict(zip(MONTHS, row, strict=True)))
    return pd.DataFrame(found, columns=list(MONTHS))


def told_of(result: Result, group: list[int]) -> dict[str, Floats]:
    """Of some segments together, each of `TOLD` as (replications, months); NaN where it is not known."""
    own = result.months[:, group].sum(axis=1)
    people = [result.yardstick.customers.segments[i] for i in group]
    there = sum(each.first for each in people) + np.cumsum(own[:, :, JOINED] - own[:, :, LEFT], axis=1)
    lengths = np.diff(result.yardstick.grid.month_edges)
    known = [(each.margin_known, each.price_known) for each in people]
    margin, price = (all(column) for column in zip(*known, strict=True))
    values: dict[str, NDArray[np.generic]] = {
        "customers_begin": there - own[:, :, JOINED] + own[:, :, LEFT],
        "joined": own[:, :, JOINED], "left": own[:, :, LEFT], "customers_end": there,
        "customers_mean": own[:, :, PRESENT] / lengths, "issues": own[:, :, ISSUES],
        "not_arisen": own[:, :, NOT_ARISEN], "not_returned": own[:, :, NOT_RETURNED],
        "margin": own[:, :, MARGIN] / MICRO if margin else np.full(own.shape[:2], np.nan),
        "support_price": own[:, :, PRICE] / MICRO if price else np.full(own.shape[:2], np.nan),
    }  # fmt: skip
    return {name: values[name].astype(np.float64) for name in TOLD}


def customer_months(result: Result) -> Floats:
    """Customer-months of each segment in counted time, mean over replications; NaN where it is anonymous."""
    found = result.yardstick.customers.months.copy()
    if result.n:
        for i in np.flatnonzero(result.yardstick.leaves):
            found[i] = result.months[:, i, :, PRESENT].sum(axis=1).mean() / MONTH
    return found


def months_of(result: Result) -> list[str]:
    """`2026-03`, in the order of counted time."""
    return [label for label, _ in _calendar(result)]


def _calendar(result: Result) -> list[tuple[str, int]]:
    """Month and days of it that are counted, the first and the last begun ones as a whole."""
    labels: dict[str, int] = {}
    for day in result.yardstick.grid.dates:
        label = f"{day.year:04d}-{day.month:02d}"
        labels[label] = labels.get(label, 0) + 1
    return list(labels.items())


def _interval(values: Floats) -> tuple[float, float, float]:
    found = student(values)
    return found.mean, found.low, found.high
