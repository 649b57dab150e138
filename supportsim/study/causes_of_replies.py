"""What was missing on days on which too few first replies were in time, in parts that add up (docs/model.md).

    left = open at the end of the day x expected handle time = (open at its begin + come - gone) x the same
         = carried_in + volume + handle_time + absence + off_desk + breaks + live + other + overtime + idle + roster

`roster` is the work to be expected less the hours the roster leaves for it as a rule: below zero where the desk catches
up on such a day, and `carried_in` is what it has to catch up with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.causes_of_replies import REPLIES, ReplyScope
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.ticks import HOUR
from supportsim.study.pattern import WEEKDAYS
from supportsim.study.result import Result

PARTS = (
    "carried_in", "volume", "handle_time", "absence", "off_desk", "breaks", "live", "other", "overtime", "idle",
    "roster",
)  # fmt: skip
REPLY_CAUSES = (
    "promise", "day", "cases", "missed", "days_missed_in_100", "due", "late", *(f"{part}_h" for part in PARTS),
    "left_h", "left", "cause",
)  # fmt: skip


def reply_causes(result: Result) -> pd.DataFrame:
    """Per promise of a first reply and weekday (or the one date) with a case due; hours are means over days missed.

    Expected is the mean over all replications and dates of the weekday; handle time that of all counted time.
    """
    scopes = result.yardstick.replies_rest_on if result.n else ()
    frames = [_Days(result, scope, number).table() for number, scope in enumerate(scopes)]
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(REPLY_CAUSES))


#: Hours below which nothing was lacking: rounding of sums.
_NOTHING = 1e-9
#: What is counted; all else is time.
_COUNTS = ("open", "open_after", "come", "handled")


class _Days:
    """One promise: sums by weekday, over all days (of all replications) and over those missed."""

    def __init__(self, result: Result, scope: ReplyScope, number: int) -> None:
        self.result, self.scope, sums = result, scope, result.cause_sums
        dates = result.yardstick.grid.dates
        weekday = np.array([date.weekday() for date in dates])
        kinds = np.unique(weekday)
        self.place = np.searchsorted(kinds, weekday)
        self.labels = [WEEKDAYS[kind] for kind in kinds]
        if len(dates) == 1:
            self.labels = [f"{self.labels[0]} {dates[0].isoformat()}"]
        self.cases, self.missed = (self._by_weekday(each) for each in sums.days[:, number])
        self.due, self.late = (self._by_weekday(each) for each in sums.due[1, :, number])
        self.share = self.missed / np.maximum(result.n * self._by_weekday(np.ones(len(dates))), 1)
        self.every, self.there = (self._columns(each) for each in sums.replies[:, :, number])

    def _by_weekday(self, values: NDArray[Any]) -> Floats:
        found: Floats = np.bincount(self.place, values.astype(np.float64), len(self.labels)).astype(np.float64)
        return found

    def _columns(self, sums: NDArray[np.int64]) -> dict[str, Floats]:
        """By name: contacts, and hours; `live`, `extra` (at work after shifts) and `idle` follow from the others."""
        found = dict(zip(REPLIES, (self._by_weekday(each) for each in sums), strict=True))
        found = {name: each if name in _COUNTS else each / HOUR for name, each in found.items()}
        idle = found["busy_or_idle"] - found["busy"]
        present = found["rostered"] - found["absent"] - found["off_desk"] - found["breaks"]
        found["live"] = found["busy"] - found["filler_only"] - found["worked"] - found["other"]
        found["extra"] = found["busy"] - (present - idle)
        found["idle"] = idle + found["filler_only"]
        return found

    def _expected(self, name: str) -> Floats:
        """What was to be expected on the days missed: so many times the mean of all of that weekday."""
        return self.share * self.every[name]

    def _beyond(self, name: str) -> Floats:
        return self.there[name] - self._expected(name)

    def parts(self) -> dict[str, Floats]:
        """Hours, summed over the days missed, and last what they add up to."""
        handle = float(self.every["work"].sum() / max(self.every["handled"].sum(), 1.0))
        there = self.there
        gone = there["open"] + there["come"] - there["open_after"]
        away = sum(self._expected(name) for name in ("absent", "off_desk", "breaks", "live", "other"))
        return {
            "carried_in": there["open"] * handle,
            "volume": self._beyond("come") * handle,
            "handle_time": there["worked"] - gone * handle,
            "absence": self._beyond("absent"),
            "off_desk": self._beyond("off_desk"),
            "breaks": self._beyond("breaks"),
            "live": self._beyond("live"),
            "other": self._beyond("other"),
            "overtime": -self._beyond("extra"),
            "idle": there["idle"],
            "roster": self._expected("come") * handle - (there["rostered"] - away + self._expected("extra")),
            "left": there["open_after"] * handle,
        }

    def table(self) -> pd.DataFrame:
        """The rows of one promise."""
        hours = {name: ratio(value, self.missed) for name, value in self.parts().items()}
        lacked = [part for part in PARTS if part != "idle"]  # hours that nobody needed are what was left over
        every = np.nan_to_num(np.array([hours[part] for part in lacked]))
        worst, most = [lacked[i] for i in every.argmax(axis=0)], every.max(axis=0) > _NOTHING
        columns = {
            "promise": self.result.scenario.promises[self.scope.promise].name,
            "day": self.labels,
            "cases": self.cases.astype(np.int64),
            "missed": self.missed.astype(np.int64),
            "days_missed_in_100": 100 * ratio(self.missed, self.cases),
            "due": ratio(self.due, self.missed),
            "late": ratio(self.late, self.missed),
            **{f"{name}_h": value for name, value in hours.items()},
            "left": ratio(self.there["open_after"], self.missed),
            "cause": [name if some else "" for name, some in zip(worst, most, strict=True)],
        }
        return pd.DataFrame(columns, columns=list(REPLY_CAUSES)).iloc[np.flatnonzero(self.cases > 0)]
