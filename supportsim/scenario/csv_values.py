"""The cells of CSV files as values: counts, shares, seconds, local times.  Each function raises Wrong."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from supportsim.scenario.units import WEEKDAYS, Wrong, day, number, time_of_day

LARGEST_COUNT = 1e9
_PLAIN = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_STAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ])([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(\.[0-9]{1,6})?")
_LOOSE_STAMP = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?")
_STAMP_RULE = "a local time, as 2026-03-02 08:30"


def amount(text: str, rule: str) -> float:
    """A finite decimal number, 0 or more: `12`, `12.5`, `1e3`; no commas, signs, spaces, formulas."""
    if _PLAIN.fullmatch(text):
        return float(text)
    try:
        value = number(text, rule)
    except Wrong as wrong:
        raise Wrong(rule, wrong.hint or _number_hint(text)) from None
    if value < 0:
        raise Wrong(rule, "nothing below 0")
    return float(value)


def count(text: str) -> float:
    """Contacts of one interval; a forecast may have fractions."""
    rule = "a number of contacts, 0 or more"
    value = amount(text, rule)
    if value > LARGEST_COUNT:
        raise Wrong(f"at most {LARGEST_COUNT:.0f} contacts")
    return value


def _number_hint(text: str) -> str:
    if not text:
        return "an empty cell"
    if text[0] in "=+@":
        return "a formula is no value"
    ascii_text = "".join(str(int(c)) if c.isdecimal() else " " if c.isspace() else c for c in text)
    if re.fullmatch(r"[0-9]{1,3}(?:[ '.][0-9]{3})+(?:,[0-9]+)?", ascii_text):
        return "no thousands separators: write " + re.sub(r"[ '.]", "", ascii_text).replace(",", ".")
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+", ascii_text):
        return "no thousands separators: write " + ascii_text.replace(",", "")
    return f"in the digits 0 to 9: write {ascii_text}" if ascii_text != text else ""


def share(text: str) -> tuple[float, bool]:
    """(share, written with %): `4.5%` is 0.045; a plain number is taken as it is, 0 or more."""
    rule = "a share, 0 or more, as 4.5% or 0.045"
    if text.endswith("%"):
        return float(Decimal(repr(amount(text[:-1].rstrip(), rule))) / 100), True
    return amount(text, rule), False


def weekday(text: str, dated: str) -> int:
    """`mon` .. `sun` as 0 .. 6, capital letters or not; `dated` is the hint where a date stands instead."""
    if text.lower() not in WEEKDAYS:
        short = text.lower()[:3]
        hint = f"write {short}" if short in WEEKDAYS else ""
        if text[:1].isdigit():
            hint = dated
        raise Wrong("a day, one of mon, tue, wed, thu, fri, sat, sun", hint)
    return WEEKDAYS.index(text.lower())


@lru_cache(maxsize=100_000)
def wall_time(text: str) -> int:
    """`08:30` or `08:30:00` in ticks since local midnight."""
    return time_of_day(text)


@lru_cache(maxsize=10_000)
def ordinal(text: str) -> int:
    """A date `2026-03-02` as its proleptic ordinal."""
    return day(text).toordinal()


def stamp(text: str) -> tuple[int, int, str]:
    """(ordinal of the date, ticks since midnight, form) of a local time; the form names how it is written."""
    found = _STAMP.fullmatch(text)
    if not found:
        raise Wrong(_STAMP_RULE, _stamp_hint(text))
    of_day, fraction = wall_time(found[3]), found[4] or ""
    if fraction:
        of_day += int(fraction[1:].ljust(6, "0"))
    form = f"YYYY-MM-DD{found[2]}hh:mm" + (":ss" if len(found[3]) > 5 else "")
    return ordinal(found[1]), of_day, form


def _stamp_hint(text: str) -> str:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return f"the time of day is missing: write {text} 00:00; totals of a day go under daily:"
    if re.search(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$", text) and re.search(r"[0-9]:[0-9]{2}", text):
        return "no offsets: write local wall time and state the timezone in the scenario"
    if re.match(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}", text):
        return "write year-month-day: day and month are not guessed"
    found = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?", text)
    if found:
        return f"write {found[1]}-{int(found[2]):02}-{int(found[3]):02} {int(found[4]):02}:{found[5]}"
    if re.search(r"[0-9]\s*[ap]\.?m\.?$", text, re.IGNORECASE):
        return "write the hours 00 to 23"
    if text and not text.isascii() and any(c.isnumeric() for c in text):
        return "in the digits 0 to 9"
    if re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", text):
        return "a date as a spreadsheet counts it: format the column as text"
    return "" if text else "an empty cell"


def named_day(value: int, repeats: bool) -> str:
    """A day in words: the date of an ordinal, or the weekday where a week repeats."""
    return WEEKDAYS[value] if repeats else date.fromordinal(value).isoformat()
