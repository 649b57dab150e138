"""What customers bring and leave, in words: contribution by segment, and the bridge to it from cash."""

from __future__ import annotations

from typing import Any

from supportsim.measure.experience import OPINIONS
from supportsim.show.report.money import KINDS
from supportsim.show.report.table import Heading, Table, headings, number
from supportsim.study.comparison import Option
from supportsim.study.result import Result
from supportsim.study.words import several

_WHOSE = {"filler": "other work (filler)", "unallocated": "nobody caused it", "company": "the company"}
_LINES = {
    "margin": "margin of", "support_price": "prices of plans of", "cash": "cash: all of the above",
    "segment": "contribution of", "filler": "other work (filler)", "unallocated": "what nobody caused",
    "contribution": "contribution: the same amount", "churn_cost": "beside it, expected churn, odds",
}  # fmt: skip


def tables(option: Option) -> list[Table]:
    """Contribution and bridge; none where nothing is known of what customers bring."""
    result = option.result
    if result.yardstick.earners is None or not result.n:
        return []
    return [contribution(result), cash(result), *([churn(result)] if result.yardstick.churns else [])]


def contribution(result: Result) -> Table:
    """By segment, filler, what nobody caused, and in all."""
    rows = [row for row in result.contribution.to_dict("records") if row["whose"] != "filler" or row["cost"]]
    money = result.scenario.currency
    return Table(
        f"What customers bring, cost and leave, means of {several(result.n, 'play')}",
        (
            Heading("whose"), Heading("customers"),
            *headings(*((name, money) for name in ("margin", "prices of plans", "cost", "contribution"))),
            *headings(("a year", money), ("cost to serve", f"{money} a customer and year".strip()),
                      ("issues", "a customer and year"), ("break-even", "issues a customer and year"),
                      ("one contact costs", "months of margin")),
        ),
        [[row["segment"] or _WHOSE[row["whose"]], *_figures(row)] for row in rows],
        "Contribution = margin + prices of plans − cost, before whatever else the company pays: no profit. The rows "
        "above the company add up to it. A dash: not stated, or less than a week is counted; nothing is guessed.",
    )  # fmt: skip


def _figures(row: dict[Any, Any]) -> list[str]:
    names = ("margin", "support_price", "cost", "contribution", "contribution_per_year")
    beside = ("cost_per_customer_year", "issues_per_customer_year", "break_even_issues", "months_of_margin")
    return [number(row["customers"]), *(amount(row[name]) for name in names), *(number(row[name]) for name in beside)]


def churn(result: Result) -> Table:
    """Who is expected to be lost, what that costs and what is left, in three opinions."""
    left = {row["segment"]: row for row in result.contribution.to_dict("records") if row["whose"] != "filler"}
    rows, money = result.experience.to_dict("records"), result.scenario.currency
    names = [("a year", "lost_per_year_{}"), (f"cost {money}".rstrip(), "churn_cost_{}")]
    heads = [Heading(f"{word}, {opinion}") for word, _ in names for opinion in OPINIONS]
    heads += [Heading(f"left {money}, {opinion}".replace(" ,", ",")) for opinion in OPINIONS]
    company = result.contribution.to_dict("records")[-1]
    cells = []
    for row in rows:
        own = left[row["segment"]] if row["segment"] else company
        figures = [amount(row[name.format(opinion)]) for _, name in names for opinion in OPINIONS]
        figures += [amount(own[name]) for name in ("after_churn_low", "after_churn", "after_churn_high")]
        cells.append([row["segment"] or _WHOSE["company"], number(row["leaving_per_year"]), *figures])
    return Table(
        f"Who is expected to leave of what happened, means of {several(result.n, 'play')}",
        (Heading("whose"), Heading("leave anyway", "customers a year"), *heads), cells,
        "Nobody leaves in the play: this is what the stated odds of leaving make of it, at low, stated and high. It is "
        "no cash, and rests on opinions; cost and what is left are those of counted time.",
    )  # fmt: skip


def amount(value: float) -> str:
    """Whole units of the currency, pence where they count."""
    return number(value, 0 if abs(value) >= 100 else 2)


def cash(result: Result) -> Table:
    """From cash to contribution; rows of nothing are left out."""
    rows = [row for row in result.cash.to_dict("records") if row["mean"] or row["line"] in ("cash", "contribution")]
    money = result.scenario.currency
    return Table(
        f"From cash to contribution, means of {several(result.n, 'play')}",
        (*headings("line"), *headings(("in counted time", money), ("a year", money))),
        [[_line(row), amount(row["mean"]), amount(row["per_year"])] for row in rows],
        "Cash is what is earned and paid. Below it the same amount is divided among those who caused the cost. The two "
        "are one amount seen twice, never added; hours that less work sets free are in neither until they are rostered "
        "away.",
    )  # fmt: skip


def _line(row: dict[Any, Any]) -> str:
    words = KINDS.get(row["line"]) if row["view"] == "cash" else None
    return f"{words or _LINES[row['line']]} {row['of']}".strip()
