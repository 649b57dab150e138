"""Customers who leave for what they experience: docs/model.md, section 13.

Nobody is looked at before it matters: a customer is brought up to date when an issue of his arises, comes back or
closes, and when play is over.  The integral of his hazard is summed from one change of it to the next, so it does not
depend on how often he was looked at.
"""

from __future__ import annotations

import math

from supportsim.engine.due import covers, is_late
from supportsim.engine.machine import part, rare, rule
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.model import EXPERIENCES
from supportsim.scenario.ticks import NEVER, SECOND

#: An abandon within this time is brief: a misdial, a change of mind.
BRIEF = 5 * SECOND
(BROKEN, WAITED, AGAIN, SWITCHED, UNANSWERED, GAVE_UP, UNASKED, UNSERVED, SOLVED) = range(len(EXPERIENCES))
KINDS = len(EXPERIENCES)
# By their places in journal.ISSUE_STATES, CONTACT_KINDS and OUTCOMES.
STATE_SOLVED, STATE_GAVE_UP, STATE_UNSERVED, STATE_UNASKED = 1, 2, 3, 5
SWITCH = 2
REPLIED, ABANDONED, BUSY, CLOSED, WITHDREW = 2, 3, 4, 5, 7
#: Beyond this an exponential is 0 or as good as infinite.
_FAR = 700.0


# ---------------- what an issue leaves


@part
def _got_through(T: Tables, contact: int) -> bool:
    """Neither busy nor closed."""
    outcome = T.contacts[contact].outcome
    return bool(T.contacts[contact].answered < NEVER or (outcome != BUSY and outcome != CLOSED))


@rule
def _answers_late(T: Tables, contact: int, wait: int) -> int:
    """Promises of an answer broken on a contact that got through and is over."""
    found, is_answered = 0, T.contacts[contact].answered < NEVER
    outcome, created = T.contacts[contact].outcome, T.contacts[contact].created
    if not is_answered and outcome == WITHDREW:
        return 0
    for p in range(T.sizes[3].value):
        if T.promised[p].replies == 0 and covers(T, p, contact):
            judged = is_answered or T.promised[p].judges_lost == 1
            if not is_answered and outcome == ABANDONED and T.promised[p].spares_brief == 1 and wait <= BRIEF:
                judged = False
            if judged and is_late(T, p, created, created + wait):
                found += 1
    return found


@rule
def _reply_late(T: Tables, issue: int, p: int) -> int:
    """1 where a promise of a first reply is broken on an issue that is over."""
    begun, replied, withdrawn = NEVER, NEVER, -NEVER
    contact = T.issues[issue].last
    for _ in range(T.issues[issue].contacts):
        if covers(T, p, contact) and _got_through(T, contact):
            begun, outcome = T.contacts[contact].created, T.contacts[contact].outcome
            if 0 < outcome <= REPLIED:
                replied = min(replied, T.contacts[contact].left)
            elif T.contacts[contact].answered == NEVER and outcome == WITHDREW:
                withdrawn = max(withdrawn, T.contacts[contact].left)
        contact = T.contacts[contact].before
    until = replied if replied < NEVER else withdrawn
    return int(begun < NEVER and is_late(T, p, begun, until))


@part
def _count_contact(T: Tables, contact: int) -> None:
    """What one contact adds to its issue."""
    is_answered = T.contacts[contact].answered < NEVER
    T.counts[AGAIN].value += int(T.contacts[contact].number > 1)
    T.counts[SWITCHED].value += int(T.contacts[contact].kind == SWITCH)
    T.counts[UNANSWERED].value += int(not is_answered)
    if _got_through(T, contact):
        until = T.contacts[contact].answered if is_answered else T.contacts[contact].left
        wait = until - T.contacts[contact].created
        T.counts[WAITED].value += wait
        T.counts[BROKEN].value += _answers_late(T, contact, wait)


@rule
def count(T: Tables, issue: int, state: int) -> None:
    """Into `counts`: what an issue leaves that closes in this state."""
    for kind in range(KINDS):
        T.counts[kind].value = 0
    contact = T.issues[issue].last
    for _ in range(T.issues[issue].contacts):
        _count_contact(T, contact)
        contact = T.contacts[contact].before
    for p in range(T.sizes[3].value):
        if T.promised[p].replies == 1:
            T.counts[BROKEN].value += _reply_late(T, issue, p)
    T.counts[GAVE_UP].value = int(state == STATE_GAVE_UP)
    T.counts[UNASKED].value = int(state == STATE_UNASKED)
    T.counts[UNSERVED].value = int(state == STATE_UNSERVED)
    T.counts[SOLVED].value = int(state == STATE_SOLVED)


