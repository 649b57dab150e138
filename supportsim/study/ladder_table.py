"""ladder.csv: what each level costs to serve, keeps and loses, and what it does to the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from supportsim.measure import catalogue
from supportsim.measure.months import PRESENT
from supportsim.measure.prices import is_priced
from supportsim.measure.selectors import sorted_pairs
from supportsim.scenario.offers import segment_named
from supportsim.scenario.ticks import MONTH, YEAR
from supportsim.study.comparison import Floats, Key, Option, common
from supportsim.study.estimate import Estimate, bounded, student
from supportsim.study.ladder import Ladder
from supportsim.study.paired import Difference, paired
from supportsim.study.result import Result
from supportsim.study.whose import kept_together

COLUMNS = (
    "level", "roster", "state", "of", "measure", "unit", "mean", "mean_ci_low", "mean_ci_high", "difference",
    "difference_ci_low", "difference_ci_high", "p", "n",
)  # fmt: skip
COST, KEPT = "cost_to_serve", "kept_together"
OTHERS = "others"
#: Of the segment itself.
_OWN = ("issues", "never_served_share", "people_never_served", "unasked_share", "solved_share", "served_wait_mean")
#: Of what it earns and of who leaves, where the catalogue has such measures.
_VALUE = ("margin", "support_price", "contribution", "customers_lost", "churn_cost", "contribution_after_churn")
_OF_ALL = ("cost", "paid_hours")


class Asked(NamedTuple):
    """A measure of somebody: its values by replication of a result."""

    of: str
    measure: str
    unit: str
    values: Callable[[Result], Floats]


def ladder_rows(ladder: Ladder) -> pd.DataFrame:
    """A row for each level, roster and measure that it has a value of, and one for each level not staffed."""
    rows = [row for option in ladder.comparison.options for row in _of(ladder, option)]
    for rung in ladder.left_out:
        rows.append(dict.fromkeys(COLUMNS) | {"level": rung.level.name, "state": rung.why})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of(ladder: Ladder, option: Option) -> Iterator[dict[str, Any]]:
    base = ladder.comparison.base
    level = option.resized_from or option.name
    for asked in asked_of(ladder, option.result):
        mean = estimate(asked, option.result)
        if not mean.n:
            continue
        change = None if option is base else difference(asked, base.result, option.result)
        told = change.change if change else None
        yield {
            "level": level, "roster": "resized by work" if option.resized_from else "as it is", "state": "played",
            "of": asked.of, "measure": asked.measure, "unit": asked.unit, "mean": mean.mean, "mean_ci_low": mean.low,
            "mean_ci_high": mean.high, "difference": told.mean if told else None,
            "difference_ci_low": told.low if told else None, "difference_ci_high": told.high if told else None,
            "p": change.p if change else None, "n": mean.n,
        }  # fmt: skip


def estimate(asked: Asked, result: Result) -> Estimate:
    """Mean over replications with its interval, that of a share cut to what is possible."""
    found = student(asked.values(result))
    return bounded(found, 1.0) if asked.unit == "share" else found


def difference(asked: Asked, base: Result, other: Result) -> Difference | None:
    """Other minus base over the replications that both finished; None where one of them has no value at all."""
    shared = common(base, other)
    before, after = (asked.values(each)[np.isin(each.finished, shared)] for each in (base, other))
    found = paired(before, after)
    return found if found.change.n else None


def asked_of(ladder: Ladder, result: Result) -> Iterator[Asked]:
    """Everything that is told of a level, in order."""
    segment, scenario = ladder.segment, result.scenario
    if is_priced(scenario):
        yield Asked(segment, COST, cost_unit(result, segment), lambda r: cost_to_serve(r, segment))
        yield plain((segment, "allocated_cost"), scenario.currency)
    yield Asked(segment, KEPT, "share", lambda r: kept_together(r, [segment]))
    for measure in _OWN:
        yield plain((segment, measure))
    for measure in _VALUE:
        for selector in (segment, "all"):
            if (selector, measure) in result.yardstick.places:
                yield plain((selector, measure))
    for promise in result.yardstick.scopes:
        yield plain((result.yardstick.scope_name(promise), "kept_share"))
    others = [each.name for each in scenario.segments if each.name != segment]
    if others:
        yield Asked(OTHERS, KEPT, "share", lambda r: kept_together(r, others))
    yield from _waits(result, others)
    for measure in _OF_ALL if is_priced(scenario) else _OF_ALL[1:]:
        yield plain(("all", measure), scenario.currency if measure == "cost" else "")


def _waits(result: Result, others: list[str]) -> Iterator[Asked]:
    """Of the others: who waits how long, and who is lost."""
    live = {channel.name for channel in result.scenario.channels if channel.kind == "live"}
    for segment, channel in sorted_pairs(result.scenario):
        if segment in others:
            yield plain((f"{segment} {channel}", "served_wait_mean"))
            if channel in live:
                yield plain((f"{segment} {channel}", "abandoned_share"))
    for segment in others:
        yield plain((segment, "people_never_served"))


def plain(key: Key, unit: str = "") -> Asked:
    """A measure of the catalogue."""

    def values(result: Result) -> Floats:
        place = result.yardstick.places.get(key)
        column: Floats = np.full(result.n, np.nan) if place is None else result.rows[:, place, 2]
        return column

    return Asked(*key, unit or catalogue.measure(key[1]).unit, values)


def cost_unit(result: Result, segment: str) -> str:
    """Per customer and year, or per issue where customers are anonymous."""
    anonymous = segment_named(result.scenario, segment).customers is None
    return f"{result.scenario.currency}/{'issue' if anonymous else 'customer-year'}".removeprefix("/")


def cost_to_serve(result: Result, segment: str) -> Floats:
    """Allocated cost by customer-year of counted time: the mean number of customers (joins come evenly) x its length.

    Of a segment of anonymous customers by issue, NaN where none arose.
    """
    places, of = result.yardstick.places, segment_named(result.scenario, segment)
    spent = result.rows[:, places[segment, "allocated_cost"], 2]
    if of.customers is None:
        issues = result.rows[:, places[segment, "issues"], 2]
        per_issue: Floats = np.where(issues > 0, spent / np.where(issues > 0, issues, 1), np.nan)
        return per_issue
    timeline = result.yardstick.grid.timeline
    length = timeline.counted_to - timeline.counted_from
    place = [each.name for each in result.scenario.segments].index(segment)
    if result.yardstick.leaves[place]:
        years = result.months[:, place, :, PRESENT].sum(axis=1) / YEAR
        return np.where(years > 0, spent / np.where(years > 0, years, 1), np.nan)
    customers = of.customers + of.joins_per_month * length / MONTH / 2
    per_year: Floats = spent / (customers * length / YEAR)
    return per_year
