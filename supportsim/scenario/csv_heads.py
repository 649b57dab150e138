"""Heads: how many of a team are at work, as a curve in local wall time whose rows name the changes.

Two forms, told apart by their columns:

* `start,heads[,team]`: from each local time on so many, none before the first row;
* `day,start,heads[,team]`: a week without dates (mon .. sun), which repeats; before its first row holds its last.

A number holds until the next row, so hours without a row are no gaps, and an evening needs a row of 0.  Where a
file has the column team a team reads the rows that name it; so several teams may share one file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from supportsim.scenario.csv_grid import Grid, check_order
from supportsim.scenario.csv_text import Clerk, CsvFile, EnoughError, Reading, check_columns
from supportsim.scenario.csv_values import stamp, wall_time, weekday
from supportsim.scenario.errors import Faults, nearest
from supportsim.scenario.ticks import DAY
from supportsim.scenario.timeline import Timeline
from supportsim.scenario.units import Wrong, whole

MOST_ROWS = 200_000
MOST_HEADS = 100_000

Curve = tuple[tuple[int, int], ...]

_heads = whole(0, MOST_HEADS, f"heads, a whole number from 0 to {MOST_HEADS}")
_weekday = partial(weekday, dated="a file with dates has the columns start, heads")


@dataclass(frozen=True)
class Roster:
    """Whose heads are read, and on which clock."""

    team: str
    teams: Collection[str]  # the names there are
    timeline: Timeline
    zone: str


def read_heads(path: Path, file: str, faults: Faults, roster: Roster) -> Reading[Curve]:
    """(tick since the counted start, heads from then on) over the whole play: strictly increasing, changes only.

    `file` is the name in messages.  Faults are added to `faults`, never raised.  What the rows before the begin of
    play leave is in force at its first tick.
    """
    clerk = Clerk(file, faults)
    try:
        with CsvFile(path, clerk) as text:
            grid, heads = _rows(text, clerk, roster)
        check_order(clerk, grid, "start")
        if not clerk.clean:
            return clerk.reading(None)
        curve = _curve(_changes(grid, heads, roster), roster.timeline)
        if not curve:
            _warn_of_nobody(clerk, grid, heads, roster)
        elif not grid.repeats:
            _check_ends(clerk, grid, heads, roster)
        return clerk.reading(curve)
    except EnoughError:
        return Reading(None, tuple(clerk.notes))


def _rows(text: CsvFile, clerk: Clerk, roster: Roster) -> tuple[Grid, list[int]]:
    """The team's own rows: when, and how many heads."""
    repeats = "day" in text.header
    needed = ("day", "start", "heads") if repeats else ("start", "heads")
    places = check_columns(clerk, text.header, needed, ("team",))
    grid, heads = Grid(repeats), list[int]()
    seen: dict[str, None] = {}
    for line, row in text.each(MOST_ROWS):
        at = _when(clerk, line, row, places, repeats)
        number = clerk.value(line, "heads", row[places["heads"]], _heads)
        if "team" in places and not _is_own(clerk, line, row[places["team"]], roster, seen):
            continue
        if at is not None and number is not None:
            grid.add(line, *at)
            heads.append(number)
    if not len(grid) and clerk.clean:
        clerk.note(None, "team", "only rows of " + ", ".join(list(seen)[:10]), f"rows of {roster.team}")
    return grid, heads


def _when(clerk: Clerk, line: int, row: list[str], places: dict[str, int], repeats: bool) -> tuple[int, int] | None:
    """(day, ticks since midnight) of a row, None where that is noted as a fault."""
    if not repeats:
        return clerk.value(line, "start", row[places["start"]], _stamp)
    day = clerk.value(line, "day", row[places["day"]], _weekday)
    start = clerk.value(line, "start", row[places["start"]], wall_time)
    return None if day is None or start is None else (day, start)


def _stamp(text: str) -> tuple[int, int]:
    """(ordinal of the date, ticks since midnight) of a local time."""
    try:
        return stamp(text)[:2]
    except Wrong as wrong:
        raise Wrong(wrong.expected, wrong.hint.partition("; totals")[0]) from None  # of a forecast, not of heads


def _is_own(clerk: Clerk, line: int, name: str, roster: Roster, seen: dict[str, None]) -> bool:
    """Whether a row is of the team; a team that does not exist is noted, once."""
    if name not in seen:
        seen[name] = None
        if name not in roster.teams:
            clerk.note(line, "team", name or "an empty cell", "a team of the scenario", nearest(name, roster.teams))
    return name == roster.team


def _warn_of_nobody(clerk: Clerk, grid: Grid, heads: list[int], roster: Roster) -> None:
    """Warn of a curve that is 0 in all of play, be it that its rows are of another time."""
    told = f"team {roster.team} has no heads at any time"
    if any(heads):
        told += f" of play: its rows are of {grid.at(0)}" + (f" to {grid.at(len(grid) - 1)}" if len(grid) > 1 else "")
    clerk.warn(told)


def _check_ends(clerk: Clerk, grid: Grid, heads: list[int], roster: Roster) -> None:
    """Warn of more than a day of play before the first row, or after a last row that is not 0."""
    tick = partial(_tick, roster)
    first, last = tick(grid.days[0], grid.starts[0]), tick(grid.days[-1], grid.starts[-1])
    if first > DAY:
        clerk.warn(f"team {roster.team} has no heads before {grid.at(0)}, and play begins earlier")
    if heads[-1] and roster.timeline.end - last > DAY:
        row = len(grid) - 1
        clerk.warn(f"team {roster.team} keeps {heads[-1]} heads from {grid.at(row)} to the end of play")


def _tick(roster: Roster, day: int, start: int) -> int:
    """The tick since the begin of play of a local time."""
    return roster.timeline.tick(date.fromordinal(day), start, roster.zone)


def _changes(grid: Grid, heads: list[int], roster: Roster) -> Iterator[tuple[int, int]]:
    """(tick since the begin of play, heads) in order of time; of a repeating week from one week before play on."""
    rows = list(zip(grid.days, grid.starts, heads, strict=True))
    if not grid.repeats:
        yield from ((_tick(roster, day, start), number) for day, start, number in rows)
        return
    first = roster.timeline.local(0, roster.zone).date()
    monday = (first - timedelta(days=first.weekday() + 7)).toordinal()
    while _tick(roster, monday, 0) < roster.timeline.end:
        yield from ((_tick(roster, monday + day, start), number) for day, start, number in rows)
        monday += 7


def _curve(changes: Iterable[tuple[int, int]], timeline: Timeline) -> Curve:
    """The changes inside play, counted from the counted start.

    Of several rows at one tick (a time the clocks skip, rows before the begin of play) the last holds.
    """
    at: dict[int, int] = {}
    for tick, number in changes:
        if tick < timeline.end:
            at[max(0, tick)] = number
    found: list[tuple[int, int]] = []
    for tick, number in at.items():
        if number != (found[-1][1] if found else 0):
            found.append((tick - timeline.counted_from, number))
    return tuple(found)
