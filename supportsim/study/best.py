"""Which of all options leaves most along an uncertain input, and where another one becomes the best: best.csv.

By contribution after churn, where no churn is stated by contribution, on the replications that all of them finished
(docs/model.md, section 13).  Of two options `study.flip_inputs` tells the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from supportsim.measure.experience import FACTORS, HIGH, LOW, STATED, column_of, kinds_alone, tried_alone
from supportsim.study.comparison import Comparison, Floats, Option
from supportsim.study.estimate import CONFIDENCE, Estimate, student_each
from supportsim.study.flip_inputs import LOGARITHM, ODDS, OPINION, RANGES, TIMES, left, scaled, share
from supportsim.study.ratio import ratio
from supportsim.study.result import Result

COLUMNS = (
    "input", "of", "unit", "at", "is_stated", "option", "sure", "runner_up", "ahead", "ahead_ci_low", "ahead_ci_high",
    "best_from", "best_from_ci_low", "best_from_ci_high", "played", "n",
)  # fmt: skip
#: Of what is proportional: so many values, equally far apart, at which the best one is named.
_VALUES = 13
#: Decimals of the currency up to which two options leave the same.
_ROUNDED = 9
#: What each option leaves, by replication that all finished.
Left = Mapping[str, Floats]


class Lead(NamedTuple):
    """The option that leaves most at one value of an input, by means; amounts per week or run.

    ahead: of the next one, `runner_up`.  sure: whether it is better than each other one, all of them together at 95 %.
    """

    at: float
    option: str
    runner_up: str
    ahead: Estimate
    sure: bool


class Turn(NamedTuple):
    """Another option becomes the best between two neighbouring values; exact: where, with Fieller's interval."""

    low: float
    high: float
    before: str
    after: str
    exact: Estimate | None


class Best(NamedTuple):
    """One input moved by itself.  input, of, unit, stated, played: as of `flip_inputs.Flip`; leads: by ascending at."""

    input: str
    of: str
    unit: str
    stated: float
    leads: tuple[Lead, ...]
    turns: tuple[Turn, ...]
    played: bool = False

    @property
    def as_stated(self) -> Lead:
        return next(lead for lead in self.leads if lead.at == self.stated)


class Sides:
    """The options of which it is known what they leave, and the replications that all of these finished."""

    def __init__(self, comparison: Comparison, options: Sequence[Option]) -> None:
        self.comparison = comparison
        self.options = tuple(option for option in options if _is_known(option))
        self.results = {option.name: option.result for option in self.options}
        every = list(self.results.values())
        shared = set.intersection(*(set(result.finished) for result in every)) if every else set()
        self.churns = bool(every) and all(result.yardstick.churns for result in every)
        # whom `left` and `share` set a result against: who finished these, and says who leaves only if all do
        least = next((result for result in every if not result.yardstick.churns), every[0]) if every else None
        self.witness = replace(least, finished=tuple(sorted(shared))) if least is not None else None

    @property
    def can_tell(self) -> bool:
        """Whether there are more than two of them: of two every pair says it."""
        return len(self.options) > 2 and self.witness is not None and bool(self.witness.finished)

    def left(self, column: int | None = STATED) -> dict[str, Floats]:
        """What each option leaves, at a column of odds; None: nobody minds."""
        assert self.witness is not None
        return {name: left(result, self.witness, column) for name, result in self.results.items()}

    def share(self, what: str, whose: str) -> dict[str, Floats]:
        """What of it is proportional to an input."""
        assert self.witness is not None
        return {name: share(result, self.witness, what, whose) for name, result in self.results.items()}

    def left_of(self, played: Mapping[str, Result]) -> dict[str, Floats]:
        """What the options left that were played once more, of the replications that all these plays finished, too."""
        assert self.witness is not None
        shared = set(self.witness.finished).intersection(*(result.finished for result in played.values()))
        witness = replace(self.witness, finished=tuple(sorted(shared)))
        return {name: left(result, witness) for name, result in played.items()}

    def lead(self, at: float, amounts: Left, before: str = "") -> Lead:
        """Who leaves most, of several the one that did so before; intervals of differences are Bonferroni's of all.

        Whoever is truly best is beaten surely by one of the k - 1 others in 2.5 of 100 cases at most, so the leader may
        be chosen by the same replications.
        """
        per, confidence = self.comparison.periods, 1 - (1 - CONFIDENCE) / (len(amounts) - 1)
        means = {name: round(float(values.mean()), _ROUNDED) for name, values in amounts.items()}
        best, *others = sorted(amounts, key=lambda name: (-means[name], name != before))
        ahead = np.stack([amounts[best] - amounts[name] for name in others], axis=1) / per
        mean, low, high = student_each(ahead, confidence)
        sure = bool((low > 0).all())  # never of one replication, whose interval is NaN
        return Lead(at, best, others[0], Estimate(float(mean[0]), float(low[0]), float(high[0]), len(ahead)), sure)


