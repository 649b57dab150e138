"""The desk: what contacts, customers and channels do there.  No clock, no randomness, no input or output.

Verbs in the imperative each take `now`, leave the tables consistent, and append to the news what the clock must make
appointments for.  What agents do stands in people.py.
"""

from __future__ import annotations

from supportsim.demand.fates import child
from supportsim.engine.available import ask_teams, find_agent, somebody_may
from supportsim.engine.choice import choose
from supportsim.engine.due import due_tick
from supportsim.engine.hands import count_work, let_go, start
from supportsim.engine.interrupts import find_interruptible
from supportsim.engine.journey import FILLED, approach, next_opening
from supportsim.engine.machine import part, rare, rule, verb
from supportsim.engine.queues import ask_for_room, dequeue, enqueue, say_drained, tell
from supportsim.engine.tables import (
    CUT,
    DEFERRED,
    DELAY,
    DUE_TICK,
    FILLER,
    LAID_ASIDE,
    LEAST_WORK,
    LIMIT,
    LIVE,
    NOBODY,
    NONE,
    PATIENCE,
    WAIT,
    Tables,
)
from supportsim.engine.work import work_to_do
from supportsim.scenario.ticks import NEVER

# Outcomes and endings, by their place in journal.OUTCOMES and journal.ENDINGS.
ABANDONED, BUSY, CLOSED, DISCONNECTED, WITHDREW, TIMED_OUT = 3, 4, 5, 6, 7, 8
WORKED, PUT_DOWN, GAVE_UP, LINE_CUT, TAKEN_BACK, INTERRUPTED, WAITED_TOO_LONG = 1, 2, 3, 4, 5, 6, 7


# ---------------- touches


@part
def _key(T: Tables, contact: int) -> int:
    """What orders its queue before the entry time: fixed when a touch joins."""
    if T.world[0].key_of_policy == DUE_TICK:
        return due_tick(T, contact)
    if T.world[0].key_of_policy == LEAST_WORK:
        return work_to_do(T, contact)
    return 0


@part
def open_touch(T: Tables, contact: int, touch: int, entered: int, now: int) -> int:
    """A new stretch of a contact begins to wait.  `touch` NONE: the first.  Returns its row."""
    row = T.world[0].touches
    T.world[0].touches += 1
    ask_for_room(T, row)
    T.touches[row].contact = contact
    T.touches[row].touch = row if touch == NONE else touch
    T.touches[row].queue = T.contacts[contact].queue
    T.touches[row].agent = NOBODY
    T.touches[row].joined = now
    T.touches[row].entered = entered
    T.touches[row].started = NEVER
    T.touches[row].talk_ended = NEVER
    T.touches[row].ended = NEVER
    T.touches[row].remaining = 0
    T.touches[row].in_hand = 0
    T.touches[row].how = 0
    T.touches[row].starved = 0
    T.touches[row].due = NEVER
    T.touches[row].told = 0
    T.touches[row].issue = T.contacts[contact].issue
    T.touches[row].key = _key(T, contact)
    return row


@rare
def lay_aside(T: Tables, row: int, how: int, now: int) -> int:
    """Work in hand goes out of it with its entry time and what remains of it.  Returns its new stretch."""
    agent, contact = T.touches[row].agent, T.touches[row].contact
    if T.channels[T.contacts[contact].channel].speeds_from == NONE:
        T.contacts[contact].talk = T.touches[row].due - now
    count_work(T, agent, now)
    T.touches[row].ended = now
    T.touches[row].how = how
    T.touches[row].remaining = T.contacts[contact].talk
    let_go(T, row, agent, now)
    again = open_touch(T, contact, T.touches[row].touch, T.touches[row].entered, now)
    tell(T, LAID_ASIDE, T.contacts[contact].issue, NEVER, again)
    return again


@rare
def _appoint_delay(T: Tables, row: int, now: int) -> None:
    """The next overflow delay of a waiting touch, if there is one more, becomes an appointment."""
    q, entered, soonest = T.touches[row].queue, T.touches[row].entered, NEVER
    for k in range(T.queues[q].asked_from, T.queues[q].asked_to):
        passes = entered + T.asked[k].delay
        if T.asked[k].delay > 0 and passes > now:
            soonest = min(soonest, passes)
    if soonest < NEVER:
        tell(T, DELAY, T.touches[row].issue, soonest, row)


