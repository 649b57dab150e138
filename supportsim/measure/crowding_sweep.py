"""The compiled sweep of the crowding matrix: what happens in the order of time, and waits as differences of sums."""

from __future__ import annotations

from typing import Any, NamedTuple

from supportsim.demand.compiling import LEAN, PLAIN, array, bundle, procedure, whole
from supportsim.engine.journal import CONTACT_KINDS, CONTACTS, PRESENCE, SPANS, TOUCHES
from supportsim.measure.booking_clock import inside, slot_at
from supportsim.measure.crowding_desk import State, bring_up, note_team, weigh
from supportsim.measure.crowding_plan import Asking
from supportsim.scenario.ticks import NEVER

_FILLER = CONTACT_KINDS.index("filler")
_AVAILABLE = SPANS.index("available")
#: Spans of who is on shift; these are next to each other.
FIRST_SPAN, LAST_SPAN = SPANS.index("available"), SPANS.index("block")
#: What happens, and how many bits say so.
JOIN, START, END, GONE, PASS, COME, LEAVE, LATE, OVER = range(9)
CODE_BITS = 4


class Row(NamedTuple):
    """Of each stretch; int64 (column: int32)."""

    place: Any  # the cell it is booked to; -1: none
    column: Any  # segment, or filler
    passed: Any  # overflow delays that have passed: when it joined, then now


class Waits(NamedTuple):
    """What is booked to cells (queue x interval); int64."""

    parts: Any  # (cells, columns, 2): whole ticks, parts of a tick
    ticks: Any  # waited
    contacts: Any  # that waited


# ---------------- what happens


@inside
def _note(ticks: Any, codes: Any, n: int, tick: int, row: int, what: int) -> int:
    ticks[n] = tick
    codes[n] = row << CODE_BITS | what
    return n + 1


@inside
def _note_wait(A: Any, X: Any, ticks: Any, codes: Any, n: int, row: int, touch: Any, over: int) -> int:
    """A wait begins, overflow delays pass."""
    kind = A.kind[touch["queue"]]
    n = _note(ticks, codes, n, touch["joined"], row, JOIN)
    for level in range(A.level_from[kind], A.level_from[kind + 1]):
        at = touch["entered"] + A.levels[level]
        if at <= touch["joined"]:
            X.passed[row] += 1
        elif at < over:
            n = _note(ticks, codes, n, at, row, PASS)
    return n


@inside
def _book_wait(F: Any, X: Any, W: Any, waited: Any, row: int, touch: Any, contact: Any, over: int, hint: int) -> int:
    """Where a wait is booked, and its ticks; the slot of its contact."""
    slot = int(slot_at(F, contact["created"], hint))
    intervals = len(F.edges) - 1
    if 0 < slot <= intervals:
        place = int(touch["queue"]) * intervals + slot - 1
        X.place[row] = place
        W.ticks[place] += over - touch["joined"]
        if waited[touch["contact"]] == 0:
            waited[touch["contact"]] = 1
            W.contacts[place] += 1
    return slot


def _list_events(
    F: Any, A: Any, X: Any, W: Any, waited: Any, contacts: Any, touches: Any, presence: Any, end: int,
    ticks: Any, codes: Any, numbers: Any,
) -> None:  # fmt: skip
    """Write what happens, in no order: ticks and codes (row of its table, what); numbers[0] says how much."""
    n, hint = 0, 0
    for row in range(len(touches)):
        touch = touches[row]
        contact, queue = contacts[touch["contact"]], touch["queue"]
        ended = min(touch["ended"], end)
        started = min(touch["started"], ended)
        is_filler = contact["kind"] == _FILLER
        X.column[row] = A.numbers[0] if is_filler else A.segment[queue]
        if started > touch["joined"]:
            if not is_filler:
                hint = _book_wait(F, X, W, waited, row, touch, contact, started, hint)
            if X.place[row] >= 0 or A.drained_from[queue] < A.drained_from[queue + 1]:
                n = _note_wait(A, X, ticks, codes, n, row, touch, started)
                n = _note(ticks, codes, n, started, row, GONE)
        if touch["started"] < NEVER and started < ended:
            n = _note(ticks, codes, n, started, row, START)
            n = _note(ticks, codes, n, ended, row, END)
    for row in range(len(presence)):
        span = presence[row]
        until = min(span["end"], end)
        if FIRST_SPAN <= span["what"] <= LAST_SPAN and span["begin"] < until:
            n = _note(ticks, codes, n, span["begin"], row, COME)
            n = _note(ticks, codes, n, until, row, LEAVE)
    numbers[0] = n


# ---------------- who waits


@inside
def _note_wait_changes(A: Any, S: Any, X: Any, row: int, queue: int, what: int, now: int) -> int:
    """How many classes change when a wait begins or is over, or goes on in the next class: they are written down."""
    n = 0
    for k in range(A.drained_from[queue], A.drained_from[queue + 1]):
        n = note_team(A, S, A.drained[k], n, now)
    if X.place[row] >= 0:
        kind = A.class_from[A.kind[queue]] + X.passed[row]
        S.changing[n] = kind
        n += 1
        if what == PASS:
            S.changing[n] = kind + 1
            n += 1
    return n


