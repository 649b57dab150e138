"""The figures of every run, each as SVG, PNG and a CSV of its numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from supportsim.show.availability_figure import draw_availability
from supportsim.show.backlog_figure import draw_backlog
from supportsim.show.crowding_figure import draw_crowding
from supportsim.show.heatmap_figure import draw_heatmap
from supportsim.show.intraday_figure import draw_intraday
from supportsim.show.net_figure import draw_net
from supportsim.show.oldest_figure import draw_oldest
from supportsim.show.promise_figure import draw_promises
from supportsim.show.staffing_figure import draw_staffing
from supportsim.show.waits_figure import draw_waits
from supportsim.study.result import Result

#: In the order in which a planner reads them; each draws nothing where there is nothing to show.
FIGURES: tuple[Callable[[Result, Path], list[Path]], ...] = (
    draw_promises, draw_heatmap, draw_staffing, draw_net, draw_intraday, draw_waits, draw_crowding, draw_backlog,
    draw_oldest, draw_availability,
)  # fmt: skip


def write_all(result: Result, folder: str | Path) -> list[Path]:
    """Write every figure that has something to show into `folder`/figures; the files written."""
    if not result.n:
        return []
    target = Path(folder) / "figures"
    target.mkdir(parents=True, exist_ok=True)
    return [file for draw in FIGURES for file in draw(result, target)]
