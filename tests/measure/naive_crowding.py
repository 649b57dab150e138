"""Who waits for whom, instant by instant: written from docs/model.md, section 13, in fractions, without any haste.

Between two ticks at which something happens nothing changes, so everything is looked up anew in the tables there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from supportsim.engine.journal import CONTACT_KINDS, OUTCOMES, SPANS, Journal
from supportsim.scenario.model import Queue, Scenario
from supportsim.scenario.roster import agents, joined, shifts
from supportsim.scenario.ticks import NEVER
from supportsim.scenario.timeline import Timeline

ON_SHIFT = ("available", "break_due", "break_paid", "break_unpaid", "block")
RULES = ("reservation", "draining", "last chat", "overflow delay")
#: Column -> ticks; row: (queue, interval of creation).
Shares = dict[str, Fraction]


class NaiveCrowding:
    """Shares of every row, and its ticks of waiting; `unexplained`: instants at which somebody free might have served.

    A column is the name of a segment, or one of the other columns.
    """

    def __init__(self, journal: Journal, scenario: Scenario) -> None:
        self.journal, self.scenario = journal, scenario
        self.timeline = Timeline(scenario.times)
        self.touches = [dict(zip(journal.touches.dtype.names, row, strict=True)) for row in journal.touches.tolist()]
        self.contacts = [dict(zip(journal.contacts.dtype.names, row, strict=True)) for row in journal.contacts.tolist()]
        self.spans = [
            (agent, SPANS[what], scenario.teams[team].name, begin, min(end, journal.end))
            for agent, what, team, begin, end in journal.presence.tolist()
        ]
        self.shift_ends = list(self._days())
        self.shares: dict[tuple[int, int], Shares] = defaultdict(lambda: defaultdict(Fraction))
        self.waits: dict[tuple[int, int], int] = defaultdict(int)
        self.waiting_contacts: dict[tuple[int, int], set[int]] = defaultdict(set)
        self.unexplained: list[tuple[int, int]] = []
        for begin, end in pairwise(sorted(self._ticks())):
            self._instant(begin, end - begin)

    # ------------------------------------------------------------ when

    def _days(self) -> Iterator[tuple[int, int, int]]:
        """(agent, begin, end) of every shift to which its agent came."""
        absent = {(agent, begin) for agent, what, _, begin, _ in self.spans if what == "absent"}
        planned = shifts(self.scenario, self.timeline)
        for number, agent in enumerate(agents(self.scenario)):
            own = [s for s in planned if s.agent == number and (number, s.begin) not in absent and agent.shift >= 0]
            yield from ((number, day.begin, day.end) for day in joined(own))

    def _ticks(self) -> set[int]:
        found = {0, self.journal.end}
        for touch in self.touches:
            found |= {touch[name] for name in ("joined", "started", "ended")}
            found |= {touch["entered"] + delay for delay in self.scenario.queues[touch["queue"]].delays}
        for *_, begin, end in self.spans:
            found |= {begin, end}
        for _, begin, end in self.shift_ends:
            found |= {begin, end, *(end - channel.last_chat for channel in self.scenario.channels)}
        return {tick for tick in found if 0 <= tick <= self.journal.end}

    # ------------------------------------------------------------ what there is at an instant

    def _instant(self, now: int, ticks: int) -> None:
        self.waiters = [t for t in self.touches if t["joined"] <= now < min(t["started"], t["ended"])]
        if not self.waiters:
            return
        self.on_shift = {a: (what, team) for a, what, team, b, e in self.spans if what in ON_SHIFT and b <= now < e}
        self.hands: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for touch in self.touches:
            if touch["started"] <= now < touch["ended"] and touch["started"] < NEVER:
                self.hands[touch["agent"]].append(touch)
        for touch in self.waiters:
            contact = self.contacts[touch["contact"]]
            row = (touch["queue"], self._interval(contact["created"]))
            if row[1] < 0 or CONTACT_KINDS[contact["kind"]] == "filler":
                continue
            self.waits[row] += ticks
            self.waiting_contacts[row].add(touch["contact"])
            for column, share in self._because(touch, now).items():
                self.shares[row][column] += share * ticks

    def _interval(self, tick: int) -> int:
        if not self.timeline.counted_from <= tick < self.timeline.counted_to:
            return -1
        begins = [interval.begin for interval in self.timeline.intervals(self.scenario.interval)]
        return max(i for i, begin in enumerate(begins) if begin <= tick)

    # ------------------------------------------------------------ because of whom

    def _because(self, touch: dict[str, Any], now: int) -> Shares:
        queue = self.scenario.queues[touch["queue"]]
        delays = dict(_delays(queue))
        members = [a for a, (_, team) in self.on_shift.items() if team in delays]
        asked = {a for a in members if touch["entered"] + delays[self.on_shift[a][1]] <= now}
        if free := [a for a in members if self._is_free(a, queue.channel)]:
            rules = {rule for a in free for rule in self._kept_off(a, touch, queue, a in asked, now)}
            if not rules:
                self.unexplained.append((touch["touch"], now))
            return {next(rule for rule in RULES if rule in rules): Fraction(1)}
        if not asked:
            return {"overflow delay" if members else "nobody on shift": Fraction(1)}
        found: Shares = defaultdict(Fraction)
        for a in asked:
            if not self.hands[a]:
                found["away"] += Fraction(1, len(asked))
            for held in self.hands[a]:
                found[self._whose(held)] += Fraction(1, len(asked) * len(self.hands[a]))
        return found

    def _whose(self, touch: dict[str, Any]) -> str:
        is_filler = CONTACT_KINDS[self.contacts[touch["contact"]]["kind"]] == "filler"
        return "filler" if is_filler else self.scenario.queues[touch["queue"]].segment

    def _channel(self, touch: dict[str, Any]) -> str:
        return self.scenario.queues[touch["queue"]].channel

    def _is_free(self, a: int, channel: str) -> bool:
        what, team = self.on_shift[a]
        if what != "available":
            return False
        held = self.hands[a]
        return not held or (self._channel(held[0]) == channel and len(held) < self._places(team, channel))

    def _places(self, team: str, channel: str) -> int:
        own = dict(next(t for t in self.scenario.teams if t.name == team).concurrency)
        return own.get(channel, next(c for c in self.scenario.channels if c.name == channel).concurrency)

    def _kept_off(self, a: int, touch: dict[str, Any], queue: Queue, is_asked: bool, now: int) -> Iterator[str]:
        """The rules that keep a free agent off a touch."""
        if not is_asked:
            yield "overflow delay"
            return
        name = self.on_shift[a][1]
        team = next(t for t in self.scenario.teams if t.name == name)
        idle = [
            b for b, (what, of) in self.on_shift.items() if of == name and what == "available" and not self.hands[b]
        ]
        left = len([b for b in idle if b != a])
        if team.holds and left < team.holds[touch["queue"]]:
            yield "reservation"
        if self.hands[a] and team.drains and self._is_drained(team.drains, name, queue.channel, now):
            yield "draining"
        last = next(c.last_chat for c in self.scenario.channels if c.name == queue.channel)
        ends = [end for b, begin, end in self.shift_ends if b == a and begin <= now < end]
        if last and ends and now >= ends[0] - last:
            yield "last chat"

    def _is_drained(self, drains: tuple[bool, ...], team: str, channel: str, now: int) -> bool:
        for other in self.waiters:
            queue = self.scenario.queues[other["queue"]]
            delay = dict(_delays(queue)).get(team, NEVER)
            if drains[other["queue"]] and queue.channel != channel and other["entered"] + delay <= now:
                return True
        return False


def _delays(queue: Queue) -> Iterator[tuple[str, int]]:
    """The teams a queue asks, each with its overflow delay."""
    for step, pool in enumerate(queue.teams):
        for team in pool:
            yield team, queue.delays[step] if queue.delays else 0


def blocked_by(journal: Journal, scenario: Scenario, pairs: list[tuple[str, str]]) -> list[list[float]]:
    """Blocked contacts by pair and segment of those who held the lines, then nobody."""
    names = [segment.name for segment in scenario.segments]
    timeline = Timeline(scenario.times)
    found = [[0.0] * (len(names) + 1) for _ in pairs]
    for row, contact in enumerate(journal.contacts):
        if OUTCOMES[contact["outcome"]] != "busy":
            continue
        if not timeline.counted_from <= contact["created"] < timeline.counted_to:
            continue
        queue, now = scenario.queues[contact["queue"]], contact["created"]
        holding = [
            names.index(scenario.queues[other["queue"]].segment)
            for other in journal.contacts[:row]
            if other["channel"] == contact["channel"] and other["row"] >= 0 and other["left"] > now
        ]
        for column in holding or [len(names)]:
            found[pairs.index((queue.segment, queue.channel))][column] += 1 / max(len(holding), 1)
    return found


def whole_ticks(shares: Shares, columns: tuple[str, ...]) -> list[int]:
    """Largest remainder, of equal ones the lower column; remainders are told apart to the 1024th of a tick."""
    near = [round(shares[column] * 1024) for column in columns]
    found = [value // 1024 for value in near]
    order = sorted(range(len(columns)), key=lambda i: (-(near[i] % 1024), i))
    for i in order[: int(sum(shares.values())) - sum(found)]:
        found[i] += 1
    return found
