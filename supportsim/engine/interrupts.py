"""Which stretch of work a live touch interrupts.

Agents with one stretch of interruptible work in hand, and nothing else, stand in a list of their team: begun last
first, so that who is interrupted is found without looking at everybody.  Some in it may not be interrupted now.
"""

from __future__ import annotations

from supportsim.engine.available import places, takes_no_more
from supportsim.engine.machine import part, rare, rule
from supportsim.engine.tables import LIVE, NONE, OPEN, Tables
from supportsim.scenario.ticks import NEVER

# ---------------- the lists


@rule
def _begun_later(T: Tables, row: int, other: int) -> bool:
    """Whether the stretch in `row` is interrupted rather than `other`: begun later, or by the lower agent."""
    if T.touches[row].started != T.touches[other].started:
        return T.touches[row].started > T.touches[other].started
    return T.touches[row].agent < T.touches[other].agent


@rule
def _list(T: Tables, agent: int) -> None:
    """He comes into the list of his team, behind those who began later."""
    team, before = T.agents[agent].team, NONE
    after = T.teams[team].loose
    while after != NONE and _begun_later(T, T.agents[after].hands, T.agents[agent].hands):
        before = after
        after = T.agents[after].loose_next
    T.agents[agent].loose_prev = before
    T.agents[agent].loose_next = after
    if before == NONE:
        T.teams[team].loose = agent
    else:
        T.agents[before].loose_next = agent
    if after != NONE:
        T.agents[after].loose_prev = agent
    T.agents[agent].loose = team


@rule
def _strike_off(T: Tables, agent: int) -> None:
    before, after = T.agents[agent].loose_prev, T.agents[agent].loose_next
    if before == NONE:
        T.teams[T.agents[agent].loose].loose = after
    else:
        T.agents[before].loose_next = after
    if after != NONE:
        T.agents[after].loose_prev = before
    T.agents[agent].loose = NONE


@rare
def _list_anew(T: Tables, agent: int) -> None:
    """Does he stand in the list?"""
    if T.agents[agent].loose != NONE:
        _strike_off(T, agent)
    if T.agents[agent].in_hand == 1 and T.channels[T.agents[agent].held].interruptible == 1:
        _list(T, agent)


@part
def note_loose(T: Tables, agent: int) -> None:
    """What he has in hand, or his team, has changed."""
    if T.world[0].may_interrupt == 1:
        _list_anew(T, agent)


# ---------------- which stretch


@rule
def _may_lay_aside(T: Tables, agent: int, channel: int, now: int) -> bool:
    """Whether the one stretch in his hands is not over, and he might take the other."""
    row = T.agents[agent].hands
    if T.agents[agent].state != OPEN or T.touches[row].talk_ended != NEVER or T.touches[row].due <= now:
        return False
    return not takes_no_more(T, agent, channel, now)


@rule
def _last_begun(T: Tables, team: int, channel: int, best: int, now: int) -> int:
    """Which of `best` and what a team's agents have in hand is interrupted."""
    if places(T, team, channel) == 0:
        return best
    agent = T.teams[team].loose
    while agent != NONE and not _may_lay_aside(T, agent, channel, now):
        agent = T.agents[agent].loose_next
    if agent != NONE and (best == NONE or _begun_later(T, T.agents[agent].hands, best)):
        return int(T.agents[agent].hands)
    return best


@rare
def _look_for_one(T: Tables, q: int, entered: int, now: int) -> int:
    """The stretch of work that a touch of this queue may interrupt; NONE if there is none."""
    channel, best, step = T.queues[q].channel, NONE, NONE
    for k in range(T.queues[q].asked_from, T.queues[q].asked_to):
        if T.asked[k].step != step:
            if best != NONE:
                return best
            step = T.asked[k].step
        waits = T.asked[k].delay > 0 and entered + T.asked[k].delay > now
        if not waits and T.teams[T.asked[k].team].idle >= T.asked[k].hold:
            best = _last_begun(T, T.asked[k].team, channel, best, now)
    return best


@part
def find_interruptible(T: Tables, q: int, entered: int, now: int) -> int:
    """The stretch of work that a live touch may interrupt; NONE if there is none."""
    if T.world[0].may_interrupt == 0 or T.channels[T.queues[q].channel].kind != LIVE:
        return NONE
    return _look_for_one(T, q, entered, now)
