"""How many people a team has: the same number for what was played and for what `check` expects."""

from __future__ import annotations

from supportsim.scenario.model import Team


def people(team: Team) -> int:
    """People, each of whom needs a seat; of a curve of heads the most there ever are."""
    if team.heads is not None:
        return max((n for _, n in team.heads), default=0)
    return team.agents if team.agents is not None else sum(shift.agents for shift in team.shifts)
