"""Which laws hold at a queue: the channel's, then what `by` says, then the factors of topic and segment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from supportsim.scenario.model import NEVER_LAW, Law, Work
from supportsim.scenario.resolve_names import Desk, Spot
from supportsim.scenario.schema import Channel as HumanChannel
from supportsim.scenario.schema import Override
from supportsim.scenario.schema_base import Hole
from supportsim.scenario.schema_laws import Multiply
from supportsim.scenario.selector import matches


@dataclass(frozen=True)
class Laws:
    """What holds at one spot before it is checked."""

    handle: Law | None
    talk: Law | None
    wrap: Any  # a share, a law or None
    patience: Law
    resolves: float
    stretch: float = 1.0  # of the whole handle time


def queue_laws(desk: Desk, spot: Spot) -> tuple[Work, Law, float]:
    """Work, patience and resolution at a spot: the channel's, then `by`, then topic and segment factors."""
    channel = desk.human.channels[spot.channel]
    laws = Laws(
        channel.handle_time,
        channel.talk_time,
        channel.wrap_up,
        channel.patience or NEVER_LAW,
        1.0 if channel.resolves is None else channel.resolves,
    )
    for override in _overrides(channel, spot):
        laws = _overridden(laws, override)
    for each in (desk.human.topics.get(spot.topic), desk.human.segments.get(spot.segment)):
        if each is not None:
            laws = replace(
                laws,
                stretch=laws.stretch * each.handle_time,
                patience=_times(laws.patience, each.patience),
                resolves=laws.resolves * each.resolves,
            )
    return _work(channel, laws), laws.patience, min(1.0, laws.resolves)


def _overrides(channel: HumanChannel, spot: Spot) -> list[Override]:
    """What `by` says of a spot, the least specific first; of two alike the later one last."""
    found = [(len(key.split()), place, each) for place, (key, each) in enumerate(channel.by.items())]
    found = [item for item, key in zip(found, channel.by, strict=True) if matches(key.split(), spot)]
    return [each for _, _, each in sorted(found, key=lambda item: item[:2])]


def _overridden(laws: Laws, own: Override) -> Laws:
    if isinstance(own.handle_time, Multiply):
        laws = replace(laws, stretch=laws.stretch * own.handle_time.factor)
    elif own.handle_time is not None:
        laws = replace(laws, handle=own.handle_time, talk=None, stretch=1.0)
    if isinstance(own.talk_time, Multiply):
        if laws.talk is None:
            own.wrong("talk_time", "a talk_time to multiply", "the channel says handle_time")
        else:
            laws = replace(laws, talk=_times(laws.talk, own.talk_time.factor))
    elif own.talk_time is not None:
        laws = replace(laws, talk=own.talk_time, handle=None, stretch=1.0)
    if own.wrap_up is not None:
        laws = replace(laws, wrap=own.wrap_up)
    if isinstance(own.patience, Multiply):
        laws = replace(laws, patience=_times(laws.patience, own.patience.factor))
    elif own.patience is not None:
        laws = replace(laws, patience=own.patience)
    if isinstance(own.resolves, Multiply):
        laws = replace(laws, resolves=laws.resolves * own.resolves.factor)
    elif own.resolves is not None:
        laws = replace(laws, resolves=own.resolves)
    return laws


def _times(law: Law, factor: float) -> Law:
    return law if factor == 1.0 else replace(law, factor=law.factor * factor)


def _work(channel: HumanChannel, laws: Laws) -> Work:
    """The rule of work; a factor on handle_time stretches talk and wrap-up alike."""
    law = laws.handle if laws.handle is not None else laws.talk
    if law is None:
        channel.wrong("handle_time", "handle_time (talk + hold + wrap-up), or talk_time and wrap_up")
        raise Hole
    inside = laws.handle is not None
    law = _times(law, laws.stretch)
    if isinstance(laws.wrap, Law):
        return Work(law, inside, 0.0, _times(laws.wrap, laws.stretch))
    share = laws.wrap or 0.0
    if share and not inside:
        channel.wrong("wrap_up", "a duration or law beside talk_time", "a share is one of handle_time")
    return Work(law, inside, share)
