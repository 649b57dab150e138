"""What chance does to the roster of one replication: who is absent, and when blocks off the desk fall.

Both belong to the agent and the date (fates), so that another scenario with the same seed has the same people
absent; a larger share contains the smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.demand import fates
from supportsim.engine.layout import Layout
from supportsim.engine.rosters import BLOCK, OffDesk, Rests, Roster, breaks_of, rests_of, roster_of
from supportsim.engine.tables import RESTS
from supportsim.scenario.activities import OFF_DESK, Move
from supportsim.scenario.roster import joined
from supportsim.scenario.ticks import NEVER

Numbers = NDArray[np.int64]
#: Slots off the desk that are drawn at a time.
AT_A_TIME = 1 << 18


class Day(NamedTuple):
    """One span of one agent as it will go: rows `rests_from` to `rests_to` of the rests fall due in it."""

    begin: int
    end: int
    rests_from: int = 0
    rests_to: int = 0


@dataclass(frozen=True)
class Days:
    """int64 (5, days): `there`, the days at work, by agent and in order: agent, begin, end, rests_from, rests_to.

    `away`: (3, days), agent, begin and end of days on which somebody does not come.  `rests`: RESTS rows, due order
    inside a day.
    """

    agents: int
    there: Numbers
    away: Numbers
    rests: NDArray[Any]
    moves: list[Move]  # to other teams, of agents who come that day; `end` NEVER: straight on to his next

    @cached_property
    def by_agent(self) -> list[list[Day]]:
        """The days at work of each agent."""
        found: list[list[Day]] = [[] for _ in range(self.agents)]
        for agent, *day in self.there.T.tolist():
            found[agent].append(Day(*day))
        return found

    @cached_property
    def absences(self) -> list[tuple[int, Day]]:
        """(agent, a day on which he does not come)."""
        return [(agent, Day(begin, end)) for agent, begin, end in self.away.T.tolist()]

    @cached_property
    def dues(self) -> list[int]:
        """The column `due` of rests, as plain numbers."""
        found: list[int] = self.rests["due"].tolist()
        return found


def days_of(layout: Layout, world: int) -> Days:
    """The roster as it goes in this world; planned once where chance has no part in it."""
    if layout.rosters_vary:
        return plan_days(layout, world)
    if "days" not in layout.kept:
        layout.kept["days"] = plan_days(layout, world)
    days: Days = layout.kept["days"]
    return days


def plan_days(layout: Layout, world: int) -> Days:
    """Absence and blocks of every agent-day in this world; days that touch are one, except for absence."""
    roster = roster_of(layout)
    absent = fates.uniforms(world, roster.key, 0, fates.ABSENCE) < roster.absence
    there, day_of = _joined(roster, absent)
    away = np.array([roster.agent[absent], roster.begin[absent], roster.end[absent]])
    moves = _of_who_comes(layout, roster, absent)
    due = [roster.breaks, _in_turn(layout, roster, absent), *_taken(roster, world), rests_of([
        (roster.rows[m.agent, m.span_begin], m.begin, m.hours - m.begin, BLOCK, m.hours)
        for m in moves if m.team == OFF_DESK
    ])]  # fmt: skip
    rests = Rests(*(np.concatenate(columns) for columns in zip(*due, strict=True)))
    table, borders = _in_order(rests.chosen(~absent[rests.row]), day_of, there.shape[1])
    elsewhere = [
        m._replace(end=min(m.end, int(there[2, day_of[roster.rows[m.agent, m.span_begin]]])))
        for m in moves
        if m.team != OFF_DESK
    ]
    days = np.concatenate([there, [borders[:-1], borders[1:]]])
    return Days(len(layout.agents), days, away, table, _straight_on(elsewhere))


def _joined(roster: Roster, absent: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Days at work (agent, begin, end), touching and overlapping ones of an agent as one; agent-day -> its day."""
    came = np.flatnonzero(~absent)
    agent, begin, end = roster.agent[came], roster.begin[came], furthest(roster.agent[came], roster.last[came])
    is_first = np.ones(len(came), dtype=bool)
    is_first[1:] = (agent[1:] != agent[:-1]) | (begin[1:] > end[:-1])
    first = np.flatnonzero(is_first)
    day_of = np.full(len(absent), -1, dtype=np.int64)
    day_of[came] = np.cumsum(is_first) - 1
    last = np.append(first[1:], len(came))[: len(first)] - 1
    return np.array([agent[first], begin[first], end[last]]), day_of


