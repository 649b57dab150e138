"""Cost against promise: for each promise the options by what they cost and what they keep, with both intervals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from supportsim.measure.prices import is_priced
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.comparison_words import footer, label
from supportsim.study.comparison import Comparison, Key, Option, values
from supportsim.study.estimate import CONFIDENCE, Estimate, bounded, student
from supportsim.study.folder import write_csv
from supportsim.study.metrics import COST
from supportsim.study.paired import Difference, paired

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "cost_promise"
_DOTS: Any = (0, (1.5, 1.2))  # of options that another one dominates: in grey a pale colour is another colour
_MOST, _ACROSS = 6, 3  # panels of a file


class Point(NamedTuple):
    """One option in one panel.

    dominated: another one is cheaper or keeps more by more than chance, and the other of both is not worse.
    """

    option: Option
    cost: Estimate
    kept: Estimate
    dominated: bool


def draw_cost(comparison: Comparison, folder: Path) -> list[Path]:
    """One panel per promise; returns the files written, none without promises or without any cost."""
    key = COST
    names = [key_[0] for key_ in _promises(comparison)]
    if not names or not any(is_priced(option.result.scenario) for option in comparison.options):
        return []
    points = {name: _points(comparison, key, name) for name in names}
    title = finding(points)

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        files = _draw(comparison, {each: points[each] for each in names[own]}, title, folder, name)
        if first:
            write_csv(_numbers(comparison, points, key), folder / f"{NAME}.csv")
        return [*files, folder / f"{NAME}.csv"] if first else files

    return sheet.draw_leaves(len(names), _MOST, NAME, leaf)


def _draw(comparison: Comparison, points: dict[str, list[Point]], title: str, folder: Path, file: str) -> list[Path]:
    from matplotlib.figure import Figure

    names = list(points)
    with style.styled():
        down = -(-len(names) // _ACROSS)
        across = min(_ACROSS, len(names))
        height = 2.9 * down + 2.0
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(down, across, squeeze=False)
        figure.subplots_adjust(left=0.065, right=0.955, bottom=1.7 / height, top=1 - 0.85 / height, wspace=0.3,
                               hspace=0.42)  # fmt: skip
        for i, (panel, name) in enumerate(zip(panels.flat, names, strict=False)):
            _panel(panel, comparison, name, points[name], label(COST, comparison))
            panel.set_ylabel("share kept" if i % across == 0 else "")
        for panel in list(panels.flat)[len(names) :]:
            panel.set_axis_off()
        figure.text(0.01, 1 - 0.14 / height, draw.wrapped(title, 125), ha="left", va="top", fontsize=10.5,
                    fontweight="bold")  # fmt: skip
        _legend(figure, comparison, any(point.dominated for each in points.values() for point in each))
        draw.foot(figure, footer(comparison))
        return style.save(figure, folder, file, "Cost against promises", title)


def _promises(comparison: Comparison) -> list[Key]:
    return list(dict.fromkeys((p.name, "kept_share") for o in comparison.options for p in o.result.scenario.promises))


def _points(comparison: Comparison, key: Key, promise: str) -> list[Point]:
    kept_key = (promise, "kept_share")
    having = [option for option in comparison.options if kept_key in option.result.yardstick.places]
    found = []
    for option in having:
        paid = student(values(option.result, key) / comparison.periods)
        kept = bounded(student(values(option.result, kept_key)), 1.0)
        if kept.n:
            beaten = any(_beats(other, option, key, kept_key) for other in having if other is not option)
            found.append(Point(option, paid, kept, beaten))
    return found


def _beats(one: Option, other: Option, paid: Key, kept: Key) -> bool:
    """Whether `one` is better than `other` in cost or promise by more than chance, and worse in neither."""
    cheaper, keeps = (
        paired(values(other.result, key, one.result), values(one.result, key, other.result)) for key in (paid, kept)
    )
    better = (_is_less(cheaper), not _is_less(keeps) and _differs(keeps))
    worse = (not _is_less(cheaper) and _differs(cheaper), _is_less(keeps))
    return any(better) and not any(worse)


def _differs(found: Difference) -> bool:
    return bool(found.p <= 1 - CONFIDENCE)


def _is_less(found: Difference) -> bool:
    return _differs(found) and found.change.mean < 0


def _panel(axes: Axes, comparison: Comparison, name: str, points: list[Point], paid: str) -> None:
    money = comparison.base.result.scenario.currency
    for point in points:
        _cross(axes, comparison, point)
    target = next((p.share for o in comparison.options for p in o.result.scenario.promises if p.name == name), None)
    if target is not None:
        axes.axhline(target, color=style.BLACK, linewidth=1.1, linestyle=(0, (6, 3)))
        axes.annotate(f"target\n{draw.percent(target)}", (1, target), (3, 0), xycoords=axes.get_yaxis_transform(),
                      textcoords="offset points", va="center", fontsize=8)  # fmt: skip
    axes.set_title(draw.wrapped(sheet.short(name, 76), 40))
    axes.set_xlabel(f"{paid}, {money}".rstrip(", "))
    axes.margins(x=0.15)
    low = min([point.kept.mean for point in points] + [target or 1.0])
    bottom = max(0.0, np.floor(10 * (low - 0.06)) / 10)
    axes.set_ylim(bottom, 1.02)
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace(",", " "))
    axes.locator_params(axis="x", nbins=4)


def _cross(axes: Axes, comparison: Comparison, point: Point) -> None:
    """A mark with both intervals: hollow where the roster is resized, pale and dotted where another one dominates."""
    number = comparison.options.index(point.option)
    color = style.SERIES[number % len(style.SERIES)]
    shade = 0.45 if point.dominated else 1.0
    dashes: Any = _DOTS if point.dominated else "-"
    x, y = point.cost, point.kept
    if x.n > 1 and y.n > 1:
        axes.plot([x.low, x.high], [y.mean, y.mean], color=color, alpha=shade, linewidth=1.4, linestyle=dashes)
        axes.plot([x.mean, x.mean], [y.low, y.high], color=color, alpha=shade, linewidth=1.4, linestyle=dashes)
    axes.plot([x.mean], [y.mean], marker=style.MARKS[number % len(style.MARKS)], markersize=7, color=color, alpha=shade,
              markerfacecolor="white" if point.option.resized_from else color, markeredgewidth=1.4,
              linestyle="none")  # fmt: skip


def finding(points: dict[str, list[Point]]) -> str:
    """Which options another one beats in every promise."""
    names = list(dict.fromkeys(point.option.name for each in points.values() for point in each))
    always = [n for n in names if all(p.dominated for each in points.values() for p in each if p.option.name == n)]
    if not always:
        return "Cost against promises: no option costs more and keeps less than another in every promise"
    names_ = ", ".join(always)
    than = "it" if len(always) == 1 else "each of them"
    return (
        f"Cost against promises: nothing speaks for {names_}: whatever promise counts, some other option keeps no less "
        f"than {than} and costs no more, but for chance"
    )


def _legend(figure: Any, comparison: Comparison, pale: bool) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], **style.look(i), linewidth=1.4,
               markerfacecolor="white" if option.resized_from else style.SERIES[i % len(style.SERIES)])
        for i, option in enumerate(comparison.options)
    ]  # fmt: skip
    labels = [option.name for option in comparison.options]
    if pale:
        labels.append("pale, dotted: another one is cheaper or keeps more, and in neither worse by more than chance")
        handles.append(Line2D([], [], color=style.GREY, alpha=0.45, marker="o", linewidth=1.4, linestyle=_DOTS))
    place = (0.005, 0.28 / figure.get_figheight())  # above the line at the foot
    box = figure.legend(handles, [f"x{i}" for i in range(len(labels))], loc="lower left", bbox_to_anchor=place,
                        ncols=draw.fitting_columns(labels, 170))  # fmt: skip
    for text, words in zip(box.get_texts(), labels, strict=True):
        text.set_text(words)


def _numbers(comparison: Comparison, points: dict[str, list[Point]], key: Key) -> pd.DataFrame:
    """The numbers of the figure."""
    rows = [
        {
            "promise": name, "option": p.option.name, "measure_of_cost": key[1],
            "per": comparison.each.removeprefix("a "), "currency": comparison.base.result.scenario.currency,
            "cost": p.cost.mean, "cost_ci_low": p.cost.low,
            "cost_ci_high": p.cost.high, "kept_share": p.kept.mean, "kept_ci_low": p.kept.low,
            "kept_ci_high": p.kept.high, "dominated": int(p.dominated),
        }
        for name, each in points.items()
        for p in each
    ]  # fmt: skip
    return pd.DataFrame(rows)
