"""Days of the naive desk: who is rostered, absent, off the desk, or works as another team, and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from naive_state import Agent, Day, Rest, World, agent_day, is_absent

from supportsim.demand import fates
from supportsim.scenario import roster
from supportsim.scenario.model import Activity, Team


class Move(NamedTuple):
    """Agent `agent` works for `team` in [begin, end)."""

    agent: int
    team: int
    begin: int
    end: int


def people(world: World) -> list[Agent]:
    """Everybody, in the order of the roster."""
    return [
        Agent(row, one.name, one.team, one.team, one.shift >= 0)
        for row, one in enumerate(roster.agents(world.scenario))
    ]


def rostered(world: World) -> dict[int, list[roster.Span]]:
    """Agent-days of those who have shifts or are always present; heads have none."""
    found: dict[int, list[roster.Span]] = {}
    for span in roster.shifts(world.scenario, world.timeline):
        if world.scenario.teams[world.agents[span.agent].home].heads is None:
            found.setdefault(span.agent, []).append(span)
    return found


def planned(world: World) -> tuple[dict[int, list[Day]], list[tuple[int, int, int]], list[Move]]:
    """Days of presence by agent, absences (agent, begin, end), and moves."""
    spans = rostered(world)
    days: dict[int, list[Day]] = {}
    absences: list[tuple[int, int, int]] = []
    for row, own in spans.items():
        agent = world.agents[row]
        team = world.scenario.teams[agent.home]
        there = []
        for span in own:
            if agent.has_shift and is_absent(world, team, agent.name, span.date):
                absences.append((row, span.begin, span.end))
            else:
                there.append(_day(world, agent, team, span))
        days[row] = _joined(there)
    return days, absences, activities(world, spans, days, absences)


def _day(world: World, agent: Agent, team: Team, span: roster.Span) -> Day:
    rests = [Rest(r.due, r.length, "break_paid" if r.paid else "break_unpaid") for r in span.rests]
    blocks = _blocks(world, agent, team, span)
    return Day(span.begin, span.end, sorted([*rests, *blocks], key=lambda rest: rest.order))


def _blocks(world: World, agent: Agent, team: Team, span: roster.Span) -> list[Rest]:
    """The shift less its breaks in slots of a block's length; those with the smallest fates are off the desk."""
    length = team.off_desk_block
    if not team.off_desk or not length or not agent.has_shift:
        return []
    key = agent_day(agent.name, span.date)
    free = list(_free(span))
    slots = [begin + i * length for begin, end in free for i in range((end - begin) // length)]
    wanted = team.off_desk * sum(end - begin for begin, end in free) / length
    count = int(wanted) + (world.uniform(key, 0, fates.BLOCK_COUNT) < wanted - int(wanted))
    order = sorted(range(len(slots)), key=lambda i: (world.uniform(key, i, fates.BLOCK), i))
    return [Rest(slots[i], length, "block") for i in order[:count]]


def _free(span: roster.Span) -> Iterator[tuple[int, int]]:
    begin = span.begin
    for rest in span.rests:
        if rest.due >= span.end:
            break
        if rest.due > begin:
            yield begin, rest.due
        begin = max(begin, rest.due + rest.length)
    if begin < span.end:
        yield begin, span.end


def _joined(days: list[Day]) -> list[Day]:
    """Days that touch or overlap as one."""
    found: list[Day] = []
    for day in sorted(days, key=lambda day: day.begin):
        if found and day.begin <= found[-1].end:
            found[-1].end = max(found[-1].end, day.end)
            found[-1].rests = _in_turn([*found[-1].rests, *day.rests])
        else:
            found.append(day)
    return found


def _in_turn(rests: list[Rest]) -> list[Rest]:
    """In due order; one that falls due while an earlier one lasts is due when that is over."""
    over = -(10**18)
    ordered = sorted(rests, key=lambda rest: rest.order)
    for rest in ordered:
        rest.due = max(rest.due, over)
        over = rest.due + rest.length
    return ordered


# ---------------------------------------------------------------- activities


def activities(
    world: World,
    spans: dict[int, list[roster.Span]],
    days: dict[int, list[Day]],
    absences: list[tuple[int, int, int]],
) -> list[Move]:
    """Moves to other teams; blocks off the desk are put among the rests of `days`."""
    moves: list[Move] = []
    for place, team in enumerate(world.scenario.teams):
        taken: list[tuple[int, int, int]] = []  # agent and hours of a move
        for activity in team.activities:
            for begin, end in _hours(world, team, activity):
                for row in _chosen(world, spans, place, begin)[: activity.agents]:
                    overlaps = any(who == row and begin < b and a < end for who, a, b in taken)
                    if activity.works_as is not None and not overlaps:
                        taken.append((row, begin, end))
                    there = _there(spans[row], days[row], absences, row, begin)
                    if there is not None and activity.works_as is None:
                        there.rests.append(Rest(begin, end - begin, "block", end))
                        there.rests.sort(key=lambda rest: rest.order)
                    elif there is not None and activity.works_as is not None and not overlaps:
                        moves.append(Move(row, world.team_of[activity.works_as], begin, min(end, there.end)))
    return moves


def _hours(world: World, team: Team, activity: Activity) -> Iterator[tuple[int, int]]:
    """Begin and end of an activity; hours that began before play begin with it."""
    for day, _ in world.timeline.days(team.zone):
        begin = max(0, world.timeline.tick(day, activity.begin, team.zone))
        end = world.timeline.tick(day, activity.end, team.zone)
        if day.weekday() in activity.weekdays and begin < end:
            yield begin, end


def _chosen(world: World, spans: dict[int, list[roster.Span]], team: int, begin: int) -> list[int]:
    """Whose shift as rostered holds the begin, in the order of the roster."""
    return [
        row
        for row, own in sorted(spans.items())
        if world.agents[row].home == team and any(s.begin <= begin < s.end for s in own)
    ]


def _there(
    own: list[roster.Span], days: list[Day], absences: list[tuple[int, int, int]], row: int, begin: int
) -> Day | None:
    """The days he comes around the begin; None if he is absent from the shift that holds it (the last begun)."""
    shift = max((s for s in own if s.begin <= begin < s.end), key=lambda s: s.begin)
    if (row, shift.begin, shift.end) in absences:
        return None
    return next(day for day in days if day.begin <= begin < day.end)
