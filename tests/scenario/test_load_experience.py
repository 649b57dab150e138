"""What a file says of margins among customers, and of what experiences do to them."""

from __future__ import annotations

import pytest
import yaml
from jsonschema import Draft202012Validator
from loader_texts import PHONES

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load_text, resolved, scenario_hash
from supportsim.scenario.model import Experience, Felt, Law
from supportsim.scenario.schema import json_schema
from supportsim.scenario.ticks import MINUTE, MONTH

CALLS = "demand:\n  calls: {rate: 20/h, volume: x 1.1}"
ODDS = "low: x 1.1, stated: x 1.3, high: x 1.6"
FELT = PHONES.replace(
    CALLS,
    "segments: {people: {customers: 1000, margin: 9/month, churn: 20%/year}}\n" + CALLS,
) + (
    "experience:\n  lasts: 3 months\n  discount: 10%/year\n"
    f"  promise_broken: {{{ODDS}}}\n  waited: {{each: 10 min, {ODDS}}}\n"
    "  solved: {low: x 0.9, stated: x 0.95, high: x 1, lasts: 1 month}\n"
)  # fmt: skip


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_text(text)
    return [str(fault).partition(" ")[2] for fault in caught.value.faults]


def test_kinds_stand_in_one_order_with_their_own_time_or_that_of_all() -> None:
    scenario = load_text(FELT)
    assert scenario.experience == Experience(
        (
            Felt("promise_broken", 1.1, 1.3, 1.6, 3 * MONTH),
            Felt("waited", 1.1, 1.3, 1.6, 3 * MONTH, 10 * MINUTE),
            Felt("solved", 0.9, 0.95, 1.0, MONTH),
        ),
        0.1,
    )
    assert scenario.notes == load_text(PHONES).notes
    assert "experience.promise_broken.lasts: experience.lasts" in scenario.defaults
    assert "experience.discount: 0%/year" in load_text(FELT.replace("  discount: 10%/year\n", "")).defaults


@pytest.mark.parametrize(
    ("margin", "law"),
    [
        ("9/month", Law("constant", (9.0,))),
        ("{uniform: {low: 0/month, high: 20/month}}", Law("uniform", (0.0, 20.0))),
        ("{exponential: {mean: 9/month}}", Law("exponential", (9.0,))),
        ("{lognormal: {mean: 9/month, cv: 1.5}}", Law("lognormal", (9.0, 1.5))),
        ("{gamma: {mean: 9/month, cv: 0.5}}", Law("gamma", (9.0, 4.0))),
        ("{empirical: {values: [30/month, 0/month, 3/month]}}", Law("empirical", (0.0, 3.0, 30.0), (0.0, 0.5, 1.0))),
    ],
)
def test_a_margin_is_a_number_or_a_law_in_currency_per_month(margin: str, law: Law) -> None:
    text = FELT.replace("margin: 9/month", f"margin: {margin}")
    assert load_text(text).segments[0].margin == law
    tree = yaml.safe_load(PHONES) | {"segments": {"people": {"customers": 5, "margin": yaml.safe_load(margin)}}}
    assert Draft202012Validator(json_schema()).is_valid({**tree, "start": "2026-03-02"})


def test_a_variant_multiplies_a_law_of_margins() -> None:
    text = FELT.replace("margin: 9/month", "margin: {exponential: {mean: 9/month}}")
    assert load_text(text, changes={"segments.people.margin": "x 1.5"}).segments[0].margin == Law(
        "exponential", (9.0,), factor=1.5
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("margin: 9/month", "margin: {lognormal: {mean: 9 min, cv: 1}}", "margin.lognormal.mean: got 9 min; expected"),
        ("margin: 9/month", "margin: {lognormal: {mean: 9/month}}", "expected two of mean, median, cv, p95"),
        ("margin: 9/month", "margin: {weibull: {mean: 9/month, shape: 1}}", "margin.weibull: got weibull; expected a"),
        ("margin: 9/month", "margin: {}", "exactly one law: uniform, exponential, lognormal, gamma, empirical; none"),
        ("margin: 9/month", "margin: {uniform: {low: 9/month, high: 3/month}}", "expected high above low"),
        ("margin: 9/month", "margin: {empirical: {values: [9/month]}}", "expected two values or more"),
        ("margin: 9/month", "margin: {gamma: {mean: 0/month, cv: 1}}", "expected an amount above 0"),
        ("  lasts: 3 months\n", "", "promise_broken.lasts: got nothing; expected how long it lasts, here or as"),
        ("stated: x 1.3", "stated: 30%", "promise_broken.stated: got 30%; expected a factor"),
        ("stated: x 1.3", "stated: x 0", "got x 0; expected a factor on the odds of leaving, from x 0.001"),
        ("low: x 1.1, ", "", "promise_broken.low: got nothing; expected the key low"),
        (f"promise_broken: {{{ODDS}}}", "promise_broken: x 1.3", "write {low: …, stated: x 1.3, high: …}"),
        ("each: 10 min, ", "", "waited.each: got nothing; expected the key each; the wait that multiplies"),
        ("discount: 10%/year", "discount: 10%", "expected a discount by the year, as 10%/year; write 10%/year"),
        ("discount: 10%/year", "discount: 1%/month", "discount: got 1%/month; expected a discount by the year"),
        ("solved:", "solvd:", "experience.solvd: got solvd; expected a key known here; did you mean solved?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(old: str, new: str, said: str) -> None:
    assert old in FELT
    found = faults(FELT.replace(old, new, 1))
    assert any(said in fault for fault in found), found


def test_an_experience_needs_a_kind() -> None:
    (fault,) = faults(PHONES + "experience: {lasts: 3 months}\n")
    assert "experience: got none; expected at least one kind of experience: promise_broken, waited" in fault


def test_odds_that_fall_and_nobody_who_could_leave_are_told() -> None:
    text = FELT.replace(ODDS, "low: x 1.6, stated: x 1.3, high: x 1.1", 1).replace(", churn: 20%/year", "")
    notes = load_text(text).notes
    assert "experience.promise_broken: low x 1.6, stated x 1.3, high x 1.1 do not rise; taken as written" in notes
    assert "experience: no segment states its churn, so nobody's leaving is computed from it" in notes


def test_customers_leave_in_the_play_where_that_is_asked_for() -> None:
    text = FELT.replace("  discount:", "  feedback: yes\n  discount:")
    scenario = load_text(text)
    assert scenario.experience is not None
    assert scenario.experience.feedback
    assert resolved(scenario)["experience"]["feedback"] is True
    assert scenario_hash(scenario) != scenario_hash(load_text(FELT))
    assert load_text(FELT.replace("  discount:", "  feedback: no\n  discount:")) == load_text(FELT)
    assert "feedback" not in resolved(load_text(FELT))["experience"]  # so the hash is that of before there was any


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("feedback: yes", "feedback: maybe", "experience.feedback: got maybe; expected yes or no"),
        (", churn: 20%/year", "", "feedback: got yes; expected no, or a segment with a number of customers and its"),
        ("customers: 1000", "customers: anonymous", "expected no, or a segment with a number of customers and its"),
        ("customers: 1000", "customers: 10000001", "got 10,000,001; expected at most 10,000,000 customers who may"),
    ],
)
def test_somebody_must_be_able_to_leave_and_not_too_many(old: str, new: str, said: str) -> None:
    text = FELT.replace("  discount:", "  feedback: yes\n  discount:")
    assert old in text
    found = faults(text.replace(old, new, 1))
    assert any(said in fault for fault in found), found
