"""Small scenarios built from the resolved dataclasses, for the tests of demand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from supportsim.demand.issues import Demand
from supportsim.scenario.model import Busyness, Calendar, Channel, Scenario, Segment, Stream, Times, Topic
from supportsim.scenario.ticks import DAY, MINUTE
from supportsim.scenario.timeline import Timeline

EVERY_DAY = tuple(range(7))
MONDAY = date(2026, 3, 9)


def times(start: date = MONDAY, days: int = 7, zone: str = "UTC", **other: Any) -> Times:
    return Times(start=start, zone=zone, length_days=days, length_ticks=0, **other)


def steady(name: str, per_hour: float, **other: Any) -> Stream:
    """A stream of a constant rate."""
    other = {"segment": "people", "topic": "general", **other}
    rates = tuple((day, 0, DAY, per_hour) for day in EVERY_DAY)
    return Stream(name=name, kind="rate", rates=rates, **other)


def scenario(*streams: Stream, **other: Any) -> Scenario:
    """One channel, one topic, the anonymous segment `people`, and whatever else is given."""
    always = Calendar("always", ((),) * 7, always=True)
    given: dict[str, Any] = {
        "times": times(),
        "segments": (Segment("people", None),),
        "topics": (Topic("general"),),
        "channels": (Channel("phone", "live", always),),
        "busyness": Busyness(),
        "profiles": (),
        **other,
    }
    return Scenario(
        name="test",
        title="",
        currency="EUR",
        interval=30 * MINUTE,
        plans=(),
        queues=(),
        teams=(),
        streams=tuple(streams),
        promises=(),
        policy="priority",
        classes=(),
        **given,
    )


def demand(desk: Scenario) -> Demand:
    return Demand(desk, Timeline(desk.times))


def issues(desk: Scenario, seed: int = 1, replication: int = 0) -> np.ndarray:
    return demand(desk).draw(seed, replication)


def of_stream(desk: Scenario, rows: np.ndarray, name: str) -> np.ndarray:
    """Rows of one stream, without the places that other streams, segments or topics may shift."""
    number = [stream.name for stream in desk.streams].index(name)
    return rows[rows["stream"] == number][["asked", "key", "customer", "aht", "handle", "wrap", "patience"]]


def with_streams(desk: Scenario, *streams: Stream) -> Scenario:
    return replace(desk, streams=tuple(streams))
