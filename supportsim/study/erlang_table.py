"""A row per interval of a forecast: what Erlang says of each of them, each for itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from supportsim.scenario.errors import ConfigError, Faults
from supportsim.scenario.ticks import SECOND, clock
from supportsim.study.erlang import MOST_AGENTS, TooManyAgents
from supportsim.study.erlang_answers import Answers, answers, needed, rostered, trunks


@dataclass(frozen=True)
class Asked:
    """What is asked of every interval.  `agents`: so many are there; None: as many as the target needs.

    level, within: the target, a share and seconds.  busy: at most this share hears busy, for lines.
    """

    agents: int | None = None
    level: float | None = None
    within: float | None = None
    patience: float | None = None
    max_occupancy: float = 1.0
    shrinkage: float | None = None
    busy: float | None = None


@dataclass(frozen=True)
class Forecast:
    """Intervals of one length (seconds): when each begins, in words, calls expected, seconds of work a call."""

    length: float
    starts: tuple[str, ...]
    offered: tuple[float, ...]
    aht: tuple[float, ...]


def read(path: str, aht: float | None) -> Forecast:
    """A forecast file (docs/language.md); `aht` in seconds for all rows where it has no column aht_s.

    Raises ConfigError with file and line.
    """
    from supportsim.scenario.csv_forecast import read_forecast

    faults = Faults()
    cells = read_forecast(Path(path), path, faults).value
    if cells is not None and bool(cells.aht) == (aht is not None):
        both = ("a column aht_s, and --aht", "one of them") if cells.aht else ("no column aht_s", "one, or --aht")
        faults.add(path, 1, None, "", *both)
    _speak_of_files(faults)
    faults.raise_if_any()
    assert cells is not None
    work = tuple(each / SECOND for each in cells.aht) or (aht or 0.0,) * len(cells.counts)
    places = zip(cells.days, cells.starts, strict=True)
    starts = tuple(f"{_day(day, cells.repeats)} {clock(start)}" for day, start in places)
    return Forecast(cells.cell / SECOND, starts, cells.counts, work)


def _speak_of_files(faults: Faults) -> None:
    """Here no stream reads the file, so what is said of one is said of the file."""
    for fault in list(faults):
        if fault.expected.startswith("a stream that names"):
            rule = "a file of one queue, with the columns start,offered,aht_s"
            hint = f"keep the rows of one {fault.path} and leave that column out"
            faults.replace(fault, replace(fault, expected=rule, hint=hint))


def _day(day: int, repeats: bool) -> str:
    from supportsim.scenario.csv_values import named_day

    return named_day(day, repeats)


Row = dict[str, float | int | str]


def rows(forecast: Forecast, asked: Asked, file: str = "") -> Iterator[Row]:
    """Columns as `columns` names them; nan where nobody comes.  Raises ConfigError above MOST_AGENTS."""
    for start, offered, aht in zip(forecast.starts, forecast.offered, forecast.aht, strict=True):
        row: Row = {"start": start, "offered": offered, "aht_s": aht}
        try:
            yield row | figures(offered / forecast.length, aht, asked)
        except TooManyAgents:
            faults = Faults()
            faults.add(file, None, None, start, f"{offered:g} calls of {aht:g} s", f"at most {MOST_AGENTS:,} agents")
            raise ConfigError(faults) from None


def figures(rate: float, aht: float, asked: Asked) -> Row:
    """What is said of one interval: agents, what they reach, or lines."""
    if asked.busy is not None:
        load = rate * aht
        return {"erlangs": load, "lines": trunks(load, asked.busy) if load > 0 else 0}
    if asked.agents is None:
        assert asked.level is not None
        assert asked.within is not None
        number = needed(rate, aht, asked.level, asked.within, asked.patience, asked.max_occupancy)
    else:
        number = asked.agents
    found = answers(number, rate, aht, asked.patience, asked.within)
    row: Row = {"erlangs": found.load, "agents": number}
    if asked.shrinkage is not None:
        row["rostered"] = rostered(number, asked.shrinkage)
    return row | shares(found, asked.within is not None)


def shares(found: Answers, limited: bool) -> Row:
    """What agents reach, by the names of columns: units in the names; `limited`: a limit is stated."""
    row: Row = {"answered_in_time_share": found.sla} if limited else {}
    return row | {
        "asa_s": found.asa,
        "occupancy_share": found.occupancy,
        "queued_share": found.queued,
        "abandoned_share": found.abandoned,
    }


def lines(found: Sequence[Row]) -> list[str]:
    """The rows as CSV; nothing where there is no value."""
    return [",".join(found[0]), *(",".join(cell(value) for value in row.values()) for row in found)]


def cell(value: float | int | str) -> str:
    """Six significant digits; nothing for nan, `inf` where a queue grows for ever."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.0f}" if value.is_integer() else f"{value:.6g}"
    return str(value)
