"""Customers of the naive desk who leave (docs/model.md, section 13): worked out anew each time somebody asks.

Shared with the engine are thresholds and joins (they are demand's), nothing else.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from naive_people import People
from naive_state import Contact, Issue

from supportsim.demand.cells import demand_end
from supportsim.demand.customers import customers_at, joins_after, thresholds
from supportsim.scenario.model import EXPERIENCES, Promise, Segment
from supportsim.scenario.ticks import NEVER, SECOND


class Leaving(People):
    """The desk with the ends of its customers."""

    def leaves_at(self, segment: int, customer: int, until: int) -> int:
        """The tick, `until` at the latest, at which a customer leaves; NEVER if he does not."""
        everybody = self.thresholds.get(segment)
        if everybody is None or customer < 0:
            return NEVER
        begin, left = self.clock_begins(segment, customer), float(everybody[customer])
        mine = [i for i in self.issues if i.segment == segment and i.customer == customer]
        closed = [(i.ended, self.leaves_behind(i)) for i in mine if i.state != "gone" and i.ended <= until]
        over = {ended + felt.lasts for ended, counts in closed for felt in self.felt if counts[felt.kind]}
        for change in sorted({t for t in (*over, *(ended for ended, _ in closed), until) if begin < t <= until}):
            hazard = self.hazard(self.scenario.segments[segment], closed, begin)
            if hazard > 0 and left / hazard <= change - begin:
                return begin + max(math.ceil(left / hazard), 0)
            left -= hazard * (change - begin)
            begin = change
        return NEVER

    @cached_property
    def felt(self) -> tuple[Any, ...]:
        """Kinds with odds."""
        return self.scenario.experience.felt if self.scenario.experience else ()

    @cached_property
    def thresholds(self) -> dict[int, Any]:
        """Of each segment whose customers may leave."""
        found: dict[int, Any] = {}
        end = np.array([demand_end(self.scenario, self.timeline)])
        for place, segment in enumerate(self.scenario.segments):
            feedback = self.scenario.experience is not None and self.scenario.experience.feedback
            if feedback and segment.churn is not None and segment.customers is not None:
                many = max(int(customers_at(segment, end, self.timeline.counted_from)[0]), segment.customers)
                found[place] = thresholds(self.world, segment, many)
        return found

    def clock_begins(self, segment: int, customer: int) -> int:
        """When he may begin to leave."""
        own = self.scenario.segments[segment]
        new = customer - (own.customers or 0)
        late = 0 if new < 0 else int(joins_after(own, new + 1)[-1])
        return self.timeline.counted_from + late

    def hazard(self, segment: Segment, closed: list[tuple[int, dict[str, int]]], at: int) -> float:
        """Of leaving by the year, just after a tick."""
        churn = segment.churn or 0.0
        if churn == 0:
            return 0.0
        score = 0.0
        for name in EXPERIENCES:
            for felt in (each for each in self.felt if each.kind == name):
                many = sum(counts[name] for ended, counts in closed if ended <= at < ended + felt.lasts)
                score += many * (math.log(felt.stated) / (felt.each or 1))
        logit = math.log(churn) - math.log1p(-churn) + score
        p = min(1 / (1 + math.exp(-min(max(logit, -700.0), 700.0))), max(0.95, churn))
        return -math.log(1 - p)

    def leaves_behind(self, issue: Issue) -> dict[str, int]:
        """What a closed issue leaves with its customer."""
        if issue not in self.left_behind:
            self.left_behind[issue] = self.counted(issue)
        return self.left_behind[issue]

    @cached_property
    def left_behind(self) -> dict[Issue, dict[str, int]]:
        """What is known of it: it does not change any more."""
        return {}

    def counted(self, issue: Issue) -> dict[str, int]:
        """Each kind."""
        counts = dict.fromkeys(EXPERIENCES, 0)
        for contact in issue.history:
            counts["contact_again"] += contact.number > 1
            counts["switched"] += contact.kind == "switch"
            counts["unanswered"] += contact.answered == NEVER
            if not _turned_away(contact):
                counts["waited"] += min(contact.answered, contact.left) - contact.created
        if issue.state in counts:
            counts[issue.state] = 1
        counts["promise_broken"] = sum(self.breaks(place, p, issue) for place, p in enumerate(self.scenario.promises))
        return counts

    def breaks(self, place: int, promise: Promise, issue: Issue) -> int:
        """How often a promise was broken on an issue."""
        mine = [c for c in issue.history if promise.queues[c.queue] and not _turned_away(c)]
        if promise.clock == "answer":
            return sum(_judges(promise, c) and self.late(place, c.created, min(c.answered, c.left)) for c in mine)
        if not mine:
            return 0
        replies = [c.left for c in mine if c.outcome in ("solved", "unresolved")]
        last = [c.left for c in mine if c.outcome == "withdrew" and c.answered == NEVER]
        return int(self.late(place, mine[0].created, min(replies) if replies else max(last, default=-NEVER)))

    def late(self, promise: int, begin: int, end: int) -> bool:
        """Whether more of the promise's hours than its limit have passed."""
        limit = self.scenario.promises[promise].limit
        return end - begin > limit and self.promised[promise].elapsed(begin, end) > limit


def _turned_away(contact: Contact) -> bool:
    return contact.answered == NEVER and contact.outcome in ("busy", "closed")


def _judges(promise: Promise, contact: Contact) -> bool:
    """Whether its formula counts a contact that is late."""
    if contact.answered < NEVER:
        return True
    if contact.outcome == "withdrew" or promise.counted == "answered only":
        return False
    is_brief = contact.left - contact.created <= 5 * SECOND
    return not (contact.outcome == "abandoned" and promise.counted.startswith("brief") and is_brief)
