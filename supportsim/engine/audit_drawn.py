"""What chance had decided before play: the issues, the work they bring and the patience of their customers.

Drawn again from the seed of the journal with the laws and fates of the demand, which know nothing of the desk.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from supportsim.demand import fates, laws
from supportsim.demand.issues import Demand
from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.journal import CONTACT_KINDS
from supportsim.scenario.model import Hourly, Queue, Work
from supportsim.scenario.ticks import DAY, NEVER

FILLER = CONTACT_KINDS.index("filler")


class Drawn:
    """`row[i]`: row of the demand that is issue i of the journal; -1: filler, or the demand has no such issue."""

    def __init__(self, facts: Facts, book: Book) -> None:
        self.facts = facts
        journal, scenario = facts.journal, facts.scenario
        self.world = fates.world(journal.seed, journal.replication)
        demand = Demand(scenario, facts.timeline).draw(journal.seed, journal.replication)
        self.demand = demand[demand["asked"] < facts.end]
        self.is_filler = [scenario.streams[s].kind == "endless" for s in journal.issues["stream"].tolist()]
        self.contact = {n: journal.contacts[n].tolist() for n in ("issue", "number", "queue", "row", "created")}
        self._index(book)
        self._tabulate()
        self._count_worked()

    # ------------------------------------------------------------ issues

    def _index(self, book: Book) -> None:
        """Issues of the journal against those of the demand; filler stands behind them all."""
        issues, many = self.facts.journal.issues, len(self.demand)
        self.row = [-1] * len(issues)
        self.key = issues["key"].tolist()
        arose = len(issues) - sum(self.is_filler)
        if any(self.is_filler[:arose]):
            book.add("filler", "a filler issue stands before one that arose")
        if arose != many:
            book.add("demand", f"{arose} issues arose, {many} in the demand of this seed")
        for column in ("asked", "stream", "segment", "topic", "customer"):
            both = min(arose, many)
            unlike = issues[column][:both] != self.demand[column][:both]
            book.add_rows("demand", f"{column} is not that of the demand of this seed", "issues", unlike)
        for i in range(min(arose, many)):
            if not self.is_filler[i] and issues["asked"][i] == self.demand["asked"][i]:
                self.row[i] = i
                self.key[i] = int(self.demand["key"][i])
        self._filler_keys()

    def _filler_keys(self) -> None:
        """The key of a piece: the stream's name and its number, from 0 in the order in which they began."""
        began: Counter[int] = Counter()
        for i, stream in enumerate(self.facts.journal.issues["stream"].tolist()):
            if self.is_filler[i]:
                name = self.facts.scenario.streams[stream].name
                self.key[i] = fates.entity("filler", name, began[stream])
                began[stream] += 1

    def of(self, issue: int, column: str) -> int:
        """A value of the issue's row in the demand; -1 where it has none."""
        return int(self.demand[column][self.row[issue]]) if self.row[issue] >= 0 else -1

    def _count_worked(self) -> None:
        """Per contact: touches of its issue worked before it."""
        touches = self.facts.journal.touches
        whole = set(touches["contact"][touches["talk_ended"] != NEVER].tolist())
        worked: Counter[int] = Counter()
        self.worked = []
        for c, issue in enumerate(self.contact["issue"]):
            self.worked.append(worked[issue])
            worked[issue] += c in whole

    # ------------------------------------------------------------ laws

    def _tabulate(self) -> None:
        queues = self.facts.scenario.queues
        works = [w for q in queues for w in (q.work, *(other.work for other in q.by_team))]
        every = [q.patience for q in queues]
        every += [law for w in works for law in (w.law, w.wrap_law) if law is not None]
        self.place = {law: i for i, law in enumerate(dict.fromkeys(every))}
        self.table, self.knots = laws.tabulate(list(self.place))

    def _draw(self, law: Any, issue: int, n: int, purpose: int) -> int | None:
        """None where a law needs a forecast row that is not known."""
        if law.from_forecast and self.row[issue] < 0:
            return None
        aht = float(self.demand["aht"][self.row[issue]]) if self.row[issue] >= 0 else 0.0
        u = fates.uniform(self.world, np.uint64(self.key[issue]), n, purpose)
        drawn = laws.draw if purpose == fates.PATIENCE else laws.work
        return int(drawn(self.table, self.knots, self.place[law], u, aht))

    def hour(self, channel: int, tick: int) -> Hourly | None:
        """The factors that hold at a tick on a channel."""
        rule = self.facts.scenario.channels[channel]
        if not rule.by_hour:
            return None
        local = self.facts.timeline.local(tick, rule.hours.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        at = round((local.replace(tzinfo=None) - midnight.replace(tzinfo=None)).total_seconds() * (DAY // 86_400))
        fitting = (h for h in rule.by_hour if local.weekday() in h.weekdays and h.begin <= at < h.end)
        return next(fitting, None)

    def patience(self, contact: int) -> int | None:
        """Ticks from creation; a trace row's own holds for the first contact, or for all of a channel that keeps it."""
        issue, q, number = (self.contact[n][contact] for n in ("issue", "queue", "number"))
        if self.is_filler[issue]:
            return NEVER
        if self.row[issue] < 0:
            return None
        channel = self.facts.channel_of[q]
        n = 1 if self.facts.scenario.channels[channel].keeps_patience else number
        if n == 1 and self.of(issue, "patience") >= 0:
            return self.of(issue, "patience")
        drawn = self._draw(self.facts.scenario.queues[q].patience, issue, n, fates.PATIENCE)
        hour = self.hour(channel, max(0, self.contact["created"][contact]))
        return _times(drawn, 1.0 if hour is None else hour.patience)

    def plain(self, contact: int) -> int | None:
        """Talk and wrap-up together as drawn for the queue, without team, proficiency or hour."""
        queue = self.facts.scenario.queues[self.contact["queue"][contact]]
        both = self._work(contact, queue.work, 1.0)
        return None if both is None else sum(both)

    def work(self, contact: int, team: int, tick: int) -> tuple[int, int] | None:
        """Talk and wrap-up in ticks of a touch that an agent of the team begins at a tick."""
        q = self.contact["queue"][contact]
        own = self.by_team(self.facts.scenario.queues[q], team)
        hour = self.hour(self.facts.channel_of[q], tick)
        both = self._work(contact, own[0], 1.0 if hour is None else hour.work)
        if both is None:
            return None
        talk, wrap = (_times(part, own[2]) for part in both)
        return None if talk is None or wrap is None else (talk, wrap)

    def by_team(self, queue: Queue, team: int) -> tuple[Work, float, float]:
        """Law, chance to solve and pace in a queue while the team works."""
        name = self.facts.scenario.teams[team].name
        for own in queue.by_team:
            if own.team == name:
                return own.work, own.resolves, own.pace
        return queue.work, queue.resolves, 1.0

    def _work(self, contact: int, work: Work, factor: float) -> tuple[int, int] | None:
        issue = self.contact["issue"][contact]
        n = self.worked[contact]
        given = n == 0 and self.of(issue, "handle") >= 0
        if self.row[issue] < 0 and not self.is_filler[issue]:
            return None
        drawn = self.of(issue, "handle") if given else _times(self._draw(work.law, issue, n, fates.WORK), factor)
        if drawn is None:
            return None
        wrap: int | None
        if given and self.of(issue, "wrap") >= 0:
            wrap = self.of(issue, "wrap")
        elif work.wrap_law is None:
            wrap = round(drawn * work.wrap_share)
        else:
            wrap = _times(self._draw(work.wrap_law, issue, n, fates.WRAP_UP), factor)
        if wrap is None:
            return None
        if given or work.wrap_inside:
            wrap = min(wrap, drawn)
            drawn -= wrap
        return drawn, wrap


def _times(ticks: int | None, factor: float) -> int | None:
    """Whole ticks times a factor, halves to the even one; never stays never."""
    if ticks is None or ticks == NEVER or factor == 1.0:
        return ticks
    return round(ticks * factor)
