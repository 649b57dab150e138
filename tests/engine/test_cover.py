"""Who is there by shift lines is who is there agent by agent, on generated scenarios."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from generator import made

from supportsim.scenario.business_clock import merged, without
from supportsim.scenario.cover import Spans, cover
from supportsim.scenario.model import Scenario
from supportsim.scenario.roster import agents, joined, shifts
from supportsim.scenario.timeline import Timeline
from supportsim.show.stints import stints

MANY = 500


def by_agents(scenario: Scenario, timeline: Timeline) -> list[Spans]:
    """Per team, spans with anybody at work for it, from the spans and stints of every agent."""
    people, days = agents(scenario), shifts(scenario, timeline)
    moves = stints(scenario, timeline, people, days)
    found: list[Spans] = [[(m.begin, m.end) for m in moves if m.team == t] for t in range(len(scenario.teams))]
    for number, agent in enumerate(people):
        away = merged((move.begin, move.end) for move in moves if move.agent == number)
        own = joined([span for span in days if span.agent == number])
        found[agent.team] += without([(span.begin, span.end) for span in own], away)
    for t, team in enumerate(scenario.teams):
        heads = [(at + timeline.counted_from, n) for at, n in team.heads or ()]
        found[t] += [(a, b) for (a, n), (b, _) in pairwise([*heads, (timeline.end, 0)]) if n]
    return [merged(spans) for spans in found]


def test_cover_is_what_the_roster_of_single_agents_says() -> None:
    lent = shared = 0
    for seed in range(MANY):
        scenario = made(seed)
        timeline = Timeline(scenario.times)
        found = cover(scenario, timeline)
        for team, expected in zip(scenario.teams, by_agents(scenario, timeline), strict=True):
            assert found.there[team.name] == expected, (seed, team.name)
            moves = sum(each.works_as is not None for each in team.activities)
            lent += expected != found.on_shift[team.name] and moves > 0
            shared += moves > 0 and len(team.activities) > moves
    assert min(lent, shared) > MANY // 50
