"""Customers, plans and streams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from supportsim.scenario.model import Backlog, Busyness, Plan, PlanShare, PlanStep, Segment, Stream, Topic
from supportsim.scenario.nodes import Map, Text, key_of
from supportsim.scenario.resolve_files import Files
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.resolve_time import holidays, zone
from supportsim.scenario.schema import CUSTOMERS, GENERAL, SOURCES
from supportsim.scenario.schema import Channel as HumanChannel
from supportsim.scenario.schema import Stream as HumanStream
from supportsim.scenario.schema_base import BAD, Hole, filled, solid
from supportsim.scenario.schema_customers import Plan as HumanPlan
from supportsim.scenario.schema_customers import Segment as HumanSegment
from supportsim.scenario.schema_laws import percent


def segments(desk: Desk, plans: Sequence[Plan]) -> tuple[Segment, ...]:
    """The segments as declared; without any, anonymous `customers`."""
    alone = [plan.name for plan in plans if plan.name.endswith(ONLY)]
    by_default = (PlanShare(alone[0], 1.0),) if alone else ()
    if not desk.human.segments:
        desk.default(f"segments: one, {CUSTOMERS}, anonymous: every issue has its own customer")
        return (Segment(CUSTOMERS, None, plans=by_default),)
    found = []
    for name, each in desk.human.segments.items():
        with desk.passing():
            if each.joins is not None and each.customers is None:
                each.wrong("joins", "a number of customers beside it", "who is anonymous cannot join")
            if each.churn is not None and each.customers is None:
                each.wrong("churn", "a number of customers beside it", "who is anonymous cannot leave")
            if each.customers is None and "customers" not in each._node:
                desk.default(f"segments.{name}.customers: anonymous, every issue has its own customer")
            shares = by_default if each.plan is None else _plans_of(desk, each)
            margin, joins = None if each.margin is None else solid(each.margin), filled(each.joins, 0.0)
            found.append(Segment(name, each.customers, joins, shares, margin, filled(each.churn, None)))
    return tuple(found)


def _plans_of(desk: Desk, each: HumanSegment) -> tuple[PlanShare, ...]:
    """The plans of a segment and the shares of its customers; all names known, all shares there."""
    node, stated = each.node("plan"), solid(each.plan)
    for key, _ in stated:
        if isinstance(node, Map):
            desk.known_key(key_of(node, key) or Text(key, node.place), node, "plan")
        else:
            desk.known(node, "plan")
    total = sum(share for _, share in stated)
    if abs(total - 1) > 1e-9:
        desk.reading.wrong(node, "shares that add up to 100%", f"they add up to {percent(total)}")
    return tuple(PlanShare(str(key), share) for key, share in stated if share > 0)


ONLY = " only"


def plans(desk: Desk) -> tuple[Plan, ...]:
    """The plans as declared; with one channel and no plan, that channel is the plan."""
    found = []
    for name, each in desk.human.plans.items():
        with desk.passing():
            found.append(_plan(desk, name, solid(each)))
    channels = desk.of_kind("channel")
    without = [each for each in desk.human.segments.values() if each is not BAD and each.plan is None]
    if len(channels) == 1 and (without or not desk.human.segments):
        desk.default(f"plan: {channels[0]}, the only channel, for every segment without a plan")
        found.append(Plan(channels[0] + ONLY, (PlanStep(channels[0], 1.0),)))
    return tuple(found)


def _plan(desk: Desk, name: str, plan: HumanPlan) -> Plan:
    parent, steps = desk.human.node("plans"), solid(plan.channels)
    assert isinstance(parent, Map)
    node = plan.node("channels") if isinstance(parent[name], Map) else parent[name]
    shares: list[float | None] = []
    seen: list[str] = []
    for place, (share, channel) in enumerate(steps):
        item = node[place] if isinstance(node, list) else node
        assert isinstance(item, Text)
        desk.known(desk.reading.part(channel, item), "channel")
        if channel in seen:
            desk.reading.wrong(item, "every channel once in a plan")
        seen.append(channel)
        shares.append(share)
    stated = sum(share for share in shares if share is not None)
    if stated > 1 + 1e-9 or (None not in shares and steps and abs(stated - 1) > 1e-9):
        desk.reading.wrong(node, "shares that add up to 100%", f"they add up to {percent(stated)}")
    if None in shares:
        shares[shares.index(None)] = max(0.0, 1 - stated)
    own = tuple(PlanStep(channel, share or 0.0) for channel, share in zip(seen, shares, strict=True))
    return Plan(name, own, solid(plan.asks), solid(plan.issues), solid(plan.price))


def topics(desk: Desk) -> tuple[Topic, ...]:
    """The topics as declared; without any, `general`."""
    if not desk.human.topics:
        desk.default(f"topics: one, {GENERAL}")
        return (Topic(GENERAL),)
    return tuple(Topic(name) for name in desk.human.topics)


def busyness(desk: Desk) -> Busyness:
    """Day-to-day spread; none unless written."""
    each = desk.human.busyness
    if each is None:
        return Busyness()
    if each.per_week is not None:
        return Busyness(each.per_week, each.shared or 0.0, "week", each.per_interval)
    if each.per_replication is not None:
        return Busyness(each.per_replication, each.shared or 0.0, "replication", each.per_interval)
    return Busyness(each.per_day or 0.0, each.shared or 0.0, "day", each.per_interval)


def streams(desk: Desk, files: Files) -> tuple[Stream, ...]:
    """The streams as declared, then those of the starting backlogs."""
    found = []
    with desk.passing():
        if not desk.human.demand:
            desk.human.wrong("demand", "at least one stream", "as calls: {channel: phone, rate: 38/h}", got="none")
        for name, each in desk.human.demand.items():
            with desk.passing():
                found.append(_stream(desk, files, name, each))
    with desk.passing():
        for name, channel in desk.human.channels.items():
            with desk.passing():
                found += _backlog(desk, name, channel, found)
    _one_filler(desk, found)
    return tuple(found)


def _one_filler(desk: Desk, streams: Sequence[Stream]) -> None:
    """Two endless streams in one queue could not be told apart."""
    seen: dict[tuple[str | None, str, str], str] = {}
    for stream in streams:
        where = (stream.channel, stream.segment, stream.topic)
        if stream.kind == "endless" and seen.setdefault(where, stream.name) != stream.name:
            each = desk.human.demand[stream.name]
            each.wrong("endless", "one endless stream a queue", f"{seen[where]} is one of the same queue")


def _stream(desk: Desk, files: Files, name: str, each: HumanStream) -> Stream:
    given = [key for key in SOURCES if key in each._node and (key != "endless" or each.endless)]
    if len(given) != 1:
        hint = " and ".join(given) + " given" if given else "none given"
        each.wrong(given[1] if given else "", "exactly one source: " + ", ".join(SOURCES), hint)
    source = given[0] if len(given) == 1 else ""
    _misplaced(each, source)
    dates = desk.attempt(lambda: _holidays(desk, each), BAD)
    counts, returns = desk.attempt(lambda: _counts(each, source), (BAD, None))
    with desk.passing():
        _check_profile(desk, each, source)
    segment, topic = (_the(desk, each, key, source == "trace") for key in ("segment", "topic"))
    if solid(each.channel) is not None:
        desk.known(each.node("channel"), "channel")
    kind: Any = {"per_customer": "population", "daily": "forecast"}.get(source, source)
    base = Stream(
        name=name,
        kind=kind,
        segment=segment,
        topic=topic,
        channel=each.channel,
        volume=desk.attempt(lambda: each.volume * (1 - (returns or 0.0)), BAD),
        zone=filled(each.timezone, desk.attempt(lambda: _zone_of_segment(desk, each, segment), BAD)),
        per_customer_month=filled(each.per_customer, 0.0),
        profile=each.profile if source == "per_customer" else None,
        rates=filled(each.rate, ()),
        counts=counts,
        returns_within=counts is not BAD and counts == "offered calls" and returns is None,
        busy=desk.attempt(lambda: not (each.exact or each.busyness is not None or source in _NEVER_BUSY), BAD),
        holiday_volume=filled(each.holiday_volume, 1.0),
        holidays=dates,
    )
    with desk.passing():
        _check_source(desk, each, base, source)
    return _with_source(desk, files, each, base, source)


_NEVER_BUSY = ("trace", "endless")


def _holidays(desk: Desk, each: HumanStream) -> tuple[date, ...]:
    """The dates on which `holiday_volume` holds."""
    if each.holiday_volume is not None:
        return holidays(desk, each, each.holidays)
    if each.holidays is not None:
        each.wrong("holidays", "holiday_volume beside it", "as holiday_volume: x 0.3")
    return ()


def _counts(each: HumanStream, source: str) -> tuple[Any, float | None]:
    """What the numbers count, and the share of returns to take out."""
    if source in ("forecast", "daily"):
        _counted(each)
    counts, returns = filled(each.counts, ("issues", None))
    return counts, returns


def _misplaced(each: HumanStream, source: str) -> None:
    """Keys that mean nothing beside this source."""
    places = {
        "profile": ("per_customer", "daily"),
        "counts": ("forecast", "daily"),
        "exact": ("forecast", "daily"),
        "gaps": ("forecast", "daily"),
        "timezone": ("per_customer", "rate", "forecast", "daily", "trace"),
        "holiday_volume": ("per_customer", "rate", "forecast", "daily"),
        "volume": ("per_customer", "rate", "forecast", "daily", "trace"),
        "busyness": ("per_customer", "rate", "forecast", "daily", "trace"),
    }
    for key, sources in places.items():
        if source and key in each._node and source not in sources:
            owners = " and ".join([", ".join(sources[:-1]), sources[-1]])
            each.wrong(key, f"no {key} beside {source}", f"it belongs to {owners}")


def _the(desk: Desk, each: HumanStream, key: str, trace: bool) -> str:
    """The stream's segment or topic: as written, or the only one there is."""
    value, names = solid(getattr(each, key)), desk.of_kind(key)
    if value is not None:
        desk.known(each.node(key), key)
        return str(value)
    if key in desk.lost:
        raise Hole
    if len(names) == 1 or trace:
        return names[0] if names else ""
    each.wrong(key, f"the {key} of its issues: " + ", ".join(names[:12]))
    return ""


