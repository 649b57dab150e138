"""The kinds of fields a scenario has, each with its parser and its JSON Schema."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Annotated, Any

from supportsim.scenario import units
from supportsim.scenario.frozen import frozen
from supportsim.scenario.model import Break
from supportsim.scenario.nodes import Map, Node, Seq, Text
from supportsim.scenario.schema_base import (
    BAD,
    JsonSchema,
    Leaf,
    Reading,
    many,
    parse_text,
    refuse_factor,
    text,
)
from supportsim.scenario.ticks import DAY, HOUR, MONTH
from supportsim.scenario.units import Wrong, staggered_break

N = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_UNIT = "(?:" + "|".join(sorted(units.UNITS, key=len, reverse=True)) + ")"
DURATION_PATTERN = f"{N} ?{_UNIT}(?: ?{N} ?{_UNIT})*"
TIME_PATTERN = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
WINDOW_PATTERN = f"{TIME_PATTERN} ?- ?{TIME_PATTERN}"
DAY_PATTERN = "(?:mon|tue|wed|thu|fri|sat|sun)"
DAYS_PATTERN = f"{DAY_PATTERN}(?: ?- ?{DAY_PATTERN})?"


def pattern(regex: str, examples: list[str] | None = None) -> JsonSchema:
    """A JSON Schema of texts that match the whole of a pattern."""
    schema: JsonSchema = {"type": "string", "pattern": f"^{regex}$"}
    return {**schema, "examples": examples} if examples else schema


DURATION = pattern(DURATION_PATTERN, ["20 s", "6.5 min", "8 h"])
SHARE = pattern(f"{N} ?%", ["80%"])
FACTOR = pattern(f"x ?{N}", ["x 1.1"])
TEXT: JsonSchema = {"type": "string", "minLength": 1}

Ticks = Annotated[int, text(units.duration, DURATION)]
PositiveTicks = Annotated[int, text(units.positive_duration, DURATION)]
Share = Annotated[float, text(units.share, SHARE)]
Variation = Annotated[float, text(units.variation, SHARE)]
Factor = Annotated[float, text(units.factor, FACTOR)]
Positive = Annotated[float, text(units.positive, {"type": "number", "exclusiveMinimum": 0})]
Count = Annotated[int, text(units.whole(0), {"type": "integer", "minimum": 0})]
CountFromOne = Annotated[int, text(units.whole(1), {"type": "integer", "minimum": 1})]
Heads = Annotated[int, text(units.whole(0, 100_000), {"type": "integer", "minimum": 0, "maximum": 100_000})]
PLACES = text(units.whole(1, 1000), {"type": "integer", "minimum": 1, "maximum": 1000})
Places = Annotated[int, PLACES]
RatePerHour = text(units.rate_per(HOUR, "38/h"), pattern(f"{N} ?/ ?(?:1 )?{_UNIT}", ["38/h"]))
RatePerMonth = Annotated[
    float, text(units.rate_per(MONTH, "0.06/month"), pattern(f"{N} ?/ ?(?:1 )?{_UNIT}", ["0.06/month"]))
]
Money = Annotated[float, text(units.money_per(""), {"type": "number", "minimum": 0})]
MoneyPerHour = Annotated[float, text(units.money_per("h"), pattern(f"{N} ?/ ?h", ["27.50/h"]))]
MoneyPerBreach = Annotated[float, text(units.money_per("breach"), pattern(f"{N} ?/ ?breach", ["15/breach"]))]
MoneyPerContact = Annotated[float, text(units.money_per("contact"), pattern(f"{N} ?/ ?contact", ["4/contact"]))]
MoneyPerPeriod = Annotated[float, text(units.money_per("period"), pattern(f"{N} ?/ ?period", ["500/period"]))]
MoneyPerMonth = Annotated[float, text(units.money_per("month"), pattern(f"{N} ?/ ?month", ["95/month"]))]
Day = Annotated[date, text(units.day, pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}", ["2026-03-02"]))]
Switch = Annotated[bool, text(units.switch, {"enum": [True, False, "yes", "no"]})]
Span = Annotated[tuple[int, int], text(units.span, pattern(DURATION_PATTERN, ["4 weeks", "90 min"]))]
NAME = pattern(units.NAME)
Name = Annotated[str, text(units.name, NAME)]


# -- free text, file names, zones -------------------------------------------------------------------------
def _title(text: str) -> str:
    if len(text) > 500:
        raise Wrong("a title of at most 500 characters")
    return " ".join(text.split())


def _currency(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise Wrong("a currency as three capital letters, as GBP")
    return text


def _file(text: str) -> str:
    if len(text) > 500 or not text.strip():
        raise Wrong("a file name, relative to this file")
    return text


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(text)
    except Exception:
        raise Wrong("a time zone, as Europe/London", _zone_hint(text)) from None
    return text


A_PLACE = "write a place, as Europe/London"
#: what clocks show, not where they hang: GMT+1, BST, UTC+01:00.  `Etc/GMT+1` is an hour behind UTC, and BST, CST and
#: IST mean two or three things each, so no zone of such a name is ever proposed
_CLOCK = re.compile(r"(?:[A-Za-z]{2,5})?\s*[+-]\s*[0-9]{1,2}(?::?[0-9]{2})?|[A-Za-z]{2,5}")


def _zone_hint(text: str) -> str:
    from zoneinfo import available_timezones

    from supportsim.scenario.errors import nearest

    known = available_timezones()
    if not known:
        return "this computer has no time zone data: install the package tzdata"
    places = sorted(zone for zone in known if "/" in zone and not zone.startswith("Etc/"))
    ends = [zone for zone in places if zone.rsplit("/", 1)[-1].casefold() == text.casefold().replace(" ", "_")]
    if ends:
        return f"did you mean {ends[0]}?"
    hint = "" if _CLOCK.fullmatch(text) else nearest(text, places)
    return hint if hint.startswith("did") else A_PLACE


Title = Annotated[str, text(_title, {"type": "string"})]
Currency = Annotated[str, text(_currency, pattern("[A-Z]{3}", ["GBP"]))]


def _file_node(node: Node, reading: Reading) -> Any:
    return BAD if parse_text(node, reading, _file, "a file name") is BAD else node


FILE = Leaf(_file_node, TEXT)
FileName = Annotated[Text, FILE]
Zone = Annotated[str, text(_zone, {"type": "string", "examples": ["Europe/London"]})]


# -- selectors --------------------------------------------------------------------------------------------
def selector(text: str) -> str:
    """A selector: names with blanks between them; whether they exist is checked later."""
    return names(text, "segments, topics and channels", 3)


def names(text: str, kinds: str, most: int, several: str = "several selectors are a list: [a, b]") -> str:
    """Up to `most` names of things of some kinds, one blank between them; `several`: what to say of commas."""
    words = text.split()
    hint = several if "," in text else ""
    if not words or len(words) > most:
        raise Wrong(f"one to {('three', 'four')[most - 3]} names of {kinds}, as premium phone", hint)
    for word in words:
        try:
            units.name(word)
        except Wrong:
            raise Wrong(f"names of {kinds}, as premium phone", hint) from None
    return " ".join(words)


SELECTOR_PATTERN = f"^{units.NAME}(?: {units.NAME}){{0,2}}$"
SELECTOR: JsonSchema = {"type": "string", "pattern": SELECTOR_PATTERN}


def _selector_node(node: Node, reading: Reading) -> Any:
    found = parse_text(node, reading, selector, "a selector, as premium phone")
    return BAD if found is BAD or not isinstance(node, Text) else reading.part(found, node)


Selectors = Annotated[
    list[Text], many(Leaf(_selector_node, SELECTOR), "a selector or a list of them, as [premium phone, chat]")
]


# -- days and hours ---------------------------------------------------------------------------------------
Windows = tuple[tuple[int, int], ...]


@frozen
class Hours:
    """Opening hours as written: windows per weekday, and holidays."""

    days: tuple[Windows, ...]
    holidays: tuple[date, ...] = ()


def read_days(node: Node, reading: Reading) -> Any:
    """`mon-fri`, `sat` or a list of such, as sorted weekday numbers."""
    items = list(node) if isinstance(node, Seq) else [node]
    if isinstance(node, Seq) and not node:
        reading.wrong(node, "days, as mon-fri, sat or [mon, wed]")
        return BAD
    found: list[int] = []
    for item in items:
        days = parse_text(item, reading, units.weekdays, "days, as mon-fri, sat or [mon, wed]")
        if days is BAD:
            return BAD
        twice = [units.WEEKDAYS[day] for day in days if day in found]
        if twice:
            reading.wrong(item, "every day once", f"{twice[0]} is named before")
            return BAD
        found += days
    return tuple(sorted(found))


DAYS: JsonSchema = {"anyOf": [pattern(DAYS_PATTERN, ["mon-fri"]), {"type": "array", "items": pattern(DAYS_PATTERN)}]}
Days = Annotated[tuple[int, ...], Leaf(read_days, DAYS)]
Window = Annotated[tuple[int, int], text(units.window, pattern(WINDOW_PATTERN, ["08:00-16:30"]))]


def _windows(node: Node, reading: Reading) -> Any:
    """One window or a list of them; `closed` is none."""
    if isinstance(node, Text) and node == "closed":
        return ()
    found = [parse_text(each, reading, units.window) for each in (node if isinstance(node, Seq) else [node])]
    if any(each is BAD for each in found):
        return BAD
    found.sort()
    for (_, end), (begin, _) in itertools.pairwise(found):
        if begin < end:
            reading.wrong(node, "windows that do not overlap")
            return BAD
    return tuple(found)


def read_hours(node: Node, reading: Reading) -> Any:
    """A calendar: days -> hours, and holidays."""
    if not isinstance(node, Map):
        reading.wrong(node, "opening hours by day, as {mon-fri: 09:00-17:30}")
        return BAD
    refuse_factor(node, reading)
    days: list[Windows] = [()] * 7
    named: dict[int, str] = {}
    holidays: Any = ()
    bad = False
    for key, value in node.items():
        assert isinstance(key, Text)
        if key == "holidays":
            holidays = _dates(value, reading)
            bad |= holidays is BAD
            continue
        numbers, windows = day_key(key, node, reading, named), _windows(value, reading)
        if numbers is BAD or windows is BAD:
            bad = True
            continue
        for number in numbers:
            days[number] = windows
    return BAD if bad else Hours(tuple(days), holidays)


def day_key(
    key: Text, node: Map, reading: Reading, named: dict[int, str], expected: str = "days (mon-fri, sat) or holidays"
) -> Any:
    """The weekdays of a key, each named once in a mapping."""
    rule, hint = "", ""
    numbers: tuple[int, ...] = ()
    try:
        numbers = units.weekdays(key)
        twice = [day for day in numbers if day in named]
        if twice:
            rule, hint = "every day once", f"{units.WEEKDAYS[twice[0]]} stands in {named[twice[0]]} already"
    except Wrong as wrong:
        rule, hint = expected, wrong.hint
    if rule:
        reading.wrong_key(key, node, rule, hint)
        return BAD
    named.update(dict.fromkeys(numbers, str(key)))
    return numbers


def _dates(node: Node, reading: Reading) -> Any:
    found: list[date] = []
    for item in node if isinstance(node, Seq) else [node]:
        day = parse_text(item, reading, units.day)
        if day is BAD:
            return BAD
        if day in found:
            reading.wrong(item, "every holiday once")
            return BAD
        found.append(day)
    return tuple(sorted(found))


_WINDOWS: JsonSchema = {
    "anyOf": [
        pattern(WINDOW_PATTERN, ["09:00-17:30"]),
        {"const": "closed"},
        {"type": "array", "items": pattern(WINDOW_PATTERN)},
    ]
}
_DATES: JsonSchema = pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}", ["2026-04-03"])
HOURS: JsonSchema = {
    "type": "object",
    "properties": {"holidays": {"anyOf": [_DATES, {"type": "array", "items": _DATES}]}},
    "patternProperties": {f"^{DAYS_PATTERN}$": _WINDOWS},
    "additionalProperties": False,
}
CALENDAR = Leaf(read_hours, HOURS)


def _open(node: Node, reading: Reading) -> Any:
    """A calendar's name, `always`, or hours written in place."""
    if isinstance(node, Map):
        return read_hours(node, reading)
    return parse_text(node, reading, _calendar_name, "a calendar's name, always, or hours by day")


