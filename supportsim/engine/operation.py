"""The operation: the life of a contact and an agent's day, told on SimPy's clock.

Here, and only here, time passes.  The journey says what a customer does next, the desk says who serves whom;
this file makes the appointments and keeps them in the order of (tick, rank, id).
"""

from __future__ import annotations

import gc
from typing import Any

from supportsim.engine.days import Day
from supportsim.engine.doors import Doors
from supportsim.engine.journal import Journal
from supportsim.engine.layout import Layout
from supportsim.engine.state import State
from supportsim.engine.stories import Clock, Moment, Telling
from supportsim.engine.tables import BREAK, CUT, NEWS_WIDTH, PUT_DOWN, ROW_BITS, TALK, WAIT
from supportsim.engine.tables import WORLD as WORLD_COLUMNS
from supportsim.scenario.ticks import NEVER

# Who goes first when several things happen at one tick (docs/model.md, simultaneous events).  All ranks lie
# above SimPy's own priorities 0 and 1, so that the consequences of one event are over before the next.
WORLD, SHIFT_ENDS, BREAK_DUE, WORK_ENDS, SHIFT_BEGINS, BREAK_ENDS = (rank + 1 << 56 for rank in range(6))
RETURNS, GIVES_UP, ARISES = (rank + 1 << 56 for rank in (7, 8, 11))
OPENS = 1 << 40  # at one tick channels close before others open
AT_ONCE = 0

# What ends a customer's wait, beside a talk (which is told by agent and touch, 0 or more).
PATIENCE_IS_OVER, LINE_IS_CUT = -1, -2

_ROW = (1 << ROW_BITS) - 1
_NEWS, _FULLEST = ((WORLD_COLUMNS.names or ()).index(name) for name in ("news", "fullest"))


class Operation:
    """One replication of a scenario, told by the people in it."""

    def __init__(self, layout: Layout, seed: int, replication: int) -> None:
        self.layout = layout
        self.state = State(layout, seed, replication)
        self.clock = Clock()
        self.rules: Any = Doors(self.state.tables)
        self.asked: list[int] = self.state.tables["issues"]["asked"].tolist()
        self.waits_for: dict[int, Moment] = {}  # what the customer of an issue waits for
        self.hears = {
            WAIT: self.starts_to_wait,
            TALK: self.is_taken,
            PUT_DOWN: self.is_put_down,
            CUT: self.is_cut_off,
            BREAK: self.goes_on_break,
        }
        self.over = Moment(self.clock, layout.timeline.end, AT_ONCE)
        self.counted_to = layout.timeline.counted_to
        self.counted_open = sum(asked < self.counted_to for asked in self.asked)
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
                    self.hang_up(issue, ended_by)
                elif ended_by == PATIENCE_IS_OVER:
                    self.rules.give_up(issue, self.clock.now)
            now = self.clock.now
            due = self.rules.after(issue, now)
        self.is_done_with(issue)

    def hang_up(self, issue: int, talk: int) -> None:
        """The talk is over: the agent wraps up, or is free."""
        now = self.clock.now
        wrapped_up = self.rules.hang_up(talk & _ROW, now)
        if wrapped_up > now:
            self.counted_open += self.asked[issue] < self.counted_to
            self.clock.tell(self.wrap_up(issue, talk), wrapped_up, WORK_ENDS | talk)
        self.hear()

    def wrap_up(self, issue: int, talk: int) -> Telling:
        """The customer has gone, and now the agent has done what was left to do."""
        self.rules.wrap_up_over(talk & _ROW, self.clock.now)
        self.hear()
        self.is_done_with(issue)
        yield from ()

    def expect(self, issue: int) -> None:
        """The next problem arises at its own time."""
        if issue < len(self.asked):
            asked = self.asked[issue]
            self.clock.tell(self.customer(issue), asked if asked > 0 else 0, ARISES | issue)

    # ------------------------------------------------------------ an agent's day

    def agent(self, agent: int, days: list[Day]) -> Telling:
        """An agent comes, works, goes on breaks when they are due, and goes home, day after day."""
        for day in days:
            yield Moment(self.clock, day.begin, SHIFT_BEGINS | agent)
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

    def rest(self, agent: int) -> Telling:
        """A break, or a block off the desk, is over."""
        self.rules.come_back(agent, self.clock.now)
        self.hear()
        yield from ()

    # ------------------------------------------------------------ opening hours, and the end

    def opening_hours(self, channel: int, windows: list[tuple[int, int]]) -> Telling:
        """A channel opens and closes."""
        for begin, end in windows:
            if begin > self.clock.now:
                yield Moment(self.clock, begin, WORLD | OPENS | channel)
                self.rules.open_channel(channel)
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
        if self.asked[issue] < self.counted_to:
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
                self.hears[news[k]](news[k + 1], news[k + 2], news[k + 3])
        if self.world[_FULLEST] >= self.room:
            self.make_room()

    def starts_to_wait(self, issue: int, patience_ends: int, _: int) -> None:
        """Nobody is free: he waits as long as he is patient."""
        self.waits_for[issue] = Moment(self.clock, patience_ends, GIVES_UP | issue, PATIENCE_IS_OVER)

    def is_taken(self, issue: int, talk_ends: int, talk: int) -> None:
        """An agent takes him: what he waits for now is the end of the talk."""
        self.now_waits_for(issue, Moment(self.clock, talk_ends, WORK_ENDS | talk, talk))

    def is_put_down(self, issue: int, never: int, row: int) -> None:
        """The agent laid his work aside: he waits, for as long as it takes, for the next."""
        self.now_waits_for(issue, Moment(self.clock, never, GIVES_UP | issue))

    def is_cut_off(self, issue: int, now: int, _: int) -> None:
        """The line goes dead."""
        self.now_waits_for(issue, Moment(self.clock, now, AT_ONCE, LINE_IS_CUT))

    def goes_on_break(self, agent: int, until: int, _: int) -> None:
        """His hands are empty and a break was due."""
        self.clock.tell(self.rest(agent), until, BREAK_ENDS | agent)

    def now_waits_for(self, issue: int, moment: Moment) -> None:
        """Another moment takes the place of the one he waited for."""
        if issue in self.waits_for:
            moment.instead_of(self.waits_for[issue])
        self.waits_for[issue] = moment

    # ------------------------------------------------------------ the whole

    def make_room(self) -> None:
        """The tables are nearly full: twice as many rows."""
        self.state.grow()
        self.rules.move(self.state.tables)
        self.read_tables()

    def read_tables(self) -> None:
        """Plain numbers of what is read after every rule."""
        self.room = self.state.room
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
            tell(self.absent(agent, day.end), day.begin, SHIFT_BEGINS | agent)
        tell(self.run_out(), 0, AT_ONCE)
        self.expect(0)
        return self.state.journal(self.clock.run_to(self.over))


def play(layout: Layout, seed: int, replication: int) -> Journal:
    """Play one replication.  The same layout, seed and replication give the same journal, byte for byte."""
    collecting = gc.isenabled()
    gc.disable()  # nothing here is cyclic garbage before the end; collecting costs a sixth of the time
    try:
        return Operation(layout, seed, replication).play()
    finally:
        if collecting:
            gc.enable()
