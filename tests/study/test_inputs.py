"""inputs.csv: what it says is what was played, value by value, and a scenario can be written again from it."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from supportsim.scenario.load import load, load_text, scenario_hash
from supportsim.scenario.model import Scenario
from supportsim.study.folder import write_csv
from supportsim.study.inputs import inputs, joined, split
from supportsim.study.resize import resized

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = sorted(file for file in (ROOT / "configs").rglob("*.yaml") if file.parent.name != "data")

DESK = """
name: small
start: 2026-03-02
length: 1 day
segments: {gold: {}, basic: {}}
channels:
  phone:
    kind: live
    handle_time: {lognormal: {mean: 6.5 min, cv: 0.9}}
    patience: {exponential: {mean: 3 min}}
    by: {gold: {handle_time: 9 min}}
demand:
  calls: {segment: gold, channel: phone, rate: 20/h, volume: x 1.1}
  more: {segment: basic, channel: phone, rate: {mon: {08:00-17:00: 30/h}}}
promises: {fast: {of: gold phone, answer: 20 s, share: 80%}}
teams:
  frontline: {serves: [phone], shifts: {day: {days: mon-fri, hours: 08:00-17:00, agents: 8}}}
  spare: {serves: [phone], agents: 3}
"""


def rows(scenario: Scenario, folder: Path) -> list[dict[str, str]]:
    """The table as a reader of the file sees it."""
    write_csv(inputs(scenario), folder / "inputs.csv")
    with (folder / "inputs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def value(found: list[dict[str, str]], what: str) -> tuple[str, ...]:
    (row,) = (row for row in found if row["what"] == what)
    return tuple(row[name] for name in ("segment", "channel", "value", "unit", "source"))


def test_each_value_has_its_path_unit_and_whose_it_is(tmp_path: Path) -> None:
    found = rows(load_text(DESK), tmp_path)
    assert value(found, "channels.phone.handle_time.lognormal.mean") == ("", "phone", "6.5", "min", "written")
    assert value(found, "channels.phone.by.gold.handle_time") == ("gold", "phone", "9", "min", "written")
    assert value(found, "demand.calls.volume") == ("gold", "phone", "1.1", "x", "written")
    assert value(found, "demand.more.rate.mon.08:00-17:00") == ("basic", "phone", "30", "/h", "written")
    assert value(found, "promises.fast.share") == ("gold", "phone", "80", "%", "written")
    assert value(found, "teams.frontline.serves[1]") == ("", "", "phone", "", "written")
    assert value(found, "segments.gold") == ("gold", "", "{}", "", "written")
    assert value(found, "channels.phone.waiting_room") == ("", "phone", "no limit", "", "default")
    assert value(found, "channels.phone.concurrency") == ("", "phone", "1", "", "default")


def test_every_default_is_there_once_and_nothing_is_both(tmp_path: Path) -> None:
    scenario = load_text(DESK)
    found = rows(scenario, tmp_path)
    assert max(Counter(row["what"] for row in found).values()) == 1
    told = sum(len(sentence.partition(": ")[0].split(", ")) for sentence in scenario.defaults)
    assert sum(row["source"] == "default" for row in found) == told


def test_a_change_is_what_was_changed_to(tmp_path: Path) -> None:
    changes = [("teams.spare.agents", "5"), ("channels.phone.handle_time", "x 2")]
    found = rows(load_text(DESK, changes=changes), tmp_path)
    assert value(found, "teams.spare.agents") == ("", "", "5", "", "written")
    assert value(found, "channels.phone.handle_time") == ("", "phone", "2", "x", "written")


def test_people_that_a_comparison_changed_are_told_as_such(tmp_path: Path) -> None:
    found = rows(resized(load_text(DESK), {"frontline": 0.5}), tmp_path)
    assert value(found, "teams.frontline.shifts.day.agents") == ("", "", "4", "", "resized")
    assert value(found, "teams.spare.agents") == ("", "", "3", "", "written")


def test_a_curve_that_a_comparison_changed_carries_its_factor(tmp_path: Path) -> None:
    (tmp_path / "heads.csv").write_text("start,heads\n2026-03-02 00:00,10\n", encoding="utf-8")
    text = DESK.replace("spare: {serves: [phone], agents: 3}", "spare: {serves: [phone], heads: heads.csv}")
    scenario = resized(load_text(text, folder=tmp_path), {"spare": 0.8})
    assert value(rows(scenario, tmp_path), "teams.spare.heads") == ("", "", "heads.csv x 0.8", "", "resized")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("6.5 min", ("6.5", "min")), ("80%", ("80", "%")), ("38/h", ("38", "/h")), ("x 1.6", ("1.6", "x")),
        ("12", ("12", "")), ("2026-03-02", ("2026-03-02", "")), ("08:00-17:00", ("08:00-17:00", "")),
        ("1 day 6 h", ("1 day 6 h", "")), ("80% phone", ("80% phone", "")),
        ("30 min unpaid at 12:00", ("30 min unpaid at 12:00", "")),
    ],
)  # fmt: skip
def test_a_text_is_a_number_with_a_unit_or_stays_whole(text: str, parts: tuple[str, str]) -> None:
    assert split(text) == parts
    assert joined(*split(text)) == text


def tree(found: list[dict[str, str]]) -> Any:
    """What is written, as mappings and lists again."""
    whole: Any = {}
    for row in (row for row in found if row["source"] == "written"):
        steps: list[str | int] = []
        for part in row["what"].split("."):
            name, *places = re.split(r"\[(\d+)\]", part)
            steps += [name, *(int(place) - 1 for place in places if place)]
        at = whole
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            text = {"{}": {}, "[]": []}.get(row["value"], joined(row["value"], row["unit"]))
            fresh = text if following is None else [] if isinstance(following, int) else {}
            if isinstance(step, int) and step == len(at):
                at.append(fresh)
            elif not isinstance(step, int):
                at.setdefault(step, fresh)
            at = at[step]
    return whole


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_scenario_written_again_from_its_inputs_is_the_same(file: Path, tmp_path: Path) -> None:
    scenario = load(file)
    again = load_text(json.dumps(tree(rows(scenario, tmp_path))), file.name, file.parent)
    assert scenario_hash(again) == scenario_hash(scenario)
