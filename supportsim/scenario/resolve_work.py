"""Which laws hold at a queue: the channel's, then what `by` says, then the factors of topic and segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from supportsim.scenario.frozen import frozen
from supportsim.scenario.model import NEVER_LAW, Law, TeamWork, Work
from supportsim.scenario.resolve_names import Desk, Spot
from supportsim.scenario.resolve_speeds import measured_stretch
from supportsim.scenario.schema import Channel as HumanChannel
from supportsim.scenario.schema import Override
from supportsim.scenario.schema_base import Hole
from supportsim.scenario.schema_channels import FOR_ALL
from supportsim.scenario.schema_laws import Multiply
from supportsim.scenario.selector import matches


@frozen
class Laws:
    """What holds at one spot before it is checked."""

    handle: Law | None
    talk: Law | None
    wrap: Any  # a share, a law or None
    patience: Law
    resolves: float
    stretch: float = 1.0  # of the whole handle time


class Said(NamedTuple):
    """One value under `by` that holds at a spot."""

    words: int  # of its selector ...
    place: int  # ... and the place of it under `by`
    team: bool  # whether the selector names a team
    key: str
    value: Any
    entry: Override

    @property
    def rank(self) -> tuple[int, int]:
        """The most words win, of two alike the later one."""
        return self.words, self.place

    @property
    def multiplies_for_team(self) -> bool:
        """Whether it is a factor of a selector that names a team."""
        return self.team and isinstance(self.value, Multiply)


def queue_laws(desk: Desk, spot: Spot) -> tuple[Work, Law, float]:
    """Work, patience and resolution at a spot: the channel's, then `by`, then topic and segment factors."""
    laws = _laws(desk, spot, sorted(_said(desk, spot), key=lambda said: said.rank))
    return _work(desk, spot, laws), laws.patience, min(1.0, laws.resolves)


def team_laws(desk: Desk, spot: Spot, teams: Sequence[str]) -> tuple[TeamWork, ...]:
    """What is different at a spot for some teams; a team that works as the queue says is left out."""
    work, _, resolves = queue_laws(desk, spot)
    found = []
    named = {word for key in desk.human.channels[spot.channel].by for word in key.split()}
    for team, human in desk.human.teams.items():
        if team not in teams or not (human.proficiency or team in named):
            continue
        laws = _laws(desk, spot, _in_order(_said(desk, spot, team)))
        pace, better = _proficiency(desk, spot, team)
        own = TeamWork(team, _work(desk, spot, laws), min(1.0, min(1.0, laws.resolves) * better), pace)
        if own != TeamWork(team, work, resolves):
            found.append(own)
    return tuple(found)


# -- what `by` says ---------------------------------------------------------------------------------------
def _said(desk: Desk, spot: Spot, team: str | None = None) -> list[Said]:
    """Every value under `by` that holds at a spot, while an agent of `team` works or whoever does (None)."""
    found = []
    for place, (key, entry) in enumerate(desk.human.channels[spot.channel].by.items()):
        words = key.split()
        others = [word for word in words if desk.kinds.get(word) != "team"]
        named = len(others) < len(words)
        if not matches(others, spot) or (named and team not in words):
            continue
        values = ((each, getattr(entry, each)) for each in Override.model_fields)
        found += [Said(len(words), place, named, each, value, entry) for each, value in values if value is not None]
    return found


def _in_order(said: Sequence[Said]) -> list[Said]:
    """Values in the order they are applied for a team: its factors multiply what holds without it, so they come last.

    A factor of the team is outdone by a value of its own that is more specific.
    """
    first = [each for each in said if not each.multiplies_for_team]
    values = [(_same(each.key), each.rank) for each in first if each.team]
    last = [
        each
        for each in said
        if each.multiplies_for_team and not any(key == _same(each.key) and rank > each.rank for key, rank in values)
    ]
    return sorted(first, key=lambda each: each.rank) + sorted(last, key=lambda each: each.rank)


def _same(key: str) -> str:
    """`talk_time` and `handle_time` state the same thing."""
    return "handle_time" if key == "talk_time" else key


def _laws(desk: Desk, spot: Spot, said: Sequence[Said]) -> Laws:
    """The laws at a spot once the values under `by` are applied in their order."""
    channel = desk.human.channels[spot.channel]
    laws = Laws(
        channel.handle_time,
        channel.talk_time,
        channel.wrap_up,
        channel.patience or NEVER_LAW,
        1.0 if channel.resolves is None else channel.resolves,
    )
    for each in said:
        laws = _overridden(laws, each)
    for factors in (desk.human.topics.get(spot.topic), desk.human.segments.get(spot.segment)):
        if factors is not None:
            laws = replace(
                laws,
                stretch=laws.stretch * factors.handle_time,
                patience=_times(laws.patience, factors.patience),
                resolves=laws.resolves * factors.resolves,
            )
    return laws


def _overridden(laws: Laws, said: Said) -> Laws:
    value = said.value
    match said.key:
        case "handle_time" if isinstance(value, Multiply):
            return replace(laws, stretch=laws.stretch * value.factor)
        case "handle_time":
            return replace(laws, handle=value, talk=None, stretch=1.0)
        case "talk_time" if isinstance(value, Multiply):
            if laws.talk is None:
                said.entry.wrong("talk_time", "a talk_time to multiply", "the channel says handle_time")
                return laws
            return replace(laws, talk=_times(laws.talk, value.factor))
        case "talk_time":
            return replace(laws, talk=value, handle=None, stretch=1.0)
        case "wrap_up":
            return replace(laws, wrap=value)
        case "patience":
            own = _times(laws.patience, value.factor) if isinstance(value, Multiply) else value
            return replace(laws, patience=own)
        case _:
            return replace(laws, resolves=laws.resolves * value.factor if isinstance(value, Multiply) else value)


def _times(law: Law, factor: float) -> Law:
    return law if factor == 1.0 else replace(law, factor=law.factor * factor)


def _work(desk: Desk, spot: Spot, laws: Laws) -> Work:
    """The rule of work; a factor on handle_time, and what measured_at takes away, stretch talk and wrap-up alike."""
    channel: HumanChannel = desk.human.channels[spot.channel]
    law = laws.handle if laws.handle is not None else laws.talk
    if law is None:
        channel.wrong("handle_time", "handle_time (talk + hold + wrap-up), or talk_time and wrap_up")
        raise Hole
    inside = laws.handle is not None
    stretch = laws.stretch * measured_stretch(desk, spot.channel, channel)
    law = _times(law, stretch)
    if isinstance(laws.wrap, Law):
        return Work(law, inside, 0.0, _times(laws.wrap, stretch))
    share = laws.wrap or 0.0
    if share and not inside:
        channel.wrong("wrap_up", "a duration or law beside talk_time", "a share is one of handle_time")
    return Work(law, inside, share)


# -- proficiency ------------------------------------------------------------------------------------------
def _proficiency(desk: Desk, spot: Spot, team: str) -> tuple[float, float]:
    """(pace, factor of resolution) of a team at a spot: value by value the selector with the most words."""
    table = desk.human.teams[team].proficiency
    fits = [(0 if key == FOR_ALL else len(key.split()), place, key) for place, key in enumerate(table)]
    pace = better = 1.0
    for _, _, key in sorted(each for each in fits if matches(each[2].split(), spot)):
        own = table[key]
        pace = pace if own.handle_time is None else own.handle_time
        better = better if own.resolves is None else own.resolves
    return pace, better
