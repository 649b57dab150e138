"""Net staffing of live lines: by how many agents those present are under or over what is required, by interval."""

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
from supportsim.show.required_text import ask
from supportsim.show.staffed_teams import staffing
from supportsim.study.intraday import erlang, yours
from supportsim.study.live_lines import Line, live_lines
from supportsim.study.pattern import Pattern, pattern
from supportsim.study.required_heads import Required
from supportsim.study.result import Result
from supportsim.study.words import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "net"
MOST = 2  # panels that fit a printed page


@dataclass(frozen=True)
class Net:
    """A live line: agents required, rostered and present of the teams asked in time, per bin; NaN for none."""

    name: str
    cut: Pattern
    words: str  # what asks
    required: Floats
    rostered: Floats
    present: Floats
    deferred: float  # agent-hours of work offered on deferred channels, of the typical day or week
    teams: str = ""
    played: bool = False  # whether this simulation asks
    whose: str = ""  # where not all teams are asked in time: which
    gross: Floats | None = None  # rostered heads of whom so many are at the desk, where this simulation asks

    @property
    def net(self) -> Floats:
        """Present less required: who is rostered and absent, off desk or on a break answers nobody."""
        return np.where(np.isnan(self.required), np.nan, self.present - self.required)

    def hours(self, heads: Floats) -> tuple[float, float]:
        """Agent-hours under and over what is required, of the typical day or week."""
        gap = np.nan_to_num(heads - self.required) * self.cut.length / HOUR
        return float(-gap[gap < 0].sum()), float(gap[gap > 0].sum())


def nets(result: Result) -> tuple[Net, ...]:
    """The live lines with a promise; where there is none, the desk as a whole if it states a requirement.

    Against what this simulation requires, where somebody asked for that.
    """
    if result.heads_required:
        return tuple(_played(result, each) for each in result.heads_required)
    lines = live_lines(result)
    if not lines:
        return _stated(result)
    active = np.any([(line.rostered > 0) | (line.required > 0) for line in lines], axis=0)
    cut = pattern(result.yardstick.grid, active)
    return tuple(_net(result, line, cut, alone=len(lines) == 1) for line in lines)


def _net(result: Result, line: Line, cut: Pattern, alone: bool) -> Net:
    """A requirement of yours does not say which line it speaks of, so it holds where there is one only."""
    hours = np.diff(result.yardstick.grid.interval_edges) / HOUR

    def heads(values: Floats) -> Floats:
        return cut.merged(np.nan_to_num(values) * hours) / cut.merged(hours)

    stated = yours(result)
    own = alone and not np.isnan(stated).all()
    words = "your requirement" if own else f"what {erlang(result)} asks for"
    rostered = heads(line.rostered)
    asked = _asked(rostered, heads(stated if own else line.required))
    return Net(line.name, cut, words, asked, rostered, heads(line.present), **_about(result, line, cut))


def _played(result: Result, found: Required) -> Net:
    """Against the heads that this simulation requires: nothing where it gives no number."""
    words = "what this simulation requires"
    about = _about(result, found.line, found.cut)
    return Net(found.line.name, found.cut, words, found.net, found.rostered, found.present, **about, played=True,
               gross=found.gross)  # fmt: skip


def _about(result: Result, line: Line, cut: Pattern) -> dict[str, Any]:
    """What is the same whoever asks: deferred work, and whose heads these are."""
    hours = np.diff(result.yardstick.grid.interval_edges) / HOUR
    deferred = float((cut.merged(line.deferred * hours) / cut.merged(hours)).sum()) * cut.length / HOUR
    teams = [team.name for team, mine in zip(result.scenario.teams, line.teams, strict=True) if mine]
    whose = "" if line.teams.all() else f"teams asked within {duration(line.limit)}"
    return {"deferred": deferred, "teams": " + ".join(teams), "whose": whose}


