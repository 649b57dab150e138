"""Every shipped scenario loads, is commented, opens in an editor with its schema, and describes a plausible desk."""

from __future__ import annotations

import json
import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from supportsim.scenario.load import load
from supportsim.scenario.model import Scenario

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = sorted((ROOT / "configs").rglob("*.yaml"))
DESKS = [path for path in CONFIGS if "verification" not in path.parts and "bench" not in path.parts]
#: Deliberately too few people.
#: An option that takes away the larger part of the work of one desk, and people by the head.
QUIET = [ROOT / "configs" / "saas" / "leaving_cut.yaml"]
EXTREMES = [ROOT / "configs" / "bank" / "minus_10.yaml"]
YAML = [*CONFIGS, *sorted((ROOT / "experiments").rglob("*.yaml"))]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def schema_of(path: Path) -> Path:
    """The schema that an editor reads beside a file."""
    return ROOT / "docs" / ("study.schema.json" if path.stem.endswith("study") else "scenario.schema.json")


@pytest.mark.parametrize("path", CONFIGS, ids=name)
def test_loads(path: Path) -> None:
    assert load(path).name


@pytest.mark.parametrize("path", YAML, ids=name)
def test_begins_with_the_editor_header_and_says_what_it_is(path: Path) -> None:
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    schema = first.removeprefix("# yaml-language-server: $schema=")
    assert Path(os.path.normpath(path.parent / schema)) == schema_of(path)
    assert second.startswith("# ")


@pytest.mark.parametrize("path", [path for path in DESKS if path not in EXTREMES + QUIET], ids=name)
def test_people_are_about_as_busy_as_they_should_be(path: Path) -> None:
    from supportsim.show.check import examine

    findings = examine(load(path))
    work = sum(group.work_hours for group in findings.groups)
    present = sum(group.present_hours for group in findings.groups)
    assert 0.70 <= work / present <= 0.92


def test_where_most_work_of_a_desk_is_gone_people_have_a_little_more_time() -> None:
    from supportsim.show.check import examine

    for path in QUIET:
        findings = examine(load(path))
        work = sum(group.work_hours for group in findings.groups)
        assert 0.6 <= work / sum(group.present_hours for group in findings.groups) < 0.7


def test_an_extreme_has_too_few_people() -> None:
    from supportsim.show.check import examine

    for path in EXTREMES:
        findings = examine(load(path))
        work = sum(group.work_hours for group in findings.groups)
        assert 0.92 < work / sum(group.present_hours for group in findings.groups) < 1


@pytest.mark.parametrize("path", DESKS, ids=name)
def test_runs_and_its_journal_is_clean(path: Path) -> None:
    from supportsim.engine.audit import audit
    from supportsim.engine.layout import Layout
    from supportsim.engine.operation import play

    months = "three_zones" in path.parts
    again = "saas" in path.parts and path.stem != "today"  # another option of the same company
    length = {"length": "6 weeks"} if months else {"length": "1 week", "warm_up": "1 day"} if again else {}
    scenario = load(path, length)  # six weeks: both changes of the clocks in spring
    journal = play(Layout(scenario), seed=1, replication=1)
    assert len(journal.contacts) > 100
    assert audit(journal, scenario) == []


def test_the_premium_variant_changes_the_order_and_nothing_else() -> None:
    today, variant = (load(ROOT / "configs" / "saas" / f"{n}.yaml") for n in ("today", "premium_first"))
    assert (today.policy, variant.policy) == ("fifo", "priority")
    for field in ("times", "segments", "plans", "channels", "streams", "teams", "promises", "busyness"):
        assert getattr(today, field) == getattr(variant, field), field


FIELDS = ("times", "segments", "plans", "channels", "streams", "busyness", "promises", "policy")
SAAS, BANK = ("saas", "today"), ("bank", "phones")
VARIANTS = [
    (SAAS, "reserved", {"held back"}),
    (SAAS, "tickets_only", {"plans", "promises"}),
    (BANK, "plus_10", {"shifts"}),
    (BANK, "minus_10", {"shifts"}),
    (BANK, "two_at_four", {"shifts"}),
    (BANK, "priority", {"policy"}),
    (BANK, "blending", {"channels", "streams", "promises", "segments", "plans", "held back"}),
]


