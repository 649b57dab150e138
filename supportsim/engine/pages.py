"""Pages: the desk's tables hold what is open, and what came up since the page was turned.

Turning the page files everything about issues that are over in the journal, moves what is open to the front, in the
same order, and lets the next issues of demand in.  So the tables of a desk stay as small as what is going on at
it, whatever the length of play.  Order among issues, contacts and touches, which decides between things that
happen at one tick, stays as it is.

Each table is gone through once, and a row goes where it goes as soon as it is met: rows move forwards, and what they
refer to has gone before them.  Only neighbours among touches that stay are set anew afterwards, and filler that stays
makes room for those that arrive.
"""

from __future__ import annotations

from supportsim.engine.leaving import settle
from supportsim.engine.machine import fetch, part, rule, take
from supportsim.engine.piles import BACK, BREAK_OVER, KEPT, LINE_CUT, clear, still_stands
from supportsim.engine.tables import NONE, Tables
from supportsim.scenario.ticks import NEVER

_WHO = (1 << 40) - 1
#: Places below 0: _GONE + row in the journal (of filler: -1 - row among filler).
_GONE = -(1 << 40)
#: Places of issues until they are looked at.
_NOT_HELD, _HELD = 0, 1
#: So many rows before one of the journal is written, memory is asked for it.
_AHEAD = 32


@part
def _filed(place: int) -> int:
    """The row in the journal of what does not stay."""
    return place - _GONE


# ---------------- issues


@rule
def _see_hands(T: Tables, over: bool) -> None:
    """Issues in somebody's hands, though they may be over."""
    for issue in range(T.world[0].issues):
        T.issue_places[issue].value = _NOT_HELD
    for agent in range(len(T.agents)):
        row = T.agents[agent].hands if T.agents[agent].in_hand > 0 and not over else NONE
        while row != NONE:
            T.issue_places[T.touches[row].issue].value = _HELD
            row = T.touches[row].next


@part
def _stays(T: Tables, issue: int, over: bool) -> bool:
    """Issues that are open, or in somebody's hands, stay; nothing when play is over."""
    return bool(T.issue_places[issue].value == _HELD or (T.issues[issue].ended == NEVER and not over))


@part
def _move_issue(T: Tables, issue: int, to: int, filed: int) -> None:
    if to != issue:
        take(T.issues[to], T.issues[issue])
    T.issues[to].filed = filed


@rule
def _turn_issues(T: Tables, over: bool) -> None:
    """Issues of demand.  Without a journal, what goes is numbered from 0 each time."""
    place, begun, new, old = 0, 0, T.page[0].issues, T.page[0].old_issues
    last, next_issue, in_portions = T.clock[0].asked_for, T.clock[0].next_issue, T.page[0].in_portions == 1
    for issue in range(last):
        filed = T.issues[issue].filed if issue < old else new + issue - old
        if _stays(T, issue, over):
            T.issue_places[issue].value = place
            _move_issue(T, issue, place, filed)
            place += 1
            begun += int(issue < next_issue)
        else:
            at = issue - place if in_portions else filed
            T.issue_places[issue].value = _GONE + at
            fetch(T.filed_issues, at + _AHEAD)
            take(T.filed_issues[at], T.issues[issue])
    T.page[0].issues, T.page[0].old_issues, T.clock[0].next_issue = new + last - old, place, begun


@rule
def _turn_fillers(T: Tables, over: bool) -> None:
    """Filler issues come up behind those of demand, and make room for those that arrive."""
    first, last, arriving = T.clock[0].asked_for, T.world[0].issues, T.page[0].arriving
    place, new, old = T.page[0].old_issues, T.page[0].fillers, T.page[0].old_fillers
    for issue in range(first, last):
        filed = T.issues[issue].filed if issue - first < old else -1 - (new + issue - first - old)
        if _stays(T, issue, over):
            T.issue_places[issue].value = place + arriving
            _move_issue(T, issue, place, filed)
            place += 1
        elif T.page[0].in_portions == 1:
            T.issue_places[issue].value = _GONE + issue - place
            take(T.filed_issues[issue - place], T.issues[issue])
        else:
            T.issue_places[issue].value = _GONE + filed
            take(T.filed_fillers[-1 - filed], T.issues[issue])
    T.page[0].fillers, T.page[0].old_fillers = new + last - first - old, place - T.page[0].old_issues
    for k in range(T.page[0].old_fillers):
        take(T.issues[place + arriving - 1 - k], T.issues[place - 1 - k])
    T.page[0].gone_issues, T.world[0].issues = last - place, place + arriving


