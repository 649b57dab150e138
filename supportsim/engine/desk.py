"""The desk: who serves whom.  No clock, no randomness, no input or output.

Verbs in the imperative are what customers, agents and channels do at the desk; each takes `now`, leaves the
tables consistent, and appends to the news what the clock must make appointments for.
"""

from __future__ import annotations

from supportsim.engine.available import find_agent, next_touch, offer, withhold
from supportsim.engine.queues import dequeue, enqueue, tell
from supportsim.engine.tables import (
    AWAY,
    BREAK,
    CUT,
    DEFERRED,
    DUE,
    LIVE,
    NOBODY,
    NONE,
    OFF,
    OPEN,
    OVER,
    PUT_DOWN,
    ROW_BITS,
    TALK,
    WAIT,
    Tables,
    rule,
)
from supportsim.engine.work import begin_work
from supportsim.scenario.ticks import NEVER

# Outcomes and endings, by their place in journal.OUTCOMES, journal.ENDINGS and journal.SPANS.
ABANDONED, BUSY, CLOSED, DISCONNECTED, WITHDREW = 3, 4, 5, 6, 7
WORKED, LAID_DOWN, GAVE_UP, LINE_CUT, TAKEN_BACK = 1, 2, 3, 4, 5
ABSENT, AVAILABLE, BREAK_DUE, OVERTIME, BREAK_LOST = 0, 1, 2, 6, 7


# ---------------- an agent's hands


@rule
def _take_in_hand(T: Tables, row: int, agent: int) -> None:
    """In hand the touches stand in the order of their rows."""
    before, after = NONE, T.agents[agent].hands
    while after != NONE and after < row:
        before = after
        after = T.touches[after].next
    T.touches[row].prev = before
    T.touches[row].next = after
    if before == NONE:
        T.agents[agent].hands = row
    else:
        T.touches[before].next = row
    if after != NONE:
        T.touches[after].prev = row


@rule
def _let_go(T: Tables, row: int, agent: int, now: int) -> None:
    before, after = T.touches[row].prev, T.touches[row].next
    if before == NONE:
        T.agents[agent].hands = after
    else:
        T.touches[before].next = after
    if after != NONE:
        T.touches[after].prev = before
    withhold(T, agent)
    T.agents[agent].in_hand -= 1
    T.agents[agent].changed = now
    offer(T, agent)


@rule
def start(T: Tables, row: int, agent: int, now: int) -> None:
    """The agent takes the touch; the clock learns when the talk will be over."""
    withhold(T, agent)
    T.agents[agent].in_hand += 1
    T.agents[agent].held = T.queues[T.touches[row].queue].channel
    T.agents[agent].changed = now
    _take_in_hand(T, row, agent)
    offer(T, agent)
    T.touches[row].agent = agent
    T.touches[row].started = now
    T.touches[row].in_hand = T.agents[agent].in_hand
    contact = T.touches[row].contact
    if T.contacts[contact].answered == NEVER:
        T.contacts[contact].answered = now
    if T.contacts[contact].talk == NONE:
        begin_work(T, contact)
    T.touches[row].due = now + T.contacts[contact].talk
    tell(T, TALK, T.contacts[contact].issue, T.touches[row].due, (agent << ROW_BITS) + row)


# ---------------- leaving the line


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


@rule
def give_up(T: Tables, issue: int, now: int) -> None:
    """His patience is over while he waits: he abandons a live line, withdraws a deferred contact."""
    contact = T.issues[issue].last
    if T.channels[T.contacts[contact].channel].kind == LIVE:
        _drop_out(T, T.contacts[contact].row, ABANDONED, GAVE_UP, now)
    else:
        _drop_out(T, T.contacts[contact].row, WITHDREW, TAKEN_BACK, now)


@rule
def cut_line(T: Tables, q: int, now: int) -> None:
    """Everybody waiting in a queue is disconnected, the first in line first."""
    while T.queues[q].head != NONE:
        row = T.queues[q].head
        _drop_out(T, row, DISCONNECTED, LINE_CUT, now)
        tell(T, CUT, T.contacts[T.touches[row].contact].issue, now, row)


@rule
def _cut_if_deserted(T: Tables, q: int, now: int) -> None:
    if T.queues[q].head == NONE or T.channels[T.queues[q].channel].kind == DEFERRED:
        return
    for k in range(T.queues[q].asked_from, T.queues[q].asked_to):
        if T.teams[T.asked[k].team].present > 0:
            return
    cut_line(T, q, now)


# ---------------- breaks, and the end of the day


@rule
def _note(T: Tables, agent: int, what: int, begin: int, end: int) -> int:
    """A span of an agent's day (journal.SPANS).  Spans of no length stay out of the journal, lost breaks apart."""
    row = T.world[0].presence
    T.world[0].presence += 1
    T.presence[row].agent = agent
    T.presence[row].what = what
    T.presence[row].team = T.agents[agent].team
    T.presence[row].begin = begin
    T.presence[row].end = end
    return row


