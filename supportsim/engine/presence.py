"""Spans of an agent's day, as the journal keeps them (journal.SPANS)."""

from __future__ import annotations

from supportsim.engine.machine import rule
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.ticks import NEVER

# By their place in journal.SPANS.
ABSENT, AVAILABLE, BREAK_DUE, OVERTIME, BREAK_LOST = 0, 1, 2, 6, 7


@rule
def note(T: Tables, agent: int, what: int, begin: int, end: int) -> int:
    """A span of an agent's day.  Spans of no length stay out of the journal, lost breaks apart."""
    row = T.world[0].presence
    T.world[0].presence += 1
    T.presence[row].agent = agent
    T.presence[row].what = what
    T.presence[row].team = T.agents[agent].team
    T.presence[row].begin = begin
    T.presence[row].end = end
    return row


@rule
def note_span(T: Tables, agent: int, what: int, now: int) -> None:
    """From now on he is `what`, for his team of now; NONE: gone."""
    row = T.agents[agent].span
    if row != NONE:
        if T.presence[row].what == what and T.presence[row].team == T.agents[agent].team:
            return
        T.presence[row].end = now
    T.agents[agent].span = NONE if what == NONE else note(T, agent, what, now, NEVER)


@rule
def note_team(T: Tables, agent: int, now: int) -> None:
    """He goes on as what he is for another team; a break keeps the team in which it began."""
    row = T.agents[agent].span
    if row != NONE and (T.presence[row].what <= BREAK_DUE or T.presence[row].what == OVERTIME):
        note_span(T, agent, T.presence[row].what, now)
