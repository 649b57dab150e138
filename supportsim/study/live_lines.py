"""Live lines: what comes live to the teams that can keep a promise of an answer, and how many of them that takes.

The same teams and the same load as in `causes`, so that no two pages say something else of one half-hour.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.causes import PEOPLE, Scope
from supportsim.measure.intervals import COLUMNS, Row, rows
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.ticks import HOUR, SECOND
from supportsim.study.erlang_inputs import places
from supportsim.study.intraday import needs, of_desk, required
from supportsim.study.result import Result


@dataclass(frozen=True)
class Line:
    """Live channels that come to the same teams; agents per interval, means over replications."""

    name: str
    channels: tuple[str, ...]
    promises: tuple[int, ...]  # places in the scenario of those that rest on it
    scope: int  # place in `Yardstick.rests_on` of the one with the longest limit, whose teams and hours these are
    limit: int  # that limit
    teams: NDArray[np.bool_]  # asked before it has passed
    required: Floats  # by Erlang; the load itself on a channel without a promise
    erlang_c: Floats  # by each of the formulas; NaN where it gives no number
    erlang_a: Floats
    load: Floats
    rostered: Floats
    present: Floats
    deferred: Floats  # work offered on deferred channels that may come to the same teams


def live_lines(result: Result) -> tuple[Line, ...]:
    """One for each set of live queues that a promise of an answer rests on, if any work came to it.

    Work is contacts x AHT; where nobody handled a contact it is not known (`without_handle_time`).
    """
    return tuple(line for line in _every_line(result) if line.required.any())


def without_handle_time(result: Result) -> tuple[str, ...]:
    """Names of those that contacts came to, none of which anybody handled."""
    scopes, found = result.yardstick.rests_on, []
    for line in _every_line(result):
        first = sum(len(scope.parts) for scope in scopes[: line.scope])
        parts = result.cause_sums.coming[0, :, first : first + len(scopes[line.scope].parts)]
        came, handled, _ = parts.sum(axis=(1, 2))
        if came and not handled:
            found.append(line.name)
    return tuple(found)


def _every_line(result: Result) -> list[Line]:
    """Those without work, too, in the order of the scopes."""
    found: dict[bytes, list[int]] = {}
    promises = result.scenario.promises
    for k, scope in enumerate(result.yardstick.rests_on):
        if _live(scope, promises[scope.promise].queues):
            key = b"".join(np.packbits(row.cells).tobytes() + row.channel.encode() for row in scope.parts)
            found.setdefault(key, []).append(k)
    lines = [_line(result, scopes) for scopes in found.values()]
    return [line for _, line in sorted(lines, key=lambda each: each[0])]


def _live(scope: Scope, covered: tuple[bool, ...]) -> bool:
    """Whether anything that is promised comes live."""
    return any((row.cells[: len(covered)] & np.array(covered)).any() for row in scope.parts)


def _line(result: Result, together: list[int]) -> tuple[int, Line]:
    """The line of these scopes, and the one with the longest limit, whose teams are those of the line."""
    scopes, promises = result.yardstick.rests_on, result.scenario.promises
    limit, k = max((promises[scopes[k].promise].limit, k) for k in together)
    hours = np.diff(result.yardstick.grid.interval_edges) / HOUR
    first = sum(len(scope.parts) for scope in scopes[:k])
    parts = scopes[k].parts
    people = result.cause_sums.people[0, :, k] / HOUR / result.n / hours
    c, a, load = np.sum([_asked(result, row, first + i, hours) for i, row in enumerate(parts)], axis=0)
    speaks = np.sum([_required(result, row, first + i, hours) for i, row in enumerate(parts)], axis=0)
    return k, Line(
        " + ".join(row.channel for row in parts), tuple(row.channel for row in parts),
        tuple(scopes[each].promise for each in together), k, limit, scopes[k].teams, speaks, c, a, load,
        people[PEOPLE.index("rostered")], people[PEOPLE.index("present")],
        deferred_load(result, scopes[k].teams, hours),
    )  # fmt: skip


def _required(result: Result, row: Row, part: int, hours: Floats) -> Floats:
    """What the formula that speaks for the desk asks for; the load where it says nothing."""
    c, a, load = _asked(result, row, part, hours)
    heads = of_desk(result, c, a)
    return np.where(np.isnan(heads), load, heads)


def _asked(result: Result, row: Row, part: int, hours: Floats) -> tuple[Floats, Floats, Floats]:
    """Agents by Erlang C and by A, and the load, which stands for both where nothing is promised."""
    coming, handled, work = result.cause_sums.coming[0, :, part].astype(np.float64)
    total = {"offered": coming, "blocked": np.zeros(len(hours)), "handled": handled, "work_s": work / SECOND}
    load = _load(result, row.channel, row.teams, coming, handled, work / HOUR) / hours
    if needs(result, row) is None:
        return load, load, load
    return *required(result, row, total), load


def _load(
    result: Result, channel: str, teams: NDArray[np.bool_], coming: Floats, handled: Floats, work: Floats
) -> Floats:
    """Agent-hours per interval and replication: contacts x AHT / contacts one agent holds."""
    usual = work.sum() / max(handled.sum(), 1.0)
    aht = np.where(handled > 0, ratio(work, handled), usual)
    return coming * aht / places(result.scenario, channel, np.flatnonzero(teams).tolist()) / result.n


def deferred_load(result: Result, teams: NDArray[np.bool_], hours: Floats) -> Floats:
    """Agents that the work on deferred channels which may come to these teams would keep busy."""
    kinds = {channel.name: channel.kind for channel in result.scenario.channels}
    found = np.zeros(len(hours))
    for i, row in enumerate(rows(result.scenario)):
        if "all" in (row.channel, row.segment) or kinds[row.channel] != "deferred" or not (row.teams & teams).any():
            continue
        total = dict(zip(COLUMNS, result.interval_sums[:, i], strict=True))
        coming = total["offered"] + total["blocked"]
        found += _load(result, row.channel, teams & row.teams, coming, total["handled"], total["work_s"] / 3600) / hours
    return found
