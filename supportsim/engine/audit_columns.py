"""Audit of the columns: indices in range, codes known, times in order, nothing at or after the horizon."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.audit_facts import Book, Facts
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
)
from supportsim.scenario.ticks import NEVER

Column = NDArray[Any]
OPEN, WORKED, PUT_DOWN, INTERRUPTED = (ENDINGS.index(how) for how in ("open", "worked", "put_down", "interrupted"))
UNSERVED = tuple(ENDINGS.index(how) for how in ("abandoned", "disconnected", "withdrew", "timed_out"))
LAID_ASIDE = (PUT_DOWN, INTERRUPTED)
FILLER = CONTACT_KINDS.index("filler")
LOST = SPANS.index("break_lost")


def check_columns(facts: Facts, book: Book) -> bool:
    """Whether the tables are sound enough to be followed; what is wrong goes into the book."""
    journal = facts.journal
    dtypes = (
        ("issues", journal.issues, ISSUES),
        ("contacts", journal.contacts, CONTACTS),
        ("touches", journal.touches, TOUCHES),
        ("presence", journal.presence, PRESENCE),
    )
    for name, table, dtype in dtypes:
        if table.dtype.names != dtype.names:
            book.add("columns", f"the table {name} has other columns than documented")
            return False
    sound = _indices(facts, book)
    if sound:
        _issue_times(facts, book)
        _contact_times(facts, book)
        _touch_times(facts, book)
        sound = _touch_endings(facts, book)
        _span_times(facts, book)
        if facts.scenario.times.run_out_until_empty:
            _until_empty(facts, book)
    _horizon(facts, book)
    return sound


def _indices(facts: Facts, book: Book) -> bool:
    scenario, journal = facts.scenario, facts.journal
    issues, contacts, touches, presence = journal.issues, journal.contacts, journal.touches, journal.presence
    limits = (
        ("issues", issues, "stream", 0, len(scenario.streams)),
        ("issues", issues, "segment", 0, len(scenario.segments)),
        ("issues", issues, "topic", 0, len(scenario.topics)),
        ("issues", issues, "state", 0, len(ISSUE_STATES)),
        ("contacts", contacts, "issue", 0, len(issues)),
        ("contacts", contacts, "kind", 0, len(CONTACT_KINDS)),
        ("contacts", contacts, "channel", 0, len(scenario.channels)),
        ("contacts", contacts, "queue", 0, len(scenario.queues)),
        ("contacts", contacts, "outcome", 0, len(OUTCOMES)),
        ("contacts", contacts, "row", -1, len(touches)),
        ("touches", touches, "contact", 0, len(contacts)),
        ("touches", touches, "touch", 0, len(touches)),
        ("touches", touches, "queue", 0, len(scenario.queues)),
        ("touches", touches, "agent", -1, len(facts.people)),
        ("touches", touches, "how", 0, len(ENDINGS)),
        ("presence", presence, "agent", 0, len(facts.people)),
        ("presence", presence, "what", 0, len(SPANS)),
        ("presence", presence, "team", 0, len(scenario.teams)),
    )
    wrong = False
    for name, table, column, low, high in limits:
        out = (table[column] < low) | (table[column] >= high)
        wrong |= book.add_rows("columns", f"{column} is not in {low}..{high - 1}", name, out)
    return not wrong


def _issue_times(facts: Facts, book: Book) -> None:
    issues = facts.journal.issues
    asked = issues["asked"]
    endless = np.array([stream.kind == "endless" for stream in facts.scenario.streams], dtype=bool)
    filler = endless[issues["stream"]] if len(endless) else np.zeros(len(issues), dtype=bool)
    fell = np.flatnonzero((np.diff(asked) < 0) & (filler[1:] == filler[:-1])) + 1
    book.add_rows("order of rows", "arose before the issue of the row above", "issues", _mask(fell, asked))
    known = [segment.customers is not None for segment in facts.scenario.segments]
    named = np.array(known, dtype=bool)[issues["segment"]]
    book.add_rows("columns", "an anonymous issue, and filler, has customer -1, any other an index", "issues",
                  np.where(named & ~filler, issues["customer"] < 0, issues["customer"] != -1))  # fmt: skip
    book.add_rows("columns", "ended before it was asked", "issues", issues["ended"] < asked)


def _contact_times(facts: Facts, book: Book) -> None:
    contacts = facts.journal.contacts
    created, answered, left = contacts["created"], contacts["answered"], contacts["left"]
    came = np.maximum(created, 0)
    fell = np.flatnonzero(np.diff(came) < 0) + 1
    book.add_rows("order of rows", "came to be before the contact of the row above", "contacts", _mask(fell, came))
    book.add_rows("order of times", "answered before it was created", "contacts", answered < came)
    book.add_rows("order of times", "left before it was created", "contacts", left < came)
    before = (left != NEVER) & (answered != NEVER) & (left < answered)
    book.add_rows("order of times", "left before it was answered", "contacts", before)
    book.add_rows("columns", "patience is negative", "contacts", contacts["patience"] < 0)


def _touch_times(facts: Facts, book: Book) -> None:
    touches = facts.journal.touches
    joined, started, ended = touches["joined"], touches["started"], touches["ended"]
    talked, rows = touches["talk_ended"], np.arange(len(touches))
    fell = np.flatnonzero(np.diff(joined) < 0) + 1
    book.add_rows("order of rows", "joined before the stretch of the row above", "touches", _mask(fell, joined))
    book.add_rows("order of times", "joined before the begin of play", "touches", joined < 0)
    book.add_rows("order of times", "entered after it joined", "touches", touches["entered"] > joined)
    book.add_rows("order of times", "started before it joined", "touches", started < joined)
    book.add_rows("order of times", "talk ended before it started", "touches", talked < started)
    book.add_rows("order of times", "ended before it joined", "touches", ended < joined)
    was_worked = touches["how"] == WORKED
    book.add_rows("order of times", "ended before its talk ended", "touches", was_worked & (ended < talked))
    book.add_rows("columns", "touch is not the row of a first stretch", "touches",
                  (touches["touch"] > rows) | (touches["touch"][touches["touch"]] != touches["touch"]))  # fmt: skip


def _touch_endings(facts: Facts, book: Book) -> bool:
    """Which times stand in a row follows from how it ended.  Whether every start has an agent."""
    touches = facts.journal.touches
    how, laid = touches["how"], np.isin(touches["how"], LAID_ASIDE)
    started, talked, ended = (touches[name] != NEVER for name in ("started", "talk_ended", "ended"))
    has_agent, unserved = touches["agent"] >= 0, np.isin(how, UNSERVED)
    rule = "columns"
    book.add_rows(rule, "has ended but is called open, or the reverse", "touches", ended == (how == OPEN))
    book.add_rows(rule, "worked to its end without a start or an end of talk", "touches",
                  (how == WORKED) & ~(started & talked))  # fmt: skip
    book.add_rows(rule, "laid aside without a start, or after its talk", "touches", laid & (~started | talked))
    book.add_rows(rule, "left the queue but was started", "touches", unserved & started)
    book.add_rows(rule, "talk ended but never started", "touches", talked & ~started)
    unlike = has_agent != started
    book.add_rows(rule, "has an agent without a start, or a start without an agent", "touches", unlike)
    book.add_rows(rule, "in_hand is positive for started work, else 0", "touches",
                  np.where(started, touches["in_hand"] < 1, touches["in_hand"] != 0))  # fmt: skip
    book.add_rows(rule, "remaining is positive exactly for work laid aside", "touches",
                  (touches["remaining"] < 0) | (laid != (touches["remaining"] > 0)))  # fmt: skip
    book.add_rows(rule, "starved is negative", "touches", touches["starved"] < 0)
    return not unlike.any()


def _span_times(facts: Facts, book: Book) -> None:
    presence = facts.journal.presence
    lost = presence["what"] == LOST
    begin, end = presence["begin"], presence["end"]
    book.add_rows("presence", "a lost break has no length", "presence", lost & (begin != end))
    book.add_rows("presence", "a span ends before it begins or has no length", "presence", ~lost & (begin >= end))
    book.add_rows("presence", "a span lies outside play", "presence", (begin < 0) | (end > facts.end))


def _horizon(facts: Facts, book: Book) -> None:
    journal, latest = facts.journal, facts.timeline.end
    times = facts.scenario.times
    if journal.end > latest or (journal.end != latest and not times.run_out_until_empty):
        book.add("horizon", f"play ends at {journal.end}, the scenario says {latest}")
    if journal.end < facts.timeline.counted_to:
        book.add("horizon", "play ends inside counted time", journal.end)
    if not times.run_out_demand:  # filler is no demand
        filler = journal.contacts["kind"] == FILLER
        for name, table, column in (("issues", journal.issues, "asked"), ("contacts", journal.contacts, "created")):
            late = table[column] >= facts.timeline.counted_to
            late[filler if name == "contacts" else journal.contacts["issue"][filler]] = False
            book.add_rows("horizon", "comes in a run-out without demand", name, late)
    columns = (
        ("issues", journal.issues, ("asked", "ended")),
        ("contacts", journal.contacts, ("created", "answered", "left")),
        ("touches", journal.touches, ("joined", "started", "talk_ended", "ended")),
    )
    for name, table, times_of in columns:
        for column in times_of:
            late = (table[column] >= journal.end) & (table[column] != NEVER)
            book.add_rows("horizon", f"{column} is at the horizon or later", name, late)


def _until_empty(facts: Facts, book: Book) -> None:
    """Play ends right after the last tick at which an issue of counted time was open or in wrap-up."""
    journal, counted_to = facts.journal, facts.timeline.counted_to
    endless = np.array([stream.kind == "endless" for stream in facts.scenario.streams], dtype=bool)
    counted = (journal.issues["asked"] < counted_to) & ~endless[journal.issues["stream"]]
    over = np.where(counted, journal.issues["ended"], 0)
    issue = journal.contacts["issue"][journal.touches["contact"]]
    wrapped = np.where(counted[issue], journal.touches["ended"], 0)
    last = max(int(over.max(initial=0)), int(wrapped.max(initial=0)))
    wanted = min(facts.timeline.end, max(counted_to, last + 1))
    if journal.end != wanted:
        book.add("horizon", f"the desk is empty from {wanted} on, play ends at {journal.end}", journal.end)


def _mask(rows: Column, like: Column) -> NDArray[np.bool_]:
    found = np.zeros(len(like), dtype=bool)
    found[rows] = True
    return found
