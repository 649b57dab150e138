"""Queues, ordered by (key of the policy, entry time, touch), and the news a rule leaves for the clock."""

from __future__ import annotations

from supportsim.engine.machine import fetch, part, rare, rule
from supportsim.engine.tables import AGEING, NEWS_WIDTH, NONE, OWN_OF_FIRST, ROOM, Tables

#: Of more agents than this what lies far off in memory is asked for ahead.
FAR = 1024


@part
def tell(T: Tables, what: int, who: int, due: int, by: int) -> None:
    """One more piece of news: what happened, to whom, until when, by which agent or touch."""
    n = T.world[0].news * NEWS_WIDTH
    T.world[0].news += 1
    if n + NEWS_WIDTH <= len(T.news):  # else the clock will find more pieces than there is room for
        T.news[n].value = what
        T.news[n + 1].value = who
        T.news[n + 2].value = due
        T.news[n + 3].value = by


@rare
def _say_full(T: Tables, row: int) -> None:
    tell(T, ROOM, row, 0, 0)


@part
def ask_for_room(T: Tables, row: int) -> None:
    """A row of contacts or touches is taken: the clock makes room when there is little left."""
    if row >= T.world[0].room:
        _say_full(T, row)


@rule
def is_later(T: Tables, row: int, other: int) -> bool:
    """Whether the touch in `row` entered after the one in `other`."""
    if T.touches[row].entered != T.touches[other].entered:
        return T.touches[row].entered > T.touches[other].entered
    return T.touches[row].touch > T.touches[other].touch


@rule
def _stands_behind(T: Tables, row: int, other: int) -> bool:
    """Whether the touch in `row` stands behind the one in `other` in their queue."""
    if T.touches[row].key != T.touches[other].key:
        return T.touches[row].key > T.touches[other].key
    return is_later(T, row, other)


@rule
def _score(T: Tables, row: int, now: int) -> int:
    """Ageing: the wait at the rate of the queue, and its bonus."""
    q = T.touches[row].queue
    return T.queues[q].rate * (now - T.touches[row].entered) + T.queues[q].bonus


@rule
def goes_before(T: Tables, row: int, other: int, now: int) -> bool:
    """Whether the policy takes `row` before `other`, both of one rank."""
    if T.world[0].key_of_policy == AGEING:
        one, two = _score(T, row, now), _score(T, other, now)
        if one != two:
            return one > two
        return is_later(T, other, row)
    return _stands_behind(T, other, row)


@part
def first_asked(T: Tables, q: int, delay: int, now: int) -> int:
    """The first touch of a queue whose overflow delay has passed; NONE if there is none."""
    row = T.queues[q].head
    if delay == 0 or row == NONE:
        return row
    if T.world[0].key_of_policy <= OWN_OF_FIRST:  # the queue stands in the order of entry
        return row if T.touches[row].entered + delay <= now else NONE
    while row != NONE and T.touches[row].entered + delay > now:
        row = T.touches[row].next
    return row


@part
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


@part
def _count_waiting(T: Tables, q: int, change: int) -> None:
    """One more waits, or one fewer: on the channel, and for each team that is asked."""
    T.channels[T.queues[q].channel].waiting += change
    k = T.queues[q].asked_from
    while k < T.queues[q].asked_to:
        T.teams[T.asked[k].team].waiting += change
        k += 1


@part
def enqueue(T: Tables, row: int) -> None:
    """Put a touch in its queue at its place."""
    q = T.touches[row].queue
    before = T.queues[q].tail
    returns = before != NONE and T.touches[before].entered > T.touches[row].entered
    if returns and T.world[0].key_of_policy <= OWN_OF_FIRST:
        before = T.queues[q].head  # it was here before: its place is near the front
        if _stands_behind(T, before, row):
            before = NONE
        else:
            after = T.touches[before].next
            while after != NONE and not _stands_behind(T, after, row):
                before = after
                after = T.touches[before].next
    else:
        while before != NONE and _stands_behind(T, before, row):
            before = T.touches[before].prev
    _insert(T, row, q, before)
    _count_waiting(T, q, 1)


@part
def say_drained(T: Tables, q: int) -> None:
    """Teams that drain for this queue may have to look again at what they may take."""
    if T.queues[q].is_drained == 1:
        T.world[0].drained = 1


@part
def _foresee_next(T: Tables, head: int) -> None:
    """Whoever is asked next in this queue lies far off in memory on a large desk: each thing he has comes nearer."""
    if head != NONE and len(T.agents) > FAR:
        fetch(T.issues, T.touches[head].issue)
        second = T.touches[head].next
        if second != NONE:
            fetch(T.contacts, T.touches[second].contact)
            fetch(T.touches, max(T.touches[second].next, 0))


@part
def dequeue(T: Tables, row: int) -> None:
    """Take a touch out of its queue, wherever it stands."""
    q, before, after = T.touches[row].queue, T.touches[row].prev, T.touches[row].next
    if before == NONE:
        T.queues[q].head = after
        _foresee_next(T, after)
    else:
        T.touches[before].next = after
    if after == NONE:
        T.queues[q].tail = before
    else:
        T.touches[after].prev = before
    _count_waiting(T, q, -1)
    say_drained(T, q)
