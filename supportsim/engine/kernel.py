"""The kernel: the flow of operation.py over appointments, in machine code.

The same rules, the same journal, no rule of its own.  What comes next is the smallest (tick, order) of four
places: the agenda (known beforehand), the next issue, ends of work, and appointments.  An appointment is
never taken back: it is kept if what it was made for still stands as it stood, and passed over if not.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from supportsim.demand.compiling import LEAN, PLAIN, all_compiled, answering, array, loose, whole
from supportsim.demand.points import DRAWN_WITH, SHEETS, blocks_to, fill
from supportsim.engine import agenda, desk, encounter, journey, people
from supportsim.engine.ends import ends_at, ends_with, over_now, see
from supportsim.engine.journal import Journal
from supportsim.engine.keeper import SPARE, Keeper
from supportsim.engine.layout import Layout
from supportsim.engine.machine import part, rare, rule, verb
from supportsim.engine.pages import has_room, turn
from supportsim.engine.piles import (
    BACK,
    BREAK_OVER,
    DELAY_OVER,
    LINE_CUT,
    PATIENCE_OVER,
    TIME_OVER,
    appoint,
    is_before,
    take_first,
)
from supportsim.engine.portions import Rest, Take
from supportsim.engine.ranks import ARISES, BREAK_ENDS, DELAY_PASSES, GIVES_UP, LIMIT_PASSES, RETURNS, WORK_ENDS
from supportsim.engine.tables import BREAK, CUT, DELAY, LIMIT, NEWS_WIDTH, NONE, TALK, TOUCH_BITS, WAIT, WRAP, Tables
from supportsim.scenario.ticks import NEVER

# Why `play_on` comes back, and `play_pages`: the page that is drawn needs room.
OVER, MORE_ISSUES, MORE_ROWS, MORE_APPOINTMENTS, MORE_FELT, GO_ON, NO_ROOM = range(7)
# What Python asks for.
PLAY, DRAW, TURN, LAST_TURN = range(4)
#: Events, or pages, between two looks at whether somebody has pressed Ctrl-C.
AT_A_TIME, PAGES = 1 << 18, 16


# ---------------- appointments


@part
def _hear(T: Tables) -> None:
    """The desk's news become appointments."""
    for n in range(0, T.world[0].news * NEWS_WIDTH, NEWS_WIDTH):
        what, who, due, by = T.news[n].value, T.news[n + 1].value, T.news[n + 2].value, T.news[n + 3].value
        if what in (TALK, WRAP):
            see(T, T.news[n + 4].value >> TOUCH_BITS)
        elif what == WAIT and due < NEVER:
            row = T.contacts[T.issues[who].last].row
            if by == LIMIT:
                appoint(T, due, LIMIT_PASSES | who, TIME_OVER, row)
            else:
                appoint(T, due, GIVES_UP | who, PATIENCE_OVER, row)
        elif what == DELAY:
            appoint(T, due, DELAY_PASSES | who, DELAY_OVER, by)
        elif what == BREAK:
            appoint(T, due, BREAK_ENDS | who, BREAK_OVER, who)
        elif what == CUT:
            T.clock[0].at_once += 1  # before anything else of this tick, in the order in which it came up
            appoint(T, due, T.clock[0].at_once, LINE_CUT, who)
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
def _makes_contact(T: Tables, issue: int, now: int) -> int:
    """The customer's next contact: NONE where he waits or talks, else the tick at which another one is due."""
    if encounter.contact(T, issue, now):
        return NONE
    return journey.after(T, issue, now)


@rare
def _at_once(T: Tables, issue: int, now: int) -> int:
    """The same of his further contacts at this tick."""
    due = now
    while due == now:
        due = _makes_contact(T, issue, now)
    return due


@part
def _goes_on(T: Tables, issue: int, due: int, now: int) -> None:
    """The customer's next contacts, until he waits, talks, goes away for a while, or nothing more is due."""
    if due == now:
        due = _makes_contact(T, issue, now)
        if due == now:
            due = _at_once(T, issue, now)
    if due == NONE:
        return
    if due < NEVER:
        appoint(T, due, RETURNS | issue, BACK, issue)
    else:
        _is_done_with(T, issue, now)


