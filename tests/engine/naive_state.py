"""What the naive desk remembers: plain objects, nothing derived, nothing indexed.

The naive desk is a second implementation of docs/model.md, written without a look at the engine.  It prefers the
obvious to the fast: who may take what is found by asking everybody.  Ticks and indices are those of the journal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from supportsim.demand import fates
from supportsim.demand.laws import draw, tabulate
from supportsim.engine.policy import Policy
from supportsim.scenario.business_clock import OpenTicks, open_ticks
from supportsim.scenario.model import Channel, Law, Queue, Scenario, Team, TeamWork
from supportsim.scenario.ticks import NEVER
from supportsim.scenario.timeline import Timeline


@dataclass(eq=False)
class Issue:
    """One problem; `contacted`: contacts so far by channel, for the tries."""

    row: int
    asked: int
    key: int
    stream: int
    segment: int
    topic: int
    channel: int
    customer: int
    aht: float
    handle: int
    wrap: int
    patience: int
    filler: bool = False
    state: str = "open"
    contacts: int = 0
    worked: int = 0
    ended: int = NEVER
    contacted: dict[int, int] = field(default_factory=dict)
    history: list[Contact] = field(default_factory=list)


@dataclass(eq=False)
class Contact:
    """One approach on one channel."""

    row: int
    issue: Issue
    number: int
    kind: str
    channel: int
    queue: int
    created: int
    patience: int = NEVER
    answered: int = NEVER
    left: int = NEVER
    outcome: str = "open"
    first_row: int = -1


@dataclass(eq=False)
class Touch:
    """One piece of work on a contact: amounts still to do, fixed when it begins."""

    row: int
    contact: Contact
    entered: int
    begun: bool = False
    talk: int = 0
    wrap: int = 0
    resolves: float = 0.0
    figure: int = 0  # by which policies `deadline` and `shortest` order the queue


@dataclass(eq=False)
class Stretch:
    """One wait and the work after it: a row of the journal.  `since`: tick of the last change of its amount."""

    row: int
    touch: Touch
    joined: int
    phase: str = "wait"  # wait, talk, wrap, over
    agent: Agent | None = None
    started: int = NEVER
    talk_ended: int = NEVER
    ended: int = NEVER
    remaining: int = 0
    in_hand: int = 0
    how: str = "open"
    starved: int = 0
    since: int = 0
    over: int = NEVER  # when the present phase will be over

    @property
    def queue(self) -> int:
        """Index of its queue."""
        return self.touch.contact.queue


@dataclass
class Rest:
    """A break or block: `until` is the tick at which an activity is over whatever happens."""

    due: int
    length: int
    what: str
    until: int = NEVER

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Of several due at one tick the shorter goes first, then paid break, unpaid break, activity, block."""
        return self.due, self.length, ("break_paid", "break_unpaid", "block").index(self.what), self.until


@dataclass
class Day:
    """An agent is on shift in [begin, end)."""

    begin: int
    end: int
    rests: list[Rest]


@dataclass(eq=False)
class Agent:
    """One person.  `state`: out, on (open to work unless a rest is due), resting, overtime."""

    row: int
    name: str
    home: int
    works_for: int
    has_shift: bool
    state: str = "out"
    day: Day | None = None
    due: list[Rest] = field(default_factory=list)
    resting: Rest | None = None
    hands: list[Stretch] = field(default_factory=list)
    changed: int = 0
    span: Span | None = None

    @property
    def is_open(self) -> bool:
        """On shift, no break due, not away."""
        return self.state == "on" and not self.due

    @property
    def on_duty(self) -> bool:
        """Clocked in and not left."""
        return self.state != "out"


@dataclass(eq=False)
class Span:
    """A row of presence."""

    agent: int
    what: str
    team: int
    begin: int
    end: int = NEVER


@lru_cache(maxsize=4096)
def _tables(law: Law) -> tuple[Any, Any]:
    return tabulate([law])


