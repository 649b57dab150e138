"""Twists of teams: heads, somebody picked at random, reservation, draining, activities, shifts of some weeks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from generator_base import Maker
from generator_channels import at_once
from generator_choices import EVERY_DAY

from supportsim.scenario.model import Activity, Scenario, Shift, Team
from supportsim.scenario.ticks import DAY, MINUTE


def changed(scenario: Scenario, chosen: list[Team], change: Callable[[Team], Team]) -> Scenario:
    """The scenario with the chosen teams changed."""
    names = {team.name for team in chosen}
    return replace(scenario, teams=tuple(change(t) if t.name in names else t for t in scenario.teams))


def served(scenario: Scenario, team: Team) -> list[int]:
    """Places of the queues that a team serves and that ask it."""
    queues = enumerate(scenario.queues)
    return [i for i, queue in queues if team.places[i] >= 0 and any(team.name in pool for pool in queue.teams)]


# ---------------------------------------------------------------- who is there


def is_heads(maker: Maker, scenario: Scenario) -> Scenario:
    """`heads` instead of people: a curve that rises and falls at minutes at which other things happen."""

    def change(team: Team) -> Team:
        rows = curve(maker, scenario)
        return replace(
            team, agents=None, shifts=(), heads=rows, activities=(), absence=0.0, off_desk=0.0, off_desk_block=0
        )

    return changed(scenario, maker.by.some(scenario.teams, 40), change)


def curve(maker: Maker, scenario: Scenario) -> tuple[tuple[int, int], ...]:
    """Rows of heads: from the begin of play, or later; none before the first."""
    by = maker.by
    begin = by.of((-scenario.times.warm_up_ticks, 0, maker.minute()))
    ticks = sorted({begin, *(maker.minute() for _ in range(by.whole(1, 6)))})
    rows: list[tuple[int, int]] = []
    now = 0
    for tick in ticks:
        if tick >= begin:
            heads = by.of([n for n in (0, 1, 2, 2, 3, 4) if n != now])
            rows.append((tick, heads))
            now = heads
    return tuple(rows)


def picks_anybody(maker: Maker, scenario: Scenario) -> Scenario:
    """`pick: random`."""
    return changed(scenario, maker.by.some(scenario.teams, 70), lambda team: replace(team, pick="random"))


def comes_in_some_weeks(maker: Maker, scenario: Scenario) -> Scenario:
    """`weeks`: one of every two or three, with or without a first date; the weeks of Sunday and Monday differ."""
    by = maker.by

    def change(shift: Shift) -> Shift:
        every = by.of((2, 2, 3))
        first = scenario.times.start + timedelta(days=by.of((-1, -7, 0, -8, -14, 1))) if by.chance(40) else None
        return replace(shift, weeks=(by.of((1, 1, every)), every), first=first)

    return _shifts_changed(maker, scenario, change)


def comes_for_some_time(maker: Maker, scenario: Scenario) -> Scenario:
    """`from` and `until`: dates around the begin of play."""
    by, start = maker.by, scenario.times.start

    def change(shift: Shift) -> Shift:
        kind = by.of(("from", "until", "both"))
        first = None if kind == "until" else start + timedelta(days=by.of((0, -1, 1)))
        until = None if kind == "from" else (first or start) + timedelta(days=by.whole(1, 2))
        return replace(shift, first=first, until=until)

    return _shifts_changed(maker, scenario, change)


def _shifts_changed(maker: Maker, scenario: Scenario, change: Callable[[Shift], Shift]) -> Scenario:
    def of_team(team: Team) -> Team:
        chosen = {shift.name for shift in maker.by.some(team.shifts, 60)}
        return replace(team, shifts=tuple(change(s) if s.name in chosen else s for s in team.shifts))

    return changed(scenario, [team for team in scenario.teams if team.shifts], of_team)


# ---------------------------------------------------------------- what they may take


def reserves(maker: Maker, scenario: Scenario) -> Scenario:
    """`holds`: per queue the largest number of the reservations it is below."""
    by = maker.by

    def change(team: Team) -> Team:
        holds = [0] * len(scenario.queues)
        for _ in range(by.of((1, 1, 2))):
            named = set(by.some(served(scenario, team), 30))
            best = min((scenario.queues[i].priority_class for i in named), default=0)
            least = by.of((1, 1, 2))
            for i, queue in enumerate(scenario.queues):
                if i not in named and queue.priority_class >= best:
                    holds[i] = max(holds[i], least)
        return replace(team, holds=tuple(holds) if any(holds) else ())

    return changed(scenario, by.some(scenario.teams, 60), change)


def drains(maker: Maker, scenario: Scenario) -> Scenario:
    """`drains`: queues the team serves one at a time, while it may hold several of something else."""
    by = maker.by
    channels = {channel.name: channel for channel in scenario.channels}

    def change(team: Team) -> Team:
        own = served(scenario, team)
        first = {scenario.queues[i].channel for i in own}
        able = [i for i in own if at_once(team, channels[scenario.queues[i].channel]) == 1]
        if not able and len(first) > 1:  # one channel is served one at a time from now on
            name = by.of(sorted(first))
            team = replace(team, concurrency=(*((c, n) for c, n in team.concurrency if c != name), (name, 1)))
            able = [i for i in own if scenario.queues[i].channel == name]
        rest = sorted(first - {scenario.queues[i].channel for i in able})
        if able and not rest and len(first) > 1:  # another one several at a time
            able_channels = sorted(c for c in first if not channels[c].interruptible)
            if able_channels:
                name = by.of(able_channels)
                team = replace(team, concurrency=(*((c, n) for c, n in team.concurrency if c != name), (name, 2)))
                able = [i for i in able if scenario.queues[i].channel != name]
        chosen = by.some(able, 60)
        return replace(team, drains=tuple(i in chosen for i in range(len(scenario.queues))) if chosen else ())

    return changed(scenario, by.some(scenario.teams, 60), change)


# ---------------------------------------------------------------- activities


def meets(maker: Maker, scenario: Scenario) -> Scenario:
    """Activities off the desk."""
    return _activity(maker, scenario, "meeting", ())


def helps_out(maker: Maker, scenario: Scenario) -> Scenario:
    """Activities in which somebody works as another team; that team may have nobody of its own."""
    if len(scenario.teams) == 1:
        scenario = _with_another(maker, scenario)
    return _activity(maker, scenario, "help", tuple(team.name for team in scenario.teams))


def _with_another(maker: Maker, scenario: Scenario) -> Scenario:
    """One more team, without people, that serves some of the queues."""
    by = maker.by
    wanted = set(by.some(range(len(scenario.queues)), 70))
    places = tuple(by.whole(0, 2) if i in wanted else -1 for i in range(len(scenario.queues)))
    team = Team("mailroom", ("everything",), places, 0, (), pick=by.of(("longest_idle", "lowest_id")))
    queues = list(scenario.queues)
    for i in wanted:
        steps = queues[i].teams
        together = (*steps[:-1], (*steps[-1], team.name)) if steps and by.chance(25) else None
        chosen = together or ((*steps, (team.name,)) if by.chance(60) else ((team.name,), *steps))
        delays = queues[i].delays
        queues[i] = replace(queues[i], teams=chosen, delays=delays if len(delays) == len(chosen) else ())
    return replace(scenario, teams=(*scenario.teams, team), queues=tuple(queues))


def _activity(maker: Maker, scenario: Scenario, name: str, others: tuple[str, ...]) -> Scenario:
    by = maker.by

    def change(team: Team) -> Team:
        zone = team.shifts[0].zone if by.chance(80) else by.of(maker.zones)
        found = []
        for n in range(by.of((1, 1, 2, 3))):
            begin, end = hours(maker, team)
            days: Any = by.of((EVERY_DAY, EVERY_DAY, EVERY_DAY, (0,), (6,)))
            other = by.of([each for each in others if each != team.name]) if others else None
            found.append(Activity(f"{name} {team.name} {n}", days, begin, end, by.of((1, 1, 2, 3)), other))
        return replace(team, zone=zone, activities=(*team.activities, *found))

    return changed(scenario, by.some([team for team in scenario.teams if team.shifts], 60), change)


def hours(maker: Maker, team: Team) -> tuple[int, int]:
    """Hours of an activity: often from when a shift begins or a break falls due, or until a shift ends."""
    by = maker.by
    begin, end = maker.window()
    shift = by.of(team.shifts)
    if by.chance(40):
        begin = by.of((shift.begin, *(rest.earliest for rest in shift.breaks))) % DAY
        end = begin + by.whole(1, 15) * MINUTE
    if by.chance(30) and begin < shift.end <= DAY:
        end = shift.end
    if by.chance(15) and begin < shift.end - MINUTE <= DAY:
        end = shift.end - MINUTE
    return begin, min(end, DAY)
