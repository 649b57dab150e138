"""The points of a study: crossed, resolved as `--set` would, and told where a change does nothing."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from study.study_texts import DESK, POINTS, STUDY, written
from supportsim.measure.replication import Yardstick
from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load, scenario_hash
from supportsim.study import study_metrics as metrics
from supportsim.study.changes import changes
from supportsim.study.planning import load_plan
from supportsim.study.study_schema import json_schema

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted((ROOT / "configs").rglob("*.yaml"))


def test_factors_are_crossed_in_the_order_of_the_file(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path))
    assert tuple(point.name for point in plan.points) == POINTS
    assert [point.levels for point in plan.points][1] == ("stated", "four")
    assert plan.factors == ("load", "people")


def test_a_point_is_the_scenario_that_set_makes(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path))
    same = load(tmp_path / "desk.yaml", {"demand.calls.volume": "x 1.2", "teams.frontline.agents": "4"})
    assert plan.points[3].hash == scenario_hash(same)
    assert plan.points[0].hash == scenario_hash(load(tmp_path / "desk.yaml"))


def test_changes_of_two_factors_multiply(tmp_path: Path) -> None:
    study = STUDY.replace("three: {}", "three: {demand.*.volume: x 1.5}")
    plan = load_plan(written(tmp_path, study))
    assert plan.points[2].scenario.streams[0].volume == pytest.approx(1.8)


def test_cases_are_points_by_name_and_are_crossed_with_factors(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(DESK.replace("agents: 3", "agents: 5"), encoding="utf-8")
    study = STUDY.replace(
        "factors:", "cases: {as_is: {}, other: other.yaml, no_promise: {remove: [promises.fast]}}\nfactors:"
    )
    study = study.replace("  people: {three: {}, four: {teams.frontline.agents: 3 -> 4}}\n", "")
    study = study.replace("within: load, against: {people: three}", "against: {case: as_is}")
    plan = load_plan(written(tmp_path, study))
    assert [point.name for point in plan.points] == [
        f"{case}/{load}" for case in ("as_is", "other", "no_promise") for load in ("stated", "high")
    ]
    assert plan.points[3].scenario.teams[0].agents == 5
    assert plan.points[3].scenario.streams[0].volume == 1.2
    assert not plan.points[4].scenario.promises
    assert plan.compare is not None
    assert plan.compare.within == ("load",)


def test_a_study_of_files_alone_needs_no_base(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "study.yaml").write_text("cases: {one: desk.yaml, two: desk.yaml}\nmetrics: all.wait_mean\n")
    plan = load_plan(tmp_path / "study.yaml")
    assert [point.name for point in plan.points] == ["one", "two"]
    assert plan.name == "study"


def test_a_study_without_factors_has_one_point(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, "base: desk.yaml\nmetrics: [all.wait_mean]\n"))
    assert [(point.name, point.levels) for point in plan.points] == [("base", ())]
    assert plan.replications == 30


def test_a_change_without_effect_is_told(tmp_path: Path) -> None:
    study = """
base: desk.yaml
factors:
  people: {same: {teams.frontline.agents: 3}, more: {teams.frontline.agents: 4}}
  again: {no: {}, over: {teams.frontline.agents: 5}}
  words: {no: {}, other: {promises.fast.answer: 20.0 s}}
metrics: [all.wait_mean]
"""
    notes = {point.name: point.notes for point in load_plan(written(tmp_path, study)).points}
    assert notes["same/no/no"] == ("teams.frontline.agents: 3 has no effect",)
    assert notes["more/no/no"] == ()
    assert notes["more/over/no"] == ("teams.frontline.agents: 4 has no effect",)
    assert notes["more/no/other"] == ()
    only = load_plan(written(tmp_path, study.replace("same: {teams.frontline.agents: 3}", "same: {}")))
    assert only.points[1].notes == ("all its changes together leave the base as it is",)


def test_what_changes_is_told_as_resolved(tmp_path: Path) -> None:
    study = """
base: desk.yaml
cases:
  much:
    demand.calls.rate: x 1.5
    channels.phone.handle_time: x 2
    promises.fast.answer: 1 min
    promises.fast.share: 90%
    routing.policy: fifo
    remove: channels.phone.patience
metrics: [all.wait_mean]
"""
    plan = load_plan(written(tmp_path, study))
    assert plan.base is not None
    told = [str(change) for change in changes(plan.base, plan.points[0].scenario)]
    assert told[:3] == [
        "queues.customers general phone.work.law: exponential(5 min) -> exponential(10 min)",
        "queues.customers general phone.patience: exponential(3 min) -> never()",
        f"demand.calls.rates: {told[2].split(': ', 1)[1]}",
    ]
    assert told[3:] == [
        "promises.fast.limit: 20 s -> 1 min", "promises.fast.share: 80% -> 90%", "routing.policy: priority -> fifo",
    ]  # fmt: skip


def test_margins_are_told_as_money(tmp_path: Path) -> None:
    study = """
