"""The crowding matrix of a replication: how long who waited, and because of whom (docs/model.md, section 13)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import SPANS, Journal
from supportsim.measure.crowding_blocked import blocked
from supportsim.measure.crowding_desk import State
from supportsim.measure.crowding_plan import Crowding, CrowdingPlan, Table, whole
from supportsim.measure.crowding_sweep import CODE_BITS, LATE, OVER, Row, Waits, list_events, sweep
from supportsim.measure.sorting import ordered
from supportsim.measure.spans import union
from supportsim.measure.tables import Frame

_ABSENT = SPANS.index("absent")
#: Remainders are told apart to so many bits of a tick.
TOLD_APART = 10


def crowding(journal: Journal, plan: CrowdingPlan, frame: Frame) -> Crowding:
    """Of a whole journal.  frame: where the intervals are (`Plan.frame`)."""
    ticks, contacts = by_queue(journal, plan, frame)
    pairs, intervals = len(plan.pairs), ticks.shape[1]
    by_whom = blocked(journal, plan, frame.edges)
    found = Crowding(_zeros(pairs, len(plan.columns), intervals), _zeros(pairs, intervals), by_whom)
    np.add.at(found.ticks, plan.pair_of, ticks.swapaxes(1, 2))
    np.add.at(found.contacts, plan.pair_of, contacts)
    return found


def by_queue(journal: Journal, plan: CrowdingPlan, frame: Frame) -> tuple[Table, Table]:
    """Ticks (queues, intervals, columns), whole and adding up to the waits of each row, and waiting contacts."""
    queues, intervals, columns = len(plan.scenario.queues), len(frame.edges) - 1, len(plan.columns)
    booked = Waits(_zeros(queues * intervals, columns, 2), _zeros(queues * intervals), _zeros(queues * intervals))
    many = len(journal.touches)
    rows = Row(np.full(many, -1, dtype=np.int64), np.zeros(many, dtype=np.int32), _zeros(many))
    ticks, codes, late = _events(journal, plan, frame, rows, booked)
    tables = (journal.touches, journal.presence)
    sweep(plan.asking, _state(plan), rows, booked, *tables, late, *ordered(ticks, codes))
    found = _made_whole(booked, int(plan.asking.numbers[2]))
    return found.reshape(queues, intervals, columns), booked.contacts.reshape(queues, intervals)


def _events(
    journal: Journal, plan: CrowdingPlan, frame: Frame, rows: Row, booked: Waits
) -> tuple[Table, Table, Table]:  # fmt: skip
    """When, what, and of whom a last chat begins."""
    levels = int(np.diff(plan.asking.level_from).max(initial=0))
    room = (4 + levels) * len(journal.touches) + 2 * len(journal.presence)
    ticks, codes, number = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64), _zeros(1)
    waited = np.zeros(len(journal.contacts), dtype=np.int8)
    tables = (journal.contacts, journal.touches, journal.presence)
    list_events(frame, plan.asking, rows, booked, waited, *tables, journal.end, ticks, codes, number)
    at, late, over = _last_chats(journal, plan)
    row = np.arange(len(late)) << CODE_BITS
    n = int(number[0])
    ticks, codes = np.concatenate([ticks[:n], at, over]), np.concatenate([codes[:n], row | LATE, row | OVER])
    return ticks, codes, late


def _last_chats(journal: Journal, plan: CrowdingPlan) -> tuple[Table, Table, Table]:
    """Begins, (agent, place among the channels with a last chat), and ends: of every day that somebody came."""
    absent = journal.presence[journal.presence["what"] == _ABSENT]
    away = set(zip(absent["agent"].tolist(), absent["begin"].tolist(), strict=True)) if len(plan.shifts) else set()
    came = [row for row in plan.shifts.tolist() if (row[0], row[1]) not in away]
    agent, begin, end = union(*whole(came).reshape(-1, 3).T)
    found = [(np.maximum(begin, end - last), agent, np.full(len(agent), i), end) for i, last in
             enumerate(plan.last_chats)]  # fmt: skip
    at, who, place, over = np.concatenate([np.zeros((4, 0), dtype=np.int64), *found], axis=1)
    return at, whole(np.stack([who, place], axis=1)), over


def _state(plan: CrowdingPlan) -> State:
    """A desk with nobody there, before anything has happened."""
    a, scenario = plan.asking, plan.scenario
    teams, classes, held = len(scenario.teams), len(a.kind_of), len(scenario.segments) + 1
    last, people = len(plan.last_chats), max(1, plan.agents)
    levels = int(np.diff(a.level_from).max(initial=0)) + 1
    nobody = np.full(people, -1, dtype=np.int64)
    return State(
        sums=_zeros(classes, len(plan.columns)), since=_zeros(classes), waiters=_zeros(classes),
        changing=_zeros(2 * classes * (teams + 1)),
        waiting=_zeros(len(scenario.queues), levels), present=_zeros(teams), away=_zeros(teams), idle=_zeros(teams),
        work=_zeros(teams, held), sharing=_zeros(teams, len(scenario.channels)), late_idle=_zeros(teams, last),
        late_sharing=_zeros(teams, last), team=nobody, span=nobody.copy(), is_open=_zeros(people),
        in_hand=_zeros(people), held=_zeros(people), hands=_zeros(people, held), is_late=_zeros(people, last),
    )  # fmt: skip


def _made_whole(booked: Waits, bits: int) -> Table:
    """(cells, columns) whole ticks that add up to what each cell waited, by largest remainder."""
    found: Table = booked.parts[:, :, 0] + (booked.parts[:, :, 1] >> bits)
    some = np.flatnonzero(booked.ticks)
    rest = booked.parts[some, :, 1] & ((1 << bits) - 1)
    near = (rest + (1 << bits >> TOLD_APART + 1)) >> bits - TOLD_APART
    cells: Table = found[some] + (near >> TOLD_APART)
    near &= (1 << TOLD_APART) - 1
    missing = booked.ticks[some] - cells.sum(axis=1)
    place = np.argsort(np.argsort(-near, axis=1, kind="stable"), axis=1)
    cells += place < missing[:, None]
    # what sums of a long wait may be off by, together, where not a tick is to spare
    cells[np.arange(len(some)), cells.argmax(axis=1)] += booked.ticks[some] - cells.sum(axis=1)
    found[some] = cells
    return found


def _zeros(*shape: int) -> NDArray[np.int64]:
    return np.zeros(shape, dtype=np.int64)
