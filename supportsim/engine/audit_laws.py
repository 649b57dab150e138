"""Audit of what is not left to chance: constant work, constant patience, and resolution that is certain.

Rows of a trace bring work and patience of their own and are passed over; so are laws with any chance in them.
"""

from __future__ import annotations

from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.journal import ENDINGS, OUTCOMES
from supportsim.scenario.model import Law, Queue
from supportsim.scenario.ticks import NEVER, WORK_LIMIT, tick


def constant(law: Law) -> int | None:
    """The only value of a law in ticks; None where chance decides."""
    if law.kind == "never" and not law.at_zero and law.at_most is None:
        return NEVER
    if law.kind != "constant" or law.at_zero or law.from_forecast:
        return None
    value = max(law.factor * law.values[0], law.at_least)
    return tick(value if law.at_most is None else min(value, law.at_most))


def work_of(queue: Queue) -> tuple[int, int] | None:
    """(talk, wrap-up) of a queue where neither is left to chance; whole ticks only."""
    work, amount = queue.work, constant(queue.work.law)
    if amount is None or amount > WORK_LIMIT:
        return None
    share = work.wrap_share * amount
    wrap = constant(work.wrap_law) if work.wrap_law is not None else round(share)
    if wrap is None or (work.wrap_law is None and share != wrap):
        return None
    if not work.wrap_inside:
        return amount, wrap
    wrap = min(wrap, amount)
    return amount - wrap, wrap


def check_laws(facts: Facts, book: Book) -> None:
    """Contact by contact and stretch by stretch, against the laws of its queue."""
    queues = facts.scenario.queues
    patience, work = [constant(queue.patience) for queue in queues], [work_of(queue) for queue in queues]
    streams = facts.scenario.streams
    is_trace = [streams[s].kind == "trace" for s in facts.journal.issues["stream"].tolist()]
    contacts = facts.journal.contacts
    names = ("issue", "queue", "patience", "outcome", "row")
    for c, (issue, q, waits, outcome, row) in enumerate(zip(*(contacts[n].tolist() for n in names), strict=True)):
        wanted = patience[q]
        if row >= 0 and not is_trace[issue] and wanted is not None and waits != wanted:
            book.add("laws", f"patience is {waits}, its queue says {wanted}", None, contact=c)
        certain = {1.0: "unresolved", 0.0: "solved"}.get(queues[q].resolves)
        if OUTCOMES[outcome] == certain:
            book.add("laws", f"{certain}, but its queue resolves {queues[q].resolves:.0%}", None, contact=c)
    _work(facts, book, work, [is_trace[issue] for issue in contacts["issue"].tolist()])


def _work(facts: Facts, book: Book, work: list[tuple[int, int] | None], is_trace: list[bool]) -> None:
    """Talk over all stretches of a touch, and wrap-up, are the constants of its queue."""
    touches = facts.journal.touches
    talked: dict[int, int] = {}
    names = ("contact", "touch", "queue", "started", "talk_ended", "ended", "how")
    columns = (touches[name].tolist() for name in names)
    for row, (contact, touch, q, started, talk_ended, ended, how) in enumerate(zip(*columns, strict=True)):
        if ENDINGS[how] == "put_down":
            talked[touch] = talked.get(touch, 0) + ended - started
        wanted = work[q]
        if wanted is None or is_trace[contact] or started == NEVER or ENDINGS[how] == "put_down":
            continue
        talk, wrap = talked.get(touch, 0) + talk_ended - started, ended - talk_ended
        if talk_ended != NEVER and talk != wanted[0]:
            book.add("laws", f"{talk} of talk, its queue says {wanted[0]}", None, touch=row)
        if ended != NEVER and wrap != wanted[1]:
            book.add("laws", f"{wrap} of wrap-up, its queue says {wanted[1]}", None, touch=row)
        if ended == NEVER and started + wanted[0] - talked.get(touch, 0) + wanted[1] < facts.end:
            book.add("laws", "its work was over before the horizon but did not end", None, touch=row)
