"""Ends of work on the compiled clock: whose comes first, in a tournament of all agents.

Work in hand knows when it will be over (`due` of its touch), so an end of work is no appointment: each agent stands
for the earliest of what he has in hand, and the winner of each match plays on.  Row 1 is the final, rows 2k and 2k + 1
play for row k, and agents stand in the second half in their order.  A row holds the tick and the agent in one number,
the tick above, so that a match is a subtraction, and of equal ticks the lower agent wins.  Whoever has nothing that
will be over by the end of play stands right behind it.  A change takes one match for each doubling of agents, none of
them a guess for the processor, and is over where the winner of a match stays the same.

An agent plays anew when the clock hears of his work (`see`).  Work that went out of his hands may leave him too early
a tick for a while, never too late a one: the clock then finds nothing due, and he plays anew.

The next end of work is one of the two finalists', of whom one at most is new when somebody has played, and the next
ones are those of winners of quarters.  With thousands of agents what they ask for (agent, touch, contact, issue) has
long left the nearest memory, so it is asked for an event or more ahead: a quarter less time on W2 x 64, and a hundredth
or two more on a small desk, which is spared it.
"""

from __future__ import annotations

from supportsim.engine.machine import fetch, part, rule
from supportsim.engine.queues import FAR
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.ticks import NEVER

#: Bits for agents from which on memory is asked ahead.
FAR_BITS = FAR.bit_length()


@part
def ends_at(T: Tables, match: int) -> int:
    """The tick for which the winner of a match stands."""
    return int(T.ends[match].value >> T.clock[0].agent_bits)


@part
def ends_with(T: Tables, match: int) -> int:
    """The winner of a match."""
    return int(T.ends[match].value & ((1 << T.clock[0].agent_bits) - 1))


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
    agent = ends_with(T, match)
    fetch(T.agents, agent)
    fetch(T.touches, T.ahead[agent].touch)
    fetch(T.contacts, T.ahead[agent].contact)
    fetch(T.issues, T.ahead[agent].issue)


@part
def _note_ahead(T: Tables, agent: int, row: int) -> None:
    T.ahead[agent].touch = row
    T.ahead[agent].contact = T.touches[row].contact
    T.ahead[agent].issue = T.touches[row].issue


@part
def _stand(T: Tables, agent: int, row: int) -> int:
    """He stands for this work, or for none: its tick and himself."""
    tick = T.clock[0].end + 1
    if row != NONE:
        tick = min(tick, T.touches[row].due)
        if T.clock[0].agent_bits >= FAR_BITS:
            _note_ahead(T, agent, row)
    return int(tick << T.clock[0].agent_bits | agent)


@part
def see(T: Tables, agent: int) -> None:
    """What he has in hand may have changed: he plays anew, against whoever stands beside him each time.

    The lower number wins by its sign instead of a comparison, since the compiler would make a branch of that.
    """
    at = (1 << T.clock[0].agent_bits) + agent
    stands = _stand(T, agent, _earliest(T, agent))
    if T.ends[at].value == stands:
        return
    T.ends[at].value = stands
    below = at
    while at > 1:
        more = T.ends[at ^ 1].value - stands
        stands += more & (more >> 63)
        below = at
        at >>= 1
        if T.ends[at].value == stands:
            break
        T.ends[at].value = stands
    if at < 4 and T.clock[0].agent_bits >= FAR_BITS:
        _foresee(T, (1 << T.clock[0].agent_bits) + agent >> T.clock[0].agent_bits - 2)  # who won his quarter
        if at == 1:
            _foresee(T, below)


@rule
def over_now(T: Tables, agent: int, now: int) -> int:
    """What of his work is over at this tick, the touch that came first before others; NONE if nothing is."""
    row = T.agents[agent].hands
    while row != NONE and T.touches[row].due != now:
        row = T.touches[row].next
    return int(row)
