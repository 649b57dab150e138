"""What the desk lacked on days on which first replies fell due and too few were in time: sums by local day.

A reply may fall due days after its case began, so a case belongs to the day on which it falls due, and what was
missing is told by the work that is left at the end of that day (`study.causes_of_replies`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure import tables as t
from supportsim.measure.sums import by_day
from supportsim.scenario.model import Promise, Scenario

if TYPE_CHECKING:
    from supportsim.measure.tally import Tally

Counts = NDArray[np.int64]

#: Of the contacts covered: open as the day begins and as it ends, come, handled of these; ticks of work on these, of
#: work done that day, and of that on other deferred contacts.
CONTACTS = ("open", "open_after", "come", "handled", "work", "worked", "other")
#: Of the teams, by the team worked for: ticks.
HOURS = ("rostered", "absent", "off_desk", "breaks", "busy", "busy_or_idle", "filler_only")
REPLIES = (*CONTACTS, *HOURS)


class ReplyScope(NamedTuple):
    """Whose hours a promise of a first reply rests on.  covered, others: queues, see `scopes`."""

    promise: int
    covered: NDArray[np.bool_]
    others: NDArray[np.bool_]
    teams: NDArray[np.bool_]


def scopes(scenario: Scenario) -> tuple[ReplyScope, ...]:
    """One per promise of a first reply, in their order."""
    return tuple(_scope(scenario, i, p) for i, p in enumerate(scenario.promises) if p.clock == "first_reply")


def _scope(scenario: Scenario, number: int, promise: Promise) -> ReplyScope:
    """All teams that may ever be asked; others are deferred queues that nobody else serves."""
    asked = [{name for step in queue.teams for name in step} for queue in scenario.queues]
    names: set[str] = set().union(*(each for each, mine in zip(asked, promise.queues, strict=True) if mine))
    kinds = {channel.name: channel.kind for channel in scenario.channels}
    covered = np.array(promise.queues, dtype=bool)
    others = [
        kinds[queue.channel] == "deferred" and bool(each) and each <= names
        for queue, each in zip(scenario.queues, asked, strict=True)
    ]
    return ReplyScope(
        number, covered, np.array(others, dtype=bool) & ~covered, np.array([t.name in names for t in scenario.teams])
    )


class DueDays(NamedTuple):
    """Sums per local day.  First axis: over all days, and over those on which too few of the cases due were in time.

    due: (2, 2, scopes, days) cases that fall due and are judged, and those of them broken · days: (2, scopes, days)
    those with such a case · replies: (2, REPLIES, scopes, days).
    """

    due: Counts
    days: Counts
    replies: Counts


def due_days(
    tally: Tally, found: Sequence[ReplyScope], people: dict[str, Counts], work: NDArray[np.float64]
) -> DueDays:
    """Of one replication; `people`: ticks by team and interval, `work`: ticks of stretches by queue and day."""
    days = len(tally.plan.grid.dates)
    pairs = [tally.plan.frame.cover[s.promise, s.covered] for s in found]
    due = np.array([tally.sums.due[1:-1, rows].sum(axis=1) for rows in pairs]).reshape(len(found), days, 2)
    judged, broken = due[..., 0], due[..., 1]
    target = np.array([tally.plan.scenario.promises[s.promise].share for s in found]).reshape(-1, 1)
    missed = (judged - broken < target * judged - 1e-9).astype(np.int64)
    there = np.concatenate([_contacts(tally, found, work), _hours(tally, found, people)])
    cases, some = np.array([judged, broken]), (judged > 0).astype(np.int64)
    return DueDays(
        np.array([cases, cases * missed]), np.array([some, missed]), np.array([there, there * missed])
    )  # fmt: skip


def _contacts(tally: Tally, found: Sequence[ReplyScope], work: NDArray[np.float64]) -> Counts:
    """(CONTACTS, scopes, days)."""
    queues, days = tally.plan.queues, len(tally.plan.grid.dates)
    covered, others = (
        np.array([getattr(s, name) for s in found], dtype=np.int64).reshape(len(found), queues)
        for name in ("covered", "others")
    )
    first = tally.plan.grid.first_intervals
    open_ = np.cumsum(tally.sums.backlog, axis=0)  # as each slot ends
    last = np.append(first[1:], len(tally.plan.grid.intervals))
    cells = by_day(tally.sums.cells, tally)
    came = cells[:, :, : t.STILL_WAITING + 1].sum(axis=2) - cells[:, :, t.BLOCKED] - cells[:, :, t.TURNED_AWAY]
    columns = (
        open_[first], open_[last], came, cells[:, :, t.HANDLED], cells[:, :, t.TALK] + cells[:, :, t.WRAP],
    )  # fmt: skip
    done = np.rint(work[:queues]).astype(np.int64)
    parts = [*(covered @ column.T for column in columns), covered @ done, others @ done]
    return np.array(parts, dtype=np.int64).reshape(len(CONTACTS), len(found), days)


def _hours(tally: Tally, found: Sequence[ReplyScope], people: dict[str, Counts]) -> Counts:
    """(HOURS, scopes, days)."""
    masks = np.array([s.teams for s in found], dtype=np.int64).reshape(-1, len(tally.plan.scenario.teams))
    first = tally.plan.grid.first_intervals
    return np.array([masks @ np.add.reduceat(people[name], first, axis=1) for name in HOURS])
