"""What an Erlang sheet would say of a promise: each interval for itself, calls expected, heads as rostered.

The rule is in docs/model.md, section 11.  Times in ticks, rates per tick.  `pieces` are what intervals are cut into
where heads or opening hours change; arrays by team, queue and piece.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.cells import Rows, Table, table
from supportsim.measure.service import formula_of, formula_sums
from supportsim.scenario.activities import OFF_DESK, moves
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.laws import mean
from supportsim.scenario.model import Promise, Scenario
from supportsim.scenario.offers import plans_of
from supportsim.scenario.roster import agents, shifts, spans
from supportsim.scenario.ticks import NEVER, SECOND
from supportsim.scenario.timeline import Timeline
from supportsim.study.erlang import ErlangA, ErlangC
from supportsim.study.erlang_inputs import mean_handle, places, throughput
from supportsim.study.hourly import factors

Floats = NDArray[np.float64]
BRIEF = 5 * SECOND  # an abandon so early is brief (docs/measures.md, B_s)


@dataclass(frozen=True)
class Line:
    """Queues of one channel that ask a common team at once, and all teams asked so."""

    channel: str
    queues: tuple[int, ...]
    teams: tuple[int, ...]


def lines(scenario: Scenario, channel: str) -> tuple[Line, ...]:
    """The lines of a channel: queues that share a team asked at once, directly or through others."""
    found: list[tuple[set[int], set[int]]] = []
    for q, queue in enumerate(scenario.queues):
        if queue.channel == channel:
            own = ({q}, _at_once(scenario, q))
            for other in [each for each in found if each[1] & own[1]]:
                found.remove(other)
                own = (own[0] | other[0], own[1] | other[1])
            found.append(own)
    return tuple(Line(channel, tuple(sorted(q)), tuple(sorted(t))) for q, t in found)


def _at_once(scenario: Scenario, q: int) -> set[int]:
    """Teams that a queue asks without overflow delay."""
    queue, index = scenario.queues[q], {team.name: t for t, team in enumerate(scenario.teams)}
    delays = queue.delays or (0,) * len(queue.teams)
    return {index[name] for pool, delay in zip(queue.teams, delays, strict=True) if not delay for name in pool}


class Sheet:
    """Expected calls and rostered heads of a scenario, piece by piece."""

    def __init__(self, scenario: Scenario, channels: Sequence[str]) -> None:
        self.scenario, self.channels = scenario, tuple(channels)
        self.timeline = Timeline(scenario.times)
        self.by_name = {channel.name: channel for channel in scenario.channels}
        self.hours = {name: open_ticks(self.by_name[name].hours, self.timeline) for name in self.channels}
        self.changes = list(_changes(scenario, self.timeline))
        self.edges = self._edges()
        self.heads = self._heads()

    def _edges(self) -> NDArray[np.int64]:
        begin, end = self.timeline.counted_from, self.timeline.counted_to
        marks = {at for _, at, _ in self.changes}
        marks |= {at for hours in self.hours.values() for at in (*hours.begins, *hours.ends)}
        own = {*self.timeline.edges(self.scenario.interval), *(at for at in marks if begin < at < end)}
        return np.array(sorted(own), dtype=np.int64)

    def _heads(self) -> Floats:
        """Heads as rostered, (teams, pieces), by the team worked for."""
        found = np.zeros((len(self.scenario.teams), len(self.edges)))
        for team, at, number in self.changes:
            place = int(np.searchsorted(self.edges, at))
            if place < len(self.edges):
                found[team, place] += number
        return np.cumsum(found, axis=1)[:, :-1]

    def with_heads(self, heads: Floats) -> Sheet:
        """The same with other heads; handle times stay those of teams weighed by hours rostered."""
        found = copy(self)
        found.team_hours, found.heads = self.team_hours, heads
        return found

    @cached_property
    def cells(self) -> Table:
        return table(self.scenario, self.timeline)

    @cached_property
    def team_hours(self) -> Floats:
        """Ticks that people of each team are rostered."""
        hours: Floats = self.heads @ np.diff(self.edges)
        return hours

    def calls(self, line: Line) -> Calls:
        """What comes to the queues of a line."""
        contacts, work, patience = (np.zeros((len(line.queues), len(self.edges) - 1)) for _ in range(3))
        longer = np.array(factors(self.by_name[line.channel], self.timeline, self.edges.tolist()).work)
        is_open = np.array([self.hours[line.channel].is_open(int(at)) for at in self.edges[:-1]])
        for i, q in enumerate(line.queues):
            for rows, share in self._sources(q):
                handle, drawn = self._handle(rows, q)
                waits = np.where(rows["patience"] >= 0, rows["patience"], mean(self.scenario.queues[q].patience))
                for row, piece, part in _spread(rows, self.cells.pieces, self.edges):
                    there = is_open[piece]
                    row, piece = row[there], piece[there]
                    coming = rows["expected"][row] * part[there] * share
                    np.add.at(contacts[i], piece, coming)
                    np.add.at(work[i], piece, coming * handle[row] * np.where(drawn[row], longer[piece], 1.0))
                    np.add.at(patience[i], piece, coming * np.where(waits[row] >= NEVER, np.inf, waits[row]))
        return Calls(contacts, work, patience)

    def _sources(self, q: int) -> Iterator[tuple[Rows, float]]:
        """Cells of which a share begins in a queue."""
        queue, cells = self.scenario.queues[q], self.cells.cells
        channel = [c.name for c in self.scenario.channels].index(queue.channel)
        segment = [s.name for s in self.scenario.segments].index(queue.segment)
        topic = [t.name for t in self.scenario.topics].index(queue.topic)
        mine = (cells["segment"] == segment) & (cells["topic"] == topic) & (cells["expected"] > 0)
        for thins in (0, 1):  # where issues are thinned, `expected` is that of the plan with most of them
            own = mine & (cells["thins"] == thins)
            kept = self.cells.kept(segment) if thins else np.ones(1)
            shares = self.cells.shares(segment)
            found = [(own & (cells["channel"] == channel), (shares * kept).sum())]
            for (plan, _), part in zip(plans_of(self.scenario, queue.segment), shares * kept, strict=False):
                steps = [step.share for step in plan.steps if step.channel == queue.channel]
                found += [(own & (cells["channel"] < 0), share * part * plan.asks) for share in steps]
            yield from ((cells[rows], float(share)) for rows, share in found if share > 0)

    def _handle(self, rows: Rows, q: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Expected ticks of work of each row, mean over its teams, and whether factors of the hour hold for it."""
        queue, teams = self.scenario.queues[q], sorted(_at_once(self.scenario, q))
        hours = self.team_hours[teams]
        weights = hours / hours.sum() if hours.sum() else np.ones(len(teams)) / max(len(teams), 1)
        own, total = {each.team: each for each in queue.by_team}, np.zeros(len(rows))
        for t, weight in zip(teams, weights, strict=True):
            way = own.get(self.scenario.teams[t].name)
            drawn, pace = (way.work, way.pace) if way else (queue.work, 1.0)
            by_aht = {aht: mean_handle(drawn, aht) for aht in np.unique(rows["aht"]).tolist()}
            stated = np.where(rows["handle"] >= 0, rows["handle"], [by_aht[aht] for aht in rows["aht"].tolist()])
            total += weight * pace * stated
        return total, rows["handle"] < 0

    def seats(self, line: Line) -> tuple[Floats, Floats]:
        """(places for contacts, how many times as long work takes with all of them taken) in each piece."""
        one = [(places(self.scenario, line.channel, [t]), throughput(self.scenario, line.channel, [t]))
               for t in line.teams]  # fmt: skip
        there = self.heads[list(line.teams)]
        taken = np.array([each[0] for each in one]) @ there if one else np.zeros(len(self.edges) - 1)
        done = np.array([each[1] for each in one]) @ there if one else taken
        return taken, np.where(done > 0, taken / np.where(done > 0, done, 1.0), 1.0)


