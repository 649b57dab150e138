"""One rule wherever it is written: the loader and the JSON Schema take and refuse the same phrases."""

from __future__ import annotations

import math
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator
from loader_texts import PHONES

from supportsim.measure import catalogue
from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load_text
from supportsim.scenario.model import AnswerFormula
from supportsim.scenario.policies import POLICIES
from supportsim.scenario.resolve_checks import attempts
from supportsim.scenario.schema import FORMULAS, json_schema

NAMES = [
    ("desk", True), ("NO", True), ("second-line_EU2", True), ("a" * 100, True), ("a" * 101, False),
    ("Müller", False), ("größe", False), ("12", False), ("2nd", False), ("_x", False), ("-x", False),
    ("a b", False), ("a.b", False), ("", False),
]  # fmt: skip
RUN_OUTS = [
    ("3 days", True), ("3 days, demand stops", True), ("3 days, demand goes on", True),
    ("until empty, at most 3 days", True), ("until empty, at most 8 h, demand goes on", True),
    ("until empty", False), ("until empty, demand stops", False), ("3 days, demand pauses", False), ("3", False),
]  # fmt: skip
BUSYNESS = [
    ("none", True), ("{}", True), ("{per_day: 8%}", True), ("{per_week: 8%, shared: 60%}", True),
    ("{per_interval: 5%}", True), ("{per_replication: 8%, per_interval: 5%}", True),
    ("{shared: 60%}", False), ("{shared: 60%, per_interval: 5%}", False), ("{per_day: 8%, per_week: 8%}", False),
]  # fmt: skip
PHONE_KEYS = [
    ("by_hour: {18:00-22:00: {patience: x 0.8}}", True), ("by_hour: {sat: {resolves: x 0.9}}", True),
    ("by_hour: {mon-fri: {18:00-02:00: {handle_time: x 2}}, sun: {patience: x 0}}", True),
    ("by_hour: {}", False), ("by_hour: {sat: {}}", False), ("by_hour: x 0.8", False),
    ("by_hour: {18:00-22:00: x 0.8}", False), ("by_hour: {18:00-22:00: {patience: 8 min}}", False),
    ("by_hour: {mon: {18:00-22:00: {patience: x 0.8}, patience: x 2}}", False),
    ("by_hour: {mon: {patience: x 2}, 18:00-22:00: {patience: x 0.8}}", False),
    ("keeps: patience", True), ("keeps: place", False), ("wait_limit: 10 min", True), ("wait_limit: never", False),
    ("by: {desk: {handle_time: x 0.8}}", True), ("by: {desk phone: {resolves: 90%}}", True),
    ("by: {desk, phone: {resolves: 90%}}", False), ("talk_time: 5 min", False),
    ("by: {desk: {talk_time: 5 min, wrap_up: 1 min}}", True),
    ("by: {desk: {handle_time: x 2, talk_time: 5 min}}", False),
]  # fmt: skip
TEAM_KEYS = [
    ("proficiency: {handle_time: x 0.8}", True), ("proficiency: {phone: {handle_time: x 0.8}}", True),
    ("proficiency: {resolves: x 1.1, phone: {handle_time: x 0.8}}", True),
    ("proficiency: {}", False), ("proficiency: x 0.8", False), ("proficiency: {resolves: 110%}", False),
    ("proficiency: {phone: x 0.8}", False), ("proficiency: {phone: {patience: x 0.8}}", False),
]  # fmt: skip
SHIFT_KEYS = [
    ("weeks: 1 of 2", True), ("weeks: 52 of 52", True), ("from: 2026-03-02, until: 2026-06-01", True),
    ("weeks: 1/2", False), ("weeks: every 2", False), ("weeks: 2", False), ("weeks: [1 of 2]", False),
    ("from: 2026-3-2", False), ("until: june", False), ("first: 2026-03-02", False),
]  # fmt: skip
AT = "days: tue, hours: 14:00-15:00"
DESK_KEYS = [
    ("pick: random", True), ("pick: lowest_id", False), ("drain_for: phone", True), ("drain_for: [phone]", True),
    ("drain_for: {phone: yes}", False), ("activities: {}", True), ("activities: [training]", False),
    (f"activities: {{training: {{{AT}}}}}", False), (f"activities: {{training: {{{AT}, agents: 2}}}}", False),
    ("heads: 5", False), ("heads: [heads.csv]", False),
]  # fmt: skip
ROUTINGS = [
    *((f"policy: {name}", True) for name in POLICIES if name != "value"),  # which needs margins
    ("policy: aging", False), ("policy: [fifo]", False),
    ("teams: {phone: desk after 30 s}", True), ("teams: {phone: [desk after 1 min 30 s]}", True),
    ("teams: {phone: [[desk after 1 min]]}", True), ("teams: {phone: [desk 30 s]}", False),
    ("teams: {phone: [desk after 30]}", False), ("teams: {phone: []}", False), ("teams: {phone: [[]]}", False),
    ("policy: ageing, ageing: {phone: {rate: x 2}}", True), ("policy: ageing, ageing: {phone: {bonus: 9 h}}", True),
    ("policy: ageing, ageing: {phone: {rate: x 20.00}}", True), ("policy: ageing, ageing: {phone: {}}", False),
    ("policy: ageing, ageing: {phone: {rate: x 20.01}}", False), ("policy: ageing, ageing: {phone: x 2}", False),
    ("policy: ageing, ageing: {phone: {rate: x 0.125}}", False), ("policy: ageing, ageing: {phone: {bonus: 9}}", False),
    ("reserve: {desk: 1 idle for phone}", True), ("reserve: {desk: [1 idle for phone, 2 idle for phone]}", True),
    ("reserve: {desk: 1 for phone}", False), ("reserve: {desk: 0 idle for phone}", False),
    ("reserve: {desk: []}", False), ("reserve: {desk: 1}", False), ("reserve: 1 idle for phone", False),
]  # fmt: skip
PENALTIES = [("15/breach", True), ("0.50/breach", True), ("15", False), ("15/month", False), ("-1/breach", False)]
PRICES = [
    ("penalty_lost", "4/contact", True), ("penalty_lost", "4", False), ("penalty_lost", "4/breach", False),
    ("penalty_lost", "-4/contact", False), ("credit", "500/period", True), ("credit", "0.5/period", True),
    ("credit", "500/week", False), ("credit", "500", False),
]  # fmt: skip
TABLE = [
    *((("phone", key), PHONES.replace("    patience:", f"    {key}\n    patience:"), ok) for key, ok in PHONE_KEYS),
    *((("desk", key), PHONES.replace("    shifts:", f"    {key}\n    shifts:"), ok) for key, ok in TEAM_KEYS),
    *((("desk", key), PHONES.replace("    shifts:", f"    {key}\n    shifts:"), ok) for key, ok in DESK_KEYS),
    *((("day", key), PHONES.replace("agents: 3", f"agents: 3, {key}"), ok) for key, ok in SHIFT_KEYS),
    *((("routing", key), f"{PHONES}routing: {{{key}}}\n", ok) for key, ok in ROUTINGS),
    *(((key, each), PHONES.replace("share: 80%", f"share: 80%, {key}: {each}"), ok) for key, each, ok in PRICES),
    *((("penalty", each), PHONES.replace("share: 80%", f"share: 80%, penalty: {each}"), ok) for each, ok in PENALTIES),
    *((("teams", name), PHONES.replace("  desk:\n", f'  "{name}":\n'), fine) for name, fine in NAMES),
    *((("run_out", words), f'{PHONES}run_out: "{words}"\n', fine) for words, fine in RUN_OUTS),
    *((("busyness", words), f"{PHONES}busyness: {words}\n", fine) for words, fine in BUSYNESS),
]


