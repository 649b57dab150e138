"""Experience and churn: by hand, and against a naive play of the rule over scenarios made by chance."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import Any, get_args

import numpy as np
import pytest
from engine.generator import made

from measure.journals import Pen, promise
from measure.journals import scenario as small
from measure.naive_experience import churned, told
from supportsim.engine.clocks import play, play_in_portions
from supportsim.engine.journal import Journal
from supportsim.engine.layout import Layout
from supportsim.measure.experience import FACTORS, Churned, column_of, kinds_alone, lasting, odds_of, tried_alone
from supportsim.measure.replication import Yardstick, measured, measured_in_portions
from supportsim.scenario.model import (
    EXPERIENCES,
    AnswerFormula,
    Calendar,
    Experience,
    Felt,
    Law,
    Promise,
    Scenario,
    Segment,
)
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND

P0 = 0.2
PEOPLE = Segment("customers", 10, margin=Law("constant", (9.0,)), churn=P0)
#: 108 a year / (-ln 0.8 + ln 1.1)
WORTH = 339.1387


def desk(*felt: Felt, discount: float = 0.1, segment: Segment = PEOPLE, **changes: Any) -> Scenario:
    return small(20, segments=(segment,), experience=Experience(felt, discount), **changes)


def closed(pen: Pen, asked: int, ended: int, state: str, customer: int = 0) -> int:
    """An issue that is over; its row."""
    row = pen.issue(asked, state, customer)
    pen.issues[row] = (*pen.issues[row][:9], ended)
    return row


def found(pen: Pen, scenario: Scenario) -> Churned:
    return measured(pen.journal(), Yardstick(scenario)).churned


def of(kind: str, **changes: Any) -> Felt:
    return replace(Felt(kind, 1.0, 1.5, 2.0, 10 * DAY), **changes)


def test_three_closings_of_one_customer_the_first_forgotten_at_the_third() -> None:
    # odds 1/4; each closing x 1.5: p 0.2 -> 3/11 -> 0.36; at the third the first no longer lasts: 3/11 -> 0.36
    pen = Pen(20 * DAY)
    for day in (1, 5, 13):
        closed(pen, day * DAY, day * DAY + HOUR, "gave_up")
    churn = found(pen, desk(of("gave_up")))
    lost = (3 / 11 - 0.2) + 2 * (0.36 - 3 / 11)
    assert churn.lost[0, 1] == pytest.approx(lost, abs=1e-12)
    assert churn.cost[0, 1] / 1e6 == pytest.approx(83.8598, abs=1e-4)  # 0.2472727 x 339.1387
    # x 2: 1/3, then 1/2; low x 1: nobody minds
    assert churn.lost[0, [0, 2]] == pytest.approx([0.0, (1 / 3 - 0.2) + 2 * (0.5 - 1 / 3)], abs=1e-12)
    assert churn.felt[0, :2].tolist() == [3, 0]
    assert churn.felt[0, 2 + EXPERIENCES.index("gave_up")] == 3


def test_an_experience_lasts_to_the_tick_before_its_end() -> None:
    for gap, before in ((10 * DAY - 1, 3 / 11), (10 * DAY, 0.2)):
        pen = Pen(20 * DAY)
        closed(pen, 0, HOUR, "gave_up")
        closed(pen, DAY, HOUR + gap, "gave_up")
        after = 0.36 if before > P0 else 3 / 11
        assert found(pen, desk(of("gave_up"))).lost[0, 1] == pytest.approx(3 / 11 - 0.2 + after - before)


def test_terms_of_a_customer_telescope_and_customers_are_apart() -> None:
    pen = Pen(20 * DAY)
    for k in range(5):
        closed(pen, k * HOUR, (k + 1) * HOUR, "gave_up", customer=0)
        closed(pen, k * HOUR, (k + 1) * HOUR, "solved", customer=1)
    churn = found(pen, desk(of("gave_up"), of("solved", stated=0.8)))
    odds = 0.25 * 1.5**5, 0.25 * 0.8**5
    assert churn.lost[0, 1] == pytest.approx(sum(o / (1 + o) - 0.2 for o in odds), abs=1e-12)


def test_nobody_is_surer_to_leave_than_the_cap() -> None:
    pen = Pen(20 * DAY)
    for k in range(30):
        closed(pen, k * HOUR, (k + 1) * HOUR, "gave_up")
    assert found(pen, desk(of("gave_up"))).lost[0, 1] == pytest.approx(0.95 - 0.2)
    sure = replace(PEOPLE, churn=0.97)
    assert found(pen, desk(of("gave_up"), segment=sure)).lost[0, 1] == pytest.approx(0, abs=1e-12)
    loyal = found(pen, desk(of("gave_up"), segment=replace(PEOPLE, churn=0.0), discount=0.0))
    assert (loyal.lost[0, 1], loyal.cost[0, 1]) == (0, 0)


def test_what_came_in_the_warm_up_is_there_before_and_costs_nothing() -> None:
    pen = Pen(21 * DAY)
    closed(pen, HOUR, 2 * HOUR, "gave_up")
    closed(pen, 2 * DAY, 3 * DAY, "gave_up")
    churn = found(pen, replace(desk(of("gave_up")), times=replace(desk().times, warm_up_days=1)))
    assert churn.lost[0, 1] == pytest.approx(0.36 - 3 / 11)
    assert churn.felt[0, 0] == 1


def test_each_kind_is_counted_on_the_issue() -> None:
    # a call lost after 30 s (limit 20 s), redialled and answered after 25 s; a ticket replied to too late
    promises = (promise(), promise("tickets", ("ticket",), limit=HOUR))
    pen = Pen(20 * DAY)
    first = closed(pen, HOUR, 2 * HOUR, "solved")
    pen.lost(HOUR, 30 * SECOND, issue=first, customer=0)
    pen.served(HOUR + 10 * MINUTE, 25 * SECOND, MINUTE, issue=first, number=2, kind="redial")
    second = closed(pen, DAY, 2 * DAY, "gave_up", customer=1)
    pen.lost(DAY, 10 * SECOND, issue=second)
    pen.served(DAY + HOUR, 3 * HOUR, MINUTE, issue=second, number=2, kind="switch", queue=1, outcome="unresolved")
    churn = found(pen, desk(of("gave_up"), promises=promises))
    named = dict(zip(("closings", "still_open", *EXPERIENCES), churn.felt[0].tolist(), strict=True))
    assert named == {
        "closings": 2, "still_open": 0, "promise_broken": 3, "waited": 65 * SECOND + 3 * HOUR, "contact_again": 2,
        "switched": 1, "unanswered": 2, "gave_up": 1, "unasked": 0, "unserved": 0, "solved": 1,
    }  # fmt: skip


def test_waiting_counts_in_proportion_and_what_is_open_as_far_as_it_has_come() -> None:
    pen = Pen(20 * DAY)
    row = pen.issue(20 * DAY - 25 * MINUTE, "open", 0, 1)
    pen.waiting(20 * DAY - 25 * MINUTE, issue=row)
    churn = found(pen, desk(of("waited", each=10 * MINUTE), promises=(promise(),)))
    odds = 0.25 * 1.5**2.5
    assert churn.lost[0, 1] == pytest.approx(odds / (1 + odds) - 0.2, abs=1e-12)
    assert churn.felt[0, :3].tolist() == [1, 1, 1]


def test_odds_of_kinds_that_are_not_stated_are_one_and_factors_are_on_the_logarithm() -> None:
    experience = Experience((of("gave_up"), of("waited", each=10 * MINUTE)))
    odds = odds_of(experience)
    gave_up = np.exp(odds[EXPERIENCES.index("gave_up")])
    assert gave_up[: column_of(0, 0)] == pytest.approx([1, 1.5, 2, *(1.5**f for f in FACTORS)])
    first, second = (gave_up[column_of(k, 0) : column_of(k + 1, 0)] for k in range(2))  # each kind by itself
    assert sorted([first.tolist(), second.tolist()]) == [
        pytest.approx([2 ** (j / 4) for j in range(5)]), pytest.approx([1.5] * 5),
    ]  # fmt: skip
    assert odds_of(Experience((of("gave_up"),))).shape[1] == column_of(0, 0)  # one kind is all odds together
    assert not odds[EXPERIENCES.index("solved")].any()
    assert np.exp(10 * MINUTE * odds[EXPERIENCES.index("waited"), 2]) == pytest.approx(2)
    assert lasting(experience).max() == 10 * DAY


# ---------------------------------------------------------------- against the rule in plain Python


def felt_by_chance(number: int) -> Experience:
    choose = random.Random(number)
    kinds = choose.sample(EXPERIENCES, choose.randint(1, len(EXPERIENCES)))
    felt = []
    for kind in sorted(kinds, key=EXPERIENCES.index):
        low, stated, high = (choose.choice((0.7, 1.0, 1.1, 1.3, 1.8, 3.0)) for _ in range(3))
        lasts = choose.choice((MINUTE, HOUR, 5 * HOUR, DAY, 90 * DAY))
        felt.append(Felt(kind, low, stated, high, lasts, 10 * MINUTE if kind == "waited" else 0))
    return Experience(tuple(felt), choose.choice((0.0, 0.1)))


def with_churn(scenario: Scenario, number: int) -> Scenario:
    choose = random.Random(-number)
    laws = (Law("constant", (8.7654321,)), Law("exponential", (3.3,)), None)
    segments = tuple(
        replace(
            s, customers=s.customers or choose.choice((1, 3, 20)), margin=choose.choice(laws),
            churn=choose.choice((None, 0.05, 0.05, 0.4, 0.97, 0.0)) if i else 0.2,
        )
        for i, s in enumerate(scenario.segments)
    )  # fmt: skip
    return replace(scenario, segments=segments, experience=felt_by_chance(number))


FORMULAS = get_args(AnswerFormula)


def promised_much(scenario: Scenario, number: int) -> Scenario:
    """Short promises to everybody, by every formula, some of them twice, in business hours or not."""
    choose = random.Random(1000 + number)
    live = {channel.name for channel in scenario.channels if channel.kind == "live"}
    hours = [channel.hours for channel in scenario.channels] + [Calendar("always", ((),) * 7, always=True)]
    promises = []
    for i in range(4):
        clock: Any = ("answer", "answer", "first_reply", "first_reply")[i]
        covered = tuple((q.channel in live) == (clock == "answer") and choose.random() < 0.9 for q in scenario.queues)
        if any(covered):
            limit, counted = choose.choice((1, 1, 3 * SECOND, MINUTE)), FORMULAS[(number // 2 + i) % len(FORMULAS)]
            promises.append(Promise(
                f"short {i}", ("everything",), covered, clock, limit, 0.8, choose.choice(hours), counted
            ))  # fmt: skip
    return replace(scenario, promises=tuple(promises))


@lru_cache(maxsize=140)
def played(number: int) -> tuple[Scenario, Journal]:
    """Every other one with promises that are broken more often than the generator's."""
    scenario = with_churn(made(number), number)
    scenario = promised_much(scenario, number) if number % 2 else scenario
    return scenario, play(Layout(scenario), 1, number)


