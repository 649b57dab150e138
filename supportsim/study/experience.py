"""What issues leave with customers, and who is expected to leave of it: experience.csv (docs/model.md, section 13)."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd

from supportsim.measure.experience import CLOSINGS, OPINIONS, STILL_OPEN
from supportsim.scenario.model import EXPERIENCES
from supportsim.scenario.ticks import MINUTE, MONTH
from supportsim.study.contribution import Amount, added, interval, over, per_year, plain
from supportsim.study.costs import is_weekly, made_whole
from supportsim.study.estimate import student
from supportsim.study.result import Result

#: Kinds as columns: how often per customer; waiting in minutes.
KINDS = tuple("waited_min" if kind == "waited" else kind for kind in EXPERIENCES)
_BY_OPINION = tuple(
    f"{what}_{opinion}{end}"
    for what in ("customers_lost", "churn_cost")
    for opinion in OPINIONS
    for end in ("", "_ci_low", "_ci_high")
)
EXPERIENCE = (
    "whose", "segment", "currency", "customers", "closings", "still_open", *KINDS, "leaving_per_year",
    *(f"lost_per_year_{opinion}" for opinion in OPINIONS), *_BY_OPINION, "n",
)  # fmt: skip


def experience(result: Result) -> pd.DataFrame:
    """A row per segment that takes part, then the company, their sum; see `EXPERIENCE`.  Empty where none does."""
    part = np.flatnonzero(result.yardstick.takes_part).tolist()
    if not result.n or not part:
        return pd.DataFrame(columns=list(EXPERIENCE))
    names = [("segment", result.scenario.segments[i].name) for i in part] + [("company", "")]
    groups = [[i] for i in part] + [part]
    found = []
    for name, group in zip(names, groups, strict=True):
        row = (*name, result.scenario.currency, *_felt(result, group), *_lost(result, group), *_costs(result, group))
        found.append(dict(zip(EXPERIENCE, (*row, result.n), strict=True)))
    return pd.DataFrame(found, columns=list(EXPERIENCE))


def _customers(result: Result, group: list[int]) -> float:
    grid = result.yardstick.grid
    return float(result.yardstick.customers.months[group].sum() * MONTH / (grid.counted_to - grid.counted_from))


def _felt(result: Result, group: list[int]) -> list[float]:
    """Customers, closings, those still open, each kind per customer, and how many leave a year as it is."""
    means = result.churned.felt[:, group].sum(axis=1).mean(axis=0)
    customers, months = _customers(result, group), result.yardstick.customers.months
    kinds = [over(float(mean), customers) for mean in means[2:]]
    kinds[EXPERIENCES.index("waited")] /= MINUTE
    there = result.yardstick.grid.counted_to - result.yardstick.grid.counted_from
    leaving = sum(months[i] * MONTH / there * (result.scenario.segments[i].churn or 0.0) for i in group)
    return [customers, float(means[CLOSINGS]), float(means[STILL_OPEN]), *kinds, float(leaving)]


def _lost(result: Result, group: list[int]) -> list[float]:
    """Lost a year in each opinion, then lost in counted time with its interval."""
    found = [student(result.churned.lost[:, group, k].sum(axis=1)) for k in range(len(OPINIONS))]
    scale = float(per_year(result)) if is_weekly(result) else math.nan
    return [*(each.mean * scale for each in found), *(end for each in found for end in each[:3])]


def _costs(result: Result, group: list[int]) -> list[float]:
    """Mean and interval of what it costs in each opinion."""
    found: list[float] = []
    for k in range(len(OPINIONS)):
        found += [plain(added([costs(result, k)[i] for i in group]))]
        found += interval([added([once(result, j, i, k) for i in group]) for j in range(result.n)])
    return found


def costs(result: Result, column: int, scale: Fraction = Fraction(1)) -> list[Amount]:
    """Mean cost of churn of each segment in one opinion, made whole; 0 of those that take no part."""
    segments = range(len(result.scenario.segments))
    if not result.yardstick.churns:
        return [0 for _ in segments]
    means = made_whole(result.churned.cost[:, :, column].T.tolist(), scale)
    return [means[i] if _is_priced(result, i) else None for i in segments]


def once(result: Result, k: int, segment: int, column: int) -> Amount:
    """The same in the k-th replication."""
    if not result.yardstick.churns:
        return 0
    return int(result.churned.cost[k, segment, column]) if _is_priced(result, segment) else None


def _is_priced(result: Result, segment: int) -> bool:
    """Whether the margin of those who leave is known; who takes no part costs nothing."""
    yardstick = result.yardstick
    return bool(yardstick.customers.known[segment, 0] or not yardstick.takes_part[segment])
