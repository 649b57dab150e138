"""Reading a CSV file as text: how it is written, its header and its rows with line numbers.

One dialect: UTF-8 (a byte order mark is accepted), commas, `"` around a cell that holds a comma, one line a
row, the first line names the columns.  Anything else is a fault that names the cause.  Lines are read in
pieces, so a trace of millions of rows needs little memory.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Generic, NamedTuple, TextIO, TypeVar

from supportsim.scenario.errors import Fault, Faults, nearest
from supportsim.scenario.frozen import frozen
from supportsim.scenario.units import Wrong

T = TypeVar("T")

MOST_FAULTS = 50  # of one file
MOST_ALIKE = 3  # of them that differ in their rows only
_MOST_COUNTED = 100_000  # rows counted beyond these
LONGEST_CELL = 1_000  # characters
_LONGEST_LINE = 1_000_000
_PIECE = 4_000  # lines

_SAVE_AS = "save it as CSV UTF-8 with commas"
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old kind, or one with a password"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
)
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class Reading(NamedTuple, Generic[T]):
    """What a file holds (None where it has faults), and warnings that stop nothing."""

    value: T | None
    notes: tuple[str, ...] = ()


class EnoughError(Exception):
    """Internal to the readers: a file is not read further, its faults are noted."""


@frozen
class Own:
    """What a stream says of itself; in a shared file the rows that name something else are not its own."""

    channel: str | None = None
    segment: str | None = None
    topic: str | None = None


class Clerk:
    """Notes the faults of one file, at most MOST_FAULTS of them, and its warnings.

    Of faults alike in many rows the first MOST_ALIKE are noted, the last of which counts the others.
    """

    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.notes: list[str] = []
        self._faults = faults
        self._noted = 0
        self._alike: dict[tuple[str, str], list[Fault]] = {}  # by column and rule: those noted
        self._more: Counter[tuple[str, str]] = Counter()  # those only counted
        self._told: dict[tuple[str, str], Fault] = {}  # the last noted, with the count of these

    @property
    def clean(self) -> bool:
        """No fault so far."""
        return self._noted == 0

    def note(self, line: int | None, column: str, got: str, expected: str, hint: str = "") -> None:
        """Note a fault; raises EnoughError after the last that is worth telling."""
        fault = Fault(self.file, line, None, column, got, expected, hint)
        kind = ("" if column[:1].isdigit() else column, expected)  # columns of a matrix are all of one kind
        alike = self._alike.setdefault(kind, [])
        if line is not None and line > 1 and len(alike) == MOST_ALIKE:
            self._count(kind, alike[-1])
            return
        if line is not None and line > 1:
            alike.append(fault)
        self._faults.extend([fault])
        self._noted += 1
        if self._noted >= MOST_FAULTS:
            raise EnoughError

    def _count(self, kind: tuple[str, str], last: Fault) -> None:
        """Count one more fault beside the last noted of its kind, which says how many there are."""
        self._more[kind] += 1
        more = self._more[kind]
        least = "at least " if more == _MOST_COUNTED else ""
        rows = f"… and {least}{more} more row{'s' * (more > 1)}"
        told = replace(last, hint=f"{last.hint}; {rows}" if last.hint else rows)
        self._faults.replace(self._told.get(kind, last), told)
        self._told[kind] = told
        if more == _MOST_COUNTED:
            raise EnoughError

    def stop(self, line: int | None, column: str, got: str, expected: str, hint: str = "") -> EnoughError:
        """Note a fault after which nothing further can be read: `raise clerk.stop(...)`."""
        self.note(line, column, got, expected, hint)
        return EnoughError()

    def warn(self, sentence: str) -> None:
        """Note a warning."""
        self.notes.append(f"{self.file}: {sentence}")

    def value(self, line: int, column: str, text: str, read: Callable[[str], T]) -> T | None:
        """The value of one cell, None where it is noted as a fault."""
        try:
            return read(text)
        except Wrong as wrong:
            self.note(line, column, text or "an empty cell", wrong.expected, wrong.hint if text else "")
            return None

    def reading(self, value: T | None) -> Reading[T]:
        """The result, without a value where there are faults."""
        return Reading(value if self.clean else None, tuple(self.notes))


class CsvFile:
    """An open CSV file: `header`, then pieces of rows.  Every fault goes to `clerk`."""

    def __init__(self, path: Path, clerk: Clerk) -> None:
        """Raises EnoughError when not even the header can be read."""
        self.path = path
        self.clerk = clerk
        self._empty = 0  # empty lines just passed: only at the end of a file they may stand
        self._sniff()
        self._text = self._open()
        try:
            self.header = self._header()
        except BaseException:
            self._text.close()
            raise

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()

    def _sniff(self) -> None:
        """Refuse what is no text in UTF-8 by its first bytes."""
        try:
            with self.path.open("rb") as raw:
                begin = raw.read(4)
        except OSError as error:
            raise self.clerk.stop(None, "", "a file that cannot be read", "a CSV file", str(error.strerror)) from error
        for signature, kind in _SIGNATURES:
            if begin.startswith(signature):
                raise self.clerk.stop(1, "", kind, "a CSV file in UTF-8", _SAVE_AS)

    def _open(self) -> TextIO:
        return self.path.open(encoding="utf-8-sig", newline="")

    def _header(self) -> list[str]:
        lines = self._lines(1, 1)
        header = self._parsed(1, lines)[0] if lines else []
        if not any(header):
            got = "an empty line" if lines else "an empty file"
            raise self.clerk.stop(1, "", got, "a first line that names the columns")
        if len(header) == 1:
            for sign, name in _SEPARATORS.items():
                if sign in header[0]:
                    got = f"{name} between the cells"
                    raise self.clerk.stop(1, "", got, "commas between them", _SAVE_AS)
        return header

    def rows(self) -> Iterator[tuple[int, list[list[str]]]]:
        """Pieces (line of the first row, rows) with stripped cells, every row as long as the header.

        Empty lines at the end are no rows.  Ragged rows and cells that are too long are noted and dropped, so
        the rows of one piece have consecutive lines only where the file has no faults.
        """
        for first, lines in self._pieces(_PIECE):
            yield from self._rows(first, lines)

    def columns(self) -> Iterator[tuple[int, list[Sequence[str]]]]:
        """As `rows`, by columns: for files of millions of rows."""
        for first, lines in self._pieces(_PIECE):
            columns = None if self._empty else _split(lines, len(self.header))
            if columns is not None:
                yield first, columns
            else:
                for line, rows in self._rows(first, lines):
                    yield line, list(zip(*rows, strict=True))

    def _rows(self, first: int, lines: list[str]) -> Iterator[tuple[int, list[list[str]]]]:
        width = len(self.header)
        for line, rows in self._filled(first, lines):
            if set(map(len, rows)) == {width}:
                yield line, rows
            else:
                yield from self._regular(line, rows, width)

    def each(self, most: int) -> Iterator[tuple[int, list[str]]]:
        """(line, row) one by one.  A file without rows, or with more than `most`, is a fault."""
        line = 0
        for first, rows in self.rows():
            if first > most:
                raise self.clerk.stop(first, "", "a longer file", f"at most {most} rows")
            for line, row in enumerate(rows, first):
                yield line, row
        self.refuse_none(line)

    def refuse_none(self, rows: int) -> None:
        """Note that nothing stands below the header, if `rows` is 0."""
        if not rows and self.clerk.clean:
            raise self.clerk.stop(1, "", "nothing below the first line", "a row at least")

    def _regular(self, first: int, rows: list[list[str]], width: int) -> Iterator[tuple[int, list[list[str]]]]:
        """The rows of the right length one by one, the others noted."""
        for line, row in enumerate(rows, first):
            if len(row) == width:
                yield line, [row]
            else:
                self._ragged(line, row, width)

    def _ragged(self, line: int, row: list[str], width: int) -> None:
        if not any(row):
            self.clerk.note(line, "", "an empty line", "a row", "leave it out")
            return
        hint = ""
        if len(row) > width:
            hint = "decimal or thousands commas? write 1.5 and 1234"
        elif len(row) == 1 and any(sign in row[0] for sign in _SEPARATORS):
            hint = "commas go between the cells"
        self.clerk.note(line, "", f"{len(row)} cells", f"{width}, as in the first line", hint)

    def _pieces(self, size: int) -> Iterator[tuple[int, list[str]]]:
        """(number of the first line, lines) from where the file stands."""
        first = 1 if not hasattr(self, "header") else 2
        while lines := self._lines(first, size):
            yield first, lines
            first += len(lines)

    def _filled(self, first: int, lines: list[str]) -> Iterator[tuple[int, list[list[str]]]]:
        """(line of the first row, rows); empty lines come as empty rows once something follows them."""
        rows = self._parsed(first, lines)
        filled = len(rows)
        while filled and not any(rows[filled - 1]):
            filled -= 1
        if filled:
            if self._empty:
                yield first - self._empty, [[] for _ in range(self._empty)]
            yield first, rows[:filled]
            self._empty = 0
        self._empty += len(rows) - filled

    def _lines(self, first: int, size: int) -> list[str]:
        """The next `size` lines; notes wrong encodings, NULs and endless lines."""
        try:
            lines = list(islice(iter(partial(self._text.readline, _LONGEST_LINE), ""), size))
        except UnicodeDecodeError:
            raise self._not_utf8() from None
        except OSError as error:
            raise self.clerk.stop(first, "", "a file that cannot be read", "a CSV file", str(error.strerror)) from error
        if max(map(len, lines), default=0) >= _LONGEST_LINE or "\0" in "".join(lines):
            self._refuse(first, lines)
        return lines

    def _refuse(self, first: int, lines: list[str]) -> None:
        """Say which line is endless or holds a NUL."""
        for line, text in enumerate(lines, first):
            if "\0" in text:
                hint = f"is it UTF-16? {_SAVE_AS}"
                raise self.clerk.stop(line, "", "a NUL character", "text without control characters", hint)
            if len(text) >= _LONGEST_LINE:
                raise self.clerk.stop(line, "", f"a line of {_LONGEST_LINE} characters or more", "rows")

    def _not_utf8(self) -> EnoughError:
        with self.path.open("rb") as raw:
            for line, data in enumerate(raw, 1):
                try:
                    data.decode("utf-8")
                except UnicodeDecodeError as error:
                    byte = f"byte 0x{data[error.start]:02x} at place {error.start + 1} of the line"
                    return self.clerk.stop(line, "", byte, "UTF-8", f"Latin-1 or Windows text? {_SAVE_AS}")
        return self.clerk.stop(None, "", "bytes that are no UTF-8", "UTF-8", _SAVE_AS)

    def _parsed(self, first: int, lines: list[str]) -> list[list[str]]:
        """The lines as rows of stripped cells; a quote that is not closed on its line ends the reading."""
        try:
            rows = list(csv.reader(lines, strict=True))
        except csv.Error:
            rows = []
        if len(rows) != len(lines) or max(map(len, lines)) > LONGEST_CELL:
            rows = [self._single(number, line) for number, line in enumerate(lines, first)]
        if _has_blanks("".join(lines)):
            return [[cell.strip() for cell in row] for row in rows]
        return rows

    def _single(self, number: int, line: str) -> list[str]:
        try:
            (row,) = csv.reader([line], strict=True)
        except (csv.Error, ValueError) as error:
            if "field larger" in str(error):
                raise self._too_long(number, line) from None
            rule, hint = 'cells in which every " is closed', 'a " inside a cell is written ""'
            raise self.clerk.stop(number, "", line, rule, hint) from None
        for cell in row:
            if len(cell) > LONGEST_CELL:
                raise self._too_long(number, cell)
        return row

    def _too_long(self, number: int, cell: str) -> EnoughError:
        return self.clerk.stop(number, "", cell, f"a cell of at most {LONGEST_CELL} characters")


def _split(lines: list[str], width: int) -> list[Sequence[str]] | None:
    """Columns of plain lines of `width` cells; None where a line needs a closer look.

    Every line is followed by a cell of its own, so that one cell too few and one too many do not make up for
    each other.
    """
    text = "".join(lines).replace("\r\n", "\n")
    begins_empty = text.startswith((",", "\n")) or "\n," in text or "\n\n" in text
    if begins_empty or '"' in text or "\r" in text or _has_blanks(text) or max(map(len, lines)) > LONGEST_CELL:
        return None
    cells = text.removesuffix("\n").replace("\n", ",\n,").split(",")
    ends = cells[width :: width + 1]
    if len(cells) != len(lines) * (width + 1) - 1 or ends.count("\n") != len(lines) - 1:
        return None
    return [cells[place :: width + 1] for place in range(width)]


def _has_blanks(text: str) -> bool:
    """Whether a cell may begin or end with a blank: searching is far cheaper than stripping every cell."""
    if not text.isascii() or text.startswith(" ") or text.endswith(" "):
        return True
    return any(blank in text for blank in (", ", " ,", " \n", " \r", "\n ", "\r ", '" ', ' "', "\t"))


def check_columns(
    clerk: Clerk,
    header: Sequence[str],
    required: Collection[str],
    optional: Collection[str] = (),
    rule: str = "",
) -> dict[str, int]:
    """Place of every known column; missing, unknown, double and nameless ones are noted.

    `rule` says in words which columns there may be.  Raises EnoughError if a required one is missing.
    """
    known = [*required, *optional]
    needs = rule or "the columns " + ", ".join(known)
    if not rule and optional:
        needs = f"the columns needed: {', '.join(required)}; may be: {', '.join(optional)}"
    rule = rule or "the columns " + ", ".join(known)
    if not any(name in known for name in header) and any(re.match(r"[-+0-9]", name) for name in header):
        raise clerk.stop(1, "", ",".join(header), f"a first line that names the columns: {', '.join(required)}")
    unknown = [name for name in header if name not in known]
    missing = [name for name in required if name not in header]
    for name in missing:
        there = _near(name, unknown) or ("there are also " + ", ".join(map(repr, unknown)) if unknown else "")
        clerk.note(1, "", f"no column {name}", needs, there)
    if missing:
        raise EnoughError
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        if name in places:
            clerk.note(1, name, f"columns {places[name] + 1} and {place + 1}", "each column once")
        elif name in known:
            places[name] = place
        else:
            left = [each for each in known if each not in header]
            clerk.note(1, "", name or f"column {place + 1} without a name", rule, _near(name, left))
    return places


def _near(name: str, names: Sequence[str]) -> str:
    """A hint with the nearest names, if any is near."""
    hint = nearest(name, names)
    return hint if hint.startswith("did you mean") else ""
