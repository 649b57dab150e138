"""The tables of a comparison: options side by side, every paired difference, the values behind them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure import catalogue
from supportsim.measure.direction import better
from supportsim.measure.prices import is_priced
from supportsim.study import cost_parts
from supportsim.study.comparison import Change, Comparison, Key, Option, values
from supportsim.study.estimate import (
    CONFIDENCE,
    Estimate,
    bounded,
    middle_range,
    replications_to_decide,
    single,
    student,
    verdict,
    widened,
)
from supportsim.study.paired import paired
from supportsim.study.result import Result

Floats = NDArray[np.float64]

DIFFERENCES = (
    "option", "selector", "measure", "unit", "better", "base", "option_mean", "difference", "difference_ci_low",
    "difference_ci_high", "day_difference_p05", "day_difference_p95", "correlation", "variance_reduction", "p",
    "p_holm", "n", "verdict", "adjusted", "family", "replications_to_decide",
)  # fmt: skip
OPTIONS = (
    "option", "selector", "measure", "unit", "per", "mean", "mean_ci_low", "mean_ci_high", "single", "single_mean",
    "single_p05", "single_p95", "target", "verdict", "replications_to_decide", "difference", "difference_ci_low",
    "difference_ci_high", "n",
)  # fmt: skip
#: Of which periods the range of single ones is.
SINGLE = {"daily": "days", "weekly": "weeks", "monthly": "months", "all": "runs"}
#: Per week in the table of options where counted time is a week or more: sums over counted time.
PER_WEEK = (
    "cost", "pay", "overtime_pay", "paid_hours", "overtime_hours", "penalties", "margin", "support_price",
    "contribution",
    "churn_cost_low", "churn_cost", "churn_cost_high", "contribution_after_churn_low", "contribution_after_churn",
    "contribution_after_churn_high",
)  # fmt: skip


def differences(comparison: Comparison) -> pd.DataFrame:
    """One row per option and measure that base and option both have, other minus base; see `DIFFERENCES`."""
    options = {option.name: option for option in comparison.others}
    rows = [_difference(comparison, options[change.option], change) for change in comparison.changes]
    return pd.DataFrame(rows, columns=list(DIFFERENCES))


def _difference(comparison: Comparison, option: Option, change: Change) -> dict[str, Any]:
    found, key = change.found, (change.selector, change.measure)
    low, high = _single_days(comparison.base.result, option.result, key)
    call, named = call_of(change), key in comparison.metrics
    return {
        "option": change.option, "selector": change.selector, "measure": change.measure,
        "unit": catalogue.measure(change.measure).unit, "better": better(change.measure),
        "base": found.base.mean, "option_mean": found.other.mean, "difference": found.change.mean,
        "difference_ci_low": found.change.low, "difference_ci_high": found.change.high,
        "day_difference_p05": low, "day_difference_p95": high,
        "correlation": found.correlation, "variance_reduction": found.variance_reduction, "p": found.p,
        "p_holm": change.p_holm, "n": found.change.n, "verdict": call,
        "adjusted": "together" if named else "alone", "family": max(1, comparison.family) if named else 1,
        "replications_to_decide": to_decide(comparison, change) if call == "too close to call" else None,
    }  # fmt: skip


def _single_days(base: Result, option: Result, key: Key) -> tuple[float, float]:
    """5 % and 95 % of the differences of single days, over all replications; NaN where days are not kept."""
    if key not in base.yardstick.daily_keys or key not in option.yardstick.daily_keys:
        return math.nan, math.nan
    mine, theirs = (_days(*each, key) for each in ((base, option), (option, base)))
    return middle_range((theirs - mine).ravel())


def _days(result: Result, other: Result, key: Key) -> Floats:
    """(replications both finished, days)."""
    wanted = [number in set(other.finished) for number in result.finished]
    column: Floats = result.daily[wanted, result.yardstick.daily_keys.index(key)]
    return column


def call_of(change: Change) -> str:
    """better, worse (more, less where nobody can say), no difference, or too close to call; "" without a value.

    Where the measure was named beforehand by its adjusted p, else by its own interval.
    """
    found = change.found.change
    if not found.n:
        return ""
    p = change.found.p if math.isnan(change.p_holm) else change.p_holm
    if change.found.p == 1 and found.mean == 0 and found.half == 0:
        return "no difference"
    if not p <= 1 - CONFIDENCE:
        return "too close to call"
    more, good = found.mean > 0, better(change.measure)
    if not good:
        return "more" if more else "less"
    return "better" if more == (good == "more") else "worse"


def to_decide(comparison: Comparison, change: Change) -> int | None:
    """Roughly how many replications would tell the difference from none.

    Of a measure named beforehand at the confidence that the smallest p of the family needs, as Holm asks first.
    """
    family = 1 if math.isnan(change.p_holm) else comparison.family
    return replications_to_decide(widened(change.found.change, 1 - (1 - CONFIDENCE) / family), 0.0)


def options(comparison: Comparison) -> pd.DataFrame:
    """What is looked at first: for each option its promises, who is lost, hours and cost; see `OPTIONS`.

    Sums are per week, or per run where counted time is less.  single_mean, single_p05, single_p95: of single judged
    periods for promises; else of single weeks, days or runs, as `single` says.
    """
    rows = [row for option in comparison.options for row in _option(comparison, option)]
    return pd.DataFrame(rows, columns=list(OPTIONS))


def _option(comparison: Comparison, option: Option) -> Iterator[dict[str, Any]]:
    result = option.result
    for i, scope in enumerate(result.yardstick.scopes):
        if not scope.selector:
            yield _promise(comparison, option, i)
    money = any(is_priced(each.result.scenario) for each in comparison.options)
    for key in [*_lost(comparison, result), *(("all", name) for name in PER_WEEK)]:
        if key not in result.yardstick.places or np.isnan(values(result, key)).all():
            continue
        if money or catalogue.measure(key[1]).unit != "currency":
            yield _plain(comparison, option, key)
    if cost_parts.parts(comparison):
        yield _penalties(comparison, option)
    released = comparison.released_hours(option) if option is not comparison.base else None
    if released is not None:
        row = _row(option, ("all", "released_hours"), "h", _per(released, comparison.periods))
        yield row | {"per": comparison.each.removeprefix("a ")}


#: Those whom no promise counts stand beside it, where any option has them.
_BESIDE = ("blocked_share", "turned_away_share")


def _lost(comparison: Comparison, result: Result) -> Iterator[Key]:
    """Who is lost on each live channel: abandons, hears busy, comes while it is closed."""
    for channel in result.scenario.channels:
        if channel.kind == "live":
            yield channel.name, "abandoned_share"
            for name in _BESIDE:
                key, every = (channel.name, name), [option.result for option in comparison.options]
                if any(key in each.yardstick.places and np.nanmax(values(each, key), initial=0) > 0 for each in every):
                    yield key


def _promise(comparison: Comparison, option: Option, scope: int) -> dict[str, Any]:
    """A promise as a whole: share kept, the range of single judged periods, the verdict."""
    result = option.result
    promise = result.scenario.promises[result.yardstick.scopes[scope].promise]
    key = (promise.name, "kept_share")
    seen = student(values(result, key))
    row = _row(option, key, "share", bounded(seen, 1.0), _against(comparison, option, key, 1.0))
    call = verdict(bounded(seen, 1.0), promise.share)
    decide = replications_to_decide(seen, promise.share) if call == "too close to call" else None
    return row | {
        **_singles(SINGLE[promise.judged], result.periods[scope]), "target": promise.share,
        "verdict": call, "replications_to_decide": decide,
    }  # fmt: skip


def _singles(what: str, each: Floats) -> dict[str, Any]:
    return dict(zip(("single", "single_mean", "single_p05", "single_p95"), (what, *single(each)), strict=True))


def _single_of(comparison: Comparison, result: Result, key: Key, column: Floats) -> dict[str, Any]:
    """A sum told by the week of single weeks, whatever else of single days, where these are kept; else of runs."""
    if key not in result.yardstick.daily_keys:
        return _singles("runs", column)
    days = result.daily[:, result.yardstick.daily_keys.index(key)]
    if key[1] not in PER_WEEK or not comparison.weekly:
        return _singles("days", days)
    weeks = result.scenario.times.length_days // 7
    return _singles("weeks", days[:, : 7 * weeks].reshape(len(days), weeks, 7).sum(axis=2))


def _plain(comparison: Comparison, option: Option, key: Key) -> dict[str, Any]:
    per = comparison.periods if key[1] in PER_WEEK else 1.0
    column = values(option.result, key) / per
    row = _row(option, key, catalogue.measure(key[1]).unit, student(column), _against(comparison, option, key, per))
    each = comparison.each.removeprefix("a ") if key[1] in PER_WEEK else ""
    return row | {"per": each} | _single_of(comparison, option.result, key, column)


def _penalties(comparison: Comparison, option: Option) -> dict[str, Any]:
    """Penalties and credits of all promises: what of the cost is nobody's pay."""
    column = cost_parts.part(option, cost_parts.FINES) / comparison.periods
    other = None if option is comparison.base else cost_parts.differences(comparison, option)[cost_parts.FINES]
    row = _row(option, ("all", "penalties"), "currency", student(column), other)
    return row | {"per": comparison.each.removeprefix("a ")} | _singles("runs", column)


def _against(comparison: Comparison, option: Option, key: Key, per: float) -> Estimate | None:
    """Difference from the base; None for the base itself, and where it has no such measure."""
    base = comparison.base.result
    if option is comparison.base or key not in base.yardstick.places:
        return None
    return paired(values(base, key, option.result) / per, values(option.result, key, base) / per).change


def _per(found: Estimate, per: float) -> Estimate:
    return Estimate(found.mean / per, found.low / per, found.high / per, found.n)


def _row(option: Option, key: Key, unit: str, found: Estimate, change: Estimate | None = None) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(OPTIONS)
    row |= {
        "option": option.name, "selector": key[0], "measure": key[1], "unit": unit, "mean": found.mean,
        "mean_ci_low": found.low, "mean_ci_high": found.high, "n": found.n,
    }  # fmt: skip
    if change is not None:
        row |= {"difference": change.mean, "difference_ci_low": change.low, "difference_ci_high": change.high}
    return row


def replications(comparison: Comparison) -> pd.DataFrame:
    """Every value of every option, as in replications.csv, with the option in front."""
    frames = []
    for option in comparison.options:
        table = option.result.replications
        table.insert(0, "option", option.name)
        frames.append(table)
    return pd.concat(frames, ignore_index=True)
