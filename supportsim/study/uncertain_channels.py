"""Inputs of channels multiplied by a factor: how long work takes, who waits how long, who comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from supportsim.scenario.laws import mean
from supportsim.scenario.model import After, Channel, Law, Queue, Scenario, Work
from supportsim.study.words import about, per_cent


class Change(Protocol):
    """The scenario with an input of one channel multiplied."""

    def __call__(self, scenario: Scenario, by: float, channel: str) -> Scenario: ...


class Words(Protocol):
    """The value of that input in a scenario, in words."""

    def __call__(self, scenario: Scenario, channel: str) -> str: ...


def times(law: Law, by: float) -> Law:
    """Every draw times `by`; its limits stay where they are."""
    return law if law.kind == "never" else replace(law, factor=law.factor * by)


def _queues(scenario: Scenario, channel: str, change: Callable[[Queue], Queue]) -> Scenario:
    return replace(scenario, queues=tuple(change(q) if q.channel == channel else q for q in scenario.queues))


def _own(scenario: Scenario, channel: str) -> list[Queue]:
    return [queue for queue in scenario.queues if queue.channel == channel]


def _works(queue: Queue, change: Callable[[Work], Work]) -> Queue:
    """The work of a queue, whichever team does it."""
    teams = tuple(replace(each, work=change(each.work)) for each in queue.by_team)
    return replace(queue, work=change(queue.work), by_team=teams)


# -- work -----------------------------------------------------------------------------------------------------
def handled(scenario: Scenario, by: float, channel: str) -> Scenario:
    """Handle time, or the talk where that is stated."""
    return _queues(scenario, channel, lambda q: _works(q, lambda w: replace(w, law=times(w.law, by))))


def handle_words(scenario: Scenario, channel: str) -> str:
    """Mean, or the factor on that of the forecast."""
    own = _own(scenario, channel)
    if any(queue.work.law.from_forecast for queue in own):
        return _ends(f"forecast x {queue.work.law.factor:.4g}" for queue in own)
    return _means([queue.work.law for queue in own])


def wrapped(scenario: Scenario, by: float, channel: str) -> Scenario:
    """Wrap-up, its share or its law."""

    def change(work: Work) -> Work:
        if work.wrap_law is not None:
            return replace(work, wrap_law=times(work.wrap_law, by))
        share = work.wrap_share * by
        return replace(work, wrap_share=min(1.0, share) if work.wrap_inside else share)

    return _queues(scenario, channel, lambda q: _works(q, change))


def wrap_words(scenario: Scenario, channel: str) -> str:
    """Share, or mean of its law."""
    works = [queue.work for queue in _own(scenario, channel)]
    return _ends(per_cent(w.wrap_share) if w.wrap_law is None else about(mean(w.wrap_law)) for w in works)


def slowed(scenario: Scenario, by: float, channel: str) -> Scenario:
    """What a further contact in hand adds to the time everything takes."""

    def change(each: Channel) -> Channel:
        if each.name != channel or not each.speeds:
            return each
        first = each.speeds[0]
        longer = [1 + by * (first / speed - 1) for speed in each.speeds]
        return replace(each, speeds=tuple(round(1_000_000 / each_longer) for each_longer in longer))

    changed = replace(scenario, channels=tuple(map(change, scenario.channels)))
    same = [slow_words(each, channel) for each in (scenario, changed)]
    return scenario if same[0] == same[1] else changed


def slow_words(scenario: Scenario, channel: str) -> str:
    """How much longer with 1, 2, 3 in hand."""
    speeds = next(each.speeds for each in scenario.channels if each.name == channel)
    return ", ".join(f"{speeds[0] / speed:.4g}" for speed in speeds) or "none"


def paced(scenario: Scenario, by: float, team: str) -> Scenario:
    """How long a team takes where it is said to take longer or less long than others."""

    def change(queue: Queue) -> Queue:
        return replace(queue, by_team=tuple(
            replace(each, pace=each.pace * by) if each.team == team and each.pace != 1 else each
            for each in queue.by_team
        ))  # fmt: skip

    return replace(scenario, queues=tuple(map(change, scenario.queues)))


def pace_words(scenario: Scenario, team: str) -> str:
    """Its factors."""
    return _ends(f"x {each.pace:.4g}" for q in scenario.queues for each in q.by_team if each.team == team)


# -- customers ------------------------------------------------------------------------------------------------
def patient(scenario: Scenario, by: float, channel: str) -> Scenario:
    """How long people wait before they leave."""
    return _queues(scenario, channel, lambda q: replace(q, patience=times(q.patience, by)))


def patience_words(scenario: Scenario, channel: str) -> str:
    """Mean."""
    return _means([queue.patience for queue in _own(scenario, channel)])


def resolving(scenario: Scenario, by: float, channel: str) -> Scenario:
    """The chance to solve, at most 1."""

    def new(old: float) -> float:
        return min(1.0, old * by)

    def change(queue: Queue) -> Queue:
        teams = tuple(replace(each, resolves=new(each.resolves)) for each in queue.by_team)
        return replace(queue, resolves=new(queue.resolves), by_team=teams)

    return _queues(scenario, channel, change)


def resolve_words(scenario: Scenario, channel: str) -> str:
    """The chance."""
    return _ends(per_cent(queue.resolves) for queue in _own(scenario, channel))


def again(scenario: Scenario, by: float, channel: str, outcome: str) -> Scenario:
    """Who comes back after an outcome, as far as others do not move on; the others give up."""

    def change(after: After) -> After:
        back = after.again + after.at_opening
        most = (1 - after.next_channel) / back if back else 1.0
        f = min(by, most)
        return _rest(replace(after, again=after.again * f, at_opening=after.at_opening * f))

    return _afters(scenario, channel, outcome, change)


def moving(scenario: Scenario, by: float, channel: str, outcome: str) -> Scenario:
    """Who goes on to the next channel, as far as others do not come back; the others give up."""

    def change(after: After) -> After:
        most = 1 - after.again - after.at_opening
        return _rest(replace(after, next_channel=min(after.next_channel * by, most)))

    return _afters(scenario, channel, outcome, change)


def _rest(after: After) -> After:
    return replace(after, stop=max(0.0, 1 - after.again - after.at_opening - after.next_channel))


def _afters(scenario: Scenario, channel: str, outcome: str, change: Callable[[After], After]) -> Scenario:
    """The same scenario where nothing moves: shares that add up to 1 otherwise differ by rounding."""

    def of(after: After) -> After:
        found = change(after)
        moved = abs(found.stop - after.stop) > 1e-12
        return found if after.outcome == outcome and moved else after

    return replace(scenario, channels=tuple(
        replace(each, after=tuple(map(of, each.after))) if each.name == channel else each for each in scenario.channels
    ))  # fmt: skip


def _after(scenario: Scenario, channel: str, outcome: str) -> After:
    own = next(each for each in scenario.channels if each.name == channel)
    return next(each for each in own.after if each.outcome == outcome)


def again_words(scenario: Scenario, channel: str, outcome: str) -> str:
    """Share that comes back."""
    found = _after(scenario, channel, outcome)
    return per_cent(found.again + found.at_opening)


def moving_words(scenario: Scenario, channel: str, outcome: str) -> str:
    """Share that goes on."""
    return per_cent(_after(scenario, channel, outcome).next_channel)


# -- words ----------------------------------------------------------------------------------------------------
def _means(laws: list[Law]) -> str:
    return _ends("never" if law.kind == "never" else about(mean(law)) for law in laws)


def _ends(words: Iterable[str]) -> str:
    """Each once, in order; of many the first and how many more."""
    found = list(dict.fromkeys(words))
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
