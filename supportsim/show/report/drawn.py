"""The figures of a report, as markup."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from supportsim.show import style
from supportsim.show.net_figure import draw_net
from supportsim.show.promise_figure import draw_promises
from supportsim.show.report.svg import inlined
from supportsim.show.waits_figure import draw_waits
from supportsim.study.comparison import Option

#: Drawn of each option of a comparison: all that a run draws would take minutes and twice the page.
OF_OPTIONS = (draw_promises, draw_net, draw_waits)
MOST = 3_000_000  # letters of figures of single options in one page


class Figure(NamedTuple):
    """`name` is that of its files; `id` is unique in the page."""

    id: str
    name: str
    title: str
    markup: str


def figures(drawn: Iterable[Path], prefix: str) -> list[Figure]:
    """Those of the files drawn that are SVG, in order."""
    found = []
    for i, file in enumerate(path for path in drawn if path.suffix == ".svg"):
        own = f"{prefix}{i}"
        drawing = inlined(file.read_text(encoding="utf-8", errors="replace"), f"{own}-")
        found.append(Figure(own, file.stem, drawing.title, drawing.markup))
    return found


def of_option(option: Option, prefix: str) -> list[Figure]:
    """Figures of one option, drawn for the page alone."""
    with tempfile.TemporaryDirectory() as folder, style.without_pixels():
        files = [file for draw in OF_OPTIONS for file in draw(option.result, Path(folder))]
        return figures(files, prefix)


def fitting(by_option: dict[str, list[Figure]]) -> tuple[dict[str, list[Figure]], list[str]]:
    """As many figures as there is room for, the first of each option first; and the names of those left out."""
    room, left = MOST, {}
    for name in dict.fromkeys(figure.name for drawn in by_option.values() for figure in drawn):
        size = sum(len(f.markup) for drawn in by_option.values() for f in drawn if f.name == name)
        if size > room:
            left[name] = size
        else:
            room -= size
    kept = {option: [f for f in drawn if f.name not in left] for option, drawn in by_option.items()}
    return kept, list(left)
