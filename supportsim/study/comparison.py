"""What a comparison found: options played on the same customers, and the tables made from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.study.costs import is_weekly
from supportsim.study.estimate import Estimate, student
from supportsim.study.paired import Difference, holm, paired
from supportsim.study.resize import same_roster
from supportsim.study.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from supportsim.study.best import Best
    from supportsim.study.flip_inputs import Flip

Floats = NDArray[np.float64]
#: selector (a channel, segment, team, promise, `all`) and measure: the names of summary.csv.
Key = tuple[str, str]


class Option(NamedTuple):
    """One option, played.  `resized_from`: the option of which this is the one with its roster resized by work."""

    name: str
    result: Result
    resized_from: str = ""


class Change(NamedTuple):
    """One measure of one option against the base."""

    option: str
    selector: str
    measure: str
    found: Difference
    p_holm: float  # NaN for what was not named beforehand


@dataclass(frozen=True, eq=False)
class Comparison:
    """Options on the same customers; the first is the base.

    metrics: the measures named beforehand, which share one Holm adjustment.  not_played: options of which no
    replication was finished.  notes: what a reader must know, in sentences.  tried: inputs for which options were
    played again (`study.flip_plays`), led: which of all options is best along them,
    tried_whole: whether every play of them finished.
    """

    options: tuple[Option, ...]
    metrics: tuple[Key, ...]
    not_played: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    interrupted: bool = False
    tried: tuple[Flip, ...] = ()
    led: tuple[Best, ...] = ()
    tried_whole: bool = True

    @property
    def base(self) -> Option:
        return self.options[0]

    @property
    def others(self) -> tuple[Option, ...]:
        return self.options[1:]

    @property
    def complete(self) -> bool:
        """Whether every replication of every option, and of what was tried of it, finished."""
        whole = self.tried_whole and not (self.not_played or self.interrupted)
        return whole and all(option.result.complete for option in self.options)

    @property
    def periods(self) -> float:
        """Counted time in weeks; 1 where that is less than a week: a day is not multiplied to a week."""
        return float(self.base.result.yardstick.grid.timeline.weeks) if self.weekly else 1.0

    @property
    def weekly(self) -> bool:
        """Whether sums are told per week, rather than per run."""
        return is_weekly(self.base.result)

    @property
    def each(self) -> str:
        """Of what a sum is told: `a week` or `a run`."""
        return "a week" if self.weekly else "a run"

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every measure that base and option both have, option after option in the order of the base's measures."""
        found = [(o.name, key, self.difference(o, key)) for o in self.others for key in self._shared(o)]
        adjusted = dict(zip(*self._adjusted(found), strict=True))
        return tuple(
            Change(name, key[0], key[1], change, adjusted.get((name, key), math.nan)) for name, key, change in found
        )

    @cached_property
    def family(self) -> int:
        """How many tests share the Holm adjustment."""
        return sum(not math.isnan(change.p_holm) for change in self.changes)

    def _shared(self, option: Option) -> list[Key]:
        places = option.result.yardstick.places
        return [key for key in self.base.result.yardstick.keys if key in places]

    def _adjusted(self, found: Sequence[tuple[str, Key, Difference]]) -> tuple[list[tuple[str, Key]], Floats]:
        """The measures named beforehand, over all options, and their adjusted p."""
        family = [(name, key, change.p) for name, key, change in found if key in self.metrics]
        return [(name, key) for name, key, _ in family], holm(np.array([p for _, _, p in family], dtype=np.float64))

    def difference(self, option: Option, key: Key) -> Difference:
        """One measure of an option against the base.  Raises KeyError where one of them has no such measure."""
        base, other = self.base.result, option.result
        return paired(values(base, key, other), values(other, key, base))

    def released_hours(self, option: Option, team: str = "") -> Estimate | None:
        """Paid hours that less work than in the base sets free, per replication; None where the rosters differ.

        Of each team (or of one) paid hours x (1 - work of the option / work of the base), summed.
        """
        base, other = self.base.result, option.result
        if option.resized_from or not same_roster(base.scenario, other.scenario):
            return None
        total = np.zeros(len(common(base, other)))
        for name in [team] if team else [each.name for each in base.scenario.teams]:
            work, changed = (values(r, (name, "busy_agents"), o) for r, o in ((base, other), (other, base)))
            spared = np.where(work > 0, 1 - changed / np.where(work > 0, work, 1.0), 0.0)
            total += values(base, (name, "paid_hours"), other) * spared
        return student(total)

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """Every uncertain input of every option, and where the better one changes; see `study.flip_inputs`."""
        from supportsim.study.flip_inputs import inputs

        return (*(flip for option in self.others for flip in inputs(self, option)), *self.tried)

    @cached_property
    def best(self) -> tuple[Best, ...]:
        """Which of more than two options is best along every uncertain input; see `study.best`."""
        from supportsim.study.best import best

        return (*best(self), *self.led)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """A row for each option and measure; see `study.option_tables`."""
        from supportsim.study import option_tables

        return option_tables.differences(self)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each option and promise, with what the option costs; see `study.option_tables`."""
        from supportsim.study import option_tables

        return option_tables.options(self)

    @cached_property
    def interval_differences(self) -> pd.DataFrame:
        """A row for each option, `answer` promise and interval in question; see `study.interval_changes`."""
        from supportsim.study import interval_changes

        return interval_changes.interval_differences(self)

    @cached_property
    def replications(self) -> pd.DataFrame:
        """Every value behind it: option, scenario, replication, selector, measure, numerator, denominator, value."""
        from supportsim.study import option_tables

        return option_tables.replications(self)

    def write(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write the folder of the comparison (`study.comparison_folder`); returns its path.  Raises ResultExists."""
        from supportsim.study import comparison_folder

        return comparison_folder.write(self, folder, overwrite)

    def verdict(self) -> list[str]:
        """What a manager reads: what each option keeps and costs, for whom it is better or worse."""
        from supportsim.study.verdicts import sentences

        return sentences(self)


def common(one: Result, other: Result) -> list[int]:
    """The replications that both finished."""
    theirs = set(other.finished)
    return [number for number in one.finished if number in theirs]


def values(result: Result, key: Key, other: Result | None = None) -> Floats:
    """The values of one measure by replication; with `other` only those replications that it finished, too."""
    column = result.rows[:, result.yardstick.places[key], 2]
    if other is None or result.finished == other.finished:
        return column
    wanted = set(other.finished)
    return column[[number in wanted for number in result.finished]]
