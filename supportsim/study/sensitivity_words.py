"""What a sensitivity says, in sentences a manager reads; every number in them stands in sensitivity.csv."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from supportsim.study.estimate import Estimate
from supportsim.study.sensitivity import Sensitivity
from supportsim.study.verdicts import signed
from supportsim.study.words import several

Row = dict[str, Any]
_MOST = 3  # inputs named of each measure
_EXACT = 0.002  # an interval that is less of its mean than that is not told


def sentences(found: Sensitivity) -> list[str]:
    """What moves each measure most, which inputs nobody wrote, then what all of it rests on."""
    by = f"{100 * found.by:g} %"
    said = [_of_measure(found, rows) for rows in measured(found)]
    supplied = [each.name for each in found.inputs if found.supplied(each.path)]
    if supplied:
        said.append(f"Not written in the file, supplied by supportsim itself: {', '.join(supplied)}.")
    n = several(found.requested, "replication")
    if found.requested == 1:
        said.append("One play of each decides nothing: play more replications.")
    return [
        *said,
        f"Each input alone {by} lower and {by} higher, {n} each on the same customers; ± is chance. {by} is no "
        "statement about how wrong an input may be: a volume may be known to 3 %, a probability only to half its size.",
    ]


def measured(found: Sensitivity) -> Iterator[list[Row]]:
    """The rows of each option and measure."""
    rows: list[Row] = found.table.to_dict("records")  # type: ignore[assignment]
    for option in found.scenarios:
        for selector, measure in found.keys:
            wanted = (option, selector, measure)
            yield [row for row in rows if (row["option"], row["selector"], row["measure"]) == wanted]


def of_what(row: Row) -> str:
    """`premium_phone kept`, `cost a week`, `contribution a week, wide less saas-today`."""
    words = "kept" if row["measure"] == "kept_share" else str(row["measure"]).replace("_", " ")
    name = words if row["selector"] == "all" else f"{row['selector']} {words}"
    each = f" a {row['per']}" if row["per"] else ""
    return f"{name}{each}" + (f", {row['option']} less {row['against']}" if row["against"] else "")


def _of_measure(found: Sensitivity, rows: list[Row]) -> str:
    if not rows:
        return "There is no input that could be less or more."
    told = [row for row in rows if row["told"]]
    return f"{of_what(rows[0])}{_rests(rows, told) if told else _unmoved(rows)}."


def _unmoved(rows: list[Row]) -> str:
    """Why no movement is sure: there is none, chance might have done it, or nothing could be compared."""
    if all(math.isnan(row["movement"]) for row in rows):
        known = any(not math.isnan(row[key]) for row in rows for key in ("change_low", "change_high"))
        return f" has no value (no case){' with less or with more of each input' if known else ''}"
    still = not any(row["movement"] > 0 for row in rows)
    return f": no input moves it{'' if still else ' for sure with so few replications'}"


def _rests(rows: list[Row], told: list[Row]) -> str:
    """The largest sure inputs, and those that chance may have made larger than the first of them."""
    most = "; ".join(
        f"{row['name']} {100 * row['share']:.0f} % of all movement ({side(row, 'low')} to {side(row, 'high')})"
        for row in told[:_MOST]
    )  # fmt: skip
    more = f"; {len(told) - _MOST} more for sure" if len(told) > _MOST else ""
    larger = [row for row in rows if not row["told"] and row["share"] > told[0]["share"]]
    named = ", ".join(f"{row['name']} {100 * row['share']:.0f} %" for row in larger[:_MOST])
    named += f" and {len(larger) - _MOST} more" if len(larger) > _MOST else ""
    unsure = f"; larger, but perhaps by chance: {named}" if larger else ""
    others = f"; of {several(len(rows) - len(told), 'input')} no movement is sure" if len(rows) > len(told) else ""
    return f": for sure it rests on {most}{more}{unsure}{others}"


def side(row: Row, which: str) -> str:
    """`+3.1 points (known to ± 0.4)`: what one side of an input does."""
    mean, low, high = (row[f"change_{which}{end}"] for end in ("", "_ci_low", "_ci_high"))
    found = Estimate(mean, low, high, row["n"])
    if found.half < _EXACT * abs(mean):
        found = found._replace(low=math.nan)
    return signed(found, row["unit"])
