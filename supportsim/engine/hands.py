"""An agent's hands: taking a touch in, letting it go, and the pace at which all that is in them goes on.

Where a channel has speeds, work is an amount.  What has been done is taken off all in hand whenever their number
changes, and their ends are set anew; in between nothing moves (docs/model.md, slow-down).
"""

from __future__ import annotations

from supportsim.engine.available import offer, withhold
from supportsim.engine.choice import starve
from supportsim.engine.interrupts import note_loose
from supportsim.engine.machine import part, rare, rule
from supportsim.engine.queues import tell
from supportsim.engine.tables import NEWS_WIDTH, NONE, TALK, TOUCH_BITS, WRAP, Tables
from supportsim.engine.work import begin_work, speed_with
from supportsim.scenario.ticks import NEVER


@part
def _link(T: Tables, row: int, agent: int) -> None:
    """In hand the touches stand in their order."""
    before, after, touch = NONE, T.agents[agent].hands, T.touches[row].touch
    while after != NONE and T.touches[after].touch < touch:
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


@part
def _unlink(T: Tables, row: int, agent: int) -> None:
    before, after = T.touches[row].prev, T.touches[row].next
    if before == NONE:
        T.agents[agent].hands = after
    else:
        T.touches[before].next = after
    if after != NONE:
        T.touches[after].prev = before


@part
def _has_speeds(T: Tables, agent: int) -> bool:
    if T.world[0].has_speeds == 0:
        return False
    return bool(T.agents[agent].in_hand > 0 and T.channels[T.agents[agent].held].speeds_from != NONE)


@rare
def _take_off(T: Tables, agent: int, now: int) -> None:
    """What has been done on all in hand since it was last counted is taken off."""
    done = speed_with(T, T.agents[agent].held, T.agents[agent].in_hand) * (now - T.agents[agent].scaled)
    T.agents[agent].scaled = now
    row = T.agents[agent].hands
    while row != NONE:
        contact = T.touches[row].contact
        if T.touches[row].talk_ended == NEVER:
            T.contacts[contact].talk = max(T.contacts[contact].talk - done, 0)
        else:
            T.contacts[contact].wrap = max(T.contacts[contact].wrap - done, 0)
        row = T.touches[row].next


@part
def count_work(T: Tables, agent: int, now: int) -> None:
    """Take off what has been done, where the number in hand says how fast."""
    if _has_speeds(T, agent):
        _take_off(T, agent, now)


@part
def end_of(T: Tables, amount: int, agent: int, now: int) -> int:
    """The tick at which an amount of work will be done at the present number in his hands."""
    speed = speed_with(T, T.agents[agent].held, T.agents[agent].in_hand)
    return now + (amount if speed == 1 else (amount + speed - 1) // speed)


@part
def tell_work(T: Tables, what: int, row: int, agent: int) -> None:
    """The clock learns when the talk, or the wrap-up, will be over; once for each event, however often that changes."""
    n = T.touches[row].told * NEWS_WIDTH
    if T.touches[row].told < T.world[0].news and T.news[n].value == what and T.news[n + 3].value == row:
        T.news[n + 2].value = T.touches[row].due
        return
    n = T.world[0].news * NEWS_WIDTH
    T.touches[row].told = T.world[0].news
    tell(T, what, T.touches[row].issue, T.touches[row].due, row)
    if n + NEWS_WIDTH <= len(T.news):
        T.news[n + 4].value = (agent << TOUCH_BITS) + int(T.touches[row].touch)


@rare
def _end_anew(T: Tables, agent: int, now: int) -> None:
    """All in hand ends at another tick."""
    row = T.agents[agent].hands
    while row != NONE:
        contact = T.touches[row].contact
        talks = T.touches[row].talk_ended == NEVER
        due = end_of(T, T.contacts[contact].talk if talks else T.contacts[contact].wrap, agent, now)
        if due != T.touches[row].due:
            T.touches[row].due = due
            tell_work(T, TALK if talks else WRAP, row, agent)
        row = T.touches[row].next


@part
def _set_ends(T: Tables, agent: int, now: int) -> None:
    """The number in hand has changed."""
    if _has_speeds(T, agent):
        _end_anew(T, agent, now)


@rule
def start(T: Tables, row: int, agent: int, now: int) -> None:
    """The agent takes the touch; the clock learns when the talk will be over."""
    if T.agents[agent].in_hand > 0:
        starve(T, row, agent, now)
        count_work(T, agent, now)
    withhold(T, agent)
    contact = T.touches[row].contact
    T.agents[agent].in_hand += 1
    T.agents[agent].held = T.contacts[contact].channel
    T.agents[agent].changed = now
    T.agents[agent].scaled = now
    _set_ends(T, agent, now)
    _link(T, row, agent)
    offer(T, agent)
    T.touches[row].agent = agent
    T.touches[row].started = now
    T.touches[row].in_hand = T.agents[agent].in_hand
    if T.contacts[contact].answered == NEVER:
        T.contacts[contact].answered = now
    if T.contacts[contact].talk == NONE:
        begin_work(T, contact, T.agents[agent].team, now)
    T.touches[row].due = end_of(T, T.contacts[contact].talk, agent, now)
    tell_work(T, TALK, row, agent)
    note_loose(T, agent)


@part
def let_go(T: Tables, row: int, agent: int, now: int) -> None:
    """Out of his hands; what he still holds goes on faster."""
    count_work(T, agent, now)
    _unlink(T, row, agent)
    withhold(T, agent)
    T.agents[agent].in_hand -= 1
    T.agents[agent].changed = now
    _set_ends(T, agent, now)
    note_loose(T, agent)
    offer(T, agent)


@rule
def all_done(T: Tables, agent: int) -> int:
    """The tick at which all he holds will have been done, wrap-up included, at the present number in his hands."""
    latest = 0
    row = T.agents[agent].hands
    while row != NONE:
        end = T.touches[row].due
        if T.touches[row].talk_ended == NEVER:
            end = end_of(T, T.contacts[T.touches[row].contact].wrap, agent, end)
        latest = max(latest, end)
        row = T.touches[row].next
    return latest
