"""Handle times and limits of an implausible size, and more work than there are hours."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from supportsim.scenario.laws import mean, span
from supportsim.scenario.model import Channel, Queue, Scenario, Team, Work
from supportsim.scenario.offers import plans_of
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.ticks import DAY, HOUR, SECOND, WEEK

SHORT_LIVE, LONG_LIVE = 15 * SECOND, 2 * HOUR  # mean handle times beyond these are hardly meant where people wait


def implausible(desk: Desk, scenario: Scenario) -> None:
    """Note durations that are probably in the wrong unit."""
    for queue in scenario.queues:
        live = next(each.kind for each in scenario.channels if each.name == queue.channel) == "live"
        for average in (mean(work.law) for work in works(queue) if not work.law.from_forecast):
            if average < (SHORT_LIVE if live else SECOND) or (live and average > LONG_LIVE):
                desk.note(f"channels.{queue.channel}: a handle time of {span(average)} on average: is the unit right?")
    for promise in scenario.promises:
        if promise.clock == "answer" and promise.limit > HOUR:
            desk.note(f"promises.{promise.name}: answered within {span(promise.limit)}: is the unit right?")


def overload(desk: Desk, scenario: Scenario, offered: Sequence[float]) -> None:
    """Note first contacts that hold more work than the teams have hours, where nobody gives up.

    `offered`: expected issues per stream.  Rough: work at the first channel, hours of the roster in one week.
    """
    if any(queue.patience.kind != "never" for queue in scenario.queues):
        return
    limits = ("lines", "waiting_room", "wait_limit")
    if any(getattr(channel, limit) is not None for channel in scenario.channels for limit in limits):
        return
    hands = max([_hands(scenario, channel) for channel in scenario.channels], default=1.0)
    work: dict[frozenset[str], float] = {}  # by the teams that may do it
    for stream, count in zip(scenario.streams, offered, strict=True):
        for queue, each in _first_work(scenario, stream.segment, stream.topic, stream.channel):
            teams = frozenset(name for step in queue.teams for name in step)
            work[teams] = work.get(teams, 0.0) + count * each
    everybody = frozenset(team.name for team in scenario.teams)
    for group in (everybody, *sorted(work.keys() - {everybody}, key=sorted)):
        load = sum(amount for teams, amount in work.items() if teams <= group)
        hours = hands * people_ticks(scenario, group)
        if load >= hours * (1 - 1e-9) > 0:
            who = "teams have" if group == everybody else f"who may do it ({', '.join(sorted(group))}) have"
            desk.note(f"first contacts hold {load / HOUR:.0f} h of work, {who} {hours / HOUR:.0f} h: queues will grow")
            return


def people_ticks(scenario: Scenario, group: Collection[str]) -> float:
    """Ticks that people work for a group of teams while demand goes on, roughly: by their hours in one week."""
    times = scenario.times
    ticks = (times.length_days + times.warm_up_days) * DAY + times.length_ticks + times.warm_up_ticks
    if times.run_out_demand:
        ticks += times.run_out_days * DAY + times.run_out_ticks
    played = (begin := -times.warm_up_days * DAY - times.warm_up_ticks, begin + ticks)
    return ticks / WEEK * sum(_week_of(team, group, played) for team in scenario.teams)


def _first_work(scenario: Scenario, segment: str, topic: str, channel: str | None) -> Iterator[tuple[Queue, float]]:
    """Queues an issue may meet first, and the ticks of work it brings there on average."""
    shares = {channel: 1.0} if channel else {}
    for plan, part in [] if channel else plans_of(scenario, segment):
        for step in plan.steps:
            shares[step.channel] = shares.get(step.channel, 0.0) + part * step.share * plan.asks
    for queue in scenario.queues:
        if _is(queue, segment, topic):
            yield queue, shares.get(queue.channel, 0.0) * least_work(queue)


def _is(queue: Queue, segment: str, topic: str) -> bool:
    return (queue.segment, queue.topic) == (segment, topic)


def _hands(scenario: Scenario, channel: Channel) -> float:
    """Contacts an agent gets done in the time of one: those in hand, each slowed down by the others, at best."""
    own = [dict(team.concurrency).get(channel.name, channel.concurrency) for team in scenario.teams]
    most = max(own, default=channel.concurrency)
    if not channel.speeds:
        return float(most)
    return max(n * speed / channel.speeds[0] for n, speed in enumerate(channel.speeds[:most], 1))


def works(queue: Queue) -> list[Work]:
    """Every rule of work at a queue: its own and those of teams."""
    return [queue.work, *(own.work for own in queue.by_team)]


def chances(queue: Queue) -> list[float]:
    """The chance to solve of every team that is asked at a queue; the queue's own where none is."""
    own = {each.team: each.resolves for each in queue.by_team}
    return [own.get(name, queue.resolves) for pool in queue.teams for name in pool] or [queue.resolves]


def least_work(queue: Queue) -> float:
    """Mean ticks of work at a queue for the team that is quickest there; 0 where it comes from a forecast."""
    asked = dict.fromkeys(name for pool in queue.teams for name in pool)
    own = {each.team: each.pace * _mean(each.work) for each in queue.by_team}
    return min((own.get(name, _mean(queue.work)) for name in asked), default=_mean(queue.work))


def _mean(work: Work) -> float:
    if work.law.from_forecast:
        return 0.0
    wrap = mean(work.wrap_law) if work.wrap_law is not None and not work.wrap_inside else 0.0
    return mean(work.law) + wrap


def _week_of(team: Team, group: Collection[str], played: tuple[int, int]) -> float:
    """Hours (in ticks) a week of the people of a team who work for a group of teams, at their own or at another."""
    if team.name not in group:
        moves = [each for each in team.activities if each.works_as in group]
        return float(sum(each.agents * len(each.weekdays) * (each.end - each.begin) for each in moves))
    if team.agents is not None:
        return float(team.agents * WEEK)
    if team.heads:
        until = [*(tick for tick, _ in team.heads[1:]), played[1]]
        rows = zip(team.heads, until, strict=True)
        heads = sum(number * max(0, min(to, played[1]) - max(at, played[0])) for (at, number), to in rows)
        return heads * WEEK / (played[1] - played[0])
    return sum(s.agents * len(s.weekdays) * (s.end - s.begin) / s.weeks[1] for s in team.shifts)
