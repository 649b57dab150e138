"""Channels, queues with the laws that hold there, teams, routing and promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from supportsim.scenario.model import (
    NEVER_LAW,
    NOTHING,
    After,
    Channel,
    Law,
    Plan,
    Promise,
    Queue,
    Segment,
    Stream,
    Work,
)
from supportsim.scenario.nodes import Map, Text, key_of
from supportsim.scenario.resolve_names import Desk, Spot
from supportsim.scenario.resolve_time import calendar, zone
from supportsim.scenario.schema import Channel as HumanChannel
from supportsim.scenario.schema import Next, Override
from supportsim.scenario.schema_base import BAD
from supportsim.scenario.schema_laws import Multiply
from supportsim.scenario.selector import matches

LIVE = ("abandoned", "busy", "closed", "disconnected", "unresolved", "solved")
DEFERRED = ("withdrew", "closed", "unresolved", "solved")
_LIVE_ONLY = ("at_close", "lines", "waiting_room", "concurrency")


# -- channels ---------------------------------------------------------------------------------------------
def channels(desk: Desk) -> tuple[Channel, ...]:
    """The channels as declared."""
    found = []
    for name, each in desk.human.channels.items():
        with desk.passing():
            found.append(_channel(desk, name, each))
    return tuple(found)


def _channel(desk: Desk, name: str, each: HumanChannel) -> Channel:
    live = each.kind == "live"
    if not live:
        for key in _LIVE_ONLY:
            if key in each._node:
                each.wrong(key, f"no {key} on a deferred channel", "it belongs to live channels")
    if "open" not in each._node:
        desk.default(f"channels.{name}.open: always")
    if live and each.at_close is None and each.open != "always":
        desk.default(f"channels.{name}.at_close: serve those waiting")
    if live and "patience" not in each._node:
        desk.default(f"channels.{name}.patience: never, nobody abandons")
    if "resolves" not in each._node:
        desk.default(f"channels.{name}.resolves: 100%")
    if "handle_time" in each._node and each.wrap_up is None:
        desk.default(f"channels.{name}.wrap_up: 0%")
    for outcome in ("unresolved", "abandoned", "closed", "busy"):
        _says_nothing(desk, name, each, outcome)
    by = each._node.get("by")
    for key in by if isinstance(by, Map) else ():
        assert isinstance(key, Text)
        desk.selector_key(key, by)
    shift_end = each.at_shift_end or ("finish" if live else "put_down")
    if each.at_shift_end is None:
        desk.default(f"channels.{name}.at_shift_end: {shift_end.replace('_', ' ')}")
    cost = each.cost
    return Channel(
        name=name,
        kind=each.kind,
        hours=calendar(desk, each, "open", each.open, each.timezone or zone(desk)),
        at_close=each.at_close or "serve",  # type: ignore[arg-type]
        lines=each.lines,
        waiting_room=each.waiting_room,
        concurrency=each.concurrency,
        at_shift_end=shift_end,  # type: ignore[arg-type]
        after=_after(desk, name, each),
        cost_per_contact=cost.contact if cost is not None else 0.0,
        cost_per_month=cost.month if cost is not None else 0.0,
    )


def _says_nothing(desk: Desk, name: str, each: HumanChannel, outcome: str) -> None:
    """The default of an outcome that can happen and is not named: the issue ends there."""
    can = {
        "unresolved": each.resolves is not None and each.resolves < 1,
        "abandoned": each.kind == "live" and "patience" in each._node and each.patience.kind != "never",
        "closed": each.open != "always",
        "busy": each.lines is not None or each.waiting_room is not None,
    }
    if can[outcome] and (each.after is None or outcome not in each.after._node):
        desk.default(f"channels.{name}.after.{outcome}: give up, the issue ends there")


def _after(desk: Desk, name: str, each: HumanChannel) -> tuple[After, ...]:
    """What customers do next, outcome by outcome."""
    found = []
    allowed = LIVE if each.kind == "live" else DEFERRED
    outcomes: tuple[Any, ...] = (
        "abandoned",
        "busy",
        "closed",
        "disconnected",
        "withdrew",
        "unresolved",
        "solved",
    )
    for outcome in outcomes:
        step: Next | None = getattr(each.after, outcome) if each.after is not None else None
        if step is None:
            continue
        if step is BAD or _misplaced(each, outcome, step, allowed):
            continue
        found.append(
            After(
                outcome=outcome,
                again=step.again,
                at_opening=step.at_opening,
                next_channel=step.next_channel,
                stop=step.stays_solved if outcome == "solved" else step.give_up,
                delay=step.delay if step.delay is not None else NOTHING,
                tries=step.tries,
            )
        )
    return tuple(found)


def _misplaced(each: HumanChannel, outcome: str, step: Next, allowed: Sequence[str]) -> bool:
    """Faults of an outcome that cannot be on this channel, or of a share that cannot follow it."""
    after = each.after
    assert after is not None
    if outcome not in allowed:
        after.wrong(outcome, f"an outcome of a {each.kind} channel: " + ", ".join(allowed))
        return True
    own = step._node
    if step.at_opening > 0 and outcome != "closed":
        step.wrong("at_opening", "no at_opening here", "it belongs to closed")
    if "stays_solved" in own and outcome != "solved":
        step.wrong("stays_solved", "no stays_solved here", "it belongs to solved")
    for key in ("give_up", "next_channel"):
        if key in own and outcome == "solved":
            step.wrong(key, f"no {key} after solved", "write again and stays_solved")
    return False


# -- queues -----------------------------------------------------------------------------------------------
def spots(
    desk: Desk, streams: Sequence[Stream], plans: Sequence[Plan], people: Sequence[Segment]
) -> list[Spot]:
    """Every channel, segment and topic an issue of some stream can come to, in the order of declaration."""
    steps = {plan.name: [step.channel for step in plan.steps] for plan in plans}
    plan_of = {each.name: steps.get(each.plan or "", []) for each in people}
    has_plan = {each.name: each.plan is not None for each in people}
    found: set[Spot] = set()
    for stream in streams:
        for channel, segment, topic in _begins(desk, stream):
            if channel is None and not has_plan.get(segment, True):
                _needs_channel(desk, stream, segment)
            found.update(Spot(each, segment, topic) for each in path_of(channel, plan_of.get(segment, [])))
    order = {
        kind: {name: i for i, name in enumerate(desk.of_kind(kind))}
        for kind in ("channel", "segment", "topic")
    }
    known = [each for each in found if each.channel in order["channel"]]
    known = [each for each in known if each.segment in order["segment"] and each.topic in order["topic"]]
    return sorted(
        known,
        key=lambda s: (order["channel"][s.channel], order["segment"][s.segment], order["topic"][s.topic]),
    )


def path_of(channel: str | None, steps: Sequence[str]) -> list[str]:
    """The channels an issue can come to: where it begins and the later steps of the plan."""
    if channel is None:
        return list(steps)
    return [channel, *steps[steps.index(channel) + 1 :]] if channel in steps else [channel]


def _begins(desk: Desk, stream: Stream) -> list[tuple[str | None, str, str]]:
    """Every (channel, segment, topic) at which issues of a stream begin."""
    if stream.trace is None:
        return [(stream.channel, stream.segment, stream.topic)]
    import numpy as np

    rows = np.unique(np.stack([stream.trace.channel, stream.trace.segment, stream.trace.topic]), axis=1).T
    names = [desk.of_kind(kind) for kind in ("channel", "segment", "topic")]
    return [(names[0][c] if c >= 0 else None, names[1][s], names[2][t]) for c, s, t in rows.tolist()]


def _needs_channel(desk: Desk, stream: Stream, segment: str) -> None:
    each = desk.human.demand.get(stream.name)
    if each is not None and each is not BAD and not desk.lost:
        each.wrong("channel", "a channel", f"segment {segment} has no plan that says where issues begin")


@dataclass(frozen=True)
class Laws:
    """What holds at one spot before it is checked."""

    handle: Law | None
    talk: Law | None
    wrap: Any  # a share, a law or None
    patience: Law
    resolves: float
    stretch: float = 1.0  # of the whole handle time


def queue_laws(desk: Desk, spot: Spot) -> tuple[Work, Law, float]:
    """Work, patience and resolution at a spot: the channel's, then `by`, then topic and segment factors."""
    channel = desk.human.channels[spot.channel]
    laws = Laws(
        channel.handle_time,
        channel.talk_time,
        channel.wrap_up,
        channel.patience or NEVER_LAW,
        1.0 if channel.resolves is None else channel.resolves,
    )
    for override in _overrides(channel, spot):
        laws = _overridden(laws, override)
    for each in (desk.human.topics.get(spot.topic), desk.human.segments.get(spot.segment)):
        if each is not None:
            laws = replace(
                laws,
                stretch=laws.stretch * each.handle_time,
                patience=_times(laws.patience, each.patience),
                resolves=laws.resolves * each.resolves,
            )
    return _work(channel, laws), laws.patience, min(1.0, laws.resolves)