def _is_known(option: Option) -> bool:
    return bool(option.result.n) and not np.isnan(left(option.result, option.result)).any()


def best(comparison: Comparison) -> list[Best]:
    """Every input that can be tried without playing; none of fewer than three options."""
    sides = Sides(comparison, comparison.options)
    if not sides.can_tell:
        return []
    return [*(_by_odds(sides) if sides.churns else ()), *_in_proportion(sides)]


def along(
    sides: Sides, name: tuple[str, str, str], stated: float, tried: Mapping[float, Left],
    exact: Callable[[str, str], Estimate] | None = None, played: bool = False,
) -> Best:  # fmt: skip
    """The best option at each value tried; name: input, of, unit; exact: where two are equal."""
    leads: list[Lead] = []
    for at in sorted(tried):
        leads.append(sides.lead(at, tried[at], leads[-1].option if leads else ""))
    turns = tuple(
        Turn(a.at, b.at, a.option, b.option, exact(a.option, b.option) if exact else None)
        for a, b in pairwise(leads)
        if a.option != b.option
    )
    return Best(*name, stated, tuple(leads), turns, played)


def _by_odds(sides: Sides) -> Iterator[Best]:
    stated = sides.left()
    yield along(
        sides, ("odds", "", OPINION), 1.0, {0.0: sides.left(LOW), 1.0: stated, 2.0: sides.left(HIGH)}
    )  # fmt: skip
    factors = {f: sides.left(column_of(0, k - len(FACTORS))) for k, f in enumerate(FACTORS)}
    yield along(sides, ("odds_factor", "", LOGARITHM), 1.0, {0.0: sides.left(None), 1.0: stated, **factors})
    first, *others = (result.scenario.experience for result in sides.results.values())
    for k, felt in enumerate(kinds_alone(first) if first is not None and all(e == first for e in others) else ()):
        tried: dict[float, Left] = {odds: sides.left(column_of(k, j)) for j, odds in enumerate(tried_alone(felt))}
        tried[felt.stated] = stated
        if len(tried) > 1:  # of a kind that nobody minds, whatever opinion, nothing can be moved
            yield along(sides, ("odds", felt.kind, ODDS), felt.stated, tried)


def _in_proportion(sides: Sides) -> Iterator[Best]:
    stated = sides.left()
    for what, whose in scaled(list(sides.results.values())):
        slopes = sides.share(what, whose)
        values = _values(RANGES[what], stated, slopes)
        tried = {at: {name: stated[name] + (at - 1) * slopes[name] for name in stated} for at in values}

        def exact(one: str, two: str, slopes: Left = slopes) -> Estimate:
            found = ratio(stated[two] - stated[one], slopes[two] - slopes[one])
            return Estimate(1 - found.mean, 1 - found.high, 1 - found.low, found.n)

        yield along(sides, (what, whose, TIMES), 1.0, tried, exact)


def _values(ends: tuple[float, float], stated: Left, slopes: Left) -> list[float]:
    """The range, the stated value, and the middle of each stretch on which one option leads: none is passed over."""
    low, high = ends
    cuts = [low, *_crossings(ends, [(float(stated[name].mean()), float(slopes[name].mean())) for name in stated]), high]
    even = np.linspace(low, high, _VALUES).round(_ROUNDED).tolist()
    return sorted({1.0, *even, *((a + b) / 2 for a, b in pairwise(cuts))})


def _crossings(ends: tuple[float, float], lines: list[tuple[float, float]]) -> Iterator[float]:
    """Where another one of straight lines (value at 1, slope) becomes the highest, from one end to the other."""
    at, high = ends
    now = max(lines, key=lambda line: (line[0] + (at - 1) * line[1], line[1]))
    while True:
        meet = [(1 - (now[0] - a) / (now[1] - s), -s, (a, s)) for a, s in lines if s > now[1]]
        if not meet:
            return
        at, _, now = min(meet)
        if at >= high:
            return
        yield at


def table(comparison: Comparison) -> pd.DataFrame:
    """A row for each input and value tried; see `COLUMNS`."""
    return pd.DataFrame([row for found in comparison.best for row in _rows(found)], columns=list(COLUMNS))


def _rows(found: Best) -> Iterator[dict[str, object]]:
    turned = {turn.high: turn.exact for turn in found.turns if turn.exact is not None}
    nowhere = Estimate(*(float("nan"),) * 3, 0)
    for lead in found.leads:
        at = float("nan") if found.unit == OPINION else lead.at  # opinions are no numbers
        begin = turned.get(lead.at, nowhere)
        row = (
            found.input, found.of, found.unit, at, int(lead.at == found.stated), lead.option, int(lead.sure),
            lead.runner_up, *lead.ahead[:3], *begin[:3], int(found.played), lead.ahead.n,
        )  # fmt: skip
        yield dict(zip(COLUMNS, row, strict=True))
