"""Twists of demand: filler, populations, forecasts with their own handle times, calls that hold their redials."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from generator_base import Maker
from generator_choices import EVERY_DAY, column
from generator_queues import lasting

from supportsim.scenario.model import Busyness, Cells, Law, PlanShare, Queue, Scenario, Stream, Thin, Work
from supportsim.scenario.ticks import HOUR, MINUTE


def fills_idle_hours(maker: Maker, scenario: Scenario) -> Scenario:
    """`endless` work in one or two queues of deferred channels; below every reservation."""
    deferred = {channel.name for channel in scenario.channels if channel.kind == "deferred"}
    able = [i for i, queue in enumerate(scenario.queues) if queue.channel in deferred]
    if not able:
        return scenario
    first = maker.by.of(able)
    chosen = [i for i in able if i == first or maker.by.chance(15)]
    queues = list(scenario.queues)
    streams = list(scenario.streams)
    for i in chosen:
        queue = queues[i]
        streams.append(Stream(f"filler {i}", "endless", queue.segment, queue.topic, queue.channel))
        queues[i] = _never_over_at_once(maker, queue)
    if maker.by.chance(30):
        streams.reverse()
    below = [
        replace(team, holds=tuple(max(team.holds) if i in chosen else n for i, n in enumerate(team.holds)))
        for team in scenario.teams
    ]
    return replace(scenario, queues=tuple(queues), streams=tuple(streams), teams=tuple(below))


def _never_over_at_once(maker: Maker, queue: Queue) -> Queue:
    own = tuple(replace(each, work=lasting(maker)) for each in queue.by_team)
    return replace(queue, work=lasting(maker), by_team=own)


def _somewhere(maker: Maker, scenario: Scenario) -> str | None:
    return maker.by.of(scenario.channels).name if maker.by.chance(60) else None


def has_a_population(maker: Maker, scenario: Scenario) -> Scenario:
    """Customers who ask so often that a few do within minutes; more of them join."""
    segments = tuple(replace(s, customers=s.customers or 3, joins_per_month=2000.0) for s in scenario.segments)
    often = 40.0 if maker.two_days else 1500.0
    segment, topic = maker.by.of(segments).name, maker.by.of(scenario.topics).name
    people = Stream("people", "population", segment, topic, _somewhere(maker, scenario), per_customer_month=often)
    return replace(scenario, segments=segments, streams=(*scenario.streams, people))


def is_offered_several(maker: Maker, scenario: Scenario) -> Scenario:
    """Segments split over their plans: shares of customers, of issues brought at all, factors on issues."""
    by = maker.by
    plans = [
        replace(plan, asks=by.of((1.0, 0.7, 0.3, 0.0)), issues=by.of((1.0, 1.0, 2.5, 0.5, 0.0)), price=6.0)
        for plan in scenario.plans
    ]
    first, last = plans[0].name, plans[-1].name
    split = (PlanShare(first, 0.4), PlanShare(last, 0.6)) if first != last else (PlanShare(first, 1.0),)
    segments = tuple(replace(s, plans=split) if by.chance(60) else s for s in scenario.segments)
    return replace(scenario, plans=tuple(plans), segments=segments)


def is_forecast(maker: Maker, scenario: Scenario) -> Scenario:
    """A forecast by the quarter of an hour; sometimes handle times come from it, sometimes it holds returns."""
    by = maker.by
    starts = tuple(range(0, 2 * HOUR, 15 * MINUTE))
    rows = [(day, start) for day in EVERY_DAY for start in starts]
    counts = tuple(by.of((0.0, 0.5, 2.0)) for _ in starts) * len(EVERY_DAY)
    aht = (float(2 * MINUTE), float(3 * MINUTE)) * (len(rows) // 2)
    cells = Cells(15 * MINUTE, tuple(d for d, _ in rows), tuple(s for _, s in rows), counts, aht, repeats=True)
    channel = _somewhere(maker, scenario)
    calls = channel is not None and by.chance(50)
    made = Stream(
        "forecast", "forecast", by.of(scenario.segments).name, by.of(scenario.topics).name, channel, cells=cells,
        counts="offered calls" if calls else "issues", returns_within=calls, volume=by.of((1.0, 0.5)),
        zone=by.of(maker.zones),
    )  # fmt: skip
    scenario = replace(scenario, streams=(*scenario.streams, made))
    return _work_from_forecast(scenario) if by.chance(30) else scenario


def _work_from_forecast(scenario: Scenario) -> Scenario:
    """Every issue then has to say how much work it is: a row of the forecast, or of a trace."""
    streams = [_saying(stream) for stream in scenario.streams if stream.kind in ("forecast", "trace")]
    work = Work(Law("constant", (1.0,), from_forecast=True), wrap_share=0.5)
    queues = tuple(replace(queue, work=work, by_team=()) for queue in scenario.queues)
    return replace(scenario, streams=tuple(streams), queues=queues)


def _saying(stream: Stream) -> Stream:
    """The stream, with an amount of work in every row of its trace."""
    if stream.trace is None:
        return stream
    handle = column([h if h >= 0 else 2 * MINUTE for h in stream.trace.handle.tolist()], np.int64)
    return replace(stream, trace=replace(stream.trace, handle=handle, sha256=f"{stream.name} with work"))


def is_thinned(maker: Maker, scenario: Scenario) -> Scenario:
    """All or a share of the issues of a segment, a topic or a channel taken away, as `without` does."""
    by = maker.by
    kinds: tuple[tuple[Any, Any], ...] = (
        ("segment", scenario.segments), ("topic", scenario.topics), ("channel", scenario.channels),
    )  # fmt: skip
    thins = []
    for _ in range(by.of((1, 1, 2))):
        kind, things = by.of(kinds)
        thins.append(Thin(kind, by.of(things).name, by.of((1.0, 1.0, 0.5, 0.1))))
    return replace(scenario, thinned=tuple(thins))


def is_busy(maker: Maker, scenario: Scenario) -> Scenario:
    """Days and quarters of an hour that differ by more than chance."""
    return replace(scenario, busyness=Busyness(maker.by.of((0.5, 0.0)), 0.5, maker.by.of(("day", "week")), 0.3))
