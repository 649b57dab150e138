"""What a planner wants to see first, without simulating: dates, issues, hours of work, hours of people, cost.

`examine` computes it, `lines` puts it into about ten lines.  All hours are means over counted time, given per
week where counted time is a week or longer, else for counted time as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from supportsim.scenario.frozen import frozen
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, MONTH
from supportsim.scenario.timeline import timeline_of
from supportsim.show import rules
from supportsim.show.check_text import number
from supportsim.show.peaks import Peak, lines, peaks, serving
from supportsim.show.shortfall import Shortfall, shortfalls
from supportsim.show.staffing import Staffing, TeamHours, staffing
from supportsim.show.workload import (
    Workload,
    work_by_channel,
    workload,
)
from supportsim.study.erlang_inputs import places, throughput

#: Of a forecast, the share that may come while its channel is closed without a warning.
MOST_CLOSED = 0.01
SERVED = ("solved", "unresolved")


@frozen
class ChannelWork:
    """Hours of work on one channel per period, as if done one contact at a time.

    agent_hours: of agents, returns included, with all their places taken: hours x longer / at_once, where one of
    `at_once` contacts takes `longer` times as long as alone.
    """

    channel: str
    kind: str
    fresh_hours: float
    hours: float
    agent_hours: float
    at_once: float
    longer: float


@frozen
class Group:
    """Channels and teams tied together by who serves what.

    occupancy: of the places agents have for contacts, slow-down included; `one_by_one` if nobody ever held two
    contacts at once, which is where agents stand who take a second chat only when everybody has one.  Present hours
    are those of whoever works for the teams at the time.  Filler is in neither.
    """

    channels: tuple[str, ...]
    teams: tuple[str, ...]
    work_hours: float  # of agents with all their places taken
    contact_hours: float
    present_hours: float
    occupancy: float | None
    one_by_one: float | None


@frozen
class Cost:
    """Money per period, in units of the scenario's currency."""

    pay: float
    seats: float
    channels: float
    stated: bool = True  # whether any price above 0 is stated

    @property
    def total(self) -> float:
        return self.pay + self.seats + self.channels


@frozen
class Findings:
    """Everything `check` says."""

    name: str
    title: str
    first: str
    last: str
    length: str
    zone: str
    period: str  # "a week" or "in 1 day"
    currency: str
    issues: dict[str, float]
    work: tuple[ChannelWork, ...]
    people: tuple[TeamHours, ...]
    groups: tuple[Group, ...]
    peaks: tuple[Peak, ...]
    short: tuple[Shortfall, ...]
    cost: Cost
    backlog: int  # contacts that wait when play begins
    filler: bool
    redials: bool  # whether anybody whom nobody served comes again
    penalties: bool
    rules: tuple[str, ...]  # who goes first, who may take what
    defaults: tuple[str, ...]
    warnings: tuple[str, ...]


def examine(scenario: Scenario) -> Findings:
    """Compute what `check` prints."""
    timeline = timeline_of(scenario.times)
    counted = timeline.counted_to - timeline.counted_from
    weekly = timeline.weeks >= 1
    scale = 1 / float(timeline.weeks) if weekly else 1.0
    period = "a week" if weekly else f"in {_length(scenario)}"
    people = staffing(scenario, timeline, scale)
    load = workload(scenario, timeline, {team.team: team.serving for team in people.teams})
    work = tuple(_channel_work(scenario, load, scale))
    groups = tuple(_groups(scenario, work, people))
    live = tuple(lines(scenario, timeline, load))
    return Findings(
        scenario.name,
        scenario.title,
        timeline.local(timeline.counted_from).date().isoformat(),
        timeline.local(timeline.counted_to - 1).date().isoformat(),
        _length(scenario),
        scenario.times.zone,
        period,
        scenario.currency,
        {name: issues * scale for name, issues in load.issues.items()},
        work,
        people.teams,
        groups,
        tuple(peaks(scenario, timeline, live, people)),
        tuple(shortfalls(scenario, timeline, live, people, scale)),
        _cost(scenario, load, people, scale, counted * scale),
        sum(stream.backlog.count for stream in scenario.streams if stream.backlog),
        any(stream.kind == "endless" for stream in scenario.streams),
        any(rule.again for channel in scenario.channels for rule in channel.after if rule.outcome not in SERVED),
        any(p.penalty or p.penalty_lost or p.credit for p in scenario.promises),
        tuple(rules.rules(scenario)),
        scenario.defaults,
        (*_warnings(scenario, load, groups, scale), *rules.warnings(scenario, people, scale, period)),
    )


