"""The figures of a report, as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from supportsim.show.report.svg import inlined

#: Shown of each option of a comparison, whatever else lies in its folder: all would be twice the page.
OF_OPTIONS = ("promises", "net", "waits")
HALF = 4.0 * 72  # points of height: at half a page across no letter is under 6.5 points
MOST = 3_000_000  # letters of figures of single options in one page


class Figure(NamedTuple):
    """`name` is that of its files; `id` is unique in the page."""

    id: str
    name: str
    title: str
    markup: str
    half: bool = False  # whether two such stand on a printed page

    @property
    def kind(self) -> str:
        """Its name without a number: a figure may lie in several files."""
        return kind_of(self.name)


def kind_of(name: str) -> str:
    """`net` of `net_2`."""
    return re.sub(r"_\d+$", "", name)


def figures(drawn: Iterable[Path], prefix: str, names: Iterable[str] = ()) -> list[Figure]:
    """Those of the files drawn that are SVG, in order; of some `names` only, where they are given."""
    found = []
    wanted = tuple(names)
    for i, file in enumerate(path for path in drawn if path.suffix == ".svg"):
        if wanted and kind_of(file.stem) not in wanted:
            continue
        own = f"{prefix}{i}"
        drawing = inlined(file.read_text(encoding="utf-8", errors="replace"), f"{own}-")
        found.append(Figure(own, file.stem, drawing.title, drawing.markup, drawing.height <= HALF))
    return found


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
