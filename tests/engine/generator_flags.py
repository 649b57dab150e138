"""Which flags of the resolved scenario a scenario uses, by name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from supportsim.scenario.model import NEVER_LAW, Channel, Law, Queue, Scenario, Shift, Team, Times
from supportsim.scenario.ticks import DAY


def written(scenario: Scenario) -> Iterator[str]:
    """Names of the flags, some of them more than once."""
    yield f"policy {scenario.policy}"
    yield f"{len(scenario.teams)} teams"
    yield f"{len(scenario.channels)} channels"
    yield from _times(scenario.times)
    yield from (name for channel in scenario.channels for name in _channel(channel))
    yield from (name for queue in scenario.queues for name in _queue(queue))
    yield from (name for team in scenario.teams for name in _team(team))
    yield from _pools(scenario)
    yield from _demand(scenario)
    for promise in scenario.promises:
        yield f"promise {promise.clock}"
        yield from ["penalty"] * (promise.penalty > 0)
    if not all(plan.steps for plan in scenario.plans):
        yield "plan without steps"
    if len({*(s.zone for t in scenario.teams for s in t.shifts), *(c.hours.zone for c in scenario.channels)}) > 1:
        yield "two clocks of day"


def _when(**names: object) -> Iterator[str]:
    """The names of what is so; `_` stands for a blank and `__` for a hyphen."""
    return (name.replace("__", "-").replace("_", " ") for name, so in names.items() if so)


def _times(times: Times) -> Iterator[str]:
    yield from _when(
        run__out_until_empty=times.run_out_until_empty,
        run__out_with_demand=times.run_out_ticks and times.run_out_demand,
        run__out_without_demand=times.run_out_ticks and not times.run_out_demand,
        no_run__out=not times.run_out_ticks,
        warm__up=times.warm_up_ticks,
        two_days=times.length_days,
    )


def _channel(channel: Channel) -> Iterator[str]:
    yield f"{channel.kind}, {channel.concurrency} at once"
    yield f"at shift end {channel.at_shift_end}" if channel.kind == "deferred" else f"live {channel.at_shift_end}"
    if not channel.hours.always and channel.kind == "live":
        yield f"closing: {channel.at_close}"
    if channel.lines:
        yield f"{channel.lines} lines"
    if channel.waiting_room is not None:
        yield f"waiting room {channel.waiting_room}"
    for after in channel.after:
        yield f"after {after.outcome}"
        yield from _when(at_opening=after.at_opening, one_try=after.tries == 1, any_number_of_tries=after.tries is None)
    yield from _when(
        hours=not channel.hours.always, holidays=channel.hours.holidays, speeds=channel.speeds,
        last_chat=channel.last_chat, wait_limit=channel.wait_limit is not None, keeps_patience=channel.keeps_patience,
        interruptible=channel.interruptible,
    )  # fmt: skip
    for hour in channel.by_hour:
        yield from _when(
            work_by_hour=hour.work != 1, patience_by_hour=hour.patience != 1, resolves_by_hour=hour.resolves != 1
        )


def _queue(queue: Queue) -> Iterator[str]:
    yield from _when(
        several_steps=len(queue.teams) > 1,
        delays=queue.delays,
        first_step_later=queue.delays and queue.delays[0],
        delays_in_no_order=list(queue.delays) != sorted(queue.delays),
        bonus=queue.bonus,
        rate=queue.rate != 100,
        rate_0=queue.rate == 0,
        never_impatient=queue.patience == NEVER_LAW,
        wrap_up_of_its_own_law=queue.work.wrap_law,
    )
    yield from _law(queue.work.law)
    yield from _law(queue.patience)
    for each in queue.by_team:
        yield from _when(
            law_of_a_team=each.work != queue.work, resolves_of_a_team=each.resolves != queue.resolves,
            pace=each.pace != 1,
        )  # fmt: skip


def _law(law: Law) -> Iterator[str]:
    if law.from_forecast:
        yield "work from forecast"
    if law.kind not in ("constant", "never"):
        yield f"law {law.kind}"


def _pools(scenario: Scenario) -> Iterator[str]:
    picks = {team.name: team.pick for team in scenario.teams}
    for queue in scenario.queues:
        pools = [{picks[name] for name in pool} for pool in queue.teams if len(pool) > 1]
        yield from _when(pool=pools, pool_of_two_rules=any(len(rules) > 1 for rules in pools))


def _team(team: Team) -> Iterator[str]:
    people = team.agents if team.agents is not None else sum(shift.agents for shift in team.shifts)
    if team.heads is None:
        yield {0: "no agent", 1: "one agent"}.get(people, "several agents")
        yield "shifts" if team.shifts else "always present"
    yield f"pick {team.pick}"
    yield f"absence {team.absence:.0%}"
    if team.off_desk:
        yield f"blocks {team.off_desk:.0%}"
    if team.concurrency:
        yield "concurrency of a team"
    yield from _when(holds=any(team.holds), drains=any(team.drains))
    yield from _heads([heads for _, heads in team.heads or ()])
    for activity in team.activities:
        yield "works as" if activity.works_as else "off the desk"
    yield from (name for shift in team.shifts for name in _shift(shift))


def _heads(heads: list[int]) -> Iterator[str]:
    steps = [after - before for before, after in pairwise(heads)]
    yield from _when(
        heads=heads, heads_rise=any(s > 0 for s in steps), heads_fall=any(s < 0 for s in steps), heads_to_0=0 in heads
    )


def _shift(shift: Shift) -> Iterator[str]:
    yield from _when(
        shift_past_midnight=shift.end > DAY, weeks=shift.weeks != (1, 1), shift_from=shift.first,
        shift_until=shift.until, off_days=shift.off_days,
    )  # fmt: skip
    yield from ("break spread" if rest.latest > rest.earliest else "break at a time" for rest in shift.breaks)


def _demand(scenario: Scenario) -> Iterator[str]:
    busyness = scenario.busyness
    yield from _when(busyness=busyness.cv or busyness.cv_interval)
    for stream in scenario.streams:
        yield f"stream {stream.kind}"
        yield from _when(returns_within=stream.returns_within, volume=stream.volume != 1)
    yield from _when(
        customers=any(segment.customers for segment in scenario.segments),
        several_plans=any(len(segment.plans) > 1 for segment in scenario.segments),
        asks=any(plan.asks < 1 for plan in scenario.plans),
        issues_of_a_plan=any(plan.issues != 1 for plan in scenario.plans),
        feedback=scenario.experience is not None and scenario.experience.feedback,
        thinned=any(thin.share < 1 for thin in scenario.thinned),
        taken_away=any(thin.share == 1 for thin in scenario.thinned),
        filler_taken_away=any(
            thin.share == 1 and stream.kind == "endless" and thin.name in (stream.segment, stream.topic, stream.channel)
            for thin in scenario.thinned
            for stream in scenario.streams
        ),
    )
