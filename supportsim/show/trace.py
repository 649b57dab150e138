"""One replication, or one customer, told in words: what `supportsim trace` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from supportsim.engine.clocks import play
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES, SPANS, Journal
from supportsim.engine.layout import Layout
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, MINUTE, NEVER, SECOND

Entry = tuple[int, int, str]  # tick, order within the tick, sentence

_TURNED_AWAY = {"busy": "hears busy", "closed": "finds it closed"}
_LEFT = {
    "abandoned": "gives up and hangs up",
    "disconnected": "is cut off",
    "timed_out": "is cut off by the wait limit",
    "withdrew": "takes it back",
}
_ASIDE = {"put_down": "puts it down", "interrupted": "lays it aside for a live contact"}
_STATES = {
    "gave_up": "gives up for good",
    "unserved": "is offered nothing",
    "cut": "would come back, but no issue is followed so far",
}
_BEGINS = {
    "absent": "does not come",
    "available": "is open to work",
    "break_due": "has a break due, takes nothing new",
    "break_paid": "goes on a paid break",
    "break_unpaid": "goes on an unpaid break",
    "block": "goes off the desk",
    "overtime": "has finished the shift, not the work",
    "break_lost": "never had a break that was due",
}


def duration(ticks: int) -> str:
    """A duration as people say it: 45 s, 6 min 30 s, 2 h 5 min."""
    seconds = round(ticks / SECOND)
    if seconds < 60:
        return f"{ticks / SECOND:.3g} s" if 0 < ticks < 10 * SECOND else f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s" if seconds % 60 else f"{seconds // 60} min"
    hours, minutes = divmod(round(ticks / MINUTE), HOUR // MINUTE)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


class Teller:
    """Sentences about one journal."""

    def __init__(self, layout: Layout, journal: Journal) -> None:
        self.layout, self.journal = layout, journal
        self.scenario = layout.scenario
        self.moved_back = set(_moved_back(journal))

    def issue_name(self, row: Any) -> str:
        scenario = self.scenario
        stream = scenario.streams[row["stream"]]
        if stream.kind == "endless":
            return f"a piece of filler ({stream.name})"
        segment, topic = scenario.segments[row["segment"]].name, scenario.topics[row["topic"]].name
        who = "an anonymous customer" if row["customer"] < 0 else f"customer {row['customer']}"
        return f"{who} of {segment} has a {topic} issue ({stream.name})"

    def issue(self, i: int) -> Iterator[Entry]:
        """An issue arises; how it ends, if nothing else tells it."""
        row = self.journal.issues[i]
        yield max(int(row["asked"]), 0), 0, f"issue {i}: {self.issue_name(row)}"
        state = ISSUE_STATES[row["state"]]
        if state in _STATES and row["ended"] < NEVER:
            yield int(row["ended"]), 9, f"issue {i}: {_STATES[state]}"

    def contact(self, c: int) -> Iterator[Entry]:
        """A contact reaches its channel, and how it ends."""
        row = self.journal.contacts[c]
        channel, outcome = self.scenario.channels[row["channel"]].name, OUTCOMES[row["outcome"]]
        name = f"issue {row['issue']}"
        begin = max(int(row["created"]), 0)
        kind = CONTACT_KINDS[row["kind"]]
        if kind == "filler":
            if outcome == "solved":
                yield int(row["left"]), 6, f"{name}: this piece of filler is done"
            return
        yield begin, 1, f"{name}: {kind} contact {row['number']}, by {channel}"
        if outcome in _TURNED_AWAY:
            yield begin, 2, f"{name}: {_TURNED_AWAY[outcome]}"
        if outcome in _LEFT:
            waited = duration(int(row["left"]) - int(row["created"]))
            yield int(row["left"]), 4, f"{name}: {_LEFT[outcome]} after {waited}"
        if outcome in ("solved", "unresolved"):
            ending = "solved" if outcome == "solved" else "not solved"
            yield int(row["left"]), 6, f"{name}: the {channel} contact is over, {ending}"

    def stretch(self, t: int) -> Iterator[Entry]:
        """An agent takes it, lays it aside, is done with it."""
        row = self.journal.touches[t]
        if row["started"] >= NEVER:
            return
        name = f"issue {self.journal.contacts[row['contact']]['issue']}"
        agent = self.layout.agents[row["agent"]].name
        waited = int(row["started"] - row["joined"])
        after = f"after a wait of {duration(waited)}" if waited else "at once"
        hands = f", {row['in_hand']} in hand" if row["in_hand"] > 1 else ""
        yield int(row["started"]), 3, f"{name}: {agent} takes it {after}{hands}"
        how = ENDINGS[row["how"]]
        if how in _ASIDE:
            channel = self.journal.contacts[row["contact"]]["channel"]
            speeds = self.scenario.channels[channel].speeds
            rest = duration(int(row["remaining"]) // (speeds[0] if speeds else 1))
            yield int(row["ended"]), 2, f"{name}: {agent} {_ASIDE[how]}, {rest} of work left"
        if how == "worked" and row["ended"] > row["talk_ended"]:
            yield int(row["ended"]), 7, f"{name}: {agent} has wrapped up"

    def span(self, p: int) -> Iterator[Entry]:
        """An agent's day."""
        row = self.journal.presence[p]
        what, agent = SPANS[row["what"]], self.layout.agents[row["agent"]]
        until = "" if what == "break_lost" else f" (until {self.clock(int(row['end']))})"
        own, team = agent.team, int(row["team"])
        as_whom = ""
        if what in ("available", "break_due") and (team != own or p in self.moved_back):
            as_whom = f", working as {self.scenario.teams[team].name}" if team != own else ", with his own team again"
        yield int(row["begin"]), 8, f"{agent.name} {_BEGINS[what]}{as_whom}{until}"

    def clock(self, tick: int) -> str:
        return f"{self.layout.timeline.local(tick):%H:%M:%S}"

    def lines(self, entries: list[Entry]) -> Iterator[str]:
        """Entries in the order of time, a heading per day."""
        today = None
        for tick, _, sentence in sorted(entries):
            local = self.layout.timeline.local(tick)
            if local.date() != today:
                today = local.date()
                yield f"{today:%A %d %B %Y}"
            fraction = f".{local.microsecond:06d}".rstrip("0").rstrip(".")
            yield f"  {local:%H:%M:%S}{fraction}  {sentence}"


