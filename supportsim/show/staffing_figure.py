"""Staffing against load: work that comes in, heads rostered and present, what Erlang asks for, occupancy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim.measure.intervals import COLUMNS, Row, rows
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.ticks import HOUR
from supportsim.show import axes as draw
from supportsim.show import style
from supportsim.show.pattern import Pattern, pattern
from supportsim.study.folder import write_csv
from supportsim.study.intraday import places, required, yours
from supportsim.study.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "staffing"
CAUTION = 0.88  # above this occupancy people tire and waits explode


@dataclass(frozen=True)
class Staffing:
    """Means per bin of the typical day or week, in agents; NaN where there is nothing to say."""

    cut: Pattern
    hours: Floats  # of one bin
    loads: dict[str, Floats]  # channel -> offered load
    rostered: Floats
    present: Floats
    erlang_c: Floats
    erlang_a: Floats
    yours: Floats
    occupancy: Floats


def staffing(result: Result) -> Staffing:
    """Everything the figure shows, laid over each other by weekday and time of day."""
    grid, n = result.yardstick.grid, result.n
    table = rows(result.scenario)
    kinds = {channel.name: channel.kind for channel in result.scenario.channels}
    first = {row.channel: i for i, row in reversed(list(enumerate(table))) if row.channel != "all"}
    order = sorted(first, key=lambda name: (kinds[name] == "deferred", first[name]))
    channels = {name: first[name] for name in order}
    everything = dict(zip(COLUMNS, result.interval_sums[:, 0], strict=True))
    hours = np.diff(grid.interval_edges) / HOUR
    loads = {name: _load(result, table[i], i) / n for name, i in channels.items()}
    active = (everything["rostered_h"] > 0) | (sum(loads.values(), np.zeros(len(hours))) > 0)
    cut = pattern(grid, active)
    width = cut.merged(hours)

    def heads(values: Floats) -> Floats:
        known = cut.merged(hours * ~np.isnan(values))
        return ratio(cut.merged(np.nan_to_num(values) * hours), known)

    needed = [required(result, table[i], i) for i in channels.values()]
    at_work = cut.merged(everything["present_h"]) > 0  # overtime alone is no occupancy
    return Staffing(
        cut, width, {name: cut.merged(load) / width for name, load in loads.items()},
        cut.merged(everything["rostered_h"]) / n / width, cut.merged(everything["present_h"]) / n / width,
        heads(_total([c for c, _ in needed])), heads(_total([a for _, a in needed])), heads(yours(result)),
        ratio(cut.merged(everything["busy_h"]), cut.merged(everything["busy_or_idle_h"]) * at_work),
    )  # fmt: skip


def _load(result: Result, row: Row, i: int) -> Floats:
    """Agent-hours offered per interval, all replications: contacts x AHT / contacts one agent holds."""
    total = dict(zip(COLUMNS, result.interval_sums[:, i], strict=True))
    usual = total["work_s"].sum() / max(total["handled"].sum(), 1.0)
    aht = np.where(total["handled"] > 0, total["work_s"] / np.maximum(total["handled"], 1.0), usual)
    load: Floats = (total["offered"] + total["blocked"]) * aht / places(result.scenario, row) / 3600
    return load


def _total(parts: list[Floats]) -> Floats:
    """Sum over the channels that have a requirement; NaN where none has."""
    known = [part for part in parts if not np.isnan(part).all()]
    total = np.nansum(known, axis=0) if known else np.full(len(parts[0]), np.nan)
    return np.where(total > 0, total, np.nan)


def draw_staffing(result: Result, folder: Path) -> list[Path]:
    """Two panels on one time axis; returns the files written."""
    from matplotlib.figure import Figure

    found = staffing(result)
    title = finding(result, found)
    with style.styled():
        figure = Figure(figsize=(style.WIDTH, 6.6))
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[2.6, 1])
        figure.subplots_adjust(left=0.065, right=0.925, hspace=0.16, bottom=0.185, top=0.875)
        handles, labels = _heads(upper, found)
        upper.set_title(draw.wrapped(title), pad=17)
        extra = _occupancy(lower, found)
        lower.set_xlabel("local time, " + result.scenario.times.zone)
        style.legend(lower, handles + [h for h, _ in extra], labels + [w for _, w in extra],
                     loc="upper center", ncols=5, bbox_to_anchor=(0.5, -0.42))  # fmt: skip
        draw.foot(figure, style.footer(result))
        files = style.save(figure, folder, NAME, f"Staffing against load: {result.scenario.title}", title)
    write_csv(_numbers(found), folder / f"{NAME}.csv")
    return [*files, folder / f"{NAME}.csv"]


def _heads(axes: Axes, found: Staffing) -> tuple[list[Any], list[str]]:
    cut = found.cut
    x, rostered = draw.steps(cut, found.rostered)
    handles: list[Any] = [axes.fill_between(x, 0, np.nan_to_num(rostered), color="#DCE6EE", linewidth=0)]
    _, present = draw.steps(cut, found.present)
    handles.append(axes.fill_between(x, 0, np.nan_to_num(present), color="#9DBBD3", linewidth=0))
    labels = ["heads rostered", "heads present (after absence, breaks, off desk)"]
    bottom, stacked = np.zeros(cut.bins), []
    for (name, load), color in zip(found.loads.items(), style.SERIES[1:] * 9, strict=False):
        top = bottom + load
        (line,) = axes.plot(*draw.steps(cut, top), color=color, linewidth=1.7)
        handles.append(line)
        stacked.append(name)
        labels.append(f"load offered: {' + '.join(stacked)}")
        bottom = top
    lines = (
        (found.erlang_c, (0, (5, 2)), "required, Erlang C (live)"),
        (found.erlang_a, (0, (1, 0)), "required, Erlang A (live)"),
        (found.yours, (0, (1, 1.5)), "required, yours"),
    )
    for values, dashes, label in lines:
        if not np.isnan(values).all():
            wide = 0.9 if "A" in label[-8:] else 1.3
            (line,) = axes.plot(*draw.steps(cut, values), color=style.BLACK, linewidth=wide, linestyle=dashes)
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
    return [(line, "occupancy: work / (work + idle)"), (over, "occupancy above 88 %")]


def finding(result: Result, found: Staffing) -> str:
    """What the figure shows, in a sentence."""
    unit = draw.bin_words(found.cut.length, several=True)
    key = result.yardstick.places["all", "occupancy"]
    busy = result.rows[:, key, 2]
    whole = (
        f"occupancy {draw.percent(float(np.nanmean(busy)))}" if not np.isnan(busy).all() else "nobody at work"
    )
    high = int(np.sum(found.occupancy > CAUTION))
    tail = f"{whole}, above 88 % in {high} of {(~np.isnan(found.occupancy)).sum()} {unit}"
    needed, words = _requirement(found)
    if needed is None:
        return tail[0].upper() + tail[1:]
    asked = needed > 0
    gap = (found.present - needed)[asked]
    under = gap < -0.005
    if not under.any():
        return f"Heads present cover {words} in all {asked.sum()} {unit}; {tail}"
    return (
        f"In {under.sum()} of {asked.sum()} {unit} heads present fall below {words}, "
        f"by {-gap[under].mean():.1f} agents there on average; {tail}"
    )


def _requirement(found: Staffing) -> tuple[Floats | None, str]:
    for values, words in (
        (found.yours, "your requirement"),
        (found.erlang_a, "what Erlang A asks for live work"),
        (found.erlang_c, "what Erlang C asks for live work"),
    ):
        if not np.isnan(values).all():
            return values, words
    return None, ""


def _numbers(found: Staffing) -> pd.DataFrame:
    """The numbers of the figure."""
    columns: dict[str, Any] = {"bin": list(found.cut.labels)}
    columns |= {f"load_{name}": load for name, load in found.loads.items()}
    return pd.DataFrame(
        columns
        | {
            "heads_rostered": found.rostered, "heads_present": found.present,
            "required_erlang_c": found.erlang_c, "required_erlang_a": found.erlang_a,
            "required_yours": found.yours, "occupancy": found.occupancy,
        }
    )  # fmt: skip
