"""The floor of the naive desk: contacts join, work starts, is laid aside and ends, lines are cut."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from naive_rules import (
    choose,
    delay,
    drains,
    figure,
    find_agent,
    find_interruptible,
    may_take,
    members,
    startable,
    starved,
)
from naive_state import Agent, Contact, Issue, Stretch, Touch, World
from naive_work import catch_up, fix, look_ahead

from supportsim.demand import fates
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import NEVER

Act = Callable[[], None]
Valid = Callable[[], bool]


def always() -> bool:
    """An event that nothing can overtake."""
    return True


class Floor(World):
    """Rules of the desk over a list of events (tick, rank, id)."""

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        super().__init__(scenario, seed, replication)
        self.events: list[tuple[int, tuple[int, ...], int, Act, Valid]] = []
        self.told = 0

    def at(self, tick: int, rank: tuple[int, ...], act: Act, valid: Valid = always) -> None:
        """An event: of those at one tick the smallest `rank` comes first; told but not valid it does not happen."""
        if tick < NEVER:
            self.told += 1
            heapq.heappush(self.events, (max(tick, self.now), rank, self.told, act, valid))

    # ------------------------------------------------------------ joining

    def join(self, contact: Contact) -> bool:
        """A contact comes to an open channel: served, or waits; False: no line or no place, he hears busy."""
        channel = self.scenario.channels[contact.channel]
        there = [s for s in self.stretches if s.touch.contact.channel == contact.channel]
        waiting = sum(s.phase == "wait" for s in there)
        if channel.lines is not None and waiting + sum(s.phase == "talk" for s in there) >= channel.lines:
            return False
        agent = find_agent(self, contact, contact.created) or find_interruptible(self, contact, contact.created)
        if agent is None and channel.waiting_room is not None and waiting >= channel.waiting_room:
            return False
        stretch = self.new_stretch(Touch(len(self.stretches), contact, contact.created))
        contact.first_row = stretch.row
        if not self.look(stretch):
            self.leave_when_patience_ends(stretch)
        return True

    def new_stretch(self, touch: Touch) -> Stretch:
        """A touch begins to look for somebody: a new row."""
        stretch = Stretch(len(self.stretches), touch, self.now)
        self.stretches.append(stretch)
        return stretch

    def look(self, stretch: Stretch) -> bool:
        """A touch asks everybody; False: it waits (and asks again when a delay passes)."""
        touch = stretch.touch
        touch.figure = figure(self, stretch)
        if self.asks_everybody(stretch):
            return True
        for wait in set(self.queue(stretch).delays):
            if touch.entered + wait > self.now:
                self.at(
                    touch.entered + wait,
                    (6, 0, touch.contact.issue.row, touch.contact.row),
                    lambda: self.delay_passes(stretch),
                    lambda: stretch.phase == "wait",
                )
        return False

    def delay_passes(self, stretch: Stretch) -> None:
        """The touch asks everybody again as if it joined."""
        self.asks_everybody(stretch)

    def asks_everybody(self, stretch: Stretch) -> bool:
        """Somebody takes it, or is interrupted for it."""
        contact, entered = stretch.touch.contact, stretch.touch.entered
        agent = find_agent(self, contact, entered)
        if agent is not None:
            self.start(stretch, agent)
            return True
        agent = find_interruptible(self, contact, entered)
        if agent is None:
            return False
        aside = agent.hands[0]
        self.lay_aside(aside, "interrupted")
        self.start(stretch, agent)
        self.look(self.new_stretch(aside.touch))
        self.supply_grows(agent.works_for)
        return True

    def leave_when_patience_ends(self, stretch: Stretch) -> None:
        """The first wait of a contact ends with his patience, or by the system."""
        contact = stretch.touch.contact
        limit, mine = self.channel(stretch).wait_limit, (contact.issue.row, contact.row)

        def waits() -> bool:
            return stretch.phase == "wait"

        if limit is not None:
            self.at(contact.created + limit, (6, 1, *mine), lambda: self.leaves(stretch, "timed_out"), waits)
        gone = "abandoned" if self.channel(stretch).kind == "live" else "withdrew"
        self.at(contact.created + contact.patience, (8, *mine), lambda: self.leaves(stretch, gone), waits)

    def leaves(self, stretch: Stretch, how: str) -> None:
        """A wait ends without work."""
        contact = stretch.touch.contact
        stretch.phase, stretch.how, stretch.ended = "over", how, self.now
        contact.left, contact.outcome = self.now, how
        self.going_on.append(contact)

    # ------------------------------------------------------------ work

    def start(self, stretch: Stretch, agent: Agent) -> None:
        """An agent takes a touch."""
        if agent.hands:
            other = starved(self, agent, stretch)
            if other is not None:
                other.starved += 1
        touch = stretch.touch
        if not touch.begun:
            fix(self, touch, agent.works_for)
        catch_up(self, agent)
        stretch.phase, stretch.agent, stretch.started, stretch.since = "talk", agent, self.now, self.now
        agent.hands.append(stretch)
        agent.changed = self.now
        stretch.in_hand = len(agent.hands)
        touch.contact.answered = min(touch.contact.answered, self.now)
        self.foresee(agent)

    def foresee(self, agent: Agent) -> None:
        """Events at which the work in his hands will be over."""
        look_ahead(self, agent)
        for one in agent.hands:
            self.work_ends_at(agent, one)

    def work_ends_at(self, agent: Agent, one: Stretch) -> None:
        """The end of the present phase, unless something changes it."""
        over, phase = one.over, one.phase
        self.at(
            over,
            (3, agent.row, one.touch.row),
            lambda: self.phase_ends(agent, one),
            lambda: one.over == over and one.phase == phase and one in agent.hands,
        )

    def phase_ends(self, agent: Agent, one: Stretch) -> None:
        """Talk is over: the customer goes; wrap-up is over: the agent's place is free."""
        catch_up(self, agent)
        if one.phase == "talk":
            self.talk_ends(one)
            if one.touch.wrap > 0:
                one.phase = "wrap"
                one.since = self.now
                self.foresee(agent)
                return
        one.phase, one.how, one.ended = "over", "worked", self.now
        self.empties(agent, one)
        self.place_free(agent)

    def talk_ends(self, one: Stretch) -> None:
        """The customer hangs up, or the reply goes out."""
        contact, issue, channel = one.touch.contact, one.touch.contact.issue, self.channel(one)
        one.talk_ended = contact.left = self.now
        u = self.uniform(issue.key, issue.worked, fates.RESOLUTION)
        chance = min(1.0, one.touch.resolves * self.factor(channel, self.now, "resolves"))
        contact.outcome = "solved" if u < chance or issue.filler else "unresolved"
        issue.worked += 1
        self.going_on.append(contact)

    def empties(self, agent: Agent, one: Stretch) -> None:
        """One contact fewer in his hands."""
        agent.hands.remove(one)
        agent.changed = self.now
        self.foresee(agent)

    def lay_aside(self, one: Stretch, how: str) -> None:
        """Work in hand is left with what remains of its talk."""
        agent = one.agent
        assert agent is not None
        catch_up(self, agent)
        one.phase, one.how, one.ended, one.remaining = "over", how, self.now, one.touch.talk
        self.empties(agent, one)

    def place_free(self, agent: Agent) -> None:
        """He takes the next work, his break, or leaves."""
        raise NotImplementedError

    # ------------------------------------------------------------ supply

    def supply_grows(self, team: int) -> None:
        """The policy chooses what starts, until nothing may."""
        while True:
            able = startable(self, team)
            if able:
                stretch = choose(self, team, able)
                agent = find_agent(self, stretch.touch.contact, stretch.touch.entered)
                assert agent is not None
                self.start(stretch, agent)
            elif not self.filler_begins(team):
                return

    def filler_begins(self, team: int) -> bool:
        """A new piece for somebody of the team who has nothing better to do."""
        for number, queue in enumerate(self.scenario.queues):
            for place, stream in enumerate(self.scenario.streams):
                mine = (stream.channel, stream.segment, stream.topic)
                if stream.kind != "endless" or mine != (queue.channel, queue.segment, queue.topic):
                    continue
                if any(thin.share == 1 and thin.name in mine for thin in self.scenario.thinned):
                    continue  # names are unique across kinds
                channel = self.channel_of[queue.channel]
                contact = self.piece(place, number, channel)
                if self.is_open(channel) and self._somebody(team, contact):
                    self.begin_piece(contact, place)
                    return True
        return False

    def _somebody(self, team: int, contact: Contact) -> bool:
        queue, name = self.scenario.queues[contact.queue], self.scenario.teams[team].name
        if delay(queue, name) != 0:
            return False
        return any(may_take(self, agent, contact, self.now) for agent in members(self, team))

    def piece(self, stream: int, queue: int, channel: int) -> Contact:
        """The next piece of filler of a stream, not yet begun."""
        own, count = self.scenario.streams[stream], self.pieces.get(stream, 0)
        names = [s.name for s in self.scenario.segments], [t.name for t in self.scenario.topics]
        issue = Issue(
            -1, self.now, fates.entity("filler", own.name, count), stream, names[0].index(own.segment),
            names[1].index(own.topic), channel, -1, 0.0, -1, -1, -1, filler=True,
        )  # fmt: skip
        return Contact(-1, issue, 1, "filler", channel, queue, self.now)

    def begin_piece(self, contact: Contact, stream: int) -> None:
        """It is created, joins and begins in this tick."""
        self.pieces[stream] = self.pieces.get(stream, 0) + 1
        contact.issue.row = len(self.issues) + len(self.fillers)
        contact.issue.contacts = 1
        self.fillers.append(contact.issue)
        contact.issue.history.append(contact)
        contact.row = len(self.contacts)
        self.contacts.append(contact)
        stretch = self.new_stretch(Touch(len(self.stretches), contact, self.now))
        contact.first_row = stretch.row
        stretch.touch.figure = figure(self, stretch)
        agent = find_agent(self, contact, self.now)
        assert agent is not None
        self.start(stretch, agent)

    def draining(self) -> list[int]:
        """Teams that drain now."""
        return [i for i in range(len(self.scenario.teams)) if drains(self, i)]

    # ------------------------------------------------------------ lines

    def cut_lines(self) -> None:
        """On closed live channels waits end for which nobody is on duty any more."""
        for number, queue in enumerate(self.scenario.queues):
            channel = self.channel_of[queue.channel]
            if self.scenario.channels[channel].kind == "live" and not self.is_open(channel):
                asked = {name for step in queue.teams for name in step}
                if not any(a.on_duty and self.scenario.teams[a.works_for].name in asked for a in self.agents):
                    self.cut(number)

    def cut(self, queue: int) -> None:
        """The whole queue is disconnected, the longest wait first."""
        waits = [s for s in self.waiting() if s.queue == queue]
        for stretch in sorted(waits, key=lambda s: (s.touch.figure, s.touch.entered, s.touch.row)):
            self.leaves(stretch, "disconnected")

    def channel_closes(self, channel: int) -> None:
        """Those waiting are turned away, or wait on while somebody is on duty."""
        closed = self.scenario.channels[channel]
        if closed.kind == "live" and closed.at_close == "turn_away":
            for number, queue in enumerate(self.scenario.queues):
                if self.channel_of[queue.channel] == channel:
                    self.cut(number)
        self.cut_lines()
