"""What customers bring less what they cost: by hand, to the cent, and adding up in the files as they are read."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from measure.prices import with_prices

from study.players import Player, desk
from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario.model import Experience, Felt, Law, Plan, PlanShare, PlanStep, Scenario, Segment
from supportsim.scenario.ticks import DAY, HOUR, MINUTE
from supportsim.study.contribution import per_year
from supportsim.study.result import Result, write
from supportsim.study.run import run

NOBODY = Segment("others", 20, margin=Law("constant", (1.0,)))


def result(days: int = 21, n: int = 3, *more: Segment) -> Result:
    """Segments with laws of margins, one of them over plans with prices."""
    base = with_prices(desk())
    plans = (Plan("basic", (PlanStep("phone", 1.0),)), Plan("paid", (PlanStep("phone", 1.0),), price=6.123457))
    first = Segment(
        "customers", 333, 41.0, (PlanShare("basic", 0.6), PlanShare("paid", 0.4)), Law("lognormal", (9.1, 1.5))
    )
    times = replace(base.times, length_days=days)
    return run(replace(base, times=times, plans=plans, segments=(first, NOBODY, *more)), n, jobs=1, make=Player)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(result(), tmp_path_factory.mktemp("money") / "out")


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def added(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


def test_rows_add_up_to_the_company_and_columns_to_what_is_left(folder: Path) -> None:
    *rows, company = read(folder, "contribution")
    assert [row["whose"] for row in rows] == ["segment", "segment", "filler", "unallocated"]
    for column in ("margin", "support_price", "cost", "contribution", "contribution_per_year"):
        assert added(rows, column) == Decimal(company[column])
    for row in (*rows, company):
        left = Decimal(row["margin"]) + Decimal(row["support_price"]) - Decimal(row["cost"])
        assert left == Decimal(row["contribution"])
    assert float(company["customers"]) == pytest.approx(float(added(rows[:2], "customers")))
    assert float(rows[0]["customers"]) == pytest.approx(333 + 41 * 21 / 30.4375 / 2, abs=1)


def test_measures_say_what_the_rows_say(folder: Path) -> None:
    """By segment and in all, prices of plans included."""
    rows = {
        row["segment"] or "all": row
        for row in read(folder, "contribution")
        if row["segment"] or row["whose"] == "company"
    }
    told = [row for row in read(folder, "summary") if row["measure"] in ("margin", "support_price", "contribution")]
    assert {row["selector"] for row in told} == rows.keys()
    for row in told:
        assert float(row["mean"]) == pytest.approx(float(rows[row["selector"]][row["measure"]]), rel=1e-8), row
    assert float(rows["all"]["support_price"]) > 0


def test_the_cost_is_that_of_the_allocation(folder: Path) -> None:
    ours, theirs = read(folder, "contribution"), read(folder, "allocation")
    assert [row["cost"] for row in ours] == [row["cost"] for row in theirs]


def test_the_bridge_ends_twice_at_the_same_amount(folder: Path) -> None:
    rows = read(folder, "cash")
    by_view = {view: [row for row in rows if row["view"] == view] for view in ("cash", "allocated")}
    company = read(folder, "contribution")[-1]
    for view, last in (("cash", "cash"), ("allocated", "contribution")):
        *lines, total = by_view[view]
        assert total["line"] == last
        for column, whole in (("mean", "contribution"), ("per_year", "contribution_per_year")):
            assert added(lines, column) == Decimal(total[column]) == Decimal(company[whole])
    costs = {row["kind"]: row for row in read(folder, "costs") if row["kind"] != "pay"}
    assert -Decimal(next(row["mean"] for row in rows if row["line"] == "seats")) == Decimal(costs["seats"]["mean"])


class ByHand:
    """Two contacts of ten minutes a day; the desk costs 20 an hour, two agents, always there."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        from measure.journals import Pen

        days = len(self.yardstick.grid.dates)
        pen = Pen(days * DAY)
        for day in range(days):
            for hour in (9, 10):
                pen.served(day * DAY + hour * HOUR, 0, 10 * MINUTE, customer=hour)
        for agent in (0, 1):
            pen.presence.append((agent, 1, 0, 0, days * DAY))
        return measured(pen.journal(replication), self.yardstick)


