"""The JSON Schema for editors: it takes what the loader takes, and is no laxer than its patterns."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from supportsim.scenario.nodes import Map, Node, Seq, Text
from supportsim.scenario.schema import json_schema
from supportsim.scenario.units import UNITS
from supportsim.scenario.yaml_text import read_yaml

FOLDER = Path(__file__).parent
VALID = sorted((FOLDER / "valid").glob("*.yaml"))


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def as_editors_read(node: Node) -> Any:
    """The tree as an editor sees it, which reads plain numbers and switches (YAML 1.2)."""
    if isinstance(node, Map):
        return {str(key): as_editors_read(value) for key, value in node.items()}
    if isinstance(node, Seq):
        return [as_editors_read(each) for each in node]
    text = str(node)
    assert isinstance(node, Text)
    if node.plain and re.fullmatch(r"-?(0|[1-9]\d*)", text):
        return int(text)
    if node.plain and re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    return {"true": True, "false": False}.get(text, text) if node.plain else text


def read(path: Path) -> Any:
    return as_editors_read(read_yaml(path.read_text(encoding="utf-8"), str(path), path.parent))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_files_fit_the_schema(path: Path, validator: Draft202012Validator) -> None:
    assert [error.message for error in validator.iter_errors(read(path))] == []


@pytest.mark.parametrize(
    "name",
    [
        "a08_unknown_key",
        "a08_unknown_key_in_a_shift",
        "a21_switch_as_number",
        "b01_text_for_number",
        "b04_negative_agents",
        "b05_concurrency_zero",
        "b08_fractional_agents",
        "b11_share_as_fraction",
        "b13_unit_is_missing",
        "b13_unit_m",
        "b24_name_with_blank",
        "c01_no_demand_key",
        "l_unknown_phrase",
        "l_counts_unknown",
        "l_factor_without_x",
        "l_not_due_yet",
        "l_weekday_in_full",
        "l_activity_as_a_phrase",
        "l_activity_of_nothing",
        "l_ageing_bonus_as_a_number",
        "l_ageing_of_nothing",
        "l_ageing_rate_in_thousandths",
        "l_ageing_rate_of_30",
        "l_ageing_rate_without_x",
        "l_drain_for_commas",
        "l_from_a_month",
        "l_heads_as_a_number",
        "l_overflow_without_after",
        "l_overflow_without_unit",
        "l_pick_a_list",
        "l_pick_as_in_results",
        "l_policy_a_list",
        "l_policy_spelt_otherwise",
        "l_reserve_as_a_number",
        "l_reserve_of_nobody",
        "l_reserve_without_idle",
        "l_until_an_hour",
        "l_weeks_as_a_fraction",
        "l_weeks_in_words",
        "l_by_five_words",
        "l_by_hour_as_a_factor",
        "l_by_hour_day_in_full",
        "l_by_hour_days_and_hours",
        "l_by_hour_of_a_duration",
        "l_by_hour_of_nothing",
        "l_by_hour_of_talk_time",
        "l_by_hour_without_minutes",
        "l_endless_unknown",
        "l_interruptible_unknown",
        "l_keeps_in_a_list",
        "l_keeps_unknown",
        "l_last_chat_without_unit",
        "l_measured_below_1",
        "l_measured_in_words",
        "l_credit_in_euro",
        "l_credit_per_week",
        "l_credit_without_period",
        "l_penalty_in_pounds",
        "l_penalty_lost_negative",
        "l_penalty_lost_per_breach",
        "l_penalty_lost_without_contact",
        "l_penalty_negative",
        "l_penalty_per_month",
        "l_penalty_without_breach",
        "l_proficiency_as_a_factor",
        "l_proficiency_in_percent",
        "l_proficiency_of_nothing",
        "l_proficiency_of_patience",
        "l_proficiency_of_talk_time",
        "l_proficiency_with_a_comma",
        "l_slow_down_above_100",
        "l_slow_down_as_a_number",
        "l_slow_down_by_number",
        "l_slow_down_in_percent",
        "l_speeds_of_fractions",
        "l_speeds_of_nothing",
        "l_wait_limit_of_never",
        "t_aht_as_in_excel",
        "t_break_without_length",
        "t_date_short",
        "t_eighty_twenty_as_share",
        "t_window_with_dots",
    ],
)
def test_an_editor_sees_faults_of_form(name: str, validator: Draft202012Validator) -> None:
    assert list(validator.iter_errors(read(FOLDER.parent / "scenarios" / "invalid" / f"{name}.yaml")))


def test_nothing_in_the_schema_is_null() -> None:
    assert "null" not in str(json_schema())


def test_every_unit_is_in_the_pattern_of_durations() -> None:
    pattern = json_schema()["properties"]["interval"]["pattern"]
    assert all(re.search(pattern, f"1 {unit}") for unit in UNITS)
    assert not re.search(pattern, "1 mins")


def test_every_reference_has_its_definition() -> None:
    schema = json_schema()
    used = set(re.findall(r"#/\$defs/(\w+)", str(schema)))
    assert used == set(schema["$defs"])
