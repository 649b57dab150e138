"""Promises: what was promised, to whom, and by which clock."""

from __future__ import annotations

from collections.abc import Sequence

from supportsim.scenario.model import Calendar, Promise
from supportsim.scenario.nodes import Text
from supportsim.scenario.resolve_names import Desk, Spot
from supportsim.scenario.resolve_time import calendar, zone
from supportsim.scenario.schema import Promise as HumanPromise
from supportsim.scenario.schema_base import BAD, Hole, filled
from supportsim.scenario.selector import matches

CLOCKS = {"answer": "live", "first_reply": "deferred"}


def promises(desk: Desk, where: Sequence[Spot]) -> tuple[Promise, ...]:
    """The promises as declared."""
    found = []
    for name, each in desk.human.promises.items():
        with desk.passing():
            found.append(_promise(desk, name, each, where))
    return tuple(found)


def _promise(desk: Desk, name: str, each: HumanPromise, where: Sequence[Spot]) -> Promise:
    clock = desk.attempt(lambda: _clock(each), "")
    for selector in each.of if each.of is not BAD else ():
        with desk.passing():
            _check_queues(desk, name, each, selector, clock, where)
    hours = desk.attempt(lambda: _hours(desk, each), BAD)
    if not clock:
        raise Hole
    if "counted" in each._node and clock != "answer":
        each.wrong("counted", "no counted here", "it belongs to answer")
    if "penalty_lost" in each._node and clock != "answer":
        each.wrong("penalty_lost", "no penalty_lost here", "it belongs to answer: only live contacts are lost so")
    _say_defaults(desk, name, each, clock)
    return Promise(
        name=name,
        of=tuple(str(one) for one in each.of),
        queues=tuple(any(matches(own.split(), spot) for own in each.of) for spot in where),
        clock=clock,
        limit=getattr(each, clock),
        share=each.share,
        hours=hours,
        counted=filled(each.counted, "answered/offered"),
        judged=each.judged,  # type: ignore[arg-type]
        penalty=filled(each.penalty, 0.0),
        penalty_lost=filled(each.penalty_lost, 0.0),
        credit=filled(each.credit, 0.0),
    )


def _clock(each: HumanPromise) -> str:
    given = [key for key in CLOCKS if key in each._node]
    if len(given) == 1:
        return given[0]
    each.wrong(given[1] if given else "answer", "one of answer and first_reply", "" if given else "none given")
    raise Hole


def _check_queues(desk: Desk, name: str, each: HumanPromise, selector: Text, clock: str, where: Sequence[Spot]) -> None:
    """A clock fits one kind of channel; a selector should name something."""
    known = desk.selector(selector)
    if not clock:
        return
    wanted, other = CLOCKS[clock], next(key for key in CLOCKS if key != clock)
    named = dict.fromkeys(spot.channel for spot in where if matches(selector.split(), spot))
    wrong = [channel for channel in named if desk.human.channels[channel].kind != wanted]
    if wrong:
        hint = f"{wrong[0]} is not: write {other}, or name the channel"
        each.wrong(clock, f"queues of {wanted} channels", hint)
    elif known and where and not named:
        desk.note(f"promises.{name}: {selector} names no queue that contacts come to")


def _hours(desk: Desk, each: HumanPromise) -> Calendar:
    hours = calendar(desk, each, "hours", each.hours, zone(desk))
    if not hours.always and not any(hours.days):
        each.wrong("hours", "hours that open", "this calendar never opens, so no limit would ever pass")
    return hours


def _say_defaults(desk: Desk, name: str, each: HumanPromise, clock: str) -> None:
    for key, sentence in (("judged", "weekly"), ("hours", "always")):
        if key not in each._node:
            desk.default(f"promises.{name}.{key}: {sentence}")
    if clock == "answer" and each.counted is None:
        desk.default(f"promises.{name}.counted: answered/offered")
