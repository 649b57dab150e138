"""The audit: rules the journal must keep, derived again from the journal and the scenario alone.

It knows neither the clock nor the desk of the engine: columns and flow are checked row by row, presence
against the roster, what chance decided against the fates of the demand, and the desk by a sweep over the ticks
with lists and heaps of its own.
"""

from __future__ import annotations

from supportsim.engine.audit_columns import check_columns
from supportsim.engine.audit_drawn import Drawn
from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.audit_flow import check_flow
from supportsim.engine.audit_journey import check_journeys
from supportsim.engine.audit_laws import check_laws
from supportsim.engine.audit_leaving import check_leaving
from supportsim.engine.audit_presence import check_presence, pieces_of
from supportsim.engine.audit_sweep import Sweep
from supportsim.engine.audit_traces import check_traces
from supportsim.engine.journal import Journal
from supportsim.engine.policy import Function, Policy, meant
from supportsim.scenario.model import Scenario


def audit(journal: Journal, scenario: Scenario, policy: Policy | Function | None = None) -> list[str]:
    """Sentences about every rule broken (at most 50); empty: the journal is clean.

    Each names the rule, the tick (since the start of play) and the rows of the journal it speaks of.  policy: the
    user's own with which the journal was played; it is asked again, as plain Python, and what it raises is raised.
    """
    facts, book = Facts(journal, scenario, meant(policy)), Book()
    if not check_columns(facts, book):
        return book.sentences
    facts.find_days(book)
    linked = check_flow(facts, book)
    check_journeys(facts, book)
    check_leaving(facts, book)
    drawn = Drawn(facts, book)
    check_laws(facts, book, drawn)
    check_traces(facts, book)
    pieces = pieces_of(facts)
    check_presence(facts, book, pieces)
    if linked:
        Sweep(facts, book, pieces, drawn).run()
    return book.sentences
