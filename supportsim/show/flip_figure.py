"""The flip chart: how far each uncertain input moves a difference in contribution, and where the better one changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.comparison_words import footer
from supportsim.show.waterfall_figure import amount
from supportsim.study.comparison import Comparison
from supportsim.study.flip_inputs import LOGARITHM, Flip, Tried
from supportsim.study.flip_words import name_of, place, value
from supportsim.study.folder import write_csv
from supportsim.study.words import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "flips"
_ROWS = 14  # bars of a panel
_ROW, _AROUND = 0.29, 1.35  # inches: of a bar, of what stands around a panel, and around all
_FLIPS, _STAYS = style.ORANGE, style.SKY

Panels = dict[str, list[Flip]]


def draw_flips(comparison: Comparison, folder: Path) -> list[Path]:
    """A panel for each option; returns the files written, none where no input was tried."""
    panels: Panels = {}
    for flip in comparison.flips:
        panels.setdefault(flip.option, []).append(flip)
    title = finding(comparison, panels)

    def leaf(shown: slice, name: str, first: bool) -> list[Path]:
        files = _draw(comparison, dict(list(panels.items())[shown]), folder, name, title)
        if first:
            write_csv(numbers(comparison, panels), folder / f"{NAME}.csv")
            files.append(folder / f"{NAME}.csv")
        return files

    heights = [_height(flips) + _AROUND for flips in panels.values()]
    return sheet.draw_each(sheet.leaves_by_height(heights, style.TALLEST - _AROUND), NAME, leaf)


def _height(flips: list[Flip]) -> float:
    """Of a panel: it has a room of a bar and a half besides its bars."""
    return _ROW * (sum(len(each) for each in ranked(flips)[:2]) + 1.5)


def ranked(flips: list[Flip]) -> tuple[list[Flip], list[Flip], list[Flip]]:
    """Those that flip it, those that only move it, both by how far they do; and those left out for want of room."""
    found = sorted(flips, key=lambda flip: -_reach(flip))
    flipping = [flip for flip in found if flip.flips]
    moving = [flip for flip in found if not flip.flips and flip.moves]
    shown = moving[: max(0, _ROWS - len(flipping))]
    return flipping, shown, [flip for flip in found if flip not in flipping and flip not in shown]


def _reach(flip: Flip) -> float:
    means = [each.change.mean for each in flip.tried]
    return max(means) - min(means)


def _draw(comparison: Comparison, panels: Panels, folder: Path, name: str, title: str) -> list[Path]:
    from matplotlib.figure import Figure

    with style.styled():
        rows = [_height(flips) for flips in panels.values()]
        height = sum(rows) + _AROUND * (len(rows) + 1)
        figure = Figure(figsize=(style.WIDTH, height))
        grid = figure.add_gridspec(len(rows), 1, height_ratios=rows, hspace=1.3 / (sum(rows) / len(rows)),
                                   left=0.22, right=0.78, bottom=1.35 / height, top=1 - 0.85 / height)  # fmt: skip
        for i, (option, flips) in enumerate(panels.items()):
            _panel(figure.add_subplot(grid[i]), comparison, option, flips)
        figure.text(0.01, 1 - 0.14 / height, draw.wrapped(title, 125), ha="left", va="top", fontsize=10.5,
                    fontweight="bold")  # fmt: skip
        _legend(figure, comparison)
        draw.foot(figure, footer(comparison))
        return style.save(figure, folder, name, "What would flip the choice", title)


def _panel(axes: Axes, comparison: Comparison, option: str, flips: list[Flip]) -> None:
    flipping, moving, left = ranked(flips)
    stated = flips[0].at(flips[0].stated)
    if stated.n > 1:
        axes.axvspan(stated.low, stated.high, color=style.PALE, linewidth=0)
    axes.axvline(stated.mean, color=style.GREY, linewidth=1)
    axes.axvline(0, color=style.BLACK, linewidth=1.3)
    shown = [*flipping, *moving]
    gap = 0.6 if flipping and moving else 0.0
    places = [i + (gap if i >= len(flipping) else 0.0) for i in range(len(shown))]
    for y, flip in zip(places, shown, strict=True):
        _bar(axes, y, flip)
    if gap:
        axes.axhline(len(flipping) - 0.5 + gap / 2, color=style.INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set_ylim(len(shown) - 0.4 + gap, -0.6)
    axes.set_yticks(places, [sheet.short(name_of(flip), 38) for flip in shown])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    _limits(axes, [end for flip in shown for each in flip.tried for end in (each.change.mean, *_ends(each))])
    axes.xaxis.set_major_formatter(lambda at, _: f"{at:,.0f}".replace(",", " ").replace("-", "−"))
    axes.set_title(draw.wrapped(_heading(comparison, option, amount(stated), len(flipping)), 95))
    axes.set_xlabel(_below(comparison, left), fontsize=8.5)


def _heading(comparison: Comparison, option: str, said: str, flipping: int) -> str:
    money = f"{comparison.base.result.scenario.currency} {comparison.each}".strip()
    flips = f"{several(flipping, 'input')} flip{'s' * (flipping == 1)} it" if flipping else "no input flips it"
    return f"{option}: {' '.join(said.split())} {money} as stated; {flips} within the range tried"


def _below(comparison: Comparison, left: list[Flip]) -> str:
    money = f"{comparison.base.result.scenario.currency} {comparison.each}".strip()
    what = "contribution after churn" if comparison.base.result.yardstick.churns else "contribution"
    names = draw.wrapped(f"moved less or not at all by {', '.join(name_of(flip) for flip in left)}", 120)
    return f"{what}, option minus {comparison.base.name}, {money}" + f"\n{names}" * bool(left)


def _ends(each: Tried) -> tuple[float, ...]:
    """The interval, where there is one."""
    return (each.change.low, each.change.high) if each.change.n > 1 else ()


def _limits(axes: Axes, ends: list[float]) -> None:
    """0 and every interval, with room beside them for the values."""
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = 0.1 * ((high - low) or 1.0)
    axes.set_xlim(low - room, high + room)


def _bar(axes: Axes, y: float, flip: Flip) -> None:
    means = [each.change.mean for each in flip.tried]
    color = _FLIPS if flip.flips else _STAYS
    axes.barh(y, max(means) - min(means), left=min(means), height=0.62, color=color, edgecolor=style.INK,
              linewidth=0.6, hatch="////" if flip.flips else None)  # fmt: skip
    ends = (flip.tried[0], flip.tried[-1])
    for each in ends:
        if each.change.n > 1:
            axes.plot([each.change.low, each.change.high], [y, y], color=style.BLACK, linewidth=1.0)
        _value(axes, y, flip, each, is_left=each.change.mean <= min(end.change.mean for end in ends))
    words = f"flips {place(flip)}" if flip.flips else ""
    axes.annotate(words, (1, y), (6, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points", va="center",
                  fontsize=8, fontweight="bold")  # fmt: skip


def _value(axes: Axes, y: float, flip: Flip, each: Tried, is_left: bool) -> None:
    """What the input is at an end of its bar, outside of the interval there."""
    change = each.change
    at = (change.low if is_left else change.high) if change.n > 1 else change.mean
    axes.annotate(value(flip, each.at), (at, y), (-3 if is_left else 3, 0), textcoords="offset points", va="center",
                  ha="right" if is_left else "left", fontsize=7.5)  # fmt: skip


def finding(comparison: Comparison, panels: Panels) -> str:
    """Of how many options the choice against the base flips, and by what first."""
    base = comparison.base.name
    flipped = {name: ranked(flips)[0] for name, flips in panels.items() if ranked(flips)[0]}
    if not flipped:
        return f"Whatever input is moved through its range, the choice between {base} and each option stays, by means"
    name, flips = next(iter(flipped.items()))
    first = next((flip for flip in flips if flip.unit != LOGARITHM), flips[0])
    more = f", and that of {len(flipped) - 1} more" if len(flipped) > 1 else ""
    return f"The choice between {base} and {name} flips with {name_of(first)} {place(first)}{more}"


def _legend(figure: Any, comparison: Comparison) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [
        Patch(facecolor=_FLIPS, edgecolor=style.INK, hatch="////"), Patch(facecolor=_STAYS, edgecolor=style.INK),
        style.upright(style.BLACK, 1.3), style.upright(style.GREY, 1.0),
        Patch(facecolor=style.PALE), Line2D([], [], color=style.BLACK, linewidth=1.0, marker="_"),
    ]  # fmt: skip
    words = [
        "from low to high: flips the choice", "cannot flip it", "0: both are equally good", "as stated",
        "its 95 % interval", "95 % interval at low and high",
    ]  # fmt: skip
    figure.legend(handles, words, loc="lower left", bbox_to_anchor=(0.005, 0.28 / figure.get_figheight()),
                  ncols=draw.fitting_columns(words, 170))  # fmt: skip


def numbers(comparison: Comparison, panels: Panels) -> pd.DataFrame:
    """The numbers of the figure: a row for each option, input and value that was tried."""
    rows = [
        {
            "option": flip.option, "input": flip.input, "of": flip.of, "unit": flip.unit, "at": value(flip, each.at),
            "currency": comparison.base.result.scenario.currency, "per": comparison.each.removeprefix("a "),
            "difference": each.change.mean, "difference_ci_low": each.change.low,
            "difference_ci_high": each.change.high, "flips": int(flip.flips), "played": int(flip.played),
            "n": each.change.n,
        }
        for flips in panels.values()
        for flip in flips
        for each in flip.tried
    ]  # fmt: skip
    return pd.DataFrame(rows)
