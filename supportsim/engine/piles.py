"""Appointments of the compiled clock but ends of work (ends.py), on piles by how far off they are.

Pile b holds those whose tick parts from `since`, the tick of the last one kept, at bit b and at none above, so that
all of a pile come before all of the next (a radix heap: R. Ahuja, K. Mehlhorn, J. Orlin, R. Tarjan, "Faster
algorithms for the shortest path problem", J. ACM 37, 1990).  When the first of the lowest pile is kept, the others
on it go down to lower ones.

An appointment is never taken back: it is kept if what it was made for still stands as it stood then, and passed over
if not (kernel.py).  Most are dropped before that, unordered, when their pile goes down or the page is turned.
"""

from __future__ import annotations

from supportsim.engine.machine import bit_length, fetch, part, rule
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.ticks import NEVER

# What an appointment is for, with whom: an agent, the row of a touch, or an issue.  KEPT: it is over.
BREAK_OVER, DELAY_OVER, TIME_OVER, PATIENCE_OVER, BACK, LINE_CUT, KEPT = range(7)


@part
def is_before(T: Tables, at: int, tick: int, order: int) -> bool:
    """Whether the appointment in row `at` comes before (tick, order).

    A branch for equal ticks only: those are rare, which a processor foretells, and which of two ticks is the earlier
    it cannot.
    """
    mine = T.appointments[at].tick
    if mine == tick:
        return bool(T.appointments[at].order < order)
    return bool(mine < tick)


@part
def _earlier(T: Tables, one: int, other: int) -> int:
    """Which of two rows holds the appointment that comes first; the second may be NONE."""
    if other == NONE:
        return one
    return one if is_before(T, one, T.appointments[other].tick, T.appointments[other].order) else other


@part
def lay(T: Tables, row: int) -> None:
    """An appointment comes onto its pile."""
    b = bit_length(T.appointments[row].tick ^ T.clock[0].since)
    T.appointments[row].next = T.piles[b].top
    T.piles[b].top = row
    T.piles[b].first = _earlier(T, row, T.piles[b].first)
    T.clock[0].piled |= 1 << b


@part
def find_first(T: Tables) -> None:
    """The first of all is the first of the lowest pile."""
    piled = T.clock[0].piled
    T.clock[0].first = NONE if piled == 0 else int(T.piles[bit_length(piled & -piled) - 1].first)


@part
def appoint(T: Tables, tick: int, order: int, what: int, who: int) -> None:
    """One more appointment."""
    row = T.clock[0].appointed
    T.clock[0].appointed = row + 1
    T.appointments[row].tick = tick
    T.appointments[row].order = order
    T.appointments[row].what = what
    T.appointments[row].who = who
    lay(T, row)
    T.clock[0].first = _earlier(T, row, T.clock[0].first)


@part
def still_stands(T: Tables, what: int, who: int) -> bool:
    """Whether an appointment may still be kept."""
    if what <= PATIENCE_OVER and what != BREAK_OVER:
        return bool(T.touches[who].started == NEVER and T.touches[who].ended == NEVER)
    return what != KEPT


@rule
def take_first(T: Tables) -> None:
    """The first appointment is kept; the others of its pile go down."""
    first = T.clock[0].first
    tick = T.appointments[first].tick
    b = bit_length(tick ^ T.clock[0].since)
    T.clock[0].since = tick
    T.appointments[first].what = KEPT
    row = T.piles[b].top
    T.piles[b].top = T.piles[b].first = NONE
    T.clock[0].piled &= ~(1 << b)
    while row != NONE:
        below = T.appointments[row].next
        if below != NONE:  # the next ones lie anywhere: they are on their way while this one is looked at
            fetch(T.touches, T.appointments[below].who)
            fetch(T.appointments, T.appointments[below].next)
        if still_stands(T, T.appointments[row].what, T.appointments[row].who):
            lay(T, row)
        row = below
    find_first(T)


@rule
def clear(T: Tables) -> None:
    """The piles are made anew of the appointments in the rows."""
    for b in range(len(T.piles)):
        T.piles[b].top = T.piles[b].first = NONE
    T.clock[0].piled = 0
    for row in range(T.clock[0].appointed):
        lay(T, row)
    find_first(T)
