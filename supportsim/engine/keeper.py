"""The keeper of a play on the compiled clock: its tables grow as they fill, pages are turned, the journal is bound.

No rule and no clock stands here: kernel.py says when, pages.py what happens to the rows.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.compiling import PLAIN
from supportsim.engine import agenda
from supportsim.engine.journal import CONTACTS, ISSUES, TOUCHES, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.paper import blank, lay_by, sheet
from supportsim.engine.portions import Portion, Rest, Take
from supportsim.engine.state import State, longer
from supportsim.engine.tables import (
    AHEAD,
    APPOINTMENT,
    INDEX,
    ISSUE,
    NONE,
    PILE,
    Tables,
    addresses,
    in_plain_python,
)
from supportsim.engine.watching import tell
from supportsim.scenario.ticks import DAY, NEVER

#: Appointments one event makes at most beside its news.
SPARE = 4
APPOINTMENTS_AT_FIRST = 4096
#: Issues of a page at least: with what becomes of them they leave room in a core's cache for rows of the journal.
A_PAGE = 2048
#: And so many for each contact that stays when the page is turned, since those are gone through each time.
FOR_EACH = 3
#: But no more than this, unless more stay: larger pages save nothing any more, and take memory.
MOST = 49_152
#: Where the rows of each table go when the page is turned.
PLACES = {"issues": "issue_places", "contacts": "contact_places", "touches": "touch_places"}
#: The journal.
FILED = {"filed_issues": ISSUES, "filed_contacts": CONTACTS, "filed_touches": TOUCHES}


def _nobody_ends(agents: int, end: int) -> tuple[int, NDArray[Any]]:
    """Bits for the number of an agent, and the tournament while nobody has work; a final has two sides."""
    bits, behind = max(agents - 1, 1).bit_length(), end + 1
    if behind.bit_length() + bits > 63:
        raise ValueError(f"{agents} agents over {end // DAY} days are more than this clock can tell apart")
    stands = behind << bits | np.arange(2 << bits, dtype=np.int64) & ((1 << bits) - 1)
    for level in range(bits, 0, -1):
        stands[1 << level - 1 : 1 << level] = stands[1 << level : 2 << level : 2]
    return bits, stands.view(INDEX)


class Numbers:
    """The one row of a table of whole numbers: Python reads them here in a tenth of the time NumPy takes."""

    def __init__(self, table: NDArray[Any]) -> None:
        assert all(kind.itemsize == 8 for kind, _ in (table.dtype.fields or {}).values())  # type: ignore[misc]
        self._numbers = memoryview(table.view(np.int64))  # type: ignore[arg-type]
        self._place = {name: place for place, name in enumerate(table.dtype.names or ())}

    def __getitem__(self, name: str) -> int:
        return int(self._numbers[self._place[name]])

    def __setitem__(self, name: str, number: int) -> None:
        self._numbers[self._place[name]] = number


class Keeper:
    """The tables of one replication."""

    def __init__(self, layout: Layout, seed: int, replication: int, take: Take | None = None) -> None:
        """`take` gets what is over, portion by portion; there is no journal then."""
        self.layout, self.take = layout, take
        self.drawing = layout.demand.drawing(seed, replication)
        page = 1 + int(min(self.drawing.expected, 2 * A_PAGE))
        self.state = State(layout, seed, replication, page)
        self.tables = tables = self.state.tables
        if not layout.fillers:
            tables["issues"] = sheet(layout, "issues", 2 * page, ISSUE, blank)
        tables["agenda"] = agenda.agenda_of(layout, self.state.days)
        tables["appointments"] = sheet(layout, "appointments", APPOINTMENTS_AT_FIRST, APPOINTMENT, blank)
        tables |= {places: sheet(layout, places, 1, INDEX, blank) for places in PLACES.values()}
        tables["piles"] = np.full(64, NONE, dtype=np.int64).repeat(2).view(PILE)
        rows = 2 * page if take else int(1.5 * self.drawing.expected) + 1024
        tables |= {name: sheet(layout, name, rows, dtype) for name, dtype in FILED.items()}
        clock, times = tables["clock"], layout.timeline
        clock["end"], clock["counted_to"] = times.end, times.counted_to
        clock["until_empty"] = layout.scenario.times.run_out_until_empty
        clock["has_more"] = self.drawing.has_more
        clock["first"] = NONE
        clock["agent_bits"], tables["ends"] = _nobody_ends(len(tables["agents"]), times.end)
        tables["ahead"] = np.zeros(len(tables["agents"]), dtype=AHEAD)
        self.world, self.page, self.clock = Numbers(tables["world"]), Numbers(tables["page"]), Numbers(clock)
        self.page["least"] = self.page["wanted"] = A_PAGE
        self.page["for_each"], self.page["most"] = FOR_EACH, MOST
        self.page["in_portions"] = int(take is not None)
        self.at = addresses(tables)
        self.address = self.at.ctypes.data
        self.plain = in_plain_python(tables) if PLAIN else None

    def _lay(self, name: str, table: NDArray[Any]) -> None:
        """Another table takes the place of this name."""
        self.tables[name] = table
        if PLAIN:
            self.plain = in_plain_python(self.tables)
        else:
            place = Tables._fields.index(name)
            self.at[place], self.at[place + len(Tables._fields)] = table.ctypes.data, len(table)

    def _grow(self) -> None:
        """Twice as many rows of contacts and touches."""
        self.state.grow()
        for name in ("issues", "contacts", "touches", "news"):
            self._lay(name, self.tables[name])

    # ------------------------------------------------------------ pages

    def _draw(self) -> int:
        """Draw the next page; minus how many issues where the sheets are too small."""
        raise NotImplementedError

    def _turn_page(self, over: bool) -> None:
        """Turn the page where everything stands."""
        raise NotImplementedError

    def _more_issues(self) -> None:
        """The next page, on sheets as large as it needs."""
        self.drawing.make_room(self.page["next_block"], self.page["wanted"])
        while (drawn := self._draw()) < 0:
            self.drawing.make_more_room(-drawn)
        self._lay_sheets()
        self._take_in()

    def _lay_sheets(self) -> None:
        if self.tables["arriving"] is not self.drawing.rows:
            self._lay("arriving", self.drawing.rows)

    def _take_in(self) -> None:
        """Turn the page that is drawn."""
        self._turn(self.page["arriving"])

    def _look(self) -> None:
        """After each stretch of play: say how far this is, and keep no sheets that nothing will be drawn on."""
        if not self.clock["has_more"] and len(self.drawing.rows):
            self.drawing.clear()
            self._lay_sheets()
        following = self.clock["next_issue"]
        if following < self.clock["asked_for"]:
            tell(max(0.0, float(self.tables["issues"][following]["asked"]) / self.layout.timeline.end))

    def _more_rows(self) -> None:
        """File what is over; where that leaves too little, twice as many rows."""
        self._turn(0)
        if 2 * max(self.world["contacts"], self.world["touches"]) > self.world["room"]:
            self._grow()

    def _turn(self, arriving: int, over: bool = False) -> None:
        self.page["arriving"] = arriving
        self._make_room(arriving)
        self._turn_page(over)
        if self.take is not None:
            self.take(self._portion(self.clock["end"] if over else NEVER))

    def _make_room(self, arriving: int) -> None:
        """For all that arrives, and for all that is filed."""
        world, page, clock = self.world, self.page, self.clock
        while arriving and max(world["contacts"], world["touches"]) + arriving >= world["room"]:
            self._grow()
        not_begun = clock["asked_for"] - clock["next_issue"]  # whatever has begun holds a row of contacts
        rows = max(world["issues"], not_begun + self.state.most_fillers()) + arriving
        if len(self.tables["issues"]) < rows:
            self._lay("issues", longer(self.tables["issues"][: world["issues"]], 2 * rows))
        for name, places in PLACES.items():
            if len(self.tables[places]) < len(self.tables[name]):
                self._lay(places, blank(len(self.tables[name]), INDEX))
        wanted = {
            "filed_issues": page["issues"] + clock["asked_for"],
            "filed_fillers": page["fillers"] + world["issues"] - clock["asked_for"],
            "filed_contacts": page["contacts"] + world["contacts"],
            "filed_touches": page["touches"] + world["touches"],
        }
        if self.take is not None:
            wanted = {name: world[name.removeprefix("filed_")] for name in FILED}
        for name, rows in wanted.items():
            if len(self.tables[name]) < rows:
                self.tables[name].resize(int(1.5 * rows) + 1, refcheck=False)
                self._lay(name, self.tables[name])

    def _more_appointments(self) -> None:
        """Twice the room, and enough for all news."""
        old = self.tables["appointments"]
        self._lay("appointments", longer(old, 2 * len(old) + self.world["news"] + SPARE))

    def _more_felt(self) -> None:
        """Twice as many rows of what customers felt."""
        self.state.grow_felt()
        self._lay("felt", self.tables["felt"])

    # ------------------------------------------------------------ the journal, or portions

    def _portion(self, end: int) -> Portion:
        """What went when the page was turned; rows are written on again at the next turn."""
        page, world = self.page, self.world
        issues, contacts, touches = (self.tables[f"filed_{n}"][: page[f"gone_{n}"]] for n in PLACES)
        open_contacts = self.tables["contacts"][: world["contacts"]]
        open_touches = self.tables["touches"][: world["touches"]]
        presence = self.tables["presence"][: world["presence"]]
        return Portion(issues, contacts, touches, end, presence, open_contacts, open_touches)

    def _lay_by(self) -> None:
        """The next play of this layout writes where this one did."""
        for name in (*FILED, *PLACES.values(), "contacts", "touches", "news", "appointments"):
            lay_by(self.layout, name, self.tables[name])
        if not self.layout.fillers:
            lay_by(self.layout, "issues", self.tables["issues"])

    def _rest(self) -> Rest:
        self._lay_by()
        presence, end = self.tables["presence"][: self.world["presence"]], self.clock["end"]
        return Rest(presence, end, self.state.customers())

    def _journal(self) -> Journal:
        page, end = self.page, self.clock["end"]
        self._lay_by()
        issues = self.tables["filed_issues"]
        arisen = bisect_left(issues["asked"], end, 0, page["issues"])  # without a copy, which NumPy would make
        contacts = self.tables["filed_contacts"][: page["contacts"]]
        if page["fillers"]:
            filler = np.flatnonzero(contacts["issue"] < 0)
            contacts["issue"][filler] = arisen - 1 - contacts["issue"][filler]
            if len(issues) < arisen + page["fillers"]:
                issues = longer(issues, arisen + page["fillers"])
            issues[arisen : arisen + page["fillers"]] = self.tables["filed_fillers"][: page["fillers"]]
        issues = issues[: arisen + page["fillers"]]
        return self.state.written(issues, contacts, self.tables["filed_touches"][: page["touches"]], end)