def _stated(result: Result) -> tuple[Net, ...]:
    """Everybody against a requirement of yours; nothing where none is stated."""
    return tuple(
        Net(g.name, g.cut, "your requirement", _asked(g.rostered, g.yours), g.rostered, g.present, 0.0, g.name)
        for g in staffing(result)
        if not np.isnan(g.yours).all()
    )


def _asked(rostered: Floats, needed: Floats) -> Floats:
    """Nothing is required where nothing comes and nobody is; NaN there."""
    known = np.nan_to_num(needed)
    return np.where((known > 0) | (rostered > 0), known, np.nan)


def finding(found: Net, named: bool = False) -> str:
    """What the bars show, in a sentence."""
    whose = f" ({found.whose})" if found.whose else ""
    who = f"{sheet.short(found.name, 40)}{whose}: " if named or whose else ""
    per = "a week" if len(found.cut.days) > 1 else "a day"
    asked = found.required > 0
    under, over = found.hours(found.present)
    below = int((asked & (found.net < -0.005)).sum())
    number = int(asked.sum())
    where = draw.some_of(below or number, number, found.cut.length)
    words = f"those present {'are under' if below else 'reach'} {found.words} in {where}"
    tail = f": {sheet.hours(under)} agent-hours under and {sheet.hours(over)} over {per}"
    text = _begun(f"{who}{words}{tail}{_on_the_roster(found)}")
    if not found.deferred:
        return text
    return (
        f"{text}. Not in this figure: {sheet.hours(found.deferred)} h of deferred work that may come to the same teams"
    )


def _on_the_roster(found: Net) -> str:
    """Rostered heads beside those rostered that would be required: both before absence, breaks and time off the desk.

    A formula tells no rostered heads, and against heads at the desk the roster would always look better than it is.
    """
    if found.gross is None:
        return ""
    gap = np.nan_to_num(found.rostered - found.gross) * found.cut.length / HOUR
    return f"; {sheet.hours(float(-gap[gap < 0].sum()))} agent-hours of rostered heads are missing for these"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("those present") else text


def draw_net(result: Result, folder: Path) -> list[Path]:
    """A panel for each live line; returns the files written, none where nothing is required."""
    found = nets(result)

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        return _draw(result, list(found[own]), len(found) > 1, folder, name, numbers(found) if first else None)

    return sheet.draw_leaves(len(found), MOST, NAME, leaf)


def _draw(
    result: Result, found: list[Net], named: bool, folder: Path, name: str, table: pd.DataFrame | None
) -> list[Path]:
    from matplotlib.figure import Figure

    titles = [finding(each, named) for each in found]
    with style.styled():
        height = 2.9 * len(found) + 1.05
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(len(found), 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.065, right=0.935, hspace=0.62, bottom=0.98 / height, top=1 - 0.72 / height)
        for panel, each, title in zip(panels, found, titles, strict=True):
            handles = _panel(panel, each)
            panel.set_title(draw.wrapped(title), pad=17)
        panels[-1].set_xlabel(f"local time, {result.scenario.times.zone}{_note(result, found)}")
        words = ["under: fewer present than required", "over: more present than required",
                 "rostered less required, before absence, breaks and off desk"]  # fmt: skip
        style.legend(panels[-1], handles, words, loc="upper center", ncols=3,
                     bbox_to_anchor=(0.5, -0.42 / panels[-1].get_position().height / height))  # fmt: skip
        return sheet.publish(result, figure, folder, name, "Net staffing of live lines", titles, table)


def _note(result: Result, found: list[Net]) -> str:
    """Who requires: this simulation, or how it would be asked."""
    if any(each.played for each in found):
        return " · required: by this simulation"
    return f" · {ask(result)}" if result.heads_required is None and live_lines(result) else ""


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
                "line": each.name, "teams": each.teams, "bin": list(each.cut.labels), "required_by": each.words,
                "required": each.required, "rostered": each.rostered, "present": each.present,
                "net_rostered": each.rostered - each.required, "net_present": each.present - each.required,
            }
        )
        for each in found
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)
