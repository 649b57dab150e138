"""Compiled: the slot a tick lies in, and whether a limit is past."""

from __future__ import annotations

from typing import Any

from supportsim.demand.compiling import INSIDE, LEAN, loose
from supportsim.scenario.ticks import NEVER

#: A part of each compiled pass that calls it.
inside = loose(None, **INSIDE, **LEAN)


@inside
def slot_at(F: Any, tick: int, hint: int) -> int:
    """The slot of a tick: 0 before counted time, k + 1 in interval k, one more than intervals after it."""
    last = len(F.edges) - 1
    if 1 <= hint <= last and F.edges[hint - 1] <= tick < F.edges[hint]:
        return hint
    if tick < F.edges[0]:
        return 0
    if tick >= F.edges[last]:
        return last + 1
    slot = int(F.blocks[(tick - F.edges[0]) // F.numbers[0]])
    while tick >= F.edges[slot]:
        slot += 1
    return slot


@inside
def passed(F: Any, promise: int, at: int) -> int:
    """Open ticks of a promise's hours before `at`, from the first window on."""
    low, high = F.windows[promise], F.windows[promise + 1]
    first = low
    while low < high:
        middle = (low + high) // 2
        if F.opening[middle, 0] <= at:
            low = middle + 1
        else:
            high = middle
    if low == first:
        return 0
    return int(F.opening[low - 1, 2] + min(at, F.opening[low - 1, 1]) - F.opening[low - 1, 0])


@inside
def due_at(F: Any, promise: int, begin: int) -> int:
    """The earliest tick at which the limit's open ticks have elapsed since `begin`; NEVER beyond the last window."""
    limit = F.limits[promise]
    if F.always[promise] == 1 or limit == 0:
        return int(begin + limit)
    wanted = passed(F, promise, begin) + limit
    low, high = F.windows[promise], F.windows[promise + 1]
    last = high - 1
    if low > last:
        return NEVER
    while low < high:
        middle = (low + high) // 2
        if F.opening[middle, 2] < wanted:
            low = middle + 1
        else:
            high = middle
    row = low - 1
    if row == last and wanted > F.opening[row, 2] + F.opening[row, 1] - F.opening[row, 0]:
        return NEVER
    return int(F.opening[row, 0] + wanted - F.opening[row, 2])


@inside
def is_late(F: Any, promise: int, begin: int, end: int) -> bool:
    """Whether more open ticks than the limit have elapsed."""
    limit = F.limits[promise]
    if end - begin <= limit:
        return False
    return bool(F.always[promise] == 1 or passed(F, promise, end) - passed(F, promise, begin) > limit)
