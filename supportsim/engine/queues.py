"""Queues, ordered by (entry time, touch), and the news a rule leaves for the clock."""

from __future__ import annotations

from supportsim.engine.tables import NEWS_WIDTH, NONE, Tables, rule


@rule
def tell(T: Tables, what: int, who: int, due: int, by: int) -> None:
    """One more piece of news: what happened, to whom, until when, by which agent or touch."""
    n = T.world[0].news * NEWS_WIDTH
    T.news[n].value = what
    T.news[n + 1].value = who
    T.news[n + 2].value = due
    T.news[n + 3].value = by
    T.world[0].news += 1


@rule
def is_later(T: Tables, row: int, entered: int, touch: int) -> bool:
    """Whether the touch in `row` stands behind one that entered then."""
    if T.touches[row].entered != entered:
        return T.touches[row].entered > entered
    return T.touches[row].touch > touch


@rule
def _insert(T: Tables, row: int, q: int, before: int) -> None:
    after = T.queues[q].head if before == NONE else T.touches[before].next
    T.touches[row].prev = before
    T.touches[row].next = after
    if before == NONE:
        T.queues[q].head = row
    else:
        T.touches[before].next = row
    if after == NONE:
        T.queues[q].tail = row
    else:
        T.touches[after].prev = row


@rule
def enqueue(T: Tables, row: int) -> None:
    """Put a touch in its queue at the place its entry time gives it."""
    q = T.touches[row].queue
    entered, touch = T.touches[row].entered, T.touches[row].touch
    before = T.queues[q].tail
    if before != NONE and T.touches[before].entered > entered:
        before = T.queues[q].head  # it was here before: its place is near the front
        if is_later(T, before, entered, touch):
            before = NONE
        else:
            after = T.touches[before].next
            while after != NONE and not is_later(T, after, entered, touch):
                before = after
                after = T.touches[before].next
    else:
        while before != NONE and is_later(T, before, entered, touch):
            before = T.touches[before].prev
    _insert(T, row, q, before)
    T.channels[T.queues[q].channel].waiting += 1


@rule
def dequeue(T: Tables, row: int) -> None:
    """Take a touch out of its queue, wherever it stands."""
    q, before, after = T.touches[row].queue, T.touches[row].prev, T.touches[row].next
    if before == NONE:
        T.queues[q].head = after
    else:
        T.touches[before].next = after
    if after == NONE:
        T.queues[q].tail = before
    else:
        T.touches[after].prev = before
    T.channels[T.queues[q].channel].waiting -= 1
