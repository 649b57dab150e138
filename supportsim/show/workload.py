"""What a scenario asks of its desk, computed without simulating: expected issues, contacts, hours of work.

Means only.  Taken as served: everybody who reaches an open channel (nobody abandons, so no redials after
abandonment).  Where teams work differently, work takes as long, and solves as often, as on average over the teams a
contact may come to, weighed by their hours present; factors of the hour are those of the interval in which a contact
comes, of returns the mean over those.  Not counted: the starting backlog, filler, the work of warm-up and run-out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import After, Channel, PlanStep, Queue, Scenario, Stream, TeamWork
from supportsim.scenario.offers import offers
from supportsim.scenario.timeline import Timeline
from supportsim.show.volumes import Days, Part, Vector, parts
from supportsim.study.erlang_inputs import mean_handle
from supportsim.study.hourly import Factors, factors

QueueName = tuple[str, str, str]  # channel, segment, topic
Crew = list[tuple[TeamWork, float]]  # how teams work, and how much of the work is theirs
#: Contacts of one issue followed at most so far; by then less than 1e-6 of them are left.
LONGEST = 500


@dataclass
class Load:
    """What reaches one queue over counted time."""

    fresh: Vector  # contacts per interval that do not come from returns
    work: Vector  # ticks of work of these
    returned: float = 0.0  # further contacts, of issues that were served before
    returned_work: float = 0.0

    def add(self, fresh: Vector, returned: float, handle: float, handles: Vector) -> None:
        """Add contacts that take `handle` ticks each on average, `handles` in the several intervals."""
        self.fresh = plus(self.fresh, fresh)
        self.work = plus(self.work, tuple(count * each for count, each in zip(fresh, handles, strict=True)))
        self.returned += returned
        self.returned_work += returned * handle


@dataclass
class Workload:
    """Expected load of every queue on the reporting intervals of counted time."""

    edges: tuple[int, ...]  # ticks, one more than intervals
    present: Mapping[str, float]  # hours per team, by which teams are weighed
    issues: dict[str, float] = field(default_factory=dict)  # per stream
    queues: dict[QueueName, Load] = field(default_factory=dict)
    closed: dict[tuple[str, str], float] = field(default_factory=dict)  # (stream, live channel): who finds it so
    stranded: set[tuple[str, str]] = field(default_factory=set)  # (channel, segment): no next channel there


def plus(one: Vector, other: Vector) -> Vector:
    """The sum of two vectors over the same intervals; the empty one is none."""
    return tuple(a + b for a, b in zip(one, other, strict=True)) if one else other


def workload(scenario: Scenario, timeline: Timeline, present: Mapping[str, float]) -> Workload:
    """Expected issues by stream and expected load by queue; `present`: hours of each team at work for its queues."""
    found = Workload(timeline.edges(scenario.interval), present)
    shares = {channel.name: open_share(channel, timeline, found.edges) for channel in scenario.channels}
    of_hour = {channel.name: factors(channel, timeline, found.edges) for channel in scenario.channels}
    days: Days = {}
    for stream in scenario.streams:
        for part in parts(scenario, timeline, stream, found.edges, days):
            for offer in offers(scenario, stream, part.segment, part.channel is None):
                arising = sum(part.arising) * offer.arise
                found.issues[stream.name] = found.issues.get(stream.name, 0.0) + arising
                brought = tuple(count * offer.arise * offer.asks for count in part.arising)
                follow(scenario, stream, replace(part, arising=brought), offer.steps, shares, of_hour, found)
    return found


def open_share(channel: Channel, timeline: Timeline, edges: Sequence[int]) -> Vector:
    """The share of each interval in which `channel` is open."""
    if channel.hours.always:
        return (1.0,) * (len(edges) - 1)
    hours = open_ticks(channel.hours, timeline).between(edges)
    return tuple(ticks / (b - a) for ticks, (a, b) in zip(hours, pairwise(edges), strict=True))


def route(steps: Sequence[PlanStep], part: Part) -> tuple[list[str], list[float]]:
    """The channels an issue of `part` may meet on a plan, in order, and the share that starts at each."""
    names = [step.channel for step in steps]
    if part.channel is None:
        return names, [step.share for step in steps]
    later = names[names.index(part.channel) + 1 :] if part.channel in names else []
    return [part.channel, *later], [1.0, *(0.0 for _ in later)]


def follow(
    scenario: Scenario,
    stream: Stream,
    part: Part,
    steps: Sequence[PlanStep],
    shares: dict[str, Vector],
    of_hour: dict[str, Factors],
    found: Workload,
) -> None:
    """Send the issues of one part of a stream along the channels of a plan and book what reaches each queue.

    `shares`: how much of each interval a channel is open; `of_hour`: its factors there.
    """
    names, starts = route(steps, part)
    channels = {channel.name: channel for channel in scenario.channels}
    queues = {(q.channel, q.segment, q.topic): q for q in scenario.queues}
    coming = [tuple(count * start for count in part.arising) for start in starts]
    moved = 0.0  # contacts that come from the channel before, after having been served there
    for i, name in enumerate(names):
        after: dict[str, After] = {rule.outcome: rule for rule in channels[name].after}
        again = not (stream.returns_within and name == stream.channel)
        if channels[name].kind == "live":
            outside = sum(a * starts[i] * (1 - b) for a, b in zip(part.arising, shares[name], strict=True))
            found.closed[stream.name, name] = found.closed.get((stream.name, name), 0.0) + outside
        joining, passed_on = at_the_door(coming[i], shares[name], after.get("closed"), again)
        if i + 1 < len(names):
            coming[i + 1] = plus(coming[i + 1], passed_on)
        elif any(rule.next_channel > 0 for rule in after.values()):
            found.stranded.add((name, part.segment))
        queue = queues[name, part.segment, part.topic]
        first = sum(joining)
        crew = at_work(queue, found.present)
        total, moved = served(first + moved, resolved(crew, joining, of_hour[name].resolves), after, again)
        load = found.queues.setdefault((name, part.segment, part.topic), Load((), ()))
        handle = handle_time(crew, part, part.aht)
        handles = tuple(handle_time(crew, part, aht) for aht in part.ahts) or (handle,) * len(joining)
        longer = of_hour[name].work
        if channels[name].by_hour and not part.handle:  # the work of a trace row is what it is
            handles = tuple(ticks * factor for ticks, factor in zip(handles, longer, strict=True))
            handle *= weighted(longer, joining)
        load.add(joining, total - first, handle, handles)


def at_the_door(coming: Vector, opened: Vector, closed: After | None, again: bool) -> tuple[Vector, Vector]:
    """Of the contacts that come: those that join (now or once open), those that try the next channel."""
    if closed is None:
        return tuple(count * share for count, share in zip(coming, opened, strict=True)), (0.0,) * len(coming)
    later = closed.at_opening + closed.again if again else 0.0
    outside = tuple(count * (1 - share) for count, share in zip(coming, opened, strict=True))
    joining = (a * share + b * later for a, share, b in zip(coming, opened, outside, strict=True))
    return tuple(joining), tuple(count * closed.next_channel for count in outside)


def weighted(values: Vector, weights: Vector) -> float:
    """The mean of `values`, 1 where nothing has weight."""
    total = sum(weights)
    return sum(a * b for a, b in zip(values, weights, strict=True)) / total if total else 1.0


def at_work(queue: Queue, present: Mapping[str, float]) -> Crew:
    """How the teams work that a contact of `queue` may come to, and the weight of each (they add up to 1)."""
    usual = TeamWork("", queue.work, queue.resolves)
    if not queue.by_team:
        return [(usual, 1.0)]
    own = {each.team: each for each in queue.by_team}
    teams = [team for step in queue.teams for team in step]
    hours = [present[team] for team in teams]
    if not sum(hours):
        hours = [1.0] * len(teams)
    return [(own.get(team, usual), each / sum(hours)) for team, each in zip(teams, hours, strict=True)]


def resolved(crew: Crew, joining: Vector, of_hour: Vector) -> float:
    """The share of contacts that ends solved, by the hours in which they come."""
    if not sum(joining) or all(factor == 1 for factor in of_hour):
        return sum(weight * team.resolves for team, weight in crew)
    return sum(
        weight * weighted(tuple(min(1.0, team.resolves * factor) for factor in of_hour), joining)
        for team, weight in crew
    )


def served(entering: float, resolves: float, after: Mapping[str, After], again: bool) -> tuple[float, float]:
    """Contacts on this channel of `entering` issues, repeats included, and those that go on to the next one.

    The fixed point of: solved with probability `resolves`, else (and after a solution that does not last)
    again on this channel until the tries are used up, or on to the next channel.
    """
    total, onward, now = 0.0, 0.0, entering
    for number in range(1, LONGEST + 1):
        total += now
        repeated = 0.0
        for outcome, share in (("solved", resolves), ("unresolved", 1 - resolves)):
            rule = after.get(outcome)
            if rule is not None:
                onward += now * share * rule.next_channel
                if again and (rule.tries is None or number < rule.tries):
                    repeated += now * share * rule.again
        now = repeated
        if now <= 1e-9 * entering:
            break
    return total, onward


def handle_time(crew: Crew, part: Part, aht: float) -> float:
    """Mean ticks of talk and wrap-up of a contact of `part` where the forecast states `aht`, without hourly factor."""
    return sum(weight * team.pace * (part.handle or mean_handle(team.work, aht)) for team, weight in crew)


def work_by_channel(found: Workload, channel: str, returns: bool) -> float:
    """Ticks of work on `channel`, with or without returns."""
    loads = [load for key, load in found.queues.items() if key[0] == channel]
    return sum(sum(load.work) + (load.returned_work if returns else 0.0) for load in loads)


def offered_by_interval(found: Workload, channel: str) -> tuple[Vector, Vector]:
    """Contacts and ticks of work offered per interval on `channel`; returns are spread like the others."""
    contacts: Vector = (0.0,) * (len(found.edges) - 1)
    work = contacts
    for key, load in found.queues.items():
        fresh, worked = sum(load.fresh), sum(load.work)
        if key[0] == channel and fresh > 0:
            more, longer = 1 + load.returned / fresh, 1 + load.returned_work / worked if worked else 1.0
            contacts = plus(contacts, tuple(count * more for count in load.fresh))
            work = plus(work, tuple(ticks * longer for ticks in load.work))
    return contacts, work


def contacts_by_queue(scenario: Scenario, found: Workload, channel: str) -> list[float]:
    """Expected contacts of each queue of the scenario, returns included; 0 for those of other channels."""
    loads = {key: load for key, load in found.queues.items() if key[0] == channel}
    nothing = Load((), ())
    mine = [loads.get((queue.channel, queue.segment, queue.topic), nothing) for queue in scenario.queues]
    return [sum(load.fresh) + load.returned for load in mine]
