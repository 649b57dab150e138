"""Who waits for whom, and for how long (docs/model.md, section 13): the tables, and the cell that says most."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from supportsim.measure.crowding_plan import AWAY, BESIDE, FILLER, NOBODY
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.ticks import HOUR, MINUTE, WEEK
from supportsim.study.costs import is_weekly
from supportsim.study.estimate import bounded, student
from supportsim.study.pattern import pattern
from supportsim.study.result import Result

CROWDING = (
    "segment", "channel", "because_of", "kind", "hours", "hours_ci_low", "hours_ci_high", "hours_per_week",
    "minutes_per_waiting_contact", "share_of_waiting", "waiting_contacts", "blocked_contacts", "n",
)  # fmt: skip
INTERVALS = (
    "segment", "channel", "bin", "because_of", "kind", "hours", "minutes_per_waiting_contact", "waiting_contacts",
)  # fmt: skip
ALL = "all"
#: What a column is that is no segment.
KINDS = {FILLER: "filler", AWAY: "away", NOBODY: "nobody"}


class Group(NamedTuple):
    """A segment on a channel, or `all` of either; `rows`: its pairs of segment and channel."""

    segment: str
    channel: str
    rows: list[int]


class Cell(NamedTuple):
    """Contacts of a segment that waited on a channel, and because of whom or what."""

    segment: str
    channel: str
    because_of: str
    kind: str
    hours: float  # a week, or of all counted time where that is less
    minutes: float  # per contact that waited

    @property
    def is_filler(self) -> bool:
        return self.kind == "filler"

    @property
    def is_off_diagonal(self) -> bool:
        """Whether agents worked for others."""
        return self.is_filler or (self.kind == "segment" and self.because_of != self.segment)


def crowding(result: Result) -> pd.DataFrame:
    """Per segment on a channel, and `all`, a row for each column and for `all` of them.

    Hours are means over replications; minutes and shares are ratios in each replication, then averaged.
    """
    if not result.crowded:
        return pd.DataFrame(columns=list(CROWDING))
    ticks = np.array([each.ticks[:, :, 0] for each in result.crowded], dtype=np.float64)
    contacts = np.array([each.contacts[:, 0] for each in result.crowded], dtype=np.float64)
    found = []
    for group in groups(result):
        waits, waiting = ticks[:, group.rows].sum(axis=1), contacts[:, group.rows].sum(axis=1)
        every = np.concatenate([waits, waits.sum(axis=1, keepdims=True)], axis=1)
        for i, name in enumerate(columns(result)):
            figures = _figures(result, every[:, i], every[:, -1], waiting)
            found.append((group.segment, group.channel, *name, *figures, _blocked(result, group, *name), result.n))
    return pd.DataFrame(found, columns=list(CROWDING))


def _figures(result: Result, ticks: Floats, of: Floats, contacts: Floats) -> tuple[float, ...]:
    """From hours to contacts that waited."""
    hours = bounded(student(ticks / HOUR))
    grid = result.yardstick.grid
    weekly = hours.mean * WEEK / (grid.counted_to - grid.counted_from) if is_weekly(result) else math.nan
    minutes, share = student(ratio(ticks / MINUTE, contacts)).mean, student(ratio(ticks, of)).mean
    return (hours.mean, hours.low, hours.high, weekly, minutes, share, float(contacts.mean()))


def _blocked(result: Result, group: Group, name: str, kind: str) -> float:
    """Blocked contacts, by those of a segment, or all of them; mean over replications."""
    if kind not in ("segment", ALL):
        return math.nan
    segments = [segment.name for segment in result.scenario.segments]
    chosen = [segments.index(name)] if kind == "segment" else range(len(segments) + 1)
    return float(np.mean([each.blocked[group.rows][:, list(chosen)].sum() for each in result.crowded]))


def intervals(result: Result) -> pd.DataFrame:
    """Per segment on a channel, interval of the typical day or week and column: means over replications and dates.

    A contact is booked to the interval of its creation, with all its waiting.  What is 0 has no row.
    """
    sums, grid = result.crowding_sums, result.yardstick.grid
    if sums is None or not sums.contacts.any():
        return pd.DataFrame(columns=list(INTERVALS))
    cut = pattern(grid, sums.contacts.sum(axis=0) > 0)
    times = result.n * cut.merged(np.ones(len(grid.intervals)))
    ticks, contacts = cut.merged(sums.ticks), cut.merged(sums.contacts)
    names = columns(result)
    found = []
    for k, (segment, channel) in enumerate(result.yardstick.crowding_plan.pairs):
        every = np.concatenate([ticks[k], ticks[k].sum(axis=0, keepdims=True)])
        hours, minutes = every / HOUR / times, ratio(every / MINUTE, np.broadcast_to(contacts[k], every.shape))
        for at, i in zip(*np.nonzero(every.T), strict=True):
            of = (hours[i, at], minutes[i, at], contacts[k, at] / times[at])
            found.append((segment, channel, cut.labels[at], *names[i], *of))
    return pd.DataFrame(found, columns=list(INTERVALS))


def columns(result: Result) -> list[tuple[str, str]]:
    """(because of, kind) of each column, and of all of them."""
    segments = [(segment.name, "segment") for segment in result.scenario.segments]
    beside = [(name, KINDS.get(i, "rule")) for i, name in enumerate(BESIDE)]
    return [*segments, *beside, (ALL, ALL)]


def groups(result: Result) -> list[Group]:
    """Segments on channels, each segment on all channels where it has several, and all that wait."""
    pairs = result.yardstick.crowding_plan.pairs
    found = [Group(*pair, [i]) for i, pair in enumerate(pairs)]
    for segment in dict.fromkeys(segment for segment, _ in pairs):
        own = [i for i, pair in enumerate(pairs) if pair[0] == segment]
        found += [Group(segment, ALL, own)] if len(own) > 1 else []
    return [*found, Group(ALL, ALL, list(range(len(pairs))))] if len(pairs) > 1 else found


def cells(result: Result) -> Iterator[Cell]:
    """Segments on channels by all that they waited because of, where there is anything."""
    table = result.crowding
    some = table[(table["segment"] != ALL) & (table["channel"] != ALL) & (table["kind"] != ALL) & (table["hours"] > 0)]
    hours = "hours_per_week" if is_weekly(result) else "hours"
    for row in some.to_dict("records"):
        minutes = float(row["minutes_per_waiting_contact"])
        yield Cell(row["segment"], row["channel"], row["because_of"], row["kind"], float(row[hours]), minutes)


def largest(result: Result) -> Cell | None:
    """Who waited most because agents worked for others, filler included; None where nobody did."""
    return max((cell for cell in cells(result) if cell.is_off_diagonal), key=lambda cell: cell.hours, default=None)
