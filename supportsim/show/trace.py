"""One replication, or one customer, told in words: what `supportsim trace` prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.clocks import play
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES, SPANS, Journal
from supportsim.engine.layout import Layout
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, MINUTE, NEVER, SECOND


class Entry(NamedTuple):
    """A sentence and what it is sorted by: its rank within the tick, the row it speaks of, its place in a life."""

    tick: int
    rank: int
    row: int
    place: int
    sentence: str


# Ranks of one tick, causes before effects: what ends sets agents free, who is there takes what comes, a live contact
# comes before somebody lays work aside for it, and who takes work of no length is free again for work that lasts.
_OVER, _PRESENT, _PUT_DOWN, _LEAVES, _ARISES, _COMES, _TURNED, _INTERRUPTED, _BRIEFLY, _TAKEN, _FOR_GOOD = range(11)

_TURNED_AWAY = {"busy": "hears busy", "closed": "finds it closed"}
_LEFT = {
    "abandoned": "gives up and hangs up",
    "disconnected": "is cut off",
    "timed_out": "is cut off by the wait limit",
    "withdrew": "takes it back",
}
_ASIDE = {
    "put_down": (_PUT_DOWN, "puts it down"),
    "interrupted": (_INTERRUPTED, "lays it aside for a live contact"),
}
_STATES = {
    "gave_up": "gives up for good",
    "unserved": "is offered nothing",
    "unasked": "keeps it to himself",
    "gone": "has left by now: nothing more comes of it",
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

    def life(self, i: int, contacts: Iterable[int], stretches: Mapping[int, list[int]]) -> Iterator[Entry]:
        """All that happens to the customer of an issue, in order: within a tick no rank is below the one before."""
        tick = rank = 0
        for place, entry in enumerate(self._as_it_went(i, contacts, stretches)):
            rank = max(entry.rank, rank if entry.tick == tick else 0)
            tick = entry.tick
            yield entry._replace(rank=rank, place=place)

    def _as_it_went(self, i: int, contacts: Iterable[int], stretches: Mapping[int, list[int]]) -> Iterator[Entry]:
        row = self.journal.issues[i]
        yield Entry(max(int(row["asked"]), 0), _ARISES, i, 0, f"issue {i}: {self.issue_name(row)}")
        for c in contacts:
            yield from self._comes(c)
            for t in stretches.get(c, ()):
                yield from self._stretch(t)
            yield from self._leaves(c)
        state = ISSUE_STATES[row["state"]]
        if state in _STATES and row["ended"] < NEVER:
            yield Entry(int(row["ended"]), _FOR_GOOD, i, 0, f"issue {i}: {_STATES[state]}")

    def _comes(self, c: int) -> Iterator[Entry]:
        """A contact reaches its channel."""
        row = self.journal.contacts[c]
        name, outcome, kind = f"issue {row['issue']}", OUTCOMES[row["outcome"]], CONTACT_KINDS[row["kind"]]
        begin = max(int(row["created"]), 0)
        if kind != "filler":
            channel = self.scenario.channels[row["channel"]].name
            yield Entry(begin, _COMES, c, 0, f"{name}: {kind} contact {row['number']}, by {channel}")
        if outcome in _TURNED_AWAY:
            yield Entry(begin, _TURNED, c, 0, f"{name}: {_TURNED_AWAY[outcome]}")

    def _leaves(self, c: int) -> Iterator[Entry]:
        """How a contact ends that got through."""
        row = self.journal.contacts[c]
        name, outcome, left = f"issue {row['issue']}", OUTCOMES[row["outcome"]], int(row["left"])
        if outcome in _LEFT:
            waited = duration(left - int(row["created"]))
            yield Entry(left, _LEAVES, c, 0, f"{name}: {_LEFT[outcome]} after {waited}")
        elif outcome == "solved" and CONTACT_KINDS[row["kind"]] == "filler":
            yield Entry(left, _OVER, c, 0, f"{name}: this piece of filler is done")
        elif outcome in ("solved", "unresolved"):
            ending = "solved" if outcome == "solved" else "not solved"
            channel = self.scenario.channels[row["channel"]].name
            yield Entry(left, _OVER, c, 0, f"{name}: the {channel} contact is over, {ending}")

    def _stretch(self, t: int) -> Iterator[Entry]:
        """An agent takes it, and may lay it aside."""
        row = self.journal.touches[t]
        if row["started"] >= NEVER:
            return
        contact, agent = int(row["contact"]), self.layout.agents[row["agent"]].name
        name = f"issue {self.journal.contacts[contact]['issue']}"
        waited = int(row["started"] - row["joined"])
        after = f"after a wait of {duration(waited)}" if waited else "at once"
        hands = f", {row['in_hand']} in hand" if row["in_hand"] > 1 else ""
        rank = _BRIEFLY if row["ended"] == row["started"] else _TAKEN
        yield Entry(int(row["started"]), rank, contact, 0, f"{name}: {agent} takes it {after}{hands}")
        if (how := ENDINGS[row["how"]]) in _ASIDE:
            rank, words = _ASIDE[how]
            speeds = self.scenario.channels[self.journal.contacts[contact]["channel"]].speeds
            rest = duration(int(row["remaining"]) // (speeds[0] if speeds else 1))
            yield Entry(int(row["ended"]), rank, contact, 0, f"{name}: {agent} {words}, {rest} of work left")

    def wrap_up(self, t: int) -> Iterator[Entry]:
        """An agent is done with it; the customer has gone before and lives on."""
        row = self.journal.touches[t]
        if ENDINGS[row["how"]] == "worked" and row["ended"] > row["talk_ended"]:
            contact, agent = int(row["contact"]), self.layout.agents[row["agent"]].name
            name = f"issue {self.journal.contacts[contact]['issue']}"
            yield Entry(int(row["ended"]), _OVER, contact, 0, f"{name}: {agent} has wrapped up")

    def span(self, p: int) -> Iterator[Entry]:
        """An agent's day."""
        row = self.journal.presence[p]
        what, agent = SPANS[row["what"]], self.layout.agents[row["agent"]]
        until = "" if what == "break_lost" else f" (until {self.clock(int(row['end']))})"
        own, team = agent.team, int(row["team"])
        as_whom = ""
        if what in ("available", "break_due") and (team != own or p in self.moved_back):
            as_whom = f", working as {self.scenario.teams[team].name}" if team != own else ", with his own team again"
        yield Entry(int(row["begin"]), _PRESENT, p, 0, f"{agent.name} {_BEGINS[what]}{as_whom}{until}")

    def clock(self, tick: int) -> str:
        return f"{self.layout.timeline.local(tick):%H:%M:%S}"

    def lines(self, entries: list[Entry]) -> Iterator[str]:
        """Entries in the order of time, a heading per day."""
        today = None
        for entry in sorted(entries):
            local = self.layout.timeline.local(entry.tick)
            if local.date() != today:
                today = local.date()
                yield f"{today:%A %d %B %Y}"
            fraction = f".{local.microsecond:06d}".rstrip("0").rstrip(".")
            yield f"  {local:%H:%M:%S}{fraction}  {entry.sentence}"


def _moved_back(journal: Journal) -> Iterator[int]:
    """Rows of presence that follow at once on work for another team."""
    table = journal.presence
    ended = {(int(row["agent"]), int(row["end"])): int(row["team"]) for row in table if row["begin"] < row["end"]}
    for p, row in enumerate(table):
        if ended.get((int(row["agent"]), int(row["begin"])), int(row["team"])) != row["team"]:
            yield p


def _rows_of(owners: NDArray[Any], wanted: Sequence[int]) -> dict[int, list[int]]:
    """Rows of a table by their owner, of those wanted, in order."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(np.isin(owners, wanted)).tolist():
        found[int(owners[row])].append(row)
    return found


def entries(teller: Teller, issue: int | None) -> list[Entry]:
    """All that happened, or all that happened to one issue."""
    journal = teller.journal
    issues = range(len(journal.issues)) if issue is None else [issue]
    contacts = _rows_of(journal.contacts["issue"], issues)
    stretches = _rows_of(journal.touches["contact"], [c for i in issues for c in contacts.get(i, ())])
    found = [e for i in issues for e in teller.life(i, contacts.get(i, ()), stretches)]
    found += [e for own in stretches.values() for t in own for e in teller.wrap_up(t)]
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
