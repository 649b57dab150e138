"""Audit of presence: spans against the roster, breaks against their due ticks, work against presence."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from supportsim.engine.audit_facts import ABSENT, Book, Facts
from supportsim.engine.audit_moves import Move
from supportsim.engine.journal import SPANS
from supportsim.scenario.roster import Span
from supportsim.scenario.ticks import NEVER

AWAY = ("break_paid", "break_unpaid", "block")
AT_DESK = ("available", "break_due", "overtime")


class Piece(NamedTuple):
    """One row of presence."""

    row: int
    what: str
    begin: int
    end: int
    team: int = -1


def pieces_of(facts: Facts) -> list[list[Piece]]:
    """Per agent his spans in order of begin (a lost break after the spans that end where it stands).

    A span that goes on where he is moved to another team is one here; a break keeps the team in which it began.
    """
    presence = facts.journal.presence
    found: list[list[Piece]] = [[] for _ in facts.people]
    columns = (presence[name].tolist() for name in ("agent", "what", "begin", "end", "team"))
    for row, (agent, what, begin, end, team) in enumerate(zip(*columns, strict=True)):
        found[agent].append(Piece(row, SPANS[what], begin, end, team))
    for own in found:
        own.sort(key=lambda piece: (piece.begin, piece.end, piece.row))
    return [_whole(own) if facts.moved[agent] else own for agent, own in enumerate(found)]


def _whole(own: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in own:
        last = found[-1] if found else None
        goes_on = last is not None and last.what == piece.what and last.end == piece.begin
        if last is not None and goes_on and piece.what in AT_DESK and last.team != piece.team:
            found[-1] = last._replace(end=piece.end, team=piece.team)
        else:
            found.append(piece)
    return found


def work_of(facts: Facts) -> list[list[tuple[int, int]]]:
    """Per agent the merged intervals in which he held at least one contact."""
    touches = facts.journal.touches
    begun = touches[touches["started"] != NEVER]
    found: list[list[tuple[int, int]]] = [[] for _ in facts.people]
    for agent, begin, end in sorted(zip(*(begun[n].tolist() for n in ("agent", "started", "ended")), strict=True)):
        until, own = min(end, facts.end), found[agent]
        if own and begin <= own[-1][1]:
            own[-1] = (own[-1][0], max(own[-1][1], until))
        elif begin < until:
            own.append((begin, until))
    return found


def check_presence(facts: Facts, book: Book, pieces: list[list[Piece]]) -> None:
    """Everything about spans that needs no sweep."""
    work = work_of(facts)
    _teams(facts, book)
    _splits(facts, book)
    _curves(facts, book)
    for agent, own in enumerate(pieces):
        own = [piece for piece in own if piece.what != "absent"]  # those were told by `find_days`
        solid = [piece for piece in own if piece.what != "break_lost"]
        for a, b in pairwise(solid):
            if b.begin < a.end:
                book.add("presence", f"spans {a.row} and {b.row} overlap", b.begin, agent=agent)
        _inside(facts, book, agent, own)
        _absence(facts, book, agent)
        for day in facts.days[agent]:
            _day(facts, book, agent, day, own)
        _overtime(facts, book, agent, solid, work[agent])
        _busy(book, agent, solid, work[agent])


def _teams(facts: Facts, book: Book) -> None:
    """The team of a span is the one he works for all the while; a break keeps the one in which it began."""
    presence = facts.journal.presence
    columns = (presence[name].tolist() for name in ("agent", "what", "team", "begin", "end"))
    rows = list(zip(*columns, strict=True))
    back = {(agent, end) for agent, what, _, _, end in rows if SPANS[what] in AWAY}
    for row, (agent, what, team, begin, end) in enumerate(rows):
        own = [move for move in facts.moved[agent] if move.team >= 0 and what != ABSENT]
        now, before = (_team_at(own, at, facts.team_of[agent]) for at in (begin, begin - 1))
        turns = {at for move in own for at in (move.begin, move.end)}
        if SPANS[what] in (*AWAY, "break_lost"):
            right = team == (now if _after_moving(facts, agent, begin, (agent, begin) in back) else before)
        else:
            right = team == now and not any(begin < at < end for at in turns)
        if not right and (begin < end or SPANS[what] == "break_lost"):
            book.add("presence", f"team is {team}, agent {agent} works for {now}", begin, presence=row)


def _splits(facts: Facts, book: Book) -> None:
    """A span at the desk ends where something changes: what he does there, or the team he works for."""
    presence = facts.journal.presence
    desk = presence[np.isin(presence["what"], [SPANS.index(what) for what in AT_DESK])]
    ended = set(desk[["agent", "what", "team", "end"]].tolist())
    for agent, what, team, begin in desk[["agent", "what", "team", "begin"]].tolist():
        if (agent, what, team, begin) in ended:
            book.add("presence", f"{SPANS[what]} is split where nothing changes", begin, agent=agent)


def _after_moving(facts: Facts, agent: int, tick: int, comes_back: bool) -> bool:
    """Whether a break begins (or is lost) in the tick after the moves of it: as he clocks in, or ends a break.

    Breaks that fall due, work that ends and the end of a shift come before the moves.
    """
    days = facts.days[agent]
    return not any(day.end == tick for day in days) and (comes_back or any(day.begin == tick for day in days))


def _team_at(own: list[Move], tick: int, home: int) -> int:
    """The team an agent works for in a tick."""
    return next((move.team for move in own if move.begin <= tick < move.end), home)


def _curves(facts: Facts, book: Book) -> None:
    """Heads come and go where their curve changes, and nowhere else."""
    for agent, days in enumerate(facts.days):
        curve = facts.scenario.teams[facts.team_of[agent]].heads
        if curve is None:
            continue
        turns = {at + facts.timeline.counted_from for at, _ in curve} | {0, facts.end}
        for tick in sorted({t for day in days for t in (day.begin, day.end)} - turns):
            book.add("heads", "comes or goes where the curve does not change", tick, agent=agent)


def _inside(facts: Facts, book: Book, agent: int, own: list[Piece]) -> None:
    """Every span belongs to a rostered one; overtime begins where one ends."""
    for piece in own:
        days = facts.days[agent]
        if piece.what == "overtime" or (piece.what == "break_lost" and not _off_desk(facts, agent)):
            right = any(day.end == piece.begin for day in days)
        elif piece.what == "break_lost":
            right = any(day.begin <= piece.begin <= day.end for day in days)
        else:
            right = any(day.begin <= piece.begin and piece.end <= day.end for day in days)
        if not right:
            text = f"{piece.what} {piece.begin}..{piece.end} lies outside his shifts"
            book.add("presence", text, piece.begin, agent=agent)


def _off_desk(facts: Facts, agent: int) -> list[Move]:
    """Hours in which he has something to do off the desk."""
    return [move for move in facts.moved[agent] if move.team < 0]


def _absence(facts: Facts, book: Book, agent: int) -> None:
    """Nobody is absent where nobody ever is, nobody comes where everybody is absent."""
    presence, team = facts.journal.presence, facts.scenario.teams[facts.team_of[agent]]
    if team.absence <= 0 and np.any((presence["agent"] == agent) & (presence["what"] == ABSENT)):
        book.add("presence", f"absent, but nobody of {team.name} ever is", None, agent=agent)
    if team.absence >= 1 and facts.dates[agent]:
        book.add("presence", f"present, but everybody of {team.name} is absent", None, agent=agent)


def _day(facts: Facts, book: Book, agent: int, day: Span, own: list[Piece]) -> None:
    """One span of presence: tiled by spans without a gap."""
    until = min(day.end, facts.end)
    inside = [p for p in own if p.what not in ("overtime", "break_lost") and day.begin <= p.begin < until]
    at = day.begin
    for piece in inside:
        if piece.begin != at:
            book.add("presence", f"nothing is recorded from {at} to {piece.begin}", at, agent=agent)
        at = piece.end
    if at != until:
        book.add("presence", f"nothing is recorded from {at} to {until}", at, agent=agent)
    lost = sum(p.what == "break_lost" and day.begin < p.begin <= day.end for p in own)
    Rests(facts, book, agent, day, inside).check(lost)


class Rests:
    """Breaks and blocks of one rostered span, in the order in which they began."""

    def __init__(self, facts: Facts, book: Book, agent: int, day: Span, inside: list[Piece]) -> None:
        self.facts, self.book, self.agent, self.day, self.inside = facts, book, agent, day, inside
        team = facts.scenario.teams[facts.team_of[agent]]
        self.block = team.off_desk_block if team.off_desk > 0 else 0
        self.hours = [m for m in _off_desk(facts, agent) if day.begin <= max(0, m.begin) < day.end and m.end > 0]
        self.loseable = len(self.hours)
        self.slots: list[int] = []
        self.least = self.most = 0  # blocks that fall due
        for date in facts.dates[agent] if self.block else ():
            if day.begin <= date.begin < day.end:
                self._blocks(date, team.off_desk)

    def _blocks(self, date: Span, share: float) -> None:
        """Of one agent-day: its share of the slots, rounded either way."""
        slots = _slots(date, self.block)
        rests = sum(max(0, min(rest.due + rest.length, date.end) - rest.due) for rest in date.rests)
        wanted = share * max(0, date.end - date.begin - rests) / self.block
        self.slots += slots
        self.least += min(int(wanted), len(slots))
        self.most += min(int(wanted) + (wanted > int(wanted)), len(slots))

    def check(self, lost: int) -> None:
        """Each began when it had to, kept its length, and those that did not begin are lost at shift end."""
        planned, taken = list(self.day.rests), 0
        before: Piece | None = None
        for piece in self.inside:
            if piece.what == "break_due":
                self._due(piece, [r.due for r in planned[:1]])
            elif piece.what == "available":
                self._available(piece, [r.due for r in planned[:1]])
            elif piece.what == "block" and (move := self._activity(piece, before)) is not None:
                self.hours.remove(move)
                self._begun(piece, before, [move.begin], move.end - piece.begin)
            elif piece.what == "block":
                taken += 1
                self._begun(piece, before, self.slots, self.block)
            elif not planned or planned[0].paid != (piece.what == "break_paid"):
                self._wrong(f"{piece.what} is not the break whose turn it is", piece.begin)
            else:
                rest = planned.pop(0)
                self._begun(piece, before, [rest.due], rest.length)
            before = piece
        self._lost(lost, len(planned), sum(move.begin < self.day.end for move in self.hours), taken)

    def _activity(self, piece: Piece, before: Piece | None) -> Move | None:
        """The hours off the desk that a block is: it ends with them, or at least it is no block by its length."""
        until = min(self.day.end, self.facts.end)
        open_hours = [move for move in self.hours if move.begin <= piece.begin < move.end]
        open_hours.sort(key=lambda move: (move.begin, move.end))
        fits = [move for move in open_hours if piece.end == min(move.end, until)]
        is_block = self.block and piece.end == min(piece.begin + self.block, until)
        since = before.begin if before is not None and before.what == "break_due" else piece.begin
        if is_block and since in self.slots and all(move.begin != since for move in open_hours):
            return None
        return next(iter(fits or ([] if is_block else open_hours)), None)

    def _wrong(self, text: str, tick: int) -> None:
        self.book.add("breaks", text, tick, agent=self.agent)

    def _begun(self, piece: Piece, before: Piece | None, dues: list[int], length: int) -> None:
        due = [d for d in dues if d <= piece.begin]
        if not due:
            self._wrong(f"{piece.what} begins before it is due", piece.begin)
        elif (before is None or before.what == "available") and piece.begin not in due:
            self._wrong(f"{piece.what} was due before, while his hands were empty", piece.begin)
        elif before is not None and before.what == "break_due" and before.begin not in [*dues, *self._too_late(piece)]:
            self._wrong(f"{piece.what} was not the one due at {before.begin}", piece.begin)
        if piece.end != min(piece.begin + length, self.day.end, self.facts.end):
            self._wrong(f"{piece.what} does not keep its length of {length}", piece.begin)

    def _too_late(self, piece: Piece) -> list[int]:
        """Begins of hours off the desk that were over when it began: they were lost then."""
        return [move.begin for move in self.hours if move.end <= piece.begin]

    def _due(self, piece: Piece, dues: list[int]) -> None:
        if (
            piece.begin not in dues
            and piece.begin not in self.slots
            and not any(move.begin == piece.begin for move in self.hours)
        ):
            self._wrong("no break and no block is due", piece.begin)

    def _available(self, piece: Piece, dues: list[int]) -> None:
        if any(due < piece.end for due in dues):
            self._wrong("available although a break is due", max(piece.begin, dues[0]))
        for move in self.hours:
            if max(piece.begin, move.begin) < min(piece.end, move.end):
                self._wrong("available in hours of an activity off the desk", max(piece.begin, move.begin))

    def _lost(self, lost: int, planned: int, hours: int, taken: int) -> None:
        """Over at shift end: begun and lost make up what the roster and the share of blocks say.

        Before that only what was to be done at stated hours off the desk can be lost.
        """
        if self.day.end >= self.facts.end:
            if lost > self.loseable:
                self._wrong("lost before the shift has ended", self.day.end)
            return
        if not self.least <= taken + lost - planned - hours <= self.most:
            text = f"{planned} breaks and {hours} activities did not begin, {taken} blocks did, {lost} are lost"
            self._wrong(f"{text}; {self.least}..{self.most} blocks fall due", self.day.end)


def _slots(day: Span, block: int) -> list[int]:
    """Where blocks may fall due: the shift less its breaks, cut into slots of the block's length."""
    found, at = [], day.begin
    for begin, end in [*((rest.due, rest.due + rest.length) for rest in day.rests), (day.end, day.end)]:
        found += list(range(at, begin - block + 1, block))
        at = max(at, end)
    return found


