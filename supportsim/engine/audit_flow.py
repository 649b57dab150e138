"""Audit of the flow: issues, contacts and stretches belong together, and nothing is lost or counted twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from supportsim.engine.audit_columns import LAID_ASIDE, UNSERVED
from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES
from supportsim.scenario.ticks import NEVER

#: Contacts that never stood in a queue, by outcome; outcomes of live and of deferred contacts alone.
TURNED_AWAY = ("busy", "closed")
LIVE_ONLY = ("abandoned", "disconnected", "timed_out")
STATES_OPEN, STATES_SOLVED = ISSUE_STATES.index("open"), ISSUE_STATES.index("solved")
DISCONNECTED = ENDINGS.index("disconnected")
FIRST, FILLER = CONTACT_KINDS.index("first"), CONTACT_KINDS.index("filler")


def check_flow(facts: Facts, book: Book) -> bool:
    """Row by row: every contact to its issue, every stretch to its contact, and the sums of both.

    Whether contacts and stretches name each other, so that a sweep can follow them.
    """
    _contacts_of_issues(facts, book)
    _places(facts, book)
    linked = _stretches(facts, book)
    _outcomes(facts, book)
    _sums(facts, book)
    return linked


def _contacts_of_issues(facts: Facts, book: Book) -> None:
    """Contacts of an issue are numbered 1, 2, … in order of rows; each comes when the one before is over."""
    issues, contacts = facts.journal.issues, facts.journal.contacts
    counted = np.bincount(contacts["issue"], minlength=len(issues))
    book.add_rows("flow", "contacts is not the number of its contacts", "issues", issues["contacts"] != counted)
    order = np.argsort(contacts["issue"], kind="stable")
    issue, number = contacts["issue"][order], contacts["number"][order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = issue[1:] != issue[:-1]
    expected = np.arange(len(order)) - np.maximum.accumulate(np.where(new, np.arange(len(order)), 0)) + 1
    book.add_rows("flow", "number is not consecutive within the issue", "contacts", _at(order, number != expected))
    book.add_rows("flow", "kind is `first` or `filler` exactly for number 1", "contacts",
                  np.isin(contacts["kind"], (FIRST, FILLER)) != (contacts["number"] == 1))  # fmt: skip
    _filler(facts, book)
    first = order[new]
    unlike = contacts["created"][first] != issues["asked"][contacts["issue"][first]]
    book.add_rows("flow", "the first contact is not created when the issue arises", "contacts", _at(first, unlike))
    early = np.zeros(len(order), dtype=bool)
    early[1:] = ~new[1:] & (contacts["created"][order][1:] < contacts["left"][order][:-1])
    book.add_rows("flow", "was created before the contact before it was over", "contacts", _at(order, early))


def _filler(facts: Facts, book: Book) -> None:
    """A piece is one contact of an issue of its own, created, joined and begun in the same tick."""
    issues, contacts, touches = facts.journal.issues, facts.journal.contacts, facts.journal.touches
    endless = np.array([stream.kind == "endless" for stream in facts.scenario.streams], dtype=bool)
    if not endless.any():
        endless = np.zeros(max(1, len(endless)), dtype=bool)
    of_filler, filler = endless[issues["stream"][contacts["issue"]]], contacts["kind"] == FILLER
    book.add_rows("filler", "kind is `filler` exactly for an endless stream", "contacts", of_filler != filler)
    book.add_rows("filler", "a filler issue has one contact", "issues",
                  endless[issues["stream"]] & (issues["contacts"] != 1))  # fmt: skip
    book.add_rows("filler", "filler is begun when it is created", "contacts",
                  filler & ((contacts["answered"] != contacts["created"]) | (contacts["row"] < 0)))  # fmt: skip
    book.add_rows("filler", "filler has no patience", "contacts", filler & (contacts["patience"] != NEVER))
    unlike = (issues["state"] == STATES_OPEN) != (issues["ended"] == NEVER)
    unlike |= ~np.isin(issues["state"], (STATES_OPEN, STATES_SOLVED))
    book.add_rows("filler", "a filler issue is open, or solved and ended", "issues", endless[issues["stream"]] & unlike)
    own = touches[contacts["row"][filler & (contacts["row"] >= 0)]]
    if np.any((own["joined"] != own["started"]) | (own["entered"] != own["started"])):
        book.add("filler", "a piece waits before it is begun")


def _places(facts: Facts, book: Book) -> None:
    """A contact's channel, queue, segment and topic agree; a stream's issues have its segment and topic."""
    scenario, journal = facts.scenario, facts.journal
    issues, contacts = journal.issues, journal.contacts
    segment = {s.name: i for i, s in enumerate(scenario.segments)}
    topic = {t.name: i for i, t in enumerate(scenario.topics)}
    of_queue = np.array(
        [(facts.channel_named[q.channel], segment[q.segment], topic[q.topic]) for q in scenario.queues]
    ).reshape(-1, 3)
    queue, issue = contacts["queue"], issues[contacts["issue"]]
    place = of_queue[queue]
    unlike = (place[:, 0] != contacts["channel"]) | (place[:, 1] != issue["segment"])
    book.add_rows("flow", "stands in a queue of another channel, segment or topic", "contacts",
                  unlike | (place[:, 2] != issue["topic"]))  # fmt: skip
    for s, stream in enumerate(scenario.streams):
        if stream.kind != "trace":
            own = issues["stream"] == s
            other = (issues["segment"] != segment[stream.segment]) | (issues["topic"] != topic[stream.topic])
            book.add_rows("flow", f"is not of the segment and topic of stream {stream.name}", "issues", own & other)


def _stretches(facts: Facts, book: Book) -> bool:
    """The stretches of one touch: the first at the contact's row, the next where the one before was put down."""
    contacts, touches = facts.journal.contacts, facts.journal.touches
    rows = np.arange(len(touches))
    contact = contacts[touches["contact"]]
    book.add_rows("flow", "stands in another queue than its contact", "touches", touches["queue"] != contact["queue"])
    stray = touches["touch"] != contact["row"]
    book.add_rows("flow", "touch is not the row its contact names", "touches", stray)
    first = touches["touch"] == rows
    joins = contacts["row"] >= 0
    unlike = joins & (touches["contact"][contacts["row"]] != np.arange(len(contacts))) if len(touches) else joins
    book.add_rows("flow", "row is a stretch of another contact", "contacts", unlike)
    book.add_rows("order of times", "a contact waits from its creation on", "touches",
                  first & (touches["joined"] != np.maximum(contact["created"], 0)))  # fmt: skip
    book.add_rows("order inside queues", "entered is not the creation of its contact", "touches",
                  touches["entered"] != contact["created"])  # fmt: skip
    _resumed(facts, book)
    return not (stray.any() or unlike.any())


