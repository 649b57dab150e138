"""Twists of channels: slower with many in hand, limits of waiting, hours with factors, laying work aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import lcm
from typing import Any

from generator_base import Maker
from generator_choices import EVERY_DAY, MONDAY, SUNDAY

from supportsim.scenario.model import Channel, Hourly, Scenario, Team
from supportsim.scenario.ticks import DAY, MINUTE

#: How much longer everything takes with 1, 2, 3 in hand, in thousandths.
SLOW_DOWNS = ((1000, 2000, 3000), (1000, 1150, 1350), (1000, 1000, 2000), (1000, 1500, 1500), (1000, 3000, 3001))
#: Twice and half keep the minutes whole, or nearly so; a third and a seventh have to be rounded.
FACTORS = (2.0, 0.5, 3.0, 2.0, 0.5, 1 / 3, 1 / 7)


def most_at_once(scenario: Scenario, channel: Channel) -> int:
    """The highest concurrency that any team has on a channel."""
    return max([channel.concurrency, *(n for team in scenario.teams for c, n in team.concurrency if c == channel.name)])


def at_once(team: Team, channel: Channel) -> int:
    """Contacts of a channel that an agent of the team may hold."""
    return dict(team.concurrency).get(channel.name, channel.concurrency)


def changed(scenario: Scenario, chosen: list[Channel], change: Callable[[Channel], Channel]) -> Scenario:
    """The scenario with the chosen channels changed."""
    names = {channel.name for channel in chosen}
    return replace(scenario, channels=tuple(change(c) if c.name in names else c for c in scenario.channels))


def of_kind(scenario: Scenario, kind: str) -> list[Channel]:
    """The live, or the deferred channels."""
    return [channel for channel in scenario.channels if channel.kind == kind]


def lays_aside(maker: Maker, scenario: Scenario) -> Scenario:
    """`interruptible`: a deferred channel, one at a time in every team."""
    chosen = maker.by.some(of_kind(scenario, "deferred"), 80)
    names = {channel.name for channel in chosen}
    teams = [
        replace(team, concurrency=tuple((c, n) for c, n in team.concurrency if c not in names))
        for team in scenario.teams
    ]
    scenario = replace(scenario, teams=tuple(teams))
    return changed(scenario, chosen, lambda c: replace(c, interruptible=True, concurrency=1))


def more_at_once(maker: Maker, scenario: Scenario) -> Scenario:
    """Some channel is served several at once, if not every one is laid aside."""
    able = [channel for channel in scenario.channels if not channel.interruptible]
    chosen = maker.by.some([c for c in able if c.kind == "live"] or able, 50)
    return changed(scenario, chosen, lambda c: replace(c, concurrency=maker.by.whole(2, 3)))


def slows_down(maker: Maker, scenario: Scenario) -> Scenario:
    """`speeds`, where somebody holds more than one; how many they are is known at the end (`fitting`)."""
    if all(most_at_once(scenario, channel) == 1 for channel in scenario.channels):
        scenario = more_at_once(maker, scenario)
    able = [channel for channel in scenario.channels if most_at_once(scenario, channel) > 1]
    for channel in maker.by.some(able, 80):
        maker.slower[channel.name] = maker.by.of(SLOW_DOWNS)
    return scenario


def speeds(slower: tuple[int, ...]) -> tuple[int, ...]:
    """Work per tick with 1, 2, … in hand: the least common multiple of all over each; () where nothing is slower."""
    whole = lcm(*slower)
    found = tuple(whole // each for each in slower)
    return () if len(set(found)) == 1 else found


def no_last_minute_chats(maker: Maker, scenario: Scenario) -> Scenario:
    """`last_chat`: live channels of which somebody holds more than one."""
    if all(most_at_once(scenario, channel) == 1 for channel in of_kind(scenario, "live")):
        scenario = more_at_once(maker, scenario)
    able = [channel for channel in of_kind(scenario, "live") if most_at_once(scenario, channel) > 1]
    return changed(scenario, maker.by.some(able, 80), lambda c: replace(c, last_chat=maker.by.whole(1, 6) * MINUTE))


def limits_waits(maker: Maker, scenario: Scenario) -> Scenario:
    """`wait_limit` of live channels, and mostly what customers do after it."""

    def change(channel: Channel) -> Channel:
        after = (*channel.after, maker.after("timed_out")) if maker.by.chance(65) else channel.after
        return replace(channel, wait_limit=maker.by.whole(1, 5) * MINUTE, after=after)

    return changed(scenario, maker.by.some(of_kind(scenario, "live"), 70), change)


def keeps_patience(maker: Maker, scenario: Scenario) -> Scenario:
    """Every contact of an issue has the patience of the first."""
    return changed(scenario, maker.by.some(scenario.channels, 70), lambda c: replace(c, keeps_patience=True))


def puts_down(maker: Maker, scenario: Scenario) -> Scenario:
    """Work on a live channel, too, is put down at the end of a shift."""
    chosen = maker.by.some(of_kind(scenario, "live"), 70)
    return changed(scenario, chosen, lambda c: replace(c, at_shift_end="put_down"))


def has_hours_with_factors(maker: Maker, scenario: Scenario) -> Scenario:
    """`by_hour`: windows that do not overlap, with factors on work, patience and the chance to solve."""

    def change(channel: Channel) -> Channel:
        if channel.hours.always and maker.by.chance(50):
            channel = replace(channel, hours=replace(channel.hours, zone=maker.by.of(maker.zones)))
        return replace(channel, by_hour=_factors_of_hours(maker))

    return changed(scenario, maker.by.some(scenario.channels, 70), change)


def _factors_of_hours(maker: Maker) -> tuple[Hourly, ...]:
    by = maker.by
    found: list[Hourly] = []
    over = 0
    for begin, end in sorted(maker.window() for _ in range(by.whole(1, 3))):
        begin = max(begin, over)
        if begin < end:
            found.append(_hourly(maker, begin, end))
            over = end
    if by.chance(30):
        found.append(_hourly(maker, max(over, by.of((over, DAY // 2))), DAY))
    return tuple(found)


def _hourly(maker: Maker, begin: int, end: int) -> Hourly:
    by = maker.by
    days: Any = by.of((EVERY_DAY, EVERY_DAY, (0,), (6,), (0, 2, 4, 6)))
    factors = [by.of(FACTORS) if by.chance(60) else 1.0 for _ in range(2)]
    if factors == [1.0, 1.0]:
        factors[by.whole(0, 1)] = by.of(FACTORS)
    return Hourly(days, begin, end, *factors, resolves=by.of((1.0, 1.0, 0.5, 0.0, 2.0)))


def closes_on_a_holiday(maker: Maker, scenario: Scenario) -> Scenario:
    """A channel with hours, always on one of two days: closed on the other."""
    able = [channel for channel in scenario.channels if not channel.hours.always]
    day = maker.by.of((MONDAY, SUNDAY))
    return changed(scenario, maker.by.some(able, 70), lambda c: replace(c, hours=replace(c.hours, holidays=(day,))))


def fitting(maker: Maker, scenario: Scenario) -> Scenario:
    """As many speeds as the highest concurrency asks for; no concurrency of what a team does not serve."""
    scenario = replace(scenario, teams=tuple(_of_what_it_serves(scenario, team) for team in scenario.teams))

    def change(channel: Channel) -> Channel:
        most = most_at_once(scenario, channel)
        slower = maker.slower.get(channel.name, ())[:most]
        return replace(channel, speeds=speeds(slower) if slower else (), last_chat=channel.last_chat * (most > 1))

    return changed(scenario, list(scenario.channels), change)


def _of_what_it_serves(scenario: Scenario, team: Team) -> Team:
    used = {queue.channel for queue, place in zip(scenario.queues, team.places, strict=True) if place >= 0}
    return replace(team, concurrency=tuple((c, n) for c, n in team.concurrency if c in used))