def _overtime(facts: Facts, book: Book, agent: int, solid: list[Piece], work: list[tuple[int, int]]) -> None:
    """Overtime and due breaks last while he works: from shift end to leaving or to his next shift."""
    begins = {day.begin for day in facts.days[agent]}
    for piece in solid:
        if piece.what in ("overtime", "break_due"):
            held = next((w for w in work if w[0] <= piece.begin and piece.begin < w[1]), None)
            if held is None or held[1] < piece.end:
                book.add("presence", f"{piece.what} {piece.begin}..{piece.end} without work", piece.begin, agent=agent)
            elif piece.what == "overtime" and held[1] > piece.end and piece.end not in begins:
                book.add("presence", "overtime ends while he still works", piece.end, agent=agent)


def _busy(book: Book, agent: int, solid: list[Piece], work: list[tuple[int, int]]) -> None:
    """He works only while available, with a break due, or in overtime."""
    desk: list[tuple[int, int]] = []
    for piece in solid:
        if piece.what in AT_DESK:
            if desk and desk[-1][1] == piece.begin:
                desk[-1] = (desk[-1][0], piece.end)
            else:
                desk.append((piece.begin, piece.end))
    place = 0
    for begin, end in work:
        while place < len(desk) and desk[place][1] <= begin:
            place += 1
        if place >= len(desk) or not (desk[place][0] <= begin and end <= desk[place][1]):
            book.add("presence", f"works from {begin} to {end} outside his presence", begin, agent=agent)
