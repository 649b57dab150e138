"""Where it begins to pay: the value of the first factor at which a metric breaks even, by the level of the second."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.show import sheet, style
from supportsim.show import study_words as words
from supportsim.show.axes import wrapped
from supportsim.show.study_effects import compared
from supportsim.show.study_figures import Key, finish, scenario_of
from supportsim.show.study_levels import DASHES
from supportsim.study.break_even import Line, lines, table
from supportsim.study.folder import write_csv
from supportsim.study.levels import number_of
from supportsim.study.study import StudyResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "break_even"
ACROSS = 2  # panels side by side, and of a file
PANEL, HEAD, FOOT, ROW = 3.6, 0.8, 1.05, 0.19  # inches; ROW: of the legend


def draw_break_even(result: StudyResult, folder: Path) -> list[Path]:
    """A panel per combination of further factors, a line per metric that breaks even anywhere; the files written.

    Nothing where no metric does.
    """
    every = lines(result)
    known = list(dict.fromkeys(_key(line) for line in every if line.crossings))
    drawn = [line for line in every if _key(line) in known and line.differs]
    beside = list(dict.fromkeys(line.levels[1:] for line in drawn))

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        files = _draw(result, [line for line in drawn if line.levels[1:] in beside[own]], known, folder, name)
        if first:
            write_csv(table(result), folder / f"{NAME}.csv")
        return [*files, folder / f"{NAME}.csv"] if first else files

    return sheet.draw_leaves(len(beside), ACROSS, NAME, leaf)


def _draw(result: StudyResult, drawn: list[Line], known: list[Key], folder: Path, file: str) -> list[Path]:
    with style.styled():
        figure, titles = _figure(result, drawn, known)
        finish(figure, result)
        title = f"{result.plan.name}: {result.plan.question}".rstrip(": ")
        alt = ". ".join([*titles, *(told(result, key, drawn) for key in known)]) + "."
        return style.save(figure, folder, file, title, alt)


def _figure(result: StudyResult, drawn: list[Line], known: list[Key]) -> tuple[Figure, list[str]]:
    """All panels with one legend, in which each metric has its finding; and the titles."""
    from matplotlib.figure import Figure

    beside = list(dict.fromkeys(line.levels[1:] for line in drawn))
    columns = min(ACROSS, len(beside))
    foot = FOOT + ROW * len(known)
    height = math.ceil(len(beside) / columns) * (PANEL + HEAD) + foot
    figure = Figure(figsize=(style.WIDTH, height))
    grid = figure.subplots(math.ceil(len(beside) / columns), columns, squeeze=False)
    figure.subplots_adjust(left=0.07, right=0.97, wspace=0.18, hspace=HEAD / PANEL, top=1 - 0.6 / height,
                           bottom=foot / height)  # fmt: skip
    handles: dict[Key, Any] = {}
    titles = []
    for axes, levels in zip(grid.flat, beside, strict=False):
        here = [line for line in drawn if line.levels[1:] == levels]
        titles.append(finding(result, here))
        handles |= _panel(axes, result, here, known, len(_directions(drawn)) > 1)
        axes.set_title(wrapped(titles[-1], 66 if columns == 2 else 132), fontsize=9.5)
    for axes in grid.flat[len(beside) :]:
        axes.set_visible(False)
    heading = "bars: where the 95 % interval of the mean paired difference, each for itself, holds 0"
    heading += " · filled: higher above it, open: lower above it" if len(_directions(drawn)) > 1 else ""
    labels = [told(result, key, drawn) for key in handles]
    style.legend(figure.axes[0], list(handles.values()), labels, loc="lower center", title=heading,
                 bbox_to_anchor=(0.5, 0.28 / height), bbox_transform=figure.transFigure)  # fmt: skip
    return figure, titles


def _key(line: Line) -> Key:
    return line.selector, line.measure


def finding(result: StudyResult, here: list[Line]) -> str:
    """`price at which each breaks even against take_up 0%: 0.9 to 4.3`."""
    where = f"{'/'.join(here[0].levels[1:])}: " if here[0].levels[1:] else ""
    known = [each.at for line in here for each in line.crossings]
    span = " to ".join(dict.fromkeys(f"{end:.3g}" for end in (min(known), max(known)))) if known else "nowhere tried"
    return f"{where}{result.plan.factors[0]} at which each breaks even, {compared(result)}: {span}"


def told(result: StudyResult, key: Key, drawn: list[Line]) -> str:
    """`all: contribution: 4.3 (1%) to 0.9 (16%); nowhere at 0%`."""
    mine = [line for line in drawn if _key(line) == key]
    known = [(each.at, "/".join(line.levels)) for line in mine for each in line.crossings]
    ends = [min(known), max(known)] if len(known) > 1 else known
    span = " to ".join(f"{at:.3g}{f' ({level})' if level else ''}" for at, level in ends)
    names = [point.levels[1:] for point in result.plan.points]
    nowhere = sorted((line.levels for line in mine if not line.crossings), key=names.index)
    never = ", ".join(map("/".join, nowhere))
    return f"{words.metric(scenario_of(result, key), key)}: {span}{f'; nowhere at {never}' if never else ''}"


def _second(line: Line) -> str:
    return line.levels[0] if line.levels else ""


def _panel(axes: Axes, result: StudyResult, here: list[Line], looks: list[Key], mixed: bool) -> dict[Key, Any]:
    """The lines of one panel and its axes; returns what the legend shows."""
    plan, places = result.plan, _places(result, here)
    keys = [key for key in looks if any(_key(line) == key for line in here)]
    words_only = any(number_of(level) is None for level in places)  # such levels are no curve
    aside = 0.08 if words_only else 0.006 * (max(places.values()) - min(places.values()))
    handles: dict[Key, Any] = {}
    for i, key in enumerate(keys):
        mine = sorted((line for line in here if _key(line) == key), key=lambda line: places[_second(line)])
        x = [places[_second(line)] + i * aside for line in mine for _ in line.crossings]
        handles[key] = _curve(axes, mine, x, looks.index(key), not words_only, mixed)
    tried = [value for line in here for value in line.tried]
    room = 0.04 * (max(tried) - min(tried))
    axes.set_ylim(min(tried) - room, max(tried) + room)
    axes.set_xticks(list(places.values()), list(places))
    wide = max(places.values()) - min(places.values()) or 1.0
    axes.set_xlim(min(places.values()) - 0.06 * wide, max(places.values()) + 0.12 * wide)
    axes.set_xlabel(plan.factors[1] if len(plan.factors) > 1 else "metrics side by side, in the order of the legend")
    axes.set_ylabel(f"{plan.factors[0]} at which it breaks even")
    _sides(axes, here)
    return handles


def _places(result: StudyResult, here: list[Line]) -> dict[str, float]:
    """Where the levels of the second factor stand: at their numbers, or side by side as declared."""
    there = {_second(line) for line in here}
    declared = result.plan.levels[result.plan.factors[1]] if len(result.plan.factors) > 1 else ("",)
    levels = [level for level in declared if level in there]
    numbers = [number for level in levels if (number := number_of(level)) is not None]
    return dict(zip(levels, numbers if len(numbers) == len(levels) else map(float, range(len(levels))), strict=True))


def _curve(axes: Axes, mine: list[Line], x: list[float], look: int, joined: bool, mixed: bool) -> Any:
    """The break-evens of one metric with their intervals; never joined where a level has two."""
    found = [each for line in mine for each in line.crossings]
    tried = [value for line in mine for value in line.tried]
    low = [min(tried) if math.isnan(each.low) else each.low for each in found]
    high = [max(tried) if math.isnan(each.high) else each.high for each in found]
    colour = style.SERIES[look % len(style.SERIES)]
    joined = joined and all(len(line.crossings) < 2 for line in mine)
    axes.vlines(x, low, high, color=colour, linewidth=2.0)
    (handle,) = axes.plot(
        x, [each.at for each in found], color=colour, marker=style.MARKS[look % len(style.MARKS)], markersize=6,
        linewidth=1.4, linestyle=DASHES[look % len(DASHES)] if joined else "none",
    )  # fmt: skip
    if mixed:
        for at, each in zip(x, found, strict=True):
            if not each.rising:
                axes.plot(
                    [at], [each.at], color=colour, marker=handle.get_marker(), markersize=6, markerfacecolor="white"
                )
    return handle


def _directions(drawn: list[Line]) -> set[bool]:
    """Whether differences rise along the first factor where they break even, fall, or both."""
    return {each.rising for line in drawn for each in line.crossings}


def _sides(axes: Axes, here: list[Line]) -> None:
    """What lies above and below, where all lines agree."""
    rising = _directions(here)
    if len(rising) != 1:
        return
    above, below = ("higher", "lower") if rising == {True} else ("lower", "higher")
    for y, va, side in ((0.985, "top", above), (0.015, "bottom", below)):
        axes.text(0.99, y, f"{side} than what it is compared with", transform=axes.transAxes, ha="right", va=va,
                  fontsize=8, color=style.GREY)  # fmt: skip
