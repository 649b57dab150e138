"""A study is played: what its store does not hold yet, point by point, until there is enough.

All points have one seed, so replication k of each has the same customers with the same problems.  Points that are the
same scenario are played once.  Nothing that comes out depends on jobs, on the order, or on how often it was stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from supportsim.measure.catalogue import measure
from supportsim.measure.replication import Measured, Yardstick
from supportsim.measure.sums import Floats
from supportsim.study.arguments import cores
from supportsim.study.crowd import Failure, Make
from supportsim.study.plan import Plan, Point
from supportsim.study.playing import Hands, Task, played
from supportsim.study.precision import batches, met
from supportsim.study.run import HOPELESS, Player
from supportsim.study.store import Kept, Shelf, Store

Key = tuple[str, str]


class Progressed(NamedTuple):
    """How far a study is: replications played now and still to be played, points that are complete, of how many."""

    played: int
    to_play: int
    points_finished: int
    points: int


Tell = Callable[[Progressed], None]


@dataclass
class Conducted:
    """What was played.  `n`: replications of each point; `failed`: why, by point name and replication."""

    n: int
    shelves: dict[str, Shelf]  # by scenario hash
    chosen: tuple[Point, ...]
    interrupted: bool = False
    precise: bool = True
    failed: dict[tuple[str, int], str] = field(default_factory=dict)
    jobs: int = 1

    def finished(self, point: Point) -> tuple[int, ...]:
        """Replications 1..n of a point that are there."""
        return tuple(sorted(k for k in self.shelves[point.hash].kept if k <= self.n))

    def values(self, point: Point) -> Floats:
        """(finished, watched metrics, 3): numerator, denominator, value."""
        kept = self.shelves[point.hash].kept
        rows = [kept[k].rows for k in self.finished(point)]
        return np.array(rows) if rows else np.zeros((0, 0, 3))

    def days(self, point: Point) -> Floats:
        """(finished, watched metrics, days): values of single days, NaN where they are not kept."""
        kept = self.shelves[point.hash].kept
        days = [kept[k].daily for k in self.finished(point)]
        return np.array(days) if days else np.zeros((0, 0, 0))


def conduct(
    plan: Plan,
    store: Store,
    jobs: int | None = None,
    only: Sequence[Point] | None = None,
    tell: Tell | None = None,
    make: Make | None = None,
) -> Conducted:
    """Play what is missing of `only` (None: all points); jobs None: one for each core.  Ctrl-C ends it early."""
    chosen = tuple(only if only is not None else plan.points)
    shelves = {point.hash: _shelf(plan, point, store) for point in plan.points}
    found = Conducted(0, shelves, chosen, jobs=jobs or cores())
    play = partial(_play, plan, found, tell or (lambda progressed: None), make or partial(Player, keep_journal=False))
    try:
        for n in batches(plan.precision) if plan.precision else (plan.replications,):
            found.n = n
            play()
            found.precise = precise(plan, found)
            if found.precise:
                break
    except KeyboardInterrupt:
        found.interrupted = True
    return found


def _shelf(plan: Plan, point: Point, store: Store) -> Shelf:
    yardstick = Yardstick(point.scenario)
    shape = (len(yardstick.keys), len(yardstick.daily_keys), len(yardstick.grid.dates))
    return store.shelf(point.hash, shape, _picker(plan.watched, yardstick))


def _picker(watched: tuple[Key, ...], yardstick: Yardstick) -> Callable[[Kept], Kept]:
    """What memory keeps: the rows and days of the metrics, NaN where the scenario has none."""
    daily = {key: i for i, key in enumerate(yardstick.daily_keys)}
    rows = np.array([yardstick.places.get(key, -1) for key in watched])
    days = np.array([daily.get(key, -1) for key in watched])

    def pick(found: Kept) -> Kept:
        mine = np.where((rows >= 0)[:, None], found.rows[rows], np.nan)
        own = np.where((days >= 0)[:, None], found.daily[days], np.nan)
        return Kept(found.replication, mine, own)

    return pick


def _play(plan: Plan, found: Conducted, tell: Tell, make: Make) -> None:
    """Everything that is missing up to replication n of the chosen points."""
    different = list({point.hash: point for point in found.chosen}.values())
    tasks = list(_missing(different, found))
    left = [sum(task.place == place for task in tasks) for place in range(len(different))]
    hands = Hands([point.scenario for point in different], plan.seed, make)
    errors: dict[int, list[Failure]] = {}
    tell(Progressed(0, len(tasks), left.count(0), len(left)))
    for count, (task, what) in enumerate(played(hands, tasks, min(found.jobs, max(1, len(tasks)))), 1):
        point = different[task.place]
        if isinstance(what, Failure):
            found.failed[point.name, task.replication] = what.why
            errors.setdefault(task.place, []).append(what)
            _give_up(errors[task.place], found.shelves[point.hash], found.n)
        else:
            found.shelves[point.hash].add(reduced(what))
            left[task.place] -= 1
        tell(Progressed(count, len(tasks), left.count(0), len(left)))


def reduced(measured: Measured) -> Kept:
    """What the store holds of a replication."""
    return Kept(measured.replication, measured.rows, measured.daily)


def _missing(points: Sequence[Point], found: Conducted) -> Iterator[Task]:
    for place, point in enumerate(points):
        there = found.shelves[point.hash].kept
        yield from (Task(place, k) for k in range(1, found.n + 1) if k not in there)


def _give_up(errors: list[Failure], shelf: Shelf, n: int) -> None:
    """Raise the first error of a point of which nothing is finished and nothing more is to be hoped for."""
    if not shelf.kept and len(errors) >= min(HOPELESS, n):
        first = min(errors, key=lambda each: each.replication)
        assert first.error is not None
        raise first.error


def precise(plan: Plan, found: Conducted) -> bool:
    """Whether every goal is met at every chosen point (always, where none is stated)."""
    if plan.precision is None:
        return True
    places = {key: i for i, key in enumerate(plan.watched)}
    for point in found.chosen:
        values = found.values(point)
        for goal in plan.precision.goals:
            column = values[:, places[goal.metric.key], 2] if len(values) else np.zeros(0)
            if not met(goal, column, measure(goal.metric.measure).unit):
                return False
    return True
