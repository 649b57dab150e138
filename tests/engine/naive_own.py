"""A policy of the user on the naive desk: the tables of docs/policies.md as properties of its plain objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import naive_rules
from naive_state import Agent, Stretch, World

from supportsim.engine.policy import Policy
from supportsim.scenario.policies import POLICIES
from supportsim.scenario.ticks import NEVER

Columns = dict[str, Callable[[Any], Any]]


class Row:
    """A thing, and what each column says of it."""

    def __init__(self, columns: Columns, thing: Any) -> None:
        self.__dict__["_columns"], self.__dict__["_thing"] = columns, thing

    def __getattr__(self, name: str) -> Any:
        return self._columns[name](self._thing)


class Rows:
    """A table; `found` gives the thing in a row."""

    def __init__(self, found: Callable[[int], Any], many: int = 0, **columns: Callable[[Any], Any]) -> None:
        self.found, self.many, self.columns = found, many, columns

    def __getitem__(self, row: int) -> Row:
        return Row(self.columns, self.found(row))

    def __len__(self) -> int:
        return self.many


class Seen:
    """The tables of the desk, as far as the policies of the tests read them here."""

    def __init__(self, world: World) -> None:
        queues, teams, everybody = world.scenario.queues, world.scenario.teams, {}
        many = len(queues)
        self.world = Rows(lambda _: world, key=lambda w: _signed(w.world))
        self.touches = Rows(
            lambda row: world.stretches[row], contact=lambda s: s.touch.contact.row, queue=lambda s: s.queue,
            entered=lambda s: s.touch.entered, starved=lambda s: s.starved,
        )  # fmt: skip
        self.contacts = Rows(
            lambda row: world.contacts[row], issue=lambda c: everybody.setdefault(id(c.issue), c.issue) and id(c.issue),
            number=lambda c: c.number, channel=lambda c: c.channel,
        )  # fmt: skip
        self.issues = Rows(lambda i: everybody[i], segment=lambda i: i.segment, key=lambda i: _signed(i.key))
        self.agents = Rows(
            lambda row: world.agents[row], team=lambda a: a.works_for, in_hand=lambda a: len(a.hands),
            shift_end=lambda a: a.day.end if a.day else NEVER,
        )  # fmt: skip
        self.queues = Rows(
            lambda q: queues[q], many, priority_class=lambda q: q.priority_class, rate=lambda q: q.rate,
            bonus=lambda q: 100 * q.bonus,
        )  # fmt: skip
        rank = POLICIES[world.scenario.policy].rank
        self.ranked = Rows(
            lambda k: (teams[k // many], k % many),
            rank=lambda at: rank(at[0].places[at[1]], queues[at[1]].priority_class, queues[at[1]].figure_class),
        )
        asks = naive_rules.delay
        self.places = Rows(
            lambda k: k, value=lambda k: k if asks(queues[k % many], teams[k // many].name) < NEVER else -1
        )


def key(world: World, policy: Policy, agent: Agent | None, stretch: Stretch) -> tuple[float, int, int]:
    """What the policy says of a touch and the agent who would take it, then the longest wait."""
    touch = stretch.touch
    who = agent or naive_rules.find_agent(world, touch.contact, touch.entered)
    assert who is not None
    worth = policy(Seen(world), who.row, stretch.row, world.now)
    return worth, touch.entered, touch.row


def compared(policy: Policy, able: list[Stretch]) -> list[Stretch]:
    """All of them, or the first of each queue."""
    if policy.inside_queues:
        return able
    first: dict[int, Stretch] = {}
    for s in sorted(able, key=lambda s: (s.touch.entered, s.touch.row)):
        first.setdefault(s.queue, s)
    return list(first.values())


def _signed(key: Any) -> int:
    return int(key) - (int(key) >> 63 << 64)
