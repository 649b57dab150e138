"""Customers who leave, month by month, one after the other from the journal: docs/model.md, section 13."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from measure.by_arrays.earned import margin_of, plan_of
from measure.by_arrays.money import micro
from supportsim.demand import fates
from supportsim.engine.journal import CONTACT_KINDS, ISSUE_STATES, Journal
from supportsim.measure.grid import Grid
from supportsim.measure.months import COLUMNS
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import MONTH

Month = dict[str, int]


def months(journal: Journal, scenario: Scenario, grid: Grid) -> NDArray[np.int64]:
    """(segments, months, COLUMNS); nothing where nobody may leave."""
    if journal.customers is None:
        return np.zeros((0, 0, len(COLUMNS)), dtype=np.int64)
    begins = [tick for k, tick in enumerate(grid.day_edges[:-1].tolist()) if k == 0 or grid.dates[k].day == 1]
    edges = [*begins, grid.counted_to]
    spans = list(pairwise(edges))
    found = [[_month(journal, scenario, segment, *span) for span in spans] for segment in range(len(scenario.segments))]
    return np.array([[[month[name] for name in COLUMNS] for month in own] for own in found], dtype=np.int64)


def _month(journal: Journal, scenario: Scenario, segment: int, begin: int, end: int) -> Month:
    own = [row for row in journal.customers.tolist() if row[0] == segment]  # type: ignore[union-attr]
    found: Month = dict.fromkeys(COLUMNS, 0)
    if not own:
        return found
    filler = {int(c["issue"]) for c in journal.contacts if CONTACT_KINDS[c["kind"]] == "filler"}
    for row, issue in enumerate(journal.issues):
        if issue["segment"] != segment or row in filler:
            continue
        gone, made = ISSUE_STATES[issue["state"]] == "gone", issue["contacts"] > 0
        found["issues"] += bool((made or not gone) and begin <= issue["asked"] < end)
        found["not_arisen"] += bool(gone and not made and begin <= issue["ended"] < end)
        found["not_returned"] += bool(gone and made and begin <= issue["ended"] < end)
    first = scenario.segments[segment].customers or 0
    found["joined"] = sum(begin <= joined < end for _, number, joined, _ in own if number >= first)
    found["left"] = sum(begin <= left < end for *_, left in own)
    there = {number: max(min(left, end) - max(joined, begin), 0) for _, number, joined, left in own}
    found["present"] = sum(there.values())
    return found | _brought(scenario, segment, fates.world(journal.seed, journal.replication), there)


def _brought(scenario: Scenario, number: int, world: int, there: dict[int, int]) -> Month:
    segment, margin = scenario.segments[number], Fraction(0)
    if segment.margin is not None:
        margin = Fraction(sum(margin_of(segment, world, i) * ticks for i, ticks in there.items()), MONTH)
    by_plan = {own.plan: 0 for own in segment.plans}
    for i, ticks in there.items() if segment.plans else ():
        by_plan[plan_of(segment, world, i)] += ticks
    prices = {plan.name: micro(plan.price) for plan in scenario.plans}
    price = sum(round(Fraction(prices[plan] * ticks, MONTH)) for plan, ticks in by_plan.items())
    return {"margin": round(margin), "support_price": price}
