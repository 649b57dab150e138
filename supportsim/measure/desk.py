"""The agents: their teams, their unpaid breaks, and the availability bridge that follows from what they did.

rostered - absent - off desk - breaks = present; present = handling + wrap-up + idle.  Overtime lies outside
the roster and is stated apart.  An agent with several chats in hand is at work once: handling while he talks
with anybody, wrap-up while he only writes up.  Whoever works as another team is counted with his own, but where it is
asked for whom people work.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.grid import Grid
from supportsim.measure.spans import Ticks, union
from supportsim.scenario.model import Scenario
from supportsim.scenario.roster import Span, agents, spans

Triple = tuple[Ticks, Ticks, Ticks]
_COLUMNS = (
    "rostered", "absent", "off_desk", "breaks_paid", "breaks_unpaid", "present", "overtime", "unpaid_absent",
    "handling", "working", "filler", "overtime_work", "overtime_filler",
)  # fmt: skip


class Desk:
    """What is known of the agents before anything happens: their teams, their unpaid breaks."""

    def __init__(self, scenario: Scenario, grid: Grid) -> None:
        self.scenario = scenario
        self.grid = grid
        self.team_of: Ticks = np.array([agent.team for agent in agents(scenario)], dtype=np.int64)

    @cached_property
    def moves(self) -> bool:
        """Whether anybody ever works as another team."""
        return any(each.works_as is not None for team in self.scenario.teams for each in team.activities)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Everybody's days as rostered."""
        return spans(self.scenario, self.grid.timeline)

    @cached_property
    def unpaid(self) -> Triple:
        """Unpaid breaks as rostered: agent, begin, end (needed for those who were absent)."""
        rows = [
            (span.agent, rest.due, min(rest.due + rest.length, span.end))
            for span in self.spans
            for rest in span.rests
            if not rest.paid
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return union(table[:, 0], table[:, 1], table[:, 2])


def team_time(instants: NDArray[np.int64], edges: Ticks) -> dict[str, NDArray[np.int64]]:
    """Per part of agents' time the ticks inside each cell of `edges`, shape (teams, cells), and what follows.

    instants: (slots, teams, TEAM_COLUMNS, 2), begins less ends and their sums, as `at_work` books them.
    """
    inside = np.moveaxis(ticks_of(instants, edges), 0, -1)  # (teams, columns, cells)
    cut = {name: inside[:, column] for column, name in enumerate(_COLUMNS)}
    cut["busy"] = cut["working"] + cut["overtime_work"]
    cut["filler_only"] = cut["filler"] + cut["overtime_filler"]
    cut["idle"] = cut["present"] - cut["working"]
    cut["busy_or_idle"] = cut["busy"] + cut["idle"]
    cut["breaks"] = cut["breaks_paid"] + cut["breaks_unpaid"]
    cut["wrap_up"] = cut["working"] - cut["handling"]
    cut["away"] = cut["breaks"] + cut["off_desk"]
    cut["paid"] = cut["rostered"] - cut["breaks_unpaid"] - cut["unpaid_absent"]
    return cut


def ticks_of(instants: NDArray[np.int64], edges: Ticks) -> NDArray[np.int64]:
    """Ticks of spans inside each cell of `edges`: shape (cells, ...).

    instants: (cells + 2, ..., 2): how many spans begin, less those that end, in each cell and beyond either end, and
    the sum of these ticks.  What has begun by an edge has lasted edge - begin; sums that wrap around come right again
    in the difference of two edges.
    """
    running = np.cumsum(instants, axis=0)[:-1]
    at = edges.reshape(-1, *([1] * (instants.ndim - 2)))
    found: NDArray[np.int64] = np.diff(running[..., 0] * at - running[..., 1], axis=0)
    return found
