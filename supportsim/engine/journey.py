"""The journey: what a customer does next.  A pure function of where he is, what happened, and his fates.

Every rule returns data: the tick of his next contact, or NEVER when nothing more is due of the issue.
"""

from __future__ import annotations

from supportsim.demand.fates import ASKS, CHANNEL, DELAY, NEXT_STEP, uniform
from supportsim.engine.leaving import feel, left_at
from supportsim.engine.machine import part, rule, verb
from supportsim.engine.queues import ask_for_room
from supportsim.engine.tables import NONE, Tables
from supportsim.engine.work import drawn, patience, resolves
from supportsim.scenario.ticks import NEVER

# By their places in journal.ISSUE_STATES, CONTACT_KINDS and OUTCOMES.
SOLVED_ISSUE, GAVE_UP, UNSERVED, CUT, UNASKED, GONE = 1, 2, 3, 4, 5, 6
FIRST, REDIAL, SWITCH, REPEAT, FILLED = 0, 1, 2, 3, 4
SOLVED, UNRESOLVED, CLOSED = 1, 2, 5
OUTCOMES = 9


@rule
def _end(T: Tables, issue: int, state: int, now: int) -> int:
    """No further contact of the issue is due."""
    if T.world[0].feedback == 1:
        feel(T, issue, state, now)
    T.issues[issue].state = state
    T.issues[issue].ended = now
    return NEVER


@verb
def begin(T: Tables, issue: int, now: int) -> int:
    """The problem is there: which channel of his plan he starts on.  Returns the tick of his first contact.

    NEVER if there is none, as where he has left by now.
    """
    if T.world[0].feedback == 1 and left_at(T, issue, now) <= now:
        return _end(T, issue, GONE, now)
    offer = T.issues[issue].offer
    first, last = T.offers[offer].steps_from, T.offers[offer].steps_to
    channel = T.issues[issue].channel
    if channel != NONE:
        k = last - 1
        while k >= first and T.steps[k].channel != channel:
            k -= 1
        T.issues[issue].step = k - first if k >= first else NONE
        return now
    T.issues[issue].step = NONE
    if T.offers[offer].asks < 1.0 and uniform(T.world[0].key, T.issues[issue].key, 0, ASKS) >= T.offers[offer].asks:
        return _end(T, issue, UNASKED, now)
    if first == last:
        return _end(T, issue, UNSERVED, now)
    u = uniform(T.world[0].key, T.issues[issue].key, 0, CHANNEL)
    k = first
    while k < last - 1 and u >= T.steps[k].share:
        k += 1
    T.issues[issue].step = k - first
    T.issues[issue].channel = T.steps[k].channel
    return now


@part
def is_gone(T: Tables, issue: int, now: int) -> bool:
    """Whether its customer has left when one more contact of it would be made: then the issue ends."""
    if T.world[0].feedback == 0 or left_at(T, issue, now) >= now:
        return False
    _end(T, issue, GONE, now)
    return True


@part
def approach(T: Tables, issue: int, now: int) -> int:
    """One more contact of the issue, on the channel where he is now.  Returns its row."""
    contact = T.world[0].contacts
    T.world[0].contacts += 1
    ask_for_room(T, contact)
    T.issues[issue].contacts += 1
    T.issues[issue].tries += 1
    T.contacts[contact].before = T.issues[issue].last if T.issues[issue].contacts > 1 else NONE
    T.issues[issue].last = contact
    channel, number = T.issues[issue].channel, T.issues[issue].contacts
    where = (channel * T.sizes[0].value + T.issues[issue].segment) * T.sizes[1].value + T.issues[issue].topic
    T.contacts[contact].issue = issue
    T.contacts[contact].number = number
    T.contacts[contact].kind = T.issues[issue].kind
    T.contacts[contact].channel = channel
    T.contacts[contact].queue = T.queue_of[where].value
    T.contacts[contact].created = T.issues[issue].asked if number == 1 else now
    T.contacts[contact].patience = patience(T, issue, T.queue_of[where].value, number, now)
    T.contacts[contact].answered = NEVER
    T.contacts[contact].left = NEVER
    T.contacts[contact].outcome = 0
    T.contacts[contact].row = NONE
    T.contacts[contact].talk = NONE
    T.contacts[contact].wrap = 0
    T.contacts[contact].way = NONE
    return contact


