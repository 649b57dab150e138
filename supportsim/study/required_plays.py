"""Plays of which nothing is kept but how many contacts kept their promise: a search plays hundreds of weeks.

Counted is as everywhere (`measure.promised`); what is left out is everything else that a run measures, which takes
several times as long as the play itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.clocks import play_in_portions
from supportsim.engine.layout import Layout
from supportsim.engine.policy import Policy
from supportsim.measure.promised import Promised
from supportsim.measure.replication import Yardstick
from supportsim.measure.tally import Tally
from supportsim.scenario.model import Scenario
from supportsim.study import arguments
from supportsim.study.threads import quick_turns

Tell = Callable[[int, int], None]


class Cases(NamedTuple):
    """Contacts judged, and of them those kept: int64 (replications, promises, intervals)."""

    kept: NDArray[np.int64]
    judged: NDArray[np.int64]


class Plays:
    """Plays scenarios with one seed, replications 1..n, `jobs` at once in threads."""

    def __init__(self, seed: int, jobs: int | Literal["auto"] = 1, policy: Policy | None = None) -> None:
        self.seed, self.policy = seed, policy
        self.most = arguments.jobs(jobs) or arguments.cores()

    def __call__(self, scenario: Scenario, promises: Sequence[int], numbers: Sequence[int], tell: Tell) -> Cases:
        """The cases of these promises in these replications; `tell(finished, all)` is called after each."""
        own = threading.local()
        found: dict[int, NDArray[np.int64]] = {}

        def play(number: int) -> tuple[int, NDArray[np.int64]]:
            if not hasattr(own, "judge"):
                own.judge = _Judge(scenario, promises, self.seed, self.policy)
            return number, own.judge(number)

        pool = ThreadPoolExecutor(min(self.most, len(numbers)), "required")
        try:
            with quick_turns():
                for future in as_completed([pool.submit(play, number) for number in numbers]):
                    number, cases = future.result()
                    found[number] = cases
                    tell(len(found), len(numbers))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        kept, judged = np.array([found[number] for number in numbers]).swapaxes(0, 1)
        return Cases(kept, judged)


class _Judge:
    """Plays one replication and counts: (kept and judged, promises, intervals).  Not for two threads at once."""

    def __init__(self, scenario: Scenario, promises: Sequence[int], seed: int, policy: Policy | None) -> None:
        self.promises, self.seed = [(i, scenario.promises[i]) for i in promises], seed
        self.layout = Layout(scenario, policy)
        self.plan = Yardstick(scenario).plan

    def __call__(self, replication: int) -> NDArray[np.int64]:
        tally = Tally(self.plan)
        rest = play_in_portions(self.layout, self.seed, replication, tally.take)
        tally.close(rest.presence, rest.end)
        each = [Promised(tally, i, promise) for i, promise in self.promises]
        return np.array([[p.kept.sum(axis=0) for p in each], [p.judged.sum(axis=0) for p in each]])
