"""The report of customers who leave, month by month: who stays, what an option saves first and loses later."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from supportsim.measure.experience import OPINIONS
from supportsim.show.months_figure import draw_months
from supportsim.show.report.table import DASH, Table, headings, number, percent
from supportsim.show.report.write import Told, of_made
from supportsim.study.ahead import COST
from supportsim.study.comparison import Key, values
from supportsim.study.estimate import student
from supportsim.study.feedback import Months
from supportsim.study.months_words import over
from supportsim.study.result import Result

_BELOW = "Below, promises and cost stand at all three; people, hours and money in detail are those at the odds stated."


def of_months(found: Months, folder: Path, decimal: str = "point") -> Path:
    """Draw the figure and write the report of months whose tables lie in `folder`; every play has finished."""
    from supportsim.study.decimal_comma import write_again

    target = folder / "figures"
    target.mkdir(exist_ok=True)
    files = draw_months(found, target)
    write_again(folder, decimal)
    comparison = found.as_stated
    scenario = comparison.base.result.scenario
    title = f"{scenario.title or scenario.name}: who stays over {over(comparison.base.result)}, and what that brings"
    told = Told(title, [*found.verdict(), _BELOW], list(tables(found)), found.options)
    return of_made(comparison, told, folder, files)


def tables(found: Months) -> Iterator[Table]:
    """How far each option is ahead of the first, who is there month by month, and the desk at all three opinions."""
    if found.ahead is not None:
        rows = found.ahead.to_dict("records")
        yield from (_ahead(found, option, rows) for option in found.options[1:])
    every = found.table[found.table["whose"] == "all"].to_dict("records")
    yield from (_there(found, option, every) for option in found.options)
    yield _at_all_odds(found)


def _by_month(rows: list[dict[Any, Any]], option: str) -> Iterator[tuple[str, list[dict[Any, Any]]]]:
    """Each month of an option with its rows at low, stated and high odds."""
    own = [row for row in rows if row["option"] == option]
    for month in dict.fromkeys(row["month"] for row in own):
        at = {row["odds"]: row for row in own if row["month"] == month}
        yield month, [at[odds] for odds in OPINIONS]


def _ahead(found: Months, option: str, rows: list[dict[Any, Any]]) -> Table:
    lines = [
        [
            month, _signed(stated["customers_end"]), _signed(stated["income"]), _signed(stated["cost"]),
            _signed(stated["ahead"]), _ends(stated, "ahead"), _signed(low["ahead"]), _signed(high["ahead"]),
        ]
        for month, (low, stated, high) in _by_month(rows, option)
    ]  # fmt: skip
    money = found.plays[0].result.scenario.currency
    return Table(
        f"{option} less {found.options[0]}, month by month: means of the same customers{f', {money}' if money else ''}",
        headings("month", ("customers", "at its end, as stated"), ("income", "as stated"), ("cost", "as stated"),
                 ("ahead", "as stated"), ("ahead, 95 % interval", "as stated"), ("ahead", "low odds"),
                 ("ahead", "high odds")),
        lines,
        "Income: margin and prices of plans received in the month. Ahead: income less cost, added up from the begin of "
        "counted time; below 0 the option is behind. Every interval stands alone; all columns with theirs lie in "
        "months_ahead.csv.",
    )  # fmt: skip


def _there(found: Months, option: str, rows: list[dict[Any, Any]]) -> Table:
    lines = [
        [
            month, *(number(stated[name], 0) for name in ("customers_begin", "joined", "left", "customers_end")),
            _ends(stated, "customers_end"), number(low["customers_end"], 0), number(high["customers_end"], 0),
            *(number(row["margin"], 0) for row in (stated, low, high)),
        ]
        for month, (low, stated, high) in _by_month(rows, option)
    ]  # fmt: skip
    money = found.plays[0].result.scenario.currency
    return Table(
        f"{option}, month by month: customers who may leave, and the margin they bring{f', {money}' if money else ''}",
        headings("month", ("customers", "at its begin"), "joined", "left", ("customers", "at its end"),
                 ("95 % interval", "at its end"), ("customers", "low odds"), ("customers", "high odds"),
                 ("margin", "as stated"), ("margin", "low odds"), ("margin", "high odds")),
        lines,
        "Means; as stated where no other odds are named. The first and the last month as far as they are counted. Each "
        "segment, and the interval of every column, lie in months.csv.",
    )  # fmt: skip


def _at_all_odds(found: Months) -> Table:
    """Who has left asks no more, so promises kept and cost rest on the odds, too."""
    names = dict.fromkeys(p.name for play in found.plays for p in play.result.scenario.promises)
    keys = [*((name, "kept_share") for name in names), COST]
    lines = [[play.option, play.odds, *(_kept(play.result, key) for key in keys)] for play in found.plays]
    money = found.plays[0].result.scenario.currency
    return Table(
        "Promises kept and cost of all counted time, by odds of leaving",
        headings("option", "odds", *names, ("cost", money)),
        lines,
        "Means, with half the width of their 95 % interval. Who has left asks no more: where more leave, fewer wait.",
    )


def _kept(result: Result, key: Key) -> str:
    """A share kept, or cost; a dash where it is not known."""
    if key not in result.yardstick.places:
        return DASH
    found = student(values(result, key))
    if key == COST:
        return number(found.mean, 0) + ("" if math.isnan(found.half) else f" ± {number(found.half, 0)}")
    return percent(found.mean) + ("" if math.isnan(found.half) else f" ± {100 * found.half:.1f}")


def _signed(value: float) -> str:
    """`+1 204`, `−37`."""
    return ("+" if round(value) > 0 else "") + number(round(value), 0)


def _ends(row: dict[Any, Any], name: str) -> str:
    low, high = row[f"{name}_ci_low"], row[f"{name}_ci_high"]
    return DASH if row["n"] < 2 else f"{number(low, 0)} to {number(high, 0)}"
