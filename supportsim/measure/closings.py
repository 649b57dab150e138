"""The compiled pass over closed issues, customer by customer: how many are lost by each, and what that costs.

Yearly leaving probability p = expit(logit p0 + scores that last), at most the cap; docs/model.md, section 13.
"""

from __future__ import annotations

import math
from typing import Any

from supportsim.demand.compiling import LEAN, PLAIN, array, procedure, whole
from supportsim.measure.booking_clock import inside

#: Beyond this an exponential is 0 or as good as infinite.
_FAR = 700.0


@inside
def _leaving(logit: float, score: float, cap: float) -> float:
    """Yearly probability to leave."""
    at = min(max(logit + score, -_FAR), _FAR)
    return min(1.0 / (1.0 + math.exp(-at)), cap)


@inside
def _score(felt: Any, ended: Any, lasts: Any, odds: Any, row: int, at: int, column: int) -> float:
    """What one closed issue still adds at a tick, with the odds of one column."""
    found = 0.0
    for kind in range(len(lasts)):
        if felt[row, kind] != 0 and at - ended[row] < lasts[kind]:
            found += felt[row, kind] * odds[kind, column]
    return found


@inside
def _leaves_something(felt: Any, lasts: Any, row: int) -> bool:
    """Whether anything of a closed issue lasts."""
    found = False
    for kind in range(len(lasts)):
        found = found or (felt[row, kind] != 0 and lasts[kind] > 0)
    return found


def _close(
    who: Any, ended: Any, counted: Any, felt: Any, worth: Any, base: Any, lasts: Any, odds: Any, lost: Any, cost: Any
) -> None:
    """Add to `lost` and `cost`, (segments, columns of odds).

    Rows by customer, then closing: who (segment, customer), ended tick, counted 1 or 0, felt (EXPERIENCES), worth of
    the customer.  base: (segments, 2) logit p0 and cap.  odds: (EXPERIENCES, columns) logarithms for each felt.
    """
    first = 0
    longest = 0
    for kind in range(len(lasts)):
        longest = max(longest, lasts[kind])
    for row in range(len(who)):
        if who[row, 0] != who[first, 0] or who[row, 1] != who[first, 1]:
            first = row
        while first < row and ended[row] - ended[first] >= longest:
            first += 1
        segment = who[row, 0]
        if counted[row] == 0 or base[segment, 0] == -math.inf or not _leaves_something(felt, lasts, row):
            continue
        for column in range(odds.shape[1]):
            before = 0.0
            for other in range(first, row):
                before += _score(felt, ended, lasts, odds, other, ended[row], column)
            after = before + _score(felt, ended, lasts, odds, row, ended[row], column)
            logit, cap = base[segment, 0], base[segment, 1]
            change = _leaving(logit, after, cap) - _leaving(logit, before, cap)
            lost[segment, column] += change
            cost[segment, column] += change * worth[row]


if PLAIN:
    close: Any = _close
else:
    _floats = array("f8", 2)
    close = whole(
        procedure(
            array(axes=2), array(), array(), array(axes=2), array("f8"), _floats, array(), _floats, _floats, _floats
        ),
        **LEAN,
    )(_close)
