"""The ladder: cost to serve of each level against what it keeps and whom it never serves, and what the others have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from supportsim.show import axes as draw
from supportsim.show import style
from supportsim.show.comparison_words import footer
from supportsim.study.estimate import Estimate
from supportsim.study.folder import write_csv
from supportsim.study.ladder import Ladder
from supportsim.study.ladder_table import COST, KEPT, OTHERS
from supportsim.study.ladder_words import NEVER, RESIZED, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "ladder"


class Mark(NamedTuple):
    """One level at one roster in one panel."""

    number: int
    level: str
    resized: bool
    cost: Estimate
    share: Estimate


def draw_ladder(ladder: Ladder, folder: Path) -> list[Path]:
    """Three panels over the same cost; returns the files written, none where nothing has a price."""
    from matplotlib.figure import Figure

    panels = {title: _marks(ladder, key) for title, key in _panels(ladder).items()}
    panels = {title: marks for title, marks in panels.items() if marks}
    if not panels:
        return []
    title = finding(ladder, panels)
    with style.styled():
        labels, handles = _legend_of(ladder, list(panels.values()))
        across = draw.fitting_columns(labels, 170)
        below = 1.0 + 0.24 * -(-len(labels) // across)
        height = 3.35 + below
        figure = Figure(figsize=(style.WIDTH, height))
        axes = figure.subplots(1, len(panels), squeeze=False)[0]
        figure.subplots_adjust(left=0.07, right=0.985, bottom=below / height, top=1 - 0.75 / height, wspace=0.24)
        for panel, (name, marks) in zip(axes, panels.items(), strict=True):
            _draw(panel, name, marks, _unit(ladder))
        figure.text(0.01, 1 - 0.14 / height, draw.wrapped(title, 125), ha="left", va="top", fontsize=10.5,
                    fontweight="bold")  # fmt: skip
        _legend(figure, labels, handles, across)
        draw.foot(figure, footer(ladder.comparison))
        files = style.save(figure, folder, NAME, "Levels of support", title)
    write_csv(_numbers(panels, _unit(ladder)), folder / f"{NAME}.csv")
    return [*files, folder / f"{NAME}.csv"]


def finding(ladder: Ladder, panels: dict[str, list[Mark]]) -> str:
    """Which level keeps most and which costs least, as the roster is; without promises the range of costs."""
    title, marks = next(iter(panels.items()))
    own = [mark for mark in marks if not mark.resized] or marks
    cheap, dear = min(own, key=lambda mark: mark.cost.mean), max(own, key=lambda mark: mark.cost.mean)
    if title != _kept(ladder):
        return (
            f"{ladder.segment}: from {_priced(ladder, cheap)} ({cheap.level}) to {_priced(ladder, dear)} ({dear.level})"
        )
    best = max(own, key=lambda mark: (round(mark.share.mean, 4), -mark.cost.mean))  # of equals the cheapest
    keeps = f"{ladder.segment}, by means: {best.level} keeps most of its promises ({draw.percent(best.share.mean)})"
    if best is cheap:
        return f"{keeps} and costs least to serve ({_priced(ladder, best)}{_lost(ladder, best)})"
    return (
        f"{keeps} for {_priced(ladder, best)}{_lost(ladder, best)}; {cheap.level} costs least to serve "
        f"({_priced(ladder, cheap)}{_lost(ladder, cheap)}) and keeps {draw.percent(cheap.share.mean)}"
    )


def _lost(ladder: Ladder, mark: Mark) -> str:
    """`, 4.0 % never served`: who is never served costs little, so cost alone would praise it."""
    row = rows_of(ladder, mark.level, RESIZED if mark.resized else "as it is").get((ladder.segment, NEVER))
    return f", {draw.percent(row['mean'], 1)} never served" if row else ""


def _priced(ladder: Ladder, mark: Mark) -> str:
    """`12.3 GBP an issue`."""
    return f"{mark.cost.mean:,.2f} {_unit(ladder)}".replace(",", " ")


def _kept(ladder: Ladder) -> str:
    return f"promises to {ladder.segment} kept"


def _panels(ladder: Ladder) -> dict[str, tuple[str, str]]:
    """Title of a panel -> whose measure is drawn."""
    return {
        _kept(ladder): (ladder.segment, KEPT),
        f"issues of {ladder.segment} never served": (ladder.segment, "never_served_share"),
        "promises to the others kept": (OTHERS, KEPT),
    }


def _marks(ladder: Ladder, key: tuple[str, str]) -> list[Mark]:
    found = []
    for option in ladder.comparison.options:
        level = option.resized_from or option.name
        rows = rows_of(ladder, level, RESIZED if option.resized_from else "as it is")
        if key in rows and (ladder.segment, COST) in rows:
            both = (_estimate(rows[ladder.segment, COST]), _estimate(rows[key]))
            found.append(Mark(list(ladder.levels).index(level), level, bool(option.resized_from), *both))
    return found


def _estimate(row: dict[str, Any]) -> Estimate:
    return Estimate(row["mean"], row["mean_ci_low"], row["mean_ci_high"], row["n"])


def _unit(ladder: Ladder) -> str:
    table = ladder.table
    return str(table[table["measure"] == COST]["unit"].iloc[0])


def _draw(axes: Axes, title: str, marks: list[Mark], unit: str) -> None:
    for mark in marks:
        color = style.SERIES[mark.number % len(style.SERIES)]
        x, y = mark.cost, mark.share
        if x.n > 1:
            axes.plot([x.low, x.high], [y.mean, y.mean], color=color, linewidth=1.4)
            axes.plot([x.mean, x.mean], [y.low, y.high], color=color, linewidth=1.4)
        filled = "white" if mark.resized else color
        axes.plot([x.mean], [y.mean], marker=style.MARKS[mark.number % len(style.MARKS)], markersize=7, color=color,
                  markerfacecolor=filled, markeredgewidth=1.4, linestyle="none")  # fmt: skip
    axes.set_title(draw.wrapped(title, 34))
    axes.set_xlabel(f"cost to serve, {unit}")
    axes.margins(x=0.12)
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    axes.set_ylim(-0.03, 1.03)
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    axes.locator_params(axis="x", nbins=5)


def _legend_of(ladder: Ladder, panels: list[list[Mark]]) -> tuple[list[str], list[Any]]:
    """Labels and handles of the levels drawn, in order, and of those that are not staffed."""
    from matplotlib.lines import Line2D

    drawn = dict(sorted({mark.number: mark.level for marks in panels for mark in marks}.items()))
    handles = [
        Line2D([], [], **style.look(i), linewidth=1.4)
        for i in drawn
    ]  # fmt: skip
    labels = list(drawn.values())
    if any(mark.resized for marks in panels for mark in marks):
        labels.append("hollow: roster resized by work")
        handles.append(Line2D([], [], color=style.GREY, marker="o", markerfacecolor="white", linewidth=0))
    for rung in ladder.left_out:
        labels.append(f"{rung.level.name}: {rung.why}")
        handles.append(Line2D([], [], linewidth=0))
    return labels, handles


def _legend(figure: Any, labels: list[str], handles: list[Any], across: int) -> None:
    place = (0.005, 0.28 / figure.get_figheight())  # above the line at the foot
    box = figure.legend(handles, [f"x{i}" for i in range(len(labels))], loc="lower left", bbox_to_anchor=place,
                        ncols=across)  # fmt: skip
    for text, words in zip(box.get_texts(), labels, strict=True):
        text.set_text(words)


def _numbers(panels: dict[str, list[Mark]], unit: str) -> pd.DataFrame:
    """The numbers of the figure."""
    rows = [
        {
            "panel": title, "level": mark.level, "roster": RESIZED if mark.resized else "as it is",
            "cost_to_serve": mark.cost.mean, "cost_ci_low": mark.cost.low, "cost_ci_high": mark.cost.high,
            "unit": unit, "share": mark.share.mean, "share_ci_low": mark.share.low, "share_ci_high": mark.share.high,
        }
        for title, marks in panels.items()
        for mark in marks
    ]  # fmt: skip
    return pd.DataFrame(rows)
