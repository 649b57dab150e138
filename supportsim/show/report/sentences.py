"""What the first page says in sentences: the verdict of the study, for readers who play no simulations."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from supportsim.show.report.table import known as known_to
from supportsim.show.report.table import percent, span
from supportsim.study import verdicts
from supportsim.study.comparison import Comparison, Option, values
from supportsim.study.estimate import Estimate, on_target, student
from supportsim.study.resize import same_roster
from supportsim.study.words import MOST, several

_PERIODS = {"daily": "days", "weekly": "weeks", "monthly": "months", "all": "plays"}
#: Ends of sentences of the study; names stand before them and stay as they are.
_ENDS = re.compile(r"(these |\d+ )replications( can show\.| would decide\)\.)$")


def verdict(comparison: Comparison) -> list[str]:
    """Of a run sentence by sentence, else option by option; what a resized roster does to waits is in the table."""
    if not comparison.others:
        return list(_of_run(comparison))
    found = []
    for option in comparison.others:
        lines = [verdicts.headline(comparison, option)] if option.result.scenario.promises else []
        lines += [] if option.resized_from else [verdicts.differences(comparison, option)]
        found.append(" ".join(_plays(line) for line in (*lines, verdicts.hours(comparison, option))))
    return found


def _plays(sentence: str) -> str:
    """The same with the word that everybody knows."""
    return _ENDS.sub(r"\1plays\2", sentence)


def known(comparison: Comparison) -> str:
    """What the ± is, and what it is not; what is missing."""
    n = min(option.result.n for option in comparison.options)
    one = "One play decides nothing: play it more often. " if n == 1 else ""
    notes = "".join(f"{note}. " for note in comparison.notes)
    return f"{notes}{one}± is chance with these inputs alone, not how wrong the inputs may be."


def roster(comparison: Comparison) -> str:
    """What the two kinds of rows are, where both can be."""
    base = comparison.base
    if not any(same_roster(base.result.scenario, option.result.scenario) for option in comparison.others):
        return ""
    return (
        f"An option with the same roster is played with the people of {base.name}, so that less work makes them less "
        "busy and fewer customers wait, but changes no paid hour; “roster resized by work” is the same option once "
        "more, each team with as many people more or fewer as it has more or less work."
    )


def _of_run(comparison: Comparison) -> Iterator[str]:
    """A sentence for each promise, one on who hangs up, one on hours."""
    option = comparison.base
    rows = option.result.promises.to_dict("records")
    for row in rows:
        if row["selector"] == "all":
            yield _promise(row)
    yield from lost(option)
    yield hours(comparison, option)


def _promise(row: dict[Any, Any]) -> str:
    what = f"{'answer' if row['clock'] == 'answer' else 'first reply'} in {row['limit']}"
    head = f"{row['promise']} ({what}, {percent(row['target'], 0)} promised)"
    if math.isnan(row["kept_share"]):
        return f"{head}: nobody came to whom it was promised."
    call = row["verdict"]
    half = max(row["kept_ci_high"] - row["kept_share"], row["kept_share"] - row["kept_ci_low"])
    mean = f"{percent(row['kept_share'])} on average{known_to(half, 100)}"
    periods = _PERIODS[row["judged"]]
    return (
        f"{head}: {call}. {mean}; single {periods} {span(row['period_p05'], row['period_p95'])}, of which "
        f"{100 * row['periods_kept_share']:.0f} in 100 reach the target.{_decide(row)}"
    )


def _decide(row: dict[Any, Any]) -> str:
    needed = row["replications_to_decide"]
    if row["verdict"] != "too close to call" or row["replications"] < 2:
        return ""
    seen = Estimate(row["kept_share"], row["kept_ci_low"], row["kept_ci_high"], row["replications"])
    if on_target(seen, row["target"]):
        return " It sits on its target."
    if needed is None or math.isnan(needed):
        return f" Not even {MOST} plays would decide."
    return f" Perhaps {needed:.0f} plays would decide."


def lost(option: Option) -> Iterator[str]:
    """Who hangs up, channel by channel."""
    places = option.result.yardstick.places
    for channel in option.result.scenario.channels:
        key = (channel.name, "abandoned_share")
        if channel.kind == "live" and key in places:
            found = student(values(option.result, key))
            if found.n:
                share = f"{percent(found.mean)}{known_to(found.half, 100)}"
                yield f"On {channel.name} {share} of those who come hang up before they are answered."


def hours(comparison: Comparison, option: Option) -> str:
    """What is paid, and overtime beside it."""
    paid = student(values(option.result, ("all", "paid_hours"))).mean / comparison.periods
    overtime = student(values(option.result, ("all", "overtime_hours"))).mean / comparison.periods
    beside = f"{verdicts.number(overtime, 'h')} of overtime worked beside them"
    return f"{verdicts.number(paid, 'h')} are paid {each(comparison)}, and {beside}."


def each(comparison: Comparison) -> str:
    """Of what sums are told: `a week`, `in 3 days`."""
    days = len(comparison.base.result.yardstick.grid.dates)
    return comparison.each if comparison.weekly else f"in {several(days, 'day')}"
