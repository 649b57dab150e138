"""What a promise covers, and its limit in hours that open and close: when a contact is due, and whether it is late.

The policy `deadline` goes by the one, customers who leave for what they experience (`engine/leaving.py`) by the other.
"""

from __future__ import annotations

from supportsim.engine.machine import part, rule
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.ticks import NEVER

# By their places in journal.OUTCOMES and CONTACT_KINDS.
SOLVED, UNRESOLVED = 1, 2
FILLED = 4


@part
def covers(T: Tables, p: int, contact: int) -> bool:
    """Whether a promise covers the queue a contact is in, or was in last."""
    return bool(T.covers[p * len(T.queues) + T.contacts[contact].queue].value == 1)


@rule
def _window_at(T: Tables, p: int, at: int) -> int:
    """The first window of a promise's hours that ends after `at`; the last one's successor if none does."""
    low, high = T.promised[p].windows_from, T.promised[p].windows_to
    while low < high:
        middle = (low + high) // 2
        if T.opening[middle].end > at:
            high = middle
        else:
            low = middle + 1
    return int(low)


@part
def _passed(T: Tables, p: int, k: int, at: int) -> int:
    """Open ticks of a promise's hours before `at`, from the first window on; k: `_window_at`."""
    if k < T.promised[p].windows_to:
        return int(T.opening[k].before + max(at - T.opening[k].begin, 0))
    if k == T.promised[p].windows_from:
        return 0
    return int(T.opening[k - 1].before + T.opening[k - 1].end - T.opening[k - 1].begin)


@rule
def is_late(T: Tables, p: int, begin: int, end: int) -> bool:
    """Whether more open ticks than the limit of a promise have elapsed."""
    limit = T.promised[p].limit
    if end - begin <= limit:
        return False
    if T.promised[p].always == 1:
        return True
    return _passed(T, p, _window_at(T, p, end), end) - _passed(T, p, _window_at(T, p, begin), begin) > limit


@rule
def _after_open_ticks(T: Tables, p: int, at: int) -> int:
    """The earliest tick at which the limit of a promise has passed in its hours since `at` (business_clock.add)."""
    limit = T.promised[p].limit
    if T.promised[p].always == 1 or limit == 0:
        return min(at + limit, NEVER)
    k = _window_at(T, p, at)
    wanted = _passed(T, p, k, at) + limit
    for after in range(k, T.promised[p].windows_to):
        inside = wanted - T.opening[after].before
        if inside <= T.opening[after].end - T.opening[after].begin:
            return int(T.opening[after].begin + inside)
    return NEVER


@rule
def _reply_counts_from(T: Tables, p: int, contact: int) -> int:
    """Creation of the issue's first contact that got through to a covered queue; NEVER after a reply there."""
    first, at = NEVER, contact
    while at != NONE:
        if covers(T, p, at) and (at == contact or T.contacts[at].row != NONE):
            if T.contacts[at].outcome == SOLVED or T.contacts[at].outcome == UNRESOLVED:
                return NEVER
            first = T.contacts[at].created
        at = T.contacts[at].before
    return int(first)


@rule
def due_tick(T: Tables, contact: int) -> int:
    """The earliest due tick of a promise that covers the contact; NEVER without one, and for filler work."""
    earliest = NEVER
    if T.contacts[contact].kind == FILLED:
        return NEVER
    for p in range(T.sizes[3].value):
        if covers(T, p, contact):
            since = NEVER
            if T.promised[p].replies == 1:
                since = _reply_counts_from(T, p, contact)
            elif T.contacts[contact].answered == NEVER:
                since = T.contacts[contact].created
            if since < NEVER:
                earliest = min(earliest, _after_open_ticks(T, p, since))
    return earliest
