"""Replications in threads on the compiled clock: the same as one after the other, and nothing finished is lost."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from study.players import Faulty, Hopeless, Killed, desk
from supportsim.demand.compiling import PLAIN
from supportsim.scenario.load import load
from supportsim.scenario.model import Scenario
from supportsim.study import run as study_run
from supportsim.study.result import Result
from supportsim.study.run import run
from supportsim.study.threads import TURN, quick_turns

TABLES = ("replications", "summary", "intervals", "bridge", "teams", "promises", "costs", "allocation")
pytestmark = pytest.mark.skipif(PLAIN, reason="in plain Python threads are no use, and weeks take minutes")


@pytest.fixture(scope="module")
def days() -> Scenario:
    """Two days of it: what is tested does not ask how long a replication takes."""
    return load(Path(__file__).parents[2] / "benchmarks" / "w2_all.yaml", {"length": "2 days"})


@pytest.fixture(scope="module")
def alone(days: Scenario) -> Result:
    return run(days, 7, seed=5, jobs=1)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which replications were played by processes."""
    theirs: list[int] = []
    results = study_run.Crowd.results

    def watched(self: Any, numbers: range, most: int) -> Any:
        theirs.extend(numbers)
        return results(self, numbers, most)

    monkeypatch.setattr(study_run.Crowd, "results", watched)
    return theirs


def equal(one: Result, other: Result) -> bool:
    same = all(getattr(one, table).equals(getattr(other, table)) for table in TABLES)
    return same and one.journal_xxh128 == other.journal_xxh128


@pytest.mark.parametrize("jobs", [2, 5])
def test_threads_change_nothing(days: Scenario, alone: Result, jobs: int, processes: list[int]) -> None:
    turns, meanwhile = sys.getswitchinterval(), set[float]()
    found = run(days, 7, seed=5, jobs=jobs, progress=lambda *_: meanwhile.add(sys.getswitchinterval()))
    assert equal(found, alone)
    assert (found.jobs, processes) == (jobs, [])
    assert (min(meanwhile), sys.getswitchinterval()) == (pytest.approx(TURN), turns)


def test_threads_go_on_with_the_player_that_began(days: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = study_run.Player

    def counted(*arguments: Any, **settings: Any) -> study_run.Player:
        made.append(threading.get_ident())
        return real(*arguments, **settings)

    monkeypatch.setattr(study_run, "Player", counted)
    run(days, 9, seed=5, jobs=2)
    assert len(made) <= 2
    assert made[0] == threading.get_ident()
    assert threading.get_ident() not in made[1:]


def test_auto_takes_threads_where_enough_remains(
    days: Scenario, alone: Result, processes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_run, "cores", lambda: 2)
    monkeypatch.setattr(study_run, "WORTH_THREADS", 0.0)
    found = run(days, 7, seed=5, jobs="auto")
    assert equal(found, alone)
    assert (found.jobs, processes) == (2, [])
    monkeypatch.setattr(study_run, "WORTH_THREADS", 1e9)
    assert run(days, 7, seed=5, jobs="auto").jobs == 1


def test_what_takes_long_is_handed_on_to_processes(
    days: Scenario, alone: Result, processes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_run, "SAFER_APART", 0.0)
    assert equal(run(days, 7, seed=5, jobs=2), alone)
    assert processes
    assert processes[-1] == 7


def test_a_process_that_is_killed_loses_nothing_of_the_compiled_clock(days: Scenario, alone: Result) -> None:
    killed = Path(gettempdir()) / f"supportsim-test-{os.getpid()}-5-3"
    killed.unlink(missing_ok=True)
    found = run(days, 7, seed=5, jobs=2, make=Killed)
    killed.unlink()  # somebody was
    assert found.complete
    assert equal(found, alone)


def test_an_error_in_a_thread_fails_one_replication(monkeypatch: pytest.MonkeyPatch, processes: list[int]) -> None:
    monkeypatch.setattr(study_run, "Player", lambda scenario, seed, **_: Faulty(scenario, seed))
    found = run(desk(), 4, seed=6, jobs=2)
    assert found.finished == (1, 3, 4)
    assert found.failed == {2: "ArithmeticError: two is odd today (seed 6)"}
    monkeypatch.setattr(study_run, "Player", lambda scenario, seed, **_: Hopeless(scenario, seed))
    with pytest.raises(ArithmeticError):
        run(desk(), 30, jobs=2)
    assert processes == []


def test_an_interruption_keeps_what_threads_have_finished(days: Scenario) -> None:
    def stop(done: int, total: int) -> None:
        assert threading.current_thread() is threading.main_thread()
        if done == 4:
            raise KeyboardInterrupt

    found = run(days, 30, seed=5, jobs=2, progress=stop)
    assert found.interrupted
    assert found.n == 4


def test_turns_are_set_back_when_the_last_one_is_done() -> None:
    """Two runs at once, of which the first to begin is the first to end."""
    before, one, other = sys.getswitchinterval(), quick_turns(), quick_turns()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert sys.getswitchinterval() == pytest.approx(TURN)
    other.__exit__(None, None, None)
    assert sys.getswitchinterval() == before
