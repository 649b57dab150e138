"""What a difference in contribution is made of, from base to option: cash line by line, then margin kept.

Lines are sums of those of cash.csv, whole micro-units, so that the bars add up to the totals told there exactly
(docs/model.md, section 12).
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from supportsim.measure.experience import HIGH, LOW, OPINIONS, STATED, Churned
from supportsim.study.comparison import Comparison, Option, common
from supportsim.study.contribution import (
    Amount,
    added,
    cash_lines,
    cash_names,
    cash_once,
    churn_lines,
    churn_once,
    plain,
)
from supportsim.study.estimate import Estimate, student
from supportsim.study.result import Result

#: Line -> the lines of cash.csv it is the sum of; in the order drawn, and together all of `cash`.
LINES = {
    "pay": ("pay",), "overtime_pay": ("overtime_pay",), "seats": ("seats",), "channel_cost": ("channel_cost",),
    "penalties": ("penalty", "penalty_lost", "credit"), "support_price": ("support_price",), "margin": ("margin",),
}  # fmt: skip
CASH, KEPT, LEFT = "cash", "margin_kept", "cash_and_margin_kept"
TOTALS = (CASH, LEFT)
#: Line -> whole micro-units.
Levels = dict[str, Amount]


class Step(NamedTuple):
    """One bar: what base and option have of it in counted time, the difference of both, and its 95 % interval.

    base, option: in the currency, exact to the micro-unit; what is paid is negative.  change: of the replications that
    both finished, whose mean is option - base.  odds: the difference at low and at high odds, of what rests on them.
    """

    line: str
    base: float
    option: float
    change: Estimate
    odds: tuple[float, ...] = ()


def waterfall(comparison: Comparison, option: Option) -> list[Step]:
    """The steps from base to option, then what they add up to; none where contribution is not known in both.

    `margin_kept` is there where expected churn is known in both: what they lose less than the base, as stated.
    """
    mine, theirs = comparison.base.result, option.result
    base, other = shared(mine, theirs), shared(theirs, mine)
    if not base.n or any(result.yardstick.earners is None for result in (base, other)):
        return []
    before, after = _means(base), _means(other)
    every = [(_once(base, k), _once(other, k)) for k in range(base.n)]
    lines = [line for line in (*LINES, CASH, KEPT, LEFT) if None not in (before.get(line), after.get(line))]
    return [_step(line, before, after, every) for line in lines] if CASH in lines else []


def shared(result: Result, other: Result) -> Result:
    """The result with its amounts of the replications that both finished, and nothing else that counts them."""
    if result.finished == other.finished:
        return result
    numbers = common(result, other)
    mine = np.isin(result.finished, numbers)
    amounts = {name: getattr(result, name)[mine] for name in ("lines", "allocated", "income")}
    lost, cost, felt = result.churned
    return replace(result, finished=tuple(numbers), churned=Churned(lost[mine], cost[mine], felt[mine]), **amounts)


def _means(result: Result) -> Levels:
    return _levels(cash_names(result), cash_lines(result), churn_lines(result))


def _once(result: Result, k: int) -> Levels:
    return _levels(cash_names(result), cash_once(result, k), churn_once(result, k))


def _levels(names: list[tuple[str, str]], amounts: list[Amount], lost: list[Amount]) -> Levels:
    """The lines of a waterfall from those of cash.csv; what rests on odds also at `low` and `high`."""
    rows = list(zip(names, amounts, strict=True))
    found = {line: added([amount for name, amount in rows if name[0] in parts]) for line, parts in LINES.items()}
    found[CASH] = amounts[-1]
    for opinion, amount in zip(OPINIONS, lost, strict=False):  # nothing is lost where no churn is stated
        end = "" if opinion == OPINIONS[STATED] else f" {opinion}"
        found[KEPT + end], found[LEFT + end] = amount, added([amounts[-1], amount])
    return found


def _step(line: str, base: Levels, other: Levels, every: list[tuple[Levels, Levels]]) -> Step:
    ends = [each for each in (f"{line} {OPINIONS[LOW]}", f"{line} {OPINIONS[HIGH]}") if each in base]
    change = student(np.array([_less(a, b, line) for a, b in every]))
    odds = tuple(_less(base, other, end) for end in ends)
    return Step(line, plain(base[line]), plain(other[line]), change._replace(mean=_less(base, other, line)), odds)


def _less(base: Levels, other: Levels, line: str) -> float:
    return plain(added([other[line], -(base[line] or 0)]))