def _resumed(facts: Facts, book: Book) -> None:
    touches = facts.journal.touches
    order = np.lexsort((np.arange(len(touches)), touches["touch"]))
    own = touches[order]
    follows = np.zeros(len(own), dtype=bool)
    follows[1:] = own["touch"][1:] == own["touch"][:-1]
    before = np.roll(own, 1)
    laid = np.isin(own["how"], LAID_ASIDE)
    once = laid != np.roll(follows, -1)
    book.add_rows("put down", "work laid aside joins its queue again, once", "touches", _at(order, once))
    book.add_rows("put down", "does not join at the tick at which it was laid aside", "touches",
                  _at(order, follows & (own["joined"] != before["ended"])))  # fmt: skip
    live = np.array(facts.live, dtype=bool)[np.array(facts.channel_of, dtype=np.int64)[own["queue"]]]
    gone = follows & np.isin(own["how"], UNSERVED) & ~(live & (own["how"] == DISCONNECTED))
    book.add_rows("put down", "work laid aside left its queue unserved", "touches", _at(order, gone))


def _outcomes(facts: Facts, book: Book) -> None:
    """Outcome, answer and end of a contact are those of its stretches."""
    touches = facts.journal.touches
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for row, contact in enumerate(touches["contact"].tolist()):
        first.setdefault(contact, row)
        last[contact] = row
    names = ("started", "talk_ended", "ended", "how")
    columns = {name: touches[name].tolist() for name in names}
    contacts = facts.journal.contacts
    fields = (contacts[name].tolist() for name in ("outcome", "row", "answered", "left", "channel"))
    for c, (outcome, row, answered, left, channel) in enumerate(zip(*fields, strict=True)):
        name = OUTCOMES[outcome]
        if row != first.get(c, -1):
            book.add("flow", "row is not its first stretch", None, contact=c)
        elif row < 0:
            _never_queued(book, c, name, answered, left, facts)
        else:
            started = columns["started"][row]
            end = {key: column[last[c]] for key, column in columns.items()}
            _queued(book, c, name, (started, answered, left), end, facts.live[channel])