def _zone_of_segment(desk: Desk, each: HumanStream, segment: str) -> str:
    """The zone of the stream's segment; the scenario's where there is none, and of a trace of several segments."""
    several = each.segment is None and len(desk.of_kind("segment")) > 1
    human = None if several else desk.human.segments.get(segment)
    return zone(desk, None if human is None else human.timezone)


def _counted(each: HumanStream) -> None:
    if "counts" not in each._node:
        choices = "issues | first contacts | offered calls | offered calls, 22% returns"
        each.wrong("counts", f"what the numbers count: {choices}", "offered calls already hold redials and repeats")
    elif each.counts[0] == "offered calls" and each.channel is None:
        each.wrong("channel", "the channel the calls are offered to")


def _check_profile(desk: Desk, each: HumanStream, source: str) -> None:
    """The profile a source goes by exists."""
    if source in ("per_customer", "daily") and each.profile is not None and not desk.partial("profiles"):
        names = desk.human.profiles
        if solid(each.profile):
            desk.one_of(each.node("profile"), names, "the name of a profile")
    if source == "daily" and each.profile is None:
        each.wrong("profile", "a profile beside daily", "it spreads each total over its day")


def _check_source(desk: Desk, each: HumanStream, base: Stream, source: str) -> None:
    """Issues per customer need customers, filler work a deferred channel."""
    if source == "per_customer" and base.segment and "segment" not in desk.lost:
        segment = desk.human.segments.get(base.segment)
        if segment is None or segment.customers is None:
            each.wrong("per_customer", "a segment with a number of customers", f"{base.segment} is anonymous")
    if source == "endless":
        _filler(desk, each)


