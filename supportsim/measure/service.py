"""Promises: which cases each one judges, which were kept, and the six formulas of `answer`.

`answer` belongs to a contact, booked to its creation.  `first_reply` belongs to an issue, from its first
contact on a covered deferred channel to the first reply there, booked to that first contact.  A limit is
inclusive and counts open ticks of the promise's hours.  Zero cases give no value, never 100 %.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supportsim.measure import tables as t
from supportsim.measure.catalogue import FORMULAS
from supportsim.scenario.model import Promise

Counts = NDArray[np.int64]


def formula_sums(
    answered: Counts,
    in_limit: Counts,
    lost: Counts,
    lost_in_limit: Counts,
    brief: Counts,
    cut: Counts,
) -> dict[str, tuple[Counts, Counts]]:
    """The six formulas as id -> (numerator, denominator), from A, A_T, B, B_T, B_s and D (any equal shapes).

    D: cut off at closing or by the wait limit; neither left of his own will, so neither is credited or excluded.

    With A 1000, A_T 860, B 60, B_T 20, B_s 10, D 0: 81.1, 83.0, 82.7, 86.0, 82.1, 81.9 %.
    """
    offered = answered + lost + cut
    return {
        "answered_of_offered": (in_limit, offered),
        "short_abandons_good": (in_limit + lost_in_limit, offered),
        "short_abandons_excluded": (in_limit, offered - lost_in_limit),
        "of_answered": (in_limit, answered),
        "brief_abandons_credited": (in_limit + brief, offered),
        "brief_abandons_excluded": (in_limit, offered - brief),
    }


def formula_of(promise: Promise) -> str:
    """The id of a promise's own formula."""
    return next(name for name, counted, _ in FORMULAS if counted == promise.counted)


def judged_and_missed(promise: Promise) -> Counts:
    """Whether one contact is judged and not kept: (what became of it, 1: in the limit, 1: brief) -> 0 or 1."""
    status, fast, brief = np.indices((8, 2, 2))
    answered, lost = (status == t.ANSWERED).astype(np.int64), (status == t.ABANDONED).astype(np.int64)
    cut = ((status == t.DISCONNECTED) | (status == t.TIMED_OUT)).astype(np.int64)
    sums = formula_sums(answered, answered * fast, lost, lost * fast, lost * brief, cut)
    kept, judged = sums[formula_of(promise)]
    return (judged > kept).astype(np.int64)