def _moved_back(journal: Journal) -> Iterator[int]:
    """Rows of presence that follow at once on work for another team."""
    table = journal.presence
    ended = {(int(row["agent"]), int(row["end"])): int(row["team"]) for row in table if row["begin"] < row["end"]}
    for p, row in enumerate(table):
        if ended.get((int(row["agent"]), int(row["begin"])), int(row["team"])) != row["team"]:
            yield p


def entries(teller: Teller, issue: int | None) -> list[Entry]:
    """All that happened, or all that happened to one issue."""
    journal = teller.journal
    issues = range(len(journal.issues)) if issue is None else [issue]
    mine = np.isin(journal.contacts["issue"], issues)
    contacts = np.flatnonzero(mine)
    stretches = np.flatnonzero(np.isin(journal.touches["contact"], contacts))
    found = [e for i in issues for e in teller.issue(int(i))]
    found += [e for c in contacts for e in teller.contact(int(c))]
    found += [e for t in stretches for e in teller.stretch(int(t))]
    if issue is None:
        found += [e for p in range(len(journal.presence)) for e in teller.span(p)]
    return found


def tell(scenario: Scenario, seed: int = 1, replication: int = 1, issue: int | None = None) -> Iterator[str]:
    """The lines of one replication's story, or of one issue (its number; IndexError if there is none)."""
    layout = Layout(scenario)
    journal = play(layout, seed, replication)
    if issue is not None and not 0 <= issue < len(journal.issues):
        raise IndexError(f"there are issues 0 to {len(journal.issues) - 1} in this replication, not {issue}")
    teller = Teller(layout, journal)
    yield f"{scenario.name}, seed {seed}, replication {replication}: {len(journal.issues)} issues"
    yield from teller.lines(entries(teller, issue))
    if issue is not None and journal.issues[issue]["ended"] >= NEVER:
        yield "  still open at the end"
