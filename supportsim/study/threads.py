"""Replications in threads of this process, for players that leave the interpreter's lock alone most of the time.

A thread costs no start, so short runs gain as much as long ones.  Each thread has a player of its own: nothing is
shared but the scenario.  A process that dies takes all its threads with it, which is why long runs are handed on to
processes (`study.crowd`).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress

from supportsim.measure.replication import Measured
from supportsim.scenario.model import Scenario
from supportsim.study.crowd import Failure, Make, failure

#: So many more than there are threads lie ready: nobody waits until what he has finished is put away.
AHEAD = 1
#: Seconds after which a thread lets another one go on.  Whoever comes back from machine code waits as long for one
#: that is in Python meanwhile, and 5 ms, as Python has it, are a twentieth of a replication of a week.
TURN = 0.001


class _Turns:
    """Who wants turns to be quick, and how long they were before the first of them came."""

    def __init__(self) -> None:
        self.lock, self.inside, self.before = threading.Lock(), 0, 0.0

    def change(self, by: int) -> None:
        """One more wants it, or one fewer: the first one sets it, the last one sets it back."""
        with self.lock:
            if self.inside == 0:
                self.before = sys.getswitchinterval()
            self.inside += by
            sys.setswitchinterval(min(TURN, self.before) if self.inside else self.before)


_turns = _Turns()


@contextmanager
def quick_turns() -> Iterator[None]:
    """Threads take turns more often meanwhile."""
    _turns.change(1)
    try:
        yield
    finally:
        _turns.change(-1)


class Threads:
    """At most one replication in the hands of each."""

    def __init__(self, scenario: Scenario, seed: int, make: Make) -> None:
        self.arguments = (scenario, seed, make)
        self.own = threading.local()
        self.spare: list[Callable[[int], Measured]] = []  # players without a thread
        self.pool: ThreadPoolExecutor | None = None
        self.flying: dict[Future[Measured], int] = {}
        self.seconds: list[float] = []  # of each that is finished

    def results(self, numbers: range, most: int, limit: float) -> Iterator[Measured | Failure]:
        """The first of these replications, in the order in which they finish.

        None is added any more once those that wait would take longer than `limit` seconds.
        """
        with quick_turns():
            yield from self._results(numbers, most, limit)

    def _results(self, numbers: range, most: int, limit: float) -> Iterator[Measured | Failure]:
        self.pool = self.pool or ThreadPoolExecutor(most, "replication")
        waiting = list(reversed(numbers))
        while waiting or self.flying:
            while waiting and len(self.flying) < most + AHEAD:
                replication = waiting.pop()
                self.flying[self.pool.submit(self._play, replication)] = replication
            done, _ = wait(self.flying, return_when=FIRST_COMPLETED)
            yield from (self._found(future) for future in done)
            if self._seconds(len(waiting)) > limit * most:
                waiting.clear()

    def _seconds(self, replications: int) -> float:
        """How long so many take one after the other."""
        return replications * sum(self.seconds) / len(self.seconds) if self.seconds else 0.0

    def _play(self, replication: int) -> Measured:
        if not hasattr(self.own, "player"):
            self.own.player = self._player()
        player: Callable[[int], Measured] = self.own.player
        begun = time.monotonic()
        found = player(replication)
        self.seconds.append(time.monotonic() - begun)
        return found

    def _player(self) -> Callable[[int], Measured]:
        with suppress(IndexError):  # another thread has taken the last
            return self.spare.pop()
        scenario, seed, make = self.arguments
        return make(scenario, seed)

    def _found(self, future: Future[Measured]) -> Measured | Failure:
        replication = self.flying.pop(future)
        try:
            return future.result()
        except Exception as error:
            return failure(replication, self.arguments[1], error)

    def close(self) -> None:
        """Begin nothing more; what is being played ends by itself, and is lost."""
        if self.pool is not None:
            self.pool.shutdown(wait=False, cancel_futures=True)
