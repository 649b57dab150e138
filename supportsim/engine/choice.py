"""Which touch is next: as a policy of the table says (available.py), or as one of the user does.

A policy of the user ranks touches, not queues: all that wait are looked at, unless it leaves the order inside queues
alone.  What may start is decided as ever.
"""

from __future__ import annotations

from supportsim.engine.asking import apart, ask
from supportsim.engine.available import find_agent, gives_way, held_by, is_live, may_start, next_touch
from supportsim.engine.machine import part, rare
from supportsim.engine.queues import first_asked, is_later
from supportsim.engine.tables import NOBODY, NONE, OWN, Tables


@part
def _key(T: Tables, row: int, agent: int, now: int) -> float:
    """What the policy says of a touch and the agent who would take it; for NOBODY whoever would."""
    if agent == NOBODY:
        agent = find_agent(T, T.touches[row].queue, T.touches[row].contact, T.touches[row].entered, now)
    return ask(T, agent, row, now)


@part
def _first(T: Tables, row: int, key: float, best: int, least: float) -> bool:
    """Whether `row` goes before `best`: lower key, then longer wait."""
    return best == NONE or key < least or (key == least and is_later(T, best, row))


@rare
def _next_own(T: Tables, team: int, agent: int, taken: int, now: int) -> int:
    """Supply: of the touches that may start now the one with the lowest key; see `next_touch`."""
    apart()
    held, best, least, live, live_least = held_by(T, taken), taken, 0.0, NONE, 0.0
    if taken != NONE:
        least = ask(T, agent, taken, now)
        if is_live(T, held):
            live, live_least = taken, least
    for k in range(T.teams[team].queues_from, T.teams[team].queues_to):
        q, delay = T.ranked[k].queue, T.ranked[k].delay
        row = first_asked(T, q, delay, now)
        if row == NONE or not may_start(T, q, team, agent, held, now):
            continue
        goes_first = is_live(T, T.queues[q].channel)
        while row != NONE and T.touches[row].entered + delay <= now:
            key = _key(T, row, agent, now)
            if _first(T, row, key, best, least):
                best, least = row, key
            if goes_first and _first(T, row, key, live, live_least):
                live, live_least = row, key
            row = T.touches[row].next if T.world[0].key_of_policy == OWN else NONE
    if best != NONE and live != NONE and gives_way(T, best):
        return live
    return best


@part
def choose(T: Tables, team: int, agent: int, now: int) -> int:
    """The touch that supply takes for an agent (NOBODY: for anybody) of the team; NONE if none may start."""
    if T.world[0].policy != 0:
        return _next_own(T, team, agent, NONE, now)
    return next_touch(T, team, agent, NONE, now)


@part
def starve(T: Tables, row: int, agent: int, now: int) -> None:
    """He holds chats and takes another one, in `row`: what he would have taken with empty hands instead is starved."""
    team = T.agents[agent].team
    if T.world[0].policy != 0:
        best = _next_own(T, team, agent, row, now)
    else:
        best = next_touch(T, team, agent, row, now)
    if best != row:
        T.touches[best].starved += 1