# ---------------- contacts


@part
def _file_contact(T: Tables, contact: int, at: int, issue: int) -> None:
    T.contact_places[contact].value = _GONE + at
    fetch(T.filed_contacts, at + _AHEAD)
    take(T.filed_contacts[at], T.contacts[contact])
    T.filed_contacts[at].issue = _filed(issue)


@part
def _move_contact(T: Tables, contact: int, to: int, issue: int) -> None:
    before = T.contacts[contact].before
    T.contact_places[contact].value = to
    if to != contact:
        take(T.contacts[to], T.contacts[contact])
    T.contacts[to].issue = issue
    T.contacts[to].before = NONE if before == NONE else T.contact_places[before].value
    T.issues[issue].last = to  # until the next one of it comes


@rule
def _turn_contacts(T: Tables) -> None:
    """Contacts go with their issues; new ones get their rows in the journal in the order in which they came to be."""
    place, new, old = 0, T.page[0].contacts, T.page[0].old_contacts
    last, in_portions = T.world[0].contacts, T.page[0].in_portions == 1
    for contact in range(last):
        filed = T.contacts[contact].filed if contact < old else new + contact - old
        issue = T.issue_places[T.contacts[contact].issue].value
        if issue >= 0:
            _move_contact(T, contact, place, issue)
            T.contacts[place].filed = filed
            place += 1
        else:
            _file_contact(T, contact, contact - place if in_portions else filed, issue)
    T.page[0].contacts, T.page[0].old_contacts, T.page[0].gone_contacts = new + last - old, place, last - place
    T.world[0].contacts = place


# ---------------- touches


@part
def _file_touch(T: Tables, row: int, at: int, contact: int) -> None:
    first = T.touches[row].touch
    T.touch_places[row].value = _GONE + at
    fetch(T.filed_touches, at + _AHEAD)
    take(T.filed_touches[at], T.touches[row])
    T.filed_touches[at].contact = contact
    T.filed_touches[at].touch = _filed(T.touch_places[first].value)
    if first == row:
        T.filed_contacts[contact].row = at


@part
def _move_touch(T: Tables, row: int, to: int, contact: int) -> None:
    first = T.touches[row].touch
    T.touch_places[row].value = to
    if to != row:
        take(T.touches[to], T.touches[row])
    T.touches[to].contact = contact
    T.touches[to].issue = T.contacts[contact].issue
    T.touches[to].touch = T.touch_places[first].value
    if first == row:
        T.contacts[contact].row = to


@rule
def _turn_touches(T: Tables) -> None:
    """Touches go with their contacts, which learn where the first one went."""
    place, new, old = 0, T.page[0].touches, T.page[0].old_touches
    last, in_portions = T.world[0].touches, T.page[0].in_portions == 1
    for row in range(last):
        filed = T.touches[row].filed if row < old else new + row - old
        contact = T.contact_places[T.touches[row].contact].value
        if contact >= 0:
            _move_touch(T, row, place, contact)
            T.touches[place].filed = filed
            place += 1
        else:
            _file_touch(T, row, row - place if in_portions else filed, _filed(contact))
    T.page[0].touches, T.page[0].old_touches, T.page[0].gone_touches = new + last - old, place, last - place
    T.world[0].touches = place


@part
def _moved(T: Tables, row: int) -> int:
    """Where the touch in a row went; NONE stays NONE."""
    return NONE if row == NONE else int(T.touch_places[row].value)


@rule
def _link_touches(T: Tables) -> None:
    """Neighbours, queues and hands."""
    for row in range(T.world[0].touches):
        if T.touches[row].ended == NEVER:
            before, after = T.touches[row].prev, T.touches[row].next
            T.touches[row].prev, T.touches[row].next = _moved(T, before), _moved(T, after)
            if before == NONE and T.touches[row].started != NEVER:
                T.agents[T.touches[row].agent].hands = row
    for q in range(len(T.queues)):
        T.queues[q].head = _moved(T, T.queues[q].head)
        T.queues[q].tail = _moved(T, T.queues[q].tail)


