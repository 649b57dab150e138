"""The intraday table: each reporting interval of counted time, with what Erlang would have asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from supportsim.measure.intervals import COLUMNS, Row, rows
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.laws import mean
from supportsim.scenario.model import Promise, Scenario
from supportsim.scenario.ticks import HOUR, NEVER, SECOND
from supportsim.study.erlang import agents_for
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
    needed = required(result, row, i)
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
        "actual_sl": math.nan,
    }
    return pd.DataFrame(columns)


def yours(result: Result) -> Floats:
    """The stated requirement (`required:`) at the begin of each interval, NaN where none is stated."""
    stated = result.scenario.required
    found = np.full(len(result.yardstick.grid.intervals), math.nan)
    if stated:
        at = np.array([tick for tick, _ in stated], dtype=np.int64)
        begin = result.yardstick.grid.interval_edges[:-1] - result.yardstick.grid.counted_from
        place = np.searchsorted(at, begin, side="right") - 1
        heads = np.array([value for _, value in stated])
        found = np.where(place >= 0, heads[np.maximum(place, 0)], math.nan)
    return found


@dataclass(frozen=True)
class Need:
    """What an Erlang formula is asked for: a promise, mean patience (s, inf: never) and places per agent."""

    level: float
    within: float
    patience: float
    places: float


def required(result: Result, row: Row, i: int) -> tuple[Floats, Floats]:
    """Agents that Erlang C and A ask for in each interval: the load offered there, the row's promise.

    Load: offered and blocked contacts at the interval's AHT (where nobody was handled, the row's).  NaN where
    no `answer` promise covers the row, for all channels together, and (A) where customers never leave.
    """
    grid = result.yardstick.grid
    total = dict(zip(COLUMNS, result.interval_sums[:, i], strict=True))
    hours = np.diff(grid.interval_edges) / HOUR
    need = needs(result.scenario, row)
    empty = np.full(len(hours), math.nan)
    if need is None or not total["handled"].sum():
        return empty, empty
    usual = total["work_s"].sum() / total["handled"].sum()
    aht = np.where(total["handled"] > 0, ratio(total["work_s"], total["handled"]), usual)
    rate = (total["offered"] + total["blocked"]) / result.n / (hours * 3600)
    c = np.array([_agents(need, r, s, math.inf) for r, s in zip(rate, aht, strict=True)])
    if math.isinf(need.patience):
        return c, empty
    return c, np.array([_agents(need, r, s, need.patience) for r, s in zip(rate, aht, strict=True)])


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


@lru_cache(maxsize=100_000)
def _agents(need: Need, rate: float, service: float, patience: float) -> float:
    """Agents, or NaN where no number can be enough."""
    if rate <= 0 or service <= 0:
        return 0.0
    try:
        needed = agents_for(
            rate, service, need.level, need.within, None if math.isinf(patience) else patience
        )
    except ValueError:
        return math.nan
    return float(math.ceil(needed / need.places))
