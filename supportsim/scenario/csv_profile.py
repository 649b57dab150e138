"""Profiles (when in a week things happen) and curves (how long something lasts), read from CSV.

**Profile**: columns day,start,share; a row per interval, `day` mon .. sun.  Shares are all written with %,
and then add up to 100 % within half a percent, or all without, and then are weights of any size.  Either way
they are divided by their sum.  Hours and days that are not listed have no share; inside a day none may be
missing.

**Curve**: columns seconds,share_longer; a row per point of a survival curve: the share of all that lasts
longer than so many seconds, straight between the points.  It begins at 1 (100 %) at 0 seconds, written or
not.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from supportsim.scenario.csv_grid import Grid, Needed, cell_length, check_days, check_grid, check_order
from supportsim.scenario.csv_text import Clerk, CsvFile, EnoughError, Reading, check_columns
from supportsim.scenario.csv_values import amount, share, wall_time, weekday
from supportsim.scenario.errors import Faults
from supportsim.scenario.model import Law, Profile
from supportsim.scenario.ticks import DAY, SECOND
from supportsim.scenario.units import Wrong

#: Shares written with % may miss 100 % by this much, as rounded ones do.
TOLERANCE = 0.005 + 1e-9
MOST_ROWS = 100_000
_LONGEST = 100 * 86_400.0  # seconds: one amount of work
_weekday = partial(weekday, dated="a profile is a week without dates")


def read_profile(path: Path, file: str, faults: Faults, name: str) -> Reading[Profile]:
    """The profile in `path`; `file` is its name in messages.  Faults are added to `faults`, never raised."""
    clerk = Clerk(file, faults)
    try:
        with CsvFile(path, clerk) as text:
            grid, shares = _profile_rows(text, clerk)
        if not clerk.clean:
            return clerk.reading(None)
        check_order(clerk, grid, "start")
        cell = cell_length(clerk, grid, "start")
        check_grid(clerk, grid, "start", cell, False, "write 0 where nothing is meant")
        check_days(clerk, grid, "start", Needed(), gaps_zero=True)
        return clerk.reading(Profile(name, cell, _normalised(clerk, grid, cell, shares)))
    except EnoughError:
        return Reading(None, tuple(clerk.notes))


def _profile_rows(text: CsvFile, clerk: Clerk) -> tuple[Grid, list[float]]:
    places = check_columns(clerk, text.header, ("day", "start", "share"))
    grid, shares = Grid(repeats=True), []
    percents: set[bool] = set()
    for line, row in text.each(MOST_ROWS):
        day = clerk.value(line, "day", row[places["day"]], _weekday)
        start = clerk.value(line, "start", row[places["start"]], wall_time)
        found = clerk.value(line, "share", row[places["share"]], share)
        if found is not None and len(percents | {found[1]}) > len(percents) > 0:
            clerk.note(line, "share", row[places["share"]], "all shares with % or all without")
        if found is not None:
            percents.add(found[1])
        if day is not None and start is not None and found is not None:
            grid.add(line, day, start)
            shares.append(found[0])
    if clerk.clean and percents == {True} and abs(sum(shares) - 1) > TOLERANCE:
        rule = "shares that add up to 100%"
        clerk.note(None, "share", f"{100 * sum(shares):.6g}%", rule, "or weights, without %")
    return grid, shares


def _normalised(clerk: Clerk, grid: Grid, cell: int, shares: list[float]) -> tuple[float, ...]:
    """Shares of the 7 x (24 h / cell) cells of a week from Monday 00:00, adding up to 1."""
    whole = sum(shares)
    if not whole > 0:
        raise clerk.stop(None, "share", "0 in every row", "a share above 0 somewhere")
    week = [0.0] * (7 * DAY // cell)
    for day, start, value in zip(grid.days, grid.starts, shares, strict=True):
        week[(day * DAY + start) // cell] = value / whole
    return tuple(week)


def read_curve(path: Path, file: str, faults: Faults, tail_mean: int | None = None) -> Reading[Law]:
    """The empirical law of a survival curve; beyond its end an exponential of mean `tail_mean` ticks."""
    clerk = Clerk(file, faults)
    try:
        with CsvFile(path, clerk) as text:
            lines, seconds, longer = _curve_rows(text, clerk)
        if not clerk.clean:
            return clerk.reading(None)
        if seconds[0] > 0:
            lines, seconds, longer = [1, *lines], [0.0, *seconds], [1.0, *longer]
        _check_curve(clerk, lines, seconds, longer, tail_mean)
        knots = tuple(float(round(s * SECOND)) for s in seconds)
        passed = tuple(1 - each for each in longer)
        tail = float(tail_mean or 0) if longer[-1] > 0 else 0.0
        return clerk.reading(Law("empirical", knots, passed, tail_mean=tail))
    except EnoughError:
        return Reading(None, tuple(clerk.notes))


def _curve_rows(text: CsvFile, clerk: Clerk) -> tuple[list[int], list[float], list[float]]:
    places = check_columns(clerk, text.header, ("seconds", "share_longer"))
    lines, seconds, longer = [], [], []
    for line, row in text.each(MOST_ROWS):
        at = clerk.value(line, "seconds", row[places["seconds"]], _seconds)
        found = clerk.value(line, "share_longer", row[places["share_longer"]], _part)
        if at is not None and found is not None:
            lines.append(line)
            seconds.append(at)
            longer.append(found)
    return lines, seconds, longer


def _seconds(text: str) -> float:
    rule = "seconds, 0 or more, at most 100 days"
    value = amount(text, rule)
    if value > _LONGEST:
        raise Wrong(rule)
    return value


def _part(text: str) -> float:
    value, _ = share(text)
    if value > 1:
        raise Wrong("a share between 0 and 1, as 0.85 or 85%", f"write {text}%" if value <= 100 else "")
    return value


def _check_curve(
    clerk: Clerk, lines: list[int], seconds: list[float], longer: list[float], tail_mean: int | None
) -> None:
    if len(seconds) < 2:
        clerk.note(None, "", "one point", "a curve of two points or more")
    for row in range(1, len(seconds)):
        if seconds[row] <= seconds[row - 1]:
            got = f"{seconds[row]:g} after {seconds[row - 1]:g}"
            clerk.note(lines[row], "seconds", got, "seconds that rise from row to row")
        if longer[row] > longer[row - 1]:
            got = f"{longer[row]:g} after {longer[row - 1]:g}"
            clerk.note(lines[row], "share_longer", got, "a share that never rises")
    if longer[-1] > 0 and not tail_mean:
        hint = "say how the rest goes on: tail_mean: 6 min"
        clerk.note(lines[-1], "share_longer", f"{longer[-1]:g} at the end", "a curve that comes down to 0", hint)
