"""The availability bridge as a waterfall: where the rostered hours of each team went."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supportsim.measure.replication import TEAM_COLUMNS
from supportsim.measure.sums import Floats
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.study.costs import is_weekly
from supportsim.study.estimate import student_each
from supportsim.study.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "availability"
MOST = 6  # panels that fit a printed page
#: Step -> its words; in the order drawn.
STEPS = {
    "rostered": "rostered", "absent": "absent", "off_desk": "off desk", "breaks_paid": "paid breaks",
    "breaks_unpaid": "unpaid breaks", "present": "present", "handling": "handling", "wrap_up": "wrap-up",
    "idle": "idle", "overtime": "overtime",
}  # fmt: skip
_LOST = ("absent", "off_desk", "breaks_paid", "breaks_unpaid")
_SPENT = ("handling", "wrap_up", "idle")
_COLORS = {"rostered": style.BLUE, "present": style.BLUE, "handling": style.GREEN, "wrap_up": "#7FCBB4",
           "idle": style.PALE, "overtime": style.PURPLE}  # fmt: skip

KEY = "hatched: not at the desk · thin line: 95 % interval of the mean · overtime lies outside the roster"


@dataclass(frozen=True)
class Bridge:
    """One team: hours per `per` (a week, or all that is counted), mean and its 95 % interval, by step."""

    team: str
    per: str
    mean: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]

    def floor(self, step: str) -> float:
        """Where the bar of a step begins."""
        if step in _LOST:
            before = _LOST[: _LOST.index(step) + 1]
            return self.mean["rostered"] - sum(self.mean[name] for name in before)
        if step in _SPENT:
            before = _SPENT[: _SPENT.index(step) + 1]
            return self.mean["present"] - sum(self.mean[name] for name in before)
        return 0.0


def bridges(result: Result) -> tuple[Bridge, ...]:
    """All teams together where there are several, then each."""
    weeks = max(1.0, float(result.yardstick.grid.timeline.weeks))
    per = "a week" if is_weekly(result) else "in counted time"
    names = [team.name for team in result.scenario.teams]
    parts = [(name, result.team_hours[:, :, t]) for t, name in enumerate(names)]
    whole = [("all teams", result.team_hours.sum(axis=2))] if len(names) > 1 else []
    return tuple(_bridge(name, per, values / weeks) for name, values in [*whole, *parts])


def _bridge(name: str, per: str, values: Floats) -> Bridge:
    mean, low, high = (dict(zip(TEAM_COLUMNS, part.tolist(), strict=True)) for part in student_each(values))
    return Bridge(name, per, mean, low, high)


def finding(found: Bridge) -> str:
    """What the waterfall shows, in a sentence."""
    rostered, present = found.mean["rostered"], found.mean["present"]
    who = sheet.short(found.team, 40)
    if rostered <= 0:
        return f"{who}: nobody is rostered"
    away = ", ".join(
        f"{draw.percent(found.mean[step] / rostered)} {STEPS[step]}" for step in _LOST if found.mean[step] > 0
    )
    work, idle = found.mean["handling"] + found.mean["wrap_up"], found.mean["idle"]
    lost = f" ({away})" if away else ""
    return (
        f"{who}: of {sheet.hours(rostered)} hours rostered {found.per} {draw.percent(present / rostered)} are spent "
        f"at the desk{lost}, {draw.percent(work / rostered)} at work, {draw.percent(idle / rostered)} idle"
    )


def draw_availability(result: Result, folder: Path) -> list[Path]:
    """A panel for each team; returns the files written."""
    found = bridges(result)

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        return _draw(result, found[own], folder, name, numbers(found) if first else None)

    return sheet.draw_leaves(len(found), MOST, NAME, leaf)


def _draw(result: Result, found: tuple[Bridge, ...], folder: Path, name: str, table: pd.DataFrame | None) -> list[Path]:
    from matplotlib.figure import Figure

    columns = 1 if len(found) == 1 else 2 if len(found) <= 4 else 3
    lines = -(-len(found) // columns)
    titles = [finding(each) for each in found]
    with style.styled():
        height = 3.7 * lines + 0.75
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(lines, columns, squeeze=False).ravel()
        figure.subplots_adjust(left=0.06, right=0.99, bottom=1.25 / height, top=1 - 0.85 / height, wspace=0.22,
                               hspace=(1.85 / 2.2))  # fmt: skip
        for panel, each, title in zip(panels, found, titles, strict=False):
            _panel(panel, each)
            panel.set_title(draw.wrapped(title, (112, 58, 46)[columns - 1]), fontsize=(10.5, 9.5, 8.0)[columns - 1])
        for panel in panels[len(found) :]:
            panel.set_axis_off()
        figure.text(0.01, 0.32 / height, KEY, fontsize=8.0, va="bottom")
        return sheet.publish(result, figure, folder, name, "Availability bridge", titles, table)


def _panel(axes: Axes, found: Bridge) -> None:
    top = max(found.mean["rostered"], found.mean["overtime"], 1e-9)
    for at, step in enumerate(STEPS):
        floor, value = found.floor(step), found.mean[step]
        lost = step in _LOST
        axes.bar(at, value, bottom=floor, width=0.72, color="white" if lost else _COLORS[step], edgecolor=style.INK
                 if not lost else style.VERMILION, linewidth=0.6, hatch="////" if lost else None)  # fmt: skip
        if found.high[step] - found.low[step] > 0.002 * top:
            axes.plot([at, at], [floor + found.low[step], floor + found.high[step]], color=style.BLACK, linewidth=1.2)
        share = f"\n{_percent(value / found.mean['rostered'])}" if value > 0 < found.mean["rostered"] else ""
        top_of_bar = floor + (np.nanmax([value, found.high[step]]) if value else 0.0)
        axes.annotate(f"{sheet.hours(value)}{share}" if value else "0", (at, top_of_bar), xytext=(0, 2),
                      textcoords="offset points", ha="center", va="bottom", fontsize=7.5)  # fmt: skip
    axes.set_xticks(range(len(STEPS)), list(STEPS.values()), rotation=38, ha="right", rotation_mode="anchor")
    highest = [found.floor(step) + found.high[step] for step in STEPS]
    axes.set_ylim(0, 1.16 * float(np.nanmax([top, *highest])))
    axes.set_ylabel(f"hours {found.per}")
    axes.axvline(len(STEPS) - 1.5, color=style.GREY, linewidth=0.8, linestyle=(0, (2, 2)))  # overtime is outside
    axes.grid(visible=False, axis="x")


def _percent(share: float) -> str:
    return draw.percent(share, 1 if share < 0.0095 else 0)


def numbers(found: tuple[Bridge, ...]) -> pd.DataFrame:
    """The numbers of the figure."""
    rows = [
        {
            "team": each.team, "step": step, "per": each.per, "hours": each.mean[step], "ci_low": each.low[step],
            "ci_high": each.high[step],
            "share_of_rostered": each.mean[step] / each.mean["rostered"] if each.mean["rostered"] else np.nan,
        }
        for each in found
        for step in STEPS
    ]  # fmt: skip
    return pd.DataFrame(rows)