def _never_queued(book: Book, c: int, name: str, answered: int, left: int, facts: Facts) -> None:
    if name not in TURNED_AWAY:
        book.add("flow", f"never joined a queue but is called {name}", None, contact=c)
    if name == "busy" and not facts.live[int(facts.journal.contacts["channel"][c])]:
        book.add("flow", "a deferred contact found all lines busy", None, contact=c)
    if answered != NEVER or left != max(0, int(facts.journal.contacts["created"][c])):
        book.add("flow", "was turned away: nobody answers, and he leaves when he comes", None, contact=c)


def _queued(book: Book, c: int, name: str, times: tuple[int, int, int], end: dict[str, int], live: bool) -> None:
    started, answered, left = times
    how = ENDINGS[end["how"]]
    if answered != started:
        book.add("flow", "answered is not its first start", None, contact=c)
    gone = end["talk_ended"] if how in ("worked", "open") else end["ended"]
    if left != gone:
        book.add("flow", "left is not the end of his talk or of his wait", None, contact=c)
    if how in ("worked", "open"):
        allowed: tuple[str, ...] = ("open",) if gone == NEVER else ("solved", "unresolved")
    elif how in ("put_down", "interrupted"):
        allowed = ()
    else:
        allowed = (how,)
    if name not in allowed:
        book.add("flow", f"outcome {name} does not match a last stretch that is {how}", None, contact=c)
    if name in LIVE_ONLY and not live:
        book.add("flow", f"a deferred contact is called {name}", None, contact=c)
    if name == "withdrew" and live:
        book.add("flow", "a live contact is called withdrew", None, contact=c)


def _sums(facts: Facts, book: Book) -> None:
    """offered = served + abandoned + withdrew + disconnected + busy + closed + open, per queue and in all."""
    scenario, journal = facts.scenario, facts.journal
    contacts, touches = journal.contacts, journal.touches
    many = len(scenario.queues)
    offered = np.bincount(contacts["queue"], minlength=many)
    ends = touches[~np.isin(touches["how"], LAID_ASIDE)]
    joined = np.bincount(ends["queue"], minlength=many)
    away = np.isin(contacts["outcome"], [OUTCOMES.index(o) for o in TURNED_AWAY])
    turned = np.bincount(contacts["queue"][away], minlength=many)
    for q in np.flatnonzero(offered != joined + turned):
        text = f"{offered[q]} offered are not {joined[q]} served, lost or open and {turned[q]} turned away"
        book.add("flow", text, None, queue=int(q))
    whole = touches[touches["talk_ended"] != NEVER]["contact"]
    worked = np.bincount(contacts["issue"][whole], minlength=len(journal.issues))
    book.add_rows("flow", "worked is not the number of its touches whose talk came to its end", "issues",
                  journal.issues["worked"] != worked)  # fmt: skip


def _at(rows: Any, wrong: Any) -> Any:
    """The rows for which `wrong`, as a mask over the whole table (rows is a permutation or a choice)."""
    found = np.zeros(int(rows.max()) + 1 if len(rows) else 0, dtype=bool)
    found[rows[wrong]] = True
    return found
