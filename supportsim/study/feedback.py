"""Scenarios whose customers leave, each played at the low, the stated and the high odds: `supportsim months`.

Nobody knows these odds well, so one play of them would say more than is known.  All have the same seed, so replication
k of each has the same customers, who bear the same, with the same issues as long as they are there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from supportsim.engine.clocks import Engine
from supportsim.measure.experience import OPINIONS
from supportsim.scenario.model import Scenario
from supportsim.scenario.offers import leaves
from supportsim.study.compare import comparable
from supportsim.study.metrics import Incomparable
from supportsim.study.months import MONTHS
from supportsim.study.result import Result

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
class Feedback:
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

    @property
    def table(self) -> pd.DataFrame:
        """The rows of `months.csv` of each play; see `COLUMNS`."""
        frames = []
        for play in self.plays:
            own = play.result.by_month
            assert own is not None
            frames.append(own.assign(option=play.option, odds=play.odds)[list(COLUMNS)])
        return pd.concat(frames, ignore_index=True)


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


def named(scenarios: Sequence[Scenario]) -> list[str]:
    """A name for each: its own, numbered where several share one."""
    names = [scenario.name for scenario in scenarios]
    return [f"{name} ({k + 1})" if names.count(name) > 1 else name for k, name in enumerate(names)]


def feedback(
    scenarios: Sequence[Scenario],
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = 1,
    tell: Tell | None = None,
    engine: Engine = "auto",
) -> Feedback:
    """Play all, without journals; Ctrl-C ends it early, and is raised where nothing is finished.

    Raises NobodyLeaves and Incomparable before anything is played.
    """
    from supportsim.study.run import run

    asked = [
        (name, odds, at_odds(each, odds))
        for name, each in zip(named(scenarios), scenarios, strict=True)
        for odds in OPINIONS
    ]
    _check([scenario for _, odds, scenario in asked if odds == OPINIONS[0]], named(scenarios))
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
            return Feedback(tuple(plays), True)
    return Feedback(tuple(plays))


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
