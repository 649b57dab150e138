"""A table as a page shows it, whatever it holds: texts in rows, the first of each row its name."""

from __future__ import annotations

import math
from typing import NamedTuple

from supportsim.study.words import unsigned_zero


class Heading(NamedTuple):
    """Name of a column, and below it in small type what it means."""

    name: str
    detail: str = ""


class Table(NamedTuple):
    """`caption` says what a row is; `note` stands below.  `long`: scrolls in a box of its own and is not printed."""

    caption: str
    headings: tuple[Heading, ...]
    rows: list[list[str]]
    note: str = ""
    words: tuple[int, ...] = (0,)  # columns of text; the others are numbers
    long: bool = False


def headings(*names: str | tuple[str, str]) -> tuple[Heading, ...]:
    """Headings of names, or of (name, detail)."""
    return tuple(Heading(name) if isinstance(name, str) else Heading(*name) for name in names)


DASH = "–"


def number(value: float, digits: int | None = None, counting: int = 4) -> str:
    """`14 385`, `12.3`, `0.0412`: so many digits that count, or so many decimals; a dash for no value."""
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if digits is None:
        size = math.floor(math.log10(abs(value))) if value else 0
        digits = 0 if value == int(value) else max(0, min(6, counting - 1 - size))
    return unsigned_zero(f"{value:,.{digits}f}".replace(",", " ").replace("-", "−"))


def percent(share: float, digits: int = 1) -> str:
    """`81.3 %`, or a dash for no value."""
    return DASH if share is None or math.isnan(share) else unsigned_zero(f"{100 * share:.{digits}f} %")


def known(half: float, by: float = 1.0, digits: int = 1) -> str:
    """` (known to ± 1.2)`, empty where nobody knows."""
    return "" if math.isnan(half) else f" (known to ± {by * half:.{digits}f})"


def span(low: float, high: float) -> str:
    """`64–78 %`, with decimals where they are close together."""
    if math.isnan(low):
        return DASH
    digits = 0 if high - low >= 0.02 else 1
    ends = [f"{100 * end:.{digits}f}" for end in (low, high)]
    return f"{ends[0]} %" if ends[0] == ends[1] else f"{ends[0]}–{ends[1]} %"
