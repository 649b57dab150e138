"""The rows and columns of the intraday table: what came, waited and was staffed in each reporting interval.

Contacts are booked to the interval in which they were created; work and presence to where they fell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.selectors import cover, sorted_pairs
from supportsim.measure.sums import Floats, contact_columns, unit_of
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, SECOND

if TYPE_CHECKING:
    from supportsim.measure.promised import Promised
    from supportsim.measure.tally import Tally

Counts = NDArray[np.int64]

#: Those of the promise that covers a row: whether there was a case, and what the interval of a ratio takes.
CASES = ("judged_n", "kept", "judged", "kept_kept", "judged_judged", "kept_judged")
#: Summed columns, in this order along the first axis of `Measured.intervals`.
COLUMNS = (
    "offered", "first_tries", "returns", "answered", "answered_in_limit", "abandoned", "short_abandoned",
    "timed_out", "blocked", "turned_away", "served_wait_s", "handled", "work_s", "wait_p95_s", "wait_p95_n",
    "rostered_h", "present_h", "busy_h", "busy_or_idle_h", "filler_only_h", "backlog", "oldest_h", "oldest_n",
    *CASES,
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
        nothing = np.zeros(len(scenario.queues) + len(scenario.segments), dtype=bool)
        cells = np.any([part.cells for part in own], axis=0) if own else nothing
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
    tally: Tally, table: Sequence[Row], people: dict[str, Counts], promised: Sequence[Promised]
) -> Floats:
    """Shape (len(COLUMNS), rows and then groups, intervals).

    `people`: ticks by the team worked for and interval (`desk.team_time`).
    """
    intervals = len(tally.plan.grid.intervals)
    found = np.zeros((len(COLUMNS), len(table), intervals))
    masks = np.array([row.cells[: tally.plan.queues] for row in table])
    teams = np.array([row.teams for row in table]).reshape(len(table), -1)
    columns = contact_columns(tally.sums.cells[1:-1])
    names = [name for name in COLUMNS if name in columns]
    sums = masks.astype(np.float64) @ np.array([columns[name] for name in names])
    parts: dict[str, NDArray[Any]] = {name: sums[k] / unit_of(name) for k, name in enumerate(names)}
    for name in ("rostered", "present", "busy", "busy_or_idle", "filler_only"):
        parts[f"{name}_h"] = teams @ people[name] / HOUR
    parts |= _backlog(tally, masks)
    parts["wait_p95_s"] = np.nan_to_num(tally.wait_p95) / SECOND
    parts["wait_p95_n"] = ~np.isnan(tally.wait_p95)
    for name, values in parts.items():
        found[COLUMNS.index(name)] = values
    for i, row in enumerate(table):
        if row.promise >= 0:
            mine = promised[row.promise]
            in_row = row.cells[mine.queues]
            found[COLUMNS.index("answered_in_limit"), i] = mine.in_limit[in_row].sum(axis=0)
            found[-len(CASES) :, i] = _cases(mine.kept[in_row].sum(axis=0), mine.judged[in_row].sum(axis=0))
    return found


def _cases(kept: Counts, judged: Counts) -> Counts:
    """The columns `CASES` of one replication."""
    return np.array([judged > 0, kept, judged, kept * kept, judged * judged, kept * judged], dtype=np.int64)


def _backlog(tally: Tally, masks: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    """Contacts not yet answered (live) or not yet replied to (deferred) just before the end of each interval.

    Counted or not, without filler; and the age of the oldest in hours (n: whether there is one).
    """
    edges = tally.plan.grid.interval_edges[1:]
    open_ = masks @ np.cumsum(tally.sums.backlog, axis=0)[1:-1].T
    eldest = tally.sums.eldest[1:-1].T  # (queues, intervals)
    oldest = np.zeros(open_.shape)
    for i, mask in enumerate(masks):
        if mask.any():
            oldest[i] = np.where(open_[i] > 0, edges - eldest[mask].min(axis=0), 0) / HOUR
    return {"backlog": open_, "oldest_h": oldest, "oldest_n": open_ > 0}
