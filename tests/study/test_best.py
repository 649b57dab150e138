"""Which of all options is best along an input: by hand, where every pair against the first says something else."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from study.test_flip import Lost, compared
from study.test_flip_inputs import Asked, gain, of, play, with_plans
from supportsim.measure.replication import Measured
from supportsim.scenario.model import Experience, Felt, Scenario
from supportsim.scenario.ticks import DAY
from supportsim.show.best_figure import draw_best
from supportsim.show.comparing import incomplete
from supportsim.show.style import without_pixels
from supportsim.study.best import Best
from supportsim.study.best_words import sentences, words
from supportsim.study.compare import compare
from supportsim.study.comparison import Comparison
from supportsim.study.flip_plays import with_plays
from supportsim.study.result import Result
from supportsim.study.run import run

#: What two agents are paid more a week, the dearer by 0.75 an hour, the dearest by 1.875.
DEARER, DEAREST = 2 * 168 * 0.75, 2 * 168 * 1.875


def three() -> dict[str, Scenario]:
    """Of 30 customers the base loses all, the second ten fewer for 252 a week, the third twenty fewer for 630."""
    base, second = (option.result.scenario for option in compared(wage=20.75).options)
    teams = tuple(replace(team, wage_per_hour=21.875) for team in base.teams)
    return {"base": base, "some": second, "most": replace(base, name="most", title="10", teams=teams)}


def compared_three(options: dict[str, Scenario] | None = None) -> Comparison:
    return compare(options or three(), play=lambda name, s: run(s, 3, 1, jobs=1, make=Lost), resize=False)


def best_of(comparison: Comparison, what: str, whose: str, unit: str = "") -> Best:
    (found,) = [b for b in comparison.best if (b.input, b.of) == (what, whose) and (not unit or b.unit == unit)]
    return found


def test_the_best_of_three_turns_where_no_pair_with_the_first_does() -> None:
    """Margins × f: some leaves 352.0 f - 252 more than base, most 704.0 f - 630.

    In pairs with the base they are better from × 0.716 and from × 0.895 on.  But most passes some, the best one by
    then, only at × 378 / 352.0 = 1.074.
    """
    comparison = compared_three()
    pairs = [f.exact.mean for f in comparison.flips if f.input == "margin" and f.exact is not None]
    assert pairs == pytest.approx([DEARER / gain(1.5), DEAREST / (2 * gain(1.5))], abs=1e-5)
    margin = best_of(comparison, "margin", "customers")
    assert [(turn.before, turn.after) for turn in margin.turns] == [("base", "some"), ("some", "most")]
    exact = [turn.exact.mean for turn in margin.turns if turn.exact is not None]
    assert exact == pytest.approx([DEARER / gain(1.5), (DEAREST - DEARER) / gain(1.5)], abs=1e-5)
    assert exact[1] == pytest.approx(1.0738, abs=1e-4)
    lead = margin.as_stated
    assert (lead.option, lead.runner_up, lead.sure) == ("some", "most", True)
    assert lead.ahead.mean == pytest.approx(gain(1.5) - DEARER - (2 * gain(1.5) - DEAREST), abs=1e-3)
    assert words(margin) == "base up to × 0.716, most from × 1.07 on"
    said = " ".join(comparison.verdict())
    assert "Of all 3 options some leaves most by contribution after churn" in said
    assert "with margin of customers: base up to × 0.716, most from × 1.07 on" in said
    assert "Which of base and" not in said


def test_what_nobody_leads_with_is_told_and_a_leader_between_two_values_is_not_passed_over() -> None:
    """Wages × f: some costs 252 f, most 630 f: at 0.8 most is 704 - 504 = 200 ahead, some 352 - 201.6 = 150.4."""
    comparison = compared_three()
    wage = best_of(comparison, "wage", "desk")
    assert [(turn.before, turn.after) for turn in wage.turns] == [("most", "some")]
    assert wage.turns[0].exact is not None
    assert wage.turns[0].exact.mean == pytest.approx(gain(1.5) / (DEAREST - DEARER), abs=1e-5)
    narrow = {**three(), "some": replace(three()["some"], title="21")}  # 9 × 35.2 - 252 = 64.8 against 704 - 630 = 74
    margin = best_of(compared_three(narrow), "margin", "customers")
    assert [turn.after for turn in margin.turns] == ["some", "most"]
    first, second = (turn.exact for turn in margin.turns)
    assert first is not None
    assert second is not None
    assert (first.mean, second.mean) == pytest.approx((DEARER / (0.9 * gain(1.5)), 378 / (1.1 * gain(1.5))), abs=1e-5)


class Wavering(Lost):
    """Every other replication loses many more where the title ends in 7."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        super().__init__(scenario, seed)
        self.wavers = scenario.title.endswith("7")

    def __call__(self, replication: int):  # type: ignore[no-untyped-def]
        if self.wavers:
            self.number = 17 + (30 if replication % 2 else -14)
        return super().__call__(replication)


