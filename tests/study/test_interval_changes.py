"""Options interval by interval: three callers by hand, and differences taken within replications."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from study.test_compare import at, by_hand
from supportsim.study.compare import compare
from supportsim.study.comparison import Comparison
from supportsim.study.interval_changes import sentence

__all__ = ["by_hand"]  # the fixture: callers at 9:00, 9:01 and 9:02, four minutes each, to be answered in 60 s


def found(folder: Path, *agents: str, plays: int = 6) -> Comparison:
    options = [at(folder, f"n{n}", teams__desk__shifts__day__agents=n) for n in agents]
    return compare(options, replications=plays, resize=False)


def test_one_two_and_three_agents_by_hand(by_hand: Path) -> None:
    """One answers one of three in time, two answer two, three all: against 80 % only three keep the promise."""
    compared = found(by_hand, "1", "2", "3")
    rows = compared.interval_differences.to_dict("records")
    assert [(row["option"], row["promise"], row["bin"]) for row in rows] == [
        ("n2", "minute", "09:00"), ("n3", "minute", "09:00"),
    ]  # fmt: skip
    assert [row["base"] for row in rows] == [pytest.approx(1 / 3)] * 2
    assert [row["option_mean"] for row in rows] == [pytest.approx(2 / 3), 1]
    assert [row["difference"] for row in rows] == [pytest.approx(1 / 3), pytest.approx(2 / 3)]
    assert [(row["base_verdict"], row["option_verdict"], row["verdict"]) for row in rows] == [
        ("missed", "missed", "better"), ("missed", "kept", "better"),
    ]  # fmt: skip
    assert {row["cases_per_day"] for row in rows} == {3}
    # one agent: 0, 3 and 6 minutes; two: 0, 0 and 2; three: nobody waits
    assert {row["base_asa_s"] for row in rows} == {180}
    assert [(row["option_asa_s"], row["asa_difference_s"]) for row in rows] == [(40, -140), (0, -180)]
    assert [(row["asa_n"], row["asa_verdict"]) for row in rows] == [(6, "better")] * 2
    assert [sentence(compared, option) for option in compared.others] == [
        "n2: intervals below target for sure 1 → 1 (minute 09:00 33 → 67 %).",
        "n3: intervals below target for sure 1 → 0 (minute 09:00 33 → 100 %).",
    ]
    assert all(sentence(compared, option) in compared.verdict() for option in compared.others)


def test_what_gets_worse_is_told_as_new(by_hand: Path) -> None:
    compared = found(by_hand, "3", "1", "4")
    assert [sentence(compared, option) for option in compared.others] == [
        "n1: intervals below target for sure 0 → 1; 1 of them not so in n3 (minute 09:00 100 → 33 %).",
        "n4: no interval is below target for sure, nor is any in n3.",
    ]
    # the interval is there for the other option, too, though both keep it
    assert compared.interval_differences["verdict"].tolist() == ["worse", "no difference"]


def test_differences_are_taken_within_replications(by_hand: Path) -> None:
    """Of four judged 1 and 2 kept against 3 and 4: each share is known badly, their difference is 50 points exactly."""
    compared = found(by_hand, "1", "2", plays=2)
    options = []
    for option, kept in zip(compared.options, ((1, 2), (3, 4)), strict=True):
        came = option.result.judged[:, 0] > 0
        counts = np.where(came, np.array(kept, dtype=np.int32)[:, None], 0)[:, None]
        judged = np.where(came, np.int32(4), np.int32(0))[:, None]
        result = replace(option.result, kept=counts.astype(np.int32), judged=judged.astype(np.int32))
        options.append(option._replace(result=result))
    (row,) = Comparison(tuple(options), compared.metrics).interval_differences.to_dict("records")
    assert (row["base"], row["option_mean"]) == (0.375, 0.875)
    assert (row["base_verdict"], row["option_verdict"]) == ("too close to call", "too close to call")
    assert (row["difference"], row["difference_ci_low"], row["difference_ci_high"]) == (0.5, 0.5, 0.5)
    assert (row["verdict"], row["n"]) == ("too close to call", 2)  # two plays that change alike decide nothing


def test_busy_replications_weigh_more_and_move_no_difference(by_hand: Path) -> None:
    """2 of 2 and 6 of 18 kept are 8 of 20, and one more of the 18 is 5 points.  But replications of 2 and 18 cases
    do not tell the number of cases from none: no interval.

    40 of 99 and 40 of 101 against 42 and 40: r is 0.4 and 0.41, the linear values 0.4 + (40 - 39.6) / 100 = 0.404 and
    0.396 against 0.41 + (42 - 40.59) / 100 = 0.4241 and 0.3959: 2.01 points more and 0.01 less, with t(1) = 12.706.
    """
    compared = found(by_hand, "1", "2", plays=2)

    def with_cases(kept: tuple[tuple[int, int], ...], judged: tuple[int, int]) -> dict[str, float]:
        options = []
        for option, mine in zip(compared.options, kept, strict=True):
            came = option.result.judged[:, :1] > 0
            counts, cases = (np.where(came, np.array(n, dtype=np.int32)[:, None, None], 0) for n in (mine, judged))
            options.append(option._replace(result=replace(option.result, kept=counts, judged=cases)))
        (row,) = Comparison(tuple(options), compared.metrics).interval_differences.to_dict("records")
        return row

    uneven = with_cases(((2, 6), (2, 7)), (2, 18))
    assert (uneven["base"], uneven["option_mean"], uneven["n"]) == (0.4, 0.45, 2)
    assert (uneven["difference"], uneven["verdict"]) == (pytest.approx(0.05), "too close to call")
    assert np.isnan([uneven["base_ci_low"], uneven["difference_ci_low"]]).all()
    even = with_cases(((40, 40), (42, 40)), (99, 101))
    half = 12.7062047 * 0.0202 / 2
    ends = (even["difference_ci_low"], even["difference_ci_high"])
    assert (even["difference"], *ends) == pytest.approx((0.01, 0.01 - half, 0.01 + half))


def test_promises_that_only_one_of_them_makes_are_named(by_hand: Path) -> None:
    """Counts of promises and of intervals are of those that both make; who makes one alone is said."""
    both = at(by_hand, "both", promises__fast="{of: phone, answer: 30 s, share: 80%, judged: daily}")
    compared = compare([both, at(by_hand, "fewer")], replications=6, resize=False)
    first = next(line for line in compared.verdict() if line.startswith("fewer keeps"))
    assert first.endswith("both keeps 0 of 2 (fewer does not promise fast).")
    told = sentence(compared, compared.others[0])
    assert told == (
        "fewer: intervals below target for sure, promise by promise without fast, which is not promised there, 1 → 1."
    )


def test_where_nothing_is_promised_by_both_no_interval_is_told_of(by_hand: Path) -> None:
    """One of three is answered in time, so 30 % is kept; of 80 % nothing is known where only the base promises it."""
    high = "{of: phone, answer: 60 s, share: 80%, judged: daily}"
    low = high.replace("80", "30")
    both = at(by_hand, "both", promises__minute=low, promises__fast=high)
    own = at(by_hand, "own", promises__own=high)
    own = replace(own, promises=own.promises[1:])
    compared = compare([both, own, at(by_hand, "low", promises__minute=low)], replications=6, resize=False)
    assert [sentence(compared, option) for option in compared.others] == [
        "", "low: no interval is below target for sure (fast left out, not promised there), nor is any in both."
    ]  # fmt: skip


def test_one_play_is_no_sentence(by_hand: Path) -> None:
    compared = compare([at(by_hand, "a"), at(by_hand, "b")], replications=1, resize=False)
    assert sentence(compared, compared.others[0]) == ""