@pytest.mark.parametrize("number", range(140))
def test_scenarios_made_by_chance_lose_whom_the_rule_says(number: int) -> None:
    scenario, journal = played(number)
    churn = measured(journal, Yardstick(scenario)).churned
    for column, (opinion, factor) in enumerate((("low", 1), ("stated", 1), ("high", 1), ("stated", FACTORS[0]))):
        expected = np.array(churned(journal, scenario, opinion, factor))
        np.testing.assert_allclose(churn.lost[:, column], expected[:, 0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(churn.cost[:, column], expected[:, 1], rtol=1e-9, atol=0.51)
    _one_kind_alone(scenario, journal, churn)
    issues = [i for i in told(journal, scenario) if i["counted"] and scenario.segments[i["segment"]].churn is not None]
    assert churn.felt[:, 0].sum() == len(issues)
    assert churn.felt[:, 1].sum() == sum(i["open"] for i in issues)
    for k, kind in enumerate(EXPERIENCES):
        assert churn.felt[:, 2 + k].sum() == sum(i["counts"].get(kind, 0) for i in issues), kind


def _one_kind_alone(scenario: Scenario, journal: Journal, churn: Churned) -> None:
    """The last kind at its second own odds, all others as stated."""
    experience = scenario.experience
    assert experience is not None
    if kinds := kinds_alone(experience):
        felt = replace(kinds[-1], stated=tried_alone(kinds[-1])[1])
        only = replace(scenario, experience=replace(experience, felt=(*kinds[:-1], felt)))
        expected = np.array(churned(journal, only, "stated", 1))
        column = column_of(len(kinds) - 1, 1)
        np.testing.assert_allclose(churn.lost[:, column], expected[:, 0], rtol=1e-9, atol=1e-12)


def test_promises_are_broken_often_enough_to_be_tried() -> None:
    """By every formula and on both clocks, in closings that count: 225 times; the generator's own eleven times."""
    broken: Counter[str] = Counter()
    for scenario, journal in map(played, range(1, 140, 2)):
        for each in scenario.promises:
            alone = told(journal, replace(scenario, promises=(each,)))
            mine = [i for i in alone if i["counted"] and scenario.segments[i["segment"]].churn is not None]
            broken[each.counted if each.clock == "answer" else each.clock] += sum(
                i["counts"]["promise_broken"] for i in mine
            )
    assert {name for name, count in broken.items() if count >= 5} == {*FORMULAS, "first_reply"}
    assert broken.total() >= 200


@pytest.mark.parametrize("number", range(0, 140, 7))
def test_without_a_journal_all_is_the_same(number: int) -> None:
    scenario, journal = played(number)
    yardstick, layout = Yardstick(scenario), Layout(scenario)
    ours = measured_in_portions(lambda take: play_in_portions(layout, 1, number, take, "auto"), yardstick, 1, number)
    theirs = measured(journal, yardstick)
    for one, other in zip(ours.churned, theirs.churned, strict=True):
        np.testing.assert_array_equal(one, other)


def test_measures_by_segment_and_in_all() -> None:
    others = Segment("others", 5, margin=Law("constant", (1.0,)))
    scenario = replace(desk(of("gave_up")), segments=(PEOPLE, others))
    pen = Pen(20 * DAY)
    closed(pen, HOUR, 2 * HOUR, "gave_up")
    yardstick = Yardstick(scenario)
    rows = measured(pen.journal(), yardstick).rows[:, 2]
    value = {key: float(rows[place]) for key, place in yardstick.places.items()}
    assert value["all", "customers_lost"] == value["customers", "customers_lost"] == pytest.approx(3 / 11 - 0.2)
    assert np.isnan(value["others", "customers_lost"])
    assert value["customers", "churn_cost"] == pytest.approx((3 / 11 - 0.2) * WORTH, abs=1e-4)
    assert value["others", "contribution_after_churn"] == value["others", "contribution"]
    for whose in ("all", "customers"):
        left = value[whose, "contribution"] - value[whose, "churn_cost_high"]
        assert value[whose, "contribution_after_churn_high"] == pytest.approx(left, abs=1e-9)


def test_without_a_margin_customers_are_lost_at_no_price_that_is_known() -> None:
    scenario = desk(of("gave_up"), segment=replace(PEOPLE, margin=None))
    pen = Pen(20 * DAY)
    closed(pen, HOUR, 2 * HOUR, "gave_up")
    yardstick = Yardstick(scenario)
    rows = measured(pen.journal(), yardstick).rows[:, 2]
    assert rows[yardstick.places["all", "customers_lost"]] > 0
    assert np.isnan(rows[yardstick.places["all", "churn_cost"]])
