"""The agenda: everything of a replication whose tick is known before play begins, for the compiled clock."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.days import Days
from supportsim.engine.layout import Layout
from supportsim.engine.ranks import (
    BREAK_DUE,
    FROM_ACTIVITY,
    OPENS,
    SHIFT_BEGINS,
    SHIFT_ENDS,
    TO_ACTIVITY,
    TO_WORK,
    WORLD,
)
from supportsim.engine.tables import AGENDA
from supportsim.scenario.ticks import NEVER

# What is to be done, with up to four numbers: a channel, agent or team first.
OPEN, CLOSE, END_SHIFT, REST_DUE, CLOCK_IN, STAY_AWAY, MOVE, FEWER, MORE = range(9)

Row = tuple[int, int, int, int, int, int, int]
Rows = NDArray[np.int64]


def agenda_of(layout: Layout, days: Days) -> NDArray[Any]:
    """The agenda of one replication; made once where chance has no part in it."""
    if layout.rosters_vary:
        return agenda(layout, days)
    if "agenda" not in layout.kept:
        layout.kept["agenda"] = agenda(layout, days)
    kept: NDArray[Any] = layout.kept["agenda"]
    return kept


def agenda(layout: Layout, days: Days) -> NDArray[Any]:
    """AGENDA rows in the order (tick, order), and one at NEVER behind them."""
    single = [*_opening_hours(layout), *_moves(layout, days), *_heads(layout)]
    rows = np.concatenate([np.array(single, dtype=np.int64).reshape(-1, 7), *_shifts(days)])
    table = np.zeros(len(rows) + 1, dtype=AGENDA)
    order = np.lexsort((rows[:, 1], rows[:, 0]))
    table.view(np.int64).reshape(-1, 7)[:-1] = rows[order]
    table[len(rows)]["tick"] = NEVER
    return table


def _opening_hours(layout: Layout) -> list[Row]:
    found: list[Row] = []
    for channel in range(len(layout.scenario.channels)):
        now = 0
        for begin, end in layout.windows(channel):
            if begin > now:
                found.append((begin, WORLD | OPENS | channel, OPEN, channel, 0, 0, 0))
            if end > now:
                found.append((end, WORLD | channel, CLOSE, channel, 0, 0, 0))
            now = max(now, begin, end)
    return found


def _shifts(days: Days) -> tuple[Rows, ...]:
    """Who clocks in, what falls due, who goes home and who stays away."""
    agent, begin, end, rests_from, rests_to = days.there
    clock_in = _rows(begin, SHIFT_BEGINS | agent << 2 | TO_WORK, CLOCK_IN, agent, rests_from, rests_to, end)
    day = np.repeat(np.arange(len(agent)), rests_to - rests_from)
    due = days.rests["due"][: len(day)]
    rest = np.flatnonzero((begin[day] < due) & (due < end[day]))
    whose = agent[day[rest]]
    rests = _rows(due[rest], BREAK_DUE | whose, REST_DUE, whose, rest)
    goes = _rows(end, SHIFT_ENDS | agent, END_SHIFT, agent)
    agent, begin, end = days.away
    return clock_in, rests, goes, _rows(begin, SHIFT_BEGINS | agent << 2 | TO_WORK, STAY_AWAY, agent, end)


def _rows(*columns: Any) -> Rows:
    """Rows of columns, the last of which are 0."""
    found = np.zeros((len(columns[0]), 7), dtype=np.int64)
    for place, column in enumerate(columns):
        found[:, place] = column
    return found


def _moves(layout: Layout, days: Days) -> list[Row]:
    found: list[Row] = []
    for move in days.moves:
        agent, home = move.agent, layout.agents[move.agent].team
        found.append((move.begin, SHIFT_BEGINS | agent << 2 | TO_ACTIVITY, MOVE, agent, move.team, 0, 0))
        found.append((move.end, SHIFT_BEGINS | agent << 2 | FROM_ACTIVITY, MOVE, agent, home, 0, 0))
    return found


def _heads(layout: Layout) -> list[Row]:
    found: list[Row] = []
    for team in range(len(layout.scenario.teams)):
        present, first = 0, int(layout.tables["teams"][team]["agents_from"])
        for tick, heads in layout.heads(team):
            if heads < present:
                found.append((tick, SHIFT_ENDS | first, FEWER, team, present - heads, 0, 0))
            else:
                found.append((tick, SHIFT_BEGINS | first << 2 | TO_WORK, MORE, team, heads - present, 0, 0))
            present = heads
    return found
