"""Which intervals an option repairs and which it spoils, against the base."""

from __future__ import annotations

import math
from typing import Any

from supportsim.show.report.table import Table, headings, percent
from supportsim.study.comparison import Comparison, Option
from supportsim.study.words import several, unsigned_zero

MOST = 20
_CALLS = {"too close to call": "open"}


def changed_intervals(comparison: Comparison, option: Option) -> Table | None:
    """At most `MOST` intervals that change by more than chance, largest changes first; None for the base."""
    table = comparison.interval_differences
    rows = [
        row for row in table[table["option"] == option.name].to_dict("records") if row["verdict"] in ("better", "worse")
    ]
    if option is comparison.base or not rows:
        return None
    rows.sort(key=lambda row: -abs(row["difference"]))
    less = f"; {len(rows) - MOST} more in interval_differences.csv" if len(rows) > MOST else ""
    return Table(
        f"The {several(len(rows[:MOST]), 'interval')} that change most against {comparison.base.name}",
        headings("when", "promise", "target", (comparison.base.name, "kept"), (option.name, "kept"),
                 ("difference", "points"), "that is"),
        [_line(row) for row in rows[:MOST]],
        "Of those in which base or some option is below target or too close to call, all that change by more than "
        f"chance, each by itself at 95 %{less}.", words=(0, 1, 6),
    )  # fmt: skip


def _line(row: dict[Any, Any]) -> list[str]:
    half = (row["difference_ci_high"] - row["difference_ci_low"]) / 2
    known = "" if math.isnan(half) or half < 0.0005 else f" ± {100 * half:.1f}"
    change = unsigned_zero(f"{100 * row['difference']:+.1f}".replace("-", "−"))
    return [
        row["bin"], row["promise"], percent(row["target"], 0),
        *(f"{percent(row[mean])} {_CALLS.get(row[call], row[call])}" for mean, call in
          (("base", "base_verdict"), ("option_mean", "option_verdict"))),
        change + known, row["verdict"],
    ]  # fmt: skip
