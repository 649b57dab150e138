"""What a figure is to somebody who does not see it: its kind, what it finds, its axes, and of how much it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: How each figure is drawn, by the name of its files.
KINDS = {
    "promises": "Lines with bands over the typical day or week, a panel for each promise",
    "heatmap": "A heat map with a number in each cell, a panel for each promise",
    "staffing": "Steps of heads and load over the typical day or week, below them occupancy",
    "net": "Bars of agents over and under what is required, over the typical day or week",
    "intraday": "One day in rows: contacts, heads, the share of each promise kept, occupancy",
    "waits": "Falling curves of the share still without an answer, a panel for each channel",
    "crowding": "A matrix with numbers: who waited in rows, because of whom in columns",
    "backlog": "Stacked areas of open contacts by age over the typical day or week",
    "oldest": "Lines with bands of an age over the typical day or week, a panel for each segment",
    "availability": "Waterfalls of hours, a panel for each team",
    "options": "A table: options in rows, what each keeps, loses and costs in columns",
    "forest": "Marks with intervals in rows, beside a line at no difference",
    "cost_promise": "Marks with crossed intervals, a panel for each promise",
    "contribution": "Waterfalls of money from the base to each option",
    "flips": "Bars from a low to a high value of each input, a panel for each option",
    "best": "Bars along the range of each input, in rows, in parts by the option that is best there",
    "ladder": "Marks with crossed intervals, one for each level of support",
    "assignments": "Marks, one for each assignment of levels to segments",
    "months": "Lines month by month, three for each option: at low, stated and high odds",
    "sensitivity": "Bars of each input, lower to one side and higher to the other, a panel for each measure",
    "erlang_bridge": "Waterfalls of shares from a formula to the simulation, a panel for each promise",
    "interaction": "Lines over the levels of a factor, one for each level of another",
    "lines": "Lines with bands over the levels of a factor",
    "effects": "Lines of differences over the levels of a factor, with intervals",
    "break_even": "Marks with intervals where each metric breaks even along a factor, by the level of another",
}
_MOST = 14  # names of rows that somebody listens to


def kind_of(name: str) -> str:
    """`net` of `net_2`, `intraday` of `intraday_phone_Mon`; empty of a figure that is none of these."""
    return max((kind for kind in KINDS if re.fullmatch(rf"{kind}(_.+)?", name)), key=len, default="")


def described(figure: Figure, name: str, finding: str) -> str:
    """The alternative text of a figure whose files have this name; its foot says n."""
    parts = [KINDS.get(kind_of(name), ""), finding, *_axes(figure), *_numbers(figure)]
    return " ".join(part if part[-1] in ".?!" else f"{part}." for part in map(_line, parts) if part)


def _line(text: str) -> str:
    return " ".join(text.split())


def _axes(figure: Figure) -> Iterator[str]:
    """`Horizontal axis: …`, `Vertical axis: …`, of all panels.

    Where no axis is named, what its rows or columns are; of a vertical one without names the titles of the panels,
    which then say what stands there.
    """
    panels = [axes for axes in figure.axes if axes.axison and axes.get_visible()]
    for which, said, parts in (("x", "Horizontal axis", "Columns"), ("y", "Vertical axis", "Rows")):
        labels = [_line(getattr(axes, f"get_{which}label")()) for axes in panels]
        named = dict.fromkeys(label for label in labels if label)
        if named:
            yield f"{said}: {'; '.join(named)}"
        elif panels and (names := _names(panels[0], which)):
            more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
            yield f"{parts}: {', '.join(names[:_MOST])}{more}"
        elif which == "y" and (titles := [axes.get_title(loc="left") for axes in panels if axes.get_title(loc="left")]):
            yield f"{said}: {'; '.join(titles)}"


def _names(axes: Axes, which: str) -> list[str]:
    ticks = axes.get_xticklabels() if which == "x" else axes.get_yticklabels()
    return [words for tick in ticks if re.search(r"[^\W\d_]{2}", words := _line(tick.get_text()))]


def _numbers(figure: Figure) -> list[str]:
    """`n = 6 replications × 28 counted days`, as the foot says it."""
    found = [part for text in figure.texts for part in re.findall(r"\bn = [^·]+", text.get_text())]
    return found[-1:]