# ---------------- appointments


@part
def _moved_with(T: Tables, what: int, who: int) -> int:
    """Whom an appointment is with, by the new rows; below 0: he is gone."""
    if what in (BREAK_OVER, KEPT):
        return who
    return int(T.issue_places[who].value if what in (BACK, LINE_CUT) else T.touch_places[who].value)


@part
def _order_of(T: Tables, what: int, order: int) -> int:
    """The order of an appointment with the new rows of whom it is with."""
    if what in (BREAK_OVER, LINE_CUT):
        return order
    return order & ~_WHO | T.issue_places[order & _WHO].value


@rule
def _move_appointments(T: Tables) -> None:
    """Those that still stand, with new rows; the piles are made anew of them."""
    kept = 0
    for at in range(T.clock[0].appointed):
        what, tick, order = T.appointments[at].what, T.appointments[at].tick, T.appointments[at].order
        who = _moved_with(T, what, T.appointments[at].who)
        if who >= 0 and still_stands(T, what, who):
            T.appointments[kept].tick = tick
            T.appointments[kept].order = _order_of(T, what, order)
            T.appointments[kept].what = what
            T.appointments[kept].who = who
            kept += 1
    T.clock[0].appointed = kept
    clear(T)


# ---------------- the whole


@rule
def _arrive(T: Tables) -> None:
    """The next issues of demand, none of them begun."""
    first, counted_to, counted = T.page[0].old_issues, T.clock[0].counted_to, 0
    for k in range(T.page[0].arriving):
        issue = first + k
        take(T.issues[issue], T.arriving[k])
        T.issues[issue].state = 0
        T.issues[issue].contacts = 0
        T.issues[issue].worked = 0
        T.issues[issue].ended = NEVER
        T.issues[issue].step = 0
        T.issues[issue].tries = 0
        T.issues[issue].kind = 0
        T.issues[issue].last = 0
        counted += int(T.issues[issue].asked < counted_to)
    T.clock[0].open += counted
    T.clock[0].asked_for = first + T.page[0].arriving


@rule
def has_room(T: Tables) -> bool:
    """Whether the page can be turned where everything stands: room for all that arrives, and for all that is filed."""
    arriving, not_begun = T.page[0].arriving, T.clock[0].asked_for - T.clock[0].next_issue
    most_fillers = len(T.contacts) if T.world[0].fillers > 0 else 0
    filled = T.world[0].issues - T.clock[0].asked_for
    return bool(
        max(T.world[0].contacts, T.world[0].touches) + arriving < T.world[0].room
        and max(T.world[0].issues, not_begun + most_fillers) + arriving <= len(T.issues)
        and len(T.issues) <= len(T.issue_places)
        and len(T.contacts) <= len(T.contact_places)
        and len(T.touches) <= len(T.touch_places)
        and T.page[0].issues + T.clock[0].asked_for <= len(T.filed_issues)
        and T.page[0].fillers + filled <= len(T.filed_fillers)
        and T.page[0].contacts + T.world[0].contacts <= len(T.filed_contacts)
        and T.page[0].touches + T.world[0].touches <= len(T.filed_touches)
    )


@part
def _want(T: Tables) -> None:
    """How many issues make turning the next page worth its while."""
    stay = T.page[0].old_contacts
    T.page[0].wanted = max(T.page[0].least, min(T.page[0].for_each * stay, max(T.page[0].most, stay)))


@rule
def turn(T: Tables, over: bool) -> None:
    """Turn the page; `over`: everything is filed."""
    if over and T.world[0].feedback == 1:
        settle(T, len(T.customers), T.clock[0].end)
    _see_hands(T, over)
    _turn_issues(T, over)
    _turn_fillers(T, over)
    _turn_contacts(T)
    _turn_touches(T)
    _link_touches(T)
    _move_appointments(T)
    _arrive(T)
    _want(T)