@inside
def _add(A: Any, S: Any, W: Any, kind: int, place: int, sign: int) -> None:
    """The sums of a class to a cell, whole ticks and parts apart."""
    bits = A.numbers[2]
    for column in range(S.sums.shape[1]):
        value = S.sums[kind, column]
        W.parts[place, column, 0] += sign * (value >> bits)
        W.parts[place, column, 1] += sign * (value & ((1 << bits) - 1))


@inside
def _change_wait(A: Any, S: Any, X: Any, W: Any, row: int, queue: int, what: int) -> None:
    """It leaves its class (number -1), or comes to one (1); what it waits is the difference of two sums."""
    kind = A.class_from[A.kind[queue]]
    for number in range(1 if what == JOIN else -1, 0 if what == GONE else 2, 2):
        if what == PASS and number == 1:
            X.passed[row] += 1
        if A.drained_from[queue] < A.drained_from[queue + 1]:
            S.waiting[queue, X.passed[row]] += number
        if X.place[row] >= 0:
            S.waiters[kind + X.passed[row]] += number
            _add(A, S, W, kind + X.passed[row], X.place[row], -number)


# ---------------- who is there


@inside
def _who(S: Any, touches: Any, presence: Any, late: Any, row: int, what: int) -> int:
    """The agent to whom something happens; -1: nothing happens, since he is in another span already."""
    if what in (START, END):
        return int(touches[row]["agent"])
    if what >= LATE:
        return int(late[row, 0])
    agent = int(presence[row]["agent"])
    return -1 if what == LEAVE and S.span[agent] != row else agent


@inside
def _change_agent(
    A: Any, S: Any, X: Any, touches: Any, presence: Any, late: Any, agent: int, row: int, what: int
) -> None:  # fmt: skip
    if what == START:
        S.in_hand[agent] += 1
        S.hands[agent, X.column[row]] += 1
        S.held[agent] = A.channel[A.kind[touches[row]["queue"]]]
    elif what == END:
        S.in_hand[agent] -= 1
        S.hands[agent, X.column[row]] -= 1
    elif what == COME:
        S.team[agent], S.span[agent] = presence[row]["team"], row
        S.is_open[agent] = int(presence[row]["what"] == _AVAILABLE)
    elif what == LEAVE:
        S.team[agent] = S.span[agent] = -1
    else:
        S.is_late[agent, late[row, 1]] = int(what == LATE)


def _sweep(
    A: Any, S: Any, X: Any, W: Any, touches: Any, presence: Any, late: Any, ticks: Any, codes: Any
) -> None:  # fmt: skip
    """Everything in the order of time.  late: (rows, 2) agent and place among the channels with a last chat."""
    for k in range(len(ticks)):
        now, code = ticks[k], codes[k]
        row, what = code >> CODE_BITS, code & ((1 << CODE_BITS) - 1)
        agent, queue = -1, 0
        if what in (JOIN, GONE, PASS):
            queue = int(touches[row]["queue"])
            n = _note_wait_changes(A, S, X, row, queue, what, now)
        else:
            agent = _who(S, touches, presence, late, row, what)
            if agent < 0:
                continue
            n = note_team(A, S, S.team[agent], 0, now)
            if what == COME:
                n = note_team(A, S, int(presence[row]["team"]), n, now)
        for each in range(n):
            bring_up(A, S, S.changing[each], now)
        if agent < 0:
            _change_wait(A, S, X, W, row, queue, what)
            continue
        for sign in (-1, 1):
            if S.team[agent] >= 0:
                weigh(A, S, agent, sign)
            if sign < 0:
                _change_agent(A, S, X, touches, presence, late, agent, row, what)


if PLAIN:
    list_events: Any = _list_events
    sweep: Any = _sweep
else:
    from supportsim.measure.booking import FRAME

    _two, _rows = array(axes=2), bundle(Row, {"column": array("i4")})
    _asking = bundle(Asking, dict.fromkeys(("asked", "caps", "drains"), _two))
    _tables = ("sums", "waiting", "work", "sharing", "late_idle", "late_sharing", "hands", "is_late")
    _state = bundle(State, dict.fromkeys(_tables, _two))
    _waits = bundle(Waits, {"parts": array(axes=3)})
    _touches, _presence = array(TOUCHES, readonly=True), array(PRESENCE, readonly=True)
    list_events = whole(
        procedure(FRAME, _asking, _rows, _waits, array("i1"), array(CONTACTS, readonly=True), _touches, _presence, int,
                  array(), array(), array()), **LEAN,
    )(_list_events)  # fmt: skip
    sweep = whole(procedure(_asking, _state, _rows, _waits, _touches, _presence, _two, array(), array()), **LEAN)(
        _sweep
    )
