"""Checks across a scenario: what cannot work is a fault, what is probably not meant is a note."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from supportsim.scenario.laws import mean, span
from supportsim.scenario.model import Channel, Queue, Scenario, Stream, Times, Work
from supportsim.scenario.offers import plans_of
from supportsim.scenario.resolve_cover import (
    chances,
    implausible,
    least_work,
    overload,
    people_ticks,
    works,
)
from supportsim.scenario.resolve_forecast import forecasts
from supportsim.scenario.resolve_gaps import uncovered
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.resolve_notes import (
    drains,
    last_chats,
    last_step,
    long_nights,
    nobody_there,
    patience,
    unused,
    wait_limits,
    wrap_ups,
)
from supportsim.scenario.resolve_queues import path_of, paths
from supportsim.scenario.schema_base import BAD
from supportsim.scenario.schema_laws import MOST_WORK
from supportsim.scenario.ticks import DAY, HOUR, MONTH, WEEK, WORK_LIMIT

_NOTES = (
    patience, wait_limits, wrap_ups, last_step, last_chats, drains, nobody_there, long_nights, unused, uncovered,
    implausible, forecasts,
)  # fmt: skip
MOST_ISSUES = 100_000_000
MANY_ISSUES = 10_000_000
MOST_VISITS = 50.0
MOST_ATTEMPTS = 10_000  # of one issue that nobody serves: a redial every minute for a week
_UNSERVED = ("abandoned", "timed_out", "busy", "disconnected", "withdrew")


def check(desk: Desk, scenario: Scenario, parts: Mapping[str, Any]) -> None:
    """All checks; each passes over what could not be read (`scenario` is BAD then)."""
    queues: Sequence[Queue] = parts["queues"]
    _served(desk, queues)
    for channel in parts["channels"]:
        with desk.passing():
            own = [queue for queue in queues if queue.channel == channel.name]
            _redials(desk, channel, own, parts["times"])
            _repeats(desk, channel, own)
            _long_work(desk, channel, own)
    with desk.passing():
        _forecast_work(desk, parts, queues)
    with desk.passing():
        _filler_work(desk, parts)
    with desk.passing():
        _volume(desk, scenario)
        _people(desk, scenario)
        for note in _NOTES:
            note(desk, scenario)
        overload(desk, scenario, [expected(scenario, stream) for stream in scenario.streams])


def _served(desk: Desk, queues: Sequence[Queue]) -> None:
    """Somebody serves every queue: one fault a channel, naming the channel if nobody serves any of it.

    Not asked where a selector of a team is wrong: it may be meant for what nobody serves.
    """
    if desk.unclear:
        return
    for name in dict.fromkeys(queue.channel for queue in queues):
        with desk.passing():
            own = [queue for queue in queues if queue.channel == name]
            alone = [queue for queue in own if not queue.teams]
            if not alone:
                continue
            whole = len(alone) == len(own)
            who = name if whole else f"{name} {alone[0].segment} {alone[0].topic}"
            hint = f"add {name} to the serves of a team" if whole else "no team's serves names it"
            channel = desk.human.channels[name]
            channel._reading.wrong(channel._node, f"a team that serves {who}", hint, got="nobody")


def _redials(desk: Desk, channel: Channel, queues: Sequence[Queue], times: Times | None) -> None:
    """Customers who try again and again because nobody serves them: at once, or too often in the time played.

    `closed` is passed over: its delay runs from the next opening, so a calendar bounds it.  Likewise
    `disconnected`, which needs an end of a shift each time, unless all come back at once.
    """
    after = desk.human.channels[channel.name].after
    for each in channel.after:
        if each.tries is not None or each.outcome not in _UNSERVED:
            continue
        if each.again >= 1 and mean(each.delay) <= 0:
            rule = "a delay above 0, tries, or a share that gives up"
            getattr(after, each.outcome).wrong("again", rule, "all try again at once, without end")
        elif times is not None and each.outcome != "disconnected":
            gap = mean(each.delay) + _waited(each.outcome, channel, queues)
            if attempts(each.again, gap, _played(times)) > MOST_ATTEMPTS:
                rule = f"at most {MOST_ATTEMPTS:,} contacts of an issue in the time played".replace(",", " ")
                hint = f"who is not served tries again every {span(gap)}: set tries or a longer delay"
                getattr(after, each.outcome).wrong("again", rule, hint)


def _waited(outcome: str, channel: Channel, queues: Sequence[Queue]) -> float:
    """Mean ticks a customer waits before an outcome, in the queue with the least patience; busy is told at once."""
    if outcome == "timed_out":
        return float(channel.wait_limit or 0)
    return 0.0 if outcome == "busy" else min((mean(queue.patience) for queue in queues), default=math.inf)


def attempts(again: float, gap: float, played: float) -> float:
    """Expected contacts of an issue that is never served, `gap` ticks apart, in `played` ticks: geometric, cut."""
    most = 1 + played / gap if gap > 0 else math.inf
    return most if again >= 1 else (1 - again**most) / (1 - again)


def _played(times: Times) -> int:
    """Ticks of warm-up, counted time and the whole run-out (clock changes aside)."""
    days = times.warm_up_days + times.length_days + times.run_out_days
    return days * DAY + times.warm_up_ticks + times.length_ticks + times.run_out_ticks


def _repeats(desk: Desk, channel: Channel, queues: Sequence[Queue]) -> None:
    """Customers who come back again and again because nothing is resolved."""
    worst = max((visits(channel, each) for queue in queues for each in chances(queue)), default=0.0)
    if worst <= MOST_VISITS:
        return
    after = desk.human.channels[channel.name].after
    step = (after.unresolved or after.solved) if after is not None else None
    often = "for ever" if math.isinf(worst) else f"{worst:.0f} times"
    hint = f"customers come back {often}: resolve more, or set tries"
    if step is not None:
        step.wrong("again", f"at most {MOST_VISITS:.0f} contacts an issue", hint)


def visits(channel: Channel, resolves: float) -> float:
    """Expected contacts of an issue on a channel where every contact is served."""
    own = {each.outcome: each for each in channel.after if each.outcome in ("unresolved", "solved") and each.again}
    back = sum(each.again * (resolves if outcome == "solved" else 1 - resolves) for outcome, each in own.items())
    tries = min((each.tries for each in own.values() if each.tries is not None), default=None)
    if tries is None:
        return math.inf if back >= 1 else 1 / (1 - back)
    return float(tries) if back >= 1 else (1 - back**tries) / (1 - back)


def _long_work(desk: Desk, channel: Channel, queues: Sequence[Queue]) -> None:
    """Factors must not stretch work beyond what one piece of it lasts at most; from a forecast it is passed over."""
    hours = max([1.0, *(hour.work for hour in channel.by_hour)])
    for queue in queues:
        paced = [(queue.work, 1.0), *((own.work, own.pace) for own in queue.by_team)]
        longest = max(_longer(work) * pace for work, pace in paced) * hours
        if longest > WORK_LIMIT:
            human = desk.human.channels[channel.name]
            hint = f"with all its factors work on {queue.segment} {queue.topic} takes {span(longest)}"
            human.wrong("handle_time" if human.handle_time is not None else "talk_time", MOST_WORK, hint)
            return


def _longer(work: Work) -> float:
    """Mean ticks of the longer part of work: of all of it, or of talk or wrap-up where these are apart."""
    laws = [work.law, *[work.wrap_law] * (work.wrap_law is not None and not work.wrap_inside)]
    return max(0.0 if law is None or law.from_forecast else mean(law) for law in laws)


def _forecast_work(desk: Desk, parts: Mapping[str, Any], queues: Sequence[Queue]) -> None:
    """`mean: from forecast` needs an AHT in every stream whose issues come there."""
    asking = [queue for queue in queues if any(work.law.from_forecast for work in works(queue))]
    if not asking:
        return
    offered = paths(parts["plans"], parts["segments"])
    for stream in parts["streams"]:
        if stream.cells is not None and stream.cells.aht:
            continue
        if stream.trace is not None and bool((stream.trace.handle >= 0).all()):
            continue
        for queue in asking:
            steps_of = ([] if stream.kind == "endless" else offered.get(stream.segment)) or [[]]
            comes = any(queue.channel in path_of(stream.channel, steps) for steps in steps_of)
            if comes and (stream.segment, stream.topic) == (queue.segment, queue.topic):
                _no_aht(desk, stream, queue)
                break


def _filler_work(desk: Desk, parts: Mapping[str, Any]) -> None:
    """Filler work takes time in every hour, or an agent would begin pieces without end in one instant."""
    for stream in (each for each in parts["streams"] if each.kind == "endless"):
        for queue in (each for each in parts["queues"] if _begins_in(stream, each)):
            forecast = any(work.law.from_forecast for work in works(queue))  # a fault of its own
            piece = _piece(queue, parts["channels"])
            if not forecast and piece < 1:
                hint = f"here a piece takes {span(piece)}, and another is begun at once"
                desk.human.demand[stream.name].wrong("endless", "work of 1 us or more on average", hint)


def _begins_in(stream: Stream, queue: Queue) -> bool:
    return (queue.channel, queue.segment, queue.topic) == (stream.channel, stream.segment, stream.topic)


def _piece(queue: Queue, channels: Sequence[Channel]) -> float:
    """Mean ticks of a piece of work for the quickest team in the quickest hour."""
    hours = [hour.work for each in channels if each.name == queue.channel for hour in each.by_hour]
    return least_work(queue) * min([1.0, *hours])


def _no_aht(desk: Desk, stream: Stream, queue: Queue) -> None:
    each = desk.human.demand.get(stream.name)
    hint = f"channels.{queue.channel}.handle_time is from forecast, and issues of this stream come there"
    if each is None:
        desk.human.channels[queue.channel].wrong("handle_time", "a mean of its own", f"the backlog has no AHT; {hint}")
    elif each is not BAD:
        each.wrong(stream.kind, "a column aht_s", hint) if stream.kind == "forecast" else each.wrong(
            "", "a forecast with a column aht_s", hint
        )


def expected(scenario: Scenario, stream: Stream) -> float:
    """Issues of a stream that are expected while demand goes on (holidays and clock changes aside)."""
    times = scenario.times
    ticks = (times.length_days + times.warm_up_days) * DAY + times.length_ticks + times.warm_up_ticks
    if times.run_out_demand:
        ticks += times.run_out_days * DAY + times.run_out_ticks
    if stream.backlog is not None:
        return float(stream.backlog.count)
    if stream.trace is not None:
        return float(len(stream.trace.at)) * stream.volume
    if stream.cells is not None:
        total = sum(stream.cells.counts)
        return stream.volume * (total * ticks / WEEK if stream.cells.repeats else total)
    if stream.kind == "rate":
        week = sum((end - begin) / HOUR * rate for _, begin, end, rate in stream.rates)
        return stream.volume * week * ticks / WEEK
    customers = next((each.customers or 0 for each in scenario.segments if each.name == stream.segment), 0)
    factor = sum(share * plan.issues for plan, share in plans_of(scenario, stream.segment))
    return stream.volume * customers * factor * stream.per_customer_month * ticks / MONTH


def _volume(desk: Desk, scenario: Scenario) -> None:
    total = 0.0
    for stream in scenario.streams:
        count = expected(scenario, stream)
        total += count if stream.kind != "endless" else _pieces(scenario, stream)
        if count == 0 and stream.kind not in ("backlog", "endless"):
            desk.note(f"demand.{stream.name}: no issue will arise")
    if total > MOST_ISSUES:
        rule = f"at most {MOST_ISSUES:,} issues a replication".replace(",", " ")
        desk.human.wrong("demand", rule, "a shorter length, or less volume", got=f"about {total:.3g} issues")
    elif total > MANY_ISSUES:
        desk.note(f"about {total:.3g} issues a replication: a long run, and about {total * 500 / 1e9:.1f} GB")


def _people(desk: Desk, scenario: Scenario) -> None:
    """A clock holds a tick and the number of an agent in one word of 63 bits (engine/ends.py)."""
    most = 1 << 63 - (_played(scenario.times) + DAY).bit_length()
    teams = scenario.teams
    people = sum((t.agents or 0) + max((n for _, n in t.heads or ()), default=0) for t in teams)
    people += sum(shift.agents for team in teams for shift in team.shifts)
    if people > most:
        rule = f"at most {most:,} agents in a play as long as this".replace(",", " ")
        desk.human.wrong("teams", rule, "a shorter length, or fewer agents", got=f"{people:,} agents".replace(",", " "))


def _pieces(scenario: Scenario, stream: Stream) -> float:
    """Pieces of filler work that are done at most: by all who may do it, one after the other."""
    own = next(queue for queue in scenario.queues if _begins_in(stream, queue))
    teams, piece = {name for pool in own.teams for name in pool}, _piece(own, scenario.channels)
    return people_ticks(scenario, teams) / piece if piece >= 1 else 0.0  # below 1 it is a fault of its own
