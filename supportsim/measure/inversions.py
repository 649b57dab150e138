"""Priority inversions: work of a lower margin that an agent began while a higher one waited that he could have served.

From the journal and the scenario alone; which those are, rule by rule, stands in docs/model.md, section 11.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, SPANS, Journal
from supportsim.measure.sums import Floats
from supportsim.scenario.laws import mean
from supportsim.scenario.model import Scenario
from supportsim.scenario.roster import agents, spans
from supportsim.scenario.ticks import MINUTE, NEVER
from supportsim.scenario.timeline import Timeline

#: What is counted of a pair of segments.
COUNTED = ("starts", "inversions", "passed", "waited_min")
_AVAILABLE, _LOST = SPANS.index("available"), SPANS.index("break_lost")
_INTERRUPTED, _FILLER = ENDINGS.index("interrupted"), CONTACT_KINDS.index("filler")

Ticks = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Starts(NamedTuple):
    """Stretches that an available agent began in counted time, and what is known of that agent then.

    held: contacts in his hands before.  interrupts: he laid other work aside for it.  until: end of his shift.
    """

    tick: Ticks
    queue: Ticks
    agent: Ticks
    team: Ticks
    held: Ticks
    interrupts: Flags
    until: Ticks

    def some(self, which: Ticks | Flags) -> Starts:
        """These of them."""
        return Starts(
            self.tick[which], self.queue[which], self.agent[which], self.team[which], self.held[which],
            self.interrupts[which], self.until[which],
        )  # fmt: skip


class Inversions:
    """Prepared for one scenario; `stated` says whether there is anything to count."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.margins = np.array([np.nan if s.margin is None else mean(s.margin) for s in scenario.segments])
        self.stated = int((~np.isnan(self.margins)).sum()) > 1
        if not self.stated:
            return
        timeline = Timeline(scenario.times)
        self.counted = (timeline.counted_from, timeline.counted_to)
        names = [segment.name for segment in scenario.segments]
        channels = [channel.name for channel in scenario.channels]
        self.segment = np.array([names.index(queue.segment) for queue in scenario.queues], dtype=np.int64)
        self.channel = np.array([channels.index(queue.channel) for queue in scenario.queues], dtype=np.int64)
        self.live = [channel.kind == "live" for channel in scenario.channels]
        self.delays = [delays(scenario, team.name) for team in scenario.teams]
        self.holds = [np.array(team.holds or (0,) * len(scenario.queues)) for team in scenario.teams]
        self.many = len(agents(scenario))
        self.ends: list[list[tuple[int, int]]] = [[] for _ in range(self.many)]
        is_shift = [agent.shift >= 0 for agent in agents(scenario)]
        for span in spans(scenario, timeline):
            if is_shift[span.agent]:
                self.ends[span.agent].append((span.begin, span.end))

    def count(self, journal: Journal) -> Floats:
        """Shape (segments, segments + 1, len(COUNTED)): begun × passed over, the last column any of them."""
        segments = len(self.margins)
        found: Floats = np.zeros((segments, segments + 1, len(COUNTED)))
        starts = self._starts(journal)
        passed, waited = self._passed_over(journal, starts)
        of = self.segment[starts.queue]
        found[:, :, 0] = np.bincount(of, minlength=segments)[:, None]
        for place in range(segments + 1):
            number = passed[:, place] if place < segments else passed.sum(axis=1)
            minutes = waited[:, place] if place < segments else waited.sum(axis=1)
            for column, values in ((1, number > 0), (2, number), (3, minutes)):
                found[:, place, column] = np.bincount(of, weights=values, minlength=segments)
        return found

    # -- who began what -------------------------------------------------------------------------------------
    def _starts(self, journal: Journal) -> Starts:
        touches = journal.touches
        begun = (touches["started"] >= self.counted[0]) & (touches["started"] < self.counted[1])
        begun &= (touches["started"] != NEVER) & ~_is_filler(journal)
        rows = np.flatnonzero(begun)
        tick, agent = touches["started"][rows], touches["agent"][rows].astype(np.int64)
        team, until = np.full(len(rows), -1), np.full(len(rows), NEVER)
        presence = np.sort(journal.presence[journal.presence["what"] != _LOST], order=["agent", "begin"])
        for a in np.unique(agent).tolist():
            own = np.flatnonzero(agent == a)
            team[own] = _teams(presence[presence["agent"] == a], tick[own])
            until[own] = _ends(self.ends[a], tick[own])
        laid = touches[touches["how"] == _INTERRUPTED]
        pairs = set(zip(laid["agent"].tolist(), laid["ended"].tolist(), strict=True))
        aside = np.array([key in pairs for key in zip(agent.tolist(), tick.tolist(), strict=True)], dtype=bool)
        held = touches["in_hand"][rows].astype(np.int64) - 1
        queue = touches["queue"][rows].astype(np.int64)
        return Starts(tick, queue, agent, team, held, aside, until).some(team >= 0)

    # -- who waited -----------------------------------------------------------------------------------------
    def _passed_over(self, journal: Journal, starts: Starts) -> tuple[Floats, Floats]:
        """Touches, and the minutes they had waited, by start and segment passed over."""
        shape = (len(starts.tick), len(self.margins))
        passed, waited = np.zeros(shape), np.zeros(shape)
        touches = journal.touches[~_is_filler(journal)]
        empty = _Empty(journal, self.many)
        for team in np.unique(starts.team).tolist():
            own = np.flatnonzero(starts.team == team)
            some = starts.some(own)
            for queue, delay in self.delays[team].items():
                could = np.flatnonzero(self._could(some, team, queue, empty))
                if len(could):
                    number, entered = _waiting(touches[touches["queue"] == queue], delay, some.tick[could])
                    passed[own[could], self.segment[queue]] += number
                    waited[own[could], self.segment[queue]] += (number * some.tick[could] - entered) / MINUTE
        return passed, waited

    def _could(self, starts: Starts, team: int, queue: int, empty: _Empty) -> Flags:
        """Which of the starts were of a lower margin, by an agent who could have taken a touch of the queue."""
        channel = int(self.channel[queue])
        lower = self.margins[self.segment[starts.queue]] < self.margins[self.segment[queue]]  # never with NaN
        hands: Flags = (starts.held == 0) | (self.channel[starts.queue] == channel)
        could: Flags = lower & hands & (~starts.interrupts | self.live[channel])
        if last := self.scenario.channels[channel].last_chat:
            could &= starts.tick < starts.until - last
        held_back = could & (self.holds[team][starts.queue] < self.holds[team][queue])
        if held_back.any():
            could[held_back] = empty.of(team, starts.tick[held_back]) >= self.holds[team][queue]
        return could


