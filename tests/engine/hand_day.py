"""A hundred minutes at a small desk, worked by hand: the scenario and the journal that has to come out.

Agents: 0 answers phone, then tickets (shift 0-50, break of 5 min at 20); 1 and 2 chats and tickets, always there;
3 and 4 chats when 1 and 2 cannot (shift 82-88, break of 1 min at 87; 4 is absent).  The phone is open 0-60, has three
lines and two places to wait.  What happens, in minutes:

  2- 8  0 talks to the first caller until 6 and wraps up until 8.  The second (3) and third (4) wait; the fourth (5)
        finds the lines busy.  The third gives up at 7, calls again at 12, gives up at 15.
  8-18  0 serves the second caller until 12, then the fifth (10) until 18.
 19-28  0 serves the sixth until 22, wraps up until 23; his break, due at 20, lasts 23-28.
 30-40  chats: 30 goes to 1, 31 to 2, 32 to 1 (one in hand as long as 2 but longer).
 33-61  a ticket: 1 and 2 hold chats, so 0 takes it; he puts it down at 50 with 10 min left; 2, idle since 36, finishes
        it at 60 and wraps up until 61.
 45-60  a caller waits; nobody answers phone after 50, so the line is cut at closing.
 52-..  tickets: 52 goes to 1 until 70; 55 withdraws at 59; 56 waits for 2 (61-66), 57 as well (66-).
    65  a caller finds the phone closed and means to come when it opens.
 72-93  a bug as a ticket, not solved by 1 at 80; comes again at 85, is not solved at 93, and that was the last try.
 86-92  a chat goes to 3, who talks until 91 and wraps up until 92: overtime from 88.  His break is lost.
 89-..  a ticket waits until 95 because the chat that came at 90 is of a better class: 1 serves it 93-95.
"""

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
from supportsim.scenario.ticks import HOUR, MINUTE, NEVER

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
N = NEVER
PHONE, CHAT, TICKET = 0, 1, 2
# asked, channel, is a bug, handle, wrap, patience
ASKED = (
    (2, PHONE, 0, 6, 2, N), (3, PHONE, 0, 4, 0, 10), (4, PHONE, 0, 5, 0, 3), (5, PHONE, 0, 5, 0, N),
    (10, PHONE, 0, 6, 0, 30), (19, PHONE, 0, 4, 1, N), (30, CHAT, 0, 10, 0, N), (31, CHAT, 0, 5, 0, N),
    (32, CHAT, 0, 2, 0, N), (33, TICKET, 0, 28, 1, N), (45, PHONE, 0, 5, 0, N), (52, TICKET, 0, 18, 0, N),
    (55, TICKET, 0, 5, 0, 4), (56, TICKET, 0, 5, 0, N), (57, TICKET, 0, 60, 0, N), (65, PHONE, 0, 5, 0, N),
    (72, TICKET, 1, 8, 0, N), (86, CHAT, 0, 6, 1, N), (89, TICKET, 0, 10, 0, N), (90, CHAT, 0, 2, 0, N),
)  # fmt: skip
# issue, number, kind, created, patience, answered, left, outcome, first row of touches
CAME = (
    (0, 1, "first", 2, N, 2, 6, "solved", 0), (1, 1, "first", 3, 10, 8, 12, "solved", 1),
    (2, 1, "first", 4, 3, N, 7, "abandoned", 2), (3, 1, "first", 5, N, N, 5, "busy", -1),
    (4, 1, "first", 10, 30, 12, 18, "solved", 3), (2, 2, "redial", 12, 3, N, 15, "abandoned", 4),
    (5, 1, "first", 19, N, 19, 22, "solved", 5), (6, 1, "first", 30, N, 30, 40, "solved", 6),
    (7, 1, "first", 31, N, 31, 36, "solved", 7), (8, 1, "first", 32, N, 32, 34, "solved", 8),
    (9, 1, "first", 33, N, 33, 60, "solved", 9), (10, 1, "first", 45, N, N, 60, "disconnected", 10),
    (11, 1, "first", 52, N, 52, 70, "solved", 12), (12, 1, "first", 55, 4, N, 59, "withdrew", 13),
    (13, 1, "first", 56, N, 61, 66, "solved", 14), (14, 1, "first", 57, N, 66, N, "open", 15),
    (15, 1, "first", 65, N, N, 65, "closed", -1), (16, 1, "first", 72, N, 72, 80, "unresolved", 16),
    (16, 2, "repeat", 85, N, 85, 93, "unresolved", 17), (17, 1, "first", 86, N, 86, 91, "solved", 18),
    (18, 1, "first", 89, N, 95, N, "open", 19), (19, 1, "first", 90, N, 93, 95, "solved", 20),
)  # fmt: skip
# contact, agent, joined, started, talk ended, ended, in hand, how
WORK = (
    (0, 0, 2, 2, 6, 8, 1, "worked"), (1, 0, 3, 8, 12, 12, 1, "worked"), (2, -1, 4, N, N, 7, 0, "abandoned"),
    (4, 0, 10, 12, 18, 18, 1, "worked"), (5, -1, 12, N, N, 15, 0, "abandoned"), (6, 0, 19, 19, 22, 23, 1, "worked"),
    (7, 1, 30, 30, 40, 40, 1, "worked"), (8, 2, 31, 31, 36, 36, 1, "worked"), (9, 1, 32, 32, 34, 34, 2, "worked"),
    (10, 0, 33, 33, N, 50, 1, "put_down"), (11, -1, 45, N, N, 60, 0, "disconnected"),
    (10, 2, 50, 50, 60, 61, 1, "worked"), (12, 1, 52, 52, 70, 70, 1, "worked"), (13, -1, 55, N, N, 59, 0, "withdrew"),
    (14, 2, 56, 61, 66, 66, 1, "worked"), (15, 2, 57, 66, N, N, 1, "open"), (17, 1, 72, 72, 80, 80, 1, "worked"),
    (18, 1, 85, 85, 93, 93, 1, "worked"), (19, 3, 86, 86, 91, 92, 1, "worked"), (20, 1, 89, 95, N, N, 1, "open"),
    (21, 1, 90, 93, 95, 95, 1, "worked"),
)  # fmt: skip
SPENT = (
    (0, "available", 0, 20), (0, "break_due", 20, 23), (0, "break_unpaid", 23, 28), (0, "available", 28, 50),
    (1, "available", 0, 100), (2, "available", 0, 100), (3, "available", 82, 87), (3, "break_due", 87, 88),
    (3, "break_lost", 88, 88), (3, "overtime", 88, 92), (4, "absent", 82, 88),
)  # fmt: skip
STATES = {2: ("gave_up", 15), 3: ("gave_up", 5), 10: ("gave_up", 60), 12: ("gave_up", 59), 14: ("open", N),
          15: ("open", N), 16: ("gave_up", 93), 18: ("open", N)}  # fmt: skip


