"""Reservations and draining: what an agent of a team must not take although his hands allow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from supportsim.scenario.errors import nearest
from supportsim.scenario.model import Queue, Stream, Team
from supportsim.scenario.nodes import Map, Text, key_of
from supportsim.scenario.resolve_names import Desk, Spot
from supportsim.scenario.schema import Team as HumanTeam
from supportsim.scenario.schema_routing import Reservation
from supportsim.scenario.selector import matches


# -- draining ---------------------------------------------------------------------------------------------
def drains(desk: Desk, name: str, each: HumanTeam, where: Sequence[Spot], places: Sequence[int]) -> tuple[bool, ...]:
    """Per queue whether a touch that waits there keeps the team from taking more of what it holds; () for none.

    Where it is unclear what teams serve, names are checked and nothing else.
    """
    if each.drain_for is None:
        return ()
    covered = [False] * len(where)
    for selector in each.drain_for:
        if not desk.selector(selector) or not where or desk.unclear:
            continue
        fits = [q for q, spot in enumerate(where) if matches(selector.split(), spot)]
        if not fits:
            desk.note(f"teams.{name}.drain_for: {selector} names no queue that contacts come to")
        if _can_drain(desk, name, each, selector, [(where[q], places[q]) for q in fits]):
            for q in fits:
                covered[q] = True
    served = {spot.channel for spot, place in zip(where, places, strict=True) if place >= 0}
    if any(covered) and all(_at_once(desk, each, channel) <= 1 for channel in served):
        desk.note(f"teams.{name}.drain_for: nobody there holds several contacts at once, so it does nothing")
    return tuple(covered) if any(covered) else ()


def _can_drain(desk: Desk, name: str, each: HumanTeam, selector: Text, fits: Sequence[tuple[Spot, int]]) -> bool:
    """Whether the team serves every queue of a selector, one contact at a time; if not, a fault."""
    for spot, place in fits:
        rule = hint = ""
        if place < 0:
            rule, hint = "queues the team serves", f"{name} does not serve {' '.join(spot)}"
        elif (many := _at_once(desk, each, spot.channel)) > 1:
            rule = "queues of channels where an agent of the team holds one contact"
            hint = f"he may hold {many} of {spot.channel}"
        if rule:
            desk.reading.wrong(selector, rule, hint)
            return False
    return True


def _at_once(desk: Desk, each: HumanTeam, channel: str) -> int:
    """Contacts of a channel that an agent of the team may hold."""
    return each.concurrency.get(channel, desk.human.channels[channel].concurrency)


# -- reservations -----------------------------------------------------------------------------------------
def reserved(
    desk: Desk, teams: tuple[Team, ...], queues: Sequence[Queue], streams: Sequence[Stream], whole: bool
) -> tuple[Team, ...]:
    """The teams with `holds`: per queue the largest number of the reservations it is below.

    `whole`: every queue could be read; where not, names and selectors are checked and nothing else.
    """
    routing = desk.human.routing
    stated = routing.reserve if routing is not None else {}
    if routing is None or not stated:
        return teams
    parent = routing.node("reserve")
    known = {team.name: team for team in teams}
    found = dict(known)
    for name, reservations in stated.items():
        if not isinstance(parent, Map) or not _is_team(desk, name, parent):
            continue
        with desk.passing():
            fine = [each for each in reservations if desk.selector(each.selector)]
            if whole and not desk.unclear and name in known:
                found[name] = _holding(desk, known[name], queues, _filler(queues, streams), fine)
    return tuple(found[team.name] for team in teams)


def _is_team(desk: Desk, name: str, parent: Map) -> bool:
    """Whether a key names a team; if not, a fault."""
    names = desk.of_kind("team")
    if name not in names and "team" not in desk.lost:
        kind = desk.kinds.get(name)
        hint = f"{name} is a {kind}" if kind else nearest(name, names)
        desk.reading.wrong_key(key_of(parent, name) or name, parent, "the name of a team", hint)
    return name in names


def _filler(queues: Sequence[Queue], streams: Sequence[Stream]) -> tuple[bool, ...]:
    """Per queue whether it holds filler work, which is below every reservation."""
    endless = {(each.channel, each.segment, each.topic) for each in streams if each.kind == "endless"}
    return tuple((queue.channel, queue.segment, queue.topic) in endless for queue in queues)


def _holding(
    desk: Desk,
    team: Team,
    queues: Sequence[Queue],
    filler: Sequence[bool],
    reservations: Sequence[Reservation],
) -> Team:
    """The team with its reservations, checked."""
    holds = [0] * len(queues)
    for each in reservations:
        fits = [matches(each.selector.split(), queue) for queue in queues]
        if not any(fits):
            desk.note(f"routing.reserve.{team.name}: {each.selector} names no queue that contacts come to")
            continue
        if not any(fit and place >= 0 for fit, place in zip(fits, team.places, strict=True)):
            desk.reading.wrong(each.selector, f"queues that {team.name} serves", f"{each.selector} is none of them")
            continue
        best = min(queue.priority_class for queue, fit in zip(queues, fits, strict=True) if fit)
        below = [
            fill or not (fit or queue.priority_class < best)
            for queue, fit, fill in zip(queues, fits, filler, strict=True)
        ]
        holds = [max(held, each.idle if low else 0) for held, low in zip(holds, below, strict=True)]
        if not any(low and place >= 0 for low, place in zip(below, team.places, strict=True)):
            label = f"routing.reserve.{team.name}: {each.idle} idle for {each.selector}"
            desk.note(f"{label}: all that the team serves is as good or better, so it does nothing")
    return replace(team, holds=tuple(holds)) if any(holds) else team
