"""The share still waiting after so long, with those who left before an answer as censored (Kaplan and Meier)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.classes import WaitClasses
from supportsim.measure.sums import Floats
from supportsim.measure.survival import product_limit
from supportsim.scenario.ticks import SECOND


class Survival(NamedTuple):
    """Steps of the curve: from `wait` seconds on `waiting` is the share without an answer yet.

    at_risk: contacts that waited at least so long · answered, left: how many at this very wait (by class) · at_once:
    share answered without a wait · gone: share that left, or still waited at the end, before an answer.
    """

    wait: Floats
    waiting: Floats
    at_risk: NDArray[np.int64]
    answered: NDArray[np.int64]
    left: NDArray[np.int64]
    at_once: float
    gone: float

    def after(self, seconds: float) -> float:
        """The share still waiting after so long."""
        place = int(np.searchsorted(self.wait, seconds * (1 + 1e-9), side="right")) - 1
        return float(self.waiting[place]) if place >= 0 else 1.0

    def reaches(self, share: float) -> float:
        """Seconds after which no more than a share is waiting; inf if that is never so."""
        below = np.flatnonzero(self.waiting <= share + 1e-12)
        return float(self.wait[below[0]]) if len(below) else float("inf")


def survival(classes: WaitClasses, queues: NDArray[np.bool_]) -> Survival | None:
    """Of the contacts of some queues, all replications together; None where there is none."""
    from supportsim.measure.waits import middles_of

    counts = classes.counts[queues].sum(axis=0)
    answered, left = counts[0], counts[1:].sum(axis=0)
    some = answered + left > 0
    answered, left = answered[some].astype(np.int64), left[some].astype(np.int64)
    total = int(answered.sum() + left.sum())
    if not total:
        return None
    at_risk, waiting = product_limit(answered, left)
    wait = middles_of(classes.kinds[some]) / SECOND
    at_once = float(answered[wait == 0].sum()) / total
    return Survival(wait, waiting, at_risk, answered, left, at_once, left.sum() / total)


def thinned(found: Survival, least: float = 0.002) -> NDArray[np.int64]:
    """Rows enough to draw the curve: each at least `least` below the one before, in share or in a tenth of a wait."""
    rows, share, wait = [], 2.0, -1.0
    for i, (at, level) in enumerate(zip(found.wait.tolist(), found.waiting.tolist(), strict=True)):
        if share - level >= least or at > 1.1 * wait or i == len(found.wait) - 1:
            rows.append(i)
            share, wait = level, at
    return np.array(rows, dtype=np.int64)
