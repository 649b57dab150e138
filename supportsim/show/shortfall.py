"""Intervals in which fewer agents are present than Erlang asks for, the worst first; without simulating."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import compress

from supportsim.scenario.frozen import frozen
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, WEEK
from supportsim.scenario.timeline import Timeline
from supportsim.show.peaks import Line, serving
from supportsim.show.staffing import Staffing

#: Of less than that an agent nobody speaks; sums of presence are rounded by far less.
_LEAST = 0.05
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Slot = tuple[int, int]  # weekday (or date), ticks since midnight by the clock


@frozen
class Short:
    """An interval that is short, in the worst of the weeks: agents needed and present, and in how many weeks it is."""

    when: str
    needed: float
    present: float
    weeks: int
    of_weeks: int

    @property
    def lacking(self) -> float:
        return self.needed - self.present


@frozen
class Shortfall:
    """All short intervals of a live channel, worst first; `agent_hours` lacking per period."""

    channel: str
    promise: str
    limit: int  # ticks
    share: float
    patient: bool  # somebody waits for ever: Erlang C, else A
    interval: int  # ticks
    short: tuple[Short, ...]
    intervals: int  # with contacts, as told: of all weeks together where they are told together
    agent_hours: float
    beside: tuple[str, ...]  # other channels that the same agents serve


def shortfalls(
    scenario: Scenario, timeline: Timeline, live: Sequence[Line], people: Staffing, scale: float
) -> Iterator[Shortfall]:
    """Of each live channel whose promise some number of agents keeps; `scale`: from counted time to a period."""
    whens = slots(timeline, live[0].edges) if live else []
    for line in live:
        if line.promise is None:
            continue
        there = people.present_in(line.teams, line.edges)
        lacking = list(_lacking(line, there))
        if any(math.isinf(needed) for needed in lacking):
            continue  # the peak says so
        busy = [count > 0 for count in line.contacts]
        ticks = (
            max(0.0, n - p) * (b - a) for n, p, a, b in zip(lacking, there, line.edges, line.edges[1:], strict=False)
        )
        yield Shortfall(
            line.channel,
            line.promise.name,
            line.promise.limit,
            line.promise.share,
            math.inf in line.patience,
            scenario.interval,
            tuple(_short(whens, busy, lacking, there, timeline)),
            len(set(compress(whens, busy))),
            sum(ticks) * scale / HOUR,
            _beside(scenario, line),
        )


def _lacking(line: Line, there: list[float]) -> Iterator[float]:
    """Agents needed in each interval where too few are there, 0 elsewhere; what was asked before is not asked again."""
    known: dict[tuple[float, ...], float] = {}
    for i, present in enumerate(there):
        if not line.contacts[i]:
            yield 0.0
            continue
        rate, service = line.asked(i)
        heads = math.floor(present + 1e-9)
        key = (round(rate * service, 9), round(service), line.patience[i], heads)
        if key not in known:
            by_a = not math.isinf(line.patience[i])
            known[key] = 0.0 if line.enough(i, heads) else line.heads(i, by_a) or 0.0
        yield known[key]


def slots(timeline: Timeline, edges: tuple[int, ...]) -> list[Slot]:
    """Weekday and hour of each interval, where a week or less is counted the date (as an ordinal) and hour."""
    dated = edges[-1] - edges[0] <= WEEK + HOUR
    days = timeline.days_between(edges[0], edges[-1])
    found: list[Slot] = []
    for (day, midnight), (_, following) in zip(days, [*days[1:], (None, edges[-1])], strict=True):
        plain = timeline.tick(day, DAY) - midnight == DAY
        while len(found) < len(edges) - 1 and edges[len(found)] < following:
            at = edges[len(found)]
            local = None if plain else timeline.local(at)
            clock = at - midnight if local is None else local.hour * HOUR + local.minute * MINUTE
            found.append((day.toordinal() if dated else day.weekday(), clock))
    return found


def _short(
    whens: list[Slot], busy: list[bool], needed: list[float], there: list[float], timeline: Timeline
) -> list[Short]:
    """A row for each slot that is short in some week, the worst first."""
    worst: dict[Slot, int] = {}
    weeks: dict[Slot, int] = {}
    of: dict[Slot, int] = {}
    for i in compress(range(len(whens)), busy):
        slot, lacking = whens[i], needed[i] - there[i]
        of[slot] = of.get(slot, 0) + 1
        if lacking >= _LEAST:
            weeks[slot] = weeks.get(slot, 0) + 1
            if slot not in worst or lacking > needed[worst[slot]] - there[worst[slot]] + 1e-9:
                worst[slot] = i
    found = [(slot, Short(_told(slot), needed[i], there[i], weeks[slot], of[slot])) for slot, i in worst.items()]
    return [short for _, short in sorted(found, key=lambda each: (-round(each[1].lacking, 6), each[0]))]


def _told(slot: Slot) -> str:
    """`Sun 11 Jan 16:00`, or of weeks told together `Sun 16:00`."""
    minutes = slot[1] // MINUTE
    day = f"{date.fromordinal(slot[0]):%a %d %b}" if slot[0] >= len(DAYS) else DAYS[slot[0]]
    return f"{day} {minutes // 60:02d}:{minutes % 60:02d}"


def _beside(scenario: Scenario, line: Line) -> tuple[str, ...]:
    others = (channel.name for channel in scenario.channels if channel.name != line.channel)
    return tuple(name for name in others if set(serving(scenario, name)) & set(line.teams))
