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


class Roster(NamedTuple):
    """Agent-days in the order of agents and begins (`layout.shifts`): int64 but where said."""

    agent: Numbers
    begin: Numbers
    end: Numbers
    last: Numbers  # the end as far as play is concerned: NEVER of who is always present
    key: NDArray[np.uint64]  # of the agent and the date
    absence: Floats  # the chance that he does not come
    breaks: Rests
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
        _keys(layout.agents, spans), absence[team_of[agent]], _breaks(spans), _off_desk(layout),
        {(span.agent, span.begin): row for row, span in enumerate(spans)} if layout.moves else {},
    )  # fmt: skip


def _keys(agents: Sequence[Agent], spans: Sequence[Span]) -> NDArray[np.uint64]:
    """`fates.entity("agent", name, day)` of each agent-day."""
    of_agents = np.array([fates.entity("agent", person.name) for person in agents], dtype=np.uint64)
    days = whole([span.date.toordinal() for span in spans])
    return fates.children(of_agents[whole([span.agent for span in spans])], days) if spans else of_agents[:0]


def _breaks(spans: Sequence[Span]) -> Rests:
    found = [
        (row, rest.due, rest.length, PAID if rest.paid else UNPAID, NEVER)
        for row, span in enumerate(spans)
        for rest in span.rests
    ]
    return rests_of(found)


def rests_of(rows: Sequence[tuple[int, int, int, int, int]]) -> Rests:
    """The columns of rows."""
    return Rests(*np.ascontiguousarray(whole(rows).reshape(-1, 5).T))


def _off_desk(layout: Layout) -> OffDesk:
    """Of a team that states a share: that of the shift less its breaks, in blocks; where that is no whole number of
    blocks, chance decides about the last.
    """
    found: list[tuple[int, int, float, int]] = []
    free: list[list[int]] = []
    for row, span in enumerate(layout.shifts):
        team = layout.scenario.teams[layout.agents[span.agent].team]
        if team.off_desk:
            wanted = team.off_desk * present_ticks(span) / team.off_desk_block
            found.append((row, int(wanted), wanted - int(wanted), team.off_desk_block))
            free.append(slots(span, team.off_desk_block))
    begins = np.zeros((len(free), max((len(own) for own in free), default=0)), dtype=np.int64)
    for line, own in zip(begins, free, strict=True):
        line[: len(own)] = own
    rest = np.array([each[2] for each in found], dtype=np.float64)
    rows, sure, block = (whole([each[k] for each in found]) for k in (0, 1, 3))
    return OffDesk(rows, begins, whole([len(own) for own in free]), sure, rest, block)


def whole(values: Sequence[Any]) -> Numbers:
    return np.array(values, dtype=np.int64)
