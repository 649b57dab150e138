"""Fields of work that differs: with the contacts in hand, with the hour of the day, with the team at work."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict

from supportsim.scenario import units
from supportsim.scenario.model import Hourly
from supportsim.scenario.nodes import Map, Node, Text
from supportsim.scenario.number_text import plain
from supportsim.scenario.schema_base import BAD, REF, Entry, JsonSchema, Leaf, Reading, many, refuse_factor, text
from supportsim.scenario.schema_fields import (
    DAYS_OR_HOURS,
    DAYS_PATTERN,
    FACTOR,
    SELECTOR_PATTERN,
    WINDOW_PATTERN,
    Factor,
    day_key,
    names,
    pattern,
)
from supportsim.scenario.ticks import DAY
from supportsim.scenario.units import Wrong

THOUSAND = 1000
LARGEST_SLOW_DOWN = 100
LARGEST_SPEED = 1_000_000


# -- contacts at once -------------------------------------------------------------------------------------
def _thousandths(words: str) -> int:
    """`1.15` as 1150: how much longer everything takes, 1 to 100."""
    rule = f"how much longer everything takes, 1 to {LARGEST_SLOW_DOWN}, as 1.15"
    value = units.number(words, rule)
    if not 1 <= value <= LARGEST_SLOW_DOWN:
        raise Wrong(rule)
    if value * THOUSAND % 1:
        raise Wrong(rule, f"three decimals at most: write {plain(value.quantize(Decimal('0.001')))}")
    return int(value * THOUSAND)


_FACTOR: JsonSchema = {"type": "number", "minimum": 1, "maximum": LARGEST_SLOW_DOWN}
SLOW_DOWN_RULE = "a list: how much longer everything takes with 1, 2, 3 contacts in hand, as [1, 1.15, 1.35]"
SlowDown = Annotated[list[int], many(text(_thousandths, _FACTOR), SLOW_DOWN_RULE, single=False)]

_SPEED: JsonSchema = {"type": "integer", "minimum": 1, "maximum": LARGEST_SPEED}
SPEEDS_RULE = "a list: how fast work goes with 1, 2, 3 contacts in hand, as [621, 540, 460]"
Speeds = Annotated[list[int], many(text(units.whole(1, LARGEST_SPEED), _SPEED), SPEEDS_RULE, single=False)]


def _measured(words: str) -> float:
    """`2.1 chats` as 2.1; whether the word means the channel is checked later."""
    rule = "how many contacts an agent had in hand on average, 1 or more, as 2.1 chats"
    found = re.fullmatch(rf"(\S+)(?: {units.NAME})?", " ".join(words.split()))
    if not found:
        raise Wrong(rule)
    value = units.number(found[1], rule)
    if value < 1:
        raise Wrong(rule)
    return float(value)


_FROM_ONE = r"[1-9][0-9]*(?:\.[0-9]+)?(?:[eE]\+?[0-9]+)?"
_COUNTED = pattern(f"{_FROM_ONE} +{units.NAME}", ["2.1 chats"])
_MEASURED: JsonSchema = {"anyOf": [{"type": "number", "minimum": 1}, _COUNTED]}
Measured = Annotated[float, text(_measured, _MEASURED)]


# -- selectors that may name a team -----------------------------------------------------------------------
_SEVERAL = "write an entry for each selector"


def team_selector(words: str) -> str:
    """A selector that may also name a team; whether the names exist is checked later."""
    return names(words, "segments, topics, channels and teams", 4, _SEVERAL)


TEAM_SELECTOR_PATTERN = SELECTOR_PATTERN.replace("{0,2}", "{0,3}")


# -- factors by hour --------------------------------------------------------------------------------------
class HourFactors(Entry):
    """What some hours of the day multiply."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    handle_time: Factor = 1.0
    patience: Factor = 1.0
    resolves: Factor = 1.0

    def checked(self) -> Any:
        if not self._node:
            self.wrong("", "handle_time, patience or resolves, as {handle_time: x 1.2}")
            return BAD
        return _with_work(self, self.handle_time)


def _with_work(entry: Entry, factor: Any) -> Any:
    """The entry; BAD and a fault where its factor leaves no work."""
    if factor is not None and factor is not BAD and factor <= 0:
        entry.wrong("handle_time", "a factor above 0", "every contact takes some work")
        return BAD
    return entry


Row = tuple[tuple[int, ...], int, int, HourFactors]  # weekdays, begin, end (above 24 h across midnight), factors
_EVERY_DAY = tuple(range(7))
_BY_HOUR_RULE = "factors by day and hours, as {mon-fri: {18:00-22:00: {handle_time: x 1.2}}}"


def read_by_hour(node: Node, reading: Reading) -> Any:
    """Hours -> factors, or days -> (hours -> factors, or factors of the whole day), as a tuple of Hourly."""
    if not isinstance(node, Map) or not node:
        reading.wrong(node, _BY_HOUR_RULE)
        return BAD
    refuse_factor(node, reading)
    if _are_hours(node):
        rows = _hours(node, _EVERY_DAY, reading)
        return BAD if rows is BAD else _hourly(rows, node, reading)
    found: list[Row] = []
    named: dict[int, str] = {}
    bad = False
    for key, value in node.items():
        assert isinstance(key, Text)
        days, rows = day_key(key, node, reading, named, DAYS_OR_HOURS), _day(value, reading)
        bad |= days is BAD or rows is BAD
        found += [] if bad else [(tuple(sorted(days)), *row[1:]) for row in rows]
    return BAD if bad else _hourly(found, node, reading)


