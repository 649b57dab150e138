"""How old the oldest open contact is over the typical day or week, by segment, against the limit promised to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim.measure.sums import Floats
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.backlog_figure import end_of, shade
from supportsim.study.oldest_band import SAME, Ages, oldest_bands
from supportsim.study.result import Result
from supportsim.study.words import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "oldest"
MOST = 3  # panels that fit a printed page
_DAYS = 96.0  # hours from which on an axis is in days


def draw_oldest(result: Result, folder: Path) -> list[Path]:
    """A panel for each segment on a deferred channel; returns the files written, none without such a channel."""
    found = oldest_bands(result)

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        return _draw(result, found[own], folder, name, numbers(found) if first else None)

    return sheet.draw_leaves(len(found), MOST, NAME, leaf)


def finding(found: Ages) -> str:
    """What the panel shows, in a sentence."""
    who = f"{sheet.short(found.channel, 24)} · {sheet.short(found.segment, 24)}"
    if not found.p95.any():
        return f"{who}: hardly ever is anything left open at the end of {_a_bin(found)}"
    if not found.middle.any():
        top = int(found.p95.argmax())
        worst = f"{_old(found.p95[top])} or more on 5 days in 100, {end_of(found.cut, top)}"
        return f"{who}: in the median nothing is open at any time, the oldest is {worst}; {_against(found)}"
    top = int(found.middle.argmax())
    worst = f"{_old(found.middle[top])} old in the median at the worst time, {end_of(found.cut, top)}"
    return f"{who}: the oldest open contact is {worst}; {_against(found)}"


def _against(found: Ages) -> str:
    """Where the median stands beside the limit."""
    if found.promise is None:
        return "nothing is promised to all of them"
    older, length = f"older than {sheet.short(found.promise.name, 24)} allows", found.cut.length
    if number := int(found.past.sum()):
        return f"{older} on half of the days in {draw.some_of(number, found.cut.bins, length)}"
    number = int(np.sum(found.p95 > found.late_from + SAME))
    if number:
        return f"{older} on 5 days in 100 or more in {draw.some_of(number, found.cut.bins, length)}"
    return f"{older} on fewer than 5 days in 100 at any time"


def _a_bin(found: Ages) -> str:
    name = draw.bin_words(found.cut.length)
    return f"an {name}" if name[0] in "aeio" or name.startswith("hour") else f"a {name}"


def _old(hours: float) -> str:
    """`50 min`, `3.4 h`, `34 h`, `5.2 days`."""
    if hours >= _DAYS:
        return f"{hours / 24:.1f} days"
    return f"{60 * hours:.0f} min" if hours < 1 else f"{sheet.hours(hours)} h"


def _draw(result: Result, found: tuple[Ages, ...], folder: Path, name: str, table: pd.DataFrame | None) -> list[Path]:
    from matplotlib.figure import Figure

    titles = [finding(each) for each in found]
    with style.styled():
        height = (2.55 if len(found) < MOST else 2.25) * len(found) + 1.35
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(len(found), 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.075, right=0.985, hspace=0.62, bottom=1.15 / height, top=1 - 0.72 / height)
        keys: dict[str, Any] = {}
        for panel, each, title in zip(panels, found, titles, strict=True):
            keys = _panel(panel, each) | keys
            panel.set_title(draw.wrapped(title), pad=17)
        panels[-1].set_xlabel("local time, " + result.scenario.times.zone)
        style.legend(panels[-1], list(keys.values()), list(keys), loc="upper center", ncols=3,
                     bbox_to_anchor=(0.5, -0.42 / panels[-1].get_position().height / height))  # fmt: skip
        return sheet.publish(result, figure, folder, name, "Age of the oldest open contact", titles, table)


def _panel(axes: Axes, found: Ages) -> dict[str, Any]:
    unit, size = ("days", 24.0) if max(found.p95.max(), found.high.max(initial=0)) >= _DAYS else ("h", 1.0)

    def steps(values: Floats) -> tuple[Floats, Floats]:
        return draw.steps(found.cut, values / size)

    x, p05 = steps(found.p05)
    keys: dict[str, Any] = {}
    pale = axes.fill_between(x, p05, steps(found.p95)[1], color=style.SKY, alpha=0.28, linewidth=0)
    dark = axes.fill_between(x, steps(found.low)[1], steps(found.high)[1], color=style.BLUE, alpha=0.55, linewidth=0)
    words = f"median of all days, at the end of each {draw.bin_words(found.cut.length)} (nothing open: 0)"
    (keys[words],) = axes.plot(*steps(found.middle), color=style.BLUE, linewidth=1.6)
    if not np.isnan(found.low).all():  # of one replication there is none
        keys["95 % interval of the median"] = dark
    keys["5–95 % of single days"] = pale
    if found.promise is not None and np.isfinite(found.late_from).any():
        keys |= _limit(axes, found, steps(found.late_from))
    if found.empty.any():
        keys["nobody rostered for it"] = shade(axes, found.cut, found.empty)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"age of the oldest, {unit}")
    draw.time_axis(axes, found.cut)
    return keys


def _limit(axes: Axes, found: Ages, line: tuple[Floats, Floats]) -> dict[str, Any]:
    """The age from which on a contact is late, and its name where the line ends."""
    assert found.promise is not None
    (rule,) = axes.plot(*line, color=style.BLACK, linewidth=1.1, linestyle=(0, (6, 3)))
    limit = f"{duration(found.promise.limit)}{'' if found.promise.hours.always else ' of its hours'}"
    words = f"target: late from here on, {sheet.short(found.promise.name, 24)} ({limit})"
    axes.annotate(words, (0.995, 0.97), xycoords="axes fraction", ha="right", va="top", fontsize=8.5,
                  bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5})  # fmt: skip
    return {"so old a first contact has passed its limit": rule}


def numbers(found: tuple[Ages, ...]) -> pd.DataFrame:
    """The numbers of the figure."""
    frames = [
        pd.DataFrame(
            {
                "channel": each.channel, "segment": each.segment, "bin": list(each.cut.labels),
                "oldest_median_h": each.middle, "ci_low": each.low, "ci_high": each.high, "day_p05": each.p05,
                "day_p95": each.p95, "promise": each.promise.name if each.promise else "",
                "late_from_h": each.late_from, "nobody_rostered": each.empty.astype(np.int64),
            }
        )
        for each in found
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)
