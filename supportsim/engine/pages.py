"""Pages: the desk's tables hold what is open, and what came up since the page was turned.

Turning the page files everything about issues that are over in the journal, moves what is open to the front, in the
same order, and lets the next issues of demand in.  So the tables of a desk stay as small as what is going on at
it, whatever the length of play.  Order among issues, contacts and touches, which decides between things that
happen at one tick, stays as it is.
"""

from __future__ import annotations

from supportsim.engine.heaps import AT_WORK, AWAITED, BACK, BREAK_OVER, LINE_CUT, WRAP_UP_OVER, begin_of, sort
from supportsim.engine.machine import rule, take
from supportsim.engine.tables import NONE, TOUCH_BITS, Tables
from supportsim.scenario.ticks import NEVER

_TOUCH = (1 << TOUCH_BITS) - 1
_WHO = (1 << 40) - 1

# ---------------- who stays


@rule
def _number(T: Tables) -> None:
    """Whatever is new on this page gets its row in the journal, in the order in which it came to be."""
    for filler in range(T.page[0].old_fillers, T.world[0].issues - T.clock[0].asked_for):
        T.issues[T.clock[0].asked_for + filler].filed = -1 - T.page[0].fillers
        T.page[0].fillers += 1
    for contact in range(T.page[0].old_contacts, T.world[0].contacts):
        T.contacts[contact].filed = T.page[0].contacts
        T.page[0].contacts += 1
    for row in range(T.page[0].old_touches, T.world[0].touches):
        T.touches[row].filed = T.page[0].touches
        T.page[0].touches += 1


@rule
def _stay(T: Tables, over: bool) -> None:
    """Issues that are open, or in somebody's hands, stay; nothing when play is over."""
    for issue in range(T.world[0].issues):
        T.issue_places[issue].value = 0 if T.issues[issue].ended == NEVER and not over else NONE
    for row in range(T.world[0].touches):
        if T.touches[row].ended == NEVER and not over:
            T.issue_places[T.contacts[T.touches[row].contact].issue].value = 0


@rule
def _find_places(T: Tables) -> None:
    """New rows of all that stays: issues of demand, room for those that arrive, filler; contacts; touches."""
    place = 0
    for issue in range(T.world[0].issues):
        if issue == T.clock[0].asked_for:
            place += T.page[0].arriving
        if T.issue_places[issue].value != NONE:
            T.issue_places[issue].value = place
            place += 1
    place = 0
    for contact in range(T.world[0].contacts):
        stays = T.issue_places[T.contacts[contact].issue].value != NONE
        T.contact_places[contact].value = place if stays else NONE
        place += int(stays)
    place = 0
    for row in range(T.world[0].touches):
        stays = T.contact_places[T.touches[row].contact].value != NONE
        T.touch_places[row].value = place if stays else NONE
        place += int(stays)


# ---------------- into the journal


@rule
def _file(T: Tables) -> None:
    """All about the issues that do not stay is written into the journal."""
    for row in range(T.world[0].touches):
        if T.touch_places[row].value == NONE:
            at = T.touches[row].filed
            take(T.filed_touches[at], T.touches[row])
            T.filed_touches[at].contact = T.contacts[T.touches[row].contact].filed
            T.filed_touches[at].touch = T.touches[T.touches[row].touch].filed
    for contact in range(T.world[0].contacts):
        if T.contact_places[contact].value == NONE:
            at, first = T.contacts[contact].filed, T.contacts[contact].row
            take(T.filed_contacts[at], T.contacts[contact])
            T.filed_contacts[at].issue = T.issues[T.contacts[contact].issue].filed
            T.filed_contacts[at].row = NONE if first == NONE else T.touches[first].filed
    for issue in range(T.world[0].issues):
        if T.issue_places[issue].value == NONE:
            at = T.issues[issue].filed
            if at >= 0:
                take(T.filed_issues[at], T.issues[issue])
            else:
                take(T.filed_fillers[-1 - at], T.issues[issue])


# ---------------- to the front


@rule
def _moved(T: Tables, row: int) -> int:
    """Where the touch in a row goes; NONE stays NONE."""
    return NONE if row == NONE else int(T.touch_places[row].value)


@rule
def _move_touches(T: Tables) -> None:
    for row in range(T.world[0].touches):
        to = T.touch_places[row].value
        if to != NONE:
            contact, touch = T.touches[row].contact, T.touches[row].touch
            before, after = T.touches[row].prev, T.touches[row].next
            if T.touches[row].ended == NEVER:
                before, after = _moved(T, before), _moved(T, after)
            if to != row:
                take(T.touches[to], T.touches[row])
            T.touches[to].contact = T.contact_places[contact].value
            T.touches[to].touch = T.touch_places[touch].value
            T.touches[to].prev = before
            T.touches[to].next = after


@rule
def _move_contacts(T: Tables) -> None:
    for contact in range(T.world[0].contacts):
        to = T.contact_places[contact].value
        if to != NONE:
            issue, before, first = T.contacts[contact].issue, T.contacts[contact].before, T.contacts[contact].row
            if to != contact:
                take(T.contacts[to], T.contacts[contact])
            T.contacts[to].issue = T.issue_places[issue].value
            T.contacts[to].before = NONE if before == NONE else T.contact_places[before].value
            T.contacts[to].row = _moved(T, first)


