"""Net staffing: by how many agents those present are under or over what is required, interval by interval."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim.measure.sums import Floats
from supportsim.scenario.ticks import HOUR
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.staffing_figure import Staffing, requirement, staffing
from supportsim.study.pattern import Pattern
from supportsim.study.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "net"


@dataclass(frozen=True)
class Net:
    """One group of teams that share work: agents required, rostered and present, per bin; NaN for none."""

    name: str
    cut: Pattern
    words: str  # what asks
    required: Floats
    rostered: Floats
    present: Floats
    deferred: float  # agent-hours of work offered on deferred channels, of the typical day or week

    @property
    def net(self) -> Floats:
        """Present less required: who is rostered and absent, off desk or on a break answers nobody."""
        return np.where(np.isnan(self.required), np.nan, self.present - self.required)

    def hours(self, heads: Floats) -> tuple[float, float]:
        """Agent-hours under and over what is required, of the typical day or week."""
        gap = np.nan_to_num(heads - self.required) * self.cut.length / HOUR
        return float(-gap[gap < 0].sum()), float(gap[gap > 0].sum())


def nets(result: Result) -> tuple[Net, ...]:
    """The groups for which anything is required."""
    found = []
    for group in staffing(result):
        needed, words = requirement(group)
        if needed is not None:
            asked = _asked(group, needed)
            deferred = _deferred(result, group)
            found.append(Net(group.name, group.cut, words, asked, group.rostered, group.present, deferred))
    return tuple(found)


def _deferred(result: Result, group: Staffing) -> float:
    kinds = {channel.name: channel.kind for channel in result.scenario.channels}
    loads = [load.sum() for name, load in group.loads.items() if kinds[name] == "deferred"]
    return float(sum(loads)) * group.cut.length / HOUR


def _asked(group: Staffing, needed: Floats) -> Floats:
    """Nothing is required where nothing comes and nobody is; NaN there."""
    known = np.nan_to_num(needed)
    return np.where((known > 0) | (group.rostered > 0), known, np.nan)


def finding(found: Net, named: bool = False) -> str:
    """What the bars show, in a sentence."""
    who = f"{sheet.short(found.name, 40)}: " if named else ""
    per = "a week" if len(found.cut.days) > 1 else "a day"
    asked = found.required > 0
    under, over = found.hours(found.present)
    gross, _ = found.hours(found.rostered)
    below = int((asked & (found.net < -0.005)).sum())
    number = int(asked.sum())
    where = draw.some_of(below or number, number, found.cut.length)
    words = f"those present {'are under' if below else 'reach'} {found.words} in {where}"
    needs = f" (work on deferred channels: {sheet.hours(found.deferred)})" if found.deferred else ""
    tail = f": {sheet.hours(under)} agent-hours under and {sheet.hours(over)} over {per}{needs}"
    return _begun(f"{who}{words}{tail}; as rostered {sheet.hours(gross)} agent-hours would be missing")


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("those present") else text


def draw_net(result: Result, folder: Path) -> list[Path]:
    """A panel for each group of teams that share work; returns the files written, none where nothing is required."""
    from matplotlib.figure import Figure

    found = nets(result)
    if not found:
        return []
    titles = [finding(each, named=len(found) > 1) for each in found]
    with style.styled():
        height = 2.9 * len(found) + 1.05
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(len(found), 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.065, right=0.935, hspace=0.62, bottom=0.98 / height, top=1 - 0.72 / height)
        for panel, each, title in zip(panels, found, titles, strict=True):
            handles = _panel(panel, each)
            panel.set_title(draw.wrapped(title), pad=17)
        panels[-1].set_xlabel("local time, " + result.scenario.times.zone)
        words = ["under: fewer present than required", "over: more present than required",
                 "rostered less required, before absence, breaks and off desk"]  # fmt: skip
        style.legend(panels[-1], handles, words, loc="upper center", ncols=3,
                     bbox_to_anchor=(0.5, -0.42 / panels[-1].get_position().height / height))  # fmt: skip
        return sheet.publish(result, figure, folder, NAME, "Net staffing", titles, numbers(found))


def _panel(axes: Axes, found: Net) -> list[Any]:
    net = np.nan_to_num(found.net)
    under = _bars(axes, np.minimum(net, 0), facecolor="#F6C9A8", edgecolor=style.VERMILION, hatch="////")
    over = _bars(axes, np.maximum(net, 0), facecolor=style.SKY)
    gross = np.where(np.isnan(found.net), np.nan, found.rostered - found.required)
    (line,) = axes.plot(*draw.steps(found.cut, gross), color=style.INK, linewidth=0.7)
    axes.axhline(0, color=style.BLACK, linewidth=1.4)
    axes.annotate("required", (1, 0), xycoords=axes.get_yaxis_transform(), xytext=(4, 0), va="center", fontsize=8,
                  textcoords="offset points")  # fmt: skip
    axes.set_ylabel("agents present − required")
    draw.time_axis(axes, found.cut)
    return [under, over, line]


def _bars(axes: Axes, heights: Floats, **more: Any) -> Any:
    """All bars as one thing, which is drawn ten times as fast as one by one."""
    from matplotlib.collections import PolyCollection

    bars = [[(i + 0.07, 0.0), (i + 0.07, h), (i + 0.93, h), (i + 0.93, 0.0)] for i, h in enumerate(heights) if h]
    found = axes.add_collection(PolyCollection(bars, linewidth=0, **more))
    axes.autoscale_view()
    return found


def numbers(found: tuple[Net, ...]) -> pd.DataFrame:
    """The numbers of the figure."""
    frames = [
        pd.DataFrame(
            {
                "teams": each.name, "bin": list(each.cut.labels), "required_by": each.words,
                "required": each.required, "rostered": each.rostered, "present": each.present,
                "net_rostered": each.rostered - each.required, "net_present": each.present - each.required,
            }
        )
        for each in found
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)
