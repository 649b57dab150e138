"""What is counted where, for every replication of a scenario: queues, promises, agents and their shifts as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.desk import Desk
from supportsim.measure.grid import Grid
from supportsim.measure.money_months import cut
from supportsim.measure.rests import Rests
from supportsim.measure.service import judged_and_missed
from supportsim.measure.tables import Frame
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import Scenario
from supportsim.scenario.offers import leaves

Table = NDArray[Any]
Ticks = NDArray[np.int64]


class Plan:
    """What is counted where, for every replication of a scenario."""

    def __init__(self, scenario: Scenario, grid: Grid, desk: Desk, rows_of: Sequence[NDArray[np.bool_]]) -> None:
        """`rows_of`: the groups of cells of which waits are told by interval."""
        self.scenario, self.grid, self.desk = scenario, grid, desk
        self.queues, self.cells = len(scenario.queues), len(scenario.queues) + len(scenario.segments)
        self.segments, self.teams = len(scenario.segments), len(scenario.teams)
        self.channels = {channel.name: i for i, channel in enumerate(scenario.channels)}
        segments = {segment.name: i for i, segment in enumerate(scenario.segments)}
        self.segment_of = whole([*(segments[q.segment] for q in scenario.queues), *range(self.segments)])
        self.frame = self._frame()
        self.pairs = int(self.frame.cover.max(initial=-1)) + 1
        bits = 2 * (len(self.channels) + 1) + len(scenario.promises) * len(self.channels)
        self.words = -(-bits // 64)
        self.rows = len(rows_of)
        self.rows_of = self._rows_of(rows_of)
        self.unpaid = self._unpaid()
        self.shifts = desk.agent_shifts
        self.pieces = cut(self.shifts, grid.month_edges) if any(leaves(scenario)) else None  # where months are told
        self.rests = Rests(desk)
        self.waged = any(team.wage_per_hour for team in scenario.teams)
        own = [number for team in scenario.teams for _, number in team.concurrency]
        most = max([1, *own, *(channel.concurrency for channel in scenario.channels)])
        self.most = min(most, 8)  # contacts in hand there is room for at first; room grows
        self.spare: list[tuple[Ticks, Table, Table]] = []  # rooms of tallies that are closed: fresh memory costs time

    def _frame(self) -> Frame:
        scenario, grid = self.scenario, self.grid
        edges = grid.interval_edges
        clocks = [open_ticks(p.hours, grid.timeline) for p in scenario.promises]
        opening = [row for c in clocks for row in _windows(c.begins, c.ends)]
        on_replies = np.array([p.clock == "first_reply" for p in scenario.promises], dtype=np.int64)
        day = np.searchsorted(grid.day_edges, edges[:-1], side="right")
        kinds = {channel.name: channel.kind for channel in scenario.channels}
        channel = [self.channels[q.channel] for q in scenario.queues] + [len(self.channels)] * self.segments
        numbers = (grid.interval_length, self.queues, len(self.channels), int(on_replies.sum()))
        return Frame(
            edges=edges,
            blocks=_blocks(edges, grid.interval_length),
            day_of=whole([0, *day, len(grid.dates) + 1]),
            channel=whole(channel),
            segment=self.segment_of,
            deferred=whole([kinds[q.channel] == "deferred" for q in scenario.queues]),
            clocks=on_replies,
            limits=whole([p.limit for p in scenario.promises]),
            always=whole([p.hours.always for p in scenario.promises]),
            windows=whole(np.cumsum([0, *(len(c.begins) for c in clocks)])),
            opening=whole(opening).reshape(-1, 3),
            cover=self._cover(),
            reply=np.where(on_replies > 0, np.cumsum(on_replies) - 1, -1),
            missed=whole([judged_and_missed(p) for p in scenario.promises]).reshape(-1, 8, 2, 2),
            numbers=whole(numbers),
        )

    def shifts_of(self, team: int) -> slice:
        """The agent-shifts of a team, which stand together."""
        agents = np.searchsorted(self.desk.team_of, (team, team + 1))
        return slice(*self.shifts[0][agents].tolist())

    def _cover(self) -> Ticks:
        """(promise, queue) -> number of the pair, -1 where the promise does not cover the queue."""
        promises = self.scenario.promises
        covered = np.array([p.queues for p in promises], dtype=bool).reshape(len(promises), self.queues)
        pair = np.cumsum(covered.ravel()).reshape(covered.shape) - 1
        return np.where(covered, pair, -1)

    def _rows_of(self, rows: Sequence[NDArray[np.bool_]]) -> Ticks:
        """Queue -> the groups it belongs to, then -1."""
        found = np.full((self.queues, len(rows) + 1), -1, dtype=np.int64)
        for queue in range(self.queues):
            mine = [i for i, cells in enumerate(rows) if cells[queue]]
            found[queue, : len(mine)] = mine
        return found

    def _unpaid(self) -> tuple[Ticks, Ticks, Ticks]:
        """First row per agent (one more at the end), begins and ends of unpaid breaks as rostered."""
        agent, begin, end = self.desk.unpaid
        first = np.searchsorted(agent, np.arange(len(self.desk.team_of) + 1)).astype(np.int64)
        return first, np.ascontiguousarray(begin), np.ascontiguousarray(end)


def whole(values: Any) -> Ticks:
    return np.ascontiguousarray(values, dtype=np.int64)


def _windows(begins: Sequence[int], ends: Sequence[int]) -> list[tuple[int, int, int]]:
    found, before = [], 0
    for begin, end in zip(begins, ends, strict=True):
        found.append((begin, end, before))
        before += end - begin
    return found


def _blocks(edges: Ticks, width: int) -> Ticks:
    """The slot (0: before counted time) at edges[0] + k x width, for every k before the last edge."""
    at = np.arange(edges[0], max(edges[-1], edges[0] + 1), width, dtype=np.int64)
    return np.searchsorted(edges, at, side="right").astype(np.int64)
