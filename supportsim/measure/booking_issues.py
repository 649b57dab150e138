"""Compiled: what an issue and its customer add to the sums of a replication."""

from __future__ import annotations

from typing import Any

import numpy as np

from supportsim.engine.journal import ISSUE_STATES
from supportsim.measure import tables as t
from supportsim.measure.booking_clock import due_at, inside, is_late, slot_at
from supportsim.measure.booking_contacts import flag, is_broken
from supportsim.scenario.ticks import NEVER

#: A customer's number among those of his segment, in the key of a person.
CUSTOMER_BITS = 40
_SOLVED, _GAVE_UP = ISSUE_STATES.index("solved"), ISSUE_STATES.index("gave_up")
_OPEN, _CUT, _UNASKED, _GONE = (ISSUE_STATES.index(state) for state in ("open", "cut", "unasked", "gone"))


@inside
def _book_reply(F: Any, S: Any, C: Any, X: Any, issue: int, promise: int, end: int) -> None:
    """A promise of a first reply, booked to the contact that started its clock.

    Without a reply: open contacts leave the case open (broken if past due, else not yet due); all withdrawn, the last
    withdrawal decides (broken, else not judged).
    """
    seen = X.replies[issue, F.reply[promise]]
    if seen[0] == 0:
        return
    start = C[seen[0] - 1]
    slot, queue = slot_at(F, start["created"], 0), int(start["queue"])
    if slot == 0 or slot == len(F.edges):
        return
    answered, is_open = seen[1] < NEVER, seen[3] == 1
    until = seen[1] if answered else end if is_open else seen[2]
    late = is_late(F, promise, start["created"], min(until, end))
    pair = F.cover[promise, queue]
    case = S.promised[slot, pair]
    case[t.REPLY_ANSWERED] += int(answered)
    case[t.REPLY_KEPT] += int(answered and not late)
    case[t.REPLY_BROKEN] += int(late)
    case[t.REPLY_BROKEN_OPEN] += int(late and not answered and is_open)
    case[t.REPLY_NOT_YET_DUE] += int(not late and not answered and is_open)
    case[t.REPLY_WITHDRAWN] += int(not late and not answered and not is_open)
    if is_open and not answered:
        case[t.REPLY_OPEN] += 1
        case[t.REPLY_OPEN_AGE] += end - start["created"]
        S.oldest[pair] = max(S.oldest[pair], end - start["created"])
    if late or answered:
        day = F.day_of[slot_at(F, due_at(F, promise, start["created"]), slot)]
        S.due[day, pair, 0] += 1
        S.due[day, pair, 1] += int(late)
    if late:
        is_broken(F, X, promise, queue, issue)


@inside
def _book_state(F: Any, S: Any, X: Any, row: Any, issue: int, cell: int) -> None:
    """An issue that arose in counted time; its customer asked, and may never have been served."""
    day = F.day_of[slot_at(F, row["asked"], 0)]
    state = row["state"]
    counts = S.issues[day, cell]
    never = state != _OPEN and state != _CUT and state != _UNASKED and X.served[issue] == 0
    counts[t.ISSUES] += 1
    counts[t.SOLVED] += int(state == _SOLVED)
    counts[t.SOLVED_FIRST] += int(state == _SOLVED and row["contacts"] == 1)
    counts[t.GAVE_UP] += int(state == _GAVE_UP)
    counts[t.NEVER_SERVED] += int(never)
    counts[t.OPEN] += int(state == _OPEN)
    counts[t.CUT] += int(state == _CUT)
    counts[t.UNASKED] += int(state == _UNASKED)
    counts[t.CONTACTS_MADE] += row["contacts"]
    if row["customer"] < 0:
        S.anonymous[0, cell] += 1
        S.anonymous[1, cell] += int(never)
    else:
        flag(X, issue, F.channel[cell])
        if never:
            flag(X, issue, F.numbers[2] + 1 + F.channel[cell])


@inside
def _broken_to_nobody_known(F: Any, S: Any, X: Any, issue: int, segment: int) -> None:
    """Promises not kept to an anonymous customer, of whom there is no other issue."""
    channels = F.numbers[2]
    for promise in range(len(F.clocks)):
        found = False
        for channel in range(channels):
            bit = 2 * (channels + 1) + promise * channels + channel
            if X.flags[issue, bit >> 6] >> np.uint64(bit & 63) & np.uint64(1):
                S.broken[promise, segment, channel] += 1
                found = True
        S.broken[promise, segment, channels] += int(found)


@inside
def person_at(persons: Any, key: int) -> int:
    """Where a person stands, or is to stand: his own row or a free one.  There must be free rows."""
    last = len(persons) - 1  # their number is a power of two
    row = ((key & 0x3FFFFFFF) * 0x9E3779B1 + (key >> 30) >> 11) & last
    while persons[row] != 0 and persons[row] != key:
        row = (row + 1) & last
    return row


@inside
def _book_person(F: Any, S: Any, X: Any, row: Any, issue: int) -> None:
    """All that is true of the customer of an issue."""
    some = False
    for word in range(X.flags.shape[1]):
        some = some or X.flags[issue, word] != 0
    if not some:
        return
    if row["customer"] < 0:
        _broken_to_nobody_known(F, S, X, issue, int(row["segment"]))
        return
    key = (int(row["segment"]) << CUSTOMER_BITS) + row["customer"] + 1
    at = person_at(S.persons, key)
    if S.persons[at] == 0:
        S.persons[at] = key
        S.used[2] += 1
    for word in range(X.flags.shape[1]):
        S.bits[at, word] |= X.flags[issue, word]


@inside
def book_issue(F: Any, S: Any, C: Any, X: Any, row: Any, issue: int, end: int) -> None:
    if row["state"] == _GONE and row["contacts"] == 0:
        return  # it did not arise: its customer had left
    cell = X.cell[issue] if X.cell[issue] >= 0 else F.numbers[1] + row["segment"]
    for promise in range(len(F.clocks)):
        if F.reply[promise] >= 0:
            _book_reply(F, S, C, X, issue, promise, end)
    if F.edges[0] <= row["asked"] < F.edges[len(F.edges) - 1]:
        _book_state(F, S, X, row, issue, cell)
    _book_person(F, S, X, row, issue)
