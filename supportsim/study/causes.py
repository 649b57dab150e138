"""What was missing in the intervals in which a promise of an answer was missed, in parts that add up (docs/model.md).

    needed = what Erlang asks for the expected volume + volume + handle_time
    present = rostered - absent - off_desk - breaks - late
    shortage = needed - present, with  roster = what Erlang asks - those whom the roster leaves at the desk

These are the rostered less the absence to be expected, and less an even share of breaks and of time off the desk: they
have to lie somewhere, and only where more lie than elsewhere are they a cause of their own.

A promise of a first reply is told by the day (`study.causes_of_replies`): a reply may be due days after the interval
its case is booked to, and what was missing in that interval says nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.causes import COMING, PEOPLE, Scope
from supportsim.measure.intervals import Row
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.ticks import HOUR, SECOND
from supportsim.study.erlang_inputs import places
from supportsim.study.intraday import of_desk, required
from supportsim.study.pattern import Pattern, pattern
from supportsim.study.result import Result

PARTS = ("volume", "handle_time", "absence", "off_desk", "breaks", "late", "roster")
CAUSES = (
    "promise", "bin", "cases", "missed", "days_missed_in_100", *(f"{part}_h" for part in PARTS), "needed_h",
    "present_h", "shortage_h", "cause",
)  # fmt: skip
#: Hours below which nothing is short: rounding of sums.
_NOTHING = 1e-9


def causes(result: Result, single: bool = False) -> pd.DataFrame:
    """Per promise of an answer and bin of the typical day or week with a case; hours are means over those missed.

    Expected is the mean over all replications and dates of the bin.  `single`: every interval for itself, where it is
    the mean over replications.
    """
    scopes = result.yardstick.rests_on if result.n else ()
    found = [pd.DataFrame(columns=list(CAUSES))]
    first = 0
    for number, scope in enumerate(scopes):
        cut = _cut(result, number, single)
        found.append(_Missed(result, scope, number, first, cut).table())
        first += len(scope.parts)
    frames = [frame for frame in found if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else found[0]


def _cut(result: Result, scope: int, single: bool) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names of the bins, and the bin of each interval (-1: none)."""
    grid, cases = result.yardstick.grid, result.cause_sums.cases[0, scope]
    if single:
        return tuple(i.local.isoformat() for i in grid.intervals), np.arange(len(cases))
    cut: Pattern = pattern(grid, cases > 0)
    return cut.labels, cut.place


