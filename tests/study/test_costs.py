"""The tables of money: lines add up to their totals in the files as they are read."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure.prices import with_prices

from study.players import Player, desk
from supportsim.measure.money import KINDS, PARTS
from supportsim.scenario.model import Segment
from supportsim.scenario.ticks import DAY
from supportsim.study.costs import is_weekly, made_whole
from supportsim.study.estimate import student
from supportsim.study.result import Result, write
from supportsim.study.run import run


def result(days: int = 2, n: int = 3) -> Result:
    base = with_prices(desk())
    times = replace(base.times, length_days=days)
    return run(replace(base, times=times, segments=(*base.segments, Segment("others", None))), n, jobs=1, make=Player)


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def added(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(result(days=21), tmp_path_factory.mktemp("money") / "out")


def test_lines_of_costs_add_up_to_the_total(folder: Path) -> None:
    *lines, total = read(folder, "costs")
    assert (total["kind"], total["of"]) == ("cost", "")
    assert list(dict.fromkeys(row["kind"] for row in lines)) == list(KINDS)
    for column in ("mean", "per_week"):
        assert added(lines, column) == Decimal(total[column]) > 0
    assert {row["currency"] for row in lines} == {"EUR"}


def test_whose_cost_it_is_adds_up_both_ways_and_to_the_same_total(folder: Path) -> None:
    *rows, company = read(folder, "allocation")
    assert [row["whose"] for row in (*rows, company)] == ["segment", "segment", "filler", "unallocated", "company"]
    for column in (*PARTS, "cost", "cost_per_week"):
        assert added(rows, column) == Decimal(company[column])
    for row in (*rows, company):
        assert sum(Decimal(row[part]) for part in PARTS) == Decimal(row["cost"])
    total = read(folder, "costs")[-1]
    names = [("cost", "mean"), ("cost_per_week", "per_week"), ("cost_ci_low", "mean_ci_low")]
    assert [company[own] for own, _ in names] == [total[other] for _, other in names]


def test_what_replications_say_adds_up_to_the_cost_of_each(folder: Path) -> None:
    rows = read(folder, "replications")
    for number in ("1", "2", "3"):
        mine = [row for row in rows if row["replication"] == number and row["value"]]
        value = {(row["selector"], row["measure"]): Decimal(row["value"]) for row in mine}
        due = [("all", kind) for kind in KINDS[:4]]
        due += [key for key in value if key[1] in KINDS[4:] and key[0] in ("p", "tickets")]
        assert sum(value[key] for key in due) == value["all", "cost"]
        whose = sum(value["all", f"{who}_cost"] for who in ("allocated", "filler", "unallocated"))
        assert whose == value["all", "cost"]
        each = next(row for row in mine if (row["selector"], row["measure"]) == ("all", "cost_per_contact"))
        assert Decimal(each["numerator"]) == value["all", "cost"]


def test_means_and_intervals_are_those_of_the_replications() -> None:
    found = result()
    pay = found.costs.set_index(["kind", "of"]).loc[("cost", "")]
    totals = student(found.lines.sum(axis=1) / 1e6)
    assert pay["mean"] == pytest.approx(totals.mean, abs=1e-6)
    assert pay["mean_ci_high"] == pytest.approx(totals.high, abs=1e-6)
    summary = found.summary.set_index(["selector", "measure"])["mean"]
    per = found.allocation.set_index("whose").loc["company"]
    assert per["cost_per_contact"] == pytest.approx(summary["all", "cost_per_contact"])
    assert per["cost_per_solved"] == pytest.approx(summary["all", "cost_per_solved"])


def test_less_than_a_week_has_no_figure_a_week() -> None:
    short, long = result(days=6), result(days=7)
    assert (is_weekly(short), is_weekly(long)) == (False, True)
    assert short.costs.per_week.isna().all()
    assert short.allocation.cost_per_week.isna().all()
    assert long.costs.per_week.tolist() == long.costs["mean"].tolist()
    grid = result(days=21).yardstick.grid
    assert grid.counted_to - grid.counted_from == 21 * DAY


def test_nothing_finished_is_an_empty_table_with_its_columns() -> None:
    none = replace(result(), finished=())
    assert (len(none.costs), len(none.allocation)) == (0, 0)
    assert list(none.costs)[:2] == ["kind", "of"]


@given(st.lists(st.lists(st.integers(0, 10**9), min_size=3, max_size=3), min_size=1, max_size=8), st.integers(1, 9))
def test_means_made_whole_add_up_to_the_rounded_whole(rows: list[list[int]], weeks: int) -> None:
    scale = Fraction(1, weeks)
    found = made_whole(rows, scale)
    exact = [Fraction(sum(row), 3) * scale for row in rows]
    assert sum(found) == round(sum(exact))
    assert all(abs(got - mean) < 1 for got, mean in zip(found, exact, strict=True))
