"""What the issues of some cost the others: the scenario as it is against the same without them, on the same customers.

Nothing else changes: names, queues, roster and fixed costs stay.  docs/crowding.md says what it answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from supportsim.engine.clocks import Engine
from supportsim.scenario import thinning
from supportsim.scenario.model import Scenario, Thin
from supportsim.study import arguments
from supportsim.study.compare import Play, compare
from supportsim.study.comparison import Comparison, Floats, Option, common, values
from supportsim.study.metrics import Incomparable

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class CrowdedOut:
    """The scenario as it is (the base of `comparison`) and, for each name, the same without a share of its issues.

    Names that came to be removed as asked are in `removed`, name -> what was taken away, in that order.
    """

    comparison: Comparison
    removed: dict[str, Thin]

    @property
    def complete(self) -> bool:
        """Whether every replication of every option finished."""
        return self.comparison.complete

    @property
    def interrupted(self) -> bool:
        """Whether the user stopped it."""
        return self.comparison.interrupted

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each name, selector and measure; see `study.crowded_out_table`."""
        from supportsim.study.crowded_out_table import crowding_out

        return crowding_out(self)

    def verdict(self) -> list[str]:
        """What a manager reads: who waits how much less without whom."""
        from supportsim.study.crowded_out_words import sentences

        return sentences(self)

    def losing(self, option: Option) -> list[str]:
        """The segments some of whose issues are taken away, as declared."""
        scenario, thin = self.comparison.base.result.scenario, self.removed[option.name]
        found = {source.segment for source in thinning.sources(scenario, thin.kind, thin.name)}
        return [segment.name for segment in scenario.segments if segment.name in found]

    def contacts_removed(self, option: Option) -> Floats:
        """By replication: how many contacts fewer there are of the segments that lose issues, returns included."""
        base, other = self.comparison.base.result, option.result
        total = np.zeros(len(common(base, other)))
        for name in self.losing(option):
            key = (name, "contacts")
            total += values(base, key, other) - values(other, key, base)
        return total

    def write(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write the folder of a comparison with crowding_out.csv beside it; returns its path.  Raises ResultExists."""
        from supportsim.study.comparison_folder import fill as fill_comparison
        from supportsim.study.folder import put, write_csv

        def fill(fresh: Path) -> None:
            fill_comparison(self.comparison, fresh, self.verdict())
            write_csv(self.table, fresh / "crowding_out.csv")

        return put(folder, fill, overwrite)


def without(
    scenario: Scenario,
    names: str | Sequence[str],
    thin: float | None = None,
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = 1,
    engine: Engine = "auto",
    keep_journal: bool = True,
    play: Play | None = None,
) -> CrowdedOut:
    """Play the scenario as it is, then once for each name without the issues of that segment, topic or channel.

    names: each is taken away by itself.  thin: the share of its issues that is taken away (default: all), the same
    issues as of any larger share.  All other arguments as in `compare`.

    Raises scenario.thinning.NothingToRemove (a ValueError) for a name that is none and where there is nothing to take
    away, ValueError for no name and for a share that is none, and what `compare` raises.
    """
    share = 1.0 if thin is None else thin
    options = taken_away(arguments.scenario(scenario), [names] if isinstance(names, str) else names, share)
    found = compare(options, replications, seed, jobs, (), False, engine, keep_journal, play)
    return CrowdedOut(found, {name: each.thinned[-1] for name, each in options.items() if each is not scenario})


def taken_away(scenario: Scenario, names: Sequence[str], share: float = 1.0) -> dict[str, Scenario]:
    """Name of an option -> what is played: the scenario as it is, then without each name.  Raises as `without`."""
    if not names:
        raise ValueError("names: got none; expected at least one segment, topic or channel")
    options = {scenario.name: scenario}
    for name in dict.fromkeys(names):
        called = f"without {name}" if share == 1 else f"without {100 * share:g} % of {name}"
        if called in options:
            raise Incomparable(f"the scenario is itself named {called!r}: give it another name")
        options[called] = thinning.without(scenario, name, share)
    return options
