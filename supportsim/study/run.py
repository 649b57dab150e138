"""Replications of one scenario over the cores of this machine; the same result whatever their number.

Each replication is played and reduced in one process, so memory does not grow with journals.  What fails
takes nobody with it.  An error in a replication is reported with its seed, and the others are played.  When a
process dies, the replications in flight are tried again, each alone, and one that dies three times is reported
as failed.
"""

from __future__ import annotations

import multiprocessing.connection
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from typing import Literal

from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario.model import Scenario
from supportsim.study.result import Collector, Result

#: A replication whose process died so often is given up.
DEATHS = 3
#: So many errors before anything is finished are taken for an error of the scenario, not of a replication.
HOPELESS = 3
Progress = Callable[[int, int], None]


class Player:
    """Plays and measures replications of one scenario in this process."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        from supportsim.engine.layout import Layout

        self.seed = seed
        self.layout = Layout(scenario)
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        from supportsim.engine.operation import play

        return measured(play(self.layout, self.seed, replication), self.yardstick)


@dataclass(frozen=True)
class Failure:
    """A replication that there will not be, and the error that was raised in it, if one was."""

    replication: int
    why: str
    error: Exception | None = None


Make = Callable[[Scenario, int], Callable[[int], Measured]]


def run(
    scenario: Scenario,
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = "auto",
    progress: Progress | None = None,
    make: Make = Player,
) -> Result:
    """Replications 1..n of `scenario`; `progress(finished, n)` is called after each.

    Ctrl-C stops early and keeps what is finished (`Result.interrupted`); errors inside replications and
    processes that keep dying leave `Result.failed`.  `make` builds what plays one replication (a picklable
    callable; tests replace it).  Raises the first error when the first `HOPELESS` replications, or all, end in
    errors; ValueError for fewer than one replication or job.
    """
    if replications < 1 or (jobs != "auto" and jobs < 1):
        raise ValueError(f"{replications} replications over {jobs} jobs: both must be at least 1")
    begun = time.monotonic()
    workers = min(cores() if jobs == "auto" else jobs, replications)
    collector = Collector(scenario, seed, replications)
    tell = progress or (lambda finished, total: None)
    source = _alone(scenario, seed, replications, make) if workers == 1 else None
    crowd = _Crowd(scenario, seed, replications, workers, make)
    errors: list[Failure] = []
    try:
        for found in source or crowd.results():
            if isinstance(found, Failure):
                errors.append(found)
                collector.fail(found.replication, found.why)
                _give_up(errors, collector)
            else:
                collector.add(found)
            tell(collector.finished + len(errors), replications)
    except KeyboardInterrupt:
        collector.interrupted = True
    finally:
        crowd.close()
    return collector.result(seconds=time.monotonic() - begun, jobs=workers)


def cores() -> int:
    """The cores this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _give_up(errors: list[Failure], collector: Collector) -> None:
    """Raise the error of the first replication where nothing is finished and nothing more is to be hoped for."""
    raised = sorted((each for each in errors if each.error is not None), key=lambda each: each.replication)
    if not collector.finished and raised and len(errors) >= min(HOPELESS, collector.requested):
        assert raised[0].error is not None
        raise raised[0].error


def _failure(replication: int, seed: int, error: Exception) -> Failure:
    what = f"{type(error).__name__}: {error}".strip().rstrip(":")
    return Failure(replication, f"{what} (seed {seed})", error)


def _alone(scenario: Scenario, seed: int, replications: int, make: Make) -> Iterator[Measured | Failure]:
    player = make(scenario, seed)
    for replication in range(1, replications + 1):
        try:
            found: Measured | Failure = player(replication)
        except Exception as error:
            found = _failure(replication, seed, error)
        yield found


_ready: Callable[[], Callable[[int], Measured]] | None = None


def _begin(scenario: Scenario, seed: int, make: Make) -> None:
    """A worker begins: Ctrl-C is the parent's business.

    The player is made at the first replication: an error here would look like the death of the process.
    """
    global _ready
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_the_parent, daemon=True).start()
    _ready = cache(partial(make, scenario, seed))


def _follow_the_parent() -> None:
    """A worker whose parent was killed would wait for work for ever: its queue never closes."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _play(replication: int) -> Measured:
    assert _ready is not None
    return _ready()(replication)


class _Crowd:
    """Worker processes, at most one replication in the hands of each; survives their deaths."""

    def __init__(self, scenario: Scenario, seed: int, replications: int, workers: int, make: Make) -> None:
        self.arguments = (scenario, seed, make)
        self.workers = workers
        self.waiting = list(range(replications, 0, -1))  # the next one last
        self.suspects: list[int] = []  # were in flight when a process died: tried again one at a time
        self.deaths: dict[int, int] = {}
        self.flying: dict[Future[Measured], int] = {}
        self.pool: ProcessPoolExecutor | None = None

    def results(self) -> Iterator[Measured | Failure]:
        """Every replication or why it failed, in the order in which they finish."""
        while self.waiting or self.suspects or self.flying:
            self._submit()
            done, _ = wait(self.flying, return_when=FIRST_COMPLETED)
            dead = False
            for future in done:
                try:
                    found: Measured | Failure = future.result()
                except BrokenProcessPool:
                    dead = True  # all in flight fail together; whose fault it was, only being alone tells
                    continue
                except Exception as error:
                    found = _failure(self.flying[future], self.arguments[1], error)
                self.flying.pop(future)
                yield found
            if dead:
                yield from self._bury()

    def _submit(self) -> None:
        if self.suspects:
            if not self.flying:
                self._send(self.suspects.pop())
            return
        while self.waiting and len(self.flying) < self.workers:
            if not self._send(self.waiting.pop()):
                return

    def _send(self, replication: int) -> bool:
        try:
            future = self._open().submit(_play, replication)
        except BrokenProcessPool as broken:
            future = Future()
            future.set_exception(broken)
        self.flying[future] = replication
        return not future.done()

    def _open(self) -> ProcessPoolExecutor:
        if self.pool is None:
            spawn = get_context("spawn")
            self.pool = ProcessPoolExecutor(self.workers, spawn, _begin, self.arguments)
        return self.pool

    def _bury(self) -> list[Failure]:
        """Count a death for everybody in flight and begin again with new processes; who is given up."""
        given_up = []
        with suppress(Exception):
            self.close()
        for replication in sorted(self.flying.values(), reverse=True):
            self.deaths[replication] = self.deaths.get(replication, 0) + 1
            if self.deaths[replication] < DEATHS:
                self.suspects.append(replication)
            else:
                given_up.append(Failure(replication, f"its process died {DEATHS} times"))
        self.flying.clear()
        return given_up

    def close(self) -> None:
        """End the processes at once; what is not finished is lost."""
        if self.pool is None:
            return
        processes = list((getattr(self.pool, "_processes", None) or {}).values())
        self.pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        self.pool = None
