"""The intraday table of one replication: what came, waited and was staffed in each reporting interval.

Contacts are booked to the interval in which they were created; work and presence to where they fell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import CONTACT_KINDS, Journal
from supportsim.measure.facts import FILLER, Contacts
from supportsim.measure.grid import Grid
from supportsim.measure.selectors import cover, sorted_pairs
from supportsim.measure.service import BRIEF
from supportsim.measure.spans import Ticks
from supportsim.measure.sums import Floats, contact_columns, summed
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, NEVER

#: Summed columns, in this order along the first axis of `IntervalSums.sums`.
COLUMNS = (
    "offered", "first_tries", "returns", "answered", "answered_in_limit", "abandoned", "short_abandoned",
    "timed_out", "blocked", "turned_away", "served_wait_s", "handled", "work_s", "wait_p95_s", "wait_p95_n",
    "rostered_h", "present_h", "busy_h", "busy_or_idle_h", "filler_only_h", "backlog", "oldest_h", "oldest_n",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One group of queues of the table: a channel (or `all`), a segment (or `all`), and who can serve it."""

    channel: str
    segment: str
    cells: NDArray[np.bool_]
    teams: NDArray[np.bool_]
    promise: int  # the first promise that covers every one of its queues, -1 if none does


def rows(scenario: Scenario) -> tuple[Row, ...]:
    """Per channel a row for each segment; `all` segments where there are several; `all` channels likewise."""
    pairs = sorted_pairs(scenario)
    found = []
    for channel in (c.name for c in scenario.channels):
        segments = [s for s, c in pairs if c == channel]
        found += [_row(scenario, channel, "all")] * (len(segments) > 1)
        found += [_row(scenario, channel, segment) for segment in segments]
    whole = [_row(scenario, "all", "all")] if len({c for _, c in pairs}) > 1 else []
    return (*whole, *found)


def groups(scenario: Scenario) -> tuple[Row, ...]:
    """Teams that share work, with all they share: rows whose `channel` names the teams.

    Two teams belong together when a segment on a channel may come to either, directly or through others; a
    team that nothing comes to stands alone.
    """
    parts = [_row(scenario, channel, segment) for segment, channel in sorted_pairs(scenario)]
    label = np.arange(len(scenario.teams))
    for part in parts * len(scenario.teams):
        if part.teams.any():
            label[np.isin(label, label[part.teams])] = label[part.teams].min()
    found = []
    for first in np.unique(label):
        teams = label == first
        own = [part for part in parts if (part.teams & teams).any()]
        cells = np.any([part.cells for part in own], axis=0) if own else np.zeros_like(parts[0].cells)
        names = " + ".join(t.name for t, mine in zip(scenario.teams, teams, strict=True) if mine)
        found.append(Row(names, "all", cells, teams, covering(scenario, cells)))
    return tuple(found)


def _row(scenario: Scenario, channel: str, segment: str) -> Row:
    cells = cover(scenario, None if segment == "all" else segment, None if channel == "all" else channel)
    queues = cells[: len(scenario.queues)]
    teams = np.array([any(p >= 0 and q for p, q in zip(t.places, queues, strict=True)) for t in scenario.teams])
    return Row(channel, segment, cells, teams.astype(bool), covering(scenario, cells))


def covering(scenario: Scenario, cells: NDArray[np.bool_]) -> int:
    """The first promise that covers every queue of `cells`, -1 if there is none.

    What one promise says of a part must not be set against contacts of the whole.
    """
    queues = cells[: len(scenario.queues)]
    whole = (i for i, p in enumerate(scenario.promises) if queues.any() and np.array(p.queues)[queues].all())
    return next(whole, -1)


def interval_sums(
    scenario: Scenario, journal: Journal, facts: Contacts, grid: Grid,
    people: dict[str, NDArray[np.int64]], in_limit: Sequence[Floats],
) -> Floats:  # fmt: skip
    """Shape (len(COLUMNS), rows and then groups, intervals).

    `people`: presence by the team worked for and interval (`Presence.at_work_for`); `in_limit`: per promise the
    cases answered within its limit, by cell and interval.
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
            parts["answered_in_limit"] = in_limit[row.promise][row.cells].sum(axis=0)
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
        self.slot, self.wait = slot[order], facts.wait[chosen][order] / 1e6
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