@part
def _next_delay(T: Tables, row: int, now: int) -> None:
    """A touch waits: some team may be asked after a delay only."""
    if T.world[0].has_delays == 1:
        _appoint_delay(T, row, now)


@rule
def _wait(T: Tables, row: int, now: int) -> None:
    enqueue(T, row)
    _next_delay(T, row, now)


# ---------------- supply


@verb
def _begin_filler(T: Tables, f: int, now: int) -> None:
    """A new piece of filler work, begun as it comes to be: an issue of its own behind all others."""
    issue = T.world[0].issues
    T.world[0].issues += 1
    T.issues[issue].asked = now
    T.issues[issue].key = child(T.fillers[f].key, T.fillers[f].begun)
    T.fillers[f].begun += 1
    T.issues[issue].stream = T.fillers[f].stream
    T.issues[issue].segment = T.fillers[f].segment
    T.issues[issue].topic = T.fillers[f].topic
    T.issues[issue].state = 0
    T.issues[issue].customer = NONE
    T.issues[issue].contacts = 0
    T.issues[issue].worked = 0
    T.issues[issue].ended = NEVER
    T.issues[issue].channel = T.queues[T.fillers[f].queue].channel
    T.issues[issue].step = NONE
    T.issues[issue].tries = 0
    T.issues[issue].kind = FILLED
    T.issues[issue].last = NONE
    T.issues[issue].offer = NONE
    T.issues[issue].aht = 0.0
    T.issues[issue].handle = NONE
    T.issues[issue].wrap = NONE
    T.issues[issue].patience = NEVER
    contact = approach(T, issue, now)
    row = open_touch(T, contact, NONE, now, now)
    T.contacts[contact].row = row
    T.channels[T.contacts[contact].channel].on_line += 1
    tell(T, FILLER, issue, now, row)
    start(T, row, find_agent(T, T.fillers[f].queue, contact, now, now), now)


@rare
def _fill(T: Tables, team: int, now: int) -> bool:
    """One piece of filler work for somebody of the team, if there is any for him."""
    for f in range(T.world[0].fillers):
        q = T.fillers[f].queue
        for k in range(T.queues[q].asked_from, T.queues[q].asked_to):
            if T.asked[k].team == team and T.asked[k].delay == 0:
                channel = T.queues[q].channel
                if T.channels[channel].is_open == 1 and somebody_may(T, team, channel, T.asked[k].hold, now):
                    _begin_filler(T, f, now)
                    return True
    return False


@part
def _take_next(T: Tables, team: int, agent: int, now: int) -> bool:
    """The next work for the agent (NOBODY: for anybody of the team); False if nothing may start."""
    row = choose(T, team, agent, now) if T.teams[team].waiting > 0 else NONE
    if row == NONE:
        return T.world[0].fillers > 0 and _fill(T, team, now)
    if agent == NOBODY:
        agent = find_agent(T, T.touches[row].queue, T.touches[row].contact, T.touches[row].entered, now)
    dequeue(T, row)
    start(T, row, agent, now)
    return True


@rule
def _all_take(T: Tables, team: int, now: int) -> None:
    """Whoever of the team may takes the next work, until nothing may start."""
    going_on = True
    while going_on:
        going_on = _take_next(T, team, NOBODY, now)


@rule
def _supply(T: Tables, agent: int, now: int) -> None:
    """Somebody waits, or there is filler work: what may start does, until nothing may.

    Only he can take what could not start before, where no reservation, draining or overflow delay lets others of the
    teams that are asked before him, or with him, take it now.
    """
    if T.teams[T.agents[agent].team].is_free == 0:
        _all_take(T, T.agents[agent].team, now)
        return
    while T.agents[agent].linked != NONE:
        if not _take_next(T, T.agents[agent].team, agent, now):
            return


@part
def supply(T: Tables, agent: int, now: int) -> None:
    """An agent may have become free for more: what may start does, until nothing may."""
    if T.teams[T.agents[agent].team].waiting > 0 or T.world[0].fillers > 0:
        _supply(T, agent, now)