base: desk.yaml
cases:
  more: {segments.users.margin: x 4}
  mixed: {segments.users.margin: {lognormal: {mean: 9/month, cv: 1.5}}}
metrics: [all.margin]
"""
    plan = load_plan(written(tmp_path, study, DESK + "segments: {users: {customers: 50, margin: 0.25/month}}\n"))
    assert plan.base is not None
    told = [str(change) for point in plan.points for change in changes(plan.base, point.scenario)]
    assert told == [
        "segments.users.margin: 0.25/month -> 1/month", "segments.users.margin: 0.25/month -> lognormal(9/month, 1.5)",
    ]  # fmt: skip


def test_each_kind_of_experience_is_told_by_itself(tmp_path: Path) -> None:
    study = """
base: desk.yaml
cases:
  minded:
    experience.gave_up.high: x 2
    experience.waited: {each: 1 day, low: x 1, stated: x 1.05, high: x 1.2, lasts: 30 days}
metrics: [all.wait_mean]
"""
    felt = "experience: {lasts: 1 day, gave_up: {low: x 1, stated: x 1.1, high: x 1.5}}\n"
    plan = load_plan(written(tmp_path, study, DESK + felt))
    assert plan.base is not None
    assert [str(change) for change in changes(plan.base, plan.points[0].scenario)] == [
        "experience.gave_up.high: 1.5 -> 3",
        "experience.waited: none -> {kind: waited, low: 1, stated: 1.05, high: 1.2, lasts: 30 days, each: 1 day}",
    ]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: str(path.relative_to(ROOT)))
def test_known_metrics_are_those_that_are_measured(path: Path) -> None:
    scenario = load(path)
    known = metrics.known(scenario)
    listed = {(selector, measure) for selector, measures in known.items() for measure in measures}
    assert listed == set(Yardstick(scenario).keys)


def test_a_bundle_may_name_files_beside_the_study(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    written(tmp_path)
    lines = ["start,heads", "2026-03-02 00:00,2"]
    (tmp_path / "below" / "heads.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    study = "base: ../desk.yaml\ncases: {curve: {teams.frontline.heads: heads.csv, remove: teams.frontline.agents}}\n"
    (tmp_path / "below" / "study.yaml").write_text(study + "metrics: [all.wait_mean]\n", encoding="utf-8")
    assert load_plan(tmp_path / "below" / "study.yaml").points[0].scenario.teams[0].heads is not None


@pytest.mark.parametrize("name", ["<script>", "$x$", "a b", "[red]", "a,b", "=1+1", "é", "x" * 61])
def test_strange_names_of_levels_are_refused(name: str, tmp_path: Path) -> None:
    study = f"base: desk.yaml\nfactors: {{load: {{'{name}': {{}}}}}}\nmetrics: [all.wait_mean]\n"
    with pytest.raises(ConfigError, match="expected a name: letters"):
        load_plan(written(tmp_path, study))


def test_the_schema_says_what_the_reader_says() -> None:
    import yaml

    schema = json_schema()
    json.dumps(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert not list(validator.iter_errors(yaml.safe_load(STUDY)))
    for wrong in ("metrics: [wait]", "outputs: [pictures]", "seed: -1", "factors: {point: {a: {}}}", "sede: 1"):
        assert list(validator.iter_errors(yaml.safe_load(STUDY) | yaml.safe_load(wrong))), wrong


def test_a_csv_file_is_read_once_for_all_points_that_read_it_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportsim.scenario import csv_forecast

    read = csv_forecast.read_forecast
    count = []
    monkeypatch.setattr(csv_forecast, "read_forecast", lambda *given, **more: count.append(1) or read(*given, **more))
    rows = [f"2026-03-02 {hour:02d}:00,{10 + hour}" for hour in range(24)]
    (tmp_path / "calls.csv").write_text("\n".join(["start,offered", *rows, ""]), encoding="utf-8")
    desk = DESK.replace("rate: 30/h", "forecast: calls.csv, counts: issues")
    study = STUDY.replace("three: {}", "three: {length: 3 h, start: 2026-03-02}")
    plan = load_plan(written(tmp_path, study, desk))
    assert len(count) == 1
    for point, changed in (
        (0, {"length": "3 h"}),
        (3, {"demand.calls.volume": "x 1.2", "teams.frontline.agents": "4"}),
    ):
        assert plan.points[point].hash == scenario_hash(load(tmp_path / "desk.yaml", changed))


def test_a_faulty_csv_file_is_told_of_once_for_all_points(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("start,offered\n2026-03-02 00:00,-1\n", encoding="utf-8")
    bundle = "{remove: demand.calls.rate, demand.calls.forecast: calls.csv, demand.calls.counts: issues}"
    with pytest.raises(ConfigError) as caught:
        load_plan(written(tmp_path, STUDY.replace("{demand.calls.volume: x 1.2}", bundle)))
    told = [(Path(fault.file).name, fault.line, fault.got) for fault in caught.value.faults]
    assert ("calls.csv", 2, "-1") in told
    assert len(told) == len(set(told))