def parts(scenario: Scenario) -> dict[str, Any]:
    found = {field: getattr(scenario, field) for field in FIELDS}
    found["shifts"] = [(team.name, team.shifts) for team in scenario.teams]
    found["held back"] = [max(team.holds, default=0) for team in scenario.teams]
    return found


@pytest.mark.parametrize(("base", "variant", "changed"), VARIANTS, ids=[variant for _, variant, _ in VARIANTS])
def test_a_variant_changes_what_it_says_and_nothing_else(
    base: tuple[str, str], variant: str, changed: set[str]
) -> None:
    before, after = (parts(load(ROOT / "configs" / base[0] / f"{n}.yaml")) for n in (base[1], variant))
    assert {part for part in before if before[part] != after[part]} == changed


def test_a_tenth_more_and_a_tenth_fewer_are_as_many() -> None:
    from supportsim.show.check import examine

    fewer, usual, more = (
        sum(team.rostered for team in examine(load(ROOT / "configs" / "bank" / f"{n}.yaml")).people)
        for n in ("minus_10", "phones", "plus_10")
    )
    assert more - usual == pytest.approx(usual - fewer)
    assert more / usual == pytest.approx(1.1, abs=0.005)


def test_three_zones_hold_every_change_of_the_clocks() -> None:
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    scenario = load(ROOT / "configs" / "three_zones" / "follow_the_sun.yaml")
    days = [scenario.times.start + timedelta(days=k) for k in range(scenario.times.length_days + 1)]
    for zone in {team.zone for team in scenario.teams}:
        offsets = [datetime(d.year, d.month, d.day, tzinfo=ZoneInfo(zone)).utcoffset() for d in days]
        assert sum(a != b for a, b in pairwise(offsets)) == 2, zone
    assert len({team.zone for team in scenario.teams}) == 3
    assert {steps for queue in scenario.queues for steps in queue.teams} == {("london", "toronto", "vancouver")}


def test_premium_customers_gain_what_the_order_gives_them() -> None:
    before, after = (_kept(n) for n in ("today", "premium_first"))
    assert after["premium_tickets"] > before["premium_tickets"] + 0.3
    assert after["free_tickets"] > 0.8


def test_each_desk_of_the_software_company_is_busy_and_none_is_swamped() -> None:
    from supportsim.study.run import run

    scenario = load(ROOT / "configs" / "saas" / "today.yaml")
    table = run(scenario, replications=2, seed=1).summary
    busy = table[(table.measure == "occupancy") & table.selector.isin([team.name for team in scenario.teams])]
    assert busy["mean"].between(0.70, 0.90).all()
    assert len(busy) == 3


def _kept(variant: str) -> dict[str, float]:
    from supportsim.study.run import run

    scenario: Scenario = load(ROOT / "configs" / "saas" / f"{variant}.yaml", {"length": "1 week"})
    table = run(scenario, replications=1, seed=1, jobs=1).replications
    kept = table[(table.measure == "kept_share") & table.selector.isin([p.name for p in scenario.promises])]
    return dict(zip(kept.selector, kept.value, strict=True))


def test_nobody_is_called_names() -> None:
    for path in (ROOT / "configs").rglob("*"):
        if path.suffix in (".yaml", ".md", ".csv", ".py"):
            text = path.read_text(encoding="utf-8").lower()
            assert not any(word in text for word in ("low-value", "low_value", "bad customer")), name(path)


def test_a_desk_that_cannot_keep_up_is_reported() -> None:
    from supportsim.show.check import examine
    from supportsim.show.check_text import lines

    scenario = load(ROOT / "configs" / "verification" / "E13_D.yaml")
    text = "\n".join([*lines(examine(scenario)), *scenario.notes])
    assert "regular" in text
    assert "queues will grow" in text


class AsEditorsRead(yaml.SafeLoader):
    """YAML 1.2: only numbers, true, false and null are not text (no dates, no times to base 60, no yes)."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}


for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    AsEditorsRead.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


@pytest.mark.parametrize("path", YAML, ids=name)
def test_editors_find_no_fault_in_it(path: Path) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(schema_of(path).read_text(encoding="utf-8"))
    tree = yaml.load(path.read_text(encoding="utf-8"), AsEditorsRead)
    faults = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(tree)]
    assert faults == []