def _overrides(channel: HumanChannel, spot: Spot) -> list[Override]:
    """What `by` says of a spot, the least specific first; of two alike the later one last."""
    found = [(len(key.split()), place, each) for place, (key, each) in enumerate(channel.by.items())]
    found = [item for item, key in zip(found, channel.by, strict=True) if matches(key.split(), spot)]
    return [each for _, _, each in sorted(found, key=lambda item: item[:2])]


def _overridden(laws: Laws, own: Override) -> Laws:
    if isinstance(own.handle_time, Multiply):
        laws = replace(laws, stretch=laws.stretch * own.handle_time.factor)
    elif own.handle_time is not None:
        laws = replace(laws, handle=own.handle_time, talk=None, stretch=1.0)
    if isinstance(own.talk_time, Multiply):
        if laws.talk is None:
            own.wrong("talk_time", "a talk_time to multiply", "the channel says handle_time")
        else:
            laws = replace(laws, talk=_times(laws.talk, own.talk_time.factor))
    elif own.talk_time is not None:
        laws = replace(laws, talk=own.talk_time, handle=None, stretch=1.0)
    if own.wrap_up is not None:
        laws = replace(laws, wrap=own.wrap_up)
    if isinstance(own.patience, Multiply):
        laws = replace(laws, patience=_times(laws.patience, own.patience.factor))
    elif own.patience is not None:
        laws = replace(laws, patience=own.patience)
    if isinstance(own.resolves, Multiply):
        laws = replace(laws, resolves=laws.resolves * own.resolves.factor)
    elif own.resolves is not None:
        laws = replace(laws, resolves=own.resolves)
    return laws


