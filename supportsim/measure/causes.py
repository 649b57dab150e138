"""What the desk lacked where a promise of an answer was not kept: sums over the intervals in which that happened.

Sums are enough, since what was missing is made of parts that are linear in them (`study.causes`); so nothing of a
single interval of a single replication is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure import tables as t
from supportsim.measure.intervals import Row, covering
from supportsim.measure.selectors import cover
from supportsim.scenario.model import Promise, Scenario

if TYPE_CHECKING:
    from supportsim.measure.causes_of_replies import DueDays
    from supportsim.measure.promised import Promised
    from supportsim.measure.tally import Tally

Counts = NDArray[np.int64]

#: Of a channel: contacts offered or blocked, those handled, ticks of work on them.
COMING = ("coming", "handled", "work")
#: Of the teams: ticks; `rests` are the breaks of who came as the roster has them.
PEOPLE = (
    "rostered", "absent", "off_desk", "breaks", "rests", "present", "busy", "busy_or_idle", "filler_only",
)  # fmt: skip


class Scope(NamedTuple):
    """Whose hours a promise of an answer rests on, and what comes to them live, a row per channel."""

    promise: int
    teams: NDArray[np.bool_]
    parts: tuple[Row, ...]


class Causes(NamedTuple):
    """Sums per interval.  First axis: over all intervals, and over those in which a promise was missed.

    cases: (2, scopes, intervals) those with a case · coming: (2, COMING, parts of all scopes, intervals) ·
    people: (2, PEOPLE, scopes, intervals) · due, days, replies: of promises of a first reply by day, see
    `causes_of_replies.DueDays`.
    """

    cases: Counts
    coming: Counts
    people: Counts
    due: Counts
    days: Counts
    replies: Counts


def scopes(scenario: Scenario) -> tuple[Scope, ...]:
    """One per promise of an answer, in their order."""
    return tuple(_scope(scenario, i, p) for i, p in enumerate(scenario.promises) if p.clock == "answer")


def _scope(scenario: Scenario, number: int, promise: Promise) -> Scope:
    """The teams that are asked before the limit has passed: who comes later cannot keep the promise."""
    names = {
        name
        for queue, covered in zip(scenario.queues, promise.queues, strict=True)
        for step, delay in zip(queue.teams, queue.delays or (0,) * len(queue.teams), strict=True)
        for name in step
        if covered and delay <= promise.limit
    }
    teams = np.array([team.name in names for team in scenario.teams])
    live = [channel.name for channel in scenario.channels if channel.kind == "live"]
    theirs = [covered or any(names & set(step) for step in queue.teams) for queue, covered in
              zip(scenario.queues, promise.queues, strict=True)]  # fmt: skip
    mine = np.array([*theirs, *(False for _ in scenario.segments)], dtype=bool)
    cells = [(name, mine & cover(scenario, channel=name)) for name in live]
    parts = (Row(name, "all", mask, teams, covering(scenario, mask)) for name, mask in cells if mask.any())
    return Scope(number, teams, tuple(parts))


def causes(
    tally: Tally, found: Sequence[Scope], promised: Sequence[Promised], people: dict[str, Counts], replies: DueDays
) -> Causes:
    """Of one replication; `people`: ticks by the team worked for and interval (`desk.team_time`)."""
    judged = np.array([promised[s.promise].judged.sum(axis=0) for s in found])
    kept = np.array([promised[s.promise].kept.sum(axis=0) for s in found])
    shape = (len(found), len(tally.plan.grid.intervals))
    judged, kept = judged.reshape(shape), kept.reshape(shape)
    target = np.array([promised[s.promise].promise.share for s in found]).reshape(-1, 1)
    missed = (kept < target * judged - 1e-9).astype(np.int64)
    of_part = np.repeat(np.arange(len(found)), [len(s.parts) for s in found])
    coming, hours = _coming(tally, found), _people(tally, found, people)
    return Causes(
        np.array([(judged > 0).astype(np.int64), missed]),
        np.array([coming, coming * missed[of_part]]),
        np.array([hours, hours * missed]),
        *replies,
    )


def _coming(tally: Tally, found: Sequence[Scope]) -> Counts:
    """(COMING, parts, intervals)."""
    queues, cells = tally.plan.queues, tally.sums.cells[1:-1]
    own = [row.cells[:queues] for s in found for row in s.parts]
    masks = np.array(own, dtype=np.int64).reshape(len(own), queues)
    columns = (
        cells[:, :, : t.BLOCKED + 1].sum(axis=2),
        cells[:, :, t.HANDLED],
        cells[:, :, t.TALK] + cells[:, :, t.WRAP],
    )
    return np.array([masks @ column.T for column in columns])


def _people(tally: Tally, found: Sequence[Scope], people: dict[str, Counts]) -> Counts:
    """(PEOPLE, scopes, intervals)."""
    teams = len(tally.plan.scenario.teams)
    masks = np.array([s.teams for s in found], dtype=np.int64).reshape(-1, teams)
    return np.array([masks @ (tally.rests if name == "rests" else people[name]) for name in PEOPLE])
