"""A study from Python: many points made from one scenario, played alike, kept, and compared.

``supportsim.Study.load("study.yaml").run("results/my-study").results`` is a tidy table: point, a column for each
factor, replication, selector, measure, value.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from supportsim.scenario.errors import nearest
from supportsim.study import arguments
from supportsim.study.plan import Plan, Point
from supportsim.study.planning import load_plan

if TYPE_CHECKING:
    import pandas as pd

    from supportsim.study.conduct import Conducted, Tell
    from supportsim.study.crowd import Make


@dataclass(frozen=True)
class Study:
    """A study file that has been read and resolved; `plan` says everything in it."""

    plan: Plan

    @classmethod
    def load(cls, path: str | Path) -> Study:
        """Read a study file.  Raises ConfigError with everything that is wrong with it and with its points."""
        return cls(load_plan(path))

    @property
    def points(self) -> tuple[Point, ...]:
        """Every point: `name`, `levels` (of the factors, in order), `scenario`, `hash`."""
        return self.plan.points

    def chosen(self, names: Sequence[str]) -> tuple[Point, ...]:
        """The points of these names, in which `*` stands for anything; all without names.  Raises ValueError."""
        names = (names,) if isinstance(names, str) else names
        for name in names:
            if not any(fnmatchcase(point.name, name) for point in self.points):
                hint = nearest(name, [point.name for point in self.points])
                raise ValueError(f"no point {name!r}; {hint}")
        return tuple(p for p in self.points if not names or any(fnmatchcase(p.name, name) for name in names))

    def run(
        self,
        folder: str | Path | None = None,
        jobs: int | Literal["auto"] = "auto",
        only: Sequence[str] = (),
        progress: Tell | None = None,
        make: Make | None = None,
    ) -> StudyResult:
        """Play what `folder` does not hold yet, and write its tables; without a folder all is kept in memory.

        only: names of points (`*` allowed).  jobs: how many replications at once.  Ctrl-C ends it early and keeps
        what is finished (`StudyResult.interrupted`).  Figures are drawn by the command line only.
        Raises ValueError for an unknown point, ResultExists for a folder that holds something else, StoreBusy where
        another process writes, and the first error of a point none of whose replications can be played.
        """
        from supportsim.study import study_folder as folders
        from supportsim.study.conduct import conduct
        from supportsim.study.store import Store

        begun = time.monotonic()
        chosen = self.chosen(only)
        home = Path(folder) if folder is not None else None
        notes = folders.moved(self.plan, home) if home else []
        with Store(home / folders.STORE if home else None, self.plan.seed) as store:
            if home:
                folders.begin(self.plan, home)
            found = conduct(self.plan, store, arguments.jobs(jobs), chosen, progress, make)
        result = StudyResult(self.plan, found, time.monotonic() - begun, tuple(notes))
        if home:
            folders.write(result, home)
        return result


@dataclass(frozen=True, eq=False)
class StudyResult:
    """What came out; tables as pandas frames, their columns in docs/studies.md."""

    plan: Plan
    conducted: Conducted
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Replications asked for at each point; with `precision` those of the last look."""
        return self.conducted.n

    @property
    def interrupted(self) -> bool:
        """Whether it was stopped early."""
        return self.conducted.interrupted

    @property
    def complete(self) -> bool:
        """Whether every chosen point has all its replications, and the means are as precise as asked."""
        there = all(len(self.conducted.finished(point)) == self.n for point in self.conducted.chosen)
        return there and self.conducted.precise and not self.interrupted

    @cached_property
    def results(self) -> pd.DataFrame:
        """point, a column for each factor, replication, selector, measure, numerator, denominator, value."""
        from supportsim.study import study_tables

        return study_tables.replications(self)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Means with intervals, a row for each point and metric."""
        from supportsim.study import study_tables

        return study_tables.summary(self)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Paired differences, a row for each comparison and metric; empty without `compare`."""
        from supportsim.study import study_tables

        return study_tables.differences(self)

    @cached_property
    def points(self) -> pd.DataFrame:
        """What each point changes, and its hash."""
        from supportsim.study import study_tables

        return study_tables.points(self)

    def document(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "study": self.plan.name, "question": self.plan.question, "seed": self.plan.seed,
            "replications": self.n, "complete": self.complete, "interrupted": self.interrupted,
            "precise": self.conducted.precise, "notes": list(self.notes),
            "points": self.points.to_dict("records"), "summary": self.summary.to_dict("records"),
            "differences": self.differences.to_dict("records"),
        }  # fmt: skip
