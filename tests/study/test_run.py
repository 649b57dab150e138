"""Replications over processes: the same whatever their number, and nobody is lost when one dies."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from study.players import Deadly, Doomed, Faulty, Hopeless, Mortal, Player, Unmade, desk
from supportsim.study import run as study_run
from supportsim.study.run import WorkersDied, run

TABLES = ("replications", "summary", "intervals", "bridge", "teams", "promises", "costs", "allocation")


@pytest.fixture(autouse=True)
def processes_begin_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those begun here load no compiler: what they measure is small, and the same in plain Python."""
    monkeypatch.setenv("SUPPORTSIM_PLAIN", "1")


def test_results_do_not_depend_on_the_number_of_processes() -> None:
    one = run(desk(), 5, seed=3, jobs=1, make=Player)
    two = run(desk(), 5, seed=3, jobs=2, make=Player)
    assert one.journal_xxh128 == two.journal_xxh128
    for table in TABLES:
        assert getattr(one, table).equals(getattr(two, table))
    assert one.complete
    assert one.finished == (1, 2, 3, 4, 5)


@pytest.mark.parametrize(("limit", "jobs"), [(0.0, 2), (1e9, 1)])
def test_auto_plays_here_until_other_processes_are_worth_their_start(
    limit: float, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_run, "cores", lambda: 2)
    monkeypatch.setattr(study_run, "WORTH_WORKERS", limit)
    found = run(desk(), 5, seed=3, jobs="auto", make=Player)
    alone = run(desk(), 5, seed=3, make=Player)
    assert (found.jobs, alone.jobs) == (jobs, 1)
    assert found.finished == (1, 2, 3, 4, 5)
    assert found.journal_xxh128 == alone.journal_xxh128
    for table in TABLES:
        assert getattr(found, table).equals(getattr(alone, table))


def test_when_nothing_but_deaths_came_that_is_an_error() -> None:
    with pytest.raises(WorkersDied, match="died 3 times"):
        run(desk(), 2, jobs=2, make=Deadly)


@pytest.mark.parametrize("letters", [10, 200_000], ids=["little", "more than a pipe holds"])
def test_a_script_without_a_guard_is_told_so_at_once(letters: int, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from dataclasses import replace\nfrom study.players import *\nfrom supportsim.study.run import run\n"
        f"run(replace(desk(), title={letters} * 'a'), 30, jobs=2, make=Player)\n"
    )
    tests = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": tests}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("lacks a main guard") == 1
    assert "lacks a main guard" in done.stderr.splitlines()[-1]
    assert done.stderr.count("Traceback") == 1, "the workers end without a word"


def test_more_replications_contain_fewer() -> None:
    few, many = (run(desk(), n, jobs=1, make=Player) for n in (2, 4))
    assert many.journal_xxh128[:2] == few.journal_xxh128
    assert many.replications[many.replications.replication <= 2].equals(few.replications)


