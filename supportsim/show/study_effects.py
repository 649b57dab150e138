"""Paired differences against the levels of the first factor: what the thing compared does, here and there."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supportsim.show import sheet, style
from supportsim.show import study_words as words
from supportsim.show.axes import fitting_columns, wrapped
from supportsim.show.study_figures import Key, Scale, finish, scenario_of
from supportsim.show.study_levels import DASHES, DEEP, FOOT, HEAD, MOST_PANELS, PANEL
from supportsim.study.folder import write_csv
from supportsim.study.study import StudyResult
from supportsim.study.study_pairs import Comparison, comparisons
from supportsim.study.words import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "effects"


class Panel(NamedTuple):
    """One metric at fixed levels of the factors that are neither axis nor line; `beside`: these levels in words."""

    key: Key
    beside: str
    lines: dict[str, dict[str, Comparison]]  # level of the second factor -> level of the first -> what differs
    scale: Scale  # the same for all panels of a metric


def shown(result: StudyResult) -> list[int]:
    """Places of the factors that the figure shows: all, but for one that alone is compared and has two levels."""
    plan = result.plan
    against = plan.compare.against if plan.compare else {}
    constant = {factor for factor in against if len(against) == 1 and len(plan.levels[factor]) == 2}
    found = [i for i, factor in enumerate(plan.factors) if factor not in constant]
    return found or list(range(len(plan.factors)))


def panels(result: StudyResult) -> list[Panel]:
    """A panel per metric and combination of further factors; only metrics of which something is known."""
    first, *others = shown(result)
    made: dict[tuple[Key, str], Panel] = {}
    found = [each for each in comparisons(result) if each.difference.change.n]
    for key in result.plan.metrics:
        own = [each for each in found if (each.selector, each.measure) == key]
        ends = [end for each in own for end in each.difference.change[:3]]
        scale = Scale(key[1], ends, scenario_of(result, key).currency, change=True)
        for each in own:
            rest = [each.point.levels[i] for i in others]
            line, beside = "/".join(rest[:1]), "/".join(rest[1:])
            panel = made.setdefault((key, beside), Panel(key, beside, {}, scale))
            panel.lines.setdefault(line, {})[each.point.levels[first]] = each
    return list(made.values())[:MOST_PANELS]


def draw_effects(result: StudyResult, folder: Path) -> list[Path]:
    """Returns the files written; nothing where nothing is compared."""
    made = panels(result)
    columns = min(2, len(made))

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        files = _leaf(result, made[own], columns, folder, name)
        if first:
            write_csv(result.differences, folder / f"{NAME}.csv")
        return [*files, folder / f"{NAME}.csv"] if first else files

    return sheet.draw_each(sheet.rows_of_panels(len(made), columns, DEEP), NAME, leaf)


def _leaf(result: StudyResult, made: list[Panel], columns: int, folder: Path, name: str) -> list[Path]:
    from matplotlib.figure import Figure

    height = math.ceil(len(made) / columns) * (PANEL + HEAD) + FOOT
    with style.styled():
        figure = Figure(figsize=(style.WIDTH, height))
        grid = figure.subplots(math.ceil(len(made) / columns), columns, squeeze=False)
        figure.subplots_adjust(left=0.075, right=0.97, wspace=0.2, hspace=HEAD / PANEL, top=1 - 0.95 / height,
                               bottom=FOOT / height)  # fmt: skip
        handles: dict[str, Any] = {}
        for axes, panel in zip(grid.flat, made, strict=False):
            handles |= _lines(axes, result, panel)
            _frame(axes, result, panel, 62 if columns == 2 else 130)
        for axes in grid.flat[len(made) :]:
            axes.set_visible(False)
        _below(figure, result, handles, height)
        finish(figure, result)
        title = f"{result.plan.name}: {result.plan.question}".rstrip(": ")
        return style.save(figure, folder, name, title, ". ".join(finding(result, panel) for panel in made) + ".")


def finding(result: StudyResult, panel: Panel) -> str:
    """`premium_tickets: …: −58.0 (110%/fifo) to −0.1 points (80%/value); told from chance in 14 of 20 comparisons`."""
    every = sorted((each for line in panel.lines.values() for each in line.values()),
                   key=lambda each: each.difference.change.mean)  # fmt: skip
    scenario, first = scenario_of(result, panel.key), shown(result)
    ends = []
    for each in (every[0], every[-1])[: len(every)]:
        where = "/".join(each.point.levels[i] for i in first)
        ends.append(f"{words.signed(each.difference.change.mean, panel.key[1], scenario.currency)} ({where})")
    clear = sum(each.verdict in ("higher", "lower") for each in every)
    where = f"{panel.beside}: " if panel.beside else ""
    span = " to ".join(dict.fromkeys(ends))
    many = f"{clear} of " if clear < len(every) else "all " if clear > 1 else ""
    called = f"told from chance in {many}{several(len(every), 'comparison')}"
    return f"{where}{words.metric(scenario, panel.key)}: {span}; {called}"


def compared(result: StudyResult) -> str:
    """`free there against none`, `against price 0 and take_up 0%`: what a difference is one of."""
    plan = result.plan
    assert plan.compare is not None
    drawn = {plan.factors[i] for i in shown(result)}
    (factor, base), *more = plan.compare.against.items()
    if not more and factor not in drawn:
        other = next(level for level in plan.levels[factor] if level != base)
        return f"{factor} {other} against {base}"
    return "against " + " and ".join(f"{name} {level}" for name, level in plan.compare.against.items())


def _frame(axes: Axes, result: StudyResult, panel: Panel, width: int) -> None:
    """Title with the finding, both axes, the line of no difference."""
    place = shown(result)[0]
    levels = _levels(result, panel)
    axes.set_title(wrapped(finding(result, panel), width), fontsize=9)
    axes.set_xticks(range(len(levels)), levels, rotation=20 if max(map(len, levels)) * len(levels) > 60 else 0)
    axes.set_xlim(-0.35, len(levels) - 0.65)
    axes.set_xlabel(result.plan.factors[place])
    label = panel.scale.label
    what = "\n".join(textwrap.wrap(f"difference, {compared(result)}{f', {label}' if label else ''}", 36))
    axes.set_ylabel(what)
    axes.axhline(0, color=style.BLACK, linewidth=1.0, zorder=1)


def _levels(result: StudyResult, panel: Panel) -> list[str]:
    """Levels of the first factor at which anything is compared."""
    there = {level for line in panel.lines.values() for level in line}
    return [level for level in result.plan.levels[result.plan.factors[shown(result)[0]]] if level in there]


def _lines(axes: Axes, result: StudyResult, panel: Panel) -> dict[str, Any]:
    """Every line in its colour, mark and dash, open marks where nothing may be said; returns what the legend shows."""
    handles: dict[str, Any] = {}
    scale, levels, many = panel.scale, _levels(result, panel), len(panel.lines)
    order = _order(result)
    for i, (line, found) in enumerate(panel.lines.items()):
        look = order.index(line) if line in order else i
        colour, marker = style.SERIES[look % len(style.SERIES)], style.MARKS[look % len(style.MARKS)]
        at = [levels.index(level) + (i - (many - 1) / 2) * 0.06 for level in found]
        changes = [each.difference.change for each in found.values()]
        mean, low, high = (scale(np.array([change[k] for change in changes])) for k in range(3))
        axes.vlines(at, low, high, color=colour, linewidth=2.0)
        axes.plot(at, mean, linewidth=1.4, color=colour, linestyle=DASHES[look % len(DASHES)])
        for x, y, each in zip(at, mean, found.values(), strict=True):
            clear = each.verdict in ("higher", "lower")
            axes.plot([x], [y], marker=marker, markersize=5, color=colour, markerfacecolor=colour if clear else "white")
        handles[line] = _handle(colour, marker, DASHES[look % len(DASHES)])
    return handles


def _order(result: StudyResult) -> list[str]:
    """Levels of the second factor, which keep their colour in every panel."""
    places = shown(result)
    return list(result.plan.levels[result.plan.factors[places[1]]]) if len(places) > 1 else [""]


def _handle(colour: str, marker: str, dash: Any) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, marker=marker, linestyle=dash, linewidth=1.4, markersize=5)


def _below(figure: Figure, result: StudyResult, handles: dict[str, Any], height: float) -> None:
    """The legend: what the lines are, and what a bar and an open mark mean."""
    places = shown(result)
    second = f"{result.plan.factors[places[1]]} · " if len(places) > 1 else ""
    bars = "bars: 95 % interval of the mean paired difference, each for itself"
    heading = f"{second}{bars} · open: no difference, or too close to call"
    labels = list(handles)
    style.legend(figure.axes[0], list(handles.values()), labels, loc="lower center", ncols=fitting_columns(labels),
                 bbox_to_anchor=(0.5, 0.32 / height), bbox_transform=figure.transFigure, title=heading)  # fmt: skip
