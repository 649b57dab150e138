"""Hours in which a line is open with nobody on shift, and more work than there are hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supportsim.scenario.laws import mean, span
from supportsim.scenario.model import Channel, Queue, Scenario, Team
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND, WEEK
from supportsim.scenario.units import WEEKDAYS

Spans = list[tuple[int, int]]  # ticks of a week from Monday 00:00, sorted, disjoint
MOST_NAMED = 3
SHORT_LIVE, LONG_LIVE = 15 * SECOND, 2 * HOUR  # mean handle times beyond these are hardly meant where people wait


def uncovered(desk: Desk, scenario: Scenario) -> None:
    """Note open hours of live channels without anybody on shift (where everything is in one zone)."""
    for channel in scenario.channels:
        queues = [queue for queue in scenario.queues if queue.channel == channel.name]
        names = {name for queue in queues for pool in queue.teams for name in pool}
        teams = [team for team in scenario.teams if team.name in names]
        same_zone = all(shift.zone == channel.hours.zone for team in teams for shift in team.shifts)
        if channel.kind != "live" or not teams or any(team.agents for team in teams) or not same_zone:
            continue
        gaps = minus(_open(channel), _present(teams))
        if gaps:
            hours = sum(end - begin for begin, end in gaps) / HOUR
            named = ", ".join(_words(gap) for gap in gaps[:MOST_NAMED]) + (", …" if len(gaps) > MOST_NAMED else "")
            desk.note(f"channels.{channel.name}: open {hours:g} h a week with nobody on shift: {named}")


def _open(channel: Channel) -> Spans:
    if channel.hours.always:
        return [(0, WEEK)]
    return joined(
        [(day * DAY + a, day * DAY + b) for day, windows in enumerate(channel.hours.days) for a, b in windows]
    )


def _present(teams: Sequence[Team]) -> Spans:
    shifts = [shift for team in teams for shift in team.shifts if shift.agents]
    return joined([(day * DAY + s.begin, day * DAY + s.end) for s in shifts for day in s.weekdays])


def joined(spans: Spans) -> Spans:
    """Spans wrapped into one week, sorted, with touching ones joined."""
    cut = [(begin, min(end, WEEK)) for begin, end in spans] + [(0, end - WEEK) for _, end in spans if end > WEEK]
    found: Spans = []
    for begin, end in sorted(cut):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def minus(spans: Spans, taken: Spans) -> Spans:
    """What of `spans` lies in none of `taken`."""
    found: Spans = []
    for begin, end in spans:
        for a, b in taken:
            if a >= end or b <= begin:
                continue
            if a > begin:
                found.append((begin, a))
            begin = max(begin, b)
        if begin < end:
            found.append((begin, end))
    return found


def _words(gap: tuple[int, int]) -> str:
    def time(ticks: int) -> str:
        minutes = ticks // MINUTE
        return f"{minutes // 60:02}:{minutes % 60:02}"

    begin, end = gap
    first, last = begin // DAY, (end - 1) // DAY
    if first == last:
        return f"{WEEKDAYS[first]} {time(begin % DAY)}-{time(end - first * DAY)}"
    return f"{WEEKDAYS[first]} {time(begin % DAY)} to {WEEKDAYS[last]} {time(end - last * DAY)}"


def implausible(desk: Desk, scenario: Scenario) -> None:
    """Note durations that are probably in the wrong unit."""
    for queue in scenario.queues:
        law = queue.work.law
        live = next(each.kind for each in scenario.channels if each.name == queue.channel) == "live"
        if not law.from_forecast and (mean(law) < (SHORT_LIVE if live else SECOND) or (live and mean(law) > LONG_LIVE)):
            desk.note(f"channels.{queue.channel}: a handle time of {span(mean(law))} on average: is the unit right?")
    for promise in scenario.promises:
        if promise.clock == "answer" and promise.limit > HOUR:
            desk.note(f"promises.{promise.name}: answered within {span(promise.limit)}: is the unit right?")


def overload(desk: Desk, scenario: Scenario, offered: Sequence[float]) -> None:
    """Note first contacts that hold more work than the teams have hours, where nobody gives up.

    `offered`: expected issues per stream.  Rough: work at the first channel, hours of the roster in one week.
    """
    if any(queue.patience.kind != "never" for queue in scenario.queues):
        return
    if any(channel.lines is not None or channel.waiting_room is not None for channel in scenario.channels):
        return
    times = scenario.times
    ticks = (times.length_days + times.warm_up_days) * DAY + times.length_ticks + times.warm_up_ticks
    if times.run_out_demand:
        ticks += times.run_out_days * DAY + times.run_out_ticks
    weeks = ticks / WEEK
    hands = max([channel.concurrency for channel in scenario.channels], default=1)
    work: dict[frozenset[str], float] = {}  # by the teams that may do it
    for stream, count in zip(scenario.streams, offered, strict=True):
        for queue, each in _first_work(scenario, stream.segment, stream.topic, stream.channel):
            teams = frozenset(name for step in queue.teams for name in step)
            work[teams] = work.get(teams, 0.0) + count * each
    everybody = frozenset(team.name for team in scenario.teams)
    for group in (everybody, *sorted(work.keys() - {everybody}, key=sorted)):
        load = sum(amount for teams, amount in work.items() if teams <= group)
        hours = hands * weeks * sum(_week_of(team) for team in scenario.teams if team.name in group)
        if load >= hours * (1 - 1e-9) > 0:
            who = "teams have" if group == everybody else f"who may do it ({', '.join(sorted(group))}) have"
            desk.note(f"first contacts hold {load / HOUR:.0f} h of work, {who} {hours / HOUR:.0f} h: queues will grow")
            return


def _first_work(scenario: Scenario, segment: str, topic: str, channel: str | None) -> Iterator[tuple[Queue, float]]:
    """Queues an issue may meet first, and the ticks of work it brings there on average."""
    plan = next((each.plan for each in scenario.segments if each.name == segment), None)
    steps = next((each.steps for each in scenario.plans if each.name == plan), ())
    shares = {channel: 1.0} if channel else {step.channel: step.share for step in steps}
    for queue in scenario.queues:
        if _is(queue, segment, topic):
            yield queue, shares.get(queue.channel, 0.0) * _work(queue)


def _is(queue: Queue, segment: str, topic: str) -> bool:
    return (queue.segment, queue.topic) == (segment, topic)


def _work(queue: Queue) -> float:
    if queue.work.law.from_forecast:
        return 0.0
    wrap = mean(queue.work.wrap_law) if queue.work.wrap_law is not None and not queue.work.wrap_inside else 0.0
    return mean(queue.work.law) + wrap


def _week_of(team: Team) -> float:
    if team.agents is not None:
        return float(team.agents * WEEK)
    return float(sum(s.agents * len(s.weekdays) * (s.end - s.begin) for s in team.shifts))
