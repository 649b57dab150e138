"""What became of one promise in a replication: its cases by queue and time, and what follows from them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supportsim.measure import tables as t
from supportsim.measure.service import formula_of, formula_sums
from supportsim.measure.sums import Floats, by_day, ratio
from supportsim.scenario.model import Promise

if TYPE_CHECKING:
    from supportsim.measure.tally import Tally

Counts = dict[str, NDArray[np.int64]]
Mask = NDArray[np.bool_]

#: What makes a contact of an `answer` promise a lost one.
LOST = ("abandoned", "blocked", "disconnected", "timed_out")


class Promised:
    """One promise.  `queues`: those it covers.  Columns are whole numbers (open_age: ticks), (queues, times).

    by_day: every column.  kept, judged, in_limit: by interval, and of an `answer` promise answered and waited, the
    ticks that these waited.
    """

    def __init__(self, tally: Tally, number: int, promise: Promise) -> None:
        self.tally, self.number, self.promise = tally, number, promise
        self.queues = np.flatnonzero(promise.queues)
        self.pairs = tally.plan.frame.cover[number, self.queues]
        self.is_answer = promise.clock == "answer"
        by_slot = self._counts(tally.sums.cells, tally.sums.promised)
        by_interval = self._columns({name: column[:, 1:-1] for name, column in by_slot.items()})
        self.kept, self.judged, self.in_limit = (by_interval[name] for name in ("kept", "judged", "in_limit"))
        self.answered, self.waited = self._waits(tally.sums.cells[1:-1, self.queues])
        days = by_day(np.array(list(by_slot.values())).transpose(2, 0, 1), tally)  # (days, columns, queues)
        self.by_day = self._columns(dict(zip(by_slot, days.transpose(1, 2, 0), strict=True)))

    def _counts(self, cells: NDArray[np.int64], promised: NDArray[np.int64]) -> Counts:
        """What was counted: (queues, times)."""
        mine = promised[:, self.pairs].transpose(2, 1, 0)
        if not self.is_answer:
            names = ("answered", "kept", "broken", "broken_open", "not_yet_due", "withdrawn_before_due", "open",
                     "open_age")  # fmt: skip
            return dict(zip(names, mine, strict=True))
        there = cells[:, self.queues].transpose(2, 1, 0)
        columns = {
            "answered": t.ANSWERED, "abandoned": t.ABANDONED, "abandoned_brief": t.BRIEF,
            "disconnected": t.DISCONNECTED, "timed_out": t.TIMED_OUT, "blocked": t.BLOCKED,
            "turned_away": t.TURNED_AWAY, "still_waiting": t.STILL_WAITING, "open_age": t.WAIT_OF + t.GROUPS,
        }  # fmt: skip
        counts = {name: there[column] for name, column in columns.items()}
        return counts | {"in_limit": mine[t.IN_LIMIT], "abandoned_in_limit": mine[t.LOST_IN_LIMIT]}

    def _waits(self, there: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Contacts answered and ticks waited by them, from (intervals, queues, columns) to (queues, intervals)."""
        answered, waited = there[..., t.ANSWERED].T, there[..., t.WAIT_OF].T
        return (answered, waited) if self.is_answer else (np.zeros_like(answered), np.zeros_like(waited))

    def _columns(self, counts: Counts) -> Counts:
        """And what follows from it; kept <= judged for every formula."""
        if not self.is_answer:
            late = counts["broken"]
            return counts | {"judged": counts["kept"] + late, "missed": late, "in_limit": counts["kept"]}
        cut = counts["disconnected"] + counts["timed_out"]
        made = ("answered", "in_limit", "abandoned", "abandoned_in_limit", "abandoned_brief")
        parts = [*(counts[name] for name in made), cut]
        sums = formula_sums(*parts)
        kept, judged = sums[formula_of(self.promise)]
        found = counts | {"kept": kept, "judged": judged, "missed": judged - kept, "open": counts["still_waiting"]}
        for name, (top, bottom) in sums.items():
            found |= {f"{name}_top": top, f"{name}_bottom": bottom}
        return found

    @cached_property
    def is_missed_period(self) -> NDArray[np.bool_]:
        """Which judged periods of the promise as a whole have a case and miss the target."""
        share, good = self.periods({name: self.by_day[name].sum(axis=0) for name in ("kept", "judged")})
        return ~np.isnan(share) & ~good

    def missed_periods(self) -> int:
        """How many these are."""
        return int(np.count_nonzero(self.is_missed_period))

    @cached_property
    def by_queue(self) -> list[tuple[int, int, int]]:
        """Queue, cases not kept, contacts lost: abandoned, blocked, disconnected or timed out."""
        columns = [self.queues, self.by_day["missed"].sum(axis=1), self.lost_by_day.sum(axis=1)]
        return list(zip(*(column.tolist() for column in columns), strict=True))

    @cached_property
    def lost_by_day(self) -> NDArray[np.int64]:
        """Contacts lost: (queues, days)."""
        if not self.is_answer:
            return np.zeros_like(self.by_day["missed"])
        found: NDArray[np.int64] = np.sum([self.by_day[name] for name in LOST], axis=0)
        return found

    def totals(self, mask: Mask) -> dict[str, Floats]:
        """Every column by day, over the queues of a mask of cells."""
        mine = mask[self.queues]
        return {name: column[mine].sum(axis=0).astype(np.float64) for name, column in self.by_day.items()}

    def oldest(self, mask: Mask) -> int:
        """Ticks: the greatest age of what is open at the end, in the queues of a mask; 0 if nothing is."""
        of = self.tally.sums.still[self.queues] if self.is_answer else self.tally.sums.oldest[self.pairs]
        return int(of[mask[self.queues]].max(initial=0))

    def periods(self, totals: dict[str, Floats]) -> tuple[Floats, NDArray[np.bool_]]:
        """The share kept of each judged period, and which periods with a case reached the target."""
        period = self.tally.plan.grid.periods(self.promise.judged)
        top, bottom = np.bincount(period, totals["kept"]), np.bincount(period, totals["judged"])
        share = ratio(top, bottom)
        return share, ~np.isnan(share) & (top >= self.promise.share * bottom - 1e-9)
