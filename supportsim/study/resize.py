"""Rosters resized by work: the same shifts with as many more or fewer people as there is more or less to do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from supportsim.scenario.model import Scenario, Team, Written


def same_roster(one: Scenario, other: Scenario) -> bool:
    """Whether both have the same teams, with the same people at the same hours and the same pay."""
    return [_roster(team) for team in one.teams] == [_roster(team) for team in other.teams]


def _roster(team: Team) -> tuple[object, ...]:
    """What a team is paid for: its people and their hours, not what they do in them."""
    return (
        team.name, team.agents, team.shifts, team.heads, team.leave, team.absence, team.off_desk, team.off_desk_block,
        team.wage_per_hour, team.overtime_factor, team.seat_per_month, team.zone,
    )  # fmt: skip


def resized(scenario: Scenario, factors: Mapping[str, float]) -> Scenario:
    """Each team with `factors[name]` times its people (1 where it is not named); the same scenario if nobody changes.

    Raises ValueError for a factor that is no number of 0 or more.
    """
    for name, factor in factors.items():
        if not 0 <= factor < math.inf:
            raise ValueError(f"factor of team {name}: got {factor!r}; expected a number of 0 or more")
    teams = tuple(_resized(team, factors.get(team.name, 1.0)) for team in scenario.teams)
    if teams == scenario.teams:
        return scenario
    people = dict(change for team in teams for change in _people(team, factors.get(team.name, 1.0)))
    written = tuple(_rewritten(each, people) for each in scenario.written)
    return replace(scenario, teams=teams, written=written)


def _people(team: Team, factor: float) -> Iterator[tuple[str, int | float]]:
    """Where the numbers of people of a team are written, and what stands there now; of heads the factor."""
    path = f"teams.{team.name}"
    if team.heads is not None and factor != 1:
        yield f"{path}.heads", factor
    if team.agents is not None:
        yield f"{path}.agents", team.agents
    yield from ((f"{path}.shifts.{shift.name}.agents", shift.agents) for shift in team.shifts)


def _rewritten(each: Written, people: Mapping[str, int | float]) -> Written:
    now = people.get(each.path)
    if now is None or each.text == str(now):
        return each
    text = f"{each.text} x {now:g}" if each.path.endswith(".heads") else str(now)
    return Written(each.path, text, "resized")


def _resized(team: Team, factor: float) -> Team:
    if team.heads is not None:
        return replace(team, heads=tuple((tick, scaled([heads], factor)[0]) for tick, heads in team.heads))
    if team.agents is not None:
        return replace(team, agents=scaled([team.agents], factor)[0])
    numbers = scaled([shift.agents for shift in team.shifts], factor)
    shifts = tuple(replace(shift, agents=n) for shift, n in zip(team.shifts, numbers, strict=True))
    return replace(team, shifts=shifts)


def scaled(numbers: Sequence[int], factor: float) -> list[int]:
    """Whole numbers near `factor` times each, whose sum is nearest to `factor` times theirs (halves up).

    By largest remainder, ties to the lower index; 1 at least wherever there was one, which may raise the sum.
    """
    exact = [n * factor for n in numbers]
    found = [math.floor(x + 1e-9) for x in exact]
    missing = math.floor(sum(numbers) * factor + 0.5 + 1e-9) - sum(found)
    order = sorted(range(len(numbers)), key=lambda i: (found[i] - exact[i], i))
    for i in order[: max(missing, 0)]:
        found[i] += 1
    return [max(n, min(1, was)) for n, was in zip(found, numbers, strict=True)]