def drawn(law: Law, u: float, aht: float) -> int:
    """One duration in ticks."""
    table, knots = _tables(law)
    return int(draw(table, knots, 0, u, aht))


class World:
    """Scenario, clock and everything that happened so far."""

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        self.scenario = scenario
        self.timeline = Timeline(scenario.times)
        self.world = fates.world(seed, replication)
        self.own: Policy | None = None  # of the user, instead of the scenario's
        self.now = 0
        self.end = self.timeline.end
        self.issues: list[Issue] = []
        self.fillers: list[Issue] = []
        self.pieces: dict[int, int] = {}
        self.contacts: list[Contact] = []
        self.stretches: list[Stretch] = []
        self.presence: list[Span] = []
        self.agents: list[Agent] = []
        self.going_on: list[Contact] = []  # customers who decide what they do next when the desk is done
        self.hours: list[OpenTicks] = [open_ticks(c.hours, self.timeline) for c in scenario.channels]
        self.promised = [open_ticks(p.hours, self.timeline) for p in scenario.promises]
        self.team_of = {team.name: i for i, team in enumerate(scenario.teams)}
        self.channel_of = {channel.name: i for i, channel in enumerate(scenario.channels)}

    def uniform(self, key: int, n: int, purpose: int) -> float:
        """The fate of a thing."""
        return float(fates.uniform(self.world, _word(key), n, purpose))

    def channel(self, stretch: Stretch) -> Channel:
        """The channel of a stretch."""
        return self.scenario.channels[stretch.touch.contact.channel]

    def queue(self, stretch: Stretch) -> Queue:
        """The queue of a stretch."""
        return self.scenario.queues[stretch.queue]

    def waiting(self) -> list[Stretch]:
        """Everything that waits."""
        return [s for s in self.stretches if s.phase == "wait" and s.how == "open"]

    def is_open(self, channel: int) -> bool:
        """Whether the channel is open at this tick."""
        return self.hours[channel].is_open(self.now)

    def queue_of(self, channel: int, segment: int, topic: int) -> int:
        """Index of the queue of a channel, segment and topic."""
        names = (
            self.scenario.channels[channel].name,
            self.scenario.segments[segment].name,
            self.scenario.topics[topic].name,
        )
        return next(i for i, q in enumerate(self.scenario.queues) if (q.channel, q.segment, q.topic) == names)

    def team_work(self, queue: Queue, team: int) -> TeamWork:
        """How this team works in this queue."""
        name = self.scenario.teams[team].name
        own = [one for one in queue.by_team if one.team == name]
        return own[0] if own else TeamWork(name, queue.work, queue.resolves)

    def factor(self, channel: Channel, tick: int, which: str) -> float:
        """The factor of the local hour in the zone of the channel: `work`, `patience` or `resolves`."""
        local = self.timeline.local(tick, channel.hours.zone)
        of_day = ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond
        for window in channel.by_hour:
            if local.weekday() in window.weekdays and window.begin <= of_day < window.end:
                return float(getattr(window, which))
        return 1.0

    # ------------------------------------------------------------ presence

    def present(self, agent: Agent, what: str | None) -> None:
        """The agent's present span ends now; another begins (None: he leaves)."""
        if agent.span is not None:
            agent.span.end = self.now
        agent.span = None
        if what is not None:
            agent.span = self.span(agent, what)

    def span(self, agent: Agent, what: str, end: int = NEVER) -> Span:
        """A new row of presence that begins now."""
        row = Span(agent.row, what, agent.works_for, self.now, end)
        self.presence.append(row)
        return row


def _word(key: int) -> Any:
    return np.uint64(key)  # compiled fates take a machine word


def is_absent(world: World, team: Team, name: str, day: date) -> bool:
    """A coin per person and rostered date."""
    return world.uniform(agent_day(name, day), 0, fates.ABSENCE) < team.absence


def agent_day(name: str, day: date) -> int:
    """Key of a person on a rostered date."""
    return fates.entity("agent", name, day.toordinal())
