"""What the audit knows before it looks: the scenario by index, and the book in which it writes what is wrong.

Nothing here comes from the engine: the audit is a second opinion and derives the desk from the scenario again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import SPANS, Journal
from supportsim.scenario.business_clock import OpenTicks, open_ticks
from supportsim.scenario.model import After, Scenario, Team
from supportsim.scenario.roster import Span, agents, joined, shifts
from supportsim.scenario.timeline import Timeline

ABSENT = SPANS.index("absent")
#: Sentences in all, and of one rule: one wrong rule must not hide the others.
SENTENCES_AT_MOST = 50
OF_ONE_RULE = 6
OWN_FIRST_PLACE = 1 << 32


class Book:
    """The sentences found so far."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self._seen: Counter[str] = Counter()

    def add(self, rule: str, text: str, tick: int | None = None, **rows: Any) -> None:
        """Write `rule: text (tick …, touch …)` unless the book, or the page of this rule, is full."""
        self._seen[rule] += 1
        if self._seen[rule] > OF_ONE_RULE or len(self.sentences) >= SENTENCES_AT_MOST:
            return
        where = [f"tick {tick}"] if tick is not None else []
        where += [f"{name} {value}" for name, value in rows.items()]
        self.sentences.append(f"{rule}: {text}" + (f" ({', '.join(where)})" if where else ""))

    def add_rows(self, rule: str, text: str, table: str, wrong: NDArray[np.bool_] | Iterable[int]) -> bool:
        """One sentence per row where `wrong`; whether there was any."""
        rows = np.flatnonzero(np.asarray(wrong))
        for row in rows[: OF_ONE_RULE + 1]:
            self.add(rule, text, None, **{table: int(row)})
        return len(rows) > 0


class Pool(NamedTuple):
    """One step of a queue's teams.  `lowest`: the lowest id is picked, else who has been idle longest."""

    lowest: bool
    teams: tuple[int, ...]


class Facts:
    """The scenario in indices.  Raises nothing for a scenario that the loader accepts."""

    def __init__(self, journal: Journal, scenario: Scenario) -> None:
        self.journal = journal
        self.scenario = scenario
        self.end = journal.end
        self.timeline = Timeline(scenario.times)
        self.people = agents(scenario)
        self.team_of = [person.team for person in self.people]
        self.resumed = next_of(journal.touches["touch"].tolist())  # stretch -> the next one of its touch
        self._index_queues()
        self._index_teams()
        self.opening: list[OpenTicks] = [open_ticks(c.hours, self.timeline) for c in scenario.channels]
        self.live = [channel.kind == "live" for channel in scenario.channels]
        self.after: list[dict[str, After]] = [{a.outcome: a for a in c.after} for c in scenario.channels]

    def _index_queues(self) -> None:
        scenario = self.scenario
        channel = {c.name: i for i, c in enumerate(scenario.channels)}
        team = {t.name: i for i, t in enumerate(scenario.teams)}
        self.channel_named = channel
        self.channel_of = [channel[q.channel] for q in scenario.queues]
        self.steps = [
            [self._pool([team[n] for n in pool], q) for pool in queue.teams if pool]
            for q, queue in enumerate(scenario.queues)
        ]
        self.asked = [sorted({t for pool in steps for t in pool.teams}) for steps in self.steps]

    def _pool(self, teams: list[int], queue: int) -> Pool:
        """The first team's rule picks, also inside the others."""
        lowest = self.scenario.teams[teams[0]].pick == "lowest_id"
        return Pool(lowest, tuple(t for t in teams if self.scenario.teams[t].places[queue] >= 0))

    def find_days(self, book: Book) -> None:
        """Who was rostered when, and came: agent-days that the journal calls absent are taken out.

        `days`: per agent his spans of presence, touching agent-days as one.  `dates`: the same day by day.
        """
        presence = self.journal.presence
        absent: list[list[tuple[int, int]]] = [[] for _ in self.people]
        for agent, begin, end in presence[presence["what"] == ABSENT][["agent", "begin", "end"]].tolist():
            absent[agent].append((begin, end))
        self.dates: list[list[Span]] = [[] for _ in self.people]
        for span in shifts(self.scenario, self.timeline):
            key = (span.begin, min(span.end, self.end))
            if key in absent[span.agent]:
                absent[span.agent].remove(key)
            elif span.begin < self.end:
                self.dates[span.agent].append(span)
        for agent, left in enumerate(absent):
            for begin, end in left:
                text = f"absent {begin}..{end}, but an absent day is one span over the whole shift"
                book.add("presence", text, begin, agent=agent)
        self.days = [joined(own) for own in self.dates]

    def _index_teams(self) -> None:
        self.ranked = [
            sorted((self._rank(t, q), q) for q, asked in enumerate(self.asked) if t in asked)
            for t in range(len(self.scenario.teams))
        ]
        self.most = [self._concurrency(team) for team in self.scenario.teams]
        self.lowest_first = [team.pick == "lowest_id" for team in self.scenario.teams]

    def _rank(self, team: int, queue: int) -> int:
        """Best is lowest: MODEL.md section 6, policies."""
        policy, best = self.scenario.policy, self.scenario.queues[queue].priority_class
        if policy == "fifo":
            return 0
        if policy == "own_first":
            return self.scenario.teams[team].places[queue] * OWN_FIRST_PLACE + best
        if policy == "priority":
            return best
        raise ValueError(f"the audit does not know the policy {policy}")

    def _concurrency(self, team: Team) -> list[int]:
        stated = dict(team.concurrency)
        return [stated.get(channel.name, channel.concurrency) for channel in self.scenario.channels]


def next_of(owners: list[int]) -> dict[int, int]:
    """Row -> the next row of the same owner."""
    last: dict[int, int] = {}
    following: dict[int, int] = {}
    for row, owner in enumerate(owners):
        if owner in last:
            following[last[owner]] = row
        last[owner] = row
    return following
