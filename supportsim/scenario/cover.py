"""When anybody at all is there for a team, as rostered: shifts, heads, and who works as another team.

What engine and `check` find agent by agent is found here by shift lines: of an activity the first so many of a line
go, so who does what is a set of positions, kept as the bits of an integer.  The rule is that of activities.moves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import NamedTuple

from supportsim.scenario.activities import hours_on
from supportsim.scenario.business_clock import merged, without
from supportsim.scenario.frozen import frozen
from supportsim.scenario.model import Activity, Scenario, Team
from supportsim.scenario.roster import workdays
from supportsim.scenario.timeline import Timeline

Spans = list[tuple[int, int]]  # half-open, in ticks since the begin of play


@frozen
class Cover:
    """Per team, sorted and disjoint: when own people are on shift, and when anybody works for it."""

    on_shift: dict[str, Spans]
    there: dict[str, Spans]


class _Away(NamedTuple):
    """The positions `who` (bits) of a shift line do something else in [begin, end): for `team`, None off the desk."""

    begin: int
    end: int
    team: str | None
    who: int


class _Line:
    """A shift line: its agent-days in play, the same with touching ones as one, and who is away when."""

    def __init__(self, agents: int, days: Spans) -> None:
        self.agents, self.days, self.whole = agents, sorted(days), merged(days)
        self.away: list[_Away] = []
        self.today: list[_Away] = []  # moves of one day to other teams, with the whole hours of their activities

    def send(self, activity: Activity, hours: tuple[int, int], most: int) -> int:
        """The first so many of those on shift when the hours begin go; returns how many."""
        begin, end = hours
        until = self._until(begin)
        if until is None or most <= 0:
            return 0
        count = min(most, self.agents)
        who = (1 << count) - 1
        if activity.works_as is not None:  # of two overlapping moves the later declared has nobody of the first
            who &= ~_union(each.who for each in self.today if each.begin < end and begin < each.end)
            self.today.append(_Away(begin, end, activity.works_as, who))
        self.away.append(_Away(begin, min(end, until), activity.works_as, who))
        return count

    def _until(self, tick: int) -> int | None:
        """When those go home who are on shift at a tick; None where nobody is."""
        day = bisect_right(self.days, tick, key=lambda each: each[0]) - 1
        if day < 0 or self.days[day][1] <= tick:
            return None
        return self.whole[bisect_right(self.whole, tick, key=lambda each: each[0]) - 1][1]


def cover(scenario: Scenario, timeline: Timeline) -> Cover:
    """Presence in [0, end of play), without breaks and absence; an agent off the desk is not there."""
    on_shift: dict[str, Spans] = {}
    there: dict[str, Spans] = {team.name: [] for team in scenario.teams}
    for team in scenario.teams:
        lines = _lines(team, timeline)
        _send(team, lines, timeline)
        own = _unrostered(team, timeline)
        on_shift[team.name] = merged([*own, *(span for line in lines for span in line.whole)])
        there[team.name] += own
        for line in lines:
            for name, spans in _at_work(team.name, line):
                there[name] += spans
    return Cover(on_shift, {name: merged(spans) for name, spans in there.items()})


def _unrostered(team: Team, timeline: Timeline) -> Spans:
    """When somebody of those who are always present, or of a curve of heads, is there."""
    if team.agents:
        return [(0, timeline.end)]
    heads = [(at + timeline.counted_from, number) for at, number in team.heads or ()]
    return [(at, to) for (at, number), (to, _) in pairwise([*heads, (timeline.end, 0)]) if number]


def _lines(team: Team, timeline: Timeline) -> list[_Line]:
    """The shift lines that hold anybody, in the order of the roster."""
    found = []
    for shift in team.shifts:
        if shift.agents:
            days = [(max(0, begin), end) for _, begin, end in workdays(shift, timeline)]
            found.append(_Line(shift.agents, [(a, b) for a, b in days if a < min(b, timeline.end)]))
    return found


def _send(team: Team, lines: Sequence[_Line], timeline: Timeline) -> None:
    """Note in each line who of it is away when."""
    for day, _ in timeline.days(team.zone) if team.activities else ():
        for line in lines:
            line.today.clear()
        for activity in team.activities:
            hours = hours_on(activity, day, team.zone, timeline)
            left = activity.agents if hours[0] < hours[1] else 0
            for line in lines:
                left -= line.send(activity, hours, left)


def _at_work(team: str, line: _Line) -> Iterator[tuple[str, Spans]]:
    """(team, spans) at which somebody of a line of `team` works for a team."""
    everybody = (1 << line.agents) - 1
    missing: Spans = []
    for begin, end, on in _pieces(line.away):
        off = _union(each.who for each in on if each.team is None)
        if _union(each.who for each in on) == everybody:
            missing.append((begin, end))
        yield from ((each.team, [(begin, end)]) for each in on if each.team is not None and each.who & ~off)
    yield team, without(line.whole, merged(missing))


def _pieces(away: Sequence[_Away]) -> Iterator[tuple[int, int, list[_Away]]]:
    """(begin, end, what is going on) between any two bounds."""
    left = deque(sorted(away, key=lambda each: each.begin))
    on: list[_Away] = []
    for begin, end in pairwise(sorted({bound for each in away for bound in (each.begin, each.end)})):
        while left and left[0].begin <= begin:
            on.append(left.popleft())
        on = [each for each in on if each.end > begin]
        yield begin, end, on


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
