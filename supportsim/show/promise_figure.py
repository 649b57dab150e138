"""Promises by interval of the typical day or week, with the target, two bands, and the misses hatched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supportsim.scenario.model import Promise
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.kept_panel import Handles, draw_kept, together
from supportsim.study.estimate import student
from supportsim.study.pattern import Kept, kept_by_bin
from supportsim.study.result import Result
from supportsim.study.words import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "promises"
MOST = 3  # panels that fit a printed page


def draw_promises(result: Result, folder: Path) -> list[Path]:
    """One panel per promise; returns the files written, none where nothing is promised."""
    promises = result.scenario.promises
    found = [
        kept_by_bin(result.yardstick.grid, result.kept[:, i], result.judged[:, i], promise.share)
        for i, promise in enumerate(promises)
    ]

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        return _draw(result, promises[own], found[own], folder, name, _numbers(promises, found) if first else None)

    return sheet.draw_leaves(len(found), MOST, NAME, leaf)


def _draw(
    result: Result, promises: tuple[Promise, ...], found: list[Kept], folder: Path, name: str,
    table: pd.DataFrame | None,
) -> list[Path]:  # fmt: skip
    from matplotlib.figure import Figure

    titles = [finding(result, promise, kept) for promise, kept in zip(promises, found, strict=True)]
    with style.styled():
        height = (2.55 if len(found) < MOST else 2.25) * len(found) + 1.35
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(len(found), 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.075, right=0.925, hspace=0.62, bottom=1.15 / height, top=1 - 0.62 / height)
        handles = []
        for panel, promise, kept, title in zip(panels, promises, found, titles, strict=True):
            handles.append(_panel(panel, promise, kept))
            panel.set_title(draw.wrapped(title), pad=17)
        panels[-1].set_xlabel("local time, " + result.scenario.times.zone)
        keys = together(handles)
        words = [each.replace("\n", " ") for _, each in keys]
        style.legend(panels[-1], [h for h, _ in keys], words, loc="upper center", ncols=3,
                     bbox_to_anchor=(0.5, -0.42 / panels[-1].get_position().height / height))  # fmt: skip
        return sheet.publish(result, figure, folder, name, "Promises by interval", titles, table)


def _panel(axes: Axes, promise: Promise, kept: Kept) -> Handles:
    handles = draw_kept(axes, kept, draw.steps, "share kept, all replications", "target")
    draw.beside(axes, kept.target, f"target\n{draw.percent(kept.target)}")
    what = "answered" if promise.clock == "answer" else "replied to"
    axes.set_ylabel(f"share {what} in time\nper {draw.bin_words(kept.cut.length)}")
    draw.time_axis(axes, kept.cut)
    return handles


def finding(result: Result, promise: Promise, kept: Kept) -> str:
    """What the panel shows, in a sentence."""
    key = result.yardstick.places[promise.name, "kept_share"]
    whole = student(result.rows[:, key, 2])
    limit = f"{'answer' if promise.clock == 'answer' else 'first reply'} in {duration(promise.limit)}"
    name = sheet.short(promise.name, 60)
    if not whole.n:
        return f"{name} ({limit}): nothing to judge"
    known = f" (± {100 * whole.half:.1f})" if whole.n > 1 else ""
    kept_of = f"{draw.percent(whole.mean, 1)}{known} kept of {draw.percent(promise.share)} promised"
    words = f"{name} ({limit}): {kept_of}"
    cases = ~np.isnan(kept.mean)
    close = draw.too_close(int(kept.close.sum()))
    unit = draw.bin_words(kept.cut.length, several=bool(cases.sum() != 1))
    if not kept.below.any():
        return f"{words}; no {draw.bin_words(kept.cut.length)} below target on average{close}"
    worst = int(np.nanargmin(np.where(cases, kept.mean, np.nan)))
    return (
        f"{words}; {kept.below.sum()} of {cases.sum()} {unit} below target on average{close}, "
        f"worst {kept.cut.labels[worst]} ({draw.percent(float(kept.mean[worst]))}, "
        f"missed on {kept.days_missed[worst]:.0f} days in 100)"
    )


def _numbers(promises: tuple[Promise, ...], found: list[Kept]) -> pd.DataFrame:
    """The numbers of the figure."""
    frames = [
        pd.DataFrame(
            {
                "promise": promise.name, "bin": list(kept.cut.labels),
                "bin_minutes": kept.cut.length / 60_000_000, "target": promise.share,
                "cases_per_day": kept.cases, "kept_share": kept.mean, "kept_ci_low": kept.low,
                "kept_ci_high": kept.high, "day_p05": kept.p05, "day_p95": kept.p95,
                "days_missed_in_100": kept.days_missed,
            }
        )
        for promise, kept in zip(promises, found, strict=True)
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)
