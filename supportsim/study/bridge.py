"""From what an Erlang sheet says of a promise to what the simulation says, step by step with paired differences.

The rule is in docs/model.md, section 11; what each step takes away is in `study.bridge_steps`, Erlang's lines are in
`study.bridge_sheet`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.sums import Floats
from supportsim.scenario.errors import ConfigError, Fault, nearest
from supportsim.scenario.model import Promise, Scenario
from supportsim.study import arguments
from supportsim.study.bridge_heads import NOBODY, There, at_the_desk
from supportsim.study.bridge_sheet import Sheet, shares
from supportsim.study.bridge_steps import STEPS, Names
from supportsim.study.estimate import student
from supportsim.study.result import Result
from supportsim.study.run import run

if TYPE_CHECKING:
    import pandas as pd

ERLANG_C, ERLANG_A, PLAYED = "erlang_c", "erlang_a", "played"
NAMES = {
    ERLANG_C: "Erlang C, each interval for itself",
    ERLANG_A: "+ callers hang up: Erlang A",
    PLAYED: "+ simulated instead of calculated",
} | {step.id: step.name for step in STEPS}
WHY_NOT = {ERLANG_A: "by these formulas nobody hangs up in time to matter"} | {step.id: step.nothing for step in STEPS}
COLUMNS = (
    "promise", "target", "line", "name", "kept_share", "difference", "difference_ci_low", "difference_ci_high",
    "replications", "left_out",
)  # fmt: skip
Progress = Callable[[str, int, int], None]


class Unfinished(Exception):  # noqa: N818 - reads as what is wrong
    """A replication of some line failed, so its differences cannot be paired."""


class Line(NamedTuple):
    """One line: the share kept and the difference to the line before, with its interval (nan: none).

    n: replications with a case in every line (0: a formula).  left_out: why the line takes nothing away; empty where it
    does.
    """

    id: str
    kept: float
    difference: float = math.nan
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    left_out: str = ""

    @property
    def name(self) -> str:
        return NAMES[self.id]

    @property
    def half(self) -> float:
        """Half the width of the interval of the difference."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Bridge:
    """The lines of one promise, from Erlang C to the scenario as it is.

    there: who is at the desk.  unpaired: replications left out, because some line has no case in them.
    """

    promise: Promise
    lines: tuple[Line, ...]
    there: There = NOBODY
    unpaired: int = 0

    @property
    def steps(self) -> tuple[Line, ...]:
        """The lines after the first that are not left out."""
        return tuple(line for line in self.lines[1:] if not line.left_out)

    @property
    def largest(self) -> Line | None:
        """The line with the largest difference; None where no case came."""
        known = [line for line in self.steps if not math.isnan(line.difference)]
        return max(known, key=lambda line: abs(line.difference), default=None)


