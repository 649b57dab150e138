"""Who is on shift when: people, their spans of presence and the breaks inside them.

**Spreading a break.**  A break `between a and b` of length d may begin at any 5-minute mark of the wall clock
(a multiple of 5 minutes since local midnight) from a up to b - d.  The m marks are cut into n equal parts
for the n agents of the shift line, and agent i = 0, 1, ... takes the mark in the middle of his part: mark
floor((2 i + 1) m / (2 n)).  So the first and the last agent lie alike far from the ends, nobody's mark is
before an earlier agent's, and with more agents than marks every mark gets the same number up to one.  A
window without a mark begins at a.

**Several breaks.**  Those of one agent are put in order of their due ticks (ties: as declared); one that
falls due while an earlier one lasts becomes due when that one is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from supportsim.scenario.model import Break, Scenario, Shift
from supportsim.scenario.ticks import DAY, MINUTE
from supportsim.scenario.timeline import Timeline

MARK = 5 * MINUTE


class Agent(NamedTuple):
    """One person.  `team` and `shift` are indices (shift -1: always present, or of heads), `position` is 0-based."""

    team: int
    shift: int
    position: int
    name: str


class Rest(NamedTuple):
    """A break of `length` ticks that falls due at tick `due`."""

    due: int
    length: int
    paid: bool


class Span(NamedTuple):
    """Agent `agent` (index) is on shift in [begin, end); `date` is the local day on which this begins."""

    agent: int
    date: date
    begin: int
    end: int
    rests: tuple[Rest, ...]


def agents(scenario: Scenario) -> tuple[Agent, ...]:
    """Everybody, by team, shift line, position as declared; names like `frontline/early/3` count from 1.

    The name is the identity: adding an agent to one shift line renames nobody else.  A team with heads has as many
    anonymous agents as its curve's largest number, `frontline/heads/3`.
    """
    found: list[Agent] = []
    for t, team in enumerate(scenario.teams):
        found += [Agent(t, -1, p, f"{team.name}/{p + 1}") for p in range(team.agents or 0)]
        most = max((number for _, number in team.heads or ()), default=0)
        found += [Agent(t, -1, p, f"{team.name}/heads/{p + 1}") for p in range(most)]
        for s, shift in enumerate(team.shifts):
            found += [Agent(t, s, p, f"{team.name}/{shift.name}/{p + 1}") for p in range(shift.agents)]
    return tuple(found)


def shifts(scenario: Scenario, timeline: Timeline) -> tuple[Span, ...]:
    """Every agent-day that touches [0, end), sorted by (agent, begin): one span per person and rostered date.

    Begins are clipped to 0, ends are not clipped.  Who is always present has the one span [0, end).  The agents of
    heads have none: the curve says how many there are, and who comes and goes is found in play.
    """
    found: list[Span] = []
    known: dict[tuple[int, int], list[tuple[date, int, int, tuple[tuple[Rest, ...], ...]]]] = {}
    for number, agent in enumerate(agents(scenario)):
        if scenario.teams[agent.team].heads is not None:
            continue
        if agent.shift < 0:
            found.append(Span(number, timeline.local(0).date(), 0, timeline.end, ()))
            continue
        line = (agent.team, agent.shift)
        if line not in known:
            known[line] = list(_line(scenario.teams[agent.team].shifts[agent.shift], timeline))
        own = [
            Span(number, day, begin, end, rests[agent.position])
            for day, begin, end, rests in known[line]
            if begin < timeline.end and end > 0
        ]
        found += [_clipped(span) for span in sorted(own, key=lambda span: span.begin)]
    return tuple(found)


def spans(scenario: Scenario, timeline: Timeline) -> tuple[Span, ...]:
    """The same with touching and overlapping agent-days of one person as one span, dated by its first day."""
    found: list[Span] = []
    for _, own in groupby(shifts(scenario, timeline), key=lambda span: span.agent):
        found += joined(list(own))
    return tuple(found)


def paid_ticks(span: Span, begin: int = 0, end: int | None = None) -> int:
    """Rostered paid ticks of a span inside [begin, end): its length there less its unpaid breaks there."""
    return _without(span, [rest for rest in span.rests if not rest.paid], begin, end)


def present_ticks(span: Span, begin: int = 0, end: int | None = None) -> int:
    """Ticks of a span inside [begin, end) less all its breaks there, as rostered."""
    return _without(span, span.rests, begin, end)


def _without(span: Span, rests: Sequence[Rest], begin: int, end: int | None) -> int:
    """Ticks of a span inside [begin, end) less those of `rests` there."""
    begin, end = max(begin, span.begin), span.end if end is None else min(end, span.end)
    away = sum(max(0, min(rest.due + rest.length, end) - max(rest.due, begin)) for rest in rests)
    return max(0, end - begin - away)


def _line(shift: Shift, timeline: Timeline) -> Iterator[tuple[date, int, int, tuple[tuple[Rest, ...], ...]]]:
    """(date, begin, end, rests of each position) of a shift line on every date that can touch [0, end)."""
    begins = [[break_begin(rest, n, shift.agents) for rest in shift.breaks] for n in range(shift.agents)]
    for day, begin, end in workdays(shift, timeline):
        yield day, begin, end, _rests(shift, begins, day, timeline)


def workdays(shift: Shift, timeline: Timeline) -> Iterator[tuple[date, int, int]]:
    """(date, begin, end) of a shift line on every date that can touch [0, end)."""
    days = timeline.days(shift.zone)
    early = [days[0][0] - timedelta(days=n) for n in range(shift.end // DAY, 0, -1)] if days else []
    for day in [*early, *(day for day, _ in days)]:
        if works_on(shift, day, timeline.times.start):
            begin = timeline.tick(day, shift.begin, shift.zone)
            end = timeline.tick(day, shift.end, shift.zone)
            if begin < end:
                yield day, begin, end


def works_on(shift: Shift, day: date, start: date) -> bool:
    """Whether a shift begins on a date; `start` is the first counted one, from whose week `weeks` count by default."""
    if day.weekday() not in shift.weekdays or day in shift.off_days:
        return False
    if (shift.first is not None and day < shift.first) or (shift.until is not None and day >= shift.until):
        return False
    return in_week(shift, week_of(day), start)


def in_week(shift: Shift, week: int, start: date) -> bool:
    """Whether a calendar week (as week_of) is one of those of a shift; `start` is the first counted date."""
    own, every = shift.weeks
    return (week - week_of(shift.first or start)) % every == own - 1


def week_of(day: date) -> int:
    """The number of the calendar week (Monday to Sunday) of a date; ordinal 1 was a Monday."""
    return (day.toordinal() - 1) // 7


def _rests(
    shift: Shift, begins: Sequence[Sequence[int]], day: date, timeline: Timeline
) -> tuple[tuple[Rest, ...], ...]:
    """The breaks of every position of a shift line on one day; `begins`: by the clock, of each position."""
    marks = {begin for own in begins for begin in own}  # many agents share few
    ticks = {begin: timeline.tick(day, begin, shift.zone) for begin in marks}
    return tuple(
        _in_turn([Rest(ticks[begin], rest.length, rest.paid) for begin, rest in zip(own, shift.breaks, strict=True)])
        for own in begins
    )


def break_begin(rest: Break, position: int, agents_of_line: int) -> int:
    """When the break of the agent at `position` falls due, in wall-clock ticks since local midnight."""
    if rest.latest <= rest.earliest:
        return rest.earliest
    first = -(-rest.earliest // MARK)
    marks = (rest.latest - rest.length) // MARK - first + 1
    if marks <= 0:
        return rest.earliest
    return (first + (2 * position + 1) * marks // (2 * agents_of_line)) * MARK


def _in_turn(rests: list[Rest]) -> tuple[Rest, ...]:
    """The breaks in due order, each due at the end of the one before at the earliest."""
    if len(rests) < 2:
        return tuple(rests)
    found: list[Rest] = []
    for rest in sorted(rests, key=lambda rest: rest.due):
        over = found[-1].due + found[-1].length if found else rest.due
        found.append(rest._replace(due=max(rest.due, over)))
    return tuple(found)


def joined(own: list[Span]) -> list[Span]:
    """Touching and overlapping spans of one agent as one."""
    found: list[Span] = []
    for span in sorted(own, key=lambda span: span.begin):
        last = found[-1] if found else None
        if last is None or span.begin > last.end:
            found.append(span)
        else:
            rests = _in_turn([*last.rests, *span.rests])
            found[-1] = last._replace(end=max(last.end, span.end), rests=rests)
    return found


def _clipped(span: Span) -> Span:
    """The span from tick 0 on; a break that began before lasts for what is left of it."""
    if span.begin >= 0:
        return span
    ends = [(rest, rest.due + rest.length) for rest in span.rests]
    rests = tuple(Rest(max(0, rest.due), end - max(0, rest.due), rest.paid) for rest, end in ends if end > 0)
    return span._replace(begin=0, rests=rests)
