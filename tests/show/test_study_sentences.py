"""What is said of a comparison: never surer than its numbers."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from study.study_texts import written

from supportsim.show import study_words as words
from supportsim.show.study_sentences import finding, sentence
from supportsim.show.study_text import rough
from supportsim.study.paired import paired
from supportsim.study.planning import load_plan
from supportsim.study.study_pairs import Comparison


def comparison(tmp_path: Path, base: list[float], other: list[float], **more: object) -> Comparison:
    plan = load_plan(written(tmp_path))
    gap = paired(np.array(base), np.array(other))
    known = {"p_holm": gap.p, **more}
    return Comparison(plan.points[1], plan.points[0], {"load": "stated"}, "fast", "kept_share", gap, **known)  # type: ignore[arg-type]


def test_a_clear_difference_is_told_with_its_interval(tmp_path: Path) -> None:
    each = comparison(tmp_path, [0.70, 0.72, 0.74], [0.80, 0.83, 0.83])
    assert sentence(each) == ("load stated: four against three: 72.0 % → 82.0 %; higher by 10.0 points (+7.5 to +12.5)")


def test_an_interval_that_holds_zero_is_too_close_to_call(tmp_path: Path) -> None:
    each = comparison(tmp_path, [0.70, 0.72, 0.74], [0.71, 0.71, 0.75], to_decide=50)
    assert finding(each) == "too close to call: +0.3 points (−2.5 to +3.2); perhaps n = 50 would decide"


def test_where_no_number_would_decide_it_is_said(tmp_path: Path) -> None:
    each = comparison(tmp_path, [0.70, 0.72, 0.74], [0.71, 0.71, 0.75])
    assert finding(each) == "too close to call: +0.3 points (−2.5 to +3.2); not even n = 10000 would decide"


def test_what_differs_alone_but_not_among_many_is_too_close_to_call(tmp_path: Path) -> None:
    each = comparison(tmp_path, [0.70, 0.72, 0.74], [0.80, 0.83, 0.83], p_holm=0.2, family=40, to_decide=10)
    assert finding(each) == (
        "too close to call among 40 comparisons (alone it would not be): +10.0 points (+7.5 to +12.5); "
        "perhaps n = 10 would decide"
    )


def test_one_replication_decides_nothing(tmp_path: Path) -> None:
    assert finding(comparison(tmp_path, [0.7], [0.8])) == "too close to call: +10.0 points in one replication"


def test_nothing_is_said_where_nothing_is_there(tmp_path: Path) -> None:
    assert sentence(comparison(tmp_path, [math.nan], [0.8])).endswith("no replication has a value at both")


def test_what_is_always_the_same_is_told_so(tmp_path: Path) -> None:
    assert finding(comparison(tmp_path, [0.7, 0.8], [0.7, 0.8])) == "the same in every replication"


@pytest.mark.parametrize(
    ("number", "measure", "told"),
    [
        (0.0213, "kept_share", "+2.1 points"), (-0.0004, "kept_share", "−0.04 points"),
        (0.0, "kept_share", "±0.0 points"),
        (3.25, "wait_mean", "+3.2 s"), (-400.0, "wait_mean", "−6.7 min"), (2.0, "open_age_max", "+2.0 h"),
        (1234.5, "pay", "+1 234 GBP"), (math.nan, "pay", "–"),
    ],
)  # fmt: skip
def test_differences_have_a_sign_and_a_unit(number: float, measure: str, told: str) -> None:
    assert words.signed(number, measure, "GBP") == told


def test_a_guess_of_time_is_no_surer_than_a_guess() -> None:
    assert [rough(s) for s in (0.2, 7.2, 43.0, 400.0, 9000.0)] == ["1 s", "8 s", "45 s", "7 min", "2.5 h"]
