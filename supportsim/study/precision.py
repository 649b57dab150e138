"""How many replications a study plays when it is told how precise its means shall be.

It looks after batches at numbers fixed beforehand (`batches`): the first is `at_least`, each further one a quarter
more.  It goes on until at the same look every goal is met at every point, or `at_most` is reached.  All points have
the same number, so that every comparison is of whole pairs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from supportsim.measure.sums import Floats
from supportsim.study.estimate import student
from supportsim.study.study_goals import Goal, Precision


def batches(precision: Precision) -> Iterator[int]:
    """The numbers of replications at which it looks: at_least, then a quarter more each time, at_most last."""
    number = precision.at_least
    while number < precision.at_most:
        yield number
        number = max(number + 1, math.ceil(1.25 * number))
    yield precision.at_most


def met(goal: Goal, values: Floats, unit: str) -> bool:
    """Whether half the 95 % interval of the mean is small enough; a measure that never has a value asks for nothing."""
    found = student(values)
    if not found.n:
        return True
    size = goal.size * abs(found.mean) if goal.unit == "%" else _in(unit, goal)
    return bool(found.n > 1 and found.half <= size)


def _in(unit: str, goal: Goal) -> float:
    """The size in the unit of the measure: goals of time are in seconds, some measures in hours."""
    return goal.size / 3600 if unit == "h" and goal.unit == "s" else goal.size
