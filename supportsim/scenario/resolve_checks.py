"""Checks across a scenario: what cannot work is a fault, what is probably not meant is a note."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from supportsim.scenario.laws import mean, span
from supportsim.scenario.model import Channel, Queue, Scenario, Stream, Times
from supportsim.scenario.resolve_cover import implausible, overload, uncovered
from supportsim.scenario.resolve_forecast import forecasts
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.resolve_queues import path_of
from supportsim.scenario.schema_base import BAD
from supportsim.scenario.selector import matches
from supportsim.scenario.ticks import DAY, HOUR, MONTH, WEEK

MOST_ISSUES = 100_000_000
MANY_ISSUES = 10_000_000
MOST_VISITS = 50.0
MOST_ATTEMPTS = 10_000  # of one issue that nobody serves: a redial every minute for a week
_UNSERVED = ("abandoned", "busy", "disconnected", "withdrew")


def check(desk: Desk, scenario: Scenario, parts: Mapping[str, Any]) -> None:
    """All checks; each passes over what could not be read (`scenario` is BAD then)."""
    queues: Sequence[Queue] = parts["queues"]
    _served(desk, queues)
    for channel in parts["channels"]:
        with desk.passing():
            own = [queue for queue in queues if queue.channel == channel.name]
            _redials(desk, channel, own, parts["times"])
            _repeats(desk, channel, own)
    with desk.passing():
        _forecast_work(desk, parts, queues)
    with desk.passing():
        _volume(desk, scenario)
        for note in (_patience, _last_step, _unused, uncovered, implausible, forecasts):
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
            gap = mean(each.delay) + _waited(each.outcome, queues)
            if attempts(each.again, gap, _played(times)) > MOST_ATTEMPTS:
                rule = f"at most {MOST_ATTEMPTS:,} contacts of an issue in the time played".replace(",", " ")
                hint = f"who is not served tries again every {span(gap)}: set tries or a longer delay"
                getattr(after, each.outcome).wrong("again", rule, hint)


def _waited(outcome: str, queues: Sequence[Queue]) -> float:
    """Mean ticks a customer waits before an outcome, in the queue with the least patience; busy is told at once."""
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
    worst = max((visits(channel, queue.resolves) for queue in queues), default=0.0)
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


def _forecast_work(desk: Desk, parts: Mapping[str, Any], queues: Sequence[Queue]) -> None:
    """`mean: from forecast` needs an AHT in every stream whose issues come there."""
    asking = [queue for queue in queues if queue.work.law.from_forecast]
    if not asking:
        return
    steps = {plan.name: [step.channel for step in plan.steps] for plan in parts["plans"]}
    plan_of = {each.name: steps.get(each.plan or "", []) for each in parts["segments"]}
    for stream in parts["streams"]:
        if stream.cells is not None and stream.cells.aht:
            continue
        if stream.trace is not None and bool((stream.trace.handle >= 0).all()):
            continue
        for queue in asking:
            comes = queue.channel in path_of(stream.channel, plan_of.get(stream.segment, []))
            if comes and (stream.segment, stream.topic) == (queue.segment, queue.topic):
                _no_aht(desk, stream, queue)
                break


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
    return stream.volume * customers * stream.per_customer_month * ticks / MONTH


def _volume(desk: Desk, scenario: Scenario) -> None:
    total = 0.0
    for stream in scenario.streams:
        count = expected(scenario, stream)
        total += count
        if count == 0 and stream.kind != "backlog":
            desk.note(f"demand.{stream.name}: no issue will arise")
    if total > MOST_ISSUES:
        rule = f"at most {MOST_ISSUES:,} issues a replication".replace(",", " ")
        desk.human.wrong("demand", rule, "a shorter length, or less volume", got=f"about {total:.3g} issues")
    elif total > MANY_ISSUES:
        desk.note(f"about {total:.3g} issues a replication: a long run, and about {total * 500 / 1e9:.1f} GB")


def _patience(desk: Desk, scenario: Scenario) -> None:
    """A promise longer than people wait."""
    for promise in scenario.promises:
        if promise.clock != "answer":
            continue
        for queue, covered in zip(scenario.queues, promise.queues, strict=True):
            if covered and mean(queue.patience) < promise.limit:
                waits = span(mean(queue.patience))
                desk.note(
                    f"promises.{promise.name}: customers of {queue.channel} wait {waits} on average, "
                    f"less than the limit of {span(promise.limit)}"
                )
                break


def _last_step(desk: Desk, scenario: Scenario) -> None:
    """`next_channel` where no plan goes on."""
    goes_on = {step.channel for plan in scenario.plans for step in plan.steps[:-1]}
    for channel in scenario.channels:
        for each in channel.after:
            if each.next_channel > 0 and channel.name not in goes_on:
                desk.note(
                    f"channels.{channel.name}.after.{each.outcome}: no plan has a channel after "
                    f"{channel.name}, so next_channel gives up"
                )


def _unused(desk: Desk, scenario: Scenario) -> None:
    used = {queue.channel for queue in scenario.queues}
    for name, each in desk.human.channels.items():
        spots = [queue for queue in scenario.queues if queue.channel == name]
        for key in each.by:
            if spots and not any(matches(key.split(), spot) for spot in spots):
                desk.note(f"channels.{name}.by: {key} names no queue that contacts come to")
    for channel in scenario.channels:
        if channel.name not in used:
            desk.note(f"channels.{channel.name}: no contact comes there")
        if not channel.hours.always and not any(channel.hours.days):
            desk.note(f"channels.{channel.name}: it never opens")
    streams = {stream.profile for stream in scenario.streams}
    named = {each.profile for each in desk.human.demand.values()}
    for profile in scenario.profiles:
        if profile.name not in streams | named:
            desk.note(f"profiles.{profile.name}: nothing uses it")