def delays(scenario: Scenario, team: str) -> dict[int, int]:
    """Queue -> overflow delay, of the queues that ask a team."""
    found: dict[int, int] = {}
    place = [each.name for each in scenario.teams].index(team)
    for number, queue in enumerate(scenario.queues):
        steps = zip(queue.teams, queue.delays or (0,) * len(queue.teams), strict=True)
        asked = [delay for pool, delay in steps if team in pool]
        if asked and scenario.teams[place].places[number] >= 0:
            found[number] = min(asked)
    return found


def _is_filler(journal: Journal) -> Flags:
    """Of each stretch."""
    found: Flags = (journal.contacts["kind"] == _FILLER)[journal.touches["contact"]]
    return found


def _teams(own: NDArray[np.void], ticks: Ticks) -> Ticks:
    """For which team he is available; -1 where he is not, or is moved in this very tick and the order is not told."""
    place = np.searchsorted(own["begin"], ticks, side="right") - 1
    before = np.maximum(place - 1, 0)
    fits = (place >= 0) & (own["what"][place] == _AVAILABLE) & (ticks < own["end"][place])
    moved = (place > 0) & (own["begin"][place] == ticks) & (own["end"][before] == ticks)
    moved &= own["team"][before] != own["team"][place]
    found: Ticks = np.where(fits & ~moved, own["team"][place], -1).astype(np.int64)
    return found


def _ends(own: list[tuple[int, int]], ticks: Ticks) -> Ticks:
    """The end of the shift he is in; NEVER for who has none."""
    if not own:
        return np.full(len(ticks), NEVER)
    begins, ends = np.array(own, dtype=np.int64).T
    found: Ticks = ends[np.maximum(np.searchsorted(begins, ticks, side="right") - 1, 0)]
    return found


def _waiting(own: NDArray[np.void], delay: int, ticks: Ticks) -> tuple[Floats, Floats]:
    """How many wait through each tick whom the team may take by then, and the sum of their entry times."""
    first = np.maximum(own["joined"] + 1, own["entered"] + delay)
    last = np.minimum(own["started"], own["ended"])
    real = first < last
    number, entered = np.zeros(len(ticks)), np.zeros(len(ticks))
    for edge, sign in ((first[real], 1), (last[real], -1)):
        order = np.argsort(edge, kind="stable")
        place = np.searchsorted(edge[order], ticks, side="right")
        sums = np.concatenate([[0], np.cumsum(own["entered"][real][order])])
        number += sign * place
        entered += sign * sums[place].astype(np.float64)
    return number, entered


class _Empty:
    """How many agents of a team are available with empty hands when all events of a tick are over."""

    def __init__(self, journal: Journal, many: int) -> None:
        self.journal, self.many = journal, many
        self._known: dict[int, tuple[Ticks, Ticks]] = {}

    def of(self, team: int, ticks: Ticks) -> Ticks:
        if team not in self._known:
            edges = np.array(list(self._edges(team)), dtype=np.int64).reshape(-1, 2)
            self._known[team] = np.sort(edges[:, 0]), np.sort(edges[:, 1])
        begins, ends = self._known[team]
        found: Ticks = np.searchsorted(begins, ticks, side="right") - np.searchsorted(ends, ticks, side="right")
        return found

    def _edges(self, team: int) -> Iterator[tuple[int, int]]:
        """Begin and end of every time somebody of the team is available with empty hands."""
        presence, touches = self.journal.presence, self.journal.touches
        there = presence[(presence["what"] == _AVAILABLE) & (presence["team"] == team)]
        begun = touches[touches["started"] != NEVER]
        for agent in np.unique(there["agent"]).tolist():
            rows = begun[begun["agent"] == agent]
            busy = _merged(sorted(zip(rows["started"].tolist(), rows["ended"].tolist(), strict=True)))
            for begin, end in there[there["agent"] == agent][["begin", "end"]].tolist():
                inside = [(max(b, begin), min(e, end)) for b, e in busy if b < end and e > begin]
                free = [begin, *(edge for piece in inside for edge in piece), end]
                yield from ((b, e) for b, e in list(pairwise(free))[::2] if b < e)


def _merged(own: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for begin, end in own:
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found
