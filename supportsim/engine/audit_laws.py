"""Audit of what chance had decided: the patience of every contact, and whether its work solved the issue.

How long the work itself took is a matter of the sweep, which knows how many contacts its agent held meanwhile.
"""

from __future__ import annotations

from supportsim.demand import fates
from supportsim.engine.audit_drawn import Drawn
from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.journal import OUTCOMES
from supportsim.scenario.ticks import NEVER


def check_laws(facts: Facts, book: Book, drawn: Drawn) -> None:
    """Contact by contact, against the laws of its queue."""
    contacts = facts.journal.contacts
    names = ("patience", "outcome", "row", "left")
    for c, (waits, outcome, row, left) in enumerate(zip(*(contacts[n].tolist() for n in names), strict=True)):
        wanted = drawn.patience(c)
        if wanted is not None and waits != wanted:
            book.add("laws", f"patience is {waits}, drawn was {wanted}", None, contact=c)
        name = OUTCOMES[outcome]
        if name in ("solved", "unresolved") and left != NEVER and row >= 0:
            chance = _chance(facts, drawn, c, row, left)
            if chance is not None and (_coin(drawn, c) < chance) != (name == "solved"):
                book.add("laws", f"{name}, its coin for {chance:.0%} says otherwise", None, contact=c)


def _coin(drawn: Drawn, c: int) -> float:
    issue = drawn.contact["issue"][c]
    return fates.uniform(drawn.world, drawn.key[issue], drawn.worked[c], fates.RESOLUTION)


def _chance(facts: Facts, drawn: Drawn, c: int, row: int, left: int) -> float | None:
    """The chance that its work solved the issue, by the team that began it and the hour in which the talk ended."""
    issue, q = drawn.contact["issue"][c], drawn.contact["queue"][c]
    if drawn.is_filler[issue]:
        return 1.0
    if drawn.row[issue] < 0:
        return None
    first = facts.journal.touches[row]
    if first["agent"] < 0:
        return None
    team = facts.team_at(int(first["agent"]), int(first["started"]))
    if team < 0:
        return None
    hour = drawn.hour(facts.channel_of[q], left)
    own = drawn.by_team(facts.scenario.queues[q], team)[1]
    return own if hour is None else min(1.0, own * hour.resolves)
