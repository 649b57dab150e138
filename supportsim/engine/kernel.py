"""The kernel: the flow of operation.py over heaps of appointments, in machine code.

The same rules, the same journal, no rule of its own.  What comes next is the smallest (tick, order) of four
places: the agenda (known beforehand), the next issue, and two heaps.  An appointment is never taken back: it is
kept if what it was made for still stands as it stood, and passed over if not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.compiling import LEAN, PLAIN, all_compiled, compiled
from supportsim.demand.issues import ROWS
from supportsim.engine import agenda, desk, encounter, journey, people
from supportsim.engine.heaps import (
    AT_WORK,
    AWAITED,
    BACK,
    BREAK_OVER,
    DELAY_OVER,
    LINE_CUT,
    PATIENCE_OVER,
    TALK_OVER,
    TIME_OVER,
    WRAP_UP_OVER,
    appoint,
    begin_of,
    is_before,
    take_off,
)
from supportsim.engine.journal import CONTACTS, ISSUES, TOUCHES, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.machine import part, rule, verb
from supportsim.engine.pages import turn
from supportsim.engine.ranks import ARISES, BREAK_ENDS, DELAY_PASSES, GIVES_UP, LIMIT_PASSES, RETURNS, WORK_ENDS
from supportsim.engine.state import State, longer
from supportsim.engine.tables import (
    APPOINTMENT,
    BREAK,
    CUT,
    DELAY,
    HEAP,
    INDEX,
    LIMIT,
    NEWS_WIDTH,
    TALK,
    WAIT,
    WRAP,
    Tables,
    addresses,
    in_plain_python,
)
from supportsim.scenario.ticks import NEVER

# Why `play_on` comes back.
OVER, MORE_ISSUES, MORE_ROWS, MORE_APPOINTMENTS, GO_ON = range(5)
#: Events between two looks at whether somebody has pressed Ctrl-C.
AT_A_TIME = 1 << 18
#: Appointments one event makes at most beside its news.
SPARE = 4
APPOINTMENTS_AT_FIRST = 4096
#: Issues of a page at least: with what becomes of them they fill a core's cache.
A_PAGE = 4096
#: Where the rows of each table go when the page is turned.
PLACES = {"issues": "issue_places", "contacts": "contact_places", "touches": "touch_places"}
NO_MORE: NDArray[Any] = np.zeros(0, dtype=ROWS)


# ---------------- appointments


@rule
def _at_once(T: Tables, what: int, who: int, now: int) -> None:
    """Before anything else of this tick, in the order in which it came up."""
    T.clock[0].at_once += 1
    appoint(T, AT_WORK, now, T.clock[0].at_once, what, who)


@part
def _hear(T: Tables) -> None:
    """The desk's news become appointments."""
    for k in range(T.world[0].news):
        n = k * NEWS_WIDTH
        what, who, due, by = T.news[n].value, T.news[n + 1].value, T.news[n + 2].value, T.news[n + 3].value
        if what == TALK:
            appoint(T, AT_WORK, due, WORK_ENDS | T.news[n + 4].value, TALK_OVER, by)
        elif what == WRAP:
            appoint(T, AT_WORK, due, WORK_ENDS | T.news[n + 4].value, WRAP_UP_OVER, by)
        elif what == WAIT and due < NEVER:
            row = T.contacts[T.issues[who].last].row
            if by == LIMIT:
                appoint(T, AWAITED, due, LIMIT_PASSES | who, TIME_OVER, row)
            else:
                appoint(T, AWAITED, due, GIVES_UP | who, PATIENCE_OVER, row)
        elif what == DELAY:
            appoint(T, AWAITED, due, DELAY_PASSES | who, DELAY_OVER, by)
        elif what == BREAK:
            appoint(T, AT_WORK, due, BREAK_ENDS | who, BREAK_OVER, who)
        elif what == CUT:
            _at_once(T, LINE_CUT, who, due)
    T.world[0].news = 0


# ---------------- the life of a contact


@part
def _counts(T: Tables, issue: int) -> bool:
    """Whether an issue arose before the end of counted time; filler never counts."""
    return issue < T.clock[0].asked_for and T.issues[issue].asked < T.clock[0].counted_to


