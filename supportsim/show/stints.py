"""Activities of the roster without simulating: who is off the desk or works as another team, never both at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supportsim.scenario.activities import OFF_DESK, Move, moves
from supportsim.scenario.model import Scenario
from supportsim.scenario.roster import Agent, Span
from supportsim.scenario.timeline import Timeline


def stints(scenario: Scenario, timeline: Timeline, people: Sequence[Agent], days: tuple[Span, ...]) -> tuple[Move, ...]:
    """Every move of the play as rostered, before absence; `days`: one span per person and rostered date.

    Who is off the desk is so whatever else he would do then: what other moves of his lie there is cut out of them.
    """
    return tuple(_apart(moves(scenario, timeline, days, [agent.team for agent in people])))


def _apart(found: Sequence[Move]) -> Iterator[Move]:
    """Moves of which no agent has two at once: off the desk as declared, then the rest of the work as other teams."""
    away: dict[int, list[Move]] = {}
    for one in sorted(found, key=lambda move: move.team != OFF_DESK):
        begin = one.begin
        for other in sorted(away.get(one.agent, ()), key=lambda move: move.begin):
            if begin < other.end and other.begin < one.end:
                if begin < other.begin:
                    yield one._replace(begin=begin, end=other.begin)
                begin = other.end
        if begin < one.end:
            yield one._replace(begin=begin)
        if one.team == OFF_DESK:
            away.setdefault(one.agent, []).append(one)
