"""Breaks as the roster has them, of those who came: where they were to fall, whether or not they fell there."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import SPANS
from supportsim.measure.desk import Desk
from supportsim.measure.spans import Ticks
from supportsim.scenario.activities import OFF_DESK, moves
from supportsim.scenario.roster import shifts

_ABSENT = SPANS.index("absent")


class Rests:
    """Every break of the roster, cut to the reporting intervals it is to lie in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        rows = [
            (span.agent, rest.due, min(rest.due + rest.length, span.end))
            for span in desk.rostered
            for rest in span.rests
        ]
        self.agent, self.begin, end = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        edges = desk.grid.interval_edges
        first = np.searchsorted(edges, self.begin, side="right") - 1
        pieces = np.maximum(np.searchsorted(edges, end) - first, 0)
        self.rest = np.repeat(np.arange(len(end)), pieces)
        slot = np.arange(len(self.rest)) - np.repeat(np.cumsum(pieces) - pieces, pieces) + first[self.rest]
        inside = (slot >= 0) & (slot < len(edges) - 1)
        self.rest, slot = self.rest[inside], slot[inside]
        self.ticks = np.minimum(end[self.rest], edges[slot + 1]) - np.maximum(self.begin[self.rest], edges[slot])
        self.shape = (len(desk.scenario.teams), len(edges) - 1)
        self.cell = self._teams()[self.rest] * self.shape[1] + slot

    def _teams(self) -> Ticks:
        """The team each break is taken from: the one worked for when it falls due."""
        found = self.desk.team_of[self.agent]
        if not self.desk.moves:
            return found
        scenario, timeline = self.desk.scenario, self.desk.grid.timeline
        for move in moves(scenario, timeline, shifts(scenario, timeline), self.desk.team_of.tolist()):
            if move.team != OFF_DESK:
                due = (self.agent == move.agent) & (self.begin >= move.begin) & (self.begin < move.end)
                found = np.where(due, move.team, found)
        return found

    def of_who_came(self, presence: NDArray[Any]) -> NDArray[np.int64]:
        """Ticks (teams, intervals) of the breaks of those who were not absent."""
        absent = presence[presence["what"] == _ABSENT]
        came = ~self._inside(absent["agent"].astype(np.int64), absent["begin"], absent["end"])
        found = np.bincount(self.cell, self.ticks * came[self.rest], minlength=self.shape[0] * self.shape[1])
        return found.reshape(self.shape).astype(np.int64)

    def _inside(self, agent: Ticks, begin: Ticks, end: Ticks) -> NDArray[np.bool_]:
        """Which breaks fall due inside a span of their agent; spans of one agent are apart."""
        if not len(agent) or not len(self.agent):
            return np.zeros(len(self.agent), dtype=bool)
        order = np.lexsort((begin, agent))
        moment = np.unique(np.concatenate([begin, self.begin]))  # small numbers: a key holds agent and time
        keys = agent[order] << 32 | np.searchsorted(moment, begin[order])
        at = np.searchsorted(keys, self.agent << 32 | np.searchsorted(moment, self.begin), side="right") - 1
        span = order[np.maximum(at, 0)]
        return np.asarray((at >= 0) & (agent[span] == self.agent) & (self.begin < end[span]))