@rule
def _move_issue(T: Tables, issue: int) -> None:
    to = T.issue_places[issue].value
    if to == NONE:
        return
    if to != issue:
        take(T.issues[to], T.issues[issue])
    if T.issues[to].contacts > 0:
        T.issues[to].last = T.contact_places[T.issues[to].last].value


@rule
def _move_issues(T: Tables) -> None:
    """Those of demand forwards; filler the other way round where it makes room for arrivals."""
    for issue in range(T.clock[0].asked_for):
        _move_issue(T, issue)
    first, last = T.clock[0].asked_for, T.world[0].issues
    for issue in range(first, last):  # those that go to the front, or stay
        if T.issue_places[issue].value <= issue:
            _move_issue(T, issue)
    for k in range(last - first):
        if T.issue_places[last - 1 - k].value > last - 1 - k:
            _move_issue(T, last - 1 - k)


@rule
def _move_lists(T: Tables) -> None:
    """Queues and hands."""
    for q in range(len(T.queues)):
        T.queues[q].head = _moved(T, T.queues[q].head)
        T.queues[q].tail = _moved(T, T.queues[q].tail)
    for agent in range(len(T.agents)):
        T.agents[agent].hands = _moved(T, T.agents[agent].hands)


# ---------------- appointments


@rule
def _still_stands(T: Tables, what: int, who: int) -> bool:
    """Whether an appointment may still be kept."""
    if what in (BREAK_OVER, BACK, LINE_CUT):
        return True
    if T.touch_places[who].value == NONE or T.touches[who].ended != NEVER:
        return False
    return what <= WRAP_UP_OVER or T.touches[who].started == NEVER


@rule
def _order_of(T: Tables, what: int, who: int, order: int) -> int:
    """The order of an appointment with the new rows of whom it is with."""
    if what in (BREAK_OVER, LINE_CUT):
        return order
    if what <= WRAP_UP_OVER:
        return order & ~_TOUCH | T.touch_places[order & _TOUCH].value
    return order & ~_WHO | T.issue_places[order & _WHO].value


@rule
def _move_appointments(T: Tables, heap: int) -> None:
    """Those that still stand, with new rows; the heap is made anew of them."""
    begin, kept = begin_of(T, heap), 0
    for at in range(begin, begin + T.heaps[heap].filled):
        what, who = T.appointments[at].what, T.appointments[at].who
        if _still_stands(T, what, who):
            order = _order_of(T, what, who, T.appointments[at].order)
            if what in (BACK, LINE_CUT):
                who = T.issue_places[who].value
            elif what != BREAK_OVER:
                who = T.touch_places[who].value
            T.appointments[begin + kept].tick = T.appointments[at].tick
            T.appointments[begin + kept].order = order
            T.appointments[begin + kept].what = what
            T.appointments[begin + kept].who = who
            kept += 1
    T.heaps[heap].filled = kept
    sort(T, heap)


# ---------------- the whole


@rule
def _count(T: Tables) -> None:
    """How many rows there are now, before those that arrive."""
    asked, begun, fillers, contacts, touches = 0, 0, 0, 0, 0
    for issue in range(T.clock[0].asked_for):
        if T.issue_places[issue].value != NONE:
            asked += 1
            begun += int(issue < T.clock[0].next_issue)
    for issue in range(T.clock[0].asked_for, T.world[0].issues):
        fillers += int(T.issue_places[issue].value != NONE)
    for contact in range(T.world[0].contacts):
        contacts += int(T.contact_places[contact].value != NONE)
    for row in range(T.world[0].touches):
        touches += int(T.touch_places[row].value != NONE)
    T.world[0].issues = asked + T.page[0].arriving + fillers
    T.world[0].contacts = T.page[0].old_contacts = contacts
    T.world[0].touches = T.page[0].old_touches = touches
    T.page[0].old_fillers = fillers
    T.clock[0].next_issue = begun
    T.clock[0].asked_for = asked


@rule
def _arrive(T: Tables) -> None:
    """The next issues of demand, none of them begun."""
    for k in range(T.page[0].arriving):
        issue = T.clock[0].asked_for + k
        take(T.issues[issue], T.arriving[k])
        T.issues[issue].state = 0
        T.issues[issue].contacts = 0
        T.issues[issue].worked = 0
        T.issues[issue].ended = NEVER
        T.issues[issue].step = 0
        T.issues[issue].tries = 0
        T.issues[issue].kind = 0
        T.issues[issue].last = 0
        T.issues[issue].filed = T.page[0].issues
        T.page[0].issues += 1
        T.clock[0].open += int(T.issues[issue].asked < T.clock[0].counted_to)
    T.clock[0].asked_for += T.page[0].arriving


@rule
def turn(T: Tables, over: bool) -> None:
    """Turn the page; `over`: everything is filed."""
    _number(T)
    _stay(T, over)
    _find_places(T)
    _file(T)
    if over:
        return
    _move_appointments(T, AT_WORK)
    _move_appointments(T, AWAITED)
    _move_lists(T)
    _move_touches(T)
    _move_contacts(T)
    _move_issues(T)
    _count(T)
    _arrive(T)
