"""Words that the figures of a comparison share."""

from __future__ import annotations

import math

from supportsim import __version__
from supportsim.study.comparison import Comparison, Key
from supportsim.study.option_tables import PER_WEEK
from supportsim.study.words import several

_NAMES = {
    "abandoned_share": "abandoned", "cost": "cost", "pay": "pay", "paid_hours": "paid hours",
    "blocked_share": "heard busy", "turned_away_share": "turned away",
    "penalties": "of it penalties",
    "overtime_hours": "overtime hours", "served_wait_mean": "mean wait of the answered",
}  # fmt: skip


def counted(comparison: Comparison) -> str:
    """How many options, and how many of them once more with other rosters."""
    again = sum(bool(option.resized_from) for option in comparison.options)
    beside = f" ({again} of them once more with the roster resized by work)" if again else ""
    return f"{several(len(comparison.options) - again, 'option')}{beside}"


def label(key: Key, comparison: Comparison) -> str:
    """A measure as an axis names it: a promise by its name, others in words."""
    selector, measure = key
    if measure == "kept_share":
        return f"{selector} kept"
    each = f" {comparison.each}" if measure in PER_WEEK else ""
    return f"{'' if selector == 'all' else selector + ' '}{_NAMES.get(measure, measure)}{each}"


def pairing(factor: float) -> str:
    """How many times as many replications the same interval would take without common customers."""
    if math.isnan(factor):
        return "–"
    if math.isinf(factor):
        return "exact"
    return f"× {factor:.1f}" if factor < 1000 else "> × 999"


def footer(comparison: Comparison) -> str:
    """What somebody needs to play it again."""
    base = comparison.base.result
    n = min(option.result.n for option in comparison.options)
    days = several(len(base.yardstick.grid.dates), "counted day")
    return (
        f"base {base.scenario.name} · supportsim {__version__} · scenario {base.hash[:12]} · seed {base.seed} · "
        f"n = {several(n, 'replication')} × {days} of each option"
    )
