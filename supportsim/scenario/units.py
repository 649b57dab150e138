"""Units at the border: text of a scenario becomes ticks, fractions, rates, times of day, dates and weekdays.

Every function takes one text and returns one value, or raises Wrong with the rule and, where the cause can be
named, a hint.  Numbers are read as exact decimals, so 0.1 s is 100,000 ticks and nothing else.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from supportsim.scenario.errors import nearest
from supportsim.scenario.number_text import Wrong as Wrong
from supportsim.scenario.number_text import at_least, number_hint, plain
from supportsim.scenario.number_text import number as number
from supportsim.scenario.number_text import positive as positive
from supportsim.scenario.number_text import whole as whole
from supportsim.scenario.ticks import (
    DAY,
    HORIZON_LIMIT,
    HOUR,
    MICROSECOND,
    MILLISECOND,
    MINUTE,
    MONTH,
    SECOND,
    WEEK,
    YEAR,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: the one table of units of time: every spelling there is, and its length in ticks
UNITS: dict[str, int] = {
    **dict.fromkeys(("us",), MICROSECOND),
    **dict.fromkeys(("ms",), MILLISECOND),
    **dict.fromkeys(("s", "second", "seconds"), SECOND),
    **dict.fromkeys(("min", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hour", "hours"), HOUR),
    **dict.fromkeys(("day", "days"), DAY),
    **dict.fromkeys(("week", "weeks"), WEEK),
    **dict.fromkeys(("month", "months"), MONTH),
    **dict.fromkeys(("year", "years"), YEAR),
}
_UNIT_HINTS = {
    "m": "m could be minutes or months: write min or month",
    "d": "write day",
    "hr": "write h",
    "hrs": "write h",
    "sec": "write s",
    "secs": "write s",
    "mins": "write min",
    "min.": "write min",
    "mins.": "write min",
    "w": "write week",
    "y": "write year",
    "H": "write h",
    "M": "write min or month",
    "S": "write s",
}

_PART = re.compile(r"(-?[0-9][0-9.,_]*(?:[eE][+-]?[0-9]+)?)\s*([A-Za-zµ][A-Za-zµ.]*)(?=\s|$|-?[0-9])")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_MONEY_SIGN = re.compile(r"[£$€¥]|\b[A-Z]{3}\b")


# -- shares and factors -----------------------------------------------------------------------------------
def share(text: str) -> float:
    """`80%` as 0.8; between 0% and 100%."""
    value = _percent(text, "a share between 0% and 100%")
    if value > 1:
        raise Wrong("a share between 0% and 100%")
    return float(value)


def variation(text: str) -> float:
    """A coefficient of variation written with %: `8%` as 0.08; from 0% to 1000%."""
    value = _percent(text, "a spread (coefficient of variation) with %, as 8%")
    if value > 10:
        raise Wrong("a spread of at most 1000%")
    return float(value)


def _percent(text: str, rule: str) -> Decimal:
    text = text.strip()
    if service_level(text):
        raise Wrong(rule, f"write {service_level(text)}")
    if not text.endswith("%"):
        raise Wrong(rule, _share_hint(text))
    value = number(text[:-1], rule)
    if value < 0:
        raise Wrong(rule)
    return value / 100


def service_level(text: str) -> str:
    """`80/20` as the two keys it means; empty for anything else."""
    found = re.fullmatch(r"([0-9]{1,2})\s*/\s*([0-9]+)", text.strip())
    return f"answer: {found[2]} s, share: {found[1]}%" if found else ""


def _share_hint(text: str) -> str:
    try:
        value = number(text)
    except Wrong as wrong:
        return wrong.hint
    if 0 <= value <= 1:
        return f"shares are written with %: write {plain(value * 100)}%"
    return f"shares are written with %: write {plain(value)}%" if value <= 100 else "shares are written with %"


def factor(text: str) -> float:
    """`x 1.6` as 1.6; 0 or more."""
    value = factor_or_none(text)
    if value is None:
        raise Wrong("a factor, as x 1.6", _factor_hint(text))
    return float(value)


def _factor_hint(text: str) -> str:
    change = re.fullmatch(r"([+-])\s*([0-9]+(?:\.[0-9]+)?)\s*%", text.strip())
    if change:
        value = 1 + Decimal(change[1] + change[2]) / 100
        return f"write x {plain(value)}" if value >= 0 else ""
    try:
        return f"write x {plain(number(text))}"
    except Wrong:
        pass
    try:
        return f"write x {plain(_percent(text, ''))}"
    except Wrong as wrong:
        return wrong.hint


def factor_or_none(text: str) -> Decimal | None:
    """The number of `x 1.6`, None if the text is no factor; Wrong if it is one that cannot be."""
    found = re.fullmatch(r"[x×*]\s*(\S+)", text.strip())
    if not found or not re.match(r"[-+.\d]", found[1]):
        return None
    value = number(found[1], "a factor, as x 1.6")
    if value < 0:
        raise Wrong("a factor of 0 or more, as x 1.6")
    return value


# -- durations --------------------------------------------------------------------------------------------
def duration(text: str) -> int:
    """`20 s`, `6.5 min`, `1 h 30 min` in ticks, 0 or more; at most 100 years."""
    return _to_ticks(_parts(text), "a duration, as 90 s or 6.5 min")


def positive_duration(text: str) -> int:
    """A duration above 0."""
    value = duration(text)
    if value <= 0:
        raise Wrong("a duration above 0")
    return value


def span(text: str) -> tuple[int, int]:
    """(calendar days, further ticks): whole days and weeks are calendar days, the rest is elapsed time."""
    days, rest = 0, []
    for value, unit, ticks in _parts(text):
        if unit in ("month", "months", "year", "years"):
            raise Wrong("a time in weeks, days, h or min", "months differ in length: write 4 weeks or 30 days")
        if ticks >= DAY and value == value.to_integral_value():
            days += int(value) * (ticks // DAY)
        else:
            rest.append((value, unit, ticks))
    if days < 0:
        raise Wrong("a time in weeks, days, h or min", "not below 0")
    ticks = _to_ticks(rest, "a time in weeks, days, h or min") if rest else 0
    if days * DAY + ticks > HORIZON_LIMIT:
        raise Wrong("at most 100 years")
    return days, ticks


def _to_ticks(parts: list[tuple[Decimal, str, int]], rule: str) -> int:
    total = sum((value * ticks for value, _, ticks in parts), Decimal(0))
    if total < 0:
        raise Wrong(rule, "not below 0")
    if total > HORIZON_LIMIT:
        raise Wrong("at most 100 years")
    return int(total.quantize(Decimal(1), ROUND_HALF_EVEN))


def _parts(text: str) -> list[tuple[Decimal, str, int]]:
    """The (number, unit, ticks of the unit) of a duration, larger units first."""
    rule = "a duration, as 90 s or 6.5 min"
    text = text.strip()
    found = list(_PART.finditer(text))
    if (
        not found
        or text[: found[0].start()].strip()
        or any(text[a.end() : b.start()].strip() for a, b in zip(found, [*found[1:], None], strict=False) if b)
        or text[found[-1].end() :].strip()
    ):
        raise Wrong(rule, duration_hint(text))
    parts = []
    for match in found:
        unit = match[2]
        if unit not in UNITS:
            raise Wrong(f"{rule} (units: us, ms, s, min, h, day, week, month, year)", _unit_hint(unit))
        parts.append((_duration_number(match[1], unit), unit, UNITS[unit]))
    if any(a[2] <= b[2] for a, b in itertools.pairwise(parts)):
        raise Wrong(rule, "larger units first, each once")
    if len(parts) > 1 and any(value < 0 for value, _, _ in parts):
        raise Wrong(rule, "not below 0")
    return parts


def _duration_number(text: str, unit: str) -> Decimal:
    try:
        return number(text, "a duration, as 90 s or 6.5 min")
    except Wrong as wrong:
        comma = re.fullmatch(r"([0-9]+),([0-9]+)", text)
        if comma and len(comma[2]) != 3:
            raise Wrong(wrong.expected, f"decimal comma: write {comma[1]}.{comma[2]} {unit}") from None
        raise


def _unit_hint(unit: str) -> str:
    if unit in _UNIT_HINTS:
        return _UNIT_HINTS[unit]
    if unit.lower() in UNITS:
        return f"write {unit.lower()}"
    return nearest(unit, UNITS) if len(unit) > 2 else ""


def duration_hint(text: str) -> str:
    """Why a text is no duration, where the cause is known."""
    clock = re.fullmatch(r"([0-9]{1,3}):([0-9]{2})(?::([0-9]{2}))?", text)
    if clock:
        return _clock_hint(text, int(clock[1]), int(clock[2]), clock[3])
    if service_level(text):
        return f"write {service_level(text)}"
    if factor_or_none_safe(text) is not None:
        return "there is nothing for x to multiply here"
    try:
        value = plain(number(text))
    except Wrong as wrong:
        return wrong.hint
    return f"a unit is missing: write {value} s, {value} min or {value} h"


def factor_or_none_safe(text: str) -> Decimal | None:
    """As factor_or_none, without an error."""
    try:
        return factor_or_none(text)
    except Wrong:
        return None


def _clock_hint(text: str, first: int, second: int, third: str | None) -> str:
    if third is None:
        minutes = plain(Decimal(first) + (Decimal(second) / 60).quantize(Decimal("0.01")))
        return f"{text} could be minutes or hours: write {minutes} min or {first * 60 + second} s"
    seconds = first * 3600 + second * 60 + int(third)
    return f"write {plain((Decimal(seconds) / 60).quantize(Decimal('0.01')))} min or {seconds} s"


# -- rates and money --------------------------------------------------------------------------------------
def rate_per(unit_ticks: int, example: str) -> Callable[[str], float]:
    """A parser of rates as `38/h`, returned per `unit_ticks`."""

    def parse(text: str) -> float:
        rule = f"a rate, as {example}"
        amount, slash, unit = (part.strip() for part in text.partition("/"))
        if not slash:
            raise Wrong(rule, _per_hint(amount, UNITS) or _rate_hint(amount))
        if unit.startswith("1 "):
            unit = unit[2:]
        if unit not in UNITS:
            raise Wrong(f"{rule} (per s, min, h, day, week, month or year)", _unit_hint(unit))
        value = at_least(0, number(amount, rule), f"{rule}, 0 or more")
        return float(value * unit_ticks / UNITS[unit])

    return parse


def _rate_hint(amount: str) -> str:
    return (number_hint(amount) or f"say per what: {amount}/h") if amount[:1].isdigit() else ""


def _per_hint(text: str, known: Collection[str]) -> str:
    """`0.06 per month`, `38 calls an hour` as a hint to write 0.06/month, 38/hour."""
    found = re.fullmatch(r"([0-9.,]+)(?: [A-Za-z]+)??,? (?:per|an?|each|every) ([A-Za-z]+)", " ".join(text.split()))
    if not found or found[2] not in known:
        return ""
    try:
        number(found[1])
    except Wrong as wrong:
        return wrong.hint
    return f"write {found[1]}/{found[2]}"


def money_per(unit: str) -> Callable[[str], float]:
    """A parser of money: `27.50/h` where `unit` is h; a bare number where it is empty.  0 or more."""
    rule = f"an amount of money, as 12.50/{unit}" if unit else "an amount of money, as 12.50"

    def parse(text: str) -> float:
        if _MONEY_SIGN.search(text):
            raise Wrong(rule, "currency is stated once at the top: write the bare amount")
        amount, slash, per = (part.strip() for part in text.partition("/"))
        if unit and not slash:
            raise Wrong(rule, _money_hint(text, unit))
        if (slash and not unit) or (unit and per != unit):
            raise Wrong(rule, _money_hint(text, unit) if unit else "")
        return float(at_least(0, number(amount, rule), f"{rule}, 0 or more"))

    return parse


def _money_hint(text: str, unit: str) -> str:
    """What was meant by an amount that does not say per what, or says it in other words."""
    same = [word for word, ticks in UNITS.items() if ticks == UNITS.get(unit)]
    amount, _, per = (part.strip() for part in text.partition("/"))
    in_words = _per_hint(text, [*same, unit])
    if in_words:
        return re.sub(r"/[a-z]+$", f"/{unit}", in_words)
    if per and per not in same:
        return ""
    try:
        number(amount)
    except Wrong as wrong:
        return wrong.hint
    return f"write {amount}/{unit}"


# -- clock and calendar -----------------------------------------------------------------------------------
def time_of_day(text: str, end: bool = False) -> int:
    """`08:00` in ticks since midnight; `24:00` only as an end."""
    text = text.strip()
    rule = "a time of day, as 08:30"
    found = _TIME.fullmatch(text)
    if not found:
        raise Wrong(rule, _time_hint(text))
    h, m, s = int(found[1]), int(found[2]), int(found[3] or 0)
    if (h, m, s) == (24, 0, 0):
        if not end:
            raise Wrong(rule, "24:00 is an end only: a day begins at 00:00")
    elif h > 23 or m > 59 or s > 59:
        raise Wrong("a time of day between 00:00 and 24:00")
    return h * HOUR + m * MINUTE + s * SECOND


def _time_hint(text: str) -> str:
    found = re.fullmatch(r"([0-9]{1,2})[.:h]([0-9]{1,2})(?::[0-9]+)?", text) or re.fullmatch(r"([0-9]{1,2})()", text)
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return f"write {int(found[1]):02}:{int(found[2] or 0):02}"
    clock = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*([ap])\.?m\.?", text, re.IGNORECASE)
    if clock and 1 <= int(clock[1]) <= 12:
        h = int(clock[1]) % 12 + (12 if clock[3].lower() == "p" else 0)
        return f"write {h:02}:{clock[2] or '00'}"
    return ""


def window(text: str) -> tuple[int, int]:
    """`09:00-17:30` as (begin, end); an end at or before the begin lies on the next day (end above 24 h)."""
    rule = "hours, as 09:00-17:30"
    text = text.strip()
    parts = re.split(r"\s*-\s*", text)
    if len(parts) != 2:
        raise Wrong(rule, _window_hint(text))
    try:
        begin, end = time_of_day(parts[0]), time_of_day(parts[1], end=True)
    except Wrong as wrong:
        raise Wrong(rule, _both(parts) or wrong.hint or wrong.expected) from None
    if begin == end:
        raise Wrong(rule, "no time between begin and end: for the whole day write 00:00-24:00")
    return (begin, end) if end > begin else (begin, end + DAY)


def _both(parts: Sequence[str]) -> str:
    """A hint that mends both ends of a window, if both can be mended."""
    words = []
    for part in parts:
        hint = _time_hint(part)
        if not _TIME.fullmatch(part) and not hint:
            return ""
        words.append(hint.removeprefix("write ") or part)
    return f"write {'-'.join(words)}" if list(parts) != words else ""


def _window_hint(text: str) -> str:
    if re.search(r"[–—‑]|\bto\b|\buntil\b", text):
        return "write it with a plain hyphen: " + re.sub(r"\s*([–—‑]|\bto\b|\buntil\b)\s*", "-", text)
    if "," in text:
        return "several windows are a list: [" + ", ".join(re.split(r"\s*,\s*", text)) + "]"
    if ALL_DAY.fullmatch(text):
        return "write 00:00-24:00"
    begin = _time_hint(text).removeprefix("write ") or (text if _TIME.fullmatch(text) else "")
    return f"write {begin} and an end, as {begin}-24:00" if begin else ""


#: what people write for a day without an end
ALL_DAY = re.compile(r"24\s*[/x]\s*7|24\s*h(?:ours|rs|r)?|24 hours a day|all day|round the clock", re.IGNORECASE)


def day(text: str) -> date:
    """`2026-03-02`; nothing else is a date."""
    rule = "a date, as 2026-03-02"
    text = text.strip()
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if not found:
        raise Wrong(rule, _day_hint(text))
    try:
        value = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Wrong("a day that exists") from None
    if not 1900 <= value.year <= 2200:
        raise Wrong("a year between 1900 and 2200")
    return value


def _day_hint(text: str) -> str:
    found = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text)
    if found:
        return f"write {found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    found = re.match(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]", text)
    if found:
        return f"a date has no time of day: write {found[1]}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        return f"the day is missing: write {text}-01"
    if re.fullmatch(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}", text):
        return "write year-month-day: day and month are not guessed"
    return ""


def weekdays(text: str) -> tuple[int, ...]:
    """`sat` or `mon-fri` as numbers, 0 = Monday, in the order of the week walked through."""
    rule = "days, as mon-fri, sat or [mon, wed]"
    text = text.strip()
    if "," in text:
        raise Wrong(rule, "a list is written in brackets: [" + ", ".join(re.split(r"\s*,\s*", text)) + "]")
    first, dash, last = (part.strip() for part in text.partition("-"))
    numbers = []
    for name in (first, last) if dash else (first,):
        if name not in WEEKDAYS:
            raise Wrong(rule, _range_hint(text) or _weekday_hint(name))
        numbers.append(WEEKDAYS.index(name))
    if not dash:
        return (numbers[0],)
    return tuple((numbers[0] + i) % 7 for i in range((numbers[1] - numbers[0]) % 7 + 1))


def _range_hint(text: str) -> str:
    """`Mon-Fri` or `Monday-Friday` as `mon-fri`; empty where no range is meant."""
    short = [part.strip().lower()[:3] for part in text.split("-")]
    return f"write {'-'.join(short)}" if len(short) == 2 and all(name in WEEKDAYS for name in short) else ""


def _weekday_hint(name: str) -> str:
    short = name.casefold()[:3]
    if short in WEEKDAYS:
        return f"write {short}"
    if name.casefold() in ("daily", "every day", "all", "everyday", "week"):
        return "write mon-sun"
    if name.casefold() in ("weekdays", "workdays"):
        return "write mon-fri"
    return "days are mon, tue, wed, thu, fri, sat, sun"


def staggered_break(text: str) -> str:
    """`30 min unpaid, staggered 11:30-14:00` as the break it means; empty for anything else."""
    found = re.fullmatch(_STAGGERED, " ".join(text.split()))
    return f"{found[1]} between {found[2]} and {found[3]}" if found else ""


_STAGGERED = r"(\S.*? (?:paid|unpaid)),? (?:staggered |spread )?([0-9:]+) ?[-–] ?([0-9:]+)"


# -- names and switches -----------------------------------------------------------------------------------
LONGEST_NAME = 100
#: ASCII only: names stand in paths of --set, in columns of CSV files and in names of folders, and letters that
#: look alike must not make two of them.  Editors (JSON Schema) read this pattern exactly as Python does.
NAME = f"[A-Za-z][A-Za-z0-9_-]{{0,{LONGEST_NAME - 1}}}"
RESERVED = ("all", "total", "always", "never", "none", "nobody")


def name(text: str) -> str:
    """A name: letters A to Z and a to z, digits, `_` and `-`, a letter first, at most 100 characters."""
    rule = "a name: letters (A to Z, a to z), digits, _ and -, beginning with a letter"
    if len(text) > LONGEST_NAME:
        raise Wrong(f"a name of at most {LONGEST_NAME} characters")
    if not re.fullmatch(NAME, text):
        ascii_only = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
        better = re.sub(r"[^A-Za-z0-9-]+", "_", ascii_only.replace("ß", "ss")).strip("_")
        raise Wrong(rule, f"write {better}" if re.fullmatch(NAME, better) and better != text else "")
    return text


def switch(text: str) -> bool:
    """`yes`, `true`, `no`, `false`."""
    if text in ("yes", "true"):
        return True
    if text in ("no", "false"):
        return False
    raise Wrong("yes or no")