@verb
def _talk_over(T: Tables, row: int, now: int) -> None:
    """The talk is over: the agent wraps up, or is free; the customer goes on."""
    issue = T.touches[row].issue
    encounter.hang_up(T, row, now)
    if T.touches[row].ended == NEVER and _counts(T, issue):
        T.clock[0].open += 1
    _goes_on(T, issue, journey.after(T, issue, now), now)


@verb
def _wrap_up_over(T: Tables, row: int, now: int) -> None:
    """The agent has done what was left to do."""
    people.wrap_up_over(T, row, now)
    _is_done_with(T, T.touches[row].issue, now)


@verb
def _wait_over(T: Tables, row: int, what: int, now: int) -> None:
    """His patience, or the system's, is over while he waits for the first answer."""
    if T.touches[row].started != NEVER or T.touches[row].ended != NEVER:
        return
    issue = T.touches[row].issue
    if what == PATIENCE_OVER:
        desk.give_up(T, issue, now)
    else:
        desk.time_out(T, issue, now)
    _goes_on(T, issue, journey.after(T, issue, now), now)


@rule
def _work_over(T: Tables, agent: int, now: int) -> None:
    """An agent is done with something, unless it is not in his hands any more."""
    row = over_now(T, agent, now)
    if row != NONE:
        if T.touches[row].talk_ended == NEVER:
            _talk_over(T, row, now)
        else:
            _wrap_up_over(T, row, now)
    see(T, agent)


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


@rule
def _arises(T: Tables, issue: int, now: int) -> None:
    _goes_on(T, issue, journey.begin(T, issue, now), now)


# ---------------- the agenda


@rare
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
def _is_first(T: Tables, tick: int, order: int) -> bool:
    """Whether the first appointment comes before (tick, order)."""
    return T.clock[0].first != NONE and is_before(T, T.clock[0].first, tick, order)


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
        if T.clock[0].appointed + T.world[0].news + SPARE > len(T.appointments):
            return MORE_APPOINTMENTS
        if T.world[0].news > 0:
            _hear(T)
        if max(T.world[0].contacts, T.world[0].touches) >= T.world[0].room:
            return MORE_ROWS
        if T.world[0].felt > T.world[0].felt_room:
            return MORE_FELT
        if T.clock[0].next_issue == T.clock[0].asked_for and T.clock[0].has_more == 1:
            return MORE_ISSUES
        k, issue = T.clock[0].next_event, T.clock[0].next_issue
        tick, order, place = T.agenda[k].tick, T.agenda[k].order, 0
        if issue < T.clock[0].asked_for:
            asked = max(T.issues[issue].asked, 0)
            if asked < tick or (asked == tick and ARISES | issue < order):
                tick, order, place = asked, ARISES | issue, 1
        over = ends_at(T, 1)
        if over < tick or (over == tick and order > WORK_ENDS):
            tick, order, place = over, WORK_ENDS, 2
        if _is_first(T, tick, order):
            tick, place = T.appointments[T.clock[0].first].tick, 3
        _counted_time_ends(T, tick)
        if tick >= T.clock[0].end:
            return OVER
        if place == 1:
            T.clock[0].next_issue = issue + 1
            _arises(T, issue, tick)
        elif place == 0:
            T.clock[0].next_event = k + 1
            _as_planned(T, k, tick)
        elif place == 2:
            _work_over(T, ends_with(T, 1), tick)
        else:
            first = T.clock[0].first
            what, who = T.appointments[first].what, T.appointments[first].who
            take_first(T)
            _other(T, what, who, tick)
    return GO_ON


