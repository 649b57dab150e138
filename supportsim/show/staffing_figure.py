"""Staffing against load: work that may come, heads rostered and present, what Erlang asks for, occupancy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim.measure.sums import Floats
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.staffed_teams import Staffing, staffing
from supportsim.study.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "staffing"
_DASHES: tuple[Any, ...] = ((0, (1, 0)), (0, (6, 1)), (0, (4, 1, 1, 1)))  # loads of channels, told apart in grey
CAUTION = 0.88  # above this occupancy people tire and waits explode


def draw_staffing(result: Result, folder: Path) -> list[Path]:
    """Two panels and a file for each live line, and for the other teams; returns the files written."""
    found = staffing(result)
    table = pd.concat([_numbers(group) for group in found], ignore_index=True)
    files: list[Path] = []
    for number, group in enumerate(found, 1):
        title, name = finding(group, named=len(found) > 1), sheet.leaf(NAME, number)
        files += _draw(result, group, title, folder, name, table if number == 1 else None)
    return files


def _draw(
    result: Result, group: Staffing, title: str, folder: Path, name: str, table: pd.DataFrame | None
) -> list[Path]:
    from matplotlib.figure import Figure

    with style.styled():
        height = 6.45
        figure = Figure(figsize=(style.WIDTH, height))
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[2.6, 1])
        figure.subplots_adjust(hspace=0.42, left=0.065, right=0.925, bottom=1.15 / height, top=1 - 0.8 / height)
        handles, labels = _heads(upper, group)
        upper.set_title(draw.wrapped(title), pad=17)
        style.legend(upper, handles, labels, loc="upper center", ncols=draw.fitting_columns(labels),
                     bbox_to_anchor=(0.5, -0.01), columnspacing=1.3, handlelength=1.8)  # fmt: skip
        over = _occupancy(lower, group)
        lower.set_xlabel("local time, " + result.scenario.times.zone)
        style.legend(lower, [h for h, _ in over], [w for _, w in over], loc="upper center", ncols=2,
                     bbox_to_anchor=(0.5, -0.38))  # fmt: skip
        return sheet.publish(result, figure, folder, name, "Staffing against load", [title], table)


def _heads(axes: Axes, found: Staffing) -> tuple[list[Any], list[str]]:
    cut = found.cut
    x, rostered = draw.steps(cut, found.rostered)
    handles: list[Any] = [axes.fill_between(x, 0, np.nan_to_num(rostered), color="#DCE6EE", linewidth=0)]
    _, present = draw.steps(cut, found.present)
    handles.append(axes.fill_between(x, 0, np.nan_to_num(present), color="#9DBBD3", linewidth=0))
    labels = ["heads rostered", "heads present (after absence, breaks, off desk)"]
    bottom, stacked = np.zeros(cut.bins), []
    looks = zip(style.SERIES[1:] * 9, _DASHES * 27, strict=False)
    for (name, load), (color, dashes) in zip(found.loads.items(), looks, strict=False):
        top = bottom + load
        axes.plot(*draw.steps(cut, top), color="white", linewidth=3.4)  # in grey a line is as dark as heads behind it
        (line,) = axes.plot(*draw.steps(cut, top), color=color, linewidth=1.7, linestyle=dashes)
        handles.append(line)
        at_once = found.at_once[name]
        fitting = sheet.short(name)
        stacked.append(fitting if at_once <= 1 else f"{fitting} ({at_once:g} at once)")
        labels.append(f"load that may come: {' + '.join(stacked)}")
        bottom = top
    lines = (
        (found.erlang, (0, (5, 2)), f"required, {found.erlang_name} (live)"),
        (found.yours, (0, (1, 1.5)), "required, yours"),
    )
    for values, dashes, label in lines:
        if not np.isnan(values).all():
            (line,) = axes.plot(*draw.steps(cut, values), color=style.BLACK, linewidth=1.3, linestyle=dashes)
            handles.append(line)
            labels.append(label)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("agents")
    draw.time_axis(axes, cut)
    axes.tick_params(labelbottom=False)
    return handles, labels


def _occupancy(axes: Axes, found: Staffing) -> list[tuple[Any, str]]:
    x, busy = draw.steps(found.cut, found.occupancy)
    (line,) = axes.plot(x, busy, color=style.BLUE, linewidth=1.5)
    over = axes.fill_between(x, busy, CAUTION, where=busy > CAUTION, facecolor="none", hatch="////",
                             edgecolor=style.VERMILION, linewidth=0)  # fmt: skip
    axes.axhline(CAUTION, color=style.BLACK, linewidth=1.0, linestyle=(0, (6, 3)))
    draw.beside(axes, CAUTION, "caution\n88 %")
    draw.percent_axis(axes, "occupancy")
    draw.time_axis(axes, found.cut, names=False)
    left_out = ", filler counted as idle" if found.filler else ""
    return [(line, f"occupancy: work / (work + idle){left_out}"), (over, "occupancy above 88 %")]


def finding(found: Staffing, named: bool = False) -> str:
    """What the panels show, in a sentence; `named`: beginning with the teams."""
    unit = draw.bin_words(found.cut.length, several=True)
    who = f"{_who(found)}: " if named or found.whose else ""
    there = ~np.isnan(found.occupancy)
    if not there.any():
        return f"{who}nobody at work"
    high = int(np.sum(found.occupancy > CAUTION))
    tail = f"occupancy above 88 % in {high or 'none'} of {there.sum()} {unit}"
    needed, words = requirement(found)
    if needed is None:
        loaded = sum(found.loads.values(), np.zeros(found.cut.bins)).mean()
        return f"{who}{found.present.mean():.1f} agents present on average for a load of {loaded:.1f}; {tail}"
    asked = needed > 0
    gap = (found.present - needed)[asked]
    under = gap < -0.005
    if not under.any():
        return f"{who}{'heads' if who else 'Heads'} present cover {words} in all {asked.sum()} {unit}; {tail}"
    return (
        f"{who}{'in' if who else 'In'} {under.sum()} of {asked.sum()} {unit} heads present fall below {words}, "
        f"by {-gap[under].mean():.1f} agents there on average; {tail}"
    )


def _who(found: Staffing) -> str:
    """`phone (teams asked within 20 s)`, `phone (desk)`, `inbox`: its line and teams, or the teams of none."""
    if not found.line:
        return sheet.short(found.name, 60)
    return sheet.short(found.line, 40) + (f" ({found.whose})" if found.whose else f" ({sheet.short(found.name, 60)})")


def requirement(found: Staffing) -> tuple[Floats | None, str]:
    """What is required: yours, else what Erlang asks for; and who asks, in words."""
    for values, words in (
        (found.yours, "your requirement"),
        (found.erlang, f"what {found.erlang_name} asks for live work"),
    ):
        if not np.isnan(values).all():
            return values, words
    return None, ""


def _numbers(found: Staffing) -> pd.DataFrame:
    """The numbers of one group's panels."""
    columns: dict[str, Any] = {"line": found.line, "teams": found.name, "bin": list(found.cut.labels)}
    columns |= {f"load_{name}": load for name, load in found.loads.items()}
    return pd.DataFrame(
        columns
        | {
            "heads_rostered": found.rostered, "heads_present": found.present,
            "required_erlang_c": found.erlang_c, "required_erlang_a": found.erlang_a,
            "required_yours": found.yours, "occupancy": found.occupancy,
        }
    )  # fmt: skip
