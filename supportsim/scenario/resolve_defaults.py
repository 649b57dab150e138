"""What holds where nothing is written: a sentence for every key that was left out and has a default.

The sentences come from one table, by the models of the language, so that a key of the language cannot be forgotten:
`tests/scenario/test_load_defaults.py` asks for each optional key a place in TABLE, or in one of the two lists of keys
of which something else speaks or of which there is nothing to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.schema import (
    SOURCES,
    Busyness,
    Channel,
    Cost,
    Human,
    Next,
    Promise,
    RunOut,
    Shift,
    Shrinkage,
    Stream,
    Team,
)
from supportsim.scenario.schema_base import Entry
from supportsim.scenario.schema_customers import Plan, Segment, Topic
from supportsim.scenario.schema_experience import Experience, Odds, Waited
from supportsim.scenario.schema_routing import Ageing, Routing

SCENARIOS = "the scenario's"
_FACTORS = dict.fromkeys(("handle_time", "resolves", "patience"), "x 1")
_FORECASTS = ("forecast", "daily")
_PLAYED = tuple(source for source in SOURCES if source != "endless")


class If(NamedTuple):
    """Words that hold only for some entries."""

    words: str
    holds: Callable[[Any], bool]


def _live(words: str) -> If:
    return If(words, lambda channel: channel.kind == "live")


def _deferred(words: str) -> If:
    return If(words, lambda channel: channel.kind == "deferred")


def _of_sources(words: str, *sources: str) -> If:
    return If(words, lambda stream: any(getattr(stream, source) not in (None, False) for source in sources))


#: model -> key -> what holds where it is not written
TABLE: dict[type[Entry], dict[str, str | If]] = {
    Human: {"busyness": "none"},
    RunOut: {"until_empty": "no", "demand": "goes on"},
    Segment: {
        "joins": If("none", lambda segment: segment.customers is not None),
        "timezone": SCENARIOS,
        **_FACTORS,
    },
    Topic: {**_FACTORS},
    Plan: {"asks": "100%", "issues": "x 1", "price": "none"},
    Stream: {
        "exact": _of_sources("no, busyness spreads it", *_FORECASTS),
        "gaps": _of_sources("none may be", *_FORECASTS),
        "volume": _of_sources("x 1", *_PLAYED),
        "holiday_volume": _of_sources("x 1", "per_customer", "rate", *_FORECASTS),
        "timezone": _of_sources("its segment's, else the scenario's", *_PLAYED),
        "busyness": _of_sources("as at the top", "per_customer", "rate", *_FORECASTS),
    },
    Busyness: {"shared": "0%", "per_interval": "0%"},
    Channel: {
        "timezone": SCENARIOS,
        "lines": _live("no limit"),
        "waiting_room": _live("no limit"),
        "concurrency": _live("1"),
        "measured_at": If("alone", lambda channel: channel.slow_down is not None or channel.speeds is not None),
        "last_chat": _live("none"),
        "wait_limit": _live("none"),
        "interruptible": _deferred("no"),
        "keeps": If("a new patience each time", lambda channel: channel.patience is not None),
        "by": "none",
        "by_hour": "none",
        "starting_backlog": _deferred("none"),
        "cost": "none",
    },
    Experience: {"discount": "0%/year", "feedback": "no"},
    Odds: {"lasts": "experience.lasts"},
    Waited: {"lasts": "experience.lasts"},
    Next: {"tries": If("no limit", lambda step: step.again > 0)},
    Cost: {"contact": "0", "month": "0"},
    Promise: {
        "penalty": "none",
        "penalty_lost": If("none", lambda promise: promise.answer is not None),
        "credit": "none",
    },
    Shrinkage: {"leave": "0%", "absence": "0%", "off_desk": "0%"},
    Shift: {
        "breaks": "none",
        "on_holidays": "as on other days",
        "weeks": "every week",
        "from": "none",
        "until": "none",
    },
    Team: {
        "timezone": SCENARIOS,
        "concurrency": "the channel's",
        "proficiency": "x 1",
        "seat": "none",
        "drain_for": "none",
        "activities": "none",
    },
    Routing: {
        "teams": "all that serve a queue, as declared",
        "ageing": If("every wait counts alike", lambda routing: routing.policy == "ageing"),
        "reserve": "none",
    },
    Ageing: {"bonus": "none", "rate": "x 1"},
}


class Place(NamedTuple):
    """An entry, where it stands, and where all of its kind stand (`channels.*`)."""

    path: str
    kind: str
    entry: Entry


def say_table(desk: Desk) -> None:
    """Note the defaults of the table: one sentence for keys that are alike, `*` where all of a kind are."""
    places = list(_entries(desk.human))
    many = Counter(place.kind for place in places)
    missing: dict[tuple[str, str, str], list[str]] = {}
    for place in places:
        for key, words in _left_out(place.entry):
            missing.setdefault((place.kind, key, words), []).append(place.path)
    sentences: dict[tuple[str, str], list[str]] = {}
    for (kind, key, words), paths in missing.items():
        for path in [kind] if len(paths) == many[kind] > 1 else paths:
            sentences.setdefault((path, words), []).append(key)
    for (path, words), keys in sentences.items():
        desk.default(f"{path}{'.' if path else ''}{', '.join(keys)}: {words}")


def _left_out(entry: Entry) -> Iterator[tuple[str, str]]:
    """(key, words) of what an entry does not say and the table does."""
    written = entry._node if hasattr(entry, "_node") else None  # none of a short form, which says all it can
    for key, words in TABLE.get(type(entry), {}).items():
        if written is None or key in written:
            continue
        if isinstance(words, str):
            yield key, words
        elif words.holds(entry):
            yield key, words.words


def _entries(entry: Entry, path: str = "", kind: str = "") -> Iterator[Place]:
    """An entry and all entries below it."""
    yield Place(path, kind, entry)
    for key, name in entry.keys().items():
        value = getattr(entry, name)
        below, of_kind = (f"{own}.{key}" if own else key for own in (path, kind))
        if isinstance(value, Entry):
            yield from _entries(value, below, of_kind)
        elif isinstance(value, dict):
            for own, each in value.items():
                if isinstance(each, Entry):
                    yield from _entries(each, f"{below}.{own}", f"{of_kind}.*")
