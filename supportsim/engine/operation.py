"""The operation: the life of a contact and an agent's day, told on SimPy's clock.

Here time passes, and in kernel.py, which plays the same flow in machine code.  The journey says what a customer does
next, the desk says who serves whom; this file makes the appointments and keeps them in the order of (tick, rank, id).
"""

from __future__ import annotations

import gc
from contextlib import nullcontext
from typing import Any

from supportsim.engine.days import Day
from supportsim.engine.doors import Doors
from supportsim.engine.journal import Journal
from supportsim.engine.layout import Layout
from supportsim.engine.ranks import (
    ARISES,
    AT_ONCE,
    BREAK_DUE,
    BREAK_ENDS,
    DELAY_PASSES,
    FROM_ACTIVITY,
    GIVES_UP,
    LIMIT_PASSES,
    OPENS,
    RETURNS,
    SHIFT_BEGINS,
    SHIFT_ENDS,
    TO_ACTIVITY,
    TO_WORK,
    WORK_ENDS,
    WORLD,
)
from supportsim.engine.state import State
from supportsim.engine.stories import Clock, Moment, Telling
from supportsim.engine.tables import (
    BREAK,
    CUT,
    DELAY,
    FILLER,
    LAID_ASIDE,
    LIMIT,
    NEWS_WIDTH,
    ROOM,
    TALK,
    WAIT,
    WRAP,
)
from supportsim.engine.tables import WORLD as WORLD_COLUMNS
from supportsim.scenario.ticks import NEVER

# What ends a customer's wait, beside a talk (which is told by its row, 0 or more).
PATIENCE_IS_OVER, LINE_IS_CUT, TIME_IS_UP = -1, -2, -3

_COLUMNS = WORLD_COLUMNS.names or ()
_NEWS, _ROOM, _FELT, _FELT_ROOM = (_COLUMNS.index(name) for name in ("news", "room", "felt", "felt_room"))


