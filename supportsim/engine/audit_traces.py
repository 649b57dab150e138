"""Audit of what a trace fixes: its rows are the issues of its stream, with the patience they bring."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.audit_facts import Book, Facts
from supportsim.scenario.model import Stream, Trace

Rows = NDArray[np.int64]


def check_traces(facts: Facts, book: Book) -> None:
    """Every trace stream whose volume is not scaled; and backlogs by number.  Nothing where issues were taken away."""
    if facts.scenario.thinned:
        return
    stream_of = facts.journal.issues["stream"]
    for s, stream in enumerate(facts.scenario.streams):
        own = np.flatnonzero(stream_of == s)
        if stream.volume == 1.0 and stream.trace is not None:
            _stream(facts, book, stream, stream.trace, own)
        elif stream.volume == 1.0 and stream.backlog is not None and len(own) != stream.backlog.count:
            book.add("demand", f"{stream.name} has {len(own)} issues, the scenario {stream.backlog.count}")


def _stream(facts: Facts, book: Book, stream: Stream, trace: Trace, own: Rows) -> None:
    at = np.asarray(trace.at, dtype=np.int64) + facts.timeline.counted_from
    order = np.argsort(at, kind="stable")
    limit = facts.end
    if not facts.scenario.times.run_out_demand:
        limit = min(limit, facts.timeline.counted_to)
    rows = order[at[order] < limit]
    issues = facts.journal.issues[own]
    if len(own) != len(rows):
        book.add("demand", f"{stream.name} has {len(own)} issues, its trace {len(rows)} rows before the end")
        return
    for column, values in (("asked", at), ("segment", trace.segment), ("topic", trace.topic)):
        unlike = issues[column] != np.asarray(values)[rows]
        for issue in own[unlike]:
            book.add("demand", f"{column} is not that of its row of the trace", None, issue=int(issue))
    _first_contacts(facts, book, trace, dict(zip(own.tolist(), rows.tolist(), strict=True)))


def _first_contacts(facts: Facts, book: Book, trace: Trace, row_of: dict[int, int]) -> None:
    """A row speaks of the first contact: its channel, its patience, and the work on it."""
    contacts = facts.journal.contacts
    for c in np.flatnonzero(contacts["number"] == 1).tolist():
        row = row_of.get(int(contacts["issue"][c]), -1)
        if row < 0:
            continue
        if trace.channel[row] >= 0 and contacts["channel"][c] != trace.channel[row]:
            book.add("demand", "is not on the channel its row of the trace names", None, contact=c)
        if contacts["row"][c] >= 0 and trace.patience[row] >= 0 and contacts["patience"][c] != trace.patience[row]:
            book.add("laws", "patience is not that of its row of the trace", None, contact=c)
