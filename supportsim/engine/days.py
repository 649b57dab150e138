"""What chance does to the roster of one replication: who is absent, and when blocks off the desk fall.

Both belong to the agent and the date (fates), so that another scenario with the same seed has the same people
absent; a larger share contains the smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.demand import fates
from supportsim.engine.journal import SPANS
from supportsim.engine.layout import Layout
from supportsim.engine.tables import RESTS
from supportsim.scenario.roster import Span, present_ticks

PAID, UNPAID, BLOCK = SPANS.index("break_paid"), SPANS.index("break_unpaid"), SPANS.index("block")


class Day(NamedTuple):
    """One span of one agent as it will go: rows `rests_from` to `rests_to` of the rests fall due in it."""

    begin: int
    end: int
    absent: bool
    rests_from: int
    rests_to: int


@dataclass(frozen=True)
class Days:
    """`by_agent[a]`: his days in order.  `rests`: RESTS rows (due, length, what), due order inside a day."""

    by_agent: list[list[Day]]
    rests: NDArray[Any]
    dues: list[int]  # the column `due` of rests, as plain numbers


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


def plan_days(layout: Layout, world: int) -> Days:
    """Absence and blocks of every agent-day in this world."""
    by_agent: list[list[Day]] = [[] for _ in layout.agents]
    rests: list[tuple[int, int, int]] = []
    for span in layout.spans:
        agent = layout.agents[span.agent]
        team = layout.scenario.teams[agent.team]
        key = _day_key(agent.name, span.date) if team.absence or team.off_desk else 0
        absent = team.absence > 0 and fates.uniform(world, key, 0, fates.ABSENCE) < team.absence
        own = [(r.due, r.length, PAID if r.paid else UNPAID) for r in span.rests]
        if team.off_desk > 0:
            taken = _blocks(span, key, team.off_desk, team.off_desk_block, world)
            own = sorted(own + [(begin, team.off_desk_block, BLOCK) for begin in taken])
        first = len(rests)
        rests += own
        by_agent[span.agent].append(Day(span.begin, span.end, absent, first, len(rests)))
    table = np.zeros(max(1, len(rests)), dtype=RESTS)
    if rests:
        table[:] = rests
    return Days(by_agent, table, [r[0] for r in rests])
