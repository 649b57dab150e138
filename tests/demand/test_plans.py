"""Customers of one segment on several plans: who is on which, and what issues he then has."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from demand_desk import demand, issues, scenario, steady

from supportsim.demand.fates import entity, uniform, world
from supportsim.scenario.model import Plan, PlanShare, PlanStep, Scenario, Segment, Stream
from supportsim.scenario.ticks import DAY

PHONE = (PlanStep("phone", 1.0),)
PEOPLE = 400


def desk(*plans: tuple[str, float, float], customers: int | None = PEOPLE, stream: Stream | None = None) -> Scenario:
    """A segment over plans of (name, share of customers, factor on issues); by default a stream of its customers."""
    per_customer = Stream("theirs", "population", "people", "general", None, per_customer_month=30.0)
    base = scenario(stream or per_customer, segments=(Segment("people", customers),))
    shares = tuple(PlanShare(name, share) for name, share, _ in plans)
    people = replace(base.segments[0], plans=shares)
    return replace(base, segments=(people,), plans=tuple(Plan(name, PHONE, issues=f) for name, _, f in plans))


def plan_of(rows: np.ndarray) -> dict[int, int]:
    """The plan of each customer who has an issue; he is on one only."""
    pairs = set(zip(rows["customer"].tolist(), rows["offer"].tolist(), strict=True))
    found = dict(pairs)
    assert len(found) == len(pairs)
    return found


def test_the_plan_of_a_customer_is_his_own_fate_in_the_order_written() -> None:
    rows = issues(desk(("basic", 0.9, 1.0), ("supported", 0.1, 1.0)), seed=7, replication=3)
    for customer, plan in plan_of(rows).items():
        u = uniform(np.uint64(world(7, 3)), np.uint64(entity("segment", "people", customer)), 0, 20)
        assert plan == int(u >= 0.9)


def test_another_share_moves_those_in_between_and_nobody_else() -> None:
    shares = (0.06, 0.08, 0.3)
    on = [plan_of(issues(desk(("basic", 1 - s, 1.0), ("supported", s, 1.0)))) for s in shares]
    supported = [{c for c, plan in found.items() if plan == 1} for found in on]
    assert all(one < other for one, other in pairwise(supported))
    for share, found in zip(shares, supported, strict=True):
        assert abs(len(found) / PEOPLE - share) < 4.5 * np.sqrt(share * (1 - share) / PEOPLE)


def test_more_issues_for_those_of_one_plan_are_the_old_ones_and_new_ones_and_others_keep_theirs() -> None:
    before = issues(desk(("basic", 0.7, 1.0), ("supported", 0.3, 1.0)))
    after = issues(desk(("basic", 0.7, 1.0), ("supported", 0.3, 2.5)))
    for plan, grows in ((0, False), (1, True)):
        old, new = (set(rows["key"][rows["offer"] == plan].tolist()) for rows in (before, after))
        assert old <= new
        assert (old != new) == grows
    count = [int(np.sum(rows["offer"] == 1)) for rows in (before, after)]
    assert abs(count[1] - 2.5 * count[0]) < 4.5 * np.sqrt(2.5 * count[0] + 2.5**2 * count[0])


def test_who_changes_to_a_plan_with_fewer_issues_keeps_some_of_those_he_had() -> None:
    before = issues(desk(("basic", 1.0, 1.0)))
    after = issues(desk(("basic", 0.5, 1.0), ("quiet", 0.5, 0.25), ("silent", 0.0, 0.0)))
    assert set(after["key"]) < set(before["key"])
    on = plan_of(after)
    old = before[[on.get(c) == 0 for c in before["customer"].tolist()]]
    assert set(old["key"].tolist()) == set(after["key"][after["offer"] == 0].tolist())
    quiet = np.sum([on.get(c) == 1 for c in before["customer"].tolist()])
    share = np.sum(after["offer"] == 1) / quiet
    assert abs(share - 0.25) < 4.5 * np.sqrt(0.25 * 0.75 / quiet) + 0.01  # customers without any left are not seen


def test_a_plan_without_issues_has_none() -> None:
    assert len(issues(desk(("silent", 1.0, 0.0)))) == 0


@pytest.mark.parametrize("customers", [PEOPLE, None])
def test_streams_that_count_contacts_know_no_factor(customers: int | None) -> None:
    calls = steady("calls", 20.0)
    one = issues(desk(("basic", 0.5, 1.0), ("supported", 0.5, 2.5), customers=customers, stream=calls))
    other = issues(desk(("basic", 1.0, 1.0), customers=customers, stream=calls))
    assert np.array_equal(one["key"], other["key"])
    assert abs(np.mean(one["offer"] == 1) - 0.5) < 0.15


def test_anonymous_customers_are_split_issue_by_issue() -> None:
    rows = issues(desk(("basic", 0.8, 1.0), ("supported", 0.2, 1.0), customers=None, stream=steady("calls", 20.0)))
    assert set(rows["customer"].tolist()) == {-1}
    u = [uniform(np.uint64(world(1, 0)), np.uint64(key), 0, 20) for key in rows["key"].tolist()]
    assert rows["offer"].tolist() == [int(each >= 0.8) for each in u]


def test_expected_issues_are_those_of_the_plan_with_most() -> None:
    cells = demand(desk(("basic", 0.7, 1.0), ("supported", 0.3, 2.5))).cells
    assert set(cells["thins"].tolist()) == {1}
    assert cells["expected"].sum() == pytest.approx(PEOPLE * 30 * 2.5 * 7 * DAY / (365.25 * DAY / 12))