def by_hand(days: int = 14, **changes: object) -> dict[str, dict[str, float]]:
    from measure.journals import scenario as small

    base = small(days)
    own = Segment("customers", 100, margin=Law("constant", (9.0,)))
    found = run(replace(base, segments=(replace(own, **changes),)), 1, jobs=1, make=ByHand)
    return {row["segment"] or row["whose"]: row for row in found.contribution.to_dict("records")}


def test_a_fortnight_by_hand() -> None:
    # 100 customers x 14 days of 30.4375 a month: 45.995893 customer-months, 3.832991 customer-years
    rows = by_hand()
    own, company = rows["customers"], rows["company"]
    assert own["customers"] == 100
    assert own["margin"] == 413.963039  # 9 x 45.99589322
    assert own["cost"] == 93.333333  # 28 contacts of ten minutes at 20 an hour
    assert own["contribution"] == pytest.approx(413.963039 - 93.333333, abs=2e-6)
    assert own["contribution_per_year"] == pytest.approx((413.963039 - 93.333333) * 365.25 / 14, abs=1e-3)
    assert own["cost_per_customer_year"] == pytest.approx(93.333333 / 3.83299110, rel=1e-6)
    assert own["issues_per_customer_year"] == pytest.approx(28 / 3.83299110, rel=1e-6)
    assert own["break_even_issues"] == pytest.approx(108 / (20 / 6), rel=1e-6)  # 108 a year, 3.33 an issue
    assert own["months_of_margin"] == pytest.approx(20 / 6 / 9, rel=1e-6)
    assert company["cost"] == 2 * 14 * 24 * 20
    assert company["contribution"] == pytest.approx(413.963039 - 13440, abs=1e-9)
    assert rows["unallocated"]["contribution"] == pytest.approx(-(13440 - 93.333333), abs=1e-6)
    assert math.isnan(rows["unallocated"]["cost_per_customer_year"])


def test_churn_stands_below_in_three_opinions_and_adds_up() -> None:
    felt = Experience((Felt("solved", 1.05, 1.2, 1.7, 30 * DAY),))
    base = with_prices(desk())
    people = (replace(NOBODY, name="customers", churn=0.2), replace(NOBODY, churn=0.1))
    times = replace(base.times, length_days=14)
    found = run(replace(base, times=times, segments=people, experience=felt), 1, jobs=1, make=ByHand)
    *rows, company = found.contribution.to_dict("records")
    # two customers with 14 closings each, all still lasting: odds x r ** 14
    worth = 12 / -math.log(0.8)
    for ratio, name in ((1.05, "_low"), (1.2, ""), (1.7, "_high")):
        odds = 0.25 * ratio**14
        lost = min(odds / (1 + odds), 0.95) - 0.2
        assert rows[0][f"churn_cost{name}"] == pytest.approx(2 * lost * worth, abs=1e-6)
        assert company[f"churn_cost{name}"] == rows[0][f"churn_cost{name}"]
        for row in (*rows, company):
            left = row["contribution"] - row[f"churn_cost{name}"]
            assert row[f"after_churn{name}"] == pytest.approx(left, abs=1e-9)
        told = {row["of"]: row for row in found.cash.to_dict("records") if row["view"] == "expected"}
        assert told[name.strip("_") or "stated"]["mean"] == -company[f"churn_cost{name}"]
    own, _, whole = found.experience.to_dict("records")
    assert (own["closings"], own["still_open"], own["solved"], own["leaving_per_year"]) == (28, 0, 1.4, 4)
    assert own["customers_lost_low"] * 365.25 / 14 == pytest.approx(own["lost_per_year_low"])
    assert whole["churn_cost_high"] == own["churn_cost_high"]


