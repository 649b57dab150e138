"""Times, calendars and everything that stands on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from supportsim.scenario.errors import nearest
from supportsim.scenario.model import Calendar, Times
from supportsim.scenario.nodes import Node, Text
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.schema_base import BAD, Entry, filled
from supportsim.scenario.schema_fields import Hours
from supportsim.scenario.ticks import DAY, MINUTE

LONGEST = 3660 * DAY
HALF_HOUR = 30 * MINUTE


def zone(desk: Desk, own: str | None = None) -> str:
    """A zone of its own, else the scenario's, UTC by default; BAD where it could not be read."""
    found: str = filled(filled(own, desk.human.timezone), "UTC")
    return found


def times(desk: Desk) -> Times:
    """Start, length, warm-up and run-out."""
    human = desk.human
    length, warm_up = human.length, human.warm_up
    out = human.run_out
    span = out.at_most if out is not None else (0, 0)
    for key, (days, ticks) in (("length", length), ("warm_up", warm_up), ("run_out", span)):
        if days * DAY + ticks > LONGEST:
            human.wrong(key, "at most 10 years")
    if length == (0, 0):
        human.wrong("length", "a time above 0")
    return Times(
        start=human.start,
        zone=zone(desk),
        length_days=length[0],
        length_ticks=length[1],
        warm_up_days=warm_up[0],
        warm_up_ticks=warm_up[1],
        run_out_days=span[0],
        run_out_ticks=span[1],
        run_out_until_empty=out.until_empty if out is not None else False,
        run_out_demand=out is None or out.demand == "goes on",
    )


def time_defaults(desk: Desk) -> None:
    """Sentences on the times that were not stated."""
    human = desk.human
    written = human._node
    if "timezone" not in written:
        desk.default("timezone: UTC")
    if "warm_up" not in written:
        desk.default("warm_up: none, play begins empty at the start")
    if "run_out" not in written:
        desk.default("run_out: none, what is open at the end stays open")
    elif isinstance(written["run_out"], Text) and "demand" not in written["run_out"]:
        desk.default("run_out.demand: goes on")
    if "interval" not in written:
        desk.default("interval: 30 min (of tables and plots)")
    if "currency" not in written:
        desk.default("currency: none stated, amounts stand without a sign")


def interval(desk: Desk) -> int:
    """The grain of tables, which divides a day."""
    value = desk.human.interval
    if value is None:
        return HALF_HOUR
    if value < MINUTE or DAY % value:
        desk.human.wrong("interval", "a time that divides a day, 1 min or more, as 30 min")
    return value


ALWAYS_DAYS: tuple[tuple[tuple[int, int], ...], ...] = ()


def calendar(desk: Desk, entry: Entry, key: str, where: Any, zone_name: str) -> Calendar:
    """The calendar a key means: `always`, a name, or hours written in place."""
    if where == "always":
        return Calendar("always", ALWAYS_DAYS, zone=zone_name, always=True)
    if isinstance(where, Hours):
        return Calendar(".".join(_own_name(entry, key)), where.days, where.holidays, zone_name)
    hours = named_hours(desk, entry.node(key), where)
    return Calendar(where, hours.days, hours.holidays, zone_name)


def _own_name(entry: Entry, key: str) -> list[str]:
    path = entry._reading.path(entry._node)
    return [str(part) for part in (*path, key)]


def named_hours(desk: Desk, node: Node, name: str) -> Hours:
    """The hours of a calendar by name; BAD (and a fault) if there is none."""
    calendars = desk.human.calendars
    if name in calendars:
        return calendars[name]
    if not desk.partial("calendars"):
        hint = nearest(name, calendars) or "there are no calendars"
        desk.reading.wrong(node, "the name of a calendar, or always", hint)
    bad: Hours = BAD
    return bad


def holidays(desk: Desk, entry: Entry, name: str | None) -> tuple[date, ...]:
    """The holidays of a calendar by name; without a name, of the only calendar that has some."""
    calendars = desk.human.calendars
    if desk.partial("calendars") and name not in calendars:
        return ()
    if name is not None:
        if name not in calendars:
            hint = nearest(name, calendars) or "there are no calendars"
            desk.reading.wrong(entry.node("holidays"), "the name of a calendar", hint)
            return ()
        return calendars[name].holidays
    having = [each for each in calendars.values() if each.holidays]
    if len(having) != 1:
        how = "none has holidays" if not having else "several have holidays"
        entry.wrong("holidays", "the name of the calendar whose holidays are meant", how)
        return ()
    return having[0].holidays
