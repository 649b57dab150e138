"""At which value of an input the better option changes: by hand, and where options are played again for it."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from study.test_flip import Lost, compared
from supportsim.measure.experience import BY_KIND
from supportsim.scenario.model import Experience, Felt, Plan, PlanShare, PlanStep, Scenario
from supportsim.scenario.ticks import DAY
from supportsim.show.flip_figure import draw_flips
from supportsim.show.style import without_pixels
from supportsim.study.compare import compare
from supportsim.study.comparison import Comparison
from supportsim.study.flip_inputs import Flip
from supportsim.study.flip_plays import with_plays
from supportsim.study.flip_words import sentence
from supportsim.study.result import Result
from supportsim.study.run import run

#: What ten customers are worth who leave by p rather than by 20 %.
WORTH = 10 * 108 / -np.log(0.8)


def gain(odds: float) -> float:
    return float(WORTH * (0.25 * odds / (1 + 0.25 * odds) - 0.2))


def of(comparison: Comparison, what: str, whose: str, option: str = "") -> Flip:
    found = [f for f in comparison.flips if (f.input, f.of) == (what, whose) and (not option or f.option == option)]
    assert len(found) == 1
    return found[0]


def test_what_is_proportional_to_an_input_flips_where_the_amounts_are_equal() -> None:
    """The option pays 168 more (20.5 against 20 an hour) and keeps gain(1.5) = 352.0 of margins."""
    comparison = compared()
    margin, wage = of(comparison, "margin", "customers"), of(comparison, "wage", "desk")
    assert [t.change.mean for t in margin.tried] == pytest.approx([f * gain(1.5) - 168 for f in (0.5, 1, 2)], abs=1e-3)
    assert margin.between == []  # 0.5 x 352.0 is still more than 168
    assert [t.change.mean for t in wage.tried] == pytest.approx([gain(1.5) - f * 168 for f in (0.8, 1, 1.2)], abs=1e-3)
    dear = compared(wage=20.75)  # 252 more: half of the margin kept is too little
    margin = of(dear, "margin", "customers")
    assert margin.between == [(0.5, 1.0)]
    assert margin.exact is not None
    assert margin.exact == pytest.approx((*(252 / gain(1.5),) * 3, 3), abs=1e-5)  # there is no chance in it
    assert "margin of customers at × 0.716" in sentence(dear, dear.others[0])


def two_kinds(low: float = 1.1) -> Comparison:
    """As in `compared`, beside a kind that never happens."""
    felt = (Felt("solved", 1.2, 1.2, 1.2, DAY), Felt("gave_up", low, 1.5, 2.0, 30 * DAY))
    options = {
        option.name: replace(option.result.scenario, experience=Experience(felt)) for option in compared().options
    }
    return compare(options, play=lambda name, s: run(s, 3, 1, jobs=1, make=Lost), resize=False)


def test_each_kind_of_experience_by_itself_from_low_to_high_the_others_as_stated() -> None:
    comparison = two_kinds()
    flip = of(comparison, "odds", "gave_up")
    expected = sorted({1.5, *np.geomspace(1.1, 2.0, BY_KIND).tolist()})
    assert [t.at for t in flip.tried] == pytest.approx(expected)
    assert [t.change.mean for t in flip.tried] == pytest.approx([gain(odds) - 168 for odds in expected], abs=1e-3)
    assert flip.between == [pytest.approx((np.geomspace(1.1, 2.0, 5)[0], np.geomspace(1.1, 2.0, 5)[1]))]
    never = of(comparison, "odds", "solved")
    assert not never.moves
    assert [t.at for t in never.tried] == pytest.approx([1.0, 1.2**0.5, 1.2, 1.2**1.5, 1.44])  # no range is stated
    assert not of(two_kinds(low=1.4), "odds", "gave_up").flips


def test_the_table_and_the_figure_hold_them(tmp_path: Path) -> None:
    comparison = compared(wage=20.75)
    folder = comparison.write(tmp_path / "out")
    with without_pixels():
        draw_flips(comparison, folder)
    with (folder / "flip_inputs.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["input"], row["of"]): row for row in csv.DictReader(file)}
    assert set(rows) == {("odds", ""), ("odds_factor", ""), ("margin", "customers"), ("wage", "desk")}
    margin = rows["margin", "customers"]
    assert [margin[name] for name in ("flips", "flips_from", "flips_to", "played", "n")] == ["1", "0.5", "1", "0", "3"]
    assert rows["wage", "desk"]["flips"] == "0"
    svg = (folder / "flips.svg").read_text(encoding="utf-8")
    assert "flips at × 0.716" in svg
    assert "The choice between base and other flips with" in svg


class Asked(Lost):
    """Of the issues that are given up those that the first plan asks for."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        super().__init__(scenario, seed)
        self.number = round(int(scenario.title) * scenario.plans[0].asks)


