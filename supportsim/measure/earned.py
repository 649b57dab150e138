"""What customers bring, in whole micro-units of the currency: docs/model.md, section 12.

Margins are drawn customer by customer where they differ, and so is who is on which plan where prices do.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supportsim.demand import fates
from supportsim.demand.cells import offered
from supportsim.demand.customers import joins_after
from supportsim.demand.laws import draws, tabulate
from supportsim.measure import months as months_of
from supportsim.measure.prices import MICRO, exact, exact_dot, micro
from supportsim.scenario.laws import mean
from supportsim.scenario.model import Plan, Scenario, Segment
from supportsim.scenario.offers import leaves, plans_of
from supportsim.scenario.ticks import HORIZON_LIMIT, MONTH

if TYPE_CHECKING:
    from supportsim.measure.grid import Grid

Whole = NDArray[np.int64]

#: From so many customers of a segment on, means stand for them.
MOST_DRAWN = 1_000_000
#: Columns of what is earned.
MARGIN, PRICE = 0, 1


class Earners:
    """The customers of a scenario, and what they bring in counted time."""

    def __init__(self, scenario: Scenario, grid: Grid) -> None:
        counted = grid.counted_to - grid.counted_from
        self.leaves = leaves(scenario)
        offers, first, _ = offered(scenario)
        self.segments = tuple(
            People(scenario, segment, counted, offers["until"][first[i] : first[i + 1]])
            for i, segment in enumerate(scenario.segments)
        )

    def income(self, world: int, months: Whole = months_of.NO_MONTHS) -> Whole:
        """Margin and support price of each segment, (segments, 2) micro-units; 0 where they are not known.

        months: `months.Monthly.told`, whose sums they are where customers leave; empty where none does.
        """
        found = [
            months[i, :, months_of.MARGIN :].sum(axis=0).tolist()
            if self.leaves[i]
            else [people.margin(world), people.price(world)]
            for i, people in enumerate(self.segments)
        ]
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Whether margin and support price of each segment are known, (segments, 2)."""
        found = [[people.margin_known, people.price_known] for people in self.segments]
        return np.array(found, dtype=bool).reshape(-1, 2)

    @cached_property
    def months(self) -> NDArray[np.float64]:
        """Customer-months of each segment; NaN where it is anonymous."""
        return np.array([people.ticks / MONTH if people.named else np.nan for people in self.segments])


class People:
    """The customers of one segment.  `ticks`: their counted time together; `until`: cumulated shares of plans."""

    def __init__(self, scenario: Scenario, segment: Segment, counted: int, until: NDArray[np.float64]) -> None:
        self.segment, self.counted, self.until = segment, counted, until
        self.named = segment.customers is not None
        self.first = segment.customers or 0
        self.joined = int(np.floor(segment.joins_per_month * counted / MONTH)) if self.named else 0
        self.many = self.first + self.joined > MOST_DRAWN
        self.ticks = self.first * counted + self._ticks_of_new()
        self.plans: list[tuple[Plan, float]] = plans_of(scenario, segment.name)
        self.margin_known = self.named and segment.margin is not None
        self.price_known = self.named or not any(plan.price for plan, _ in self.plans)
        self.key = fates.entity("segment", segment.name)

    def _ticks_of_new(self) -> int:
        """Time of those who join: of the j-th from j x month / joins on."""
        if self.many:
            gap = Fraction(MONTH) / exact(self.segment.joins_per_month) if self.joined else Fraction(0)
            return round(self.joined * self.counted - gap * self.joined * (self.joined + 1) / 2)
        return int(self.new.sum())

    @cached_property
    def new(self) -> Whole:
        """Ticks each of those who join is there, in the order in which they come."""
        there: Whole = np.maximum(self.counted - joins_after(self.segment, self.joined), 0)
        return there

    # ------------------------------------------------------------ margins

    @cached_property
    def _law(self) -> tuple[NDArray[np.void], NDArray[np.float64]]:
        """The law of margins in micro-units, as a table to draw from."""
        assert self.segment.margin is not None
        return tabulate([replace(self.segment.margin, factor=self.segment.margin.factor * MICRO)])

    @property
    def alike(self) -> int | None:
        """The margin of every customer, micro-units a month; None where they differ."""
        law = self.segment.margin
        return micro(law.factor * law.values[0]) if law is not None and law.kind == "constant" else None

    def margins(self, world: int, customers: Whole) -> Whole:
        """Micro-units a month of each of these customers, as their own fates have it."""
        if self.alike is not None:
            return np.full(len(customers), self.alike, dtype=np.int64)
        uniforms = fates.uniforms(world, fates.children(self.key, customers), 0, fates.MARGIN)
        own: Whole = np.minimum(draws(*self._law, 0, uniforms), HORIZON_LIMIT)
        return own

    def margin(self, world: int) -> int:
        """What all bring in counted time."""
        law = self.segment.margin
        if not self.margin_known or law is None:
            return 0
        if self.alike is not None or self.many:
            each = self.alike if self.alike is not None else micro(mean(law))
            return round(Fraction(each * self.ticks, MONTH))
        own = self.margins(world, np.arange(self.first + self.joined))
        if own.sum(dtype=np.float64) > 9e18:
            raise OverflowError("margins of more than 9,000,000,000,000 of the currency a month")
        first = int(own[: self.first].sum()) * self.counted
        return round(Fraction(first + exact_dot(own[self.first :], self.new), MONTH))

    # ------------------------------------------------------------ prices of plans

    def price(self, world: int) -> int:
        """What all pay for their plans in counted time: each plan is a row."""
        prices = [micro(plan.price) for plan, _ in self.plans]
        if not self.named or not any(prices):
            return 0
        if len(set(prices)) == 1 and len(prices) == 1:
            return round(Fraction(prices[0] * self.ticks, MONTH))
        ticks = self._by_share() if self.many else self._by_customer(world)
        return sum(round(Fraction(price) * there / MONTH) for price, there in zip(prices, ticks, strict=True))

    def places(self, world: int, many: int) -> Whole:
        """On which plan of the segment each of the first so many customers is."""
        keys = fates.children(self.key, np.arange(many))
        places = np.searchsorted(self.until, fates.uniforms(world, keys, 0, fates.PLAN), side="right")
        return np.minimum(places, len(self.until) - 1)

    def _by_share(self) -> list[Fraction]:
        return [exact(share) * self.ticks for _, share in self.plans]

    def _by_customer(self, world: int) -> list[Fraction]:
        """Customer-ticks on each plan."""
        places = self.places(world, self.first + self.joined)
        first = np.bincount(places[: self.first], minlength=len(self.until)).tolist()
        new = [int(self.new[places[self.first :] == i].sum()) for i in range(len(self.until))]
        return [Fraction(n * self.counted + more) for n, more in zip(first, new, strict=True)]
