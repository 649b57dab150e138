"""What moves the answer, in the report: every input that was tried, by what it moves."""

from __future__ import annotations

from supportsim.show.report.table import Table, headings, number
from supportsim.show.sensitivity_text import share
from supportsim.show.tables import DASH
from supportsim.study.sensitivity import Sensitivity
from supportsim.study.sensitivity_table import shares
from supportsim.study.sensitivity_words import Row, measured, of_what
from supportsim.study.uncertain import Uncertain

SUPPLIED = "supportsim itself"
#: A source in words; a dash where the option has no such input.
_WHOSE = {"written": "you", "default": SUPPLIED, "": DASH}


def tables(found: Sensitivity) -> list[Table]:
    """Of the base what moves its measures; of each other option what moves its difference from the base."""
    return [_table(found, option) for option in found.scenarios]


def _table(found: Sensitivity, option: str) -> Table:
    every = [rows for rows in measured(found) if rows and rows[0]["option"] == option]
    names = [(of_what(rows[0]).split(",")[0], f"as stated {_stated(rows[0])}") for rows in every]
    by_path, order = {each.path: each for each in found.inputs}, shares(found, option)
    what = f"the difference of {option} from {found.base}" if option != found.base else option
    return Table(
        f"What moves {what}: inputs by their share of all movement when each alone is {100 * found.by:g} % less, then "
        "more",
        headings("input", "as stated", ("stated by", "yours, or filled in"), ("of all", "mean share"), *names),
        [_row(found, by_path[path], order[path], every) for path in order],
        _note(found), words=(0, 1, 2),
    )  # fmt: skip


def _row(found: Sensitivity, each: Uncertain, of_all: float, every: list[list[Row]]) -> list[str]:
    own = [next(row for row in rows if row["input"] == each.path) for rows in every]
    return [each.name, own[0]["value"] or DASH, _WHOSE[own[0]["source"]], share(of_all), *map(_cell, own)]


def _cell(row: Row) -> str:
    """`27 %: +3.1, −2.9`: its share, and what less and more of it do; ~ before what chance might have done."""
    if not row["movement"] > 0:
        return "0" if row["movement"] == 0 else DASH  # no case, so nothing to compare
    by, digits = (100.0, 1) if row["unit"] == "share" else (1.0, None)
    less, more = (_signed(by * row[f"change_{side}"], digits) for side in ("low", "high"))
    return f"{'' if row['told'] else '~ '}{share(row['share'])}: {less}, {more}"


def _signed(value: float, digits: int | None) -> str:
    told = number(value, digits, counting=3)
    return told if value <= 0 or told == "0" else f"+{told}"


def _stated(row: Row) -> str:
    """The measure with every input as it is."""
    if row["unit"] == "share":
        return f"{100 * row['as_stated']:.1f} {'points' if row['against'] else '%'}"
    return number(row["as_stated"], counting=3)


def _note(found: Sensitivity) -> str:
    return (
        "In each cell the share of what all inputs move of this measure, then its change with less and with more of "
        "the input (shares in points, money a week where a week is counted); ~: chance might have done it (95 % for "
        "all inputs of a measure together, Holm). 20 % is no statement about how wrong an input may be. Intervals "
        "stand in sensitivity.csv."
    ).replace("20 %", f"{100 * found.by:g} %")  # fmt: skip
