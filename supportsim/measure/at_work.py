"""The compiled passes over agents' time: their spans, and what of their work fell into which.

An agent with several contacts in hand is at work once: stretches that overlap are counted where the first of them
that is still going on has not reached.
"""

from __future__ import annotations

from typing import Any

from supportsim.demand.compiling import LEAN, PLAIN, alike, array, procedure, whole
from supportsim.engine.journal import PRESENCE, SPANS
from supportsim.measure import tables as t
from supportsim.measure.booking_clock import inside, slot_at

_ABSENT, _AVAILABLE, _DUE = SPANS.index("absent"), SPANS.index("available"), SPANS.index("break_due")
_PAID, _UNPAID, _BLOCK = SPANS.index("break_paid"), SPANS.index("break_unpaid"), SPANS.index("block")
_OVERTIME, _LOST = SPANS.index("overtime"), SPANS.index("break_lost")


@inside
def _add(F: Any, W: Any, team: int, column: int, begin: int, end: int, sign: int, hint: int) -> int:
    """A span of a team's time, added (sign 1) or taken away (-1); the slot in which it ends."""
    slot = slot_at(F, begin, hint)
    W[slot, team, column, 0] += sign
    W[slot, team, column, 1] += sign * begin
    slot = slot_at(F, end, slot)
    W[slot, team, column, 0] -= sign
    W[slot, team, column, 1] -= sign * end
    return int(slot)


# ---------------- what people were


@inside
def _column(what: int) -> int:
    """The column of a span of the journal; of those on the desk the column that is more than one kind of span."""
    if what == _ABSENT:
        return t.ABSENT
    if what == _BLOCK:
        return t.OFF_DESK
    if what == _PAID:
        return t.BREAKS_PAID
    if what == _UNPAID:
        return t.BREAKS_UNPAID
    return t.OVERTIME if what == _OVERTIME else t.PRESENT


@inside
def _book_unpaid(F: Any, W: Any, U: Any, agent: int, team: int, begin: int, end: int) -> None:
    """Unpaid breaks an absent agent would have had: U.begins and U.ends from U.first[agent] on."""
    for row in range(U[0][agent], U[0][agent + 1]):
        low, high = max(begin, U[1][row]), min(end, U[2][row])
        if low < high:
            _add(F, W, team, t.UNPAID_ABSENT, low, high, 1, 0)


@inside
def _book_span(F: Any, W: Any, span: Any, team: int, until: int) -> None:
    """A span of somebody's day in the columns of a team."""
    what, begin = int(span["what"]), span["begin"]
    _add(F, W, team, _column(what), begin, until, 1, 0)
    if what != _OVERTIME:
        _add(F, W, team, t.ROSTERED, begin, until, 1, 0)


def _book_presence(F: Any, W: Any, A: Any, lost: Any, team_of: Any, U: Any, presence: Any, end: int) -> None:
    """Add everybody's spans: W by his own team, A by the team he works for."""
    for row in range(len(presence)):
        span = presence[row]
        agent, begin, until = int(span["agent"]), span["begin"], min(span["end"], end)
        if span["what"] == _LOST:
            slot = slot_at(F, begin, 0)
            if 0 < slot < len(F.edges):
                lost[slot - 1, team_of[agent]] += 1
        elif begin < until:
            _book_span(F, W, span, team_of[agent], until)
            if len(A) > 0:
                _book_span(F, A, span, int(span["team"]), until)
            if span["what"] == _ABSENT:
                _book_unpaid(F, W, U, agent, team_of[agent], begin, until)


# ---------------- what they did


@inside
def _book_piece(F: Any, W: Any, A: Any, P: Any, row: int, last: int, team: int, column: int, begin: int, end: int,
                sign: int, slot: int) -> int:  # fmt: skip
    """Work of one kind on [begin, end), cut to the agent's spans at the desk or in overtime; the slot it ends in."""
    while row < last and P[row, 0] < end:
        low, high = max(begin, P[row, 0]), min(end, P[row, 1])
        over = P[row, 2] == 1
        if low < high and not (over and column == t.HANDLING):
            at = column + t.OVERTIME_WORK - t.WORKING if over else column
            slot = _add(F, W, team, at, low, high, sign, slot)
            if len(A) > 0:
                _add(F, A, P[row, 3], at, low, high, sign, slot)
        row += 1
    return slot


def _book_work(
    F: Any, W: Any, A: Any, team_of: Any, spans: Any, first_of: Any, P: Any, until: int, fillers: int
) -> None:  # fmt: skip
    """Add the work before tick `until`.  W by the agent's own team, A (if it has rows) by the team he works for.

    spans: by agent, then begin.  P: (rows, 4) begin, end, 0 at the desk or 1 overtime, team worked for; an
    agent's rows from first_of[agent] on.  fillers: 1 if there is any; time with nothing but filler in hand is all time
    at work less that at work for customers.
    """
    agent, row, slot, talked, worked, theirs = -1, 0, 0, 0, 0, 0
    for k in range(len(spans)):
        span = spans[k]
        whose, begin = int(span["agent"]), span["started"]
        if whose != agent:
            agent, row, slot, talked, worked, theirs = whose, first_of[whose], 0, 0, 0, 0
        last, team = first_of[agent + 1], team_of[agent]
        while row < last and P[row, 1] <= begin:
            row += 1
        talk_ended, ended = min(span["talk_ended"], until), min(span["ended"], until)
        if talk_ended > max(begin, talked):
            slot = _book_piece(F, W, A, P, row, last, team, t.HANDLING, max(begin, talked), talk_ended, 1, slot)
            talked = talk_ended
        if ended > max(begin, worked):
            slot = _book_piece(F, W, A, P, row, last, team, t.WORKING, max(begin, worked), ended, 1, slot)
            if fillers == 1:
                _book_piece(F, W, A, P, row, last, team, t.FILLER_ONLY, max(begin, worked), ended, 1, slot)
            worked = ended
        if fillers == 1 and span["segment"] >= 0 and ended > max(begin, theirs):
            _book_piece(F, W, A, P, row, last, team, t.FILLER_ONLY, max(begin, theirs), ended, -1, slot)
            theirs = ended


if PLAIN:
    book_presence: Any = _book_presence
    book_work: Any = _book_work
else:
    from supportsim.measure.booking import FRAME

    _time = array(axes=4)
    book_presence = whole(
        procedure(FRAME, _time, _time, array(axes=2), array(), alike(array(), 3), array(PRESENCE, readonly=True), int),
        **LEAN,
    )(_book_presence)
    book_work = whole(procedure(FRAME, _time, _time, array(), array(t.SPAN), array(), array(axes=2), int, int), **LEAN)(
        _book_work
    )
