"""Who holds the lines when somebody hears *busy* (docs/model.md, section 13)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import OUTCOMES, Journal
from supportsim.measure.crowding_plan import CrowdingPlan, Table
from supportsim.measure.sums import Floats

_BUSY = OUTCOMES.index("busy")


def blocked(journal: Journal, plan: CrowdingPlan, edges: Table) -> Floats:
    """Contacts blocked in counted time, by whose contacts held the lines: (pairs, segments and nobody, intervals)."""
    contacts, segments = journal.contacts, plan.asking.numbers[0]
    found = np.zeros((len(plan.pairs), segments + 1, len(edges) - 1))
    created = contacts["created"]
    is_blocked = (contacts["outcome"] == _BUSY) & (created >= edges[0]) & (created < edges[-1])
    for channel in np.unique(contacts["channel"][is_blocked]):
        mine = contacts["channel"] == channel
        rows = np.flatnonzero(is_blocked & mine)
        held = _held(journal, plan, mine, rows)
        total = held.sum(axis=1)
        shares = np.concatenate([held / np.maximum(total, 1)[:, None], (total == 0)[:, None]], axis=1)
        pair = plan.pair_of[contacts["queue"][rows]]
        interval = np.searchsorted(edges, created[rows], side="right") - 1
        np.add.at(found.swapaxes(1, 2), (pair, interval), shares)
    return found


def _held(journal: Journal, plan: CrowdingPlan, mine: NDArray[np.bool_], rows: Table) -> Table:
    """Contacts of each segment on the lines of a channel when the contacts in `rows` came: (rows, segments)."""
    contacts = journal.contacts
    created, left = contacts["created"], contacts["left"]
    segment = plan.asking.segment[contacts["queue"]]
    on_line = mine & (contacts["row"] >= 0) & (left > created)
    found = np.zeros((len(rows), plan.asking.numbers[0]), dtype=np.int64)
    for each in range(found.shape[1]):
        theirs = np.flatnonzero(on_line & (segment == each))
        gone = np.searchsorted(np.sort(left[theirs]), created[rows], side="right")
        found[:, each] = np.searchsorted(theirs, rows) - gone
    return found
