"""Cost in words: what it is made of, and who causes it; rows of nothing are left out."""

from __future__ import annotations

from typing import Any

from supportsim.show.report.table import DASH, Heading, Table, headings, number
from supportsim.study.comparison import Option
from supportsim.study.result import Result
from supportsim.study.words import several

KINDS = {
    "pay": "pay", "overtime_pay": "overtime pay", "seats": "seats", "channel_cost": "channels",
    "penalty": "penalties for breaches", "penalty_lost": "penalties for lost contacts",
    "credit": "credits for missed periods", "cost": "all of it",
}  # fmt: skip
#: Kinds of cost that somebody causes, as in allocation.csv, with what the column is called.
_CAUSED = {
    "agents": "pay of agents", "channel_cost": "channels", "penalty": "breaches", "penalty_lost": "lost contacts",
    "credit": "credits",
}  # fmt: skip
_NOBODY = {
    "filler": "other work (filler)", "unallocated": "nobody: idle, away, leave, seats, months of channels",
    "company": "the company",
}  # fmt: skip
FREE = "Nothing has a price here, so there are no tables of money."


def tables(option: Option) -> list[Table]:
    """Costs and allocation; none where nothing has a price."""
    result = option.result
    if not any(row["mean"] for row in _records(result.costs)):
        return []
    return [costs(result), allocation(result), *year(result)]


def costs(result: Result) -> Table:
    """By kind, and by team, channel or promise."""
    every = _records(result.costs)
    rows = [row for row in every if row["mean"] or row["kind"] == "cost"]
    left = len(every) - len(rows)
    note = f"Left out: {several(left, 'row')} of 0; they stand in costs.csv." if left else ""
    return Table(
        f"What the cost is made of, means of {several(result.n, 'play')}",
        (*headings("kind", "of"), *_money(result)),
        [[KINDS.get(row["kind"], row["kind"]), row["of"] or "everything", *_amount(row, "mean")] for row in rows],
        note, words=(0, 1),
    )  # fmt: skip


def allocation(result: Result) -> Table:
    """By whoever causes it."""
    rows = [row for row in _records(result.allocation) if row["cost"] or row["whose"] in ("segment", "company")]
    kinds = {name: words for name, words in _CAUSED.items() if any(row[name] for row in rows)}
    money = result.scenario.currency
    return Table(
        f"Who causes the cost, means of {several(result.n, 'play')}",
        (
            *headings("whose"), *headings(*((words, money) for words in kinds.values())), *_money(result, "cost"),
            *headings(("contacts", "worked to the end"), ("per contact", money), ("issues", "solved"),
                      ("per solved issue", money)),
        ),
        [
            [
                row["segment"] or _NOBODY[row["whose"]], *(number(row[name], _digits(row[name])) for name in kinds),
                *_amount(row, "cost"), *(_count(row[name]) for name in ("handled", "cost_per_contact", "solved",
                                                                       "cost_per_solved")),
            ]
            for row in rows
        ],
        "The rows above the company add up to it. “Per contact” and “per solved issue” of a segment hold only what it "
        "causes; those of the company hold everything.",
    )  # fmt: skip


_LINES = {
    "posts": "full-time posts",
    "paid_hours": "paid hours",
    "support_price": "income from plans",
    "left": "income from plans less cost (no margin in it)",
}


def year(result: Result) -> list[Table]:
    """The budget of a year, months alike; none where less than a week is counted."""
    rows = [row for row in _records(result.year) if row["year"] != 0 or row["line"] == "cost"]
    if not rows:
        return []
    found = []
    for row in rows:
        low, high = (number(row[f"year_ci_{end}"], _digits(row["year"])) for end in ("low", "high"))
        between = DASH if DASH in (low, high) else low if low == high else f"{low} to {high}"
        what = _LINES.get(row["line"]) or KINDS[row["line"]]
        digits = 1 if row["unit"] == "FTE" else _digits(row["year"])
        found.append([what, row["of"] or "everything", row["unit"],
                      *(number(row[name], digits) for name in ("month", "year")), between])  # fmt: skip
    days = several(len(result.yardstick.grid.dates), "day")
    return [Table(
        f"The budget of a year like these {days}: each of twelve months alike",
        headings("line", "of", "unit", "a month", "a year", ("95 % interval", "of the year's mean")), found,
        f"Everything × 365.25 / the {days} counted: seasons, growth, holidays and hiring are not in it. A post is 40 "
        "paid hours a week, leave included. The interval is chance alone. Rows of 0 are left out.", words=(0, 1, 2),
    )]  # fmt: skip


def _money(result: Result, what: str = "cost") -> tuple[Heading, ...]:
    days = several(len(result.yardstick.grid.dates), "day")
    money = result.scenario.currency
    return headings(
        (f"{what} in {days}", money), ("95 % interval of the mean", money), ("a week", money),
    )  # fmt: skip


def _amount(row: dict[Any, Any], name: str) -> list[str]:
    """Mean, interval and week of a row."""
    low, high = (row[f"{name}_ci_{end}"] for end in ("low", "high"))
    mean, week = row[name], row["per_week" if name == "mean" else "cost_per_week"]
    ends = [number(end, _digits(mean)) for end in (low, high)]
    between = DASH if DASH in ends else ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return [number(mean, _digits(mean)), between, number(week, _digits(week))]


def _digits(value: float) -> int:
    """Pence where they count."""
    return 0 if value == 0 or abs(value) >= 100 else 2


def _count(value: float) -> str:
    return number(value, 0 if value >= 100 else 2)


def _records(table: Any) -> list[dict[Any, Any]]:
    return list(table.to_dict("records"))
