"""Journals and scenarios made by hand: exact, small, and without an engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from supportsim.engine.journal import (
    CONTACT_KINDS,
    CONTACTS,
    ENDINGS,
    ISSUE_STATES,
    ISSUES,
    OUTCOMES,
    PRESENCE,
    SPANS,
    TOUCHES,
    Journal,
)
from supportsim.scenario import model
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER

ALWAYS = model.Calendar("always", ((),) * 7, always=True)
OFFICE = model.Calendar("office", (((9 * HOUR, 17 * HOUR),),) * 5 + ((),) * 2)


def scenario(days: int = 1, warm_up: int = 0, run_out: int = 0, **changes: Any) -> model.Scenario:
    """One segment `customers`, one topic `general`, phone and ticket, two agents always present."""
    work = model.Work(model.Law("constant", (float(5 * MINUTE),)))
    queues = tuple(
        model.Queue(c, "customers", "general", work, model.NEVER_LAW, 1.0, i, (("desk",),))
        for i, c in enumerate(("phone", "ticket"))
    )
    base = model.Scenario(
        name="small", title="A small desk", currency="EUR", interval=30 * MINUTE,
        times=model.Times(date(2026, 3, 2), "UTC", days, 0, warm_up_days=warm_up, run_out_days=run_out),
        segments=(model.Segment("customers", None),), topics=(model.Topic("general"),),
        channels=(model.Channel("phone", "live", ALWAYS), model.Channel("ticket", "deferred", ALWAYS)),
        plans=(), queues=queues,
        teams=(model.Team("desk", ("phone", "ticket"), (0, 1), 2, (), wage_per_hour=20.0),),
        profiles=(), streams=(), busyness=model.Busyness(), promises=(), policy="priority", classes=(),
    )  # fmt: skip
    return replace(base, **changes)


def promise(name: str = "p", of: tuple[str, ...] = ("phone",), **changes: Any) -> model.Promise:
    """`answer` within 20 s on phone, judged daily, unless changed."""
    queues = tuple(channel in of for channel in ("phone", "ticket"))
    clock = "first_reply" if "ticket" in of else "answer"
    base = model.Promise(name, of, queues, clock, 20_000_000, 0.8, ALWAYS, judged="daily")
    return replace(base, **changes)


class Pen:
    """Writes a journal line by line."""

    def __init__(self, end: int = DAY) -> None:
        self.end = end
        self.issues: list[tuple[Any, ...]] = []
        self.contacts: list[tuple[Any, ...]] = []
        self.touches: list[tuple[Any, ...]] = []
        self.presence: list[tuple[Any, ...]] = []

    def issue(self, asked: int, state: str = "open", customer: int = -1, contacts: int = 0) -> int:
        """One issue; its row."""
        row = len(self.issues)
        self.issues.append((asked, row, 0, 0, 0, ISSUE_STATES.index(state), customer, contacts, 0, NEVER))
        return row

    def contact(self, created: int, outcome: str, answered: int = NEVER, left: int = NEVER, **more: Any) -> int:
        """One contact, with an issue of its own unless `issue` is given; its row."""
        issue = more.get("issue")
        if issue is None:
            state = {"solved": "solved", "open": "open", "unresolved": "open"}.get(outcome, "gave_up")
            issue = self.issue(created, state, more.get("customer", -1), 1)
        queue = more.get("queue", 0)
        number = more.get("number", 1)
        row = len(self.touches) if more.get("joined", outcome not in ("busy", "closed")) else -1
        kind = CONTACT_KINDS.index(more.get("kind", "first"))
        patience = more.get("patience", NEVER)
        code = OUTCOMES.index(outcome)
        self.contacts.append((issue, number, kind, queue, queue, created, patience, answered, left, code, row))
        return len(self.contacts) - 1

    def touch(self, contact: int, joined: int, started: int, talk_ended: int, ended: int, **more: Any) -> int:
        """One stretch; its row."""
        row = len(self.touches)
        how = ENDINGS.index(more.get("how", "worked" if started < NEVER else "abandoned"))
        agent = more.get("agent", 0 if started < NEVER else -1)
        queue = self.contacts[contact][4]
        entered, remaining = more.get("entered", joined), more.get("remaining", 0)
        self.touches.append((
            contact, more.get("touch", row), queue, agent, joined, entered, started, talk_ended, ended, remaining,
            more.get("in_hand", 1), how, more.get("starved", 0),
        ))  # fmt: skip
        return row

    def served(self, created: int, wait: int, talk: int, wrap: int = 0, **more: Any) -> int:
        """A contact answered after `wait` and solved."""
        at = created + wait
        agent = more.pop("agent", 0)
        row = self.contact(created, more.pop("outcome", "solved"), at, at + talk, **more)
        self.touch(row, created, at, at + talk, at + talk + wrap, agent=agent)
        return row

    def lost(self, created: int, wait: int, outcome: str = "abandoned", **more: Any) -> int:
        """A contact that left after `wait` unanswered."""
        row = self.contact(created, outcome, left=created + wait, patience=more.pop("patience", wait), **more)
        self.touch(row, created, NEVER, NEVER, created + wait, how=outcome)
        return row

    def waiting(self, created: int, **more: Any) -> int:
        """A contact that still waits at the end."""
        row = self.contact(created, "open", **more)
        self.touch(row, created, NEVER, NEVER, NEVER, how="open")
        return row

    def filler(self, at: int, work: int, until: int | None = None, done: bool = True, agent: int = 0) -> int:
        """A piece of filler on tickets, begun at `at`, interrupted `until` then or worked off; its row."""
        left = at + work if until is None and done else NEVER
        issue = self.issue(at, "solved" if done else "open", contacts=1)
        row = self.contact(at, "solved" if done else "open", at, left, issue=issue, queue=1, kind="filler")
        if until is None:
            self.touch(row, at, at, left, left, how="worked" if done else "open", agent=agent)
        else:
            self.touch(row, at, at, NEVER, until, how="interrupted", agent=agent, remaining=work - (until - at))
        return row

    def span(self, agent: int, what: str, begin: int, end: int, team: int = 0) -> None:
        """One span of presence."""
        self.presence.append((agent, SPANS.index(what), team, begin, end))

    def journal(self, replication: int = 1) -> Journal:
        """What was written."""
        written = (self.issues, self.contacts, self.touches, self.presence)
        dtypes = (ISSUES, CONTACTS, TOUCHES, PRESENCE)
        tables = [np.array(rows, dtype=dtype) for rows, dtype in zip(written, dtypes, strict=True)]
        return Journal(*tables, end=self.end, seed=1, replication=replication)
