"""A policy of the user asked once more, about the desk as the audit has reconstructed it from the journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from supportsim.engine.audit_facts import Facts
from supportsim.engine.policy import Policy
from supportsim.engine.seen import SEEN
from supportsim.scenario.model import Channel
from supportsim.scenario.policies import POLICIES
from supportsim.scenario.ticks import NEVER

if TYPE_CHECKING:
    from supportsim.engine.audit_desk import Desk

Column = Callable[[int], Any]


class _Row:
    """A row of a table: each column is worked out when it is read."""

    def __init__(self, columns: dict[str, Column], row: int) -> None:
        self.__dict__["_columns"], self.__dict__["_row"] = columns, row

    def __getattr__(self, name: str) -> Any:
        return self._columns[name](self._row)


class _Table:
    def __init__(self, columns: dict[str, Column], rows: int) -> None:
        self.columns, self.rows = columns, rows

    def __getitem__(self, row: int) -> _Row:
        return _Row(self.columns, row)

    def __len__(self) -> int:
        return self.rows


class OwnPolicy:
    """The tables of seen.py over the audit's desk, and the policy that reads them."""

    def __init__(self, policy: Policy, facts: Facts, desk: Desk) -> None:
        self.policy, self.facts, self.desk = policy, facts, desk
        self.issues = self._table("issues", self._of_issues(), 0)
        self.contacts = self._table("contacts", self._of_contacts(), 0)
        self.touches = self._table("touches", self._of_touches(), 0)
        self.queues = self._table("queues", self._of_queues(), len(facts.scenario.queues))
        self.channels = self._table("channels", self._of_channels(), len(facts.scenario.channels))
        self.agents = self._table("agents", self._of_agents(), len(facts.people))
        self.teams = self._table("teams", self._of_teams(), len(facts.scenario.teams))
        many = len(facts.scenario.queues)
        ranked = {"rank": lambda k: self._rank(k // many, k % many), "queue": lambda k: k % many}
        self.ranked = self._table("ranked", ranked, 0)
        served = {"value": lambda k: k if k // many in facts.asked[k % many] else -1}
        self.places = self._table("places", served, 0)
        self.world = self._table("world", {"key": lambda _: _signed(desk.drawn.world)}, 0)

    def key(self, agent: int, row: int, tick: int) -> float:
        """What the policy says of a touch and the agent who would take it."""
        return 0.0 + self.policy.function(self, agent, row, tick)

    @staticmethod
    def _table(name: str, columns: dict[str, Column], rows: int) -> _Table:
        assert list(columns) == list(SEEN[name]), name
        return _Table(columns, rows)

    def _rank(self, team: int, q: int) -> int:
        scenario = self.facts.scenario
        queue = scenario.queues[q]
        place = scenario.teams[team].places[q]
        return POLICIES[scenario.policy].rank(place, queue.priority_class, queue.figure_class)

    # ------------------------------------------------------------ customers

    def _of_issues(self) -> dict[str, Column]:
        issues, drawn = self.facts.journal.issues, self.desk.drawn
        columns: dict[str, Column] = {"asked": _of(issues["asked"].tolist()), "key": lambda i: _signed(drawn.key[i])}
        columns |= {name: _of(issues[name].tolist()) for name in ("stream", "segment", "topic", "customer")}
        return columns | {
            "contacts": lambda i: sum(self.desk.came[c] for c in self.desk.dues.earlier[i]),
            "worked": self._worked,
            "handle": lambda i: drawn.of(i, "handle"),
        }

    def _worked(self, issue: int) -> int:
        """Touches of the issue whose talk has come to its end."""
        rows = [row for c in self.desk.dues.earlier[issue] for row in self._stretches(c)]
        ended = self.desk.touch["talk_ended"]
        return sum(self.desk.state[row] in ("wrap", "over") and ended[row] != NEVER for row in rows)

    def _stretches(self, contact: int) -> list[int]:
        found, row = [], self.desk.contact["row"][contact]
        while row >= 0:
            found.append(row)
            row = self.facts.resumed.get(row, -1)
        return found

    def _of_contacts(self) -> dict[str, Column]:
        contact = self.desk.contact
        names = ("issue", "number", "kind", "channel", "queue", "created", "patience")
        return {name: _of(contact[name]) for name in names} | {
            "answered": lambda c: contact["answered"][c] if self._state(c) not in ("", "waits") else NEVER,
            "left": lambda c: NEVER if self._is_open(c) else contact["left"][c],
            "outcome": lambda c: 0 if self._is_open(c) else contact["outcome"][c],
            "talk": self._talk,
            "before": lambda c: max((b for b in self.desk.dues.earlier[contact["issue"][c]] if b < c), default=-1),
        }

    def _state(self, contact: int) -> str:
        """Of its first stretch."""
        row = self.desk.contact["row"][contact]
        return self.desk.state[row] if row >= 0 else "over"

    def _is_open(self, contact: int) -> bool:
        """Whether it waits, or its work may still be going on."""
        return any(self.desk.state[row] in ("", "waits", "talk") for row in self._stretches(contact)[-1:])

    def _talk(self, contact: int) -> int:
        """Work of the talk still to do of a contact that waits; -1 if it was never begun."""
        waits = [row for row in self._stretches(contact) if self.desk.state[row] in ("", "waits")][:1]
        before = self.desk.amounts.before.get(waits[0], -1) if waits else -1
        return self.desk.amounts.remaining[before] if before >= 0 else -1

    def _of_touches(self) -> dict[str, Column]:
        touch = self.desk.touch
        columns: dict[str, Column] = {name: _of(touch[name]) for name in ("contact", "queue", "entered", "joined")}
        return columns | {"touch": _of(touch["touch"]), "starved": _of(self.desk.starved)}

    # ------------------------------------------------------------ the desk

    def _of_queues(self) -> dict[str, Column]:
        queues, desk = self.facts.scenario.queues, self.desk
        return {
            "channel": _of(self.facts.channel_of),
            "head": lambda q: next((place[3] for place in desk.places(q)), -1),
            "priority_class": lambda q: queues[q].priority_class,
            "rate": lambda q: queues[q].rate,
            "bonus": lambda q: 100 * queues[q].bonus,
        }

    def _of_channels(self) -> dict[str, Column]:
        desk, of = self.desk, self.facts.channel_of

        def stated(limit: Callable[[Channel], int | None]) -> Column:
            found = [limit(channel) for channel in self.facts.scenario.channels]
            return _of([NEVER if value is None else value for value in found])

        return {
            "kind": lambda c: int(not self.facts.live[c]),
            "is_open": lambda c: int(not desk.is_shut[c]),
            "waiting": lambda c: sum(many for q, many in enumerate(desk.waiting) if of[q] == c),
            "lines": stated(lambda channel: channel.lines),
            "waiting_room": stated(lambda channel: channel.waiting_room),
            "wait_limit": stated(lambda channel: channel.wait_limit),
            "interruptible": stated(lambda channel: int(channel.interruptible)),
        }

    def _of_agents(self) -> dict[str, Column]:
        people = self.desk.people
        return {
            "team": _of(people.team),
            "in_hand": lambda a: len(people.hands[a]),
            "held": _of(people.held),
            "changed": _of(people.since),
            "shift_end": _of(people.until),
        }

    def _of_teams(self) -> dict[str, Column]:
        people = self.desk.people
        return {"present": _of(people.there), "idle": lambda t: len(people.idle[t])}


def _signed(key: int) -> int:
    return int(key) - (int(key) >> 63 << 64)


def _of(column: Sequence[Any]) -> Column:
    return column.__getitem__
