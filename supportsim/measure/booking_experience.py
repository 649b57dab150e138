"""The compiled pass that counts what each issue of a portion leaves with its customer: docs/model.md, section 13."""

from __future__ import annotations

from typing import Any

from supportsim.demand.compiling import LEAN, PLAIN, array, procedure, whole
from supportsim.engine.journal import CONTACT_KINDS, CONTACTS, ISSUE_STATES
from supportsim.engine.journal import ISSUES as ISSUE_ROWS
from supportsim.engine.leaving import BRIEF
from supportsim.measure import tables as t
from supportsim.measure.booking import FRAME, SCRATCH
from supportsim.measure.booking_clock import inside, is_late
from supportsim.measure.booking_contacts import status_of
from supportsim.scenario.model import EXPERIENCES
from supportsim.scenario.ticks import NEVER

(BROKEN, WAITED, AGAIN, SWITCHED, UNANSWERED, GAVE_UP, UNASKED, UNSERVED, SOLVED) = range(len(EXPERIENCES))
_SWITCH = CONTACT_KINDS.index("switch")
_GAVE_UP, _UNASKED, _UNSERVED, _SOLVED = (ISSUE_STATES.index(s) for s in ("gave_up", "unasked", "unserved", "solved"))


@inside
def _contact(F: Any, felt: Any, contact: Any, end: int) -> None:
    """What one contact adds to its issue."""
    queue, created, status = int(contact["queue"]), contact["created"], status_of(contact)
    mine = felt[contact["issue"]]
    mine[AGAIN] += int(contact["number"] > 1)
    mine[SWITCHED] += int(contact["kind"] == _SWITCH)
    mine[UNANSWERED] += int(status != t.ANSWERED and status != t.STILL_WAITING)
    if status == t.BLOCKED or status == t.TURNED_AWAY:
        return
    until = contact["answered"] if status == t.ANSWERED else contact["left"]
    wait = min(until, end) - created
    mine[WAITED] += wait
    if status == t.WITHDREW:
        return
    for promise in range(len(F.clocks)):
        if F.clocks[promise] == 0 and F.cover[promise, queue] >= 0:
            judged = status == t.STILL_WAITING or F.missed[promise, status, 0, int(wait <= BRIEF)] == 1
            mine[BROKEN] += int(judged and is_late(F, promise, created, created + wait))


@inside
def _replies_late(F: Any, X: Any, contacts: Any, issue: int, end: int) -> int:
    """Promises of a first reply broken on an issue, whenever it arose."""
    found = 0
    for promise in range(len(F.clocks)):
        if F.reply[promise] >= 0:
            seen = X.replies[issue, F.reply[promise]]
            if seen[0] > 0:
                until = seen[1] if seen[1] < NEVER else end if seen[3] == 1 else seen[2]
                begun = contacts[seen[0] - 1]["created"]
                found += int(is_late(F, promise, begun, min(until, end)))
    return found


def _suffer(F: Any, X: Any, issues: Any, contacts: Any, felt: Any, end: int) -> None:
    """Add to `felt`, (issues, EXPERIENCES), zeros before: counts, and ticks of waiting."""
    for row in range(len(contacts)):
        _contact(F, felt, contacts[row], end)
    for issue in range(len(issues)):
        state, mine = issues[issue]["state"], felt[issue]
        mine[BROKEN] += _replies_late(F, X, contacts, issue, end)
        mine[GAVE_UP] = int(state == _GAVE_UP)
        mine[UNASKED] = int(state == _UNASKED)
        mine[UNSERVED] = int(state == _UNSERVED)
        mine[SOLVED] = int(state == _SOLVED)


if PLAIN:
    suffer: Any = _suffer
else:
    _rows = [array(dtype, readonly=True) for dtype in (ISSUE_ROWS, CONTACTS)]
    suffer = whole(procedure(FRAME, SCRATCH, *_rows, array(axes=2), int), **LEAN)(_suffer)
