"""Hours of people, computed without simulating: rostered, paid, present, and the shrinkage between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from supportsim.measure.heads import people
from supportsim.measure.leave import with_leave
from supportsim.scenario.activities import Move
from supportsim.scenario.frozen import frozen
from supportsim.scenario.model import Scenario, Team
from supportsim.scenario.roster import Agent, Span, agents, paid_ticks, present_ticks, shifts, spans
from supportsim.scenario.ticks import HOUR
from supportsim.scenario.timeline import Timeline
from supportsim.show.stints import stints

#: The team worked as (empty: off the desk) and hours of it, between breaks and before absence.
Named = tuple[str, float]


@frozen
class TeamHours:
    """Hours of one team per period; whoever works as another team is counted with his own.

    rostered: on shift, breaks included.  paid: rostered less unpaid breaks, with leave on top.  present:
    rostered less all breaks, activities off the desk, absence and other time off the desk, as means.
    """

    team: str
    heads: int  # people; of a curve of heads the most there ever are
    rostered: float
    paid: float
    present: float
    leave: float  # the shares of paid time that planners add up
    absence: float
    off_desk: float
    paid_breaks: float
    activities: float  # off the desk at stated hours
    varies: bool = False  # weeks differ: hours per week are a mean over counted time
    curve: bool = False  # anonymous heads
    stints: tuple[Named, ...] = ()
    unpaid_breaks_h: float = 0.0  # what lies between rostered and paid, and between rostered and present, in hours
    paid_breaks_h: float = 0.0
    activities_h: float = 0.0
    absent_h: float = 0.0
    off_desk_h: float = 0.0
    leave_h: float = 0.0
    lent: float = 0.0  # of present: hours at work as another team ...
    borrowed: float = 0.0  # ... and hours of others at work as this one, not in present

    @property
    def serving(self) -> float:
        """Hours of agents present who take the work of this team."""
        return self.present - self.lent + self.borrowed

    @property
    def added(self) -> float:
        """Shrinkage as the sum of its parts."""
        return self.leave + self.absence + self.off_desk + self.paid_breaks + self.activities

    @property
    def product(self) -> float:
        """Shrinkage as 1 - the product of what each part leaves; breaks and activities never overlap."""
        left = (1 - self.leave) * (1 - self.absence) * (1 - self.off_desk)
        return 1 - left * (1 - self.paid_breaks - self.activities)


@frozen
class Staffing:
    """Everybody's spans, and the hours of each team (by team index)."""

    scenario: Scenario
    people: tuple[Agent, ...]
    spans: tuple[Span, ...]
    stints: tuple[Move, ...]
    window: tuple[int, int]  # counted time, ticks
    at_desk: tuple[float, ...]  # per team: share of time between breaks spent at the desk
    teams: tuple[TeamHours, ...]

    def present(self, teams: Sequence[int], begin: int, end: int) -> float:
        """Mean number of agents at the desk in [begin, end) who work for one of `teams`."""
        ticks: float = sum(sum(n * (b - a) for a, b, n in self.curve(t, begin, end)) for t in teams)
        for span in self.spans:
            team = self.people[span.agent].team
            if team in teams and span.begin < end and span.end > begin:
                ticks += present_ticks(span, begin, end) * self.at_desk[team]
        for stint, there in self.away(begin, end):
            team = self.people[stint.agent].team
            ticks += there * self.at_desk[team] * ((stint.team in teams) - (team in teams))
        return ticks / (end - begin)

    def present_in(self, teams: Sequence[int], edges: Sequence[int]) -> list[float]:
        """`present` in each interval between `edges`."""
        found = [0.0] * (len(edges) - 1)
        for t in range(len(self.scenario.teams)):
            curve = self.curve(t, edges[0], edges[-1]) if t in teams else ()
            for steps, weight in ((self._between_breaks(t, teams), self.at_desk[t]), (_steps(curve), 1.0)):
                for i, ticks in enumerate(_areas(steps, edges) if steps else ()):
                    found[i] += ticks * weight / (edges[i + 1] - edges[i])
        return found

    def _between_breaks(self, own: int, teams: Sequence[int]) -> dict[int, int]:
        """Where the number of people of team `own` between breaks changes who work for one of `teams`, and by how much.

        Whoever is sent to another team counts there.
        """
        pieces: list[tuple[int, int, int]] = []
        for span in self.spans if own in teams else ():
            if self.people[span.agent].team == own:
                pieces += _pieces(span, span.begin, span.end, 1)
        for stint, span in self._sent():
            change = (stint.team in teams) - (own in teams)
            if change and self.people[stint.agent].team == own:
                pieces += _pieces(span, stint.begin, stint.end, change)
        return _steps(pieces)

    def _sent(self) -> Iterator[tuple[Move, Span]]:
        """Each stint and the span in which it lies."""
        by_agent: dict[int, list[Span]] = {}
        for span in self.spans if self.stints else ():
            by_agent.setdefault(span.agent, []).append(span)
        for stint in self.stints:
            own = by_agent[stint.agent]
            yield stint, own[bisect_right(own, stint.begin, key=lambda each: each.begin) - 1]

    def away(self, begin: int, end: int) -> Iterator[tuple[Move, int]]:
        """Stints that touch [begin, end), and the ticks of each between breaks."""
        for stint, span in self._sent():
            low, high = max(begin, stint.begin), min(end, stint.end)
            if low < high:
                yield stint, present_ticks(span, low, high)

    def curve(self, team: int, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """(begin, end, heads) of the pieces of a team's curve of heads inside [begin, end); none for other teams."""
        heads = self.scenario.teams[team].heads or ()
        until = [at for at, _ in heads[1:]] + [end - self.window[0]]
        for (at, n), to in zip(heads, until, strict=True) if heads else ():
            low, high = max(at + self.window[0], begin), min(to + self.window[0], end)
            if low < high:
                yield low, high, n

    def on_shift(self, team: int) -> Iterator[tuple[int, int, int]]:
        """(begin, end, people on shift who work for `team`) over counted time, as rostered, where it is constant."""
        steps: dict[int, int] = dict.fromkeys(self.window, 0)
        for begin, end, change in self._changes(team):
            low, high = max(begin, self.window[0]), min(end, self.window[1])
            if low < high:
                steps[low] = steps.get(low, 0) + change
                steps[high] = steps.get(high, 0) - change
        there = 0
        for begin, end in pairwise(sorted(steps)):
            there += steps[begin]
            yield begin, end, there

    def _changes(self, team: int) -> Iterator[tuple[int, int, int]]:
        yield from self.curve(team, *self.window)
        yield from ((span.begin, span.end, 1) for span in self.spans if self.people[span.agent].team == team)
        for stint in self.stints:
            own = self.people[stint.agent].team
            if (change := (stint.team == team) - (own == team)) != 0:
                yield stint.begin, stint.end, change


def _pieces(span: Span, begin: int, end: int, sign: int) -> Iterator[tuple[int, int, int]]:
    """[begin, end) inside a span as one piece, and its breaks there as pieces to be taken away."""
    begin, end = max(begin, span.begin), min(end, span.end)
    yield begin, end, sign
    for rest in span.rests:
        low, high = max(rest.due, begin), min(rest.due + rest.length, end)
        if low < high:
            yield low, high, -sign


def _steps(pieces: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    """The sum of pieces (begin, end, number) as its changes."""
    steps: dict[int, int] = {}
    for begin, end, number in pieces:
        steps[begin] = steps.get(begin, 0) + number
        steps[end] = steps.get(end, 0) - number
    return steps


def _areas(steps: dict[int, int], edges: Sequence[int]) -> Iterator[int]:
    """The area below `steps` in each interval between `edges`."""
    at = sorted(steps)
    there, i = 0, 0
    for begin, end in pairwise(edges):
        area, now = 0, begin
        while i < len(at) and at[i] < end:
            if at[i] > now:
                area += there * (at[i] - now)
                now = at[i]
            there += steps[at[i]]
            i += 1
        yield area + there * (end - now)


def staffing(scenario: Scenario, timeline: Timeline, scale: float) -> Staffing:
    """Hours over counted time times `scale`, by team."""
    everybody = agents(scenario)
    curves = {t for t, team in enumerate(scenario.teams) if team.heads is not None}  # nobody of them has a shift
    all_spans = tuple(span for span in spans(scenario, timeline) if everybody[span.agent].team not in curves)
    active = any(team.activities for team in scenario.teams)
    at_desk = tuple((1 - team.absence) * (1 - team.off_desk) for team in scenario.teams)
    window = (timeline.counted_from, timeline.counted_to)
    gone = stints(scenario, timeline, everybody, shifts(scenario, timeline)) if active else ()
    found = Staffing(scenario, everybody, all_spans, gone, window, at_desk, ())
    return replace(found, teams=tuple(_team_hours(found, t, scale / HOUR) for t in range(len(scenario.teams))))


def _team_hours(found: Staffing, t: int, scale: float) -> TeamHours:
    """Hours of one team; `scale`: hours of a period per tick of counted time."""
    team, (begin, end), at_desk = found.scenario.teams[t], found.window, found.at_desk[t]
    own = [span for span in found.spans if found.people[span.agent].team == t]
    heads = sum(n * (b - a) for a, b, n in found.curve(t, begin, end)) * scale
    rostered = sum(max(0, min(span.end, end) - max(span.begin, begin)) for span in own) * scale + heads
    worked = sum(paid_ticks(span, begin, end) for span in own) * scale + heads
    between_breaks = sum(present_ticks(span, begin, end) for span in own) * scale + heads
    away, lent, borrowed, named = _stint_hours(found, t, scale)
    return TeamHours(
        team.name,
        people(team),
        rostered,
        worked * with_leave(team.leave),
        (between_breaks - away) * at_desk,
        team.leave,
        team.absence,
        team.off_desk,
        (worked - between_breaks) / worked if worked else 0.0,
        away / worked if worked else 0.0,
        varies=_varies(team),
        curve=team.heads is not None,
        stints=named,
        unpaid_breaks_h=rostered - worked,
        paid_breaks_h=worked - between_breaks,
        activities_h=away,
        absent_h=(between_breaks - away) * team.absence,
        off_desk_h=(between_breaks - away) * (1 - team.absence) * team.off_desk,
        leave_h=worked * (with_leave(team.leave) - 1),
        lent=lent,
        borrowed=borrowed,
    )


def _stint_hours(found: Staffing, t: int, scale: float) -> tuple[float, float, float, tuple[Named, ...]]:
    """Hours off the desk; present hours lent and borrowed; the hours of the team's own activities."""
    away, lent, borrowed = 0.0, 0.0, 0.0
    named: dict[str, float] = {}
    for stint, ticks in found.away(*found.window):
        own, hours = found.people[stint.agent].team, ticks * scale
        borrowed += hours * found.at_desk[own] * (stint.team == t)
        if own == t:
            away += hours * (stint.team < 0)
            lent += hours * found.at_desk[t] * (stint.team >= 0)
            key = found.scenario.teams[stint.team].name if stint.team >= 0 else ""
            named[key] = named.get(key, 0.0) + hours
    return away, lent, borrowed, tuple(named.items())


def _varies(team: Team) -> bool:
    """Whether the weeks of a team differ by what is written."""
    return any(shift.weeks != (1, 1) or shift.first or shift.until for shift in team.shifts)
