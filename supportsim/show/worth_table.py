"""What segments bring, cost and leave, as a run prints it."""

from __future__ import annotations

from supportsim.measure.experience import OPINIONS
from supportsim.show.tables import Columns, amount
from supportsim.study.costs import is_weekly
from supportsim.study.result import Result

_WHOSE = {"filler": "filler", "unallocated": "nobody", "company": "company"}


def worth_table(result: Result) -> Columns | None:
    """A row for each segment, what nobody caused, and the company; None where nothing is known of what they bring."""
    if result.yardstick.earners is None:
        return None
    per, scale = ("a year", _year(result)) if is_weekly(result) else ("in counted time", 1.0)
    money = f", {result.scenario.currency}".rstrip(", ")
    churns = result.yardstick.churns
    beside = ["left after churn"] * churns
    dropped = ["prices", "issues to break even", *beside]
    heads = ["", "margin", "prices", "cost", "contribution", *beside, "issues to break even"]
    table = Columns(f"What customers bring and leave {per}{money}", heads, dropped)
    for row in result.contribution.to_dict("records"):
        if row["whose"] == "filler" and not row["cost"]:
            continue
        figures = [amount(row[name] * scale) for name in ("margin", "support_price", "cost", "contribution")]
        after = [amount(row["after_churn"] * scale)] * churns
        table.add(row["segment"] or _WHOSE[row["whose"]], *figures, *after, amount(row["break_even_issues"]))
    return table


def churn_line(result: Result) -> str:
    """How many are expected to be lost beside those who leave anyway, in three opinions; empty where nobody says."""
    if not result.yardstick.churns:
        return ""
    row = result.experience.to_dict("records")[-1]
    names = [f"lost_per_year_{each}" if is_weekly(result) else f"customers_lost_{each}" for each in OPINIONS]
    three = ", ".join(f"{each} {amount(row[name])}" for each, name in zip(OPINIONS, names, strict=True))
    per = "a year" if is_weekly(result) else "in counted time"
    return f"Customers expected to be lost by what they experienced, {per}: {three} (by the odds stated, nobody's fact)"


def _year(result: Result) -> float:
    from supportsim.study.contribution import per_year

    return float(per_year(result))
