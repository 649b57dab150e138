"""The week at a glance: the share of each promise kept by weekday and time of day, a number in every cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim.measure.sums import Floats
from supportsim.scenario.model import Promise
from supportsim.scenario.ticks import DAY, HOUR
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.study.pattern import Kept, kept_by_bin
from supportsim.study.result import Result
from supportsim.study.words import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "heatmap"
MOST = 3  # panels that fit a printed page
MOST_COLUMNS = 36  # cells in which a number can still be read on a printed page
REACH = 0.5  # how far below the target the deepest colour stands
ENOUGH = 60.0  # cases in a cell, of all replications and dates: with fewer, a share is noise
_KEY = (
    "local time, {zone} · number: share kept, % · hatched: below the target · ?: too close "
    "to call, its 95 % interval holds the target or is unknown · grey: no case"
)
LOW, MIDDLE, HIGH = "#E69F00", "#FFFFFF", "#56B4E9"  # light enough for black numbers at either end


def draw_heatmap(result: Result, folder: Path) -> list[Path]:
    """A panel for each promise; returns the files written, none where nothing is promised."""
    promises = result.scenario.promises
    found = [by_day_and_time(result, i) for i in range(len(promises))]

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        return _draw(result, promises[own], found[own], folder, name, numbers(promises, found) if first else None)

    return sheet.draw_leaves(len(found), MOST, NAME, leaf)


def _draw(
    result: Result, promises: tuple[Promise, ...], found: list[Kept], folder: Path, name: str,
    table: pd.DataFrame | None,
) -> list[Path]:  # fmt: skip
    from matplotlib.figure import Figure

    titles = [finding(promise, kept) for promise, kept in zip(promises, found, strict=True)]
    heights = [0.25 * max(2, len(kept.cut.days)) for kept in found]
    with style.styled():
        height = sum(heights) + 0.82 * len(found) + 0.62
        figure = Figure(figsize=(style.WIDTH, height))
        top = height
        for promise, kept, title, tall in zip(promises, found, titles, heights, strict=True):
            top -= 0.42 + tall
            left = 0.06 if len(kept.cut.days[0]) < 5 else 0.1  # a single day is named by its date
            axes = figure.add_axes((left, top / height, 0.905 - left, tall / height))
            _panel(axes, kept)
            axes.set_title(draw.wrapped(title), pad=5)
            _scale(figure, promise.share, kept, (0.915, top / height, 0.012, tall / height))
            top -= 0.4
        axes.set_xlabel(_KEY.format(zone=result.scenario.times.zone))
        return sheet.publish(result, figure, folder, name, "Promises by weekday and time", titles, table)


def by_day_and_time(result: Result, promise: int) -> Kept:
    """The share kept by bins wide enough to be read."""
    grid, kept, judged = result.yardstick.grid, result.kept[:, promise], result.judged[:, promise]
    enough = ENOUGH / (result.n * max(1.0, len(grid.dates) / 7))
    shortest = 0
    while True:
        found = kept_by_bin(grid, kept, judged, result.scenario.promises[promise].share, shortest=shortest,
                            at_least=enough)  # fmt: skip
        if found.cut.bins <= MOST_COLUMNS * len(found.cut.days) or found.cut.length >= DAY:
            return found
        shortest = max(HOUR, found.cut.length + 1)


def finding(promise: Promise, kept: Kept) -> str:
    """What the panel shows, in a sentence."""
    cases = ~np.isnan(kept.mean)
    name = sheet.short(promise.name, 40)
    what = f"{'answer' if promise.clock == 'answer' else 'first reply'} in {duration(promise.limit)}"
    words = f"{name} ({what}, target {draw.percent(promise.share)})"
    if not cases.any():
        return f"{words}: nothing to judge"
    below, number = kept.below, int(cases.sum())
    close = draw.too_close(int(kept.close.sum()))
    if not below.any():
        fine = number - int(kept.close.sum())
        where = draw.some_of(fine, number, kept.cut.length) if fine else f"no {draw.bin_words(kept.cut.length)}"
        return f"{words}: kept on average in {where} of the {_span(kept)}{close}"
    worst = int(np.nanargmin(kept.mean))
    where = draw.some_of(int(below.sum()), number, kept.cut.length)
    at = f"worst {kept.cut.labels[worst]} ({draw.below(float(kept.mean[worst]), promise.share)})"
    return f"{words}: below target on average in {where} of the {_span(kept)}{close}, {at}"


def _span(kept: Kept) -> str:
    return "week" if len(kept.cut.days) > 1 else "day"


def _matrix(kept: Kept, values: np.ndarray[Any, Any], empty: float = np.nan) -> Floats:
    """(days, columns) of values by bin."""
    hours = np.unique(kept.cut.hour)
    found = np.full((len(kept.cut.days), len(hours)), empty)
    found[kept.cut.day, np.searchsorted(hours, kept.cut.hour)] = values
    return found


def _colours(target: float) -> tuple[Any, Any]:
    """Colours that change at the target, and their range."""
    from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

    low, high = min(max(target - REACH, 0.0), target - 0.02), max(target + 0.02, 1.0)
    return LinearSegmentedColormap.from_list("target", [LOW, MIDDLE, HIGH]), TwoSlopeNorm(target, low, high)


def _panel(axes: Axes, kept: Kept) -> None:
    found, hours = _matrix(kept, kept.mean), np.unique(kept.cut.hour)
    close = _matrix(kept, kept.close, 0.0) > 0
    colours, norm = _colours(kept.target)
    axes.imshow(found, cmap=colours, norm=norm, aspect="auto", interpolation="nearest")
    _hatch(axes, _matrix(kept, kept.below, 0.0) > 0)
    for edge in range(1, len(kept.cut.days)):
        axes.axhline(edge - 0.5, color="white", linewidth=1.5)
    size = 7.5
    for day, column in zip(*np.nonzero(~np.isnan(found)), strict=True):
        words = _number(found[day, column], kept.target) + "?" * bool(close[day, column])
        axes.text(column, day, words, ha="center", va="center", fontsize=size)
    axes.set_yticks(range(len(kept.cut.days)), list(kept.cut.days))
    _times(axes, hours, kept.cut.length)
    axes.set_facecolor("#EDEDED")  # no case
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def _number(share: float, target: float) -> str:
    """Per cent, whole; never rounded up to the target."""
    near = round(100 * share)
    return str(int(100 * share) if share < target and near >= 100 * target - 1e-9 else near)


def _hatch(axes: Axes, below: np.ndarray[Any, Any]) -> None:
    """A hatched strip at the foot of every cell below the target."""
    from matplotlib.collections import PolyCollection

    cells = [
        [(c - 0.48, d + 0.3), (c + 0.48, d + 0.3), (c + 0.48, d + 0.47), (c - 0.48, d + 0.47)]
        for d, c in zip(*np.nonzero(below), strict=True)
    ]
    axes.add_collection(PolyCollection(cells, facecolor="none", edgecolor=style.INK, hatch="//////", linewidth=0))


def _times(axes: Axes, hours: Floats, length: int) -> None:
    """The clock under the left edge of the columns."""
    every = next(h for h in (1, 2, 3, 4, 6, 12, 24) if len(hours) * length / HOUR / h <= 26)
    at = [i for i, hour in enumerate(hours) if abs(hour % every) < 1e-9] if length < DAY else []
    axes.set_xticks([i - 0.5 for i in at], [f"{int(hours[i]):02d}:00" for i in at])


def _scale(figure: Figure, target: float, kept: Kept, place: tuple[float, float, float, float]) -> None:
    """What the colours mean, beside the panel."""
    colours, norm = _colours(target)
    less = "≤ " if np.nanmin(kept.mean, initial=1.0) < norm.vmin else ""
    axes = figure.add_axes(place)
    steps = np.linspace(norm.vmin, norm.vmax, 120).reshape(-1, 1)
    axes.imshow(steps, cmap=colours, norm=norm, aspect="auto", origin="lower", extent=(0, 1, norm.vmin, norm.vmax))
    axes.set_xticks([])
    axes.yaxis.tick_right()
    ends = {norm.vmin: less + draw.percent(norm.vmin), norm.vmax: draw.percent(norm.vmax)}
    apart = {at: words for at, words in ends.items() if abs(at - target) > 0.15 * (norm.vmax - norm.vmin)}
    ticks = {**apart, target: f"target {draw.percent(target)}"}
    axes.set_yticks(list(ticks), list(ticks.values()), fontsize=7.5)
    axes.set_ylim(norm.vmin, norm.vmax)
    axes.axhline(target, color=style.BLACK, linewidth=0.8)
    axes.grid(visible=False)


def numbers(promises: tuple[Promise, ...], found: list[Kept]) -> pd.DataFrame:
    """The numbers of the figure, with the ranges that cells have no room for."""
    frames = [
        pd.DataFrame(
            {
                "promise": promise.name, "day": [kept.cut.days[d] for d in kept.cut.day], "bin": list(kept.cut.labels),
                "bin_minutes": kept.cut.length / 60_000_000, "target": promise.share, "cases_per_day": kept.cases,
                "kept_share": kept.mean, "kept_ci_low": kept.low, "kept_ci_high": kept.high, "day_p05": kept.p05,
                "day_p95": kept.p95, "days_missed_in_100": kept.days_missed,
            }
        )
        for promise, kept in zip(promises, found, strict=True)
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)
