"""Replications of one scenario over the cores of this machine; the same result whatever their number.

Each replication is played and reduced in one process, so memory does not grow with journals.  What fails
takes nobody with it.  An error in a replication is reported with its seed, and the others are played.  When a
process dies, the replications in flight are tried again, each alone, and one that dies three times is reported
as failed.  Where no process even begins, or nothing but deaths came, that is an error.
"""

from __future__ import annotations

import math
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from typing import TYPE_CHECKING, Literal

from supportsim.engine.clocks import Engine, chosen
from supportsim.engine.policy import Function, Policy
from supportsim.measure.replication import Measured, Yardstick, measured, measured_in_portions
from supportsim.scenario.model import Scenario
from supportsim.study import arguments
from supportsim.study.result import Collector, Result

if TYPE_CHECKING:
    from supportsim.engine.portions import Rest, Take

#: A replication whose process died so often is given up.
DEATHS = 3
#: So many errors before anything is finished are taken for an error of the scenario, not of a replication.
HOPELESS = 3
#: Seconds of work still to be done from which on other processes are worth their start (`auto`).
WORTH_WORKERS = 8.0
Progress = Callable[[int, int], None]


class Player:
    """Plays and measures replications of one scenario in this process."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        engine: Engine = "auto",
        keep_journal: bool = True,
        policy: Policy | None = None,
    ) -> None:
        from supportsim.engine.clocks import player
        from supportsim.engine.layout import Layout

        self.seed, self.engine, self.keep_journal = seed, engine, keep_journal
        self.play = player(engine, policy)
        self.layout = Layout(scenario, policy)
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        if self.keep_journal:
            return measured(self.play(self.layout, self.seed, replication), self.yardstick)
        from supportsim.engine.clocks import play_in_portions

        def play(take: Take) -> Rest:
            return play_in_portions(self.layout, self.seed, replication, take, self.engine)

        return measured_in_portions(play, self.yardstick, replication)


@dataclass(frozen=True)
class Failure:
    """A replication that there will not be, and the error that was raised in it, if one was."""

    replication: int
    why: str
    error: Exception | None = None


class WorkersDied(RuntimeError):  # noqa: N818 - reads as a sentence where it is raised
    """Worker processes ended before anything was finished."""


NO_GUARD = (
    "the worker processes died before they could begin, most likely because the script that calls run() with more "
    "than one job lacks a main guard: each worker reads the script again, so the call must stand below "
    "`if __name__ == '__main__':` (or use jobs=1)"
)
ALL_DIED = f"every replication was given up because its process died {DEATHS} times (out of memory?); try jobs=1"
Make = Callable[[Scenario, int], Callable[[int], Measured]]


def run(
    scenario: Scenario,
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = 1,
    progress: Progress | None = None,
    make: Make | None = None,
    engine: Engine = "auto",
    keep_journal: bool = True,
    policy: Policy | Function | None = None,
) -> Result:
    """Replications 1..n of `scenario`; `progress(finished, n)` is called after each.

    jobs: processes.  With more than one a script needs `if __name__ == "__main__":`, because each worker reads it
    again.  `auto` begins in this process and takes one for each core when much remains (`WORTH_WORKERS`).

    engine: which clock plays; the result is the same, byte for byte.

    keep_journal: False adds up each replication page by page, so that memory does not grow with the length of play.
    Every number is the same; what is absent is the journal's hash (`Result.journal_sha256` is empty), by which the
    result can be told to be that of another run, contact by contact.

    policy: a function of the user that says who goes first instead of `routing.policy` (docs/policies.md): one made
    by `supportsim.policy`, or of numba.njit, plays on the compiled clock; a plain Python one on SimPy's, and a
    PolicyWarning says how much slower that is.  More than one process needs it to be picklable: defined at the top
    of a module.

    Ctrl-C stops early and keeps what is finished (`Result.interrupted`); errors inside replications and
    processes that keep dying leave `Result.failed`.  `make` builds what plays one replication (a picklable
    callable; tests replace it).  Raises the first error when the first `HOPELESS` replications, or all, end in
    errors; WorkersDied when nothing is finished because processes died; TypeError and ValueError for arguments
    that cannot be meant (`study.arguments`); PolicyError for a policy that cannot be compiled, or played so.
    """
    scenario = arguments.scenario(scenario)
    replications = arguments.whole("replications", replications, 1, arguments.MOST_REPLICATIONS)
    seed, processes = arguments.whole("seed", seed, 0, arguments.LARGEST_SEED), arguments.jobs(jobs)
    if jobs != 1 and getattr(multiprocessing.current_process(), "_inheriting", False):
        # A worker that reads a script without a main guard has come to the call that began it: it ends here
        # without a word, and before it owns a semaphore that its sudden end would leave behind.
        sys.exit(1)
    chosen(engine)
    begun = time.monotonic()
    most = min(processes or cores(), replications)
    own = arguments.policy(policy, must_travel=most > 1 and processes is not None)
    if own is not None and most > 1 and not own.travels:
        most = 1  # `auto` is free to stay here
    _prepare(scenario, seed, engine, own)
    make = make or partial(Player, engine=engine, keep_journal=keep_journal, policy=own)
    collector = Collector(scenario, seed, replications, own)
    tell = progress or (lambda finished, total: None)
    crowd = _Crowd(scenario, seed, make)
    limit = math.inf if most == 1 else WORTH_WORKERS if processes is None else -1.0
    errors: list[Failure] = []
    try:
        for found in _played(crowd, replications, most, limit):
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
    if errors and not collector.finished and not collector.interrupted:
        raise WorkersDied(ALL_DIED)
    return collector.result(seconds=time.monotonic() - begun, jobs=crowd.workers)


def _prepare(scenario: Scenario, seed: int, engine: str, policy: Policy | None) -> None:
    """Whatever is wrong with a policy, or slow, is told before anything is played.  Raises PolicyError."""
    if policy is None:
        return
    chosen(engine, policy)
    from supportsim.engine.asking import prepare
    from supportsim.engine.layout import Layout
    from supportsim.engine.slowness import warn_if_slow

    prepare(policy)
    if not policy.is_told:
        warn_if_slow(Layout(scenario, policy), seed, engine, stacklevel=4)


def _played(crowd: _Crowd, replications: int, most: int, limit: float) -> Iterator[Measured | Failure]:
    """All replications: here as long as what remains takes `limit` seconds or less, then by the crowd."""
    played = 0
    if limit >= 0:
        for found in _alone(crowd.arguments, replications, limit):
            played += 1
            yield found
    if played < replications:
        yield from crowd.results(range(played + 1, replications + 1), most)


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


def _alone(arguments: tuple[Scenario, int, Make], replications: int, limit: float) -> Iterator[Measured | Failure]:
    """Replications 1, 2 … in this process, until those that remain would take longer than `limit` seconds.

    The first one may take long because much is loaded: it decides only if it alone takes half of `limit`.
    """
    scenario, seed, make = arguments
    player = make(scenario, seed)
    for replication in range(1, replications + 1):
        begun = time.monotonic()
        try:
            found: Measured | Failure = player(replication)
        except Exception as error:
            found = _failure(replication, seed, error)
        took = time.monotonic() - begun
        yield found
        known = replication > 1 or took > limit / 2
        if known and took * (replications - replication) > limit:
            return


_ready: Callable[[], Callable[[int], Measured]] | None = None


def _begin(begun: Event, scenario: Scenario, seed: int, make: Make) -> None:
    """A worker begins: Ctrl-C is the parent's business.

    The player is made at the first replication: an error here would look like the death of the process.
    """
    global _ready
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begun.set()
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


@contextmanager
def _held() -> Iterator[None]:
    """Ctrl-C waits meanwhile, and processes begun meanwhile never see it, not even before `_begin`."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Crowd:
    """Worker processes, at most one replication in the hands of each; survives their deaths."""

    def __init__(self, scenario: Scenario, seed: int, make: Make) -> None:
        self.arguments = (scenario, seed, make)
        self.workers = 1
        self.waiting: list[int] = []  # the next one last
        self.suspects: list[int] = []  # were in flight when a process died: tried again one at a time
        self.deaths: dict[int, int] = {}
        self.flying: dict[Future[Measured], int] = {}
        self.pool: ProcessPoolExecutor | None = None
        self.begun: Event | None = None  # whether any worker came so far as to begin

    def results(self, numbers: range, most: int) -> Iterator[Measured | Failure]:
        """Every replication or why it failed, in the order in which they finish; `most` processes at once.

        Raises WorkersDied.
        """
        self.waiting, self.workers = list(reversed(numbers)), min(most, len(numbers))
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
            pool = self._open()
            with _held():
                future = pool.submit(_play, replication)
        except BrokenProcessPool as broken:
            future = Future()
            future.set_exception(broken)
        self.flying[future] = replication
        return not future.done()

    def _open(self) -> ProcessPoolExecutor:
        if self.pool is None:
            spawn = get_context("spawn")
            self.begun = self.begun or spawn.Event()
            self.pool = ProcessPoolExecutor(self.workers, spawn, _begin, (self.begun, *self.arguments))
        return self.pool

    def _bury(self) -> list[Failure]:
        """Count a death for everybody in flight and begin again with new processes; who is given up."""
        if self.begun is None or not self.begun.is_set():
            raise WorkersDied(NO_GUARD)
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