@part
def _is_done_with(T: Tables, issue: int, now: int) -> None:
    """Nothing more is due of this issue, or of its wrap-up; a run-out `until empty` may be over."""
    if _counts(T, issue):
        T.clock[0].open -= 1
        if T.clock[0].open == 0 and T.clock[0].until_empty == 1 and now >= T.clock[0].counted_to:
            T.clock[0].end = min(T.clock[0].end, now + 1)


@rule
def _goes_on(T: Tables, issue: int, due: int, now: int) -> None:
    """The customer's next contacts, until he waits, talks, goes away for a while, or nothing more is due."""
    while due == now:
        if encounter.contact(T, issue, now):
            return
        due = journey.after(T, issue, now)
    if due < NEVER:
        appoint(T, AWAITED, due, RETURNS | issue, BACK, issue)
    else:
        _is_done_with(T, issue, now)


@verb
def _talk_over(T: Tables, row: int, now: int) -> None:
    """The talk is over: the agent wraps up, or is free; the customer goes on."""
    if T.touches[row].due != now or T.touches[row].talk_ended != NEVER or T.touches[row].ended != NEVER:
        return
    issue = T.contacts[T.touches[row].contact].issue
    encounter.hang_up(T, row, now)
    if T.touches[row].ended == NEVER and _counts(T, issue):
        T.clock[0].open += 1
    _goes_on(T, issue, journey.after(T, issue, now), now)


@verb
def _wrap_up_over(T: Tables, row: int, now: int) -> None:
    """The agent has done what was left to do."""
    if T.touches[row].due != now or T.touches[row].talk_ended == NEVER or T.touches[row].ended != NEVER:
        return
    people.wrap_up_over(T, row, now)
    _is_done_with(T, T.contacts[T.touches[row].contact].issue, now)


@verb
def _wait_over(T: Tables, row: int, what: int, now: int) -> None:
    """His patience, or the system's, is over while he waits for the first answer."""
    if T.touches[row].started != NEVER or T.touches[row].ended != NEVER:
        return
    issue = T.contacts[T.touches[row].contact].issue
    if what == PATIENCE_OVER:
        desk.give_up(T, issue, now)
    else:
        desk.time_out(T, issue, now)
    _goes_on(T, issue, journey.after(T, issue, now), now)


@rule
def _work_over(T: Tables, what: int, row: int, now: int) -> None:
    if what == TALK_OVER:
        _talk_over(T, row, now)
    else:
        _wrap_up_over(T, row, now)


@rule
def _other(T: Tables, what: int, who: int, now: int) -> None:
    """All appointments but ends of work."""
    if what == BREAK_OVER:
        people.come_back(T, who, now)
    elif what == DELAY_OVER:
        desk.delay_over(T, who, now)
    elif what == BACK:
        _goes_on(T, who, now, now)
    elif what == LINE_CUT:
        _goes_on(T, who, journey.after(T, who, now), now)
    else:
        _wait_over(T, who, what, now)


@part
def _arises(T: Tables, issue: int, now: int) -> None:
    _goes_on(T, issue, journey.begin(T, issue, now), now)


# ---------------- the agenda


@rule
def _as_planned(T: Tables, k: int, now: int) -> None:
    """What the agenda says."""
    what, a, b = T.agenda[k].what, T.agenda[k].a, T.agenda[k].b
    if what == agenda.OPEN:
        desk.open_channel(T, a, now)
    elif what == agenda.CLOSE:
        desk.close_channel(T, a, now)
    elif what == agenda.END_SHIFT:
        people.end_shift(T, a, now)
    elif what == agenda.REST_DUE:
        people.rest_due(T, a, b, now)
    elif what == agenda.CLOCK_IN:
        people.clock_in(T, a, b, T.agenda[k].c, T.agenda[k].d, now)
    elif what == agenda.STAY_AWAY:
        people.stay_away(T, a, b, now)
    elif what == agenda.MOVE:
        people.move(T, a, b, now)
    elif what == agenda.FEWER:
        people.fewer(T, a, b, now)
    else:
        people.more(T, a, b, now)


# ---------------- the whole


@part
def _first(T: Tables, heap: int, tick: int, order: int) -> bool:
    """Whether the first appointment of a heap comes before (tick, order)."""
    return T.heaps[heap].filled > 0 and is_before(T, begin_of(T, heap), tick, order)


