"""By arrays of a whole journal: classes of waits, ages of the backlog, what was there where a promise was missed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from measure.by_arrays.facts import FILLER, Contacts
from measure.by_arrays.service import Cases
from supportsim.engine.journal import SPANS, Journal
from supportsim.measure.booking_contacts import class_of
from supportsim.measure.causes import PEOPLE, Causes, Scope
from supportsim.measure.causes_of_replies import HOURS, REPLIES
from supportsim.measure.classes import CLASSES, WaitCounts
from supportsim.measure.replication import Yardstick
from supportsim.measure.survival import POINTS
from supportsim.scenario.activities import moves
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import Promise
from supportsim.scenario.roster import shifts, spans
from supportsim.scenario.ticks import HOUR, NEVER

LIMITS = (0, 8 * HOUR, 24 * HOUR, 72 * HOUR)


def wait_counts(journal: Journal, facts: Contacts) -> WaitCounts:
    """Contact by contact."""
    found: dict[int, int] = {}
    others = facts.disconnected | facts.timed_out | facts.withdrew
    groups = np.select([facts.answered, facts.abandoned, others, facts.still_waiting], [0, 1, 2, 3], -1)
    for row in np.flatnonzero(facts.counted & (groups >= 0)):
        cell = 4 * int(journal.contacts["queue"][row]) + int(groups[row])
        place = cell * CLASSES + int(class_of(int(facts.wait[row])))
        found[place] = found.get(place, 0) + 1
    places = sorted(found)
    return WaitCounts(np.array(places, dtype=np.int64), np.array([found[p] for p in places], dtype=np.int64))


def still_waiting(journal: Journal, facts: Contacts, yardstick: Yardstick) -> NDArray[np.float64]:
    """Wait by wait: the share of those at risk that is not answered, multiplied up to each point."""
    found = []
    known = facts.offered | facts.still_waiting
    for queues in yardstick.pairs:
        mine = facts.counted & known & np.isin(journal.contacts["queue"], queues)
        pairs = zip(facts.wait[mine].tolist(), facts.answered[mine].tolist(), strict=True)
        waits = sorted((int(class_of(wait)), answered) for wait, answered in pairs)
        share, steps, left = 1.0, [], len(waits)
        for kind in sorted({kind for kind, _ in waits}):
            here = [answered for at, answered in waits if at == kind]
            share *= 1 - sum(here) / left
            left -= len(here)
            steps.append((kind, share))
        shares = [[s for kind, s in [(-1, 1.0), *steps] if kind <= class_of(int(point))][-1] for point in POINTS]
        found.append(shares if waits else [float("nan")] * len(POINTS))
    return np.array(found).reshape(-1, len(POINTS))


def ages(journal: Journal, yardstick: Yardstick) -> NDArray[np.int64]:
    """At every end of an interval, every contact that is open just before it by its age then."""
    table = journal.contacts[(journal.contacts["row"] >= 0) & (journal.contacts["kind"] != FILLER)]
    ends = yardstick.grid.interval_edges[1:]
    found = np.zeros((4, len(yardstick.deferred), len(ends)), dtype=np.int64)
    for r, row in enumerate(yardstick.deferred):
        mine = table[row.cells[table["queue"]]]
        for i, at in enumerate(ends):
            open_ = mine[(mine["created"] < at) & (mine["left"] >= at)]
            band = np.searchsorted(LIMITS, at - open_["created"], side="left") - 1
            found[:, r, i] = np.bincount(band, minlength=4)
    return found


def waiting(found: NDArray[np.int64], yardstick: Yardstick) -> NDArray[np.int32]:
    rows: dict[str, int] = {}
    for i, row in enumerate(yardstick.deferred):
        rows.setdefault(row.channel, i)
    return found[:, list(rows.values())].sum(axis=0).astype(np.int32)


def eldest(journal: Journal, yardstick: Yardstick) -> NDArray[np.float32]:
    """At every end of an interval, the age in hours of the first created contact that is open just before it."""
    table = journal.contacts[(journal.contacts["row"] >= 0) & (journal.contacts["kind"] != FILLER)]
    ends = yardstick.grid.interval_edges[1:]
    found = np.zeros((len(yardstick.deferred), len(ends)), dtype=np.float32)
    for r, row in enumerate(yardstick.deferred):
        mine = table[row.cells[table["queue"]]]
        for i, at in enumerate(ends):
            open_ = mine["created"][(mine["created"] < at) & (mine["left"] >= at)]
            found[r, i] = (at - open_.min()) / HOUR if len(open_) else 0
    return found


class Missing:
    """What `measure.causes` sums, from masks of contacts and from spans."""

    def __init__(
        self, journal: Journal, facts: Contacts, staff: dict[str, NDArray[np.int64]], yardstick: Yardstick,
        cases: Sequence[Cases],
    ) -> None:  # fmt: skip
        self.journal, self.facts, self.staff, self.y, self.cases = journal, facts, staff, yardstick, cases
        self.edges = yardstick.grid.interval_edges

    def causes(self, kept: NDArray[np.int32], judged: NDArray[np.int32]) -> Causes:
        n = len(self.edges) - 1
        found = self.y.rests_on
        parts = sum(len(scope.parts) for scope in found)
        cases, people = (
            np.zeros((2, len(found), n), dtype=np.int64),
            np.zeros((2, len(PEOPLE), len(found), n), dtype=np.int64),
        )
        coming = np.zeros((2, 3, parts, n), dtype=np.int64)
        place = 0
        for s, scope in enumerate(found):
            target = self.y.scenario.promises[scope.promise].share
            some = judged[scope.promise] > 0
            share = np.divide(kept[scope.promise], judged[scope.promise], out=np.ones(n), where=some)
            missed = some & (share < target - 1e-12)
            cases[:, s] = some, missed
            people[0, :, s] = self._people(scope)
            people[1, :, s] = people[0, :, s] * missed
            for row in scope.parts:
                coming[0, :, place] = self._coming(row.cells)
                coming[1, :, place] = coming[0, :, place] * missed
                place += 1
        return Causes(cases, coming, people, *self._replies())

    def _replies(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Case by case and contact by contact, day by day."""
        scenario, days = self.y.scenario, self.y.grid.day_edges
        found = [(i, p) for i, p in enumerate(scenario.promises) if p.clock == "first_reply"]
        n = len(days) - 1
        due, there = np.zeros((2, len(found), n), np.int64), np.zeros((len(REPLIES), len(found), n), np.int64)
        for s, (number, promise) in enumerate(found):
            clock = open_ticks(promise.hours, self.y.grid.timeline)
            cases = self.cases[number]
            rows = zip(cases.created.tolist(), cases.columns["judged"], cases.columns["broken"], strict=True)
            for created, judged, broken in rows:
                day = int(np.searchsorted(days, clock.add(created, promise.limit), side="right")) - 1
                if judged and 0 <= day < n:
                    due[:, s, day] += 1, broken
            there[:, s] = self._replying(promise)
        target = np.array([p.share for _, p in found]).reshape(-1, 1)
        share = np.divide(due[0] - due[1], due[0], out=np.ones(due[0].shape), where=due[0] > 0)
        missed = ((due[0] > 0) & (share < target - 1e-12)).astype(np.int64)
        return (
            np.array([due, due * missed]),
            np.array([(due[0] > 0).astype(np.int64), missed]),
            np.array([there, there * missed]),
        )

    def _replying(self, promise: Promise) -> NDArray[np.int64]:
        """(REPLIES, days)."""
        scenario, facts, edges = self.y.scenario, self.facts, self.y.grid.day_edges
        kinds = {channel.name: channel.kind for channel in scenario.channels}
        teams = {
            team for q, mine in zip(scenario.queues, promise.queues, strict=True) if mine for team in sum(q.teams, ())
        }
        alone = [
            not mine and kinds[q.channel] == "deferred" and bool(sum(q.teams, ())) and set(sum(q.teams, ())) <= teams
            for q, mine in zip(scenario.queues, promise.queues, strict=True)
        ]  # fmt: skip
        table, touches = self.journal.contacts, self.journal.touches
        real = (table["row"] >= 0) & (table["kind"] != FILLER)
        mine = real & np.array(promise.queues, dtype=bool)[table["queue"]]
        worked = np.zeros((2, len(edges) - 1), dtype=np.int64)
        touches = touches[(touches["started"] < NEVER) & (table["kind"][touches["contact"]] != FILLER)]
        for which, queues in enumerate((promise.queues, alone)):
            some = touches[np.array(queues, dtype=bool)[touches["queue"]]]
            for day, (low, high) in enumerate(itertools.pairwise(edges.tolist())):
                ended = np.minimum(np.minimum(some["ended"], self.journal.end), high)
                worked[which, day] = np.maximum(ended - np.maximum(some["started"], low), 0).sum()
        rows = []
        for begin, end in itertools.pairwise(edges.tolist()):
            came = mine & (table["created"] >= begin) & (table["created"] < end)
            handled = came & facts.handled
            open_ = [int((mine & (table["created"] < at) & (table["left"] >= at)).sum()) for at in (begin, end)]
            rows.append([*open_, came.sum(), handled.sum(), (facts.talk + facts.wrap)[handled].sum()])
        names = np.array([team.name in teams for team in scenario.teams])
        people = dict(zip(PEOPLE, self._people(Scope(0, names, ())), strict=True))
        first = np.searchsorted(self.edges[:-1], edges[:-1])
        hours = [np.add.reduceat(people[name], first) for name in HOURS]
        return np.concatenate([np.array(rows, dtype=np.int64).T, worked, np.array(hours)])

    def _coming(self, cells: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
        facts = self.facts
        mine = facts.counted & cells[self.journal.contacts["queue"]]
        slot = np.searchsorted(self.edges, self.journal.contacts["created"], side="right") - 1
        work = np.zeros(len(self.edges) - 1, dtype=np.int64)
        handled = mine & facts.handled
        np.add.at(work, slot[handled], (facts.talk + facts.wrap)[handled])
        numbers = [np.bincount(slot[m], minlength=len(work)) for m in (mine & (facts.offered | facts.blocked), handled)]
        return [*numbers, work]

    def _people(self, scope: Scope) -> list[NDArray[np.int64]]:
        table = self.journal.presence
        mine = table[scope.teams[table["team"]]]
        kinds = {
            "rostered": ("absent", "available", "break_due", "break_paid", "break_unpaid", "block"),
            "absent": ("absent",), "off_desk": ("block",), "breaks": ("break_paid", "break_unpaid"),
            "rests": (), "present": ("available", "break_due"),
        }  # fmt: skip
        found = []
        for name, whats in kinds.items():
            chosen = mine[np.isin(mine["what"], [SPANS.index(what) for what in whats])]
            rows = [(int(row["begin"]), min(int(row["end"]), self.journal.end)) for row in chosen]
            found.append(self._ticks(self._rests(scope) if name == "rests" else rows))
        chosen = np.asarray(scope.teams, dtype=np.int64)
        return [*found, *(chosen @ self.staff[name] for name in PEOPLE[len(kinds) :])]

    def _rests(self, scope: Scope) -> list[tuple[int, int]]:
        """Breaks as rostered whose agent is not absent then, of the team he is to work for when they fall due."""
        scenario, timeline = self.y.scenario, self.y.grid.timeline
        own = self.y.desk.team_of.tolist()
        away = self.journal.presence[self.journal.presence["what"] == SPANS.index("absent")]
        lent = [m for m in moves(scenario, timeline, shifts(scenario, timeline), own) if m.team >= 0]
        found = []
        for span in spans(scenario, timeline):
            absent = [(a["begin"], a["end"]) for a in away[away["agent"] == span.agent]]
            for rest in span.rests:
                team = own[span.agent]
                for move in lent:
                    if move.agent == span.agent and move.begin <= rest.due < move.end:
                        team = move.team
                if scope.teams[team] and not any(begin <= rest.due < end for begin, end in absent):
                    found.append((rest.due, min(rest.due + rest.length, span.end)))
        return found

    def _ticks(self, rows: list[tuple[int, int]]) -> NDArray[np.int64]:
        total = np.zeros(len(self.edges) - 1, dtype=np.int64)
        for begin, end in rows:
            if begin < end:
                inside = np.minimum(end, self.edges[1:]) - np.maximum(begin, self.edges[:-1])
                total += np.maximum(inside, 0)
        return total
