"""Pages: the desk's tables hold what is open, and what came up since the page was turned.

Turning the page files everything about issues that are over in the journal, moves what is open to the front, in the
same order, and lets the next issues of demand in.  So the tables of a desk stay as small as what is going on at
it, whatever the length of play.  Order among issues, contacts and touches, which decides between things that
happen at one tick, stays as it is.
"""

from __future__ import annotations

from supportsim.engine.leaving import settle
from supportsim.engine.machine import part, rule, take
from supportsim.engine.piles import BACK, BREAK_OVER, LINE_CUT, clear, still_stands
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.ticks import NEVER

_WHO = (1 << 40) - 1
#: Places below 0: _GONE + row in the journal (of filler: -1 - row among filler).
_GONE = -(1 << 40)

# ---------------- who stays, and where the others go


@part
def _filed(place: int) -> int:
    """The row in the journal of what does not stay."""
    return place - _GONE


@rule
def _who_stays(T: Tables, over: bool) -> None:
    """Issues that are open, or in somebody's hands, stay; nothing when play is over."""
    for filler in range(T.page[0].old_fillers, T.world[0].issues - T.clock[0].asked_for):
        T.issues[T.clock[0].asked_for + filler].filed = -1 - T.page[0].fillers
        T.page[0].fillers += 1
    for issue in range(T.world[0].issues):
        stays = T.issues[issue].ended == NEVER and not over
        T.issue_places[issue].value = 0 if stays else _GONE + T.issues[issue].filed
    for agent in range(len(T.agents)):
        row = T.agents[agent].hands if T.agents[agent].in_hand > 0 and not over else NONE
        while row != NONE:
            T.issue_places[T.contacts[T.touches[row].contact].issue].value = 0
            row = T.touches[row].next


@part
def _number_issues(T: Tables) -> None:
    """Without a journal, what goes is numbered from 0 each time: issues of demand, then filler."""
    gone = 0
    for issue in range(T.world[0].issues):
        if T.issue_places[issue].value < 0:
            T.issue_places[issue].value = _GONE + gone
            gone += 1
    T.page[0].gone_issues = gone


@rule
def _place_issues(T: Tables) -> None:
    """New rows: issues of demand, room for those that arrive, filler."""
    place, begun = 0, 0
    if T.page[0].in_portions == 1:
        _number_issues(T)
    for issue in range(T.clock[0].asked_for):
        if T.issue_places[issue].value >= 0:
            T.issue_places[issue].value = place
            place += 1
            begun += int(issue < T.clock[0].next_issue)
    T.page[0].staying_begun, T.page[0].staying_asked = begun, place
    place += T.page[0].arriving
    for issue in range(T.clock[0].asked_for, T.world[0].issues):
        if T.issue_places[issue].value >= 0:
            T.issue_places[issue].value = place
            place += 1
    T.page[0].staying_issues = place


@rule
def _place_contacts(T: Tables) -> None:
    """What is new on this page gets its row in the journal, in the order in which it came to be."""
    place, new, old, gone = 0, T.page[0].contacts, T.page[0].old_contacts, 0
    in_portions = T.page[0].in_portions == 1
    for contact in range(T.world[0].contacts):
        if contact >= old:
            T.contacts[contact].filed = new
            new += 1
        stays = T.issue_places[T.contacts[contact].issue].value >= 0
        at = gone if in_portions else T.contacts[contact].filed
        T.contact_places[contact].value = place if stays else _GONE + at
        place += int(stays)
        gone += int(not stays)
    T.page[0].contacts, T.page[0].staying_contacts, T.page[0].gone_contacts = new, place, gone


@rule
def _place_touches(T: Tables) -> None:
    place, new, old, gone = 0, T.page[0].touches, T.page[0].old_touches, 0
    in_portions = T.page[0].in_portions == 1
    for row in range(T.world[0].touches):
        if row >= old:
            T.touches[row].filed = new
            new += 1
        stays = T.contact_places[T.touches[row].contact].value >= 0
        at = gone if in_portions else T.touches[row].filed
        T.touch_places[row].value = place if stays else _GONE + at
        place += int(stays)
        gone += int(not stays)
    T.page[0].touches, T.page[0].staying_touches, T.page[0].gone_touches = new, place, gone


# ---------------- into the journal, or to the front


@part
def _moved(T: Tables, row: int) -> int:
    """Where the touch in a row goes; NONE stays NONE."""
    return NONE if row == NONE else int(T.touch_places[row].value)


