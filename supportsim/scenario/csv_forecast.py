"""Forecasts: expected contacts interval by interval, in local wall time.

Four forms, told apart by their columns:

* `start,offered[,aht_s][,channel,segment,topic]`: a row per interval, `start` a local time;
* `day,start,offered[,...]`: a week without dates (mon .. sun), which repeats;
* `date,07:00,07:05,...` or `day,07:00,...`: a matrix, a row per day, a column per interval;
* `date,offered[,aht_s][,...]`: totals of days, spread over the day by a profile (`read_daily`).

`aht_s` is talk + hold + wrap-up in seconds.  Where a file has the columns channel, segment or topic a stream
reads the rows that name its own; so several streams may share one file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path

from supportsim.scenario.csv_grid import (
    GAPS,
    Grid,
    Needed,
    cell_length,
    check_days,
    check_grid,
    check_order,
    commonest,
)
from supportsim.scenario.csv_text import Clerk, CsvFile, EnoughError, Own, Reading, check_columns
from supportsim.scenario.csv_values import amount, count, named_day, ordinal, stamp, wall_time, weekday
from supportsim.scenario.errors import Faults, nearest
from supportsim.scenario.model import Cells, Profile
from supportsim.scenario.ticks import DAY, MINUTE, SECOND, clock
from supportsim.scenario.units import Wrong

MOST_ROWS = 2_000_000
LONGEST_AHT = 86_400.0  # seconds
_NAMES = ("channel", "segment", "topic")
_LONG = ("start", "offered")
_WEEK = ("day", "start", "offered")
_DAILY = ("date", "offered")
_weekday = partial(weekday, dated="a file with dates has the columns start, offered")
_weekday_of_matrix = partial(weekday, dated="a matrix of dates has the column date first")
_NO_WORK = re.compile(r"(?:0(?:\.0+)?)?")  # as telephone systems write it beside 0 contacts
_DAY_COLUMN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)
_TIME_COLUMN = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")


@dataclass
class _Rows:
    grid: Grid
    counts: list[float] = field(default_factory=list)
    aht: list[float] = field(default_factory=list)  # ticks; empty where the file has no such column
    length: int = 0  # of an interval, ticks; 0 where only the rows tell


def read_forecast(
    path: Path,
    file: str,
    faults: Faults,
    *,
    days: Sequence[date] = (),
    start: date | None = None,
    gaps_zero: bool = False,
    own: Own | None = None,
    known: Mapping[str, Collection[str]] | None = None,
) -> Reading[Cells]:
    """The forecast in `path`; `file` is its name in messages.  Faults are added to `faults`, never raised.

    `days`: dates in the stream's zone that must be covered (all that are played while demand goes on).
    `start`: the first counted date, for a hint where the file does not cover them.
    `known`: per column channel, segment, topic the names there are, so that a misspelt one is a fault.
    """
    clerk = Clerk(file, faults)
    try:
        with CsvFile(path, clerk) as text:
            rows, column = _read_rows(text, clerk, own or Own(), known or {})
        return clerk.reading(_cells(clerk, rows, column, Needed(days, start), gaps_zero))
    except EnoughError:
        return Reading(None, tuple(clerk.notes))


def read_daily(
    path: Path,
    file: str,
    faults: Faults,
    profile: Profile,
    *,
    days: Sequence[date] = (),
    start: date | None = None,
    gaps_zero: bool = False,
    own: Own | None = None,
    known: Mapping[str, Collection[str]] | None = None,
) -> Reading[Cells]:
    """Totals of days times the share of the day that `profile` gives to each of its cells."""
    clerk = Clerk(file, faults)
    try:
        with CsvFile(path, clerk) as text:
            places = check_columns(clerk, text.header, _DAILY, ("aht_s", *_NAMES))
            rows = _long(text, clerk, places, _of_date(clerk, places["date"]), own, known)
        check_order(clerk, rows.grid, "date")
        check_days(clerk, rows.grid, "date", Needed(days, start), gaps_zero)
        _warn_of_nothing(clerk, rows)
        return clerk.reading(_spread(clerk, rows, profile))
    except EnoughError:
        return Reading(None, tuple(clerk.notes))


def _read_rows(text: CsvFile, clerk: Clerk, own: Own, known: Mapping[str, Collection[str]]) -> tuple[_Rows, str]:
    """The rows of any form but daily totals, and the column that names an interval in messages."""
    header = text.header
    if header[0] in ("date", "day") and any(_TIME_COLUMN.fullmatch(name) for name in header[1:]):
        return _matrix(text, clerk), header[0]
    if len(header) > 1 and all(_DAY_COLUMN.fullmatch(name) for name in header[1:]):
        hint = "this table has a row per interval and a column per day: turn it"
        raise clerk.stop(1, "", ",".join(header), "a row per day, a column per interval, as date,07:00,07:30", hint)
    if "day" in header:
        places = check_columns(clerk, header, _WEEK, ("aht_s", *_NAMES))
        return _long(text, clerk, places, _of_week(clerk, places), own, known, repeats=True), "start"
    if "date" in header and "start" not in header:
        hint = "totals of days go under daily: and need a profile"
        raise clerk.stop(1, "", ",".join(header), "the columns start, offered", hint)
    places = check_columns(clerk, header, _LONG, ("aht_s", *_NAMES))
    return _long(text, clerk, places, _stamped(clerk, places["start"]), own, known), "start"


#: reads (day, ticks since midnight) of the interval of a row at a line, None where that is noted as a fault
_When = Callable[[int, list[str]], tuple[int, int] | None]


def _stamped(clerk: Clerk, place: int) -> _When:
    """Local times, all written in one form."""
    forms: dict[str, int] = {}

    def when(line: int, row: list[str]) -> tuple[int, int] | None:
        found = clerk.value(line, "start", row[place], stamp)
        if found and found[2] not in forms:
            forms[found[2]] = line
            if len(forms) == 2:
                clerk.note(line, "start", row[place], f"one form of time in a file, here {next(iter(forms))}")
        return found and found[:2]

    return when


def _of_week(clerk: Clerk, places: dict[str, int]) -> _When:
    """Days of the week and times of day."""

    def when(line: int, row: list[str]) -> tuple[int, int] | None:
        day = clerk.value(line, "day", row[places["day"]], _weekday)
        start = clerk.value(line, "start", row[places["start"]], wall_time)
        return None if day is None or start is None else (day, start)

    return when


def _of_date(clerk: Clerk, place: int) -> _When:
    """Dates."""

    def when(line: int, row: list[str]) -> tuple[int, int] | None:
        day = clerk.value(line, "date", row[place], ordinal)
        return None if day is None else (day, 0)

    return when


def _long(
    text: CsvFile,
    clerk: Clerk,
    places: dict[str, int],
    when: _When,
    own: Own | None,
    known: Mapping[str, Collection[str]] | None,
    repeats: bool = False,
) -> _Rows:
    """The stream's own rows of a file with a row per interval (or per day)."""
    found = _Rows(Grid(repeats))
    mine = _Mine(clerk, places, own or Own(), known or {})
    work = places.get("aht_s")
    for line, row in text.each(MOST_ROWS):
        at = when(line, row)
        offered = clerk.value(line, "offered", row[places["offered"]], count)
        needless = work is None or (offered == 0 and _NO_WORK.fullmatch(row[work]))  # where nobody comes
        aht = 0.0 if needless or work is None else clerk.value(line, "aht_s", row[work], _aht)
        if not mine.has(line, row) or at is None or offered is None or aht is None:
            continue
        found.grid.add(line, *at)
        found.counts.append(offered)
        if work is not None:
            found.aht.append(aht)
    mine.check_found(len(found.grid))
    return found


