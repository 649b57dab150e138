"""Relations between plays, of value: two segments that are alike fare alike; who brings nothing has nothing to lose."""

from __future__ import annotations

from math import sqrt

import pandas as pd
import pytest

import supportsim

TWINS = """
name: twins
start: 2026-03-02
length: 4 days
currency: EUR
experience:
  lasts: 3 months
  promise_broken: {low: x 1.1, stated: x 1.5, high: x 2}
  unanswered: {low: x 1.1, stated: x 1.3, high: x 2}
segments:
  a: {customers: 400, margin: 20/month, churn: 10%/year, plan: plan}
  b: {customers: 400, margin: 20/month, churn: 10%/year, plan: plan}
plans: {plan: [phone]}
channels: {phone: {kind: live, handle_time: {exponential: {mean: 4 min}}, patience: {exponential: {mean: 4 min}}}}
demand:
  of_a: {segment: a, per_customer: 6 / month}
  of_b: {segment: b, per_customer: 6 / month}
teams: {desk: {serves: [phone], agents: 2, wage: 20/h}}
promises: {fast: {of: phone, answer: 1 min, share: 80%}}
routing: {policy: fifo}
"""

#: Measures of a segment that service and money make: all means of what befalls it.
OF_A_SEGMENT = ("contacts", "wait_mean", "p_wait", "abandoned_share", "contribution", "customers_lost", "churn_cost")


@pytest.fixture(scope="module")
def replications() -> pd.DataFrame:
    return supportsim.run(supportsim.load_text(TWINS), replications=200).replications


def values(table: pd.DataFrame, selector: str, measure: str) -> pd.Series:
    chosen = table[(table["selector"] == selector) & (table["measure"] == measure)]
    return chosen.set_index("replication")["value"]


@pytest.mark.parametrize("measure", OF_A_SEGMENT)
def test_two_that_are_alike_are_equal_on_the_mean(replications: pd.DataFrame, measure: str) -> None:
    apart = values(replications, "a", measure) - values(replications, "b", measure)
    assert len(apart.dropna()) == 200
    assert apart.std() > 0  # other customers, other fates
    assert abs(apart.mean() / (apart.std() / sqrt(len(apart)))) <= 4.5


def test_who_brings_nothing_has_nothing_to_lose_and_twice_the_wage_costs_what_pay_was() -> None:
    text = TWINS.replace("b: {customers: 400, margin: 20/month", "b: {customers: 400, margin: 0/month")
    before, after = (
        supportsim.run(supportsim.load_text(t), replications=3).replications
        for t in (text, text.replace("20/h", "40/h"))
    )
    assert (values(before, "b", "customers_lost") > 0).all()  # they leave,
    assert (values(before, "b", "churn_cost") == 0).all()  # and nothing is lost with them
    assert (values(before, "a", "churn_cost") > 0).all()
    paid = values(before, "all", "cost")  # two agents for four days, and no seats, channels or penalties
    lost = values(before, "all", "contribution_after_churn") - values(after, "all", "contribution_after_churn")
    assert lost.tolist() == pytest.approx(paid.tolist(), abs=1e-6)
