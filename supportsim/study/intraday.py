"""The intraday table: each reporting interval of counted time, with what Erlang would have asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from supportsim.measure.intervals import CASES, COLUMNS, Row, rows
from supportsim.measure.replication import BRIDGE_COLUMNS
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.ticks import HOUR, SECOND
from supportsim.study.erlang_inputs import mean_patience, places
from supportsim.study.hourly import factors
from supportsim.study.required import agents
from supportsim.study.required_heads import of_channel
from supportsim.study.result import Result
from supportsim.study.shares import Moments, shares_of

INTERVALS = (
    "start", "channel", "segment", "offered", "first_tries", "returns", "answered", "answered_in_limit",
    "abandoned", "short_abandoned", "timed_out", "blocked", "turned_away", "asa_s", "wait_p95_s", "aht_s",
    "promise", "kept_share", "kept_ci_low", "kept_ci_high", "heads_rostered",
    "heads_present", "occupancy", "backlog", "oldest_h", "required_erlang_c", "required_erlang_a",
    "required_simulated", "required_yours", "actual_sl",
)  # fmt: skip


def intervals(result: Result) -> pd.DataFrame:
    """Per row of the table (all, channels, segments) and interval; see `INTERVALS`.

    Counts, heads, backlog: means over replications.  asa_s, aht_s, occupancy: ratios of the sums over all
    replications.  wait_p95_s: mean over the replications with a contact there; oldest_h: over those with a
    backlog.  backlog and oldest_h at the end of the interval.  heads, occupancy: of all teams that can serve the
    row, with those who work as one of them at that time.
    answered_in_limit: by the first promise that covers every queue of the row, no value where none does;
    issues replied to in time for a deferred channel.  kept_share: of that promise, as it counts; the sums kept /
    judged over all replications with their interval (`study.shares`).
    """
    table = rows(result.scenario)
    if not result.n or not table:
        return pd.DataFrame(columns=list(INTERVALS))
    measured = actuals(result, table)
    frames = [_frame(result, i, row, measured[i]) for i, row in enumerate(table)]
    return pd.concat(frames, ignore_index=True)[list(INTERVALS)]


def _frame(result: Result, i: int, row: Row, measured: Floats) -> pd.DataFrame:
    grid, n = result.yardstick.grid, result.n
    total = dict(zip(COLUMNS, result.interval_sums[:, i], strict=True))
    hours = np.diff(grid.interval_edges) / HOUR
    counts = {name: total[name] / n for name in COLUMNS[: COLUMNS.index("served_wait_s")]}
    if row.promise < 0:
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
        **_kept(result, row, total),
        "heads_rostered": total["rostered_h"] / n / hours,
        "heads_present": total["present_h"] / n / hours,
        "occupancy": ratio(total["busy_h"], total["busy_or_idle_h"]),
        "backlog": total["backlog"] / n,
        "oldest_h": ratio(total["oldest_h"], total["oldest_n"]),
        "required_erlang_c": needed[0],
        "required_erlang_a": needed[1],
        "required_simulated": simulated(result, row),
        "required_yours": yours(result),
        "actual_sl": measured,
    }
    return pd.DataFrame(columns)


def _kept(result: Result, row: Row, total: dict[str, Floats]) -> dict[str, Any]:
    """The share of the row's promise kept, with its interval; nothing where none covers it."""
    if row.promise < 0:
        return {"promise": "", "kept_share": math.nan, "kept_ci_low": math.nan, "kept_ci_high": math.nan}
    found = shares_of(Moments(*(total[name] for name in CASES)))
    name = result.scenario.promises[row.promise].name
    return {"promise": name, "kept_share": found.mean, "kept_ci_low": found.low, "kept_ci_high": found.high}


BRIDGE = ("start", "team", *(f"{part}_h" for part in BRIDGE_COLUMNS))


def bridge(result: Result) -> pd.DataFrame:
    """Per team and interval the hours of `BRIDGE`, means over replications.

    rostered = absent + off desk + breaks + present and present = handling + wrap-up + idle, in whole ticks;
    overtime is apart.  Whoever works as another team stands with his own.  The intervals of a team add up to its row
    in teams.csv.
    """
    starts = [interval.local.isoformat() for interval in result.yardstick.grid.intervals]
    hours = result.bridge_ticks / HOUR / max(result.n, 1)
    frames = [
        pd.DataFrame({"start": starts, "team": team.name, **dict(zip(BRIDGE[2:], hours[:, t], strict=True))})
        for t, team in enumerate(result.scenario.teams if result.n else ())
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(BRIDGE))


