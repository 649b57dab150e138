"""Which option is best along each uncertain input: a bar for each, in the colour of whoever leaves most there."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.comparison_words import footer
from supportsim.study.best import Best, table
from supportsim.study.best_words import names, words
from supportsim.study.comparison import Comparison
from supportsim.study.flip_inputs import LOGARITHM, OPINION
from supportsim.study.flip_words import input_name, value_of
from supportsim.study.folder import write_csv

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "best"
_ROWS = 18
_LETTERS = 60  # of a name, that fit into a bar of the whole range
_ROW, _AROUND = 0.29, 2.2  # inches: of a bar, of all that stands around them


def draw_best(comparison: Comparison, folder: Path) -> list[Path]:
    """Write `best`; returns the files, none of fewer than three options of which it is known what they leave."""
    if not comparison.best:
        return []
    from matplotlib.figure import Figure

    shown, left = ranked(comparison.best)
    title = finding(comparison, shown)
    with style.styled():
        height = _ROW * len(shown) + _AROUND
        figure = Figure(figsize=(style.WIDTH, height))
        axes = figure.add_axes((0.22, 1.2 / height, 0.42, 1 - 1.8 / height))
        colours = _colours(comparison)
        for y, found in enumerate(shown):
            _bar(axes, y, found, colours)
        _frame(axes, shown, left)
        figure.text(0.01, 1 - 0.14 / height, draw.wrapped(title, 125), ha="left", va="top", fontsize=10.5,
                    fontweight="bold")  # fmt: skip
        _legend(figure)
        draw.foot(figure, footer(comparison))
        files = style.save(figure, folder, NAME, "Which option is best along each input", title)
    write_csv(numbers(comparison), folder / f"{NAME}.csv")
    return [*files, folder / f"{NAME}.csv"]


def ranked(every: tuple[Best, ...]) -> tuple[list[Best], list[Best]]:
    """Those along which another one becomes the best, the nearest to what is stated first; then those too close to
    call somewhere, then others; and what there is no room for."""
    found = sorted(every, key=lambda each: (_distance(each), all(lead.sure for lead in each.leads)))
    return found[:_ROWS], found[_ROWS:]


def _distance(found: Best) -> float:
    """From what is stated to the nearest turn, in widths of the range; infinite where there is none."""
    stated = _place(found, found.stated)
    return min((abs(_place(found, at) - stated) for at in _turns(found)), default=math.inf)


def _turns(found: Best) -> list[float]:
    """Where another one becomes the best: exactly, or half-way between neighbouring values."""
    return [turn.exact.mean if turn.exact else (turn.low + turn.high) / 2 for turn in found.turns]


def _place(found: Best, at: float) -> float:
    """Of a value within the range, from 0 to 1; factors and odds on the logarithm."""
    low, high = found.leads[0].at, found.leads[-1].at
    if found.unit in (OPINION, LOGARITHM):
        return (at - low) / (high - low)
    return math.log(at / low) / math.log(high / low)


def _colours(comparison: Comparison) -> dict[str, str]:
    every = {option.name: style.SERIES[i % len(style.SERIES)] for i, option in enumerate(comparison.options)}
    return {name: every[name] for name in names(comparison)}


def _bar(axes: Axes, y: float, found: Best, colours: dict[str, str]) -> None:
    turns = iter(_turns(found))
    borders = [
        _place(found, next(turns) if a.option != b.option else (a.at + b.at) / 2) for a, b in pairwise(found.leads)
    ]
    for lead, (begin, end) in zip(found.leads, pairwise([0.0, *borders, 1.0]), strict=True):
        axes.barh(y, end - begin, left=begin, height=0.62, color=colours[lead.option], edgecolor="white",
                  linewidth=0, hatch=None if lead.sure else "////")  # fmt: skip
    _who(axes, y, found, colours)
    for turn in found.turns:
        if turn.exact is not None and turn.exact.n > 1 and not math.isnan(turn.exact.low):
            ends = [_place(found, min(max(end, found.leads[0].at), found.leads[-1].at)) for end in turn.exact[1:3]]
            axes.plot(ends, [y, y], color=style.BLACK, linewidth=1.2)
    stated = _place(found, found.stated)
    axes.plot([stated, stated], [y - 0.42, y + 0.42], color=style.BLACK, linewidth=1.6)
    for at, x, side in ((found.leads[0].at, 0.0, "right"), (found.leads[-1].at, 1.0, "left")):
        axes.annotate(value_of(found.unit, at), (x, y), (-3 if side == "right" else 3, 0),
                      textcoords="offset points", va="center", ha=side, fontsize=7.5)  # fmt: skip
    if found.turns:
        axes.annotate(sheet.short(words(found), 72), (1.12, y), va="center", fontsize=8, annotation_clip=False)


def _who(axes: Axes, y: float, found: Best, colours: dict[str, str]) -> None:
    """The name of who leaves most in each part of a bar, where it fits: a colour alone tells not everybody."""
    options = [found.leads[0].option] + [b.option for a, b in pairwise(found.leads) if a.option != b.option]
    borders = [_place(found, at) for at in _turns(found)]
    for option, (begin, end) in zip(options, pairwise([0.0, *borders, 1.0]), strict=True):
        if room := int((end - begin) * _LETTERS):
            name = sheet.short(option, 30)
            axes.text(begin + 0.012, y, name if len(name) <= room else "", ha="left", va="center", fontsize=7.5,
                      bbox={"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": colours[option],
                            "linewidth": 0})  # fmt: skip


def _frame(axes: Axes, shown: list[Best], left: list[Best]) -> None:
    axes.set_xlim(-0.1, 1.1)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_yticks(range(len(shown)), [sheet.short(input_name(b.input, b.of, b.unit), 38) for b in shown])
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    said = f". Not shown: {', '.join(input_name(b.input, b.of, b.unit) for b in left)}" if left else ""
    axes.set_xlabel(
        draw.wrapped(f"each input from its low to its high end; in the bar: who leaves most there{said}", 120),
        fontsize=8.5,
    )


def _legend(figure: Any) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [Patch(facecolor=style.GREY, edgecolor="white", hatch="////", linewidth=0),
                Line2D([], [], color=style.BLACK, linewidth=0, marker="|", markersize=9, markeredgewidth=1.6),
                Line2D([], [], color=style.BLACK, linewidth=1.2)]  # fmt: skip
    said = ["hatched: too close to call against another one", "as stated", "95 % interval of where it turns"]
    legend = figure.legend(handles, [f"x{i}" for i in range(len(said))], loc="lower left",
                           bbox_to_anchor=(0.005, 0.28 / figure.get_figheight()),
                           ncols=draw.fitting_columns(said, 170))  # fmt: skip
    for text, label in zip(legend.get_texts(), said, strict=True):
        text.set_text(label)


def finding(comparison: Comparison, shown: list[Best]) -> str:
    """Who leaves most as stated, and the nearest input along which another one does."""
    lead = comparison.best[0].as_stated
    first = f"{lead.option} leaves most as stated{'' if lead.sure else ' (too close to call)'}"
    nearest = next((each for each in shown if each.turns and each.unit not in (OPINION, LOGARITHM)), None)
    nearest = nearest or next((each for each in shown if each.turns), None)
    if nearest is None:
        return f"{first}, and whatever input is moved through its range no other option becomes the best, by means"
    return f"{first}; with {input_name(nearest.input, nearest.of, nearest.unit)} it is {words(nearest)}"


def numbers(comparison: Comparison) -> pd.DataFrame:
    """The numbers of the figure: the rows of best.csv."""
    return table(comparison)