@rule
def note_span(T: Tables, agent: int, what: int, now: int) -> None:
    """From now on he is `what`; NONE: gone."""
    row = T.agents[agent].span
    if row != NONE:
        if T.presence[row].what == what:
            return
        T.presence[row].end = now
    T.agents[agent].span = NONE if what == NONE else _note(T, agent, what, now, NEVER)


@rule
def begin_rest(T: Tables, agent: int, now: int) -> None:
    """The first break due begins; it keeps its length but never outlives the shift."""
    rest = T.agents[agent].rest
    T.agents[agent].rest += 1
    T.agents[agent].rests_due -= 1
    T.agents[agent].state = AWAY
    T.agents[agent].back = min(now + T.rests[rest].length, T.agents[agent].shift_end)
    note_span(T, agent, T.rests[rest].what, now)
    tell(T, BREAK, agent, T.agents[agent].back, rest)


@rule
def leave(T: Tables, agent: int, now: int) -> None:
    """He goes home.  Lines of closed channels that nobody present can serve any more are cut."""
    T.agents[agent].state = OFF
    note_span(T, agent, NONE, now)
    team = T.agents[agent].team
    T.teams[team].present -= 1
    if T.teams[team].present > 0:
        return
    for q in range(len(T.queues)):
        if T.channels[T.queues[q].channel].is_open == 0:
            _cut_if_deserted(T, q, now)


@rule
def settle(T: Tables, agent: int, now: int) -> None:
    """What he does with his free places: go home, take a break, or the next work, until nothing may start."""
    if T.agents[agent].in_hand == 0 and T.agents[agent].state == OVER:
        leave(T, agent, now)
        return
    if T.agents[agent].in_hand == 0 and T.agents[agent].state == DUE:
        begin_rest(T, agent, now)
        return
    while T.agents[agent].linked != NONE:
        row = next_touch(T, agent)
        if row == NONE:
            return
        dequeue(T, row)
        start(T, row, agent, now)


# ---------------- what a customer does


@rule
def open_touch(T: Tables, contact: int, touch: int, entered: int, now: int) -> int:
    """A new stretch of a contact begins to wait.  `touch` NONE: the first.  Returns its row."""
    row = T.world[0].touches
    T.world[0].touches += 1
    T.world[0].fullest = max(T.world[0].contacts, T.world[0].touches)
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
    return row


@rule
def _turn_away(T: Tables, contact: int, outcome: int, now: int) -> int:
    T.contacts[contact].outcome = outcome
    T.contacts[contact].left = now
    return NONE


@rule
def join(T: Tables, contact: int, now: int) -> int:
    """A contact reaches his channel: served at once, waiting, or turned away with an outcome.

    Returns the row of his touch; NONE if he was turned away (closed, or every line or place is taken).
    """
    q = T.contacts[contact].queue
    c = T.queues[q].channel
    waits_already = T.channels[c].kind == DEFERRED and T.contacts[contact].created < now  # backlog at the start
    if T.channels[c].is_open == 0 and not waits_already:
        return _turn_away(T, contact, CLOSED, now)
    if T.channels[c].on_line >= T.channels[c].lines:
        return _turn_away(T, contact, BUSY, now)
    agent = find_agent(T, q)
    if agent == NOBODY and T.channels[c].waiting >= T.channels[c].waiting_room:
        return _turn_away(T, contact, BUSY, now)
    row = open_touch(T, contact, NONE, T.contacts[contact].created, now)
    T.contacts[contact].row = row
    T.channels[c].on_line += 1
    if agent == NOBODY:
        enqueue(T, row)
        patience_ends = min(T.contacts[contact].created + T.contacts[contact].patience, NEVER)
        tell(T, WAIT, T.contacts[contact].issue, max(patience_ends, now), row)
    else:
        start(T, row, agent, now)
    return row


@rule
def finish(T: Tables, row: int, now: int) -> None:
    """The work on a touch is done, wrap-up included."""
    T.touches[row].ended = now
    T.touches[row].how = WORKED
    _let_go(T, row, T.touches[row].agent, now)


@rule
def hang_up(T: Tables, row: int, now: int) -> int:
    """The talk is over and the customer gone.  Returns the tick at which the wrap-up will be over.

    Without wrap-up the agent is free at once and takes what he may.
    """
    contact, agent = T.touches[row].contact, T.touches[row].agent
    T.touches[row].talk_ended = now
    T.contacts[contact].left = now
    T.contacts[contact].talk = 0
    T.channels[T.contacts[contact].channel].on_line -= 1
    T.touches[row].due = now + T.contacts[contact].wrap
    if T.contacts[contact].wrap == 0:
        finish(T, row, now)
        settle(T, agent, now)
    return T.touches[row].due


