"""Who stays and what an option saves first and loses later, in sentences; every number stands in the tables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim.measure.experience import HIGH, LOW, OPINIONS, STATED
from supportsim.scenario.ticks import MONTH
from supportsim.study.ahead import turns
from supportsim.study.estimate import Estimate, student
from supportsim.study.months import told_of
from supportsim.study.result import Result
from supportsim.study.verdicts import number
from supportsim.study.words import several

if TYPE_CHECKING:
    from supportsim.study.feedback import Months

UNKNOWN = "nobody knows these odds: what rests on them is told three times, and an interval is chance alone"


def sentences(found: Months) -> list[str]:
    """Each option, each against the first one, and what all of it rests on."""
    first = found.plays[0].result
    n = min(play.result.n for play in found.plays)
    one = ["One play of each decides nothing: play more replications."] if n == 1 else []
    return [
        *(_stays(found, option) for option in found.options if _is_played(found, option)),
        *_against(found), *one,
        f"{UNKNOWN[0].upper()}{UNKNOWN[1:]}. Means over {several(n, 'replication')} of each, seed {first.seed}; in "
        "brackets 95 % intervals, each for itself.",
    ]  # fmt: skip


def _is_played(found: Months, option: str) -> bool:
    """At all three opinions."""
    return sum(play.option == option for play in found.plays) == len(OPINIONS)


def over(result: Result) -> str:
    """How long is counted: `24 months`, or days where that is less than two."""
    edges = result.yardstick.grid.month_edges
    months = round(int(edges[-1] - edges[0]) / MONTH)
    return several(months, "month") if months >= 2 else several(len(result.yardstick.grid.dates), "day")


def _stays(found: Months, option: str) -> str:
    """How many are there at the end, at each opinion."""
    result = found.of(option, OPINIONS[STATED])
    told = [_customers(found.of(option, odds)) for odds in OPINIONS]
    begin, low, end, high = told[STATED][0].mean, *(told[k][1] for k in (LOW, STATED, HIGH))
    return (
        f"{option}: {number(round(end.mean), '')} customers are there after {over(result)}{_interval(end)} at the odds "
        f"stated, {number(round(low.mean), '')} at low and {number(round(high.mean), '')} at high ones; "
        f"{number(round(begin), '')} at the begin."
    )


def _customers(result: Result) -> tuple[Estimate, Estimate]:
    """Those who may leave, at the begin and at the end of counted time."""
    told = told_of(result, np.flatnonzero(result.yardstick.leaves).tolist())
    return student(told["customers_begin"][:, 0]), student(told["customers_end"][:, -1])


def _interval(found: Estimate) -> str:
    """` (1 204 to 1 310)`; nothing where no chance is in it, or nobody knows."""
    if math.isnan(found.low):
        return ""
    low, high = (number(round(end), "") for end in (found.low, found.high))
    return "" if low == high else f" ({low} to {high})"


def _against(found: Months) -> Iterator[str]:
    """What each option saves now, and where it is at the end of counted time."""
    table = found.ahead
    for option in found.options[1:] if table is not None else ():
        assert table is not None
        low, stated, high = (_where(table, option, odds) for odds in OPINIONS)
        first, result = _rows(table, option, OPINIONS[STATED])[0], found.of(option, OPINIONS[STATED])
        yield (
            f"{option} against {found.options[0]}: it {_saves(first)} in {first['month']}; by income less cost after "
            f"{over(result)} it is at the odds stated {stated}; at low odds {low}; at high odds {high}."
        )


def _rows(table: pd.DataFrame, option: str, odds: str) -> list[dict[Any, Any]]:
    return table[(table["option"] == option) & (table["odds"] == odds)].to_dict("records")


def _estimate(row: dict[Any, Any], name: str) -> Estimate:
    return Estimate(row[name], row[f"{name}_ci_low"], row[f"{name}_ci_high"], row["n"])


def _saves(row: dict[Any, Any]) -> str:
    """What of cost the first month has less or more."""
    cost = _estimate(row, "cost")
    if abs(cost.mean) < 0.5:
        return "costs the same"
    word, than = ("saves", "") if cost.mean < 0 else ("costs", " more")
    return f"{word} {_amount(cost, row)}{than}{_known(cost, ('saved', 'more'))}"


def _where(table: pd.DataFrame, option: str, odds: str) -> str:
    """`5 310 EUR behind (4 100 to 6 520), from 2027-12 on` at the end, or that chance alone may make it either."""
    row = _rows(table, option, odds)[-1]
    last = _estimate(row, "ahead")
    if abs(last.mean) < 0.5:
        return "even"
    word, _, when = turns(table, option, odds).partition(" ")
    return f"{_amount(last, row)} {word}{_known(last, ('behind', 'ahead'))}, {when}"


def _amount(found: Estimate, row: dict[Any, Any]) -> str:
    return f"{number(round(abs(found.mean)), '')} {row['currency']}".rstrip()


def _known(found: Estimate, words: tuple[str, str]) -> str:
    """The interval without signs; where it holds 0 that either may be, in words for below 0 and above."""
    if found.n < 2:
        return ""
    if found.low <= 0 <= found.high:
        low, high = (number(round(abs(end)), "") for end in (found.low, found.high))
        return f" (too close to call: between {low} {words[0]} and {high} {words[1]})"
    low_, high_ = sorted((abs(found.low), abs(found.high)))
    return _interval(found._replace(low=low_, high=high_))