def test_less_than_a_week_is_no_year() -> None:
    own = by_hand(days=2)["customers"]
    assert own["margin"] == 59.137577  # 9 x 200 / 30.4375
    for name in ("contribution_per_year", "cost_per_customer_year", "issues_per_customer_year", "break_even_issues"):
        assert math.isnan(own[name]), name
    assert own["months_of_margin"] == pytest.approx(20 / 6 / 9, rel=1e-6)


def test_nothing_is_guessed_where_a_margin_is_not_stated() -> None:
    rows = by_hand(margin=None)
    for whose in ("customers", "company"):
        for name in ("margin", "contribution", "contribution_per_year", "break_even_issues", "months_of_margin"):
            assert math.isnan(rows[whose][name]), (whose, name)
        assert rows[whose]["support_price"] == 0
    assert rows["unallocated"]["contribution"] < 0
    assert rows["customers"]["cost_per_customer_year"] == pytest.approx(93.333333 / 3.83299110, rel=1e-6)
    anonymous = by_hand(customers=None)
    assert math.isnan(anonymous["customers"]["customers"])
    assert math.isnan(anonymous["company"]["contribution"])


def test_a_year_has_365_and_a_quarter_days() -> None:
    assert float(per_year(result(days=7, n=1))) == pytest.approx(365.25 / 7)


def test_no_cost_of_a_year_may_be_below_0_but_what_is_left_may() -> None:
    """Overtime pay of 0, 0 and 3000 in 21 days: 1000 +- 4303 is 0 to 5303, as in costs.csv."""
    found = result()
    lines = [name for name, _ in found.yardstick.ledger.lines]
    found.lines[:] = 0
    found.lines[2, lines.index("overtime_pay")] = 3_000_000_000
    rows = {(row["line"], row["of"]): row for row in found.year.to_dict("records")}
    high = (1000 + 4302.653) * 365.25 / 21
    overtime = [row for (line, _), row in rows.items() if line == "overtime_pay" and row["year"]]
    assert [(row["year_ci_low"], row["year_ci_high"]) for row in overtime] == [(0, pytest.approx(high))]
    assert rows["cost", ""]["year_ci_low"] == 0
    assert rows["left", ""]["year_ci_low"] < rows["left", ""]["year"] < 0


def test_a_year_is_counted_time_by_one_rule_and_its_lines_add_up(folder: Path) -> None:
    rows = {(row["line"], row["of"]): row for row in read(folder, "year")}
    kinds = ("pay", "overtime_pay", "seats", "channel_cost", "penalty", "penalty_lost", "credit")
    total = sum(Decimal(row["year"]) for (line, _), row in rows.items() if line in kinds)
    assert total == Decimal(rows["cost", ""]["year"]) > 0
    assert Decimal(rows["support_price", ""]["year"]) - total == Decimal(rows["left", ""]["year"])
    cash = [row for row in read(folder, "cash") if row["view"] == "cash"]
    assert -total == sum(Decimal(row["per_year"]) for row in cash if row["line"] in kinds)  # one total on two pages
    (counted,) = (row["mean"] for row in read(folder, "costs") if row["kind"] == "cost")
    assert float(total) == pytest.approx(float(counted) * 365.25 / 21, abs=1e-6)  # rounded once
    assert float(rows["cost", ""]["month"]) == pytest.approx(float(total) / 12, abs=1e-6)
    hours, posts = (float(rows[line, "desk"]["year"]) for line in ("paid_hours", "posts"))
    assert posts == pytest.approx(hours / (365.25 / 7) / 40)
    assert posts * 40 == pytest.approx(2 * 48 / 3 / 0.89)  # two people, two days of three weeks, 11 % leave


def test_a_day_is_not_multiplied_to_a_year_and_what_is_not_known_stays_empty() -> None:
    assert result(days=6).year.empty
    anonymous = result(21, 3, Segment("passers_by", None, 0.0, (PlanShare("paid", 1.0),))).year.set_index(
        ["line", "of"]
    )["year"]
    assert math.isnan(anonymous["support_price", "passers_by"])
    assert math.isnan(anonymous["left", ""])
    assert anonymous["cost", ""] > 0
