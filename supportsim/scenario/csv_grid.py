"""Rows that belong to intervals: their order, the length of an interval, gaps, and the days they cover.

The length of an interval is the commonest distance between neighbouring rows of one day; it must divide an
hour, and intervals begin at its multiples from midnight.  A day's rows need not begin at midnight (outside
the hours listed nothing arrives), but between the first and the last of a day none may be missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from supportsim.scenario.csv_text import Clerk, EnoughError
from supportsim.scenario.csv_values import named_day
from supportsim.scenario.frozen import frozen
from supportsim.scenario.ticks import HOUR, MINUTE, clock

GAPS = "write 0, or gaps: zero in the stream if nothing is meant"


@dataclass
class Grid:
    """Rows in order of the file: line, day (ordinal of a date, or weekday), begin (ticks since midnight)."""

    repeats: bool  # days are weekdays of a week without dates
    lines: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.days)

    def add(self, line: int, day: int, start: int) -> None:
        self.lines.append(line)
        self.days.append(day)
        self.starts.append(start)

    def at(self, row: int) -> str:
        """The row's interval in words."""
        return f"{named_day(self.days[row], self.repeats)} {clock(self.starts[row])}"


def check_order(clerk: Clerk, grid: Grid, column: str) -> None:
    """Rows must rise in time, each interval once.  Raises EnoughError: nothing else makes sense before."""
    for row in range(1, len(grid)):
        before = (grid.days[row - 1], grid.starts[row - 1])
        here = (grid.days[row], grid.starts[row])
        if here == before:
            clerk.note(grid.lines[row], column, grid.at(row), "each interval once", f"as line {grid.lines[row - 1]}")
        elif here < before:
            hint = f"it comes after {grid.at(row - 1)}: sort the file"
            clerk.note(grid.lines[row], column, grid.at(row), "rows in order of time", hint)
    if not clerk.clean:
        raise EnoughError


def cell_length(clerk: Clerk, grid: Grid, column: str) -> int:
    """The length of an interval in ticks.  Raises EnoughError where the rows do not tell a usable one."""
    steps = [
        grid.starts[row] - grid.starts[row - 1] for row in range(1, len(grid)) if grid.days[row] == grid.days[row - 1]
    ]
    return commonest(clerk, steps, column)


def commonest(clerk: Clerk, distances: Sequence[int], column: str, line: int | None = None) -> int:
    """The commonest distance between neighbours (of several the smallest), which must divide an hour."""
    steps = Counter(distances)
    if not steps:
        got = "no two intervals of one day"
        raise clerk.stop(line, column, got, "two intervals of one day, which tell how long one is")
    most = max(steps.values())
    length = min(step for step, times in steps.items() if times == most)
    if length < MINUTE or HOUR % length:
        got = f"intervals of {length / MINUTE:g} min"
        raise clerk.stop(line, column, got, "a length that divides an hour: 5, 10, 15, 20, 30 or 60 min")
    return length


def check_grid(clerk: Clerk, grid: Grid, column: str, length: int, gaps_zero: bool, hint: str) -> None:
    """Rows off the grid are faults; missing rows inside a day are, unless they mean zero."""
    for row in range(len(grid)):
        if grid.starts[row] % length:
            rule = f"intervals of {length // MINUTE} min, from midnight"
            clerk.note(grid.lines[row], column, grid.at(row), rule)
        elif row and not gaps_zero and grid.days[row] == grid.days[row - 1]:
            missing = (grid.starts[row] - grid.starts[row - 1]) // length - 1
            if missing > 0:
                got = f"nothing from {clock(grid.starts[row - 1] + length)} to {clock(grid.starts[row])}"
                rule = f"a row for every {length // MINUTE} min of {named_day(grid.days[row], grid.repeats)}"
                clerk.note(grid.lines[row], column, got, rule, hint)


@frozen
class Needed:
    """The dates a file must cover: all that are played; `start` is the first counted one, where it is known."""

    dates: Sequence[date] = ()
    start: date | None = None


def check_days(clerk: Clerk, grid: Grid, column: str, needed: Needed, gaps_zero: bool) -> None:
    """Every day between the first and the last must be there, and the file must cover the `needed` dates.

    With `gaps_zero` missing days are empty ones, and the file speaks for the whole weeks, Monday to Sunday,
    that its rows touch.  A week without dates need not name its first and last days.
    """
    listed = sorted(set(grid.days))
    if not listed:
        return
    if not gaps_zero:
        lines = dict(zip(reversed(grid.days), reversed(grid.lines), strict=True))  # first line of each day
        for before, after in pairwise(listed):
            if after - before > 1:
                got = f"nothing on {named_day(before + 1, grid.repeats)}"
                clerk.note(lines[after], column, got, "a row for every day", GAPS)
    if not grid.repeats:
        _check_cover(clerk, column, listed, needed, gaps_zero)


def _check_cover(clerk: Clerk, column: str, listed: list[int], needed: Needed, gaps_zero: bool) -> None:
    first, last = date.fromordinal(listed[0]), date.fromordinal(listed[-1])
    begin, end = first.toordinal(), last.toordinal()
    if gaps_zero:
        begin, end = begin - first.weekday(), end + 6 - last.weekday()
    dates = needed.dates
    outside = [day for day in dates if not begin <= day.toordinal() <= end]
    if outside:
        rule = f"rows for every day that is played, {dates[0]} to {dates[-1]}"
        hint = f"nothing for {outside[0]}"
        if not gaps_zero and _same_week(outside, first, last):
            hint += "; gaps: zero, written in the stream beside the file, lets it speak for whole weeks"
        clerk.note(None, column, f"{first} to {last}", rule, hint + _other_start(first, last, needed))


def _other_start(first: date, last: date, needed: Needed) -> str:
    """The start with which play would begin where the file does, unless only the end of the file is short."""
    begin, end = needed.dates[0], needed.dates[-1]
    short_at_its_end = first <= begin <= last and first + (end - begin) > last
    if needed.start is None or first == begin or short_at_its_end:
        return ""
    return f"; or write start: {first + (needed.start - begin)}"


def _same_week(outside: list[date], first: date, last: date) -> bool:
    begin, end = first.toordinal() - first.weekday(), last.toordinal() + 6 - last.weekday()
    return all(begin <= day.toordinal() <= end for day in outside)
