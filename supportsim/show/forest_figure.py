"""Paired differences from the base with their intervals: a forest, with what pairing bought in the margin."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supportsim.measure import catalogue
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.comparison_words import footer, label, pairing
from supportsim.study.comparison import Change, Comparison
from supportsim.study.folder import write_csv
from supportsim.study.option_tables import PER_WEEK, call_of
from supportsim.study.verdicts import signed
from supportsim.study.words import unsigned_zero

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "forest"
_OPEN = ("too close to call", "no difference", "")
_ROW, _BETWEEN, _AROUND = 0.27, 0.95, 1.25  # inches: of a mark, between panels, and around all
_HEADING = 1.2  # rows: of the name of a measure, and of the room above it
_COLUMNS = (105, 157, 212, 258)  # right ends of the columns in the margin, points

Measures = dict[tuple[str, str], list[Change]]


def draw_forest(comparison: Comparison, folder: Path) -> list[Path]:
    """One panel for each unit; returns the files written, none where nothing was named beforehand."""
    panels = _fitting(by_unit(comparison))

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        files = _draw(comparison, panels[own], folder, name)
        if first:
            write_csv(_numbers(comparison), folder / f"{NAME}.csv")
        return [*files, folder / f"{NAME}.csv"] if first else files

    heights = [_height(changes) + _BETWEEN for _, changes in panels]
    return sheet.draw_each(sheet.leaves_by_height(heights, style.TALLEST - _AROUND), NAME, leaf)


def _fitting(panels: dict[str, Measures]) -> list[tuple[str, Measures]]:
    """The same in panels that are none of them taller than a printed page."""
    found = []
    for unit, measures in panels.items():
        each = [_height({key: changes}) for key, changes in measures.items()]
        for part in sheet.leaves_by_height(each, style.TALLEST - _AROUND - _BETWEEN):
            found.append((unit, dict(list(measures.items())[part.start : part.stop])))
    return found


def _draw(comparison: Comparison, panels: list[tuple[str, Measures]], folder: Path, name: str) -> list[Path]:
    from matplotlib.figure import Figure

    title = finding(comparison)
    with style.styled():
        rows = [_height(changes) for _, changes in panels]
        height = sum(rows) + _BETWEEN * len(rows) + _AROUND
        figure = Figure(figsize=(style.WIDTH, height))
        grid = figure.add_gridspec(len(rows), 1, height_ratios=rows, hspace=0.9 / (sum(rows) / len(rows)),
                                   left=0.25, right=0.69, bottom=0.95 / height, top=1 - 0.95 / height)  # fmt: skip
        for i, (unit, changes) in enumerate(panels):
            _panel(figure.add_subplot(grid[i]), comparison, unit, changes)
        figure.text(0.01, 1 - 0.16 / height, draw.wrapped(title, 125), ha="left", va="top", fontsize=10.5,
                    fontweight="bold")  # fmt: skip
        _legend(figure)
        draw.foot(figure, footer(comparison))
        return style.save(figure, folder, name, "Paired differences from the base", title)


def by_unit(comparison: Comparison) -> dict[str, Measures]:
    """The measures named beforehand: unit -> measure -> its change in each option that has it; shares first."""
    found: dict[str, Measures] = {}
    for change in comparison.changes:
        key = (change.selector, change.measure)
        if key in comparison.metrics and change.found.change.n > 1:
            unit = catalogue.measure(change.measure).unit
            found.setdefault(unit, {}).setdefault(key, []).append(change)
    return dict(sorted(found.items(), key=lambda pair: pair[0] != "share"))


def _height(changes: Measures) -> float:
    return _ROW * sum(len(each) + _HEADING for each in changes.values())


def _panel(axes: Axes, comparison: Comparison, unit: str, measures: Measures) -> None:
    """Groups of measures from the top, in each a row for every option, named where it stands."""
    names = [option.name for option in comparison.options]
    at, ticks = 0.0, {}
    for key, changes in measures.items():
        ticks[at] = label(key, comparison)
        for row, change in enumerate(changes, 1):
            ticks[at + row] = sheet.short(change.option, 40)
            _mark(axes, comparison, change, at + row, names.index(change.option))
        at += len(changes) + _HEADING
    axes.axvline(0, color=style.BLACK, linewidth=1)
    axes.set_ylim(at - _HEADING + 0.6, -0.6)
    axes.set_yticks(list(ticks), list(ticks.values()))
    heads = np.cumsum([0, *(len(changes) + 1 for changes in measures.values())])[:-1]
    for head in heads.tolist():
        axes.get_yticklabels()[head].set_fontweight("bold")
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(_axis(comparison, unit))
    for x, words in zip(_COLUMNS, ("difference", "p, Holm", "correlation", "pairing"), strict=True):
        axes.annotate(words, (1, 1), (x, 7), xycoords="axes fraction", textcoords="offset points", ha="right",
                      fontsize=8, color=style.GREY)  # fmt: skip


def _axis(comparison: Comparison, unit: str) -> str:
    base = comparison.base.name
    if unit == "share":
        return f"option minus {base}, points (mean and 95 % interval)"
    money = comparison.base.result.scenario.currency
    name = {"currency": f"{money or 'money'}, {comparison.each}", "": "number"}.get(unit, unit)
    return f"option minus {base}, {name} (mean and 95 % interval)"


def scale(comparison: Comparison, change: Change) -> float:
    """What a value is multiplied by: shares in points, sums per week."""
    if catalogue.measure(change.measure).unit == "share":
        return 100.0
    return 1 / comparison.periods if change.measure in PER_WEEK else 1.0


def _mark(axes: Axes, comparison: Comparison, change: Change, at: float, number: int) -> None:
    found, by = change.found.change, scale(comparison, change)
    color, mark = style.SERIES[number % len(style.SERIES)], style.MARKS[number % len(style.MARKS)]
    decided = call_of(change) not in _OPEN
    axes.plot([by * found.low, by * found.high], [at, at], color=color, linewidth=1.8)
    axes.plot([by * found.mean], [at], marker=mark, markersize=6.5, color=color, markeredgewidth=1.3,
              markerfacecolor=color if decided else "white", linestyle="none")  # fmt: skip
    for x, words in zip(_COLUMNS, _margin(change, by), strict=True):
        axes.annotate(words, (1, at), (x, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                      ha="right", va="center", fontsize=8)  # fmt: skip


def _margin(change: Change, by: float) -> tuple[str, str, str, str]:
    """Difference with half its interval, adjusted p, correlation, and what pairing bought."""
    found = change.found.change
    size = 0 if abs(by * found.mean) >= 1000 else 1
    text = f"{by * found.mean:+,.{size}f} ± {by * found.half:,.{size}f}".replace(",", " ")
    said = unsigned_zero(text.replace("-", "−"))
    alike = "–" if math.isnan(change.found.correlation) else f"{change.found.correlation:.2f}"
    p = "< 0.001" if change.p_holm < 0.001 else f"{change.p_holm:.3f}"
    return said, p, alike, pairing(change.found.variance_reduction)


def finding(comparison: Comparison) -> str:
    """How many differences are more than chance, and the largest of them in points."""
    named = [c for each in by_unit(comparison).values() for changes in each.values() for c in changes]
    decided = [c for c in named if call_of(c) not in _OPEN]
    head = f"{len(decided)} of {len(named)} differences from {comparison.base.name} are more than chance"
    shares = [c for c in decided if catalogue.measure(c.measure).unit == "share"]
    if not shares:
        return head
    most = max(shares, key=lambda c: abs(c.found.change.mean))
    said = signed(most.found.change, "share")
    return f"{head}; the largest: {label((most.selector, most.measure), comparison)} {said} in {most.option}"


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    marks = [Line2D([], [], color=style.INK, marker="o", markerfacecolor=face, linewidth=1.8)
             for face in (style.INK, "white")]  # fmt: skip
    labels = ["filled: more than chance, Holm at 5 %", "hollow: too close to call"]
    figure.legend(marks, labels, loc="lower left", ncols=2, bbox_to_anchor=(0.005, 0.22 / figure.get_figheight()))


def _numbers(comparison: Comparison) -> pd.DataFrame:
    """The numbers of the figure: rows of differences.csv."""
    table = comparison.differences
    wanted = [key in comparison.metrics for key in zip(table["selector"], table["measure"], strict=True)]
    chosen = table[wanted].drop(columns=["day_difference_p05", "day_difference_p95"])
    assert isinstance(chosen, pd.DataFrame)
    return chosen.reset_index(drop=True)
