"""Ends of work on the compiled clock: whose comes first, in a tournament of all agents.

Work in hand knows when it will be over (`due` of its touch), so an end of work is no appointment: each agent stands
for the earliest of what he has in hand, and the winner of each match plays on.  Row 1 is the final, rows 2k and 2k + 1
play for row k, and agents stand in the second half in their order.  A change takes one match for each doubling of
agents, none of them a guess for the processor, and is over where the winner of a match stays the same.

An agent plays anew when the clock hears of his work (`see`).  Work that went out of his hands may leave him too early
a tick for a while, never too late a one: the clock then finds nothing due, and he plays anew.

The next end of work is one of the two finalists', of whom one at most is new when somebody has played.  With
thousands of agents what it asks for (agent, touch, contact, issue) has long left the nearest memory, so it is asked for
one event ahead: a quarter less time on W2 x 64.
"""

from __future__ import annotations

from supportsim.engine.machine import fetch, part, rule
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.ticks import NEVER


@part
def _earliest(T: Tables, agent: int) -> int:
    """What of his work will be over first; NONE if he has none that will be."""
    due, row, first = NEVER, T.agents[agent].hands, NONE
    while row != NONE:
        if T.touches[row].due < due:
            due, first = T.touches[row].due, row
        row = T.touches[row].next
    return int(first)


@part
def _foresee(T: Tables, match: int) -> None:
    """What a winner's end of work will ask for lies far off in memory: it comes nearer while other things happen."""
    agent = T.ends[match].agent
    at = (len(T.ends) >> 1) + agent
    fetch(T.agents, agent)
    fetch(T.touches, T.ends[at].touch)
    fetch(T.contacts, T.ends[at].contact)
    fetch(T.issues, T.ends[at].issue)


@part
def _stand(T: Tables, at: int, row: int) -> int:
    """He stands for this work, or for none; the tick at which it will be over."""
    if row == NONE:
        return NEVER
    contact = T.touches[row].contact
    T.ends[at].touch = row
    T.ends[at].contact = contact
    T.ends[at].issue = T.contacts[contact].issue
    return int(T.touches[row].due)


@part
def see(T: Tables, agent: int) -> None:
    """What he has in hand may have changed: he plays anew, against whoever stands beside him each time.

    Of equal ticks the one of the lower agent wins, who stands in the even row.  `theirs` is all ones where the other
    wins, else 0: written with signs instead of a comparison, since the compiler would make a branch of that.
    """
    who, at = agent, (len(T.ends) >> 1) + agent
    tick = _stand(T, at, _earliest(T, agent))
    if T.ends[at].tick == tick:
        return
    T.ends[at].tick = tick
    below = at
    while at > 1:
        other = at ^ 1
        theirs = (T.ends[other].tick - (at & 1) - tick) >> 63
        tick += (T.ends[other].tick - tick) & theirs
        who += (T.ends[other].agent - who) & theirs
        below = at
        at >>= 1
        if T.ends[at].tick == tick and T.ends[at].agent == who:
            break
        T.ends[at].tick = tick
        T.ends[at].agent = who
    if at == 1:
        _foresee(T, below)


@rule
def over_now(T: Tables, agent: int, now: int) -> int:
    """What of his work is over at this tick, the touch that came first before others; NONE if nothing is."""
    row = T.agents[agent].hands
    while row != NONE and T.touches[row].due != now:
        row = T.touches[row].next
    return int(row)