def ticks(minutes: int) -> int:
    """Minutes as ticks; NEVER stays."""
    return minutes if minutes == NEVER else minutes * MINUTE


def scenario() -> model.Scenario:
    """The desk, with a trace of the twenty issues."""
    always = model.Calendar("always", ((),) * 7, always=True)
    office = model.Calendar("office", (((0, HOUR),),) * 7)
    delay = model.Law("constant", (float(5 * MINUTE),))
    now = model.Law("constant", (0.0,))
    channels = (
        model.Channel("phone", "live", office, lines=3, waiting_room=2, after=(
            model.After("abandoned", 1.0, 0.0, 0.0, 0.0, delay, 2),
            model.After("closed", 0.0, 1.0, 0.0, 0.0, now, None))),
        model.Channel("chat", "live", always, concurrency=2),
        model.Channel("ticket", "deferred", always, at_shift_end="put_down", after=(
            model.After("unresolved", 1.0, 0.0, 0.0, 0.0, delay, 2),)),
    )  # fmt: skip
    steps = {"phone": (("callers",),), "chat": (("desk",), ("helpers",)), "ticket": (("desk",), ("callers",))}
    # The rows of the trace speak of first contacts; the laws give the third caller and the bug the same again.
    work = model.Work(model.Law("constant", (float(8 * MINUTE),)))
    patience = {"phone": model.Law("constant", (float(3 * MINUTE),))}
    queues = tuple(
        model.Queue(
            c.name, "all", topic, work, patience.get(c.name, model.NEVER_LAW), float(topic != "bug"), rank,
            steps[c.name],
        )
        for rank, c in enumerate(channels)
        for topic in ("ask", "bug")
    )  # fmt: skip
    lunch, tea = (model.Break(n * MINUTE, False, at * MINUTE, at * MINUTE) for n, at in ((5, 20), (1, 87)))
    day = model.Shift("day", EVERY_DAY, 0, 50 * MINUTE, 1, (lunch,))
    peak = model.Shift("peak", EVERY_DAY, 82 * MINUTE, 88 * MINUTE, 2, (tea,))
    teams = (
        model.Team("callers", ("phone", "ticket"), (0, 0, -1, -1, 1, 1), None, (day,)),
        model.Team("desk", ("chat", "ticket"), (-1, -1, 0, 0, 1, 1), 2, ()),
        model.Team("helpers", ("chat",), (-1, -1, 0, 0, -1, -1), None, (peak,), absence=0.5),
    )
    return model.Scenario(
        name="hand day", title="A day worked by hand", currency="EUR", interval=30 * MINUTE,
        times=model.Times(date(2026, 3, 2), "UTC", 0, 100 * MINUTE),
        segments=(model.Segment("all", None, plans=(model.PlanShare("p", 1.0),)),),
        topics=(model.Topic("ask"), model.Topic("bug")), channels=channels,
        plans=(model.Plan("p", (model.PlanStep("phone", 1.0),)),), queues=queues, teams=teams, profiles=(),
        streams=(model.Stream("rows", "trace", "all", "ask", trace=_trace()),), busyness=model.Busyness(),
        promises=(), policy="priority", classes=("phone", "chat", "ticket"),
    )  # fmt: skip


