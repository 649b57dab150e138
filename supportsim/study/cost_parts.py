"""What a difference in cost is made of: who is paid, seats and channels, and what broken promises cost."""

from __future__ import annotations

import numpy as np

from supportsim.measure.prices import MICRO
from supportsim.study.comparison import Comparison, Floats, Option, common
from supportsim.study.estimate import Estimate, student
from supportsim.study.paired import paired

#: Parts by name, with the kinds of costs.csv in each; together they are all of the cost.
PARTS = {
    "pay": ("pay", "overtime_pay"),
    "seats and channels": ("seats", "channel_cost"),
    "penalties and credits": ("penalty", "penalty_lost", "credit"),
}
FINES = "penalties and credits"


def part(option: Option, name: str, other: Option | None = None) -> Floats:
    """One part of the cost by replication; with `other` only of those that it finished, too."""
    result = option.result
    mine = [i for i, line in enumerate(result.yardstick.ledger.lines) if line[0] in PARTS[name]]
    found: Floats = result.lines[:, mine].sum(axis=1) / MICRO
    return found if other is None else found[np.isin(result.finished, common(result, other.result))]


def parts(comparison: Comparison) -> list[str]:
    """The parts that are more than nothing in any option; none where no option pays for a broken promise."""
    found = [name for name in PARTS if any(part(option, name).any() for option in comparison.options)]
    return found if FINES in found else []


def mean(comparison: Comparison, option: Option, name: str) -> float:
    """Of one part, a week where there is one."""
    return student(part(option, name) / comparison.periods).mean


def differences(comparison: Comparison, option: Option) -> dict[str, Estimate]:
    """Each part against the base, replication by replication; they add up to the difference in cost."""
    base, per = comparison.base, comparison.periods
    return {
        name: paired(part(base, name, option) / per, part(option, name, base) / per).change
        for name in parts(comparison)
    }  # fmt: skip
