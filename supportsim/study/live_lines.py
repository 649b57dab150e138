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
from supportsim.study.intraday import erlang, required
from supportsim.study.result import Result


@dataclass(frozen=True)
class Line:
    """Live channels that come to the same teams; agents per interval, means over replications."""

    name: str
    limit: int  # the longest of its promises
    teams: NDArray[np.bool_]  # asked before it has passed
    required: Floats  # by Erlang; the load itself on a channel without a promise
    rostered: Floats
    present: Floats
    deferred: Floats  # work offered on deferred channels that may come to the same teams


def live_lines(result: Result) -> tuple[Line, ...]:
    """One for each set of live queues that a promise of an answer rests on; none where none is promised."""
    longest: dict[bytes, tuple[int, int]] = {}
    promises = result.scenario.promises
    for k, scope in enumerate(result.yardstick.rests_on):
        if not _live(scope, promises[scope.promise].queues):
            continue
        key = b"".join(np.packbits(row.cells).tobytes() + row.channel.encode() for row in scope.parts)
        longest[key] = max(longest.get(key, (-1, -1)), (promises[scope.promise].limit, k))
    found = [_line(result, k, limit) for limit, k in sorted(longest.values(), key=lambda each: each[1])]
    return tuple(line for line in found if line.required.any())


def _live(scope: Scope, covered: tuple[bool, ...]) -> bool:
    """Whether anything that is promised comes live."""
    return any((row.cells[: len(covered)] & np.array(covered)).any() for row in scope.parts)


def _line(result: Result, k: int, limit: int) -> Line:
    scopes = result.yardstick.rests_on
    hours = np.diff(result.yardstick.grid.interval_edges) / HOUR
    first = sum(len(scope.parts) for scope in scopes[:k])
    parts = scopes[k].parts
    people = result.cause_sums.people[0, :, k] / HOUR / result.n / hours
    needed = [_required(result, row, first + i, hours) for i, row in enumerate(parts)]
    return Line(
        " + ".join(row.channel for row in parts), limit, scopes[k].teams, np.sum(needed, axis=0),
        people[PEOPLE.index("rostered")], people[PEOPLE.index("present")],
        deferred_load(result, scopes[k].teams, hours),
    )  # fmt: skip


def _required(result: Result, row: Row, part: int, hours: Floats) -> Floats:
    """What the formula that speaks for the desk asks for; the load where it says nothing."""
    coming, handled, work = result.cause_sums.coming[0, :, part].astype(np.float64)
    total = {"offered": coming, "blocked": np.zeros(len(hours)), "handled": handled, "work_s": work / SECOND}
    c, a = required(result, row, total)
    heads = a if erlang(result) == "Erlang A" else c
    load = _load(result, row.channel, row.teams, coming, handled, work / HOUR) / hours
    return np.where(np.isnan(heads), load, heads)


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
