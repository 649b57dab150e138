"""What the crowding matrix needs of a scenario: who is asked for what, in tables that the sweep reads.

Queues that ask the same teams in the same way are one *kind*.  A kind has a class for each number of overflow delays
that have passed: whoever waits in one class at one instant waits because of the same people.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.selectors import sorted_pairs
from supportsim.measure.sums import Floats
from supportsim.scenario.model import Queue, Scenario, Team
from supportsim.scenario.roster import agents, shifts
from supportsim.scenario.timeline import Timeline

Table = NDArray[np.int64]
#: Columns after those of the segments.
(FILLER, AWAY, RESERVATION, DRAINING, LAST_CHAT, OVERFLOW, NOBODY) = range(7)
BESIDE = ("filler", "away", "reservation", "draining", "last chat", "overflow delay", "nobody on shift")
#: The largest unit in which shares of contacts in hand are whole numbers; beyond it they are nearly.
MOST_UNITS = 1 << 40
#: Bits of the parts of a tick in which shares are summed, where play is short enough for sums of them.
PART_BITS = 20
#: (team, overflow delay, agents who must stay empty-handed), in order of the list, each team once.
Asked = tuple[tuple[int, int, int], ...]


class Crowding(NamedTuple):
    """Ticks waited because of each column, by segment on a channel and interval of creation, and waiting contacts.

    ticks: int64 (`CrowdingPlan.pairs`, `CrowdingPlan.columns`, intervals) · contacts: int64 (pairs, intervals) ·
    blocked: contacts blocked by those of each segment, then by nobody, (pairs, segments + 1, intervals).
    """

    ticks: Table
    contacts: Table
    blocked: Floats

    @property
    def whole(self) -> Crowding:
        """Counted time as one interval."""
        ticks, contacts = self.ticks.sum(axis=2, keepdims=True), self.contacts.sum(axis=1, keepdims=True)
        return Crowding(ticks, contacts, self.blocked.sum(axis=2, keepdims=True))

    def plus(self, other: Crowding) -> Crowding:
        """Both, added up."""
        return Crowding(self.ticks + other.ticks, self.contacts + other.contacts, self.blocked + other.blocked)


class Asking(NamedTuple):
    """Tables of int64 with one axis, but where said.  `x_from[i]` to `x_from[i + 1]` are the rows of i."""

    kind: Any  # queue -> kind
    segment: Any  # queue -> segment
    channel: Any  # kind -> channel
    level_from: Any  # kind -> its overflow delays above 0, ascending
    levels: Any
    class_from: Any  # kind -> its first class; class_from + delays passed is the class
    kind_of: Any  # class -> kind
    asked_from: Any  # class -> rows of asked
    asked: Any  # (rows, 3): team, agents who must stay empty-handed, 1: its delay has passed
    seen_from: Any  # team -> classes that ask it, now or later
    seen: Any
    caps: Any  # (teams, channels): contacts one agent may hold
    last: Any  # channel -> its place among those with a last chat; -1: none
    drains_from: Any  # team -> rows of drains
    drains: Any  # (rows, 3): queue, delays of its kind that must have passed, channel
    drained_from: Any  # queue -> teams that drain for it
    drained: Any
    numbers: Any  # segments, the unit of shares of contacts in hand, bits of a tick's parts


class CrowdingPlan:
    """The tables of a scenario, and the shifts whose ends matter."""

    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self.scenario, self.timeline = scenario, timeline
        self.columns = (*(segment.name for segment in scenario.segments), *BESIDE)
        self.pairs = sorted_pairs(scenario)
        place = {pair: i for i, pair in enumerate(self.pairs)}
        self.pair_of = whole([place[q.segment, q.channel] for q in scenario.queues])
        self.agents = len(agents(scenario))
        self.last_chats = [c.last_chat for c in scenario.channels if c.last_chat > 0]
        self.asking = _Laying(scenario).tables(min(PART_BITS, 62 - timeline.end.bit_length()))
        self.shifts = self._shifts() if self.last_chats else whole([]).reshape(0, 3)

    def _shifts(self) -> Table:
        """(agent, begin, end) of every agent-day that has an end in the sense of a last chat."""
        of_shifts = [agent.shift >= 0 for agent in agents(self.scenario)]
        found = shifts(self.scenario, self.timeline)
        return whole([(s.agent, s.begin, s.end) for s in found if of_shifts[s.agent]]).reshape(-1, 3)


class _Laying:
    """The work on the tables."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.team = {team.name: i for i, team in enumerate(scenario.teams)}
        self.channel = {channel.name: i for i, channel in enumerate(scenario.channels)}
        of_queue = [(self.channel[q.channel], self._asked(i, q)) for i, q in enumerate(scenario.queues)]
        self.kinds = list(dict.fromkeys(of_queue))
        self.kind = [self.kinds.index(each) for each in of_queue]
        self.levels = [sorted({delay for _, delay, _ in asked if delay > 0}) for _, asked in self.kinds]
        self.classes = [(k, n) for k, levels in enumerate(self.levels) for n in range(len(levels) + 1)]

    def _asked(self, number: int, queue: Queue) -> Asked:
        found: dict[int, tuple[int, int, int]] = {}
        for step, delay in zip(queue.teams, queue.delays or (0,) * len(queue.teams), strict=True):
            for name in (name for name in step if name in self.team):
                holds = self.scenario.teams[self.team[name]].holds
                found.setdefault(self.team[name], (self.team[name], delay, holds[number] if holds else 0))
        return tuple(found.values())

    def tables(self, part_bits: int) -> Asking:
        """All of them; shares are summed in parts of a tick of so many bits."""
        scenario, segments = self.scenario, [segment.name for segment in self.scenario.segments]
        asked = [self._rows(kind, passed) for kind, passed in self.classes]
        seen = [
            [c for c, (kind, _) in enumerate(self.classes) if any(row[0] == t for row in self.kinds[kind][1])]
            for t in range(len(scenario.teams))
        ]
        drains = [self._drains(team) for team in scenario.teams]
        drained = [[t for t, rows in enumerate(drains) if q in [row[0] for row in rows]] for q in range(len(self.kind))]
        caps = [self._caps(team) for team in scenario.teams]
        lasting = [channel.last_chat > 0 for channel in scenario.channels]
        return Asking(
            kind=whole(self.kind), segment=whole([segments.index(q.segment) for q in scenario.queues]),
            channel=whole([channel for channel, _ in self.kinds]),
            level_from=_from(self.levels), levels=_flat(self.levels),
            class_from=whole(np.cumsum([0, *(len(levels) + 1 for levels in self.levels)])),
            kind_of=whole([kind for kind, _ in self.classes]),
            asked_from=_from(asked), asked=_flat(asked).reshape(-1, 3),
            seen_from=_from(seen), seen=_flat(seen), caps=whole(caps).reshape(-1, len(scenario.channels)),
            last=np.where(lasting, np.cumsum(lasting) - 1, -1).astype(np.int64),
            drains_from=_from(drains), drains=_flat(drains).reshape(-1, 3),
            drained_from=_from(drained), drained=_flat(drained),
            numbers=whole([len(segments), _unit(max((n for row in caps for n in row), default=1)), part_bits]),
        )  # fmt: skip

    def _rows(self, kind: int, passed: int) -> list[tuple[int, int, int]]:
        reached = self.levels[kind][passed - 1] if passed else 0
        return [(team, hold, int(delay <= reached)) for team, delay, hold in self.kinds[kind][1]]

    def _drains(self, team: Team) -> list[tuple[int, int, int]]:
        """Of all the team drains for and is asked: queue, delays of it that must have passed, channel."""
        found = []
        for q, drains in enumerate(team.drains):
            channel, asked = self.kinds[self.kind[q]]
            own = [delay for t, delay, _ in asked if t == self.team[team.name]]
            if drains and own:
                passed = sum(delay <= own[0] for delay in self.levels[self.kind[q]])
                found.append((q, passed, channel))
        return found

    def _caps(self, team: Team) -> list[int]:
        """Contacts of each channel that one agent may hold; 0 where the team serves none of it."""
        stated = dict(team.concurrency)
        served = {q.channel for q, place in zip(self.scenario.queues, team.places, strict=True) if place >= 0}
        return [stated.get(c.name, c.concurrency) if c.name in served else 0 for c in self.scenario.channels]


def _unit(most: int) -> int:
    """A number that all numbers in hand divide."""
    found = 1
    for number in range(1, most + 1):
        found = math.lcm(found, number)
        if found > MOST_UNITS:
            return MOST_UNITS
    return found


def whole(values: Any) -> Table:
    return np.ascontiguousarray(values, dtype=np.int64)


def _from(rows: list[Any]) -> Table:
    return whole(np.cumsum([0, *(len(row) for row in rows)]))


def _flat(rows: list[Any]) -> Table:
    return whole([value for row in rows for value in row])
