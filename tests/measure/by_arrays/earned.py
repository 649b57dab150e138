"""What customers bring by the rules of docs/model.md, section 12, customer by customer, in fractions."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from measure.by_arrays.money import micro
from supportsim.demand import fates
from supportsim.demand.laws import tabulate, value
from supportsim.measure.grid import Grid
from supportsim.scenario.model import Scenario, Segment
from supportsim.scenario.ticks import MONTH

NAN = float("nan")
#: Margin and support price of a segment, micro-units; None where they are not known.
Pair = tuple[int | None, int | None]


def is_told(scenario: Scenario) -> bool:
    """Whether a segment of known size has a margin, or a plan that costs something."""
    priced = {plan.name for plan in scenario.plans if plan.price}
    return any(
        s.customers is not None and (s.margin is not None or any(own.plan in priced for own in s.plans))
        for s in scenario.segments
    )


def customers(segment: Segment, grid: Grid) -> list[int]:
    """Ticks in counted time of each customer there ever is in it."""
    assert segment.customers is not None
    counted, found = grid.counted_to - grid.counted_from, []
    while segment.joins_per_month:
        after = ceil((len(found) + 1) * MONTH / Fraction(str(segment.joins_per_month)))
        if after >= counted:
            break
        found.append(counted - after)
    return [counted] * segment.customers + found


def margin_of(segment: Segment, world: int, customer: int) -> int:
    """His margin, micro-units a month."""
    assert segment.margin is not None
    if segment.margin.kind == "constant":
        return micro(segment.margin.values[0] * segment.margin.factor)
    key = fates.child(fates.entity("segment", segment.name), customer)
    return round(1_000_000 * value(*tabulate([segment.margin]), 0, fates.uniform(world, key, 0, fates.MARGIN), 0.0))


def income(scenario: Scenario, grid: Grid, world: int) -> list[Pair]:
    """Of each segment."""
    return [(_margin(each, grid, world), _price(scenario, each, grid, world)) for each in scenario.segments]


def _margin(segment: Segment, grid: Grid, world: int) -> int | None:
    if segment.customers is None or segment.margin is None:
        return None
    own = enumerate(customers(segment, grid))
    return round(Fraction(sum(margin_of(segment, world, i) * ticks for i, ticks in own), MONTH))


def _price(scenario: Scenario, segment: Segment, grid: Grid, world: int) -> int | None:
    prices = {plan.name: micro(plan.price) for plan in scenario.plans}
    if not any(prices[own.plan] for own in segment.plans):
        return 0
    if segment.customers is None:
        return None
    there = dict.fromkeys(prices, 0)
    for customer, ticks in enumerate(customers(segment, grid)):
        there[plan_of(segment, world, customer)] += ticks
    return sum(round(Fraction(prices[name] * ticks, MONTH)) for name, ticks in there.items())


def plan_of(segment: Segment, world: int, customer: int) -> str:
    u = fates.uniform(world, fates.child(fates.entity("segment", segment.name), customer), 0, fates.PLAN)
    until = 0.0
    for own in segment.plans:
        until += own.share
        if u < until:
            return own.plan
    return segment.plans[-1].plan
