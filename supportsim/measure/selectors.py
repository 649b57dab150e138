"""The sets of queues measures are taken over: all, each channel, each segment, each segment on a channel.

A cell is a queue, or (after the queues) a segment whose issues reached no queue at all: the level *none*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supportsim.scenario.model import Scenario


@dataclass(frozen=True)
class Selectors:
    """Names, and which cells each covers: `masks` has shape (names, queues + segments)."""

    names: tuple[str, ...]
    masks: NDArray[np.bool_]


def selectors(scenario: Scenario) -> Selectors:
    """`all`, then channels, segments and `segment channel` pairs as declared, if they have a queue."""
    pairs = sorted_pairs(scenario)
    found: dict[str, NDArray[np.bool_]] = {"all": np.ones(cells(scenario), dtype=bool)}
    found |= {c.name: cover(scenario, channel=c.name) for c in scenario.channels}
    found |= {s.name: cover(scenario, segment=s.name) for s in scenario.segments}
    found |= {f"{s} {c}": cover(scenario, segment=s, channel=c) for s, c in pairs}
    return Selectors(tuple(found), np.array(list(found.values())))


def cells(scenario: Scenario) -> int:
    """How many cells there are."""
    return len(scenario.queues) + len(scenario.segments)


def sorted_pairs(scenario: Scenario) -> list[tuple[str, str]]:
    """(segment, channel) of every queue, each once: by segment, then channel, as declared."""
    used = {(q.segment, q.channel) for q in scenario.queues}
    every = [(s.name, c.name) for s in scenario.segments for c in scenario.channels]
    return [pair for pair in every if pair in used]


def cover(scenario: Scenario, segment: str | None = None, channel: str | None = None) -> NDArray[np.bool_]:
    """Which cells belong to a segment (None: any) on a channel (None: any, or none): shape (cells,)."""
    queues = [segment in (None, q.segment) and channel in (None, q.channel) for q in scenario.queues]
    unserved = [channel is None and segment in (None, s.name) for s in scenario.segments]
    return np.array([*queues, *unserved], dtype=bool)