def loads(text: str) -> bool:
    try:
        return bool(load_text(text).teams)
    except ConfigError:
        return False


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json_schema())


@pytest.mark.parametrize(("text", "fine"), [row[1:] for row in TABLE], ids=[" ".join(row[0])[:40] for row in TABLE])
def test_loader_and_schema_agree(text: str, fine: bool, validator: Draft202012Validator) -> None:
    tree: Any = yaml.load(text, yaml.BaseLoader)  # every scalar as text; what is a number elsewhere is one here
    tree["teams"] = {
        name: {**team, "shifts": {"day": {**team["shifts"]["day"], "agents": 3}}}
        for name, team in tree["teams"].items()
    }
    tree["channels"]["phone"]["after"]["abandoned"]["tries"] = 2
    assert (loads(text), validator.is_valid(tree)) == (fine, fine)


def test_the_six_formulas_have_one_set_of_names() -> None:
    assert FORMULAS == get_args(AnswerFormula) == tuple(phrase for _, phrase, _ in catalogue.FORMULAS)


# Customers nobody serves


@pytest.mark.parametrize(
    ("again", "gap", "expected"),
    [(1.0, 2.0, 51.0), (1.0, 0.0, math.inf), (1.0, math.inf, 1.0), (0.5, 0.0, 2.0), (0.5, 50.0, 1.75), (0.0, 1.0, 1.0)],
)
def test_attempts_of_an_issue_in_100_ticks(again: float, gap: float, expected: float) -> None:
    assert attempts(again, gap, 100.0) == expected


@pytest.mark.parametrize(
    ("rule", "patience", "fine"),
    [
        ("abandoned: {again: 100%, delay: 1 us}", "4 min", True),  # a week of 4 min: 2 520 contacts
        ("abandoned: {again: 100%, delay: 1 us}", "1 min", False),  # 10 081
        ("abandoned: {again: 100%, delay: 1 us, tries: 2}", "0 s", True),
        ("abandoned: {again: 90%, give_up: 10%, delay: 0 s}", "0 s", True),  # 10 in all
        ("busy: {again: 100%, delay: 1 min}", "never", False),
        ("busy: {again: 100%, delay: 2 min}", "never", True),
        ("closed: {again: 100%, delay: 0 s}", "never", True),  # at the next opening
    ],
)
def test_redials_without_a_limit_are_bounded_by_the_time_played(rule: str, patience: str, fine: bool) -> None:
    old = "abandoned: {again: 50%, give_up: 50%, delay: 10 min, tries: 2}"
    assert loads(PHONES.replace(old, rule).replace("patience: 4 min", f"patience: {patience}")) == fine


def test_shares_of_nobody_may_stand_beside_agents_without_shifts() -> None:
    shifts = PHONES[PHONES.index("    shifts:") : PHONES.index("promises:")]
    for shrinkage in ("{leave: 10%}", "{absence: 0%, off_desk: 0% in 30 min blocks}"):
        assert loads(PHONES.replace(shifts, f"    agents: 3\n    shrinkage: {shrinkage}\n"))
