"""The journal of a play of the naive desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from naive_leaving import Leaving
from naive_state import World

from supportsim.engine.journal import (
    CONTACT_KINDS,
    CONTACTS,
    CUSTOMERS,
    ENDINGS,
    ISSUE_STATES,
    ISSUES,
    OUTCOMES,
    PRESENCE,
    SPANS,
    TOUCHES,
    Journal,
)


def journal(world: World, seed: int, replication: int) -> Journal:
    """The tables."""
    everything = [i for i in world.issues if i.asked < world.end] + world.fillers
    place = {issue: row for row, issue in enumerate(everything)}
    issues = (
        (i.asked, i.key, i.stream, i.segment, i.topic, ISSUE_STATES.index(i.state), i.customer, i.contacts, i.worked,
         i.ended)
        for i in everything
    )  # fmt: skip
    contacts = (
        (place[c.issue], c.number, CONTACT_KINDS.index(c.kind), c.channel, c.queue, c.created, c.patience, c.answered,
         c.left, OUTCOMES.index(c.outcome), c.first_row)
        for c in world.contacts
    )  # fmt: skip
    touches = (
        (s.touch.contact.row, s.touch.row, s.queue, s.agent.row if s.agent else -1, s.joined, s.touch.entered,
         s.started, s.talk_ended, s.ended, s.remaining, s.in_hand, ENDINGS.index(s.how), s.starved)
        for s in world.stretches
    )  # fmt: skip
    tables = _table(issues, ISSUES), _table(contacts, CONTACTS), _table(touches, TOUCHES), _presence(world)
    return Journal(*tables, world.end, seed, replication, _customers(world))


def _customers(world: World) -> Any:
    if not isinstance(world, Leaving) or not world.thresholds:
        return None
    rows = (
        (s, c, world.clock_begins(s, c), world.leaves_at(s, c, world.end - 1))
        for s, everybody in world.thresholds.items()
        for c in range(len(everybody))
    )
    return _table(rows, CUSTOMERS)


def _presence(world: World) -> Any:
    rows = [(s.agent, SPANS.index(s.what), s.team, s.begin, min(s.end, world.end)) for s in world.presence]
    lost = SPANS.index("break_lost")
    return _table((row for row in rows if row[3] < row[4] or row[1] == lost), PRESENCE)


def _table(rows: Iterable[tuple[Any, ...]], dtype: np.dtype[Any]) -> Any:
    found = list(rows)
    table = np.zeros(len(found), dtype=dtype)
    for name, column in zip(dtype.names or (), zip(*found, strict=True), strict=bool(found)):
        table[name] = column
    table.setflags(write=False)
    return table
