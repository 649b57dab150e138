"""Hours of people, computed without simulating: rostered, paid, present, and the shrinkage between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supportsim.measure.leave import with_leave
from supportsim.scenario.model import Scenario, Team
from supportsim.scenario.roster import Agent, Span, agents, paid_ticks, present_ticks, spans
from supportsim.scenario.ticks import HOUR
from supportsim.scenario.timeline import Timeline


@dataclass(frozen=True)
class TeamHours:
    """Hours of one team per period.

    rostered: on shift, breaks included.  paid: rostered less unpaid breaks, with leave on top.  present:
    rostered less all breaks, absence and time off the desk, as means.
    """

    team: str
    heads: int
    rostered: float
    paid: float
    present: float
    leave: float  # the four shares of paid time that planners add up
    absence: float
    off_desk: float
    paid_breaks: float

    @property
    def added(self) -> float:
        """Shrinkage as the sum of its parts."""
        return self.leave + self.absence + self.off_desk + self.paid_breaks

    @property
    def product(self) -> float:
        """Shrinkage as 1 - the product of what each part leaves."""
        left = (1 - self.leave) * (1 - self.absence) * (1 - self.off_desk) * (1 - self.paid_breaks)
        return 1 - left


@dataclass(frozen=True)
class Staffing:
    """Everybody's spans, and the hours of each team (by team index)."""

    people: tuple[Agent, ...]
    spans: tuple[Span, ...]
    at_desk: tuple[float, ...]  # per team: share of time between breaks spent at the desk
    teams: tuple[TeamHours, ...]

    def present(self, teams: Sequence[int], begin: int, end: int) -> float:
        """Mean number of agents of `teams` at the desk in [begin, end)."""
        own = [span for span in self.spans if span.begin < end and span.end > begin]
        ticks = 0.0
        for span in own:
            team = self.people[span.agent].team
            if team in teams:
                ticks += present_ticks(span, begin, end) * self.at_desk[team]
        return ticks / (end - begin)


def staffing(scenario: Scenario, timeline: Timeline, scale: float) -> Staffing:
    """Hours over counted time times `scale`, by team."""
    people, all_spans = agents(scenario), spans(scenario, timeline)
    at_desk = tuple((1 - team.absence) * (1 - team.off_desk) for team in scenario.teams)
    window = (timeline.counted_from, timeline.counted_to)
    teams = []
    for t, team in enumerate(scenario.teams):
        own = [span for span in all_spans if people[span.agent].team == t]
        heads = sum(agent.team == t for agent in people)
        teams.append(_team_hours(team, heads, own, window, at_desk[t], scale / HOUR))
    return Staffing(people, all_spans, at_desk, tuple(teams))


def _team_hours(
    team: Team, heads: int, own: list[Span], window: tuple[int, int], at_desk: float, scale: float
) -> TeamHours:
    begin, end = window
    rostered = sum(max(0, min(span.end, end) - max(span.begin, begin)) for span in own) * scale
    worked = sum(paid_ticks(span, begin, end) for span in own) * scale
    between_breaks = sum(present_ticks(span, begin, end) for span in own) * scale
    paid_breaks = (worked - between_breaks) / worked if worked else 0.0
    return TeamHours(
        team.name,
        heads,
        rostered,
        worked * with_leave(team.leave),
        between_breaks * at_desk,
        team.leave,
        team.absence,
        team.off_desk,
        paid_breaks,
    )