def _calendar_name(text: str) -> str:
    if text == "always":
        return text
    try:
        return units.name(text)
    except Wrong:
        if units.ALL_DAY.fullmatch(text.strip()):
            raise Wrong("a calendar's name, always, or hours by day", "write always") from None
        try:
            units.window(text)
        except Wrong:
            raise Wrong("a calendar's name, always, or hours by day") from None
        raise Wrong("a calendar's name, always, or hours by day", f"write {{mon-fri: {text}}}") from None


OPEN: JsonSchema = {"anyOf": [NAME, HOURS]}
Open = Annotated[Any, Leaf(_open, OPEN)]

# -- rates ------------------------------------------------------------------------------------------------
DAYS_OR_HOURS = "days (mon-fri, sat), or hours (08:00-12:00) for every day"
Rates = tuple[tuple[int, int, int, float], ...]


def read_rates(node: Node, reading: Reading) -> Any:
    """`38/h`, hours -> rate, or days -> (rate or hours -> rate): rows (weekday, begin, end, per hour)."""
    rows: list[tuple[int, int, int, float]] = []
    everyday = tuple(range(7))
    if not isinstance(node, Map):
        rate = RatePerHour.read(node, reading)
        return BAD if rate is BAD else tuple((day, 0, DAY, rate) for day in everyday)
    by_hours = any(":" in key for key in node)
    named: dict[int, str] = {}
    bad = not node
    if bad:
        reading.wrong(node, "rates by day or by hours")
    for key, value in [] if by_hours else node.items():
        assert isinstance(key, Text)
        days = day_key(key, node, reading, named, DAYS_OR_HOURS)
        if isinstance(value, Map):
            part = _hour_rates(value, reading)
        else:
            rate = RatePerHour.read(value, reading)
            part = BAD if rate is BAD else [(0, DAY, rate)]
        bad |= days is BAD or part is BAD
        rows += [] if bad else [(day, *cell) for day in days for cell in part]
    if by_hours:
        part = _hour_rates(node, reading)
        bad |= part is BAD
        rows = [] if bad else [(day, *cell) for day in everyday for cell in part]
    return BAD if bad else _split(rows, node.factor, node, reading)


