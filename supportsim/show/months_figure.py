"""Customers and what they bring, month by month, at low, stated and high odds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim import __version__
from supportsim.measure.experience import OPINIONS
from supportsim.measure.sums import Floats
from supportsim.scenario.ticks import MONTH
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.study.estimate import student
from supportsim.study.feedback import Feedback
from supportsim.study.folder import write_csv
from supportsim.study.months import told_of
from supportsim.study.result import Result
from supportsim.study.words import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "months"
UNKNOWN = "Nobody knows the odds of leaving: what rests on them is shown three times"
#: Of so many segments of one file each has lines of its own; of more, all together have.
MOST_LINES = 4
_DASHES = {"low": (0, (1.5, 1.5)), "stated": "-", "high": (0, (5, 2))}


@dataclass(frozen=True)
class Lines:
    """One option, or one segment of the only one.  By odds: means and half-widths of 95 %, (months + 1,) and (months,).

    margin: of a month of 365.25 / 12 days, whatever the days counted; None where it is not known.
    """

    name: str
    customers: dict[str, tuple[Floats, Floats]]
    margin: dict[str, tuple[Floats, Floats]] | None


def lines_of(found: Feedback) -> list[Lines]:
    """Each option; of the only one each segment whose customers may leave."""
    first = found.of(found.options[0], "stated")
    part = np.flatnonzero(first.yardstick.leaves).tolist()
    if len(found.options) == 1 and 1 < len(part) <= MOST_LINES:
        names = [first.scenario.segments[i].name for i in part]
        return [_lines(found, found.options[0], name, [i]) for name, i in zip(names, part, strict=True)]
    return [_lines(found, option, option, None) for option in found.options]


def _lines(found: Feedback, option: str, name: str, group: list[int] | None) -> Lines:
    customers, margin = {}, {}
    for odds in OPINIONS:
        result = found.of(option, odds)
        told = told_of(result, group or np.flatnonzero(result.yardstick.leaves).tolist())
        customers[odds] = _estimated(np.concatenate([told["customers_begin"][:, :1], told["customers_end"]], axis=1))
        margin[odds] = _estimated(told["margin"] * MONTH / np.diff(result.yardstick.grid.month_edges))
    is_known = not np.isnan(margin["stated"][0]).any()
    return Lines(name, customers, margin if is_known else None)


def _estimated(values: Floats) -> tuple[Floats, Floats]:
    """Mean and half-width of each column."""
    found = [student(column) for column in values.T]
    return np.array([each.mean for each in found]), np.array([(each.high - each.low) / 2 for each in found])


def finding(found: Feedback, lines: list[Lines]) -> str:
    """How many are there at the end, in a sentence."""
    months = len(lines[0].customers["stated"][0]) - 1
    parts = []
    for each in lines:
        begin, end = each.customers["stated"][0][[0, -1]]
        low, high = (each.customers[odds][0][-1] for odds in ("low", "high"))
        ends = f"{_number(low)} at low odds, {_number(high)} at high ones"
        parts.append(f"{sheet.short(each.name)} {_number(end)} of {_number(begin)} ({ends})")
    return f"Customers after {several(months, 'calendar month')}: {'; '.join(parts)}"


def _number(value: float) -> str:
    """`1 390`, whose blank ends no line."""
    return sheet.hours(value).replace(" ", "\u00a0")


def draw_months(found: Feedback, folder: Path) -> list[Path]:
    """Write `months`: a panel of customers and one of margin; returns the files."""
    from matplotlib.figure import Figure

    lines = lines_of(found)
    first = found.of(found.options[0], "stated")
    title = finding(found, lines)
    panels = 1 + any(each.margin is not None for each in lines)
    with style.styled():
        height = 3.0 * panels + 1.3
        figure = Figure(figsize=(style.WIDTH, height))
        axes = figure.subplots(panels, 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.08, right=0.86, hspace=0.32, bottom=0.95 / height, top=1 - 0.75 / height)
        handles = _customers(axes[0], lines)
        axes[0].set_title(draw.wrapped(title), pad=12)
        if panels > 1:
            _margin(axes[1], lines, first.scenario.currency)
        for panel in axes:
            _calendar(panel, first)
        axes[-1].set_xlabel(f"begin of the calendar month. {UNKNOWN}")
        words = [f"odds as {odds}" for odds in OPINIONS] + ["95 % of chance, odds as stated"]
        style.legend(axes[-1], handles, words, loc="upper center", ncols=4,
                     bbox_to_anchor=(0.5, -0.42 / axes[-1].get_position().height / height))  # fmt: skip
        draw.foot(figure, _footer(found))
        what = f"Customers month by month: {first.scenario.title}"
        files = style.save(figure, folder, NAME, what, f"{title}. {UNKNOWN}")
    write_csv(numbers(lines, first), folder / f"{NAME}.csv")
    return [*files, folder / f"{NAME}.csv"]


def _customers(axes: Axes, lines: list[Lines]) -> list[Any]:
    handles: list[Any] = []
    for colour, each in zip(style.SERIES * len(lines), lines, strict=False):
        at = np.arange(len(each.customers["stated"][0]), dtype=np.float64)
        own = [_line(axes, at, each.customers[odds][0], odds, colour) for odds in OPINIONS]
        mean, half = each.customers["stated"]
        own.append(_band(axes, at, mean, half, colour))
        _name(axes, at[-1], mean[-1], each.name, colour)
        handles = handles or own
    axes.set_ylabel("customers")
    axes.set_ylim(bottom=0)
    return handles


def _margin(axes: Axes, lines: list[Lines], currency: str) -> None:
    for colour, each in zip(style.SERIES * len(lines), lines, strict=False):
        if each.margin is not None:
            at = np.arange(len(each.margin["stated"][0]), dtype=np.float64) + 0.5
            for odds in OPINIONS:
                _line(axes, at, each.margin[odds][0], odds, colour)
            mean, half = each.margin["stated"]
            _band(axes, at, mean, half, colour)
            _name(axes, at[-1] + 0.5, mean[-1], each.name, colour)
    axes.set_ylabel(f"margin, {currency} a month" if currency else "margin a month")
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))


def _line(axes: Axes, at: Floats, values: Floats, odds: str, colour: str) -> Any:
    width = 1.8 if odds == "stated" else 1.1
    return axes.plot(at, values, color=colour, linewidth=width, linestyle=_DASHES[odds])[0]


def _band(axes: Axes, at: Floats, mean: Floats, half: Floats, colour: str) -> Any:
    return axes.fill_between(at, mean - half, mean + half, color=colour, alpha=0.22, linewidth=0)


def _name(axes: Axes, at: float, value: float, name: str, colour: str) -> None:
    axes.annotate(sheet.short(name, 22), (at, value), xytext=(5, 0), textcoords="offset points", va="center",
                  fontsize=8.5, color=colour, annotation_clip=False)  # fmt: skip


def _calendar(axes: Axes, result: Result) -> None:
    """A mark at the begin of each month, words at as many as fit."""
    labels = months_of(result)
    step = -(-len(labels) // 14)
    axes.set_xlim(0, len(labels))
    axes.set_xticks(np.arange(0, len(labels), step), labels[::step])


def months_of(result: Result) -> list[str]:
    """`2026-03`, in the order of counted time."""
    return list(dict.fromkeys(f"{day.year:04d}-{day.month:02d}" for day in result.yardstick.grid.dates))


def _footer(found: Feedback) -> str:
    first = found.of(found.options[0], "stated")
    if len(found.options) == 1:
        return style.footer(first)
    names = ", ".join(sheet.short(name, 24) for name in found.options[:4])
    days = several(len(first.yardstick.grid.dates), "counted day")
    return (
        f"{names} · supportsim {__version__} · scenario {first.hash[:12]} and others · seed {first.seed} · "
        f"n = {several(first.n, 'replication')} × {days}"
    )


def numbers(lines: list[Lines], result: Result) -> pd.DataFrame:
    """The numbers of the figure: a row per line, odds and month; customers at the end of the month."""
    frames = []
    for each in lines:
        for odds in OPINIONS:
            mean, half = each.customers[odds]
            margin, width = each.margin[odds] if each.margin is not None else (np.full(len(mean) - 1, np.nan),) * 2
            frames.append(pd.DataFrame({
                "line": each.name, "odds": odds, "month": months_of(result), "customers_begin": mean[:-1],
                "customers_end": mean[1:], "customers_end_ci_half": half[1:], "margin_a_month": margin,
                "margin_a_month_ci_half": width,
            }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)
