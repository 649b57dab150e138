"""What a ladder says, in sentences a manager reads; every number in them stands in ladder.csv."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from supportsim.scenario import thinning
from supportsim.study.estimate import CONFIDENCE
from supportsim.study.ladder import AS_IT_IS, Ladder
from supportsim.study.ladder_table import COST, KEPT, OTHERS
from supportsim.study.words import several, unsigned_zero

Row = dict[str, Any]
RESIZED, NEVER = "resized by work", "never_served_share"
CAVEAT = (
    "Allocated cost is what time at work on them cost, their contacts and their penalties; at the same roster a "
    "cheaper level saves no pay. That is saved where the roster follows: the rows resized by work. Who is never served "
    "costs little: a level that serves fewer is cheaper by that alone."
)


def sentences(ladder: Ladder) -> list[str]:
    """Each level, what is not staffed, then what all of it rests on."""
    found = [_of(ladder, name, roster) for name, roster in _told(ladder)]
    found += [
        f"{ladder.segment} by {rung.level.name}: {rung.why}; nobody would answer there, so it has no cost to compare."
        for rung in ladder.left_out
    ]
    n = min(option.result.n for option in ladder.comparison.options)
    return [
        *found, *_named(ladder), CAVEAT, *(["One play of each decides nothing: play more replications."] * (n == 1)),
        f"Means over {several(n, 'replication')} of each on the same customers; ± is chance with these inputs alone, "
        "not how wrong the inputs may be.",
    ]  # fmt: skip


def _told(ladder: Ladder) -> Iterator[tuple[str, str]]:
    """(level, roster) of every option, in order."""
    for option in ladder.comparison.options:
        yield option.resized_from or option.name, RESIZED if option.resized_from else "as it is"


def rows_of(ladder: Ladder, level: str, roster: str) -> dict[tuple[str, str], Row]:
    """(of, measure) -> row of one level at one roster."""
    table = ladder.table
    chosen = table[(table["level"] == level) & (table["roster"] == roster)]
    return {(row["of"], row["measure"]): row for row in chosen.to_dict("records")}  # type: ignore[misc]


def _of(ladder: Ladder, level: str, roster: str) -> str:
    rows, own = rows_of(ladder, level, roster), ladder.segment
    head = f"{own} {level}" if level == AS_IT_IS else f"{own} by {level}"
    head += f", roster {roster}" if roster == RESIZED else ""
    said, lost = [], [f"never served {_share(rows[own, NEVER])}"] if (own, NEVER) in rows else []
    if (own, COST) in rows:
        row = rows[own, COST]
        beside = f", {lost.pop()} of issues" if lost else ""
        said.append(f"{_amount(row['mean'])} {row['unit']}{_change(row)}{beside}")
    if (own, KEPT) in rows:
        said.append(f"promises to them kept {_share(rows[own, KEPT])}")
    said += lost
    if (OTHERS, KEPT) in rows:
        said.append(f"promises to the others kept {_share(rows[OTHERS, KEPT])}")
    if ("all", "cost") in rows and roster == RESIZED:
        row = told_by(ladder, rows["all", "cost"])
        said.append(f"cost in all {_amount(row['mean'])} {row['unit']} {ladder.comparison.each}{_change(row)}")
    return f"{head}: {', '.join(said)}."


def told_by(ladder: Ladder, row: Row) -> Row:
    """A sum as comparisons tell it: by the week where a week or more is counted."""
    names = ("mean", "mean_ci_low", "mean_ci_high", "difference", "difference_ci_low", "difference_ci_high")
    return row | {name: None if row[name] is None else row[name] / ladder.comparison.periods for name in names}


def _share(row: Row) -> str:
    points = f"{100 * row['mean']:.1f} %"
    if not _has_change(row):
        return points
    if not _is_clear(row):
        return f"{points} (no difference)" if row["p"] == 1 else f"{points} (too close to call)"
    half = 100 * (row["difference_ci_high"] - row["difference_ci_low"]) / 2
    sign = "+" if row["difference"] > 0 else "−"
    return unsigned_zero(f"{points} ({sign}{100 * abs(row['difference']):.1f} ± {half:.1f} points)")


def _change(row: Row) -> str:
    if not _has_change(row):
        return ""
    if not _is_clear(row):
        return " (no difference)" if row["p"] == 1 else " (too close to call)"
    half = (row["difference_ci_high"] - row["difference_ci_low"]) / 2
    return f" ({'+' if row['difference'] > 0 else '−'}{_pair(abs(row['difference']), half)})"


def _has_change(row: Row) -> bool:
    return row["difference"] is not None and not math.isnan(row["difference"]) and not math.isnan(row["p"])


def _is_clear(row: Row) -> bool:
    return bool(row["p"] <= 1 - CONFIDENCE)


def _pair(change: float, half: float) -> str:
    """`42 549 ± 998`: as many digits as its larger part has."""
    digits = 0 if max(change, half) >= 1000 else 2
    return f"{change:,.{digits}f} ± {half:,.{digits}f}".replace(",", " ")


def _amount(value: float) -> str:
    return f"{value:,.{0 if abs(value) >= 1000 else 2}f}".replace(",", " ")


def _stays(stream: str, channel: str) -> str:
    return f"those who wait for {channel} at the begin" if "+backlog+" in stream else f"{stream} ({channel})"


def _named(ladder: Ladder) -> Iterator[str]:
    """Streams that name a channel keep it, whatever the level."""
    scenario = ladder.comparison.base.result.scenario
    own = thinning.sources(scenario, "segment", ladder.segment)
    stay = dict.fromkeys(_stays(source.stream, source.channel) for source in own if source.channel is not None)
    if stay:
        yield f"Whatever the level, what names its channel comes there: {', '.join(stay)}."