def _hour_rates(node: Map, reading: Reading) -> Any:
    """Rows (begin, end, per hour) of hours -> rate."""
    found: list[tuple[int, int, float]] = []
    bad = False
    for key, value in node.items():
        assert isinstance(key, Text)
        rate = RatePerHour.read(value, reading)
        try:
            found.append((*units.window(key), rate))
        except Wrong as wrong:
            reading.wrong_key(key, node, wrong.expected, wrong.hint)
            bad = True
        bad |= rate is BAD
    return BAD if bad else found


def _split(rows: list[tuple[int, int, int, float]], factor: float, node: Node, reading: Reading) -> Any:
    """Rows cut at midnight, multiplied, sorted; overlapping hours are a fault."""
    cut = []
    for day, begin, end, rate in rows:
        cut.append((day, begin, min(end, DAY), rate * factor))
        if end > DAY:
            cut.append(((day + 1) % 7, 0, end - DAY, rate * factor))
    cut.sort()
    for a, b in itertools.pairwise(cut):
        if a[0] == b[0] and b[1] < a[2]:
            reading.wrong(node, "hours that do not overlap", f"they do on {units.WEEKDAYS[a[0]]}")
            return BAD
    return tuple(cut)


_RATE = RatePerHour.schema
_HOUR_RATES: JsonSchema = {
    "type": "object",
    "patternProperties": {f"^{WINDOW_PATTERN}$": _RATE},
    "additionalProperties": False,
}
RATES: JsonSchema = {
    "anyOf": [
        _RATE,
        _HOUR_RATES,
        {
            "type": "object",
            "patternProperties": {f"^{DAYS_PATTERN}$": {"anyOf": [_RATE, _HOUR_RATES]}},
            "additionalProperties": False,
        },
    ]
}
RateTable = Annotated[Rates, Leaf(read_rates, RATES)]