class _Missed:
    """One promise: sums by bin, over all occurrences (replication x interval) and over those missed."""

    def __init__(
        self, result: Result, scope: Scope, number: int, first: int, cut: tuple[tuple[str, ...], NDArray[np.int64]]
    ) -> None:
        self.result, self.scope, (self.labels, self.place) = result, scope, cut
        sums, parts = result.cause_sums, slice(first, first + len(scope.parts))
        self.by_interval = sums.cases[1, number].astype(np.float64)
        self.cases: Floats = self._binned(sums.cases[0, number])
        self.missed: Floats = self._binned(sums.cases[1, number])
        self.occurrences = result.n * self._binned(np.ones(len(self.place)))
        self.coming = self._binned(sums.coming[:, :, parts])  # (2, COMING, parts, bins)
        people = dict(zip(PEOPLE, sums.people.swapaxes(0, 1)[:, :, number], strict=True))
        self.people = {name: self._binned(each) / HOUR for name, each in people.items()}
        every = {name: float(each[0].sum()) for name, each in people.items()}
        self.even = {name: each / every["rostered"] if every["rostered"] else 0.0 for name, each in every.items()}

    def _binned(self, values: NDArray[Any]) -> NDArray[Any]:
        """Sums of intervals, last axis, by bin: float64."""
        shown = self.place >= 0
        found = np.zeros((len(self.labels), *values.shape[:-1]))
        np.add.at(found, self.place[shown], np.moveaxis(values[..., shown].astype(np.float64), -1, 0))
        return np.moveaxis(found, 0, -1)

    def _expected(self, every: Floats) -> Floats:
        """What was to be expected in the occurrences missed: so many times the mean of all."""
        return self.missed * ratio(every, self.occurrences)

    def parts(self) -> dict[str, Floats]:
        """Hours, summed over the occurrences missed, and what they add up to."""
        asked, volume, handle_time = np.zeros((3, len(self.labels)))
        for each in self._channels():
            asked, volume, handle_time = asked + each[0], volume + each[1], handle_time + each[2]
        there = {name: sums[1] for name, sums in self.people.items()}
        usual = self._expected(self.people["absent"][0])
        off_desk, breaks = (self.even[name] * there["rostered"] for name in ("off_desk", "rests"))
        return {
            "volume": volume,
            "handle_time": handle_time,
            "absence": there["absent"] - usual,
            "off_desk": there["off_desk"] - off_desk,
            "breaks": there["rests"] - breaks,
            "late": there["breaks"] - there["rests"],
            "roster": asked - (there["rostered"] - usual - off_desk - breaks),
            "needed": asked + volume + handle_time,
            "present": there["present"],
        }

    def _channels(self) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Per live channel: agent-hours Erlang asks for, more because more came, more because work took longer."""
        teams = np.flatnonzero(self.scope.teams).tolist()
        for i, row in enumerate(self.scope.parts):
            at_once = places(self.result.scenario, row.channel, teams) * HOUR
            every, missed = (dict(zip(COMING, self.coming[k, :, i], strict=True)) for k in (0, 1))
            usual = every["work"].sum() / max(every["handled"].sum(), 1.0)
            work = np.where(every["handled"] > 0, ratio(every["work"], every["handled"]), usual)
            volume = (missed["coming"] - self._expected(every["coming"])) * work / at_once
            yield self._asked(row, every, work, at_once), volume, (missed["work"] - missed["handled"] * work) / at_once

    def _asked(self, row: Row, every: dict[str, Floats], work: Floats, at_once: float) -> Floats:
        """Hours that the formula of the desk (Erlang A or C) asks for the expected volume; else the load itself."""
        shown, n = self.place >= 0, self.result.n
        mean = {name: ratio(value, self.occurrences)[self.place] * shown * n for name, value in every.items()}
        hours = np.diff(self.result.yardstick.grid.interval_edges) / HOUR
        total = {"offered": mean["coming"], "blocked": np.zeros(len(hours)), "handled": mean["handled"],
                 "work_s": mean["work"] / SECOND}  # fmt: skip
        load = mean["coming"] / n * work[self.place] / at_once
        heads = of_desk(self.result, *required(self.result, row, total))
        asked = np.where(np.isnan(heads), load, heads * hours)
        return self._binned(np.nan_to_num(asked) * self.by_interval)

    def table(self) -> pd.DataFrame:
        """The rows of one promise."""
        hours = {name: ratio(value, self.missed) for name, value in self.parts().items()}
        every = np.array([hours[part] for part in PARTS])
        worst = [PARTS[i] for i in np.nan_to_num(every).argmax(axis=0)]
        shortage = hours["needed"] - hours["present"]
        short = np.nan_to_num(shortage) > _NOTHING
        columns = {
            "promise": self.result.scenario.promises[self.scope.promise].name,
            "bin": list(self.labels),
            "cases": self.cases.astype(np.int64),
            "missed": self.missed.astype(np.int64),
            "days_missed_in_100": 100 * ratio(self.missed, self.cases),
            **{f"{name}_h": value for name, value in hours.items()},
            "shortage_h": shortage,
            "cause": [name if some else "" for name, some in zip(worst, short, strict=True)],
        }
        some = np.flatnonzero(self.cases > 0)
        return pd.DataFrame(columns, columns=list(CAUSES)).iloc[some]
