"""Who takes what at the naive desk: docs/model.md, section 6, asked of everybody each time."""

from __future__ import annotations

from typing import Any

import naive_own as own
from naive_state import Agent, Contact, Stretch, World
from naive_work import still_to_do

from supportsim.demand import fates
from supportsim.scenario.model import Channel, Queue, Team
from supportsim.scenario.ticks import NEVER


def delay(queue: Queue, team: str) -> int:
    """How long after its entry a touch of this queue asks this team; NEVER if it does not ask."""
    delays = queue.delays or (0,) * len(queue.teams)
    return min((d for d, step in zip(delays, queue.teams, strict=True) if team in step), default=NEVER)


def places(team: Team, channel: Channel) -> int:
    """Contacts of a channel that one agent of the team may hold."""
    return dict(team.concurrency).get(channel.name, channel.concurrency)


def members(world: World, team: int) -> list[Agent]:
    """Who works for a team now."""
    return [agent for agent in world.agents if agent.works_for == team]


def drains(world: World, team: int, channel: int | None = None) -> bool:
    """Whether the team drains; for who holds contacts of `channel`: for a queue of another channel."""
    own = world.scenario.teams[team]
    if not own.drains:
        return False
    return any(
        own.drains[s.queue]
        and s.touch.entered + delay(world.queue(s), own.name) <= world.now
        and s.touch.contact.channel != channel
        for s in world.waiting()
    )


def last_chat_begun(world: World, agent: Agent, channel: Channel) -> bool:
    """Whether his shift end is too near for a new contact of the channel."""
    if not channel.last_chat or not agent.has_shift or agent.day is None:
        return False
    return world.now >= agent.day.end - channel.last_chat


def empty_handed(world: World, team: int) -> int:
    """Agents of the team who are open to work and hold nothing."""
    return sum(agent.is_open and not agent.hands for agent in members(world, team))


def held_back(world: World, team: int, queue: int, leaving: int) -> bool:
    """Whether a reservation forbids a start after which `leaving` fewer agents would be empty-handed."""
    holds = world.scenario.teams[team].holds
    return bool(holds) and empty_handed(world, team) - leaving < holds[queue]


def serves_now(world: World, agent: Agent, queue: int, entered: int) -> bool:
    """The team he works for is asked by the queue, and its overflow delay has passed."""
    wait = delay(world.scenario.queues[queue], world.scenario.teams[agent.works_for].name)
    return wait < NEVER and entered + wait <= world.now


def may_take(world: World, agent: Agent, contact: Contact, entered: int) -> bool:
    """Whether an agent may take a touch of this contact now."""
    channel = world.scenario.channels[contact.channel]
    if not agent.is_open or not serves_now(world, agent, contact.queue, entered):
        return False
    if agent.hands:
        mine = {s.touch.contact.channel for s in agent.hands}
        if mine != {contact.channel} or len(agent.hands) >= places(world.scenario.teams[agent.works_for], channel):
            return False
        if drains(world, agent.works_for, contact.channel):
            return False
    if last_chat_begun(world, agent, channel):
        return False
    return not held_back(world, agent.works_for, contact.queue, 0 if agent.hands else 1)


def find_agent(world: World, contact: Contact, entered: int) -> Agent | None:
    """The first team in the order of the queue with an agent who may take it; in it whom `pick` names."""
    for step in world.scenario.queues[contact.queue].teams:
        pool = [world.team_of[name] for name in step]
        able = [a for a in world.agents if a.works_for in pool and may_take(world, a, contact, entered)]
        if able:
            return _picked(world, able, world.scenario.teams[pool[0]].pick, contact)
    return None


def _picked(world: World, able: list[Agent], pick: str, contact: Contact) -> Agent:
    if pick == "lowest_id":
        return min(able, key=lambda a: a.row)
    if pick == "random":
        keys = {a: contact.issue.key ^ fates.entity("agent", a.name) for a in able}
        return min(able, key=lambda a: (world.uniform(keys[a], contact.number, fates.PICK), a.row))
    return min(able, key=lambda a: (len(a.hands), a.changed, a.row))


