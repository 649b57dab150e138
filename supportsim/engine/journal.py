"""The journal: columns of what happened.  Facts only; every report is computed from these tables afterwards.

All times are ticks since the start of play (int64), NEVER where it has not happened by the horizon.  Indices
(stream, segment, topic, channel, queue, agent) are positions in the resolved scenario and in `roster.agents`.
Rows stand in the order in which they came to be; issues in the order of demand: (tick, stream name, cell, k).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xxhash
from numpy.typing import NDArray

#: One row per issue.
ISSUES = np.dtype(
    [
        ("asked", "i8"),  # tick it arose; negative: it waited already when play began
        ("key", "u8"),  # identity: pairs with the same issue of any scenario that shares the seed
        ("stream", "i4"),
        ("segment", "i4"),
        ("topic", "i4"),
        ("state", "i4"),  # ISSUE_STATES
        ("customer", "i8"),  # index in the segment; -1: anonymous
        ("contacts", "i4"),  # contacts made so far
        ("worked", "i4"),  # touches whose talk came to its end
        ("ended", "i8"),  # tick from which no contact of it is due any more; NEVER: open
    ],
    align=True,
)
ISSUE_STATES = ("open", "solved", "gave_up", "unserved", "cut", "unasked", "gone")
# open: a contact waits, is worked on, or is due later · unserved: its plan offers nothing (level *none*)
# cut: its next contact was due in a run-out without demand · unasked: its customer kept it to himself (`asks`)
# gone: its customer had left when it arose, or when its next contact would have been made (`feedback`)

#: One row per contact.
CONTACTS = np.dtype(
    [
        ("issue", "i4"),
        ("number", "i4"),  # 1, 2, … within the issue
        ("kind", "i2"),  # CONTACT_KINDS
        ("channel", "i2"),
        ("queue", "i4"),
        ("created", "i8"),  # tick; negative for a starting backlog
        ("patience", "i8"),  # ticks he would wait; NEVER: for ever
        ("answered", "i8"),  # first start of work; NEVER: not answered
        ("left", "i8"),  # live: the customer hung up, gave up or was turned away; deferred: the reply went out
        ("outcome", "i4"),  # OUTCOMES
        ("row", "i4"),  # first row in touches; -1: never joined a queue
    ],
    align=True,
)
CONTACT_KINDS = ("first", "redial", "switch", "repeat", "filler")
OUTCOMES = ("open", "solved", "unresolved", "abandoned", "busy", "closed", "disconnected", "withdrew", "timed_out")

#: One row per stretch: a wait and the uninterrupted work after it.  Stretches of one touch share `touch`.
TOUCHES = np.dtype(
    [
        ("contact", "i4"),
        ("touch", "i4"),  # row of the first stretch
        ("queue", "i4"),
        ("agent", "i4"),  # -1: nobody yet
        ("joined", "i8"),  # this stretch began to wait
        ("entered", "i8"),  # entry time that orders the queue: creation of the contact, kept when laid aside
        ("started", "i8"),
        ("talk_ended", "i8"),
        ("ended", "i8"),  # wrap-up over, put down, interrupted, or left the queue
        ("remaining", "i8"),  # talk still to do when laid aside, as work: ticks times the speed with one in hand
        ("in_hand", "i2"),  # contacts in the agent's hands just after the start, this one included
        ("how", "i2"),  # ENDINGS
        ("starved", "i4"),  # times an agent who held chats took another one though this one went before it
    ],
    align=True,
)
ENDINGS = ("open", "worked", "put_down", "abandoned", "disconnected", "withdrew", "interrupted", "timed_out")

#: One row per span of an agent's day; a span still going on at the horizon ends there.
PRESENCE = np.dtype(
    [
        ("agent", "i4"),
        ("what", "i4"),  # SPANS
        ("team", "i4"),  # for which he works, or would if he came: his own but during an activity
        ("begin", "i8"),
        ("end", "i8"),
    ],
    align=True,
)
SPANS = ("absent", "available", "break_due", "break_paid", "break_unpaid", "block", "overtime", "break_lost")
# absent: the whole shift · available: on shift and open to work (also while working) · break_due: a break or
# block is due, nothing new is taken · overtime: the shift is over, work in hand is finished · break_lost: a
# break or block that never began (length 0: at shift end, or when the hours of an activity are over before he could)


#: One row per customer who may leave, in the order of segments and of their numbers: with `feedback` only.
CUSTOMERS = np.dtype(
    [
        ("segment", "i8"),
        ("customer", "i8"),  # index in the segment
        ("joined", "i8"),  # tick from which he is there in counted time; beyond the horizon: he never joins
        ("left", "i8"),  # tick at which he leaves; NEVER: not before the horizon
    ],
    align=True,
)


@dataclass(frozen=True)
class Journal:
    """What one replication left behind.  The tables are read-only structured arrays; customers: None if nobody may
    leave.
    """

    issues: NDArray[np.void]
    contacts: NDArray[np.void]
    touches: NDArray[np.void]
    presence: NDArray[np.void]
    end: int  # the horizon: nothing at this tick or later happened
    seed: int
    replication: int
    customers: NDArray[np.void] | None = None

    def xxh128(self) -> str:
        """Hash over the rows of issues, contacts and touches, which have no gaps, and over the columns of presence.

        And over the rows of customers where they may leave.  XXH3 with 128 bits, as 32 hexadecimal digits: it tells
        whether two plays are the same, which nobody forges, at twenty times the speed of a hash that keeps secrets.
        """
        digest = xxhash.xxh3_128()
        for table in (self.issues, self.contacts, self.touches):
            digest.update(np.ascontiguousarray(table).data)
        for name in self.presence.dtype.names or ():
            digest.update(np.ascontiguousarray(self.presence[name]).data)
        if self.customers is not None:
            digest.update(np.ascontiguousarray(self.customers).data)
        return digest.hexdigest()
