"""How far each input moves the answer: every one a share lower and higher, on the same customers.

What only money depends on is not played again: what happened is priced once more (docs/model.md, section 11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.clocks import Engine
from supportsim.measure.grid import Grid
from supportsim.measure.prices import is_priced
from supportsim.measure.replication import Yardstick
from supportsim.scenario.errors import nearest
from supportsim.scenario.model import Scenario
from supportsim.study import arguments
from supportsim.study.arguments import cores
from supportsim.study.compare import comparable
from supportsim.study.crowd import Failure
from supportsim.study.metrics import COST, Incomparable, Key, named
from supportsim.study.playing import Hands, Task, played
from supportsim.study.uncertain import Uncertain, uncertain

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
#: As stated, and the two sides of an input.
STATED, LOW, HIGH = "", "low", "high"
SIDES = (LOW, HIGH)
#: Is told how many replications are finished, and of how many.
Tell = Callable[[int, int], None]


class Place(NamedTuple):
    """One scenario that is measured: which option, which input (None: none), which side of it."""

    option: str
    path: str
    side: str


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What each input moves.

    scenarios: by the names of options; the first is the base, and the measures of others are told as differences from
    it.  inputs: those of which everything is finished.  values: of each place (replications, keys), NaN where there is
    none.  not_played: paths of inputs that were not finished.
    """

    scenarios: dict[str, Scenario]
    by: float
    seed: int
    requested: int
    keys: tuple[Key, ...]
    inputs: tuple[Uncertain, ...]
    values: dict[Place, Floats]
    not_played: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    interrupted: bool = False
    weeks: float = 1.0

    @property
    def complete(self) -> bool:
        """Whether every replication of every input finished."""
        return not (self.not_played or self.failed or self.interrupted)

    @property
    def periods(self) -> float:
        """Counted time in weeks, by which sums are divided; 1 where it is less than a week."""
        return max(1.0, self.weeks)

    @property
    def each(self) -> str:
        """Of what a sum is told: `a week` or `a run`."""
        return "a week" if self.weeks >= 1 else "a run"

    def column(self, option: str, key: Key, path: str = "", side: str = STATED) -> Floats:
        """A measure by replication; as stated where an option has no such input, or cannot have more of it."""
        place = Place(option, path, side)
        found: Floats = self.values[place if place in self.values else Place(option, "", STATED)]
        return found[:, self.keys.index(key)]

    @property
    def base(self) -> str:
        """The first option."""
        return next(iter(self.scenarios))

    @cached_property
    def own(self) -> dict[str, dict[str, Uncertain]]:
        """Option -> path -> input, of those that it has."""
        return {name: {each.path: each for each in uncertain(one)} for name, one in self.scenarios.items()}

    def source(self, option: str, path: str) -> str:
        """`written`, `default` where supportsim filled it in; empty where the option has no such input."""
        each = self.own[option].get(path)
        if each is None:
            return ""
        return "default" if each.supplied(self.scenarios[option]) else "written"

    def supplied(self, path: str) -> bool:
        """Whether supportsim filled it in for every option that has it."""
        return {self.source(option, path) for option in self.scenarios} - {""} == {"default"}

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each option, measure and input, the largest movement first; see `study.sensitivity_table`."""
        from supportsim.study.sensitivity_table import rows

        return rows(self)

    @cached_property
    def shares(self) -> dict[str, float]:
        """Path of an input -> its share of what all of them move, mean over measures; the largest first.

        With several options of what they move in the differences from the base.
        """
        from supportsim.study.sensitivity_table import shares

        return shares(self)

    @cached_property
    def inputs_table(self) -> pd.DataFrame:
        """inputs.csv of the base, with what each value's input moves."""
        from supportsim.study.inputs import inputs

        return inputs(self.scenarios[self.base], {each: self.shares[each.path] for each in self.inputs})

    def verdict(self) -> list[str]:
        """What a manager reads: which inputs the answer rests on."""
        from supportsim.study.sensitivity_words import sentences

        return sentences(self)

    def write(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write manifest.json, sensitivity.csv, inputs.csv and verdict.txt; returns the path.  Raises ResultExists."""
        from supportsim.study.folder import put
        from supportsim.study.sensitivity_table import fill

        return put(folder, partial(fill, self), overwrite)


class Priced:
    """Plays the first of several scenarios in which the same happens, and measures it by each of them."""

    def __init__(self, same: Sequence[Scenario], seed: int, keys: Sequence[Key], engine: Engine) -> None:
        from supportsim.engine.layout import Layout

        self.seed, self.engine = seed, engine
        self.layout = Layout(same[0])
        self.yardsticks = [Yardstick(each) for each in same]
        self.rows = [[each.places[key] for key in keys] for each in self.yardsticks]

    def __call__(self, replication: int) -> Floats:
        """(scenarios, keys)."""
        from supportsim.engine.clocks import play_in_portions
        from supportsim.measure.reduction import reduced
        from supportsim.measure.tally import Tally

        tally = Tally(self.yardsticks[0].plan)
        rest = play_in_portions(self.layout, self.seed, replication, tally.take, self.engine)
        tally.close(rest.presence, rest.end)
        found = [reduced(tally, each, self.seed, replication, "") for each in self.yardsticks]
        return np.array([each.rows[rows, 2] for each, rows in zip(found, self.rows, strict=True)])


def sensitivity(
    scenarios: Scenario | Mapping[str, Scenario] | Iterable[Scenario],
    by: float = 0.2,
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = 1,
    measures: Sequence[str] = (),
    inputs: Sequence[str] = (),
    engine: Engine = "auto",
    tell: Tell | None = None,
) -> Sensitivity:
    """Play every input of a scenario `by` lower and higher on the same customers, and say what that moves.

    scenarios: one, or several options of which the first is the base: then what moves is also told of the differences
    from it, with the input changed in all of them at once.  measures: `selector.measure` each (default: share kept of
    each promise, cost, contribution as far as known).  inputs: only these paths, `*` stands for anything.

    Ctrl-C ends it and keeps the inputs that are finished.  Raises Incomparable (a ValueError) for options that cannot
    be compared, unknown measures and inputs; ValueError for `by` not between 0 and 1; TypeError as `run` does;
    KeyboardInterrupt where not even the scenarios as they are have been played.
    """
    if not 0 < by < 1:
        raise ValueError(f"by: got {by!r}; expected a number above 0 and below 1")
    options = comparable([scenarios] if isinstance(scenarios, Scenario) else scenarios)
    replications = arguments.whole("replications", replications, 1, arguments.MOST_REPLICATIONS)
    seed, most = arguments.whole("seed", seed, 0, arguments.LARGEST_SEED), arguments.jobs(jobs) or cores()
    keys = answers(list(options.values()), measures)
    chosen = chosen_of(options, inputs)
    groups = list(grouped(options, chosen, by))
    return _Table(options, by, seed, replications, keys, chosen, groups).played(most, engine, tell)


def answers(scenarios: Sequence[Scenario], measures: Sequence[str] = ()) -> tuple[Key, ...]:
    """The measures whose movement is told.  Raises Incomparable for one that not all scenarios have."""
    if measures:
        return named([*scenarios, *scenarios[:1]], measures)
    there = [set(Yardstick(each).keys) for each in scenarios]
    wanted = [(promise.name, "kept_share") for promise in scenarios[0].promises]
    wanted += [COST] if any(is_priced(each) for each in scenarios) else []
    wanted += [("all", "contribution"), ("all", "contribution_after_churn")]
    found = [key for key in wanted if all(key in keys for keys in there)]
    if not found:
        found = [(each.name, "served_wait_mean") for each in scenarios[0].channels]
    return tuple(key for key in found if all(key in keys for keys in there))


def chosen_of(options: Mapping[str, Scenario], patterns: Sequence[str] = ()) -> list[Uncertain]:
    """The inputs of any option, each once, in the order of the first.  Raises Incomparable for a pattern of none."""
    every: dict[str, Uncertain] = {}
    for scenario in options.values():
        for each in uncertain(scenario):
            every.setdefault(each.path, each)
    for pattern in patterns:
        if not any(fnmatchcase(path, pattern) for path in every):
            raise Incomparable(f"no input is {pattern!r}; {nearest(pattern, list(every))}")
    return [each for each in every.values() if not patterns or any(fnmatchcase(each.path, p) for p in patterns)]


Group = dict[Place, Scenario]


def grouped(options: Mapping[str, Scenario], inputs: Sequence[Uncertain], by: float) -> Iterator[Group]:
    """What is played, in this order: each group once, and measured by all its scenarios; the first is played.

    First every option as it is, with all its inputs that only money depends on, then input after input.
    """
    own = {name: {each.path: each for each in uncertain(scenario)} for name, scenario in options.items()}
    for name, scenario in options.items():
        group: Group = {Place(name, "", STATED): scenario}
        for each in inputs:
            found = own[name].get(each.path)
            if found is not None and found.priced:
                group |= _sides(name, scenario, found, by)
        yield group
    for each in inputs:
        for name, scenario in options.items():
            found = own[name].get(each.path)
            if found is not None and not found.priced:
                for place, changed in _sides(name, scenario, found, by).items():
                    yield {place: changed}


def _sides(option: str, scenario: Scenario, each: Uncertain, by: float) -> Group:
    """Lower and higher, as far as that is something else."""
    both = {Place(option, each.path, s): each.change(scenario, 1 + f * by) for s, f in ((LOW, -1), (HIGH, 1))}
    return {place: changed for place, changed in both.items() if changed != scenario}


class _Table:
    """Values as they come."""

    def __init__(
        self, options: dict[str, Scenario], by: float, seed: int, n: int, keys: tuple[Key, ...],
        inputs: list[Uncertain], groups: list[Group],
    ) -> None:  # fmt: skip
        self.options, self.by, self.seed, self.n = options, by, seed, n
        self.keys, self.inputs, self.groups = keys, inputs, groups
        self.values = {place: np.full((n, len(keys)), np.nan) for group in groups for place in group}
        self.left = [n] * len(groups)
        self.failed: list[str] = []

    def played(self, most: int, engine: Engine, tell: Tell | None) -> Sensitivity:
        """Play until the end or Ctrl-C."""
        tasks = [Task(place, k) for place in range(len(self.groups)) for k in range(1, self.n + 1)]
        whats = [tuple(group.values()) for group in self.groups]
        hands = Hands(whats, self.seed, partial(Priced, keys=self.keys, engine=engine))
        interrupted = False
        try:
            for count, (task, found) in enumerate(played(hands, tasks, most), 1):
                self._take(task, found)
                if tell is not None:
                    tell(count, len(tasks))
        except KeyboardInterrupt:
            interrupted = True
        if any(self.left[: len(self.options)]):
            raise KeyboardInterrupt
        return self._result(interrupted)

    def _take(self, task: Task, found: Floats | Failure) -> None:
        self.left[task.place] -= 1
        group = self.groups[task.place]
        if isinstance(found, Failure):
            first = next(iter(group))
            if not first.path and found.error is not None:
                raise found.error  # without the scenario as it is there is nothing to tell
            self.failed.append(f"{first.path}, {first.side}: {found.why}")
            return
        for row, place in enumerate(group):
            self.values[place][task.replication - 1] = found[row]

    def _result(self, interrupted: bool) -> Sensitivity:
        missing = {
            place.path for group, left in zip(self.groups, self.left, strict=True) if left for place in group
        }  # fmt: skip
        weeks = float(Grid(next(iter(self.options.values()))).timeline.weeks)
        return Sensitivity(
            self.options, self.by, self.seed, self.n, self.keys,
            tuple(each for each in self.inputs if each.path not in missing),
            {place: column for place, column in self.values.items() if place.path not in missing},
            tuple(each.path for each in self.inputs if each.path in missing), tuple(self.failed), interrupted, weeks,
        )  # fmt: skip
