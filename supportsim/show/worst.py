"""Which half-hours fail, and why: the lines of causes.csv that a planner wants to see first."""

from __future__ import annotations

import math
from typing import Any

from supportsim.show.tables import Columns, count
from supportsim.study.result import Result

#: So many are shown.
MOST = 6
#: The parts of a shortage in words, as in causes.csv.
WORDS = {
    "volume": "volume", "handle_time": "handle time", "absence": "absence", "off_desk": "many off desk",
    "breaks": "break clash", "late": "late breaks", "roster": "too few rostered",
}  # fmt: skip


def worst_table(result: Result) -> Columns | None:
    """The intervals of the typical day or week in which an `answer` promise is missed most often; None if never.

    Equal ones by what is missing in them; only intervals in which several occurrences say something.
    """
    rows = ranked(result)
    if not rows:
        return None
    table = Columns(
        "Times at which promises are missed most often; short, and what makes it: agent-hours, means over those days",
        ["promise", "when", "missed, days in 100", "short", "mostly", "then"], ["then"], names=2,
    )  # fmt: skip
    for row in rows[:MOST]:
        first, second = _parts(row)
        often = f"{row['days_missed_in_100']:.0f}"
        table.add(row["promise"], row["bin"], often, count(row["shortage_h"]), first, second)
    return table


def ranked(result: Result) -> list[dict[Any, Any]]:
    """The lines of causes.csv with a miss, most often missed first, equal ones by what is missing in them."""
    rows = [row for row in result.causes.to_dict("records") if row["missed"] > 0]
    rows.sort(key=lambda row: (row["days_missed_in_100"], _number(row["shortage_h"])), reverse=True)
    return rows


def _number(hours: float) -> float:
    return 0.0 if math.isnan(hours) else hours


def _parts(row: dict[Any, Any]) -> tuple[str, str]:
    """The two largest parts above zero, in words with their hours."""
    parts = sorted(((row[f"{name}_h"], words) for name, words in WORDS.items()), reverse=True)
    found = [f"{words} {hours:.1f}" for hours, words in parts if hours > 0.05]
    first, second = (*found, "", "")[:2]
    return first, second
