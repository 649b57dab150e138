"""What chance does to the roster of one replication: who is absent, and when blocks off the desk fall.

Both belong to the agent and the date (fates), so that another scenario with the same seed has the same people
absent; a larger share contains the smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.demand import fates
from supportsim.engine.journal import SPANS
from supportsim.engine.layout import Layout
from supportsim.engine.tables import RESTS
from supportsim.scenario.activities import OFF_DESK, Move
from supportsim.scenario.model import Team
from supportsim.scenario.roster import Span, joined, present_ticks
from supportsim.scenario.ticks import NEVER

PAID, UNPAID, BLOCK = SPANS.index("break_paid"), SPANS.index("break_unpaid"), SPANS.index("block")


class Day(NamedTuple):
    """One span of one agent as it will go: rows `rests_from` to `rests_to` of the rests fall due in it."""

    begin: int
    end: int
    rests_from: int = 0
    rests_to: int = 0


@dataclass(frozen=True)
class Days:
    """`by_agent[a]`: his days at work in order.  `rests`: RESTS rows (due, length, what), due order inside a day."""

    by_agent: list[list[Day]]
    absences: list[tuple[int, Day]]  # (agent, a day on which he does not come)
    rests: NDArray[Any]
    dues: list[int]  # the column `due` of rests, as plain numbers
    moves: list[Move]  # to other teams, of agents who come that day; `end` NEVER: straight on to his next


def _day_key(agent_name: str, day: date) -> int:
    return fates.entity("agent", agent_name, day.toordinal())


def slots(span: Span, block: int) -> list[int]:
    """Begins of the slots of `block` ticks into which the shift less its breaks is cut."""
    found, at = [], span.begin
    for begin, end in [*((r.due, r.due + r.length) for r in span.rests), (span.end, span.end)]:
        while at + block <= min(begin, span.end):
            found.append(at)
            at += block
        at = max(at, end)
    return found


def _blocks(span: Span, key: int, share: float, block: int, world: int) -> list[int]:
    """Begins of the blocks taken: the slots with the smallest fates, `share` of the shift less its breaks.

    Where that is not a whole number of blocks, one fate of the day decides about the last.
    """
    free = slots(span, block)
    wanted = share * present_ticks(span) / block
    count = int(wanted) + int(fates.uniform(world, key, 0, fates.BLOCK_COUNT) < wanted - int(wanted))
    count = min(count, len(free))
    order = np.argsort(fates.uniforms(world, key, np.arange(len(free)), fates.BLOCK), kind="stable")
    return sorted(free[i] for i in order[:count])


def _as_it_goes(span: Span, team: Team, name: str, world: int) -> tuple[bool, Span, list[int]]:
    """Whether an agent-day is one of absence, the day, and the begins of its blocks off the desk."""
    if not (team.absence or team.off_desk):
        return False, span, []
    key = _day_key(name, span.date)
    if fates.uniform(world, key, 0, fates.ABSENCE) < team.absence:
        return True, span, []
    blocks = _blocks(span, key, team.off_desk, team.off_desk_block, world) if team.off_desk else []
    return False, span, blocks


def days_of(layout: Layout, world: int) -> Days:
    """The roster as it goes in this world; planned once where chance has no part in it."""
    if layout.rosters_vary:
        return plan_days(layout, world)
    if "days" not in layout.kept:
        layout.kept["days"] = plan_days(layout, world)
    days: Days = layout.kept["days"]
    return days


def _straight_on(moves: list[Move]) -> list[Move]:
    """Nobody goes back to his own team for no time: his next move takes him from where he is."""
    begins = {(move.agent, move.begin) for move in moves}
    return [move._replace(end=NEVER) if (move.agent, move.end) in begins else move for move in moves]


def plan_days(layout: Layout, world: int) -> Days:
    """Absence and blocks of every agent-day in this world; days that touch are one, except for absence."""
    by_agent: list[list[Day]] = [[] for _ in layout.agents]
    absences: list[tuple[int, Day]] = []
    rests: list[tuple[int, int, int, int]] = []
    away: set[tuple[int, int]] = set()
    of_agent: dict[int, list[Move]] = {}
    for move in layout.moves:
        of_agent.setdefault(move.agent, []).append(move)
    for agent, own in groupby(layout.shifts, key=lambda span: span.agent):
        person = layout.agents[agent]
        team = layout.scenario.teams[person.team]
        days = [_as_it_goes(span, team, person.name, world) for span in own]
        absences += [(agent, Day(span.begin, span.end)) for absent, span, _ in days if absent]
        away |= {(agent, span.begin) for absent, span, _ in days if absent}
        off_desk = [m for m in of_agent.get(agent, ()) if m.team == OFF_DESK and (agent, m.span_begin) not in away]
        for span in joined([span for absent, span, _ in days if not absent]):
            blocks = [b for _, _, taken in days for b in taken if span.begin <= b < span.end]
            due = [(r.due, r.length, PAID if r.paid else UNPAID, NEVER) for r in span.rests]
            due += [(begin, team.off_desk_block, BLOCK, NEVER) for begin in blocks]
            due += [(m.begin, m.hours - m.begin, BLOCK, m.hours) for m in off_desk if span.begin <= m.begin < span.end]
            end = span.end if person.shift >= 0 else NEVER  # who is always present has no end of shift
            by_agent[agent].append(Day(span.begin, end, len(rests), len(rests) + len(due)))
            rests += sorted(due)
    table = np.zeros(max(1, len(rests)), dtype=RESTS)
    if rests:
        table[:] = rests
    come = [
        m._replace(end=min(m.end, day.end))
        for m in layout.moves
        if m.team != OFF_DESK and (m.agent, m.span_begin) not in away
        for day in by_agent[m.agent]
        if day.begin <= m.begin < day.end
    ]
    return Days(by_agent, absences, table, [r[0] for r in rests], _straight_on(come))