# -- phrases of the roster --------------------------------------------------------------------------------
_BREAK = re.compile(r"(.+?) (paid|unpaid) (?:at (\S+)|between (\S+) and (\S+))")
BREAK_RULE = "a break, as 30 min unpaid at 12:00, or 30 min unpaid between 11:30 and 14:00"


def break_phrase(text: str) -> Break:
    """`30 min unpaid at 12:00`, `15 min paid between 09:30 and 11:00`."""
    found = _BREAK.fullmatch(" ".join(text.split()))
    if not found:
        raise Wrong(BREAK_RULE, _break_hint(text))
    try:
        length = units.positive_duration(found[1])
        if found[3]:
            at = units.time_of_day(found[3])
            return Break(length, found[2] == "paid", at, at)
        earliest, latest = units.time_of_day(found[4]), units.time_of_day(found[5], end=True)
    except Wrong as wrong:
        raise Wrong(BREAK_RULE, wrong.hint or wrong.expected) from None
    if latest <= earliest:
        latest += DAY
    if latest - earliest < length:
        raise Wrong(BREAK_RULE, "the break is longer than the time it must lie in")
    return Break(length, found[2] == "paid", earliest, latest)


def _break_hint(text: str) -> str:
    if re.fullmatch(TIME_PATTERN, text.strip()):
        return f"a break needs a length: write 30 min unpaid at {text.strip()}"
    staggered = staggered_break(text)
    if staggered:
        return f"write {staggered}"
    if not re.search(r"\b(paid|unpaid)\b", text):
        return "say whether it is paid or unpaid"
    return ""


