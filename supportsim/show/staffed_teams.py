"""Load against heads of each live line, and of the teams that no line rests on.

Teams and requirement of a line are those of net staffing: pooled with others, a full inbox would look like short
phones, and idle callers would hide it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.causes import PEOPLE
from supportsim.measure.intervals import COLUMNS, Row, covering, groups, rows
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.ticks import HOUR
from supportsim.study.erlang_inputs import places
from supportsim.study.intraday import erlang, required, yours
from supportsim.study.live_lines import Line, live_lines
from supportsim.study.pattern import Pattern, pattern
from supportsim.study.result import Result
from supportsim.study.words import duration

_HOURS = ("rostered_h", "present_h", "busy_h", "busy_or_idle_h", "filler_only_h")


@dataclass(frozen=True)
class Staffing:
    """Some teams: means per bin of the typical day or week, in agents, NaN for none."""

    name: str  # of the teams
    line: str  # live channels for which they are asked in time; empty where they are of no live line
    whose: str  # `teams asked within 20 s`, where others may come to help
    cut: Pattern
    loads: dict[str, Floats]  # channel -> offered load
    at_once: dict[str, float]  # channel -> contacts one agent holds at once
    rostered: Floats
    present: Floats
    erlang_c: Floats
    erlang_a: Floats
    erlang: Floats  # by the one that speaks for the desk
    erlang_name: str
    yours: Floats
    occupancy: Floats  # by customers
    filler: bool  # whether anybody of the desk had other work


def staffing(result: Result) -> tuple[Staffing, ...]:
    """Everything the figure shows: each live line, then each group of other teams, over the same hours of the week."""
    lines = tuple(line for line in live_lines(result) if line.teams.any())
    own = [_Teams(result, line.teams, _people(result, line), line) for line in lines] + _others(result, lines)
    active = np.any([each.active for each in own], axis=0)
    cut = pattern(result.yardstick.grid, active)
    # a requirement of yours does not say of which line it speaks, so it is drawn where there is one only
    alone, nothing = len(own) == 1 or len(lines) == 1, np.full(len(active), np.nan)
    return tuple(each.laid_over(cut, yours(result) if alone and i == 0 else nothing) for i, each in enumerate(own))


def _others(result: Result, lines: tuple[Line, ...]) -> list[_Teams]:
    """Teams of no live line, those that share work together.

    Their hours are what the group has beyond its lines; nothing is known of them where two of its lines share a team.
    """
    first, found = len(rows(result.scenario)), []
    for i, group in enumerate(groups(result.scenario)):
        inside = [line for line in lines if (line.teams & group.teams).any()]
        times = np.sum([line.teams for line in inside], axis=0) if inside else np.zeros(len(group.teams))
        rest = group.teams & (times == 0)
        if rest.any() and times.max() <= 1:
            hours, theirs = _sums(result, [first + i]), [_people(result, line) for line in inside]
            people = {name: hours[name] - sum(each[name] for each in theirs) for name in _HOURS}
            found.append(_Teams(result, rest, people, asked=not inside))
    return found


def _people(result: Result, line: Line) -> dict[str, Floats]:
    """Hours over replications of the teams of a line, by interval."""
    return {f"{name}_h": result.cause_sums.people[0, i, line.scope] / HOUR for i, name in enumerate(PEOPLE)}


class _Teams:
    """Sums over replications by interval, of some teams and of each channel that may come to them."""

    def __init__(
        self, result: Result, teams: NDArray[np.bool_], people: dict[str, Floats], line: Line | None = None,
        asked: bool = True,
    ) -> None:  # fmt: skip
        self.result, self.teams, self.line, self.asked = result, teams, line, asked
        self.hours = np.diff(result.yardstick.grid.interval_edges) / HOUR
        self.whole = people
        kinds = {channel.name: channel.kind for channel in result.scenario.channels}
        parts: dict[str, list[int]] = {}
        for i, row in enumerate(rows(result.scenario)):
            if "all" not in (row.channel, row.segment) and (row.teams & teams).any():
                parts.setdefault(row.channel, []).append(i)
        order = sorted(parts, key=lambda name: kinds[name] == "deferred")  # live work first
        self.channels = {name: _sums(result, parts[name]) for name in order}
        self.loads = {name: self._load(name) for name in order}

    @property
    def active(self) -> NDArray[np.bool_]:
        """The intervals in which somebody is rostered or something comes."""
        coming = sum(self.loads.values(), np.zeros(len(self.hours)))
        return np.asarray((self.whole["rostered_h"] > 0) | (coming > 0))

    def _row(self, channel: str) -> Row:
        """What may come to them on this channel."""
        scenario = self.result.scenario
        theirs = [row.cells for row in rows(scenario) if "all" not in (row.channel, row.segment)
                  and row.channel == channel and (row.teams & self.teams).any()]  # fmt: skip
        cells = np.any(theirs, axis=0)
        return Row(channel, "all", cells, self.teams, covering(scenario, cells))

    def at_once(self, channel: str) -> float:
        """Contacts of a channel that one of these agents holds."""
        return places(self.result.scenario, channel, np.flatnonzero(self.teams).tolist())

    def _required(self) -> tuple[Floats, Floats, Floats]:
        """Agents by Erlang C, by A, and by the one that speaks for the desk; NaN where nothing is asked for."""
        if self.line:
            found = (self.line.erlang_c, self.line.erlang_a, self.line.required)
            c, a, speaks = (np.where(np.nan_to_num(each) > 0, each, np.nan) for each in found)
            return c, a, speaks
        every = self.channels.items() if self.asked else ()  # what they help a line with is required of its teams
        needed = [required(self.result, self._row(name), total) for name, total in every]
        empty = np.full(len(self.hours), np.nan)
        c, a = (_total([pair[k] for pair in needed], empty) for k in (0, 1))
        return c, a, a if erlang(self.result) == "Erlang A" else c

    def _load(self, channel: str) -> Floats:
        """Agent-hours offered per interval and replication: contacts x AHT / contacts one agent holds."""
        total = self.channels[channel]
        usual = total["work_s"].sum() / max(total["handled"].sum(), 1.0)
        aht = np.where(total["handled"] > 0, total["work_s"] / np.maximum(total["handled"], 1.0), usual)
        at_once = self.at_once(channel)
        load: Floats = (total["offered"] + total["blocked"]) * aht / at_once / 3600 / self.result.n
        return load

    def laid_over(self, cut: Pattern, stated: Floats) -> Staffing:
        """The means by bin."""
        width, n = cut.merged(self.hours), self.result.n
        at_work = cut.merged(self.whole["present_h"]) > 0  # overtime alone is no occupancy
        busy = self.whole["busy_h"] - self.whole["filler_only_h"]  # filler fills every gap and would say nothing
        names = [team.name for team, mine in zip(self.result.scenario.teams, self.teams, strict=True) if mine]
        line, (c, a, speaks) = self.line, self._required()
        others_help = line is not None and not line.teams.all()

        def heads(values: Floats) -> Floats:
            known = cut.merged(self.hours * ~np.isnan(values))
            return ratio(cut.merged(np.nan_to_num(values) * self.hours), known)

        return Staffing(
            " + ".join(names), line.name if line else "",
            f"teams asked within {duration(line.limit)}" if line and others_help else "",
            cut, {name: cut.merged(load) / width for name, load in self.loads.items()},
            {name: self.at_once(name) for name in self.loads},
            cut.merged(self.whole["rostered_h"]) / n / width, cut.merged(self.whole["present_h"]) / n / width,
            heads(c), heads(a), heads(speaks), erlang(self.result), heads(stated),
            ratio(cut.merged(busy), cut.merged(self.whole["busy_or_idle_h"]) * at_work),
            bool(self.result.interval_sums[COLUMNS.index("filler_only_h")].any()),
        )  # fmt: skip


def _sums(result: Result, places_: list[int]) -> dict[str, Floats]:
    """The sums over replications of some rows together, by column."""
    return dict(zip(COLUMNS, result.interval_sums[:, places_].sum(axis=1), strict=True))


def _total(parts: list[Floats], empty: Floats) -> Floats:
    """Sum over the channels that have a requirement; NaN where none has."""
    known = [part for part in parts if not np.isnan(part).all()]
    total = np.nansum(known, axis=0) if known else empty
    return np.where(total > 0, total, np.nan)
