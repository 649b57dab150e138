"""People, not contacts: how many customers were let down or never served, option by option."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from supportsim.measure.sums import Floats
from supportsim.show.report.table import DASH, Table, headings, number
from supportsim.study.comparison import Comparison, Key, Option
from supportsim.study.estimate import Estimate, student
from supportsim.study.words import several

MOST = 40  # rows; more are not for a first page


class _Line(NamedTuple):
    """One fact: of whom it speaks, what it is, and the measure (column 2: its value, 0: its numerator)."""

    who: str
    what: str
    key: Key
    column: int = 2


def people(comparison: Comparison) -> Table | None:
    """A row for each fact about a segment, a column for each option; None without a customer, or with too many rows."""
    lines = [line for line in _lines(comparison) if _cell(comparison, comparison.base, line) != DASH]
    if not lines or len(lines) > MOST:
        return None
    days = several(len(comparison.base.result.yardstick.grid.dates), "day")
    unnamed = any(segment.customers is None for segment in comparison.base.result.scenario.segments)
    note = "Each customer counts once in a row, however often it happened; means of the plays, over all days counted. "
    note += "An anonymous customer is another one with every issue. " if unnamed else ""
    note += f"In brackets the difference from {comparison.base.name}, play by play." if comparison.others else ""
    return Table(
        f"In people, in {days}",
        headings("who", "what", *(option.name for option in comparison.options)),
        [[line.who, line.what, *(_cell(comparison, option, line) for option in comparison.options)] for line in lines],
        note, words=(0, 1),
    )  # fmt: skip


def _lines(comparison: Comparison) -> Iterator[_Line]:
    scenario = comparison.base.result.scenario
    several_ = len(scenario.segments) > 1
    for segment in scenario.segments:
        selector = segment.name if several_ else "all"
        yield _Line(segment.name, "customers with an issue", (selector, "people"))
        yield from _broken(comparison, segment.name)
        yield _Line(segment.name, "customers with an issue never answered", (selector, "people_never_served"))
        yield _Line(segment.name, "issues solved at the first try", (selector, "solved_first_share"), 0)


def _broken(comparison: Comparison, segment: str) -> Iterator[_Line]:
    """Of each promise that speaks of this segment alone the whole of it, of others each of its channels there."""
    scenario = comparison.base.result.scenario
    for scope in comparison.base.result.yardstick.scopes:
        promise = scenario.promises[scope.promise]
        covered = {q.segment for q, mine in zip(scenario.queues, promise.queues, strict=True) if mine}
        alone = covered == {segment}
        if scope.selector.split(" ")[0] != ("" if alone else segment):
            continue
        name = f"{promise.name} {scope.selector}".strip()
        where = "" if alone else f" on {scope.selector.split(' ')[1]}"
        yield _Line(segment, f"{promise.name} not kept to them{where}, at least once", (name, "people_broken"))


def _cell(comparison: Comparison, option: Option, line: _Line) -> str:
    """`212 ± 4 (−151 ± 5)`."""
    places, base = option.result.yardstick.places, comparison.base.result
    if line.key not in places:
        return DASH
    found = student(_values(option, line))
    if math.isnan(found.mean):
        return DASH
    told = _known(found)
    if option is comparison.base:
        return told
    wanted = set(base.finished) & set(option.result.finished)
    mine, theirs = (
        _values(each, line)[[number_ in wanted for number_ in each.result.finished]]
        for each in (option, comparison.base)
    )
    change = student(mine - theirs)
    sign = "+" if change.mean > 0 else ""
    return f"{told} ({'same' if not (mine != theirs).any() else sign + _known(change)})"


def _values(option: Option, line: _Line) -> Floats:
    """By replication."""
    return option.result.rows[:, option.result.yardstick.places[line.key], line.column]


def _known(found: Estimate) -> str:
    digits = 0 if abs(found.mean) >= 20 else 1
    half = "" if math.isnan(found.half) or round(found.half, digits) == 0 else f" ± {number(found.half, digits)}"
    return number(found.mean, digits) + half
