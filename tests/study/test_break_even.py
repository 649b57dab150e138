"""Where a difference changes its sign along numbers, by hand, and through a study of prices."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from study.study_texts import written
from supportsim.study.break_even import Crossing, crossings, lines, table
from supportsim.study.estimate import Estimate
from supportsim.study.levels import number_of
from supportsim.study.study import Study

RISING = (Estimate(-4.0, -6.0, -2.0, 9), Estimate(-1.0, -3.0, 1.0, 9), Estimate(3.0, 1.0, 5.0, 9))


def test_between_two_levels_everything_is_straight() -> None:
    # mean: 2 + 2 x 1/4; high end from -2 to 1: 0 + 2 x 2/3; low end from -3 to 1: 2 + 2 x 3/4
    assert crossings((0, 2, 4), RISING) == [Crossing(2.5, pytest.approx(4 / 3), 3.5, True)]


def test_falling_is_the_mirror_of_rising() -> None:
    falling = tuple(Estimate(-each.mean, -each.high, -each.low, each.n) for each in RISING)
    assert crossings((0, 2, 4), falling) == [Crossing(2.5, pytest.approx(4 / 3), 3.5, False)]


def test_an_end_that_never_leaves_0_is_open() -> None:
    wide = (Estimate(-1.0, -2.0, 1.0, 9), Estimate(1.0, -1.0, 2.0, 9))
    (found,) = crossings((0, 2), wide)
    assert found.at == 1.0
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_who_pays_everywhere_breaks_even_nowhere() -> None:
    assert crossings((0, 2), RISING[:2]) == []
    assert crossings((4,), RISING[2:]) == []


def test_up_and_down_again_breaks_even_twice() -> None:
    there_and_back = (*RISING, Estimate(-3.0, -4.0, -2.0, 9))
    assert [each.at for each in crossings((0, 2, 4, 8), there_and_back)] == [2.5, 6.0]


@pytest.mark.parametrize(
    ("means", "found"),
    [
        ((-1, 0, -1), []),
        ((-1, 0, 0), []),
        ((0, 0, 1), []),
        ((-1, 0, 1), [(1, True)]),
        ((1, 0, 0, -2), [(1, False)]),
        ((-1, 0, -1, 1), [(2.5, True)]),
    ],
)
def test_who_only_touches_0_does_not_cross_it(means: tuple[int, ...], found: list[tuple[float, bool]]) -> None:
    seen = crossings(range(len(means)), [Estimate(mean, mean - 1, mean + 1, 9) for mean in means])
    assert [(each.at, each.rising) for each in seen] == found


def test_levels_are_numbers_or_words() -> None:
    assert [number_of(level) for level in ("4", "2.5%", "x2", "1e3", "now")] == [4.0, 2.5, None, None, None]


DESK = """
name: offer
start: 2026-03-02
length: 4 h
timezone: UTC
currency: EUR
segments: {users: {customers: 2000000, margin: 1/month, plan: plain}}
plans: {plain: [phone], paid: {channels: [phone]}}
channels: {phone: {kind: live, handle_time: 5 min, patience: 3 min}}
demand: {calls: {rate: 30/h}}
teams: {frontline: {serves: [phone], agents: 3, wage: 20/h}}
"""
OFFER = """
name: offers
base: desk.yaml
replications: 3
factors:
  price: {0: {}, 2: {plans.paid.price: 2/month}, 3: {plans.paid.price: 3/month}}
  taken:
    0%: {}
    10%: {segments.users.plan: {plain: 90%, paid: 10%}, channels.phone.cost: {month: 500000}}
metrics: [all.contribution, all.wait_mean]
compare: {against: {price: 0, taken: 0%}}
outputs: break_even
"""


def test_a_price_breaks_even_where_it_brings_what_the_offer_costs(tmp_path: Path) -> None:
    # 500000 a month divided among 10 % of two million customers; nothing that happens differs, so nothing is unsure
    found = Study.load(written(tmp_path, OFFER, DESK)).run(jobs=1)
    rows = table(found).set_index(["measure", "taken"])
    paid = rows.loc["contribution", "10%"]
    assert [paid["break_even"], paid["break_even_ci_low"], paid["break_even_ci_high"]] == pytest.approx([2.5] * 3, 1e-6)
    assert (paid["along"], paid["above"], paid["n"]) == ("price", "higher", 3)
    assert math.isnan(rows.loc["wait_mean", "10%"]["break_even"])
    assert rows.loc["wait_mean", "10%"]["above"] == rows.loc["contribution", "0%"]["above"] == "no difference"
    assert [line.tried for line in lines(found) if line.measure == "contribution"] == [(0.0, 2.0, 3.0), (2.0, 3.0)]