def _draw(T: Tables, reached: Any, drawn_with: Any, sheets: Any) -> int:
    """Draw the next page, as many issues as are wanted if there are; minus how many where the sheets are too small."""
    first, (world, cells, expected, pieces, offered, visit, blocks, end) = T.page[0].next_block, drawn_with
    following, found = blocks_to(reached, first, T.page[0].wanted), 0
    if first < len(reached):
        found = fill(world, cells, expected, pieces, offered, visit, blocks[first : following + 1], end, *sheets)
        if found < 0:
            return found
        T.page[0].next_block = following
    T.page[0].arriving = found
    T.clock[0].has_more = int(T.page[0].next_block < len(reached))
    return found


draw: Any = _draw if PLAIN else loose(None, **LEAN)(_draw)


def _play_pages(T: Tables, most: int, reached: Any, drawn_with: Any, sheets: Any) -> int:
    """Play on, and turn pages where everything stands; why it comes back.  Portions are handed out at each turn."""
    for _ in range(PAGES):
        why = play_on(T, most)
        if why != MORE_ISSUES or T.page[0].in_portions == 1:
            return why
        if draw(T, reached, drawn_with, sheets) < 0:
            return why
        if not has_room(T):
            return NO_ROOM
        turn(T, False)
    return GO_ON


play_pages: Any = _play_pages if PLAIN else loose(None, **LEAN)(_play_pages)


def _enter(T: Tables, what: int, most: int, reached: Any, drawn_with: Any, sheets: Any) -> int:
    """All that Python asks for, in one: the rules are compiled once."""
    if what == PLAY:
        return int(play_pages(T, most, reached, drawn_with, sheets))
    if what == DRAW:
        return int(draw(T, reached, drawn_with, sheets))
    turn(T, what == LAST_TURN)
    return OVER


if not PLAIN:
    from supportsim.engine.machine import tables_at

    _inside = loose(None, **LEAN)(_enter)

    @whole(answering(*[int] * 3, array("f8"), DRAWN_WITH, SHEETS), **LEAN)
    def _enter_at(at: int, what: int, most: int, reached: Any, drawn_with: Any, sheets: Any) -> Any:
        return _inside(tables_at(at), what, most, reached, drawn_with, sheets)

    all_compiled("kernel")


class Kernel(Keeper):
    """One replication on the compiled clock."""

    def play(self) -> Journal:
        """From the first tick to the horizon."""
        self._to_the_end()
        return self._journal()

    def play_in_portions(self) -> Rest:
        """The same without a journal."""
        self._to_the_end()
        return self._rest()

    def _to_the_end(self) -> None:
        """Nothing at the horizon happens."""
        with self.state.asked or nullcontext():
            while (why := self._play_on()) != OVER:
                if why == MORE_ISSUES:
                    self._more_issues()
                elif why == NO_ROOM:
                    self._take_in()
                elif why == MORE_ROWS:
                    self._more_rows()
                elif why == MORE_APPOINTMENTS:
                    self._more_appointments()
                elif why == MORE_FELT:
                    self._more_felt()
                self._look()
        self._look()
        self._turn(0, over=True)

    def _play_on(self) -> int:
        why = self._enter(PLAY)
        if self.state.asked is not None:
            self.state.asked.look()
        return why

    def _draw(self) -> int:
        return self._enter(DRAW)

    def _turn_page(self, over: bool) -> None:
        self._enter(LAST_TURN if over else TURN)

    def _enter(self, what: int) -> int:
        """See `_enter` above."""
        drawing = self.drawing
        if self.plain is not None:
            return int(_enter(self.plain, what, AT_A_TIME, *drawing.drawn_with))
        return int(_enter_at(self.address, what, AT_A_TIME, *drawing.drawn_with))


def play(layout: Layout, seed: int, replication: int) -> Journal:
    """Play one replication.  The same layout, seed and replication give the same journal, byte for byte."""
    return Kernel(layout, seed, replication).play()


def play_in_portions(layout: Layout, seed: int, replication: int, take: Take) -> Rest:
    """The same play without a journal: `take` gets everything that is over, portion by portion."""
    return Kernel(layout, seed, replication, take).play_in_portions()
