"""What customers bring, to the cent: margins, prices of plans, those who join, and fates drawn one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from measure.journals import Pen
from measure.journals import scenario as small
from supportsim.demand import fates
from supportsim.measure.earned import MOST_DRAWN, Earners
from supportsim.measure.replication import Yardstick, measured
from supportsim.scenario.laws import quantile
from supportsim.scenario.model import Law, Plan, PlanShare, PlanStep, Scenario, Segment, Times
from supportsim.scenario.offers import is_earning
from supportsim.scenario.ticks import DAY, MONTH

#: 100 customers over ten days: 1000 customer-days, of 30.4375 days to a month.
TEN_DAYS = Times(date(2026, 3, 2), "UTC", 10, 0)
BASIC = Plan("basic", (PlanStep("phone", 1.0),))
PAID = Plan("paid", (PlanStep("phone", 1.0),), price=6.0)
WORLD = fates.world(7, 3)


def desk(segment: Segment, *plans: Plan, **changes: object) -> Scenario:
    return small(times=TEN_DAYS, segments=(segment,), plans=plans, **changes)


def earned(scenario: Scenario, world: int = WORLD) -> list[int]:
    return Earners(scenario, Yardstick(scenario).grid).income(world)[0].tolist()


def test_one_margin_for_all_is_margin_by_customer_months() -> None:
    # 9 x 100 x 10 / 30.4375 = 295.687885010...
    assert earned(desk(Segment("customers", 100, margin=Law("constant", (9.0,))))) == [295_687_885, 0]


def test_who_joins_counts_from_then_on() -> None:
    # 6.0875 a month: one every five days; the first is there for five days, the second comes as time is over
    segment = Segment("customers", 100, joins_per_month=6.0875, margin=Law("constant", (9.0,)))
    people = Earners(desk(segment), Yardstick(desk(segment)).grid).segments[0]
    assert people.new.tolist() == [5 * DAY, 0]
    assert people.ticks == 1005 * DAY
    assert earned(desk(segment)) == [round(Fraction(9_000_000 * 1005 * DAY, MONTH)), 0]  # 297.166324
    assert earned(desk(segment))[0] == 297_166_324


def test_the_price_of_a_plan_is_income_of_its_own() -> None:
    segment = Segment("customers", 100, plans=(PlanShare("paid", 1.0),))
    assert earned(desk(segment, PAID)) == [0, 197_125_257]  # 6 x 1000 / 30.4375 = 197.12525667...


def test_who_pays_is_who_is_on_the_plan_by_his_own_fate() -> None:
    segment = Segment("customers", 100, joins_per_month=6.0875, plans=(PlanShare("basic", 0.7), PlanShare("paid", 0.3)))
    key = fates.entity("segment", "customers")
    pays = [fates.uniform(WORLD, fates.child(key, i), 0, fates.PLAN) >= 0.7 for i in range(102)]
    days = 10 * sum(pays[:100]) + 5 * pays[100]
    assert 15 < sum(pays) < 45
    assert earned(desk(segment, BASIC, PAID)) == [0, round(Fraction(6_000_000 * days * DAY, MONTH))]


@pytest.mark.parametrize("law", [Law("exponential", (9.0,)), Law("uniform", (2.0, 8.0)), Law("weibull", (9.0, 2.0))])
def test_each_customer_has_a_margin_of_his_own(law: Law) -> None:
    segment = Segment("customers", 100, joins_per_month=6.0875, margin=law)
    key = fates.entity("segment", "customers")
    own = [fates.uniform(WORLD, fates.child(key, i), 0, fates.MARGIN) for i in range(102)]
    micro = [round(1_000_000 * quantile(law, u)) for u in own]
    ticks = [10 * DAY] * 100 + [5 * DAY, 0]
    total = sum(m * t for m, t in zip(micro, ticks, strict=True))
    assert earned(desk(segment)) == [round(Fraction(total, MONTH)), 0]


def test_a_larger_segment_holds_the_same_customers() -> None:
    law = Law("lognormal", (9.0, 1.5))
    people = [
        Earners(scenario, Yardstick(scenario).grid).segments[0]
        for scenario in (desk(Segment("customers", n, margin=law)) for n in (5, 50))
    ]
    small_one, large = (each.margins(WORLD, np.arange(5)) for each in people)
    assert small_one.tolist() == large.tolist()
    assert len(set(small_one.tolist())) == 5


def test_means_stand_for_very_many() -> None:
    segment = Segment(
        "customers", MOST_DRAWN, joins_per_month=6.0875, margin=Law("exponential", (9.0,)),
        plans=(PlanShare("basic", 0.7), PlanShare("paid", 0.3)),
    )  # fmt: skip
    ticks = MOST_DRAWN * 10 * DAY + 5 * DAY
    expected = [9_000_000 * Fraction(ticks, MONTH), 6_000_000 * Fraction(3, 10) * Fraction(ticks, MONTH)]
    assert earned(desk(segment, BASIC, PAID)) == [round(each) for each in expected]


def test_in_a_replication_company_is_the_sum_and_what_is_not_known_is_empty() -> None:
    two = (
        Segment("customers", 100, margin=Law("constant", (9.0,))),
        Segment("others", 50, margin=Law("constant", (1.0,))),
    )
    scenario = small(times=TEN_DAYS, segments=two)
    assert rows(scenario, "margin") == pytest.approx([295.687885 + 16.427105, 295.687885, 16.427105], abs=0)
    pay = 2 * 240 * 20.0  # two agents, always there
    assert rows(scenario, "contribution")[0] == pytest.approx(312.11499 - pay, abs=1e-9)
    assert rows(scenario, "contribution")[1:] == pytest.approx([295.687885, 16.427105], abs=0)
    unknown = replace(scenario, segments=(two[0], Segment("others", 50)))
    assert np.isnan(rows(unknown, "margin")).tolist() == [True, False, True]
    assert np.isnan(rows(unknown, "contribution")).tolist() == [True, False, True]
    assert rows(unknown, "support_price") == [0.0, 0.0, 0.0]
    anonymous = replace(scenario, segments=(two[0], Segment("others", None, margin=two[1].margin)))
    assert np.isnan(rows(anonymous, "margin")).tolist() == [True, False, True]


def rows(scenario: Scenario, measure: str) -> list[float]:
    yardstick = Yardstick(scenario)
    pen = Pen(10 * DAY)
    for agent in (0, 1):
        pen.presence.append((agent, 1, 0, 0, 10 * DAY))
    found = measured(pen.journal(), yardstick)
    names = ("all", *(segment.name for segment in scenario.segments))
    return [float(found.rows[yardstick.places[name, measure], 2]) for name in names]


def test_nothing_is_told_where_nothing_is_known() -> None:
    assert not is_earning(desk(Segment("customers", 100)))
    assert not is_earning(desk(Segment("customers", None, margin=Law("constant", (9.0,)))))
    assert ("all", "margin") not in Yardstick(desk(Segment("customers", 100))).places