def play(name: str, scenario: Scenario) -> Result:
    return run(scenario, 3, 1, jobs=1, make=Asked)


def with_plans(scenario: Scenario, asks: float = 1.0, paid: float = 0.4) -> Scenario:
    plans = (Plan("basic", (PlanStep("phone", 1.0),), asks=asks), Plan("paid", (PlanStep("phone", 1.0),)))
    people = replace(scenario.segments[0], plans=(PlanShare("basic", 1 - paid), PlanShare("paid", paid)))
    return replace(scenario, plans=plans, segments=(people,))


def test_what_a_plan_asks_for_is_played_again_and_narrowed_down() -> None:
    """Each who stays is worth 35.2, the option costs 252: eight have to stay."""
    scenarios = {option.name: with_plans(option.result.scenario) for option in compared(wage=20.75).options}
    played: list[str] = []

    def count(name: str, scenario: Scenario) -> Result:
        played.append(name)
        return play(name, scenario)

    comparison = with_plays(compare(scenarios, play=play, resize=False), count)
    asks = of(comparison, "asks", "basic")
    assert asks.played
    means = {t.at: t.change.mean for t in asks.tried}
    fewer = {0.5: 15 - 10, 0.75: 22 - 15, 0.8125: 24 - 16, 0.875: 26 - 18, 1.0: 30 - 20}
    assert means == pytest.approx({at: n / 10 * gain(1.5) - 252 for at, n in fewer.items()}, abs=1e-3)
    assert asks.between == [(0.75, 0.8125)]
    share = of(comparison, "share", "customers paid")
    assert [t.at for t in share.tried] == [0.5, 1.0, 2.0]
    assert not share.moves
    assert len(played) == len(set(played)) == 2 * (4 + 1 + 2)  # asks of both plans, shares of one; base and option
    assert "what plan basic asks for between × 0.75 and × 0.812" in sentence(comparison, comparison.others[0])


def test_an_option_that_changes_an_input_keeps_its_change() -> None:
    """Base asks 50 % of 30, the option 80 % of 20: 15 - 16 lost as stated, half of both at x 0.5, all at x 2."""
    base, other = (option.result.scenario for option in compared(wage=20.0).options)
    scenarios = {"base": with_plans(base, 0.5, 0.4), "other": with_plans(other, 0.8, 0.6)}
    played: dict[str, Scenario] = {}

    def keep(name: str, scenario: Scenario) -> Result:
        played[name] = scenario
        return play(name, scenario)

    comparison = with_plays(compare(scenarios, play=play, resize=False), keep)
    asks = of(comparison, "asks", "basic")
    assert (asks.unit, asks.stated) == ("times as stated", 1.0)
    fewer = {0.5: round(7.5) - 8, 1.0: 15 - 16, 1.5: round(22.5) - 20, 2.0: 30 - 20}
    means = {t.at: t.change.mean for t in asks.tried if t.at in fewer}
    assert means == pytest.approx({at: n / 10 * gain(1.5) for at, n in fewer.items()}, abs=1e-3)
    assert [round(t.at, 6) for t in of(comparison, "share", "customers paid").tried] == [0.5, 1.0, 2.0]
    paid = {name: played[f"{name} with share of customers paid {at} %"].segments[0].plans[1].share
            for name, at in (("base", 20), ("other", 30))}  # fmt: skip
    assert paid == pytest.approx({"base": 0.2, "other": 0.3})


@pytest.mark.parametrize(
    ("margin", "plans", "why"),
    [
        (False, True, "contribution is not known, since what these bring is not: customers in other"),
        (True, False, "nobody's plan asks for anything, and no segment is on several plans"),
    ],
)
def test_where_nothing_can_be_tried_it_says_why(margin: bool, plans: bool, why: str) -> None:
    scenarios = {}
    for option in compared().options:
        scenario = with_plans(option.result.scenario) if plans else option.result.scenario
        people = scenario.segments[0] if margin or option.name == "base" else replace(scenario.segments[0], margin=None)
        scenarios[option.name] = replace(scenario, experience=None, segments=(replace(people, churn=None),))
    lost = compare(scenarios, play=lambda name, s: run(s, 3, 1, jobs=1, make=Lost), resize=False)
    comparison = with_plays(lost, play)
    assert comparison.tried == ()
    said = f"other was not played again with other values of inputs: {why}."
    assert said in comparison.verdict()
