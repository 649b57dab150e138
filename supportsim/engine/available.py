"""Agents with a free place, and who serves whom: joining and supply.  Who is interrupted: interrupts.py.

Those available stand, per team and number in hand, in the order of (tick at which that number last changed, id),
or of their ids where the team picks the lowest.
"""

from __future__ import annotations

from supportsim.demand.fates import PICK, uniform
from supportsim.engine.machine import part, rare, rule
from supportsim.engine.queues import first_asked, goes_before
from supportsim.engine.tables import LIVE, LOWEST_ID, NOBODY, NONE, OPEN, RANDOM, Tables


@part
def places(T: Tables, team: int, channel: int) -> int:
    """Contacts of a channel that one agent of the team may hold."""
    return int(T.caps[team * len(T.channels) + channel].value)


@part
def takes_no_more(T: Tables, agent: int, channel: int, now: int) -> bool:
    """Whether the last chat before the end of his shift is over."""
    before = T.channels[channel].last_chat
    return bool(before > 0 and now >= T.agents[agent].shift_end - before)


@part
def may_hold(T: Tables, agent: int, channel: int, now: int) -> bool:
    """Whether his hands allow one more of this channel: empty, or holding fewer than he may of the same."""
    in_hand = T.agents[agent].in_hand
    if in_hand > 0 and T.agents[agent].held != channel:
        return False
    return in_hand < places(T, T.agents[agent].team, channel) and not takes_no_more(T, agent, channel, now)


# ---------------- the lists of those available


@part
def _behind(T: Tables, one: int, other: int, pick: int) -> bool:
    """Whether `one` is picked after `other`, both with as much in hand."""
    if pick != LOWEST_ID and T.agents[one].changed != T.agents[other].changed:
        return T.agents[one].changed > T.agents[other].changed
    return one > other


@part
def offer(T: Tables, agent: int) -> None:
    """Let him stand among the available if he is open to work and has a free place."""
    in_hand, team = T.agents[agent].in_hand, T.agents[agent].team
    if T.agents[agent].state != OPEN or (in_hand > 0 and in_hand >= places(T, team, T.agents[agent].held)):
        return
    T.teams[team].linked += 1
    T.teams[team].idle += int(in_hand == 0)
    where = T.teams[team].lists_from + in_hand
    before = T.lists[where].tail
    while before != NONE and _behind(T, before, agent, T.teams[team].pick):
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


@part
def withhold(T: Tables, agent: int) -> None:
    """Take him from among the available, if he stands there."""
    where = T.agents[agent].linked
    if where == NONE:
        return
    team = T.agents[agent].team
    T.teams[team].linked -= 1
    T.teams[team].idle -= int(where == T.teams[team].lists_from)
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


# ---------------- joining: which agent


@rare
def _fate(T: Tables, agent: int, contact: int) -> float:
    """The chance by which this agent is picked for this contact; the smallest is."""
    key = T.issues[T.contacts[contact].issue].key ^ T.agents[agent].key
    return uniform(T.world[0].key, key, T.contacts[contact].number, PICK)


@part
def _luckier(first: float, one: int, second: float, other: int) -> bool:
    """Whether fate picks `one` before `other`."""
    if first != second:
        return first < second
    return one < other


@rule
def _rather(T: Tables, one: int, other: int, pick: int, contact: int) -> bool:
    """Whether the pick rule takes `one` before `other`: fewest in hand, longest so, lowest id; lowest id; by fate."""
    if pick == RANDOM:
        return _luckier(_fate(T, one, contact), one, _fate(T, other, contact), other)
    if pick != LOWEST_ID and T.agents[one].in_hand != T.agents[other].in_hand:
        return T.agents[one].in_hand < T.agents[other].in_hand
    return _behind(T, other, one, pick)


@rule
def drains(T: Tables, team: int, channel: int, now: int) -> bool:
    """Whether the team takes no more of a channel into hands that hold some, for a touch that wants empty ones."""
    for k in range(T.teams[team].drains_from, T.teams[team].drains_to):
        q = T.drains[k].queue
        if T.queues[q].channel != channel and first_asked(T, q, T.drains[k].delay, now) != NONE:
            return True
    return False


@part
def _allowed(T: Tables, team: int, channel: int, in_hand: int, hold: int, now: int) -> bool:
    """Whether reservation and draining let an agent with so many in hand start one more."""
    if in_hand == 0:
        return T.teams[team].idle > hold
    return T.teams[team].idle >= hold and not drains(T, team, channel, now)


@part
def _first_fit(T: Tables, agent: int, channel: int, now: int) -> int:
    """He, or the first behind him in his list whose hands allow one more of this channel; NOBODY if there is none."""
    while agent != NONE:
        other = T.agents[agent].in_hand > 0 and T.agents[agent].held != channel
        if not other and not takes_no_more(T, agent, channel, now):
            return agent
        agent = T.agents[agent].next
    return NOBODY


@rule
def somebody_may(T: Tables, team: int, channel: int, hold: int, now: int) -> bool:
    """Whether anybody of a team may take a contact of this channel."""
    for in_hand in range(places(T, team, channel)):
        first = T.lists[T.teams[team].lists_from + in_hand].head
        if _allowed(T, team, channel, in_hand, hold, now) and _first_fit(T, first, channel, now) != NOBODY:
            return True
    return False


