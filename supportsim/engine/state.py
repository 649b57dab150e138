"""The tables of one replication: the layout's, and the rows that fill as it is played."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.fates import world
from supportsim.engine.days import Days, plan_days
from supportsim.engine.journal import CONTACTS, ISSUES, PRESENCE, SPANS, TOUCHES, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.tables import CONTACT, INDEX, ISSUE, NEWS_WIDTH, TOUCH, WORLD
from supportsim.scenario.ticks import NEVER

Table = NDArray[Any]
_LOST = SPANS.index("break_lost")
_PER_REST, _PER_SHIFT = 5, 8  # rows of presence at most


class State:
    """One desk in play.  `tables` by name (tables.Tables); contacts, touches and news grow as they fill."""

    def __init__(self, layout: Layout, seed: int, replication: int) -> None:
        self.layout, self.seed, self.replication = layout, seed, replication
        key = world(seed, replication)
        self.days: Days = plan_days(layout, key)
        self.tables = {name: table.copy() for name, table in layout.tables.items()}
        self.tables["rests"] = self.days.rests
        self.tables["issues"] = issues = _issues(layout.demand.draw(seed, replication))
        rows = len(issues) + len(issues) // 4 + 1024
        self.tables["contacts"] = np.empty(rows, dtype=CONTACT)
        self.tables["touches"] = np.empty(rows, dtype=TOUCH)
        self.tables["news"] = np.empty(NEWS_WIDTH * rows, dtype=np.int64).view(INDEX)
        shifts = sum(len(days) for days in self.days.by_agent) + len(self.days.absences)
        spans = _PER_SHIFT * shifts + _PER_REST * len(self.days.rests) + 1
        self.tables["presence"] = np.zeros(spans, dtype=PRESENCE)
        times = layout.scenario.times
        cut_from = NEVER if times.run_out_demand else layout.timeline.counted_to
        self.tables["world"] = np.array([(key, 0, 0, 0, 0, 0, cut_from)], dtype=WORLD)

    @property
    def room(self) -> int:
        """Rows of contacts and touches that may be filled before the tables must grow."""
        most = max(int(self.layout.tables["teams"]["most"].max()), 1)
        return len(self.tables["contacts"]) - most - 16

    def grow(self) -> None:
        """Twice as many rows of contacts, touches and news."""
        for name in ("contacts", "touches", "news"):
            old = self.tables[name]
            new = np.empty(2 * len(old), dtype=old.dtype)
            new[: len(old)] = old
            self.tables[name] = new

    def journal(self, end: int) -> Journal:
        """What has been written, read-only; spans still going on end at the horizon."""
        used = self.tables["world"][0]
        assert used["presence"] <= len(self.tables["presence"]), "more spans than an agent's day can have"
        presence = self.tables["presence"][: used["presence"]].copy()
        presence["end"] = np.minimum(presence["end"], end)
        issues = self.tables["issues"]
        return Journal(
            issues=_facts(issues[issues["asked"] < end], ISSUES),
            contacts=_facts(self.tables["contacts"][: used["contacts"]], CONTACTS),
            touches=_facts(self.tables["touches"][: used["touches"]], TOUCHES),
            presence=_facts(presence[(presence["begin"] < presence["end"]) | (presence["what"] == _LOST)], PRESENCE),
            end=end,
            seed=self.seed,
            replication=self.replication,
        )


def _issues(rows: Table) -> Table:
    """The issues of this world, none of them begun."""
    issues = np.zeros(len(rows), dtype=ISSUE)
    for name in rows.dtype.names or ():
        issues[name] = rows[name]
    issues["ended"] = NEVER
    return issues


def _facts(table: Table, dtype: np.dtype[Any]) -> Table:
    """The journal's columns of a table of the engine."""
    facts = np.empty(len(table), dtype=dtype)
    for name in dtype.names or ():
        facts[name] = table[name]
    facts.flags.writeable = False
    return facts