@rule
def wrap_up_over(T: Tables, row: int, now: int) -> None:
    """The wrap-up is done: the agent takes what he may."""
    finish(T, row, now)
    settle(T, T.touches[row].agent, now)


# ---------------- an agent's day


@rule
def stay_away(T: Tables, agent: int, until: int, now: int) -> None:
    """Absent for a whole shift, whether or not he is still finishing the one before."""
    _note(T, agent, ABSENT, now, until)


@rule
def _resume(T: Tables, agent: int, now: int) -> None:
    """Open to work, unless a break is due."""
    if T.agents[agent].rests_due > 0:
        T.agents[agent].state = DUE
        note_span(T, agent, BREAK_DUE, now)
    else:
        T.agents[agent].state = OPEN
        note_span(T, agent, AVAILABLE, now)
        offer(T, agent)
    settle(T, agent, now)


@rule
def clock_in(T: Tables, agent: int, rests_from: int, rests_to: int, shift_end: int, now: int) -> None:
    """He comes to work, or is still there from the shift before; a break due at this tick goes first."""
    if T.agents[agent].state == OFF:
        T.teams[T.agents[agent].team].present += 1
    T.agents[agent].changed = now
    T.agents[agent].rest = rests_from
    T.agents[agent].rests_end = rests_to
    T.agents[agent].rests_due = 0
    T.agents[agent].shift_end = shift_end
    while rests_from < rests_to and T.rests[rests_from].due <= now:
        T.agents[agent].rests_due += 1
        rests_from += 1
    _resume(T, agent, now)


@rule
def rest_due(T: Tables, agent: int, rest: int, now: int) -> None:
    """A break or block falls due: it begins when his hands are empty, after those due before it."""
    if T.agents[agent].state == OFF or rest < T.agents[agent].rest + T.agents[agent].rests_due:
        return
    T.agents[agent].rests_due += 1
    if T.agents[agent].state != OPEN:
        return
    withhold(T, agent)
    T.agents[agent].state = DUE
    note_span(T, agent, BREAK_DUE, now)
    settle(T, agent, now)


@rule
def come_back(T: Tables, agent: int, now: int) -> None:
    """The break is over: the next one if it is due, else work."""
    if T.agents[agent].state != AWAY or T.agents[agent].back != now:
        return
    T.agents[agent].changed = now
    _resume(T, agent, now)


@rule
def put_down(T: Tables, row: int, now: int) -> None:
    """Work in hand goes back to its queue with its entry time and what remains of it."""
    agent, contact = T.touches[row].agent, T.touches[row].contact
    remaining = T.touches[row].due - now
    T.touches[row].ended = now
    T.touches[row].how = LAID_DOWN
    T.touches[row].remaining = remaining
    T.contacts[contact].talk = remaining
    _let_go(T, row, agent, now)
    again = open_touch(T, contact, T.touches[row].touch, T.touches[row].entered, now)
    tell(T, PUT_DOWN, T.contacts[contact].issue, NEVER, again)
    other = find_agent(T, T.touches[again].queue)
    if other == NOBODY:
        enqueue(T, again)
    else:
        start(T, again, other, now)


@rule
def end_shift(T: Tables, agent: int, now: int) -> None:
    """Nothing new from now on: work is put down or finished in overtime, breaks not begun are lost."""
    withhold(T, agent)
    for _ in range(T.agents[agent].rest, T.agents[agent].rests_end):
        _note(T, agent, BREAK_LOST, now, now)
    T.agents[agent].state = OVER
    note_span(T, agent, OVERTIME, now)
    T.agents[agent].rest = T.agents[agent].rests_end
    T.agents[agent].rests_due = 0
    row = T.agents[agent].hands
    while row != NONE:
        after = T.touches[row].next
        c = T.queues[T.touches[row].queue].channel
        unfinished = T.touches[row].talk_ended == NEVER and T.touches[row].due > now
        if T.channels[c].put_down == 1 and unfinished:
            put_down(T, row, now)
        row = after
    settle(T, agent, now)


# ---------------- opening hours


@rule
def open_channel(T: Tables, channel: int) -> None:
    """Customers may reach the channel from now on."""
    T.channels[channel].is_open = 1


@rule
def close_channel(T: Tables, channel: int, now: int) -> None:
    """Nobody new; those on a live line are turned away, or served while somebody is there who can."""
    T.channels[channel].is_open = 0
    for q in range(T.channels[channel].queues_from, T.channels[channel].queues_to):
        if T.channels[channel].turn_away == 1:
            cut_line(T, q, now)
        else:
            _cut_if_deserted(T, q, now)
