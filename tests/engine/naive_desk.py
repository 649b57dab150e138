"""The naive desk: a second implementation of docs/model.md, slow and plain, against which the engine is held.

`naive(scenario, seed, replication)` plays one replication and leaves the same journal, row for row.  Shared with
the engine are the fates, the laws, the issues of a replication and calendars; nothing of `supportsim.engine` but
the columns of the journal.
"""

from __future__ import annotations

import heapq
from dataclasses import replace
from functools import partial

from naive_customers import Customers
from naive_floor import Act
from naive_journal import journal
from naive_state import Issue

from supportsim.demand.issues import Demand
from supportsim.engine.journal import Journal
from supportsim.engine.policy import Policy
from supportsim.scenario.model import Scenario


def naive(scenario: Scenario, seed: int, replication: int, policy: Policy | None = None) -> Journal:
    """Play one replication, with a policy of the user if there is one."""
    desk = Desk(scenario, seed, replication)
    desk.own = policy
    return journal(desk.play(), seed, replication)


class Desk(Customers):
    """Everything together: the list of events is taken in the order of section 9."""

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        super().__init__(scenario, seed, replication)
        self.issues = issues(scenario, self, seed, replication)
        for issue in self.issues:
            self.at(max(issue.asked, 0), (11, issue.row), partial(self.arises, issue))
        for place, hours in enumerate(self.hours):
            for tick in hours.ends:
                if tick >= 0:
                    self.at(tick, (0, 0, place), partial(self.channel_closes, place))
            for tick in hours.begins:
                if tick >= 0:
                    self.at(tick, (0, 1, place), partial(self.channel_opens, place))

    def play(self) -> Desk:
        """Take the events in order until the horizon."""
        while self.events and self.events[0][0] < self.end:
            tick, _, _, act, valid = heapq.heappop(self.events)
            if not valid():
                continue
            if self.now < self.timeline.counted_to <= tick and self.is_empty():
                self.end = self.timeline.counted_to
                break
            self.now = tick
            self.happen(act)
            if tick >= self.timeline.counted_to and self.is_empty():
                self.end = min(self.end, tick + 1)
        else:
            if self.now < self.timeline.counted_to and self.is_empty():
                self.end = self.timeline.counted_to
        return self

    def happen(self, act: Act) -> None:
        """One event: the desk first, then teams that stop draining, then customers."""
        drained = self.draining()
        act()
        while stopped := [team for team in drained if team not in self.draining()]:
            self.supply_grows(stopped[0])
            drained.remove(stopped[0])
        while self.going_on:
            self.goes_on(self.going_on.pop(0))

    def is_empty(self) -> bool:
        """Whether `until empty` is reached: all issues of counted time and before are done with, wrap-up included."""
        if not self.scenario.times.run_out_until_empty:
            return False
        if any(i.state == "open" for i in self.issues if i.asked < self.timeline.counted_to):
            return False
        inside = (s.touch.contact.issue for s in self.stretches if s.phase in ("wait", "talk", "wrap"))
        return not any(i.asked < self.timeline.counted_to and not i.filler for i in inside)


def issues(scenario: Scenario, desk: Customers, seed: int, replication: int) -> list[Issue]:
    """The issues of demand, in their order; filler comes later."""
    kept = [place for place, stream in enumerate(scenario.streams) if stream.kind != "endless"]
    parts = tuple(thin for thin in scenario.thinned if thin.share < 1)  # whose issues are nested is a rule of demand
    without = replace(scenario, streams=tuple(scenario.streams[i] for i in kept), thinned=parts)
    found: list[Issue] = []
    for one in Demand(without, desk.timeline).draw(seed, replication):
        asked, key, stream, segment, topic, channel, customer, aht, handle, wrap, patience, _ = one.tolist()
        if not all_gone(scenario, (segment, topic, channel)):
            rest = (customer, aht, handle, wrap, patience)
            found.append(Issue(len(found), asked, key, kept[stream], segment, topic, channel, *rest))
    return found


def all_gone(scenario: Scenario, where: tuple[int, int, int]) -> bool:
    """Whether all issues of a segment, a topic and a channel that the stream or row names (-1: none) are taken away."""
    named = {"segment": scenario.segments, "topic": scenario.topics, "channel": scenario.channels}
    names = {kind: things[at].name for (kind, things), at in zip(named.items(), where, strict=True) if at >= 0}
    return any(thin.share == 1 and names.get(thin.kind) == thin.name for thin in scenario.thinned)
