"""Where it begins to pay: the value of the first factor at which a metric breaks even, by the level of the second."""

from __future__ import annotations

import math
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.show import study_words as words
from supportsim.show import style
from supportsim.show.axes import fitting_columns, wrapped
from supportsim.show.study_effects import compared
from supportsim.show.study_figures import finish, scenario_of
from supportsim.show.study_levels import DASHES, MARKERS
from supportsim.study.break_even import Line, lines, table
from supportsim.study.folder import write_csv
from supportsim.study.levels import number_of
from supportsim.study.study import StudyResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "break_even"
PANEL, HEAD, FOOT = 3.6, 1.0, 1.35  # inches


def draw_break_even(result: StudyResult, folder: Path) -> list[Path]:
    """A panel per combination of further factors, a line per metric that breaks even anywhere; the files written.

    Nothing where no metric does.
    """
    from matplotlib.figure import Figure

    drawn = [line for line in lines(result) if any(each.crossings for each in _alike(result, line))]
    if not drawn:
        return []
    beside = list(dict.fromkeys(line.levels[1:] for line in drawn))
    columns = min(2, len(beside))
    rows = math.ceil(len(beside) / columns)
    height = rows * (PANEL + HEAD) + FOOT
    with style.styled():
        figure = Figure(figsize=(style.WIDTH, height))
        grid = figure.subplots(rows, columns, squeeze=False)
        figure.subplots_adjust(left=0.07, right=0.97, wspace=0.18, hspace=HEAD / PANEL, top=1 - 0.75 / height,
                               bottom=FOOT / height)  # fmt: skip
        handles: dict[str, Any] = {}
        titles = []
        for axes, levels in zip(grid.flat, beside, strict=False):
            here = [line for line in drawn if line.levels[1:] == levels]
            titles.append(finding(result, here))
            handles |= _panel(axes, result, here)
            axes.set_title(wrapped(titles[-1], 66 if columns == 2 else 132), fontsize=9)
        for axes in grid.flat[len(beside) :]:
            axes.set_visible(False)
        heading = "bars: where the 95 % interval of the mean paired difference, each for itself, holds 0"
        style.legend(figure.axes[0], list(handles.values()), list(handles), loc="lower center", title=heading,
                     ncols=fitting_columns(list(handles)), bbox_to_anchor=(0.5, 0.32 / height),
                     bbox_transform=figure.transFigure)  # fmt: skip
        finish(figure, result)
        title = f"{result.plan.name}: {result.plan.question}".rstrip(": ")
        files = style.save(figure, folder, NAME, title, ". ".join(titles) + ".")
    write_csv(table(result), folder / f"{NAME}.csv")
    return [*files, folder / f"{NAME}.csv"]


def _alike(result: StudyResult, line: Line) -> list[Line]:
    """Lines of the same metric."""
    return [each for each in lines(result) if (each.selector, each.measure) == (line.selector, line.measure)]


def finding(result: StudyResult, here: list[Line]) -> str:
    """`all contribution breaks even at price 3.2 (take_up 2%) to 1.1 (20%); nowhere tried at 50%`."""
    plan = result.plan
    where = f"{'/'.join(here[0].levels[1:])}: " if here[0].levels[1:] else ""
    told = []
    for key, group in groupby(here, lambda line: (line.selector, line.measure)):
        every = list(group)
        known = [(each.at, _second(line)) for line in every for each in line.crossings]
        name = words.metric(scenario_of(result, key), key)
        if not known:
            told.append(f"{name} nowhere")
            continue
        ends = [known[0], known[-1]] if len(known) > 1 else known
        span = " to ".join(f"{at:.3g}{f' ({level})' if level else ''}" for at, level in ends)
        never = ", ".join(_second(line) for line in every if not line.crossings)
        told.append(f"{name} at {span}{f', nowhere at {never}' if never else ''}")
    return f"{where}{plan.factors[0]} at which it breaks even {compared(result)}: {'; '.join(told)}"


def _second(line: Line) -> str:
    return line.levels[0] if line.levels else ""


def _panel(axes: Axes, result: StudyResult, here: list[Line]) -> dict[str, Any]:
    """The lines of one panel and its axes; returns what the legend shows."""
    plan, places = result.plan, _places(here)
    keys = list(dict.fromkeys((line.selector, line.measure) for line in here))
    looks = list(dict.fromkeys((line.selector, line.measure) for line in lines(result)))
    aside = 0.006 * (max(places.values()) - min(places.values()))
    handles = {}
    for i, key in enumerate(keys):
        mine = [line for line in here if (line.selector, line.measure) == key]
        x = [places[_second(line)] + i * aside for line in mine for _ in line.crossings]
        handles[words.metric(scenario_of(result, key), key)] = _curve(axes, mine, x, looks.index(key))
    tried = [value for line in here for value in line.tried]
    room = 0.04 * (max(tried) - min(tried))
    axes.set_ylim(min(tried) - room, max(tried) + room)
    axes.set_xticks(list(places.values()), list(places))
    axes.set_xlabel(plan.factors[1] if len(plan.factors) > 1 else "")
    axes.set_ylabel(f"{plan.factors[0]} at which it breaks even")
    _sides(axes, here)
    return handles


def _places(here: list[Line]) -> dict[str, float]:
    """Where the levels of the second factor stand: at their numbers, or side by side."""
    levels = list(dict.fromkeys(_second(line) for line in here))
    numbers = [number for level in levels if (number := number_of(level)) is not None]
    return dict(zip(levels, numbers if len(numbers) == len(levels) else map(float, range(len(levels))), strict=True))


def _curve(axes: Axes, mine: list[Line], x: list[float], look: int) -> Any:
    """The break-evens of one metric with their intervals; joined where no level has two."""
    found = [each for line in mine for each in line.crossings]
    tried = [value for line in mine for value in line.tried]
    low = [min(tried) if math.isnan(each.low) else each.low for each in found]
    high = [max(tried) if math.isnan(each.high) else each.high for each in found]
    colour = style.SERIES[look % len(style.SERIES)]
    single = all(len(line.crossings) < 2 for line in mine)
    axes.vlines(x, low, high, color=colour, linewidth=2.0)
    (handle,) = axes.plot(
        x, [each.at for each in found], color=colour, marker=MARKERS[look % len(MARKERS)], markersize=5,
        linewidth=1.4, linestyle=DASHES[look % len(DASHES)] if single else "none",
    )  # fmt: skip
    return handle


def _sides(axes: Axes, here: list[Line]) -> None:
    """What lies above and below, where all lines agree."""
    rising = {each.rising for line in here for each in line.crossings}
    if len(rising) != 1:
        return
    above, below = ("higher", "lower") if rising == {True} else ("lower", "higher")
    for y, va, side in ((0.985, "top", above), (0.015, "bottom", below)):
        axes.text(0.99, y, f"{side} than what it is compared with", transform=axes.transAxes, ha="right", va=va,
                  fontsize=8, color=style.GREY)  # fmt: skip
