"""Audit of customers who leave: when each does is worked out again from what the journal says happened to him.

Nothing of a customer who has left arises or returns; docs/model.md, section 13.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np

from supportsim.demand.cells import demand_end
from supportsim.demand.customers import customers_at, joins_after, thresholds
from supportsim.demand.fates import world
from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.journal import CONTACT_KINDS, CUSTOMERS, ISSUE_STATES, OUTCOMES
from supportsim.scenario.business_clock import OpenTicks, open_ticks
from supportsim.scenario.model import EXPERIENCES, Felt, Promise, Scenario
from supportsim.scenario.offers import leaves
from supportsim.scenario.ticks import NEVER, SECOND

#: An abandon within this time is brief; nobody is surer to leave within a year.
BRIEF, CAP = 5 * SECOND, 0.95
NOT_LET_IN = ("busy", "closed")
Counts = dict[str, int]


class Closed(NamedTuple):
    """One issue of a customer as far as it weighs on him."""

    ended: int
    counts: Counts


def check_leaving(facts: Facts, book: Book) -> None:
    """Who may leave is there; he leaves when he should; nothing of his comes after."""
    issues, customers = facts.journal.issues, facts.journal.customers
    gone = issues["state"] == ISSUE_STATES.index("gone")
    if not any(leaves(facts.scenario)):
        if customers is not None:
            book.add("leaving", "customers stand in the journal although nobody may leave")
        book.add_rows("leaving", "gone although nobody may leave", "issue", gone)
        return
    if customers is None or customers.dtype != CUSTOMERS or not _are_there(facts, customers):
        book.add("leaving", "the journal does not name the customers who may leave, or not when they joined")
        return
    rows = {(s, c): row for row, (s, c) in enumerate(customers[["segment", "customer"]].tolist())}
    left = customers["left"].tolist()
    _nothing_after(facts, book, rows, left)
    for row, (should, begin) in enumerate(_should_leave(facts, customers, rows)):
        if left[row] != (should if should < facts.end else NEVER):
            book.add("leaving", f"left at {left[row]}, but his threshold is reached at {should}", begin, customer=row)


def _are_there(facts: Facts, customers: Any) -> bool:
    """Everybody who may bring an issue, with the tick from which he is there."""
    wanted, begin = [], facts.timeline.counted_from
    end = np.array([demand_end(facts.scenario, facts.timeline)])
    for i, may_leave in enumerate(leaves(facts.scenario)):
        own = facts.scenario.segments[i]
        first = own.customers or 0
        if may_leave:
            many = max(int(customers_at(own, end, begin)[0]), first)
            new = (joins_after(own, many - first) + begin).tolist()
            wanted += [(i, c, begin if c < first else new[c - first]) for c in range(many)]
    return bool(wanted == customers[["segment", "customer", "joined"]].tolist())


def _nothing_after(facts: Facts, book: Book, rows: dict[tuple[int, int], int], left: list[int]) -> None:
    """An issue arises, or a contact after the first is made, only while its customer is there."""
    issues, contacts = facts.journal.issues, facts.journal.contacts
    whose = issues[["segment", "customer", "asked", "ended", "state", "contacts"]].tolist()
    gone = ISSUE_STATES.index("gone")
    ends = [left[rows[s, c]] if (s, c) in rows else NEVER for s, c, *_ in whose]
    for issue, (_, _, asked, ended, state, made) in enumerate(whose):
        arises = max(asked, 0)
        if (ends[issue] <= arises) != (state == gone and made == 0):
            text = f"its customer leaves at {ends[issue]}, it is {ISSUE_STATES[state]}"
            book.add("leaving", text, arises, issue=issue)
        elif state == gone and ended != (ended if made else arises):
            book.add("leaving", "gone at another tick than it arises", ended, issue=issue)
        elif state == gone and made and ends[issue] >= ended:
            book.add("leaving", f"gone before its customer leaves at {ends[issue]}", ended, issue=issue)
    for row, (issue, number, created) in enumerate(contacts[["issue", "number", "created"]].tolist()):
        if number > 1 and created > ends[issue]:
            book.add("leaving", f"its customer had left at {ends[issue]}", created, contact=row)


# ---------------- when he should


def _should_leave(facts: Facts, customers: Any, rows: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    """Of each customer when he should leave (NEVER: not by the horizon), and when his clock begins."""
    closed, scenario = _closed(facts, rows), facts.scenario
    felt = scenario.experience.felt if scenario.experience is not None else ()
    of_world = world(facts.journal.seed, facts.journal.replication)
    found: list[tuple[int, int]] = []
    for i, may_leave in enumerate(leaves(scenario)):
        own = customers[customers["segment"] == i]
        bears = thresholds(of_world, scenario.segments[i], len(own)).tolist() if may_leave else []
        for begin, most in zip(own["joined"].tolist(), bears, strict=True):
            mine = closed.get(len(found), [])
            found.append(
                (_leaving(mine, felt, scenario.segments[i].churn or 0.0, begin, float(most), facts.end), begin)
            )
    return found


def _leaving(closed: list[Closed], felt: tuple[Felt, ...], churn: float, begin: int, most: float, end: int) -> int:
    """From change to change: the first tick at which what he has borne is as much as he bears."""
    over = {each.ended + kind.lasts for each in closed for kind in felt if each.counts[kind.kind]}
    changes = sorted(t for t in {*over, *(each.ended for each in closed), end - 1} if begin < t < end)
    lasting: list[Closed] = [each for each in closed if each.ended <= begin]
    later = sorted((each for each in closed if each.ended > begin), key=lambda each: each.ended)
    for change in changes:
        hazard = _hazard(lasting, felt, churn, begin)
        if hazard > 0 and most / hazard <= change - begin:
            return begin + max(math.ceil(most / hazard), 0)
        most -= hazard * (change - begin)
        begin = change
        while later and later[0].ended <= begin:
            lasting.append(later.pop(0))
    return NEVER


def _hazard(closed: list[Closed], felt: tuple[Felt, ...], churn: float, now: int) -> float:
    """Of leaving, by the year, from a tick on."""
    if churn == 0:
        return 0.0
    score = 0.0
    for kind in felt:
        many = sum(each.counts[kind.kind] for each in closed if now < each.ended + kind.lasts)
        score += many * (math.log(kind.stated) / kind.each if kind.each else math.log(kind.stated))
    odds = math.log(churn) - math.log1p(-churn) + score
    return -math.log(1 - min(1 / (1 + math.exp(-min(max(odds, -700.0), 700.0))), max(CAP, churn)))


# ---------------- what his issues left


def _closed(facts: Facts, rows: dict[tuple[int, int], int]) -> dict[int, list[Closed]]:
    """The issues of each customer that are over, with what they left."""
    contacts: dict[int, list[Any]] = defaultdict(list)
    names = ("issue", "number", "kind", "queue", "created", "answered", "left", "outcome")
    for contact in zip(*(facts.journal.contacts[name].tolist() for name in names), strict=True):
        contacts[contact[0]].append(Seen(*contact[1:]))
    hours = [open_ticks(promise.hours, facts.timeline) for promise in facts.scenario.promises]
    found: dict[int, list[Closed]] = defaultdict(list)
    own = facts.journal.issues[["segment", "customer", "state", "ended"]].tolist()
    for issue, (segment, customer, state, ended) in enumerate(own):
        if (segment, customer) in rows and ended < NEVER and ISSUE_STATES[state] != "gone":
            counts = _counts(facts.scenario, hours, ISSUE_STATES[state], contacts[issue])
            found[rows[segment, customer]].append(Closed(ended, counts))
    return found


class Seen(NamedTuple):
    """One contact."""

    number: int
    kind: int
    queue: int
    created: int
    answered: int
    left: int
    outcome: int

    @property
    def became(self) -> str:
        """What became of it."""
        return OUTCOMES[self.outcome]

    @property
    def got_through(self) -> bool:
        """Whether it was let in."""
        return self.answered < NEVER or self.became not in NOT_LET_IN

    @property
    def waited_to(self) -> int:
        """Until when it waited."""
        return self.answered if self.answered < NEVER else self.left


def _counts(scenario: Scenario, hours: list[OpenTicks], state: str, contacts: list[Seen]) -> Counts:
    """What an issue that is over leaves with its customer."""
    counts = dict.fromkeys(EXPERIENCES, 0)
    counts |= {state: 1} if state in counts else {}
    through = [contact for contact in contacts if contact.got_through]
    counts["contact_again"] = sum(contact.number > 1 for contact in contacts)
    counts["switched"] = sum(CONTACT_KINDS[contact.kind] == "switch" for contact in contacts)
    counts["unanswered"] = sum(contact.answered == NEVER for contact in contacts)
    counts["waited"] = sum(contact.waited_to - contact.created for contact in through)
    for promise, own in zip(scenario.promises, hours, strict=True):
        covered = [contact for contact in through if promise.queues[contact.queue]]
        counts["promise_broken"] += sum(_is_late(promise, own, *case) for case in _cases(promise, covered))
    return counts


def _cases(promise: Promise, contacts: list[Seen]) -> list[tuple[int, int]]:
    """From when to when a promise was tried on an issue."""
    if promise.clock == "answer":
        return [(contact.created, contact.waited_to) for contact in contacts if _judges(promise, contact)]
    replies = [contact.left for contact in contacts if contact.became in ("solved", "unresolved")]
    withdrawn = [c.left for c in contacts if c.became == "withdrew" and c.answered == NEVER]
    if not contacts or not (replies or withdrawn):
        return []
    return [(contacts[0].created, min(replies) if replies else max(withdrawn))]


def _judges(promise: Promise, contact: Seen) -> bool:
    """Whether its formula counts a contact that comes to an answer too late, or to none."""
    if contact.answered < NEVER:
        return True
    if contact.became == "withdrew" or promise.counted == "answered only":
        return False
    brief = contact.became == "abandoned" and contact.left - contact.created <= BRIEF
    return not (brief and promise.counted in ("brief abandons credited", "brief abandons excluded"))


def _is_late(promise: Promise, hours: OpenTicks, begin: int, end: int) -> bool:
    return end - begin > promise.limit and hours.elapsed(begin, end) > promise.limit