def _times(law: Law, factor: float) -> Law:
    return law if factor == 1.0 else replace(law, factor=law.factor * factor)


def _work(channel: HumanChannel, laws: Laws) -> Work:
    """The rule of work; a factor on handle_time stretches talk and wrap-up alike."""
    law = laws.handle if laws.handle is not None else laws.talk
    if law is None:
        channel.wrong("handle_time", "handle_time (talk + hold + wrap-up), or talk_time and wrap_up")
        raise_hole()
    assert law is not None
    inside = laws.handle is not None
    law = _times(law, laws.stretch)
    if isinstance(laws.wrap, Law):
        return Work(law, inside, 0.0, _times(laws.wrap, laws.stretch))
    share = laws.wrap or 0.0
    if share and not inside:
        channel.wrong("wrap_up", "a duration or law beside talk_time", "a share is one of handle_time")
    return Work(law, inside, share)


def raise_hole() -> None:
    """Leave out what depends on something a fault was noted for."""
    bool(BAD)


# -- classes and teams of a queue -------------------------------------------------------------------------
def classes(desk: Desk, where: Sequence[Spot]) -> tuple[tuple[str, ...], list[int]]:
    """The classes in order, and the class of every spot."""
    routing = desk.human.routing
    if routing is not None and routing.classes is not None:
        return _stated_classes(desk, list(routing.classes), where)
    kinds = {name: desk.human.channels[name].kind for name in desk.of_kind("channel")}
    groups: dict[tuple[str, str], list[str]] = {}
    for spot in where:
        groups.setdefault((kinds[spot.channel], spot.segment), []).append(spot.channel)
    segments = desk.of_kind("segment")
    order = sorted(groups, key=lambda group: (group[0] != "live", segments.index(group[1])))
    labels = tuple(_label(desk, group, dict.fromkeys(groups[group])) for group in order)
    if len(order) > 1:
        desk.default("routing.classes: " + ", ".join(labels) + " (live before deferred, then as declared)")
    return labels, [order.index((kinds[spot.channel], spot.segment)) for spot in where]


def _label(desk: Desk, group: tuple[str, str], names: dict[str, None]) -> str:
    segment = f"{group[1]} " if len(desk.of_kind("segment")) > 1 else ""
    return segment + "/".join(names)


def _stated_classes(
    desk: Desk, stated: list[Text], where: Sequence[Spot]
) -> tuple[tuple[str, ...], list[int]]:
    for each in stated:
        desk.selector(each)
    ranks = []
    for spot in where:
        fits = [place for place, each in enumerate(stated) if matches(each.split(), spot)]
        if not fits:
            desk.note(f"routing.classes names no class for {' '.join(spot)}: it is served last")
        ranks.append(fits[0] if fits else len(stated))
    for place, each in enumerate(stated):
        if place not in ranks and where:
            earlier = any(matches(each.split(), spot) for spot in where)
            why = "classes before it take all of it" if earlier else "no contact comes there"
            desk.note(f"routing.classes: {each} is empty, {why}")
    return tuple(str(each) for each in stated), ranks


