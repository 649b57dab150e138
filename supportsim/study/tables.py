"""The tables of a result: replications, summary, teams, promises."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from supportsim.measure import catalogue
from supportsim.measure.replication import BESIDE, TEAM_COLUMNS, Scope
from supportsim.scenario.model import Promise
from supportsim.study.estimate import (
    Estimate,
    bounded,
    middle_range,
    replications_to_decide,
    single,
    student,
    verdict,
)
from supportsim.study.result import Result
from supportsim.study.words import duration

SUMMARY = (
    "selector", "measure", "unit", "mean", "mean_ci_low", "mean_ci_high", "day_mean", "day_p05", "day_p95", "n",
    "method",
)  # fmt: skip
TEAMS = (
    "team", "rostered_h", "absent_h", "off_desk_h", "breaks_paid_h", "breaks_unpaid_h", "present_h",
    "handling_h",
    "wrap_up_h", "idle_h", "filler_h", "overtime_h", "lost_breaks", "leave_h", "paid_h", "currency", "pay",
    "overtime_pay",
    "seats", "occupancy", "utilisation",
)  # fmt: skip


def replications(result: Result) -> pd.DataFrame:
    """One row per finished replication and key; numerator and denominator empty where there is no ratio."""
    keys = result.yardstick.keys
    n, k = result.n, len(keys)
    rows = result.rows.reshape(n * k, 3)
    return pd.DataFrame(
        {
            "scenario": [result.scenario.name] * (n * k),
            "replication": np.repeat(np.array(result.finished, dtype=np.int64), k),
            "selector": [selector for selector, _ in keys] * n,
            "measure": [measure for _, measure in keys] * n,
            "numerator": rows[:, 0],
            "denominator": rows[:, 1],
            "value": rows[:, 2],
        }
    )


def summary(result: Result) -> pd.DataFrame:
    """One row per key that has a value in any replication; every figure with its method."""
    place = {key: i for i, key in enumerate(result.yardstick.daily_keys)}
    found = []
    for i, key in enumerate(result.yardstick.keys):
        estimate = estimated(result.rows[:, i, 2], key[1]) if result.n else student(np.zeros(0))
        if not estimate.n:
            continue
        entry = catalogue.measure(key[1])
        days = single(result.daily[:, place[key]]) if key in place else (math.nan,) * 3
        unit = result.scenario.currency if entry.unit == "currency" else entry.unit
        values = (*key, unit, *estimate[:3], *days, estimate.n, method(entry, estimate))
        found.append(dict(zip(SUMMARY, values, strict=True)))
    return pd.DataFrame(found, columns=list(SUMMARY))


def estimated(values: Any, measure: str) -> Estimate:
    """Mean and interval of a measure, cut to what it can be: most are not below 0, no share is above 1."""
    least, most = catalogue.limits(measure)
    return bounded(student(values), most, least)


def method(entry: catalogue.Measure, estimate: Estimate) -> str:
    """How a mean and its interval were made, in words."""
    if "_p" in entry.id and entry.id.rsplit("_p", 1)[1].isdigit():
        how = "quantile in each replication, mean over replications"
    elif entry.denominator:
        how = "ratio of sums in each replication, mean over replications"
    else:
        how = "value of each replication, mean over replications"
    return f"{how}; {'one replication: no interval' if estimate.n == 1 else 'Student 95 %'}"


def teams(result: Result) -> pd.DataFrame:
    """Means over replications, per team and, where there are several, for `all`; ratios are means of ratios.

    rostered = absent + off desk + breaks + present; present = handling + wrap-up + idle; overtime is apart.
    """
    hours = result.team_hours.mean(axis=0) if result.n else np.zeros((len(TEAM_COLUMNS), 0))
    names = [team.name for team in result.scenario.teams] if result.n else []
    found = [_team(result, name, hours[:, t]) for t, name in enumerate(names)]
    if len(names) > 1:
        found.append(_team(result, "all", hours.sum(axis=1)))
    return pd.DataFrame(found, columns=list(TEAMS))


def _team(result: Result, name: str, hours: Any) -> dict[str, Any]:
    part = dict(zip(TEAM_COLUMNS, (float(value) for value in hours), strict=True))
    row: dict[str, Any] = {f"{key}_h": value for key, value in part.items()}
    row |= {"team": name, "currency": result.scenario.currency, "paid_h": part["paid"] + part["leave"]}
    row |= {key: part[key] for key in ("lost_breaks", "pay", "overtime_pay", "seats")}
    row |= {key: _mean(_values(result, name, key)[:, 2]) for key in ("occupancy", "utilisation")}
    return {column: row[column] for column in TEAMS}


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom else math.nan


PROMISES = (
    "promise", "selector", "clock", "limit", "hours", "counted", "judged", "target", "n", "kept_share",
    "kept_ci_low", "kept_ci_high", "period_p05", "period_p95", "periods_kept_share", "replications",
    "verdict",
    "replications_to_decide", *(name for name, _, _ in catalogue.FORMULAS), *BESIDE, "breaches", "currency",
    "penalty", "penalty_lost", "credit", "broken", "broken_open",
    "not_yet_due", "open_age_mean", "open_age_max", "withdrawn_before_due", "people_broken",
)  # fmt: skip
_MEANS = (
    "breaches", "penalty", "penalty_lost", "credit", "broken", "broken_open", "not_yet_due", "open_age_mean",
    "open_age_max", "withdrawn_before_due", "people_broken",
)  # fmt: skip


def promises(result: Result) -> pd.DataFrame:
    """Per promise a row `all` of what it covers, then each segment on each channel where there are several.

    n: judged cases per replication (mean).  period_p05, period_p95: single judged periods (days, weeks …) of
    all replications.  The contacts beside the six formulas are those the promise covers there, means per replication.
    """
    found = [_promise(result, i, scope) for i, scope in enumerate(result.yardstick.scopes)] if result.n else []
    return pd.DataFrame(found, columns=list(PROMISES))


def _promise(result: Result, i: int, scope: Scope) -> dict[str, Any]:
    promise = result.scenario.promises[scope.promise]
    name = result.yardstick.scope_name(scope)
    values = {m.id: _values(result, name, m.id) for m in catalogue.PROMISE_MEASURES}
    seen = student(values["kept_share"][:, 2])  # as wide as it is: to decide takes the whole spread
    kept = bounded(seen, 1.0)
    low, high = middle_range(result.periods[i])
    call = verdict(kept, promise.share)
    row: dict[str, Any] = {
        "promise": promise.name, "selector": scope.selector or "all", "clock": promise.clock,
        "limit": duration(promise.limit), "hours": promise.hours.name, "counted": _counted(promise),
        "judged": promise.judged, "target": promise.share, "n": _mean(values["kept_share"][:, 1]),
        "kept_share": kept.mean, "kept_ci_low": kept.low, "kept_ci_high": kept.high,
        "period_p05": low, "period_p95": high, "replications": kept.n, "verdict": call,
        "periods_kept_share": _pooled(values["periods_kept_share"]),
        "replications_to_decide": replications_to_decide(seen, promise.share)
        if call == "too close to call" else None,
    }  # fmt: skip
    row |= {name: student(values[name][:, 2]).mean for name, _, _ in catalogue.FORMULAS}
    row |= {name: _mean(values[name][:, 2]) for name in _MEANS} | {"currency": result.scenario.currency}
    return row | dict(zip(BESIDE, result.beside[:, i].mean(axis=0).tolist(), strict=True))


def _counted(promise: Promise) -> str:
    return promise.counted if promise.clock == "answer" else "in time/judged"


def _values(result: Result, selector: str, measure: str) -> Any:
    """(replications, 3): numerator, denominator, value of one key."""
    return result.rows[:, result.yardstick.places[selector, measure]]


def _mean(values: Any) -> float:
    real = values[~np.isnan(values)]
    return float(real.mean()) if len(real) else math.nan


def _pooled(values: Any) -> float:
    """Ratio of the sums over all replications."""
    return _ratio(float(np.nansum(values[:, 0])), float(np.nansum(values[:, 1])))
