"""At which value of an uncertain input the better of two options changes: flip_inputs.csv (docs/model.md, 13).

What is better is told by contribution after churn, where no churn is stated by contribution.  Nothing here is played:
odds are reckoned anew replication by replication, and what is proportional to an input is scaled.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.earned import MARGIN, PRICE
from supportsim.measure.experience import FACTORS, HIGH, LOW, STATED, column_of, kinds_alone, tried_alone
from supportsim.measure.prices import MICRO
from supportsim.scenario.policies import POLICIES
from supportsim.study.comparison import Comparison, Option, common, values
from supportsim.study.contribution import income
from supportsim.study.estimate import Estimate
from supportsim.study.paired import paired
from supportsim.study.ratio import ratio
from supportsim.study.result import Result

Floats = NDArray[np.float64]

#: Inputs that amounts are proportional to, and the range they are tried over, times as stated.
RANGES = {"margin": (0.5, 2.0), "support_price": (0.5, 2.0), "wage": (0.8, 1.2)}
TIMES, ODDS, LOGARITHM, OPINION = "times as stated", "odds ratio", "times ln odds", "low to high"
COLUMNS = (
    "option", "input", "of", "unit", "low", "stated", "high", "difference_low", "difference_stated",
    "difference_high", "flips", "flips_from", "flips_to", "flips_at", "flips_at_ci_low", "flips_at_ci_high",
    "played", "n",
)  # fmt: skip


class Tried(NamedTuple):
    """Option minus base with an input at some value; per week or run."""

    at: float
    change: Estimate


class Flip(NamedTuple):
    """One input of one option against the base.

    input: what it is; of: whose (a segment, a team, a kind of experience, a plan; empty: all).  tried: in ascending
    order of `at`, the stated value among them.  exact: where the mean difference is 0, with its interval (Fieller);
    None where that is not known, or not within the range.  played: whether replications were played for it.
    """

    option: str
    input: str
    of: str
    unit: str
    stated: float
    tried: tuple[Tried, ...]
    exact: Estimate | None = None
    played: bool = False

    @property
    def between(self) -> list[tuple[float, float]]:
        """The neighbouring values between which the better one changes."""
        return [(a.at, b.at) for a, b in pairwise(self.tried) if a.change.mean * b.change.mean < 0]

    @property
    def flips(self) -> bool:
        return bool(self.between)

    @property
    def moves(self) -> bool:
        """Whether it changes the difference at all."""
        return len({round(each.change.mean, 9) for each in self.tried}) > 1

    def at(self, value: float) -> Estimate:
        """The difference at a value that was tried."""
        return next(each.change for each in self.tried if each.at == value)


def inputs(comparison: Comparison, option: Option) -> list[Flip]:
    """Every input that can be tried without playing; none where contribution is not known in both."""
    if not is_known(comparison, option):
        return []
    base, other = comparison.base.result, option.result
    by_odds = list(_by_odds(comparison, option)) if _churns(base, other) else []
    return [*by_odds, *_in_proportion(comparison, option)]


def is_known(comparison: Comparison, option: Option) -> bool:
    """Whether contribution is known in both, of replications that both finished."""
    base, other = comparison.base.result, option.result
    if not common(base, other):
        return False
    return not any(np.isnan(left(one, two)).any() for one, two in ((base, other), (other, base)))


def left(result: Result, other: Result, column: int | None = STATED) -> Floats:
    """Contribution after churn by replication that both finished, in counted time; column None: nobody minds."""
    key = ("all", "contribution")
    if key not in result.yardstick.places:
        return np.full(len(common(result, other)), math.nan)
    found = values(result, key, other)
    if column is None or not _churns(result, other):
        return found
    after: Floats = found - _cost(result, other)[:, :, column].sum(axis=1)
    return after


def _churns(result: Result, other: Result) -> bool:
    """Whether both say who leaves."""
    return all(each.yardstick.churns for each in (result, other))


def _mine(result: Result, other: Result) -> NDArray[np.bool_]:
    return np.isin(result.finished, common(result, other))


def _cost(result: Result, other: Result) -> Floats:
    """(replications of both, segments, columns of odds) in the currency."""
    found: Floats = result.churned.cost[_mine(result, other)] / MICRO
    return found


def change(comparison: Comparison, base: Floats, other: Floats) -> Estimate:
    """Paired, per week or run."""
    found, per = paired(base, other).change, comparison.periods
    return Estimate(found.mean / per, found.low / per, found.high / per, found.n)


# ---------------- odds: every play reckoned anew


def _by_odds(comparison: Comparison, option: Option) -> Iterator[Flip]:
    low, stated, high = (_at(comparison, option, column) for column in (LOW, STATED, HIGH))
    ends = (Tried(0.0, low), Tried(1.0, stated), Tried(2.0, high))
    yield Flip(option.name, "odds", "", OPINION, 1.0, ends)
    factors = [Tried(f, _at(comparison, option, column_of(0, k - len(FACTORS)))) for k, f in enumerate(FACTORS)]
    every = sorted([Tried(0.0, _at(comparison, option, None)), Tried(1.0, stated), *factors])
    yield Flip(option.name, "odds_factor", "", LOGARITHM, 1.0, tuple(every))
    mine, theirs = (each.result.scenario.experience for each in (comparison.base, option))
    for k, felt in enumerate(kinds_alone(mine) if mine is not None and mine == theirs else ()):
        tried = {odds: _at(comparison, option, column_of(k, j)) for j, odds in enumerate(tried_alone(felt))}
        tried[felt.stated] = stated
        own = tuple(Tried(odds, tried[odds]) for odds in sorted(tried))
        yield Flip(option.name, "odds", felt.kind, ODDS, felt.stated, own)


def _at(comparison: Comparison, option: Option, column: int | None) -> Estimate:
    base, other = comparison.base.result, option.result
    return change(comparison, left(base, other, column), left(other, base, column))


# ---------------- what amounts are proportional to: scaled


def _in_proportion(comparison: Comparison, option: Option) -> Iterator[Flip]:
    base, other = comparison.base.result, option.result
    for what, whose in scaled((base, other)):
        slope = share(other, base, what, whose) - share(base, other, what, whose)
        yield _linear(comparison, option, what, whose, slope)


def scaled(results: Sequence[Result]) -> list[tuple[str, str]]:
    """Segments that bring a margin or pay a price, teams with a wage: of all options, each once.

    No margins where the policy looks at them: then they change who is served first, not the amount alone.
    """
    found: dict[tuple[str, str], None] = {}
    by_value = any(POLICIES[result.scenario.policy].figure == "value" for result in results)
    for what in RANGES:
        for result in results if not (what == "margin" and by_value) else ():
            scenario = result.scenario
            names = [team.name for team in scenario.teams if team.wage_per_hour] if what == "wage" else [
                segment.name for i, segment in enumerate(scenario.segments) if _earned(result, i, what).any()
            ]  # fmt: skip
            found |= dict.fromkeys((what, name) for name in names)
    return list(found)


def _earned(result: Result, segment: int, what: str) -> Floats:
    column = MARGIN if what == "margin" else PRICE
    found: Floats = income(result)[:, segment, column] / MICRO
    return found


def share(result: Result, other: Result, what: str, whose: str) -> Floats:
    """What of contribution after churn is proportional to an input, by replication that both finished."""
    mine, scenario = _mine(result, other), result.scenario
    if what == "wage":
        rows = [i for i, line in enumerate(result.yardstick.ledger.lines) if line in (("pay", whose), (
            "overtime_pay", whose))]  # fmt: skip
        paid: Floats = -result.lines[mine][:, rows].sum(axis=1) / MICRO
        return paid
    place = next((i for i, segment in enumerate(scenario.segments) if segment.name == whose), None)
    if place is None:
        return np.zeros(int(mine.sum()))
    found = _earned(result, place, what)[mine]
    if what == "margin" and _churns(result, other):
        found = found - _cost(result, other)[:, place, STATED]
    return found


def _linear(comparison: Comparison, option: Option, what: str, whose: str, slope: Floats) -> Flip:
    """The difference at both ends of the range, and where it is 0: with d as stated and slope s at 1 - d / s."""
    base, other = comparison.base.result, option.result
    mine, theirs = left(base, other), left(other, base)
    tried = tuple(
        Tried(at, change(comparison, mine, theirs + (at - 1) * slope)) for at in sorted((*RANGES[what], 1.0))
    )  # fmt: skip
    flip = Flip(option.name, what, whose, TIMES, 1.0, tried)
    if not flip.flips:
        return flip
    found = ratio(theirs - mine, slope)
    return flip._replace(exact=Estimate(1 - found.mean, 1 - found.high, 1 - found.low, found.n))


# ---------------- told


def table(comparison: Comparison) -> pd.DataFrame:
    """A row for each option and input; see `COLUMNS`."""
    return pd.DataFrame([_row(flip) for flip in comparison.flips], columns=list(COLUMNS))


def _row(flip: Flip) -> dict[str, object]:
    first, last, stated = flip.tried[0], flip.tried[-1], flip.at(flip.stated)
    places = (first.at, flip.stated, last.at, *(flip.between[0] if flip.flips else (math.nan, math.nan)))
    low, at, high, begin, end = (math.nan,) * 5 if flip.unit == OPINION else places  # opinions are no numbers
    exact = flip.exact or Estimate(math.nan, math.nan, math.nan, 0)
    row = (
        flip.option, flip.input, flip.of, flip.unit, low, at, high, first.change.mean, stated.mean, last.change.mean,
        int(flip.flips), begin, end, exact.mean, exact.low, exact.high, int(flip.played), stated.n,
    )  # fmt: skip
    return dict(zip(COLUMNS, row, strict=True))
