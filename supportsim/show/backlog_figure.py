"""What waits on deferred channels over the typical day or week, by age; when the weekend's pile is gone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.ages import BANDS, deferred_rows
from supportsim.measure.sums import Floats
from supportsim.scenario.ticks import HOUR
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.study.estimate import student_each
from supportsim.study.pattern import WEEKDAYS, Pattern, pattern
from supportsim.study.piles import Pile, channel_names, pile, unmanned
from supportsim.study.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "backlog"
MOST = 2  # panels that fit a printed page
_COLOURS = ("#D6E6F2", "#8FBCDD", "#3D7FB5", "#0B3C66")  # older is darker, also in print without colour
_WORDS = ("0–8 h old", "8–24 h", "24–72 h", "over 72 h")


@dataclass(frozen=True)
class Backlog:
    """One channel: contacts open at the end of each bin, by age and in all, with both ranges."""

    name: str
    cut: Pattern
    ages: Floats  # (BANDS, bins), means over replications and dates
    total: Floats
    low: Floats
    high: Floats
    p05: Floats
    p95: Floats
    empty: NDArray[np.bool_]  # nobody is rostered who may answer
    pile: Pile | None


def backlogs(result: Result) -> tuple[Backlog, ...]:
    """One per deferred channel; every hour of the days counted is drawn."""
    grid = result.yardstick.grid
    cut = pattern(grid, np.ones(len(grid.intervals), dtype=bool))
    dates = cut.merged(np.ones(len(grid.intervals)))
    names = [row.channel for _, row in deferred_rows(result.scenario)]
    found = []
    for k, name in enumerate(channel_names(result)):
        ages = cut.merged(result.age_sums[:, names.index(name)]) / dates / result.n
        total, low, high = student_each(cut.merged(result.waiting[:, k]) / dates)
        p05, p95 = _range(cut, result.waiting[:, k])
        empty = cut.merged(~unmanned(result, k)) == 0
        found.append(Backlog(name, cut, ages, total, np.maximum(low, 0), high, p05, p95, empty, pile(result, k)))
    return tuple(found)


def _range(cut: Pattern, waiting: NDArray[np.int32]) -> tuple[Floats, Floats]:
    """The 5 % and 95 % quantiles over replications and dates, by bin."""
    found = np.array([np.quantile(waiting[:, cut.place == i], [0.05, 0.95]) for i in range(cut.bins)])
    return found[:, 0], found[:, 1]


def finding(found: Backlog) -> str:
    """What the panel shows, in a sentence."""
    name = sheet.short(found.name, 40)
    if not found.total.any():
        return f"{name}: nothing is ever left waiting at the end of an interval"
    top = int(found.total.argmax())
    peak = f"{name}: {sheet.hours(found.total[top])} wait on average at the worst time, {end_of(found.cut, top)}"
    old = found.ages[3].max()
    aged = f"at most {sheet.hours(old)} of them longer than 72 h" if old >= 0.05 else "none longer than 72 h"
    return f"{peak}, {aged}{_gone(found.pile)}"


def _gone(heap: Pile | None) -> str:
    if heap is None:
        return ""
    if np.median(heap.grown) < 0.5:
        return f"; nothing piles up over the {heap.name}"
    what = f"; the {heap.name}'s pile of {sheet.hours(float(heap.grown.mean()))}"
    if not math.isfinite(heap.typical):
        return f"{what} is mostly not cleared before the next"
    return f"{what} is cleared by {_clock(heap, heap.typical)} in half of the {heap.name}s"


def _clock(heap: Pile, after: float) -> str:
    """So many hours after the end of the gap, as weekday and local time (of a night: as local time)."""
    hour = heap.hour + after
    clock = f"{int(hour % 24):02d}:{round(hour % 1 * 60):02d}"
    return clock if heap.name == "night" and hour < 24 else f"{WEEKDAYS[(heap.weekday + int(hour // 24)) % 7]} {clock}"


def end_of(cut: Pattern, place: int) -> str:
    """The end of a bin: `Mon 08:30`."""
    hour = cut.hour[place] + cut.length / HOUR
    day = cut.days[int(cut.day[place])]
    clock = f"{int(hour):02d}:{round(hour % 1 * 60):02d}"
    return f"{day} {clock}" if len(cut.days) > 1 else clock


def draw_backlog(result: Result, folder: Path) -> list[Path]:
    """A panel for each deferred channel; returns the files written, none where there is no such channel."""
    found = backlogs(result)

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        return _draw(result, found[own], folder, name, numbers(found) if first else None)

    return sheet.draw_leaves(len(found), MOST, NAME, leaf)


def _draw(
    result: Result, found: tuple[Backlog, ...], folder: Path, name: str, table: pd.DataFrame | None
) -> list[Path]:
    from matplotlib.figure import Figure

    titles = [finding(each) for each in found]
    with style.styled():
        height = 3.5 * len(found) + 1.2 if len(found) > 1 else 3.95
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(len(found), 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.065, right=0.985, hspace=0.5, bottom=1.12 / height, top=1 - 0.72 / height)
        for panel, each, title in zip(panels, found, titles, strict=True):
            handles = _panel(panel, each)
            panel.set_title(draw.wrapped(title), pad=17)
        panels[-1].set_xlabel("local time, " + result.scenario.times.zone)
        words = [w for _, w in handles]
        style.legend(panels[-1], [h for h, _ in handles], words, loc="upper center", ncols=5,
                     bbox_to_anchor=(0.5, -0.4 / panels[-1].get_position().height / height))  # fmt: skip
        return sheet.publish(result, figure, folder, name, "Backlog by age", titles, table)


def _panel(axes: Axes, found: Backlog) -> list[tuple[Any, str]]:
    cut = found.cut
    floor = np.zeros(cut.bins)
    handles: list[tuple[Any, str]] = []
    for band in reversed(range(len(BANDS))):  # the oldest at the foot
        x, top = draw.steps(cut, floor + found.ages[band])
        patch = axes.fill_between(x, draw.steps(cut, floor)[1], top, color=_COLOURS[band], linewidth=0)
        handles.append((patch, _WORDS[band]))
        floor = floor + found.ages[band]
    x, p05 = draw.steps(cut, found.p05)
    pale = axes.fill_between(
        x, p05, draw.steps(cut, found.p95)[1], facecolor="none", edgecolor=style.ORANGE, hatch="////", linewidth=0.8
    )  # strokes: a tone would in grey be that of an age
    dark = axes.fill_between(
        x, draw.steps(cut, found.low)[1], draw.steps(cut, found.high)[1], facecolor=style.VERMILION, alpha=0.55,
        hatch="||||", edgecolor=style.INK, linewidth=0,
    )  # fmt: skip
    (line,) = axes.plot(*draw.steps(cut, found.total), color=style.BLACK, linewidth=1.2)
    night = shade(axes, found.cut, found.empty)
    handles += [(line, "all, mean of the replications"), (pale, "5–95 % of single days")]
    handles += [] if np.isnan(found.low).all() else [(dark, "95 % interval of the mean")]  # of one replication none
    handles += [(night, "nobody rostered for it")] if found.empty.any() else []
    handles += _mark(axes, found)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"{sheet.short(found.name)}: open contacts\nat the end of each {draw.bin_words(cut.length)}")
    draw.time_axis(axes, cut)
    return handles


def shade(axes: Axes, cut: Pattern, empty: NDArray[np.bool_]) -> Any:
    """Nights and weekends: bins in which nobody is rostered for the channel."""
    at = np.arange(cut.bins + 1, dtype=np.float64)
    where = np.append(empty, empty[-1:])
    return axes.fill_between(at, 0, 1, where=where, step="post", transform=axes.get_xaxis_transform(), zorder=0,
                             facecolor="#EFEFEF", hatch="....", edgecolor="#D2D2D2", linewidth=0)  # fmt: skip


def _mark(axes: Axes, found: Backlog) -> list[tuple[Any, str]]:
    """The time by which half of the piles are cleared."""
    heap = found.pile
    if heap is None or not math.isfinite(heap.typical) or np.median(heap.grown) < 0.5:
        return []
    hour = heap.hour + heap.typical
    day = (heap.weekday + int(hour // 24)) % 7
    days = [i for i, name in enumerate(found.cut.days) if len(found.cut.days) == 1 or name == WEEKDAYS[day]]
    lines = []
    for place in days if heap.name == "weekend" else range(len(found.cut.days)):
        first = int(np.flatnonzero(found.cut.day == place)[0])
        at = first + (hour % 24 - found.cut.hour[first]) * HOUR / found.cut.length
        lines.append(axes.axvline(at, color=style.INK, linewidth=1.4, linestyle=(0, (3, 1.5))))
    return [(lines[0], f"{heap.name}'s pile cleared ({_clock(heap, heap.typical)})")] if lines else []


def numbers(found: tuple[Backlog, ...]) -> pd.DataFrame:
    """The numbers of the figure."""
    frames = []
    for each in found:
        columns: dict[str, Any] = {"channel": each.name, "bin": list(each.cut.labels)}
        columns |= dict(zip(BANDS, each.ages, strict=True))
        columns |= {"all": each.total, "ci_low": each.low, "ci_high": each.high, "day_p05": each.p05}
        frames.append(pd.DataFrame(columns | {"day_p95": each.p95, "nobody_rostered": each.empty.astype(np.int64)}))
    return pd.concat(frames, ignore_index=True)
