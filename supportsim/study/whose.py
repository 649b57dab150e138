"""Whose promises: those to some segments alone, by the names of their measures, and how well they are kept together."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.replication import Scope, Yardstick
from supportsim.study.result import Result


def whose(yardstick: Yardstick, scope: Scope) -> set[str]:
    """The segments that a promise, or a part of it, covers."""
    return {queue.segment for queue, is_of in zip(yardstick.scenario.queues, scope.cells, strict=False) if is_of}


def promised_to(yardstick: Yardstick, segments: Collection[str]) -> list[str]:
    """Promises to these segments alone: whole ones where they are, else those parts of them that are."""
    own = [scope for scope in yardstick.scopes if (of := whose(yardstick, scope)) and of <= set(segments)]
    whole = {scope.promise for scope in own if not scope.selector}
    return [yardstick.scope_name(scope) for scope in own if not (scope.selector and scope.promise in whole)]


def kept_together(result: Result, segments: Collection[str]) -> NDArray[np.float64]:
    """By replication the share kept of all cases of promises to these segments; NaN where there is no case."""
    places = [result.yardstick.places[name, "kept_share"] for name in promised_to(result.yardstick, segments)]
    kept, judged = (np.nansum(result.rows[:, places, column], axis=1) for column in (0, 1))
    found: NDArray[np.float64] = np.where(judged > 0, kept / np.where(judged > 0, judged, 1.0), np.nan)
    return found
