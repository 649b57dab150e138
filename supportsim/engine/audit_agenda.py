"""The audit's agenda: every event that the journal, the roster and the calendars fix in advance."""

from __future__ import annotations

from heapq import heapify

from supportsim.engine.audit_facts import Facts, next_of
from supportsim.engine.audit_presence import AWAY, Piece

# Ranks of MODEL.md section 13; LAST is the audit's own: what the journal says of this tick and nothing explained.
WORLD, OUT, DUE, DONE, IN, BACK, RETURNS, GIVES_UP, ARISES, LAST = 0, 1, 2, 3, 4, 5, 7, 8, 11, 12
# What an event of rank LAST looks at.
START, LEAVE, REST = 0, 1, 2

Event = tuple[int, int, int, int]  # tick, rank, and two numbers that order a rank


class Agenda:
    """`heap`: events to come.  Work, patience and later contacts are appointed by the sweep as they arise.

    `follow`: contact -> the next one of its issue; `rests` and `dues`: per agent the ticks at which a
    break or block begins, and at which the first waiting one fell due.
    """

    def __init__(self, facts: Facts, pieces: list[list[Piece]]) -> None:
        self.facts = facts
        self.heap: list[Event] = []
        self.rests: list[set[int]] = [set() for _ in pieces]
        self.dues: list[set[int]] = [set() for _ in pieces]
        self.follow = next_of(facts.journal.contacts["issue"].tolist())
        self._contacts()
        self._hours()
        for agent, own in enumerate(pieces):
            solid = [piece for piece in own if piece.what != "break_lost"]
            self._shifts(agent)
            self._breaks(agent, [piece for piece in solid if piece.what != "absent"])
        heapify(self.heap)

    def _contacts(self) -> None:
        """First contacts; later ones return when the one before them is over."""
        later = set(self.follow.values())
        contacts = self.facts.journal.contacts
        issues, created = contacts["issue"].tolist(), contacts["created"].tolist()
        self.heap += [(max(0, created[c]), ARISES, issues[c], c) for c in range(len(issues)) if c not in later]

    def _hours(self) -> None:
        for channel, opening in enumerate(self.facts.opening):
            bounds = ((opening.ends, 0), (opening.begins, 1))
            self.heap += [(t, WORLD, k, channel) for ts, k in bounds for t in ts if 0 <= t < self.facts.end]

    def _shifts(self, agent: int) -> None:
        for day in self.facts.days[agent]:
            self.heap.append((day.begin, IN, agent, 0))
            if day.end < self.facts.end:
                self.heap.append((day.end, OUT, agent, 0))

    def _breaks(self, agent: int, own: list[Piece]) -> None:
        """A break that does not follow upon another fell due when it, or the span `break_due`, begins."""
        begins = {day.begin for day in self.facts.days[agent]}
        ends = {day.end for day in self.facts.days[agent]}
        before: Piece | None = None
        for piece in own:
            after = before.what if before is not None and before.end == piece.begin else ""
            if piece.what == "break_due" or (piece.what in AWAY and after not in ("break_due", *AWAY)):
                self.dues[agent].add(piece.begin)
                if piece.begin not in begins:  # else it belongs to the clock-in
                    self.heap.append((piece.begin, DUE, agent, 0))
            if piece.what in AWAY:
                self.rests[agent].add(piece.begin)
                self.heap.append((piece.begin, LAST, agent, REST))
                if piece.end < self.facts.end and piece.end not in ends:
                    self.heap.append((piece.end, BACK, agent, 0))
            before = piece
