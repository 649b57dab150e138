"""The figures of a comparison."""

from __future__ import annotations

from pathlib import Path

from supportsim.show.best_figure import draw_best
from supportsim.show.cost_figure import draw_cost
from supportsim.show.flip_figure import draw_flips
from supportsim.show.forest_figure import draw_forest
from supportsim.show.option_figure import draw_options
from supportsim.show.waterfall_figure import draw_contribution
from supportsim.study.comparison import Comparison

#: In the order in which they are read; each draws nothing where there is nothing to show.
FIGURES = (draw_options, draw_forest, draw_cost, draw_contribution, draw_best, draw_flips)


def write_all(comparison: Comparison, folder: str | Path) -> list[Path]:
    """Draw all of them into `folder`/figures; returns the files written."""
    target = Path(folder) / "figures"
    target.mkdir(parents=True, exist_ok=True)
    return [file for draw in FIGURES for file in draw(comparison, target)]
