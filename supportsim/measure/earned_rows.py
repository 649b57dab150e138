"""Rows of what is earned, and of who is expected to leave: `all`, then the segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.earned import MARGIN, Earners
from supportsim.measure.experience import OPINIONS, STATED, Churned
from supportsim.measure.months import JOINED, LEFT
from supportsim.measure.prices import MICRO
from supportsim.measure.sums import Floats

if TYPE_CHECKING:
    from supportsim.measure.replication import Yardstick

NAN = float("nan")
#: Numerator, denominator and value of one measure, one entry per group.
Row = tuple[Floats, Floats, Floats]


def plain(values: NDArray[np.generic]) -> Row:
    """Numbers as they stand."""
    found = values.astype(np.float64)
    return found, np.full(len(found), NAN), found


def income_rows(earners: Earners, income: NDArray[np.int64], cost: Floats) -> dict[str, Row]:
    """What is earned and what is left of it, of `all` and each segment; nothing where it is not known."""
    known = np.concatenate([earners.known.all(axis=0, keepdims=True), earners.known])
    amounts = np.concatenate([income.sum(axis=0, keepdims=True), income]) / MICRO
    margin, price = np.where(known, amounts, NAN).T
    return {"margin": plain(margin), "support_price": plain(price), "contribution": plain(margin + price - cost)}


def churn_rows(yardstick: Yardstick, churned: Churned, contribution: Floats) -> dict[str, Row]:
    """Customers lost, what that costs and what is left then, of `all` and each segment, in three opinions.

    Of segments that take no part nothing is lost; a cost without a margin has no value.
    """
    part = yardstick.takes_part
    unpriced = part & ~yardstick.customers.known[:, MARGIN]
    found: dict[str, Row] = {}
    for k, opinion in enumerate(OPINIONS):
        end = "" if k == STATED else f"_{opinion}"
        lost = np.where(part, churned.lost[:, k], NAN)
        cost = np.where(part & ~unpriced, churned.cost[:, k] / MICRO, NAN)
        whole = NAN if unpriced.any() else int(churned.cost[:, k].sum()) / MICRO
        left = contribution - np.array([whole, *np.where(part, cost, 0.0)])
        found[f"customers_lost{end}"] = plain(np.array([np.nansum(lost), *lost]))
        found[f"churn_cost{end}"] = plain(np.array([whole, *cost]))
        found[f"contribution_after_churn{end}"] = plain(left)
    return found


def leaving_rows(yardstick: Yardstick, months: NDArray[np.int64]) -> dict[str, Row]:
    """Customers who left, and who are there at the end, of `all` who may leave and each segment."""
    left, joined = (months[:, :, column].sum(axis=1).astype(np.float64) for column in (LEFT, JOINED))
    first = np.array([people.first for people in yardstick.customers.segments], dtype=np.float64)
    found = {}
    for name, own in (("customers_left", left), ("customers_end", first + joined - left)):
        known = np.where(yardstick.leaves, own, NAN)
        found[name] = plain(np.array([np.nansum(known), *known]))
    return found
