"""The compiled pass that adds the contacts, issues and touches of a portion of a journal to the sums.

A portion holds whole issues: their contacts and touches refer to rows of the same portion.  What is added does not
depend on how a journal is cut into portions.  For definitions see `measure.replication`.
"""

from __future__ import annotations

from typing import Any

from supportsim.demand.compiling import LEAN, PLAIN, array, bundle, procedure, whole
from supportsim.engine.journal import CONTACTS, TOUCHES
from supportsim.engine.journal import ISSUES as ISSUE_ROWS
from supportsim.measure import tables as t
from supportsim.measure.booking_clock import inside, slot_at
from supportsim.measure.booking_contacts import FILLER, book_contact
from supportsim.measure.booking_issues import book_issue
from supportsim.measure.tables import Frame, Scratch, Sums
from supportsim.scenario.ticks import NEVER


@inside
def _instant(S: Any, day: int, queue: int, column: int, tick: int) -> None:
    S.stretches[day, queue, column, 0] += 1
    S.stretches[day, queue, column, 1] += tick


@inside
def _book_stretch(F: Any, S: Any, C: Any, X: Any, row: int, touch: Any, end: int, hint: int) -> int:
    """One stretch: its instants in the queue, its work to the contact and to the agent; the slot it joined in."""
    contact, queue = int(touch["contact"]), int(touch["queue"])
    ended = min(touch["ended"], end)
    started = min(touch["started"], ended)
    talk_ended = min(max(touch["talk_ended"], started), ended)
    X.talk[contact] += talk_ended - started
    X.wrap[contact] += ended - talk_ended
    if touch["started"] < NEVER and touch["ended"] >= NEVER:
        X.running[contact] = 1
    if touch["starved"] > 0:
        X.starved[contact] = 1
    filler = int(C[contact]["kind"] == FILLER)
    if touch["started"] < NEVER and touch["agent"] >= 0:
        span = S.used[1]
        S.used[1] += 1
        S.spans[span]["agent"] = touch["agent"]
        S.spans[span]["started"] = started
        S.spans[span]["talk_ended"] = talk_ended
        S.spans[span]["ended"] = ended
        S.spans[span]["segment"] = F.segment[queue] if filler == 0 else -1
    came = slot_at(F, touch["joined"], hint)
    began = slot_at(F, started, came)
    silent = slot_at(F, talk_ended, began)
    over = F.day_of[slot_at(F, ended, silent)]
    if filler == 1:
        _instant(S, F.day_of[began], queue, t.FILLER_STARTED, started)
        _instant(S, over, queue, t.FILLER_ENDED, ended)
        return int(came)
    _instant(S, F.day_of[came], queue, t.JOINED, touch["joined"])
    _instant(S, F.day_of[began], queue, t.STARTED, started)
    _instant(S, F.day_of[silent], queue, t.TALK_ENDED, talk_ended)
    _instant(S, over, queue, t.ENDED, ended)
    if touch["touch"] == row:
        S.touches[F.day_of[came], queue] += 1
    return int(came)


# ---------------- the whole


def _book(F: Any, S: Any, X: Any, issues: Any, contacts: Any, touches: Any, end: int) -> None:
    """Add a portion: touches first, whose work is that of their contacts; issues last."""
    hint = 0
    for row in range(len(touches)):
        hint = _book_stretch(F, S, contacts, X, row, touches[row], end, hint)
    for row in range(len(contacts)):
        hint = book_contact(F, S, X, contacts[row], row, end, hint)
    for row in range(len(issues)):
        if X.filler[row] == 0:
            book_issue(F, S, contacts, X, issues[row], row, end)


FRAME: Any = None
SCRATCH: Any = None
if PLAIN:
    _entry: Any = _book
else:
    FRAME = bundle(Frame, {"cover": array(axes=2), "missed": array(axes=4), "opening": array(axes=2)})
    _AXES = {
        "cells": 3, "promised": 3, "due": 3, "issues": 3, "fillers": 2, "touches": 2, "stretches": 4, "squares": 3,
        "backlog": 2, "eldest": 2, "ages": 3, "front": 2, "broken": 3, "anonymous": 2,
    }  # fmt: skip
    _sums = {name: array(axes=axes) for name, axes in _AXES.items()}
    _sums |= {"waits": array("i4", 3), "bits": array("u8", 2), "spans": array(t.SPAN)}
    _scratch = {"flags": array("u8", 2), "replies": array(axes=3), "cell": array("i4")}
    _scratch |= {name: array("i1") for name in ("running", "starved", "served", "filler")}
    _rows = [array(dtype, readonly=True) for dtype in (ISSUE_ROWS, CONTACTS, TOUCHES)]
    SCRATCH = bundle(Scratch, _scratch)
    _signature = procedure(FRAME, bundle(Sums, _sums), SCRATCH, *_rows, int)
    _entry = whole(_signature, **LEAN)(_book)


def book(F: Frame, S: Sums, X: Scratch, issues: Any, contacts: Any, touches: Any, end: int) -> None:
    """Add a portion of a journal (ISSUES, CONTACTS, TOUCHES rows that refer to each other) that ends at tick `end`."""
    _entry(F, S, X, issues, contacts, touches, end)
