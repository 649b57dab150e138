"""Scenarios whose customers leave, each played at the low, the stated and the high odds: `supportsim months`.

Nobody knows these odds well, so one play of them would say more than is known.  All have the same seed, so replication
k of each has the same customers, who bear the same, with the same issues as long as they are there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from supportsim.engine.clocks import Engine
from supportsim.measure.experience import OPINIONS, STATED
from supportsim.scenario.load import resolved
from supportsim.scenario.model import Scenario
from supportsim.scenario.offers import leaves
from supportsim.study import arguments
from supportsim.study.compare import Options, comparable
from supportsim.study.comparison import Comparison, Option
from supportsim.study.folder import MANIFEST, put, versions, write_csv, write_json
from supportsim.study.metrics import Incomparable
from supportsim.study.months import MONTHS
from supportsim.study.result import Result

TABLE = "months"
COLUMNS = ("option", "odds", *MONTHS)
#: Told as (what is played, replications finished, of how many).
Tell = Callable[[str, int, int], None]


class NobodyLeaves(ValueError):  # noqa: N818 - reads as a sentence where it is raised
    """No customer of a scenario can leave."""


@dataclass(frozen=True)
class Played:
    """One option at one opinion of the odds."""

    option: str
    odds: str
    result: Result


@dataclass(frozen=True)
class Months:
    """All plays, option after option, each in the order of OPINIONS."""

    plays: tuple[Played, ...]
    interrupted: bool = False  # Ctrl-C ended it early

    @property
    def options(self) -> tuple[str, ...]:
        """Names, in the order given."""
        return tuple(dict.fromkeys(play.option for play in self.plays))

    def of(self, option: str, odds: str) -> Result:
        """One of them.  Raises StopIteration where there is none."""
        return next(play.result for play in self.plays if (play.option, play.odds) == (option, odds))

    @property
    def complete(self) -> bool:
        """Whether every replication of every play finished."""
        return len(self.plays) == len(OPINIONS) * len(self.options) and all(p.result.complete for p in self.plays)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The rows of `months.csv` of each play; see `COLUMNS`."""
        frames = []
        for play in self.plays:
            own = play.result.by_month
            assert own is not None
            frames.append(own.assign(option=play.option, odds=play.odds)[list(COLUMNS)])
        return pd.concat(frames, ignore_index=True)

    @cached_property
    def ahead(self) -> pd.DataFrame | None:
        """A row per option but the first, odds and month: how far it is ahead of the first; see `ahead.AHEAD`.

        None where there is one option, where income or cost is not known, or not every replication finished.
        """
        from supportsim.study.ahead import ahead

        return ahead(self)

    @property
    def as_stated(self) -> Comparison:
        """The plays at the odds stated, against the first option of them."""
        return Comparison(tuple(Option(name, self.of(name, OPINIONS[STATED])) for name in self.options), ())

    def verdict(self) -> list[str]:
        """What a manager reads: who is there at the end, what an option saves first and loses later."""
        from supportsim.study.months_words import sentences

        return sentences(self)

    def write(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write months.csv, with several options months_ahead.csv, verdict.txt and manifest.json; returns its path.

        The same bytes for the same scenarios and seed.  Raises ResultExists as `folder.write` does.
        """
        return put(folder, self._fill, overwrite)

    def _fill(self, folder: Path) -> None:
        write_csv(self.table, folder / f"{TABLE}.csv", digits=17)
        if self.ahead is not None:
            write_csv(self.ahead, folder / f"{TABLE}_ahead.csv", digits=17)
        (folder / "verdict.txt").write_text("\n".join([*self.verdict(), ""]), encoding="utf-8", newline="\n")
        write_json(self.manifest, folder / MANIFEST)

    @property
    def manifest(self) -> dict[str, Any]:
        """What was played: every scenario resolved, at the odds it was played at."""
        return {
            "format": 1,
            "plays": [
                {
                    "option": play.option, "odds": play.odds, "scenario_sha256": play.result.hash,
                    "replications": play.result.n, "scenario": resolved(play.result.scenario),
                }
                for play in self.plays
            ],
            "seed": self.plays[0].result.seed,
            "interrupted": self.interrupted,
            "versions": versions(),
        }  # fmt: skip


def at_odds(scenario: Scenario, odds: str) -> Scenario:
    """The scenario with `feedback`, and what is stated of each kind as in that opinion.

    Raises NobodyLeaves where no segment states both customers and churn, or no experience is stated.
    """
    experience = scenario.experience
    if experience is None:
        raise NobodyLeaves(f"{scenario.name}: states no experience, so nothing lets customers leave")
    felt = tuple(replace(kind, stated=getattr(kind, odds)) for kind in experience.felt)
    found = replace(scenario, experience=replace(experience, felt=felt, feedback=True))
    if not any(leaves(found)):
        raise NobodyLeaves(f"{scenario.name}: no segment states a number of customers and its churn, so nobody leaves")
    return found


def named(scenarios: Scenario | Options) -> dict[str, Scenario]:
    """Name -> scenario: names as given, else the scenarios' own, numbered where several share one."""
    if isinstance(scenarios, Mapping):
        return {str(name): arguments.scenario(each) for name, each in scenarios.items()}
    given = [scenarios] if isinstance(scenarios, (Scenario, str)) else scenarios  # a text is refused as no scenario
    every = [arguments.scenario(each) for each in given]
    names = [each.name for each in every]
    numbered = [f"{name} ({k + 1})" if names.count(name) > 1 else name for k, name in enumerate(names)]
    return dict(zip(numbered, every, strict=True))


def months(
    scenarios: Scenario | Options,
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = 1,
    tell: Tell | None = None,
    engine: Engine = "auto",
) -> Months:
    """Play each scenario at low, stated and high odds, without journals, and tell month by month who stays.

    scenarios: one, several, or name -> scenario; all others are set against the first.  tell: called with (what is
    played, replications finished, of how many).  Ctrl-C ends it early, and is raised where nothing is finished.

    Raises NobodyLeaves (a ValueError) where no customer can leave, Incomparable (a ValueError) for options that cannot
    be compared, both before anything is played; ValueError for no scenario, TypeError as `run` does.
    """
    from supportsim.study.run import run

    given = named(scenarios)
    if not given:
        raise ValueError("scenarios: got none; expected at least one")
    asked = [(name, odds, at_odds(each, odds)) for name, each in given.items() for odds in OPINIONS]
    _check([scenario for _, odds, scenario in asked if odds == OPINIONS[0]], list(given))
    plays: list[Played] = []
    for option, odds, scenario in asked:

        def progress(finished: int, total: int, what: str = f"{option}, {odds} odds") -> None:
            if tell is not None:
                tell(what, finished, total)

        result = run(scenario, replications, seed, jobs, progress, engine=engine, keep_journal=False)
        if result.n:
            plays.append(Played(option, odds, result))
        if result.interrupted:
            if not plays:
                raise KeyboardInterrupt
            return Months(tuple(plays), True)
    return Months(tuple(plays))


def _check(scenarios: Sequence[Scenario], names: Sequence[str]) -> None:
    """Raise Incomparable where to set options against the first one would mean nothing."""
    if len(scenarios) < 2:
        return
    comparable(dict(zip(names, scenarios, strict=True)))
    who = [[s.name for s, may in zip(each.segments, leaves(each), strict=True) if may] for each in scenarios]
    for name, theirs in zip(names, who, strict=True):
        if set(theirs) != set(who[0]):
            raise Incomparable(
                f"customers who may leave are those of {', '.join(theirs)} in {name!r}, of {', '.join(who[0])} in "
                f"{names[0]!r}: they cannot be compared"
            )
