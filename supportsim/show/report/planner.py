"""The planner's part: for one option its worst intervals, service levels by every formula, and hours of teams."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from supportsim.measure import catalogue
from supportsim.show.columns import FILES
from supportsim.show.report import missing, money, worth
from supportsim.show.report.definitions import SHORT
from supportsim.show.report.interval_table import changed_intervals
from supportsim.show.report.plain import unlinked
from supportsim.show.report.required_table import required
from supportsim.show.report.table import Table, headings, number, percent, span
from supportsim.show.report.worst import worst
from supportsim.show.required_text import not_searched
from supportsim.study.comparison import Comparison, Option
from supportsim.study.decimal_comma import read

#: Tables of a folder that the report tells in its own words, or that are too long to be shown.
_TOLD = (
    "replications", "summary", "intervals", "bridge", "teams", "promises", "options", "differences",
    "interval_differences", "costs", "allocation", "contribution", "cash", "year", "experience", "flips", "flip_inputs",
    "backlog", "oldest_ages", "causes", "reply_causes", "crowding_intervals", "required", "crowding_out", "ladder",
    "assignments", "months_ahead", "best",
)  # fmt: skip
_LONGEST = 80  # rows of any other
_PERIODS = {"daily": "days", "weekly": "weeks", "monthly": "months", "all": "plays"}


def tables(comparison: Comparison, option: Option, folder: Path) -> list[Table]:
    """All of them, as far as there is something to say; last those that lie in its folder beside the known ones."""
    result = option.result
    found = [
        changed_intervals(comparison, option), worst(result), missing.causes(result), missing.reply_causes(result),
        levels(option), replies(option), teams(comparison, option),
        missing.oldest(result), missing.backlog(result), *money.tables(option), *worth.tables(option),
    ]  # fmt: skip
    return [*(table for table in found if table is not None), *required(result), *more(folder)]


def unsaid(option: Option) -> list[str]:
    """Tables somebody may look for, and why they are not there."""
    priced = any(row["mean"] for row in option.result.costs.to_dict("records"))
    required = [f"{why[:1].upper()}{why[1:]}." for why in not_searched(option.result)]
    return [*required, *missing.unsaid(option.result), *([] if priced else [money.FREE])]


def levels(option: Option) -> Table | None:
    """Promises of an answer by all six formulas, and who is in none of them."""
    rows = [row for row in option.result.promises.to_dict("records") if row["clock"] == "answer"]
    if not rows:
        return None
    formulas = [(SHORT.get(name, words), "") for name, words, _ in catalogue.FORMULAS]
    return Table(
        "Answered in time: by each promise's own formula, then by all six; beside them who heard busy or was turned "
        "away (closed), who is in none of the formulas",
        headings("promise", "limit", ("kept", "mean"), ("single periods", "5–95 %"), "target", *formulas,
                 ("heard busy", "contacts"), ("turned away", "contacts"), ("hung up", "contacts")),
        [_level(row) for row in rows],
        "The formulas stand under “Definitions”. Counts are means per play. " + _judged(rows), words=(0, 1),
    )  # fmt: skip


def _level(row: dict[Any, Any]) -> list[str]:
    return [
        _promise(row), row["limit"], _kept(row), _single(row), percent(row["target"], 0),
        *(percent(row[name]) for name, _, _ in catalogue.FORMULAS),
        *(number(row[name], 1) for name in ("blocked", "turned_away", "abandoned")),
    ]  # fmt: skip


def _promise(row: dict[Any, Any]) -> str:
    return str(row["promise"] if row["selector"] == "all" else f"{row['promise']}: {row['selector']}")


def _kept(row: dict[Any, Any]) -> str:
    half = max(row["kept_ci_high"] - row["kept_share"], row["kept_share"] - row["kept_ci_low"])
    return percent(row["kept_share"]) + (f" ± {100 * half:.1f}" if half >= 0.0005 else "")


def _single(row: dict[Any, Any]) -> str:
    return f"{_PERIODS[row['judged']]} {span(row['period_p05'], row['period_p95'])}"


def _judged(rows: list[dict[Any, Any]]) -> str:
    """Which formula each promise is judged by."""
    words = {name: SHORT.get(id_, name) for id_, name, _ in catalogue.FORMULAS}
    found = {row["counted"]: None for row in rows}
    if len(found) == 1:
        return f"All of these are judged by: {words.get(next(iter(found)), next(iter(found)))}."
    each = [f"{row['promise']} by: {words.get(row['counted'], row['counted'])}" for row in rows if _whole(row)]
    return f"Judged: {'; '.join(each)}."


def _whole(row: dict[Any, Any]) -> bool:
    return bool(row["selector"] == "all")


def replies(option: Option) -> Table | None:
    """Promises of a first reply: what became of them."""
    rows = [row for row in option.result.promises.to_dict("records") if row["clock"] == "first_reply"]
    if not rows:
        return None
    return Table(
        "First replies in time, of issues replied to in time or late",
        headings("promise", "limit", "hours", ("kept", "mean"), ("single periods", "5–95 %"), "target", "late",
                 ("late, still open", "at the end"), ("open, not yet due", "at the end"), ("oldest open", "h"),
                 "withdrawn before due", "customers with a late one"),
        [
            [
                _promise(row), row["limit"], row["hours"], _kept(row), _single(row), percent(row["target"], 0),
                *(number(row[name], 1) for name in ("broken", "broken_open", "not_yet_due", "open_age_max",
                                                    "withdrawn_before_due", "people_broken")),
            ]
            for row in rows
        ],
        "Counts are means per play.", words=(0, 1, 2),
    )  # fmt: skip


def teams(comparison: Comparison, option: Option) -> Table:
    """Where the hours of each team go."""
    each = comparison.each if comparison.weekly else "in counted time"
    hours = ("rostered_h", "absent_h", "off_desk_h", "breaks", "present_h", "handling_h", "wrap_up_h", "idle_h",
             "overtime_h", "leave_h", "paid_h")  # fmt: skip
    found = []
    for row in option.result.teams.to_dict("records"):
        row["breaks"] = row["breaks_paid_h"] + row["breaks_unpaid_h"]
        found.append([
            row["team"], *(number(row[name] / comparison.periods, 1) for name in hours),
            percent(row["occupancy"]), percent(row["utilisation"]), number(row["lost_breaks"] / comparison.periods, 1),
        ])  # fmt: skip
    return Table(
        f"Where the hours of teams go, hours {each} (means)",
        headings("team", "rostered", "absent", "off desk", "breaks", "present", "handling", "wrap-up", "idle",
                 "overtime", "leave", "paid", ("occupancy", "work / (work + idle)"),
                 ("utilisation", "work / paid hours"), ("lost breaks", "number")),
        found,
        "Rostered = absent + off desk + breaks + present; present = handling + wrap-up + idle; overtime stands apart.",
    )  # fmt: skip


def more(folder: Path) -> Iterator[Table]:
    """Tables of a folder that are not told otherwise, such as costs."""
    known = {file.name: unlinked(file.words).rstrip(".") for file in FILES}
    for file in sorted(folder.glob("*.csv")):
        if file.stem in _TOLD:
            continue
        first, *rest = read(file)
        if len(rest) <= _LONGEST:
            rows = [[_cell(text) for text in row] for row in rest]
            texts = tuple(i for i in range(len(first)) if not all(_is_number(row[i]) for row in rest))
            heads = headings(*(_named(name) for name in first))
            yield Table(f"{file.name}: {known.get(file.name, 'means')}", heads, rows, words=texts)


def _named(column: str) -> str:
    """`hours_ci_low` as people read it: `hours, low end`."""
    return column.replace("_ci_low", ", low end").replace("_ci_high", ", high end").replace("_", " ")


def _is_number(text: str) -> bool:
    try:
        float(text or 0)
    except ValueError:
        return False
    return True


def _cell(text: str) -> str:
    return number(float(text)) if text and _is_number(text) else text