def _trace() -> model.Trace:
    asked, channel, bug, handle, wrap, patience = (np.array(column) for column in zip(*ASKED, strict=True))
    wait = np.array([ticks(int(p)) for p in patience], dtype=np.int64)
    return model.Trace(
        asked * MINUTE, np.zeros(len(ASKED), np.int32), bug.astype(np.int32), channel.astype(np.int32),
        handle * MINUTE, wrap * MINUTE, wait, sha256="hand day",
    )  # fmt: skip


def tables() -> dict[str, Any]:
    """The four tables, as arrays that may be changed."""
    issues = []
    for i, (asked, _, bug, *_) in enumerate(ASKED):
        own = [c for c in CAME if c[0] == i]
        worked = sum(w[-1] == "worked" for w in WORK if CAME[w[0]][0] == i)
        state, ended = STATES.get(i, ("solved", own[-1][6]))
        code = ISSUE_STATES.index(state)
        issues.append((ticks(asked), i, 0, 0, bug, code, -1, len(own), worked, ticks(ended)))
    contacts = [
        (i, n, CONTACT_KINDS.index(kind), ASKED[i][1], 2 * ASKED[i][1] + ASKED[i][2], *map(ticks, times),
         OUTCOMES.index(outcome), row)
        for i, n, kind, *times, outcome, row in CAME
    ]  # fmt: skip
    touches = []
    for row, (c, agent, joined, started, talked, ended, held, how) in enumerate(WORK):
        first, queue = CAME[c][-1], contacts[c][4]
        left = ticks(10) if how == "put_down" else 0
        times = (ticks(joined), ticks(CAME[c][3]), ticks(started), ticks(talked), ticks(ended))
        touches.append((c, min(first, row), queue, agent, *times, left, held, ENDINGS.index(how), 0))
    team = (0, 1, 1, 2, 2)  # of each agent
    spans = [(a, SPANS.index(what), team[a], ticks(begin), ticks(end)) for a, what, begin, end in SPENT]
    return {
        "issues": np.array(issues, ISSUES), "contacts": np.array(contacts, CONTACTS),
        "touches": np.array(touches, TOUCHES), "presence": np.array(spans, PRESENCE),
    }  # fmt: skip


def journal(**changed: Any) -> Journal:
    """The journal; `changed` replaces tables or other fields."""
    made = Journal(**tables(), end=100 * MINUTE, seed=1, replication=1)
    return replace(made, **changed)