def team_steps(desk: Desk, where: Sequence[Spot]) -> list[tuple[tuple[str, ...], ...]]:
    """Per spot the teams a contact asks, in order; those under routing.teams, else all that serve it."""
    routing = desk.human.routing
    stated = routing.teams if routing is not None else {}
    if stated:
        assert routing is not None
        _check_team_names(desk, routing, stated)
    serving = {name: [each.split() for each in team.serves] for name, team in desk.human.teams.items()}
    found = []
    for spot in where:
        able = [name for name, own in serving.items() if any(matches(words, spot) for words in own)]
        fits = [
            (len(key.split()), place, key) for place, key in enumerate(stated) if matches(key.split(), spot)
        ]
        if not fits:
            found.append(tuple((name,) for name in able))
            continue
        steps = stated[max(fits)[2]]
        for name in (each for pool in steps for each in pool):
            if name in serving and name not in able:
                desk.reading.wrong(name, f"a team that serves {' '.join(spot)}", f"{name} does not")
        found.append(tuple(tuple(str(each) for each in pool) for pool in steps))
    return found


def _check_team_names(desk: Desk, routing: Any, stated: Any) -> None:
    parent = routing.node("teams")
    for key, steps in stated.items():
        if isinstance(parent, Map):
            desk.selector_key(key_of(parent, key) or Text(key, parent.place), parent)
        named: list[str] = []
        for each in (each for pool in steps for each in pool):
            desk.known(each, "team")
            if each in named:
                desk.reading.wrong(each, "every team once")
            named.append(each)


def queues(desk: Desk, where: Sequence[Spot]) -> tuple[tuple[Queue, ...], tuple[str, ...]]:
    """The queues, and the classes."""
    names, ranks = classes(desk, where)
    steps = team_steps(desk, where)
    found = []
    for spot, rank, teams in zip(where, ranks, steps, strict=True):
        with desk.passing():
            work, patience, resolves = queue_laws(desk, spot)
            found.append(Queue(*spot, work, patience, resolves, rank, teams))
    return tuple(found), names


# -- promises ---------------------------------------------------------------------------------------------
def promises(desk: Desk, where: Sequence[Spot]) -> tuple[Promise, ...]:
    """The promises as declared."""
    found = []
    for name, each in desk.human.promises.items():
        with desk.passing():
            found.append(_promise(desk, name, each, where))
    return tuple(found)


def _promise(desk: Desk, name: str, each: Any, where: Sequence[Spot]) -> Promise:
    clocks = [key for key in ("answer", "first_reply") if key in each._node]
    if len(clocks) != 1:
        each.wrong(
            clocks[1] if clocks else "answer", "one of answer and first_reply", "" if clocks else "none given"
        )
        raise_hole()
    known = [desk.selector(selector) for selector in each.of]
    covered = tuple(any(matches(own.split(), spot) for own in each.of) for spot in where)
    clock = clocks[0]
    wanted = "live" if clock == "answer" else "deferred"
    for selector, fine in zip(each.of, known, strict=True):
        kinds = {
            spot.channel: desk.human.channels[spot.channel].kind
            for spot in where
            if matches(selector.split(), spot)
        }
        wrong = [channel for channel, kind in kinds.items() if kind != wanted]
        other = "first_reply" if clock == "answer" else "answer"
        if wrong:
            each.wrong(
                clock,
                f"queues of {wanted} channels",
                f"{wrong[0]} is not: write {other}, or name the channel",
            )
        elif fine and not kinds and where:
            desk.note(f"promises.{name}: {selector} names no queue that contacts come to")
    hours = calendar(desk, each, "hours", each.hours, zone(desk))
    if not hours.always and not any(hours.days):
        each.wrong("hours", "hours that open", "this calendar never opens, so no limit would ever pass")
    if "counted" in each._node and clock != "answer":
        each.wrong("counted", "no counted here", "it belongs to answer")
    for key, sentence in (("judged", "weekly"), ("hours", "always")):
        if key not in each._node:
            desk.default(f"promises.{name}.{key}: {sentence}")
    if clock == "answer" and each.counted is None:
        desk.default(f"promises.{name}.counted: answered/offered")
    return Promise(
        name=name,
        of=tuple(str(one) for one in each.of),
        queues=covered,
        clock=clock,  # type: ignore[arg-type]
        limit=getattr(each, clock),
        share=each.share,
        hours=hours,
        counted=each.counted or "answered/offered",
        judged=each.judged,
    )
