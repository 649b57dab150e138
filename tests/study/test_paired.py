"""Differences on the same customers: by hand, against scipy, and what they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from supportsim.study.paired import holm, paired

NAN = math.nan


def test_three_replications_by_hand() -> None:
    found = paired(np.array([10.0, 12.0, 14.0]), np.array([11.0, 14.0, 14.0]))
    # differences 1, 2, 0: mean 1, s = 1, t(2) = 4.3027, half = 4.3027 / sqrt(3) = 2.4841
    assert found.base.mean == 12
    assert found.other.mean == 13
    assert found.change.mean == 1
    assert found.change.low == pytest.approx(1 - 2.48414, abs=1e-4)
    assert found.change.high == pytest.approx(1 + 2.48414, abs=1e-4)
    # var 4, var 3, cov 3: correlation 3 / sqrt(12), and 7 times the variance of the difference
    assert found.correlation == pytest.approx(3 / math.sqrt(12))
    assert found.variance_reduction == pytest.approx(7.0)
    # t = 1 / (1 / sqrt 3) = 1.732 with 2 degrees of freedom
    assert found.p == pytest.approx(2 * stats.t.sf(math.sqrt(3), 2))


def test_replications_without_a_value_in_either_are_left_out_of_both() -> None:
    found = paired(np.array([1.0, NAN, 3.0, 5.0]), np.array([2.0, 4.0, NAN, 7.0]))
    assert found.change.n == 2
    assert found.base.n == 2
    assert found.other.n == 2
    assert found.base.mean == 3
    assert found.other.mean == 4.5
    assert found.change.mean == 1.5


def test_the_same_in_both_is_no_difference_and_not_undefined() -> None:
    values = np.array([3.0, 5.0, 9.0])
    found = paired(values, values.copy())
    assert (found.change.mean, found.change.low, found.change.high) == (0, 0, 0)
    assert found.p == 1
    assert found.correlation == 1
    assert found.variance_reduction == math.inf


def test_a_constant_difference_is_certain() -> None:
    """A wage that rises changes pay by the same amount in each replication where nobody works overtime."""
    found = paired(np.full(5, 100.0), np.full(5, 110.0))
    assert (found.change.low, found.change.mean, found.change.high) == (10, 10, 10)
    assert found.p == 0
    assert math.isnan(found.correlation)
    assert math.isnan(found.variance_reduction)


def test_rounding_of_sums_is_no_difference() -> None:
    base = np.array([0.1 + 0.2, 1e9 / 3, 7.0])
    found = paired(base, np.array([0.3, 1e9 / 3 * (1 + 1e-15), 7.0]))
    assert found.change == (0, 0, 0, 3)
    assert found.p == 1


def test_one_replication_decides_nothing() -> None:
    found = paired(np.array([1.0]), np.array([2.0]))
    assert found.change.mean == 1
    assert math.isnan(found.change.low)
    assert math.isnan(found.p)


def test_nothing_in_common_has_no_difference() -> None:
    found = paired(np.array([1.0, NAN]), np.array([NAN, 2.0]))
    assert found.change.n == 0
    assert math.isnan(found.change.mean)


def test_agrees_with_scipy() -> None:
    rng = np.random.default_rng(3)
    base = rng.normal(50, 9, 40)
    other = 0.6 * base + rng.normal(21, 4, 40)
    found, expected = paired(base, other), stats.ttest_rel(other, base)
    interval = expected.confidence_interval(0.95)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert (found.change.low, found.change.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert found.correlation == pytest.approx(np.corrcoef(base, other)[0, 1], rel=1e-9)


def test_holm_by_hand() -> None:
    # sorted 0.01, 0.02, 0.03, 0.5: times 4, 3, 2, 1 = 0.04, 0.06, 0.06, 0.5; never falling
    assert holm(np.array([0.5, 0.02, NAN, 0.03, 0.01])) == pytest.approx([0.5, 0.06, NAN, 0.06, 0.04], nan_ok=True)


def test_holm_never_falls_below_its_step_nor_above_one() -> None:
    assert holm(np.array([0.4, 0.4, 0.9])) == pytest.approx([1.0, 1.0, 1.0])
    assert len(holm(np.zeros(0))) == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_single_tests_and_bonferroni(p: list[float]) -> None:
    raw = np.array(p)
    adjusted = holm(raw)
    assert (adjusted >= raw).all()
    assert (adjusted <= np.minimum(1, len(p) * raw) + 1e-15).all()
    assert (np.diff(adjusted[np.argsort(raw, kind="stable")]) >= 0).all()  # the order is that of the single tests


@given(st.integers(0, 2**32 - 1), st.floats(-0.95, 0.95))
def test_swapping_base_and_other_turns_the_sign_and_nothing_else(seed: int, rho: float) -> None:
    rng = np.random.default_rng(seed)
    base = rng.normal(size=9)
    other = rho * base + rng.normal(size=9)
    there, back = paired(base, other), paired(other, base)
    assert there.change.mean == pytest.approx(-back.change.mean)
    assert there.change.low == pytest.approx(-back.change.high)
    assert (there.p, there.correlation) == pytest.approx((back.p, back.correlation))
    assert there.variance_reduction == pytest.approx(back.variance_reduction)


def test_coverage_of_the_paired_interval() -> None:
    """95 of 100 intervals hold the true difference: 4000 of them, binomial within 4 standard errors."""
    rng = np.random.default_rng(11)
    held, times = 0, 4000
    for _ in range(times):
        base = rng.exponential(size=20)
        found = paired(base, base + 0.3 + rng.normal(0, 0.2, 20))
        held += found.change.low <= 0.3 <= found.change.high
    assert abs(held / times - 0.95) < 4 * math.sqrt(0.95 * 0.05 / times)