@rare
def _drained(T: Tables, now: int) -> None:
    """Every team takes what may start now, until nothing leaves such a queue any more."""
    while T.world[0].drained == 1:
        T.world[0].drained = 0
        for team in range(len(T.teams)):
            if T.teams[team].drains_from < T.teams[team].drains_to:
                _all_take(T, team, now)


@part
def release(T: Tables, now: int) -> None:
    """After a touch has left a queue that teams drain for, they may take chats again: supply grows for each."""
    if T.world[0].drained == 1:
        _drained(T, now)


# ---------------- looking for somebody


@rule
def _resume_or_wait(T: Tables, row: int, now: int) -> None:
    """What a live touch has pushed aside looks for somebody; it cannot push anything aside itself."""
    agent = find_agent(T, T.touches[row].queue, T.touches[row].contact, T.touches[row].entered, now)
    if agent == NOBODY:
        _wait(T, row, now)
    else:
        start(T, row, agent, now)


@rare
def _interrupts(T: Tables, row: int, other: int, now: int) -> None:
    """A live touch takes the agent of another one, which looks for somebody else or waits."""
    agent = T.touches[other].agent
    again = lay_aside(T, other, INTERRUPTED, now)
    start(T, row, agent, now)
    _resume_or_wait(T, again, now)
    supply(T, agent, now)  # he may have places for more of its channel


@rule
def _finds_agent(T: Tables, row: int, waits: bool, now: int) -> bool:
    """A touch asks the teams; a live one may interrupt.  False if nobody takes it: if it waits, it stays in its place.

    `waits`: it stands in its queue.  Nobody can tell from that who may take it: what a queue drains is other channels.
    """
    q, entered = T.touches[row].queue, T.touches[row].entered
    agent = ask_teams(T, q, T.touches[row].contact, entered, now)
    other = find_interruptible(T, q, entered, now) if agent == NOBODY else NONE
    if agent == NOBODY and other == NONE:
        return False
    if waits:
        dequeue(T, row)
    if other == NONE:
        start(T, row, agent, now)
    else:
        _interrupts(T, row, other, now)
    return True


@rule
def _drop_out(T: Tables, row: int, outcome: int, how: int, now: int) -> None:
    """A waiting customer is gone: from the queue, from the line, from the desk."""
    dequeue(T, row)
    contact = T.touches[row].contact
    T.touches[row].ended = now
    T.touches[row].how = how
    T.contacts[contact].outcome = outcome
    T.contacts[contact].left = now
    T.channels[T.contacts[contact].channel].on_line -= 1


@rare
def _cut_line(T: Tables, q: int, now: int) -> None:
    """Everybody waiting in a queue is disconnected, the first in line first."""
    while T.queues[q].head != NONE:
        row = T.queues[q].head
        _drop_out(T, row, DISCONNECTED, LINE_CUT, now)
        tell(T, CUT, T.touches[row].issue, now, row)


@rule
def cut_if_deserted(T: Tables, q: int, now: int) -> None:
    """The line of a closed live channel is cut when nobody present could serve it any more."""
    if T.queues[q].head == NONE or T.channels[T.queues[q].channel].kind == DEFERRED:
        return
    for k in range(T.queues[q].asked_from, T.queues[q].asked_to):
        if T.teams[T.asked[k].team].present > 0:
            return
    _cut_line(T, q, now)


@rule
def look_or_wait(T: Tables, row: int, now: int) -> None:
    """Somebody takes the touch, or it waits in its queue."""
    if not _finds_agent(T, row, False, now):
        _wait(T, row, now)
        q = T.touches[row].queue
        if T.channels[T.queues[q].channel].is_open == 0:
            cut_if_deserted(T, q, now)


# ---------------- what a customer does


@rare
def _turn_away(T: Tables, contact: int, outcome: int, now: int) -> int:
    T.contacts[contact].outcome = outcome
    T.contacts[contact].left = now
    return NONE


