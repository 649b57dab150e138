"""What an Erlang formula is told about a desk that is not as simple: mean patience, contacts held at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from supportsim.scenario.laws import mean
from supportsim.scenario.model import Scenario


def places(scenario: Scenario, channel: str, teams: Iterable[int]) -> float:
    """Contacts of `channel` that one agent of `teams` (indices) holds at once, the mean over these teams."""
    usual = next(c.concurrency for c in scenario.channels if c.name == channel)
    counts = [dict(scenario.teams[t].concurrency).get(channel, usual) for t in teams] or [usual]
    return sum(counts) / len(counts)


def mean_patience(scenario: Scenario, contacts: Sequence[float]) -> float:
    """Mean patience in ticks of so many `contacts` per queue; infinite if some wait for ever, or none comes."""
    total = sum(contacts)
    parts = zip(contacts, scenario.queues, strict=True)
    weighted = sum(count * mean(queue.patience) for count, queue in parts if count > 0)
    return weighted / total if total > 0 else math.inf
