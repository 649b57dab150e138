"""`supportsim verify`: does the simulator reproduce what theory says, within its own standard errors?

A figure fails if it lies more than `FARTHEST` standard errors from its value, or if its standard error is too
large to tell: above 2 % of the value, for a share above 0.005.  Not only single errors are judged but all of
them together: standardised, they must be a sample of the normal law, else the standard errors are wrong.
Where the value is a published estimate, both standard errors count, at most `FARTHEST_PUBLISHED` of them lie
between the two, and our own may be as large as the published one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from zlib import crc32

import numpy as np

from supportsim.study.cases import CASES, Case
from supportsim.study.observe import Figure, Floats, Seen

#: 240 comparisons exceed 4.5 by chance once in 600 times all, 4 once in 65.
FARTHEST = 4.5
FARTHEST_PUBLISHED = 4.0
LARGEST_PART, LARGEST_OF_SHARE = 0.02, 0.005
#: Replications whose sums make one standardised error of the population.
BATCH = 25
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Comparison:
    """One figure: what theory says, what the simulation found."""

    case: str
    figure: str
    value: float
    estimate: float
    error: float  # standard error of the estimate
    share: bool
    published: float = 0.0  # standard error of the value, if that is an estimate itself

    @property
    def z(self) -> float:
        difference, error = self.estimate - self.value, math.hypot(self.error, self.published)
        if error == 0:
            return 0.0 if difference == 0 else math.copysign(math.inf, difference)
        return difference / error

    @property
    def fault(self) -> str:
        """Why it fails; empty if it does not."""
        exact = LARGEST_OF_SHARE if self.share else LARGEST_PART * abs(self.value)
        limit, farthest = max(exact, self.published), FARTHEST_PUBLISHED if self.published else FARTHEST
        if not abs(self.z) <= farthest:
            return f"more than {farthest:g} standard errors away"
        return "" if self.error <= limit else f"standard error above {limit:.3g}"

    def line(self) -> str:
        return (
            f"{self.case:17}{self.figure:43}{self.value:>13.6g}{self.estimate:>13.6g}"
            f"{self.error:>11.2g}{self.z:>8.2f}  {self.fault}"
        ).rstrip()


HEADER = (
    f"{'id':17}{'figure':43}{'value':>13}{'estimate':>13}{'std error':>11}{'z':>8}\n"
    + f"{'-' * 105}"
)  # fmt: skip


def folder() -> Path:
    """configs/verification of this checkout, or below the working directory.  Raises FileNotFoundError."""
    places = [Path(__file__).resolve().parents[2], Path.cwd()]
    for place in places:
        if (place / "configs" / "verification").is_dir():
            return place / "configs" / "verification"
    raise FileNotFoundError("configs/verification: run `supportsim verify` in a checkout of the repository")


@lru_cache(maxsize=1)
def _player(case: str) -> Callable[[int], Seen]:
    """Loads and lays out the scenario of a case once per process."""
    from supportsim.engine.clocks import play
    from supportsim.engine.layout import Layout
    from supportsim.measure.replication import Yardstick, measured
    from supportsim.scenario.load import load

    scenario = load(folder() / CASES[case].file)
    layout, yardstick = Layout(scenario), Yardstick(scenario)
    seed = crc32(case.encode())  # cases with one seed would share their customers, and their luck

    def player(replication: int) -> Seen:
        journal = play(layout, seed, replication)
        return Seen(journal, yardstick, measured(journal, yardstick))

    return player


def sums(case: str, replication: int) -> list[tuple[float, ...]]:
    """Play one replication of a case; the sums of each of its figures."""
    seen = _player(case)(replication)
    return [figure.view(seen) for figure in CASES[case].figures.values()]


def agrees_with(theory: dict[str, float], case: Case, found: Sequence[Floats]) -> list[Comparison]:
    """Every figure of a case against its value.  `found`: per figure the sums, shape (replications, n)."""
    comparisons = []
    for (name, figure), rows in zip(case.figures.items(), found, strict=True):
        estimate, error = figure.estimate(rows)
        published = case.errors.get(name, 0.0)
        comparisons.append(Comparison(case.id, name, theory[name], estimate, error, figure.share, published))
    return comparisons


def standardised(value: float, figure: Figure, rows: Floats) -> list[float]:
    """Errors of independent batches of replications, each made normal by Student's law."""
    from scipy.stats import norm, t

    found = []
    for begin in range(0, len(rows) - BATCH + 1, BATCH):
        estimate, error = figure.estimate(rows[begin : begin + BATCH])
        found.append(float(norm.ppf(t.cdf((estimate - value) / error, BATCH - 1))))
    return found


def population(errors: Sequence[float]) -> tuple[float, float, str]:
    """Standard deviation and Kolmogorov-Smirnov p against N(0, 1) of all standardised errors; the fault."""
    from scipy.stats import kstest

    spread, p = float(np.std(errors, ddof=1)), float(kstest(errors, "norm").pvalue)
    good = 0.85 <= spread <= 1.15 and p > 0.001
    return spread, p, "" if good else "these are not standard normal: the standard errors are wrong"


def simulated(cases: Sequence[Case], quick: bool, jobs: int) -> Iterator[tuple[Case, list[Floats]]]:
    """The sums of every case, one case after the other, replications side by side."""
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        for case in cases:
            n = case.quick if quick else case.full
            share = max(1, n // (8 * jobs))
            rows = list(pool.map(sums, repeat(case.id, n), range(1, n + 1), chunksize=share))
            yield case, [np.array(column) for column in zip(*rows, strict=True)]


def chosen(quick: bool, ids: Sequence[str]) -> list[Case]:
    """Cases by id; an id without its variant means all its variants.  Raises KeyError for an unknown one."""
    if not ids:
        return [case for case in CASES.values() if case.quick or not quick]
    found = []
    for name in ids:
        mine = [case for case in CASES.values() if name in (case.id, case.id.split("_")[0])]
        if not mine:
            raise KeyError(f"no case {name}; there are {', '.join(CASES)}")
        found += mine
    return [case for case in found if case.quick or not quick]


def _print(line: str) -> None:
    print(line, flush=True)


def verify(quick: bool = False, ids: Sequence[str] = (), jobs: int = 0, tell: Tell = _print) -> bool:
    """Compare all chosen cases and tell line by line; whether everything agrees."""
    from supportsim.study.run import cores

    faults, errors, cases = 0, [], chosen(quick, ids)
    if not cases:
        tell(f"nothing is compared: {', '.join(ids)} is not in the quick subset")
        return False
    tell(HEADER)
    for case, found in simulated(cases, quick, jobs or cores()):
        theory = case.theory()
        for comparison in agrees_with(theory, case, found):
            tell(comparison.line())
            faults += bool(comparison.fault)
        if case.lead:
            place = list(case.figures).index(case.lead)
            errors += standardised(theory[case.lead], case.figures[case.lead], found[place])
    if not quick and not ids:
        spread, p, fault = population(errors)
        tell(f"{len(errors)} standardised errors: deviation {spread:.3f}, normal with p = {p:.3f}  {fault}")
        faults += bool(fault)
    tell("everything agrees" if not faults else f"{faults} figures do not agree")
    return not faults
