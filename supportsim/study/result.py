"""What a study of one scenario found: arrays over replications, and the tables made from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.policy import Policy
from supportsim.measure.causes import Causes
from supportsim.measure.classes import WaitClasses
from supportsim.measure.crowding_plan import Crowding
from supportsim.measure.experience import Churned
from supportsim.measure.replication import Measured, Yardstick
from supportsim.measure.sums import Floats
from supportsim.scenario.model import Scenario
from supportsim.study.totals import Totals, small

if TYPE_CHECKING:
    import pandas as pd

    from supportsim.study.required_heads import Required


@dataclass(frozen=True, eq=False)
class Result:
    """One scenario, one seed, the replications that finished (numbers in `finished`, first axis of arrays).

    rows: (replications, keys, 3) numerator, denominator, value · daily: (replications, daily keys, days) ·
    periods: per promise scope (replications, periods) · kept, judged, answered, waited: (replications, promises,
    intervals) ·
    interval_sums: (columns, rows, intervals) summed over replications · beside: (replications, promise scopes,
    what became of contacts) · coming: (replications, queues) · team_hours: (replications, columns, teams) ·
    bridge_ticks: int64 (columns, teams, intervals) summed over replications · lines, allocated: whole micro-units,
    (replications, lines), (replications, receivers, parts), see `measure.money` · wait_classes, age_sums, cause_sums:
    summed over replications, whole numbers · still_waiting: (replications, segments on channels,
    survival.POINTS) · income: whole micro-units, (replications, segments, margin and support price) · churned: as of a
    replication, replications in front · waiting: (replications, deferred channels, intervals) · eldest: hours,
    (replications, rows of deferred channels, intervals) the age of the oldest that waits, 0 where nothing does ·
    oldest: hours, (rows of the intraday table, intervals) the greatest of all replications · crowded: of each
    replication, as if all counted time were one interval, and crowding_sums: summed over replications, None without
    journals · inversion_counts: (replications, segments, segments + 1, counts), see `measure.inversions`, nothing where
    there are none to count · months: (replications, segments, months, columns), see `measure.months`, month_costs:
    whole micro-units, (replications, months, kinds), see `measure.money_months`, both nothing where customers stay ·
    tables as pandas frames with documented columns.
    """

    scenario: Scenario
    seed: int
    requested: int
    finished: tuple[int, ...]
    yardstick: Yardstick
    rows: Floats
    daily: Floats
    periods: tuple[Floats, ...]
    kept: NDArray[np.int32]
    judged: NDArray[np.int32]
    interval_sums: Floats
    beside: Floats
    coming: Floats
    team_hours: Floats
    bridge_ticks: NDArray[np.int64]
    lines: NDArray[np.int64]
    allocated: NDArray[np.int64]
    wait_classes: WaitClasses
    still_waiting: Floats
    age_sums: NDArray[np.int64]
    waiting: NDArray[np.int32]
    eldest: NDArray[np.float32]
    cause_sums: Causes
    journal_xxh128: tuple[str, ...]
    income: NDArray[np.int64]
    churned: Churned
    months: NDArray[np.int64]
    month_costs: NDArray[np.int64]
    failed: dict[int, str] = field(default_factory=dict)
    interrupted: bool = False
    seconds: float = 0.0
    jobs: int = 1
    crowded: tuple[Crowding, ...] = ()
    crowding_sums: Crowding | None = None
    policy: Policy | None = None  # the user's own, where it took the place of the scenario's
    oldest: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    inversion_counts: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    answered: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0, 0), dtype=np.int32))
    waited: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0, 0), dtype=np.int64))
    heads_required: tuple[Required, ...] | None = None  # of each live line, where it was asked for
    not_required: str = ""  # why they were not searched though it was asked for

    @cached_property
    def required(self) -> pd.DataFrame | None:
        """Heads required by this simulation, by live line and bin; None where nobody asked for them."""
        from supportsim.study import required_heads

        return None if self.heads_required is None else required_heads.table(self.heads_required, self.scenario)

    @cached_property
    def inversions(self) -> pd.DataFrame | None:
        """Who was served while somebody of a higher margin waited; None without margins or journals."""
        from supportsim.study import inversions

        return inversions.inversions(self)

    @cached_property
    def by_month(self) -> pd.DataFrame | None:
        """Customers who join and leave, their issues and what they bring, month by month; None where customers stay."""
        from supportsim.study import months

        return months.months(self)

    @property
    def n(self) -> int:
        """Replications that finished."""
        return len(self.finished)

    @property
    def complete(self) -> bool:
        """Whether every replication asked for finished."""
        return self.n == self.requested

    @cached_property
    def hash(self) -> str:
        """The scenario's sha256."""
        from supportsim.scenario.load import scenario_hash

        return scenario_hash(self.scenario)

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """what, segment, channel, value, unit, source: every value written or filled in."""
        from supportsim.study import inputs

        return inputs.inputs(self.scenario)

    @cached_property
    def replications(self) -> pd.DataFrame:
        """scenario, replication, selector, measure, numerator, denominator, value."""
        from supportsim.study import tables

        return tables.replications(self)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """selector, measure, unit, mean, mean_ci_low, mean_ci_high, day_mean, day_p05, day_p95, n, method."""
        from supportsim.study import tables

        return tables.summary(self)

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """The intraday table, means over replications."""
        from supportsim.study import intraday

        return intraday.intervals(self)

    @cached_property
    def teams(self) -> pd.DataFrame:
        """The availability bridge of each team in hours, and what it is paid."""
        from supportsim.study import tables

        return tables.teams(self)

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """The availability bridge of each team in each interval, hours, means over replications."""
        from supportsim.study import intraday

        return intraday.bridge(self)

    @cached_property
    def backlog(self) -> pd.DataFrame:
        """What waits on deferred channels at the end of each interval, by age."""
        from supportsim.study import backlog

        return backlog.backlog(self)

    @cached_property
    def oldest_ages(self) -> pd.DataFrame:
        """How old the oldest contact of a deferred channel is, hour by hour of the week and as people go home."""
        from supportsim.study import oldest

        return oldest.oldest(self)

    @cached_property
    def causes(self) -> pd.DataFrame:
        """Of the typical day or week, what was missing where promises of an answer were missed."""
        from supportsim.study import causes

        return causes.causes(self)

    @cached_property
    def reply_causes(self) -> pd.DataFrame:
        """Of each weekday, what was missing where too few first replies that fell due were in time."""
        from supportsim.study import causes_of_replies

        return causes_of_replies.reply_causes(self)

    @cached_property
    def crowding(self) -> pd.DataFrame:
        """Who waits for whom, in hours; without a journal no rows."""
        from supportsim.study import crowding

        return crowding.crowding(self)

    @cached_property
    def crowding_intervals(self) -> pd.DataFrame:
        """The same by interval of the typical day or week."""
        from supportsim.study import crowding

        return crowding.intervals(self)

    @cached_property
    def promises(self) -> pd.DataFrame:
        """Each promise, and each segment and channel of it: share kept, ranges, six formulas, verdict."""
        from supportsim.study import tables

        return tables.promises(self)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """What everything costs, line by line, and in all."""
        from supportsim.study import costs

        return costs.costs(self)

    @cached_property
    def allocation(self) -> pd.DataFrame:
        """Whose cost it is: segments, filler, unallocated, and all of it."""
        from supportsim.study import costs

        return costs.allocation(self)

    @cached_property
    def year(self) -> pd.DataFrame:
        """The budget of a year by a stated rule: posts, hours, what everything costs, what plans bring."""
        from supportsim.study import year

        return year.year(self)

    @cached_property
    def contribution(self) -> pd.DataFrame:
        """What segments bring, cost and leave; filler, what nobody caused, and the company."""
        from supportsim.study import contribution

        return contribution.contribution(self)

    @cached_property
    def experience(self) -> pd.DataFrame:
        """What issues left with the customers of each segment, and how many are expected to leave of it."""
        from supportsim.study import experience

        return experience.experience(self)

    @cached_property
    def cash(self) -> pd.DataFrame:
        """From what is earned and paid to the contribution of each segment."""
        from supportsim.study import contribution

        return contribution.cash(self)


