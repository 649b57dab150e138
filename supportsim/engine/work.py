"""How long a touch takes and what comes of it: pure functions of the issue, its queue, the team and the fates."""

from __future__ import annotations

from supportsim.demand.fates import PATIENCE, RESOLUTION, WORK, WRAP_UP, uniform
from supportsim.demand.laws import duration, whole_ticks
from supportsim.engine.machine import part, rare, rule
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.ticks import NEVER, WORK_LIMIT

# What an hour of a channel multiplies.
ON_WORK, ON_PATIENCE, ON_RESOLUTION = 0, 1, 2


@part
def drawn(T: Tables, law: int, issue: int, n: int, purpose: int, aht: float) -> int:
    """The n-th duration of this purpose for this issue, in ticks; `aht`: what a law taken from the forecast scales."""
    return duration(T.laws, T.knots, law, uniform(T.world[0].key, T.issues[issue].key, n, purpose), aht)


@rare
def _of_this_hour(T: Tables, channel: int, now: int, what: int) -> float:
    """The factor of the hour of a channel that has some."""
    low, high = T.channels[channel].hours_from, T.channels[channel].hours_to
    while high - low > 1:
        middle = (low + high) // 2
        if T.hours[middle].begin <= now:
            low = middle
        else:
            high = middle
    if what == ON_WORK:
        return float(T.hours[low].work)
    return float(T.hours[low].patience if what == ON_PATIENCE else T.hours[low].resolves)


@part
def _of_the_hour(T: Tables, channel: int, now: int, what: int) -> float:
    """The factor of the hour on work, patience or the chance to solve."""
    if T.world[0].has_hours == 0 or T.channels[channel].hours_from == T.channels[channel].hours_to:
        return 1.0
    return _of_this_hour(T, channel, now, what)


@part
def _times(ticks: int, factor: float) -> int:
    """Ticks times a factor, rounded; never stays never."""
    if factor == 1.0 or ticks >= NEVER:
        return ticks
    return int(whole_ticks(ticks * factor))


@part
def _work(T: Tables, law: int, issue: int, n: int, purpose: int) -> int:
    """The n-th amount of work of this purpose for this issue, in ticks."""
    return min(drawn(T, law, issue, n, purpose, T.issues[issue].aht), WORK_LIMIT)


@part
def _way(T: Tables, team: int, q: int) -> int:
    """Row in WORK: how a team works on a queue; NONE: as the queue says."""
    return int(T.work_of[(team + 1) * len(T.queues) + q].value)


@part
def speed_with(T: Tables, channel: int, in_hand: int) -> int:
    """Work done per tick on each of so many contacts in hand."""
    if T.world[0].has_speeds == 0:
        return 1
    first = T.channels[channel].speeds_from
    return 1 if first == NONE else int(T.speeds[first + in_hand - 1].value)


@part
def alone(T: Tables, channel: int) -> int:
    """Work done per tick with one contact in hand."""
    return speed_with(T, channel, 1)


@part
def _is_given(T: Tables, issue: int) -> bool:
    """Whether a trace row says how long the next touch takes: its own holds for the first touch worked."""
    return bool(T.issues[issue].worked == 0 and T.issues[issue].handle >= 0)


@part
def _is_inside(T: Tables, way: int, given: bool) -> bool:
    """Whether the wrap-up is a part of the handle time."""
    return bool(given or T.works[way].wrap_inside == 1)


@part
def _handle(T: Tables, way: int, issue: int, given: bool, factor: float) -> int:
    """Handle time, or talk time where the wrap-up comes on top."""
    if given:
        return int(T.issues[issue].handle)
    return min(_times(_work(T, T.works[way].law, issue, T.issues[issue].worked, WORK), factor), WORK_LIMIT)


@rare
def _drawn_wrap_up(T: Tables, way: int, issue: int, factor: float) -> int:
    return min(_times(_work(T, T.works[way].wrap_law, issue, T.issues[issue].worked, WRAP_UP), factor), WORK_LIMIT)


@part
def _wrap_up(T: Tables, way: int, issue: int, given: bool, handle: int, factor: float) -> int:
    """The wrap-up that goes with it; at most all of it where it lies inside."""
    if given and T.issues[issue].wrap >= 0:
        wrap = int(T.issues[issue].wrap)
    elif T.works[way].wrap_law == NONE:
        wrap = round(handle * T.works[way].wrap_share) if T.works[way].wrap_share > 0.0 else 0
    else:
        wrap = _drawn_wrap_up(T, way, issue, factor)
    return min(wrap, handle) if _is_inside(T, way, given) else wrap


@part
def _set_work(T: Tables, contact: int, way: int, given: bool, factor: float) -> None:
    """Talk and wrap-up become amounts: ticks times the speed of an agent with nothing else in hand."""
    issue, speed = T.contacts[contact].issue, alone(T, T.contacts[contact].channel)
    handle = _handle(T, way, issue, given, factor)
    wrap = _wrap_up(T, way, issue, given, handle, factor)
    talk = handle - wrap if _is_inside(T, way, given) else handle
    T.contacts[contact].talk = speed * min(_times(talk, T.works[way].pace), WORK_LIMIT)
    T.contacts[contact].wrap = speed * min(_times(wrap, T.works[way].pace), WORK_LIMIT)


@part
def begin_work(T: Tables, contact: int, team: int, now: int) -> None:
    """Work is fixed at first start: n counts the touches worked on the issue, so that a redial keeps its work.

    Machine code holds it twice, so that what is drawn asks once whether a trace row says it.
    """
    way = _way(T, team, T.contacts[contact].queue)
    factor = _of_the_hour(T, T.contacts[contact].channel, now, ON_WORK)
    T.contacts[contact].way = way
    if _is_given(T, T.contacts[contact].issue):
        _set_work(T, contact, way, True, factor)
    else:
        _set_work(T, contact, way, False, factor)


@rule
def work_to_do(T: Tables, contact: int) -> int:
    """Ticks of work still to do alone: as drawn for the queue, or what remains of it once it has begun."""
    if T.contacts[contact].talk != NONE:
        speed = alone(T, T.contacts[contact].channel)
        return (T.contacts[contact].talk + T.contacts[contact].wrap + speed - 1) // speed
    issue, way = T.contacts[contact].issue, _way(T, NONE, T.contacts[contact].queue)
    given = _is_given(T, issue)
    handle = _handle(T, way, issue, given, 1.0)
    return handle if _is_inside(T, way, given) else handle + _wrap_up(T, way, issue, given, handle, 1.0)


@part
def patience(T: Tables, issue: int, q: int, n: int, now: int) -> int:
    """How long the n-th contact of the issue would wait, ticks; a trace row's own holds for the first."""
    channel = T.queues[q].channel
    if T.channels[channel].keeps_patience == 1:
        n = 1
    if n == 1 and T.issues[issue].patience >= 0:
        return int(T.issues[issue].patience)
    would = drawn(T, T.queues[q].patience, issue, n, PATIENCE, T.issues[issue].aht)
    return _times(would, _of_the_hour(T, channel, now, ON_PATIENCE))


@part
def resolves(T: Tables, contact: int, now: int) -> bool:
    """Whether the touch just worked solves the issue: by the chance of the team that began it."""
    issue, channel = T.contacts[contact].issue, T.contacts[contact].channel
    chance = T.works[T.contacts[contact].way].resolves * _of_the_hour(T, channel, now, ON_RESOLUTION)
    if chance >= 1.0:
        return True  # a fate lies below 1
    return uniform(T.world[0].key, T.issues[issue].key, T.issues[issue].worked, RESOLUTION) < chance
