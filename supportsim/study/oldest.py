"""How old the oldest contact on a deferred channel is, hour by hour of the typical week and as people go home."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.ages import deferred_rows
from supportsim.measure.intervals import COLUMNS, Row
from supportsim.measure.sums import ratio
from supportsim.study.pattern import WEEKDAYS
from supportsim.study.result import Result

OLDEST = (
    "channel", "segment", "at", "open", "oldest_h", "oldest_max_h", "some_open_in_100", "ends_working_day", "occasions",
)  # fmt: skip


def oldest(result: Result) -> pd.DataFrame:
    """Per deferred channel and segment (and all) and end of an hour of the week; see `OLDEST`.

    Of all replications and dates; where intervals do not end on the hour, those of working days beside full hours.
    """
    ends = _ends(result)
    frames = [_table(result, place, row, ends) for place, row in (deferred_rows(result.scenario) if result.n else ())]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(OLDEST))


def _ends(result: Result) -> list[tuple[int, int]]:
    """Of each interval the weekday and minute of its end by the local clock; midnight is the end of a day: 1440."""
    timeline = result.yardstick.grid.timeline
    return [_end(timeline.local(tick)) for tick in result.yardstick.grid.interval_edges[1:].tolist()]


def _end(local: datetime) -> tuple[int, int]:
    if local.time() == time():
        return (local - timedelta(days=1)).weekday(), 1440
    return local.weekday(), 60 * local.hour + local.minute


def _table(result: Result, place: int, row: Row, ends: list[tuple[int, int]]) -> pd.DataFrame:
    """The rows of one line of the intraday table."""
    sums = dict(zip(COLUMNS, result.interval_sums[:, place], strict=True))
    manned = sums["rostered_h"] > 0
    leaves = manned & ~np.append(manned[1:], manned[-1:])
    keys, which = np.unique(np.array(ends).reshape(-1, 2), axis=0, return_inverse=True)
    bins = len(keys)

    def added(values: NDArray[np.generic]) -> NDArray[np.float64]:
        return np.bincount(which.ravel(), values.astype(np.float64), bins).astype(np.float64)

    greatest = np.zeros(bins)
    np.maximum.at(greatest, which.ravel(), result.oldest[place])
    some, occasions, leaving = added(sums["oldest_n"]), result.n * added(np.ones(len(ends))), added(leaves)
    shown = (keys[:, 1] % 60 == 0) | (leaving > 0)
    return pd.DataFrame(
        {
            "channel": row.channel, "segment": row.segment,
            "at": [f"{WEEKDAYS[day]} {minute // 60:02d}:{minute % 60:02d}" for day, minute in keys.tolist()],
            "open": added(sums["backlog"]) / occasions,
            "oldest_h": ratio(added(sums["oldest_h"]), some),
            "oldest_max_h": np.where(some > 0, greatest, np.nan),
            "some_open_in_100": 100 * some / occasions,
            "ends_working_day": (leaving > 0).astype(np.int64),
            "occasions": occasions.astype(np.int64),
        },
        columns=list(OLDEST),
    ).iloc[np.flatnonzero(shown)]  # fmt: skip
