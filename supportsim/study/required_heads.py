"""Heads required by this simulation: of each live line and bin of the typical day or week what the search found.

The rule is in docs/model.md, section 11; the search is in `study.required_search`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR
from supportsim.study.estimate import Estimate, are_few_alike, replications_to_decide
from supportsim.study.pattern import Pattern

if TYPE_CHECKING:
    import pandas as pd

    from supportsim.measure.intervals import Row
    from supportsim.study.live_lines import Line
    from supportsim.study.result import Result

REQUIRED = (
    "line", "teams", "bin", "heads_rostered", "heads_present", "required_erlang_c", "required_erlang_a",
    "required_simulated", "required_simulated_gross", "rostered_less_required", "present_less_required", "promise",
    "target", "cases_per_day", "kept_share", "kept_ci_low", "kept_ci_high", "one_fewer_kept_share",
    "one_fewer_ci_low", "one_fewer_ci_high", "why_none",
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """Share kept of one promise in each bin, sums kept / judged of all replications; NaN without a case.

    low, high: the ends of its interval (`study.shares`), which may lie beyond 0 and 1: cut, they would say less of the
    spread.  n: replications with a case.
    """

    mean: Floats
    low: Floats
    high: Floats
    n: Floats

    @property
    def half(self) -> Floats:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def bounded(self) -> tuple[Floats, Floats]:
        """The ends cut to what is possible, as they are shown."""
        return np.clip(self.low, 0, 1), np.clip(self.high, 0, 1)

    def reaches(self, target: Floats) -> NDArray[np.bool_]:
        """For sure."""
        return self._sure & (self.bounded[0] >= target)

    def misses(self, target: Floats) -> NDArray[np.bool_]:
        """For sure."""
        return self._sure & (self.bounded[1] < target)

    @property
    def _sure(self) -> NDArray[np.bool_]:
        return np.asarray(~are_few_alike(self.n, self.high - self.low))


@dataclass(frozen=True, eq=False)
class Required:
    """What one live line requires: arrays per bin, NaN for none.

    net: heads at the desk.  promise: place in the scenario of the promise that needs them all, -1 for none.  target,
    cases (a day): of that promise.  kept, fewer: its share kept with so many, and with one fewer.  why: why there is
    no number, empty where there is.  rounds: plays of all replications.  settled: the last round changed nothing.
    """

    line: Line
    cut: Pattern
    net: Floats
    promise: NDArray[np.int64]
    target: Floats
    cases: Floats
    kept: Kept
    fewer: Kept
    why: tuple[str, ...]
    replications: int
    rounds: int
    settled: bool
    hours: Floats  # of each interval

    def heads(self, values: Floats) -> Floats:
        """Of heads by interval the mean of each bin."""
        return self.cut.merged(np.nan_to_num(values) * self.hours) / self.cut.merged(self.hours)

    @property
    def rostered(self) -> Floats:
        return self.heads(self.line.rostered)

    @property
    def present(self) -> Floats:
        return self.heads(self.line.present)

    @property
    def gross(self) -> Floats:
        """Rostered heads of whom `net` are at the desk: by the shrinkage of the bin, where nobody is that of all."""
        rostered, present = (self.cut.merged(each * self.hours) for each in (self.line.rostered, self.line.present))
        usual = rostered.sum() / present.sum() if present.sum() > 0 else np.nan
        some = present > 0
        return self.net * np.where(some, ratio(rostered, present), usual)

    @property
    def by_interval(self) -> Floats:
        """`net` of each reporting interval, NaN for none."""
        return np.where(self.cut.place >= 0, self.net[np.maximum(self.cut.place, 0)], np.nan)

    def erlang(self, values: Floats) -> Floats:
        """Of a requirement by interval the mean of each bin, NaN where some interval has no number."""
        unknown = self.cut.merged(np.isnan(values).astype(np.float64)) > 0
        return np.where(unknown, np.nan, self.heads(values))

    def certain(self) -> tuple[int, int, int]:
        """Bins with a number; those of them kept for sure with it; those in which one fewer misses for sure.

        One head alone is as few as there may be.
        """
        some = ~np.isnan(self.net)
        kept, fewer = self.kept.reaches(self.target), self.fewer.misses(self.target) | (self.net == 1)
        return int(some.sum()), int((some & kept).sum()), int((some & fewer).sum())

    def to_decide(self) -> tuple[int, float | None]:
        """Bins in which chance may have decided, and how many replications would perhaps settle half of these.

        None where more than are any advice would be needed; NaN where half or more have no spread to tell from.
        """
        doubtful = [
            (each, ~(np.isnan(each.mean) | each.reaches(self.target) | each.misses(self.target)))
            for each in (self.kept, self.fewer)
        ]
        found: list[float] = []
        for b in np.flatnonzero(~np.isnan(self.net)).tolist():
            needed = [self._to_decide(each, b) for each, open_ in doubtful if open_[b]]
            found += [float(np.max(needed))] if needed else []
        half = float(np.sort(found)[len(found) // 2]) if found else np.inf  # what is not known comes last
        return len(found), None if np.isinf(half) else half

    def _to_decide(self, kept: Kept, b: int) -> float:
        """Replications that would tell the share of a bin from its target; infinite where none would, NaN: unknown."""
        share = Estimate(float(kept.mean[b]), float(kept.low[b]), float(kept.high[b]), self.replications)
        if np.isnan(share.low):  # one replication with a case, or few of them: no spread to tell from
            return np.nan
        return replications_to_decide(share, float(self.target[b])) or np.inf


def table(found: Sequence[Required], scenario: Scenario) -> pd.DataFrame:
    """A row for each line and bin; see `REQUIRED`."""
    import pandas as pd

    frames = [_frame(each, scenario) for each in found]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(REQUIRED))


def _frame(found: Required, scenario: Scenario) -> pd.DataFrame:
    import pandas as pd

    line = found.line
    (low, high), (fewer_low, fewer_high) = found.kept.bounded, found.fewer.bounded
    columns = {
        "line": line.name,
        "teams": " + ".join(t.name for t, mine in zip(scenario.teams, line.teams, strict=True) if mine),
        "bin": list(found.cut.labels),
        "heads_rostered": found.rostered,
        "heads_present": found.present,
        "required_erlang_c": found.erlang(line.erlang_c),
        "required_erlang_a": found.erlang(line.erlang_a),
        "required_simulated": found.net,
        "required_simulated_gross": found.gross,
        "rostered_less_required": found.rostered - found.gross,
        "present_less_required": found.present - found.net,
        "promise": [scenario.promises[p].name if p >= 0 else "" for p in found.promise.tolist()],
        "target": found.target,
        "cases_per_day": found.cases,
        "kept_share": found.kept.mean,
        "kept_ci_low": low,
        "kept_ci_high": high,
        "one_fewer_kept_share": found.fewer.mean,
        "one_fewer_ci_low": fewer_low,
        "one_fewer_ci_high": fewer_high,
        "why_none": list(found.why),
    }
    return pd.DataFrame(columns)[list(REQUIRED)]


def of_channel(result: Result, row: Row) -> Required | None:
    """The line that speaks of a channel: of those that hold a promise of it the one with the longest limit."""
    promises = result.scenario.promises
    queues = row.cells[: len(result.scenario.queues)]
    mine = [each for each in result.heads_required or () if row.channel in each.line.channels
            and any((np.array(promises[p].queues) & queues).any() for p in each.line.promises)]  # fmt: skip
    return max(mine, key=lambda each: each.line.limit, default=None)


def lengths(result: Result) -> Floats:
    """Hours of each reporting interval."""
    return np.diff(result.yardstick.grid.interval_edges) / HOUR
