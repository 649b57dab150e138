"""What chance decides about on the days of a roster, laid out once for all replications of a layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.demand import fates
from supportsim.engine.journal import SPANS
from supportsim.engine.layout import Layout
from supportsim.scenario.roster import Agent, Span, present_ticks
from supportsim.scenario.ticks import NEVER

PAID, UNPAID, BLOCK = SPANS.index("break_paid"), SPANS.index("break_unpaid"), SPANS.index("block")
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Rests(NamedTuple):
    """What falls due on agent-days; int64, one entry each: row of the agent-day, due, length, what, until (NEVER)."""

    row: Numbers
    due: Numbers
    length: Numbers
    what: Numbers
    until: Numbers

    def chosen(self, which: NDArray[Any]) -> Rests:
        """Some of them: a mask, or their places."""
        return Rests(*(column[which] for column in self))


class OffDesk(NamedTuple):
    """Agent-days from which blocks off the desk are taken: (days,) but where said."""

    row: Numbers  # of the agent-day
    begins: Numbers  # (days, most): of the slots into which it is cut
    slots: Numbers  # how many it has
    whole: Numbers  # blocks that are taken for sure
    rest: Floats  # the chance of one more
    block: Numbers  # ticks of a block

    def some(self, days: slice) -> OffDesk:
        """A part of them."""
        row, begins, slots, whole, rest, block = self
        return OffDesk(row[days], begins[days], slots[days], whole[days], rest[days], block[days])


class Roster(NamedTuple):
    """Agent-days in the order of agents and begins (`layout.shifts`): int64 but where said."""

    agent: Numbers
    begin: Numbers
    end: Numbers
    last: Numbers  # the end as far as play is concerned: NEVER of who is always present
    key: NDArray[np.uint64]  # of the agent and the date
    absence: Floats  # the chance that he does not come
    breaks: Rests  # but of those in `crossing`
    crossing: Numbers  # rows of agents of whom breaks of one agent-day may fall into those of another that touches it
    off_desk: OffDesk
    rows: dict[tuple[int, int], int]  # (agent, begin) -> row, where anybody has an activity


def roster_of(layout: Layout) -> Roster:
    """The roster of a layout; made once."""
    if "roster" not in layout.kept:
        layout.kept["roster"] = _laid_out(layout)
    found: Roster = layout.kept["roster"]
    return found


def slots(span: Span, block: int) -> list[int]:
    """Begins of the slots of `block` ticks into which the shift less its breaks is cut."""
    found, at = [], span.begin
    for begin, end in [*((r.due, r.due + r.length) for r in span.rests), (span.end, span.end)]:
        while at + block <= min(begin, span.end):
            found.append(at)
            at += block
        at = max(at, end)
    return found


def _laid_out(layout: Layout) -> Roster:
    spans, teams = layout.shifts, layout.scenario.teams
    agent = whole([span.agent for span in spans])
    end = whole([span.end for span in spans])
    is_on_shifts = np.array([person.shift >= 0 for person in layout.agents], dtype=bool)
    team_of = whole([person.team for person in layout.agents])
    absence = np.array([team.absence for team in teams], dtype=np.float64)
    return Roster(
        agent, whole([span.begin for span in spans]), end, np.where(is_on_shifts[agent], end, NEVER),
        _keys(layout.agents, spans), absence[team_of[agent]], *_breaks(spans), _off_desk(layout),
        {(span.agent, span.begin): row for row, span in enumerate(spans)} if layout.moves else {},
    )  # fmt: skip


def _keys(agents: Sequence[Agent], spans: Sequence[Span]) -> NDArray[np.uint64]:
    """`fates.entity("agent", name, day)` of each agent-day."""
    of_agents = np.array([fates.entity("agent", person.name) for person in agents], dtype=np.uint64)
    days = whole([span.date.toordinal() for span in spans])
    return fates.children(of_agents[whole([span.agent for span in spans])], days) if spans else of_agents[:0]


def _breaks(spans: Sequence[Span]) -> tuple[Rests, Numbers]:
    crossing = _crossing(spans)
    return (
        rests_of([row for k, span in enumerate(spans) if span.agent not in crossing for row in breaks_of(k, span)]),
        whole([k for k, span in enumerate(spans) if span.agent in crossing]),
    )


def breaks_of(row: int, span: Span) -> list[tuple[int, int, int, int, int]]:
    """The breaks of a span as rows of `Rests`."""
    return [(row, rest.due, rest.length, PAID if rest.paid else UNPAID, NEVER) for rest in span.rests]


def _crossing(spans: Sequence[Span]) -> set[int]:
    """Agents one of whose breaks falls due before one of an earlier agent-day is over."""
    found, over, agent = set(), 0, -1
    for span in spans:
        if span.agent != agent:
            agent, over = span.agent, 0
        if span.rests and min(rest.due for rest in span.rests) < over:
            found.add(agent)
        over = max(over, *(rest.due + rest.length for rest in span.rests), 0)
    return found


def rests_of(rows: Sequence[tuple[int, int, int, int, int]]) -> Rests:
    """The columns of rows."""
    return Rests(*np.ascontiguousarray(whole(rows).reshape(-1, 5).T))


def _off_desk(layout: Layout) -> OffDesk:
    """Of a team that states a share: that of the shift less its breaks, in blocks; where that is no whole number of
    blocks, chance decides about the last.
    """
    teams = [layout.scenario.teams[layout.agents[span.agent].team] for span in layout.shifts]
    rows = [row for row, team in enumerate(teams) if team.off_desk]
    block = whole([teams[row].off_desk_block for row in rows])
    spans = [layout.shifts[row] for row in rows]
    most = max((span.end - span.begin) // own for span, own in zip(spans, block.tolist(), strict=True)) if rows else 0
    begins, number = np.zeros((len(rows), most), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for k, span in enumerate(spans):
        free = slots(span, int(block[k]))
        begins[k, : len(free)], number[k] = free, len(free)
    wanted = [teams[row].off_desk * present_ticks(layout.shifts[row]) / teams[row].off_desk_block for row in rows]
    rest = np.array([share - int(share) for share in wanted], dtype=np.float64)
    return OffDesk(whole(rows), begins, number, whole([int(share) for share in wanted]), rest, block)


def whole(values: Sequence[Any]) -> Numbers:
    return np.array(values, dtype=np.int64)
