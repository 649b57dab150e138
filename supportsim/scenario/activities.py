"""Activities: who works as another team, or is off the desk, at which hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from supportsim.scenario.model import Activity, Scenario
from supportsim.scenario.roster import Span, joined
from supportsim.scenario.timeline import Timeline

OFF_DESK = -1


class Move(NamedTuple):
    """Agent `agent` does something else in [begin, end); `team`: index of the one he works as, or OFF_DESK.

    `hours` is the end of the hours, `end` that or the end of his shift.  `date` and `span_begin` tell the agent-day
    (roster.shifts) that it belongs to.
    """

    agent: int
    begin: int
    end: int
    team: int
    date: date
    span_begin: int
    hours: int


def moves(scenario: Scenario, timeline: Timeline, shifts: tuple[Span, ...], team_of: list[int]) -> tuple[Move, ...]:
    """All of them, as declared; `shifts` as from roster.shifts, `team_of` the own team of each agent.

    The first so many agents of the team, in the order of the roster, whose shift holds the begin of the hours.  Where
    the hours of two moves of one agent to other teams overlap, the later declared has nobody of him.
    """
    index = {team.name: t for t, team in enumerate(scenario.teams)}
    found: list[Move] = []
    for t, team in enumerate(scenario.teams):
        own = [span for span in shifts if team_of[span.agent] == t] if team.activities else []
        ends = _ends(own)
        busy: dict[int, list[tuple[int, int]]] = {}
        for activity in team.activities:
            to = OFF_DESK if activity.works_as is None else index[activity.works_as]
            for begin, end in _hours(activity, team.zone, timeline):
                for span in _first(own, begin, activity.agents):
                    until = min(end, ends[span.agent, span.begin])
                    move = Move(span.agent, begin, until, to, span.date, span.begin, end)
                    taken = busy.setdefault(span.agent, [])
                    if to == OFF_DESK:
                        found.append(move)
                    elif all(end <= b or e <= begin for b, e in taken):
                        taken.append((begin, end))
                        found.append(move)
    return tuple(found)


def _hours(activity: Activity, zone: str, timeline: Timeline) -> Iterator[tuple[int, int]]:
    """The hours of an activity in play, in ticks; those that have begun before it begin at 0."""
    for day, _ in timeline.days(zone):
        begin, end = hours_on(activity, day, zone, timeline)
        if begin < end:
            yield begin, end


def hours_on(activity: Activity, day: date, zone: str, timeline: Timeline) -> tuple[int, int]:
    """The hours of an activity on a date from the begin of play on, in ticks; (0, 0) on other weekdays."""
    if day.weekday() not in activity.weekdays:
        return 0, 0
    return max(0, timeline.tick(day, activity.begin, zone)), timeline.tick(day, activity.end, zone)


def _ends(own: list[Span]) -> dict[tuple[int, int], int]:
    """When an agent goes home who came for the shift (agent, begin): shifts that touch are one."""
    found = {}
    for agent, days in groupby(own, key=lambda span: span.agent):
        listed = list(days)
        whole = joined(listed)
        found.update({(agent, d.begin): next(w.end for w in whole if w.begin <= d.begin < w.end) for d in listed})
    return found


def _first(own: list[Span], begin: int, count: int) -> Iterator[Span]:
    """The first so many agents with a shift that holds a tick; of two shifts of one agent the later."""
    holding = {span.agent: span for span in own if span.begin <= begin < span.end}
    yield from [holding[agent] for agent in sorted(holding)][:count]
