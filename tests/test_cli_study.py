"""`supportsim study`: what it prints where, what it writes, and with which exit code it leaves."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from study.study_texts import STUDY, written

from supportsim.cli import main

ROOT = Path(__file__).resolve().parents[1]
LIGHT = {"numba", "numpy", "scipy", "matplotlib", "pandas", "simpy"}


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return written(tmp_path)


DRY = """\
study        small: How many people?
points       4: load (stated, high) × people (three, four)
replications 6 of each, seed 7 for all points
metrics      fast.kept_share, all.wait_mean, frontline.occupancy
compared     every point with people three within each load; Holm over 2 comparisons × 3 metrics
time         about 1 s on 2 cores; a guess from 144 issues a replication

point         scenario  changes, as resolved: old -> new
stated/three  HASH0     none: the base as it is
stated/four   HASH1     teams.frontline.agents: 3 -> 4
high/three    HASH2     demand.calls.volume: 1 -> 1.2
high/four     HASH3     teams.frontline.agents: 3 -> 4
                        demand.calls.volume: 1 -> 1.2
"""


def test_a_dry_run_says_what_each_point_changes_and_plays_nothing(
    study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportsim.show import study_text
    from supportsim.study.planning import load_plan

    monkeypatch.setattr(study_text, "cores", lambda: 2)
    assert main(["study", "study.yaml", "--dry-run"]) == 0
    told = capsys.readouterr()
    expected = DRY
    for i, point in enumerate(load_plan(study).points):
        expected = expected.replace(f"HASH{i}   ", point.hash[:8])
    assert told.out == expected
    assert not told.err
    assert {file.name for file in study.parent.iterdir()} == {"desk.yaml", "study.yaml"}


def test_a_dry_run_loads_nothing_heavy(study: Path) -> None:
    code = "import sys\nfrom supportsim.cli import main\nassert main(['study', 'study.yaml', '--dry-run']) == 0\n"
    code += f"print(sorted({LIGHT!r} & set(sys.modules)), file=sys.stderr)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=study.parent, env=environment, capture_output=True, text=True
    )
    assert done.stderr == "[]\n"


def test_a_dry_run_as_json(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "study.yaml", "--dry-run", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["points"][3]["changes"] == [
        {"path": "teams.frontline.agents", "old": "3", "new": "4"},
        {"path": "demand.calls.volume", "old": "1", "new": "1.2"},
    ]


def test_a_dry_run_of_some_points(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "study.yaml", "--dry-run", "--only", "high/*"]) == 0
    out = capsys.readouterr().out
    assert "points       2 of 4:" in out
    assert "stated/four" not in out


def test_a_study_writes_its_files_and_tells_what_came_out(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "study.yaml", "-o", "out"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("small: 4 points × 6 replications, seed 7\nHow many people?\n")
    assert "fast: answered in 20 s, of all offered" in told.out
    assert "load stated: four against three: " in told.out
    assert "customers who heard busy or came while it was closed are in none of the shares" in told.out
    assert "for all 6 together (Holm, 2 comparisons × 3 metrics of this file)" in told.out
    assert told.out.endswith("results: out\n")
    figures = {f"figures/{name}.{kind}" for name in ("forest", "interaction") for kind in ("csv", "png", "svg")}
    tables = {"manifest.json", "points.csv", "replications.csv", "summary.csv", "differences.csv", "table.tex"}
    files = {str(file.relative_to("out")) for file in Path("out").rglob("*") if file.is_file()}
    assert {file for file in files if not file.startswith("store/")} == tables | figures


@pytest.mark.usefixtures("without_pixels")
def test_a_second_start_writes_the_same_bytes(study: Path) -> None:
    assert main(["study", "study.yaml", "-o", "out", "--jobs", "2"]) == 0
    before = {file: file.read_bytes() for file in Path("out").rglob("*") if file.is_file()}
    assert main(["study", "study.yaml", "-o", "out", "--jobs", "1"]) == 0
    assert {file: file.read_bytes() for file in Path("out").rglob("*") if file.is_file()} == before


@pytest.mark.usefixtures("without_pixels")
def test_a_study_as_json_is_strict(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "study.yaml", "--json"]) == 0

    def never(word: str) -> None:
        raise AssertionError(word)

    found = json.loads(capsys.readouterr().out, parse_constant=never)
    assert found["complete"]
    assert found["folder"] == str(Path("results") / "small")
    assert len(found["differences"]) == 6


def test_a_faulty_study_ends_with_3_and_writes_nothing(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(study.parent, STUDY.replace("all.wait_mean", "all.wait_maen"))
    assert main(["study", "study.yaml", "-o", "out"]) == 3
    told = capsys.readouterr()
    assert told.err == (
        "study.yaml:10:28 metrics[2]: got all.wait_maen; expected a measure of all; "
        "did you mean wait_mean or wait_var or served_wait_mean?\n"
    )
    assert not told.out
    assert not Path("out").exists()


def test_a_study_is_no_scenario(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "study.yaml"]) == 3
    hint = "this is a study: supportsim study plays it"
    assert capsys.readouterr().err == f"study.yaml:10:1 metrics: got metrics; expected a scenario; {hint}\n"


def test_a_point_that_is_none_is_wrong_usage(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "study.yaml", "-o", "out", "--only", "high/fuor"]) == 2
    assert "no point 'high/fuor'; did you mean high/four or high/three?" in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_folder_of_something_else_ends_with_4(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "study.yaml", "-o", "."]) == 4
    assert "holds something else than a study" in capsys.readouterr().err


@pytest.mark.usefixtures("without_pixels")
def test_a_folder_in_which_another_study_plays_ends_with_4(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fcntl = pytest.importorskip("fcntl")
    Path("out/store").mkdir(parents=True)
    with Path("out/store/lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(["study", "study.yaml", "-o", "out"]) == 4
    assert capsys.readouterr().err == "supportsim: out: a study is being played there; wait, or name another folder\n"
    assert main(["study", "study.yaml", "-o", "out"]) == 0, (
        "a start that was stopped so early leaves nothing in the way"
    )


@pytest.mark.usefixtures("without_pixels")
def test_precision_that_is_not_reached_ends_with_5(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    goal = "precision: {all.wait_mean: 0.1 s, at_least: 10, at_most: 12}"
    written(study.parent, STUDY.replace("replications: 6", goal))
    assert main(["study", "study.yaml", "-o", "out"]) == 5
    told = capsys.readouterr()
    assert "precision asked for: NOT met with at most 12; n = 12 replications at each point" in told.out
    assert "all.wait_mean is known to ± " in told.err


@pytest.mark.usefixtures("without_pixels")
def test_only_some_points_are_complete_in_themselves(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "study.yaml", "-o", "out", "--only", "stated/*"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("small: 4 points × 0 to 6 of 6 replications, seed 7\n")
    assert re.search(r"^ high +three +–", out, flags=re.M)
    assert "load high" not in out, "nothing is said of what was not played"
    assert json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))["points"][2]["finished"] == 0


@pytest.mark.usefixtures("without_pixels")
def test_what_has_changed_is_told_before_it_is_played(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "study.yaml", "-o", "out"]) == 0
    written(study.parent, STUDY.replace("x 1.2", "x 1.3"))
    capsys.readouterr()
    assert main(["study", "study.yaml", "-o", "out"]) == 0
    assert "note: the point high/four has changed since: it is played anew\n" in capsys.readouterr().err


def test_ctrl_c_keeps_what_is_finished_and_ends_with_130(study: Path) -> None:
    written(study.parent, STUDY.replace("replications: 6", "replications: 20000"))
    command = [sys.executable, "-m", "supportsim.cli", "study", "study.yaml", "-o", "out", "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=study.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored where a shell began us with &
    )  # fmt: skip
    for _ in range(600):
        if sum(file.stat().st_size for file in Path("out/store").glob("*.txt")) > 50_000 or process.poll() is not None:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "interrupted: what is finished is kept, tables are written; press again to stop at once" in err
    assert "the same command goes on from there" in err
    assert re.search(r"^ stated +three +\d", out, flags=re.M)
    assert Path("out/summary.csv").is_file()
    finished = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))["points"][0]["finished"]
    assert finished > 10


HOSTILE = STUDY.replace("How many people?", "'=1+1 [red]x[/red] $x$ <script>alert(1)</script> \\input{a} 100%'")


@pytest.mark.usefixtures("without_pixels")
def test_a_hostile_question_is_text_everywhere(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(study.parent, HOSTILE)
    assert main(["study", "study.yaml", "-o", "out"]) == 0
    assert "=1+1 [red]x[/red] $x$ <script>alert(1)</script> \\input{a} 100%" in capsys.readouterr().out
    for file in Path("out/figures").glob("*.svg"):
        assert "<script>" not in file.read_text(encoding="utf-8")
    assert "\\input" not in Path("out/table.tex").read_text(encoding="utf-8")


def test_the_schema_of_studies_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--study"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "supportsim study"
