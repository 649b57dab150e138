"""What a resolved scenario has to keep to, as the language promises it: shown for every scenario that is made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from generator_channels import at_once, most_at_once

from supportsim.scenario.laws import mean
from supportsim.scenario.model import Activity, Channel, Queue, Scenario, Shift, Team
from supportsim.scenario.ticks import DAY, HOUR

MOST_BONUS, MOST_RATE, MOST_SPEED = 365 * 24 * HOUR, 2000, 10**6


def faults(scenario: Scenario) -> list[str]:
    """Sentences about what no file could have said; none where the scenario is valid."""
    return [
        *(f"{c.name}: {wrong}" for c in scenario.channels for wrong in _channel(scenario, c)),
        *(f"queue {i}: {wrong}" for i, q in enumerate(scenario.queues) for wrong in _queue(scenario, i, q)),
        *(f"{t.name}: {wrong}" for t in scenario.teams for wrong in _team(scenario, t)),
        *_whole(scenario),
    ]


def _of(**wrong: object) -> Iterator[str]:
    return (name.replace("_", " ") for name, so in wrong.items() if so)


def _whole(scenario: Scenario) -> Iterator[str]:
    grid = [(c.name, s.name, t.name) for c in scenario.channels for s in scenario.segments for t in scenario.topics]
    names = [each.name for each in (*scenario.channels, *scenario.segments, *scenario.topics, *scenario.teams)]
    streams = [stream.name for stream in scenario.streams]
    yield from _of(
        no_queue=not grid,
        queues_are_not_the_grid=[(q.channel, q.segment, q.topic) for q in scenario.queues] != grid,
        two_of_one_name=len(set(names)) < len(names) or len(set(streams)) < len(streams),
        plans=any(abs(sum(s.share for s in plan.steps) - 1) > 1e-9 for plan in scenario.plans if plan.steps),
        promises=any(len(promise.queues) != len(grid) or promise.limit <= 0 for promise in scenario.promises),
        shares_of_plans=any(abs(sum(p.share for p in s.plans) - 1) > 1e-9 for s in scenario.segments if s.plans),
        thinned=any(
            not 0 < thin.share <= 1
            or thin.name
            not in [
                e.name
                for e in {"segment": scenario.segments, "topic": scenario.topics, "channel": scenario.channels}[
                    thin.kind
                ]
            ]
            for thin in scenario.thinned
        ),
        bonus_or_rate_without_ageing=scenario.policy != "ageing"
        and any(q.bonus or q.rate != 100 for q in scenario.queues),
    )
    yield from _filler(scenario)


def _filler(scenario: Scenario) -> Iterator[str]:
    kinds = {channel.name: channel.kind for channel in scenario.channels}
    filled = [(s.channel, s.segment, s.topic) for s in scenario.streams if s.kind == "endless"]
    yield from _of(two_fillers_of_a_queue=len(set(filled)) < len(filled))
    for i, queue in enumerate(scenario.queues):
        if (queue.channel, queue.segment, queue.topic) in filled:
            works = [(queue.work, 1.0), *((each.work, each.pace) for each in queue.by_team)]
            yield from _of(
                filler_is_live=kinds[queue.channel] == "live",
                filler_takes_no_time=any(mean(work.law) * pace < 1 for work, pace in works),
                filler_is_not_below=any(team.holds and team.holds[i] < max(team.holds) for team in scenario.teams),
            )


def _channel(scenario: Scenario, channel: Channel) -> Iterator[str]:
    live, most = channel.kind == "live", most_at_once(scenario, channel)
    outcomes = [after.outcome for after in channel.after]
    yield from _of(
        speeds=channel.speeds and len(channel.speeds) != most,
        speeds_rise=any(before < after for before, after in pairwise(channel.speeds)),
        speeds_that_are_none=len(set(channel.speeds)) == 1 or any(not 0 < s <= MOST_SPEED for s in channel.speeds),
        last_chat=channel.last_chat and (not live or most == 1 or channel.last_chat < 0),
        wait_limit=channel.wait_limit is not None and (not live or channel.wait_limit <= 0),
        after_timed_out="timed_out" in outcomes and channel.wait_limit is None,
        interruptible=channel.interruptible and (live or most > 1),
        after_twice=len(set(outcomes)) < len(outcomes),
        shares=any(abs(a.again + a.at_opening + a.next_channel + a.stop - 1) > 1e-9 for a in channel.after),
        lines=not live and (channel.lines is not None or channel.waiting_room is not None),
    )
    for hour in channel.by_hour:
        yield from _of(by_hour=not 0 <= hour.begin < hour.end <= DAY or hour.work <= 0 or hour.patience < 0)
    windows = sorted((hour.begin, hour.end) for hour in channel.by_hour)
    yield from _of(by_hour_overlaps=any(end > begin for (_, end), (begin, _) in pairwise(windows)))


def _queue(scenario: Scenario, place: int, queue: Queue) -> Iterator[str]:
    able = [team.name for team in scenario.teams if team.places[place] >= 0]
    asked = [name for pool in queue.teams for name in pool]
    yield from _of(
        asks_twice=len(set(asked)) < len(asked),
        asks_who_does_not_serve=not set(asked) <= set(able),
        asks_nobody=not asked,
        an_empty_step=not all(queue.teams),
        delays=queue.delays and (len(queue.delays) != len(queue.teams) or not any(queue.delays)),
        negative_delays=any(delay < 0 for delay in queue.delays),
        laws_of_who_does_not_serve=not {each.team for each in queue.by_team} <= set(able),
        laws_twice=len({each.team for each in queue.by_team}) < len(queue.by_team),
        pace=any(each.pace <= 0 for each in queue.by_team),
        resolves=any(not 0 <= r <= 1 for r in (queue.resolves, *(each.resolves for each in queue.by_team))),
        bonus=not 0 <= queue.bonus <= MOST_BONUS,
        rate=not 0 <= queue.rate <= MOST_RATE,
    )


def _team(scenario: Scenario, team: Team) -> Iterator[str]:
    many = len(scenario.queues)
    yield from _of(
        not_one_kind_of_people=sum((team.agents is not None, bool(team.shifts), team.heads is not None)) != 1,
        places=len(team.places) != many,
        holds=team.holds and (len(team.holds) != many or not any(team.holds) or min(team.holds) < 0),
        drains=team.drains and (len(team.drains) != many or not any(team.drains)),
        activities=team.activities and not team.shifts,
        absence_without_shifts=not team.shifts and (team.absence or team.off_desk),
        concurrency=any(n < 1 for _, n in team.concurrency),
    )
    channels = {channel.name: channel for channel in scenario.channels}
    for i, drained in enumerate(team.drains):
        queue = scenario.queues[i]
        is_able = team.places[i] >= 0 and at_once(team, channels[queue.channel]) == 1
        yield from _of(drains_what_it_cannot=drained and not is_able)
    yield from _heads(team)
    yield from (wrong for each in team.activities for wrong in _activity(scenario, team, each))
    yield from (wrong for shift in team.shifts for wrong in _shift(shift))


def _heads(team: Team) -> Iterator[str]:
    if team.heads is not None:
        heads = [(None, 0), *team.heads]
        ticks = [tick for tick, _ in team.heads]
        yield from _of(
            heads_that_do_not_change=any(a == b for (_, a), (_, b) in pairwise(heads)) or not team.heads,
            heads_out_of_order=any(a >= b for a, b in pairwise(ticks)),
            negative_heads=any(n < 0 for _, n in heads),
        )


def _activity(scenario: Scenario, team: Team, activity: Activity) -> Iterator[str]:
    others = {each.name for each in scenario.teams} - {team.name}
    yield from _of(
        hours_of_an_activity=not 0 <= activity.begin < activity.end <= DAY,
        nobody_in_an_activity=activity.agents < 1,
        works_as_nobody=activity.works_as is not None and activity.works_as not in others,
    )


def _shift(shift: Shift) -> Iterator[str]:
    number, every = shift.weeks
    yield from _of(
        shift=not 0 <= shift.begin < shift.end <= shift.begin + DAY or shift.begin >= DAY,
        weeks=not 1 <= number <= every,
        until_before_from=shift.first is not None and shift.until is not None and shift.until <= shift.first,
        breaks=any(not shift.begin <= rest.earliest < shift.end or rest.length <= 0 for rest in shift.breaks),
    )
