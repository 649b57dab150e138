"""Teams and their shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from supportsim.scenario.model import Break, Shift, Team
from supportsim.scenario.nodes import Map, Text, key_of
from supportsim.scenario.resolve_files import Files
from supportsim.scenario.resolve_names import Desk, Spot
from supportsim.scenario.resolve_presence import activities, check_presence, heads
from supportsim.scenario.resolve_reserve import drains
from supportsim.scenario.resolve_time import holidays, zone
from supportsim.scenario.schema import Shift as HumanShift
from supportsim.scenario.schema import Team as HumanTeam
from supportsim.scenario.schema_base import BAD, filled, solid
from supportsim.scenario.schema_channels import FOR_ALL
from supportsim.scenario.selector import matches
from supportsim.scenario.ticks import DAY


def teams(desk: Desk, where: Sequence[Spot], files: Files) -> tuple[Team, ...]:
    """The teams as declared."""
    found = []
    with desk.passing():
        for name, each in desk.human.teams.items():
            with desk.passing():
                found.append(_team(desk, name, each, where, files))
    return tuple(found)


def _team(desk: Desk, name: str, each: HumanTeam, where: Sequence[Spot], files: Files) -> Team:
    serves = _serves(desk, name, each, where)
    zone_name = zone(desk, each.timezone)
    shifts = desk.attempt(lambda: _shifts(desk, name, each, zone_name, files), ())
    for look in (check_presence, lambda own: _note_nobody(desk, name, own, shifts)):
        with desk.passing():
            look(each)
    for check in (_check_proficiency, _say_defaults):
        with desk.passing():
            check(desk, name, each)
    leave, absence, (off_desk, block) = desk.attempt(lambda: _shrinkage(each), (BAD, BAD, (BAD, BAD)))
    places = tuple(_place(serves, spot) for spot in where)
    return Team(
        name=name,
        serves=tuple(str(selector) for selector in serves),
        places=places,
        agents=each.agents,
        shifts=shifts,
        concurrency=desk.attempt(lambda: _concurrency(desk, each), BAD),
        heads=heads(desk, name, each, files, zone_name),
        pick=filled(each.pick, "longest_idle"),
        drains=desk.attempt(lambda: drains(desk, name, each, where, places), ()),
        activities=desk.attempt(lambda: activities(desk, name, each, shifts), ()),
        leave=leave,
        absence=absence,
        off_desk=off_desk,
        off_desk_block=block,
        wage_per_hour=filled(each.wage, 0.0),
        overtime_factor=each.overtime,
        seat_per_month=filled(each.seat, 0.0),
        zone=zone_name,
    )


def _serves(desk: Desk, name: str, each: HumanTeam, where: Sequence[Spot]) -> list[Text]:
    """The selectors of what a team serves, those left out that cannot be read."""
    serves = [] if each.serves is BAD else [selector for selector in each.serves if selector is not BAD]
    known = [desk.selector(selector) for selector in serves]
    desk.unclear = desk.unclear or not all(known) or each.serves is BAD or len(serves) < len(each.serves)
    if each.serves is not BAD and not each.serves:
        each.wrong("serves", "at least one selector")
    for selector, fine in zip(serves, known, strict=True):
        if fine and where and not any(matches(selector.split(), spot) for spot in where):
            desk.note(f"teams.{name}.serves: {selector} names no queue that contacts come to")
    return serves


def _shrinkage(each: HumanTeam) -> tuple[float, float, tuple[float, int]]:
    """Leave, absence, and off-desk work with the length of its blocks."""
    own = each.shrinkage
    return (0.0, 0.0, (0.0, 0)) if own is None else (own.leave, own.absence, own.off_desk)


def _note_nobody(desk: Desk, name: str, each: HumanTeam, shifts: Sequence[Shift]) -> None:
    """Note a team of nobody, unless others work as it at times."""
    stated = each.agents is not None or each.shifts is not None
    if not stated or each.agents or any(shift.agents for shift in shifts):
        return
    comers = [own for team in desk.human.teams.values() for own in (team.activities or {}).values()]
    if not any(own.works_as == name for own in comers):
        desk.note(f"teams.{name}: nobody is in it")


def _check_proficiency(desk: Desk, name: str, each: HumanTeam) -> None:
    """The names in the selectors of `proficiency`."""
    node = each.node("proficiency")
    for key in each.proficiency:
        if key != FOR_ALL and isinstance(node, Map):
            desk.selector_key(key_of(node, key) or Text(key, node.place), node)


def _say_defaults(desk: Desk, name: str, each: HumanTeam) -> None:
    if each.pick is None:
        desk.default(f"teams.{name}.pick: longest idle")
    if each.wage is None:
        desk.default(f"teams.{name}.wage: none, hours cost nothing")
    elif "overtime" not in each._node:
        desk.default(f"teams.{name}.overtime: x 1")
    if each.shrinkage is None:
        desk.default(f"teams.{name}.shrinkage: none beside the breaks")


def _place(serves: Sequence[Text], spot: Spot) -> int:
    for place, selector in enumerate(serves):
        if matches(selector.split(), spot):
            return place
    return -1


def _concurrency(desk: Desk, each: HumanTeam) -> tuple[tuple[str, int], ...]:
    node = each.node("concurrency")
    for name in each.concurrency:
        if "channel" in desk.lost and name not in desk.of_kind("channel"):
            continue
        if name not in desk.of_kind("channel") and isinstance(node, Map):
            from supportsim.scenario.errors import nearest

            hint = nearest(name, desk.of_kind("channel"))
            desk.reading.wrong_key(key_of(node, name) or name, node, "the name of a channel", hint)
        elif desk.human.channels[name].kind != "live" and isinstance(node, Map):
            key = key_of(node, name) or name
            desk.reading.wrong_key(key, node, "a live channel", "one deferred contact at a time")
    return tuple((str(name), value) for name, value in each.concurrency.items())


def _shifts(desk: Desk, team: str, each: HumanTeam, zone_name: str, files: Files) -> tuple[Shift, ...]:
    if each.shifts is None:
        return ()
    if not each.shifts:
        each.wrong("shifts", "at least one shift")
    found = []
    for name, shift in each.shifts.items():
        with desk.passing():
            found.append(_shift(desk, name, shift, zone_name))
            _note_outside(desk, f"teams.{team}.shifts.{name}", found[-1], files)
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
        weeks=each.weeks or (1, 1),
        first=each.first,
        until=each.until,
    )


def _note_outside(desk: Desk, path: str, shift: Shift, files: Files) -> None:
    """Note a shift that is not worked at all in the time played."""
    if shift.first is None and shift.until is None:
        return
    with desk.passing():
        days = [day for day, _ in files.timeline.days(solid(shift.zone))]
        if shift.first is not None and shift.first > days[-1]:
            desk.note(f"{path}: it begins after the end of play")
        elif shift.until is not None and shift.until <= days[0]:
            desk.note(f"{path}: it is over before play begins")


def _on_shift(one: Break, begin: int) -> Break:
    """The break counted from midnight of the day on which the shift begins."""
    later = 0 if one.earliest >= begin else DAY
    return replace(one, earliest=one.earliest + later, latest=one.latest + later)