def write(result: Result, folder: str | Path, overwrite: bool = False) -> Path:
    """Write the result folder (see `study.folder.write`); returns its path.  Raises ResultExists."""
    from supportsim.study import folder as folders

    return folders.write(result, folder, overwrite)


class Collector:
    """Takes reduced replications in any order and folds them in the order of their numbers."""

    def __init__(self, scenario: Scenario, seed: int, requested: int, policy: Policy | None = None) -> None:
        self.scenario, self.seed, self.requested, self.policy = scenario, seed, requested, policy
        self.kept: dict[int, Measured] = {}
        self.ahead: dict[int, Measured] = {}  # interval tables that wait for an earlier replication
        self.total = Totals(len(scenario.queues))
        self.next = 1
        self.failed: dict[int, str] = {}
        self.interrupted = False

    @property
    def finished(self) -> int:
        """How many have come."""
        return len(self.kept)

    def add(self, found: Measured) -> None:
        """Keep the small arrays; the large tables are only summed, always in the same order."""
        self.ahead[found.replication], self.kept[found.replication] = found, small(found)
        self._advance()

    def fail(self, replication: int, why: str) -> None:
        """There will be no such replication."""
        self.failed[replication] = why
        self._advance()

    def _advance(self) -> None:
        while self.next in self.ahead or self.next in self.failed:
            if self.next in self.ahead:
                self._fold(self.next)
            self.next += 1

    def _fold(self, replication: int) -> None:
        self.total.add(self.ahead.pop(replication))

    def result(self, seconds: float = 0.0, jobs: int = 1) -> Result:
        """Everything that came, whether or not some are missing."""
        for replication in sorted(self.ahead.keys() & self.kept.keys()):  # Ctrl-C may come in the middle of `add`
            self._fold(replication)
        found = [self.kept[k] for k in sorted(self.kept)]
        yardstick = Yardstick(self.scenario)
        total = self.total
        return Result(
            self.scenario, self.seed, self.requested, tuple(sorted(self.kept)), yardstick,
            rows=_stack([m.rows for m in found]), daily=_stack([m.daily for m in found]),
            periods=tuple(_stack([m.periods[i] for m in found]) for i in range(len(yardstick.scopes))),
            kept=_stack([m.kept for m in found]), judged=_stack([m.judged for m in found]),
            interval_sums=total.intervals, beside=_stack([m.beside for m in found]),
            coming=_stack([m.coming for m in found]), team_hours=_stack([m.teams for m in found]),
            bridge_ticks=total.bridge, lines=_stack([m.lines for m in found]),
            allocated=_stack([m.allocated for m in found]), wait_classes=total.wait_classes,
            still_waiting=_stack([m.still_waiting for m in found]), age_sums=total.ages,
            waiting=_stack([m.waiting for m in found]),
            eldest=_stack([m.eldest for m in found]), cause_sums=total.causes,
            income=_stack([m.income for m in found]),
            months=_stack([m.months for m in found]), month_costs=_stack([m.month_costs for m in found]),
            answered=_stack([m.answered for m in found]), waited=_stack([m.waited for m in found]),
            churned=Churned(*(_stack([m.churned[k] for m in found]) for k in range(len(Churned._fields)))),
            journal_xxh128=tuple(m.journal_xxh128 for m in found if m.journal_xxh128),
            crowded=tuple(m.crowding for m in found if m.crowding), crowding_sums=total.crowding,
            failed=dict(sorted(self.failed.items())),
            interrupted=self.interrupted, seconds=seconds, jobs=jobs, policy=self.policy,
            inversion_counts=_stack([m.inversions for m in found]), oldest=total.oldest,
        )  # fmt: skip


def _stack(arrays: list[Any]) -> Any:
    return np.array(arrays) if arrays else np.zeros((0,))
