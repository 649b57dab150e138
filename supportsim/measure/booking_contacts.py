"""Compiled: what a contact adds to the sums of a replication."""

from __future__ import annotations

from typing import Any

import numpy as np

from supportsim.engine.journal import CONTACT_KINDS, OUTCOMES
from supportsim.engine.leaving import BRIEF
from supportsim.measure import tables as t
from supportsim.measure.booking_clock import inside, is_late, slot_at
from supportsim.scenario.ticks import NEVER

FILLER = CONTACT_KINDS.index("filler")
_SOLVED, _UNRESOLVED = OUTCOMES.index("solved"), OUTCOMES.index("unresolved")
_OPEN = OUTCOMES.index("open")
_STATUS = {
    "open": t.STILL_WAITING, "solved": t.STILL_WAITING, "unresolved": t.STILL_WAITING, "abandoned": t.ABANDONED,
    "busy": t.BLOCKED, "closed": t.TURNED_AWAY, "disconnected": t.DISCONNECTED, "withdrew": t.WITHDREW,
    "timed_out": t.TIMED_OUT,
}  # fmt: skip
#: Outcome of an unanswered contact -> what became of it.
STATUS_OF = tuple(_STATUS[name] for name in OUTCOMES)
#: What became of it -> group of waits.
GROUP_OF = (0, 1, 2, 2, 2)
_STATUSES = np.array(STATUS_OF, dtype=np.int64)
_GROUPS = np.array(GROUP_OF, dtype=np.int64)
_AGES = np.array(t.AGES, dtype=np.int64)


@inside
def class_of(wait: int) -> int:
    """The class of a wait: itself below 1,024 ticks, then 512 classes for each doubling."""
    shift = 0
    for step in (32, 16, 8, 4, 2, 1):
        if wait >> (t.LEADING + step) > 0:
            wait >>= step
            shift += step
    return (shift << t.LEADING) + wait


@inside
def _book_ages(F: Any, S: Any, queue: int, created: int, over: int, came: int, gone: int) -> None:
    """The instants at which a contact that waits comes to each age, and the one at which it is gone."""
    for band in range(len(_AGES)):
        at = created + _AGES[band]
        if at < over:
            S.ages[slot_at(F, at, came), queue, band] += 1
            S.ages[gone, queue, band] -= 1


@inside
def _book_backlog(F: Any, S: Any, contact: Any, queue: int, created: int, came: int) -> None:
    """A contact is open from its creation to its answer (live) or its reply (deferred)."""
    over = contact["left"]
    if F.deferred[queue] == 0 and contact["answered"] < over:
        over = contact["answered"]
    gone = slot_at(F, over, came)
    S.backlog[came, queue] += 1
    S.backlog[gone, queue] -= 1
    if F.deferred[queue] == 1 and over - created > _AGES[0]:
        _book_ages(F, S, queue, created, over, came, gone)
    # who is older than this contact and went as far has marked all ends of slots up to there
    first = max(came, S.front[queue, 1]) if created >= S.front[queue, 0] else came
    for slot in range(first, gone):
        if created < S.eldest[slot, queue]:
            S.eldest[slot, queue] = created
    if gone > S.front[queue, 1]:
        S.front[queue, 0], S.front[queue, 1] = created, gone


@inside
def _add_square(S: Any, queue: int, group: int, wait: int) -> None:
    """Adds wait x wait, limb by limb: what a word holds would overflow after some thousand long waits."""
    high, middle, low = wait >> 32, wait >> 16 & 0xFFFF, wait & 0xFFFF
    square = S.squares[queue, group]
    square[0] += low * low
    square[1] += 2 * low * middle
    square[2] += 2 * low * high + middle * middle
    square[3] += 2 * middle * high
    square[4] += high * high


@inside
def _book_wait(F: Any, S: Any, queue: int, status: int, wait: int, slot: int) -> None:
    """The wait of an offered contact."""
    group = _GROUPS[status]
    cell = S.cells[slot, queue]
    cell[t.WAIT_OF + group] += wait
    kind = class_of(wait)
    S.waits[queue, group, kind] += 1
    if wait > 0:
        cell[t.WAITED] += 1
        _add_square(S, queue, group, wait)
    S.keys[S.used[0]] = (((slot - 1) << t.WAIT_BITS | kind) << t.QUEUE_BITS) | queue
    S.used[0] += 1


