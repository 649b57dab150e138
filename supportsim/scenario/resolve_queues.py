"""Queues: where issues can come to, in which class they wait, and whom they ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from supportsim.scenario.laws import span
from supportsim.scenario.model import Plan, Queue, Segment, Stream
from supportsim.scenario.nodes import Map, Text, key_of
from supportsim.scenario.resolve_names import Desk, Spot
from supportsim.scenario.resolve_work import queue_laws, team_laws
from supportsim.scenario.schema_base import BAD
from supportsim.scenario.schema_routing import Routing, TeamStep
from supportsim.scenario.selector import matches


def spots(desk: Desk, streams: Sequence[Stream], plans: Sequence[Plan], people: Sequence[Segment]) -> list[Spot]:
    """Every channel, segment and topic an issue of some stream can come to, in the order of declaration."""
    offered = paths(plans, people)
    found: set[Spot] = set()
    for stream in streams:
        for channel, segment, topic in _begins(desk, stream):
            if stream.kind == "endless":  # nobody comes back, and nobody goes on
                found.update([Spot(channel, segment, topic)] if channel is not None else [])
                continue
            if channel is None and not offered.get(segment, [[]]):
                _needs_channel(desk, stream, segment)
            for steps in offered.get(segment) or [[]]:
                found.update(Spot(each, segment, topic) for each in path_of(channel, steps))
    order = {kind: {name: i for i, name in enumerate(desk.of_kind(kind))} for kind in ("channel", "segment", "topic")}
    known = [each for each in found if each.channel in order["channel"]]
    known = [each for each in known if each.segment in order["segment"] and each.topic in order["topic"]]
    return sorted(
        known,
        key=lambda s: (order["channel"][s.channel], order["segment"][s.segment], order["topic"][s.topic]),
    )


def paths(plans: Sequence[Plan], people: Sequence[Segment]) -> dict[str, list[list[str]]]:
    """Per segment the channels of each plan that customers of it are on."""
    steps = {plan.name: [step.channel for step in plan.steps] for plan in plans}
    return {each.name: [steps.get(own.plan, []) for own in each.plans] for each in people}


def path_of(channel: str | None, steps: Sequence[str]) -> list[str]:
    """The channels an issue can come to: where it begins and the later steps of the plan."""
    if channel is None:
        return list(steps)
    return [channel, *steps[steps.index(channel) + 1 :]] if channel in steps else [channel]


def _begins(desk: Desk, stream: Stream) -> list[tuple[str | None, str, str]]:
    """Every (channel, segment, topic) at which issues of a stream begin."""
    if stream.trace is BAD:
        return []
    if stream.trace is None:
        return [(stream.channel, stream.segment, stream.topic)]
    import numpy as np

    rows = np.unique(np.stack([stream.trace.channel, stream.trace.segment, stream.trace.topic]), axis=1).T
    names = [desk.of_kind(kind) for kind in ("channel", "segment", "topic")]
    return [(names[0][c] if c >= 0 else None, names[1][s], names[2][t]) for c, s, t in rows.tolist()]


def _needs_channel(desk: Desk, stream: Stream, segment: str) -> None:
    each = desk.human.demand.get(stream.name)
    if each is not None and each is not BAD and not desk.lost:
        each.wrong("channel", "a channel", f"segment {segment} has no plan that says where issues begin")


def classes(desk: Desk, where: Sequence[Spot]) -> tuple[tuple[str, ...], list[int]]:
    """The classes in order, and the class of every spot."""
    routing = desk.human.routing
    if routing is not None and routing.classes is not None:
        return _stated_classes(desk, list(routing.classes), where)
    kinds = {name: desk.human.channels[name].kind for name in desk.of_kind("channel")}
    groups: dict[tuple[str, str], list[str]] = {}
    for spot in where:
        groups.setdefault((kinds[spot.channel], spot.segment), []).append(spot.channel)
    segments = desk.of_kind("segment")
    order = sorted(groups, key=lambda group: (group[0] != "live", segments.index(group[1])))
    labels = tuple(_label(desk, group, dict.fromkeys(groups[group])) for group in order)
    if len(order) > 1:
        desk.default("routing.classes: " + ", ".join(labels) + " (live before deferred, then as declared)")
    return labels, [order.index((kinds[spot.channel], spot.segment)) for spot in where]


def _label(desk: Desk, group: tuple[str, str], names: dict[str, None]) -> str:
    segment = f"{group[1]} " if len(desk.of_kind("segment")) > 1 else ""
    return segment + "/".join(names)


def _stated_classes(desk: Desk, stated: list[Text], where: Sequence[Spot]) -> tuple[tuple[str, ...], list[int]]:
    for each in stated:
        desk.selector(each)
    ranks = []
    for spot in where:
        fits = [place for place, each in enumerate(stated) if matches(each.split(), spot)]
        if not fits:
            desk.note(f"routing.classes names no class for {' '.join(spot)}: it is served last")
        ranks.append(fits[0] if fits else len(stated))
    for place, each in enumerate(stated):
        if place not in ranks and where:
            earlier = any(matches(each.split(), spot) for spot in where)
            why = "classes before it take all of it" if earlier else "no contact comes there"
            desk.note(f"routing.classes: {each} is empty, {why}")
    return tuple(str(each) for each in stated), ranks


class Asked(NamedTuple):
    """Whom a contact asks: pools of teams in order, and per pool the delay (() where all are 0)."""

    teams: tuple[tuple[str, ...], ...]
    delays: tuple[int, ...] = ()


def team_steps(desk: Desk, where: Sequence[Spot]) -> list[Asked]:
    """Per spot the teams a contact asks, in order; those under routing.teams, else all that serve it."""
    routing = desk.human.routing
    stated = routing.teams if routing is not None else {}
    if stated:
        assert routing is not None
        _check_team_names(desk, routing, stated)
    serving = {name: words for name in desk.human.teams if (words := _serves(desk, name)) is not None}
    desk.unclear = desk.unclear or "team" in desk.lost or len(serving) < len(desk.human.teams)
    found: list[Asked] = []
    for spot in where:
        able = [name for name, own in serving.items() if any(matches(words, spot) for words in own)]
        fits = [(len(key.split()), place, key) for place, key in enumerate(stated) if matches(key.split(), spot)]
        if not fits:
            found.append(Asked(tuple((name,) for name in able)))
            continue
        steps = stated[max(fits)[2]]
        for name in (each for step in steps for each in step.teams):
            if name in serving and name not in able:
                desk.reading.wrong(name, f"a team that serves {' '.join(spot)}", f"{name} does not")
        pools = tuple(tuple(str(each) for each in step.teams) for step in steps)
        delays = tuple(step.delay for step in steps)
        found.append(Asked(pools, delays if any(delays) else ()))
    return found


def _serves(desk: Desk, team: str) -> list[list[str]] | None:
    """The words of what a team serves; None where a selector of it is wrong: it may be meant for anything."""
    each = desk.human.teams[team]
    if each is BAD or each.serves is BAD or any(selector is BAD for selector in each.serves):
        return None
    known = [desk.selector(selector) for selector in each.serves]
    return [selector.split() for selector in each.serves] if all(known) else None


def _check_team_names(desk: Desk, routing: Routing, stated: Mapping[str, Sequence[TeamStep]]) -> None:
    parent = routing.node("teams")
    for key, steps in stated.items():
        if isinstance(parent, Map):
            desk.selector_key(key_of(parent, key) or Text(key, parent.place), parent)
        named: list[str] = []
        for each in (each for step in steps for each in step.teams):
            desk.known(each, "team")
            if each in named:
                desk.reading.wrong(each, "every team once")
            named.append(each)
        if all(step.delay for step in steps):
            desk.note(f"routing.teams.{key}: nobody is asked in the first {span(min(s.delay for s in steps))}")


def _ageing(desk: Desk, where: Sequence[Spot]) -> list[tuple[int, int]]:
    """Per spot (bonus, rate) of the first entry of routing.ageing that matches it."""
    routing = desk.human.routing
    stated = routing.ageing if routing is not None else {}
    parent = routing.node("ageing") if routing is not None else None
    fine = [
        key
        for key in stated
        if isinstance(parent, Map) and desk.selector_key(key_of(parent, key) or Text(key, parent.place), parent)
    ]
    firsts = [next((key for key in fine if matches(key.split(), spot)), None) for spot in where]
    for key in fine if where else []:
        if key not in firsts:
            earlier = any(matches(key.split(), spot) for spot in where)
            why = "entries before it take all of it" if earlier else "no contact comes there"
            desk.note(f"routing.ageing: {key} is empty, {why}")
    return [(0, 100) if key is None else (stated[key].bonus, stated[key].rate) for key in firsts]


def _note_policy(desk: Desk) -> None:
    """Note a policy that has nothing to go by."""
    routing = desk.human.routing
    if routing is None:
        return
    if routing.policy == "ageing" and not routing.ageing:
        desk.note("routing.policy: ageing without routing.ageing serves like fifo")
    if routing.policy == "deadline" and not desk.human.promises:
        desk.note("routing.policy: deadline without promises serves like fifo")


def queues(desk: Desk, where: Sequence[Spot]) -> tuple[tuple[Queue, ...], tuple[str, ...]]:
    """The queues, and the classes."""
    names, ranks = desk.attempt(lambda: classes(desk, where), ((), [0] * len(where)))
    steps: list[Asked] | None = desk.attempt(lambda: team_steps(desk, where), None)
    if steps is None:
        desk.unclear, steps = True, [Asked(())] * len(where)
    ages = desk.attempt(lambda: _ageing(desk, where), [(0, 100)] * len(where))
    with desk.passing():
        _note_policy(desk)
    found = []
    for spot, rank, asked, (bonus, rate) in zip(where, ranks, steps, ages, strict=True):
        with desk.passing():
            work, patience, resolves = queue_laws(desk, spot)
            laws = (work, patience, resolves)
            own = team_laws(desk, spot, [name for pool in asked.teams for name in pool])
            found.append(Queue(*spot, *laws, rank, asked.teams, asked.delays, own, bonus, rate))
    return tuple(found), names