class Calls(NamedTuple):
    """Of each queue of a line and piece: calls, their work in ticks, calls x patience in ticks."""

    contacts: Floats
    work: Floats
    patience: Floats


def shares(sheet: Sheet, promise: Promise) -> tuple[float, float]:
    """The share kept by Erlang C and by Erlang A; nan where nobody comes, A as C where somebody never leaves."""
    sums = {"C": np.zeros(2), "A": np.zeros(2)}
    for channel in sheet.channels:
        for line in lines(sheet.scenario, channel):
            mine = [promise.queues[q] for q in line.queues]
            if any(mine):
                _add(sheet, line, promise, np.array(mine), sums)
    kept = [float(top / bottom) if bottom else math.nan for top, bottom in (sums["C"], sums["A"])]
    return kept[0], kept[1]


def _add(sheet: Sheet, line: Line, promise: Promise, mine: NDArray[np.bool_], sums: dict[str, Floats]) -> None:
    """Add kept and judged calls of one line."""
    calls, (seats, longer) = sheet.calls(line), sheet.seats(line)
    count, covered = calls.contacts.sum(axis=0), calls.contacts[mine].sum(axis=0)
    usual = calls.patience.sum() / count.sum() if count.sum() else math.inf
    of_hour = factors(sheet.by_name[line.channel], sheet.timeline, sheet.edges.tolist()).patience
    lengths = np.diff(sheet.edges)
    for i in np.flatnonzero(covered > 0):
        service = calls.work[:, i].sum() / count[i] * longer[i]
        desk = (count[i] / lengths[i], max(service, 1.0))
        for (model, patience), (whole, part) in product((("C", math.inf), ("A", usual * of_hour[i])), _whole(seats[i])):
            kept = _kept(whole, *desk, patience, promise.limit, formula_of(promise))
            sums[model] += covered[i] * part * np.array(kept)


