"""Traces: exact rows, one per issue, optionally with the work it takes and the patience its customer has.

Columns, in any order: when the issue arises, either `at` (local wall time, as 2026-03-02 08:30:12.5) or one
of `at_us`, `at_ms`, `at_s`, `at_min`, `at_h` (time since the start of counted time, negative before it);
optionally `segment`, `topic`, `channel` (an empty cell: what the stream says); `handle_<unit>` (talk, hold
and wrap-up), `wrap_<unit>` (the part of it after the customer has left), `patience_<unit>` (or `never`), an
empty cell meaning that it is drawn.  Rows rise in time; several may share an instant.

Read in pieces into numpy arrays: millions of rows take seconds, and no more memory than their arrays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.scenario.csv_text import Clerk, CsvFile, EnoughError, Own, Reading, check_columns
from supportsim.scenario.csv_values import amount, ordinal, stamp
from supportsim.scenario.errors import Faults, nearest
from supportsim.scenario.model import Trace
from supportsim.scenario.ticks import DAY, HORIZON_LIMIT, HOUR, MINUTE, NEVER, SECOND, WORK_LIMIT
from supportsim.scenario.timeline import Timeline
from supportsim.scenario.units import UNITS, Wrong

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

_UNITS = ("us", "ms", "s", "min", "h")
_NAMES = ("segment", "topic", "channel")
_MEASURES = ("handle", "wrap", "patience")
_COLUMNS = "at or at_s, and if need be segment, topic, channel, handle_s, wrap_s, patience_s (also _min, _h, _us)"
_FIELDS = ("at", *_NAMES, *_MEASURES)
_DIGITS = re.compile(r"[0-9.\n]*")
#: lengths of 2026-03-02 08:30, the same with seconds, and with decimals of a second
_STAMP_LENGTHS = (16, 19, 21, 22, 23, 24, 25, 26)
_STAMP_SIGNS = {4: "-", 7: "-", 13: ":", 16: ":", 19: "."}


def read_trace(
    path: Path,
    file: str,
    faults: Faults,
    *,
    timeline: Timeline,
    zone: str,
    segments: Sequence[str],
    topics: Sequence[str],
    channels: Sequence[str],
    own: Own,
) -> Reading[Trace]:
    """The trace in `path`; `file` is its name in messages.  Faults are added to `faults`, never raised.

    `own`: what holds for rows that do not name a segment, topic or channel; without an own channel such a
    row goes by the plan of its segment.
    """
    clerk = Clerk(file, faults)
    try:
        with CsvFile(path, clerk) as text:
            reader = _Reader(clerk, text.header, timeline, zone, own, (segments, topics, channels))
            rows = 0
            for first, columns in text.columns():
                reader.take(first, columns)
                rows += len(columns[0])
            text.refuse_none(rows)
        return clerk.reading(reader.trace() if clerk.clean else None)
    except EnoughError:
        return Reading(None, tuple(clerk.notes))


class _Reader:
    """Turns pieces of columns of text into arrays."""

    def __init__(
        self,
        clerk: Clerk,
        header: Sequence[str],
        timeline: Timeline,
        zone: str,
        own: Own,
        names: tuple[Sequence[str], Sequence[str], Sequence[str]],
    ) -> None:
        self._clerk = clerk
        self._timeline = timeline
        self._zone = zone
        self._places, self._units = _columns(clerk, header)
        self._names = dict(zip(_NAMES, names, strict=True))
        self._own = own
        self._indices = {name: self._index(name) for name in _NAMES}
        self._pieces: dict[str, list[Array]] = {field: [] for field in _FIELDS}
        self._last = -NEVER
        self._forms: dict[str, None] = {}

    def _index(self, name: str) -> dict[str, int]:
        """Index of every name; an empty cell is the stream's own (-1: by plan, -2: that cannot be)."""
        index = {each: place for place, each in enumerate(self._names[name])}
        own = getattr(self._own, name)
        index[""] = index[own] if own is not None else -1 if name == "channel" else -2
        return index

    def take(self, first: int, columns: list[Sequence[str]]) -> None:
        """Read one piece, whose first row is line `first`."""
        import numpy as np

        at = self._at(first, columns[self._places["at"]])
        self._check_order(first, at)
        self._pieces["at"].append(at)
        for name in _NAMES:
            cells = columns[self._places[name]] if name in self._places else None
            self._pieces[name].append(self._named(first, name, cells, len(at)))
        for name in _MEASURES:
            there = name in self._places
            found = self._measure(first, name, columns) if there else np.full(len(at), -1, np.int64)
            self._pieces[name].append(found)
        self._check_wrap(first)

    def _at(self, first: int, cells: Sequence[str]) -> Array:
        """Ticks since the start of counted time."""
        if self._units["at"]:
            column = f"at_{self._units['at']}"
            return _ticks(_numbers(self._clerk, first, column, cells, _since_start), UNITS[self._units["at"]])
        days, ticks = self._stamps(first, cells)
        import numpy as np

        for day in np.unique(days):
            ticks[days == day] = self._of_day(int(day), ticks[days == day])
        return ticks - self._timeline.counted_from

    def _stamps(self, first: int, cells: Sequence[str]) -> tuple[Array, Array]:
        """(ordinals of dates, ticks since midnight), all at once where all are written alike."""
        import numpy as np

        form = _form(cells[0])
        if form and list(self._forms) in ([], [form]):
            alike = _alike(cells)
            if alike is not None:
                self._forms[form] = None
                return alike
        stamps = [self._stamp(line, cell) for line, cell in enumerate(cells, first)]
        days = np.array([day for day, _ in stamps], np.int64)
        return days, np.array([of_day for _, of_day in stamps], np.int64)

    def _stamp(self, line: int, cell: str) -> tuple[int, int]:
        found = self._clerk.value(line, "at", cell, stamp)
        if found is None:
            return 737791, 0  # any day: there will be no result
        if found[2] not in self._forms:
            self._forms[found[2]] = None
            if len(self._forms) == 2:
                self._clerk.note(line, "at", cell, f"one form of time in a file, here {next(iter(self._forms))}")
        return found[0], found[1]

    def _of_day(self, day: int, of_day: Array) -> Array:
        """Ticks of play of the wall-clock times `of_day` of one local day."""
        import numpy as np

        local = date.fromordinal(day)
        midnight = self._timeline.tick(local, 0, self._zone)
        if self._timeline.tick(local, DAY, self._zone) - midnight == DAY:
            return midnight + of_day
        return np.array([self._timeline.tick(local, int(t), self._zone) for t in of_day], np.int64)

    def _check_order(self, first: int, at: Array) -> None:
        import numpy as np

        before = np.concatenate([[self._last], at[:-1]])
        self._last = int(at[-1])
        if not self._clerk.clean:
            return
        for row in np.flatnonzero(at < before):
            hint = "sort the file (where clocks go back, the second of two equal times needs at_s)"
            got = f"{(before[row] - at[row]) / SECOND:g} s before the row above it"
            self._clerk.note(first + int(row), "at", got, "rows in order of time", hint)

    def _named(self, first: int, name: str, cells: Sequence[str] | None, rows: int) -> Array:
        """Indices of the names in a column; without the column every row has the stream's own."""
        import numpy as np

        index = self._indices[name]
        if cells is None:
            if index[""] == -2:
                raise self._clerk.stop(1, "", f"no column {name}", f"a {name} in every row or in the stream")
            return np.full(rows, index[""], np.int32)
        found = np.array([index.get(cell, -3) for cell in cells], np.int32)
        for row in np.flatnonzero(found < -1):
            cell = cells[int(row)]
            hint = nearest(cell, self._names[name]) if cell else "or say it in the stream"
            self._clerk.note(first + int(row), name, cell or "nothing", f"a {name} of the scenario", hint)
        return found

    def _measure(self, first: int, name: str, columns: list[Sequence[str]]) -> Array:
        """Ticks of work or patience; -1 where a cell is empty."""
        import numpy as np

        column = f"{name}_{self._units[name]}"
        read = _patience if name == "patience" else _time
        values = _numbers(self._clerk, first, column, columns[self._places[name]], read, empty=True)
        empty = np.isnan(values)
        ticks = _ticks(np.where(empty, 0.0, values), UNITS[self._units[name]])
        if name == "patience":
            ticks[ticks > HORIZON_LIMIT] = NEVER
        for row in np.flatnonzero(ticks > WORK_LIMIT) if name != "patience" else ():
            got = f"{ticks[row] / DAY:g} days"
            self._clerk.note(first + int(row), column, got, "at most 100 days of work")
        ticks[empty] = -1
        return ticks

    def _check_wrap(self, first: int) -> None:
        import numpy as np

        wrap, handle = self._pieces["wrap"][-1], self._pieces["handle"][-1]
        for row in np.flatnonzero(wrap > handle):
            got = "wrap-up without handle time" if handle[row] < 0 else "more wrap-up than handle time"
            self._clerk.note(
                first + int(row),
                f"wrap_{self._units['wrap']}",
                got,
                "wrap-up inside the handle time of its row",
            )

    def trace(self) -> Trace:
        """Everything read, as read-only arrays."""
        import numpy as np

        arrays = {field: np.concatenate(pieces) for field, pieces in self._pieces.items()}
        digest = sha256(b"supportsim trace 1")
        for field, array in arrays.items():
            array.setflags(write=False)
            digest.update(field.encode())
            if field in _NAMES:
                digest.update(_by_name(array, self._names[field]))
            else:
                digest.update(array.astype("<i8").tobytes())
        end = self._timeline.end - self._timeline.counted_from
        self._say(int(np.count_nonzero(arrays["at"] >= end)), len(arrays["at"]))
        return Trace(sha256=digest.hexdigest(), **arrays)

    def _say(self, after: int, rows: int) -> None:
        if after:
            self._clerk.warn(f"{after} of {rows} rows lie after the end of play and are not used")


