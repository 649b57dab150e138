"""Agents with a free place, and who serves whom: joining and supply.

Those available stand, per team and number in hand, in the order of (tick at which that number last changed, id),
or of their ids where the team picks the lowest.
"""

from __future__ import annotations

from supportsim.engine.queues import is_later
from supportsim.engine.tables import NOBODY, NONE, OPEN, Tables, rule


@rule
def may_hold(T: Tables, agent: int, channel: int) -> bool:
    """Whether his hands allow one more of this channel: empty, or holding fewer than he may of the same."""
    in_hand = T.agents[agent].in_hand
    if in_hand == 0:
        return T.caps[T.agents[agent].team * len(T.channels) + channel].value > 0
    if T.agents[agent].held != channel:
        return False
    return in_hand < T.caps[T.agents[agent].team * len(T.channels) + channel].value


@rule
def _behind(T: Tables, one: int, other: int, by_id: int) -> bool:
    """Whether `one` is picked after `other`, both with as much in hand."""
    if by_id == 0 and T.agents[one].changed != T.agents[other].changed:
        return T.agents[one].changed > T.agents[other].changed
    return one > other


@rule
def offer(T: Tables, agent: int) -> None:
    """Let him stand among the available if he is open to work and has a free place."""
    in_hand = T.agents[agent].in_hand
    if T.agents[agent].state != OPEN or (in_hand > 0 and not may_hold(T, agent, T.agents[agent].held)):
        return
    team = T.agents[agent].team
    where = T.teams[team].lists_from + in_hand
    by_id = T.teams[team].lowest_id
    before = T.lists[where].tail
    while before != NONE and _behind(T, before, agent, by_id):
        before = T.agents[before].prev
    after = T.lists[where].head if before == NONE else T.agents[before].next
    T.agents[agent].prev = before
    T.agents[agent].next = after
    if before == NONE:
        T.lists[where].head = agent
    else:
        T.agents[before].next = agent
    if after == NONE:
        T.lists[where].tail = agent
    else:
        T.agents[after].prev = agent
    T.agents[agent].linked = where


@rule
def withhold(T: Tables, agent: int) -> None:
    """Take him from among the available, if he stands there."""
    where = T.agents[agent].linked
    if where == NONE:
        return
    before, after = T.agents[agent].prev, T.agents[agent].next
    if before == NONE:
        T.lists[where].head = after
    else:
        T.agents[before].next = after
    if after == NONE:
        T.lists[where].tail = before
    else:
        T.agents[after].prev = before
    T.agents[agent].linked = NONE


@rule
def _rather(T: Tables, one: int, other: int, by_id: int) -> bool:
    """Whether the pick rule takes `one` before `other`: fewest in hand, longest so, lowest id; or lowest id."""
    if by_id == 0 and T.agents[one].in_hand != T.agents[other].in_hand:
        return T.agents[one].in_hand < T.agents[other].in_hand
    return _behind(T, other, one, by_id)


@rule
def pick_in_team(T: Tables, team: int, channel: int, by_id: int) -> int:
    """The agent of a team whom the pick rule gives a contact of this channel; NOBODY if none is available.

    A list stands in the order of its own team's rule; in a pool that follows another it is searched to its end.
    """
    best = NOBODY
    own_rule = T.teams[team].lowest_id == by_id
    for in_hand in range(T.caps[team * len(T.channels) + channel].value):
        agent = T.lists[T.teams[team].lists_from + in_hand].head
        while agent != NONE:
            fits = in_hand == 0 or T.agents[agent].held == channel
            if fits and (best == NOBODY or _rather(T, agent, best, by_id)):
                best = agent
            if fits and own_rule:
                break
            agent = T.agents[agent].next
        if best != NOBODY and by_id == 0:
            return best
    return best


@rule
def find_agent(T: Tables, q: int) -> int:
    """Joining: the teams of the queue in order, a step being a pool that picks by the rule of its first team."""
    best, step, by_id = NOBODY, NONE, 0
    for k in range(T.queues[q].asked_from, T.queues[q].asked_to):
        if T.asked[k].step != step:
            if best != NOBODY:
                return best
            step, by_id = T.asked[k].step, T.teams[T.asked[k].team].lowest_id
        agent = pick_in_team(T, T.asked[k].team, T.queues[q].channel, by_id)
        if agent != NOBODY and (best == NOBODY or _rather(T, agent, best, by_id)):
            best = agent
    return best


@rule
def next_touch(T: Tables, agent: int) -> int:
    """Supply: among the touches that may now start in his hands, best rank, then longest wait, then touch."""
    team, best, best_rank = T.agents[agent].team, NONE, 0
    for k in range(T.teams[team].queues_from, T.teams[team].queues_to):
        if best != NONE and T.ranked[k].rank != best_rank:
            break
        q = T.ranked[k].queue
        row = T.queues[q].head
        if row == NONE or not may_hold(T, agent, T.queues[q].channel):
            continue
        if best == NONE or is_later(T, best, T.touches[row].entered, T.touches[row].touch):
            best, best_rank = row, T.ranked[k].rank
    return best
