"""Every input of a result in one table: what was written, what was filled in, each by its path in the file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from supportsim.scenario.model import Scenario, Written

if TYPE_CHECKING:
    import pandas as pd

    from supportsim.study.uncertain import Uncertain

COLUMNS = ("what", "segment", "channel", "value", "unit", "source", "share")
#: A number with a unit, or a factor: all else is text and has none.
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ?(%|/[a-z]+|us|ms|s|min|h|days?|weeks?|months?|years?)?")
_FACTOR = re.compile(r"x ([0-9.]+)")


def inputs(scenario: Scenario, moved: Mapping[Uncertain, float] | None = None) -> pd.DataFrame:
    """A row for each value, in the order of the file, then for each default.

    moved: share of the answer's movement of each input that was tried (`study.sensitivity`), told in all its rows.
    """
    import pandas as pd

    rows = [
        (each.path, *_whose(scenario, each.path), *split(each.text), each.source, _share(each.path, moved or {}))
        for each in (*scenario.written, *_defaults(scenario.defaults))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _share(path: str, moved: Mapping[Uncertain, float]) -> float:
    return next((share for each, share in moved.items() if each.owns(path)), math.nan)


def split(text: str) -> tuple[str, str]:
    """`6.5 min` as (6.5, min), `x 1.6` as (1.6, x), `38/h` as (38, /h); text without a unit as it is."""
    if found := _NUMBER.fullmatch(text):
        return found[1], found[2] or ""
    if found := _FACTOR.fullmatch(text):
        return found[1], "x"
    return text, ""


def joined(value: str, unit: str) -> str:
    """The way back."""
    if unit == "x":
        return f"x {value}"
    return f"{value}{'' if unit[:1] in ('%', '/') else ' '}{unit}" if unit else value


def _defaults(sentences: Iterable[str]) -> Iterator[Written]:
    """`a.b.c, d: words` as a.b.c and a.b.d."""
    for sentence in sentences:
        paths, _, words = sentence.partition(": ")
        first, *more = paths.split(", ")
        home = first.rpartition(".")[0]
        yield from (Written(path, words, "default") for path in (first, *(f"{home}.{key}" for key in more)))


def _whose(scenario: Scenario, path: str) -> tuple[str, str]:
    """The segment and the channel that an input speaks of, each empty where it speaks of several."""
    kind, name, *rest = [*path.split("."), ""]
    streams = {stream.name: stream for stream in scenario.streams}
    if kind == "channels":
        words = rest[1].split() if len(rest) > 1 and rest[0] == "by" else []
        return next((s.name for s in scenario.segments if s.name in words), ""), "" if name == "*" else name
    if kind == "segments":
        return "" if name == "*" else name, ""
    if kind == "demand" and name in streams:
        return streams[name].segment, streams[name].channel or ""
    covered = [
        queue
        for promise in scenario.promises
        if kind == "promises" and promise.name == name
        for queue, on in zip(scenario.queues, promise.queues, strict=True)
        if on
    ]
    segments, channels = {queue.segment for queue in covered}, {queue.channel for queue in covered}
    return _only(segments), _only(channels)


def _only(names: set[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""
