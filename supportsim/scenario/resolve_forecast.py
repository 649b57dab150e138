"""What a forecast probably leaves out by mistake, and handle times in it that look wrong."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from supportsim.scenario.business_clock import merged, without
from supportsim.scenario.laws import mean, span
from supportsim.scenario.model import Calendar, Cells, Channel, Scenario, Stream
from supportsim.scenario.offers import plans_of
from supportsim.scenario.resolve_cover import LONG_LIVE, SHORT_LIVE
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.ticks import DAY, clock
from supportsim.scenario.timeline import timeline_of
from supportsim.scenario.units import WEEKDAYS

Gap = tuple[int, int]  # ticks since local midnight
MOST_NAMED = 3


def forecasts(desk: Desk, scenario: Scenario) -> None:
    """Note what looks wrong in the forecasts of live channels."""
    for stream in scenario.streams:
        each = desk.human.demand.get(stream.name)
        channel = _live_channel(scenario, stream)
        if each is None or stream.cells is None or channel is None:
            continue
        _handle_time(desk, scenario, stream, stream.cells, channel)
        if each.forecast is not None:
            (_weekdays_outside if stream.cells.repeats else _outside)(desk, scenario, stream, each.forecast)
        if each.forecast is not None and each.gaps is None and channel.hours.zone == stream.zone:
            for note in _missing(scenario, stream, stream.cells, channel):
                desk.note(f"{each.forecast} {note}, but {channel.name} is open; write 0 if nobody comes")


def _live_channel(scenario: Scenario, stream: Stream) -> Channel | None:
    """The live channel at which all issues of `stream` begin; None if there is none."""
    firsts = {
        next((step.channel for step in plan.steps if step.share >= 1), None)
        for plan, _ in plans_of(scenario, stream.segment)
    }
    name = stream.channel or (firsts.pop() if len(firsts) == 1 else None)
    return next((each for each in scenario.channels if each.name == name and each.kind == "live"), None)


def _handle_time(desk: Desk, scenario: Scenario, stream: Stream, cells: Cells, channel: Channel) -> None:
    """Note a mean handle time out of a forecast that is hardly one of a live channel."""
    total = sum(cells.counts)
    if not cells.aht or not total:
        return
    aht = sum(count * each for count, each in zip(cells.counts, cells.aht, strict=True)) / total
    for queue in scenario.queues:
        own = (queue.channel, queue.segment, queue.topic) == (channel.name, stream.segment, stream.topic)
        if own and queue.work.law.from_forecast:
            worked = aht * mean(queue.work.law)
            if not SHORT_LIVE <= worked <= LONG_LIVE:
                desk.note(f"demand.{stream.name}: a handle time of {span(worked)} on average: is aht_s in seconds?")
            return


def _outside(desk: Desk, scenario: Scenario, stream: Stream, file: str) -> None:
    """Note rows of days that are not played: a longer file is no fault, a day forgotten in `length` is one."""
    assert stream.cells is not None
    played = {day.toordinal() for day, _ in timeline_of(scenario.times).days(stream.zone)}
    unused = [row for row in stream.cells.days if row not in played]
    if unused:
        dates = f"{date.fromordinal(min(unused))} to {date.fromordinal(max(unused))}"
        desk.note(f"{file}: {len(unused)} of {len(stream.cells.days)} rows, {dates}, are not played: see start, length")


def _weekdays_outside(desk: Desk, scenario: Scenario, stream: Stream, file: str) -> None:
    """Note weekdays with calls that are not played: a week pasted over the one day of a starter."""
    assert stream.cells is not None
    played = {day.weekday() for day, _ in timeline_of(scenario.times).days(stream.zone)}
    rows = zip(stream.cells.days, stream.cells.counts, strict=True)
    unused = sorted({day for day, count in rows if count and day not in played})
    if unused:
        names = ", ".join(WEEKDAYS[day] for day in unused)
        desk.note(f"{file}: its {names} {'is' if len(unused) == 1 else 'are'} not played: see start, length")


def _missing(scenario: Scenario, stream: Stream, cells: Cells, channel: Channel) -> list[str]:
    """Open times before the first and after the last row of the days that have rows, alike ones together."""
    timeline = timeline_of(scenario.times)
    until = timeline.end if scenario.times.run_out_demand else timeline.counted_to
    listed: dict[int, Gap] = {}
    for row, begin in zip(cells.days, cells.starts, strict=True):  # rows rise in time
        listed[row] = (listed[row][0] if row in listed else begin, begin + cells.cell)
    found: dict[Gap, list[date]] = defaultdict(list)
    for day, midnight in timeline.days(stream.zone):
        covered = listed.get(day.weekday() if cells.repeats else day.toordinal())
        if midnight >= until or covered is None:
            continue
        played = (max(0, -midnight), min(DAY, until - midnight))
        for begin, end in without(_open(channel.hours, day), [covered]):
            if max(begin, played[0]) < min(end, played[1]):
                found[max(begin, played[0]), min(end, played[1])].append(day)
    words = [f"has no row for {clock(a)}-{clock(b)}{_when(days)}" for (a, b), days in found.items()]
    if len(words) > MOST_NAMED:
        words[MOST_NAMED - 1 :] = [f"{words[MOST_NAMED - 1]} and for {len(words) - MOST_NAMED} other times"]
    return words


def _open(calendar: Calendar, day: date) -> list[Gap]:
    """When a calendar is open on a date, within that date."""
    if calendar.always:
        return [(0, DAY)]
    if day in calendar.holidays:
        return []
    evening, own = calendar.days[day.weekday() - 1], calendar.days[day.weekday()]
    late = [(0, end - DAY) for _, end in evening if end > DAY]
    return merged([*late, *((begin, min(end, DAY)) for begin, end in own)])


def _when(days: list[date]) -> str:
    return f" on {days[0]}" if len(days) == 1 else f" on {len(days)} days, {days[0]} the first"