def find_interruptible(world: World, contact: Contact, entered: int) -> Agent | None:
    """Whose interruptible work a live touch that nobody may take interrupts."""
    if world.scenario.channels[contact.channel].kind != "live":
        return None
    for step in world.scenario.queues[contact.queue].teams:
        pool = [world.team_of[name] for name in step]
        able = [a for a in world.agents if a.works_for in pool and _interruptible(world, a, contact, entered)]
        if able:
            return min(able, key=lambda a: (-a.hands[0].started, a.row))
    return None


def _interruptible(world: World, agent: Agent, contact: Contact, entered: int) -> bool:
    if not agent.is_open or len(agent.hands) != 1:
        return False
    work, channel = agent.hands[0], world.scenario.channels[contact.channel]
    if not world.channel(work).interruptible or work.phase != "talk" or work.over <= world.now:
        return False
    if not serves_now(world, agent, contact.queue, entered) or last_chat_begun(world, agent, channel):
        return False
    return not held_back(world, agent.works_for, contact.queue, 0)


# ---------------------------------------------------------------- policies


def figure(world: World, stretch: Stretch) -> int:
    """What orders a queue under `deadline` and `shortest`, fixed when the touch joins it."""
    if world.scenario.policy == "deadline":
        return due_tick(world, stretch)
    return still_to_do(world, stretch.touch) if world.scenario.policy == "shortest" else 0


def due_tick(world: World, stretch: Stretch) -> int:
    """The earliest tick at which a promise about this touch is due; NEVER if none is."""
    contact = stretch.touch.contact
    history = contact.issue.history
    earliest, live = NEVER, world.channel(stretch).kind == "live"
    for promise, hours in zip(world.scenario.promises, world.promised, strict=True):
        if not promise.queues[contact.queue] or contact.issue.filler or live != (promise.clock == "answer"):
            continue
        since = contact.created
        if promise.clock == "answer":
            if contact.answered < NEVER:
                continue
        else:
            covered = [c for c in history if promise.queues[c.queue] and c.outcome not in ("busy", "closed")]
            if any(c.outcome in ("solved", "unresolved") for c in covered):
                continue
            since = covered[0].created
        earliest = min(earliest, hours.add(since, promise.limit))
    return earliest


def rank(world: World, team: int, stretch: Stretch) -> tuple[int, ...]:
    """By which the policy serves: lowest first; ties by the longest wait, then the lowest touch."""
    queue, touch, place = world.queue(stretch), stretch.touch, world.scenario.teams[team].places
    worth: tuple[int, ...]
    match world.scenario.policy:
        case "priority":
            worth = (queue.priority_class,)
        case "fifo":
            worth = (0,)
        case "own_first":
            worth = (place[stretch.queue], queue.priority_class)
        case "ageing":
            worth = (-(queue.rate * (world.now - touch.entered) + 100 * queue.bonus),)
        case "value" | "easiest":
            worth = (queue.figure_class,)
        case "deadline" | "shortest":
            worth = (touch.figure,)
        case other:
            raise ValueError(other)
    return (*worth, touch.entered, touch.row)


def choose(world: World, team: int, able: list[Stretch], agent: Agent | None = None) -> Stretch:
    """The touch that goes first; live ones before interruptible work.  `agent`: who takes it, if that is known."""

    def worth(stretch: Stretch) -> tuple[Any, ...]:
        return rank(world, team, stretch) if world.own is None else own.key(world, world.own, agent, stretch)

    if world.own is not None:
        able = own.compared(world.own, able)
    best = min(able, key=worth)
    live = [s for s in able if world.channel(s).kind == "live"]
    if world.channel(best).interruptible and live:
        return min(live, key=worth)
    return best


def startable(world: World, team: int) -> list[Stretch]:
    """What waits and some agent of the team may take now."""
    mine = members(world, team)
    return [s for s in world.waiting() if any(may_take(world, a, s.touch.contact, s.touch.entered) for a in mine)]


def starved(world: World, agent: Agent, taken: Stretch) -> Stretch | None:
    """What he who holds contacts would have taken with empty hands instead of one more of them."""
    others = [
        s
        for s in world.waiting()
        if s.touch.contact.channel != taken.touch.contact.channel
        and serves_now(world, agent, s.queue, s.touch.entered)
        and not last_chat_begun(world, agent, world.channel(s))
    ]
    if not others:
        return None
    first = choose(world, agent.works_for, [*others, taken], agent)
    return None if first is taken else first
