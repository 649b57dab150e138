"""Customers and what they bring, month by month, at low, stated and high odds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supportsim import __version__
from supportsim.measure.experience import OPINIONS
from supportsim.measure.sums import Floats
from supportsim.scenario.ticks import DAY, MONTH
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.study.ahead import turns
from supportsim.study.estimate import student
from supportsim.study.feedback import Months
from supportsim.study.folder import write_csv
from supportsim.study.months import months_of, told_of
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


def lines_of(found: Months) -> list[Lines]:
    """Each option; of the only one each segment whose customers may leave."""
    first = found.of(found.options[0], "stated")
    part = np.flatnonzero(first.yardstick.leaves).tolist()
    if len(found.options) == 1 and 1 < len(part) <= MOST_LINES:
        names = [first.scenario.segments[i].name for i in part]
        return [_lines(found, found.options[0], name, [i]) for name, i in zip(names, part, strict=True)]
    return [_lines(found, option, option, None) for option in found.options]


def _lines(found: Months, option: str, name: str, group: list[int] | None) -> Lines:
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


def finding(found: Months, lines: list[Lines]) -> str:
    """How many are there at the end, in a sentence."""
    days = len(found.of(found.options[0], "stated").yardstick.grid.dates)
    parts = []
    for each in lines:
        begin, end = each.customers["stated"][0][[0, -1]]
        low, high = (each.customers[odds][0][-1] for odds in ("low", "high"))
        ends = f"{_number(low)} at low odds, {_number(high)} at high ones"
        parts.append(f"{sheet.short(each.name)} {_number(end)} of {_number(begin)} ({ends})")
    return f"Customers after {several(days, 'day')}: {'; '.join(parts)}"


def _number(value: float) -> str:
    """`1 390`, whose blank ends no line."""
    return sheet.hours(value).replace(" ", "\u00a0")


def draw_months(found: Months, folder: Path) -> list[Path]:
    """Write `months`: a panel of customers and one of margin; returns the files."""
    from matplotlib.figure import Figure

    lines = lines_of(found)
    first = found.of(found.options[0], "stated")
    title = finding(found, lines)
    known = any(each.margin is not None for each in lines)
    against = found.ahead
    panels = 1 + known + (against is not None)
    with style.styled():
        height = min(3.0 * panels + 1.3, style.TALLEST)
        figure = Figure(figsize=(style.WIDTH, height))
        axes = figure.subplots(panels, 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.1, right=0.85, hspace=0.42, bottom=0.95 / height, top=1 - 0.75 / height)
        days = _days(first)
        handles = _customers(axes[0], lines, days)
        axes[0].set_title(draw.wrapped(title), pad=12)
        if known:
            _margin(axes[1], lines, first.scenario.currency, days)
        if against is not None:
            _ahead(axes[-1], against, found.options, first.scenario.currency, days)
        for panel in axes:
            _calendar(panel, first)
            panel.yaxis.set_major_formatter(lambda value, _: _number(value))
        axes[-1].set_xlabel(f"begin of the month. {UNKNOWN}")
        words = [f"odds as {odds}" for odds in OPINIONS] + ["95 % of chance, odds as stated"]
        style.legend(axes[-1], handles, words, loc="upper center", ncols=4,
                     bbox_to_anchor=(0.5, -0.42 / axes[-1].get_position().height / height))  # fmt: skip
        draw.foot(figure, _footer(found))
        what = f"Customers month by month: {first.scenario.title}"
        files = style.save(figure, folder, NAME, what, f"{title}. {UNKNOWN}")
    write_csv(numbers(lines, first), folder / f"{NAME}.csv")
    return [*files, folder / f"{NAME}.csv"]


def _customers(axes: Axes, lines: list[Lines], days: Floats) -> list[Any]:
    handles: list[Any] = []
    names: list[tuple[float, str, int]] = []
    for look, (colour, each) in enumerate(zip(style.SERIES * len(lines), lines, strict=False)):
        at = days
        own = [_line(axes, at, each.customers[odds][0], odds, colour) for odds in OPINIONS]
        mean, half = each.customers["stated"]
        own.append(_band(axes, at, mean, half, colour))
        names.append((float(mean[-1]), sheet.short(each.name, 22), look))
        handles = handles or own
    axes.set_ylabel("customers")
    axes.set_ylim(bottom=0)
    _names(axes, float(at[-1]), names)
    return handles


def _margin(axes: Axes, lines: list[Lines], currency: str, days: Floats) -> None:
    names = []
    for look, (colour, each) in enumerate(zip(style.SERIES * len(lines), lines, strict=False)):
        if each.margin is not None:
            at = (days[:-1] + days[1:]) / 2
            for odds in OPINIONS:
                _line(axes, at, each.margin[odds][0], odds, colour)
            mean, half = each.margin["stated"]
            _band(axes, at, mean, half, colour)
            names.append((float(mean[-1]), sheet.short(each.name, 22), look))
    axes.set_ylabel(f"margin, {currency} a month" if currency else "margin a month")
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    _names(axes, float(days[-1]), names, float(days[-2:].mean()))


def _ahead(axes: Axes, table: pd.DataFrame, options: Sequence[str], currency: str, days: Floats) -> None:
    """What each option has brought more than the first one since the begin: saved first, lost later, or not."""
    names = []
    for look, (colour, option) in enumerate(zip((style.SERIES * len(options))[1:], options[1:], strict=False), 1):
        own = table[table["option"] == option]
        for odds in OPINIONS:
            rows = own[own["odds"] == odds]
            mean = np.concatenate([[0.0], rows["ahead"]])
            _line(axes, days, mean, odds, colour)
            names.append((mean[-1], f"{sheet.short(option, 16)}, {odds}", look))
            if odds == "stated":
                half = np.concatenate([[0.0], (rows["ahead_ci_high"] - rows["ahead_ci_low"]) / 2])
                _band(axes, days, mean, half, colour)
    _names(axes, float(days[-1]), names)
    axes.axhline(0, color="black", linewidth=0.9)
    axes.set_ylabel(f"ahead since the begin, {currency}".rstrip(", "))
    axes.set_title(draw.wrapped(_turning(table, options)), pad=8)


def _turning(table: pd.DataFrame, options: Sequence[str]) -> str:
    parts = []
    for option in options[1:]:
        stated, low, high = (turns(table, option, odds) for odds in ("stated", "low", "high"))
        parts.append(f"{sheet.short(option)} is {stated} at stated odds ({low} at low, {high} at high ones)")
    return f"Income less cost, against {sheet.short(options[0])}: {'; '.join(parts)}"


def _names(axes: Axes, at: float, names: list[tuple[float, str, int]], end: float | None = None) -> None:
    """Names at the ends of lines, no nearer to each other than a line of text; the mark at both says which is whose.

    `at`: the right end of the axis · `end`: that of the lines, where it is another.
    """
    low, high = axes.get_ylim()
    least, before = (high - low) * 0.075, -np.inf
    for value, name, look in sorted(names):
        before = max(value, before + least)
        for x, y in ((at if end is None else end, value), (at * 1.014, before)):
            axes.plot([x], [y], **style.look(look), markersize=4.5, linestyle="none", clip_on=False, scalex=False,
                      scaley=False)  # fmt: skip
        axes.annotate(name, (at, value), xytext=(at * 1.026, before), textcoords="data", va="center", fontsize=8.5,
                      annotation_clip=False)  # fmt: skip


def _line(axes: Axes, at: Floats, values: Floats, odds: str, colour: str) -> Any:
    width = 1.8 if odds == "stated" else 1.1
    return axes.plot(at, values, color=colour, linewidth=width, linestyle=_DASHES[odds])[0]


def _band(axes: Axes, at: Floats, mean: Floats, half: Floats, colour: str) -> Any:
    return axes.fill_between(at, mean - half, mean + half, color=colour, alpha=0.22, linewidth=0)


def _calendar(axes: Axes, result: Result) -> None:
    """A mark at the begin of each month, words at as many as fit."""
    labels, days = months_of(result), _days(result)
    step = -(-len(labels) // 14)
    axes.set_xlim(0, days[-1])
    axes.set_xticks(days[:-1:step], labels[::step])


def _days(result: Result) -> Floats:
    """Days from the begin of counted time to the begin of each month, and to the end: months need not be whole."""
    edges = result.yardstick.grid.month_edges
    return np.asarray((edges - edges[0]) / DAY, dtype=np.float64)


def _footer(found: Months) -> str:
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
