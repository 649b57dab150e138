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
    rows = [*_opening_hours(layout), *_shifts(days), *_moves(layout, days), *_heads(layout)]
    table = np.zeros(len(rows) + 1, dtype=AGENDA)
    table[: len(rows)] = rows
    table[len(rows)]["tick"] = NEVER
    return table[np.lexsort((table["order"], table["tick"]))]


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


def _shifts(days: Days) -> list[Row]:
    found: list[Row] = []
    for agent, own in enumerate(days.by_agent):
        for day in own:
            begins, ends = SHIFT_BEGINS | agent << 2 | TO_WORK, SHIFT_ENDS | agent
            found.append((day.begin, begins, CLOCK_IN, agent, day.rests_from, day.rests_to, day.end))
            for rest in range(day.rests_from, day.rests_to):
                if day.begin < days.dues[rest] < day.end:
                    found.append((days.dues[rest], BREAK_DUE | agent, REST_DUE, agent, rest, 0, 0))
            found.append((day.end, ends, END_SHIFT, agent, 0, 0, 0))
    for agent, day in days.absences:
        found.append((day.begin, SHIFT_BEGINS | agent << 2 | TO_WORK, STAY_AWAY, agent, day.end, 0, 0))
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