def _with_source(desk: Desk, files: Files, each: HumanStream, base: Stream, source: str) -> Stream:
    """The stream with what its file says; BAD where that, or anything it depends on, could not be read."""
    readers: dict[str, tuple[str, Any]] = {
        "forecast": ("cells", files.forecast),
        "daily": ("cells", files.daily),
        "trace": ("trace", files.trace),
    }
    if source not in readers:
        return base
    field, read = readers[source]
    content: Any = desk.attempt(lambda: read(each, solid(base)), BAD)
    return replace(base, **{field: content})


def _filler(desk: Desk, each: HumanStream) -> None:
    """Filler work is of one deferred channel."""
    if each.channel is None:
        each.wrong("channel", "the channel of the work", "filler work is begun where it is done")
    elif each.channel in desk.human.channels and desk.human.channels[each.channel].kind != "deferred":
        each.wrong("channel", "a deferred channel", "nobody holds the line for filler work")


def _backlog(desk: Desk, name: str, channel: HumanChannel, streams: Sequence[Stream]) -> list[Stream]:
    """Streams `<channel>+backlog+<segment>` of issues waiting when play begins."""
    backlog = channel.starting_backlog
    if solid(backlog) is None:
        return []
    if channel.kind != "deferred":
        channel.wrong("starting_backlog", "a deferred channel", "nobody waits on a live line before it opens")
    node = channel.node("starting_backlog")
    assert isinstance(node, Map)
    found: dict[tuple[str, str], Stream] = {}
    for key, count in backlog.counts.items():
        spot = _backlog_spot(desk, key, node, name, streams)
        if spot is None or not count:
            continue
        label = f"{name}+backlog+{spot[0]}" + (f"+{spot[1]}" if len(key.split()) == 2 else "")
        if spot in found:
            desk.reading.wrong_key(key_of(node, key) or key, node, "every segment and topic once")
        found[spot] = Stream(
            name=label,
            kind="backlog",
            segment=spot[0],
            topic=spot[1],
            channel=name,
            zone=zone(desk),
            backlog=Backlog(count, backlog.oldest),
            busy=False,
        )
    return list(found.values())


def _backlog_spot(desk: Desk, key: str, node: Map, channel: str, streams: Sequence[Stream]) -> tuple[str, str] | None:
    """(segment, topic) of `free`, `free bug` or (with one segment) `bug`."""
    text = key_of(node, key)
    assert text is not None
    if not desk.selector_key(text, node):
        return None
    words = {desk.kinds[word]: word for word in key.split()}
    if "channel" in words:
        desk.reading.wrong_key(text, node, "a segment, or a segment and a topic")
        return None
    segments, topics = desk.of_kind("segment"), desk.of_kind("topic")
    segment = words.get("segment") or (segments[0] if len(segments) == 1 else None)
    if segment is None:
        desk.reading.wrong_key(text, node, "a segment, or a segment and a topic")
        return None
    if "topic" in words:
        return segment, words["topic"]
    used = [each.topic for each in streams if each.segment == segment and each.kind not in ("backlog", "endless")]
    topic = next((each for each in topics if each in used), topics[0])
    if len(topics) > 1:
        desk.default(f"channels.{channel}.starting_backlog.{key}: about {topic}, its first topic")
    return segment, topic
