"""The layout: a scenario turned into the tables that stay the same in every replication."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand import laws
from supportsim.demand.issues import Demand
from supportsim.engine.journal import OUTCOMES
from supportsim.engine.tables import (
    AGENT,
    ASKED,
    CHANNEL,
    DEFERRED,
    INDEX,
    LISTS,
    LIVE,
    NEXT,
    NOBODY,
    NONE,
    OFF,
    OFFER,
    QUEUE,
    RANKED,
    STEP,
    STREAM,
    TEAM,
    WINDOWS,
)
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import NOTHING, Channel, Law, Queue, Scenario, Team
from supportsim.scenario.policies import POLICIES
from supportsim.scenario.roster import agents, shifts
from supportsim.scenario.ticks import NEVER
from supportsim.scenario.timeline import Timeline

Table = NDArray[Any]


def _table(dtype: np.dtype[Any], rows: list[tuple[Any, ...]]) -> Table:
    """A structured array that is never empty: compiled rules want an address."""
    made = np.zeros(max(1, len(rows)), dtype=dtype)
    if rows:
        made[:] = rows
    return made


class Layout:
    """Tables of one scenario, names by index, and who is rostered when.  Built once, played many times."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.timeline = Timeline(scenario.times)
        self.demand = Demand(scenario, self.timeline)
        self.agents = agents(scenario)
        self.shifts = shifts(scenario, self.timeline)
        self.channel_index = {c.name: i for i, c in enumerate(scenario.channels)}
        self.segment_index = {s.name: i for i, s in enumerate(scenario.segments)}
        self.topic_index = {t.name: i for i, t in enumerate(scenario.topics)}
        self.team_index = {t.name: i for i, t in enumerate(scenario.teams)}
        self._laws: list[Law] = []
        self.tables: dict[str, Table] = {}
        self._lay_channels()
        self._lay_queues()
        self._lay_teams()
        self._lay_offers()
        rows, knots = laws.tabulate(self._laws or [NOTHING])
        self.tables["laws"] = rows
        self.tables["knots"] = knots if len(knots) else np.zeros(1)

    # ------------------------------------------------------------ laws

    def _law(self, law: Law) -> int:
        """Row of a law; the same law stands once."""
        if law not in self._laws:
            self._laws.append(law)
        return self._laws.index(law)

    # ------------------------------------------------------------ channels

    def _lay_channels(self) -> None:
        rows: list[tuple[Any, ...]] = []
        windows: list[tuple[int, int]] = []
        nexts: list[tuple[Any, ...]] = []
        for c, channel in enumerate(self.scenario.channels):
            opening = open_ticks(channel.hours, self.timeline)
            own = [q for q, queue in enumerate(self.scenario.queues) if queue.channel == channel.name]
            first = len(windows)
            windows += list(zip(opening.begins, opening.ends, strict=True))
            rows.append(self._channel(channel, opening.is_open(0), own, first, len(windows)))
            nexts += self._nexts(channel)
            assert own == list(range(own[0], own[-1] + 1)) if own else True, f"queues of channel {c} lie apart"
        self.tables["channels"] = _table(CHANNEL, rows)
        self.tables["windows"] = _table(WINDOWS, windows)
        self.tables["nexts"] = _table(NEXT, nexts)

    def _channel(self, channel: Channel, is_open: bool, own: list[int], first: int, last: int) -> tuple[int, ...]:
        return (
            LIVE if channel.kind == "live" else DEFERRED,
            int(is_open),
            int(channel.at_close == "turn_away" and channel.kind == "live"),
            int(channel.at_shift_end == "put_down"),
            NEVER if channel.lines is None else channel.lines,
            NEVER if channel.waiting_room is None else channel.waiting_room,
            0,
            0,
            own[0] if own else 0,
            own[-1] + 1 if own else 0,
            first,
            last,
        )

    def _nexts(self, channel: Channel) -> list[tuple[Any, ...]]:
        """Cumulated shares of what customers do next, a row per outcome."""
        rows: list[tuple[Any, ...]] = [(0, 0.0, 0.0, 0.0, 0, NEVER)] * len(OUTCOMES)
        for after in channel.after:
            again, opening = after.again, after.again + after.at_opening
            following = opening + after.next_channel
            if after.stop == 0.0 and after.next_channel > 0:
                following = 1.0
            tries = NEVER if after.tries is None else after.tries
            row = (1, again, opening, following, self._law(after.delay), tries)
            rows[OUTCOMES.index(after.outcome)] = row
        return rows

    def windows(self, channel: int) -> list[tuple[int, int]]:
        """Opening hours of a channel: (begin, end) in ticks, in order."""
        row = self.tables["channels"][channel]
        return self.tables["windows"][row["windows_from"] : row["windows_to"]].tolist()

    # ------------------------------------------------------------ queues

    def _lay_queues(self) -> None:
        rows: list[tuple[Any, ...]] = []
        asked: list[tuple[int, int]] = []
        s, t = len(self.scenario.segments), len(self.scenario.topics)
        queue_of = np.full(len(self.scenario.channels) * s * t, NONE, dtype=np.int64)
        for q, queue in enumerate(self.scenario.queues):
            c = self.channel_index[queue.channel]
            queue_of[(c * s + self.segment_index[queue.segment]) * t + self.topic_index[queue.topic]] = q
            first = len(asked)
            asked += [(self.team_index[n], k) for k, pool in enumerate(queue.teams) for n in pool]
            rows.append(self._queue(queue, c, first, len(asked)))
        self.tables["queues"] = _table(QUEUE, rows)
        self.tables["asked"] = _table(ASKED, asked)
        self.tables["queue_of"] = queue_of.view(INDEX)
        self.tables["sizes"] = np.array([s, t, len(self.scenario.channels)], dtype=np.int64).view(INDEX)

    def _queue(self, queue: Queue, channel: int, first: int, last: int) -> tuple[Any, ...]:
        work = queue.work
        return (
            NONE,
            NONE,
            channel,
            first,
            last,
            self._law(work.law),
            int(work.wrap_inside),
            NONE if work.wrap_law is None else self._law(work.wrap_law),
            work.wrap_share,
            self._law(queue.patience),
            queue.resolves,
        )

    # ------------------------------------------------------------ teams and people

    def _lay_teams(self) -> None:
        rows: list[tuple[Any, ...]] = []
        ranked: list[tuple[int, int]] = []
        lists = 0
        caps: list[int] = []
        for team in self.scenario.teams:
            own = self._ranked(team)
            caps += (most := self._caps(team))
            lowest = int(team.pick == "lowest_id")
            rows.append((len(ranked), len(ranked) + len(own), lists, max(most, default=1), lowest, 0))
            ranked += own
            lists += max(most, default=1) + 1
        self.tables["teams"] = _table(TEAM, rows)
        self.tables["ranked"] = _table(RANKED, ranked)
        self.tables["caps"] = np.array(caps or [0], dtype=np.int64).view(INDEX)
        self.tables["lists"] = _table(LISTS, [(NONE, NONE)] * lists)
        nobody = (OFF, 0, NONE, 0, NONE, NONE, NONE, NONE, NONE, 0, 0, 0, 0, NEVER)
        self.tables["agents"] = _table(AGENT, [(a.team, *nobody) for a in self.agents])

    def _ranked(self, team: Team) -> list[tuple[int, int]]:
        """(rank, queue) of all the team serves and is asked for, best first."""
        rank = POLICIES[self.scenario.policy]
        found = []
        for q, queue in enumerate(self.scenario.queues):
            if team.places[q] >= 0 and any(team.name in pool for pool in queue.teams):
                found.append((rank(team.places[q], queue.priority_class), q))
        return sorted(found)

    def _caps(self, team: Team) -> list[int]:
        """Contacts of each channel that one agent may hold; 0 where the team serves none of it."""
        stated = dict(team.concurrency)
        served = {queue.channel for q, queue in enumerate(self.scenario.queues) if team.places[q] >= 0}
        return [stated.get(c.name, c.concurrency) if c.name in served else 0 for c in self.scenario.channels]

    # ------------------------------------------------------------ what segments are offered

    def _lay_offers(self) -> None:
        plans = {plan.name: plan for plan in self.scenario.plans}
        offers: list[tuple[int, int]] = []
        steps: list[tuple[int, float]] = []
        for segment in self.scenario.segments:
            first, cumulated = len(steps), 0.0
            for step in plans[segment.plan].steps if segment.plan else ():
                cumulated += step.share
                steps.append((self.channel_index[step.channel], cumulated))
            offers.append((first, len(steps)))
        streams = [
            (self.channel_index[s.channel] if s.returns_within and s.channel else NOBODY,)
            for s in self.scenario.streams
        ]
        self.tables["offers"] = _table(OFFER, offers)
        self.tables["steps"] = _table(STEP, steps)
        self.tables["streams"] = _table(STREAM, streams)