def _length(scenario: Scenario) -> str:
    days, ticks = scenario.times.length_days, scenario.times.length_ticks
    weeks, rest = divmod(days, 7)
    words = []
    if weeks and not rest and not ticks:
        words.append(f"{weeks} week{'s' * (weeks > 1)}")
    elif days:
        words.append(f"{days} day{'s' * (days > 1)}")
    if ticks:
        words.append(f"{ticks / HOUR:g} h")
    return " ".join(words)


def _channel_work(scenario: Scenario, load: Workload, scale: float) -> Iterator[ChannelWork]:
    for channel in scenario.channels:
        hours = work_by_channel(load, channel.name, returns=True) * scale / HOUR
        teams = serving(scenario, channel.name)
        at_once, done = places(scenario, channel.name, teams), throughput(scenario, channel.name, teams)
        fresh = work_by_channel(load, channel.name, returns=False) * scale / HOUR
        yield ChannelWork(channel.name, channel.kind, fresh, hours, hours / done, at_once, at_once / done)


def _groups(scenario: Scenario, work: tuple[ChannelWork, ...], people: Staffing) -> Iterator[Group]:
    """Channels that share a team, directly or over others, form one group."""
    left = {channel.name: set(serving(scenario, channel.name)) for channel in scenario.channels}
    while left:
        name, teams = next(iter(left.items()))
        members = [name]
        while True:
            more = [other for other in left if other not in members and left[other] & teams]
            if not more:
                break
            members += more
            teams = teams.union(*(left[other] for other in more))
        for member in members:
            del left[member]
        mine = [each for each in work if each.channel in members]
        agent_hours, contact_hours = sum(each.agent_hours for each in mine), sum(each.hours for each in mine)
        present = sum(people.teams[t].serving for t in teams)
        yield Group(
            tuple(members),
            tuple(scenario.teams[t].name for t in sorted(teams)),
            agent_hours,
            contact_hours,
            present,
            agent_hours / present if present else None,
            contact_hours / present if present else None,
        )


def _cost(scenario: Scenario, load: Workload, people: Staffing, scale: float, period: float) -> Cost:
    pay = sum(team.paid * scenario.teams[t].wage_per_hour for t, team in enumerate(people.teams))
    seats = sum(team.heads * scenario.teams[t].seat_per_month for t, team in enumerate(people.teams))
    per_contact = {channel.name: channel.cost_per_contact for channel in scenario.channels}
    contacts = sum(per_contact[key[0]] * (sum(each.fresh) + each.returned) * scale for key, each in load.queues.items())
    monthly = sum(channel.cost_per_month for channel in scenario.channels)
    prices = [price for team in scenario.teams for price in (team.wage_per_hour, team.seat_per_month)]
    prices += [price for each in scenario.channels for price in (each.cost_per_contact, each.cost_per_month)]
    return Cost(pay, seats * period / MONTH, contacts + monthly * period / MONTH, any(prices))


def _warnings(scenario: Scenario, load: Workload, groups: tuple[Group, ...], scale: float) -> Iterator[str]:
    """The loader's notes, and what only expected loads can tell."""
    yield from scenario.notes
    yield from _while_closed(scenario, load, scale)
    if not any(note.endswith("queues will grow") for note in scenario.notes):
        yield from (_overload(scenario, group) for group in groups if (group.occupancy or 0) > 1)
    goes_on = {step.channel for plan in scenario.plans for step in plan.steps[:-1]}
    for name, segment in sorted(load.stranded):
        if name in goes_on:  # where no plan goes on, the loader has said so
            yield f"{name}: next_channel means giving up for {segment}, whose plan has none after {name}"


def _while_closed(scenario: Scenario, load: Workload, scale: float) -> Iterator[str]:
    """Forecast contacts that a live channel is not open for; `scale` leads from counted time to a period."""
    for stream in scenario.streams:
        issues = load.issues.get(stream.name, 0.0)
        for (name, channel), outside in load.closed.items():
            if name == stream.name and stream.cells is not None and outside > MOST_CLOSED * issues:
                decimals = 0 if issues * scale >= 100 else 1
                part, whole = number(outside * scale, decimals), number(issues * scale, decimals)
                what = "calls" if stream.counts == "offered calls" else stream.counts
                yield f"{part} of {whole} {what} of {name} come while {channel} is closed"


def _overload(scenario: Scenario, group: Group) -> str:
    names = ", ".join(group.channels)
    waits = any(q.patience.kind == "never" for q in scenario.queues if q.channel in group.channels)
    more = f"{names}: {group.work_hours:.1f} h of work for {group.present_hours:.1f} h of present agents"
    if waits:
        return more + "; the queue grows, and results depend on how long is played"
    return more + "; customers will abandon"
