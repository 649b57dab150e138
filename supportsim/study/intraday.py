"""The intraday table: each reporting interval of counted time, with what Erlang would have asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from supportsim.measure.intervals import COLUMNS, Row, rows
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.laws import mean
from supportsim.scenario.model import Promise, Scenario
from supportsim.scenario.ticks import HOUR, NEVER, SECOND
from supportsim.study.required import agents
from supportsim.study.result import Result

INTERVALS = (
    "start", "channel", "segment", "offered", "first_tries", "returns", "answered", "answered_in_limit",
    "abandoned", "short_abandoned", "blocked", "turned_away", "asa_s", "wait_p95_s", "aht_s",
    "heads_rostered",
    "heads_present", "occupancy", "backlog", "oldest_h", "required_erlang_c", "required_erlang_a",
    "required_yours", "actual_sl",
)  # fmt: skip


def intervals(result: Result) -> pd.DataFrame:
    """Per row of the table (all, channels, segments) and interval; see `INTERVALS`.

    Counts, heads, backlog: means over replications.  asa_s, aht_s, occupancy: ratios of the sums over all
    replications.  wait_p95_s: mean over the replications with a contact there; oldest_h: over those with a
    backlog.  backlog and oldest_h at the end of the interval.  heads: of all teams that can serve the row.
    answered_in_limit: by the first promise that covers the queue; replies of issues for a deferred channel.
    """
    if not result.n:
        return pd.DataFrame(columns=list(INTERVALS))
    frames = [_frame(result, i, row) for i, row in enumerate(rows(result.scenario))]
    return pd.concat(frames, ignore_index=True)[list(INTERVALS)]


def _frame(result: Result, i: int, row: Row) -> pd.DataFrame:
    grid, n = result.yardstick.grid, result.n
    total = dict(zip(COLUMNS, result.interval_sums[:, i], strict=True))
    hours = np.diff(grid.interval_edges) / HOUR
    counts = {name: total[name] / n for name in COLUMNS[:9]}
    if not row.limited:
        counts["answered_in_limit"] = np.full(len(hours), math.nan)
    needed = required(result, row, total)
    columns: dict[str, Any] = {
        "start": [interval.local.isoformat() for interval in grid.intervals],
        "channel": row.channel,
        "segment": row.segment,
        **counts,
        "asa_s": ratio(total["served_wait_s"], total["answered"]),
        "wait_p95_s": ratio(total["wait_p95_s"], total["wait_p95_n"]),
        "aht_s": ratio(total["work_s"], total["handled"]),
        "heads_rostered": total["rostered_h"] / n / hours,
        "heads_present": total["present_h"] / n / hours,
        "occupancy": ratio(total["busy_h"], total["busy_or_idle_h"]),
        "backlog": total["backlog"] / n,
        "oldest_h": ratio(total["oldest_h"], total["oldest_n"]),
        "required_erlang_c": needed[0],
        "required_erlang_a": needed[1],
        "required_yours": yours(result),
        "actual_sl": actual(result, row),
    }
    return pd.DataFrame(columns)


def yours(result: Result) -> Floats:
    """The stated requirement (`required:`) at the begin of each interval, NaN where none is stated.

    A row holds until the next one, but not longer than the shortest step between rows.
    """
    grid, stated = result.yardstick.grid, result.scenario.required
    found = np.full(len(grid.intervals), math.nan)
    if not stated:
        return found
    at = np.array([tick for tick, _ in stated], dtype=np.int64)
    step = int(np.diff(at).min()) if len(at) > 1 else grid.interval_length
    begin = grid.interval_edges[:-1] - grid.counted_from
    place = np.searchsorted(at, begin, side="right") - 1
    holds = (place >= 0) & (begin - at[np.maximum(place, 0)] < step)
    heads = np.array([value for _, value in stated])
    found[holds] = heads[place[holds]]
    return found


def actual(result: Result, row: Row) -> Floats:
    """The measured share answered in time (`actuals:`, column `sl` or `actual_sl`), NaN where there is none.

    Rows are found by their local `start` and, where the file has the columns, by `channel` and `segment`; a
    file without them speaks of the first row of the table.
    """
    grid, table = result.yardstick.grid, result.scenario.actuals
    found = np.full(len(grid.intervals), math.nan)
    header = list(table[0]) if table else []
    level = next((header.index(name) for name in ("actual_sl", "sl") if name in header), None)
    if level is None or "start" not in header:
        return found
    place = {tick: i for i, tick in enumerate(grid.interval_edges[:-1].tolist())}
    for cells in table[1]:
        said = dict(zip(header, cells, strict=False))
        first = rows(result.scenario)[0]
        if (said.get("channel", first.channel), said.get("segment", first.segment)) != (
            row.channel,
            row.segment,
        ):
            continue
        tick, share = _moment(result, said["start"]), _share(cells[level])
        if tick in place:
            found[place[tick]] = share
    return found


def _moment(result: Result, text: str) -> int | None:
    """The tick of a local time, None if it is not one."""
    from datetime import datetime

    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    clock = (local.hour * 3600 + local.minute * 60 + local.second) * SECOND
    return result.yardstick.grid.timeline.tick(local.date(), clock)


def _share(text: str) -> float:
    """`81%` or `0.81`; NaN if it is neither."""
    plain = text.strip()
    try:
        return float(plain.rstrip(" %")) / 100 if plain.endswith("%") else float(plain)
    except ValueError:
        return math.nan


@dataclass(frozen=True)
class Need:
    """What an Erlang formula is asked for: a promise, mean patience (s, inf: never) and places per agent."""

    level: float
    within: float
    patience: float
    places: float


def required(result: Result, row: Row, total: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Agents that Erlang C and A ask for in each interval: the load offered there, the row's promise.

    `total`: the row's sums over all replications.  Load: offered and blocked contacts at the interval's AHT
    (where nobody was handled, the row's).  NaN where no `answer` promise covers the row, for all channels
    together, and (A) where customers never leave.
    """
    hours = np.diff(result.yardstick.grid.interval_edges) / HOUR
    need = needs(result.scenario, row)
    empty = np.full(len(hours), math.nan)
    if need is None or not total["handled"].sum():
        return empty, empty
    usual = total["work_s"].sum() / total["handled"].sum()
    aht = np.where(total["handled"] > 0, ratio(total["work_s"], total["handled"]), usual)
    rate = (total["offered"] + total["blocked"]) / result.n / (hours * 3600)
    c = np.ceil(agents(rate, aht, need.level, need.within) / need.places)
    if math.isinf(need.patience):
        return c, empty
    return c, np.ceil(agents(rate, aht, need.level, need.within, need.patience) / need.places)


def needs(scenario: Scenario, row: Row) -> Need | None:
    """The first `answer` promise over the row, the mean patience of its queues, chats per agent."""
    chosen = [i for i in range(len(scenario.queues)) if row.cells[i]]
    if row.channel == "all":
        return None
    covering = [p for p in scenario.promises if p.clock == "answer" and any(p.queues[i] for i in chosen)]
    if not covering:
        return None
    promise: Promise = covering[0]
    patience = [mean(scenario.queues[i].patience) for i in chosen]
    mean_patience = sum(patience) / len(patience) / SECOND
    forever = mean_patience >= NEVER / SECOND / len(chosen) / 2 or math.isinf(mean_patience)
    within = promise.limit / SECOND
    return Need(promise.share, within, math.inf if forever else mean_patience, places(scenario, row))


def places(scenario: Scenario, row: Row) -> float:
    """Contacts of the row's channel that one agent holds at once: the mean over the teams that serve it."""
    usual = next(c.concurrency for c in scenario.channels if c.name == row.channel)
    serving = [team for team, own in zip(scenario.teams, row.teams, strict=True) if own]
    found = [dict(team.concurrency).get(row.channel, usual) for team in serving] or [usual]
    return sum(found) / len(found)