@inside
def _book_answer(F: Any, S: Any, X: Any, contact: Any, status: int, wait: int, slot: int) -> None:
    """What promises of an answer say of a contact in counted time."""
    queue, created = int(contact["queue"]), contact["created"]
    for promise in range(len(F.clocks)):
        pair = F.cover[promise, queue]
        if F.clocks[promise] == 0 and pair >= 0 and status != t.WITHDREW:
            fast = not is_late(F, promise, created, created + wait)
            if fast and status == t.ANSWERED:
                S.promised[slot, pair, t.IN_LIMIT] += 1
            if fast and status == t.ABANDONED:
                S.promised[slot, pair, t.LOST_IN_LIMIT] += 1
            if F.missed[promise, status, int(fast), int(wait <= BRIEF)] == 1:
                is_broken(F, X, promise, queue, int(contact["issue"]))


@inside
def is_broken(F: Any, X: Any, promise: int, queue: int, issue: int) -> None:
    """Not kept to the customer of this issue."""
    flag(X, issue, 2 * (F.numbers[2] + 1) + promise * F.numbers[2] + F.channel[queue])


@inside
def flag(X: Any, issue: int, bit: int) -> None:
    X.flags[issue, bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)


@inside
def _note_reply(F: Any, X: Any, contact: Any, row: int, status: int) -> None:
    """What promises of a first reply need of a contact, counted or not: gathered per issue."""
    queue, issue, outcome = int(contact["queue"]), int(contact["issue"]), contact["outcome"]
    for promise in range(len(F.clocks)):
        place = F.reply[promise]
        if place >= 0 and F.cover[promise, queue] >= 0:
            seen = X.replies[issue, place]
            if seen[0] == 0:
                seen[0], seen[1], seen[2] = row + 1, NEVER, -NEVER
            if outcome in (_SOLVED, _UNRESOLVED):
                seen[1] = min(seen[1], contact["left"])
            elif status == t.WITHDREW:
                seen[2] = max(seen[2], contact["left"])
            if outcome == _OPEN:
                seen[3] = 1


@inside
def status_of(contact: Any) -> int:
    return t.ANSWERED if contact["answered"] < NEVER else int(_STATUSES[contact["outcome"]])


@inside
def _book_counted(F: Any, S: Any, X: Any, contact: Any, row: int, status: int, slot: int, end: int) -> None:
    """A contact created in counted time."""
    queue = int(contact["queue"])
    until = contact["answered"] if status == t.ANSWERED else contact["left"]
    wait = min(until, end) - contact["created"]
    cell = S.cells[slot, queue]
    cell[status] += 1
    if status <= t.WITHDREW:
        cell[t.OFFERED + contact["kind"]] += 1
        _book_wait(F, S, queue, status, wait, slot)
    if status == t.ABANDONED:
        cell[t.BALKED] += int(contact["patience"] == 0)
        cell[t.BRIEF] += int(wait <= BRIEF)
    if status == t.STILL_WAITING:
        cell[t.WAIT_OF + t.GROUPS] += wait
        S.still[queue] = max(S.still[queue], wait)
        S.waits[queue, t.STILL, class_of(wait)] += 1
    cell[t.STARVED] += int(X.starved[row])
    outcome = contact["outcome"]
    if status == t.ANSWERED and X.running[row] == 0 and outcome in (_SOLVED, _UNRESOLVED):
        cell[t.HANDLED] += 1
        cell[t.TALK] += X.talk[row]
        cell[t.WRAP] += X.wrap[row]
    if status <= t.WITHDREW:
        _book_answer(F, S, X, contact, status, wait, slot)


@inside
def book_contact(F: Any, S: Any, X: Any, contact: Any, row: int, end: int, hint: int) -> int:
    """One contact, counted or not; the slot it was created in."""
    issue, queue, created = int(contact["issue"]), int(contact["queue"]), contact["created"]
    slot = slot_at(F, created, hint)
    is_counted = 0 < slot < len(F.edges)
    if contact["kind"] == FILLER:
        X.filler[issue] = 1
        if is_counted:
            S.fillers[F.day_of[slot], queue] += 1
        return int(slot)
    status = status_of(contact)
    if contact["number"] == 1:
        X.cell[issue] = queue
    if status == t.ANSWERED:
        X.served[issue] = 1
    if contact["row"] >= 0:
        _book_backlog(F, S, contact, queue, created, slot)
    if is_counted:
        _book_counted(F, S, X, contact, row, status, slot, end)
    if F.numbers[3] > 0 and status != t.BLOCKED and status != t.TURNED_AWAY:
        _note_reply(F, X, contact, row, status)
    return int(slot)
