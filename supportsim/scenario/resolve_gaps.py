"""Hours in which a line is open and nobody at all is there to answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from supportsim.scenario.business_clock import merged, open_ticks, without
from supportsim.scenario.cover import Cover, Spans, cover
from supportsim.scenario.model import Channel, Scenario
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND, clock
from supportsim.scenario.timeline import Timeline, timeline_of
from supportsim.scenario.units import WEEKDAYS

MOST_NAMED = 3


def uncovered(desk: Desk, scenario: Scenario) -> None:
    """Note open hours of live channels, while demand goes on, without anybody of the teams their contacts ask."""
    lines = [(channel, asked) for channel in scenario.channels if (asked := _asked(scenario, channel))]
    if not lines:
        return
    timeline = timeline_of(scenario.times)
    there = cover(scenario, timeline)
    for channel, teams in lines:
        gaps = _gaps(channel, teams, there, timeline)
        if gaps:
            on_shift = merged(span for name in teams for span in there.on_shift[name])
            at_others = "; whoever is on shift then is at an activity" if without(gaps, on_shift) != gaps else ""
            desk.note(f"channels.{channel.name}: open {_told(gaps, timeline, channel.hours.zone)}{at_others}")


def _asked(scenario: Scenario, channel: Channel) -> set[str]:
    """The teams that contacts of a live channel ask; none where one of them is always present."""
    if channel.kind != "live":
        return set()
    pools = [pool for queue in scenario.queues if queue.channel == channel.name for pool in queue.teams]
    asked = {name for pool in pools for name in pool}
    return set() if any(team.agents for team in scenario.teams if team.name in asked) else asked


def _gaps(channel: Channel, teams: Collection[str], there: Cover, timeline: Timeline) -> Spans:
    """Spans in which the channel is open with nobody there, while demand goes on."""
    end = _until(timeline)
    hours = open_ticks(channel.hours, timeline, beyond=0)
    windows = [(max(0, a), min(b, end)) for a, b in zip(hours.begins, hours.ends, strict=True)]
    opened = [(begin, stop) for begin, stop in windows if begin < stop]
    return without(opened, merged(span for name in teams for span in there.there[name]))


def _until(timeline: Timeline) -> int:
    """When demand is over; a run-out until all is done with may be over before anybody else comes."""
    goes_on = timeline.times.run_out_demand and not timeline.times.run_out_until_empty
    return timeline.end if goes_on else timeline.counted_to


def _told(gaps: Spans, timeline: Timeline, zone: str) -> str:
    """How many hours, and when: by weekday where every week is the same, else by date."""
    days = list(_by_day(gaps, timeline, zone))
    week = _week(days)
    if week is None:
        hours, often = sum(end - begin for begin, end in gaps), f"in {len(days)} days of play"
        first = gaps[: MOST_NAMED + 1]
        named = [_dated(timeline.local(begin, zone), timeline.local(end, zone)) for begin, end in first]
    else:
        hours, often = sum(end - begin for begin, end in week), "a week"
        named = [_of_week(gap) for gap in week[: MOST_NAMED + 1]]
    more = ", …" if len(named) > MOST_NAMED else ""
    return f"{hours / HOUR:g} h {often} with nobody on shift: {', '.join(named[:MOST_NAMED])}{more}"


class _Day(NamedTuple):
    """What of a local date has nobody, in ticks since midnight as clocks show them; `whole`: all of it is played."""

    date: date
    whole: bool
    gaps: tuple[tuple[int, int], ...]


def _by_day(gaps: Spans, timeline: Timeline, zone: str) -> Iterator[_Day]:
    """Every date on which demand goes on."""
    end = _until(timeline)
    first = 0
    for day, midnight in timeline.days_between(0, end, zone):
        following = timeline.tick(day + timedelta(days=1), 0, zone)
        while first < len(gaps) and gaps[first][1] <= midnight:
            first += 1
        own, at = [], first
        while at < len(gaps) and gaps[at][0] < following:
            begin, stop = max(gaps[at][0], midnight), min(gaps[at][1], following)
            own.append((_of_day(timeline.local(begin, zone)), _of_day(timeline.local(stop, zone)) or DAY))
            at += 1
        yield _Day(day, midnight >= 0 and following <= end, tuple(own))


def _week(days: Sequence[_Day]) -> Spans | None:
    """What is the same in every week, in ticks since Monday 00:00; None where weeks differ.

    A date that is not played as a whole says nothing where its weekday comes again.
    """
    alike: dict[int, set[tuple[tuple[int, int], ...]]] = {}
    for day in sorted(days, key=lambda each: not each.whole):
        if day.whole or day.date.weekday() not in alike:
            alike.setdefault(day.date.weekday(), set()).add(day.gaps)
    if any(len(found) > 1 for found in alike.values()):
        return None
    return merged((n * DAY + a, n * DAY + b) for n, (own,) in alike.items() for a, b in own)


def _of_day(local: datetime) -> int:
    """Ticks since midnight as a clock shows them."""
    return local.hour * HOUR + local.minute * MINUTE + local.second * SECOND + local.microsecond


def _of_week(gap: tuple[int, int]) -> str:
    first, last = gap[0] // DAY, (gap[1] - 1) // DAY
    begin, end = clock(gap[0] - first * DAY), clock(gap[1] - last * DAY)
    return f"{WEEKDAYS[first]} {begin}" + (f"-{end}" if first == last else f" to {WEEKDAYS[last]} {end}")


def _dated(begin: datetime, end: datetime) -> str:
    midnight = _of_day(end) == 0  # the end of the day before
    last = end.date() - timedelta(days=midnight)
    first, until = f"{begin.date()} {clock(_of_day(begin))}", clock(DAY if midnight else _of_day(end))
    return f"{first}-{until}" if last == begin.date() else f"{first} to {last} {until}"