@verb
def conclude(T: Tables, row: int, now: int) -> None:
    """The touch has been worked: it solved the issue, or not.  Filler work solves itself."""
    contact = T.touches[row].contact
    filled = T.contacts[contact].kind == FILLED
    T.contacts[contact].outcome = SOLVED if filled or resolves(T, contact, now) else UNRESOLVED
    T.issues[T.touches[row].issue].worked += 1


@rule
def next_opening(T: Tables, channel: int, now: int) -> int:
    """First tick at or after `now` at which the channel is open; NEVER if it stays closed."""
    low, high = T.channels[channel].windows_from, T.channels[channel].windows_to
    while low < high:
        middle = (low + high) // 2
        if T.windows[middle].end > now:
            high = middle
        else:
            low = middle + 1
    if low == T.channels[channel].windows_to:
        return NEVER
    return max(now, T.windows[low].begin)


@rule
def _due(T: Tables, issue: int, at: int, stop: int, now: int) -> int:
    """A contact due at `at`: `stop` if that is never, cut if it lies in a run-out without demand."""
    if at >= NEVER:
        return _end(T, issue, stop, now)
    if at >= T.world[0].cut_from:
        return _end(T, issue, CUT, now)
    return at


@rule
def _again(T: Tables, contact: int, outcome: int, rule_row: int, at_opening: bool, now: int) -> int:
    """He comes back to the same channel, unless this was his last try or his stream holds its returns already."""
    issue, channel = T.contacts[contact].issue, T.contacts[contact].channel
    stop = SOLVED_ISSUE if outcome == SOLVED else GAVE_UP
    stopped = T.streams[T.issues[issue].stream].no_returns == channel
    if stopped or T.issues[issue].tries >= T.nexts[rule_row].tries:
        return _end(T, issue, stop, now)
    T.issues[issue].kind = REPEAT if outcome <= UNRESOLVED else REDIAL
    base = next_opening(T, channel, now) if outcome == CLOSED else now
    if at_opening or base >= NEVER:
        return _due(T, issue, base, stop, now)
    delay = drawn(T, T.nexts[rule_row].delay, issue, T.contacts[contact].number, DELAY, 0.0)
    return _due(T, issue, min(base + max(delay, 1), NEVER), stop, now)


@rule
def _switch(T: Tables, issue: int, stop: int, now: int) -> int:
    """At once to the next channel of his plan; without one the issue ends."""
    offer, step = T.issues[issue].offer, T.issues[issue].step
    first, last = T.offers[offer].steps_from, T.offers[offer].steps_to
    if step == NONE or first + step + 1 >= last:
        return _end(T, issue, stop, now)
    T.issues[issue].step = step + 1
    T.issues[issue].channel = T.steps[first + step + 1].channel
    T.issues[issue].tries = 0
    T.issues[issue].kind = SWITCH
    return _due(T, issue, now, stop, now)


@rule
def _by_fate(T: Tables, contact: int, outcome: int, k: int, now: int) -> int:
    """What the shares of his channel say after this outcome (row k): again, at the opening, next channel, or stop."""
    issue, stop = T.contacts[contact].issue, SOLVED_ISSUE if outcome == SOLVED else GAVE_UP
    u = uniform(T.world[0].key, T.issues[issue].key, T.contacts[contact].number, NEXT_STEP)
    if u < T.nexts[k].again:
        return _again(T, contact, outcome, k, False, now)
    if u < T.nexts[k].at_opening:
        return _again(T, contact, outcome, k, True, now)
    if u < T.nexts[k].next_channel:
        return _switch(T, issue, stop, now)
    return _end(T, issue, stop, now)


@part
def after(T: Tables, issue: int, now: int) -> int:
    """What he does after his last contact, by its outcome; where nothing is said of that, nothing more."""
    if T.world[0].feedback == 1 and T.issues[issue].state == GONE:
        return NEVER
    contact = T.issues[issue].last
    outcome = T.contacts[contact].outcome
    k = T.contacts[contact].channel * OUTCOMES + outcome
    if T.nexts[k].known == 0 or T.contacts[contact].kind == FILLED:
        return _end(T, issue, SOLVED_ISSUE if outcome == SOLVED else GAVE_UP, now)
    return _by_fate(T, contact, outcome, k, now)
