"""The tables of one replication: the layout's, and the rows that fill as it is played."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.fates import world
from supportsim.demand.points import ROWS
from supportsim.engine.asking import Asked
from supportsim.engine.days import Days, days_of
from supportsim.engine.journal import CONTACTS, CUSTOMERS, ISSUES, PRESENCE, SPANS, TOUCHES, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.leavers import AT_ONCE, born
from supportsim.engine.paper import blank, sheet
from supportsim.engine.tables import (
    CONTACT,
    DTYPES,
    INDEX,
    ISSUE,
    NEWS_WIDTH,
    NONE,
    OF_THE_KERNEL,
    TOUCH,
    WORLD,
)
from supportsim.scenario.ticks import NEVER

Table = NDArray[Any]
_LOST = SPANS.index("break_lost")
_PER_REST, _PER_SHIFT, _PER_MOVE = 5, 8, 4  # rows of presence at most


class State:
    """One desk in play.  `tables` by name (tables.Tables); contacts, touches and news grow as they fill.

    `page`: issues are to come page by page, so many on the first (0: all of them are there from the start).
    """

    def __init__(self, layout: Layout, seed: int, replication: int, page: int = 0) -> None:
        self.layout, self.seed, self.replication = layout, seed, replication
        key = world(seed, replication)
        self.asked: Asked | None = None  # the user's policy, in play
        self.days: Days = days_of(layout, key)
        self.tables = {name: table.copy() for name, table in layout.tables.items()}
        self.tables["rests"] = self.days.rests
        asked = np.zeros(0, dtype=ROWS) if page else layout.demand.draw(seed, replication)
        self.tables["issues"] = issues = _issues(asked)
        self.asked_for = len(issues)  # filler issues come behind
        rows = len(issues) + len(issues) // 4 + 2 * page + 2 * self._at_once() + 1024
        self.tables["contacts"] = sheet(layout, "contacts", rows, CONTACT, blank)
        self.tables["touches"] = sheet(layout, "touches", rows, TOUCH, blank)
        if layout.fillers:  # each row of contacts may be filler work
            self.tables["issues"] = longer(issues, len(issues) + 2 * page + len(self.tables["contacts"]))
        agents = self.tables["agents"]
        self.tables["agents"] = blank(len(agents), agents.dtype)
        self.tables["agents"][:] = agents
        self.tables["news"] = sheet(layout, "news", 2 * NEWS_WIDTH * rows, INDEX, blank)
        shifts = self.days.there.shape[1] + self.days.away.shape[1]
        heads = sum(abs(b - a) for _, a, b in self.heads())
        spans = _PER_SHIFT * (shifts + heads) + _PER_REST * len(self.days.rests) + _PER_MOVE * len(self.days.moves) + 1
        self.tables["presence"] = np.zeros(spans, dtype=PRESENCE)
        times = layout.scenario.times
        cut_from = NEVER if times.run_out_demand else layout.timeline.counted_to
        self.tables["world"] = np.zeros(1, dtype=WORLD)
        known = {"key": key, "issues": len(issues), "cut_from": cut_from}
        names = ("key_of_policy", "may_interrupt", "has_delays", "has_speeds", "has_hours", "fillers")
        for name, value in {**known, **dict(zip(names, layout.features(), strict=True))}.items():
            self.tables["world"][name] = value
        self.tables |= {name: np.zeros(1, dtype=DTYPES[name]) for name in (*OF_THE_KERNEL, "felt", "counts")}
        self.tables["world"]["felt_room"], self.tables["world"]["felt_free"] = NEVER, NONE
        if layout.feedback:
            self.tables |= born(layout.scenario, self.tables["leavers"], self.tables["customers"], key)
            self.tables["world"]["feedback"] = 1
            self.say_room_to_feel()
        if layout.policy is not None:
            self.asked = Asked(layout.policy, self.tables, f"replication {replication} of seed {seed}")
            self.tables["world"]["policy"] = self.asked.address
        self.say_room()

    def _at_once(self) -> int:
        """Touches that may come to be in one event: everybody takes filler work, or lays his work aside."""
        return self.layout.places() + 16

    def most_fillers(self) -> int:
        """Filler issues there may be behind those of demand before the tables grow."""
        return len(self.tables["contacts"]) if self.layout.fillers else 0

    def say_room(self) -> None:
        """How many rows of contacts and touches may be filled before the tables must grow."""
        news = len(self.tables["news"]) // (2 * NEWS_WIDTH)
        rows = min(len(self.tables["contacts"]), len(self.tables["touches"]), news)
        self.tables["world"]["room"] = rows - self._at_once()

    def say_room_to_feel(self) -> None:
        """How many rows of what customers felt may be used before there is no room for one closing more."""
        self.tables["world"]["felt_room"] = len(self.tables["felt"]) - AT_ONCE

    def grow_felt(self) -> None:
        """Twice as many rows of what customers felt."""
        self.tables["felt"] = longer(self.tables["felt"], 2 * len(self.tables["felt"]))
        self.say_room_to_feel()

    def heads(self) -> list[tuple[int, int, int]]:
        """Changes of the curves of heads: (tick, heads before, heads from then on), team after team."""
        found = []
        for team in range(len(self.layout.scenario.teams)):
            before = 0
            for tick, heads in self.layout.heads(team):
                found.append((tick, before, heads))
                before = heads
        return found

    def grow(self) -> None:
        """Twice as many rows of contacts, touches, news, and as many more for filler issues."""
        world, more = self.tables["world"][0], len(self.tables["contacts"])
        for name in ("contacts", "touches", "news", *(("issues",) if self.layout.fillers else ())):
            old, used = self.tables[name], int(world[name]) * (NEWS_WIDTH if name == "news" else 1)
            self.tables[name] = longer(old[:used], len(old) + (more if name == "issues" else len(old)))
        self.say_room()

    def journal(self, end: int) -> Journal:
        """What has been written, read-only; spans still going on end at the horizon."""
        used = self.tables["world"][0]
        asked_for, filler = np.split(self.tables["issues"][: used["issues"]], [self.asked_for])
        arisen = asked_for[asked_for["asked"] < end]
        contacts = self.tables["contacts"][: used["contacts"]].copy()
        contacts["issue"][contacts["issue"] >= self.asked_for] -= len(asked_for) - len(arisen)
        issues = _facts(np.concatenate([arisen, filler]), ISSUES)
        touches = _facts(self.tables["touches"][: used["touches"]], TOUCHES)
        return self.written(issues, _facts(contacts, CONTACTS), touches, end)

    def written(self, issues: Table, contacts: Table, touches: Table, end: int) -> Journal:
        """The journal of these facts, read-only, and of everybody's presence."""
        used = int(self.tables["world"]["presence"][0])
        assert used <= len(self.tables["presence"]), "more spans than an agent's day can have"
        presence = self.tables["presence"][:used]
        presence = presence[(presence["begin"] < np.minimum(presence["end"], end)) | (presence["what"] == _LOST)]
        presence["end"] = np.minimum(presence["end"], end)
        for table in (issues, contacts, touches, presence):
            table.flags.writeable = False
        return Journal(issues, contacts, touches, presence, end, self.seed, self.replication, self.customers())

    def customers(self) -> Table | None:
        """When customers joined and left, read-only; None where nobody may leave.  Settled before (leaving.py)."""
        if not self.layout.feedback:
            return None
        found = _facts(self.tables["customers"], CUSTOMERS)
        found.flags.writeable = False
        return found


def longer(table: Table, rows: int) -> Table:
    """The table with so many rows.  As bytes: NumPy copies rows of columns one by one."""
    new = blank(rows, table.dtype)
    new.view(np.uint8)[: table.nbytes] = table.view(np.uint8)
    return new


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
    return facts
