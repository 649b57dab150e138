"""Every law against scipy, its limits and mixtures against their definition."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_examples import CONTINUOUS, CURVE, EXAMPLES, MIXTURE, NESTED, M
from scipy import special, stats
from test_fates import printed

from supportsim.demand import fates, laws
from supportsim.demand.gamma_table import gamma_knots, log_quantile
from supportsim.demand.mixtures import flatten
from supportsim.demand.normal import normal_score
from supportsim.scenario.model import NEVER_LAW, Law
from supportsim.scenario.ticks import HORIZON_LIMIT, MINUTE, NEVER, SECOND, WORK_LIMIT

COUNT = 1_000_000
UNIFORMS = fates.uniforms(fates.world(20, 0), np.arange(COUNT), 0, fates.WORK)
GRID = (np.arange(1000) + 0.5) / 1000
TAILS = np.concatenate([2.0 ** -np.arange(1, 54), 1 - 2.0 ** -np.arange(1, 54)])


def one(law: Law) -> tuple[Any, Any]:
    return laws.tabulate([law])


def value(law: Law, u: float, aht: float = 0.0) -> float:
    return float(laws.value(*one(law), 0, u, aht))


def values(law: Law, grid: np.ndarray) -> np.ndarray:
    table, knots = one(law)
    return np.array([laws.value(table, knots, 0, u, 0.0) for u in grid])


def draw(law: Law, u: float, aht: float = 0.0) -> int:
    return int(laws.draw(*one(law), 0, u, aht))


def agrees_with(sample: np.ndarray, mean: float, variance: float) -> None:
    """Mean and variance of the sample lie within 4.5 standard errors."""
    assert abs(sample.mean() - mean) < 4.5 * math.sqrt(variance / len(sample))
    squares = (sample - mean) ** 2
    assert abs(squares.mean() - variance) < 4.5 * squares.std() / math.sqrt(len(sample))


# Against scipy


@pytest.mark.parametrize("name", CONTINUOUS)
def test_a_million_draws_have_the_stated_distribution(name: str) -> None:
    law, truth = CONTINUOUS[name]
    sample = laws.draws(*one(law), 0, UNIFORMS).astype(float)
    agrees_with(sample, truth.mean(), truth.var())
    assert stats.kstest(sample[:200_000], truth.cdf).pvalue > 1e-4
    low, high = truth.support()
    assert sample.min() >= low - 1
    assert sample.max() <= high + 1


@pytest.mark.parametrize("name", CONTINUOUS)
def test_quantiles_agree_with_scipy(name: str) -> None:
    law, truth = CONTINUOUS[name]
    assert values(law, GRID) == pytest.approx(truth.ppf(GRID), rel=1e-10)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_longer_for_larger_uniforms_up_to_the_last_one(name: str) -> None:
    drawn = values(CONTINUOUS[name][0], np.sort(np.concatenate([TAILS, GRID])))
    assert np.all(np.diff(drawn) >= 0)
    assert np.all(np.isfinite(drawn))


def test_the_normal_score_is_exact_in_both_tails() -> None:
    grid = np.concatenate([TAILS, GRID, fates.uniforms(3, np.arange(2000), 0, 1)])
    grid = grid[grid != 0.5]
    scores = np.array([normal_score(u) for u in grid])
    assert scores == pytest.approx(special.ndtri(grid), rel=2e-15)
    assert normal_score(0.5) == 0.0


@pytest.mark.parametrize("shape", [0.001, 0.01, 0.1, 0.35, 0.5, 1, 1.5, 2, 3, 7.7, 25, 156.25, 1e3, 1e5, 5e5])
def test_gamma_tables_agree_with_scipy_in_both_tails(shape: float) -> None:
    table, knots = one(Law("gamma", (1.0, shape)))
    grid = np.concatenate([TAILS, GRID])
    exact = np.where(grid < 0.5, special.gammaincinv(shape, grid), special.gammainccinv(shape, 1 - grid))
    drawn = np.array([laws.value(table, knots, 0, u, 0.0) for u in grid]) * shape
    seen = exact > 1e-290  # smaller ones are no durations
    assert drawn[seen] == pytest.approx(exact[seen], rel=1e-9)
    assert np.abs(drawn[seen] / exact[seen] - 1).max() < 2e-10
    assert np.all(drawn[~seen] < 1e-280)


def test_large_shapes_join_where_scipy_is_left() -> None:
    scores = np.linspace(-8.2, 8.2, 83)
    below, above = log_quantile(99_999.999, scores), log_quantile(100_000.001, scores)
    assert below == pytest.approx(above, abs=1e-9)
    assert np.exp(log_quantile(1e8, np.array([-1.0, 0.0, 1.0]))) == pytest.approx([0.9999, 1, 1.0001], abs=1e-8)


def test_an_erlang_is_the_gamma_of_its_stages() -> None:
    assert values(Law("erlang", (M, 4)), GRID) == pytest.approx(values(Law("gamma", (M, 4.0)), GRID), rel=1e-15)
    assert values(Law("erlang", (M, 1)), GRID) == pytest.approx(values(Law("exponential", (M,)), GRID), rel=1e-9)


@pytest.mark.parametrize("shape", [0.0, -1.0, math.inf, math.nan])
def test_a_gamma_needs_a_positive_shape(shape: float) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        gamma_knots(shape)


# Known answers


def test_known_answers_of_the_laws() -> None:
    known = json.loads((Path(__file__).parent / "known_draws.json").read_text())
    assert known["fates_version"] == fates.VERSION
    for name, law in EXAMPLES.items():
        found = laws.draws(*one(law), 0, UNIFORMS[:20], 3e8)
        assert np.abs(found - np.array(known["draws"][name])).max() <= 1, name
    assert set(known["draws"]) == set(EXAMPLES)


def test_machine_code_and_plain_python_agree_to_the_tick() -> None:
    plain, machine = printed(plain=True)["laws"], printed(plain=False)["laws"]
    for name in EXAMPLES:
        assert np.abs(np.array(plain[name]) - np.array(machine[name])).max() <= 1, name


# Ticks


@pytest.mark.parametrize(
    ("duration", "ticks"),
    [(0.5, 0), (1.5, 2), (2.5, 2), (2.500001, 3), (-3.0, 0), (0.0, 0), (7.49, 7), (3e15 + 0.5, 3 * 10**15)],
)
def test_durations_are_rounded_half_to_even_and_never_below_nothing(duration: float, ticks: int) -> None:
    assert draw(Law("constant", (duration,), at_least=-math.inf), 0.3) == ticks


@given(st.floats(0, 3e15))
def test_rounding_is_that_of_python(duration: float) -> None:
    assert laws.whole_ticks(duration) == round(duration)


def test_beyond_a_hundred_years_is_never() -> None:
    assert draw(Law("constant", (float(HORIZON_LIMIT),)), 0.5) == HORIZON_LIMIT
    assert draw(Law("constant", (HORIZON_LIMIT + 1.0,)), 0.5) == NEVER
    assert draw(NEVER_LAW, 0.5) == NEVER
    assert draw(replace(NEVER_LAW, factor=0.0), 0.5) == NEVER


def test_one_piece_of_work_is_at_most_a_hundred_days() -> None:
    table, knots = laws.tabulate([NEVER_LAW, Law("constant", (7.0,))])
    assert laws.work(table, knots, 0, 0.5, 0.0) == WORK_LIMIT
    assert laws.work(table, knots, 1, 0.5, 0.0) == 7


# Beside the law: share at zero, factor, limits, forecast


def test_a_share_at_zero_leaves_the_rest_of_the_law_as_it_is() -> None:
    law = Law("exponential", (4 * M,), at_zero=0.25)
    assert value(law, 0.2499) == 0
    rest = (GRID[GRID > 0.25] - 0.25) / 0.75
    assert values(law, GRID[GRID > 0.25]) == pytest.approx(stats.expon(scale=4 * M).ppf(rest), rel=1e-10)
    assert math.isfinite(value(law, 0.25))
    assert math.isfinite(value(replace(law, at_zero=1 - 2**-53), 1 - 2**-53))


def test_limits_raise_and_cut_but_leave_the_share_at_zero() -> None:
    law = EXAMPLES["with limits"]
    drawn = values(law, GRID)
    free = values(replace(law, at_least=0.0, at_most=None), GRID)
    assert drawn[GRID < 0.2].max() == 0
    later = GRID >= 0.2
    assert drawn[later] == pytest.approx(np.clip(free[later], M, 9 * M))
    assert (drawn[later] == M).any()
    assert (drawn[later] == 9 * M).any()
    plain = values(Law("exponential", (4 * M,), at_zero=0.2), GRID)
    assert free == pytest.approx(1.5 * plain, rel=1e-12)


def test_a_law_from_the_forecast_is_multiplied_before_its_limits() -> None:
    law = Law("lognormal", (1.0, 0.8), from_forecast=True, factor=2.0, at_most=10.0 * M)
    plain = Law("lognormal", (6 * M, 0.8), at_most=10.0 * M)
    table, knots = one(law)
    for u in GRID[::50]:
        assert laws.value(table, knots, 0, u, 3 * M) == pytest.approx(value(plain, u), rel=1e-12)
    assert value(plain, 0.5, aht=99.0) == value(plain, 0.5)


def test_never_can_be_cut() -> None:
    assert draw(replace(NEVER_LAW, at_most=60.0 * SECOND), 0.5) == MINUTE


# Empirical


def test_an_empirical_law_is_linear_between_its_knots_and_exponential_behind_them() -> None:
    assert value(CURVE, 0.25) == pytest.approx(M / 2)
    assert value(CURVE, 0.5) == pytest.approx(M)
    assert value(CURVE, 0.5000001) == pytest.approx(2 * M, rel=1e-5)  # nothing lies between 1 and 2 minutes
    assert value(CURVE, 0.7) == pytest.approx(6 * M)
    assert value(CURVE, 0.9) == pytest.approx(10 * M)
    assert value(CURVE, 0.95) == pytest.approx(10 * M + 6 * M * math.log(2))
    sample = laws.draws(*one(CURVE), 0, UNIFORMS).astype(float)
    segments = [(0.5, M / 2, M**2 / 12), (0.4, 6 * M, 64 * M**2 / 12), (0.1, 16 * M, 36 * M**2)]
    mean = sum(share * middle for share, middle, _ in segments)
    agrees_with(sample, mean, sum(share * (spread + (middle - mean) ** 2) for share, middle, spread in segments))


def test_an_empirical_law_begins_with_an_atom_where_its_first_share_is_above_zero() -> None:
    law = Law("empirical", (M, 3 * M), shares=(0.2, 1.0))
    assert value(law, 0.1) == M
    assert value(law, 0.2) == M
    assert value(law, 0.6) == pytest.approx(2 * M)
    assert value(law, 1 - 2**-53) == pytest.approx(3 * M)


def test_one_knot_without_a_tail_is_a_constant() -> None:
    assert values(Law("empirical", (M,), shares=(0.4,)), GRID) == pytest.approx(np.full(1000, M))


@pytest.mark.parametrize(
    ("knots", "shares"), [((1.0, 2.0), (0.5,)), ((), ()), ((2.0, 1.0), (0.1, 0.9)), ((1.0, 2.0), (0.9, 0.1))]
)
def test_curves_that_are_none_are_refused(knots: tuple[float, ...], shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="empirical law"):
        one(Law("empirical", knots, shares=shares))


@pytest.mark.parametrize("values_", [(0.0, 0.0), (M, M)])
def test_a_triangle_without_width_is_a_constant(values_: tuple[float, float]) -> None:
    low, high = values_
    assert values(Law("triangular", (low, low, high)), GRID) == pytest.approx(np.full(1000, low))


def test_nothing_takes_no_time() -> None:
    assert draw(Law("lognormal", (0.0, 1.0)), 0.9) == 0
    assert draw(Law("exponential", (0.0,)), 0.9) == 0


# Mixtures


def test_one_uniform_selects_the_part_and_is_rescaled_inside() -> None:
    first, second = MIXTURE.parts
    assert value(MIXTURE, 0.15) == pytest.approx(value(first, 0.5), rel=1e-12)
    assert value(MIXTURE, 0.3 + 0.7 * 0.9) == pytest.approx(value(second, 0.9), rel=1e-12)
    sample = laws.draws(*one(MIXTURE), 0, UNIFORMS).astype(float)
    parts = (stats.expon(scale=2 * M), CONTINUOUS["lognormal"][1])
    spread = math.sqrt(math.log1p(0.25))
    parts = (parts[0], stats.lognorm(spread, scale=9 * M / math.sqrt(1.25)))
    mean = 0.3 * parts[0].mean() + 0.7 * parts[1].mean()
    square = 0.3 * (parts[0].var() + parts[0].mean() ** 2) + 0.7 * (parts[1].var() + parts[1].mean() ** 2)
    agrees_with(sample, mean, square - mean**2)
    found = stats.kstest(sample[:200_000], lambda x: 0.3 * parts[0].cdf(x) + 0.7 * parts[1].cdf(x))
    assert found.pvalue > 1e-4


def test_a_mixture_inside_a_mixture_keeps_its_factor() -> None:
    assert value(NESTED, 0.1) == M
    inner = (0.25, 0.75 * 0.3 + 0.25)
    u = (inner[0] + inner[1]) / 2
    assert value(NESTED, u) == pytest.approx(2 * value(MIXTURE.parts[0], 0.5), rel=1e-12)


def by_definition(law: Law, u: float) -> float:
    """The quantile by the words of the model, recursion and all."""
    if u < law.at_zero:
        return 0.0
    u = (u - law.at_zero) / (1 - law.at_zero)
    if law.kind == "constant":
        drawn = law.values[0]
    elif law.kind == "uniform":
        drawn = law.values[0] + u * (law.values[1] - law.values[0])
    else:
        reached = 0.0
        for share, part in zip(law.shares, law.parts, strict=True):
            if u < reached + share or part is law.parts[-1]:
                drawn = by_definition(part, min((u - reached) / share, 1.0))
                break
            reached += share
    drawn *= law.factor
    return min(max(drawn, law.at_least), math.inf if law.at_most is None else law.at_most)


SIMPLE = st.one_of(
    st.builds(lambda a: Law("constant", (a,)), st.integers(0, 100).map(float)),
    st.builds(lambda a, b: Law("uniform", (a, a + b)), st.integers(0, 50).map(float), st.integers(1, 50).map(float)),
)


def dressed(bare: Any) -> Any:
    return st.builds(
        lambda law, zero, factor, least, most: replace(
            law, at_zero=zero, factor=factor, at_least=least, at_most=None if most is None else least + most
        ),
        bare,
        st.sampled_from([0.0, 0.25]),
        st.sampled_from([0.0, 0.5, 1.0, 3.0]),
        st.sampled_from([0.0, 20.0]),
        st.sampled_from([None, 0.0, 30.0]),
    )


def mixed(part: Any) -> Any:
    return st.lists(part, min_size=1, max_size=3).map(
        lambda parts: Law("mixture", shares=(1 / len(parts),) * len(parts), parts=tuple(parts))
    )


@given(mixed(st.recursive(dressed(SIMPLE), lambda inner: dressed(mixed(inner)), max_leaves=6)))
def test_flattened_mixtures_have_the_distribution_of_nested_ones(law: Law) -> None:
    """Flattening may reorder what lies at zero, so sorted values are compared, not one u with the same u."""
    grid = (np.arange(576) + 0.5) / 576
    flat = np.sort(values(law, grid))
    nested = np.sort([by_definition(law, u) for u in grid])
    assert all(part.kind != "mixture" for _, part in flatten(law))
    assert math.fsum(share for share, _ in flatten(law)) == pytest.approx(1)
    assert np.quantile(flat, GRID[::20]) == pytest.approx(np.quantile(nested, GRID[::20]), abs=8)
    assert flat.mean() == pytest.approx(nested.mean(), abs=1.5)


def test_mixtures_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="as many shares as parts"):
        flatten(Law("mixture", shares=(1.0,)))
    with pytest.raises(ValueError, match="add up to 1"):
        flatten(Law("mixture", shares=(0.0,), parts=(Law("constant", (1.0,)),)))
    inner = Law("mixture", shares=(1.0,), parts=(Law("constant", (1.0,), at_least=5.0),), from_forecast=True)
    with pytest.raises(ValueError, match="from the forecast"):
        one(Law("mixture", shares=(1.0,), parts=(inner,)))


# Tables


def test_rows_stand_in_the_order_of_the_laws_and_share_what_is_equal() -> None:
    gamma = Law("gamma", (M, 2.0))
    table, knots = laws.tabulate([gamma, Law("constant", (1.0,)), replace(gamma, values=(2 * M, 2.0)), gamma])
    assert list(table["kind"]) == [laws.GAMMA, laws.CONSTANT, laws.GAMMA, laws.GAMMA]
    assert len(knots) == len(gamma_knots(2.0)) + 1
    assert laws.draw(table, knots, 2, 0.4, 0.0) == pytest.approx(2 * laws.draw(table, knots, 0, 0.4, 0.0), abs=2)
    assert table[0] == table[3]
    kept, places = laws.distinct([gamma, NEVER_LAW, gamma])
    assert kept == [gamma, NEVER_LAW]
    assert list(places) == [0, 1, 0]


def test_equal_mixtures_share_their_parts() -> None:
    table, _ = laws.tabulate([MIXTURE, MIXTURE])
    assert len(table) == 4


def test_no_laws_make_an_empty_table() -> None:
    table, knots = laws.tabulate([])
    assert len(table) == 0
    assert knots.dtype == np.float64


def test_draws_takes_a_law_and_a_forecast_per_uniform() -> None:
    table, knots = laws.tabulate([Law("constant", (5.0,)), Law("constant", (1.0,), from_forecast=True)])
    assert list(laws.draws(table, knots, [0, 1, 1], [0.1, 0.2, 0.3], [7.0, 7.0, 9.0])) == [5, 7, 9]
    assert list(laws.draws(table, knots, 0, 0.5)) == [5]


def test_a_bare_law_is_drawn_as_if_it_were_not() -> None:
    """What nothing but a factor alters takes a shorter way to the same tick."""
    laws_of = [law for law in EXAMPLES.values() if law.kind in ("constant", "exponential", "lognormal")]
    table, knots = laws.tabulate([*laws_of, *(replace(law, factor=1.7) for law in laws_of)])
    is_bare = [not (law.from_forecast or law.at_zero or law.at_least or law.at_most) for law in laws_of] * 2
    assert table["bare"][: len(is_bare)].tolist() == [int(each) for each in is_bare]
    assert any(is_bare)
    otherwise = table.copy()
    otherwise["bare"] = 0
    for i in range(len(is_bare)):
        both = [laws.draws(each, knots, i, TAILS, 250.0) for each in (table, otherwise)]
        np.testing.assert_array_equal(*both)
