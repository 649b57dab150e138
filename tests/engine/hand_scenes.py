"""Small scenes worked by hand, one for each group of rules: the scenario and the journal that has to come out.

Everything falls on whole minutes.  Each scene tells in its docstring what happens and why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from supportsim.demand import fates
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
from supportsim.scenario.ticks import MINUTE, NEVER

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
N = NEVER
ALWAYS = model.Calendar("always", ((),) * 7, always=True)
#: asked, channel, handle, wrap, patience; -1: drawn
Row = tuple[int, int, int, int, int]


def ticks(minutes: int) -> int:
    """Minutes as ticks; NEVER stays, and so does -1 (drawn)."""
    return minutes if minutes in (NEVER, -1) else minutes * MINUTE


def minutes_law(minutes: int) -> model.Law:
    """Always so many minutes."""
    return model.Law("constant", (float(minutes * MINUTE),))


@dataclass(frozen=True)
class Scene:
    """`came`: issue, number, kind, created, patience, answered, left, outcome, row.

    `work`: contact, agent, joined, started, talk ended, ended, remaining (an amount, in minutes times speed), in
    hand, how, starved.  `spent`: agent, what, team, begin, end.  `states`: of issues that are not solved.
    """

    scenario: model.Scenario
    came: tuple[Any, ...]
    work: tuple[Any, ...]
    spent: tuple[Any, ...]
    states: dict[int, tuple[str, int]]
    end: int

    def tables(self) -> dict[str, Any]:
        """The four tables, as arrays that may be changed."""
        contacts = [
            (i, n, CONTACT_KINDS.index(kind), *self._place(i), *map(ticks, times), OUTCOMES.index(outcome), row)
            for i, n, kind, *times, outcome, row in self.came
        ]
        touches = []
        for row, (c, agent, joined, started, talked, ended, left, held, how, starved) in enumerate(self.work):
            first, queue, created = self.came[c][-1], contacts[c][4], self.came[c][3]
            times = tuple(ticks(t) for t in (joined, created, started, talked, ended, left))
            touches.append((c, min(first, row), queue, agent, *times, held, ENDINGS.index(how), starved))
        spans = [(a, SPANS.index(what), team, ticks(begin), ticks(end)) for a, what, team, begin, end in self.spent]
        return {
            "issues": np.array(self._issues(), ISSUES), "contacts": np.array(contacts, CONTACTS),
            "touches": np.array(touches, TOUCHES), "presence": np.array(spans, PRESENCE),
        }  # fmt: skip

    def journal(self, **changed: Any) -> Journal:
        """The journal; `changed` replaces tables or other fields."""
        made = Journal(**self.tables(), end=self.end * MINUTE, seed=1, replication=1)
        return replace(made, **changed)

    def _place(self, issue: int) -> tuple[int, int]:
        """Channel and queue of an issue: there is one queue per channel; filler is of the last."""
        rows = self._rows()
        channel = rows[issue] if issue < len(rows) else len(self.scenario.channels) - 1
        return channel, channel

    def _rows(self) -> list[int]:
        trace = self.scenario.streams[0].trace
        assert trace is not None
        return list(trace.channel.tolist())

    def _issues(self) -> list[tuple[int, ...]]:
        issues: list[tuple[int, ...]] = []
        arose = len(self._rows())
        for i in range(1 + max(c[0] for c in self.came)):
            own = [c for c in self.came if c[0] == i]
            worked = sum(w[4] != N for w in self.work if self.came[w[0]][0] == i)
            state, ended = self.states.get(i, ("solved", own[-1][6]))
            key = i if i < arose else fates.entity("filler", "filler", i - arose)
            stream, code = int(i >= arose), ISSUE_STATES.index(state)
            issues.append((ticks(own[0][3]), key, stream, 0, 0, code, -1, len(own), worked, ticks(ended)))
        return issues


def queue(channel: str, place: int, teams: tuple[tuple[str, ...], ...], **more: Any) -> model.Queue:
    """Its class is its place; five minutes of work, no patience, everything is solved."""
    stated = {"work": model.Work(minutes_law(5)), "patience": model.NEVER_LAW, "resolves": 1.0} | more
    return model.Queue(channel, "all", "ask", priority_class=place, teams=teams, **stated)


def desk(
    rows: tuple[Row, ...], channels: tuple[model.Channel, ...], queues: tuple[model.Queue, ...],
    teams: tuple[model.Team, ...], length: int, **more: Any,
) -> model.Scenario:  # fmt: skip
    """One segment, one topic, a trace of the rows."""
    asked, channel, handle, wrap, patience = (np.array(column) for column in zip(*rows, strict=True))
    zero = np.zeros(len(rows), np.int32)
    columns = (np.array([ticks(int(t)) for t in column], np.int64) for column in (handle, wrap, patience))
    trace = model.Trace(asked * MINUTE, zero, zero, channel.astype(np.int32), *columns, sha256="scene")
    streams = (model.Stream("rows", "trace", "all", "ask", trace=trace), *more.pop("streams", ()))
    stated = {"policy": "priority", "promises": ()} | more
    return model.Scenario(
        name="scene", title="A scene worked by hand", currency="EUR", interval=30 * MINUTE,
        times=model.Times(date(2026, 3, 2), "UTC", 0, length * MINUTE),
        segments=(model.Segment("all", None, plans=(model.PlanShare("p", 1.0),)),),
        topics=(model.Topic("ask"),), channels=channels,
        plans=(model.Plan("p", (model.PlanStep(channels[0].name, 1.0),)),), queues=queues, teams=teams, profiles=(),
        streams=streams, busyness=model.Busyness(), classes=(), **stated,
    )  # fmt: skip


def chats() -> Scene:
    """One agent, three chats at once at speeds 6, 3, 2; a ticket waits; policy fifo.  Times in minutes.

     0-10  chat 0 (5 min, amount 30): alone 1 min (6 done), with chat 1 until 3 (12), with three until 9 (24), alone.
     1- 9  chat 1: talk of 2 min (12) ends at 6, wrap-up of 1 min (6) at speed 2 at 9.
     3- 9  chat 2 (2 min, 12) at speed 2; the ticket that came at 2 would have gone before it: starved once.
     4- 8  chat 3 finds the hands full; the wait limit of 4 min ends it.  He calls again 5 min later: the same.
     5- 7  chat 4 has patience for 2 min and keeps it: again from 12 to 14.
    10-20  the ticket.
    24-26  chat 5.  25: five minutes before shift end (30) nobody begins a chat: chat 6 waits and is timed out twice.
    """
    later = minutes_law(5)
    chat = model.Channel(
        "chat", "live", ALWAYS, concurrency=3, speeds=(6, 3, 2), last_chat=5 * MINUTE, wait_limit=4 * MINUTE,
        keeps_patience=True, after=(
            model.After("timed_out", 1.0, 0.0, 0.0, 0.0, later, 2),
            model.After("abandoned", 1.0, 0.0, 0.0, 0.0, later, 2)),
    )  # fmt: skip
    rows: tuple[Row, ...] = (
        (0, 0, 5, 0, N), (1, 0, 3, 1, N), (2, 1, 10, 0, N), (3, 0, 2, 0, N), (4, 0, 1, 0, N), (5, 0, 1, 0, 2),
        (24, 0, 2, 0, N), (25, 0, 2, 0, N),
    )  # fmt: skip
    team = model.Team("desk", (), (0, 0), None, (model.Shift("day", EVERY_DAY, 0, 30 * MINUTE, 1),))
    scenario = desk(
        rows, (chat, model.Channel("ticket", "deferred", ALWAYS)),
        (queue("chat", 0, (("desk",),)), queue("ticket", 1, (("desk",),))), (team,), 40, policy="fifo",
    )  # fmt: skip
    came = (
        (0, 1, "first", 0, N, 0, 10, "solved", 0), (1, 1, "first", 1, N, 1, 6, "solved", 1),
        (2, 1, "first", 2, N, 10, 20, "solved", 2), (3, 1, "first", 3, N, 3, 9, "solved", 3),
        (4, 1, "first", 4, N, N, 8, "timed_out", 4), (5, 1, "first", 5, 2, N, 7, "abandoned", 5),
        (5, 2, "redial", 12, 2, N, 14, "abandoned", 6), (4, 2, "redial", 13, N, N, 17, "timed_out", 7),
        (6, 1, "first", 24, N, 24, 26, "solved", 8), (7, 1, "first", 25, N, N, 29, "timed_out", 9),
        (7, 2, "redial", 34, N, N, 38, "timed_out", 10),
    )  # fmt: skip
    work = (
        (0, 0, 0, 0, 10, 10, 0, 1, "worked", 0), (1, 0, 1, 1, 6, 9, 0, 2, "worked", 0),
        (2, 0, 2, 10, 20, 20, 0, 1, "worked", 1), (3, 0, 3, 3, 9, 9, 0, 3, "worked", 0),
        (4, -1, 4, N, N, 8, 0, 0, "timed_out", 0), (5, -1, 5, N, N, 7, 0, 0, "abandoned", 0),
        (6, -1, 12, N, N, 14, 0, 0, "abandoned", 0), (7, -1, 13, N, N, 17, 0, 0, "timed_out", 0),
        (8, 0, 24, 24, 26, 26, 0, 1, "worked", 0), (9, -1, 25, N, N, 29, 0, 0, "timed_out", 0),
        (10, -1, 34, N, N, 38, 0, 0, "timed_out", 0),
    )  # fmt: skip
    states = {4: ("gave_up", 17), 5: ("gave_up", 14), 7: ("gave_up", 38)}
    return Scene(scenario, came, work, ((0, "available", 0, 0, 30),), states, 40)


def blend() -> Scene:
    """Phone before chat before mail; agent 0 in front, 1 and 2 at the back.  Mail is interruptible.

    The back takes phones after 2 min, keeps one of its people idle from mail, and drains its chats for phones.
     0, 1, 2  mail to 0; to 1; then waits, because nobody at the back would be idle afterwards.
     3, 4     a phone interrupts the mail of 0 (7 left).  The next waits until 6: then the back is asked, 2 takes it.
     7        0 takes the mail up again.  8: a chat interrupts the mail of 1 (3 left).  9: a phone that of 0 (5 left).
    10-12     a phone waits for 0, although 2 is idle from 11 on: the back would be asked at 12.
    12        0 takes it first (rank 3); 1 is free, too, so one of the two may take mail: 2, the longer idle.
    13-19     a chat with 1.  14: 0 takes the second mail (3 left), 15: a phone interrupts it (2 left).
    19        0 takes it up; 1 is free, and 2 (idle since 17) takes the third mail.  20-30: a chat with 1.
    22-28     phones: 0; one waits from 23 until 25 and goes to 2; one waits from 24 and may ask the back from 26 on.
    27-28     so the chat that comes at 27 is not taken by 1 until 0 has taken that phone.
    """
    rows: tuple[Row, ...] = (
        (0, 2, 10, 0, N), (1, 2, 10, 0, N), (2, 2, 4, 0, N), (3, 0, 4, 0, N), (4, 0, 5, 0, N), (8, 1, 4, 0, N),
        (9, 0, 3, 0, N), (10, 0, 2, 0, N), (13, 1, 6, 0, N), (15, 0, 4, 0, N), (20, 1, 10, 0, N), (22, 0, 6, 0, N),
        (23, 0, 3, 0, N), (24, 0, 2, 0, N), (27, 1, 3, 0, N),
    )  # fmt: skip
    channels = (
        model.Channel("phone", "live", ALWAYS), model.Channel("chat", "live", ALWAYS, concurrency=2),
        model.Channel("mail", "deferred", ALWAYS, interruptible=True),
    )  # fmt: skip
    queues = (
        queue("phone", 0, (("front",), ("back",)), delays=(0, 2 * MINUTE)), queue("chat", 1, (("back",),)),
        queue("mail", 2, (("front",), ("back",))),
    )  # fmt: skip
    teams = (
        model.Team("front", (), (0, -1, 0), 1, ()),
        model.Team("back", (), (0, 0, 0), 2, (), holds=(0, 0, 1), drains=(True, False, False)),
    )
    answered = (0, 1, 19, 3, 6, 8, 9, 12, 13, 15, 20, 22, 25, 28, 28)
    left = (17, 21, 23, 7, 11, 12, 12, 14, 19, 19, 30, 28, 28, 30, 31)
    first = (0, 1, 2, 3, 5, 6, 8, 10, 11, 12, 14, 15, 16, 17, 18)
    came = tuple(
        (i, 1, "first", row[0], N, answered[i], left[i], "solved", first[i]) for i, row in enumerate(rows)
    )  # fmt: skip
    work = (
        (0, 0, 0, 0, N, 3, 7, 1, "interrupted", 0), (1, 1, 1, 1, N, 8, 3, 1, "interrupted", 0),
        (2, 2, 2, 19, 23, 23, 0, 1, "worked", 0), (3, 0, 3, 3, 7, 7, 0, 1, "worked", 0),
        (0, 0, 3, 7, N, 9, 5, 1, "interrupted", 0), (4, 2, 4, 6, 11, 11, 0, 1, "worked", 0),
        (5, 1, 8, 8, 12, 12, 0, 1, "worked", 0), (1, 0, 8, 14, N, 15, 2, 1, "interrupted", 0),
        (6, 0, 9, 9, 12, 12, 0, 1, "worked", 0), (0, 2, 9, 12, 17, 17, 0, 1, "worked", 0),
        (7, 0, 10, 12, 14, 14, 0, 1, "worked", 0), (8, 1, 13, 13, 19, 19, 0, 1, "worked", 0),
        (9, 0, 15, 15, 19, 19, 0, 1, "worked", 0), (1, 0, 15, 19, 21, 21, 0, 1, "worked", 0),
        (10, 1, 20, 20, 30, 30, 0, 1, "worked", 0), (11, 0, 22, 22, 28, 28, 0, 1, "worked", 0),
        (12, 2, 23, 25, 28, 28, 0, 1, "worked", 0), (13, 0, 24, 28, 30, 30, 0, 1, "worked", 0),
        (14, 1, 27, 28, 31, 31, 0, 2, "worked", 0),
    )  # fmt: skip
    spent = tuple((a, "available", int(a > 0), 0, 40) for a in range(3))
    return Scene(desk(rows, channels, queues, teams, 40), came, work, spent, {}, 40)


def filler() -> Scene:
    """Two people with phones, endless office work of 4 min a piece, and an hour in the mailroom.

     0    each begins a piece.  3: a phone interrupts that of 0 (of two begun together the first in the roster), and 1
          finishes it from 4 to 5.
     8    a mail waits for the mailroom.  10: 0 moves there with a piece in hand until 13, then serves it until 19.
    20    0 moves back and begins a piece.  22-26: a meeting, which 0 joins at 24 and 1 at 25, when their pieces end.
    26    a piece each; they are over in the tick in which the shift ends.
    """
    rows: tuple[Row, ...] = ((3, 0, 2, 0, N), (8, 1, 6, 0, N))
    channels = (
        model.Channel("phone", "live", ALWAYS),
        model.Channel("mail", "deferred", ALWAYS, at_shift_end="put_down"),
        model.Channel("office", "deferred", ALWAYS, interruptible=True, at_shift_end="put_down"),
    )
    queues = (
        queue("phone", 0, (("desk",),)), queue("mail", 1, (("mailroom",),)),
        queue("office", 2, (("desk",),), work=model.Work(minutes_law(4))),
    )  # fmt: skip
    activities = (
        model.Activity("inbox", EVERY_DAY, 10 * MINUTE, 20 * MINUTE, 1, "mailroom"),
        model.Activity("meeting", EVERY_DAY, 22 * MINUTE, 26 * MINUTE, 2, None),
    )
    day = model.Shift("day", EVERY_DAY, 0, 30 * MINUTE, 2)
    teams = (
        model.Team("desk", (), (0, -1, 0), None, (day,), activities=activities),
        model.Team("mailroom", (), (-1, 0, -1), 0, ()),
    )
    scenario = desk(
        rows, channels, queues, teams, 35, streams=(model.Stream("filler", "endless", "all", "ask", "office"),)
    )
    began = ((0, 0), (0, 1), (5, 0), (5, 1), (9, 0), (9, 1), (13, 1), (17, 1), (20, 0), (21, 1), (26, 0), (26, 1))
    pieces = [(at, who, at + 4, 1) for at, who in began]
    came: list[Any] = []
    work: list[Any] = []

    def piece(number: int) -> None:
        at, who, ends, held = pieces[number]
        over = 5 if number == 0 else ends
        came.append((2 + number, 1, "filler", at, N, at, over, "solved", len(work)))
        if number:
            work.append((len(came) - 1, who, at, at, ends, ends, 0, held, "worked", 0))
        else:
            work.append((len(came) - 1, who, at, at, N, 3, 1, held, "interrupted", 0))

    piece(0)
    piece(1)
    came.append((0, 1, "first", 3, N, 3, 5, "solved", 2))
    work += [(2, 0, 3, 3, 5, 5, 0, 1, "worked", 0), (0, 1, 3, 4, 5, 5, 0, 1, "worked", 0)]
    piece(2)
    piece(3)
    came.append((1, 1, "first", 8, N, 13, 19, "solved", len(work)))
    work.append((5, 0, 8, 13, 19, 19, 0, 1, "worked", 0))
    for number in range(4, 12):
        piece(number)
    spent = (
        (0, "available", 0, 0, 10), (0, "available", 1, 10, 20), (0, "available", 0, 20, 22),
        (0, "break_due", 0, 22, 24), (0, "block", 0, 24, 26), (0, "available", 0, 26, 30),
        (1, "available", 0, 0, 22), (1, "break_due", 0, 22, 25), (1, "block", 0, 25, 26), (1, "available", 0, 26, 30),
    )  # fmt: skip
    return Scene(scenario, tuple(came), tuple(work), spent, {}, 35)


def crowd() -> Scene:
    """Heads on a phone: 3, from 10 on 1, from 20 on 2, 22: 1, 23: 2, 25: none, 26: 1.

    10: agent 2, who is idle, goes at once; then 0, who finishes at 12 and 1 at 24.  20: 0 comes again.
    22: both would finish at 24, so 0 goes into overtime, and at 23 he is the first to count again.
    25: both go, idle since 24.  26: 0 comes.
    """
    rows: tuple[Row, ...] = ((2, 0, 10, 0, N), (4, 0, 20, 0, N), (21, 0, 3, 0, N))
    heads = ((0, 3), (10, 1), (20, 2), (22, 1), (23, 2), (25, 0), (26, 1))
    team = model.Team("desk", (), (0,), None, (), heads=tuple((at * MINUTE, n) for at, n in heads))
    scenario = desk(
        rows, (model.Channel("phone", "live", ALWAYS),), (queue("phone", 0, (("desk",),)),), (team,), 30
    )  # fmt: skip
    answered, left = (2, 4, 21), (12, 24, 24)
    came = tuple((i, 1, "first", row[0], N, answered[i], left[i], "solved", i) for i, row in enumerate(rows))
    work = tuple((i, (0, 1, 0)[i], t, t, left[i], left[i], 0, 1, "worked", 0) for i, t in enumerate(answered))
    spent = (
        (0, "available", 0, 0, 10), (0, "overtime", 0, 10, 12), (0, "available", 0, 20, 22),
        (0, "overtime", 0, 22, 23), (0, "available", 0, 23, 25), (0, "available", 0, 26, 30),
        (1, "available", 0, 0, 25), (2, "available", 0, 0, 10),
    )  # fmt: skip
    return Scene(scenario, came, work, spent, {}, 30)


def order(policy: str) -> Scene:
    """An agent works until 10; an old mail (from 2, 5 min) and a newer letter (from 5, 2 min) wait.

    `ageing`: 100 x 8 min for the mail, 300 x 5 min for the letter.  `deadline`: the mail is due at 22, the letter at
    10.  `shortest`: 5 min against 2.  Each time the letter goes first, which is of the lower class.
    """
    rows: tuple[Row, ...] = ((0, 0, 10, 0, N), (2, 1, 5, 0, N), (5, 2, 2, 0, N))
    channels = tuple(
        model.Channel(name, "live" if name == "phone" else "deferred", ALWAYS) for name in ("phone", "mail", "letter")
    )
    steps = (("desk",),)
    queues = (queue("phone", 0, steps), queue("mail", 1, steps), queue("letter", 2, steps, rate=300))
    promises = tuple(
        model.Promise(name, (), tuple(c.name == name for c in channels), "first_reply", limit * MINUTE, 0.8, ALWAYS)
        for name, limit in (("mail", 20), ("letter", 5))
    )
    scenario = desk(
        rows, channels, queues, (model.Team("desk", (), (0, 0, 0), 1, ()),), 30, policy=policy, promises=promises
    )
    times = ((0, 10), (12, 17), (10, 12))
    came = tuple((i, 1, "first", row[0], N, *times[i], "solved", i) for i, row in enumerate(rows))
    work = tuple((i, 0, row[0], times[i][0], times[i][1], times[i][1], 0, 1, "worked", 0) for i, row in enumerate(rows))
    return Scene(scenario, came, work, ((0, "available", 0, 0, 30),), {}, 30)


def hours() -> Scene:
    """Calls of 5 min and 6 min of patience; from 10 to 20 work is twice, patience half as long; one team is at 60 %.

    0 takes the call of 2 (5 min x 0.6 = 3).  9: the work that begins then is not twice as long, although it goes on
    after 10.  The call of 11 waits no longer than 3 min and begins at 12: 10 min x 0.6 = 6.  The call of 12 leaves
    at 15.  The call of 20 is an ordinary one.
    """
    rows: tuple[Row, ...] = ((2, 0, -1, -1, -1), (9, 0, -1, -1, -1), (11, 0, -1, -1, -1), (12, 0, -1, -1, -1),
                             (20, 0, -1, -1, -1))  # fmt: skip
    factors = model.Hourly(EVERY_DAY, 10 * MINUTE, 20 * MINUTE, 2.0, 0.5)
    phone = model.Channel("phone", "live", ALWAYS, by_hour=(factors,))
    work_law = model.Work(minutes_law(5))
    calls = queue(
        "phone", 0, (("desk",),), patience=minutes_law(6), by_team=(model.TeamWork("desk", work_law, 1.0, 0.6),)
    )
    scenario = desk(rows, (phone,), (calls,), (model.Team("desk", (), (0,), 1, ()),), 30)
    came = (
        (0, 1, "first", 2, 6, 2, 5, "solved", 0), (1, 1, "first", 9, 6, 9, 12, "solved", 1),
        (2, 1, "first", 11, 3, 12, 18, "solved", 2), (3, 1, "first", 12, 3, N, 15, "abandoned", 3),
        (4, 1, "first", 20, 6, 20, 23, "solved", 4),
    )  # fmt: skip
    work = (
        (0, 0, 2, 2, 5, 5, 0, 1, "worked", 0), (1, 0, 9, 9, 12, 12, 0, 1, "worked", 0),
        (2, 0, 11, 12, 18, 18, 0, 1, "worked", 0), (3, -1, 12, N, N, 15, 0, 0, "abandoned", 0),
        (4, 0, 20, 20, 23, 23, 0, 1, "worked", 0),
    )  # fmt: skip
    return Scene(scenario, came, work, ((0, "available", 0, 0, 30),), {3: ("gave_up", 15)}, 30)


SCENES = {
    "chats": chats, "blend": blend, "filler": filler, "crowd": crowd, "hours": hours,
    **{policy: (lambda policy=policy: order(policy)) for policy in ("ageing", "deadline", "shortest")},
}  # fmt: skip
