"""What all figures of a run share: the line at the foot, the files, names that fit."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from supportsim.show import axes as draw
from supportsim.show import style
from supportsim.study.folder import write_csv
from supportsim.study.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Letters of a name that a legend or an axis has room for.
FITTING = 28


def short(name: str, letters: int = FITTING) -> str:
    """A name that fits: cut, with an ellipsis, where it is longer; its lines as one."""
    line = " ".join(name.split())
    return line if len(line) <= letters else line[: letters - 1] + "…"


def leaves(panels: int, most: int) -> list[range]:
    """Panels of each file of a figure: no file has more than fit a printed page, and all about as many."""
    files = max(1, -(-panels // most))
    edges = [round(i * panels / files) for i in range(files + 1)]
    return [range(a, b) for a, b in pairwise(edges)]


def leaves_by_height(heights: list[float], room: float) -> list[range]:
    """Panels of each file where they are of different heights: as many as stand in so much room, but one at least."""
    edges, used = [0], 0.0
    for i, height in enumerate(heights):
        if i > edges[-1] and used + height > room + 1e-9:
            edges.append(i)
            used = 0.0
        used += height
    return [range(a, b) for a, b in pairwise([*edges, len(heights)])] if heights else []


def rows_of_panels(panels: int, columns: int, deep: int) -> list[range]:
    """Panels of each file where they stand in rows: whole rows, at most so many to a file."""
    files = leaves(-(-panels // columns), deep) if panels else []
    return [range(each.start * columns, min(each.stop * columns, panels)) for each in files]


def leaf(name: str, number: int) -> str:
    """`net`, `net_2`, `net_3`: the names of its files."""
    return name if number == 1 else f"{name}_{number}"


def draw_leaves(panels: int, most: int, name: str, draw_leaf: Callable[[slice, str, bool], list[Path]]) -> list[Path]:
    """All files of a figure, none without panels; `draw_leaf` draws those panels under that name.

    It is told which is the first, whose CSV has the numbers of all.
    """
    return draw_each(leaves(panels, most) if panels else [], name, draw_leaf)


def draw_each(parts: list[range], name: str, draw_leaf: Callable[[slice, str, bool], list[Path]]) -> list[Path]:
    """The same for files whose panels are known."""
    files: list[Path] = []
    for number, each in enumerate(parts, 1):
        files += draw_leaf(slice(each.start, each.stop), leaf(name, number), number == 1)
    return files


def publish(
    result: Result, figure: Figure, folder: Path, name: str, what: str, titles: list[str],
    numbers: pd.DataFrame | None,
) -> list[Path]:  # fmt: skip
    """Write figure and numbers; `titles`, which say what it shows, are its alternative text.

    Numbers are None for all files of a figure but its first, whose CSV has those of all.
    """
    draw.foot(figure, style.footer(result))
    files = style.save(figure, folder, name, f"{what}: {result.scenario.title}", " ".join(titles))
    if numbers is None:
        return files
    write_csv(numbers, folder / f"{name}.csv")
    return [*files, folder / f"{name}.csv"]


def aside(axes: Axes, handles: list[tuple[Any, str]], size: float = 8.0) -> None:
    """A legend to the right of the axes."""
    style.legend(axes, [h for h, _ in handles], [w for _, w in handles], loc="upper left", fontsize=size,
                 bbox_to_anchor=(1.005, 1.0), borderaxespad=0.0, handlelength=1.7)  # fmt: skip


def hours(value: float) -> str:
    """`0`, `3.4`, `34`, `1 234`: hours, or contacts, as people write them."""
    if abs(value) < 0.05:
        return "0"
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 9.95 else f"{value:.1f}"
