"""What a planner tells an Erlang formula, read from text: `100/30min`, `3 min`, `80/20s`, `30%`.

One place for the command line and for `supportsim.erlang`.  Times are in seconds, rates per second, shares fractions.
A text that is none raises Wrong with the rule and, where the cause is known, a hint.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from supportsim.scenario import units
from supportsim.scenario.ticks import SECOND
from supportsim.scenario.units import Wrong

_CALLS = "calls per time, as 100/30min or 200/h"
_TARGET = "a share and a time, as 80/20s or '80% in 20 s'"


class Target(NamedTuple):
    """The share of calls to be answered within so many seconds; None: the time alone."""

    share: float | None
    within: float


def rate(text: str) -> float:
    """`100/30min`, `200/h`, `3/min`: calls per second, above 0."""
    amount, slash, per = (part.strip() for part in text.partition("/"))
    if not slash:
        digits = re.fullmatch(r"[0-9.]+", amount)
        raise Wrong(_CALLS, f"say per what: {amount}/30min or {amount}/h" if digits else "")
    calls = units.number(amount, _CALLS)
    if calls <= 0:
        raise Wrong(f"{_CALLS}, above 0")
    try:
        length = units.positive_duration(per if per[:1].isdigit() else f"1 {per}")
    except Wrong as wrong:
        raise Wrong(_CALLS, wrong.hint) from None
    return float(calls) * SECOND / length


def seconds(text: str) -> float:
    """A duration above 0."""
    return units.positive_duration(text) / SECOND


def target(text: str) -> Target:
    """`80/20s`, `80% in 20 s`: share (below 100 %) and time; `20 s` is a time alone."""
    found = re.fullmatch(r"\s*([0-9.]+)\s*%?\s*(?:/|in|within)\s*(.+)", text)
    if found is None:
        if "%" in text or "/" in text:
            raise Wrong(_TARGET)
        return Target(None, _limit(text))
    bare = re.fullmatch(r"[0-9.]+", found[2].strip())
    if bare:
        raise Wrong(_TARGET, f"a unit is missing: write {found[1]}/{bare[0]}s")
    return Target(_below_all(found[1]), _limit(found[2]))


def _limit(text: str) -> float:
    try:
        return units.duration(text) / SECOND
    except Wrong as wrong:
        raise Wrong(_TARGET, wrong.hint) from None


def _below_all(percent: str) -> float:
    value = units.share(f"{percent}%")
    if not 0 < value < 1:
        raise Wrong("a share above 0% and below 100%", "no number of agents answers every call in time")
    return value


def shrinkage(text: str) -> float:
    """`30%`: from 0 to below 100 %."""
    value = units.share(text)
    if value >= 1:
        raise Wrong("a share from 0% to below 100%")
    return value


def above_nothing(text: str) -> float:
    """`88%`: above 0, at most 100 %."""
    value = units.share(text)
    if value <= 0:
        raise Wrong("a share above 0%, at most 100%")
    return value


def busy(text: str) -> float:
    """`1%`: above 0 and below 100 %."""
    value = units.share(text)
    if not 0 < value < 1:
        raise Wrong("a share above 0% and below 100%")
    return value


def erlangs(text: str) -> float:
    """`12.5` or `12.5 erlang`: traffic, above 0."""
    rule = "traffic in erlangs above 0, as 12.5"
    value = units.number(re.sub(r"\s*(?i:erlangs?|erl)$", "", text.strip()), rule)
    if value <= 0:
        raise Wrong(rule)
    return float(value)
