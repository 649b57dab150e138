"""Intervals, verdicts and how many replications would decide."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from supportsim.study.estimate import (
    Estimate,
    bounded,
    median,
    middle_range,
    on_target,
    replications_to_decide,
    student,
    student_each,
    verdict,
)
from supportsim.study.tables import estimated


def test_the_interval_is_that_of_student() -> None:
    values = np.array([3.0, 5.0, 4.0, 8.0, math.nan])
    found = student(values)
    low, high = stats.t.interval(0.95, 3, loc=5.0, scale=stats.sem(values[:4]))
    assert found == pytest.approx((5.0, low, high, 4))


def test_one_value_has_no_interval_and_none_has_no_mean() -> None:
    assert student(np.array([2.0]))[0] == 2.0
    assert math.isnan(student(np.array([2.0])).low)
    assert student(np.array([math.nan])).n == 0
    assert math.isnan(student(np.array([])).mean)


def test_columns_are_estimated_like_single_values() -> None:
    values = np.array([[1.0, math.nan, 3.0], [2.0, math.nan, math.nan], [4.0, math.nan, 5.0]])
    mean, low, high = student_each(values)
    for i in range(3):
        one = student(values[:, i])
        np.testing.assert_allclose([mean[i], low[i], high[i]], [one.mean, one.low, one.high])


def test_nine_in_ten_intervals_and_more_hold_the_mean() -> None:
    random = np.random.default_rng(3)
    found = [student(random.normal(7.0, 2.0, 6)) for _ in range(2000)]
    held = sum(e.low <= 7.0 <= e.high for e in found)
    assert abs(held - 1900) < 4 * math.sqrt(2000 * 0.95 * 0.05)


@pytest.mark.parametrize(
    ("low", "high", "n", "call"),
    [
        (0.80, 0.85, 9, "kept"),
        (1.0, 1.0, 6, "kept"),
        (1.0, 1.0, 5, "too close to call"),
        (0.5, 0.5, 2, "too close to call"),
        (0.7, 0.79, 9, "missed"),
        (0.79, 0.81, 9, "too close to call"),
        (0.79, 0.80, 9, "too close to call"),
        (math.nan, math.nan, 1, "too close to call"),
        (math.nan, math.nan, 0, "no cases"),
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(low: float, high: float, n: int, call: str) -> None:
    assert verdict(Estimate((low + high) / 2, low, high, n), 0.8) == call


def test_a_mean_sits_on_its_target_within_a_tenth_of_its_half_width() -> None:
    """80 % ± 2: 80.1 and 79.85 sit on 80, 80.3 does not; of one replication nobody knows."""
    seen = [on_target(Estimate(mean, mean - 0.02, mean + 0.02, 9), 0.8) for mean in (0.801, 0.7985, 0.803)]
    assert seen == [True, True, False]
    assert not on_target(Estimate(0.8, math.nan, math.nan, 1), 0.8)


def test_the_interval_must_shrink_to_the_distance_from_the_target() -> None:
    assert replications_to_decide(Estimate(0.82, 0.78, 0.86, 30), 0.8) == 200  # 120, in steps of 1, 2, 5
    assert replications_to_decide(Estimate(0.8, 0.78, 0.82, 30), 0.8) is None
    assert replications_to_decide(Estimate(0.8, math.nan, math.nan, 1), 0.7) is None


@pytest.mark.parametrize(("n", "half", "needed"), [(10, 0.0205, 20), (11, 0.0205, 50), (10, 0.03, 50), (10, 0.1, 500)])
def test_to_decide_takes_twice_as_many_or_more(n: int, half: float, needed: int) -> None:
    assert replications_to_decide(Estimate(0.82, 0.82 - half, 0.82 + half, n), 0.8) == needed


@pytest.mark.parametrize(("half", "needed"), [(0.5, 10_000), (0.6324, 10_000), (0.633, None), (1.5, None)])
def test_more_than_ten_thousand_are_no_advice(half: float, needed: int | None) -> None:
    """10 (half / 0.02)^2: 6250, just below and just above 10,000, 56,250."""
    assert replications_to_decide(Estimate(0.82, 0.82 - half, 0.82 + half, 10), 0.8) == needed


def test_no_share_reaches_beyond_what_is_possible() -> None:
    assert bounded(Estimate(0.9, -0.1, 1.2, 3), 1.0) == (0.9, 0.0, 1.0, 3)


def test_what_is_left_may_be_a_debt_and_its_interval_too() -> None:
    found = estimated(np.array([-30.0, 10.0]), "contribution_after_churn_high")
    assert found.low == pytest.approx(-10.0 - 20.0 * 12.7062, rel=1e-4)
    assert found.high == pytest.approx(-10.0 + 20.0 * 12.7062, rel=1e-4)
    assert estimated(np.array([1.0, 9.0]), "cost").low == 0.0
    assert estimated(np.array([0.2, 1.0]), "kept_share")[1:3] == (0.0, 1.0)


def test_a_range_of_nothing_is_no_range() -> None:
    assert all(math.isnan(x) for x in middle_range(np.array([math.nan])))
    assert middle_range(np.arange(101.0)) == (5.0, 95.0)


def test_an_interval_is_widened_about_its_mean() -> None:
    from supportsim.study.estimate import widened

    values = np.array([1.0, 2.0, 4.0, 9.0])
    assert widened(student(values), 0.99) == pytest.approx(student(values, 0.99))
    one = student(np.array([3.0]))
    assert widened(one, 0.99).n == 1


@pytest.mark.parametrize(
    ("n", "call"), [(2, "too close to call"), (3, "too close to call"), (5, "too close to call"), (6, "kept")]
)
def test_values_that_are_all_alike_decide_from_six_on_whatever_rounding_does(n: int, call: str) -> None:
    found = student(np.full(n, 0.1))  # of three the interval is a rounding wide
    assert verdict(found, 0.05) == call


def test_the_interval_of_a_median_by_hand() -> None:
    """Below the median of 2.5 lie 1, 1/2, 1/2 and 0 of the dates: 0.5 ± 3.18 · 0.41 / 2 are all shares there are.

    Of four times as many replications 0.5 ± 2.13 · 0.37 / 4: the values at places 9.5 and 21.5 of 0 to 31.
    """
    values = np.array([[0.0, 1.0], [2.0, 3.0], [2.0, 4.0], [5.0, 6.0]])
    assert median(values) == (2.5, 0, 6)
    assert median(np.repeat(values, 4, axis=0)) == (2.5, 2, 4)
    assert median(np.zeros((3, 2))) == (0, 0, 0)
    assert np.isnan(median(values[:1])[1:]).all()
