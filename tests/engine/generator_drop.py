"""A scenario without one of its channels, teams, segments or topics, and without all that speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from generator_choices import column

from supportsim.scenario.model import Plan, Queue, Scenario, Stream, Team, Thin

T = TypeVar("T")


def _less(things: Sequence[T], i: int) -> tuple[T, ...]:
    return (*things[:i], *things[i + 1 :])


def without_channel(scenario: Scenario, i: int) -> Scenario:
    """Rows of traces that name it are left out; who began there by plan begins at the next step."""
    name = scenario.channels[i].name
    scenario = _without_queues(scenario, lambda queue: queue.channel == name)
    teams = [replace(t, concurrency=tuple(c for c in t.concurrency if c[0] != name)) for t in scenario.teams]
    streams = [_renumbered(stream, "channel", i) for stream in scenario.streams if stream.channel != name]
    return replace(
        scenario, channels=_less(scenario.channels, i), teams=tuple(teams), streams=tuple(streams),
        plans=tuple(_plan_without(plan, name) for plan in scenario.plans), thinned=_thins(scenario, name),
    )  # fmt: skip


def _plan_without(plan: Plan, name: str) -> Plan:
    steps = [step for step in plan.steps if step.channel != name]
    total = sum(step.share for step in steps)
    if steps and total != 1:
        steps = [replace(step, share=float(k == 0)) for k, step in enumerate(steps)]
    return replace(plan, steps=tuple(steps))


def without_segment(scenario: Scenario, i: int) -> Scenario:
    """One of several: its streams go, too, but not traces, whose rows of it go."""
    name = scenario.segments[i].name
    scenario = _without_queues(scenario, lambda queue: queue.segment == name)
    left = _less(scenario.segments, i)
    streams = [_renumbered(s, "segment", i) for s in scenario.streams if s.kind == "trace" or s.segment != name]
    streams = [replace(s, segment=left[0].name) if s.segment == name else s for s in streams]
    return replace(scenario, segments=left, streams=tuple(streams), thinned=_thins(scenario, name))


def without_topic(scenario: Scenario, i: int) -> Scenario:
    """Like a segment."""
    name = scenario.topics[i].name
    scenario = _without_queues(scenario, lambda queue: queue.topic == name)
    left = _less(scenario.topics, i)
    streams = [_renumbered(s, "topic", i) for s in scenario.streams if s.kind == "trace" or s.topic != name]
    streams = [replace(s, topic=left[0].name) if s.topic == name else s for s in streams]
    return replace(scenario, topics=left, streams=tuple(streams), thinned=_thins(scenario, name))


def _thins(scenario: Scenario, name: str) -> tuple[Thin, ...]:
    return tuple(thin for thin in scenario.thinned if thin.name != name)


def _renumbered(stream: Stream, name: str, gone: int) -> Stream:
    """The stream without the rows of a thing, and with one number less for those behind it."""
    if stream.trace is None:
        return stream
    trace = stream.trace
    keep = np.flatnonzero(getattr(trace, name) != gone)
    columns: dict[str, Any] = {
        each: getattr(trace, each)[keep] for each in ("at", "segment", "topic", "channel", "handle", "wrap", "patience")
    }
    columns[name] = column([n - (n > gone) for n in columns[name].tolist()], np.int32)
    return replace(stream, trace=replace(trace, **columns))


def _without_queues(scenario: Scenario, gone: Callable[[Queue], bool]) -> Scenario:
    kept = [i for i, queue in enumerate(scenario.queues) if not gone(queue)]

    def of(values: Sequence[T]) -> tuple[T, ...]:
        return tuple(values[i] for i in kept) if values else ()

    def team(team: Team) -> Team:
        holds, drained = of(team.holds), of(team.drains)
        return replace(
            team, places=of(team.places), holds=holds if any(holds) else (), drains=drained if any(drained) else ()
        )

    return replace(
        scenario, queues=of(scenario.queues), teams=tuple(team(each) for each in scenario.teams),
        promises=tuple(replace(promise, queues=of(promise.queues)) for promise in scenario.promises),
    )  # fmt: skip


def without_team(scenario: Scenario, i: int) -> Scenario:
    """No queue asks it, nobody works as it."""
    name = scenario.teams[i].name
    teams = [
        replace(team, activities=tuple(a for a in team.activities if a.works_as != name))
        for team in _less(scenario.teams, i)
    ]
    return replace(scenario, teams=tuple(teams), queues=tuple(_queue_without(queue, name) for queue in scenario.queues))


def _queue_without(queue: Queue, team: str) -> Queue:
    steps = [tuple(name for name in pool if name != team) for pool in queue.teams]
    kept = [k for k, pool in enumerate(steps) if pool]
    delays = tuple(queue.delays[k] for k in kept) if queue.delays else ()
    return replace(
        queue, teams=tuple(steps[k] for k in kept), delays=delays if any(delays) else (),
        by_team=tuple(each for each in queue.by_team if each.team != team),
    )  # fmt: skip
