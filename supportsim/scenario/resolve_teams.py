"""Teams and their shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from supportsim.scenario.model import Break, Shift, Team
from supportsim.scenario.nodes import Map, key_of
from supportsim.scenario.resolve_names import Desk, Spot
from supportsim.scenario.resolve_time import holidays, zone
from supportsim.scenario.schema import Shift as HumanShift
from supportsim.scenario.schema import Team as HumanTeam
from supportsim.scenario.selector import matches
from supportsim.scenario.ticks import DAY


def teams(desk: Desk, where: Sequence[Spot]) -> tuple[Team, ...]:
    """The teams as declared."""
    found = []
    with desk.passing():
        for name, each in desk.human.teams.items():
            with desk.passing():
                found.append(_team(desk, name, each, where))
    return tuple(found)


def _team(desk: Desk, name: str, each: HumanTeam, where: Sequence[Spot]) -> Team:
    known = [desk.selector(selector) for selector in each.serves]
    desk.unclear = desk.unclear or not all(known)
    if not each.serves:
        each.wrong("serves", "at least one selector")
    for selector, fine in zip(each.serves, known, strict=True):
        if fine and where and not any(matches(selector.split(), spot) for spot in where):
            desk.note(f"teams.{name}.serves: {selector} names no queue that contacts come to")
    given = [key for key in ("agents", "shifts") if key in each._node]
    if len(given) != 1:
        each.wrong(given[1] if given else "agents", "one of agents (always present) and shifts")
    zone_name = each.timezone or zone(desk)
    shifts = _shifts(desk, each, zone_name)
    heads = each.agents if each.agents is not None else sum(shift.agents for shift in shifts)
    if given and not heads:
        desk.note(f"teams.{name}: nobody is in it")
    shrinkage = each.shrinkage
    off_desk, block = shrinkage.off_desk if shrinkage is not None else (0.0, 0)
    if shrinkage is not None and each.agents is not None:
        for key, share in (("absence", shrinkage.absence), ("off_desk", off_desk)):
            if share > 0:
                shrinkage.wrong(key, f"shifts beside {key}", "agents without shifts are always present")
    _say_defaults(desk, name, each)
    return Team(
        name=name,
        serves=tuple(str(selector) for selector in each.serves),
        places=tuple(_place(each, spot) for spot in where),
        agents=each.agents,
        shifts=shifts,
        concurrency=_concurrency(desk, each),
        pick=each.pick or "longest_idle",  # type: ignore[arg-type]
        leave=shrinkage.leave if shrinkage is not None else 0.0,
        absence=shrinkage.absence if shrinkage is not None else 0.0,
        off_desk=off_desk,
        off_desk_block=block,
        wage_per_hour=each.wage or 0.0,
        overtime_factor=each.overtime,
        seat_per_month=each.seat or 0.0,
        zone=zone_name,
    )


def _say_defaults(desk: Desk, name: str, each: HumanTeam) -> None:
    if each.pick is None:
        desk.default(f"teams.{name}.pick: longest idle")
    if each.wage is None:
        desk.default(f"teams.{name}.wage: none, hours cost nothing")
    elif "overtime" not in each._node:
        desk.default(f"teams.{name}.overtime: x 1")
    if each.shrinkage is None:
        desk.default(f"teams.{name}.shrinkage: none beside the breaks")


def _place(each: HumanTeam, spot: Spot) -> int:
    for place, selector in enumerate(each.serves):
        if matches(selector.split(), spot):
            return place
    return -1


def _concurrency(desk: Desk, each: HumanTeam) -> tuple[tuple[str, int], ...]:
    node = each.node("concurrency")
    for name in each.concurrency:
        if name not in desk.of_kind("channel") and isinstance(node, Map):
            from supportsim.scenario.errors import nearest

            hint = nearest(name, desk.of_kind("channel"))
            desk.reading.wrong_key(key_of(node, name) or name, node, "the name of a channel", hint)
        elif desk.human.channels[name].kind != "live" and isinstance(node, Map):
            key = key_of(node, name) or name
            desk.reading.wrong_key(key, node, "a live channel", "one deferred contact at a time")
    return tuple((str(name), value) for name, value in each.concurrency.items())


def _shifts(desk: Desk, each: HumanTeam, zone_name: str) -> tuple[Shift, ...]:
    if each.shifts is None:
        return ()
    if not each.shifts:
        each.wrong("shifts", "at least one shift")
    found = []
    for name, shift in each.shifts.items():
        with desk.passing():
            found.append(_shift(desk, name, shift, zone_name))
    return tuple(found)


def _shift(desk: Desk, name: str, each: HumanShift, zone_name: str) -> Shift:
    off = holidays(desk, each, each.holidays) if each.on_holidays is not None else ()
    if each.on_holidays is None and each.holidays is not None:
        each.wrong("holidays", "on_holidays beside it", "as on_holidays: nobody")
    begin, end = each.hours
    return Shift(
        name=name,
        weekdays=each.days,
        begin=begin,
        end=end,
        agents=each.agents,
        breaks=tuple(_on_shift(one, begin) for one in each.breaks),
        zone=zone_name,
        off_days=off,
    )


def _on_shift(one: Break, begin: int) -> Break:
    """The break counted from midnight of the day on which the shift begins."""
    later = 0 if one.earliest >= begin else DAY
    return replace(one, earliest=one.earliest + later, latest=one.latest + later)