def simulated(result: Result, row: Row) -> Floats:
    """The heads that this simulation requires of the live line of a channel, in the row of all of the channel.

    NaN where there is no number, in other rows, and where nobody asked for it.
    """
    found = of_channel(result, row) if row.segment == "all" or _alone(result, row) else None
    return np.full(len(result.yardstick.grid.intervals), math.nan) if found is None else found.by_interval


def _alone(result: Result, row: Row) -> bool:
    """Whether the row is the only one of its channel."""
    return sum(each.channel == row.channel for each in rows(result.scenario)) == 1


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


def actuals(result: Result, table: Sequence[Row]) -> Floats:
    """The measured shares answered in time (`actuals:`, column `sl` or `actual_sl`): shape (rows, intervals).

    NaN where there is none.  Lines are found by their local `start`; a line speaks of the first row of the
    table with its `channel` and its `segment`, and where the file lacks one of these columns, of the first
    row whatever that is.
    """
    grid, stated = result.yardstick.grid, result.scenario.actuals
    found = np.full((len(table), len(grid.intervals)), math.nan)
    header = list(stated[0]) if stated else []
    level = next((name for name in ("actual_sl", "sl") if name in header), None)
    if level is None or "start" not in header:
        return found
    slots = {tick: i for i, tick in enumerate(grid.interval_edges[:-1].tolist())}
    for cells in stated[1]:
        said = dict(zip(header, cells, strict=False))
        row, tick = _row_of(said, table), _moment(result, said["start"])
        if row is not None and tick in slots:
            found[row, slots[tick]] = _share(said.get(level, ""))
    return found


def _row_of(said: dict[str, str], table: Sequence[Row]) -> int | None:
    """The row of the table that a line of the file speaks of."""
    for i, row in enumerate(table):
        if said.get("channel", row.channel) == row.channel and said.get("segment", row.segment) == row.segment:
            return i
    return None


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


def erlang(result: Result) -> str:
    """The formula that speaks for the whole desk, so that one report names one requirement: Erlang A where it is
    known on every channel when customers give up, else Erlang C."""
    coming = result.coming.sum(axis=0)
    asked = [needs(result, row) for row in rows(result.scenario) if coming[row.cells[: len(coming)]].any()]
    patience = [need.patience for need in asked if need is not None]
    return "Erlang A" if patience and all(map(math.isfinite, patience)) else "Erlang C"


def of_desk(result: Result, c: Floats, a: Floats) -> Floats:
    """What Erlang C or A asks for, whichever speaks for the whole desk."""
    return a if erlang(result) == "Erlang A" else c


def required(result: Result, row: Row, total: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Agents that Erlang C and A ask for in each interval: the load offered there, the row's promise.

    `total`: the row's sums over all replications.  Load: offered and blocked contacts at the interval's AHT
    (where nobody was handled, the row's); that AHT holds whatever slow-down happened.  NaN where no `answer` promise
    covers the row, for all channels together, and (A) where customers never leave.
    """
    hours = np.diff(result.yardstick.grid.interval_edges) / HOUR
    need = needs(result, row)
    empty = np.full(len(hours), math.nan)
    if need is None or not total["handled"].sum():
        return empty, empty
    usual = total["work_s"].sum() / total["handled"].sum()
    aht = np.where(total["handled"] > 0, ratio(total["work_s"], total["handled"]), usual)
    rate = (total["offered"] + total["blocked"]) / result.n / (hours * 3600)
    c = np.ceil(agents(rate, aht, need.level, need.within) / need.places)
    if math.isinf(need.patience):
        return c, empty
    a = np.empty(len(hours))
    of_hour = _patience(result, row.channel)
    for factor in np.unique(of_hour):
        mine = of_hour == factor
        a[mine] = agents(rate[mine], aht[mine], need.level, need.within, need.patience * float(factor))
    return c, np.ceil(a / need.places)


def _patience(result: Result, name: str) -> Floats:
    """The factor of the hour on patience, per interval."""
    channel = next(each for each in result.scenario.channels if each.name == name)
    grid = result.yardstick.grid
    return np.array(factors(channel, grid.timeline, grid.interval_edges.tolist()).patience)


def needs(result: Result, row: Row) -> Need | None:
    """The first `answer` promise over the row, the mean patience of who came to it, chats per agent."""
    scenario, coming = result.scenario, result.coming.mean(axis=0)
    chosen = np.flatnonzero(row.cells[: len(scenario.queues)])
    if row.channel == "all":
        return None
    covering = [p for p in scenario.promises if p.clock == "answer" and any(p.queues[i] for i in chosen)]
    if not covering:
        return None
    patience = mean_patience(scenario, np.where(row.cells[: len(coming)], coming, 0.0).tolist()) / SECOND
    at_once = places(scenario, row.channel, np.flatnonzero(row.teams).tolist())
    return Need(covering[0].share, covering[0].limit / SECOND, patience, at_once)