@rare
def _by_fate(T: Tables, team: int, channel: int, hold: int, contact: int, now: int) -> int:
    """The agent of a team whom fate gives a contact of this channel; NOBODY if none may take it."""
    best, least = NOBODY, 1.0
    for in_hand in range(places(T, team, channel)):
        if _allowed(T, team, channel, in_hand, hold, now):
            agent = _first_fit(T, T.lists[T.teams[team].lists_from + in_hand].head, channel, now)
            while agent != NOBODY:
                fate = _fate(T, agent, contact)
                if best == NOBODY or _luckier(fate, agent, least, best):
                    best, least = agent, fate
                agent = _first_fit(T, T.agents[agent].next, channel, now)
    return best


@rule
def pick_in_team(T: Tables, team: int, channel: int, pick: int, hold: int, contact: int, now: int) -> int:
    """The agent of a team whom the pick rule gives a contact of this channel; NOBODY if none may take it.

    A list stands in the order of its own team's rule; in a pool that follows another it is searched to its end.
    """
    if pick == RANDOM:
        return _by_fate(T, team, channel, hold, contact, now)
    best, in_order = NOBODY, T.teams[team].pick == pick
    for in_hand in range(places(T, team, channel)):
        if not _allowed(T, team, channel, in_hand, hold, now):
            continue
        agent = _first_fit(T, T.lists[T.teams[team].lists_from + in_hand].head, channel, now)
        while agent != NOBODY:
            if best == NOBODY or _rather(T, agent, best, pick, contact):
                best = agent
            if in_order:
                break
            agent = _first_fit(T, T.agents[agent].next, channel, now)
        if best != NOBODY and pick != LOWEST_ID:
            return best
    return best


@part
def ask_teams(T: Tables, q: int, contact: int, entered: int, now: int) -> int:
    """Joining: the teams of the queue in order, a step being a pool that picks by the rule of its first team."""
    best, step, pick = NOBODY, NONE, 0
    for k in range(T.queues[q].asked_from, T.queues[q].asked_to):
        if T.asked[k].step != step:
            if best != NOBODY:
                return best
            step, pick = T.asked[k].step, T.teams[T.asked[k].team].pick
        if T.asked[k].delay > 0 and entered + T.asked[k].delay > now:
            continue
        team, agent = T.asked[k].team, NOBODY
        if T.teams[team].linked > 0:
            agent = pick_in_team(T, team, T.queues[q].channel, pick, T.asked[k].hold, contact, now)
        if agent != NOBODY and (best == NOBODY or _rather(T, agent, best, pick, contact)):
            best = agent
    return best


@rule
def find_agent(T: Tables, q: int, contact: int, entered: int, now: int) -> int:
    """`ask_teams` as a function of its own: for supply, what resumes, filler, and whether there is room."""
    return ask_teams(T, q, contact, entered, now)


# ---------------- supply: which touch


@rule
def _hold(T: Tables, q: int, team: int) -> int:
    """Agents of the team who must stay empty-handed after a start from this queue."""
    for k in range(T.queues[q].asked_from, T.queues[q].asked_to):
        if T.asked[k].team == team:
            return int(T.asked[k].hold)
    return 0


@rule
def may_start(T: Tables, q: int, team: int, agent: int, held: int, now: int) -> bool:
    """Whether the agent may take a touch of this queue; for NOBODY whether anybody of the team may.

    `held` not NONE: whether he might with empty hands, if it is of another channel than this one.
    """
    channel = T.queues[q].channel
    if held != NONE:
        return channel != held and not takes_no_more(T, agent, channel, now)
    if agent != NOBODY:
        return may_hold(T, agent, channel, now)
    return somebody_may(T, team, channel, _hold(T, q, team), now)


@rule
def _better(T: Tables, row: int, rank: int, best: int, best_rank: int, now: int) -> bool:
    """Whether `row` is the policy's choice rather than `best`."""
    return best == NONE or rank < best_rank or (rank == best_rank and goes_before(T, row, best, now))


@part
def held_by(T: Tables, taken: int) -> int:
    """The channel of a touch that is taken beside others; NONE where none is."""
    return NONE if taken == NONE else int(T.queues[T.touches[taken].queue].channel)


@part
def is_live(T: Tables, channel: int) -> bool:
    return bool(T.channels[channel].kind == LIVE)


@part
def gives_way(T: Tables, row: int) -> bool:
    """Whether it is interruptible work, which waits where a live touch may start."""
    return bool(T.channels[T.queues[T.touches[row].queue].channel].interruptible == 1)


@rule
def next_touch(T: Tables, team: int, agent: int, taken: int, now: int) -> int:
    """Supply: the touch the policy takes among those that may start now (`may_start`).

    Best rank, then as the policy compares, then the longest wait; interruptible work only where no live touch may
    start.  `taken` not NONE: what he would have taken with empty hands, this touch or one of another channel.
    """
    held, best, best_rank, live, live_rank = held_by(T, taken), taken, 0, NONE, 0
    if taken != NONE:
        best_rank = T.ranked[T.places[team * len(T.queues) + T.touches[taken].queue].value].rank
        if is_live(T, held):
            live, live_rank = taken, best_rank
    for k in range(T.teams[team].queues_from, T.teams[team].queues_to):
        rank, q = T.ranked[k].rank, T.ranked[k].queue
        if best != NONE and rank > best_rank and T.world[0].may_interrupt == 0:
            break
        row = first_asked(T, q, T.ranked[k].delay, now)
        if row == NONE or not may_start(T, q, team, agent, held, now):
            continue
        if _better(T, row, rank, best, best_rank, now):
            best, best_rank = row, rank
        if is_live(T, T.queues[q].channel) and _better(T, row, rank, live, live_rank, now):
            live, live_rank = row, rank
    if best != NONE and live != NONE and gives_way(T, best):
        return live
    return best
