"""The bridge as a waterfall: a panel per promise, from the share by Erlang C to the share simulated."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.bridge_text import finding, plain, share, signed, tenths
from supportsim.study.bridge import ERLANG_C, Bridge, Bridges, Line
from supportsim.study.folder import write_csv

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "erlang_bridge"
MOST = 2  # panels that fit a printed page
LABELS = {
    ERLANG_C: "Erlang C", "erlang_a": "callers\nhang up", "played": "simulated,\nnot calculated",
    "other_work": "other work", "busyness": "busyness", "breaks": "breaks,\nshrinkage",
    "shift_ends": "shift ends", "returns": "returns",
}  # fmt: skip
_LEGEND = ("share kept", "step down", "step up", "95 % interval of the step", "target")
_BAR = 0.62  # of the distance between bars
_ROOM = 0.035  # above a bar, for its number
_SEEN = 0.005  # an interval narrower than that is told by its number alone


def draw_bridge(found: Bridges, folder: Path) -> list[Path]:
    """One panel per promise; returns the files written."""

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        files = _draw(found, list(found.bridges[own]), folder, name)
        if first:
            write_csv(numbers(found), folder / f"{NAME}.csv")
        return [*files, folder / f"{NAME}.csv"] if first else files

    return sheet.draw_leaves(len(found.bridges), MOST, NAME, leaf)


def _draw(found: Bridges, bridges: list[Bridge], folder: Path, name: str) -> list[Path]:
    from matplotlib.figure import Figure

    titles = [finding(each) for each in bridges]
    with style.styled():
        height = 2.95 * len(bridges) + 0.95
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(len(bridges), 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.075, right=0.925, hspace=0.62, bottom=1.2 / height, top=1 - 0.5 / height)
        for panel, each, title in zip(panels, bridges, titles, strict=True):
            handles = _panel(panel, each)
            panel.set_title(draw.wrapped(title), pad=8)
        style.legend(panels[-1], handles, list(_LEGEND), loc="upper center", ncols=len(_LEGEND),
                     bbox_to_anchor=(0.5, -0.5 / panels[-1].get_position().height / height))  # fmt: skip
        draw.foot(figure, style.footer(found.result))
        scenario = found.scenario
        title = f"From an Erlang sheet to the simulation: {scenario.title or scenario.name}"
        return style.save(figure, folder, name, title, " ".join(titles))


def bars(found: Bridge) -> list[tuple[str, str, float, float, Line]]:
    """(kind, label, from, to, line) of every bar: shares stand on 0, steps on the line before."""
    first, last = found.lines[0], found.lines[-1]
    shown = [("share", LABELS[first.id], 0.0, first.kept, first)]
    shown += [("step", LABELS[line.id], line.kept - line.difference, line.kept, line) for line in found.steps]
    return [*shown, ("share", "simulated", 0.0, last.kept, last)]


def _panel(axes: Axes, found: Bridge) -> list[Any]:
    target, shown = found.promise.share, bars(found)
    words = tenths(found)
    looks: dict[str, dict[str, Any]] = {
        "share": {"color": style.BLUE},
        "down": {"facecolor": style.ORANGE, "hatch": "////", "edgecolor": style.INK, "linewidth": 0.6},
        "up": {"facecolor": style.SKY, "edgecolor": style.INK, "linewidth": 0.6},
    }
    for x, (kind, _, low, high, line) in enumerate(shown):
        if math.isnan(high) or math.isnan(low):
            continue
        look = kind if kind == "share" else "down" if high < low else "up"
        axes.bar(x, high - low, _BAR, bottom=low, **looks[look])
        _number(axes, x, kind, low, high, share(high) if kind == "share" else signed(words[line.id]), line)
        if x + 1 < len(shown):
            axes.plot([x + _BAR / 2, x + 1 - _BAR / 2], [high, high], color=style.GREY, linewidth=0.8)
    rule = axes.axhline(target, color=style.BLACK, linewidth=1.1, linestyle=(0, (6, 3)), zorder=0.9)
    draw.beside(axes, target, f"target\n{draw.percent(target)}")
    draw.percent_axis(axes, "share answered in time")
    axes.set_ylim(0, 1.13)
    axes.set_xticks(range(len(shown)), [label for _, label, *_ in shown])
    axes.tick_params(axis="x", length=0)
    return [*(_patch(looks[name]) for name in looks), _interval(), rule]


def _number(axes: Axes, x: int, kind: str, low: float, high: float, text: str, line: Line) -> None:
    """The value above a bar, and for a step its interval."""
    known = kind == "step" and not math.isnan(line.half)
    if known and line.half > _SEEN:
        axes.errorbar(x, high, yerr=line.half, color=style.INK, capsize=4, elinewidth=1.1, capthick=1.1)
    top = max(low, high, high + line.half if known else 0.0)
    words = f"{text} ± {100 * line.half:.1f}" if known else text
    axes.text(x, top + _ROOM, words, ha="center", va="bottom", fontsize=8.5,
              bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85})  # fmt: skip


def _patch(look: dict[str, Any]) -> Any:
    from matplotlib.patches import Patch

    return Patch(**look)


def _interval() -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=style.INK, marker="|", markersize=9, linestyle="none", markeredgewidth=1.2)


def numbers(found: Bridges) -> pd.DataFrame:
    """The numbers of the figure."""
    rows = [
        (each.promise.name, each.promise.share, kind, "simulated" if label == "simulated" else plain(line), low, high,
         line.low if kind == "step" else math.nan, line.high if kind == "step" else math.nan)
        for each in found.bridges
        for kind, label, low, high, line in bars(each)
    ]  # fmt: skip
    columns = ["promise", "target", "bar", "label", "from", "to", "step_ci_low", "step_ci_high"]
    return pd.DataFrame(rows, columns=columns)
