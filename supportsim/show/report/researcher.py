"""The researcher's part: paired differences, how they were made, and every measure with its interval."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from supportsim.demand import fates
from supportsim.measure import catalogue
from supportsim.show.comparison_words import pairing
from supportsim.show.report.table import DASH, Table, headings, number
from supportsim.study.comparison import Comparison, Option
from supportsim.study.comparison_folder import sha256
from supportsim.study.words import several

_HEADS = headings(
    "measure", "unit", "base", "option", "difference", "95 % interval of the mean difference",
    "5–95 % of single days", "correlation", ("pairing", "× replications"), "p", ("p, Holm", "of those named"), "n",
    "that is", ("adjusted", "of how many"),
)  # fmt: skip


def named(comparison: Comparison) -> Table | None:
    """The differences named beforehand, of all options."""
    rows = [row for row in _records(comparison) if (row["selector"], row["measure"]) in comparison.metrics]
    if not rows:
        return None
    caption = f"Differences from {comparison.base.name}, of the measures named beforehand"
    heads = (*headings("option"), *_HEADS)
    cells = [[row["option"], *_difference(row, _money(comparison))] for row in rows]
    return Table(caption, heads, cells, _sums(comparison), words=(0, 1, 2, 13, 14))


def all_of(comparison: Comparison, option: Option) -> Table:
    """Every measure of an option that differs at all from the base."""
    mine = [row for row in _records(comparison) if row["option"] == option.name]
    rows = [row for row in mine if row["verdict"] not in ("", "no difference")]
    alike = len(mine) - len(rows)
    more = f"{several(alike, 'more measure')} without any difference, or without a value in both: differences.csv. "
    return Table(
        f"{option.name} against {comparison.base.name}: every measure that differs",
        _HEADS, [_difference(row, _money(comparison)) for row in rows], more * bool(alike) + _sums(comparison),
        words=(0, 1, 12, 13), long=True,
    )  # fmt: skip


def _sums(comparison: Comparison) -> str:
    """Of how long sums are, where the first page tells them by the week."""
    days = len(comparison.base.result.yardstick.grid.dates)
    told = f"Sums of money, hours and contacts are those of all {days} days; the first page gives them a week."
    return told if comparison.weekly and days > 7 else ""


def _records(comparison: Comparison) -> list[dict[Any, Any]]:
    return comparison.differences.to_dict("records")


def _money(comparison: Comparison) -> str:
    return comparison.base.result.scenario.currency or "money"


def _difference(row: dict[Any, Any], money: str) -> list[str]:
    unit = row["unit"]
    by = 100 if unit == "share" else 1
    interval = _pair(row["difference_ci_low"], row["difference_ci_high"], by)
    days = _pair(row["day_difference_p05"], row["day_difference_p95"], by)
    return [
        f"{row['selector']}.{row['measure']}", money if unit == "currency" else _unit(unit),
        *(number(by * row[name]) for name in ("base", "option_mean", "difference")), interval, days,
        number(row["correlation"], 2), pairing(row["variance_reduction"]),
        _p(row["p"]), _p(row["p_holm"]), str(row["n"]), row["verdict"],
        f"together, {row['family']}" if row["adjusted"] == "together" else row["adjusted"],
    ]  # fmt: skip


def _unit(unit: str) -> str:
    return {"share": "%", "": "number", "s2": "s²"}.get(unit, unit)


def _pair(low: float, high: float, by: float) -> str:
    return DASH if math.isnan(low) else f"{number(by * low, counting=3)} to {number(by * high, counting=3)}"


def _p(value: float) -> str:
    return DASH if math.isnan(value) else "< 0.001" if value < 0.001 else f"{value:.3f}"


def summary(option: Option) -> Table:
    """Every measure of a run, as in summary.csv."""
    return Table(
        f"{option.name}: every measure",
        headings("measure", "unit", ("mean", "of counted time"), "95 % interval of the mean",
                 ("single days", "mean of one"), ("single days", "5–95 %"), "n", "method"),
        [_measure(row) for row in option.result.summary.to_dict("records")],
        "Counts and sums under “mean” are those of all counted time, under “single days” those of one day.",
        words=(0, 1, 7), long=True,
    )  # fmt: skip


def _measure(row: dict[Any, Any]) -> list[str]:
    unit = catalogue.measure(row["measure"]).unit
    by = 100 if unit == "share" else 1
    return [
        f"{row['selector']}.{row['measure']}", row["unit"] if unit == "currency" else _unit(unit),
        number(by * row["mean"]), _pair(row["mean_ci_low"], row["mean_ci_high"], by),
        number(by * row["day_mean"]), _pair(row["day_p05"], row["day_p95"], by), str(row["n"]), row["method"],
    ]  # fmt: skip


def played(comparison: Comparison) -> Table:
    """What to write to play it again: a row for each option."""
    rows = []
    for option in comparison.options:
        result = option.result
        own = f"{result.policy.name} {result.policy.sha256}" if result.policy else result.scenario.policy
        rows.append([
            option.name, result.scenario.name, result.hash, str(result.seed), f"{result.n} of {result.requested}",
            own, _journals(result.journal_xxh128),
        ])  # fmt: skip
    return Table(
        "What was played",
        headings("option", "scenario", ("scenario", "SHA-256"), "seed", ("replications", "finished"), "policy",
                 ("journals", "SHA-256 of the hashes of all, in order")),
        rows, words=(0, 1, 2, 5, 6),
    )  # fmt: skip


def _journals(hashes: tuple[str, ...]) -> str:
    from hashlib import sha256 as digest

    return digest("\n".join(hashes).encode()).hexdigest() if hashes else "none kept"


def facts(comparison: Comparison) -> list[tuple[str, str]]:
    """How the numbers were made, in sentences."""
    base = comparison.base.result
    found = [
        ("Replications", f"numbers {_numbers(base.finished)} of seed {base.seed}; replication k of a seed is the same "
         f"for ever (fates version {fates.VERSION}), so that more can be added later."),
        ("Intervals", "a measure is a ratio of sums (or a count, or a quantile) within one replication; its mean over "
         "replications has a 95 % Student interval, mean ± t(n − 1) s / √n. Quantiles are taken in each replication "
         "and then averaged; waits of several replications are never pooled for one. The share kept in an interval of "
         "the day or week is the sum kept / the sum judged over all replications, with Fieller's interval."),
        ("Single days and periods", "ranges named so are 5 % and 95 % quantiles of days, weeks or other judged periods "
         "over all replications; they say what one of them may bring, and stand apart from intervals of the mean."),
    ]  # fmt: skip
    return found + (_paired(comparison) if comparison.others else [])


def _paired(comparison: Comparison) -> list[tuple[str, str]]:
    factors = [c.found.variance_reduction for c in comparison.changes if (c.selector, c.measure) in comparison.metrics]
    real = [factor for factor in factors if math.isfinite(factor)]
    gain = f" Of the measures named beforehand the median factor is {np.median(real):.1f}." if real else ""
    return [
        ("Pairing", "replication k of each option has the same customers, problems, instants, work, patience and "
         "decisions; a difference is option minus base, replication by replication. Correlation is that of the two "
         "over replications; pairing is (var base + var option) / var difference: how many times as many replications "
         f"options with customers of their own would take for the same interval.{gain}"),
        ("Several comparisons", "p of the measures named beforehand is adjusted together over all options by Holm's "
         "method; every other row stands alone, and about five in a hundred rows in which nothing changes are called "
         "better, worse, more or less. An interval that holds 0 is too close to call."),
        ("Named beforehand", ", ".join(".".join(key) for key in comparison.metrics) or "nothing"),
        ("Comparison", f"SHA-256 of the scenarios' hashes in order: {sha256(comparison)}"),
    ]  # fmt: skip


def _numbers(finished: tuple[int, ...]) -> str:
    if finished == tuple(range(finished[0], finished[-1] + 1)):
        return f"{finished[0]} to {finished[-1]}"
    return ", ".join(str(number) for number in finished)
