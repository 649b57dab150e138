"""Promises: which cases each one judges, which were kept, and the six formulas of `answer`.

`answer` belongs to a contact, booked to its creation.  `first_reply` belongs to an issue, from its first
contact on a covered deferred channel to the first reply there, booked to that first contact.  A limit is
inclusive and counts open ticks of the promise's hours.  Zero cases give no value, never 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from measure.by_arrays.clock import Clock
from measure.by_arrays.facts import OUTCOME, Contacts, Flags
from supportsim.engine.journal import Journal
from supportsim.measure.catalogue import FORMULAS
from supportsim.measure.grid import Grid
from supportsim.measure.service import formula_sums
from supportsim.measure.spans import Ticks
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import Promise
from supportsim.scenario.ticks import NEVER, SECOND

#: An abandon within this time is brief: a misdial, a change of mind.
BRIEF = 5 * SECOND


@dataclass(frozen=True)
class Cases:
    """What one promise judges in one replication: one entry per case; `columns` are 0 or 1, `open_age` ticks (int64).

    open: nobody has answered or replied at the end; `open_age`: its age then, 0 for all others.
    """

    contact: Ticks  # row of the contact that starts the clock
    created: Ticks
    cell: Ticks  # its queue
    columns: dict[str, Ticks]  # kept, judged, and what they are made of


def cases(promise: Promise, journal: Journal, facts: Contacts, grid: Grid) -> Cases:
    """The counted cases of a promise, with `kept` <= `judged` for each formula except credited leavers."""
    clock = Clock(open_ticks(promise.hours, grid.timeline))
    covered = np.array(promise.queues, dtype=bool)[journal.contacts["queue"]]
    if promise.clock == "answer":
        return _answers(promise, journal, facts, clock, covered & facts.counted)
    return _replies(promise, journal, facts, clock, covered)


def _answers(promise: Promise, journal: Journal, facts: Contacts, clock: Clock, chosen: Flags) -> Cases:
    row = np.flatnonzero(chosen & ~facts.withdrew)
    table = journal.contacts[row]
    waited = clock.elapsed(table["created"], table["created"] + facts.wait[row])
    fast, brief = waited <= promise.limit, facts.wait[row] <= BRIEF
    a, b, d, t = (getattr(facts, name)[row] for name in ("answered", "abandoned", "disconnected", "timed_out"))
    flags = {"answered": a, "in_limit": a & fast, "abandoned": b, "abandoned_in_limit": b & fast}
    flags |= {"abandoned_brief": b & brief, "disconnected": d, "timed_out": t, "cut": d | t}
    flags |= {name: getattr(facts, name)[row] for name in ("blocked", "turned_away", "still_waiting")}
    columns = {name: flag.astype(np.int64) for name, flag in flags.items()}
    sums = formula_sums(*(columns[name] for name in (
        "answered", "in_limit", "abandoned", "abandoned_in_limit", "abandoned_brief", "cut"
    )))  # fmt: skip
    columns |= {f"{name}_top": top for name, (top, _) in sums.items()}
    columns |= {f"{name}_bottom": bottom for name, (_, bottom) in sums.items()}
    chosen_formula = next(name for name, counted, _ in FORMULAS if counted == promise.counted)
    columns["kept"], columns["judged"] = sums[chosen_formula]
    columns["missed"] = (columns["judged"] > columns["kept"]).astype(np.int64)
    columns |= {"open": columns["still_waiting"], "open_age": facts.wait[row] * columns["still_waiting"]}
    return Cases(row, table["created"], table["queue"].astype(np.int64), columns)


def _replies(promise: Promise, journal: Journal, facts: Contacts, clock: Clock, covered: Flags) -> Cases:
    """The clock of an issue starts at its first covered contact that got through, stops at the first reply.

    Without a reply: open contacts at the end leave the case open (broken when more than the limit has
    elapsed by then, else not yet due); all withdrawn, the last withdrawal decides (broken, else not judged).
    """
    table, end = journal.contacts, journal.end
    rows = np.flatnonzero(covered & ~facts.blocked & ~facts.turned_away)
    issue, first = np.unique(table["issue"][rows], return_index=True)
    place = np.searchsorted(issue, table["issue"][rows])
    replied = np.isin(table["outcome"][rows], (OUTCOME["solved"], OUTCOME["unresolved"]))
    left = np.minimum(table["left"][rows], NEVER)
    reply = _least(place, np.where(replied, left, NEVER), len(issue))
    open_ = _any(place, table["outcome"][rows] == OUTCOME["open"], len(issue))
    over = -_least(place, np.where(facts.withdrew[rows], -left, NEVER), len(issue))  # the last withdrawal
    start = rows[first]
    created = table["created"][start]
    answered = reply < NEVER
    until = np.where(answered, reply, np.where(open_, end, over))
    late = clock.elapsed(created, np.minimum(until, end)) > promise.limit
    flags = {
        "kept": answered & ~late,
        "judged": answered | late,
        "broken": late,
        "missed": late,
        "broken_open": late & ~answered & open_,
        "not_yet_due": ~late & ~answered & open_,
        "withdrawn_before_due": ~late & ~answered & ~open_,
        "answered": answered,
        "in_limit": answered & ~late,
        "open": open_ & ~answered,
    }
    counted = facts.counted[start]
    columns = {name: flag[counted].astype(np.int64) for name, flag in flags.items()}
    columns["open_age"] = (end - created[counted]) * columns["open"]
    cell = table["queue"][start].astype(np.int64)
    return Cases(start[counted], created[counted], cell[counted], columns)


def _least(place: Ticks, values: Ticks, n: int) -> Ticks:
    found = np.full(n, NEVER, dtype=np.int64)
    np.minimum.at(found, place, values)
    return found


def _any(place: Ticks, flags: Flags, n: int) -> Flags:
    found = np.zeros(n, dtype=bool)
    found[place[flags]] = True
    return found
