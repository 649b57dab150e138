"""The tables a replication is added up in: whole numbers, so that order and portions of adding change nothing.

Axes named `slot` and `day` hold one entry more at either end, for what lies before and after counted time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from supportsim.scenario.ticks import HOUR

#: What became of a contact, each exactly one of these.
(ANSWERED, ABANDONED, DISCONNECTED, TIMED_OUT, WITHDREW, BLOCKED, TURNED_AWAY, STILL_WAITING) = range(8)
#: From here on, the offered by kind (first, redial, switch, repeat).
OFFERED = 8
BALKED, BRIEF, WAITED, STARVED, HANDLED = range(12, 17)
#: From here on, ticks waited by the answered, the abandoned, others offered, and those still waiting.
WAIT_OF = 17
TALK, WRAP = 21, 22
CELL_COLUMNS = 23
#: Waits are told apart by these: answered, abandoned, others offered.
GROUPS = 3
#: Classes of waits beside: those still waiting at the end, by their age then.
STILL = GROUPS

#: Waits are told apart to their 10 leading bits: the middle of a class is at most 0.1 % from the wait.
LEADING = 9
#: Ages of what waits on a deferred channel, from which on it is told apart: elapsed time.
AGES = (8 * HOUR, 24 * HOUR, 72 * HOUR)

#: Of an `answer` promise, beside what cells hold; of a `first_reply` promise.
IN_LIMIT, LOST_IN_LIMIT = 0, 1
(REPLY_ANSWERED, REPLY_KEPT, REPLY_BROKEN, REPLY_BROKEN_OPEN, REPLY_NOT_YET_DUE, REPLY_WITHDRAWN, REPLY_OPEN,
 REPLY_OPEN_AGE) = range(8)  # fmt: skip
PROMISE_COLUMNS = 8

(ISSUES, SOLVED, SOLVED_FIRST, GAVE_UP, NEVER_SERVED, OPEN, CUT, CONTACTS_MADE, UNASKED) = range(9)
ISSUE_COLUMNS = 9

#: Instants of stretches in a queue; those of filler apart.
(JOINED, STARTED, TALK_ENDED, ENDED, FILLER_STARTED, FILLER_ENDED) = range(6)
STRETCH_COLUMNS = 6

#: Agents' time.  The first eight are the journal's spans, the rest follow from work.
(ROSTERED, ABSENT, OFF_DESK, BREAKS_PAID, BREAKS_UNPAID, PRESENT, OVERTIME, UNPAID_ABSENT, HANDLING, WORKING,
 FILLER_ONLY, OVERTIME_WORK, OVERTIME_FILLER_ONLY) = range(13)  # fmt: skip
TEAM_COLUMNS = 13

#: A stretch of work: whose, from when to when, for which segment (-1: on a piece of filler).
SPAN = np.dtype([("agent", "i4"), ("segment", "i4"), ("started", "i8"), ("talk_ended", "i8"), ("ended", "i8")])

#: Keys of waits by interval: slot, class of the wait, queue.
QUEUE_BITS, WAIT_BITS = 20, 16


class Frame(NamedTuple):
    """What does not change between replications.  All int64 but where said."""

    edges: Any  # of intervals, in ticks: (slots + 1,)
    blocks: Any  # the slot at edges[0] + k x width
    day_of: Any  # slot -> day
    channel: Any  # cell -> channel; the number of channels: none
    segment: Any  # cell -> segment
    deferred: Any  # queue -> 1: its channel is
    clocks: Any  # promise -> 0 answer, 1 first_reply
    limits: Any
    always: Any  # promise -> 1: its hours are all hours
    windows: Any  # promise -> first row of opening; one more at the end
    opening: Any  # (windows, 3): begin, end, open ticks before
    cover: Any  # (promise, queue) -> row of `promised`; -1: not covered
    reply: Any  # promise -> its place among those on replies; -1: none
    missed: Any  # (promise, what became of it, 1: in the limit, 1: brief) -> 1: judged and not kept
    numbers: Any  # width of a slot, number of queues, of channels, of promises on replies


class Sums(NamedTuple):
    """What is added up, int64 (bits: uint64, waits: int32)."""

    cells: Any  # (slots, queue, CELL_COLUMNS)
    promised: Any  # (slots, covered pair, PROMISE_COLUMNS)
    due: Any  # (days, covered pair, 2): of `first_reply`, judged cases by the day they fall due, those broken
    oldest: Any  # covered pair -> greatest age of what is open at the end
    issues: Any  # (days, cell, ISSUE_COLUMNS)
    fillers: Any  # (days, queue)
    touches: Any  # (days, queue)
    stretches: Any  # (days, queue, STRETCH_COLUMNS, 2): how many instants, their sum
    squares: Any  # (queue, GROUPS, 5): sum of wait squared, by powers of 2 ** 16
    waits: Any  # (queue, GROUPS and those still waiting, classes of waits)
    still: Any  # queue -> longest wait of who is still waiting
    backlog: Any  # (slots, queue): came less gone
    eldest: Any  # (slots, queue): creation of the oldest that is open at the end of a slot
    ages: Any  # (slots, queue, AGES): of deferred channels, came to that age less gone after it
    front: Any  # (queue, 2): a contact that went over many ends of slots: its creation, the slot it left in
    broken: Any  # (promise, segment, channel; then any): not kept to customers without a number
    anonymous: Any  # (2, cell): issues, and those never served, of customers without a number
    keys: Any  # waits by interval
    spans: Any  # SPAN
    used: Any  # rows used of keys, of spans, of persons
    persons: Any  # open hashing: segment << 40 | customer, plus 1; 0: free
    bits: Any  # (rows of persons, words): what is true of him


class Scratch(NamedTuple):
    """Room for what is gathered about the contacts and issues of one portion."""

    talk: Any  # per contact
    wrap: Any
    running: Any  # 1: a touch is being worked on
    starved: Any
    cell: Any  # per issue: that of its first contact
    served: Any
    filler: Any
    flags: Any  # (issues, words) uint64
    replies: Any  # (issues, promises on replies, 4): first contact + 1, reply, last withdrawal, 1: open
