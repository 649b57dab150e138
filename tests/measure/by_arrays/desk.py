"""Agents' time: the availability bridge of each team, exact to the tick, cut to days or intervals.

rostered - absent - off desk - breaks = present; present = handling + wrap-up + idle.  Overtime lies outside
the roster and is stated apart.  An agent with several chats in hand is at work once: handling while he talks
with anybody, wrap-up while he only writes up.  Whoever works as another team is counted with his own; only
`Presence.at_work_for` asks for whom people work.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from measure.by_arrays.facts import Touches
from measure.by_arrays.spans import Ticks, intersect, ticks_within
from measure.by_arrays.sums import of_filler
from supportsim.engine.journal import SPANS, Journal
from supportsim.measure.desk import Desk
from supportsim.measure.spans import union
from supportsim.scenario.ticks import NEVER

_SPAN = {name: code for code, name in enumerate(SPANS)}
_ON_DESK = ("available", "break_due")
_ROSTERED = ("absent", "available", "break_due", "break_paid", "break_unpaid", "block")
_FOR_TEAM = ("rostered", "present", "busy", "busy_or_idle", "filler_only")
Triple = tuple[Ticks, Ticks, Ticks]


def _ticks(found: Triple, edges: Ticks) -> Ticks:
    """Ticks of spans inside each cell of `edges`."""
    return ticks_within(found[1], found[2], edges)


def by_team(desk: Desk, found: Triple, edges: Ticks) -> NDArray[np.int64]:
    """Ticks of spans inside each cell of `edges`, per team: shape (teams, len(edges) - 1)."""
    team = desk.team_of[found[0]]
    rows = [(found[1][team == t], found[2][team == t]) for t in range(len(desk.scenario.teams))]
    return np.array([ticks_within(begin, end, edges) for begin, end in rows]).reshape(len(rows), -1)


class Presence:
    """The agents' time of one replication, as spans; `ticks` cuts it to any edges."""

    def __init__(self, desk: Desk, journal: Journal, touches: Touches) -> None:
        self.desk = desk
        self.journal = journal
        worked = (journal.touches["started"] < NEVER) & (journal.touches["agent"] >= 0)
        agent = journal.touches["agent"][worked].astype(np.int64)
        started = touches.started[worked]
        talking = union(agent, started, touches.talk_ended[worked])
        working = union(agent, started, touches.ended[worked])
        theirs = ~of_filler(journal)[worked]
        self.working = working
        self.for_customers = union(agent[theirs], started[theirs], touches.ended[worked][theirs])
        on_desk, overtime = self._spans(*_ON_DESK), self._spans("overtime")
        self.parts: dict[str, Triple] = {
            "rostered": self._spans(*_ROSTERED),
            "absent": self._spans("absent"),
            "off_desk": self._spans("block"),
            "breaks_paid": self._spans("break_paid"),
            "breaks_unpaid": self._spans("break_unpaid"),
            "present": on_desk,
            "handling": intersect(*talking, *on_desk),
            "working": intersect(*working, *on_desk),
            "for_customers": intersect(*self.for_customers, *on_desk),
            "overtime": overtime,
            "overtime_work": intersect(*working, *overtime),
            "overtime_for_customers": intersect(*self.for_customers, *overtime),
            "unpaid_absent": intersect(*desk.unpaid, *self._spans("absent")),
        }

    def _spans(self, *names: str, team: int | None = None) -> Triple:
        """Spans of these kinds, sorted and disjoint by agent; only those for `team` where one is given."""
        table = self.journal.presence
        wanted = np.isin(table["what"], [_SPAN[name] for name in names])
        chosen = table[wanted if team is None else wanted & (table["team"] == team)]
        return union(chosen["agent"].astype(np.int64), chosen["begin"], np.minimum(chosen["end"], self.journal.end))

    def ticks(self, edges: Ticks) -> dict[str, NDArray[np.int64]]:
        """Per part the ticks inside each cell of `edges` by team, and what follows from them."""
        cut = {name: by_team(self.desk, part, edges) for name, part in self.parts.items()}
        cut["busy"] = cut["working"] + cut["overtime_work"]
        cut["filler"] = cut["working"] - cut["for_customers"]
        cut["filler_only"] = cut["filler"] + cut["overtime_work"] - cut["overtime_for_customers"]
        cut["idle"] = cut["present"] - cut["working"]
        cut["busy_or_idle"] = cut["busy"] + cut["idle"]
        cut["breaks"] = cut["breaks_paid"] + cut["breaks_unpaid"]
        cut["wrap_up"] = cut["working"] - cut["handling"]
        cut["away"] = cut["breaks"] + cut["off_desk"]
        cut["paid"] = cut["rostered"] - cut["breaks_unpaid"] - cut["unpaid_absent"]
        cut["lost_breaks"] = self._lost(edges)
        return cut

    def at_work_for(self, edges: Ticks) -> dict[str, NDArray[np.int64]]:
        """rostered, present, busy, busy_or_idle, filler_only by the team people work for, an activity included.

        Shape (teams, len(edges) - 1).  What is still in his hands when somebody moves counts with the team he
        moves to.
        """
        found: dict[str, list[Ticks]] = {name: [] for name in _FOR_TEAM}
        for team in range(len(self.desk.scenario.teams)):
            at, over = self._spans(*_ON_DESK, team=team), self._spans("overtime", team=team)
            busy = _ticks(intersect(*self.working, *at), edges) + _ticks(intersect(*self.working, *over), edges)
            theirs = [_ticks(intersect(*self.for_customers, *there), edges) for there in (at, over)]
            present = _ticks(at, edges)
            idle = present - _ticks(intersect(*self.working, *at), edges)
            rostered = _ticks(self._spans(*_ROSTERED, team=team), edges)
            parts = (rostered, present, busy, busy + idle, busy - theirs[0] - theirs[1])
            for name, part in zip(_FOR_TEAM, parts, strict=True):
                found[name].append(part)
        return {name: np.array(rows).reshape(-1, len(edges) - 1) for name, rows in found.items()}

    def _lost(self, edges: Ticks) -> NDArray[np.int64]:
        """Breaks and blocks that never began, by team and cell (a number, not ticks)."""
        table = self.journal.presence
        lost = table[table["what"] == _SPAN["break_lost"]]
        inside = lost[(lost["begin"] >= edges[0]) & (lost["begin"] < edges[-1])]
        found = np.zeros((len(self.desk.scenario.teams), len(edges) - 1), dtype=np.int64)
        cell = np.searchsorted(edges, inside["begin"], side="right") - 1
        np.add.at(found, (self.desk.team_of[inside["agent"]], cell), 1)
        return found
