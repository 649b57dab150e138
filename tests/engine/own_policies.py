"""Policies of the user for tests: some restate the table, some turn it round, one looks at everything there is."""

from __future__ import annotations

from typing import Any

from supportsim.engine.policy import Policy, policy
from supportsim.scenario.ticks import MINUTE

M = 1_000_003


@policy
def all_alike(T: Any, agent: int, touch: int, now: int) -> int:
    return 0


@policy
def as_the_file_ranks(T: Any, agent: int, touch: int, now: int) -> int:
    place = T.places[T.agents[agent].team * len(T.queues) + T.touches[touch].queue].value
    return T.ranked[place].rank


@policy
def by_class(T: Any, agent: int, touch: int, now: int) -> int:
    return T.queues[T.touches[touch].queue].priority_class


@policy
def grows_with_the_wait(T: Any, agent: int, touch: int, now: int) -> int:
    q = T.touches[touch].queue
    return -(T.queues[q].rate * (now - T.touches[touch].entered) + T.queues[q].bonus)


@policy
def last_come_first_served(T: Any, agent: int, touch: int, now: int) -> int:
    return -T.touches[touch].entered


@policy(inside_queues=False)
def last_of_the_first(T: Any, agent: int, touch: int, now: int) -> float:
    return -1.5 * T.touches[touch].entered


@policy
def whoever_is_there(T: Any, agent: int, touch: int, now: int) -> int:
    """Something that depends on the agent, his hands and his team as much as on the touch."""
    me, it = T.agents[agent], T.touches[touch]
    c = T.contacts[it.contact]
    soon = me.shift_end - now < 30 * MINUTE
    return (T.issues[c.issue].segment + me.team + me.in_hand + c.number + it.starved) % 3 + soon * (c.channel % 2)


@policy(inside_queues=False)
def random_queue(T: Any, agent: int, touch: int, now: int) -> float:
    key = T.world[0].key ^ T.issues[T.contacts[T.touches[touch].contact].issue].key
    return key % 1009


@policy
def everything(T: Any, agent: int, touch: int, now: int) -> int:
    """All columns there are, so that each of them must mean the same wherever it is read."""
    it, me = T.touches[touch], T.agents[agent]
    c = T.contacts[it.contact]
    i, q, ch, team = T.issues[c.issue], T.queues[it.queue], T.channels[c.channel], T.teams[me.team]
    place = T.places[me.team * len(T.queues) + it.queue].value
    n = it.entered % M + it.joined % M + it.queue + it.starved + (it.touch == touch)
    n += c.number + c.kind + c.created % M + c.patience % M + c.answered % M + c.left % M + c.outcome + c.talk % M
    n += i.asked % M + i.stream + i.segment + i.topic + i.customer % M + i.contacts + i.worked + i.handle % M
    n += q.channel + q.priority_class + q.rate + q.bonus % M
    n += ch.kind + ch.is_open + ch.waiting + ch.lines % M + ch.waiting_room % M + ch.wait_limit % M + ch.interruptible
    n += me.team + me.in_hand + me.changed % M + me.shift_end % M + team.present + team.idle
    if me.in_hand > 0:
        n += me.held
    if q.head >= 0:
        n += T.touches[q.head].entered % M
    if c.before >= 0:
        n += T.contacts[c.before].left % M + T.contacts[c.before].outcome
    if place >= 0:
        n += T.ranked[place].rank + T.ranked[place].queue
    return n % 7 + (i.key % 3 == T.world[0].key % 3)


OWN: list[Policy] = [value for value in vars().values() if isinstance(value, Policy)]
