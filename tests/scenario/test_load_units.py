"""Units in text: what each kind of field takes, what it refuses, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportsim.scenario import schema_fields, units
from supportsim.scenario.model import Break
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, MONTH, SECOND
from supportsim.scenario.units import Wrong

GOOD: list[tuple[Callable[[str], Any], str, Any]] = [
    (units.duration, "20 s", 20 * SECOND),
    (units.duration, "20s", 20 * SECOND),
    (units.duration, "6.5 min", 390 * SECOND),
    (units.duration, "0.1 s", 100_000),
    (units.duration, "1 h 30 min", 90 * MINUTE),
    (units.duration, "1h30min", 90 * MINUTE),
    (units.duration, "1.5 days", 36 * HOUR),
    (units.duration, "2 weeks", 14 * DAY),
    (units.duration, "1 month", MONTH),
    (units.duration, "0 s", 0),
    (units.duration, "7 us", 7),
    (units.duration, "1e3 s", 1000 * SECOND),
    (units.duration, "0.0000005 s", 0),  # half a tick: to the even one
    (units.duration, "0.0000015 s", 2),
    (units.span, "4 weeks", (28, 0)),
    (units.span, "1 day 6 h", (1, 6 * HOUR)),
    (units.span, "90 min", (0, 90 * MINUTE)),
    (units.span, "24 h", (0, DAY)),
    (units.span, "1.5 days", (0, 36 * HOUR)),
    (units.share, "80%", 0.8),
    (units.share, "0%", 0.0),
    (units.share, "100 %", 1.0),
    (units.share, "0.5%", 0.005),
    (units.variation, "120%", 1.2),
    (units.factor, "x 1.6", 1.6),
    (units.factor, "x1.6", 1.6),
    (units.factor, "x 0", 0.0),
    (units.whole(0), "1e3", 1000),
    (units.whole(0), "0", 0),
    (units.rate_per(HOUR, "38/h"), "38/h", 38.0),
    (units.rate_per(HOUR, "38/h"), "912/day", 38.0),
    (units.rate_per(HOUR, "38/h"), "0.5 / min", 30.0),
    (units.rate_per(MONTH, "0.06/month"), "12/year", 1.0),
    (units.money_per("h"), "27.50/h", 27.5),
    (units.money_per(""), "0.12", 0.12),
    (units.time_of_day, "08:00", 8 * HOUR),
    (units.time_of_day, "8:00", 8 * HOUR),
    (units.time_of_day, "17:30", 17 * HOUR + 30 * MINUTE),
    (units.time_of_day, "00:00", 0),
    (units.window, "09:00-17:30", (9 * HOUR, 17 * HOUR + 30 * MINUTE)),
    (units.window, "10:00 - 14:00", (10 * HOUR, 14 * HOUR)),
    (units.window, "00:00-24:00", (0, DAY)),
    (units.window, "22:00-06:00", (22 * HOUR, 30 * HOUR)),
    (units.window, "22:00-24:00", (22 * HOUR, DAY)),
    (units.day, "2028-02-29", date(2028, 2, 29)),
    (units.weekdays, "mon-fri", (0, 1, 2, 3, 4)),
    (units.weekdays, "sat", (5,)),
    (units.weekdays, "sat-mon", (5, 6, 0)),
    (units.name, "NO", "NO"),
    (units.name, "second-line_EU2", "second-line_EU2"),
    (units.switch, "no", False),
    (units.switch, "true", True),
    (
        schema_fields.break_phrase,
        "30 min unpaid between 11:30 and 14:00",
        Break(30 * MINUTE, False, 11 * HOUR + 30 * MINUTE, 14 * HOUR),
    ),
    (schema_fields.break_phrase, "15 min paid at 10:00", Break(15 * MINUTE, True, 10 * HOUR, 10 * HOUR)),
    (schema_fields.off_desk, "10% in 30 min blocks", (0.1, 30 * MINUTE)),
    (schema_fields.off_desk, "10 % in 1 h blocks", (0.1, HOUR)),
]


@pytest.mark.parametrize(("parse", "text", "value"), GOOD, ids=[row[1] for row in GOOD])
def test_a_unit_is_read(parse: Callable[[str], Any], text: str, value: Any) -> None:
    assert parse(text) == value


BAD: list[tuple[Callable[[str], Any], str, str]] = [
    (units.duration, "6:30", "6:30 could be minutes or hours: write 6.5 min or 390 s"),
    (units.duration, "0:06:30", "write 6.5 min or 390 s"),
    (units.duration, "0:45", "0:45 could be minutes or hours: write 0.75 min or 45 s"),
    (units.duration, "5", "a unit is missing: write 5 s, 5 min or 5 h"),
    (units.duration, "5 mins.", "write min"),
    (units.duration, "3 m", "m could be minutes or months: write min or month"),
    (units.duration, "6,5 min", "decimal comma: write 6.5 min"),
    (units.duration, "1,500 s", "no commas: write 1500"),
    (units.duration, "-3 s", "not below 0"),
    (units.duration, "1 min 1 h", "larger units first, each once"),
    (units.duration, "1_000 s", "no underscores: write 1000"),
    (units.duration, "012 s", "no leading zeros: write 12"),
    (units.duration, "80/20", "write answer: 20 s, share: 80%"),
    (units.duration, "x 1.2", "there is nothing for x to multiply here"),
    (units.duration, "200 years", ""),
    (units.duration, "nan s", ""),
    (units.positive_duration, "0 s", ""),
    (units.span, "1 month", "months differ in length: write 4 weeks or 30 days"),
    (units.span, "-3 days", "not below 0"),
    (units.share, "0.8", "shares are written with %: write 80%"),
    (units.share, "80", "shares are written with %: write 80%"),
    (units.share, "80/20", "write answer: 20 s, share: 80%"),
    (units.share, "0,8%", "decimal comma: write 0.8"),
    (units.share, "100.1%", ""),
    (units.factor, "1.6", "write x 1.6"),
    (units.factor, "110%", "write x 1.1"),
    (units.factor, "x -2", ""),
    (units.whole(0), "+2", "no leading plus: write 2; in a variant, to change 7 to 9, write 7 -> 9"),
    (units.whole(0), "7 -> 9", "old -> new belongs under change"),
    (units.whole(0), "007", "no leading zeros: write 7"),
    (units.whole(0), "0x1F", "decimal digits only"),
    (units.whole(0), "40,000", "no commas: write 40000"),
    (units.whole(0), "7.5", "no fractions"),
    (units.whole(0), "9" * 5000, "5000 characters long"),
    (units.whole(0), "1e400", "beyond any size this model can mean"),
    (units.whole(0), "nan", "not a number is no value"),
    (units.whole(0), ".inf", "infinite is no value here"),
    (units.whole(0), "\u0663", ""),  # an Arabic digit
    (units.rate_per(HOUR, "38/h"), "38", "say per what: 38/h"),
    (units.rate_per(HOUR, "38/h"), "38/m", "m could be minutes or months: write min or month"),
    (units.money_per("h"), "£22/h", "currency is stated once at the top: write the bare amount"),
    (units.money_per("h"), "22 GBP/h", "currency is stated once at the top: write the bare amount"),
    (units.money_per("h"), "22", "write 22/h"),
    (units.time_of_day, "08.30", "write 08:30"),
    (units.time_of_day, "8:5", "write 08:05"),
    (units.time_of_day, "8am", "write 08:00"),
    (units.time_of_day, "12:30 pm", "write 12:30"),
    (units.time_of_day, "24:00", "24:00 is an end only: a day begins at 00:00"),
    (units.time_of_day, "25:00", ""),
    (units.window, "22:00-22:00", "no time between begin and end: for the whole day write 00:00-24:00"),
    (units.window, "8.30-17.00", "write 08:30-17:00"),
    (units.window, "09:00–17:30", "write it with a plain hyphen: 09:00-17:30"),
    (units.window, "09:00-12:00, 13:00-17:00", "several windows are a list: [09:00-12:00, 13:00-17:00]"),
    (units.day, "2026-02-30", ""),
    (units.day, "02-03-2026", "write year-month-day: day and month are not guessed"),
    (units.day, "2026-3-2", "write 2026-03-02"),
    (units.weekdays, "Monday", "write mon"),
    (units.weekdays, "Mon", "write mon"),
    (units.weekdays, "Mon-Fri", "write mon-fri"),
    (units.weekdays, "Saturday - SUN", "write sat-sun"),
    (units.weekdays, "mon-someday", "days are mon, tue, wed, thu, fri, sat, sun"),
    (units.weekdays, "mon, wed", "a list is written in brackets: [mon, wed]"),
    (units.weekdays, "daily", "write mon-sun"),
    (units.name, "1", ""),
    (units.name, "a b", "write a_b"),
    (units.name, "größe", "write grosse"),
    (units.name, "2nd", ""),
    (units.name, "_x", "write x"),
    (units.name, "x" * 101, ""),
    (units.switch, "on", ""),
    (schema_fields.break_phrase, "12:00", "a break needs a length: write 30 min unpaid at 12:00"),
    (schema_fields.break_phrase, "30 min at 12:00", "say whether it is paid or unpaid"),
    (
        schema_fields.break_phrase,
        "30 min unpaid, staggered 11:30-14:00",
        "write 30 min unpaid between 11:30 and 14:00",
    ),
    (schema_fields.off_desk, "10%", "say how long a block is"),
]


@pytest.mark.parametrize(("parse", "text", "hint"), BAD, ids=[row[1][:30] for row in BAD])
def test_what_is_no_unit_is_refused_with_its_cause(parse: Callable[[str], Any], text: str, hint: str) -> None:
    with pytest.raises(Wrong) as caught:
        parse(text)
    assert (caught.value.hint, bool(caught.value.expected)) == (hint, True)


PARSERS = sorted({row[0] for row in GOOD}, key=lambda parse: parse.__qualname__)


@given(st.sampled_from(PARSERS), st.text(max_size=30))
def test_a_parser_returns_or_says_why_not(parse: Callable[[str], Any], text: str) -> None:
    said = "a value"
    try:
        parse(text)
    except Wrong as wrong:
        said = wrong.expected
    assert said


def test_every_unit_stands_in_one_table() -> None:
    for unit, ticks in units.UNITS.items():
        assert units.duration(f"1 {unit}") == ticks


def test_an_unknown_zone_gets_the_nearest_names() -> None:
    with pytest.raises(Wrong) as caught:
        schema_fields._zone("Europe/Lundon")
    assert "Europe/London" in caught.value.hint


def test_missing_zone_data_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    import zoneinfo

    monkeypatch.setattr(zoneinfo, "available_timezones", lambda: set())
    with pytest.raises(Wrong) as caught:
        schema_fields._zone("Europe/Nowhere")
    assert caught.value.hint == "this computer has no time zone data: install the package tzdata"