def furthest(agent: Numbers, end: Numbers) -> Numbers:
    """The latest end up to each day of an agent: his own, unless an earlier day of his outlasts it."""
    found = end.copy()
    for row in (np.flatnonzero((agent[1:] == agent[:-1]) & (end[1:] < end[:-1])) + 1).tolist():
        while row < len(agent) and agent[row] == agent[row - 1] and found[row] < found[row - 1]:
            found[row] = found[row - 1]
            row += 1
    return found


def _in_turn(layout: Layout, roster: Roster, absent: NDArray[np.bool_]) -> Rests:
    """Breaks of one agent-day that fall into those of another which it touches: each is due when the last one is over.

    So few have them that they are planned one by one.
    """
    found: list[tuple[int, int, int, int, int]] = []
    came = roster.crossing[~absent[roster.crossing]].tolist()
    for _, rows in groupby(came, key=lambda row: layout.shifts[row].agent):
        own = {row: layout.shifts[row] for row in rows}
        first = {span.begin: row for row, span in reversed(own.items())}
        for day in joined(list(own.values())):
            found += breaks_of(first[day.begin], day)
    return rests_of(found)


def _taken(roster: Roster, world: int) -> list[Rests]:
    """The blocks off the desk of each agent-day, some days at a time: the slots with the smallest fates."""
    days, most = roster.off_desk.begins.shape
    some = max(1, AT_A_TIME // max(most, 1))
    return [_taken_from(roster.off_desk.some(slice(at, at + some)), roster.key, world) for at in range(0, days, some)]


def _taken_from(o: OffDesk, keys: NDArray[np.uint64], world: int) -> Rests:
    key, (days, most) = keys[o.row], o.begins.shape
    one_more = fates.uniforms(world, key, 0, fates.BLOCK_COUNT) < o.rest
    count = np.minimum(o.whole + one_more, o.slots)
    drawn = fates.uniforms(world, key[:, None], np.arange(most), fates.BLOCK).reshape(days, most)
    drawn[np.arange(most) >= o.slots[:, None]] = np.inf
    order = np.argsort(drawn, axis=1, kind="stable")
    is_taken = np.zeros((days, most), dtype=bool)
    np.put_along_axis(is_taken, order, np.arange(most) < count[:, None], axis=1)
    day = np.nonzero(is_taken)[0]
    return Rests(
        o.row[day], o.begins[is_taken], o.block[day], np.full(len(day), BLOCK), np.full(len(day), NEVER)
    )  # fmt: skip


def _of_who_comes(layout: Layout, roster: Roster, absent: NDArray[np.bool_]) -> list[Move]:
    """Activities of agents who come that day."""
    if not layout.moves:
        return []
    away = set(zip(roster.agent[absent].tolist(), roster.begin[absent].tolist(), strict=True))
    return [move for move in layout.moves if (move.agent, move.span_begin) not in away]


def _in_order(rests: Rests, day_of: Numbers, days: int) -> tuple[NDArray[Any], Numbers]:
    """RESTS rows day by day, each in the order of what they are; and the row with which each day begins, and ends."""
    day = day_of[rests.row]
    order = np.lexsort((rests.until, rests.what, rests.length, rests.due, day))
    table = np.zeros(max(1, len(order)), dtype=RESTS)
    for name in ("due", "length", "what", "until"):
        table[name][: len(order)] = getattr(rests, name)[order]
    return table, np.append(0, np.cumsum(np.bincount(day, minlength=days)))


def _straight_on(moves: list[Move]) -> list[Move]:
    """Nobody goes back to his own team for no time: his next move takes him from where he is."""
    begins = {(move.agent, move.begin) for move in moves}
    return [move._replace(end=NEVER) if (move.agent, move.end) in begins else move for move in moves]
