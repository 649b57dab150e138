"""Replications in processes of their own: what dies takes nobody with it.

When a process dies, the replications in flight are tried again, each alone, and one that dies three times is reported
as failed.  Where no process even begins, that is an error.

What is played lies in a temporary file meanwhile.  Given to a process as it is started, whatever is longer than a pipe
holds (64 KB) would be waited with for ever where that process dies before it has read it.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import pickle
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory

from supportsim.measure.replication import Measured
from supportsim.scenario.model import Scenario

#: A replication whose process died so often is given up.
DEATHS = 3
Make = Callable[[Scenario, int], Callable[[int], Measured]]
Played = tuple[Scenario, int, Make]


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


def failure(replication: int, seed: int, error: Exception) -> Failure:
    what = f"{type(error).__name__}: {error}".strip().rstrip(":")
    return Failure(replication, f"{what} (seed {seed})", error)


_ready: Callable[[], Callable[[int], Measured]] | None = None


def _begin(begun: Event, handed: Path | Played) -> None:
    """A worker begins: Ctrl-C is the parent's business.

    The player is made at the first replication: an error here would look like the death of the process.
    """
    global _ready
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begun.set()
    threading.Thread(target=_follow_the_parent, args=(handed,), daemon=True).start()
    _ready = cache(partial(_made, handed))


def _made(handed: Path | Played) -> Callable[[int], Measured]:
    scenario, seed, make = pickle.loads(handed.read_bytes()) if isinstance(handed, Path) else handed
    player: Callable[[int], Measured] = make(scenario, seed)
    return player


def _follow_the_parent(handed: Path | Played) -> None:
    """A worker whose parent was killed would wait for work for ever: its queue never closes."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        if isinstance(handed, Path):
            shutil.rmtree(handed.parent, ignore_errors=True)
        os._exit(1)


@contextmanager
def _handed_over(played: Played) -> Iterator[Path | Played]:
    """What is played, for workers to read; where no file can be written, itself."""
    with ExitStack() as stack:
        handed: Path | Played = played
        with suppress(OSError):
            folder = stack.enter_context(TemporaryDirectory(prefix="supportsim-", ignore_cleanup_errors=True))
            file = Path(folder) / "played"
            file.write_bytes(pickle.dumps(played))
            handed = file
        yield handed


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


class Crowd:
    """Worker processes, at most one replication in the hands of each; survives their deaths."""

    def __init__(self, scenario: Scenario, seed: int, make: Make) -> None:
        self.arguments: Played = (scenario, seed, make)
        self.handed: Path | Played = self.arguments
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
        with _handed_over(self.arguments) as self.handed:
            try:
                yield from self._results()
            finally:
                self.close()  # before what they read is gone

    def _results(self) -> Iterator[Measured | Failure]:
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
                    found = failure(self.flying[future], self.arguments[1], error)
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
            self.pool = ProcessPoolExecutor(self.workers, spawn, _begin, (self.begun, self.handed))
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