# ---------------- hazard, and what is left of a threshold


@rule
def _hazard(T: Tables, who: int) -> float:
    """Of leaving, by the year, for all that lasts."""
    for kind in range(KINDS):
        T.counts[kind].value = 0
    at = T.customers[who].felt
    while at != NONE:
        T.counts[T.felt[at].kind].value += T.felt[at].count
        at = T.felt[at].next
    score, segment = 0.0, T.customers[who].segment
    for kind in range(KINDS):
        score += T.counts[kind].value * T.feelings[kind].log
    logit = min(max(T.leavers[segment].logit + score, -_FAR), _FAR)
    p = min(1.0 / (1.0 + math.exp(-logit)), T.leavers[segment].cap)
    return -math.log(1.0 - p)


@rule
def _bear(T: Tables, who: int, until: int) -> None:
    """Up to a change of his hazard, which he has not left before."""
    if until > T.customers[who].since:
        T.customers[who].to_bear -= _hazard(T, who) * (until - T.customers[who].since)
        T.customers[who].since = until


@rule
def _leaves_by(T: Tables, who: int, until: int) -> bool:
    """Whether he reaches his threshold by a tick up to which his hazard is constant: then that is when he leaves."""
    since = T.customers[who].since
    if until <= since:
        return False
    hazard = _hazard(T, who)
    if hazard <= 0.0:
        return False
    more = T.customers[who].to_bear / hazard
    if more > until - since:
        return False
    T.customers[who].left = since + max(math.ceil(more), 0)
    return True


@part
def _forget_first(T: Tables, who: int) -> None:
    """What is over first is over."""
    first = T.customers[who].felt
    T.customers[who].felt = T.felt[first].next
    T.felt[first].next = T.world[0].felt_free
    T.world[0].felt_free = first


@rule
def _catch_up(T: Tables, who: int, now: int) -> None:
    """Up to `now`: what is over is forgotten at its tick, and if he has left, that is known."""
    while T.customers[who].left == NEVER:
        first = T.customers[who].felt
        until = NEVER if first == NONE else T.felt[first].until
        if _leaves_by(T, who, min(until, now)) or until > now:
            return
        _bear(T, who, until)
        _forget_first(T, who)


@part
def _feel(T: Tables, who: int, kind: int, many: int, until: int) -> None:
    """One kind more that lasts, at its place among the others."""
    node = T.world[0].felt_free
    if node == NONE:
        node = T.world[0].felt
        T.world[0].felt += 1
    else:
        T.world[0].felt_free = T.felt[node].next
    before, after = NONE, T.customers[who].felt
    while after != NONE and T.felt[after].until < until:
        before = after
        after = T.felt[after].next
    T.felt[node].next = after
    T.felt[node].until = until
    T.felt[node].kind = kind
    T.felt[node].count = many
    if before == NONE:
        T.customers[who].felt = node
    else:
        T.felt[before].next = node


# ---------------- what the journey asks


@part
def _customer(T: Tables, issue: int) -> int:
    """The row of its customer; NONE where nobody leaves."""
    first = T.leavers[T.issues[issue].segment].customers_from
    return NONE if first == NONE or T.issues[issue].customer < 0 else int(first + T.issues[issue].customer)


@rare
def left_at(T: Tables, issue: int, now: int) -> int:
    """The tick at which its customer has left, now at the latest; NEVER while he is there."""
    who = _customer(T, issue)
    if who == NONE:
        return NEVER
    _catch_up(T, who, now)
    return int(T.customers[who].left)


@rare
def feel(T: Tables, issue: int, state: int, now: int) -> None:
    """An issue closes; what it leaves lasts from now on."""
    who = _customer(T, issue)
    if who == NONE:
        return
    _catch_up(T, who, now)
    if T.customers[who].left < NEVER:
        return
    _bear(T, who, now)
    count(T, issue, state)
    for kind in range(KINDS):
        if T.counts[kind].value != 0 and T.feelings[kind].lasts > 0:
            _feel(T, who, kind, T.counts[kind].value, now + T.feelings[kind].lasts)


@rule
def settle(T: Tables, many: int, end: int) -> None:
    """Play is over: who of the first so many customers has left before the horizon."""
    for who in range(many):
        _catch_up(T, who, end - 1)
