"""Where options differ within the typical day or week: each `answer` promise by interval, against the base."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.sums import Floats
from supportsim.scenario.model import Promise
from supportsim.scenario.ticks import MINUTE, SECOND
from supportsim.study.comparison import Change, Comparison, Option, common
from supportsim.study.estimate import Estimate, are_few_alike, verdict
from supportsim.study.option_tables import call_of
from supportsim.study.paired import Difference, paired
from supportsim.study.pattern import Pattern, dates_per_bin, pattern
from supportsim.study.result import Result
from supportsim.study.shares import as_means, moments, ratios_of, shares

COLUMNS = (
    "option", "promise", "day", "bin", "bin_minutes", "target", "cases_per_day", "base", "base_ci_low",
    "base_ci_high", "base_verdict", "option_mean", "option_mean_ci_low", "option_mean_ci_high", "option_verdict",
    "difference", "difference_ci_low", "difference_ci_high", "n", "verdict",
    "base_asa_s", "option_asa_s", "asa_difference_s", "asa_difference_ci_low", "asa_difference_ci_high", "asa_n",
    "asa_verdict",
)  # fmt: skip
#: Verdicts of an interval that keep it in the table, whoever's they are.
_OF_INTEREST = ("missed", "too close to call")


class _Side(NamedTuple):
    """One promise of one option in every bin; arrays are (replications, bins)."""

    option: Option
    kept: Floats
    judged: Floats
    waited: Floats  # seconds, by the answered
    answered: Floats
    means: list[Estimate]
    calls: list[str]


def interval_differences(comparison: Comparison) -> pd.DataFrame:
    """Rows of `COLUMNS`, for the intervals in which base or some option misses the target or is too close to call."""
    rows = [
        row for promise in comparison.base.result.scenario.promises if promise.clock == "answer"
        for row in _promise(comparison, promise)
    ]  # fmt: skip
    places = {option.name: i for i, option in enumerate(comparison.options)}
    rows.sort(key=lambda row: places[row["option"]])  # stable: by promise and time within an option
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _promise(comparison: Comparison, promise: Promise) -> Iterator[dict[str, Any]]:
    having = [option for option in comparison.options if _fits(comparison.base.result, option.result, promise.name)]
    judged = [option.result.judged[:, _place(option.result, promise.name)] for option in having]
    came = np.any([each.sum(axis=0) > 0 for each in judged], axis=0)
    if not came.any():
        return
    cut = pattern(comparison.base.result.yardstick.grid, came)
    base, *others = [_side(option, promise.name, cut) for option in having]
    cases = cut.merged(judged[0]).mean(axis=0) / np.maximum(dates_per_bin(cut), 1)
    chosen = [i for i in range(cut.bins) if any(side.calls[i] in _OF_INTEREST for side in (base, *others))]
    for other in others:
        for i in chosen:
            place = {
                "promise": promise.name, "day": cut.days[cut.day[i]], "bin": cut.labels[i],
                "bin_minutes": cut.length / MINUTE, "target": promise.share, "cases_per_day": cases[i],
            }  # fmt: skip
            yield place | _row(base, other, i, promise.name) | _waits(base, other, i, promise.name)


def _fits(base: Result, result: Result, promise: str) -> bool:
    """Whether it promises the same by name, over the same intervals."""
    mine, theirs = (each.yardstick.grid.interval_edges for each in (base, result))
    promised = any(each.name == promise for each in result.scenario.promises)
    return promised and bool(result.n) and np.array_equal(mine, theirs)


def _place(result: Result, promise: str) -> int:
    return next(i for i, each in enumerate(result.scenario.promises) if each.name == promise)


def _side(option: Option, promise: str, cut: Pattern) -> _Side:
    result, i = option.result, _place(option.result, promise)
    kept, judged = cut.merged(result.kept[:, i]), cut.merged(result.judged[:, i])
    waited, answered = cut.merged(result.waited[:, i]) / SECOND, cut.merged(result.answered[:, i])
    found = shares(kept, judged)
    means = [found.estimate(bin_) for bin_ in range(cut.bins)]
    calls: list[str] = [verdict(mean, result.scenario.promises[i].share) for mean in means]
    return _Side(option, kept, judged, waited, answered, means, calls)


def _finished(result: Result, other: Result) -> NDArray[np.bool_]:
    """Which of its replications the other one finished, too."""
    return np.isin(result.finished, common(result, other))


def _changed(base: _Side, other: _Side, top: str, bottom: str, i: int) -> Difference:
    """Ratio of the other less that of the base, of the replications that both finished and in which either has a case.

    No interval where one of the two ratios has none.
    """
    sides = ((base, _finished(base.option.result, other.option.result)),
             (other, _finished(other.option.result, base.option.result)))  # fmt: skip
    tops, bottoms = (np.array([getattr(side, name)[which, i] for side, which in sides]) for name in (top, bottom))
    some = bottoms.any(axis=0)
    mine, theirs = (as_means(over[some], under[some]) for over, under in zip(tops, bottoms, strict=True))
    found = paired(mine, theirs)
    _, low, _ = ratios_of(moments(tops.T, bottoms.T))
    if not np.isnan(low).any():
        return found
    return found._replace(change=found.change._replace(low=math.nan, high=math.nan), p=math.nan)


def _waits(base: _Side, other: _Side, i: int, promise: str) -> dict[str, Any]:
    """The mean wait of the answered, as `asa_s` of intervals.csv, and its difference."""
    found = _changed(base, other, "waited", "answered", i)
    mine, theirs = (_over(side.waited[:, i].sum(), side.answered[:, i].sum()) for side in (base, other))
    return {
        "base_asa_s": mine, "option_asa_s": theirs, "asa_difference_s": found.change.mean,
        "asa_difference_ci_low": found.change.low, "asa_difference_ci_high": found.change.high,
        "asa_n": found.change.n,
        "asa_verdict": _call(other, promise, "served_wait_mean", found),
    }  # fmt: skip


def _call(other: _Side, promise: str, measure: str, found: Difference) -> str:
    """As of every measure; but a handful of plays whose few cases happened to change alike say nothing of others."""
    change = found.change
    if change.n and change.mean != 0 and are_few_alike(change.n, change.high - change.low):
        return "too close to call"
    return call_of(Change(other.option.name, promise, measure, found, math.nan))


def _over(top: float, bottom: float) -> float:
    return top / bottom if bottom else math.nan


def _row(base: _Side, other: _Side, i: int, promise: str) -> dict[str, Any]:
    found = _changed(base, other, "kept", "judged", i)
    before, after = base.means[i], other.means[i]
    return {
        "option": other.option.name, "base": before.mean, "base_ci_low": before.low, "base_ci_high": before.high,
        "base_verdict": base.calls[i], "option_mean": after.mean, "option_mean_ci_low": after.low,
        "option_mean_ci_high": after.high, "option_verdict": other.calls[i], "difference": found.change.mean,
        "difference_ci_low": found.change.low, "difference_ci_high": found.change.high, "n": found.change.n,
        "verdict": _call(other, promise, "kept_share", found),
    }  # fmt: skip


def sentence(comparison: Comparison, option: Option) -> str:
    """How many intervals are below target for sure in base and option, and which changes most; "" where none can be.

    Of promises that both make: of others nothing is known of the option.
    """
    told = [name for name in _answers(comparison) if _fits(comparison.base.result, option.result, name)]
    if min(option.result.n, comparison.base.result.n) < 2 or not told:
        return ""
    left = [name for name in _answers(comparison) if name not in told]
    table = comparison.interval_differences
    rows: list[dict[Any, Any]] = table[table["option"] == option.name].to_dict("records")
    before, after = ([row for row in rows if row[f"{whose}_verdict"] == "missed"] for whose in ("base", "option"))
    if not before and not after:
        apart = f" ({', '.join(left)} left out, not promised there)" if left else ""
        return f"{option.name}: no interval is below target for sure{apart}, nor is any in {comparison.base.name}."
    new = [row for row in after if row["base_verdict"] != "missed"]
    shown = _largest(before, "better") or ("" if new else _largest(before, "worse"))
    less = f"; {len(new)} of them not so in {comparison.base.name}{_largest(new, 'worse')}" if new else ""
    each = _of_each(told, left)
    return f"{option.name}: intervals below target for sure{each} {len(before)} → {len(after)}{shown}{less}."


def _of_each(told: list[str], left: list[str]) -> str:
    """Of what intervals are counted: of every promise of the base, or of those that the option has, too."""
    if left:
        are = "is" if len(left) == 1 else "are"
        return f", promise by promise without {', '.join(left)}, which {are} not promised there,"
    return ", promise by promise," if len(told) > 1 else ""


def _answers(comparison: Comparison) -> list[str]:
    return [promise.name for promise in comparison.base.result.scenario.promises if promise.clock == "answer"]


def _largest(rows: list[dict[Any, Any]], call: str) -> str:
    """` (Mon 17:00 68 → 89 %)`: where most changes by more than chance; the promise is named by its own name."""
    changed = [row for row in rows if row["verdict"] == call]
    if not changed:
        return ""
    row = max(changed, key=lambda row: abs(row["difference"]))
    return f" ({row['promise']} {row['bin']} {100 * row['base']:.0f} → {100 * row['option_mean']:.0f} %)"
