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
    if T.channels[channel].hours_from == T.channels[channel].hours_to:
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
    first = T.channels[channel].speeds_from
    return 1 if first == NONE else int(T.speeds[first + in_hand - 1].value)


@part
def alone(T: Tables, channel: int) -> int:
    """Work done per tick with one contact in hand."""
    return speed_with(T, channel, 1)


@part
def is_inside(T: Tables, way: int, issue: int) -> bool:
    """Whether the wrap-up is a part of the handle time."""
    given = T.issues[issue].worked == 0 and T.issues[issue].handle >= 0
    return bool(given or T.works[way].wrap_inside == 1)


@part
def _handle(T: Tables, way: int, issue: int, factor: float) -> int:
    """Handle time, or talk time where the wrap-up comes on top; a trace row's own holds for the first touch worked."""
    n = T.issues[issue].worked
    if n == 0 and T.issues[issue].handle >= 0:
        return int(T.issues[issue].handle)
    return min(_times(_work(T, T.works[way].law, issue, n, WORK), factor), WORK_LIMIT)


@part
def _wrap_up(T: Tables, way: int, issue: int, handle: int, factor: float) -> int:
    """The wrap-up that goes with it; at most all of it where it lies inside."""
    n = T.issues[issue].worked
    given = n == 0 and T.issues[issue].handle >= 0
    if given and T.issues[issue].wrap >= 0:
        wrap = int(T.issues[issue].wrap)
    elif T.works[way].wrap_law == NONE:
        wrap = round(handle * T.works[way].wrap_share) if T.works[way].wrap_share > 0.0 else 0
    else:
        wrap = min(_times(_work(T, T.works[way].wrap_law, issue, n, WRAP_UP), factor), WORK_LIMIT)
    return min(wrap, handle) if is_inside(T, way, issue) else wrap


@part
def begin_work(T: Tables, contact: int, team: int, now: int) -> None:
    """Work is fixed at first start: n counts the touches worked on the issue, so that a redial keeps its work.

    It becomes an amount: ticks times the speed of an agent with nothing else in hand.
    """
    issue, q = T.contacts[contact].issue, T.contacts[contact].queue
    way, channel = _way(T, team, q), T.contacts[contact].channel
    factor = _of_the_hour(T, channel, now, ON_WORK)
    handle = _handle(T, way, issue, factor)
    wrap = _wrap_up(T, way, issue, handle, factor)
    talk = handle - wrap if is_inside(T, way, issue) else handle
    speed = alone(T, channel)
    T.contacts[contact].team = team
    T.contacts[contact].talk = speed * min(_times(talk, T.works[way].pace), WORK_LIMIT)
    T.contacts[contact].wrap = speed * min(_times(wrap, T.works[way].pace), WORK_LIMIT)


@rule
def work_to_do(T: Tables, contact: int) -> int:
    """Ticks of work still to do alone: as drawn for the queue, or what remains of it once it has begun."""
    if T.contacts[contact].talk != NONE:
        speed = alone(T, T.contacts[contact].channel)
        return (T.contacts[contact].talk + T.contacts[contact].wrap + speed - 1) // speed
    issue, way = T.contacts[contact].issue, _way(T, NONE, T.contacts[contact].queue)
    handle = _handle(T, way, issue, 1.0)
    return handle if is_inside(T, way, issue) else handle + _wrap_up(T, way, issue, handle, 1.0)


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
    way = _way(T, T.contacts[contact].team, T.contacts[contact].queue)
    chance = T.works[way].resolves * _of_the_hour(T, channel, now, ON_RESOLUTION)
    if chance >= 1.0:
        return True  # a fate lies below 1
    return uniform(T.world[0].key, T.issues[issue].key, T.issues[issue].worked, RESOLUTION) < chance
