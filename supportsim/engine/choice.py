"""Which touch is next: as a policy of the table says (available.py), or as one of the user does.

A policy of the user ranks touches, not queues: all that wait are looked at, unless it leaves the order inside queues
alone.  What may start is decided as ever.
"""

from __future__ import annotations

from supportsim.engine.asking import apart, ask
from supportsim.engine.available import find_agent, gives_way, may_start, next_touch, pass_over
from supportsim.engine.machine import part, rare
from supportsim.engine.queues import first_asked, is_later
from supportsim.engine.tables import LIVE, NOBODY, NONE, OWN, Tables


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
def _next_own(T: Tables, team: int, agent: int, held: int, live_first: int, now: int) -> int:
    """Supply: of the touches that may start now the one with the lowest key; see `next_touch`."""
    apart()
    best, least, live, live_least = NONE, 0.0, NONE, 0.0
    for k in range(T.teams[team].queues_from, T.teams[team].queues_to):
        q, delay = T.ranked[k].queue, T.ranked[k].delay
        row = first_asked(T, q, delay, now)
        if row == NONE or not may_start(T, q, team, agent, held, now):
            continue
        is_live = T.channels[T.queues[q].channel].kind == LIVE
        while row != NONE and T.touches[row].entered + delay <= now:
            key = _key(T, row, agent, now)
            if _first(T, row, key, best, least):
                best, least = row, key
            if is_live and _first(T, row, key, live, live_least):
                live, live_least = row, key
            row = T.touches[row].next if T.world[0].key_of_policy == OWN else NONE
    if live_first == 1 and best != NONE and live != NONE and gives_way(T, best):
        return live
    return best


@rare
def _pass_over_own(T: Tables, row: int, agent: int, now: int) -> None:
    """He holds chats and takes another one, in `row`: who is starved by that is counted; see `pass_over`."""
    apart()
    q, team = T.touches[row].queue, T.agents[agent].team
    other = _next_own(T, team, agent, T.queues[q].channel, 1, now)
    if other == NONE:
        return
    is_live, first = T.channels[T.queues[q].channel].kind == LIVE, other
    if gives_way(T, other) and is_live:
        return
    if T.world[0].may_interrupt == 1 and not is_live:
        first = _next_own(T, team, agent, T.queues[q].channel, 0, now)
    if _first(T, first, ask(T, agent, first, now), row, ask(T, agent, row, now)):
        T.touches[other].starved += 1


@part
def choose(T: Tables, team: int, agent: int, now: int) -> int:
    """The touch that supply takes for an agent (NOBODY: for anybody) of the team; NONE if none may start."""
    if T.world[0].policy != 0:
        return _next_own(T, team, agent, NONE, 1, now)
    return next_touch(T, team, agent, NONE, 1, now)


@part
def starve(T: Tables, row: int, agent: int, now: int) -> None:
    """He holds chats and takes another one, in `row`: who is starved by that is counted."""
    if T.world[0].policy != 0:
        _pass_over_own(T, row, agent, now)
    else:
        pass_over(T, row, agent, now)