BREAK = pattern(
    f"{DURATION_PATTERN} (?:paid|unpaid) (?:at {TIME_PATTERN}|between {TIME_PATTERN} and {TIME_PATTERN})",
    ["30 min unpaid at 12:00", "15 min paid between 09:30 and 11:00"],
)
_BREAKS = many(text(break_phrase, BREAK), "a list of breaks")


def _breaks(node: Node, reading: Reading) -> Any:
    """A list of breaks; one that a comma has cut in two gets one fault."""
    for first, second in itertools.pairwise(node if isinstance(node, Seq) else ()):
        whole = staggered_break(f"{first}, {second}") if isinstance(first, Text) and isinstance(second, Text) else ""
        if whole and not staggered_break(str(second)):
            reading.wrong(first, BREAK_RULE, f"write {whole}", got=f"{first}, {second}")
            return BAD
    if isinstance(node, Map) and any(each.hole for each in node.values()):
        return BAD
    if isinstance(node, Map) and node:
        reading.wrong(node, "a list of breaks", "breaks have no names: write [30 min unpaid between 11:30 and 14:00]")
        return BAD
    return _BREAKS.read(node, reading)


Breaks = Annotated[list[Any], Leaf(_breaks, _BREAKS.schema)]


def off_desk(text: str) -> tuple[float, int]:
    """`10% in 30 min blocks` as (share, length)."""
    rule = "a share in blocks, as 10% in 30 min blocks"
    found = re.fullmatch(r"(\S+(?: %)?) in (.+) blocks", " ".join(text.split()))
    if not found:
        raise Wrong(rule, "say how long a block is" if text.strip().endswith("%") else "")
    try:
        return units.share(found[1]), units.positive_duration(found[2])
    except Wrong as wrong:
        raise Wrong(rule, wrong.hint) from None


OffDesk = Annotated[
    tuple[float, int],
    text(off_desk, pattern(f"{N} ?% in {DURATION_PATTERN} blocks", ["10% in 30 min blocks"])),
]
