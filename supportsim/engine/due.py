"""When a contact's promise is due: what the policy `deadline` goes by."""

from __future__ import annotations

from supportsim.engine.machine import rule
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.ticks import NEVER

# By their places in journal.OUTCOMES and CONTACT_KINDS.
SOLVED, UNRESOLVED = 1, 2
FILLED = 4


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


@rule
def _after_open_ticks(T: Tables, p: int, at: int) -> int:
    """The earliest tick at which the limit of a promise has passed in its hours since `at` (business_clock.add)."""
    limit = T.promised[p].limit
    if T.promised[p].always == 1 or limit == 0:
        return min(at + limit, NEVER)
    k = _window_at(T, p, at)
    if k < T.promised[p].windows_to:
        passed = T.opening[k].before + max(at - T.opening[k].begin, 0)
        for after in range(k, T.promised[p].windows_to):
            inside = passed + limit - T.opening[after].before
            if inside <= T.opening[after].end - T.opening[after].begin:
                return int(T.opening[after].begin + inside)
    return NEVER


@rule
def _reply_counts_from(T: Tables, p: int, contact: int) -> int:
    """Creation of the issue's first contact that got through to a covered queue; NEVER after a reply there."""
    first, at = NEVER, contact
    while at != NONE:
        covered = T.covers[p * len(T.queues) + T.contacts[at].queue].value == 1
        if covered and (at == contact or T.contacts[at].row != NONE):
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
        if T.covers[p * len(T.queues) + T.contacts[contact].queue].value == 1:
            since = NEVER
            if T.promised[p].replies == 1:
                since = _reply_counts_from(T, p, contact)
            elif T.contacts[contact].answered == NEVER:
                since = T.contacts[contact].created
            if since < NEVER:
                earliest = min(earliest, _after_open_ticks(T, p, since))
    return earliest
