"""What an Erlang formula is told about a desk that is not as simple: mean patience, contacts held at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from supportsim.scenario.laws import mean
from supportsim.scenario.model import Scenario, Work


def places(scenario: Scenario, channel: str, teams: Iterable[int]) -> float:
    """Contacts of `channel` that one agent of `teams` (indices) holds at once, the mean over these teams."""
    counts = list(_hands(scenario, channel, teams))
    return sum(counts) / len(counts)


def throughput(scenario: Scenario, channel: str, teams: Iterable[int]) -> float:
    """Work on `channel` that an agent of `teams` with all places taken does, in units of one contact alone.

    n / f(n) with n contacts at once that take f(n) times as long as one alone; the mean over the teams.
    """
    speeds = next(c.speeds for c in scenario.channels if c.name == channel)
    done = [n * (speeds[n - 1] / speeds[0] if speeds else 1.0) for n in _hands(scenario, channel, teams)]
    return sum(done) / len(done)


def _hands(scenario: Scenario, channel: str, teams: Iterable[int]) -> Iterator[int]:
    """Per team how many contacts of `channel` an agent holds; what the channel says where there is no team."""
    usual = next(c.concurrency for c in scenario.channels if c.name == channel)
    found = [dict(scenario.teams[t].concurrency).get(channel, usual) for t in teams]
    yield from found or [usual]


def mean_handle(work: Work, aht: float) -> float:
    """Mean ticks of talk and wrap-up where the forecast states `aht` ticks, without factors of hour and team."""
    worked = mean(work.law) * (aht if work.law.from_forecast else 1.0)
    if work.wrap_inside:
        return worked
    return worked + (worked * work.wrap_share if work.wrap_law is None else mean(work.wrap_law))


def mean_patience(scenario: Scenario, contacts: Sequence[float]) -> float:
    """Mean patience in ticks of so many `contacts` per queue; infinite if some wait for ever, or none comes.

    Without the factors of the hour.
    """
    total = sum(contacts)
    parts = zip(contacts, scenario.queues, strict=True)
    weighted = sum(count * mean(queue.patience) for count, queue in parts if count > 0)
    return weighted / total if total > 0 else math.inf