def _whole(seats: float) -> Iterator[tuple[int, float]]:
    """The whole numbers of places beside a mean one, each with its part."""
    low = math.floor(seats + 1e-9)
    over = max(0.0, seats - low)
    yield from ((low, 1 - over), (low + 1, over)) if over > 1e-9 else ((low, 1.0),)


@lru_cache(maxsize=20_000)
def _kept(places: int, rate: float, service: float, patience: float, limit: int, formula: str) -> tuple[float, float]:
    """(kept, judged) of one call by the promise's own formula."""
    lost = lost_in_limit = brief = 0.0
    if math.isinf(patience):
        in_limit = ErlangC(places, rate, service).service_level(limit)
    else:
        desk = ErlangA(places, rate, service, patience)
        in_limit, lost = desk.service_level(limit), desk.p_abandon
        if "abandons" in formula:
            lost_in_limit, brief = desk.p_abandon_within(limit), desk.p_abandon_within(BRIEF)
    parts = (1 - lost, in_limit, lost, lost_in_limit, brief, 0.0)
    kept, judged = formula_sums(*(np.float64(part) for part in parts))[formula]  # type: ignore[arg-type]
    return float(kept), float(judged)


def _changes(scenario: Scenario, timeline: Timeline) -> Iterator[tuple[int, int, int]]:
    """(team, tick, people more or fewer who work for it from then on), as rostered, breaks left out."""
    everybody = agents(scenario)
    team_of = [agent.team for agent in everybody]
    curves = {t for t, team in enumerate(scenario.teams) if team.heads is not None}
    for span in spans(scenario, timeline):
        if team_of[span.agent] not in curves:
            yield from ((team_of[span.agent], span.begin, 1), (team_of[span.agent], span.end, -1))
    for move in moves(scenario, timeline, shifts(scenario, timeline), team_of):
        if move.team != OFF_DESK:
            yield from ((move.team, move.begin, 1), (team_of[move.agent], move.begin, -1))
            yield from ((move.team, move.end, -1), (team_of[move.agent], move.end, 1))
    for t in curves:
        before = 0
        for at, heads in scenario.teams[t].heads or ():
            yield t, at + timeline.counted_from, heads - before
            before = heads


def _spread(
    rows: Rows, pieces: Rows, edges: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], Floats]]:
    """(rows, pieces of time, share of each row's expected calls that falls there), a few arrays at a time."""
    row, begin, length, part = _cut(rows, pieces)
    end = begin + np.maximum(length, 1)
    first = np.searchsorted(edges, begin, side="right") - 1
    last = np.searchsorted(edges, end, side="left") - 1
    for k in range(int((last - first).max(initial=-1)) + 1):
        at = first + k
        inside = (at <= last) & (at >= 0) & (at < len(edges) - 1)
        i = at[inside]
        overlap = np.minimum(end[inside], edges[i + 1]) - np.maximum(begin[inside], edges[i])
        yield row[inside], i, part[inside] * overlap / (end - begin)[inside]


def _cut(rows: Rows, pieces: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats]:
    """Rows cut where the rate changes inside a cell: (row, begin, length, share of the row)."""
    whole = np.flatnonzero(rows["pieces"] == 0)
    found = [(whole, rows["begin"][whole], rows["length"][whole], np.ones(len(whole)))]
    for row in np.flatnonzero(rows["pieces"] > 0):
        own = pieces[rows["first_piece"][row] : rows["first_piece"][row] + rows["pieces"][row]]
        share = np.diff(own["until"], prepend=0.0)
        found.append((np.full(len(own), row), rows["begin"][row] + own["offset"], own["length"], share))
    row, begin, length, part = zip(*found, strict=True)
    return np.concatenate(row), np.concatenate(begin), np.concatenate(length), np.concatenate(part)
