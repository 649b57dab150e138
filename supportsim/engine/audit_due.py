"""Figures by which the policies `deadline` and `shortest` order: the earliest due tick, the work still to do."""

from __future__ import annotations

from supportsim.engine.audit_amounts import Amounts
from supportsim.engine.audit_drawn import FILLER, Drawn
from supportsim.engine.audit_facts import Facts
from supportsim.engine.journal import OUTCOMES
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import Promise
from supportsim.scenario.ticks import NEVER

SERVED = (OUTCOMES.index("solved"), OUTCOMES.index("unresolved"))


class Dues:
    """What is known of a stretch when it joins its queue."""

    def __init__(self, facts: Facts, drawn: Drawn) -> None:
        self.facts, self.drawn = facts, drawn
        contacts, touches = facts.journal.contacts, facts.journal.touches
        names = ("issue", "kind", "queue", "created", "outcome", "row")
        self.contact = {name: contacts[name].tolist() for name in names}
        self.of, self.first = touches["contact"].tolist(), touches["touch"].tolist()
        self.earlier: list[list[int]] = [[] for _ in facts.journal.issues]  # contacts of each issue
        for c, issue in enumerate(self.contact["issue"]):
            self.earlier[issue].append(c)
        by_deadline = facts.policy == "deadline"
        self.promises = [(p, open_ticks(p.hours, facts.timeline)) for p in facts.scenario.promises if by_deadline]

    def figure(self, row: int, amounts: Amounts) -> int:
        """0 under any other policy; work that is not known counts as none."""
        if self.facts.policy == "deadline":
            return self.due(row)
        if self.facts.policy == "shortest":
            left = self.drawn.plain(self.of[row]) if self.first[row] == row else amounts.solo_left(row)
            return left or 0
        return 0

    def due(self, row: int) -> int:
        """The earliest tick at which a promise of the touch is due, NEVER if none is."""
        c = self.of[row]
        q, due = self.contact["queue"][c], NEVER
        if self.contact["kind"][c] == FILLER:
            return NEVER
        for promise, hours in self.promises:
            if promise.queues[q] and (begin := self._runs_from(promise, c, self.first[row] == row)) is not None:
                due = min(due, hours.add(begin, promise.limit))
        return due

    def _runs_from(self, promise: Promise, c: int, is_new: bool) -> int | None:
        """The instant from which the limit runs; None: the promise is not open for this contact."""
        live = self.facts.live[self.facts.channel_of[self.contact["queue"][c]]]
        if promise.clock == "answer":
            return self.contact["created"][c] if live and is_new else None
        if live:
            return None
        own = [b for b in self.earlier[self.contact["issue"][c]] if b <= c and self._covered(promise, b)]
        if any(self.contact["outcome"][b] in SERVED for b in own if b < c):
            return None
        return int(self.contact["created"][own[0]]) if own else None

    def _covered(self, promise: Promise, b: int) -> bool:
        """Whether a contact got through to a covered deferred queue."""
        q = self.contact["queue"][b]
        through = self.contact["row"][b] >= 0
        return through and promise.queues[q] and not self.facts.live[self.facts.channel_of[q]]
