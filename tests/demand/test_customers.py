"""Whose an issue is: a hash of the issue into the customers its segment has then."""

from __future__ import annotations

import numpy as np
import pytest
from demand_desk import issues, scenario, steady, times
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from test_fates import printed

from supportsim.demand import fates
from supportsim.demand.cells import customers_at
from supportsim.demand.points import bucket
from supportsim.scenario.model import Segment
from supportsim.scenario.ticks import DAY, MONTH

KEYS = fates.children(fates.entity("issues"), np.arange(40_000))


def buckets(count: int) -> np.ndarray:
    return np.array([bucket(key, count) for key in KEYS])


@given(st.integers(0, 2**64 - 1), st.integers(1, 10**6))
def test_one_more_customer_takes_over_or_nothing_changes(key: int, count: int) -> None:
    before, after = int(bucket(key, count)), int(bucket(key, count + 1))
    assert 0 <= before < count
    assert after in (before, count)


def by_the_paper(key: int, count: int) -> int:
    """Lamping and Veach's function in whole Python numbers."""
    found, following = -1, 0
    while following < count:
        found = following
        key = (key * 2862933555777941757 + 1) % 2**64
        following = int((found + 1) * (float(1 << 31) / float((key >> 33) + 1)))
    return found


@given(st.integers(0, 2**64 - 1), st.integers(1, 10**6))
def test_the_hash_is_the_published_one(key: int, count: int) -> None:
    assert bucket(key, count) == by_the_paper(key, count)


def test_the_hash_is_the_same_in_plain_python() -> None:
    assert printed(plain=True)["buckets"] == printed(plain=False)["buckets"]


@pytest.mark.parametrize("count", [1, 9, 100])
def test_growing_moves_one_share_of_the_issues(count: int) -> None:
    moved = np.mean(buckets(count) != buckets(count + 1))
    share = 1 / (count + 1)
    assert abs(moved - share) < 4.5 * np.sqrt(share * (1 - share) / len(KEYS))


@pytest.mark.parametrize("count", [2, 7, 100])
def test_customers_are_alike(count: int) -> None:
    assert stats.chisquare(np.bincount(buckets(count), minlength=count)).pvalue > 1e-6


def test_one_customer_has_every_issue() -> None:
    desk = scenario(steady("calls", 5.0, segment="one"), segments=(Segment("one", 1),))
    assert set(issues(desk)["customer"]) == {0}


def test_a_segment_without_a_number_is_anonymous() -> None:
    assert set(issues(scenario(steady("calls", 5.0)))["customer"]) == {-1}


def test_a_customer_is_another_one_in_another_replication() -> None:
    desk = scenario(steady("calls", 20.0, segment="all"), segments=(Segment("all", 1000),))
    first, second = issues(desk, 1, 0), issues(desk, 1, 1)
    _, left, right = np.intersect1d(first["key"], second["key"], return_indices=True)
    assert len(left) > 1000
    assert np.mean(first["customer"][left] == second["customer"][right]) < 0.01


def test_one_customer_more_changes_nobody_else() -> None:
    def desk(customers: int) -> np.ndarray:
        return issues(scenario(steady("calls", 100.0, segment="all"), segments=(Segment("all", customers),)))

    before, after = desk(40), desk(41)
    assert np.array_equal(before["key"], after["key"])
    moved = before["customer"] != after["customer"]
    assert set(after["customer"][moved]) == {40}
    assert abs(moved.mean() - 1 / 41) < 4.5 * np.sqrt(1 / 41 / len(moved))


def test_customers_join_evenly_and_are_those_stated_at_the_start() -> None:
    growing = Segment("all", 100, joins_per_month=30)
    ticks = np.array([0, MONTH // 30 - 1, MONTH // 30 + 1, MONTH + 1, -1, -MONTH])
    assert list(customers_at(growing, ticks, 0)) == [100, 100, 101, 130, 99, 70]
    assert list(customers_at(Segment("few", 3, joins_per_month=30), np.array([-MONTH]), 0)) == [0]
    assert list(customers_at(Segment("any", None), ticks, 0)) == [-1] * 6


def test_those_who_join_have_issues_only_afterwards() -> None:
    joins = 500 * MONTH / DAY  # 500 a day
    desk = scenario(
        steady("calls", 200.0, segment="all"),
        segments=(Segment("all", 500, joins_per_month=joins),),
        times=times(days=4),
    )
    rows = issues(desk)
    for day in range(4):
        of_day = rows[rows["asked"] // DAY == day]
        assert of_day["customer"].max() < 500 * (day + 2)
        assert of_day["customer"].max() > 500 * (day + 1) - 1
