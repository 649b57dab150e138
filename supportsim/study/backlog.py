"""What waits on deferred channels at the end of each interval, by how long it has waited."""

from __future__ import annotations

import pandas as pd

from supportsim.measure.ages import BANDS, deferred_rows
from supportsim.measure.intervals import COLUMNS
from supportsim.measure.sums import ratio
from supportsim.study.result import Result

BACKLOG = ("start", "channel", "segment", *BANDS, "oldest_h")


def backlog(result: Result) -> pd.DataFrame:
    """Per row of the intraday table of a deferred channel and interval; means over replications, as there.

    The bands add up to `backlog` of intervals.csv.
    """
    starts = [interval.local.isoformat() for interval in result.yardstick.grid.intervals]
    oldest, some = COLUMNS.index("oldest_h"), COLUMNS.index("oldest_n")
    frames = []
    for k, (place, row) in enumerate(deferred_rows(result.scenario) if result.n else ()):
        bands = result.age_sums[:, k] / result.n
        age = ratio(result.interval_sums[oldest, place], result.interval_sums[some, place])
        columns = dict(zip(BANDS, bands, strict=True)) | {"oldest_h": age}
        frames.append(pd.DataFrame({"start": starts, "channel": row.channel, "segment": row.segment, **columns}))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(BACKLOG))
