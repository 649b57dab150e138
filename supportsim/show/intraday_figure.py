"""A day of a live channel on one page: what comes, who is there, what is kept, how busy they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim.measure.sums import Floats
from supportsim.scenario.model import Promise
from supportsim.scenario.ticks import HOUR
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.kept_panel import Handles, draw_kept, together
from supportsim.show.required_text import ask
from supportsim.show.staffing import staffing
from supportsim.show.workload import workload
from supportsim.study.daypages import Page, pages
from supportsim.study.folder import slug
from supportsim.study.pattern import Kept, Pattern
from supportsim.study.result import Result
from supportsim.study.words import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "intraday"
MOST = 3  # promises on one page
CAUTION = 0.88  # above this occupancy people tire and waits explode


def expected_contacts(result: Result) -> dict[str, Floats]:
    """Per channel and interval the contacts that the demand states, returns left out, nothing drawn."""
    scenario, timeline = result.scenario, result.yardstick.grid.timeline
    hours = {team.team: team.serving for team in staffing(scenario, timeline, 1.0).teams}
    found = {channel.name: np.zeros(len(result.yardstick.grid.intervals)) for channel in scenario.channels}
    for (channel, _, _), load in workload(scenario, timeline, hours).queues.items():
        if load.fresh:
            found[channel] = found[channel] + np.array(load.fresh)
    return found


def draw_intraday(result: Result, folder: Path) -> list[Path]:
    """A page for each live channel and group of weekdays; returns the files written."""
    files: list[Path] = []
    names: set[str] = set()
    for page in pages(result, expected_contacts(result)):
        name = f"{NAME}_{slug(page.channel)[:40]}_{slug(page.days.replace('–', '-'))}"
        if name in names:
            name = f"{name}_{len(names) + 1}"
        names.add(name)
        files += _leaves(result, page, folder, name)
    return files


def _leaves(result: Result, page: Page, folder: Path, name: str) -> list[Path]:
    """Of a page with many promises a file for a few of them each, and one at least."""
    files: list[Path] = []
    for number, each in enumerate(sheet.leaves(len(page.promises), MOST), 1):
        own = replace(page, promises=page.promises[each.start : each.stop])
        files += _draw(result, own, folder, sheet.leaf(name, number), numbers(page) if number == 1 else None)
    return files


def _draw(result: Result, page: Page, folder: Path, name: str, table: pd.DataFrame | None) -> list[Path]:
    from matplotlib.figure import Figure

    title = finding(page)
    lines = draw.wrapped(title, 116)
    ratios = [1.0, 1.25, *(1.0 for _ in page.promises), 0.8]
    with style.styled():
        head = 0.18 + 0.19 * (lines.count("\n") + 1)
        height = min(1.5 * sum(ratios) + 0.7 + head, style.TALLEST - 0.05)
        figure = Figure(figsize=(style.WIDTH, height))
        panels = figure.subplots(len(ratios), 1, sharex=True, squeeze=False, height_ratios=ratios)[:, 0]
        figure.subplots_adjust(left=0.088, right=0.785, hspace=0.13, bottom=0.7 / height, top=1 - head / height)
        panels[0].set_title(lines)
        _offered(panels[0], page)
        _heads(panels[1], page)
        kept = [_kept(panel, *each, _targets(page)) for panel, each in zip(panels[2:], page.promises, strict=False)]
        if kept:  # one legend for all of them: beside each there is no room for its own
            sheet.aside(panels[2], together(kept), 7.5)
        _occupancy(panels[-1], page)
        _clock(panels[-1], page.cut)
        note = "" if page.asked or not page.erlang_name else f" · {ask(result)}"
        panels[-1].set_xlabel(f"{page.days}, local time, {result.scenario.times.zone}{note}")
        figure.align_ylabels(panels.tolist())
        what = f"{page.channel} through the day"
        return sheet.publish(result, figure, folder, name, what, [title], table)


def steps(cut: Pattern, values: Floats) -> tuple[Floats, Floats]:
    """x in hours and y of a line that is level inside each bin, broken where bins do not follow each other."""
    width = cut.length / HOUR
    x, y = [], []
    for i, value in enumerate(values):
        if i and cut.hour[i] - cut.hour[i - 1] > width + 1e-9:
            x.append(cut.hour[i])
            y.append(np.nan)
        x += [cut.hour[i], cut.hour[i] + width]
        y += [value, value]
    return np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)


def _offered(axes: Axes, page: Page) -> None:
    cut = page.cut
    x, first = steps(cut, page.first)
    _, whole = steps(cut, page.first + page.returns)
    handles: Handles = [(axes.fill_between(x, 0, first, color="#9DBBD3", linewidth=0), "first tries")]
    if page.returns.any():
        patch = axes.fill_between(x, first, whole, facecolor="#F3D9A4", edgecolor=style.ORANGE, hatch="....",
                                  linewidth=0)  # fmt: skip
        handles.append((patch, "returns: redials, repeats, switches"))
    if page.expected.any():
        (line,) = axes.plot(*steps(cut, page.expected), color=style.BLACK, linewidth=1.1)
        handles.append((line, "forecast of the demand,\nwithout returns"))
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"contacts offered\nper {draw.bin_words(cut.length)}")
    sheet.aside(axes, handles)


def _heads(axes: Axes, page: Page) -> None:
    cut = page.cut
    x, rostered = steps(cut, page.rostered)
    _, present = steps(cut, page.present)
    handles: Handles = [
        (axes.fill_between(x, 0, rostered, color="#DCE6EE", linewidth=0), f"rostered, {page.whose}"),
        (axes.fill_between(x, 0, present, color="#8FB1CC", linewidth=0), "present (less absence,\nbreaks, off desk)"),
    ]
    whole = "" if page.line == page.channel else f",\n{sheet.short(page.line, 30)}"
    lines: tuple[tuple[Floats, Any, str], ...] = (
        (page.simulated, "-", f"required by this simulation{whole}"),
        (page.erlang, (0, (5, 2)), f"required, {page.erlang_name}"),
        (page.yours, (0, (1, 1.5)), "required, yours"),
    )
    for values, dashes, words in lines:
        if not np.isnan(values).all():
            (line,) = axes.plot(*steps(cut, values), color=style.BLACK, linewidth=1.3, linestyle=dashes)
            handles.append((line, words))
    axes.set_ylim(bottom=0)
    axes.set_ylabel("agents")
    sheet.aside(axes, handles)


def _kept(axes: Axes, promise: Promise, kept: Kept, target: str) -> Handles:
    handles = draw_kept(axes, kept, steps, "share kept, mean", target)
    per = draw.bin_words(kept.cut.length).removeprefix("interval of ")
    axes.set_ylabel(f"{sheet.short(promise.name, 20)}\nkept in {duration(promise.limit)},\nper {per}")
    return handles


def _targets(page: Page) -> str:
    """`target 80 %`, `targets 80 % and 90 %`."""
    found = list(dict.fromkeys(draw.percent(kept.target) for _, kept in page.promises))
    return f"target{'s' * (len(found) > 1)} {' and '.join(found)}"


def _occupancy(axes: Axes, page: Page) -> None:
    x, busy = steps(page.cut, page.occupancy)
    (line,) = axes.plot(x, busy, color=style.BLUE, linewidth=1.5)
    over = axes.fill_between(x, busy, CAUTION, where=busy > CAUTION, facecolor="none", hatch="////",
                             edgecolor=style.VERMILION, linewidth=0)  # fmt: skip
    rule = axes.axhline(CAUTION, color=style.BLACK, linewidth=1.0, linestyle=(0, (6, 3)))
    draw.percent_axis(axes, "occupancy")
    filler = ",\nfiller counted as idle" if page.filler else ""
    words = f"work / (work + idle),\n{' '.join(page.whose.split())}{filler}"
    above = [(over, "above it")] if (busy > CAUTION).any() else []
    sheet.aside(axes, [(line, words), (rule, "caution above 88 %"), *above])


def _clock(axes: Axes, cut: Pattern) -> None:
    first, last = float(cut.hour[0]), float(cut.hour[-1]) + cut.length / HOUR
    axes.set_xlim(first, last)
    every = next(h for h in (0.25, 0.5, 1, 2, 3) if (last - first) / h <= 16 or h == 3)
    at = np.arange(np.ceil(first / every) * every, last + 1e-9, every)
    axes.set_xticks(at, [f"{int(hour):02d}:{round(hour % 1 * 60):02d}" for hour in at])


def finding(page: Page) -> str:
    """What the page shows, in a sentence or two."""
    name = f"{sheet.short(page.channel, 40)}, {page.days}"
    returns = page.returns.sum()
    calls = page.first.sum() + returns
    back = f", {draw.percent(returns / calls)} of them returns" if returns >= 0.005 * calls else ""
    words = f"{name}: {sheet.hours(calls)} contacts{' a day' if page.several else ''}{back}"
    worst = [_worst(promise, kept) for promise, kept in page.promises]
    return "; ".join([words, *(text for text in worst if text), *_busiest(page)])


def _worst(promise: Promise, kept: Kept) -> str:
    """Where a promise is missed, in words."""
    cases = ~np.isnan(kept.mean)
    if not cases.any():
        return ""
    below, number = kept.below, int(cases.sum())
    close = draw.too_close(int(kept.close.sum()))
    name, target = sheet.short(promise.name), draw.percent(promise.share)
    at = int(np.nanargmin(kept.mean))
    worst = draw.below(float(kept.mean[at]), promise.share)
    if number == 1:
        open_ = "too close to call" if kept.close.any() else f"missed on {kept.days_missed[at]:.0f} days in 100"
        return f"{name} is kept for {worst} ({target} promised), {open_}"
    if not below.any():
        reached = number - int(kept.close.sum())
        where = draw.some_of(reached, number, kept.cut.length) if reached else f"no {draw.bin_words(kept.cut.length)}"
        return f"{name} reaches {target} on average in {where}{close}"
    where = draw.some_of(int(below.sum()), number, kept.cut.length)
    return (
        f"{name} is below {target} on average in {where}{close}, worst {kept.cut.labels[at]} ({worst}, missed on "
        f"{kept.days_missed[at]:.0f} days in 100)"
    )


def _busiest(page: Page) -> list[str]:
    over, there = int((page.occupancy > CAUTION).sum()), int((~np.isnan(page.occupancy)).sum())
    return [f"occupancy above 88 % in {draw.some_of(over, there, page.cut.length)}"] if over else []


def numbers(page: Page) -> pd.DataFrame:
    """The numbers of a page: a row for each bin of its rows, then for each bin of each promise."""
    rows = {
        "offered_first_tries": page.first, "offered_returns": page.returns, "forecast": page.expected,
        "heads_rostered": page.rostered, "heads_present": page.present, "required_erlang": page.erlang,
        "required_simulated": page.simulated, "required_yours": page.yours, "occupancy": page.occupancy,
    }  # fmt: skip
    parts = [pd.DataFrame({"row": "desk", "bin": list(page.cut.labels), "bin_minutes": page.cut.length / 6e7, **rows})]
    for promise, kept in page.promises:
        columns = {
            "target": promise.share, "cases_per_day": kept.cases, "kept_share": kept.mean, "kept_ci_low": kept.low,
            "kept_ci_high": kept.high, "day_p05": kept.p05, "day_p95": kept.p95, "days_missed_in_100": kept.days_missed,
        }  # fmt: skip
        head = {"row": promise.name, "bin": list(kept.cut.labels), "bin_minutes": kept.cut.length / 6e7}
        parts.append(pd.DataFrame(head | columns))
    return pd.concat(parts, ignore_index=True)
