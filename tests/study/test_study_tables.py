"""The tables of a study: columns, differences and Holm by hand, LaTeX that prints what stands there."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from study.study_texts import STUDY, Made, written
from supportsim.study.paired import paired
from supportsim.study.study import Study, StudyResult
from supportsim.study.study_latex import escaped, table
from supportsim.study.study_pairs import comparisons


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    return Study.load(written(tmp_path_factory.mktemp("study"))).run(jobs=1)


def test_results_are_tidy(played: StudyResult) -> None:
    assert list(played.results.columns) == [
        "point", "load", "people", "replication", "selector", "measure", "numerator", "denominator", "value",
    ]  # fmt: skip
    assert len(played.results) == 4 * 6 * 3
    shares = played.results[played.results["measure"] == "kept_share"]
    np.testing.assert_allclose(shares["numerator"] / shares["denominator"], shares["value"])


def test_every_comparison_is_within_its_level_and_against_the_one_named(played: StudyResult) -> None:
    pairs = played.differences[["point", "against"]].drop_duplicates()
    assert list(map(tuple, pairs.to_numpy())) == [("stated/four", "stated/three"), ("high/four", "high/three")]
    assert len(played.differences) == 6


def test_differences_are_paired_replication_by_replication(played: StudyResult) -> None:
    def values(point: str) -> np.ndarray:
        rows = played.results[(played.results["point"] == point) & (played.results["measure"] == "wait_mean")]
        return rows["value"].to_numpy()

    row = played.differences[
        (played.differences["point"] == "high/four") & (played.differences["measure"] == "wait_mean")
    ].iloc[0]
    found = paired(values("high/three"), values("high/four"))
    assert (row["change"], row["change_ci_low"], row["change_ci_high"]) == found.change[:3]
    assert (row["correlation"], row["variance_reduction"], row["p"]) == found[3:]


def test_holm_by_hand(played: StudyResult) -> None:
    p = sorted(played.differences["p"])
    largest = 0.0
    by_hand = []
    for rank, value in enumerate(p):  # the smallest times 6, the next times 5, …, never falling, at most 1
        largest = max(largest, min(1.0, value * (6 - rank)))
        by_hand.append(largest)
    assert sorted(played.differences["p_holm"]) == pytest.approx(by_hand, rel=1e-12)
    assert set(played.differences["family"]) == {6}


def test_without_correction_p_stays_and_the_family_is_one(tmp_path: Path) -> None:
    study = STUDY.replace("{people: three}}", "{people: three}, correction: none}")
    found = Study.load(written(tmp_path, study)).run(jobs=1).differences
    assert (found["p"] == found["p_holm"]).all()
    assert set(found["family"]) == {1}


def test_what_does_not_differ_at_all_is_told_so(tmp_path: Path) -> None:
    found = comparisons(Study.load(written(tmp_path)).run(jobs=1, make=Made))
    assert {each.verdict for each in found} == {"no difference"}


def test_too_close_to_call_says_how_many_may_decide(tmp_path: Path) -> None:
    study = STUDY.replace("3 -> 4", "3").replace("four: {teams", "four: {promises.fast.answer: 21 s, teams")
    found = comparisons(Study.load(written(tmp_path, study)).run(jobs=1))
    close = [each for each in found if each.verdict == "too close to call"]
    assert close
    assert all(each.to_decide is None or each.to_decide >= 12 for each in close)


def test_the_files_hold_the_tables(tmp_path: Path) -> None:
    found = Study.load(written(tmp_path)).run(tmp_path / "out", jobs=1)
    with (tmp_path / "out" / "replications.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [float(row["value"]) for row in rows] == found.results["value"].tolist()
    with (tmp_path / "out" / "points.csv").open(encoding="utf-8", newline="") as lines:
        points = list(csv.DictReader(lines))
    assert points[3]["changes"] == "teams.frontline.agents: 3 -> 4; demand.calls.volume: 1 -> 1.2"
    told = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert told["study"]["seed"] == 7
    assert [point["finished"] for point in told["points"]] == [6, 6, 6, 6]
    assert set(told["scenarios"]) == {point["scenario_sha256"] for point in told["points"]}
    assert (tmp_path / "out" / "table.tex").read_text(encoding="utf-8") == table(found)


def test_only_the_outputs_asked_for_are_written(tmp_path: Path) -> None:
    study = STUDY + "outputs: summary.csv\n"
    Study.load(written(tmp_path, study)).run(tmp_path / "out", jobs=1, make=Made)
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"manifest.json", "store", "summary.csv"}


def test_a_promise_has_its_target_and_verdict_in_the_summary(played: StudyResult) -> None:
    rows = played.summary[played.summary["measure"] == "kept_share"]
    assert set(rows["target"]) == {0.8}
    assert set(rows["verdict"]) <= {"kept", "missed", "too close to call"}
    others = played.summary[played.summary["measure"] != "kept_share"]
    assert others["target"].isna().all()


def test_a_metric_that_a_point_does_not_have_is_absent_there(tmp_path: Path) -> None:
    study = STUDY.replace("three: {}", "three: {remove: [promises.fast]}")
    found = Study.load(written(tmp_path, study)).run(jobs=1)
    kept = found.summary[found.summary["measure"] == "kept_share"]
    assert list(kept["point"]) == ["stated/four", "high/four"]
    shares = found.differences[found.differences["measure"] == "kept_share"]
    assert set(shares["verdict"]) == {"no cases"}


def test_latex_prints_what_stands_there(played: StudyResult) -> None:
    assert escaped(r"50% a_b & $x$ #1 {~^\}") == (
        r"50\% a\_b \& \$x\$ \#1 \{\textasciitilde{}\textasciicircum{}\textbackslash{}\}"
    )
    lines = table(played).splitlines()
    assert lines[2:6] == [
        r"\begin{tabular}{llrrr}", r"\toprule",
        r"load & people & fast kept\_share & all wait\_mean & frontline occupancy \\", r" &  & \% & s & \% \\",
    ]  # fmt: skip
    body = [line for line in lines if r"\pm" in line]
    assert len(body) == 4
    assert all(line.count("&") == 4 for line in body)
    assert lines[-2:] == [r"\bottomrule", r"\end{tabular}"]
