"""Customers who leave, their issues and what they bring, month by month: docs/model.md, section 13."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import ISSUE_STATES
from supportsim.measure.prices import exact_dot, micro
from supportsim.scenario.offers import leaves
from supportsim.scenario.ticks import MONTH

if TYPE_CHECKING:
    from supportsim.measure.earned import Earners, People
    from supportsim.measure.plan import Plan

Whole = NDArray[np.int64]

#: Columns of a segment in a month.  not_arisen, not_returned: issues `gone` without a contact, after one; present:
#: ticks of customers; margin, support_price: micro-units.
COLUMNS = ("joined", "left", "issues", "not_arisen", "not_returned", "present", "margin", "support_price")
JOINED, LEFT, ISSUES, NOT_ARISEN, NOT_RETURNED, PRESENT, MARGIN, PRICE = range(len(COLUMNS))
#: Where nobody leaves.
NO_MONTHS: Whole = np.zeros((0, 0, len(COLUMNS)), dtype=np.int64)
_GONE = ISSUE_STATES.index("gone")


class Monthly:
    """One replication: `customers` are those of its journal, set before `told`."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.edges = plan, plan.grid.month_edges
        self.part = np.array(leaves(plan.scenario), dtype=bool)
        self.counts = np.zeros((plan.segments, len(self.edges) - 1, len(COLUMNS)), dtype=np.int64)
        self.customers: Any = None

    def add(self, issues: Any, filler: Any) -> None:
        """The issues of a portion; `filler`: 1 for pieces of filler."""
        own = issues[self.part[issues["segment"]] & (filler == 0)]
        gone = own["state"] == _GONE
        never = gone & (own["contacts"] == 0)
        self._count(ISSUES, own[~never], "asked")
        self._count(NOT_ARISEN, own[never], "ended")
        self._count(NOT_RETURNED, own[gone & ~never], "ended")

    def _count(self, column: int, issues: Any, when: str) -> None:
        at = issues[when]
        counted = (self.edges[0] <= at) & (at < self.edges[-1])
        month = np.searchsorted(self.edges, at[counted], side="right") - 1
        np.add.at(self.counts[:, :, column], (issues["segment"][counted], month), 1)

    def told(self, earners: Earners, world: int) -> Whole:
        """(segments, months, COLUMNS); zeros for segments whose customers stay, and of what is not known."""
        found = self.counts.copy()
        for i in np.flatnonzero(self.part).tolist():
            own = self.customers[self.customers["segment"] == i]
            people, begins, ends = earners.segments[i], self.edges[:-1], self.edges[1:]
            found[i, :, JOINED] = _within(own["joined"][people.first :], self.edges)
            found[i, :, LEFT] = _within(own["left"], self.edges)
            margins, places = _margins(people, world, len(own)), _places(people, world, len(own))
            for month, (begin, end) in enumerate(zip(begins, ends, strict=True)):
                there = np.maximum(np.minimum(own["left"], end) - np.maximum(own["joined"], begin), 0)
                amounts = (round(Fraction(exact_dot(margins, there), MONTH)), _prices(people, places, there))
                found[i, month, PRESENT:] = (int(there.sum()), *amounts)
        return found


def _within(ticks: Whole, edges: Whole) -> Whole:
    """How many lie in each month."""
    return np.diff(np.searchsorted(np.sort(ticks), edges, side="left"))


def _margins(people: People, world: int, many: int) -> Whole:
    """Micro-units a month of each of so many customers; 0 where that is not known."""
    return people.margins(world, np.arange(many)) if people.margin_known else np.zeros(many, dtype=np.int64)


def _places(people: People, world: int, many: int) -> Whole:
    """The plan of each, where plans are paid for."""
    is_paid = any(plan.price for plan, _ in people.plans)
    return people.places(world, many) if is_paid else np.zeros(many, dtype=np.int64)


def _prices(people: People, places: Whole, there: Whole) -> int:
    """What they pay in the ticks they are there: each plan is rounded once."""
    prices = [micro(plan.price) for plan, _ in people.plans]
    ticks = [int(there[places == i].sum()) if price else 0 for i, price in enumerate(prices)]
    return sum(round(Fraction(price * own, MONTH)) for price, own in zip(prices, ticks, strict=True))
