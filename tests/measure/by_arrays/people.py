"""Issues and people: what became of each problem, and how many customers were touched by it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from measure.by_arrays.facts import Contacts, Flags
from supportsim.engine.journal import ISSUE_STATES, Journal
from supportsim.measure.spans import Ticks
from supportsim.scenario.model import Scenario

_STATE = {name: code for code, name in enumerate(ISSUE_STATES)}


class Issues:
    """One entry per issue: its cell, what became of it, who its customer is; `filler`: nobody's."""

    def __init__(self, journal: Journal, scenario: Scenario, facts: Contacts) -> None:
        table = journal.issues
        state, n = table["state"], len(table)
        self.cell: Ticks = table["segment"].astype(np.int64) + len(scenario.queues)
        first = journal.contacts["number"] == 1
        self.cell[journal.contacts["issue"][first]] = journal.contacts["queue"][first]
        self.filler: Flags = np.zeros(n, dtype=bool)
        self.filler[journal.contacts["issue"][facts.filler]] = True
        served = np.zeros(n, dtype=bool)
        served[journal.contacts["issue"][facts.answered]] = True
        arose = ~((state == _STATE["gone"]) & (table["contacts"] == 0))
        over = ~np.isin(state, [_STATE[name] for name in ("open", "cut", "unasked")])
        solved = state == _STATE["solved"]
        self.columns: dict[str, Ticks] = {
            "issues": arose.astype(np.int64),
            "solved": solved.astype(np.int64),
            "solved_first": (solved & (table["contacts"] == 1)).astype(np.int64),
            "gave_up": (state == _STATE["gave_up"]).astype(np.int64),
            "never_served": (over & ~served & arose).astype(np.int64),
            "open": (state == _STATE["open"]).astype(np.int64),
            "cut": (state == _STATE["cut"]).astype(np.int64),
            "unasked": (state == _STATE["unasked"]).astype(np.int64),
            "contacts_made": table["contacts"].astype(np.int64),
        }
        self.person = _people(table["segment"], table["customer"])

    def distinct(self, rows: Flags | Ticks) -> int:
        """Customers behind the issues at `rows` (flags or indices), each counted once."""
        return int(np.count_nonzero(np.bincount(self.person[rows], minlength=1)))


def _people(segment: NDArray[np.int32], customer: NDArray[np.int64]) -> Ticks:
    """Per issue a number of its customer; an anonymous issue (customer -1) is a customer of its own."""
    person = np.arange(len(segment), dtype=np.int64)
    named = np.flatnonzero(customer >= 0)
    if len(named):
        width = int(customer.max()) + 1
        keys = segment[named].astype(np.int64) * width + customer[named]
        first, place = np.unique(keys, return_index=True, return_inverse=True)[1:]
        person[named] = named[first][place]
    return person
