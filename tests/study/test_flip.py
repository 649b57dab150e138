"""Which option is better after churn, and where that flips: by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from measure.journals import Pen
from measure.journals import scenario as small

from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario.model import Experience, Felt, Law, Scenario, Segment
from supportsim.scenario.ticks import DAY, HOUR
from supportsim.study.compare import compare
from supportsim.study.comparison import Comparison
from supportsim.study.flip import at_all_odds, between, flips
from supportsim.study.run import run

PEOPLE = Segment("customers", 1000, margin=Law("constant", (9.0,)), churn=0.2)


class Lost:
    """So many issues are given up, each of another customer, as the title says."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick, self.number = Yardstick(scenario), int(scenario.title)

    def __call__(self, replication: int) -> Measured:
        pen = Pen(7 * DAY)
        for agent in (0, 1):
            pen.span(agent, "available", 0, 7 * DAY)
        for customer in range(self.number + replication):
            row = pen.issue(HOUR, "gave_up", customer)
            pen.issues[row] = (*pen.issues[row][:9], 2 * HOUR)
        return measured(pen.journal(replication), self.yardstick)


def compared(wage: float = 20.5, high: float = 2.0) -> Comparison:
    """The option pays 0.5 more an hour (168 a week for two) and loses ten fewer."""
    felt = Experience((Felt("gave_up", 1.1, 1.5, high, 30 * DAY),))
    base = replace(small(7), name="base", title="30", segments=(PEOPLE,), experience=felt)
    teams = tuple(replace(team, wage_per_hour=wage) for team in base.teams)
    other = replace(base, name="other", title="20", teams=teams)
    options = {"base": base, "other": other}
    return compare(options, play=lambda name, s: run(s, 3, 1, jobs=1, make=Lost), resize=False)


def test_ten_fewer_lost_are_worth_what_they_are_and_the_choice_flips_between_two_factors() -> None:
    comparison = compared()
    found = at_all_odds(comparison, comparison.others[0])
    worth = 108 / -np.log(0.8)

    def gain(odds: float) -> float:
        return float(10 * worth * (0.25 * odds / (1 + 0.25 * odds) - 0.2)) - 168

    assert [at.odds for at in found[:3]] == ["low", "stated", "high"]
    assert [at.change.mean for at in found[:3]] == pytest.approx([gain(1.1), gain(1.5), gain(2.0)], abs=1e-4)
    factors = {at.factor: at.change.mean for at in found if at.odds == "factor"}
    assert list(factors) == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4]
    assert factors == pytest.approx({f: gain(1.5**f) for f in factors}, abs=1e-4)
    assert between(found) == [(0.5, 0.75)]
    last = " ".join(comparison.verdict())
    assert "a week, by odds of leaving: low −92.1; " in last or "low −92.1 EUR" in last
    assert "which of the two is better changes; it flips between 0.5 and 0.75 times the stated ln odds" in last


def test_where_nothing_flips_that_is_said() -> None:
    text = " ".join(compared(wage=20.0).verdict())
    assert "other is the better one in all three; no factor from 0 to 4" in text


def test_the_folder_holds_them_only_where_experience_is_stated(tmp_path: Path) -> None:
    comparison = compared()
    folder = comparison.write(tmp_path / "out")
    assert (folder / "flips.csv").read_text(encoding="utf-8").startswith("option,odds,factor,unit,difference,")
    assert len(flips(comparison)) == 13
    table = comparison.table.set_index(["option", "measure"])
    assert table.loc[("other", "contribution_after_churn"), "difference"] == pytest.approx(
        at_all_odds(comparison, comparison.others[0])[1].change.mean
    )
