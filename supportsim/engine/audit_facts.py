"""What the audit knows before it looks: the scenario by index, and the book in which it writes what is wrong.

Nothing here comes from the engine: the audit is a second opinion and derives the desk from the scenario again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.audit_moves import moves, whole
from supportsim.engine.journal import SPANS, Journal
from supportsim.engine.policy import Policy
from supportsim.scenario.business_clock import OpenTicks, open_ticks
from supportsim.scenario.model import After, Channel, Scenario, Team
from supportsim.scenario.roster import Span, agents, joined, shifts
from supportsim.scenario.thinning import is_gone
from supportsim.scenario.timeline import Timeline

ABSENT, AVAILABLE = SPANS.index("absent"), SPANS.index("available")
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
    """One step of a queue's teams, asked from `delay` ticks after entry.  `rule`: the pick of the first team named."""

    rule: str
    teams: tuple[int, ...]
    delay: int = 0


class Facts:
    """The scenario in indices.  Raises nothing for a scenario that the loader accepts."""

    def __init__(self, journal: Journal, scenario: Scenario, own: Policy | None = None) -> None:
        self.journal = journal
        self.scenario = scenario
        self.own = own
        self.policy = scenario.policy if own is None else "own"
        self.end = journal.end
        self.timeline = Timeline(scenario.times)
        self.people = agents(scenario)
        self.team_of = [person.team for person in self.people]
        self.resumed = next_of(journal.touches["touch"].tolist())  # stretch -> the next one of its touch
        self._index_queues()
        self._index_teams()
        self._index_filler()
        self.opening: list[OpenTicks] = [open_ticks(c.hours, self.timeline) for c in scenario.channels]
        self.live = [channel.kind == "live" for channel in scenario.channels]
        self.after: list[dict[str, After]] = [{a.outcome: a for a in c.after} for c in scenario.channels]
        self.moved = moves(scenario, self.timeline)
        self.has_heads = [scenario.teams[team].heads is not None for team in self.team_of]

    def _index_queues(self) -> None:
        scenario = self.scenario
        channel = {c.name: i for i, c in enumerate(scenario.channels)}
        team = {t.name: i for i, t in enumerate(scenario.teams)}
        self.channel_named = channel
        self.team_named = team
        self.channel_of = [channel[q.channel] for q in scenario.queues]
        self.steps = [
            [
                self._pool([team[n] for n in pool], q, delay)
                for pool, delay in zip(queue.teams, queue.delays or (0,) * len(queue.teams), strict=True)
                if pool
            ]
            for q, queue in enumerate(scenario.queues)
        ]
        self.asked = [sorted({t for pool in steps for t in pool.teams}) for steps in self.steps]
        self.delay = [
            {t: min(pool.delay for pool in steps if t in pool.teams) for t in asked}
            for steps, asked in zip(self.steps, self.asked, strict=True)
        ]
        self.speeds = [(0, *(c.speeds or (1,) * self._most(c))) for c in scenario.channels]

    def _most(self, channel: Channel) -> int:
        """The highest concurrency of any team on a channel."""
        return max(channel.concurrency, *(dict(t.concurrency).get(channel.name, 1) for t in self.scenario.teams))

    def _pool(self, teams: list[int], queue: int, delay: int) -> Pool:
        """The first team's rule picks, also inside the others."""
        able = tuple(t for t in teams if self.scenario.teams[t].places[queue] >= 0)
        return Pool(self.scenario.teams[teams[0]].pick, able, delay)

    def find_days(self, book: Book) -> None:
        """Who was rostered when, and came: agent-days that the journal calls absent are taken out.

        `days`: per agent his spans of presence, touching agent-days as one.  `dates`: the same day by day.
        Of anonymous heads the journal says who was there; the sweep holds it against the curve.
        """
        presence = self.journal.presence
        absent: list[list[tuple[int, int]]] = [[] for _ in self.people]
        for agent, begin, end in presence[presence["what"] == ABSENT][["agent", "begin", "end"]].tolist():
            absent[agent].append((begin, end))
        self.dates: list[list[Span]] = [[] for _ in self.people]
        for span in shifts(self.scenario, self.timeline):
            key = (span.begin, min(span.end, self.end))
            if self.has_heads[span.agent]:
                continue
            if key in absent[span.agent]:
                absent[span.agent].remove(key)
            elif span.begin < self.end:
                self.dates[span.agent].append(span)
        for agent, left in enumerate(absent):
            for begin, end in left:
                text = f"absent {begin}..{end}, but an absent day is one span over the whole shift"
                book.add("presence", text, begin, agent=agent)
        for agent, begin, end in presence[presence["what"] == AVAILABLE][["agent", "begin", "end"]].tolist():
            if self.has_heads[agent]:
                self.dates[agent].append(Span(agent, self.scenario.times.start, begin, end, ()))
        self.days = [joined(own) for own in self.dates]
        self._cut_moves()

    def _cut_moves(self) -> None:
        """He works for another team to the end of his shift at most, and not on a day on which he does not come."""
        for agent, own in enumerate(self.moved):
            came = {span.date for span in self.dates[agent]}
            cut = [
                move._replace(end=min([move.end, *(d.end for d in self.days[agent] if d.begin <= move.begin < d.end)]))
                for move in own
                if move.day in came
            ]
            self.moved[agent] = whole(cut)

    def _index_teams(self) -> None:
        self.ranked = [
            sorted((self._rank(t, q), q) for q, asked in enumerate(self.asked) if t in asked)
            for t in range(len(self.scenario.teams))
        ]
        self.most = [self._concurrency(team) for team in self.scenario.teams]
        self.holds = [team.holds or (0,) * len(self.scenario.queues) for team in self.scenario.teams]
        self.drains = [[q for q, stops in enumerate(team.drains) if stops] for team in self.scenario.teams]

    def _rank(self, team: int, queue: int) -> int:
        """Best is lowest, as far as it does not depend on the touch: docs/model.md 6, policies."""
        policy, best = self.policy, self.scenario.queues[queue].priority_class
        if policy == "own_first":
            return self.scenario.teams[team].places[queue] * OWN_FIRST_PLACE + best
        if policy == "priority":
            return best
        if policy in ("value", "easiest"):
            return self.scenario.queues[queue].figure_class
        if policy in ("fifo", "ageing", "deadline", "shortest", "own"):
            return 0
        raise ValueError(f"the audit does not know the policy {policy}")

    def _concurrency(self, team: Team) -> list[int]:
        stated = dict(team.concurrency)
        return [stated.get(channel.name, channel.concurrency) for channel in self.scenario.channels]

    def team_at(self, agent: int, tick: int) -> int:
        """For which team an agent works; -1 at a tick at which he is moved, where the order of events decides."""
        own = [move for move in self.moved[agent] if move.team >= 0]
        if any(tick in (move.begin, move.end) for move in own):
            return -1
        return next((move.team for move in own if move.begin < tick < move.end), self.team_of[agent])

    def _index_filler(self) -> None:
        """`filler`: queue -> stream of its endless work, in the order of queues."""
        place = {(q.channel, q.segment, q.topic): i for i, q in enumerate(self.scenario.queues)}
        self.filler = {
            place[(stream.channel or "", stream.segment, stream.topic)]: s
            for s, stream in enumerate(self.scenario.streams)
            if stream.kind == "endless" and not is_gone(self.scenario, stream)
        }
        self.filler = dict(sorted(self.filler.items()))


def next_of(owners: list[int]) -> dict[int, int]:
    """Row -> the next row of the same owner."""
    last: dict[int, int] = {}
    following: dict[int, int] = {}
    for row, owner in enumerate(owners):
        if owner in last:
            following[last[owner]] = row
        last[owner] = row
    return following
