"""What Erlang says of the live channels in each interval: how many agents their promises need, and where most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from supportsim.scenario.frozen import frozen
from supportsim.scenario.model import Promise, Scenario
from supportsim.scenario.ticks import SECOND
from supportsim.scenario.timeline import Timeline
from supportsim.show.staffing import Staffing
from supportsim.show.workload import Workload, contacts_by_queue, offered_by_interval
from supportsim.study.erlang import TooManyAgents
from supportsim.study.erlang_inputs import mean_patience, places, throughput
from supportsim.study.erlang_quick import agents_for, answered
from supportsim.study.hourly import factors


@frozen
class Peak:
    """The interval with the most work on a live channel.

    Heads are people with all their places taken: a whole number, infinite above MOST_AGENTS places.
    """

    channel: str
    when: str
    contacts: float
    handle_s: float
    erlangs: float
    promise: str
    limit_s: float
    share: float
    heads_c: float | None
    heads_a: float | None
    present: float


@frozen
class Line:
    """A live channel as Erlang sees it: per interval contacts, ticks of work, and mean patience in ticks."""

    channel: str
    teams: tuple[int, ...]
    promise: Promise | None  # one that some number of agents keeps
    at_once: float  # contacts an agent holds, each `longer` times as long
    longer: float
    edges: tuple[int, ...]
    contacts: tuple[float, ...]
    work: tuple[float, ...]
    patience: tuple[float, ...]

    def asked(self, i: int) -> tuple[float, float]:
        """Rate and mean work, in ticks, of interval `i`: of a contact beside as many others as an agent holds."""
        return self.contacts[i] / (self.edges[i + 1] - self.edges[i]), self.work[i] / self.contacts[i] * self.longer

    def heads(self, i: int, by_a: bool) -> float | None:
        """People that Erlang C or A asks for in interval `i`, infinite above MOST_AGENTS places; None: no number."""
        patience = self.patience[i] if by_a else None
        if self.promise is None or patience == math.inf:
            return None
        try:
            return math.ceil(
                agents_for(*self.asked(i), self.promise.share, self.promise.limit, patience) / self.at_once
            )
        except TooManyAgents:
            return math.inf

    def enough(self, i: int, heads: float) -> bool:
        """Whether so many people keep the promise in interval `i`, by Erlang A if everybody is known to leave once."""
        agents = math.floor((heads + 1e-9) * self.at_once)
        if self.promise is None or not agents:
            return self.promise is None
        patience = None if self.patience[i] == math.inf else self.patience[i]
        return answered(agents, *self.asked(i), self.promise.limit, patience) >= self.promise.share


def serving(scenario: Scenario, channel: str) -> list[int]:
    """Indices of the teams that can take some contact of `channel`."""
    queues = [i for i, queue in enumerate(scenario.queues) if queue.channel == channel]
    return [t for t, team in enumerate(scenario.teams) if any(team.places[q] >= 0 for q in queues)]


def promised(scenario: Scenario, channel: str) -> Promise | None:
    """The first promise of an answer that covers contacts of `channel`."""
    for promise in scenario.promises:
        covered = zip(promise.queues, scenario.queues, strict=True)
        if promise.clock == "answer" and any(on and queue.channel == channel for on, queue in covered):
            return promise
    return None


def lines(scenario: Scenario, timeline: Timeline, load: Workload) -> Iterator[Line]:
    """The live channels that have work."""
    for channel in scenario.channels:
        contacts, work = offered_by_interval(load, channel.name)
        if channel.kind != "live" or not any(work):
            continue
        teams, promise = serving(scenario, channel.name), promised(scenario, channel.name)
        at_once = places(scenario, channel.name, teams)
        usual = mean_patience(scenario, contacts_by_queue(scenario, load, channel.name))
        patience = tuple(usual * factor for factor in factors(channel, timeline, load.edges).patience)
        yield Line(
            channel.name,
            tuple(teams),
            promise if promise is not None and promise.share < 1 else None,
            at_once,
            at_once / throughput(scenario, channel.name, teams),
            load.edges,
            contacts,
            work,
            patience,
        )


def peaks(scenario: Scenario, timeline: Timeline, live: Iterable[Line], people: Staffing) -> Iterator[Peak]:
    """The busiest interval of each line."""
    for line in live:
        erlangs = [ticks / (end - begin) for ticks, (begin, end) in zip(line.work, pairwise(line.edges), strict=True)]
        most = max(erlangs) * (1 - 1e-9)  # weeks that are alike differ by rounding: the first of them
        top = next(i for i, each in enumerate(erlangs) if each >= most)
        promise = promised(scenario, line.channel)
        begin, end = line.edges[top], line.edges[top + 1]
        yield Peak(
            line.channel,
            f"{timeline.local(begin):%a %d %b %H:%M}",
            line.contacts[top],
            line.work[top] / line.contacts[top] / SECOND,
            erlangs[top],
            promise.name if promise else "",
            promise.limit / SECOND if promise else 0.0,
            promise.share if promise else 0.0,
            line.heads(top, by_a=False),
            line.heads(top, by_a=True),
            people.present(line.teams, begin, end),
        )