def _aht(text: str) -> float:
    """Seconds of talk, hold and wrap-up, as ticks."""
    rule = "seconds of talk, hold and wrap-up, above 0, at most a day"
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", text):
        raise Wrong(rule, f"write seconds: {int(text[:-3]) * 60 + int(text[-2:])} if these are minutes")
    value = amount(text, rule)
    if not 0 < value <= LONGEST_AHT:
        raise Wrong(rule)
    return value * SECOND


class _Mine:
    """Which rows are the stream's own, by the columns channel, segment, topic."""

    def __init__(self, clerk: Clerk, places: dict[str, int], own: Own, known: Mapping[str, Collection[str]]) -> None:
        self._clerk = clerk
        self._known = known
        self._columns = [(name, places[name], getattr(own, name)) for name in _NAMES if name in places]
        self._seen: dict[str, dict[str, None]] = {name: {} for name, _, _ in self._columns}

    def has(self, line: int, row: list[str]) -> bool:
        """Whether the row is the stream's; a name that does not exist is noted."""
        own = True
        for name, place, wanted in self._columns:
            value = row[place]
            if value not in self._seen[name]:
                self._check(line, name, value, wanted)
            own = own and value == wanted
        return own

    def _check(self, line: int, name: str, value: str, wanted: str | None) -> None:
        self._seen[name][value] = None
        if wanted is None:
            rule = f"a stream that names its {name}, since the file has that column"
            raise self._clerk.stop(line, name, value, rule, f"write {name}: {value}" if value else "")
        if name in self._known and value not in self._known[name]:
            hint = nearest(value, self._known[name])
            self._clerk.note(line, name, value or "an empty cell", f"a {name} of the scenario", hint)

    def check_found(self, rows: int) -> None:
        """A file without a row of the stream's own is a fault."""
        if rows or not self._clerk.clean:
            return
        names = [f"{name} {wanted}" for name, _, wanted in self._columns]
        there = [value for seen in self._seen.values() for value in seen]
        got = "only rows of " + ", ".join(there[:10])
        self._clerk.note(None, "", got, "rows of " + ", ".join(names))


