"""Adding up a replication, in one portion or many: the tables, their sizes, and what each portion brings.

`Plan` holds what a scenario alone decides; a `Tally` is one replication.  Both say nothing of measures: they count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import SPANS, Journal
from supportsim.engine.portions import Portion
from supportsim.measure import tables as t
from supportsim.measure import waits
from supportsim.measure.at_work import book_presence, book_work
from supportsim.measure.booking import book
from supportsim.measure.classes import CLASSES
from supportsim.measure.desk import Desk
from supportsim.measure.grid import Grid
from supportsim.measure.rests import Rests
from supportsim.measure.service import judged_and_missed
from supportsim.measure.tables import SPAN, Frame, Scratch, Sums
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import NEVER

Table = NDArray[Any]
Ticks = NDArray[np.int64]

#: Waits by interval and stretches of work that are held before they are added, where portions come.
AT_A_TIME = 1 << 20
_AT_THE_DESK = tuple(SPANS.index(name) for name in ("available", "break_due"))
_OVERTIME = SPANS.index("overtime")
_NO_SPANS = np.zeros((0, 1, t.TEAM_COLUMNS, 2), dtype=np.int64)


class Plan:
    """What is counted where, for every replication of a scenario."""

    def __init__(self, scenario: Scenario, grid: Grid, desk: Desk, rows_of: Sequence[NDArray[np.bool_]]) -> None:
        """`rows_of`: the groups of cells of which waits are told by interval."""
        self.scenario, self.grid, self.desk = scenario, grid, desk
        self.queues, self.cells = len(scenario.queues), len(scenario.queues) + len(scenario.segments)
        self.segments, self.teams = len(scenario.segments), len(scenario.teams)
        self.channels = {channel.name: i for i, channel in enumerate(scenario.channels)}
        segments = {segment.name: i for i, segment in enumerate(scenario.segments)}
        self.segment_of = _whole([*(segments[q.segment] for q in scenario.queues), *range(self.segments)])
        self.frame = self._frame()
        self.pairs = int(self.frame.cover.max(initial=-1)) + 1
        bits = 2 * (len(self.channels) + 1) + len(scenario.promises) * len(self.channels)
        self.words = -(-bits // 64)
        self.rows = len(rows_of)
        self.rows_of = self._rows_of(rows_of)
        self.unpaid = self._unpaid()
        self.rests = Rests(desk)
        self.spare: list[tuple[Ticks, Table]] = []  # rooms of tallies that are closed: fresh memory costs time

    def _frame(self) -> Frame:
        scenario, grid = self.scenario, self.grid
        edges = grid.interval_edges
        clocks = [open_ticks(p.hours, grid.timeline) for p in scenario.promises]
        opening = [row for c in clocks for row in _windows(c.begins, c.ends)]
        on_replies = np.array([p.clock == "first_reply" for p in scenario.promises], dtype=np.int64)
        day = np.searchsorted(grid.day_edges, edges[:-1], side="right")
        kinds = {channel.name: channel.kind for channel in scenario.channels}
        channel = [self.channels[q.channel] for q in scenario.queues] + [len(self.channels)] * self.segments
        numbers = (grid.interval_length, self.queues, len(self.channels), int(on_replies.sum()))
        return Frame(
            edges=edges,
            blocks=_blocks(edges, grid.interval_length),
            day_of=_whole([0, *day, len(grid.dates) + 1]),
            channel=_whole(channel),
            deferred=_whole([kinds[q.channel] == "deferred" for q in scenario.queues]),
            clocks=on_replies,
            limits=_whole([p.limit for p in scenario.promises]),
            always=_whole([p.hours.always for p in scenario.promises]),
            windows=_whole(np.cumsum([0, *(len(c.begins) for c in clocks)])),
            opening=_whole(opening).reshape(-1, 3),
            cover=self._cover(),
            reply=np.where(on_replies > 0, np.cumsum(on_replies) - 1, -1),
            missed=_whole([judged_and_missed(p) for p in scenario.promises]).reshape(-1, 8, 2, 2),
            numbers=_whole(numbers),
        )

    def _cover(self) -> Ticks:
        """(promise, queue) -> number of the pair, -1 where the promise does not cover the queue."""
        covered = np.array([p.queues for p in self.scenario.promises], dtype=bool).reshape(-1, self.queues)
        pair = np.cumsum(covered.ravel()).reshape(covered.shape) - 1
        return np.where(covered, pair, -1)

    def _rows_of(self, rows: Sequence[NDArray[np.bool_]]) -> Ticks:
        """Queue -> the groups it belongs to, then -1."""
        found = np.full((self.queues, len(rows) + 1), -1, dtype=np.int64)
        for queue in range(self.queues):
            mine = [i for i, cells in enumerate(rows) if cells[queue]]
            found[queue, : len(mine)] = mine
        return found

    def _unpaid(self) -> tuple[Ticks, Ticks, Ticks]:
        """First row per agent (one more at the end), begins and ends of unpaid breaks as rostered."""
        agent, begin, end = self.desk.unpaid
        first = np.searchsorted(agent, np.arange(len(self.desk.team_of) + 1)).astype(np.int64)
        return first, np.ascontiguousarray(begin), np.ascontiguousarray(end)


def _whole(values: Any) -> Ticks:
    return np.ascontiguousarray(values, dtype=np.int64)


def _windows(begins: Sequence[int], ends: Sequence[int]) -> list[tuple[int, int, int]]:
    found, before = [], 0
    for begin, end in zip(begins, ends, strict=True):
        found.append((begin, end, before))
        before += end - begin
    return found


def _blocks(edges: Ticks, width: int) -> Ticks:
    """The slot (0: before counted time) at edges[0] + k x width, for every k before the last edge."""
    at = np.arange(edges[0], max(edges[-1], edges[0] + 1), width, dtype=np.int64)
    return np.searchsorted(edges, at, side="right").astype(np.int64)


class Tally:
    """One replication being added up: portions of its journal come in any sizes, each whole issues."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        p, slots, days = plan, len(plan.frame.edges) + 1, len(plan.grid.dates) + 2
        keys, spans = p.spare.pop() if p.spare else (_zeros(0), np.zeros(0, dtype=SPAN))
        self.sums = Sums(
            cells=_zeros(slots, p.queues, t.CELL_COLUMNS),
            promised=_zeros(slots, p.pairs, t.PROMISE_COLUMNS),
            oldest=_zeros(p.pairs),
            issues=_zeros(days, p.cells, t.ISSUE_COLUMNS),
            fillers=_zeros(days, p.queues),
            touches=_zeros(days, p.queues),
            stretches=_zeros(days, p.queues, t.STRETCH_COLUMNS, 2),
            squares=_zeros(p.queues, t.GROUPS, 5),
            waits=np.zeros((p.queues, t.STILL + 1, CLASSES), dtype=np.int32),
            still=_zeros(p.queues),
            backlog=_zeros(slots, p.queues),
            eldest=np.full((slots, p.queues), NEVER, dtype=np.int64),
            ages=_zeros(slots, p.queues, len(t.AGES)),
            front=np.tile(_whole([NEVER, -1]), (p.queues, 1)),
            broken=_zeros(len(p.scenario.promises), p.segments, len(p.channels) + 1),
            anonymous=_zeros(2, p.cells),
            keys=keys,
            spans=spans,
            used=_zeros(3),
            persons=_zeros(1024),
            bits=np.zeros((1024, p.words), dtype=np.uint64),
        )
        self.team_time = _zeros(slots, p.teams, t.TEAM_COLUMNS, 2)
        self.at_work_for = np.zeros_like(self.team_time) if p.desk.moves else _NO_SPANS
        self.lost_breaks = _zeros(slots - 2, p.teams)
        self.rests = _zeros(p.teams, slots - 2)
        self.wait_p95 = np.full((p.rows, slots - 2), np.nan)
        self.seen = 0  # rows of presence that were there when work was added last
        self.at_desk = _zeros(0)  # those of them at the desk or in overtime that went on after that

    # ------------------------------------------------------------ portions

    def add(self, issues: Table, contacts: Table, touches: Table, end: int = NEVER) -> None:
        """Whole issues with their contacts and touches, which refer to rows of the same portion."""
        self._make_room(len(issues), len(contacts), len(touches), int(issues["customer"].max(initial=-1)) >= 0)
        scratch = self._scratch(len(issues), len(contacts))
        book(self.plan.frame, self.sums, scratch, issues, contacts, touches, end)

    def take(self, portion: Portion) -> None:
        """A portion of a play that keeps no journal."""
        self.add(portion.issues, portion.contacts, portion.touches, portion.end)
        if portion.end >= NEVER and self.sums.used[:2].max() >= AT_A_TIME:
            self.settle(portion.presence, *portion.known_until())

    def settle(self, presence: Table, until: int, contacts_until: int, end: int = NEVER) -> None:
        """Once enough has come, add waits of intervals and work that nothing to come can change.

        presence: all of it up to now.  Every stretch that began before tick `until` has come, and every contact that
        was created before tick `contacts_until`.
        """
        if self.sums.used[1] >= AT_A_TIME:
            self._add_work(presence, until, end)
        if self.sums.used[0] >= AT_A_TIME:
            self._add_waits(contacts_until)

    def close(self, presence: Table, end: int) -> None:
        """Everything has come: the rest of it, and everybody's time."""
        p = self.plan
        self._add_work(presence, NEVER, end)
        self._add_waits(NEVER)
        book_presence(
            p.frame, self.team_time, self.at_work_for, self.lost_breaks, p.desk.team_of, p.unpaid, presence, end
        )
        self.rests = p.rests.of_who_came(presence)
        if len(self.sums.spans) <= AT_A_TIME:
            p.spare = [(self.sums.keys, self.sums.spans)]

    def _make_room(self, issues: int, contacts: int, touches: int, named: bool) -> None:
        used = self.sums.used
        keys, spans = _longer(self.sums.keys, used[0], contacts), _longer(self.sums.spans, used[1], touches)
        self.sums = self.sums._replace(keys=keys, spans=spans)
        if named and 2 * (used[2] + issues) > len(self.sums.persons):
            self._rehash(int(used[2]) + issues)

    def _rehash(self, persons: int) -> None:
        """At least twice as many rows as there may be persons."""
        from supportsim.measure.booking_issues import person_at

        old, bits = self.sums.persons, self.sums.bits
        size = 1 << (2 * persons).bit_length()
        new, new_bits = _zeros(size), np.zeros((size, self.plan.words), dtype=np.uint64)
        for row in np.flatnonzero(old):
            at = person_at(new, old[row])
            new[at], new_bits[at] = old[row], bits[row]
        self.sums = self.sums._replace(persons=new, bits=new_bits)

    def _scratch(self, issues: int, contacts: int) -> Scratch:
        replies = int(self.plan.frame.numbers[3])
        return Scratch(
            talk=_zeros(contacts), wrap=_zeros(contacts), running=_flags(contacts), starved=_flags(contacts),
            cell=np.full(issues, -1, dtype=np.int32), served=_flags(issues), filler=_flags(issues),
            flags=np.zeros((issues, self.plan.words), dtype=np.uint64),
            replies=_zeros(issues if replies else 0, replies, 4),
        )  # fmt: skip

    # ------------------------------------------------------------ what waits for others

    def _add_work(self, presence: Table, until: int, end: int) -> None:
        p, n = self.plan, int(self.sums.used[1])
        spans = self.sums.spans[:n]
        first_of, rows = self._at_the_desk(presence, end)
        order = _by_agent(spans)
        book_work(
            p.frame,
            self.team_time,
            self.at_work_for,
            p.desk.team_of,
            order,
            self.sums.spans,
            first_of,
            rows,
            until,
            int(spans["filler"].any()),
        )
        self.at_desk = self.at_desk[presence["end"][self.at_desk] > until]
        left = spans[spans["ended"] > until].copy()
        left["started"] = np.maximum(left["started"], until)
        self.sums.spans[: len(left)], self.sums.used[1] = left, len(left)

    def _at_the_desk(self, presence: Table, end: int) -> tuple[Ticks, Ticks]:
        """First row per agent, and rows (begin, end, 1: overtime, team worked for) of who is at the desk.

        Spans that were over when work was added last have no part in what is added next.
        """
        new = np.flatnonzero(np.isin(presence["what"][self.seen :], (*_AT_THE_DESK, _OVERTIME))) + self.seen
        self.at_desk, self.seen = np.concatenate([self.at_desk, new]), len(presence)
        chosen = presence[self.at_desk]
        order = np.argsort(chosen["agent"], kind="stable")
        chosen = chosen[order]
        rows = [chosen["begin"], np.minimum(chosen["end"], end), chosen["what"] == _OVERTIME, chosen["team"]]
        first_of = np.searchsorted(chosen["agent"], np.arange(len(self.plan.desk.team_of) + 1))
        return _whole(first_of), _whole(np.stack(rows, axis=1)) if len(chosen) else _zeros(0, 4)

    def _add_waits(self, until: int) -> None:
        """The quantiles of intervals that end before tick `until`."""
        keys = np.sort(self.sums.keys[: self.sums.used[0]])
        done = int(np.searchsorted(self.plan.frame.edges, until, side="right")) - 1
        ready = int(np.searchsorted(keys, max(done, 0) << (t.QUEUE_BITS + t.WAIT_BITS)))
        counted = _zeros(2, self.plan.rows)
        waits.by_slot(keys[:ready], self.plan.rows_of, 0.95, self.wait_p95, counted)
        left = keys[ready:]
        self.sums.keys[: len(left)], self.sums.used[0] = left, len(left)


def tallied(journal: Journal, plan: Plan) -> Tally:
    """A whole journal, added up."""
    tally = Tally(plan)
    tally.add(journal.issues, journal.contacts, journal.touches, journal.end)
    tally.close(journal.presence, journal.end)
    return tally


def _zeros(*shape: int) -> Ticks:
    return np.zeros(shape, dtype=np.int64)


def _by_agent(spans: Table) -> Ticks:
    """The order of spans by agent, then begin."""
    by_begin = np.argsort(spans["started"])
    agent = spans["agent"][by_begin]
    if agent.max(initial=0) < 1 << 15:
        agent = agent.astype(np.int16)  # numbers this short are sorted in one pass
    order: Ticks = by_begin[np.argsort(agent, kind="stable")]
    return order


def _flags(number: int) -> Table:
    return np.zeros(number, dtype=np.int8)


def _longer(table: Table, used: int, more: int) -> Table:
    """The same rows with room for more."""
    if used + more <= len(table):
        return table
    new = np.empty(int(used) + max(more, len(table)), dtype=table.dtype)
    new[:used] = table[:used]
    return new
