"""Playing a study: the same numbers whatever jobs, order, interruption or kill, and those of a run of each point."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from study.study_texts import POINTS, STUDY, Faulty, Hopeless, Made, written
from supportsim.scenario.load import load
from supportsim.study.conduct import Progressed
from supportsim.study.folder import ResultExists
from supportsim.study.run import run
from supportsim.study.store import StoreBusy
from supportsim.study.study import Study

TABLES = ("manifest.json", "points.csv", "replications.csv", "summary.csv", "differences.csv", "table.tex")


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


def counting(made: list[tuple[float, int]]) -> Any:
    """A maker that writes down what is played."""

    class Counting(Made):
        def __call__(self, replication: int) -> Any:
            made.append((self.volume, replication))
            return super().__call__(replication)

    return Counting


def test_a_point_has_exactly_the_values_of_a_run_with_the_same_changes(tmp_path: Path) -> None:
    found = Study.load(written(tmp_path)).run(jobs=1)
    scenario = load(tmp_path / "desk.yaml", {"demand.calls.volume": "x 1.2", "teams.frontline.agents": "4"})
    alone = run(scenario, 6, seed=7).replications
    mine = found.results[found.results["point"] == "high/four"]
    assert len(mine) == 18
    both = mine.merge(alone, on=["replication", "selector", "measure"], suffixes=("", "_alone"))
    assert len(both) == 18
    for column in ("numerator", "denominator", "value"):
        pd.testing.assert_series_equal(both[column], both[f"{column}_alone"], check_names=False, check_exact=True)


def test_days_are_those_of_a_run(tmp_path: Path) -> None:
    found = Study.load(written(tmp_path)).run(jobs=1)
    alone = run(load(tmp_path / "desk.yaml"), 6, seed=7).summary
    mine = found.summary[found.summary["point"] == "stated/three"]
    both = mine.merge(alone, on=["selector", "measure"], suffixes=("", "_alone"))
    for column in ("mean", "mean_ci_low", "mean_ci_high", "day_p05", "day_p95", "n"):
        pd.testing.assert_series_equal(both[column], both[f"{column}_alone"], check_names=False, check_exact=True)


def test_numbers_do_not_depend_on_jobs_or_order(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path))
    study.run(tmp_path / "one", jobs=1)
    study.run(tmp_path / "four", jobs=4)
    for names in (["high/*"], ["stated/four"], []):
        study.run(tmp_path / "parts", jobs=2, only=names)
    assert files(tmp_path / "one") == files(tmp_path / "four") == files(tmp_path / "parts")


def test_a_second_start_plays_only_what_is_missing(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path))
    played: list[tuple[float, int]] = []
    study.run(tmp_path / "out", jobs=1, make=counting(played))
    assert len(played) == 24
    more = Study.load(written(tmp_path, STUDY.replace("replications: 6", "replications: 8")))
    del played[:]
    found = more.run(tmp_path / "out", jobs=1, make=counting(played))
    assert sorted({replication for _, replication in played}) == [7, 8]
    assert len(played) == 8
    assert found.complete
    del played[:]
    study.run(tmp_path / "out", jobs=1, make=counting(played))
    assert not played
    assert len(study.run(tmp_path / "out", make=counting(played)).results) == 4 * 6 * 3


def test_another_metric_needs_no_play(tmp_path: Path) -> None:
    Study.load(written(tmp_path)).run(tmp_path / "out", jobs=1)
    more = Study.load(written(tmp_path, STUDY.replace("all.wait_mean,", "all.wait_mean, all.offered,")))
    played: list[tuple[float, int]] = []
    found = more.run(tmp_path / "out", jobs=1, make=counting(played))
    assert not played
    assert found.results["measure"].nunique() == 4
    assert found.results.equals(more.run(jobs=1).results)


def test_a_changed_point_is_played_anew_and_told(tmp_path: Path) -> None:
    Study.load(written(tmp_path)).run(tmp_path / "out", jobs=1, make=Made)
    changed = Study.load(written(tmp_path, STUDY.replace("x 1.2", "x 1.3")))
    played: list[tuple[float, int]] = []
    found = changed.run(tmp_path / "out", jobs=1, make=counting(played))
    assert {volume for volume, _ in played} == {1.3}
    assert found.notes == (
        "the point high/three has changed since: it is played anew",
        "the point high/four has changed since: it is played anew",
    )
    del played[:]
    assert Study.load(written(tmp_path)).run(tmp_path / "out", jobs=1, make=counting(played)).complete
    assert not played, "what was played of the former point is still there"


def test_another_seed_is_played_anew_and_told(tmp_path: Path) -> None:
    Study.load(written(tmp_path)).run(tmp_path / "out", jobs=1, make=Made)
    other = Study.load(written(tmp_path, STUDY.replace("seed: 7", "seed: 8")))
    played: list[tuple[float, int]] = []
    assert other.run(tmp_path / "out", jobs=1, make=counting(played)).notes == (
        "the seed has changed (7 -> 8): every point is played anew",
    )
    assert len(played) == 24


def test_points_that_are_the_same_scenario_are_played_once(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path, STUDY.replace("high: {demand.calls.volume: x 1.2}", "high: {}")))
    played: list[tuple[float, int]] = []
    found = study.run(jobs=1, make=counting(played))
    assert len(played) == 12
    assert list(found.points["played_as"]) == ["stated/three", "stated/four", "stated/three", "stated/four"]
    assert len(found.results) == 4 * 6 * 3


def test_ctrl_c_keeps_what_is_finished_and_the_next_start_goes_on(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path))

    def stop(progressed: Progressed) -> None:
        if progressed.played == 8:
            raise KeyboardInterrupt

    found = study.run(tmp_path / "out", jobs=1, progress=stop)
    assert found.interrupted
    assert not found.complete
    assert [len(found.conducted.finished(point)) for point in study.points] == [6, 2, 0, 0]
    told: list[Progressed] = []
    assert study.run(tmp_path / "out", jobs=2, progress=told.append).complete
    assert told[0].to_play == 16
    study.run(tmp_path / "whole", jobs=1)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_a_killed_process_loses_nothing_that_was_finished(tmp_path: Path) -> None:
    written(tmp_path, STUDY.replace("replications: 6", "replications: 3000"))
    command = [sys.executable, "-m", "supportsim.cli", "study", "study.yaml", "-o", "out", "--jobs", "2"]
    root = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": root}, stderr=subprocess.PIPE)
    lines = 0
    for _ in range(600):
        lines = sum(file.read_bytes().count(b"\n") - 1 for file in (tmp_path / "out" / "store").glob("*.txt"))
        if lines >= 20 or process.poll() is not None:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert lines >= 20
    written(tmp_path)
    played: list[tuple[float, int]] = []
    found = Study.load(tmp_path / "study.yaml").run(tmp_path / "out", jobs=1, make=counting(played))
    assert found.complete
    assert len(played) <= 24 - 6, "the first point at least is there"
    assert found.results[found.results["point"] == POINTS[0]].equals(
        Study.load(tmp_path / "study.yaml").run(jobs=1).results[:18]
    )


def test_a_torn_line_is_played_again(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path))
    study.run(tmp_path / "out", jobs=1)
    before = files(tmp_path / "out")
    for file in (tmp_path / "out" / "store").glob("*.txt"):
        raw = file.read_bytes()
        file.write_bytes(raw[:-20])
    played: list[tuple[float, int]] = []
    study.run(tmp_path / "out", jobs=1, make=counting(played))
    assert len(played) == 4
    for file in (tmp_path / "out" / "store").glob("*.txt"):
        lines = file.read_bytes().split(b"\n")
        lines[2] = lines[2][:-9] + b"AAAAAAAA="
        file.write_bytes(b"\n".join([*lines[:6], b""]))  # what was made up goes, one more line is damaged
    again = study.run(tmp_path / "out", jobs=1)
    assert again.complete
    assert files(tmp_path / "out") == before


def test_two_at_once_in_one_folder_are_refused(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path))

    def second(progressed: Progressed) -> None:
        if progressed.played == 1:
            with pytest.raises(StoreBusy, match="a study is being played there"):
                study.run(tmp_path / "out", jobs=1)

    study.run(tmp_path / "out", jobs=1, make=Made, progress=second)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(ResultExists, match="something else than a study"):
        study.run(tmp_path / "mine")
    study.run(tmp_path / "out", jobs=1, make=Made)
    other = Study.load(written(tmp_path, STUDY.replace("name: small", "name: large")))
    with pytest.raises(ResultExists, match="holds the study 'small', not 'large'"):
        other.run(tmp_path / "out")
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_replication_that_fails_is_told_and_the_others_are_played(tmp_path: Path) -> None:
    found = Study.load(written(tmp_path)).run(jobs=1, make=Faulty)
    assert not found.complete
    assert found.conducted.failed == {
        ("high/three", 2): "ArithmeticError: two is odd today (seed 7)",
        ("high/four", 2): "ArithmeticError: two is odd today (seed 7)",
    }
    assert len(found.results) == 3 * (6 + 6 + 5 + 5)
    assert set(found.differences["n"]) == {5, 6}


def test_an_error_that_always_comes_is_raised(tmp_path: Path) -> None:
    with pytest.raises(ArithmeticError, match="1 is odd today"):
        Study.load(written(tmp_path)).run(jobs=1, make=Hopeless)


def test_names_of_points_that_are_none_are_told_with_the_nearest(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path))
    with pytest.raises(ValueError, match="did you mean high/three"):
        study.chosen(["hihg/three"])
    assert [point.name for point in study.chosen(["*/four", "stated/three"])] == [
        "stated/three", "stated/four", "high/four",
    ]  # fmt: skip


PRECISION = STUDY.replace("replications: 6", "precision: {all.wait_mean: 2%, at_least: 10, at_most: 40}")


def test_precision_stops_at_the_first_look_that_is_good_enough(tmp_path: Path) -> None:
    loose = PRECISION.replace("2%", "90%")
    assert Study.load(written(tmp_path, loose)).run(jobs=1, make=Made).n == 10
    # values of Made: k -> 1 + (7 k + 7) mod 11, so half the interval at n is what is computed here
    from supportsim.study.estimate import student

    def half(n: int) -> float:
        values = np.array([1.0 + (k * 7 + 7) % 11 for k in range(1, n + 1)])
        found = student(values)
        return found.half / found.mean

    looks = [10, 13, 17, 22, 28, 35, 40]
    wanted = half(22) * 1.0001
    assert all(half(n) > wanted for n in looks[:3])
    found = Study.load(written(tmp_path, PRECISION.replace("2%", f"{100 * wanted:.6f}%"))).run(jobs=1, make=Made)
    assert found.n == 22
    assert found.complete
    assert set(found.summary["n"]) == {22}
    assert "n chosen by precision reached" in found.summary["method"].iloc[0]


def test_precision_that_is_not_reached_is_incomplete(tmp_path: Path) -> None:
    found = Study.load(written(tmp_path, PRECISION)).run(jobs=1, make=Made)
    assert found.n == 40
    assert not found.conducted.precise
    assert not found.complete


def test_the_number_of_replications_does_not_depend_on_what_lay_there(tmp_path: Path) -> None:
    study = Study.load(written(tmp_path, PRECISION.replace("2%", "15%")))
    alone = study.run(jobs=1, make=Made)
    Study.load(written(tmp_path)).run(tmp_path / "out", jobs=1, make=Made)
    study.run(tmp_path / "out", jobs=3, only=["high/four"], make=Made)
    assert study.run(tmp_path / "out", jobs=2, make=Made).results.equals(alone.results)


def test_goals_are_in_the_unit_of_the_measure(tmp_path: Path) -> None:
    from supportsim.study.precision import batches, met

    plan = Study.load(written(tmp_path, PRECISION.replace("2%", "30 s"))).plan
    assert plan.precision is not None
    goal = plan.precision.goals[0]
    values = np.array([100.0, 140.0, 120.0, 120.0])  # half of the interval: 25.98
    assert met(goal, values, "s")
    assert not met(goal._replace(size=25.0), values, "s")
    assert met(goal, values / 3600, "h")
    assert not met(goal, values[:1], "s")
    assert met(goal, np.full(4, np.nan), "s")
    assert list(batches(plan.precision)) == [10, 13, 17, 22, 28, 35, 40]


def test_a_study_without_a_name_has_that_of_its_file(tmp_path: Path) -> None:
    assert Study.load(written(tmp_path, STUDY.replace("name: small\n", ""))).plan.name == "study"
