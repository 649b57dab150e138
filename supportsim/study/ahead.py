"""What an option saves now and loses later: months_ahead.csv (docs/model.md, section 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supportsim.measure.experience import OPINIONS
from supportsim.measure.prices import MICRO
from supportsim.measure.sums import Floats
from supportsim.study.estimate import student
from supportsim.study.months import months_of, told_of
from supportsim.study.result import Result

if TYPE_CHECKING:
    from supportsim.study.feedback import Months

COST = ("all", "cost")
#: Differences from the first option, each with an interval, in this order.
TOLD = ("customers_end", "income", "cost", "ahead")
AHEAD = (
    "option", "against", "odds", "month", "currency",
    *(f"{name}{end}" for name in TOLD for end in ("", "_ci_low", "_ci_high")), "n",
)  # fmt: skip


def sums(result: Result) -> dict[str, Floats] | None:
    """Customers at the end, margin with prices, and cost of each month, (replications, months); None: not known.

    The income of segments nobody leaves is known of counted time and put on months by their days.
    """
    people = result.yardstick.customers
    if COST not in result.yardstick.places or not people.known.all():
        return None
    part = np.flatnonzero(result.yardstick.leaves).tolist()
    told = told_of(result, part)
    others = np.delete(result.income, part, axis=1).sum(axis=(1, 2)) / MICRO
    lengths = np.diff(result.yardstick.grid.month_edges)
    by_days = lengths / lengths.sum()
    income = told["margin"] + told["support_price"] + others[:, None] * by_days
    cost = result.month_costs.sum(axis=2) / MICRO
    return {"customers_end": told["customers_end"], "income": income, "cost": cost}


def differences(found: Months, option: str, odds: str) -> dict[str, Floats] | None:
    """An option less the first one, replication by replication, both at the same odds; `ahead` adds up from the begin.

    (replications, months) each.  None where income or cost is not known, or not all of both is finished.
    """
    mine, first = found.of(option, odds), found.of(found.options[0], odds)
    theirs, own = sums(first), sums(mine)
    if theirs is None or own is None or mine.finished != first.finished:
        return None
    change = {name: own[name] - theirs[name] for name in own}
    return change | {"ahead": np.cumsum(change["income"] - change["cost"], axis=1)}


def ahead(found: Months) -> pd.DataFrame | None:
    """A row per option but the first, odds and month; None where there is none, or nothing is known."""
    rows = []
    for option in found.options[1:] if found.complete else ():
        for odds in OPINIONS:
            change = differences(found, option, odds)
            if change is None:
                return None
            result = found.of(option, odds)
            for k, month in enumerate(months_of(result)):
                cells = [end for name in TOLD for end in student(change[name][:, k])[:3]]
                row = (option, found.options[0], odds, month, result.scenario.currency, *cells, result.n)
                rows.append(dict(zip(AHEAD, row, strict=True)))
    return pd.DataFrame(rows, columns=list(AHEAD)) if rows else None


def turns(table: pd.DataFrame, option: str, odds: str) -> str:
    """In words, in which month the option falls behind or gets ahead for good, by means."""
    own = table[(table["option"] == option) & (table["odds"] == odds)]
    signs = np.sign(own["ahead"].to_numpy())
    last = signs[-1]
    changed = np.flatnonzero(signs != last)
    word = {1.0: "ahead", -1.0: "behind", 0.0: "even"}[float(last)]
    if not len(changed):
        return f"{word} throughout"
    return f"{word} from {own['month'].iloc[changed[-1] + 1]} on"
