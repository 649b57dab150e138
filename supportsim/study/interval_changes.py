"""Where options differ within the typical day or week: each `answer` promise by interval, against the base."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.model import Promise
from supportsim.scenario.ticks import MINUTE
from supportsim.study.comparison import Change, Comparison, Option, common
from supportsim.study.estimate import Estimate, bounded, student, verdict
from supportsim.study.option_tables import call_of
from supportsim.study.paired import paired
from supportsim.study.pattern import Pattern, dates_per_bin, pattern
from supportsim.study.result import Result

COLUMNS = (
    "option", "promise", "day", "bin", "bin_minutes", "target", "cases_per_day", "base", "base_ci_low",
    "base_ci_high", "base_verdict", "option_mean", "option_mean_ci_low", "option_mean_ci_high", "option_verdict",
    "difference", "difference_ci_low", "difference_ci_high", "n", "verdict",
)  # fmt: skip
#: Verdicts of an interval that keep it in the table, whoever's they are.
_OF_INTEREST = ("missed", "too close to call")


class _Side(NamedTuple):
    """One promise of one option in every bin."""

    option: Option
    shares: Floats  # (replications, bins)
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
        wanted = (_finished(one.option.result, two.option.result) for one, two in ((base, other), (other, base)))
        mine, theirs = (side.shares[which] for side, which in zip((base, other), wanted, strict=True))
        for i in chosen:
            place = {
                "promise": promise.name, "day": cut.days[cut.day[i]], "bin": cut.labels[i],
                "bin_minutes": cut.length / MINUTE, "target": promise.share, "cases_per_day": cases[i],
            }  # fmt: skip
            yield place | _row(base, other, i, promise.name, mine[:, i], theirs[:, i])


def _fits(base: Result, result: Result, promise: str) -> bool:
    """Whether it promises the same by name, over the same intervals."""
    mine, theirs = (each.yardstick.grid.interval_edges for each in (base, result))
    promised = any(each.name == promise for each in result.scenario.promises)
    return promised and bool(result.n) and np.array_equal(mine, theirs)


def _place(result: Result, promise: str) -> int:
    return next(i for i, each in enumerate(result.scenario.promises) if each.name == promise)


def _side(option: Option, promise: str, cut: Pattern) -> _Side:
    result, i = option.result, _place(option.result, promise)
    shares = ratio(cut.merged(result.kept[:, i]), cut.merged(result.judged[:, i]))
    means = [bounded(student(column), 1.0) for column in shares.T]
    return _Side(option, shares, means, [verdict(mean, result.scenario.promises[i].share) for mean in means])


def _finished(result: Result, other: Result) -> NDArray[np.bool_]:
    """Which of its replications the other one finished, too."""
    return np.isin(result.finished, common(result, other))


def _row(base: _Side, other: _Side, i: int, promise: str, mine: Floats, theirs: Floats) -> dict[str, Any]:
    found = paired(mine, theirs)
    before, after = base.means[i], other.means[i]
    return {
        "option": other.option.name, "base": before.mean, "base_ci_low": before.low, "base_ci_high": before.high,
        "base_verdict": base.calls[i], "option_mean": after.mean, "option_mean_ci_low": after.low,
        "option_mean_ci_high": after.high, "option_verdict": other.calls[i], "difference": found.change.mean,
        "difference_ci_low": found.change.low, "difference_ci_high": found.change.high, "n": found.change.n,
        "verdict": call_of(Change(other.option.name, promise, "kept_share", found, math.nan)),
    }  # fmt: skip


def sentence(comparison: Comparison, option: Option) -> str:
    """How many intervals are below target for sure in base and option, and which changes most; "" where none can be."""
    if min(option.result.n, comparison.base.result.n) < 2 or not _answers(comparison):
        return ""
    table = comparison.interval_differences
    rows: list[dict[Any, Any]] = table[table["option"] == option.name].to_dict("records")
    before, after = ([row for row in rows if row[f"{whose}_verdict"] == "missed"] for whose in ("base", "option"))
    if not before and not after:
        return f"{option.name}: no interval is below target for sure, nor is any in {comparison.base.name}."
    new = [row for row in after if row["base_verdict"] != "missed"]
    shown = _largest(before, "better") or ("" if new else _largest(before, "worse"))
    less = f"; {len(new)} of them not so in {comparison.base.name}{_largest(new, 'worse')}" if new else ""
    each = ", promise by promise," if len(_answers(comparison)) > 1 else ""
    return f"{option.name}: intervals below target for sure{each} {len(before)} → {len(after)}{shown}{less}."


def _answers(comparison: Comparison) -> list[str]:
    return [promise.name for promise in comparison.base.result.scenario.promises if promise.clock == "answer"]


def _largest(rows: list[dict[Any, Any]], call: str) -> str:
    """` (Mon 17:00 68 → 89 %)`: where most changes by more than chance; the promise is named by its own name."""
    changed = [row for row in rows if row["verdict"] == call]
    if not changed:
        return ""
    row = max(changed, key=lambda row: abs(row["difference"]))
    return f" ({row['promise']} {row['bin']} {100 * row['base']:.0f} → {100 * row['option_mean']:.0f} %)"
