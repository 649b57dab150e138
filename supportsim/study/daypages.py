"""What a day looks like on a live channel: weekdays that are alike, and what came, who was there, what was kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.causes import PEOPLE
from supportsim.measure.intervals import COLUMNS, Row, rows
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.model import Promise
from supportsim.scenario.ticks import HOUR
from supportsim.study.intraday import erlang, required, yours
from supportsim.study.pattern import Kept, Pattern, kept_by_bin, pattern
from supportsim.study.required_heads import of_channel
from supportsim.study.result import Result
from supportsim.study.words import duration

#: Weekdays are alike if as many are rostered at every time, and as many contacts offered in a day, within these.
HEADS, OFFERED = 0.5, 0.1
_HOURS = ("rostered", "present", "busy", "busy_or_idle", "filler_only")  # heads and occupancy are of the same people


@dataclass(frozen=True)
class Page:
    """A live channel on weekdays that are alike: means per bin of the day, NaN for none; contacts per bin and day."""

    channel: str
    days: str
    cut: Pattern
    first: Floats
    returns: Floats
    expected: Floats  # first contacts the demand states, none drawn
    several: bool  # whether it lies over several dates
    whose: str  # heads and occupancy are of these teams
    rostered: Floats
    present: Floats
    erlang: Floats
    erlang_name: str  # that of the whole desk; empty where no promise asks
    yours: Floats
    simulated: Floats  # heads required by this simulation of the channel's line; NaN where nobody asked for them
    line: str  # the channels of that line, empty where nobody asked
    asked: bool  # whether somebody asked for them
    occupancy: Floats  # by customers
    filler: bool
    promises: tuple[tuple[Promise, Kept], ...]


class _Channel:
    """Sums over replications by interval of one channel."""

    def __init__(self, result: Result, place: int, row: Row) -> None:
        self.result, self.row = result, row
        self.total = dict(zip(COLUMNS, result.interval_sums[:, place], strict=True))
        self.hours = np.diff(result.yardstick.grid.interval_edges) / HOUR
        c, a = required(result, row, self.total)
        name = erlang(result)
        self.erlang = a if name == "Erlang A" else c
        self.erlang_name = "" if np.isnan(self.erlang).all() else name
        self.stated = yours(result)
        self.required = of_channel(result, row)
        self.coming = self.total["offered"] + self.total["blocked"]
        self.people, self.whose = self._people()

    def _people(self) -> tuple[dict[str, Floats], str]:
        """Hours over replications of the teams that are asked before the longest limit promised has passed."""
        result, queues = self.result, self.row.cells[: len(self.result.scenario.queues)]
        promises = result.scenario.promises
        mine = [(promises[s.promise].limit, k) for k, s in enumerate(result.yardstick.rests_on)
                if (np.array(promises[s.promise].queues) & queues).any()]  # fmt: skip
        limit, k = max(mine, default=(0, -1))
        if k < 0 or (result.yardstick.rests_on[k].teams == self.row.teams).all():
            return {name: self.total[f"{name}_h"] for name in _HOURS}, "of teams that may serve it"
        people = {name: result.cause_sums.people[0, PEOPLE.index(name), k] / HOUR for name in _HOURS}
        return people, f"of teams asked\nwithin {duration(limit)}"

    def page(self, days: tuple[int, ...], expected: Floats) -> Page:
        """The means of these weekdays laid over each other."""
        grid, n, total = self.result.yardstick.grid, self.result.n, self.total
        cut = pattern(grid, self.coming > 0, together=days)
        intervals, width = cut.merged(np.ones(len(self.hours))), cut.merged(self.hours)
        people = {name: cut.merged(hours) for name, hours in self.people.items()}
        busy = people["busy"] - people["filler_only"]
        there = people["present"] > 0  # overtime alone is no occupancy

        def heads(values: Floats) -> Floats:
            known = cut.merged(self.hours * ~np.isnan(values))
            return ratio(cut.merged(np.nan_to_num(values) * self.hours), known)

        return Page(
            self.row.channel, cut.days[0], cut, cut.merged(total["first_tries"]) / n / intervals,
            cut.merged(total["returns"]) / n / intervals, cut.merged(expected) / intervals,
            len(grid.dates) > 1, self.whose, people["rostered"] / n / width, people["present"] / n / width,
            heads(self.erlang), self.erlang_name, heads(self.stated),
            heads(self.required.by_interval if self.required else np.full(len(self.hours), np.nan)),
            self.required.line.name if self.required else "", self.result.heads_required is not None,
            ratio(busy, people["busy_or_idle"] * there), bool(people["filler_only"].any()),
            self._promises(days),
        )  # fmt: skip

    def _promises(self, days: tuple[int, ...]) -> tuple[tuple[Promise, Kept], ...]:
        """Every promise of an answer that covers some of the channel."""
        result, queues = self.result, self.row.cells[: len(self.result.scenario.queues)]
        found = []
        for i, promise in enumerate(result.scenario.promises):
            if promise.clock == "answer" and (np.array(promise.queues) & queues).any():
                kept, judged = result.kept[:, i], result.judged[:, i]
                found.append((promise, kept_by_bin(result.yardstick.grid, kept, judged, promise.share, days)))
        return tuple(found)

    def groups(self) -> list[tuple[int, ...]]:
        """Weekdays on which anybody comes, those that follow each other and are alike together."""
        grid = self.result.yardstick.grid
        cut = pattern(grid, self.coming > 0)
        if len(grid.dates) == 1:
            return [(grid.dates[0].weekday(),)]
        weekday = np.array([interval.local.weekday() for interval in grid.intervals])
        found: list[list[int]] = []
        for day in range(7):
            if not (self.coming * (weekday == day)).any():
                continue
            if found and found[-1][-1] == day - 1 and self._alike(cut, found[-1][0], day, weekday):
                found[-1].append(day)
            else:
                found.append([day])
        return [tuple(days) for days in found]

    def _alike(self, cut: Pattern, one: int, other: int, weekday: NDArray[np.int64]) -> bool:
        heads, offered = zip(*(self._of(day, weekday, cut) for day in (one, other)), strict=True)
        if heads[0].shape != heads[1].shape or np.abs(heads[0] - heads[1]).max(initial=0) > HEADS:
            return False
        return bool(abs(offered[0] - offered[1]) <= OFFERED * max(offered))

    def _of(self, day: int, weekday: NDArray[np.int64], cut: Pattern) -> tuple[Floats, float]:
        """Heads by time of day, and contacts in a day, of one weekday."""
        only = pattern(self.result.yardstick.grid, (cut.place >= 0) & (weekday == day))
        width = only.merged(self.hours)
        dates = len(np.unique(cut.date[weekday == day]))
        heads = only.merged(self.total["rostered_h"]) / self.result.n / width
        return heads, float(self.coming[weekday == day].sum()) / dates


def pages(result: Result, expected: dict[str, Floats]) -> list[Page]:
    """Every live channel to which anybody comes, on every group of weekdays; `expected`: contacts per interval."""
    live = {channel.name for channel in result.scenario.channels if channel.kind == "live"}
    found: list[Page] = []
    done: set[str] = set()
    for place, row in enumerate(rows(result.scenario)):
        if row.channel in live and row.channel not in done:  # the first row of a channel holds the others
            done.add(row.channel)
            channel = _Channel(result, place, row)
            if channel.coming.any():
                found += [channel.page(days, expected[row.channel]) for days in channel.groups()]
    return found
