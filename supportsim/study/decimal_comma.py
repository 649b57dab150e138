"""CSV for spreadsheets that expect a decimal comma: `;` between columns, and the mark by which they know UTF-8.

Tables are written with points and commas everywhere else, and written again here once they are whole: no figure,
table or store has to know of it.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # the byte order mark, without which they take UTF-8 for something older
_NUMBER = re.compile(r"-?[0-9]+\.[0-9]+(?:e[-+]?[0-9]+)?")
_QUOTED = re.compile('[;"\\r\\n]')


def write_again(folder: Path, decimal: str) -> None:
    """Every CSV file in and below `folder` with a decimal comma; nothing for `point`, or where it is done already."""
    for file in sorted(folder.rglob("*.csv")):
        write_file_again(file, decimal)


def write_file_again(file: Path, decimal: str) -> None:
    """One of them."""
    text = file.read_text(encoding="utf-8") if decimal == "comma" else MARK
    if text.startswith(MARK):
        return
    fresh = file.with_name(f".{file.name}.comma")
    fresh.write_text(with_comma(text), encoding="utf-8", newline="\n")
    fresh.chmod(file.stat().st_mode)
    fresh.replace(file)


def with_comma(text: str) -> str:
    """The same table: numbers with a comma, columns apart by `;`."""
    rows = csv.reader(io.StringIO(text, newline=""))
    return MARK + "".join(";".join(map(_cell, row)) + "\n" for row in rows)


def _cell(text: str) -> str:
    if _NUMBER.fullmatch(text):
        return text.replace(".", ",")
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def read(file: Path) -> list[list[str]]:
    """The rows of a table in either form, numbers with a point."""
    text = file.read_bytes().decode("utf-8")
    if not text.startswith(MARK):
        return list(csv.reader(io.StringIO(text, newline="")))
    rows = csv.reader(io.StringIO(text[1:], newline=""), delimiter=";")
    return [[_pointed(cell) for cell in row] for row in rows]


def _pointed(text: str) -> str:
    pointed = text.replace(",", ".")
    return pointed if _NUMBER.fullmatch(pointed) else text
