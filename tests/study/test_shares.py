"""The share of an interval: by hand, beside the ratio of two means, and how often its interval holds the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from supportsim.scenario.load import load
from supportsim.study.pattern import kept_by_bin
from supportsim.study.ratio import ratio
from supportsim.study.run import run
from supportsim.study.shares import as_means, moments, ratios_of, shares

BANK = Path(__file__).resolve().parents[2] / "configs" / "bank" / "phones.yaml"


def test_three_replications_by_hand() -> None:
    """17 of 20, 19 of 20 and 15 of 23: 51 of 63; means 17 and 21, variances 4 and 3, covariance -3; f = 6.1710.

    s = 441 - 3 f = 422.487, the middle 357 + 3 f = 375.513, the rest 289 - 4 f = 264.316; a fourth without a case
    says nothing.
    """
    found = shares(np.array([17, 19, 15, 0]), np.array([20, 20, 23, 0]))
    f = 4.302652730**2 / 3
    square, middle, rest = 441 - 3 * f, 357 + 3 * f, 289 - 4 * f
    root = np.sqrt(middle**2 - square * rest)
    assert (found.mean, found.n) == (pytest.approx(51 / 63), 3)
    assert found.low == pytest.approx((middle - root) / square)
    assert found.high == 1.0  # cut: (middle + root) / square is 1.02
    assert (middle + root) / square > 1


def test_many_cells_are_each_the_ratio_of_two_means() -> None:
    rng = np.random.default_rng(3)
    judged = rng.poisson(9, (7, 40))
    kept = rng.binomial(judged, 0.6)
    mean, low, high = ratios_of(moments(kept, judged))
    for i in range(40):
        there = judged[:, i] > 0
        one = ratio(kept[there, i].astype(float), judged[there, i].astype(float))
        assert (mean[i], low[i], high[i]) == pytest.approx((one.mean, one.low, one.high), nan_ok=True)
        assert as_means(kept[:, i].astype(float), judged[:, i].astype(float)).mean() == pytest.approx(mean[i])


def test_a_ratio_that_never_varies_has_no_width_and_no_case_no_value() -> None:
    judged = np.array([[30, 3, 0, 8], [33, 9, 0, 0], [36, 21, 0, 0]])
    found = shares(np.array([[20, 3, 0, 1], [22, 9, 0, 0], [24, 21, 0, 0]]), judged)
    assert (found.low[0], found.high[0]) == (found.mean[0], found.mean[0])
    assert found.mean[0] == pytest.approx(2 / 3)
    assert np.isnan(found.low[1])  # 3, 9 and 21 cases cannot be told from none
    assert np.isnan(found.mean[2])
    assert (found.mean[3], found.n[3], bool(np.isnan(found.low[3]))) == (0.125, 1, True)


def test_ninety_five_of_a_hundred_intervals_hold_the_share() -> None:
    """Busy replications keep less: the share is that of all cases, 0.76, not 0.8, the mean of the replications'.

    Ten replications of two kinds are skewed: 93 % of the intervals hold it.
    """
    rng = np.random.default_rng(5)
    busy = rng.random((10, 20_000)) < 0.4
    judged = rng.poisson(np.where(busy, 30, 14))
    kept = rng.binomial(judged, np.where(busy, 0.65, 0.9))
    found, truth = shares(kept, judged), (0.4 * 30 * 0.65 + 0.6 * 14 * 0.9) / (0.4 * 30 + 0.6 * 14)
    inside = ((found.low <= truth) & (truth <= found.high)).mean()
    assert 0.92 < inside < 0.96


def test_table_and_figure_tell_one_share() -> None:
    """A bin of one date is an interval of the table: the same share, and the same ends."""
    result = run(load(BANK), replications=3, seed=1)
    promise = result.scenario.promises[0]
    table = result.intervals[result.intervals["promise"] == promise.name]
    row = table[table["channel"] == table["channel"].iloc[0]]
    drawn = kept_by_bin(result.yardstick.grid, result.kept[:, 0], result.judged[:, 0], promise.share, at_least=0)
    at = drawn.cut.place
    assert drawn.cut.length == result.yardstick.grid.interval_length
    assert np.isfinite(drawn.low).sum() > 100
    for ours, column in ((drawn.mean, "kept_share"), (drawn.low, "kept_ci_low"), (drawn.high, "kept_ci_high")):
        np.testing.assert_allclose(ours[at[at >= 0]], row[column].to_numpy()[at >= 0], rtol=1e-12)