def _columns(clerk: Clerk, header: Sequence[str]) -> tuple[dict[str, int], dict[str, str]]:
    """Place of each field, and its unit ('' for local time).  Raises EnoughError."""
    fields = {"at": ("at", "")}
    fields |= {name: (name, "") for name in _NAMES}
    fields |= {f"{name}_{unit}": (name, unit) for name in ("at", *_MEASURES) for unit in _UNITS}
    found = check_columns(clerk, header, (), tuple(fields), _COLUMNS)
    places, units = {}, {}
    for column, place in found.items():
        field, unit = fields[column]
        if field in places:
            clerk.note(1, column, f"a second column for {field}", "one of them")
        places[field], units[field] = place, unit
    if "at" not in places:
        raise clerk.stop(1, "", "no column that says when", "at (local time), or at_s, at_min (since the start)")
    return places, units


def _form(cell: str) -> str:
    """How a local time is written, '' if it is not one that can be read with others at once."""
    try:
        return stamp(cell)[2] if len(cell) in _STAMP_LENGTHS else ""
    except Wrong:
        return ""


def _alike(cells: Sequence[str]) -> tuple[Array, Array] | None:
    """(ordinals, ticks since midnight) of local times that are all written like the first one, else None."""
    import numpy as np

    length, joined = len(cells[0]), "".join(cells)
    if set(map(len, cells)) != {length} or not joined.isascii():
        return None
    codes = np.frombuffer(joined.encode("ascii"), np.uint8).reshape(len(cells), length)
    signs = {place: sign for place, sign in {**_STAMP_SIGNS, 10: cells[0][10]}.items() if place < length}
    digits = codes.astype(np.int64) - ord("0")
    digits[:, list(signs)] = 0
    if any((codes[:, place] != ord(sign)).any() for place, sign in signs.items()) or (digits < 0).any():
        return None

    def number(begin: int, end: int) -> Array:
        value: Array = digits[:, begin:end] @ (10 ** np.arange(end - begin - 1, -1, -1, dtype=np.int64))
        return value

    seconds = number(17, 19) if length > 16 else np.zeros(len(cells), np.int64)
    hours, minutes = number(11, 13), number(14, 16)
    if (digits > 9).any() or (hours > 23).any() or (minutes > 59).any() or (seconds > 59).any():
        return None
    ticks = hours * HOUR + minutes * MINUTE + seconds * SECOND
    if length > 19:
        ticks += number(20, length) * 10 ** (26 - length)
    dates, inverse = np.unique(number(0, 4) * 10_000 + number(5, 7) * 100 + number(8, 10), return_inverse=True)
    try:
        texts = [f"{d // 10_000:04}-{d // 100 % 100:02}-{d % 100:02}" for d in dates.tolist()]
        return np.array([ordinal(text) for text in texts], np.int64)[inverse], ticks
    except Wrong:
        return None


