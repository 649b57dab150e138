"""Compiled: the desk as the crowding matrix sees it, by team, and because of whom each class of waits passes.

Everything is kept in whole numbers that are added and taken away again, so what happens at one tick may come in any
order.  A class is brought up to date just before anything changes that its waits pass because of, and only while
somebody waits in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from supportsim.measure.booking_clock import inside
from supportsim.measure.crowding_plan import AWAY, DRAINING, LAST_CHAT, NOBODY, OVERFLOW, RESERVATION


class State(NamedTuple):
    """The desk at an instant: int64, one axis but where said."""

    sums: Any  # (classes, columns): parts of ticks that a wait since play began would have in each column
    since: Any  # class -> tick up to which its sums hold
    waiters: Any  # class -> booked touches that wait in it
    changing: Any  # scratch: classes to be brought up to date
    waiting: Any  # (queues, delays passed): touches that wait, of queues somebody drains for
    present: Any  # team -> on shift for it
    away: Any  # team -> of these with empty hands
    idle: Any  # team -> of these open to work
    work: Any  # (teams, segments and filler): shares of contacts in hand, in units
    sharing: Any  # (teams, channels): open to work, with contacts of it in hand and a place left
    late_idle: Any  # (teams, channels with a last chat): of the idle those for whom it has begun
    late_sharing: Any  # the same of those who share
    team: Any  # agent -> for which he is on shift; -1: none
    span: Any  # agent -> row of presence he is in; -1: none
    is_open: Any  # agent -> 1: open to work
    in_hand: Any
    held: Any  # agent -> channel of what he holds
    hands: Any  # (agents, segments and filler): contacts in hand
    is_late: Any  # (agents, channels with a last chat): 1: it has begun


# ---------------- because of whom


@inside
def _drains(A: Any, S: Any, team: int, channel: int) -> bool:
    """Whether a touch of another channel waits that the team drains for."""
    for row in range(A.drains_from[team], A.drains_from[team + 1]):
        if A.drains[row, 2] != channel:
            queue = A.drains[row, 0]
            for passed in range(A.drains[row, 1], S.waiting.shape[1]):
                if S.waiting[queue, passed] > 0:
                    return True
    return False


@inside
def _keeps_off(A: Any, S: Any, team: int, channel: int, hold: int) -> int:
    """The rule that keeps free agents of a team that is asked from a touch."""
    idle, sharing = S.idle[team], S.sharing[team, channel]
    if hold > 0 and ((0 < idle <= hold) or (sharing > 0 and idle < hold)):
        return RESERVATION
    if sharing > 0 and _drains(A, S, team, channel):
        return DRAINING
    last = A.last[channel]
    if last >= 0 and S.late_idle[team, last] + S.late_sharing[team, last] > 0:
        return LAST_CHAT
    return NOBODY


@inside
def _rule(A: Any, S: Any, kind: int) -> int:
    """The column, after those of the segments, that an instant of a class goes to whole; -1: it is shared."""
    channel, found, others, asked = A.channel[A.kind_of[kind]], NOBODY, 0, 0
    for row in range(A.asked_from[kind], A.asked_from[kind + 1]):
        team = A.asked[row, 0]
        is_free = S.idle[team] + S.sharing[team, channel] > 0
        if A.asked[row, 2] == 0:
            others += S.present[team]
            found = min(found, OVERFLOW) if is_free else found
        else:
            asked += S.present[team]
            found = min(found, _keeps_off(A, S, team, channel, A.asked[row, 1])) if is_free else found
    if found < NOBODY:
        return found
    if asked > 0:
        return -1
    return OVERFLOW if others > 0 else NOBODY


@inside
def _share(A: Any, S: Any, kind: int, ticks: int) -> None:
    """Ticks in which nobody is free, among all who are asked: by what they hold, and who is away."""
    segments, present, away = A.numbers[0], 0, 0
    for row in range(A.asked_from[kind], A.asked_from[kind + 1]):
        if A.asked[row, 2] == 1:
            present += S.present[A.asked[row, 0]]
            away += S.away[A.asked[row, 0]]
    parts = float(ticks << A.numbers[2]) / present
    each = parts / A.numbers[1]
    for column in range(segments + 1):
        work = 0
        for row in range(A.asked_from[kind], A.asked_from[kind + 1]):
            if A.asked[row, 2] == 1:
                work += S.work[A.asked[row, 0], column]
        if work > 0:
            S.sums[kind, column] += int(each * work + 0.5)
    if away > 0:
        S.sums[kind, segments + AWAY] += int(parts * away + 0.5)


@inside
def bring_up(A: Any, S: Any, kind: int, now: int) -> None:
    """Add to the sums of a class what has passed since they were added to last."""
    ticks = now - S.since[kind]
    if ticks == 0:
        return
    S.since[kind] = now
    if S.waiters[kind] == 0:
        return
    rule = _rule(A, S, kind)
    if rule >= 0:
        S.sums[kind, A.numbers[0] + rule] += ticks << A.numbers[2]
    else:
        _share(A, S, kind, ticks)


@inside
def note_team(A: Any, S: Any, team: int, n: int, now: int) -> int:
    """Something about a team changes: its classes where somebody waits, behind the first n of those that change."""
    if team >= 0:
        for row in range(A.seen_from[team], A.seen_from[team + 1]):
            kind = A.seen[row]
            if S.waiters[kind] > 0 and S.since[kind] != now:
                S.changing[n] = kind
                n += 1
    return n


# ---------------- people


@inside
def weigh(A: Any, S: Any, agent: int, sign: int) -> None:
    """Add all that an agent on shift is to his team (sign 1), or take it away (-1)."""
    team, number, is_open = S.team[agent], S.in_hand[agent], S.is_open[agent]
    S.present[team] += sign
    if number == 0:
        S.away[team] += sign
        S.idle[team] += sign * is_open
    else:
        part = sign * (A.numbers[1] // number)
        for column in range(A.numbers[0] + 1):
            S.work[team, column] += part * S.hands[agent, column]
    channel = S.held[agent]
    shares = is_open == 1 and number > 0 and number < A.caps[team, channel]
    if shares:
        S.sharing[team, channel] += sign
    for last in range(S.is_late.shape[1] * is_open):
        if S.is_late[agent, last] == 1 and number == 0:
            S.late_idle[team, last] += sign
        if S.is_late[agent, last] == 1 and shares and A.last[channel] == last:
            S.late_sharing[team, last] += sign
