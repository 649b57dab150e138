"""Customers with a number of their own: when they join, and how much hazard each bears before he leaves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from supportsim.demand import fates
from supportsim.demand.laws import draws, tabulate
from supportsim.scenario.model import Law, Segment
from supportsim.scenario.ticks import MONTH, YEAR

Ticks = npt.NDArray[np.int64]

#: A year of hazard is the mean of what customers bear.
_BEARS = Law("exponential", (float(YEAR),))


def customers_at(segment: Segment, ticks: Ticks, counted_from: int) -> Ticks:
    """Customers at each tick, -1 if anonymous: their number is that of the start, joins come evenly."""
    if segment.customers is None:
        return np.full(len(ticks), -1, dtype=np.int64)
    joined = np.floor(segment.joins_per_month * (ticks - counted_from) / MONTH).astype(np.int64)
    grown: Ticks = np.maximum(segment.customers + joined, 0)
    return grown


def joins_after(segment: Segment, many: int) -> Ticks:
    """Ticks from the begin of counted time at which the first, second … of so many new customers joins."""
    if not many:
        return np.zeros(0, dtype=np.int64)
    after: Ticks = np.ceil(np.arange(1, many + 1) * (MONTH / segment.joins_per_month)).astype(np.int64)
    return after


def thresholds(world: int, segment: Segment, many: int) -> Ticks:
    """Ticks at a hazard of one a year after which each of the first customers leaves: -ln(1 - u) years, as laws draw.

    So at a constant hazard h by the year he leaves threshold / h ticks after his clock has started.
    """
    keys = fates.children(fates.entity("segment", segment.name), np.arange(many))
    return draws(*tabulate([_BEARS]), 0, fates.uniforms(world, keys, 0, fates.LEAVES))
