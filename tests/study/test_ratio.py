"""The ratio of two paired means: by hand, where it is Student's, and how often its interval holds the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from supportsim.study.estimate import student
from supportsim.study.ratio import ratio


def test_three_replications_by_hand() -> None:
    """top 1, 2, 3 and bottom 2, 2, 5: means 2 and 3; with f = t(2)^2 / 3 = 6.1710 the ends solve a quadratic."""
    found = ratio(np.array([1.0, 2, 3]), np.array([2.0, 2, 5]))
    assert found.mean == pytest.approx(2 / 3)
    f = 4.302652730**2 / 3
    assert 9 - f * 3 < 0  # the bottom cannot be told from 0
    assert math.isnan(found.low)
    found = ratio(np.array([1.0, 2, 3]), np.array([20.0, 20, 23]))
    square, middle, rest = 21**2 - f * 3, 2 * 21 - f * 1.5, 4 - f
    root = math.sqrt(middle**2 - square * rest)
    assert (found.low, found.high) == pytest.approx(((middle - root) / square, (middle + root) / square))


def test_over_what_never_varies_it_is_students() -> None:
    top = np.array([1.0, 4, 2, 8, np.nan])
    found, plain = ratio(top, np.full(5, 4.0)), student(top)
    assert found.n == 4
    assert (found.mean, found.low, found.high) == pytest.approx((plain.mean / 4, plain.low / 4, plain.high / 4))


def test_without_a_value_there_is_none() -> None:
    assert math.isnan(ratio(np.array([1.0, 2]), np.array([1.0, -1])).mean)
    assert ratio(np.array([np.nan]), np.array([1.0])).n == 0
    one = ratio(np.array([3.0]), np.array([2.0]))
    assert (one.mean, math.isnan(one.low)) == (1.5, True)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "skewed"), [(5, False), (10, False), (30, False), (10, True), (30, True)])
def test_ninety_five_of_a_hundred_intervals_hold_the_ratio(n: int, skewed: bool) -> None:
    """Exactly so for normal pairs; for skewed ones, as sums of waits are, nearly."""
    rng = np.random.default_rng(5)
    inside, sets = 0, 20_000
    for _ in range(sets):
        bottom = 50 + 8 * rng.standard_normal(n)
        noise = rng.exponential(30, n) - 30 if skewed else 30 * rng.standard_normal(n)
        found = ratio(3 * bottom + 2 * (bottom - 50) + noise, bottom)
        inside += found.low <= 3 <= found.high
    low, high = (0.915, 0.965) if skewed else (0.945, 0.955)
    assert low < inside / sets < high
