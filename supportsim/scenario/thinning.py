"""Issues taken away from a scenario: what would the others have without them?

Names, queues, roster and fixed costs stay as they are, so whatever differs comes from the issues alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, NamedTuple

from supportsim.scenario.errors import nearest
from supportsim.scenario.model import Scenario, Stream, Thin
from supportsim.scenario.offers import plans_of

Kind = Literal["segment", "topic", "channel"]


class NothingToRemove(ValueError):  # noqa: N818 - reads as what is wrong
    """What was asked for cannot be taken away."""


class Source(NamedTuple):
    """Issues of one stream that share segment, topic and the channel it names (None: they come by plan)."""

    stream: str
    segment: str
    topic: str
    channel: str | None


def left(scenario: Scenario, segment: str, topic: str, channel: str | None) -> float:
    """The part of such issues that is left, 0 to 1."""
    part = 1.0
    named = {"segment": segment, "topic": topic, "channel": channel}
    for thin in scenario.thinned:
        part *= 1 - thin.share if named[thin.kind] == thin.name else 1.0
    return part


def is_gone(scenario: Scenario, stream: Stream) -> bool:
    """Whether nothing is left of a stream of filler; of work without end there is no tenth."""
    return left(scenario, stream.segment, stream.topic, stream.channel) == 0


def without(scenario: Scenario, name: str, share: float = 1.0) -> Scenario:
    """The scenario with a share of the issues of a segment, topic or channel taken away.

    Raises NothingToRemove for a name that is none of these, and where no issue is of it; ValueError for a share that
    is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share: got {share!r}; expected a number above 0, at most 1")
    kind = kind_of(scenario, name)
    found = sources(scenario, kind, name)
    if not found:
        raise NothingToRemove(_why_nothing(scenario, kind, name))
    endless = {stream.name for stream in scenario.streams if stream.kind == "endless"}
    if share < 1 and all(source.stream in endless for source in found):
        raise NothingToRemove(f"all work of {name!r} is filler: it has no end, so no part of it can be taken away")
    return replace(scenario, thinned=(*scenario.thinned, Thin(kind, name, share)))


def kind_of(scenario: Scenario, name: str) -> Kind:
    """What a name is the name of.  Raises NothingToRemove."""
    known = _names(scenario)
    for kind, names in known.items():
        if name in names:
            return kind
    every = [each for names in known.values() for each in names]
    raise NothingToRemove(f"no segment, topic or channel is named {name!r}; {nearest(name, every)}")


def _names(scenario: Scenario) -> dict[Kind, list[str]]:
    return {
        "segment": [each.name for each in scenario.segments],
        "topic": [each.name for each in scenario.topics],
        "channel": [each.name for each in scenario.channels],
    }


def sources(scenario: Scenario, kind: Kind, name: str) -> list[Source]:
    """What a name takes away: all sources of the segment, the topic, or of streams that name the channel."""
    return [source for source in _all(scenario) if getattr(source, kind) == name]


def by_plan(scenario: Scenario, channel: str) -> list[Source]:
    """The sources that may begin on a channel because a plan says so: they are not taken away with it."""
    return [
        source
        for source in _all(scenario)
        if source.channel is None
        and any(step.channel == channel for plan, _ in plans_of(scenario, source.segment) for step in plan.steps)
    ]


def _why_nothing(scenario: Scenario, kind: Kind, name: str) -> str:
    """Why nothing can be taken away, and what can be asked instead."""
    planned = by_plan(scenario, name) if kind == "channel" else []
    if not planned:
        return f"no issue is of the {kind} {name!r}: nothing can be taken away"
    instead = [f"the segment {each}" for each in dict.fromkeys(source.segment for source in planned)]
    if len(scenario.topics) > 1:
        instead += [f"the topic {each}" for each in dict.fromkeys(source.topic for source in planned)]
    return (
        f"contacts come to {name!r} by plan, no stream names it: without it they would come by the next channel of "
        f"their plan; ask for {', '.join(instead[:-1])}{' or ' * (len(instead) > 1)}{instead[-1]} instead"
    )


def _all(scenario: Scenario) -> Iterator[Source]:
    for stream in scenario.streams:
        if stream.trace is None:
            yield Source(stream.name, stream.segment, stream.topic, stream.channel)
        else:
            yield from _rows(scenario, stream)


def _rows(scenario: Scenario, stream: Stream) -> Iterator[Source]:
    """The rows of a trace say their own."""
    import numpy as np  # reading the trace has imported it already

    trace = stream.trace
    assert trace is not None
    kinds = np.stack([np.asarray(trace.segment), np.asarray(trace.topic), np.asarray(trace.channel)], axis=1)
    for segment, topic, channel in np.unique(kinds, axis=0).tolist():
        yield Source(
            stream.name,
            scenario.segments[segment].name if segment >= 0 else stream.segment,
            scenario.topics[topic].name if topic >= 0 else stream.topic,
            scenario.channels[channel].name if channel >= 0 else stream.channel,
        )
