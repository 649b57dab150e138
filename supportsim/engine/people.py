"""What agents do at the desk: end a piece of work, come, rest, move, and go home."""

from __future__ import annotations

from supportsim.engine.available import offer, withhold
from supportsim.engine.desk import PUT_DOWN, WORKED, cut_if_deserted, lay_aside, look_or_wait, release, supply
from supportsim.engine.hands import all_done, count_work, end_of, let_go, tell_work
from supportsim.engine.interrupts import note_loose
from supportsim.engine.machine import part, rare, rule, verb
from supportsim.engine.presence import (
    ABSENT,
    AVAILABLE,
    BREAK_DUE,
    BREAK_LOST,
    OVERTIME,
    note,
    note_span,
    note_team,
)
from supportsim.engine.queues import tell
from supportsim.engine.tables import AWAY, BREAK, DUE, NOBODY, NONE, OFF, OPEN, OVER, WRAP, Tables
from supportsim.scenario.ticks import NEVER

# ---------------- what he does with free places


@rule
def _cut_deserted_lines(T: Tables, team: int, now: int) -> None:
    """A team has lost one; lines of closed channels that nobody present can serve any more are cut."""
    if T.teams[team].present > 0:
        return
    for q in range(len(T.queues)):
        if T.channels[T.queues[q].channel].is_open == 0:
            cut_if_deserted(T, q, now)


@rare
def _leave(T: Tables, agent: int, now: int) -> None:
    """He goes home."""
    T.agents[agent].state = OFF
    note_span(T, agent, NONE, now)
    T.teams[T.agents[agent].team].present -= 1
    _cut_deserted_lines(T, T.agents[agent].team, now)


@rare
def _begin_rest(T: Tables, agent: int, now: int) -> bool:
    """The first break due begins; it keeps its length but never outlives the shift.  False if all due were lost.

    A block of an activity ends with its hours; over before it could begin, it is lost.
    """
    while T.agents[agent].rests_due > 0:
        rest = T.agents[agent].rest
        T.agents[agent].rest += 1
        T.agents[agent].rests_due -= 1
        if T.rests[rest].until > now:
            T.agents[agent].state = AWAY
            back = min(now + T.rests[rest].length, T.agents[agent].shift_end)
            T.agents[agent].back = min(back, T.rests[rest].until)
            note_span(T, agent, T.rests[rest].what, now)
            tell(T, BREAK, agent, T.agents[agent].back, rest)
            return True
        note(T, agent, BREAK_LOST, now, now)
    return False


@part
def _settle(T: Tables, agent: int, now: int) -> None:
    """What he does with his free places: go home, take a break, or the next work, until nothing may start."""
    if T.agents[agent].in_hand == 0 and T.agents[agent].state == OVER:
        _leave(T, agent, now)
        return
    if T.agents[agent].in_hand == 0 and T.agents[agent].state == DUE:
        if _begin_rest(T, agent, now):
            return
        T.agents[agent].state = OPEN
        note_span(T, agent, AVAILABLE, now)
        offer(T, agent)
    if T.agents[agent].state == OPEN:
        supply(T, agent, now)


@rule
def _resume(T: Tables, agent: int, now: int) -> None:
    """Open to work, unless a break is due."""
    withhold(T, agent)
    if T.agents[agent].rests_due > 0:
        T.agents[agent].state = DUE
        note_span(T, agent, BREAK_DUE, now)
    else:
        T.agents[agent].state = OPEN
        note_span(T, agent, AVAILABLE, now)
        offer(T, agent)
    _settle(T, agent, now)


# ---------------- the end of a piece of work


@part
def _finish(T: Tables, row: int, now: int) -> None:
    """The work on a touch is done, wrap-up included; the agent takes what he may."""
    T.touches[row].ended = now
    T.touches[row].how = WORKED
    let_go(T, row, T.touches[row].agent, now)
    _settle(T, T.touches[row].agent, now)
    release(T, now)


@verb
def hang_up(T: Tables, row: int, now: int) -> None:
    """The talk is over and the customer gone.  Without wrap-up the agent is free at once and takes what he may."""
    contact, agent = T.touches[row].contact, T.touches[row].agent
    count_work(T, agent, now)
    T.touches[row].talk_ended = now
    T.contacts[contact].left = now
    T.contacts[contact].talk = 0
    T.channels[T.contacts[contact].channel].on_line -= 1
    T.touches[row].due = end_of(T, T.contacts[contact].wrap, agent, now)
    if T.contacts[contact].wrap == 0:
        _finish(T, row, now)
    else:
        tell_work(T, WRAP, row, agent)


@verb
def wrap_up_over(T: Tables, row: int, now: int) -> None:
    """The wrap-up is done."""
    _finish(T, row, now)


# ---------------- his day


@verb
def stay_away(T: Tables, agent: int, until: int, now: int) -> None:
    """Absent for a whole shift, whether or not he is still finishing the one before."""
    note(T, agent, ABSENT, now, until)


