"""Paired differences with their intervals, a panel for each metric; correlation and what pairing bought beside them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.show import sheet, style
from supportsim.show import study_sentences as told
from supportsim.show import study_words as words
from supportsim.show.axes import wrapped
from supportsim.show.study_figures import Key, Scale, finish, scenario_of
from supportsim.study.folder import write_csv
from supportsim.study.study import StudyResult
from supportsim.study.study_pairs import Comparison, comparisons

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "forest"
ROW, HEAD, FOOT = 0.27, 1.05, 1.0  # inches


def draw_forest(result: StudyResult, folder: Path) -> list[Path]:
    """Returns the files written; nothing where nothing is compared."""
    found = comparisons(result)
    groups = _groups(result, found) if found else []

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        files = _draw(result, found, groups[own], folder, name)
        if first:
            write_csv(result.differences, folder / f"{NAME}.csv")
        return [*files, folder / f"{NAME}.csv"] if first else files

    heights = [len(group) * ROW + HEAD for _, group in groups]
    return sheet.draw_each(sheet.leaves_by_height(heights, style.TALLEST - FOOT), NAME, leaf)


def _groups(result: StudyResult, found: list[Comparison]) -> list[tuple[Key, list[Comparison]]]:
    """A panel for each metric; more than one where its differences are more than fit a printed page."""
    most = int((style.TALLEST - FOOT - HEAD) / ROW)
    groups = []
    for key in result.plan.metrics:
        own = [each for each in found if (each.selector, each.measure) == key]
        groups += [(key, own[part.start : part.stop]) for part in sheet.leaves(len(own), most) if own]
    return groups


def _draw(
    result: StudyResult, found: list[Comparison], groups: list[tuple[Key, list[Comparison]]], folder: Path, file: str
) -> list[Path]:
    from matplotlib.figure import Figure

    rows = max(len(group) for _, group in groups)
    height = len(groups) * (rows * ROW + HEAD) + FOOT
    with style.styled():
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(len(groups), 1, squeeze=False)[:, 0]
        inside = rows * ROW / (rows * ROW + HEAD)
        figure.subplots_adjust(left=_left(found), right=0.725, top=1 - 0.95 / height, bottom=1.1 / height,
                               hspace=(1 - inside) / inside)  # fmt: skip
        for panel, (key, group) in zip(panels, groups, strict=True):
            _panel(panel, result, key, group)
        title = finding(found)
        figure.text(0.012, 1 - 0.12 / height, wrapped(title, 140), va="top", fontsize=11, fontweight="bold")
        _legend(panels[-1], height)
        finish(figure, result)
        alt = f"{title} " + " ".join(told.sentence(each) + "." for _, group in groups for each in group)
        return style.save(figure, folder, file, title, alt)


def finding(found: list[Comparison]) -> str:
    """How many differences are told from chance."""
    clear = [each for each in found if each.verdict in ("higher", "lower")]
    how = "all together with 95 % confidence" if found[0].family > 1 else "each with 95 % confidence"
    return f"{len(clear)} of {len(found)} differences are told from chance, {how}"


def _left(found: list[Comparison]) -> float:
    """Room for the names of the rows."""
    return min(0.4, 0.03 + 0.0062 * max(len(told.who(each)) for each in found))


def _panel(panel: Axes, result: StudyResult, key: Key, group: list[Comparison]) -> None:
    ends = [end for each in group for end in each.difference.change[:3]]
    scenario = scenario_of(result, key)
    scale = Scale(key[1], ends, scenario.currency, change=True)
    for row, each in enumerate(group):
        _row(panel, len(group) - 1 - row, each, scale)
    panel.axvline(0, color=style.BLACK, linewidth=1.0)
    panel.set_yticks(range(len(group)), [told.who(each) for each in reversed(group)])
    panel.set_ylim(-0.6, len(group) - 0.4)
    panel.grid(axis="x")
    panel.grid(visible=False, axis="y")
    panel.set_title(wrapped(words.metric(scenario, key), 100), pad=16, fontsize=9.5)
    panel.set_xlabel(f"difference{f', {scale.label}' if scale.label else ''}")
    for x, head in zip(_COLUMNS, ("difference", "r", "variance ÷", _p_head(group)), strict=True):
        panel.annotate(head, (1, 1), (x, 2), xycoords="axes fraction", textcoords="offset points", fontsize=7.5,
                       color=style.GREY, va="bottom")  # fmt: skip


_COLUMNS = (8, 92, 128, 190)  # points to the right of a panel


def _p_head(group: list[Comparison]) -> str:
    return "p (Holm)" if group[0].family > 1 else "p"


def _row(panel: Axes, y: int, each: Comparison, scale: Scale) -> None:
    change = each.difference.change
    clear = each.verdict in ("higher", "lower")
    colour = style.BLUE if clear else style.GREY
    if change.n:
        if not math.isnan(change.low):
            panel.plot([scale(change.low), scale(change.high)], [y, y], color=colour, linewidth=2.2)
        panel.plot([scale(change.mean)], [y], marker="o" if clear else "D", markersize=6, color=colour,
                   markerfacecolor=colour if clear else "white", linestyle="none")  # fmt: skip
    for x, text in zip(_COLUMNS, _margin(each), strict=True):
        panel.annotate(text, (1, y), (x, 0), xycoords=panel.get_yaxis_transform(), textcoords="offset points",
                       va="center", fontsize=8, annotation_clip=False)  # fmt: skip


def _margin(each: Comparison) -> tuple[str, ...]:
    gap = each.difference
    moved = words.signed(gap.change.mean, each.measure, each.point.scenario.currency)
    return (moved, _short(gap.correlation, 2), _short(gap.variance_reduction, 1), _small(each.p_holm))


def _short(number: float, digits: int) -> str:
    if math.isnan(number):
        return "–"
    return "∞" if math.isinf(number) else f"{number:.{digits if number < 100 else 0}f}"


def _small(p: float) -> str:
    return "–" if math.isnan(p) else "< 0.001" if p < 0.001 else f"{p:.3f}"


def _legend(panel: Axes, height: float) -> None:
    from matplotlib.lines import Line2D

    handles: list[Any] = [
        Line2D([], [], color=style.BLUE, marker="o", linewidth=2.2),
        Line2D([], [], color=style.GREY, marker="D", markerfacecolor="white", linewidth=2.2),
    ]
    labels = ["told from chance", "too close to call"]
    box = style.legend(panel, handles, labels, loc="upper center", ncols=2, bbox_to_anchor=(0.5, 0.68 / height),
                       bbox_transform=panel.figure.transFigure, title=NOTE)  # fmt: skip
    box.get_title().set_fontsize(8)


NOTE = (
    "lines: 95 % interval of the mean paired difference, each for itself · r: correlation of the pair over replications"
    " · variance ÷: how many times the replications it would take unpaired"
)