def test_where_chance_may_make_another_one_the_best_it_says_so(tmp_path: Path) -> None:
    options = {**three(), "most": replace(three()["most"], title="17", teams=three()["base"].teams)}
    comparison = compare(options, play=lambda name, s: run(s, 4, 1, jobs=1, make=Wavering), resize=False)
    lead = comparison.best[0].as_stated
    assert not lead.sure
    assert lead.ahead.low < 0 < lead.ahead.high
    assert "which is too close to call" in sentences(comparison)[0]
    with without_pixels():
        svg, numbers = draw_best(comparison, tmp_path)
    assert "too close to call" in svg.read_text(encoding="utf-8")
    assert len(numbers.read_text(encoding="utf-8").splitlines()) == 1 + sum(len(b.leads) for b in comparison.best)


def test_where_none_ever_is_the_best_but_the_first_that_is_said() -> None:
    """The others lose as many and are paid more: by 21 and 42 a week at the least, whatever is moved."""
    dear = [tuple(replace(team, wage_per_hour=wage) for team in three()["base"].teams) for wage in (20.0625, 20.125)]
    options = {"base": three()["base"], **{f"dear {i}": replace(three()["base"], teams=t) for i, t in enumerate(dear)}}
    said = sentences(compared_three({name: replace(each, name=name) for name, each in options.items()}))
    assert "base leaves most by contribution after churn, 21.0 EUR a week" in said[0]
    assert said[1].endswith("no other option than base is ever the best, by means.")


def test_a_kind_that_nobody_minds_is_no_input_and_draws_no_bar(tmp_path: Path) -> None:
    felt = (Felt("solved", 1.0, 1.0, 1.0, DAY), Felt("gave_up", 1.1, 1.5, 2.0, 30 * DAY))
    every = {name: replace(each, experience=Experience(felt)) for name, each in three().items()}
    comparison = compared_three(every)
    assert [found.of for found in comparison.best if found.input == "odds"] == ["", "gave_up"]
    with without_pixels():
        assert draw_best(comparison, tmp_path)


def test_where_not_all_say_who_leaves_it_is_contribution_that_is_compared() -> None:
    every = three()
    every["most"] = replace(every["most"], experience=None)
    comparison = compared_three(every)
    assert "Of all 3 options base leaves most by contribution, 252 EUR a week" in sentences(comparison)[0]


def test_of_two_options_the_pair_says_it_all() -> None:
    comparison = compared(wage=20.75)
    assert comparison.best == ()
    assert "Which of base and other leaves more" in " ".join(comparison.verdict())


def test_options_are_played_again_for_all_of_them(tmp_path: Path) -> None:
    """Asked for less, fewer are lost at all: at × 0.5 some keeps 5 × 35.2 for 252, so the base is the best one."""
    scenarios = {name: with_plans(each) for name, each in three().items()}
    comparison = with_plays(compare(scenarios, play=play, resize=False), play)
    asks = best_of(comparison, "asks", "basic")
    assert asks.played
    leads = {lead.at: lead.option for lead in asks.leads}
    assert (leads[0.5], leads[1.0]) == ("base", "some")
    assert [(turn.low, turn.high) for turn in asks.turns] == of(comparison, "asks", "basic", option="some").between
    folder = comparison.write(tmp_path / "out")
    with (folder / "best.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["input"] == "margin"]
    turned = [float(row["best_from"]) for row in rows if row["best_from"]]
    assert turned == pytest.approx([DEARER / gain(1.5), (DEAREST - DEARER) / gain(1.5)], abs=1e-5)
    assert {row["option"] for row in rows} == {"base", "some", "most"}
    assert np.isclose(float(rows[0]["at"]), 0.5)


class Failing(Asked):
    """The second replication fails where half as much is asked for and nobody is paid more."""

    def __call__(self, replication: int) -> Measured:
        scenario = self.yardstick.scenario
        if replication == 2 and scenario.plans[0].asks < 1 and scenario.name == "base":
            raise ArithmeticError("too much")
        return super().__call__(replication)


def test_where_a_play_of_an_input_fails_the_replications_of_all_are_compared() -> None:
    scenarios = {name: with_plans(each) for name, each in three().items()}

    def played(name: str, scenario: Scenario) -> Result:
        return run(scenario, 3, 1, jobs=1, make=Failing)

    comparison = with_plays(compare(scenarios, play=played, resize=False), played)
    leads = {lead.at: lead for lead in best_of(comparison, "asks", "basic").leads}
    assert [(leads[at].option, leads[at].ahead.n) for at in (0.5, 1.0)] == [("base", 2), ("some", 3)]
    assert "base with asks of basic 50 %: 1 replication failed, and what is told of it rests on" in comparison.notes[0]
    assert all(option.result.complete for option in comparison.options)
    assert not comparison.complete
    assert incomplete(comparison) == "replications failed where inputs were tried"
