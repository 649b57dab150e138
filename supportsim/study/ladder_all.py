"""Every segment on every level at once: all assignments, and which of them no other beats in cost and promise."""

from __future__ import annotations

import math
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
from supportsim.study.estimate import Estimate, bounded, student
from supportsim.study.ladder import AS_IT_IS, Level, NoLadder, Rung, levels_of, rung
from supportsim.study.metrics import COST
from supportsim.study.whose import kept_together
from supportsim.study.words import several

MOST = 64
COLUMNS = (
    "assignment", "roster", "state", "cost", "cost_ci_low", "cost_ci_high", "contribution", "contribution_ci_low",
    "contribution_ci_high", "after_churn", "after_churn_ci_low", "after_churn_ci_high", "per", "currency", "segment",
    "kept", "kept_ci_low", "kept_ci_high", "gap", "gap_ci_low", "gap_ci_high", "frontier", "frontier_contribution", "n",
)  # fmt: skip
#: What is left, best first: the first of these that is known of all is set against promises.
LEFT = ("after_churn", "contribution")


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
            if (left := self._left(rows)) is not None:
                row["frontier_contribution"] = int(not any(_beats(other, row, left) for other in rows))
        out = [dict.fromkeys(COLUMNS) | {"assignment": each.level.name, "state": each.why} for each in self.left_out]
        return pd.DataFrame([*rows, *out], columns=list(COLUMNS))

    @cached_property
    def left(self) -> str | None:
        """Which column says what is left: contribution after churn, else contribution; None where neither is known."""
        return self._left([self._row(option) for option in self.comparison.options])

    @staticmethod
    def _left(rows: Sequence[dict[str, Any]]) -> str | None:
        return next((name for name in LEFT if not any(math.isnan(row[name]) for row in rows)), None)

    def _row(self, option: Option) -> dict[str, Any]:
        result, base = option.result, self.comparison
        others = [segment.name for segment in result.scenario.segments if segment.name != self.valued]
        kept = kept_together(result, [self.valued])
        estimates = {
            "cost": student(values(result, COST) / base.periods),
            "contribution": self._sum(option, "contribution"),
            "after_churn": self._sum(option, "contribution_after_churn"),
            "kept": bounded(student(kept), 1.0), "gap": student(kept - kept_together(result, others)),
        }  # fmt: skip
        return {
            "assignment": option.resized_from or option.name,
            "roster": "resized by work" if option.resized_from else "as it is", "state": "played",
            "per": base.each.removeprefix("a "), "currency": result.scenario.currency, "segment": self.valued,
            "n": result.n, **{name + end: value for name, found in estimates.items() for end, value in zip(
                ("", "_ci_low", "_ci_high"), found[:3], strict=True)},
        }  # fmt: skip

    def _sum(self, option: Option, measure: str) -> Estimate:
        """Of the company, per week or run; no value where it is not known."""
        if ("all", measure) not in option.result.yardstick.places:
            return Estimate(math.nan, math.nan, math.nan, 0)
        return student(values(option.result, ("all", measure)) / self.comparison.periods)

    def verdict(self) -> list[str]:
        """The frontier, from the cheapest to the one that keeps most."""
        best = self.table[self.table["frontier"] == 1].sort_values("cost")
        found = [*_sentences(self, best.to_dict("records")), *_by_contribution(self), *_unpriced(self)]
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


def _beats(one: dict[str, Any], other: dict[str, Any], left: str = "") -> bool:
    """Better in one of both and worse in none, by means; who has no case keeps nothing that could be compared.

    left: the column of what is left; otherwise cost, of which less is better.
    """
    if one["kept"] != one["kept"] or other["kept"] != other["kept"]:
        return bool(other["kept"] != other["kept"])
    more = one[left] - other[left] if left else other["cost"] - one["cost"]
    return bool(more >= 0 and one["kept"] >= other["kept"] and (more > 0 or one["kept"] > other["kept"]))


def _sentences(found: Assignments, rows: Sequence[dict[Any, Any]]) -> Iterator[str]:
    for row in rows:
        money = _whole(row["cost"])
        roster = f", roster {row['roster']}" if row["roster"] != "as it is" else ""
        yield (
            f"{row['assignment']}{roster}: {money} {row['currency']} {found.comparison.each}, promises to "
            f"{found.valued} kept {100 * row['kept']:.1f} %."
        )


def _whole(amount: float) -> str:
    return f"{amount:,.0f}".replace(",", " ").replace("-", "−")


_NAMED = 5  # so many names in a sentence, then a number


def _by_contribution(found: Assignments) -> Iterator[str]:
    """The frontier with what is left in the place of cost, the one that leaves most first."""
    if found.left is None:
        return
    table, left = found.table, found.left
    rows = table[table["frontier_contribution"] == 1].sort_values(left, ascending=False).to_dict("records")
    money = f"{rows[0]['currency']} {found.comparison.each}".strip()
    said = [
        f"{row['assignment']}{'' if row['roster'] == 'as it is' else ', roster ' + row['roster']} "
        f"({_whole(row[left])} {money}, {100 * row['kept']:.1f} % kept)"
        for row in rows[:_NAMED]
    ]  # fmt: skip
    more = f"; {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    what = "contribution after churn" if left == "after_churn" else "contribution"
    yield f"With {what} in the place of cost no other beats: {'; '.join(said)}{more}."


def _unpriced(found: Assignments) -> Iterator[str]:
    """Where nobody says that who is not served leaves for it, offering nothing looks better than it may be."""
    scenario = found.comparison.base.result.scenario
    kinds = {felt.kind for felt in scenario.experience.felt} if scenario.experience else set()
    if found.left is not None and "unserved" not in kinds:
        yield (
            "No odds of leaving are stated for issues that end unserved: whoever is offered nothing is expected to go "
            "on paying, so an assignment with none looks better than it may be."
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
