"""Prices in whole micro-units of the currency, and the two ways an amount becomes whole: docs/model.md, section 12."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.heads import people
from supportsim.measure.leave import with_leave
from supportsim.scenario.model import Scenario, Team
from supportsim.scenario.ticks import HOUR, MONTH

#: Micro-units in one of the currency.
MICRO = 1_000_000
#: What 64 bits hold, with room for one addition.
MOST = 1 << 62
#: Of two numbers cut into limbs of so many bits, that many products stay within 64 bits.
LIMB, AT_ONCE = 21, 1 << 20


@dataclass(frozen=True)
class Wages:
    """Of a team: micro-units per paid hour, for leave per paid hour, per hour of overtime; seats in counted time."""

    wage: Fraction
    leave: Fraction
    overtime: Fraction
    seats: int


def exact(value: float) -> Fraction:
    """The decimal number a file states: 0.1 is a tenth."""
    return Fraction(repr(float(value)))


def micro(price: float) -> int:
    """A price in whole micro-units, halves to the even one."""
    return round(exact(price) * MICRO)


def wages(team: Team, counted: int) -> Wages:
    """The prices of a team; `counted`: ticks of counted time.  Raises ValueError for leave of all hours."""
    with_leave(team.leave)
    wage, leave = Fraction(micro(team.wage_per_hour)), exact(team.leave)
    seats = people(team) * by_month(team.seat_per_month, counted)
    return Wages(wage, wage * leave / (1 - leave), wage * exact(team.overtime_factor), seats)


def by_month(price: float, counted: int) -> int:
    """A price per month for so many ticks, as one row."""
    return round(Fraction(micro(price) * counted, MONTH))


def priced(price: Fraction, ticks: NDArray[np.int64]) -> int:
    """The sum of price per hour x ticks, each rounded to a whole micro-unit, halves to the even one."""
    if not ticks.any() or not price:
        return 0
    times, per = price.numerator, price.denominator * HOUR
    large = max(times * int(ticks.max()), 2 * per, times * int(ticks.sum()) // per) >= MOST
    amounts = (ticks.astype(object) if large else ticks) * times
    whole, rest = amounts // per, amounts % per
    up = (2 * rest > per) | ((2 * rest == per) & (whole % 2 == 1))
    return int(whole.sum()) + int(up.sum())


def divided(amount: int, parts: Sequence[int]) -> list[int]:
    """An amount in whole micro-units by parts of a whole: largest remainder, ties to the lower index.

    The parts are 0 or more; where all are 0 the last one has everything.
    """
    of = sum(parts)
    if not of:
        return [*(0 for _ in parts[1:]), amount]
    found = [amount * part // of for part in parts]
    over = sorted(range(len(parts)), key=lambda i: -(amount * parts[i] % of))  # sorting keeps the order of equals
    for i in over[: amount - sum(found)]:
        found[i] += 1
    return found


def is_priced(scenario: Scenario) -> bool:
    """Whether anything at all has a price."""
    teams = (price for t in scenario.teams for price in (t.wage_per_hour, t.seat_per_month))
    channels = (price for c in scenario.channels for price in (c.cost_per_contact, c.cost_per_month))
    promises = (price for p in scenario.promises for price in (p.penalty, p.penalty_lost, p.credit))
    return any((*teams, *channels, *promises))


def exact_dot(one: NDArray[np.int64], other: NDArray[np.int64]) -> int:
    """The sum of products of whole numbers from 0 to 2**62, which 64 bits may not hold."""
    total, low = 0, (1 << LIMB) - 1
    for first in range(0, len(one), AT_ONCE):
        a, b = one[first : first + AT_ONCE], other[first : first + AT_ONCE]
        for i in range(3):
            for k in range(3):
                part = int(np.dot(a >> i * LIMB & low, b >> k * LIMB & low))
                total += part << (i + k) * LIMB
    return total
