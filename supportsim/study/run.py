"""Replications of one scenario over the cores of this machine; the same result whatever their number.

Each replication is played and reduced in one place, so memory does not grow with journals.  An error in a
replication is reported with its seed, and the others are played.

Where: here, as long as little remains; in threads (`study.threads`) where the clock is machine code, which leaves the
interpreter's lock alone; in processes (`study.crowd`) where it is not, and for what takes longer than half a minute: a
process that dies takes nobody with it, and its start is then a small part.
"""

from __future__ import annotations

import math
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from supportsim.engine.clocks import Engine, chosen
from supportsim.engine.policy import Function, Policy
from supportsim.measure.inversions import Inversions
from supportsim.measure.replication import Measured, Yardstick, measured, measured_in_portions
from supportsim.scenario.model import Scenario
from supportsim.study import arguments
from supportsim.study.arguments import cores
from supportsim.study.crowd import DEATHS, Crowd, Failure, Make, WorkersDied, failure
from supportsim.study.first_use import compile_apart
from supportsim.study.result import Collector, Result
from supportsim.study.threads import Threads

__all__ = ["Failure", "Player", "WorkersDied", "cores", "run"]

if TYPE_CHECKING:
    from supportsim.engine.portions import Rest, Take

#: So many errors before anything is finished are taken for an error of the scenario, not of a replication.
HOPELESS = 3
#: Seconds of work still to be done from which on other processes are worth their start (`auto`).
WORTH_WORKERS = 8.0
#: The same for other threads, which cost no more than another player.
WORTH_THREADS = 0.5
#: Seconds in threads from which on processes play the rest.
SAFER_APART = 30.0
Progress = Callable[[int, int], None]


class Player:
    """Plays and measures replications of one scenario in this process.

    `crowded`: who waits for whom, and who went before whom, is reckoned too, which takes half as long as the play;
    never without a journal.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        engine: Engine = "auto",
        keep_journal: bool = True,
        policy: Policy | None = None,
        crowded: bool = True,
    ) -> None:
        from supportsim.engine.clocks import player
        from supportsim.engine.layout import Layout

        self.seed, self.engine, self.keep_journal, self.crowded = seed, engine, keep_journal, crowded
        self.play = player(engine, policy)
        self.layout = Layout(scenario, policy)
        self.yardstick = Yardstick(scenario)
        self.inversions = Inversions(scenario)

    def __call__(self, replication: int) -> Measured:
        if self.keep_journal:
            journal = self.play(self.layout, self.seed, replication)
            found = measured(journal, self.yardstick, self.crowded)
            counts = self.crowded and self.inversions.stated
            return replace(found, inversions=self.inversions.count(journal)) if counts else found
        from supportsim.engine.clocks import play_in_portions

        def play(take: Take) -> Rest:
            return play_in_portions(self.layout, self.seed, replication, take, self.engine)

        return measured_in_portions(play, self.yardstick, self.seed, replication)


ALL_DIED = f"every replication was given up because its process died {DEATHS} times (out of memory?); try jobs=1"


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

    jobs: how many at once, in threads or processes (see above).  With more than one a script needs
    `if __name__ == "__main__":`, because a worker process reads it again.  `auto` begins with one, and takes one for
    each core when enough remains (`WORTH_THREADS`, `WORTH_WORKERS`).

    engine: which clock plays; the result is the same, byte for byte.

    keep_journal: False adds up each replication page by page, so that memory does not grow with the length of play.
    Every number is the same; what is absent is the journal's hash (`Result.journal_xxh128` is empty), by which the
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
    threads, is_ours = None, make is None
    if make is None:
        make = partial(Player, engine=engine, keep_journal=keep_journal, policy=own)
        threads = Threads(scenario, seed, make) if own is None and chosen(engine) == "compiled" else None
    collector = Collector(scenario, seed, replications, own)
    tell = progress or (lambda finished, total: None)
    crowd = Crowd(scenario, seed, make)
    limit = _limit(most, processes is None, threads is not None)
    errors: list[Failure] = []
    try:
        if is_ours:
            compile_apart(chosen(engine, own))
        for found in _played(crowd, threads, replications, most, limit):
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
        if threads is not None:
            threads.close()
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


def _limit(most: int, auto: bool, threads: bool) -> float:
    """Seconds of work from which on others take part; below 0 from the first replication on.

    Threads begin after the first one has loaded everything.
    """
    if most == 1:
        return math.inf
    if threads:
        return WORTH_THREADS if auto else 0.0
    return WORTH_WORKERS if auto else -1.0


def _played(
    crowd: Crowd, threads: Threads | None, replications: int, most: int, limit: float
) -> Iterator[Measured | Failure]:
    """All replications: here as long as what remains takes `limit` seconds or less, then by threads or the crowd."""
    played = 0
    if limit >= 0:
        scenario, seed, make = crowd.arguments
        player = make(scenario, seed)
        for found in _alone(player, seed, replications, limit):
            played += 1
            yield found
        if threads is not None:
            threads.spare.append(player)  # what it has made for itself will not be made again
        del player  # and its paper is not held while others play
    if threads is not None and played < replications:
        crowd.workers = min(most, replications - played)
        for found in threads.results(range(played + 1, replications + 1), crowd.workers, SAFER_APART):
            played += 1
            yield found
    if played < replications:
        yield from crowd.results(range(played + 1, replications + 1), most)


def _give_up(errors: list[Failure], collector: Collector) -> None:
    """Raise the error of the first replication where nothing is finished and nothing more is to be hoped for."""
    raised = sorted((each for each in errors if each.error is not None), key=lambda each: each.replication)
    if not collector.finished and raised and len(errors) >= min(HOPELESS, collector.requested):
        assert raised[0].error is not None
        raise raised[0].error


def _alone(
    player: Callable[[int], Measured], seed: int, replications: int, limit: float
) -> Iterator[Measured | Failure]:
    """Replications 1, 2 … in this process, until those that remain would take longer than `limit` seconds.

    The first one may take long because much is loaded: it decides only if it alone takes half of `limit`.
    """
    for replication in range(1, replications + 1):
        begun = time.monotonic()
        try:
            found: Measured | Failure = player(replication)
        except Exception as error:
            found = failure(replication, seed, error)
        took = time.monotonic() - begun
        yield found
        known = replication > 1 or took > limit / 2
        if known and took * (replications - replication) > limit:
            return