@dataclass(frozen=True, eq=False)
class Bridges:
    """The bridge of each promise asked for, all from the same plays."""

    scenario: Scenario
    seed: int
    replications: int
    bridges: tuple[Bridge, ...]
    result: Result  # of the scenario as it is

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per promise and line; see COLUMNS."""
        import pandas as pd

        rows = [
            (each.promise.name, each.promise.share, line.id, line.name, *line[1:6], line.left_out)
            for each in self.bridges
            for line in each.lines
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))


def bridge(
    scenario: Scenario,
    promise: str | None = None,
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = 1,
    progress: Progress | None = None,
) -> Bridges:
    """The lines from Erlang C to the simulation for one `answer` promise, or for each of them.

    `progress(line, finished, replications)` is called after each replication.  Raises ValueError for a promise that is
    none of an answer, ConfigError where the scenario has none at all, Unfinished where a replication fails;
    KeyboardInterrupt leaves it.
    """
    scenario = arguments.scenario(scenario)
    asked = chosen(scenario, promise)
    plays = _Plays(scenario, replications, seed, jobs, progress or (lambda line, finished, total: None))
    found = tuple(plays.bridge(i) for i in asked)
    return Bridges(scenario, seed, replications, found, plays.whole)


def chosen(scenario: Scenario, promise: str | None) -> list[int]:
    """Places of the promises asked for.  Raises ValueError, ConfigError."""
    answers = {each.name: i for i, each in enumerate(scenario.promises) if each.clock == "answer"}
    if promise is None:
        if not answers:
            got = "no promise of an answer" if scenario.promises else "no promise"
            rule = "a promise of an answer on a live channel, which a sheet can speak of"
            raise ConfigError([Fault(scenario.source or scenario.name, None, None, "promises", got, rule)])
        return list(answers.values())
    if promise in answers:
        return [answers[promise]]
    if any(each.name == promise for each in scenario.promises):
        raise ValueError(f"{promise} is a promise of a first reply, of which Erlang formulas do not speak")
    raise ValueError(f"no promise '{promise}' of an answer; {nearest(promise, answers) or 'the scenario has none'}")


class _Plays:
    """Shares kept by replication, of each line; what two promises have in common is played once."""

    def __init__(
        self, scenario: Scenario, replications: int, seed: int, jobs: int | Literal["auto"], progress: Progress
    ) -> None:
        self.replications, self.seed, self.jobs, self.progress = replications, seed, jobs, progress
        self.whole = self._played(scenario, STEPS[-1].id)
        self.scenario = scenario
        self.kept: dict[tuple[str, Names], Floats] = {}

    def bridge(self, i: int) -> Bridge:
        """All lines of promise i, the first one first."""
        promise = self.scenario.promises[i]
        channels = frozenset(q.channel for q, on in zip(self.scenario.queues, promise.queues, strict=True) if on)
        bare, columns = self._columns(i, channels)
        sheet = Sheet(bare, [channel.name for channel in bare.channels if channel.name in channels])
        c, a = shares(sheet, promise)
        paired = in_all([values for _, values, _ in columns])
        lines = [Line(ERLANG_C, c), Line(ERLANG_A, a, a - c, left_out=WHY_NOT[ERLANG_A] if a == c else "")]
        before = np.full(np.count_nonzero(paired), a)
        for name, values, left_out in columns:
            lines.append(_line(name, before, values[paired], left_out))
            before = values[paired]
        there = at_the_desk(sheet, self.whole, i)
        return Bridge(promise, tuple(lines), there, int(np.count_nonzero(~paired)))

    def _columns(self, i: int, channels: Names) -> tuple[Scenario, list[tuple[str, Floats, str]]]:
        """The scenario without all steps; of each line that is played its shares and why it is left out."""
        scenario, after = self.scenario, _values(self.whole)[:, i]
        found: list[tuple[str, Floats, str]] = []
        for step in reversed(STEPS):
            changed = step.without(scenario, channels)
            found.append((step.id, after, "" if changed is not scenario else step.nothing))
            after = after if changed is scenario else self._of(changed, step.id, channels)[:, i]
            scenario = changed
        return scenario, [(PLAYED, after, ""), *reversed(found)]

    def _of(self, scenario: Scenario, line: str, channels: Names) -> Floats:
        """Shares of all promises without what `line` adds, (replications, promises)."""
        key = (line, channels if line == STEPS[0].id else frozenset())
        if key not in self.kept:
            before = [PLAYED, *(step.id for step in STEPS)]
            self.kept[key] = _values(self._played(scenario, before[before.index(line) - 1]))
        return self.kept[key]

    def _played(self, scenario: Scenario, line: str) -> Result:
        def tell(finished: int, total: int) -> None:
            self.progress(line, finished, total)

        found = run(scenario, self.replications, self.seed, self.jobs, tell, keep_journal=False)
        if found.interrupted:
            raise KeyboardInterrupt
        for number, why in found.failed.items():
            raise Unfinished(f"{NAMES[line]}: replication {number} failed: {why}")
        return found


def _values(result: Result) -> Floats:
    """Share kept of each promise in each replication, nan where there was no case."""
    places = [result.yardstick.places[promise.name, "kept_share"] for promise in result.scenario.promises]
    return result.rows[:, places, 2]


def in_all(columns: Sequence[Floats]) -> NDArray[np.bool_]:
    """Which replications have a case in every line; lines that never have one aside.  All where no line has any."""
    cases = [~np.isnan(values) for values in columns]
    found: NDArray[np.bool_] = np.all([each for each in cases if each.any()] or [np.ones_like(cases[0])], axis=0)
    return found


def _line(name: str, before: Floats, after: Floats, left_out: str = "") -> Line:
    """The line with the values `after`; the interval is that of paired differences, of the same replications."""
    kept, half = student(after), student(after - before).half
    difference = kept.mean - student(before).mean
    if left_out:
        return Line(name, kept.mean, 0.0, n=kept.n, left_out=left_out)
    return Line(name, kept.mean, difference, difference - half, difference + half, kept.n)
