"""From base to option, line by line: by hand, and adding up to the totals of cash.csv and contribution.csv."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from study.test_flip import Lost, compared
from supportsim.measure.prices import MICRO
from supportsim.scenario.model import Segment
from supportsim.show.style import without_pixels
from supportsim.show.waterfall_figure import draw_contribution
from supportsim.study.compare import compare
from supportsim.study.comparison import Comparison, Option
from supportsim.study.contribution import contribution
from supportsim.study.run import run
from supportsim.study.waterfall import CASH, KEPT, LEFT, LINES, waterfall

WORTH = 108 / -np.log(0.8)


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def kept(odds: float) -> float:
    """Ten fewer customers who each bear one issue with these odds."""
    return float(10 * WORTH * (0.25 * odds / (1 + 0.25 * odds) - 0.2))


def test_half_a_unit_more_an_hour_buys_ten_customers_who_stay() -> None:
    comparison = compared()
    steps = {step.line: step for step in waterfall(comparison, comparison.others[0])}
    assert steps["pay"].change.mean == -168 == steps[CASH].change.mean  # two agents x 168 h x 0.5
    assert {line for line, step in steps.items() if step.change.mean} == {"pay", CASH, KEPT, LEFT}
    assert steps[KEPT].change.mean == pytest.approx(kept(1.5), abs=1e-4)
    assert steps[KEPT].odds == pytest.approx((kept(1.1), kept(2.0)), abs=1e-4)
    assert steps[LEFT].change.mean == pytest.approx(kept(1.5) - 168, abs=1e-4)
    assert steps[LEFT].odds == pytest.approx((kept(1.1) - 168, kept(2.0) - 168), abs=1e-4)


def test_the_bars_add_up_to_the_totals_told_elsewhere_to_the_last_digit(tmp_path: Path) -> None:
    comparison = compared()
    folder = comparison.write(tmp_path / "out")
    with without_pixels():
        draw_contribution(comparison, folder)
    rows = {row["line"]: row for row in read(folder / "contribution.csv")}
    for column in ("base", "option_mean", "difference"):
        bars = {line: Decimal(row[column]) for line, row in rows.items()}
        assert sum(bars[line] for line in LINES) == bars[CASH]
        assert bars[CASH] + bars[KEPT] == bars[LEFT]
    for column, place in (("base", "0-base"), ("option_mean", "1-other")):
        cash = read(folder / place / "cash.csv")
        assert Decimal(rows[CASH][column]) == Decimal(next(r["mean"] for r in cash if r["line"] == "cash"))
        for line, parts in LINES.items():
            told = sum(Decimal(r["mean"]) for r in cash if r["view"] == "cash" and r["line"] in parts)
            assert Decimal(rows[line][column]) == told
        company = read(folder / place / "contribution.csv")[-1]
        assert Decimal(rows[CASH][column]) == Decimal(company["contribution"])
        assert Decimal(rows[LEFT][column]) == Decimal(company["after_churn"])


def test_what_only_one_of_them_finished_is_left_out() -> None:
    base, other = (option.result.scenario for option in compared().options)
    three, two, again = (run(scenario, n, 1, jobs=1, make=Lost) for scenario, n in ((base, 3), (base, 2), (other, 2)))
    option = Option("other", again)
    found, fair = (waterfall(Comparison((Option("base", each), option), ()), option) for each in (three, two))
    assert found == fair
    assert {step.change.n for step in found} == {2}


def test_without_odds_there_is_cash_and_without_a_margin_nothing(tmp_path: Path) -> None:
    whole = compared()
    plain = [replace(option.result.scenario, experience=None) for option in whole.options]
    found = compare(plain, play=lambda name, s: run(s, 2, 1, jobs=1, make=Lost), resize=False)
    steps = waterfall(found, found.others[0])
    assert [step.line for step in steps] == [*LINES, CASH]
    company = [contribution(option.result).iloc[-1]["contribution"] for option in found.options]
    assert round((steps[-1].option - steps[-1].base) * MICRO) == round((company[1] - company[0]) * MICRO)
    unknown = [replace(each, segments=(Segment("customers", 1000),)) for each in plain]
    nothing = compare(unknown, play=lambda name, s: run(s, 2, 1, jobs=1, make=Lost), resize=False)
    assert waterfall(nothing, nothing.others[0]) == []
    assert draw_contribution(nothing, tmp_path) == []