def test_progress_is_told_after_each() -> None:
    told: list[tuple[int, int]] = []
    run(desk(), 3, jobs=1, make=Player, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_replication_whose_process_dies_is_played_again(deaths: int) -> None:
    found = run(desk(), 4, seed=deaths, jobs=2, make=Mortal)
    assert found.complete
    assert not found.failed
    assert found.journal_xxh128 == run(desk(), 4, seed=deaths, jobs=1, make=Player).journal_xxh128


def test_a_replication_that_kills_three_processes_fails_and_the_others_are_kept() -> None:
    found = run(desk(), 4, jobs=2, make=Doomed)
    assert found.finished == (1, 3, 4)
    assert list(found.failed) == [2]
    assert "3 times" in found.failed[2]
    assert not found.complete
    assert set(found.replications.replication) == {1, 3, 4}


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_inside_a_replication_fails_it_and_the_others_are_kept(jobs: int) -> None:
    told: list[int] = []
    found = run(desk(), 4, seed=6, jobs=jobs, make=Faulty, progress=lambda done, _: told.append(done))
    assert found.finished == (1, 3, 4)
    assert found.failed == {2: "ArithmeticError: two is odd today (seed 6)"}
    assert not found.complete
    assert told == [1, 2, 3, 4]
    assert found.intervals.offered.sum() > 0


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files of this process and of its workers go."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@pytest.mark.parametrize("make", [Player, Mortal, Doomed, Faulty])
def test_nothing_is_left_behind_of_what_workers_read(make: type[Player], temporary: Path) -> None:
    seen: list[int] = []

    def look(done: int, total: int) -> None:
        seen.append(len(list(temporary.glob("supportsim-*/played"))))

    assert run(desk(), 4, jobs=2, make=make, progress=look).finished
    assert seen[0] == 1
    assert not [each for each in temporary.iterdir() if each.is_dir()]


def test_an_interruption_leaves_nothing_behind_of_what_workers_read(temporary: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    assert run(desk(), 6, jobs=2, make=Player, progress=stop).n == 1
    assert not list(temporary.iterdir())


def test_workers_begin_where_no_temporary_file_can_be_written(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("supportsim.study.crowd.TemporaryDirectory", full)
    assert run(desk(), 4, jobs=2, make=Player).finished == (1, 2, 3, 4)
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("make", [Hopeless, Unmade])
@pytest.mark.parametrize(("replications", "jobs"), [(30, 1), (30, 2), (2, 2), (1, 1)])
def test_an_error_of_every_replication_is_raised_and_not_played_to_the_end(
    replications: int, jobs: int, make: type[Player]
) -> None:
    with pytest.raises(ArithmeticError, match=r"odd|ready"):
        run(desk(), replications, jobs=jobs, make=make)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interruption_keeps_what_is_finished(jobs: int) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    found = run(desk(), 6, jobs=jobs, make=Player, progress=stop)
    assert found.interrupted
    assert found.n == 2
    assert not found.complete
    assert len(found.promises) == 2


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"replications": 0}, ValueError, "replications: got 0; expected a whole number 1 to 1000000"),
        ({"replications": 1_000_001}, ValueError, "replications: got 1000001; expected a whole number 1 to 1000000"),
        ({"replications": 1.5}, TypeError, "replications: got 1.5; expected a whole number 1 to 1000000"),
        ({"replications": True}, TypeError, "replications: got True; expected a whole number 1 to 1000000"),
        ({"seed": "a"}, TypeError, f"seed: got 'a'; expected a whole number 0 to {2**63 - 1}"),
        ({"seed": -1}, ValueError, f"seed: got -1; expected a whole number 0 to {2**63 - 1}"),
        ({"seed": 2**63}, ValueError, f"seed: got {2**63}; expected a whole number 0 to {2**63 - 1}"),
        ({"jobs": 0}, ValueError, "jobs: got 0; expected a whole number 1 to 1024 or 'auto'"),
        ({"jobs": "all"}, ValueError, "jobs: got 'all'; expected 'auto' or a whole number 1 to 1024"),
        ({"jobs": None}, TypeError, "jobs: got None; expected a whole number 1 to 1024 or 'auto'"),
        (
            {"scenario": "desk.yaml"},
            TypeError,
            "scenario: got 'desk.yaml'; expected a Scenario, as load() gives: call load('desk.yaml') first",
        ),
        ({"scenario": 7}, TypeError, "scenario: got 7; expected a Scenario, as load() gives"),
    ],
)
def test_an_argument_that_cannot_be_meant_is_named(changed: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        run(**{"scenario": desk(), "replications": 3, "make": Player, **changed})
    assert str(caught.value) == words


def test_whole_numbers_of_numpy_are_whole_numbers() -> None:
    assert run(desk(), np.int64(2), seed=np.int32(3), make=Player).finished == (1, 2)


def _lives(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    text = "from study.players import *\nfrom supportsim.study.run import run\n"
    script = tmp_path / "script.py"
    script.write_text(text + "if __name__ == '__main__':\n    run(desk(), 4, jobs=2, make=Lingering)\n")
    tests = str(Path(__file__).parents[1])
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "SUPPORTSIM_TEST_PIDS": str(pids), "PYTHONPATH": tests, "TMPDIR": str(tmp_path)},
    )
    deadline = time.monotonic() + 60
    while (not pids.exists() or len(pids.read_text().split()) < 2) and time.monotonic() < deadline:
        time.sleep(0.1)
    workers = [int(pid) for pid in pids.read_text().split()]
    parent.kill()
    parent.wait()
    while any(map(_lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(workers) == 2
    assert not any(map(_lives, workers))
    assert not list(tmp_path.glob("supportsim-*"))


NOTHING = """
name: nothing
start: 2026-03-02
length: 1 day
segments: {free: {customers: 900, plan: silence}}
plans: {silence: []}
channels: {mail: {kind: deferred, handle_time: 5 min}, phone: {kind: live, handle_time: 4 min}}
demand: {issues: {segment: free, per_customer: 3/month}}
promises:
  fast: {of: phone, answer: 20 s, share: 80%}
  soon: {of: mail, first_reply: 4 h, share: 80%}
teams: {desk: {serves: [mail, phone], agents: 1, wage: 20/h}}
"""


def test_a_desk_that_nobody_is_offered_is_played_and_written(tmp_path: Path) -> None:
    """There is no queue at all: issues arise and end unserved, and the team is paid for idling."""
    from supportsim.scenario.load import load_text
    from supportsim.study.result import write

    found = run(load_text(NOTHING), 2)
    told = found.summary.set_index(["selector", "measure"])["mean"]
    assert told["free", "issues"] > 50
    assert told["free", "never_served_share"] == 1
    assert told["all", "cost"] == 480
    assert len(found.intervals) == 0
    assert (write(found, tmp_path / "out") / "causes.csv").exists()