@part
def _file_touch(T: Tables, row: int, at: int) -> None:
    contact, touch = T.touches[row].contact, T.touches[row].touch
    take(T.filed_touches[at], T.touches[row])
    T.filed_touches[at].contact = _filed(T.contact_places[contact].value)
    T.filed_touches[at].touch = _filed(T.touch_places[touch].value)


@part
def _move_touch(T: Tables, row: int, to: int) -> None:
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
def _move_touches(T: Tables) -> None:
    for row in range(T.world[0].touches):
        to = T.touch_places[row].value
        if to >= 0:
            _move_touch(T, row, to)
        else:
            _file_touch(T, row, _filed(to))


@part
def _file_contact(T: Tables, contact: int, at: int) -> None:
    issue, first = T.contacts[contact].issue, T.contacts[contact].row
    take(T.filed_contacts[at], T.contacts[contact])
    T.filed_contacts[at].issue = _filed(T.issue_places[issue].value)
    T.filed_contacts[at].row = NONE if first == NONE else _filed(T.touch_places[first].value)


@part
def _move_contact(T: Tables, contact: int, to: int) -> None:
    issue, before, first = T.contacts[contact].issue, T.contacts[contact].before, T.contacts[contact].row
    if to != contact:
        take(T.contacts[to], T.contacts[contact])
    T.contacts[to].issue = T.issue_places[issue].value
    T.contacts[to].before = NONE if before == NONE else T.contact_places[before].value
    T.contacts[to].row = _moved(T, first)


@rule
def _move_contacts(T: Tables) -> None:
    for contact in range(T.world[0].contacts):
        to = T.contact_places[contact].value
        if to >= 0:
            _move_contact(T, contact, to)
        else:
            _file_contact(T, contact, _filed(to))


@part
def _move_issue(T: Tables, issue: int, to: int) -> None:
    if to != issue:
        take(T.issues[to], T.issues[issue])
    if T.issues[to].contacts > 0:
        T.issues[to].last = T.contact_places[T.issues[to].last].value


@rule
def _move_issues(T: Tables) -> None:
    """Those of demand forwards; filler the other way round where it makes room for arrivals."""
    first, last = T.clock[0].asked_for, T.world[0].issues
    for issue in range(last):  # those that go into the journal, to the front, or stay
        to = T.issue_places[issue].value
        if to >= 0:
            if to <= issue:
                _move_issue(T, issue, to)
        elif issue < first or T.page[0].in_portions == 1:
            take(T.filed_issues[_filed(to)], T.issues[issue])
        else:
            take(T.filed_fillers[-1 - _filed(to)], T.issues[issue])
    for k in range(last - first):
        if T.issue_places[last - 1 - k].value > last - 1 - k:
            _move_issue(T, last - 1 - k, T.issue_places[last - 1 - k].value)


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
def _order_of(T: Tables, what: int, who: int, order: int) -> int:
    """The order of an appointment with the new rows of whom it is with."""
    if what in (BREAK_OVER, LINE_CUT):
        return order
    return order & ~_WHO | T.issue_places[order & _WHO].value


@rule
def _move_appointments(T: Tables) -> None:
    """Those that still stand, with new rows; the piles are made anew of them."""
    kept = 0
    for at in range(T.clock[0].appointed):
        what, who = T.appointments[at].what, T.appointments[at].who
        if still_stands(T, what, who):
            order = _order_of(T, what, who, T.appointments[at].order)
            if what in (BACK, LINE_CUT):
                who = T.issue_places[who].value
            elif what != BREAK_OVER:
                who = T.touch_places[who].value
            T.appointments[kept].tick = T.appointments[at].tick
            T.appointments[kept].order = order
            T.appointments[kept].what = what
            T.appointments[kept].who = who
            kept += 1
    T.clock[0].appointed = kept
    clear(T)


# ---------------- the whole


@rule
def _count(T: Tables) -> None:
    """How many rows there are now, before those that arrive."""
    T.world[0].issues = T.page[0].staying_issues
    T.world[0].contacts = T.page[0].old_contacts = T.page[0].staying_contacts
    T.world[0].touches = T.page[0].old_touches = T.page[0].staying_touches
    T.page[0].old_fillers = T.page[0].staying_issues - T.page[0].staying_asked - T.page[0].arriving
    T.clock[0].next_issue = T.page[0].staying_begun
    T.clock[0].asked_for = T.page[0].staying_asked


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
    if over and T.world[0].feedback == 1:
        settle(T, len(T.customers), T.clock[0].end)
    _who_stays(T, over)
    _place_issues(T)
    _place_contacts(T)
    _place_touches(T)
    _move_appointments(T)
    _move_lists(T)
    _move_touches(T)
    _move_contacts(T)
    _move_issues(T)
    _count(T)
    _arrive(T)
