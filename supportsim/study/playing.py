"""Replications of many scenarios over the cores of this machine, in threads: machine code leaves the lock alone.

Point by point, in the order of the study, so that what is stopped early has whole points.  Whatever finishes is handed
to the caller at once and in his own thread; the numbers of a replication do not depend on when or where it is played.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, NamedTuple, Protocol, TypeVar

from supportsim.study.crowd import Failure, failure
from supportsim.study.threads import AHEAD, quick_turns

What = TypeVar("What")  # a scenario, or several that are played as one
Got = TypeVar("Got")  # what comes of a replication
Out = TypeVar("Out", covariant=True)


class Task(NamedTuple):
    """One replication of one of what is played; `place`: which."""

    place: int
    replication: int


class Hands(Generic[What, Got]):
    """Plays tasks; each thread keeps the player of what it played last."""

    def __init__(self, whats: Sequence[What], seed: int, make: Callable[[What, int], Callable[[int], Got]]) -> None:
        self.whats, self.seed, self.make = whats, seed, make
        self.own = threading.local()

    def play(self, task: Task) -> Got | Failure:
        """One replication, or why there is none."""
        try:
            if getattr(self.own, "place", None) != task.place:
                self.own.player = self.make(self.whats[task.place], self.seed)
                self.own.place = task.place
            player: Callable[[int], Got] = self.own.player
            return player(task.replication)
        except Exception as error:
            return failure(task.replication, self.seed, error)


class Plays(Protocol[Out]):
    """Whoever plays tasks."""

    def play(self, task: Task) -> Out: ...


def played(hands: Plays[Out], tasks: Sequence[Task], most: int) -> Iterator[tuple[Task, Out]]:
    """Every task and what came of it, in the order in which they finish; `most` at once."""
    if most == 1 or len(tasks) == 1:
        for task in tasks:
            yield task, hands.play(task)
        return
    with quick_turns():
        yield from _in_threads(hands, tasks, most)


def _in_threads(hands: Plays[Out], tasks: Sequence[Task], most: int) -> Iterator[tuple[Task, Out]]:
    pool = ThreadPoolExecutor(most, "replication")
    flying: dict[Future[Out], Task] = {}
    waiting = list(reversed(tasks))
    try:
        while waiting or flying:
            while waiting and len(flying) < most + AHEAD:
                task = waiting.pop()
                flying[pool.submit(hands.play, task)] = task
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in done:
                yield flying.pop(future), future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
