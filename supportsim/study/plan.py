"""What a study file means: its points, each a resolved scenario, what is told of them, and which are compared."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from supportsim.scenario.model import Scenario
from supportsim.study.study_goals import Precision

ALONE = "base"  # the one point of a study without cases and factors


@dataclass(frozen=True)
class Point:
    """One scenario of the study.  `levels`: of each factor, in their order; `notes`: what is odd about it."""

    name: str
    levels: tuple[str, ...]
    scenario: Scenario
    hash: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compare:
    """Each point with the one of the same `within` levels and the `against` levels (by factor)."""

    within: tuple[str, ...]
    against: dict[str, str]
    holm: bool


@dataclass(frozen=True)
class Plan:
    """Everything a study file says, resolved.  `levels`: of each factor, as declared; cases are a factor `case`."""

    name: str
    question: str
    source: str
    seed: int
    replications: int  # of each point; with `precision` the first batch
    precision: Precision | None
    levels: dict[str, tuple[str, ...]]
    base: Scenario | None
    points: tuple[Point, ...]
    metrics: tuple[tuple[str, str], ...]
    compare: Compare | None
    outputs: tuple[str, ...]

    @property
    def factors(self) -> tuple[str, ...]:
        """Their names, `case` first."""
        return tuple(self.levels)

    @property
    def watched(self) -> tuple[tuple[str, str], ...]:
        """(selector, measure) of every metric, then of goals of precision that are no metric."""
        goals = self.precision.goals if self.precision else ()
        return tuple(dict.fromkeys([*self.metrics, *(goal.metric.key for goal in goals)]))

    @property
    def hash(self) -> str:
        """sha256 over what is played: names and scenarios of the points, and the seed."""
        words = [f"{point.name} {point.hash}" for point in self.points]
        return sha256("\n".join([f"seed {self.seed}", *words]).encode()).hexdigest()