@part
def _counted_time_ends(T: Tables, tick: int) -> None:
    """Before the first event at or after the end of counted time: is anything open that counts?"""
    if T.clock[0].is_counted == 0 and tick >= T.clock[0].counted_to:
        T.clock[0].is_counted = 1
        if T.clock[0].open == 0 and T.clock[0].until_empty == 1:
            T.clock[0].end = min(T.clock[0].end, T.clock[0].counted_to)


@rule
def play_on(T: Tables, most: int) -> int:
    """The next events, `most` at most; why it comes back."""
    for _ in range(most):
        if max(T.heaps[0].filled, T.heaps[1].filled) + T.world[0].news + SPARE > len(T.appointments) >> 1:
            return MORE_APPOINTMENTS
        if T.world[0].news > 0:
            _hear(T)
        if max(T.world[0].contacts, T.world[0].touches) >= T.world[0].room:
            return MORE_ROWS
        if T.clock[0].next_issue == T.clock[0].asked_for and T.clock[0].has_more == 1:
            return MORE_ISSUES
        k, issue = T.clock[0].next_event, T.clock[0].next_issue
        tick, order, place = T.agenda[k].tick, T.agenda[k].order, 0
        if issue < T.clock[0].asked_for:
            asked = max(T.issues[issue].asked, 0)
            if asked < tick or (asked == tick and ARISES | issue < order):
                tick, order, place = asked, ARISES | issue, 1
        if _first(T, AT_WORK, tick, order):
            first = begin_of(T, AT_WORK)
            tick, order, place = T.appointments[first].tick, T.appointments[first].order, 2
        if _first(T, AWAITED, tick, order):
            first = begin_of(T, AWAITED)
            tick, place = T.appointments[first].tick, 3
        _counted_time_ends(T, tick)
        if tick >= T.clock[0].end:
            return OVER
        if place == 1:
            T.clock[0].next_issue = issue + 1
            _arises(T, issue, tick)
        elif place == 0:
            T.clock[0].next_event = k + 1
            _as_planned(T, k, tick)
        else:
            first = begin_of(T, place - 2)
            what, who = T.appointments[first].what, T.appointments[first].who
            take_off(T, place - 2)
            if what <= WRAP_UP_OVER:
                _work_over(T, what, who, tick)
            else:
                _other(T, what, who, tick)
    return GO_ON


if not PLAIN:
    from numba import int64

    from supportsim.engine.machine import tables_at

    @compiled((int64, int64), **LEAN)
    def _play_on(at: int, most: int) -> Any:
        return play_on(tables_at(at), most)

    @compiled((int64, int64), **LEAN)
    def _turn(at: int, over: int) -> Any:
        turn(tables_at(at), over == 1)
        return 0

    all_compiled("kernel")


