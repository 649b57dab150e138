"""Busyness has the stated spread and correlation, and belongs to dates and streams."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from demand_desk import demand, scenario, steady, times
from scipy import stats

from supportsim.demand import fates
from supportsim.demand.busyness import gamma_factors, parts
from supportsim.scenario.model import Busyness, Stream
from supportsim.scenario.ticks import DAY, HOUR

YEARS = 12


def factors(busyness: Busyness, *streams: Stream, days: int = 364, replications: int = YEARS) -> Any:
    """Factor of every (replication, stream, day, hour of the day)."""
    names = streams or (steady("a", 1.0), steady("b", 1.0))
    prepared = demand(scenario(*names, busyness=busyness, times=times(days=days)))
    drawn = [prepared.expected(fates.world(3, r)) for r in range(replications)]
    return np.array(drawn).reshape(replications, len(names), days, 24)


def cv(sample: np.ndarray) -> float:
    return float(np.std(sample) / np.mean(sample))


def close(found: float, stated: float, count: int, relative: float = 1.0) -> bool:
    """Within 4.5 standard errors of a coefficient of variation of `count` near-normal factors."""
    return abs(found - stated) < 4.5 * relative * stated / np.sqrt(2 * count)


@pytest.mark.parametrize("value", [0.08, 0.3])
@pytest.mark.parametrize("shared", [0.0, 0.6, 1.0])
def test_days_have_the_stated_spread_and_correlation(value: float, shared: float) -> None:
    daily = factors(Busyness(value, shared))[:, :, :, 0]
    count = YEARS * 364
    first, second = daily[:, 0].ravel(), daily[:, 1].ravel()
    for sample in (first, second):
        assert abs(sample.mean() - 1) < 4.5 * value / np.sqrt(count)
        assert close(cv(sample), value, count, 1.3)
    correlation = np.corrcoef(first, second)[0, 1]
    assert abs(correlation - shared) < 4.5 * (1 - shared**2) / np.sqrt(count) * 1.3 + 1e-9


def test_a_day_is_equally_busy_at_every_hour() -> None:
    by_hour = factors(Busyness(0.2, 0.5), days=7, replications=2)
    assert np.all(by_hour == by_hour[..., :1])


def test_intervals_have_a_spread_of_their_own() -> None:
    by_hour = factors(Busyness(0.0, 0.0, "day", 0.15))
    first, second = by_hour[:, 0].ravel(), by_hour[:, 1].ravel()
    assert close(cv(first), 0.15, len(first), 1.2)
    assert abs(np.corrcoef(first, second)[0, 1]) < 4.5 / np.sqrt(len(first))
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 4.5 / np.sqrt(len(first))


def test_days_and_intervals_multiply() -> None:
    together = factors(Busyness(0.2, 0.5, "day", 0.1), days=28, replications=2)
    days = factors(Busyness(0.2, 0.5), days=28, replications=2)
    hours = factors(Busyness(0.0, 0.0, "day", 0.1), days=28, replications=2)
    assert together == pytest.approx(days * hours, rel=1e-12)


def test_a_week_is_equally_busy_from_monday_to_sunday() -> None:
    weekly = factors(Busyness(0.2, 0.5, "week"), days=28, replications=30)[..., 0]
    weeks = weekly.reshape(30, 2, 4, 7)
    assert np.all(weeks == weeks[..., :1])
    assert len(np.unique(weeks[..., 0])) == 30 * 2 * 4


def test_a_replication_is_equally_busy_throughout() -> None:
    runs = factors(Busyness(0.2, 0.5, "replication"), days=3, replications=400)
    assert np.all(runs == runs[:, :, :1, :1])
    assert close(cv(runs[:, 0, 0, 0]), 0.2, 400, 1.3)


def test_the_parts_multiply_to_the_whole() -> None:
    together, alone = parts(Busyness(0.3, 0.4))
    assert together**2 == pytest.approx(0.4 * 0.09)
    assert (1 + together**2) * (1 + alone**2) == pytest.approx(1.09)
    assert parts(Busyness(0.3, 0.0))[0] == 0
    assert parts(Busyness(0.3, 1.0))[1] == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize("value", [0.01, 0.08, 0.5, 1.0, 2.0])
def test_factors_are_gamma_of_mean_one(value: float) -> None:
    u = fates.uniforms(9, np.arange(20_000), 0, 14)
    truth = stats.gamma(1 / value**2, scale=value**2)
    assert stats.kstest(gamma_factors(value, u), truth.cdf).pvalue > 1e-4
    assert truth.mean() == pytest.approx(1)


def test_some_streams_are_as_stated_whatever_the_day() -> None:
    exact = steady("exact", 2.0, busy=False)
    drawn = factors(Busyness(0.2, 0.5), steady("a", 2.0), exact, days=7, replications=2)
    assert np.all(drawn[:, 1] == 2.0)
    assert not np.any(drawn[:, 0] == 2.0)


def test_another_stream_or_an_earlier_start_leaves_the_factors_of_a_date() -> None:
    busy = Busyness(0.2, 0.5, "day", 0.1)
    world = fates.world(1, 0)
    long = demand(scenario(steady("b", 1.0), busyness=busy, times=times(date(2026, 3, 2), 14)))
    short = demand(scenario(steady("c", 5.0), steady("b", 1.0), steady("a", 1.0), busyness=busy, times=times(days=7)))
    of_b = short.expected(world)[short.cells["stream"] == 1]
    assert np.array_equal(long.expected(world)[-7 * 24 :], of_b)


def test_counts_are_overdispersed_as_a_gamma_mixture_of_poissons() -> None:
    """Daily counts of mean L and factor of cv c: variance L + (c L)^2."""
    prepared = demand(scenario(steady("a", 5.0), busyness=Busyness(0.2, 0.0), times=times(days=364)))
    counts = np.concatenate([np.bincount(prepared.draw(2, r)["asked"] // DAY, minlength=364) for r in range(YEARS)])
    mean, variance = 120.0, 120.0 + (0.2 * 120.0) ** 2
    assert abs(counts.mean() - mean) < 4.5 * np.sqrt(variance / len(counts))
    squares = (counts - mean) ** 2
    assert abs(squares.mean() - variance) < 4.5 * squares.std() / np.sqrt(len(counts))


def test_streams_of_a_day_are_correlated_as_factors_and_chance_say() -> None:
    """Correlation of counts: shared c^2 / (c^2 + 1 / L)."""
    streams = (steady("a", 5.0), steady("b", 5.0))
    prepared = demand(scenario(*streams, busyness=Busyness(0.3, 0.6), times=times(days=364)))
    counts = []
    for r in range(YEARS):
        rows = prepared.draw(4, r)
        counts.append([np.bincount(rows["asked"][rows["stream"] == s] // DAY, minlength=364) for s in (0, 1)])
    first, second = np.concatenate(counts, axis=1)
    stated = 0.6 * 0.09 / (0.09 + 1 / 120)
    assert abs(np.corrcoef(first, second)[0, 1] - stated) < 4.5 * 1.3 * (1 - stated**2) / np.sqrt(len(first))


def test_busyness_of_nobody_is_nothing() -> None:
    assert len(demand(scenario(busyness=Busyness(0.2, 0.5, "day", 0.1))).draw(1, 0)) == 0
    assert factors(Busyness(), days=2, replications=1).shape == (1, 2, 2, DAY // HOUR)
