"""Laws as stated: their resolved numbers, their means, and how they read."""

from __future__ import annotations

import math

import pytest

from supportsim.scenario.laws import describe, mean, quantile, span
from supportsim.scenario.load import load_text
from supportsim.scenario.model import NEVER_LAW, Law
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND

Z95 = 1.6448536269514722


def law(text: str) -> Law:
    scenario = load_text(
        "start: 2026-03-02\nlength: 1 day\n"
        f"channels: {{phone: {{kind: live, handle_time: {text}}}}}\n"
        "demand: {calls: {rate: 1/h}}\nteams: {desk: {serves: phone, agents: 1}}\n"
    )
    return scenario.queues[0].work.law


M = float(MINUTE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90 s", Law("constant", (90.0 * SECOND,))),
        ("{uniform: {low: 1 min, high: 3 min}}", Law("uniform", (M, 3 * M))),
        ("{triangular: {low: 1 min, mode: 2 min, high: 4 min}}", Law("triangular", (M, 2 * M, 4 * M))),
        ("{exponential: {mean: 5 min}}", Law("exponential", (5 * M,))),
        ("{lognormal: {mean: 5 min, cv: 0.9}}", Law("lognormal", (5 * M, 0.9))),
        ("{weibull: {mean: 8 min, shape: 0.9}}", Law("weibull", (8 * M, 0.9))),
        ("{gamma: {mean: 8 min, shape: 2}}", Law("gamma", (8 * M, 2.0))),
        ("{gamma: {mean: 8 min, cv: 0.5}}", Law("gamma", (8 * M, 4.0))),
        ("{erlang: {mean: 6 min, stages: 3}}", Law("erlang", (6 * M, 3.0))),
        (
            "{empirical: {values: [4 min, 1 min, 2 min]}}",
            Law("empirical", (M, 2 * M, 4 * M), (0.0, 0.5, 1.0)),
        ),
        (
            "{mixture: {parts: [{share: 30%, law: 1 min}, {share: 70%, law: {exponential: {mean: 3 min}}}]}}",
            Law("mixture", (), (0.3, 0.7), (Law("constant", (M,)), Law("exponential", (3 * M,)))),
        ),
        (
            "{exponential: {mean: 5 min}, at_zero: 10%, at_least: 5 s, at_most: 1 h}",
            Law("exponential", (5 * M,), at_zero=0.1, at_least=5.0 * SECOND, at_most=float(HOUR)),
        ),
    ],
)
def test_a_law_is_resolved(text: str, expected: Law) -> None:
    assert law(text) == expected


SIGMA = 0.7
MEAN, MEDIAN, P95 = 600.0, 600.0 * math.exp(-(SIGMA**2) / 2), 600.0 * math.exp(-(SIGMA**2) / 2 + Z95 * SIGMA)
CV = math.sqrt(math.expm1(SIGMA**2))


@pytest.mark.parametrize(
    "text",
    [
        f"mean: {MEAN} s, cv: {CV}",
        f"mean: {MEAN} s, median: {MEDIAN} s",
        f"mean: {MEAN} s, p95: {P95} s",
        f"median: {MEDIAN} s, cv: {CV}",
        f"median: {MEDIAN} s, p95: {P95} s",
        f"p95: {P95} s, cv: {CV}",
    ],
)
def test_any_two_numbers_give_the_same_lognormal(text: str) -> None:
    found = law(f"{{lognormal: {{{text}}}}}")
    assert found.values == pytest.approx((MEAN * SECOND, CV), rel=1e-7)  # the texts are whole ticks


def test_means_are_those_of_the_laws() -> None:
    assert mean(law("{uniform: {low: 1 min, high: 3 min}}")) == 2 * M
    assert mean(law("{triangular: {low: 1 min, mode: 2 min, high: 6 min}}")) == pytest.approx(3 * M)
    assert mean(law("{weibull: {mean: 8 min, shape: 0.9}, at_zero: 25%}")) == 6 * M
    assert mean(law("{empirical: {values: [1 min, 2 min, 5 min]}}")) == pytest.approx(2.5 * M)
    assert mean(Law("empirical", (0.0, 60.0), (0.1, 0.6), tail_mean=100.0)) == pytest.approx(15.0 + 64.0)
    assert mean(law("{mixture: {parts: [{share: 25%, law: 4 min}, {share: 75%, law: 8 min}]}}")) == 7 * M
    assert mean(Law("exponential", (M,), factor=2.0)) == 2 * M
    assert mean(law("{exponential: {mean: 5 min}, at_most: 3 min}")) <= 3 * M
    assert mean(NEVER_LAW) == math.inf


def test_plain_quantiles_invert_the_distribution() -> None:
    exponential = law("{exponential: {mean: 5 min}, at_zero: 20%}")
    assert quantile(exponential, 0.1) == 0.0
    assert quantile(exponential, 0.6) == pytest.approx(5 * M * math.log(2))
    weibull = law("{weibull: {mean: 8 min, shape: 2}}")
    scale = 8 * M / math.gamma(1.5)
    assert 1 - math.exp(-((quantile(weibull, 0.3) / scale) ** 2)) == pytest.approx(0.3)
    assert quantile(law("{uniform: {low: 1 min, high: 3 min}}"), 0.25) == 1.5 * M
    assert quantile(law("90 s"), 0.5) == 90 * SECOND
    with pytest.raises(ValueError, match="gamma"):
        quantile(law("{gamma: {mean: 8 min, shape: 2}}"), 0.5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{lognormal: {mean: 6.5 min, cv: 0.9}}", "lognormal, mean 6.5 min, cv 0.9"),
        ("{weibull: {mean: 8 min, shape: 0.9}, at_zero: 5%}", "weibull, mean 8 min, shape 0.9; 5% at once"),
        ("{uniform: {low: 1 min, high: 2 h}}", "uniform, 1 min to 2 h"),
        ("{erlang: {mean: 2 days, stages: 3}, at_least: 1 h}", "erlang, mean 2 days, 3 stages; at least 1 h"),
        ("{empirical: {values: [1 s, 3 s]}}", "empirical, 2 knots, mean 2 s"),
        (
            "{mixture: {parts: [{share: 30%, law: 1 min}, {share: 70%, law: {exponential: {mean: 3 min}}}]}}",
            "mixture of 30% (1 min) and 70% (exponential, mean 3 min)",
        ),
    ],
)
def test_a_law_reads_aloud(text: str, words: str) -> None:
    assert describe(law(text)) == words


def test_a_factor_is_in_the_words() -> None:
    assert describe(Law("exponential", (M,), factor=2.0)) == "exponential, mean 2 min"
    forecast = Law("lognormal", (1.0, 0.9), factor=1.5, from_forecast=True)
    assert describe(forecast) == "lognormal, mean from forecast, cv 0.9; x 1.5"
    assert describe(NEVER_LAW) == "never"


@pytest.mark.parametrize(
    ("ticks", "words"),
    [(0, "0 s"), (1, "1 us"), (1500, "1.5 ms"), (90 * SECOND, "1.5 min"), (DAY, "1 day"), (10 * DAY, "1.429 weeks")],
)
def test_durations_read_aloud(ticks: int, words: str) -> None:
    assert span(ticks) == words
