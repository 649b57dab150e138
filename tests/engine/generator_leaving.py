"""Twist: customers who leave within days, so that some are gone when an issue of theirs arises or is due again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from generator_base import Maker
from generator_choices import column

from supportsim.scenario.model import EXPERIENCES, NOTHING, After, Channel, Experience, Felt, Law, Scenario, Stream
from supportsim.scenario.ticks import DAY, HOUR, MINUTE

#: Nobody leaves at more than some 35 a year, so it takes days until a few have left.
DAYS = 8


def leaves(maker: Maker, scenario: Scenario) -> Scenario:
    """Some days with no more demand than one of minutes has, and returns that take days."""
    by = maker.by
    if by.chance(75):
        return scenario
    if all(segment.customers is None for segment in scenario.segments):
        scenario = replace(scenario, segments=(replace(scenario.segments[0], customers=3), *scenario.segments[1:]))
    segments = tuple(
        replace(s, churn=None if by.chance(15) else by.of((1 - 1e-15, 1 - 1e-12, 0.99999, 0.5)),
                joins_per_month=s.joins_per_month and 100.0)
        for s in scenario.segments
    )  # fmt: skip
    if not any(s.churn is not None and s.customers is not None for s in segments):
        segments = tuple(replace(s, churn=1 - 1e-14) for s in segments)
    times = scenario.times
    if not any(stream.kind == "endless" for stream in scenario.streams):  # of which there would be thousands
        times = replace(times, length_days=DAYS)
    streams = tuple(_rare(stream, max(times.length_days, 1)) for stream in scenario.streams)
    channels = tuple(replace(c, after=_returns(maker, c)) for c in scenario.channels)
    teams = tuple(replace(t, off_desk_block=60 * t.off_desk_block) for t in scenario.teams)  # else thousands of blocks
    return replace(
        scenario,
        teams=teams,
        segments=segments,
        times=times,
        streams=streams,
        channels=channels,
        experience=_experience(maker),
    )


def _experience(maker: Maker) -> Experience:
    by = maker.by
    kinds = [kind for kind in EXPERIENCES if by.chance(60)] or ["solved"]
    found = []
    for kind in kinds:
        stated = by.of((0.001, 0.1, 0.7, 1.0, 1.5, 1000.0))
        lasts = by.of((1, MINUTE, 5 * MINUTE, 7 * HOUR, 2 * DAY, 1000 * DAY))
        each = by.of((MINUTE, 3 * HOUR)) if kind == "waited" else 0
        found.append(Felt(kind, stated / 2, stated, stated * 2, lasts, each))
    return Experience(tuple(found), feedback=True)


def _returns(maker: Maker, channel: Channel) -> tuple[After, ...]:
    """Customers come back in the days to come, mostly; even who has been served."""
    by = maker.by
    after = channel.after
    if by.chance(60) and not any(each.outcome == "solved" for each in after):
        after = (*after, After("solved", 0.5, 0.0, 0.0, 0.5, NOTHING, 4))
    late = [replace(each, delay=Law("constant", (float(by.of((5 * HOUR, DAY, 3 * DAY))),))) for each in after]
    return tuple(one if by.chance(30) else other for one, other in zip(after, late, strict=True))


def _rare(stream: Stream, days: int) -> Stream:
    """As much of it in days as there is of others in minutes."""
    if stream.kind == "population":
        return replace(stream, per_customer_month=min(stream.per_customer_month, 4.0))
    if stream.kind in ("rate", "forecast"):
        return replace(stream, volume=stream.volume * (0.03 if stream.kind == "rate" else 0.2))
    if stream.trace is None:
        return stream
    many = len(stream.trace.at)
    at = [tick + (k * days // many) * DAY if tick >= 0 else tick for k, tick in enumerate(stream.trace.at.tolist())]
    return replace(stream, trace=replace(stream.trace, at=column(sorted(at), np.int64), sha256=f"{stream.name}, days"))