class Operation:
    """One replication of a scenario, told by the people in it."""

    def __init__(self, layout: Layout, seed: int, replication: int) -> None:
        self.layout = layout
        self.state = State(layout, seed, replication)
        self.clock = Clock()
        self.rules: Any = Doors(self.state.tables, self.state.asked)
        self.asked: list[int] = self.state.tables["issues"]["asked"][: self.state.asked_for].tolist()
        self.waits_for: dict[int, Moment] = {}  # what the customer of an issue waits for
        self.wraps_up: dict[int, Moment] = {}  # the end of the wrap-up of a touch
        self.hears = {
            WAIT: self.starts_to_wait,
            TALK: self.is_taken,
            WRAP: self.wraps_up_until,
            LAID_ASIDE: self.is_laid_aside,
            CUT: self.is_cut_off,
            BREAK: self.goes_on_break,
            DELAY: self.may_overflow,
            FILLER: self.begins_filler,
            ROOM: self.make_room,
        }
        self.over = Moment(self.clock, layout.timeline.end, AT_ONCE)
        self.counted_to = layout.timeline.counted_to
        self.counted = [asked < self.counted_to for asked in self.asked]  # arose in counted time, or before
        self.counted_open = sum(self.counted)
        self.read_tables()

    # ------------------------------------------------------------ the life of a contact

    def customer(self, issue: int) -> Telling:
        """A customer with a problem: one contact after the other, until nothing more is due of it."""
        self.expect(issue + 1)
        now = self.clock.now
        due = self.rules.begin(issue, now)
        while due < NEVER:
            if due > now:
                yield Moment(self.clock, due, RETURNS | issue)
            is_let_in = self.rules.contact(issue, self.clock.now)
            self.hear()
            if is_let_in:  # he is served at once, or waits
                ended_by = yield self.waits_for[issue]
                del self.waits_for[issue]
                if ended_by >= 0:
                    self.hang_up(ended_by)
                elif ended_by == PATIENCE_IS_OVER:
                    self.rules.give_up(issue, self.clock.now)
                    self.hear()
                elif ended_by == TIME_IS_UP:
                    self.rules.time_out(issue, self.clock.now)
                    self.hear()
            now = self.clock.now
            due = self.rules.after(issue, now)
        self.is_done_with(issue)

    def hang_up(self, row: int) -> None:
        """The talk is over: the agent wraps up, or is free."""
        self.rules.hang_up(row, self.clock.now)
        self.hear()

    def wrap_up(self, issue: int, row: int) -> Telling:
        """The customer has gone, and now the agent has done what was left to do."""
        del self.wraps_up[row]
        self.rules.wrap_up_over(row, self.clock.now)
        self.hear()
        self.is_done_with(issue)
        yield from ()

    def overflow(self, row: int) -> None:
        """He has waited long enough for other teams to be asked."""
        self.rules.delay_over(row, self.clock.now)
        self.hear()

    def filler(self, issue: int) -> Telling:
        """A piece of work that nobody waits for, from its begin to its end."""
        ended_by = yield self.waits_for[issue]
        del self.waits_for[issue]
        self.hang_up(ended_by)
        self.rules.after(issue, self.clock.now)

    def expect(self, issue: int) -> None:
        """The next problem arises at its own time."""
        if issue < len(self.asked):
            asked = self.asked[issue]
            self.clock.tell(self.customer(issue), asked if asked > 0 else 0, ARISES | issue)

    # ------------------------------------------------------------ an agent's day

    def agent(self, agent: int, days: list[Day]) -> Telling:
        """An agent comes, works, goes on breaks when they are due, and goes home, day after day."""
        for day in days:
            yield Moment(self.clock, day.begin, SHIFT_BEGINS | agent << 2 | TO_WORK)
            yield from self.shift(agent, day)

    def absent(self, agent: int, until: int) -> Telling:
        """He does not come at all."""
        self.rules.stay_away(agent, until, self.clock.now)
        yield from ()

    def shift(self, agent: int, day: Day) -> Telling:
        """From clock-in to the end of the shift; work in hand may keep him longer."""
        self.rules.clock_in(agent, day.rests_from, day.rests_to, day.end, self.clock.now)
        self.hear()
        for rest in range(day.rests_from, day.rests_to):
            if day.begin < self.state.days.dues[rest] < day.end:
                yield Moment(self.clock, self.state.days.dues[rest], BREAK_DUE | agent)
                self.rules.rest_due(agent, rest, self.clock.now)
                self.hear()
        yield Moment(self.clock, day.end, SHIFT_ENDS | agent)
        self.rules.end_shift(agent, self.clock.now)
        self.hear()

    def activity(self, agent: int, team: int, until: int) -> Telling:
        """At stated hours he works as another team."""
        self.rules.move(agent, team, self.clock.now)
        self.hear()
        yield Moment(self.clock, until, SHIFT_BEGINS | agent << 2 | FROM_ACTIVITY)
        self.rules.move(agent, self.layout.agents[agent].team, self.clock.now)
        self.hear()

    def heads(self, team: int, curve: list[tuple[int, int]]) -> Telling:
        """Anonymous agents come and go as their number rises and falls."""
        present, first = 0, int(self.state.tables["teams"][team]["agents_from"])
        for tick, heads in curve:
            if heads < present:
                yield Moment(self.clock, tick, SHIFT_ENDS | first)
                self.rules.fewer(team, present - heads, tick)
            else:
                yield Moment(self.clock, tick, SHIFT_BEGINS | first << 2 | TO_WORK)
                self.rules.more(team, heads - present, tick)
            self.hear()
            present = heads

    def rest_is_over(self, agent: int) -> None:
        """A break, or a block off the desk, is over."""
        self.rules.come_back(agent, self.clock.now)
        self.hear()

    # ------------------------------------------------------------ opening hours, and the end

    def opening_hours(self, channel: int, windows: list[tuple[int, int]]) -> Telling:
        """A channel opens and closes."""
        for begin, end in windows:
            if begin > self.clock.now:
                yield Moment(self.clock, begin, WORLD | OPENS | channel)
                self.rules.open_channel(channel, begin)
                self.hear()
            if end > self.clock.now:
                yield Moment(self.clock, end, WORLD | channel)
                self.rules.close_channel(channel, self.clock.now)
                self.hear()

    def run_out(self) -> Telling:
        """Counted time is over; what is still open may be finished."""
        yield Moment(self.clock, self.counted_to, AT_ONCE)
        self.stop_if_empty(ticks_from_now=0)

    def is_done_with(self, issue: int) -> None:
        """Nothing more is due of this issue, or of its wrap-up."""
        if self.world[_FELT] > self.world[_FELT_ROOM]:
            self.state.grow_felt()
            self.follow()
        if self.counted[issue]:
            self.counted_open -= 1
            if self.counted_open == 0:
                self.stop_if_empty()

    def stop_if_empty(self, ticks_from_now: int = 1) -> None:
        """A run-out `until empty` ends one tick after the last issue that counts, or does not begin."""
        empty = self.counted_open == 0 and self.clock.now >= self.counted_to
        if empty and self.layout.scenario.times.run_out_until_empty:
            self.clock.sooner(self.over, ticks_from_now)

    # ------------------------------------------------------------ what the desk tells

    def hear(self) -> None:
        """The desk's news become appointments."""
        pieces = self.world[_NEWS]
        if pieces:
            self.world[_NEWS] = 0
            news = self.news
            for k in range(0, pieces * NEWS_WIDTH, NEWS_WIDTH):
                self.hears[news[k]](news[k + 1], news[k + 2], news[k + 3], news[k + 4])

    def starts_to_wait(self, issue: int, until: int, by: int, _: int) -> None:
        """Nobody is free: he waits as long as he is patient, and the channel lets him."""
        if by == LIMIT:
            self.waits_for[issue] = Moment(self.clock, until, LIMIT_PASSES | issue, TIME_IS_UP)
        else:
            self.waits_for[issue] = Moment(self.clock, until, GIVES_UP | issue, PATIENCE_IS_OVER)

    def may_overflow(self, issue: int, tick: int, row: int, _: int) -> None:
        """Another team may be asked from that tick on, should he still wait."""
        self.clock.remind(self.overflow, row, tick, DELAY_PASSES | issue)

    def is_taken(self, issue: int, talk_ends: int, row: int, order: int) -> None:
        """An agent takes him, or talks to him at another pace: what he waits for now is the end of the talk."""
        self.now_waits_for(issue, Moment(self.clock, talk_ends, WORK_ENDS | order, row))

    def wraps_up_until(self, issue: int, until: int, row: int, order: int) -> None:
        """An agent has something to do when the customer has gone, or does it at another pace."""
        if row in self.wraps_up:
            self.wraps_up[row] = Moment(self.clock, until, WORK_ENDS | order).instead_of(self.wraps_up[row])
        else:
            self.counted_open += self.counted[issue]
            self.wraps_up[row] = self.clock.tell(self.wrap_up(issue, row), until, WORK_ENDS | order)

    def begins_filler(self, issue: int, now: int, row: int, _: int) -> None:
        """An agent with nothing better to do begins a piece of filler work, which never counts."""
        self.counted.append(False)
        self.clock.tell(self.filler(issue), now, AT_ONCE)

    def is_laid_aside(self, issue: int, never: int, row: int, _: int) -> None:
        """The agent laid his work aside: he waits, for as long as it takes, for the next."""
        self.now_waits_for(issue, Moment(self.clock, never, GIVES_UP | issue))

    def is_cut_off(self, issue: int, now: int, row: int, _: int) -> None:
        """The line goes dead."""
        self.now_waits_for(issue, Moment(self.clock, now, AT_ONCE, LINE_IS_CUT))

    def goes_on_break(self, agent: int, until: int, rest: int, _: int) -> None:
        """His hands are empty and a break was due."""
        self.clock.remind(self.rest_is_over, agent, until, BREAK_ENDS | agent)

    def now_waits_for(self, issue: int, moment: Moment) -> None:
        """Another moment takes the place of the one he waited for."""
        if issue in self.waits_for:
            moment.instead_of(self.waits_for[issue])
        self.waits_for[issue] = moment

    # ------------------------------------------------------------ the whole

    def make_room(self, rows: int, *_: int) -> None:
        """The tables are nearly full: twice as many rows."""
        if rows >= self.world[_ROOM]:
            self.state.grow()
            self.follow()

    def follow(self) -> None:
        """Tables have moved in memory."""
        self.rules.follow(self.state.tables)
        self.read_tables()

    def read_tables(self) -> None:
        """Plain numbers of what is read after every rule."""
        self.news = memoryview(self.state.tables["news"].view("i8").data)
        self.world = memoryview(self.state.tables["world"].view("i8").data)

    def play(self) -> Journal:
        """From the first tick to the horizon; nothing at the horizon happens."""
        tell = self.clock.tell
        for channel in range(len(self.layout.scenario.channels)):
            tell(self.opening_hours(channel, self.layout.windows(channel)), 0, AT_ONCE)
        for agent, days in enumerate(self.state.days.by_agent):
            tell(self.agent(agent, days), 0, AT_ONCE)
        for agent, day in self.state.days.absences:
            tell(self.absent(agent, day.end), day.begin, SHIFT_BEGINS | agent << 2 | TO_WORK)
        for move in self.state.days.moves:
            to_activity = SHIFT_BEGINS | move.agent << 2 | TO_ACTIVITY
            tell(self.activity(move.agent, move.team, move.end), move.begin, to_activity)
        for team in range(len(self.layout.scenario.teams)):
            tell(self.heads(team, self.layout.heads(team)), 0, AT_ONCE)
        tell(self.run_out(), 0, AT_ONCE)
        self.expect(0)
        with self.state.asked or nullcontext():
            end = self.clock.run_to(self.over)
        if self.layout.feedback:
            self.rules.settle(len(self.state.tables["customers"]), end)
        return self.state.journal(end)


def play(layout: Layout, seed: int, replication: int) -> Journal:
    """Play one replication.  The same layout, seed and replication give the same journal, byte for byte."""
    collecting = gc.isenabled()
    gc.disable()  # nothing here is cyclic garbage before the end; collecting costs a sixth of the time
    try:
        return Operation(layout, seed, replication).play()
    finally:
        if collecting:
            gc.enable()