def _are_hours(node: Map) -> bool:
    """Whether keys are meant as hours, not as days or as names of factors."""
    return any(":" in key or key[:1].isdigit() for key in node)


def _day(node: Node, reading: Reading) -> Any:
    """Rows of the factors of one day, or of some of its hours."""
    if isinstance(node, Map) and _are_hours(node):
        return _hours(node, _EVERY_DAY, reading)
    factors = HourFactors.read(node, reading)
    return BAD if factors is BAD else [(_EVERY_DAY, 0, DAY, factors)]


def _hours(node: Map, days: tuple[int, ...], reading: Reading) -> Any:
    """Rows of hours -> factors."""
    refuse_factor(node, reading)
    found: list[Row] = []
    bad = False
    for key, value in node.items():
        factors = HourFactors.read(value, reading)
        bad |= factors is BAD
        try:
            found.append((days, *units.window(key), factors))
        except Wrong as wrong:
            beside = key[:3] in units.WEEKDAYS
            hint = "days do not stand beside hours: put the hours below mon-sun" if beside else wrong.hint
            reading.wrong_key(key, node, wrong.expected, hint)
            bad = True
    return BAD if bad else found


def _hourly(rows: Iterable[Row], node: Map, reading: Reading) -> Any:
    """Rows cut at midnight and sorted; those that change nothing are left out, overlapping ones are a fault."""
    cut = [part for row in rows for part in _at_midnight(row)]
    for day in _EVERY_DAY:
        own = sorted((begin, end) for days, begin, end, _ in cut if day in days)
        if any(after[0] < before[1] for before, after in itertools.pairwise(own)):
            reading.wrong(node, "hours that do not overlap", f"they do on {units.WEEKDAYS[day]}")
            return BAD
    found = [Hourly(days, a, b, each.handle_time, each.patience, each.resolves) for days, a, b, each in cut]
    if any(part is BAD for each in found for part in (each.work, each.patience, each.resolves)):
        return BAD
    changing = [each for each in found if (each.work, each.patience, each.resolves) != (1.0, 1.0, 1.0)]
    return tuple(sorted(changing, key=lambda each: (each.weekdays, each.begin)))


def _at_midnight(row: Row) -> list[Row]:
    days, begin, end, factors = row
    if end <= DAY:
        return [row]
    following = tuple(sorted((day + 1) % 7 for day in days))
    return [(days, begin, DAY, factors), (following, 0, end - DAY, factors)]


_HOUR_FACTORS: JsonSchema = {REF: "HourFactors"}
_HOURS_OF_DAY: JsonSchema = {
    "type": "object",
    "patternProperties": {f"^{WINDOW_PATTERN}$": _HOUR_FACTORS},
    "additionalProperties": False,
    "minProperties": 1,
}
_BY_HOUR: JsonSchema = {
    "anyOf": [
        _HOURS_OF_DAY,
        {
            "type": "object",
            "patternProperties": {f"^{DAYS_PATTERN}$": {"anyOf": [_HOURS_OF_DAY, _HOUR_FACTORS]}},
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}
ByHour = Annotated[tuple[Hourly, ...], Leaf(read_by_hour, _BY_HOUR)]


# -- what a team is better or worse at --------------------------------------------------------------------
class Proficiency(Entry):
    """Factors on the work and the resolution of a team."""

    handle_time: Factor | None = None
    resolves: Factor | None = None

    def checked(self) -> Any:
        return _with_work(self, self.handle_time)


FOR_ALL = ""  # stands for the selector of what holds everywhere
_PROFICIENCY_RULE = "factors, as {handle_time: x 0.8, resolves: x 1.1}, or such factors by selector"


def read_proficiency(node: Node, reading: Reading) -> Any:
    """Factors for all, or by selector, or both: selector (FOR_ALL for all) -> Proficiency."""
    if not isinstance(node, Map) or not node:
        factor = isinstance(node, Text) and units.factor_or_none_safe(node) is not None
        reading.wrong(node, _PROFICIENCY_RULE, f"write {{handle_time: {node}}}" if factor else "")
        return BAD
    refuse_factor(node, reading)
    own = Map(node.place)
    found: dict[str, Any] = {}
    for key, value in node.items():
        if key in Proficiency.model_fields:
            own[key] = value
        elif isinstance(value, Text):
            reading.unknown(key, node, Proficiency.model_fields)  # type: ignore[arg-type]
        else:
            each = Proficiency.read(value, reading)
            found |= {str(key): each} if _is_selector(key, node, reading) else {}
    if own:
        reading.kept.append(own)
        reading.paths[id(own)] = reading.path(node)
        found[FOR_ALL] = Proficiency.read(own, reading)
    return found


def _is_selector(key: str, node: Map, reading: Reading) -> bool:
    """Whether a key may be a selector; a fault where not."""
    try:
        return bool(names(key, "segments, topics and channels", 3, _SEVERAL))
    except Wrong as wrong:
        reading.wrong_key(key, node, wrong.expected, wrong.hint)
        return False


_PROFICIENCY: JsonSchema = {
    "type": "object",
    "properties": dict.fromkeys(Proficiency.model_fields, FACTOR),
    "propertyNames": {"pattern": SELECTOR_PATTERN},
    "additionalProperties": {REF: "Proficiency"},
    "minProperties": 1,
}
ProficiencyTable = Annotated[dict[str, Proficiency], Leaf(read_proficiency, _PROFICIENCY)]
