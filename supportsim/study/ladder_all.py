"""Every segment on every level at once: all assignments, and which of them no other beats in cost and promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from supportsim.engine.clocks import Engine
from supportsim.scenario.laws import mean
from supportsim.scenario.load import Changes, load
from supportsim.scenario.model import Scenario
from supportsim.study.compare import Play, compare
from supportsim.study.comparison import Comparison, Option, values
from supportsim.study.estimate import bounded, student
from supportsim.study.ladder import AS_IT_IS, Level, NoLadder, Rung, levels_of, rung
from supportsim.study.metrics import COST
from supportsim.study.whose import kept_together
from supportsim.study.words import several

MOST = 64
COLUMNS = (
    "assignment", "roster", "state", "cost", "cost_ci_low", "cost_ci_high", "per", "currency", "segment", "kept",
    "kept_ci_low", "kept_ci_high", "frontier", "n",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Assignments:
    """All assignments of levels to segments; the base of `comparison` is the scenario as it is.

    valued: the segment of the highest margin, whose promises are set against cost.
    """

    valued: str
    comparison: Comparison
    left_out: tuple[Rung, ...] = ()

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each assignment and roster; see `COLUMNS`."""
        rows = [self._row(option) for option in self.comparison.options]
        for row in rows:
            row["frontier"] = int(not any(_beats(other, row) for other in rows))
        out = [dict.fromkeys(COLUMNS) | {"assignment": each.level.name, "state": each.why} for each in self.left_out]
        return pd.DataFrame([*rows, *out], columns=list(COLUMNS))

    def _row(self, option: Option) -> dict[str, Any]:
        base = self.comparison
        cost = student(values(option.result, COST) / base.periods)
        kept = bounded(student(kept_together(option.result, [self.valued])), 1.0)
        return {
            "assignment": option.resized_from or option.name,
            "roster": "resized by work" if option.resized_from else "as it is", "state": "played", "cost": cost.mean,
            "cost_ci_low": cost.low, "cost_ci_high": cost.high, "per": base.each.removeprefix("a "),
            "currency": option.result.scenario.currency, "segment": self.valued, "kept": kept.mean,
            "kept_ci_low": kept.low, "kept_ci_high": kept.high, "n": option.result.n,
        }  # fmt: skip

    def verdict(self) -> list[str]:
        """The frontier, from the cheapest to the one that keeps most."""
        best = self.table[self.table["frontier"] == 1].sort_values("cost")
        found = list(_sentences(self, best.to_dict("records")))
        found += [f"{each.level.name}: {each.why}." for each in self.left_out]
        n = several(min(option.result.n for option in self.comparison.options), "replication")
        return [
            *found, "An assignment is on the frontier if no other costs less and keeps no less, or costs no more and "
            f"keeps more, by means over {n} on the same customers; neighbours may be too close to call.",
        ]  # fmt: skip

    def write(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write the folder of a comparison with assignments.csv beside it; returns its path.  Raises ResultExists."""
        from supportsim.study.comparison_folder import fill as fill_comparison
        from supportsim.study.folder import put, write_csv

        def fill(fresh: Path) -> None:
            fill_comparison(self.comparison, fresh, self.verdict())
            write_csv(self.table, fresh / "assignments.csv")

        return put(folder, fill, overwrite)


def _beats(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Better in one of both and worse in none, by means; who has no case keeps nothing that could be compared."""
    if one["kept"] != one["kept"] or other["kept"] != other["kept"]:
        return bool(other["kept"] != other["kept"])
    no_worse = one["cost"] <= other["cost"] and one["kept"] >= other["kept"]
    return bool(no_worse and (one["cost"] < other["cost"] or one["kept"] > other["kept"]))


def _sentences(found: Assignments, rows: Sequence[dict[Any, Any]]) -> Iterator[str]:
    for row in rows:
        money = f"{row['cost']:,.0f}".replace(",", " ")
        roster = f", roster {row['roster']}" if row["roster"] != "as it is" else ""
        yield (
            f"{row['assignment']}{roster}: {money} {row['currency']} {found.comparison.each}, promises to "
            f"{found.valued} kept {100 * row['kept']:.1f} %."
        )


def most_valued(scenario: Scenario) -> str:
    """The segment of the highest mean margin, of equal ones the first.  Raises NoLadder where none states one."""
    stated = [(mean(each.margin), -i, each.name) for i, each in enumerate(scenario.segments) if each.margin is not None]
    if not stated:
        raise NoLadder("no segment states a margin: nothing says whose promises are to be set against cost")
    return max(stated)[2]


def assignments(file: str | Path, changes: Changes = (), only: Sequence[str] = ()) -> tuple[str, list[Rung]]:
    """The most valued segment, and the scenario as it is, then all other assignments.

    Raises NoLadder where there is none, or more than `MOST`; ConfigError as `ladder`.
    """
    scenario = load(file, changes)
    valued, choices = most_valued(scenario), _choices(scenario, only)
    number = prod(len(levels) + 1 for levels in choices.values())
    if not choices or number == 1:
        raise NoLadder("no segment has another level" + (f" named {', '.join(only)}" if only else ""))
    if number > MOST:
        raise NoLadder(f"{number} assignments are too many, at most {MOST} are played: name levels with --level")
    found = [Rung(Level(AS_IT_IS, ()), scenario)]
    for each in product(*([None, *levels] for levels in choices.values())):
        chosen = {segment: level for segment, level in zip(choices, each, strict=True) if level is not None}
        if chosen:
            name = "; ".join(f"{segment} by {level.name}" for segment, level in chosen.items())
            found.append(rung(file, changes, scenario, chosen, name))
    return valued, found


def _choices(scenario: Scenario, only: Sequence[str]) -> dict[str, list[Level]]:
    """The levels of every segment that has any (of those named)."""
    found: dict[str, list[Level]] = {}
    for segment in scenario.segments:
        try:
            levels = levels_of(scenario, segment.name)
        except NoLadder:  # its streams name their channels
            continue
        if chosen := [level for level in levels if not only or level.name in only]:
            found[segment.name] = chosen
    return found


def ladder_all(
    file: str | Path,
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = 1,
    changes: Changes = (),
    levels: Sequence[str] = (),
    resize: bool = True,
    engine: Engine = "auto",
    keep_journal: bool = True,
    play: Play | None = None,
) -> Assignments:
    """Play every assignment of levels to segments, at most `MOST`; arguments and errors as of `ladder`."""
    valued, found = assignments(file, changes, levels)
    options = {each.level.name: each.scenario for each in found if each.scenario is not None}
    played = compare(options, replications, seed, jobs, (), resize, engine, keep_journal, play)
    return Assignments(valued, played, tuple(each for each in found if each.scenario is None))
