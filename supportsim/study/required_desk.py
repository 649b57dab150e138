"""A live line staffed by a curve of heads: the scenario as it is, but for who serves that line.

The rule is in docs/model.md, section 11.  The curve is stated for the bins of a typical day or week and holds in all
of play, warm-up and run-out included; outside the bins as many are there as were present on average.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.replication import BRIDGE_COLUMNS
from supportsim.measure.sums import Floats
from supportsim.scenario.model import Activity, Scenario, Team
from supportsim.scenario.ticks import HOUR
from supportsim.study.pattern import Pattern
from supportsim.study.result import Result

Curve = tuple[tuple[int, int], ...]
Key = tuple[int, int]  # weekday (0 where one date is counted), number of the interval in its day
#: Said after the name of a team whose people are kept for what they do as another team.
KEPT = ", as rostered"


class Desk:
    """What all plays of the search for one line have in common.

    teams: of the line, per team.  channels: names of its live channels.  cut: the bins, of which those `searched` get
    heads of their own.
    """

    def __init__(
        self, result: Result, teams: NDArray[np.bool_], channels: frozenset[str], cut: Pattern,
        searched: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        self.scenario, self.grid, self.cut = result.scenario, result.yardstick.grid, cut
        self.members = np.flatnonzero(teams).tolist()
        self.channels = channels
        self.usual = self._usual(result)
        self.bins = {key: int(b) for key, b in zip(self._keys(), cut.place, strict=True) if b >= 0 and searched[b]}
        self.slots = tuple(self._slots())
        self.weights = self._weights()

    def staffed(self, heads: NDArray[np.int64]) -> Scenario:
        """The scenario in which `heads[b]` heads serve the line in bin b."""
        split = np.array([_split(int(n), w) for n, w in zip(heads, self.weights, strict=True)], dtype=np.int64)
        curves = {t: self._curve(i, split.reshape(-1, len(self.members))) for i, t in enumerate(self.members)}
        return with_heads(self.scenario, curves, self.channels)

    def _keys(self) -> list[Key]:
        """Of each reporting interval."""
        size, single = self.grid.interval_length, len(self.grid.dates) == 1
        return [_key(each.local.weekday(), each.local, size, single) for each in self.grid.intervals]

    def _usual(self, result: Result) -> dict[Key, Floats]:
        """Mean heads present of each team of the line, by time of the week."""
        hours = np.diff(self.grid.interval_edges) / HOUR
        present = result.bridge_ticks[BRIDGE_COLUMNS.index("present")] / HOUR / max(result.n, 1)
        sums: dict[Key, Floats] = {}
        for i, key in enumerate(self._keys()):
            sums[key] = sums.get(key, 0.0) + np.append(present[self.members, i], hours[i])
        return {key: each[:-1] / each[-1] for key, each in sums.items()}

    def _slots(self) -> Iterator[tuple[int, Key]]:
        """Tick since the counted start at which each interval of all of play begins, and which it is of the week."""
        timeline, size, single = self.grid.timeline, self.grid.interval_length, len(self.grid.dates) == 1
        days = timeline.days()
        for (_, midnight), (_, following) in zip(days, [*days[1:], (None, timeline.end)], strict=True):
            for begin in range(midnight, following, size):
                if begin + size > 0:
                    tick = max(begin, 0)
                    local = timeline.local(tick)
                    yield tick - timeline.counted_from, self._known(_key(local.weekday(), local, size, single))

    def _known(self, key: Key) -> Key:
        """A time of a weekday that is not counted is like that of the last weekday before it that is."""
        before = (((key[0] - back) % 7, key[1]) for back in range(7))
        return next((each for each in before if each in self.usual), key)

    def _weights(self) -> list[Floats]:
        """Per bin, in which proportion the teams of the line were present; all alike where none of them ever was."""
        every = np.sum(list(self.usual.values()), axis=0)
        every = every if every.any() else np.ones(len(self.members))
        found = [every] * self.cut.bins
        for key, b in self.bins.items():
            if self.usual[key].any():
                found[b] = self.usual[key]
        return found

    def _curve(self, member: int, split: NDArray[np.int64]) -> Curve:
        """(tick since the counted start, heads from then on) of one team: changes only."""
        found: list[tuple[int, int]] = []
        for tick, key in self.slots:
            b = self.bins.get(key)
            usual = self.usual.get(key)
            outside = int(usual[member] + 0.5) if usual is not None else 0
            heads = int(split[b, member]) if b is not None else outside
            if heads != (found[-1][1] if found else 0):
                found.append((tick, heads))
        return tuple(found)


def _key(weekday: int, local: datetime, size: int, single: bool) -> Key:
    clock = (local.hour * 3600 + local.minute * 60 + local.second) * 1_000_000
    return (0 if single else weekday, clock // size)


def _split(heads: int, weights: Floats) -> list[int]:
    """Whole numbers in proportion to `weights` that add up to `heads`: largest remainder, ties to the earlier team."""
    exact = heads * weights / weights.sum()
    found = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(found - exact, kind="stable")
    found[order[: heads - int(found.sum())]] += 1
    return [int(n) for n in found]


def with_heads(scenario: Scenario, curves: Mapping[int, Curve], channels: frozenset[str]) -> Scenario:
    """Each team of `curves` (by index) as anonymous heads who are at the desk all the time.

    Work of `channels` in hand is put down where heads fall.  Their people go on doing what they do as other teams, in
    a team of their own that serves nothing; whoever came to them from elsewhere is off the desk in those hours.
    """
    names = {scenario.teams[t].name for t in curves}
    teams = [_as_heads(team, curves[t]) if t in curves else _staying(team, names)
             for t, team in enumerate(scenario.teams)]  # fmt: skip
    teams += [_elsewhere(scenario.teams[t], names) for t in curves if _moves(scenario.teams[t], names)]
    plain = tuple(
        replace(channel, at_shift_end="put_down", last_chat=0) if channel.name in channels else channel
        for channel in scenario.channels
    )
    return replace(scenario, teams=tuple(teams), channels=plain)


def _as_heads(team: Team, curve: Curve) -> Team:
    return replace(
        team, agents=None, shifts=(), heads=curve, activities=(), absence=0.0, off_desk=0.0, off_desk_block=0
    )


def _moves(team: Team, names: set[str]) -> bool:
    """Whether anybody of the team works as one that is not of the line."""
    return any(each.works_as is not None and each.works_as not in names for each in team.activities)


def _staying(team: Team, names: set[str]) -> Team:
    """Nobody of it works as a team of the line."""
    return replace(team, activities=tuple(_kept_off(each, names) for each in team.activities))


def _elsewhere(team: Team, names: set[str]) -> Team:
    return replace(
        _staying(team, names), name=team.name + KEPT, serves=(), places=(-1,) * len(team.places), holds=(), drains=()
    )


def _kept_off(each: Activity, names: set[str]) -> Activity:
    return replace(each, works_as=None) if each.works_as in names else each