class Kernel:
    """One replication on the compiled clock."""

    def __init__(self, layout: Layout, seed: int, replication: int) -> None:
        self.layout = layout
        self.drawing = layout.demand.drawing(seed, replication)
        page = 1 + int(min(self.drawing.expected, 2 * A_PAGE))
        self.state = State(layout, seed, replication, page)
        self.tables = tables = self.state.tables
        tables["agenda"] = agenda.agenda_of(layout, self.state.days)
        tables["appointments"] = np.zeros(2 * APPOINTMENTS_AT_FIRST, dtype=APPOINTMENT)
        tables["heaps"] = np.zeros(2, dtype=HEAP)
        rows = int(1.5 * self.drawing.expected) + 1024  # rows that are never written take no memory
        journal = {"filed_issues": ISSUES, "filed_contacts": CONTACTS, "filed_touches": TOUCHES}
        for name, dtype in (journal | ({"filed_fillers": ISSUES} if layout.fillers else {})).items():
            tables[name] = np.empty(rows, dtype=dtype)
        clock, times = tables["clock"], layout.timeline
        clock["end"], clock["counted_to"] = times.end, times.counted_to
        clock["until_empty"], clock["has_more"] = layout.scenario.times.run_out_until_empty, 1
        self.world, self.page = tables["world"], tables["page"]
        self.at = addresses(tables)
        self.plain = in_plain_python(tables) if PLAIN else None

    def play(self) -> Journal:
        """From the first tick to the horizon; nothing at the horizon happens."""
        while (why := self._play_on()) != OVER:
            if why == MORE_ISSUES:
                self._more_issues()
            elif why == MORE_ROWS:
                self._more_rows()
            elif why == MORE_APPOINTMENTS:
                self._more_appointments()
        self._turn(NO_MORE, over=True)
        return self._journal()

    def _play_on(self) -> int:
        if PLAIN:
            return int(play_on(self.plain, AT_A_TIME))
        return int(_play_on(self.at.ctypes.data, AT_A_TIME))

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

    def _more_issues(self) -> None:
        """The next page: as many issues as make turning it worth its while."""
        arriving = self.drawing.some(max(A_PAGE, int(self.world["contacts"][0]) // 2))
        self.tables["clock"]["has_more"] = self.drawing.has_more
        self._turn(arriving)

    def _more_rows(self) -> None:
        """File what is over; where that leaves too little, twice as many rows."""
        self._turn(NO_MORE)
        if 2 * max(int(self.world["contacts"][0]), int(self.world["touches"][0])) > int(self.world["room"][0]):
            self._grow()

    def _turn(self, arriving: NDArray[Any], over: bool = False) -> None:
        if len(arriving):
            self._lay("arriving", arriving)
        self.page["arriving"] = len(arriving)
        self._make_room(len(arriving))
        if PLAIN:
            turn(self.plain, over)
        else:
            _turn(self.at.ctypes.data, over)

    def _make_room(self, arriving: int) -> None:
        """For all that arrives, and for all that is filed."""
        world, page, clock = self.world[0], self.page[0], self.tables["clock"][0]
        while max(world["contacts"], world["touches"]) + arriving >= world["room"]:
            self._grow()
        not_begun = clock["asked_for"] - clock["next_issue"]  # whatever has begun holds a row of contacts
        rows = int(max(world["issues"], not_begun + self.state.most_fillers())) + arriving
        if len(self.tables["issues"]) < rows:
            self._lay("issues", longer(self.tables["issues"], 2 * rows))
        for name, places in PLACES.items():
            if len(self.tables[places]) < len(self.tables[name]):
                self._lay(places, np.zeros(len(self.tables[name]), dtype=INDEX))
        wanted = {
            "filed_issues": page["issues"] + arriving,
            "filed_fillers": page["fillers"] + world["issues"] - clock["asked_for"],
            "filed_contacts": page["contacts"] + world["contacts"],
            "filed_touches": page["touches"] + world["touches"],
        }
        for name, rows in wanted.items():
            if len(self.tables[name]) < rows:
                self.tables[name].resize(int(1.5 * rows) + 1, refcheck=False)
                self._lay(name, self.tables[name])

    def _more_appointments(self) -> None:
        """Twice the room for each heap, and enough for all news."""
        old, half = self.tables["appointments"], len(self.tables["appointments"]) // 2
        room = 2 * half + int(self.world["news"][0]) + SPARE
        new = np.zeros(2 * room, dtype=APPOINTMENT)
        for heap in (AT_WORK, AWAITED):
            new[heap * room : heap * room + half] = old[heap * half : (heap + 1) * half]
        self._lay("appointments", new)

    # ------------------------------------------------------------ the journal

    def _journal(self) -> Journal:
        page, end = self.page[0], int(self.tables["clock"]["end"][0])
        issues = self.tables["filed_issues"]
        arisen = int(np.searchsorted(issues["asked"][: page["issues"]], end))
        contacts = self.tables["filed_contacts"][: page["contacts"]]
        if page["fillers"]:
            filler = np.flatnonzero(contacts["issue"] < 0)
            contacts["issue"][filler] = arisen - 1 - contacts["issue"][filler]
            if len(issues) < arisen + page["fillers"]:
                issues = longer(issues, arisen + page["fillers"])
            issues[arisen : arisen + page["fillers"]] = self.tables["filed_fillers"][: page["fillers"]]
        issues = issues[: arisen + page["fillers"]]
        return self.state.written(issues, contacts, self.tables["filed_touches"][: page["touches"]], end)


def play(layout: Layout, seed: int, replication: int) -> Journal:
    """Play one replication.  The same layout, seed and replication give the same journal, byte for byte."""
    return Kernel(layout, seed, replication).play()