def _matrix(text: CsvFile, clerk: Clerk) -> _Rows:
    """A row per day, a column per interval; an empty cell is a gap."""
    repeats = text.header[0] == "day"
    starts, length = _interval_columns(text, clerk)
    read_day: Callable[[str], int] = _weekday_of_matrix if repeats else ordinal
    found = _Rows(Grid(repeats), length=length)
    for line, row in text.each(MOST_ROWS):
        day = clerk.value(line, text.header[0], row[0], read_day)
        for start, name, cell in zip(starts, text.header[1:], row[1:], strict=True):
            offered = clerk.value(line, name, cell, count) if cell else None
            if day is not None and offered is not None:
                found.grid.add(line, day, start)
                found.counts.append(offered)
    return found


def _interval_columns(text: CsvFile, clerk: Clerk) -> tuple[list[int], int]:
    """(begins, length) of the intervals in the first line.  Raises EnoughError."""
    times = [clerk.value(1, name, name, wall_time) for name in text.header[1:]]
    starts = [time for time in times if time is not None]
    if len(starts) < len(times):
        raise EnoughError
    steps = [later - earlier for earlier, later in pairwise(starts)]
    if any(step <= 0 for step in steps):
        raise clerk.stop(1, "", ",".join(text.header), "columns that rise in time, each once")
    length = commonest(clerk, steps, "", 1)
    for start, step in zip(starts, steps, strict=False):
        if step != length:
            got = f"nothing from {clock(start + length)} to {clock(start + step)}"
            clerk.note(1, "", got, f"a column for every {length // MINUTE} min", "write 0 where nothing is meant")
    if not clerk.clean:
        raise EnoughError
    return starts, length


def _cells(clerk: Clerk, rows: _Rows, column: str, needed: Needed, gaps_zero: bool) -> Cells | None:
    """Order, grid, gaps and cover, checked where the cells themselves are right."""
    if not clerk.clean:
        return None
    grid = rows.grid
    if not len(grid):
        raise clerk.stop(None, "", "empty cells only", "numbers of contacts")
    check_order(clerk, grid, column)
    length = rows.length or cell_length(clerk, grid, column)
    check_grid(clerk, grid, column, length, gaps_zero, GAPS)
    check_days(clerk, grid, column, needed, gaps_zero)
    _warn_of_nothing(clerk, rows)
    return Cells(length, tuple(grid.days), tuple(grid.starts), tuple(rows.counts), tuple(rows.aht), grid.repeats)


def _warn_of_nothing(clerk: Clerk, rows: _Rows) -> None:
    if clerk.clean and rows.counts and not any(rows.counts):
        clerk.warn("every count is 0: nothing ever arrives")


def _spread(clerk: Clerk, rows: _Rows, profile: Profile) -> Cells:
    """Totals of days over the cells of a profile, in proportion to its shares of that weekday."""
    per_day = DAY // profile.cell
    days, starts, counts, aht = [], [], [], []
    for row, total in enumerate(rows.counts):
        day = rows.grid.days[row]
        first = (day - 1) % 7 * per_day  # ordinal 1 was a Monday
        shares = profile.shares[first : first + per_day]
        whole = sum(shares)
        if total > 0 and not whole > 0:
            rule = f"a total of 0, for profile {profile.name} has no share for that weekday"
            clerk.note(rows.grid.lines[row], "offered", f"{total:g} on {named_day(day, False)}", rule)
            continue
        for place, share in enumerate(shares):
            if share > 0:
                days.append(day)
                starts.append(place * profile.cell)
                counts.append(total * share / whole)
                aht += rows.aht[row : row + 1]
    return Cells(profile.cell, tuple(days), tuple(starts), tuple(counts), tuple(aht))
