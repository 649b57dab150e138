"""The audit's reading of activities: who works as another team from when to when, and who is off the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from supportsim.scenario.model import Activity, Scenario, Team
from supportsim.scenario.roster import Span, agents, shifts
from supportsim.scenario.timeline import Timeline


class Move(NamedTuple):
    """In [begin, end) an agent works for `team`, or is off the desk (-1); `end` is that of the hours."""

    begin: int
    end: int
    team: int
    day: date | None = None  # on which his shift began


def moves(scenario: Scenario, timeline: Timeline) -> list[list[Move]]:
    """Per agent, in order of begin; shifts as rostered, before absence.

    Hours of two moves between teams must not overlap: the later activity as declared has nobody of him then.
    """
    people = agents(scenario)
    found: list[list[Move]] = [[] for _ in people]
    if not any(team.activities for team in scenario.teams):
        return found
    rostered: list[list[Span]] = [[] for _ in people]
    for span in shifts(scenario, timeline):
        rostered[span.agent].append(span)
    for t, team in enumerate(scenario.teams):
        own = [a for a, person in enumerate(people) if person.team == t and person.shift >= 0]
        for activity in team.activities:
            _activity(scenario, timeline, activity, team, [(a, rostered[a]) for a in own], found)
    return [sorted(own, key=lambda move: move[:3]) for own in found]


def whole(own: list[Move]) -> list[Move]:
    """Moves to the same team that touch are one: nothing happens where they do."""
    found: list[Move] = []
    for move in own:
        before = next((m for m in found if m.team == move.team >= 0 and m.end == move.begin), None)
        if before is None:
            found.append(move)
        else:
            found[found.index(before)] = before._replace(end=move.end)
    return found


def _activity(
    scenario: Scenario,
    timeline: Timeline,
    activity: Activity,
    team: Team,
    own: list[tuple[int, list[Span]]],
    found: list[list[Move]],
) -> None:
    to = next((t for t, other in enumerate(scenario.teams) if other.name == activity.works_as), -1)
    for begin, end in _hours(timeline, activity, team.zone):
        there = [(a, span) for a, spans in own for span in spans if span.begin <= begin < span.end]
        first = list(dict.fromkeys(a for a, _ in there))[: activity.agents]
        for a in first:
            shift = max((span for other, span in there if other == a), key=lambda span: span.begin)
            move = Move(begin, end, to, shift.date)
            if to < 0 or not any(m.team >= 0 and m.begin < end and begin < m.end for m in found[a]):
                found[a].append(move)


def _hours(timeline: Timeline, activity: Activity, zone: str) -> Iterator[tuple[int, int]]:
    days = timeline.days(zone)
    early = [days[0][0] - timedelta(days=1)] if days else []
    for day in [*early, *(day for day, _ in days)]:
        if day.weekday() in activity.weekdays:
            begin, end = timeline.tick(day, activity.begin, zone), timeline.tick(day, activity.end, zone)
            if max(0, begin) < end:  # over before play: they count for nothing; begun before: from its begin on
                yield max(0, begin), end