@part
def _is_full(T: Tables, q: int, contact: int, now: int) -> bool:
    """Whether every line is taken, or he would have to wait without a place."""
    c, entered = T.queues[q].channel, T.contacts[contact].created
    if T.channels[c].on_line >= T.channels[c].lines:
        return True
    if T.channels[c].waiting < T.channels[c].waiting_room:
        return False
    return find_agent(T, q, contact, entered, now) == NOBODY and find_interruptible(T, q, entered, now) == NONE


@rule
def _wait_as_long(T: Tables, row: int, now: int) -> None:
    """A new contact waits as long as its customer is patient and the channel lets it."""
    contact = T.touches[row].contact
    created = T.contacts[contact].created
    patience_ends = max(min(created + T.contacts[contact].patience, NEVER), now)
    limit_ends = max(min(created + T.channels[T.contacts[contact].channel].wait_limit, NEVER), now)
    until, by = (limit_ends, LIMIT) if limit_ends <= patience_ends and limit_ends < NEVER else (patience_ends, PATIENCE)
    tell(T, WAIT, T.contacts[contact].issue, until, by)


@verb
def join(T: Tables, contact: int, now: int) -> int:
    """A contact reaches his channel: served at once, waiting, or turned away with an outcome.

    Returns the row of his touch; NONE if he was turned away (closed, or every line or place is taken).
    """
    q = T.contacts[contact].queue
    c = T.queues[q].channel
    waits_already = T.channels[c].kind == DEFERRED and T.contacts[contact].created < now  # backlog at the start
    if T.channels[c].is_open == 0 and not waits_already:
        return _turn_away(T, contact, CLOSED, now)
    if _is_full(T, q, contact, now):
        return _turn_away(T, contact, BUSY, now)
    row = open_touch(T, contact, NONE, T.contacts[contact].created, now)
    T.contacts[contact].row = row
    T.channels[c].on_line += 1
    if not _finds_agent(T, row, False, now):
        enqueue(T, row)
        _wait_as_long(T, row, now)
        _next_delay(T, row, now)
    return row


@verb
def delay_over(T: Tables, row: int, now: int) -> None:
    """An overflow delay has passed: if the touch still waits, it asks everybody again."""
    if T.touches[row].started != NEVER or T.touches[row].ended != NEVER:
        return
    if not _finds_agent(T, row, True, now):
        say_drained(T, T.touches[row].queue)
        _next_delay(T, row, now)
    release(T, now)


# ---------------- leaving the line


@verb
def give_up(T: Tables, issue: int, now: int) -> None:
    """His patience is over while he waits: he abandons a live line, withdraws a deferred contact."""
    contact = T.issues[issue].last
    if T.channels[T.contacts[contact].channel].kind == LIVE:
        _drop_out(T, T.contacts[contact].row, ABANDONED, GAVE_UP, now)
    else:
        _drop_out(T, T.contacts[contact].row, WITHDREW, TAKEN_BACK, now)
    release(T, now)


@verb
def time_out(T: Tables, issue: int, now: int) -> None:
    """The channel ends his wait."""
    _drop_out(T, T.contacts[T.issues[issue].last].row, TIMED_OUT, WAITED_TOO_LONG, now)
    release(T, now)


# ---------------- opening hours


@rule
def _hours_of_all(T: Tables, now: int) -> None:
    """All channels that close or open at this tick do so before anything comes of it."""
    for c in range(len(T.channels)):
        T.channels[c].is_open = int(next_opening(T, c, now) == now)


@verb
def open_channel(T: Tables, channel: int, now: int) -> None:
    """Customers may reach the channel from now on, and filler work may begin."""
    _hours_of_all(T, now)
    has_filler = False
    for f in range(T.world[0].fillers):
        has_filler = has_filler or T.queues[T.fillers[f].queue].channel == channel
    if has_filler:
        for team in range(len(T.teams)):
            _all_take(T, team, now)
    release(T, now)


@verb
def close_channel(T: Tables, channel: int, now: int) -> None:
    """Nobody new; those on a live line are turned away, or served while somebody is there who can."""
    _hours_of_all(T, now)
    for q in range(T.channels[channel].queues_from, T.channels[channel].queues_to):
        if T.channels[channel].turn_away == 1:
            _cut_line(T, q, now)
        else:
            cut_if_deserted(T, q, now)
    release(T, now)
