"""A scenario as plain data, and all faults of an input at once."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from loader_texts import PHONES, VALID

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load, load_text, resolved, resolved_yaml, scenario_hash
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, MINUTE


# -- the complete form -----------------------------------------------------------------------------------
def everything(value: Any) -> Iterator[Any]:
    yield value
    if is_dataclass(value):
        for each in fields(value):
            yield from everything(getattr(value, each.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from everything(item)


@pytest.mark.parametrize("name", ["smallest", "desk", "variant", "curve", "blended"])
def test_a_scenario_is_plain_data(name: str) -> None:
    scenario = load(VALID / f"{name}.yaml")
    assert {type(value) for value in everything(scenario) if isinstance(value, str)} == {str}
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)


@pytest.mark.parametrize(("name", "start"), [("desk", "2026-03-09"), ("blended", "2026-03-02")])
def test_the_complete_form_is_json_and_yaml(name: str, start: str) -> None:
    import yaml

    desk = load(VALID / f"{name}.yaml")
    complete = resolved(desk)
    assert json.loads(json.dumps(complete, allow_nan=False)) == complete
    assert yaml.safe_load(resolved_yaml(desk)) == complete
    assert complete["promises"][0]["limit"] == 20_000_000
    assert complete["times"]["start"] == start
    assert not {"defaults", "notes", "source", "written"} & set(complete)


def test_a_trace_stands_in_the_complete_form_by_its_hash() -> None:
    trace = resolved(load(VALID / "curve.yaml"))["streams"][0]["trace"]
    assert (trace["rows"], len(trace["sha256"])) == (2, 64)


def test_the_hash_is_of_what_is_meant_and_not_of_how_it_is_written() -> None:
    same = load_text(PHONES.replace("answer: 20 s", "answer: 20000 ms"), "other.yaml")
    assert scenario_hash(same) == scenario_hash(load_text(PHONES))
    assert scenario_hash(load_text(PHONES, changes=[("promises.fast.answer", "21 s")])) != scenario_hash(
        load_text(PHONES)
    )
    assert scenario_hash(load_text(PHONES, changes=[("name", "other")])) != scenario_hash(load_text(PHONES))


# -- all faults at once ----------------------------------------------------------------------------------
def test_all_faults_of_a_file_are_told_at_once_in_order() -> None:
    text = PHONES.replace("length: 1 week", "length: soon").replace("handle_time: 5 min", "handle_time: 6:30")
    text = text.replace("rate: 20/h", "rate: 20").replace("agents: 3", "agents: three")
    text = text.replace("of: phone", "of: fone").replace("again: 50%", "again: 40%")
    with pytest.raises(ConfigError) as caught:
        load_text(text + "colour: red\n")
    assert [fault.path for fault in caught.value.faults] == [
        "length",
        "channels.phone.handle_time",
        "channels.phone.after.abandoned",
        "demand.calls.rate",
        "teams.desk.shifts.day.agents",
        "promises.fast.of",
        "colour",
    ]


def test_faults_of_csv_files_are_told_with_those_of_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("day,start,offered\nmon,09:00,many\n")
    text = PHONES.replace("rate: 20/h", "channel: phone, forecast: calls.csv, counts: issues")
    with pytest.raises(ConfigError) as caught:
        load_text(text.replace("share: 80%", "share: 0.8"), "x.yaml", tmp_path)
    assert [(fault.file, fault.line) for fault in caught.value.faults][:2] == [("x.yaml", 22), ("calls.csv", 2)]


def test_numpy_is_loaded_only_where_a_file_needs_arrays() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from supportsim.scenario.load import load; load(sys.argv[1]); "
        "print(sorted({'numpy', 'scipy', 'pandas', 'matplotlib', 'numba'} & set(sys.modules)))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(VALID / "desk.yaml")], capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "[]"


# -- drawn beside the results ----------------------------------------------------------------------------
def beside(tmp_path: Path, key: str, text: str) -> Scenario:
    (tmp_path / "beside.csv").write_text(text, encoding="utf-8")
    return load_text(PHONES + f"{key}: beside.csv\n", "x.yaml", tmp_path)


def test_required_heads_are_counted_from_the_start(tmp_path: Path) -> None:
    scenario = beside(tmp_path, "required", "start,heads\n2026-03-02 09:00,4\n2026-03-02 09:30,5.5\n")
    assert scenario.required == ((9 * HOUR, 4.0), (9 * HOUR + 30 * MINUTE, 5.5))


def test_actuals_stay_text(tmp_path: Path) -> None:
    scenario = beside(tmp_path, "actuals", "start,sl,channel\n2026-03-02 09:00,81%,phone\n2026-03-02 09:30,,phone\n")
    assert scenario.actuals == (
        ("start", "sl", "channel"),
        (("2026-03-02 09:00", "81%", "phone"), ("2026-03-02 09:30", "", "phone")),
    )


@pytest.mark.parametrize(
    ("key", "text", "line", "part"),
    [
        ("required", "start,heads\n2026-03-02 09:00,4\n2026-03-02 09:00,5\n", 3, "times that rise from row to row"),
        ("required", "start,heads\n2026-03-02 09:00,many\n", 2, "heads, 0 or more"),
        ("required", "start,number\n2026-03-02 09:00,4\n", 1, "start, heads"),
        ("actuals", "start,sl\n2026-03-02 09:00,high\n", 2, ""),
        ("actuals", "start,sl\n", 1, "a row at least"),
    ],
)
def test_faults_beside_the_results_have_their_line(tmp_path: Path, key: str, text: str, line: int, part: str) -> None:
    with pytest.raises(ConfigError) as caught:
        beside(tmp_path, key, text)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("beside.csv", line)
    assert part in fault.expected


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".csv", "a\\0.csv", ".", "..", "/etc/hostname", "data", "~/x.csv", "no/x.csv"]
)
def test_a_name_that_is_no_file_is_a_fault(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    text = PHONES.replace("rate: 20/h", f'channel: phone, forecast: "{name}", counts: issues')
    with pytest.raises(ConfigError) as caught:
        load_text(text, "x.yaml", tmp_path)
    (fault,) = caught.value.faults
    assert fault.path == "demand.calls.forecast"
