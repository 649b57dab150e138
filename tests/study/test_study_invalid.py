"""The library of faulty studies: every file has one fault, and its whole message stands in its first line."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from study.study_texts import STUDY, written
from supportsim.scenario.errors import ConfigError
from supportsim.study.planning import load_plan

FOLDER = Path(__file__).parents[1] / "scenarios" / "invalid_studies"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_study_with_one_fault_gets_one_message(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# expect: ")
    with pytest.raises(ConfigError) as caught:
        load_plan(path)
    told = [str(fault).removeprefix(f"{FOLDER}/").removeprefix(f"{path.name}:") for fault in caught.value.faults]
    assert told == [expected]


def test_the_library_is_large() -> None:
    assert len(FILES) >= 60


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    study = """
base: desk.yaml
replications: many
factors:
  load: {low: {demand.calls.volume: x -1}, high: {demand.cals.volume: x 2}}
metrics: [fast.kept, all.wait_mean]
compare: {against: {laod: low}}
outputs: [summary.csv, pictures]
"""
    with pytest.raises(ConfigError) as caught:
        load_plan(written(tmp_path, study.lstrip()))
    assert [(fault.line, fault.got) for fault in caught.value.faults] == [
        (2, "many"), (4, "x -1"), (4, "demand.cals.volume"), (6, "laod"), (7, "pictures"),
    ]  # fmt: skip


def test_metrics_are_checked_beside_faults_of_other_points(tmp_path: Path) -> None:
    study = """
base: desk.yaml
factors: {load: {stated: {}, high: {demand.cals.volume: x 2}}}
metrics: [fast.kept]
"""
    with pytest.raises(ConfigError) as caught:
        load_plan(written(tmp_path, study.lstrip()))
    assert [fault.got for fault in caught.value.faults] == ["demand.cals.volume", "fast.kept"]


def test_a_file_that_is_not_there_is_told_as_a_study(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_plan(tmp_path / "study.yaml")
    with pytest.raises(ConfigError, match="expected a study file"):
        load_plan(tmp_path)


WORDS = (
    "{}", "[]", "", "null", "~", "x 2", "*", "&a", "!t", "- a", ":", "'", '"', "{a: b}", "[a, b]", "\n  x: 1", "1,5",
    "remove: x", "case", "base", "4 -> 5", "\t", "é", "<<: a", "*.x", "..", "%",
)  # fmt: skip
MORE = """
cases: {as_is: {}, other: desk.yaml, no: {remove: [promises.fast]}}
outputs: [replications.csv, summary.csv, forest, interaction, lines]
"""


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_study_is_read_or_refused_in_words(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    goal = "precision: {all.wait_mean: 2%, fast.kept_share: 0.5 points, at_least: 10, at_most: 40}"
    for _ in range(3):
        text = chance.choice([STUDY, STUDY + MORE, STUDY.replace("replications: 6", goal) + MORE])
        for _ in range(chance.randint(1, 4)):
            at, cut = chance.randrange(len(text)), chance.choice((0, 0, chance.randint(1, 12)))
            text = text[:at] + (chance.choice(WORDS) if not cut else "") + text[at + cut :]
        with suppress(ConfigError):
            load_plan(written(tmp_path, text))


def test_very_deep_nesting_is_refused_in_words(tmp_path: Path) -> None:
    study = "base: desk.yaml\nmetrics: " + "[" * 400 + "]" * 400
    with pytest.raises(ConfigError, match="at most 50 levels"):
        load_plan(written(tmp_path, study))
