"""Replications of many scenarios over the cores of this machine, in threads: machine code leaves the lock alone.

Point by point, in the order of the study, so that what is stopped early has whole points.  Whatever finishes is handed
to the caller at once and in his own thread; the numbers of a replication do not depend on when or where it is played.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

from supportsim.measure.replication import Measured
from supportsim.scenario.model import Scenario
from supportsim.study.crowd import Failure, Make, failure


class Task(NamedTuple):
    """One replication of one scenario; `place`: which scenario."""

    place: int
    replication: int


Found = tuple[Task, Measured | Failure]


class Hands:
    """Plays tasks; each thread keeps the player of the scenario it played last."""

    def __init__(self, scenarios: Sequence[Scenario], seed: int, make: Make) -> None:
        self.scenarios, self.seed, self.make = scenarios, seed, make
        self.own = threading.local()

    def play(self, task: Task) -> Measured | Failure:
        """One replication, or why there is none."""
        try:
            if getattr(self.own, "place", None) != task.place:
                self.own.player = self.make(self.scenarios[task.place], self.seed)
                self.own.place = task.place
            player: Callable[[int], Measured] = self.own.player
            return player(task.replication)
        except Exception as error:
            return failure(task.replication, self.seed, error)


def played(hands: Hands, tasks: Sequence[Task], most: int) -> Iterator[Found]:
    """Every task and what came of it, in the order in which they finish; `most` at once."""
    if most == 1 or len(tasks) == 1:
        for task in tasks:
            yield task, hands.play(task)
        return
    pool = ThreadPoolExecutor(most, "replication")
    flying: dict[Future[Measured | Failure], Task] = {}
    waiting = list(reversed(tasks))
    try:
        while waiting or flying:
            while waiting and len(flying) < most:
                task = waiting.pop()
                flying[pool.submit(hands.play, task)] = task
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in done:
                yield flying.pop(future), future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
