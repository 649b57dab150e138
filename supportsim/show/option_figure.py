"""The first page: options in rows, in columns what each keeps, loses and costs, with the difference from the first."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.comparison_words import footer, label
from supportsim.study.comparison import Comparison, Option
from supportsim.study.folder import write_csv
from supportsim.study.kept import of_all, of_promises, surely_kept
from supportsim.study.words import several, unsigned_zero

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "options"
_MARKS = {"kept": "✓ kept", "missed": "✗ missed", "too close to call": "? too close to call"}
_ROW, _HEAD = 0.62, 0.45  # inches
_NAME_WIDTH, _COLUMN_WIDTH = 2.7, 1.32
_MOST, _ROWS = 7, 10  # columns side by side and rows that fit a printed page
#: Rows of the table of options beside promises, in this order, as far as they are there.
_OTHERS = (
    "abandoned_share", "blocked_share", "turned_away_share", "paid_hours", "cost", "penalties", "released_hours",
    "contribution", "contribution_after_churn",
)  # fmt: skip


class Cell(NamedTuple):
    """What stands in one cell: the value, its range or verdict, the difference from the first row."""

    value: str
    beside: str
    difference: str
    call: str = ""


def draw_options(comparison: Comparison, folder: Path) -> list[Path]:
    """The table as a figure, over several files where it is larger than a page; returns the files written."""
    columns, options = headings(comparison), comparison.options
    parts = [
        (columns[across.start : across.stop], options[down.start : down.stop])
        for down in sheet.leaves(len(options), _ROWS)
        for across in sheet.leaves(len(columns), _MOST)
    ]
    files: list[Path] = []
    for number, part in enumerate(parts, 1):
        files += _draw(comparison, *part, folder, sheet.leaf(NAME, number))
    write_csv(comparison.table, folder / f"{NAME}.csv")
    return [*files, folder / f"{NAME}.csv"]


def _draw(
    comparison: Comparison, columns: list[tuple[str, str]], options: tuple[Option, ...], folder: Path, file: str
) -> list[Path]:
    from matplotlib.figure import Figure

    rows = [(option.name, [cell(comparison, option.name, key) for key in columns]) for option in options]
    title, width = finding(comparison), style.WIDTH
    with style.styled():
        height = _ROW * len(rows) + _HEAD + 1.25
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set(xlim=(0, width), ylim=(height, 0))
        words = draw.wrapped(title, int(10.2 * width))
        axes.text(0.12, 0.14, words, ha="left", va="top", fontsize=10.5, fontweight="bold")
        _headings(axes, [label(key, comparison) for key in columns], width)
        for i, (name, cells) in enumerate(rows):
            _row(axes, 0.6 + _HEAD + i * _ROW, name, cells, width, shaded=i % 2 == 0)
        axes.text(0.12, height - 0.42, _note(comparison), fontsize=7.8, color=style.GREY, va="center")
        draw.foot(figure, footer(comparison))
        heads = ", ".join(label(key, comparison).replace("_", " ") for key in columns)
        told = f"{title}. Columns: {heads}. Rows: {', '.join(name for name, _ in rows)}"
        return style.save(figure, folder, file, "Options side by side", told)


def headings(comparison: Comparison) -> list[tuple[str, str]]:
    """Columns: promises in the order in which options bring them, then who is lost, hours and cost."""
    table = comparison.table
    keys = list(dict.fromkeys(zip(table["selector"], table["measure"], strict=True)))
    promises = [key for key in keys if key[1] == "kept_share"]
    others = [key for name in _OTHERS for key in keys if key[1] == name]
    return promises + others


def cell(comparison: Comparison, option: str, key: tuple[str, str]) -> Cell:
    """The words of one cell."""
    table = comparison.table
    found = table[(table["option"] == option) & (table["selector"] == key[0]) & (table["measure"] == key[1])]
    if found.empty:
        return Cell("–", "", "")
    row: dict[Any, Any] = found.iloc[0].to_dict()
    unit = row["unit"]
    half = (row["mean_ci_high"] - row["mean_ci_low"]) / 2
    beside = ""
    if row["single"] and row["single_p05"] < row["single_p95"]:
        beside = f"{row['single']} {_range(row['single_p05'], row['single_p95'], unit)}"
    return Cell(_value(row["mean"], half, unit), beside, _difference(row, unit), row["verdict"] or "")


def _value(mean: float, half: float, unit: str) -> str:
    """`52.1 % ± 1.8`, `1 428 ± 0`, `−0.1 ± 0.7`."""
    if unit == "share":
        return f"{100 * mean:.1f} %" + ("" if math.isnan(half) else f" ± {100 * half:.1f}")
    size = 0 if abs(mean) >= 100 else 1
    known = "" if math.isnan(half) else f" ± {half:,.{size}f}"
    return unsigned_zero(f"{mean:,.{size}f}{known}".replace(",", " ").replace("-", "−"))


def _range(low: float, high: float, unit: str) -> str:
    if unit == "share":
        digits = 0 if high - low >= 0.02 else 1
        return f"{100 * low:.{digits}f}–{100 * high:.{digits}f} %"
    size = 0 if abs(high) >= 100 else 1
    return f"{low:,.{size}f}–{high:,.{size}f}".replace(",", " ").replace("-", "−")


def _difference(row: dict[Any, Any], unit: str) -> str:
    """`+43.6 ± 2.8`, empty in the first row."""
    mean = row["difference"]
    if mean is None or math.isnan(mean):
        return ""
    by = 100 if unit == "share" else 1
    half = by * (row["difference_ci_high"] - row["difference_ci_low"]) / 2
    size = 0 if abs(by * mean) >= 100 else 1
    known = "" if math.isnan(half) else f" ± {half:,.{size}f}"
    return unsigned_zero(f"{by * mean:+,.{size}f}{known}".replace(",", " ").replace("-", "−"))


def _headings(axes: Axes, names: list[str], width: float) -> None:
    y = 0.6 + _HEAD - 0.08
    for i, name in enumerate(names):
        x = _NAME_WIDTH + _COLUMN_WIDTH * (i + 1) - 0.1
        words = draw.wrapped(name.replace("_", " "), 15)
        axes.text(x, y, words, ha="right", va="bottom", fontsize=8.5, fontweight="bold")
    axes.plot([0.12, width - 0.12], [y + 0.05, y + 0.05], color=style.INK, linewidth=1)


def _row(axes: Axes, y: float, name: str, cells: list[Cell], width: float, shaded: bool) -> None:
    from matplotlib.patches import Rectangle

    if shaded:
        axes.add_patch(Rectangle((0.12, y), width - 0.24, _ROW, facecolor="#F4F6F8", linewidth=0))
    axes.text(0.2, y + _ROW / 2, draw.wrapped(name, 32), va="center", fontsize=9, fontweight="bold")
    for i, each in enumerate(cells):
        x = _NAME_WIDTH + _COLUMN_WIDTH * (i + 1) - 0.1
        weight, color = ("bold", style.VERMILION) if each.call == "missed" else ("normal", style.INK)
        axes.text(x, y + 0.13, each.value, ha="right", va="center", fontsize=9, fontweight=weight, color=color)
        below = [part for part in (_MARKS.get(each.call, ""), each.beside) if part]
        for k, words in enumerate(below):
            axes.text(x, y + 0.27 + 0.12 * k, words, ha="right", va="center", fontsize=7.5, color=style.INK)
        if each.difference:
            axes.text(x, y + 0.27 + 0.12 * len(below), each.difference, ha="right", va="center", fontsize=7.5,
                      color=style.GREY, style="italic")  # fmt: skip


def _note(comparison: Comparison) -> str:
    return (
        "Mean ± 95 % interval of the mean; below it the verdict on the target, the 5–95 % range of single judged "
        f"periods or runs, and in italics the paired difference from {comparison.base.name} with its 95 % interval."
    )


def finding(comparison: Comparison) -> str:
    """Which option keeps most promises, and at which hours."""
    kept = {option.name: len(surely_kept(option)) for option in comparison.options}
    total = max(len(option.result.scenario.promises) for option in comparison.options)
    if not total:
        return f"{several(len(comparison.options), 'option')} on the same customers"
    most = max(kept.values())
    best = [name for name, number_ in kept.items() if number_ == most]
    mine = f"{comparison.base.name} keeps {of_all(comparison.base)}"
    if comparison.base.name in best:
        return f"No option keeps more promises for sure than {comparison.base.name}: {mine}"
    if len(best) == 1:
        return f"{best[0]} keeps {of_promises(_named(comparison, best[0]))}; {mine}"
    return f"{' and '.join(best)} keep {most} of {several(total, 'promise')} for sure; {mine}"


def _named(comparison: Comparison, name: str) -> Option:
    return next(option for option in comparison.options if option.name == name)
