"""Appointments of the compiled clock, in two heaps ordered by (tick, order).

An appointment is never taken back: it is kept if what it was made for still stands as it stood then, and passed
over if not (kernel.py); those that no longer stand are dropped when the page is turned (pages.py).
"""

from __future__ import annotations

from supportsim.engine.machine import part, rule, take
from supportsim.engine.tables import Tables

# What an appointment is for, with whom: the row of a touch, an agent, or an issue.
TALK_OVER, WRAP_UP_OVER, BREAK_OVER, DELAY_OVER, TIME_OVER, PATIENCE_OVER, BACK, LINE_CUT = range(8)
# The heaps: ends of work and breaks, a few for each agent; waits and returns, as many as there are customers.
AT_WORK, AWAITED = 0, 1


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
def _copy(T: Tables, to: int, at: int) -> None:
    take(T.appointments[to], T.appointments[at])


@part
def begin_of(T: Tables, heap: int) -> int:
    """Row of the first appointment of a heap."""
    return heap * (len(T.appointments) >> 1)


@part
def _earlier(T: Tables, one: int, other: int) -> int:
    """Which of two rows holds the appointment that comes first."""
    return other if is_before(T, other, T.appointments[one].tick, T.appointments[one].order) else one


@part
def _first_of(T: Tables, at: int, end: int) -> int:
    """Which of the four rows from `at` holds the appointment that comes first; some may lie behind the end."""
    if at + 3 < end:
        return _earlier(T, _earlier(T, at, at + 1), _earlier(T, at + 2, at + 3))
    first = at
    for row in range(at + 1, end):
        first = _earlier(T, first, row)
    return first


@part
def _rise(T: Tables, begin: int, k: int, at: int) -> None:
    """The appointment in row `at` goes to place k of a heap, or above it."""
    tick, order = T.appointments[at].tick, T.appointments[at].order
    what, who = T.appointments[at].what, T.appointments[at].who
    while k > 0 and not is_before(T, begin + ((k - 1) >> 2), tick, order):
        _copy(T, begin + k, begin + ((k - 1) >> 2))
        k = (k - 1) >> 2
    T.appointments[begin + k].tick = tick
    T.appointments[begin + k].order = order
    T.appointments[begin + k].what = what
    T.appointments[begin + k].who = who


@part
def appoint(T: Tables, heap: int, tick: int, order: int, what: int, who: int) -> None:
    """One more appointment."""
    begin, k = begin_of(T, heap), T.heaps[heap].filled
    T.heaps[heap].filled = k + 1
    T.appointments[begin + k].tick = tick
    T.appointments[begin + k].order = order
    T.appointments[begin + k].what = what
    T.appointments[begin + k].who = who
    _rise(T, begin, k, begin + k)


@part
def take_off(T: Tables, heap: int) -> None:
    """The first appointment of a heap is kept.

    The hole it leaves goes down to the leaves, always to the earlier one below; the last appointment, which is a late
    one, then rises from there: half the comparisons of letting it sink from the top.
    """
    begin, last = begin_of(T, heap), T.heaps[heap].filled - 1
    T.heaps[heap].filled = last
    k, below = 0, 1
    while below < last:
        first = _first_of(T, begin + below, begin + last)
        _copy(T, begin + k, first)
        k = first - begin
        below = 4 * k + 1
    _rise(T, begin, k, begin + last)


@rule
def _sink(T: Tables, heap: int, k: int) -> None:
    """The appointment at place k sinks below all that come before it."""
    begin, size = begin_of(T, heap), T.heaps[heap].filled
    tick, order = T.appointments[begin + k].tick, T.appointments[begin + k].order
    what, who = T.appointments[begin + k].what, T.appointments[begin + k].who
    while 4 * k + 1 < size:
        first = _first_of(T, begin + 4 * k + 1, begin + size)
        if not is_before(T, first, tick, order):
            break
        _copy(T, begin + k, first)
        k = first - begin
    T.appointments[begin + k].tick = tick
    T.appointments[begin + k].order = order
    T.appointments[begin + k].what = what
    T.appointments[begin + k].who = who


@rule
def sort(T: Tables, heap: int) -> None:
    """Make a heap of the appointments that stand in its rows."""
    parents = (T.heaps[heap].filled + 2) >> 2
    for k in range(parents):
        _sink(T, heap, parents - 1 - k)
