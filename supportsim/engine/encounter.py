"""Where a journey meets the desk: a contact reaches it, a talk is over.  A clock calls these two."""

from __future__ import annotations

from supportsim.engine import desk, journey, people
from supportsim.engine.machine import verb
from supportsim.engine.tables import NONE, Tables


@verb
def contact(T: Tables, issue: int, now: int) -> bool:
    """The customer contacts the desk; False if he is turned away (closed, or every line is busy), or gone by now."""
    if journey.is_gone(T, issue, now):
        return False
    return desk.join(T, journey.approach(T, issue, now), now) != NONE


@verb
def hang_up(T: Tables, row: int, now: int) -> None:
    """The talk is over: the problem is solved or not, the agent wraps up or takes what he may."""
    journey.conclude(T, row, now)
    people.hang_up(T, row, now)
