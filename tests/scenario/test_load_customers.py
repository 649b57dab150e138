"""What a file says of customers: margin, churn, several plans, what a plan asks for and costs."""

from __future__ import annotations

import pytest
from loader_texts import PHONES

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load_text
from supportsim.scenario.model import Law, Plan, PlanShare, PlanStep
from supportsim.scenario.timeline import Timeline
from supportsim.show.workload import workload

BOTH = PHONES.replace(
    "demand:\n  calls: {rate: 20/h, volume: x 1.1}",
    "plans:\n  basic: [phone]\n  supported: {channels: [phone], asks: 70%, issues: x 2.5, price: 6/month}\n"
    "segments: {people: {customers: 1000, margin: 0.30/month, churn: 4%/month, plan: {basic: 94%, supported: 6%}}}\n"
    "demand:\n  calls: {per_customer: 0.06/month}",
)


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_text(text)
    return [str(fault).partition(" ")[2] for fault in caught.value.faults]


def test_a_segment_over_two_plans() -> None:
    scenario = load_text(BOTH)
    (people,) = scenario.segments
    assert people.plans == (PlanShare("basic", 0.94), PlanShare("supported", 0.06))
    assert people.margin == Law("constant", (0.3,))
    assert people.churn == pytest.approx(1 - 0.96**12)
    assert scenario.plans[1] == Plan("supported", (PlanStep("phone", 1.0),), 0.7, 2.5, 6.0)


def test_churn_by_the_year_is_what_it_says() -> None:
    assert load_text(BOTH.replace("4%/month", "20%/year")).segments[0].churn == 0.2


def test_a_plan_that_nobody_is_on_is_none() -> None:
    text = BOTH.replace("basic: 94%, supported: 6%", "basic: 100%, supported: 0%")
    assert load_text(text).segments[0].plans == (PlanShare("basic", 1.0),)


def test_what_is_expected_follows_the_factor_on_issues_and_the_share_that_is_brought() -> None:
    scenario = load_text(BOTH)
    found = workload(scenario, Timeline(scenario.times), {"desk": 1.0})
    arising = 1000 * 0.06 * 12 / 365.25 * 7
    assert found.issues["calls"] == pytest.approx(arising * (0.94 + 0.06 * 2.5))
    open_share = 5 * 8 / (7 * 24)
    (load,) = found.queues.values()
    assert sum(load.fresh) == pytest.approx(arising * (0.94 + 0.06 * 2.5 * 0.7) * open_share)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("94%", "93%", ("people.plan: ", "shares that add up to 100%; they add up to 99%")),
        ("basic: 94%,", "basik: 94%,", ("people.plan.basik: ", "the name of a plan; did you mean basic?")),
        ("customers: 1000,", "", ("people.churn: got 4%/month", "a number of customers", "anonymous cannot leave")),
        ("4%/month", "4%", ("people.churn: got 4%;", "as 2%/month or 20%/year; say per what: 4%/month")),
        ("4%/month", "4%/week", ("people.churn: got 4%/week;", "per month or per year")),
        ("asks: 70%", "asks: 170%", ("plans.supported.asks: got 170%; expected a share between 0% and 100%",)),
        ("price: 6/month", "price: 6", ("plans.supported.price: got 6;", "write 6/month")),
        ("channels: [phone], ", "", ("plans.supported.channels: got nothing; expected the key channels",)),
        ("{basic: 94%, supported: 6%}", "[basic, supported]", ("people.plan: ", "{basic: 94%, supported: 6%}; not a")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(old: str, new: str, said: tuple[str, ...]) -> None:
    assert old in BOTH
    found = faults(BOTH.replace(old, new, 1))
    assert any(all(words in fault for words in said) for fault in found), found


def test_value_needs_margins_and_known_handle_times() -> None:
    text = BOTH + "routing: {policy: value}\n"
    assert load_text(text).queues[0].figure_class == 0
    (fault,) = faults(text.replace(" margin: 0.30/month,", ""))
    assert "segments.people.margin: got nothing; expected a margin, as 9/month; routing.policy: value" in fault


def test_places_by_value_and_by_ease() -> None:
    text = BOTH.replace("{people:", "{gold: {margin: 4/month, plan: basic, handle_time: x 4}, people:")
    calls = "calls: {segment: people, per_customer: 0.06/month}\n  golden: {segment: gold, rate: 1/h}"
    text = text.replace("calls: {per_customer: 0.06/month}", calls)
    places = {}
    for policy in ("value", "easiest"):
        scenario = load_text(text + f"routing: {{policy: {policy}}}\n")
        places[policy] = {queue.segment: queue.figure_class for queue in scenario.queues}
    assert places == {"value": {"gold": 0, "people": 1}, "easiest": {"gold": 1, "people": 0}}


def test_a_plan_without_issues_is_told_like_any_stream_without() -> None:
    text = BOTH.replace("asks: 70%, issues: x 2.5", "issues: x 0").replace(
        "basic: 94%, supported: 6%", "supported: 100%"
    )
    assert "demand.calls: no issue will arise" in load_text(text).notes
    assert "demand.calls: no issue will arise" not in load_text(BOTH).notes
