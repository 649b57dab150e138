"""Staffing against load: work that comes in, heads rostered and present, what Erlang asks for, occupancy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from supportsim.measure.intervals import COLUMNS, Row, covering, groups, rows
from supportsim.measure.selectors import cover
from supportsim.measure.sums import Floats, ratio
from supportsim.scenario.ticks import HOUR
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.study.erlang_inputs import places
from supportsim.study.intraday import erlang, required, yours
from supportsim.study.pattern import Pattern, pattern
from supportsim.study.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "staffing"
_DASHES: tuple[Any, ...] = ((0, (1, 0)), (0, (6, 1)), (0, (4, 1, 1, 1)))  # loads of channels, told apart in grey
CAUTION = 0.88  # above this occupancy people tire and waits explode


@dataclass(frozen=True)
class Staffing:
    """One group of teams that share work: means per bin of the typical day or week, in agents, NaN for none."""

    name: str
    cut: Pattern
    loads: dict[str, Floats]  # channel -> offered load
    at_once: dict[str, float]  # channel -> contacts one agent holds at once
    rostered: Floats
    present: Floats
    erlang_c: Floats
    erlang_a: Floats
    erlang_name: str  # the one that speaks for the desk
    yours: Floats
    occupancy: Floats  # by customers
    filler: bool  # whether anybody of the desk had other work

    @property
    def erlang(self) -> Floats:
        """What the formula that speaks for the desk asks for."""
        return self.erlang_a if self.erlang_name == "Erlang A" else self.erlang_c


def staffing(result: Result) -> tuple[Staffing, ...]:
    """Everything the figure shows, one per group, all over the same hours of the week."""
    table = rows(result.scenario)
    own = [_Group(result, row, len(table) + i) for i, row in enumerate(groups(result.scenario))]
    active = np.any([group.active for group in own], axis=0)
    cut = pattern(result.yardstick.grid, active)
    # a requirement of yours speaks of the whole desk, so it is drawn where there is one group only
    stated = yours(result) if len(own) == 1 else np.full(len(active), np.nan)
    return tuple(group.laid_over(cut, stated) for group in own)


class _Group:
    """Sums over replications by interval, of one group of teams and of each channel that comes to it."""

    def __init__(self, result: Result, group: Row, place: int) -> None:
        self.result, self.group = result, group
        self.hours = np.diff(result.yardstick.grid.interval_edges) / HOUR
        self.whole = _sums(result, [place])
        kinds = {channel.name: channel.kind for channel in result.scenario.channels}
        parts: dict[str, list[int]] = {}
        for i, row in enumerate(rows(result.scenario)):
            if "all" not in (row.channel, row.segment) and (row.teams & group.teams).any():
                parts.setdefault(row.channel, []).append(i)
        order = sorted(parts, key=lambda name: kinds[name] == "deferred")  # live work first
        self.channels = {name: _sums(result, parts[name]) for name in order}
        self.loads = {name: self._load(name) for name in order}

    @property
    def active(self) -> NDArray[np.bool_]:
        """The intervals in which somebody is rostered or something comes."""
        coming = sum(self.loads.values(), np.zeros(len(self.hours)))
        return np.asarray((self.whole["rostered_h"] > 0) | (coming > 0))

    def _row(self, channel: str) -> Row:
        """The part of the group that is this channel."""
        cells = self.group.cells & cover(self.result.scenario, channel=channel)
        return Row(channel, "all", cells, self.group.teams, covering(self.result.scenario, cells))

    def at_once(self, channel: str) -> float:
        """Contacts of a channel that one agent of the group holds."""
        return places(self.result.scenario, channel, np.flatnonzero(self.group.teams).tolist())

    def _load(self, channel: str) -> Floats:
        """Agent-hours offered per interval and replication: contacts x AHT / contacts one agent holds."""
        total = self.channels[channel]
        usual = total["work_s"].sum() / max(total["handled"].sum(), 1.0)
        aht = np.where(total["handled"] > 0, total["work_s"] / np.maximum(total["handled"], 1.0), usual)
        at_once = self.at_once(channel)
        load: Floats = (total["offered"] + total["blocked"]) * aht / at_once / 3600 / self.result.n
        return load

    def laid_over(self, cut: Pattern, stated: Floats) -> Staffing:
        """The means by bin."""
        width, n = cut.merged(self.hours), self.result.n
        needed = [required(self.result, self._row(name), total) for name, total in self.channels.items()]
        at_work = cut.merged(self.whole["present_h"]) > 0  # overtime alone is no occupancy
        busy = self.whole["busy_h"] - self.whole["filler_only_h"]  # filler fills every gap and would say nothing
        empty = np.full(len(self.hours), np.nan)

        def heads(values: Floats) -> Floats:
            known = cut.merged(self.hours * ~np.isnan(values))
            return ratio(cut.merged(np.nan_to_num(values) * self.hours), known)

        return Staffing(
            self.group.channel, cut, {name: cut.merged(load) / width for name, load in self.loads.items()},
            {name: self.at_once(name) for name in self.loads},
            cut.merged(self.whole["rostered_h"]) / n / width, cut.merged(self.whole["present_h"]) / n / width,
            heads(_total([c for c, _ in needed], empty)), heads(_total([a for _, a in needed], empty)),
            erlang(self.result), heads(stated),
            ratio(cut.merged(busy), cut.merged(self.whole["busy_or_idle_h"]) * at_work),
            bool(self.result.interval_sums[COLUMNS.index("filler_only_h")].any()),
        )  # fmt: skip


def _sums(result: Result, places_: list[int]) -> dict[str, Floats]:
    """The sums over replications of some rows together, by column."""
    return dict(zip(COLUMNS, result.interval_sums[:, places_].sum(axis=1), strict=True))


def _total(parts: list[Floats], empty: Floats) -> Floats:
    """Sum over the channels that have a requirement; NaN where none has."""
    known = [part for part in parts if not np.isnan(part).all()]
    total = np.nansum(known, axis=0) if known else empty
    return np.where(total > 0, total, np.nan)


def draw_staffing(result: Result, folder: Path) -> list[Path]:
    """Two panels and a file for each group of teams that share work; returns the files written."""
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
        labels.append(f"load offered: {' + '.join(stacked)}")
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
    pooled = " (all work pooled)" if " + " in found.name else ""
    who = f"{sheet.short(found.name, 60)}{pooled}: " if named or pooled else ""
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
    columns: dict[str, Any] = {"teams": found.name, "bin": list(found.cut.labels)}
    columns |= {f"load_{name}": load for name, load in found.loads.items()}
    return pd.DataFrame(
        columns
        | {
            "heads_rostered": found.rostered, "heads_present": found.present,
            "required_erlang_c": found.erlang_c, "required_erlang_a": found.erlang_a,
            "required_yours": found.yours, "occupancy": found.occupancy,
        }
    )  # fmt: skip
