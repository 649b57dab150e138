"""The figures of a study: those its `outputs` name, each SVG, PNG and CSV."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim import __version__
from supportsim.scenario.model import Scenario
from supportsim.show import study_words as words
from supportsim.show.axes import foot
from supportsim.study.study import StudyResult
from supportsim.study.study_tables import target
from supportsim.study.words import several

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Key = tuple[str, str]


def write_all(result: StudyResult, folder: Path) -> list[Path]:
    """Write them into `folder`/figures."""
    from supportsim.show.break_even_figure import draw_break_even
    from supportsim.show.study_effects import draw_effects
    from supportsim.show.study_forest import draw_forest
    from supportsim.show.study_levels import draw_interaction, draw_lines

    known = {
        "forest": draw_forest, "interaction": draw_interaction, "lines": draw_lines, "effects": draw_effects,
        "break_even": draw_break_even,
    }  # fmt: skip
    target = folder / "figures"
    files: list[Path] = []
    for name in result.plan.outputs:
        if name in known:
            target.mkdir(parents=True, exist_ok=True)
            files += known[name](result, target)
    return files


def footer(result: StudyResult) -> str:
    """Study, version, hash, seed, n: what somebody needs to play it again."""
    plan = result.plan
    numbers = [len(result.conducted.finished(point)) for point in plan.points]
    low, high = min(numbers), max(numbers)
    n = several(high, "replication") if low == high else f"{low} to {high} replications"
    return f"{plan.name} · supportsim {__version__} · study {plan.hash[:12]} · seed {plan.seed} · n = {n} at each point"


def finish(figure: Figure, result: StudyResult) -> None:
    """The line at the foot."""
    foot(figure, footer(result))


def scenario_of(result: StudyResult, key: Key) -> Scenario:
    """A scenario that knows the promise of a metric, else the first."""
    points = result.plan.points
    return next((p.scenario for p in points if not math.isnan(target(p.scenario, key))), points[0].scenario)


class Scale:
    """How values of a measure stand on an axis: shares in %, times in s, min, h or days."""

    def __init__(self, measure: str, values: list[float], currency: str = "", change: bool = False) -> None:
        kind = words.unit(measure)
        self.factor, self.label = 1.0, currency if kind == "currency" else kind
        if kind == "share":
            self.factor, self.label = 100.0, "points" if change else "%"
        if kind in ("s", "h"):
            largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0) * (3600 if kind == "h" else 1)
            size, self.label = next(
                (size, name) for size, name, least in
                ((86400, "days", 3 * 86400), (3600, "h", 7200), (60, "min", 180), (1, "s", -1)) if largest > least
            )  # fmt: skip
            self.factor = (3600 if kind == "h" else 1) / size

    def __call__(self, values: Any) -> Any:
        """Values as they are drawn."""
        return values * self.factor


def rows_of(result: StudyResult, key: Key) -> list[dict[Any, Any]]:
    """The rows of the summary for a metric."""
    return [r for r in result.summary.to_dict("records") if (r["selector"], r["measure"]) == key]


def found(result: StudyResult, key: Key, rows: list[dict[Any, Any]]) -> str:
    """What a metric did over the points of these rows, in a sentence."""
    what = words.metric(scenario_of(result, key), key)
    if not rows:
        return f"{what}: no value"
    rows = sorted(rows, key=lambda row: float(row["mean"]))
    ends = [f"{words.value(r['mean'], key[1], scenario_of(result, key).currency)} ({r['point']})" for r in rows]
    span = f"{ends[0]} to {ends[-1]}" if len(rows) > 1 else ends[0]
    whole = f"{what}: {span}{_promised(rows)}"
    return re.sub(r"(?<=\d) (?=[\d%])", "\u00a0", whole)  # no line ends inside a number


def _promised(rows: list[dict[Any, Any]]) -> str:
    calls = [row["verdict"] for row in rows if row["verdict"]]
    if not calls:
        return ""
    close = calls.count("too close to call")
    more = f", too close to call at {close}" if close else ""
    kept = f"{calls.count('kept')} of {several(len(calls), 'point')}"
    return f"; {100 * rows[0]['target']:.0f} % kept at {kept}{more}"
