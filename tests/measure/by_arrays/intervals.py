"""The intraday table of one replication: what came, waited and was staffed in each reporting interval.

Contacts are booked to the interval in which they were created; work and presence to where they fell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from measure.by_arrays.facts import FILLER, Contacts
from measure.by_arrays.service import BRIEF
from measure.by_arrays.sums import Floats, contact_columns, in_classes, summed
from supportsim.engine.journal import CONTACT_KINDS, Journal
from supportsim.measure.grid import Grid
from supportsim.measure.intervals import COLUMNS, Row, groups, rows
from supportsim.measure.spans import Ticks
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, NEVER


def interval_sums(
    scenario: Scenario, journal: Journal, facts: Contacts, grid: Grid,
    people: dict[str, NDArray[np.int64]], cases: Sequence[dict[str, Floats]],
) -> Floats:  # fmt: skip
    """Shape (len(COLUMNS), rows and then groups, intervals).

    `people`: presence by the team worked for and interval (`Presence.at_work_for`); `cases`: per promise those
    answered within its limit, those kept and those judged, by cell and interval.
    """
    table = (*rows(scenario), *groups(scenario))
    found = np.zeros((len(COLUMNS), len(table), len(grid.intervals)))
    booked = _booked(scenario, journal, facts, grid)
    quantiles = _Quantiles(journal, facts, grid)
    backlog = _Backlog(scenario, journal)
    staff = {
        "rostered_h": "rostered",
        "present_h": "present",
        "busy_h": "busy",
        "busy_or_idle_h": "busy_or_idle",
        "filler_only_h": "filler_only",
    }
    for i, row in enumerate(table):
        parts = {name: cube[row.cells].sum(axis=0) for name, cube in booked.items()}
        parts |= {name: people[part][row.teams].sum(axis=0) / HOUR for name, part in staff.items()}
        parts |= quantiles.of(row) | backlog.of(row, grid.interval_edges[1:])
        if row.promise >= 0:
            mine = {name: column[row.cells].sum(axis=0) for name, column in cases[row.promise].items()}
            parts |= {"answered_in_limit": mine["in_limit"], "kept": mine["kept"], "judged": mine["judged"]}
            parts |= {"judged_n": np.minimum(mine["judged"], 1), "kept_kept": mine["kept"] ** 2}
            parts |= {"judged_judged": mine["judged"] ** 2, "kept_judged": mine["kept"] * mine["judged"]}
        for name, values in parts.items():
            found[COLUMNS.index(name), i] = values
    return found


def _booked(scenario: Scenario, journal: Journal, facts: Contacts, grid: Grid) -> dict[str, Floats]:
    shape = (len(scenario.queues) + len(scenario.segments), len(grid.intervals))
    row = np.flatnonzero(facts.counted)
    cell = journal.contacts["queue"][row].astype(np.int64)
    slot = grid.interval_of(journal.contacts["created"][row])
    columns = contact_columns(journal, facts)
    first = journal.contacts["kind"] == CONTACT_KINDS.index("first")
    columns |= {"first_tries": facts.offered & first, "returns": facts.offered & ~first}
    columns["short_abandoned"] = facts.abandoned & (facts.wait <= BRIEF)
    wanted = [name for name in COLUMNS if name in columns]
    return {name: summed(cell, slot, columns[name][row], shape) for name in wanted}


class _Quantiles:
    """p95 of the waits of offered contacts by interval; linear between order statistics."""

    def __init__(self, journal: Journal, facts: Contacts, grid: Grid) -> None:
        chosen = np.flatnonzero(facts.counted & facts.offered)
        self.n = len(grid.intervals)
        slot = grid.interval_of(journal.contacts["created"][chosen])
        order = np.lexsort((facts.wait[chosen], slot))  # once for all rows: a mask keeps the order
        self.slot, self.wait = slot[order], in_classes(facts.wait[chosen][order]) / 1e6
        self.queue = journal.contacts["queue"][chosen][order]

    def of(self, row: Row) -> dict[str, Floats]:
        mine = row.cells[self.queue]
        slot, wait = self.slot[mine], self.wait[mine]
        count = np.bincount(slot, minlength=self.n)
        first = np.cumsum(count) - count
        place = first + 0.95 * np.maximum(count - 1, 0)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, first + np.maximum(count - 1, 0))
        some = count > 0
        value = np.zeros(self.n)
        at, above, share = low[some], high[some], (place - low)[some]
        value[some] = wait[at] + share * (wait[above] - wait[at])
        return {"wait_p95_s": value, "wait_p95_n": some.astype(np.float64)}


class _Backlog:
    """Contacts not yet answered (live) or not yet replied to (deferred), counted or not, at given ticks; no filler."""

    def __init__(self, scenario: Scenario, journal: Journal) -> None:
        table = journal.contacts[(journal.contacts["row"] >= 0) & (journal.contacts["kind"] != FILLER)]
        kinds = {channel.name: channel.kind for channel in scenario.channels}
        late = np.array([kinds[queue.channel] == "deferred" for queue in scenario.queues], dtype=bool)
        deferred = late[table["queue"]]
        over = np.where(deferred, table["left"], np.minimum(table["answered"], table["left"]))
        order = np.argsort(table["created"], kind="stable")
        self.created: Ticks = table["created"][order]
        self.over: Ticks = np.minimum(over, NEVER)[order]
        self.queue = table["queue"][order]

    def of(self, row: Row, at: Ticks) -> dict[str, Floats]:
        """Number open just before each tick, and the age of the oldest in hours (n: whether there is one)."""
        mine = row.cells[self.queue]
        created, over = self.created[mine], self.over[mine]
        count = np.searchsorted(created, at) - np.searchsorted(np.sort(over), at)
        some = count > 0
        oldest = np.zeros(len(at))
        if len(created):
            # the first contact whose running latest end is not before the tick is itself still open
            first = np.searchsorted(np.maximum.accumulate(over), at[some])
            oldest[some] = (at[some] - created[first]) / HOUR
        return {"backlog": count.astype(np.float64), "oldest_h": oldest, "oldest_n": some.astype(np.float64)}