@rule
def _come(T: Tables, agent: int, rests_from: int, rests_to: int, shift_end: int, now: int) -> None:
    """He comes to work, or is still there from the shift before; a break due at this tick goes first."""
    if T.agents[agent].state == OFF:
        T.teams[T.agents[agent].team].present += 1
    T.agents[agent].changed = now
    T.agents[agent].rest = rests_from
    T.agents[agent].rests_end = rests_to
    T.agents[agent].rests_due = 0
    T.agents[agent].shift_end = shift_end
    while rests_from < rests_to and T.rests[rests_from].due <= now:
        T.agents[agent].rests_due += 1
        rests_from += 1
    _resume(T, agent, now)


@verb
def clock_in(T: Tables, agent: int, rests_from: int, rests_to: int, shift_end: int, now: int) -> None:
    """His shift begins."""
    _come(T, agent, rests_from, rests_to, shift_end, now)
    release(T, now)


@verb
def rest_due(T: Tables, agent: int, rest: int, now: int) -> None:
    """A break or block falls due: it begins when his hands are empty, after those due before it."""
    if T.agents[agent].state == OFF or rest < T.agents[agent].rest + T.agents[agent].rests_due:
        return
    T.agents[agent].rests_due += 1
    if T.agents[agent].state != OPEN:
        return
    withhold(T, agent)
    T.agents[agent].state = DUE
    note_span(T, agent, BREAK_DUE, now)
    _settle(T, agent, now)
    release(T, now)


@verb
def come_back(T: Tables, agent: int, now: int) -> None:
    """The break is over: the next one if it is due, else work."""
    if T.agents[agent].state != AWAY or T.agents[agent].back != now:
        return
    T.agents[agent].changed = now
    _resume(T, agent, now)
    release(T, now)


@rule
def _stop(T: Tables, agent: int, now: int) -> None:
    """Nothing new from now on: work is put down or finished in overtime, breaks not begun are lost."""
    withhold(T, agent)
    for _ in range(T.agents[agent].rest, T.agents[agent].rests_end):
        note(T, agent, BREAK_LOST, now, now)
    T.agents[agent].state = OVER
    note_span(T, agent, OVERTIME, now)
    T.agents[agent].rest = T.agents[agent].rests_end
    T.agents[agent].rests_due = 0
    row = T.agents[agent].hands
    while row != NONE:
        after = T.touches[row].next
        c = T.queues[T.touches[row].queue].channel
        unfinished = T.touches[row].talk_ended == NEVER and T.touches[row].due > now
        if T.channels[c].put_down == 1 and unfinished:
            look_or_wait(T, lay_aside(T, row, PUT_DOWN, now), now)
        row = after
    _settle(T, agent, now)


@verb
def end_shift(T: Tables, agent: int, now: int) -> None:
    """His shift is over."""
    _stop(T, agent, now)
    release(T, now)


@verb
def move(T: Tables, agent: int, team: int, now: int) -> None:
    """From now on he works for another team; what he has in hand goes on."""
    before = T.agents[agent].team
    if team == before:
        return
    withhold(T, agent)
    T.agents[agent].team = team
    note_loose(T, agent)
    if T.agents[agent].state == OFF:
        return
    T.teams[before].present -= 1
    T.teams[team].present += 1
    T.agents[agent].changed = now
    note_team(T, agent, now)
    offer(T, agent)
    _cut_deserted_lines(T, before, now)
    _settle(T, agent, now)
    release(T, now)


# ---------------- anonymous heads


@rule
def _longest_idle(T: Tables, team: int) -> int:
    """Who of the team's heads has had empty hands longest; NOBODY if none has."""
    best = NOBODY
    for agent in range(T.teams[team].agents_from, T.teams[team].agents_to):
        is_idle = T.agents[agent].state == OPEN and T.agents[agent].in_hand == 0
        if is_idle and (best == NOBODY or T.agents[agent].changed < T.agents[best].changed):
            best = agent
    return best


@rule
def _next_to_finish(T: Tables, team: int) -> int:
    """Who of the team's heads will have done all he holds first; NOBODY if none is at work."""
    best, soonest = NOBODY, NEVER
    for agent in range(T.teams[team].agents_from, T.teams[team].agents_to):
        if T.agents[agent].state == OPEN:
            done = all_done(T, agent)
            if best == NOBODY or done < soonest:
                best, soonest = agent, done
    return best


@verb
def fewer(T: Tables, team: int, heads: int, now: int) -> None:
    """So many heads go: the idle at once, then those who finish next, who take nothing more."""
    for _ in range(heads):
        agent = _longest_idle(T, team)
        if agent != NOBODY:
            withhold(T, agent)
            _leave(T, agent, now)
        else:
            agent = _next_to_finish(T, team)
            if agent != NOBODY:
                _stop(T, agent, now)
    release(T, now)


@rule
def _in_state(T: Tables, team: int, state: int) -> int:
    """The first of the team's heads who stands there; NOBODY if none does."""
    for agent in range(T.teams[team].agents_from, T.teams[team].agents_to):
        if T.agents[agent].state == state:
            return agent
    return NOBODY


@verb
def more(T: Tables, team: int, heads: int, now: int) -> None:
    """So many heads come: who is still finishing counts again, then others clock in."""
    for _ in range(heads):
        agent = _in_state(T, team, OVER)
        if agent != NOBODY:
            T.agents[agent].changed = now
            _resume(T, agent, now)
        else:
            agent = _in_state(T, team, OFF)
            if agent != NOBODY:
                _come(T, agent, 0, 0, NEVER, now)
    release(T, now)
