"""How long customers wait: the share without an answer yet, by channel and segment, on a logarithmic axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from supportsim.measure.selectors import cover, sorted_pairs
from supportsim.measure.sums import Floats
from supportsim.measure.survival import POINTS
from supportsim.scenario.ticks import SECOND
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.study.estimate import student_each
from supportsim.study.result import Result
from supportsim.study.survival import Survival, survival, thinned
from supportsim.study.words import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "waits"
MOST = 2  # panels that fit a printed page
_TICKS = {1: "1 s", 3: "3 s", 10: "10 s", 30: "30 s", 60: "1 min", 180: "3 min", 600: "10 min", 1800: "30 min",
          3600: "1 h", 10800: "3 h", 28800: "8 h", 86400: "1 day", 259200: "3 days", 864000: "10 days",
          2592000: "30 days", 8640000: "100 days"}  # fmt: skip
_DASHES = ("-", (0, (5, 2)), (0, (1, 1.2)), (0, (6, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)))
_RANGES = ("waiting_ci_low", "waiting_ci_high", "replication_p05", "replication_p95")
PALE, DARK = 0.13, 0.35  # how strong the bands are
FALL = 0.05  # a fall of the curve within one class of waits that is an edge
_MARKS = 12  # censoring marks on a curve


@dataclass(frozen=True)
class Channel:
    """The curves of one channel, by segment, and the limits (s) that run in all hours, with their promises."""

    name: str
    live: bool
    curves: dict[str, Survival]
    ranges: dict[str, Ranges]
    limits: dict[float, str]


class Ranges(NamedTuple):
    """At POINTS: the 95 % interval of the mean over replications, and the 5 % and 95 % quantiles of single ones."""

    low: Floats
    high: Floats
    p05: Floats
    p95: Floats

    @property
    def hidden(self) -> bool:
        """Whether the interval of the mean covers the range of single replications, as that of a few does."""
        return bool(((self.low < self.p05 - 0.005) | (self.high > self.p95 + 0.005)).mean() > 0.1)


def channels(result: Result) -> tuple[Channel, ...]:
    """Every channel to which anybody came."""
    found = []
    scenario = result.scenario
    for channel in scenario.channels:
        curves, ranges = {}, {}
        for i, (segment, name) in enumerate(sorted_pairs(scenario)):
            mine = cover(scenario, segment, channel.name)[: len(scenario.queues)]
            curve = survival(result.wait_classes, mine) if name == channel.name else None
            if curve is not None:
                curves[segment], ranges[segment] = curve, _ranges(result.still_waiting[:, i])
        if curves:
            live, limits = channel.kind == "live", _limits(result, channel.name)
            found.append(Channel(channel.name, live, curves, ranges, limits))
    return tuple(found)


def _ranges(shares: Floats) -> Ranges:
    """From shares (replications, POINTS), NaN in replications in which nobody came."""
    real = shares[~np.isnan(shares[:, 0])]
    _, low, high = student_each(real)
    p05, p95 = np.quantile(real, [0.05, 0.95], axis=0)
    return Ranges(np.clip(low, 0, 1), np.clip(high, 0, 1), p05, p95)


def _limits(result: Result, channel: str) -> dict[float, str]:
    """Limits of promises of an answer that cover the channel; a first reply ends later than the wait drawn here."""
    names: dict[float, list[str]] = {}
    for promise in result.scenario.promises:
        theirs = {q.channel for q, covered in zip(result.scenario.queues, promise.queues, strict=True) if covered}
        if promise.clock == "answer" and channel in theirs:
            names.setdefault(promise.limit / SECOND, []).append(sheet.short(promise.name, 18))
    return {limit: ", ".join(found) for limit, found in sorted(names.items())}


def told(seconds: float) -> str:
    """A wait in words, to two or three digits."""
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 1.49 * size:
            return f"{seconds / size:.1f} {unit}" if seconds < 9.95 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 9.95 else f"{seconds:.1f} s"


def finding(found: Channel) -> str:
    """What the curves show, in a sentence."""
    worst = max(found.curves, key=lambda name: found.curves[name].reaches(0.1))
    tenth, at_once = found.curves[worst].reaches(0.1), [c.at_once for c in found.curves.values()]
    low, high = draw.percent(min(at_once)), draw.percent(max(at_once))
    shares = f"{low} do" if low == high else f"{low[:-2]} to {high} by segment do"
    who = f" ({sheet.short(worst, 40)})" if len(found.curves) > 1 else ""
    tail = (
        f"if nobody left, one in ten would wait {told(tenth)} or longer{who}"
        if math.isfinite(tenth)
        else f"more than one in ten never come to an answer{who}"
    )
    return f"{sheet.short(found.name, 40)}: {shares} not wait; {tail}"


def draw_waits(result: Result, folder: Path) -> list[Path]:
    """A panel for each channel; returns the files written, none where nobody came."""
    found = channels(result)

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        return _draw(result, list(found[own]), folder, name, numbers(found) if first else None)

    return sheet.draw_leaves(len(found), MOST, NAME, leaf)


def _draw(result: Result, found: list[Channel], folder: Path, name: str, table: pd.DataFrame | None) -> list[Path]:
    from matplotlib.figure import Figure

    titles = [finding(channel) for channel in found]
    with style.styled():
        height = 3.1 * len(found) + 0.75
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(len(found), 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.07, right=0.735, hspace=0.5, bottom=0.8 / height, top=1 - 0.5 / height)
        for panel, channel, title in zip(panels, found, titles, strict=True):
            _panel(panel, channel)
            panel.set_title(draw.wrapped(title))
        panels[-1].set_xlabel("time since the contact was created (logarithmic), to the begin of work on it")
        return sheet.publish(result, figure, folder, name, "Waits", titles, table)


def _panel(axes: Axes, found: Channel) -> None:
    handles: list[tuple[Any, str]] = []
    first = 1.0 if found.live else 60.0
    for i, (segment, curve) in enumerate(found.curves.items()):
        color, dashes = style.SERIES[i % len(style.SERIES)], _DASHES[i % len(_DASHES)]
        rows = thinned(curve)
        _bands(axes, found.ranges[segment], curve, first, color)
        x = np.concatenate([[first / 1.5], np.maximum(curve.wait[rows], first / 1.5)])
        y = np.concatenate([[1 - curve.at_once], curve.waiting[rows]])
        (line,) = axes.plot(x, y, color=color, linewidth=1.6, linestyle=dashes, drawstyle="steps-post")
        share = draw.percent(curve.gone, 1) if curve.gone >= 0.0005 else "under 0.1 %"
        left = f"{share} left first" if curve.gone else "nobody left first"
        name, apart = (sheet.short(segment, 24), ",\n") if len(found.curves) < 6 else (sheet.short(segment, 12), ", ")
        handles.append((line, f"{name}: {draw.percent(curve.at_once)} wait 0 s{apart}{left}"))
        axes.plot(*_censored(curve, first), color=color, linestyle="none", marker="|", markersize=8)
    if any(curve.gone for curve in found.curves.values()):
        (mark,) = axes.plot([], [], color=style.INK, linestyle="none", marker="|", markersize=8)
        handles.append((mark, "left, or open at the end: censored"))
    handles += _keys(found)
    marked: list[str] = []
    for limit, names in found.limits.items():
        rule = axes.axvline(limit, color=style.BLACK, linewidth=1.1, linestyle=(0, (6, 3)))
        axes.annotate(duration(round(limit * SECOND)), (limit, 1), xycoords=axes.get_xaxis_transform(), fontsize=7.5,
                      xytext=(3, -1), textcoords="offset points", va="top")  # fmt: skip
        marked.append(f"{duration(round(limit * SECOND))} {sheet.short(names, 36)}")
    if marked:
        handles.append((rule, "\n".join([f"limit{'s' * (len(marked) > 1)}:", *marked])))
    if (
        not found.live and not found.limits
    ):  # its promises run in office hours and to the reply; the axis shows all hours, to the begin
        words = "no limit marked: those of first replies\nend with the reply, and may count\noffice hours only"
        handles.append((_nothing(), words))
    _time_axis(axes, found, first)
    draw.percent_axis(axes, "share without an answer yet")
    sheet.aside(axes, handles)


def _upright(x: Floats, found: Ranges, curve: Survival) -> tuple[Floats, Ranges]:
    """The bands with an upright edge where the curve falls at once, as when others are asked: known at POINTS only,
    they would lean from the last of them before to the first behind."""
    fall = -np.diff(curve.waiting, prepend=curve.waiting[:1])
    for row in np.flatnonzero(fall > FALL):
        at = int(np.searchsorted(x, curve.wait[row]))
        if 0 < at < len(x):
            x = np.insert(x, at, [curve.wait[row]] * 2)
            found = Ranges(*(np.insert(each, at, [each[at - 1], each[at]]) for each in found))
    return x, found


def _bands(axes: Axes, ranges: Ranges, curve: Survival, first: float, color: str) -> None:
    """The pale and the dark band; none of one replication."""
    if not np.isnan(ranges.low).all():
        x, found = _upright(np.array(POINTS) / SECOND, ranges, curve)
        x = np.maximum(x, first / 1.5)
        axes.fill_between(x, found.p05, found.p95, color=color, alpha=PALE, linewidth=0)
        axes.fill_between(x, found.low, found.high, color=color, alpha=DARK, linewidth=0)
        if ranges.hidden:
            for edge in (found.p05, found.p95):
                axes.plot(x, edge, color=style.INK, linewidth=0.8, linestyle=(0, (1, 1.6)))


def _keys(found: Channel) -> list[tuple[Any, str]]:
    """What the bands are, in grey: they have the colours of their curves."""
    from matplotlib.patches import Patch

    if all(np.isnan(ranges.low).all() for ranges in found.ranges.values()):
        return []
    dotted = ",\nits ends dotted" if any(ranges.hidden for ranges in found.ranges.values()) else ""
    keys = ((DARK, "95 % interval of the mean"), (PALE, f"5–95 % of single replications{dotted}"))
    return [(Patch(color=style.GREY, alpha=alpha, linewidth=0), words) for alpha, words in keys]


def _nothing() -> Any:
    """A key without a mark, for words alone."""
    from matplotlib.patches import Patch

    return Patch(alpha=0.0, linewidth=0)


def _censored(curve: Survival, first: float) -> tuple[Any, Any]:
    """Where equal parts of those who left first had left."""
    if not curve.left.sum():
        return [], []
    parts = (np.arange(_MARKS) + 0.5) / _MARKS * curve.left.sum()
    rows = np.searchsorted(np.cumsum(curve.left), parts)
    return np.maximum(curve.wait[rows], first / 1.5), curve.waiting[rows]


def _time_axis(axes: Axes, found: Channel, first: float) -> None:
    last = max([first * 20, *found.limits, *(_end(curve) for curve in found.curves.values())])
    axes.set_xscale("log")
    axes.set_xlim(first / 1.5, last * 1.1)
    ticks = {at: words for at, words in _TICKS.items() if first <= at <= last * 1.1}
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.minorticks_off()
    axes.grid(visible=True, axis="x")


def _end(curve: Survival) -> float:
    """The wait beyond which next to nobody waits, or is known to."""
    thin = np.flatnonzero(curve.at_risk >= max(1.0, 0.001 * curve.at_risk[0]))
    return float(curve.wait[thin[-1]])


def numbers(found: tuple[Channel, ...]) -> pd.DataFrame:
    """The numbers of the figure."""
    frames = []
    for channel in found:
        for segment, curve in channel.curves.items():
            rows = thinned(curve)
            columns = {"wait_s": curve.wait, "waiting_share": curve.waiting, "at_risk": curve.at_risk}
            frame = pd.DataFrame({name: values[rows] for name, values in columns.items()})
            ends = {"answered": np.cumsum(curve.answered)[rows], "censored": np.cumsum(curve.left)[rows]}
            at = np.array(POINTS) / SECOND
            known = [np.interp(frame["wait_s"], at, values) for values in channel.ranges[segment]]
            frame = frame.assign(**ends, **dict(zip(_RANGES, known, strict=True)))
            frames.append(frame.assign(channel=channel.name, segment=segment))
    order = ["channel", "segment", "wait_s", "waiting_share", "at_risk", "answered", "censored", *_RANGES]
    return pd.concat(frames, ignore_index=True)[order]
