"""The compiled passes behind money: paid time by agent-shift, and time at work shared by the contacts in hand."""

from __future__ import annotations

from typing import Any

from supportsim.demand.compiling import LEAN, PLAIN, alike, array, loose, procedure, whole
from supportsim.engine.journal import PRESENCE, SPANS
from supportsim.measure import tables as t
from supportsim.measure.booking_clock import inside

_ABSENT, _UNPAID = SPANS.index("absent"), SPANS.index("break_unpaid")
_OVERTIME, _LOST = SPANS.index("overtime"), SPANS.index("break_lost")
#: What is called from two places, and seldom: compiled once, apart from them.
apart = loose(None, **LEAN)


# ---------------- what is paid


@inside
def _shift_at(shifts: Any, agent: int, tick: int) -> int:
    """The row of the agent-shift a tick lies in: their begins from shifts[0][agent] on."""
    low, high = shifts[0][agent], shifts[0][agent + 1]
    while low + 1 < high:
        middle = (low + high) // 2
        if shifts[1][middle] <= tick:
            low = middle
        else:
            high = middle
    return int(low)


@apart
def _add_paid(shifts: Any, paid: Any, agent: int, column: int, begin: int, end: int, sign: int) -> None:
    """A span added (sign 1) to the agent-shifts it lies in or taken away (-1)."""
    row, last = _shift_at(shifts, agent, begin), shifts[0][agent + 1] - 1
    while begin < end and row <= last:
        until = min(end, shifts[1][row + 1]) if row < last else end
        paid[row, column] += sign * (until - begin)
        begin = until
        row += 1


def _book_paid(shifts: Any, paid: Any, unpaid: Any, presence: Any, begun: int, over: int) -> None:
    """Add everybody's spans in counted time [begun, over): ticks of paid time and of overtime, (agent-shifts, 2).

    shifts: first agent-shift per agent (one more at the end), their begins.  unpaid: the same of unpaid breaks as
    rostered, with their ends; who is absent is not paid for those.
    """
    for at in range(len(presence)):
        span = presence[at]
        what, agent = int(span["what"]), int(span["agent"])
        begin, until = max(span["begin"], begun), min(span["end"], over)
        if what in (_UNPAID, _LOST):
            continue
        _add_paid(shifts, paid, agent, int(what == _OVERTIME), begin, until, 1)
        if what == _ABSENT:
            for row in range(unpaid[0][agent], unpaid[0][agent + 1]):
                _add_paid(shifts, paid, agent, 0, max(begin, unpaid[1][row]), min(until, unpaid[2][row]), -1)


# ---------------- whom they worked for

#: State of the sweep over an agent's work: contacts in hand, how far it has come, his team; 1: there was no room.
_NUMBER, _AT, _TEAM, _MORE = range(4)
STATE = 4


@inside
def _share_piece(shared: Any, hands: Any, state: Any, P: Any, row: int, last: int, end: int) -> None:
    """Ticks from where the sweep is to `end` for each contact in hand, at the desk or in overtime."""
    while row < last and P[row, 0] < end:
        ticks = min(end, P[row, 1]) - max(state[_AT], P[row, 0])
        if ticks > 0:
            for k in range(state[_NUMBER]):
                shared[state[_TEAM], P[row, 2], state[_NUMBER] - 1, hands[k, 1]] += ticks
        row += 1


@inside
def _let_go(hands: Any, state: Any, tick: int) -> None:
    """Of what is over by a tick."""
    k = 0
    while k < state[_NUMBER]:
        if hands[k, 0] <= tick:
            state[_NUMBER] -= 1
            hands[k, 0], hands[k, 1] = hands[state[_NUMBER], 0], hands[state[_NUMBER], 1]
        else:
            k += 1


@inside
def _share_until(shared: Any, hands: Any, state: Any, P: Any, row: int, last: int, tick: int) -> None:
    """Go on to a tick: between two ends the number in hand stays as it is."""
    while state[_NUMBER] > 0 and state[_AT] < tick:
        until = tick
        for k in range(state[_NUMBER]):
            until = min(until, hands[k, 0])
        _share_piece(shared, hands, state, P, row, last, until)
        state[_AT] = until
        _let_go(hands, state, until)


@inside
def _take(hands: Any, state: Any, begin: int, ended: int, receiver: int) -> None:
    """One more in hand from `begin` on; none where there is no room."""
    row = state[_NUMBER]
    if row == len(hands):
        state[_MORE] = 1
    else:
        hands[row, 0], hands[row, 1] = ended, receiver
        state[_NUMBER], state[_AT] = row + 1, begin


def _share_work(
    shared: Any, hands: Any, state: Any, team_of: Any, spans: Any, first_of: Any, P: Any, begun: int, over: int
) -> None:  # fmt: skip
    """Add ticks of work in [begun, over) to (teams, 0 at the desk or 1 overtime, number in hand - 1, receivers).

    Receivers are segments, then filler.  spans, first_of, P: as in `at_work.book_work`.  hands: room for contacts in
    hand (end, receiver), as many as `shared` has numbers; where somebody holds more, the state says so and `shared` is
    worth nothing.
    """
    filler, agent, row, last = shared.shape[3] - 1, -1, 0, 0
    for k in range(len(spans) + 1):
        is_next = k == len(spans) or spans[k]["agent"] != agent
        if state[_NUMBER] > 0:
            _share_until(shared, hands, state, P, row, last, over if is_next else max(spans[k]["started"], begun))
        if k == len(spans):
            return
        span = spans[k]
        if is_next:
            agent = int(span["agent"])
            row, last = first_of[agent], first_of[agent + 1]
            state[_NUMBER], state[_TEAM] = 0, team_of[agent]
        begin, ended, receiver = max(span["started"], begun), min(span["ended"], over), int(span["segment"])
        receiver = receiver if receiver >= 0 else filler
        while row < last and P[row, 1] <= begin:
            row += 1
        if state[_NUMBER] == 0 and row < last and ended <= P[row, 1] and _is_alone(spans, k, ended):
            shared[state[_TEAM], P[row, 2], 0, receiver] += max(ended - max(begin, P[row, 0]), 0)
        elif begin < ended:
            _take(hands, state, begin, ended, receiver)


@inside
def _is_alone(spans: Any, k: int, ended: int) -> bool:
    """Whether the agent has put the work away before he takes up the next."""
    if k + 1 == len(spans):
        return True
    return bool(spans[k + 1]["agent"] != spans[k]["agent"] or spans[k + 1]["started"] >= ended)


if PLAIN:
    book_paid: Any = _book_paid
    share_work: Any = _share_work
else:
    _table = array(axes=2)
    book_paid = whole(
        procedure(alike(array(), 2), _table, alike(array(), 3), array(PRESENCE, readonly=True), int, int), **LEAN
    )(_book_paid)
    share_work = whole(
        procedure(array(axes=4), _table, array(), array(), array(t.SPAN), array(), _table, int, int), **LEAN
    )(_share_work)


def is_too_small(state: Any) -> bool:
    """Whether somebody held more at once than there was room for."""
    return bool(state[_MORE])
