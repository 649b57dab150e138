"""Erlang B, C and A in the words planners know (docs/erlang.md).

    from supportsim import erlang
    erlang.agents(calls="100/30min", aht="3 min", target="80/20s")

Calls, times and targets are text with units, as everywhere in supportsim; shares are text (`30%`) or fractions.
Without `patience` everybody waits (Erlang C, M/M/n); with it who waits hangs up after an exponential time of that mean
(Erlang A, M/M/n+M).  Every function takes the desk as steady, with everybody present.  Raises ValueError for what
cannot be read or meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from supportsim.scenario.units import Wrong
from supportsim.study import erlang_answers, erlang_words
from supportsim.study.erlang_answers import Answers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["abandoned", "agents", "asa", "capacity", "occupancy", "queued", "requirement", "rostered", "sla", "trunks"]

T = TypeVar("T")
Share = str | float


def agents(calls: str, aht: str, target: str, patience: str | None = None, max_occupancy: Share | None = None) -> int:
    """The fewest agents that answer the share of the target (`80/20s`) in its time."""
    rate, service = _read("calls", calls, erlang_words.rate), _read("aht", aht, erlang_words.seconds)
    level, within = _both(target)
    return erlang_answers.needed(rate, service, level, within, _patience(patience), _most(max_occupancy))


def rostered(agents: int, shrinkage: Share) -> int:
    """People to roster so that `agents` are at the desk: agents / (1 - shrinkage), rounded up."""
    return erlang_answers.rostered(agents, _share("shrinkage", shrinkage, erlang_words.shrinkage))


def sla(calls: str, aht: str, agents: int, target: str, patience: str | None = None) -> float:
    """The share of all calls answered within the time of the target (`80/20s`, or `20 s` alone)."""
    return _answers(calls, aht, agents, patience, _read("target", target, erlang_words.target).within).sla


def asa(calls: str, aht: str, agents: int, patience: str | None = None) -> float:
    """Average speed of answer in seconds, those who did not wait included; inf where the queue grows for ever."""
    return _answers(calls, aht, agents, patience).asa


def occupancy(calls: str, aht: str, agents: int, patience: str | None = None) -> float:
    """The share of the agents' time at work."""
    return _answers(calls, aht, agents, patience).occupancy


def queued(calls: str, aht: str, agents: int, patience: str | None = None) -> float:
    """The share of calls that find nobody free."""
    return _answers(calls, aht, agents, patience).queued


def abandoned(calls: str, aht: str, agents: int, patience: str) -> float:
    """The share of calls whose callers hang up while they wait."""
    return _answers(calls, aht, agents, patience).abandoned


def capacity(
    agents: int, aht: str, target: str, patience: str | None = None, max_occupancy: Share | None = None
) -> float:
    """Calls per hour that so many agents take at the target."""
    level, within = _both(target)
    service = _read("aht", aht, erlang_words.seconds)
    per_second = erlang_answers.capacity(
        _whole(agents), service, level, within, _patience(patience), _most(max_occupancy)
    )
    return 3600 * per_second


def trunks(
    busy: Share,
    calls: str | None = None,
    aht: str | None = None,
    traffic: str | None = None,
    agents: int | None = None,
    patience: str | None = None,
) -> int:
    """The fewest lines on which at most the share `busy` hears busy (Erlang B).

    For `calls` of `aht` on the line each, or for `traffic` in erlangs.  With `agents`, calls that wait hold one, too.
    """
    most = _share("busy", busy, erlang_words.busy)
    if traffic is not None:
        if calls is not None or aht is not None or agents is not None:
            raise ValueError("traffic says all there is: leave calls, aht and agents out")
        return erlang_answers.trunks(_read("traffic", traffic, erlang_words.erlangs), most)
    if calls is None or aht is None:
        raise ValueError("trunks needs calls and aht, or traffic")
    rate, service = _read("calls", calls, erlang_words.rate), _read("aht", aht, erlang_words.seconds)
    here = None if agents is None else _whole(agents)
    return erlang_answers.trunks(erlang_answers.traffic(rate, service, here, _patience(patience)), most)


def requirement(
    table: pd.DataFrame,
    target: str,
    patience: str | None = None,
    shrinkage: Share | None = None,
    max_occupancy: Share | None = None,
    aht: str | None = None,
    length: str | None = None,
) -> pd.DataFrame:
    """Agents needed in each interval, and what they reach: a row per row of `table`, each for itself.

    Columns start, offered and aht_s (or `aht` for all), as in a forecast file; `length` of an interval, by default the
    commonest step between rows.  Columns out: erlangs, agents, rostered (with shrinkage), answered_in_time_share,
    asa_s, occupancy_share, queued_share, abandoned_share; no value where nobody comes.
    """
    import pandas as pd

    from supportsim.study.erlang_table import Asked, Forecast, rows

    level, within = _both(target)
    off = None if shrinkage is None else _share("shrinkage", shrinkage, erlang_words.shrinkage)
    asked = Asked(None, level, within, _patience(patience), _most(max_occupancy), off)
    if ("aht_s" in table.columns) == (aht is not None):
        raise ValueError("aht_s: one of the two is needed, a column of that name or aht=")
    work = table["aht_s"] if aht is None else [_read("aht", aht, erlang_words.seconds)] * len(table)
    seconds = _step(table) if length is None else _read("length", length, erlang_words.seconds)
    starts = tuple(str(each) for each in table["start"])
    forecast = Forecast(seconds, starts, tuple(map(float, table["offered"])), tuple(map(float, work)))
    return pd.DataFrame(list(rows(forecast, asked))).assign(start=list(table["start"]))


def _step(table: pd.DataFrame) -> float:
    """The commonest step between rows, in seconds."""
    import pandas as pd

    steps = pd.to_datetime(table["start"]).diff().dropna()
    if not len(steps):
        raise ValueError("length: one row tells no length of an interval; say length='30 min'")
    return float(steps.mode().iloc[0].total_seconds())


def _answers(calls: str, aht: str, agents: int, patience: str | None, within: float | None = None) -> Answers:
    rate, service = _read("calls", calls, erlang_words.rate), _read("aht", aht, erlang_words.seconds)
    return erlang_answers.answers(_whole(agents), rate, service, _patience(patience), within)


def _read(name: str, value: str, reader: Callable[[str], T]) -> T:
    """The value in a text.  Raises ValueError that says what was expected."""
    if not isinstance(value, str):
        raise ValueError(f"{name}: got {value!r}; expected text with a unit")
    try:
        return reader(value)
    except Wrong as wrong:
        hint = f"; {wrong.hint}" if wrong.hint else ""
        raise ValueError(f"{name}: got {value!r}; expected {wrong.expected}{hint}") from None


def _share(name: str, value: Share, reader: Callable[[str], float]) -> float:
    """A share as text or as a fraction."""
    return _read(name, f"{value * 100:.12g}%" if isinstance(value, int | float) else value, reader)


def _patience(value: str | None) -> float | None:
    return None if value is None else _read("patience", value, erlang_words.seconds)


def _most(value: Share | None) -> float:
    return 1.0 if value is None else _share("max_occupancy", value, erlang_words.above_nothing)


def _both(value: str) -> tuple[float, float]:
    """Share and time of a target."""
    share, within = _read("target", value, erlang_words.target)
    if share is None:
        raise ValueError(f"target: got {value!r}; expected a share and a time, as 80/20s")
    return share, within


def _whole(agents: int) -> int:
    from supportsim.study.arguments import whole
    from supportsim.study.erlang import MOST_AGENTS

    return whole("agents", agents, 0, MOST_AGENTS)