def _numbers(
    clerk: Clerk,
    first: int,
    column: str,
    cells: Sequence[str],
    read: Callable[[str], float],
    empty: bool = False,
) -> Array:
    """float64; nan where a cell is empty (if `empty` cells may be), inf for `never`.

    The whole column at once where it holds plain numbers only, else cell by cell with `read`.
    """
    import numpy as np

    nan = float("nan")
    joined = "\n".join(cells)
    odd = ("\n" + joined + "\n").find("\n.") >= 0 or (joined + "\n").find(".\n") >= 0  # .5 and 5.
    if _DIGITS.fullmatch(joined) and not odd and (empty or "" not in cells):
        try:
            return np.array([float(cell) if cell else nan for cell in cells], np.float64)
        except ValueError:
            pass  # 1.2.3: found again below
    found = []
    for line, cell in enumerate(cells, first):
        value = nan if empty and not cell else clerk.value(line, column, cell, read)
        found.append(0.0 if value is None else value)
    return np.array(found, np.float64)


def _ticks(values: Array, unit: int) -> Array:
    """Whole ticks, half to even, cut at +-2^60 (beyond 100 years all is never)."""
    import numpy as np

    ticks: Array = np.rint(np.clip(values * unit, -float(1 << 60), float(1 << 60))).astype(np.int64)
    return ticks


def _time(text: str) -> float:
    return amount(text, "a time, 0 or more")


def _patience(text: str) -> float:
    if text == "never":
        return float("inf")
    return amount(text, "a time, 0 or more, or never")


def _since_start(text: str) -> float:
    rule = "a time since the start, negative before it"
    if text.startswith("-"):
        return -amount(text[1:], rule)
    value = amount(text, rule)
    if value > 1e15:
        raise Wrong(rule)
    return value


def _by_name(indices: Array, names: Sequence[str]) -> bytes:
    """Bytes that depend on the names in a column, not on their places in the scenario."""
    import numpy as np

    used, inverse = np.unique(indices, return_inverse=True)
    texts = [names[i] if i >= 0 else "" for i in used]
    order = sorted(range(len(texts)), key=texts.__getitem__)
    rank = np.empty(len(order), "<i8")
    rank[order] = np.arange(len(order))
    return "\n".join(sorted(texts)).encode() + b"\0" + rank[inverse].tobytes()
