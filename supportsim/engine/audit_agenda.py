"""The audit's agenda: every event that the journal, the roster and the calendars fix in advance."""

from __future__ import annotations

from heapq import heapify

import numpy as np

from supportsim.engine.audit_drawn import FILLER
from supportsim.engine.audit_facts import Facts, next_of
from supportsim.engine.audit_presence import AWAY, Piece

# Ranks in the order of docs/model.md 9; LAST is the audit's own: what the journal says of this tick and nothing
# explained.
WORLD, OUT, DUE, DONE, IN, BACK, OVERFLOW, LIMIT, RETURNS, GIVES_UP, ARISES, LAST = range(12)
# What an event of rank LAST looks at.
START, LEAVE, REST = 0, 1, 2

CLOCKS_IN = 1 << 30  # behind the moves of an agent

Event = tuple[int, int, int, int]  # tick, rank, and two numbers that order a rank


class Agenda:
    """`heap`: events to come.  Work, patience and later contacts are appointed by the sweep as they arise.

    `follow`: contact -> the next one of its issue; `rests` and `dues`: per agent the ticks at which a
    break or block begins, and at which the first waiting one fell due; `too_late`: at which he was through with
    his work when what was due could no longer begin; `ins` and `outs`: at which his presence begins and ends.
    """

    def __init__(self, facts: Facts, pieces: list[list[Piece]]) -> None:
        self.facts = facts
        self.heap: list[Event] = []
        self.rests: list[set[int]] = [set() for _ in pieces]
        self.dues: list[set[int]] = [set() for _ in pieces]
        self.too_late: list[set[int]] = [set() for _ in pieces]
        self.ins = [{day.begin for day in own} for own in facts.days]
        self.outs = [{day.end for day in own if day.end < facts.end} for own in facts.days]
        self.follow = next_of(facts.journal.contacts["issue"].tolist())
        self._contacts()
        self._hours()
        self._heads()
        for agent, own in enumerate(pieces):
            solid = [piece for piece in own if piece.what != "break_lost"]
            self._shifts(agent)
            self._moves(agent)
            self._breaks(agent, [piece for piece in solid if piece.what != "absent"])
        heapify(self.heap)

    def _contacts(self) -> None:
        """First contacts but filler; later ones return when the one before them is over."""
        contacts = self.facts.journal.contacts
        later = {*self.follow.values(), *np.flatnonzero(contacts["kind"] == FILLER).tolist()}
        issues, created = contacts["issue"].tolist(), contacts["created"].tolist()
        self.heap += [(max(0, created[c]), ARISES, issues[c], c) for c in range(len(issues)) if c not in later]

    def _hours(self) -> None:
        for channel, opening in enumerate(self.facts.opening):
            bounds = ((opening.ends, 0), (opening.begins, 1))
            self.heap += [(t, WORLD, k, channel) for ts, k in bounds for t in ts if 0 <= t < self.facts.end]

    def _shifts(self, agent: int) -> None:
        if self.facts.has_heads[agent]:
            return
        for day in self.facts.days[agent]:
            self.heap.append((day.begin, IN, agent, CLOCKS_IN))
            if day.end < self.facts.end:
                self.heap.append((day.end, OUT, agent, 0))

    def _heads(self) -> None:
        """Where the curve of a team falls, and where it rises: events of its first agent."""
        for t, team in enumerate(self.facts.scenario.teams):
            if team.heads and t in self.facts.team_of:
                first, before = self.facts.team_of.index(t), 0
                for at, heads in heads_of(team.heads, self.facts.timeline.counted_from):
                    if heads != before and at < self.facts.end:
                        self.heap.append((at, IN, first, CLOCKS_IN) if heads > before else (at, OUT, first, 0))
                    before = heads

    def _moves(self, agent: int) -> None:
        """To another team, and back to his own unless the next move begins there."""
        teams, own = len(self.facts.scenario.teams), self.facts.team_of[agent]
        moves = [move for move in self.facts.moved[agent] if move.team >= 0 and move.end > 0]
        begins = {move.begin for move in moves}
        for move in moves:
            self.heap.append((max(0, move.begin), IN, agent, teams + move.team))
            if move.end not in begins:
                self.heap.append((move.end, IN, agent, own))

    def _breaks(self, agent: int, own: list[Piece]) -> None:
        """A break that does not follow upon another fell due when it, or the span `break_due`, begins."""
        begins, ends = self.ins[agent], {day.end for day in self.facts.days[agent]}
        before: Piece | None = None
        for piece in own:
            after = before.what if before is not None and before.end == piece.begin else ""
            if piece.what == "break_due" or (piece.what in AWAY and after not in ("break_due", *AWAY)):
                self.dues[agent].add(piece.begin)
                if piece.begin not in begins:  # else it belongs to the clock-in
                    self.heap.append((piece.begin, DUE, agent, 0))
            if piece.what == "available" and after == "break_due":
                self.too_late[agent].add(piece.begin)
            if piece.what in AWAY:
                self.rests[agent].add(piece.begin)
                self.heap.append((piece.begin, LAST, agent, REST))
                if piece.end < self.facts.end and piece.end not in ends:
                    self.heap.append((piece.end, BACK, agent, 0))
            before = piece


def heads_of(curve: tuple[tuple[int, int], ...], counted_from: int) -> list[tuple[int, int]]:
    """(tick of play, heads from then on) of a curve: what holds when play begins stands at tick 0."""
    at_begin = [heads for at, heads in curve if at + counted_from <= 0]
    later = [(at + counted_from, heads) for at, heads in curve if at + counted_from > 0]
    return [(0, at_begin[-1] if at_begin else 0), *later]
