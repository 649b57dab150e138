"""Means against the levels of the first factor: `interaction` (lines by the second) and `lines` (with ranges)."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supportsim.measure.catalogue import is_sum
from supportsim.show import sheet, style
from supportsim.show import study_words as words
from supportsim.show.axes import beside, fitting_columns, wrapped
from supportsim.show.study_figures import Key, Scale, finish, found, rows_of, scenario_of
from supportsim.study.folder import write_csv
from supportsim.study.plan import ALONE
from supportsim.study.study import StudyResult
from supportsim.study.study_tables import target

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DASHES: Any = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5)))
PANEL, HEAD, FOOT = 2.35, 1.1, 1.35  # inches
DEEP = 2  # panels one below the other on a printed page
MOST_PANELS = 40


class Panel(NamedTuple):
    """One metric at fixed levels of the factors that are neither axis nor line; `beside`: these levels in words."""

    key: Key
    beside: str
    lines: dict[str, list[dict[str, Any] | None]]  # by level of the second factor: a row of the summary per level


def panels(result: StudyResult, by_second: bool) -> list[Panel]:
    """A panel per metric and combination of further factors; without `by_second` each line has one of its own."""
    plan = result.plan
    rows: dict[Any, Any] = {(r["point"], r["selector"], r["measure"]): r for r in result.summary.to_dict("records")}
    made: dict[tuple[Key, str], Panel] = {}
    for key in plan.metrics:
        for point in plan.points:
            levels = point.levels or (ALONE,)
            line, rest = (levels[1:2], levels[2:]) if by_second else ((), levels[1:])
            panel = made.setdefault((key, "/".join(rest)), Panel(key, "/".join(rest), {}))
            panel.lines.setdefault("/".join(line), []).append(rows.get((point.name, *key)))
    return list(made.values())[:MOST_PANELS]


def draw_interaction(result: StudyResult, folder: Path) -> list[Path]:
    """Lines by the levels of the second factor, with the 95 % interval of each mean."""
    return _draw(result, folder, "interaction", panels(result, True), _crossing)


def draw_lines(result: StudyResult, folder: Path) -> list[Path]:
    """One line a panel, with the interval of the mean and the range of single days."""
    return _draw(result, folder, "lines", panels(result, False), _with_ranges)


def _draw(result: StudyResult, folder: Path, name: str, made: list[Panel], draw: Any) -> list[Path]:
    lines = len(made) // max(1, len(result.plan.metrics))  # panels of one metric stand side by side
    columns = min(3, lines) if lines > 1 else min(2, len(made))

    def leaf(own: slice, file: str, first: bool) -> list[Path]:
        files = _leaf(result, folder, file, made[own], columns, draw)
        if first:
            write_csv(result.summary, folder / f"{name}.csv")
        return [*files, folder / f"{name}.csv"] if first else files

    return sheet.draw_each(sheet.rows_of_panels(len(made), columns, DEEP), name, leaf)


def _leaf(result: StudyResult, folder: Path, name: str, made: list[Panel], columns: int, draw: Any) -> list[Path]:
    from matplotlib.figure import Figure

    rows = math.ceil(len(made) / columns)
    height = rows * (PANEL + HEAD) + FOOT
    with style.styled():
        figure = Figure(figsize=(style.WIDTH, height))
        grid = figure.subplots(rows, columns, squeeze=False)
        figure.subplots_adjust(left=0.075, right=0.93, wspace=0.3, hspace=HEAD / PANEL, top=1 - 0.95 / height,
                               bottom=FOOT / height)  # fmt: skip
        handles: dict[str, Any] = {}
        limits: dict[Key, tuple[float, float]] = {}
        for axes, panel in zip(grid.flat, made, strict=False):
            handles |= draw(axes, result, panel)
            _frame(axes, result, panel, {1: 130, 2: 62}.get(columns, 44))
            _outer(axes, result, panel, columns)
            axes.set_ylim(limits.setdefault(panel.key, _limits(result, panel.key, ranges=draw is _with_ranges)))
        for axes in grid.flat[len(made) :]:
            axes.set_visible(False)
        _below(figure, result, handles, height)
        finish(figure, result)
        title = f"{result.plan.name}: {result.plan.question}".rstrip(": ")
        alt = ". ".join(dict.fromkeys(found(result, panel.key, rows_of(result, panel.key)) for panel in made)) + "."
        return style.save(figure, folder, name, title, alt)


def _frame(axes: Axes, result: StudyResult, panel: Panel, width: int) -> None:
    """Title with the finding, names of both axes, the target."""
    factors = result.plan.factors
    levels = result.plan.levels[factors[0]] if factors else (ALONE,)
    where = f"{panel.beside}: " if panel.beside else ""
    rows = [row for line in panel.lines.values() for row in line if row]
    axes.set_title(wrapped(where + found(result, panel.key, rows), width), fontsize=9)
    axes.set_xticks(range(len(levels)), list(levels), rotation=20 if max(map(len, levels)) * len(levels) > 60 else 0)
    axes.set_xlim(-0.35, len(levels) - 0.65)
    axes.set_xlabel(factors[0] if factors else "")


def _outer(axes: Axes, result: StudyResult, panel: Panel, columns: int) -> None:
    """The target, and words beside the panel: of three in a row only where there is room."""
    scale, place = _scale(result, panel.key), axes.get_subplotspec()
    if columns < 3 or place is None or place.is_first_col():
        name = "\n".join(textwrap.wrap(words.alone(panel.key[1]), 34))
        axes.set_ylabel(f"{name}{f', {scale.label}' if scale.label else ''}")
    goal = target(scenario_of(result, panel.key), panel.key)
    if not math.isnan(goal):
        axes.axhline(scale(goal), color=style.BLACK, linewidth=1.1, linestyle=(0, (6, 3)))
        if columns < 3 or place is None or place.is_last_col():
            beside(axes, scale(goal), f"target\n{100 * goal:.0f} %")


def _scale(result: StudyResult, key: Key) -> Scale:
    return Scale(key[1], [row["mean"] for row in rows_of(result, key)], scenario_of(result, key).currency)


def _limits(result: StudyResult, key: Key, ranges: bool) -> tuple[float, float]:
    """The same height for all panels of a metric: intervals, days where they are drawn, and the target."""
    names = ("mean", "mean_ci_low", "mean_ci_high", *(("day_p05", "day_p95") if ranges and not is_sum(key[1]) else ()))
    scale = _scale(result, key)
    values = [scale(row[name]) for row in rows_of(result, key) for name in names]
    values = [v for v in (*values, scale(target(scenario_of(result, key), key))) if math.isfinite(v)] or [0.0, 1.0]
    room = 0.06 * (max(values) - min(values)) or 0.5
    return min(values) - room, max(values) + room


def _column(rows: list[dict[str, Any] | None], name: str, scale: Scale) -> Any:
    return np.array([scale(row[name]) if row else math.nan for row in rows])


def _lines_of(panel: Panel) -> Iterator[tuple[int, str, list[dict[str, Any] | None]]]:
    for i, (line, rows) in enumerate(panel.lines.items()):
        yield i, line, rows


def _crossing(axes: Axes, result: StudyResult, panel: Panel) -> dict[str, Any]:
    """Every line in its colour, mark and dash, a little beside the others so that intervals do not cover each other."""
    handles = {}
    scale, many = _scale(result, panel.key), len(panel.lines)
    for i, line, rows in _lines_of(panel):
        x = np.arange(len(rows)) + (i - (many - 1) / 2) * 0.06
        mean = _column(rows, "mean", scale)
        ends = [_column(rows, name, scale) for name in ("mean_ci_low", "mean_ci_high")]
        colour = style.SERIES[i % len(style.SERIES)]
        look: Any = {"color": colour, "marker": style.MARKS[i % len(style.MARKS)], "linestyle": DASHES[i % len(DASHES)]}
        axes.vlines(x, *ends, color=colour, linewidth=2.0)
        (handles[line],) = axes.plot(x, mean, linewidth=1.4, markersize=5, **look)
    return handles


def _with_ranges(axes: Axes, result: StudyResult, panel: Panel) -> dict[str, Any]:
    """Mean, its interval as a dark band, single days as a pale one."""
    scale = _scale(result, panel.key)
    handles: dict[str, Any] = {}
    for _, _, rows in _lines_of(panel):
        x = np.arange(len(rows))
        days = [_column(rows, name, scale) for name in ("day_p05", "day_p95")]
        if not np.isnan(days[0]).all() and not is_sum(panel.key[1]):  # a day is not of the size of all of them
            handles[DAYS] = axes.fill_between(x, *days, color=style.SKY, alpha=0.28, linewidth=0)
        ends = [_column(rows, name, scale) for name in ("mean_ci_low", "mean_ci_high")]
        handles[INTERVAL] = axes.fill_between(x, *ends, color=style.BLUE, alpha=0.55, linewidth=0)
        (handles[MEAN],) = axes.plot(x, _column(rows, "mean", scale), color=style.BLUE, marker="o", markersize=4)
    return handles


MEAN, INTERVAL, DAYS = "mean of the replications", "95 % interval of the mean", "5–95 % of single days"


def _below(figure: Any, result: StudyResult, handles: dict[str, Any], height: float) -> None:
    """The legend: what the lines are."""
    factors = result.plan.factors
    labels = list(handles)
    known = labels[0] in (MEAN, INTERVAL, DAYS)
    if not known and (len(factors) < 2 or labels == [""]):
        return
    heading = None if known else f"{factors[1]} (bars: 95 % interval of the mean)"
    first = figure.axes[0]
    style.legend(first, list(handles.values()), labels, loc="lower center", ncols=fitting_columns(labels),
                 bbox_to_anchor=(0.5, 0.32 / height), bbox_transform=figure.transFigure, title=heading)  # fmt: skip
