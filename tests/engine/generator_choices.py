"""Where the chance of the generator comes from, and the days on which its scenarios play."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st

T = TypeVar("T")
SUNDAY = date(2026, 3, 1)
MONDAY = date(2026, 3, 2)
SPRING = date(2026, 3, 29)  # Berlin loses the hour after 02:00, a Sunday
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


class Choices:
    """Chance as the generator asks for it."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def of(self, things: Sequence[T]) -> T:
        """One of them."""
        return things[self.whole(0, len(things) - 1)]

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def chance(self, percent: int) -> bool:
        """Whether something of so many per cent happens."""
        return self.whole(1, 100) > 100 - percent

    def some(self, things: Sequence[T], percent: int) -> list[T]:
        """Each of them with so many per cent, in order; one at least where there is any."""
        found = [thing for thing in things if self.chance(percent)]
        return found or ([self.of(things)] if things else [])


class DrawnChoices(Choices):
    """The same from Hypothesis: small numbers, and so the first things of a list, come out of shrinking."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(self._draw(st.integers(low, high)))


def column(values: Sequence[int], dtype: Any) -> Any:
    """A column of a trace: a read-only array, shape (rows,)."""
    made = np.array(values, dtype=dtype)
    made.setflags(write=False)
    return made
