"""inversions.csv: how often lower value was begun while higher value waited that this agent could have served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from supportsim.study.estimate import bounded, student
from supportsim.study.result import Result

COLUMNS = (
    "segment", "passed_over", "starts", "inversions", "inversions_share", "inversions_share_ci_low",
    "inversions_share_ci_high", "passed", "waited_min", "n",
)  # fmt: skip
ANY = "any"


def inversions(result: Result) -> pd.DataFrame | None:
    """A row for each segment with a margin and each of a higher one, and one for any of these; see `COLUMNS`.

    None where nothing states margins, or no journal is kept.
    """
    if result.inversion_counts.ndim < 4:
        return None
    return pd.DataFrame(list(_rows(result)), columns=list(COLUMNS))


def _rows(result: Result) -> Iterator[dict[str, Any]]:
    from supportsim.measure.inversions import Inversions

    margins, segments = Inversions(result.scenario).margins, result.scenario.segments
    for place, segment in enumerate(segments):
        higher = [other for other in range(len(segments)) if margins[place] < margins[other]]
        for other in [*higher, len(segments)] if higher else ():
            counts = result.inversion_counts[:, place, other]
            starts = counts[:, 0]
            each = np.where(starts > 0, counts[:, 1] / np.where(starts > 0, starts, 1), np.nan)
            share, means = bounded(student(each), 1.0), counts.mean(axis=0)
            yield {
                "segment": segment.name, "passed_over": segments[other].name if other < len(segments) else ANY,
                "starts": means[0], "inversions": means[1], "inversions_share": share.mean,
                "inversions_share_ci_low": share.low, "inversions_share_ci_high": share.high, "passed": means[2],
                "waited_min": means[3] / means[2] if means[2] else np.nan, "n": share.n,
            }  # fmt: skip
