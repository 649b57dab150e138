"""What a scenario says about who goes first and who may take what, in sentences for `check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import TypeVar

from supportsim.scenario.model import Channel, Promise, Queue, Scenario, Team
from supportsim.scenario.ticks import HOUR
from supportsim.show.check_text import number
from supportsim.show.staffing import Staffing
from supportsim.study.words import duration

Key = TypeVar("Key")

_POLICIES = {
    "priority": "the best class first, in it the longest wait",
    "fifo": "the longest wait first",
    "own_first": "what a team names first in `serves`, then the best class",
    "ageing": "the longest wait first, weighed as said here",
    "deadline": "the earliest due tick of a promise first",
    "value": "the highest margin of a customer-month by expected minutes of work first",
    "easiest": "the least expected work first",
    "shortest": "the least work still to do first",
}


def named(scenario: Scenario, chosen: Sequence[bool]) -> str:
    """A set of queues in words: channels, `segment channel` where not all segments, with the topic where not all."""
    left = list(compress(scenario.queues, chosen))
    words: list[str] = []
    for channel in scenario.channels:
        words += _parts(channel.name, left, scenario.queues)
    return ", ".join(words)


def _parts(channel: str, chosen: Sequence[Queue], every: Sequence[Queue]) -> Iterator[str]:
    whole = [queue for queue in every if queue.channel == channel]
    mine = [queue for queue in chosen if queue.channel == channel]
    if len(mine) == len(whole):
        yield from [channel] * bool(mine)
        return
    for segment in dict.fromkeys(queue.segment for queue in mine):
        own = [queue.topic for queue in mine if queue.segment == segment]
        if len(own) == sum(queue.segment == segment for queue in whole):
            yield f"{segment} {channel}"
        else:
            yield from (f"{segment} {topic} {channel}" for topic in own)


def rules(scenario: Scenario) -> Iterator[str]:
    """The policy, and whatever else goes beyond `take the next one`."""
    yield f"{scenario.policy}: {_POLICIES.get(scenario.policy, 'as its name says')}"
    if scenario.policy == "ageing":
        yield from _ageing(scenario)
    yield from _delays(scenario)
    for team in scenario.teams:
        yield from _of_team(scenario, team)
    for channel in scenario.channels:
        yield from _of_channel(channel)
    yield from _filler(scenario)
    for promise in scenario.promises:
        yield from _prices(promise, scenario.currency)


def _prices(promise: Promise, currency: str) -> Iterator[str]:
    """What a promise costs where it is not kept."""
    case = "contact" if promise.clock == "answer" else "issue"
    period = {"daily": "day", "weekly": "week", "monthly": "month", "all": "run"}[promise.judged]
    prices = (
        (promise.penalty, f"for each {case} not kept"),
        (promise.penalty_lost, "for each contact abandoned, blocked, disconnected or timed out"),
        (promise.credit, f"for each {period} below {100 * promise.share:g} %"),
    )
    for price, words in prices:
        if price:
            yield f"{promise.name}: {price:g} {currency}".rstrip() + f" {words}"


def _groups(scenario: Scenario, keys: Sequence[Key]) -> Iterator[tuple[Key, str]]:
    """Queues with the same key, in words, by the first of them."""
    for key in dict.fromkeys(keys):
        yield key, named(scenario, [each == key for each in keys])


def _ageing(scenario: Scenario) -> Iterator[str]:
    keys = [(queue.bonus, queue.rate) for queue in scenario.queues]
    for (bonus, rate), queues in _groups(scenario, keys):
        words = [f"waited {duration(bonus)} already"] * (bonus > 0) + [f"waits count x {rate / 100:g}"] * (rate != 100)
        if words:
            yield f"  {queues}: {', '.join(words)}"


def _delays(scenario: Scenario) -> Iterator[str]:
    keys = [(queue.teams, queue.delays) if any(queue.delays) else None for queue in scenario.queues]
    for key, queues in _groups(scenario, keys):
        if key is not None:
            steps = zip(*key, strict=True)
            words = [" or ".join(step) + (f" after {duration(delay)}" if delay else "") for step, delay in steps]
            yield f"{queues} asks {', then '.join(words)}"


def _of_team(scenario: Scenario, team: Team) -> Iterator[str]:
    for level in sorted(set(team.holds) - {0}):
        queues = named(scenario, lower(team, level))
        if queues:
            yield f"{team.name} begins {queues} only where {level} would still be idle"
    if any(team.drains):
        yield f"{team.name} takes no further chat beside others while {named(scenario, team.drains)} waits"
    if team.pick != "longest_idle":
        yield f"{team.name}: {'a random agent' if team.pick == 'random' else 'the first in the roster'} takes it"


def lower(team: Team, level: int) -> list[bool]:
    """The queues a team serves and begins only while `level` of it stay empty-handed."""
    return [held == level and place >= 0 for held, place in zip(team.holds, team.places, strict=True)]


def _of_channel(channel: Channel) -> Iterator[str]:
    if channel.speeds and channel.speeds[-1] != channel.speeds[0]:
        slower = [f"x {channel.speeds[0] / speed:.3g} with {n}" for n, speed in enumerate(channel.speeds, 1) if n > 1]
        yield f"{channel.name} takes longer with several in hand: {', '.join(slower)}"
    if channel.last_chat:
        yield f"{channel.name}: nobody takes a new one in the last {duration(channel.last_chat)} of a shift"
    if channel.wait_limit is not None:
        yield f"{channel.name}: the system ends a wait after {duration(channel.wait_limit)} (timed out)"
    if channel.keeps_patience:
        yield f"{channel.name}: whoever comes again has the patience of the first time"
    if channel.interruptible:
        yield f"{channel.name} is laid aside for live contacts"
    if channel.by_hour:
        yield f"{channel.name}: factors of the hour on {', '.join(_factors(channel))}"


def _factors(channel: Channel) -> Iterator[str]:
    """What the hour changes, with the least and the largest factor."""
    for name in ("work", "patience", "resolves"):
        found = [float(getattr(window, name)) for window in channel.by_hour]
        if any(factor != 1 for factor in found):
            low, high = min(found), max(found)
            yield f"{name} x {low:g}" + (f" to x {high:g}" if high > low else "")


def _filler(scenario: Scenario) -> Iterator[str]:
    for stream in scenario.streams:
        if stream.kind == "endless":
            yield f"{stream.name}: filler on {stream.channel} when nothing else may start; in no number of work here"


def warnings(scenario: Scenario, people: Staffing, scale: float, period: str) -> Iterator[str]:
    """Hours in which a reservation keeps a team from everything below it; `scale`: to a `period`."""
    for t, team in enumerate(scenario.teams):
        for level in sorted(set(team.holds) - {0}):
            queues = named(scenario, lower(team, level))
            there = [(end - begin, n) for begin, end, n in people.on_shift(t) if n > 0]
            few, whole = sum(ticks for ticks, n in there if n <= level), sum(ticks for ticks, _ in there)
            if queues and few:
                when = "at any time" if few == whole else f"for {number(few * scale / HOUR, 1)} h {period}"
                yield f"{team.name}: no more than {level} on shift {when}, all kept idle: nobody begins {queues} then"
