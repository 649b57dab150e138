"""Who waits for whom: a matrix of the time waited, by who waited and because of whom or what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supportsim.measure.sums import Floats, ratio
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.crowding_words import each, finding
from supportsim.study.costs import is_weekly
from supportsim.study.crowding import ALL, columns
from supportsim.study.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "crowding"
MOST_ROWS, MOST_COLUMNS = 16, 12
#: From white to a blue that is light enough for black numbers.
LOW, HIGH = "#FFFFFF", style.SKY
NOTHING = 0.005  # of a row: less than that is told by a dot


@dataclass(frozen=True)
class Matrix:
    """Hours and minutes per waiting contact, (rows, columns); shares of each row.  `own`: columns of the row itself."""

    rows: list[tuple[str, str]]  # segment, channel
    columns: list[str]
    own: list[int]
    hours: Floats
    minutes: Floats
    waiting: Floats  # contacts that waited, per row
    left_out: int  # rows

    @property
    def shares(self) -> Floats:
        """Of the time each row waited."""
        return ratio(self.hours, self.hours.sum(axis=1, keepdims=True))


def draw_crowding(result: Result, folder: Path) -> list[Path]:
    """The files written; none where nobody waits, or no journal was kept."""
    from matplotlib.figure import Figure

    title = finding(result)
    if not title:
        return []
    found = matrix(result)
    with style.styled():
        wrapped = draw.wrapped(title)
        top = 0.55 + 0.2 * wrapped.count("\n")
        height = min(0.4 * len(found.rows), style.TALLEST - top - 1.15)
        whole = top + height + 1.15
        figure = Figure(figsize=(style.WIDTH, whole))
        width = min(0.72, 0.1 * len(found.columns))
        axes = figure.add_axes((0.2, 1.15 / whole, width, height / whole))
        _draw(axes, found)
        figure.text(0.012, 1 - 0.2 / whole, wrapped, va="top", fontsize=10.5, fontweight="bold")
        figure.text(0.012, 0.38 / whole, _key(result, found), va="bottom", fontsize=8.0, color=style.GREY)
        return sheet.publish(result, figure, folder, NAME, "Who waits for whom", [title], numbers(result, found))


def matrix(result: Result) -> Matrix:
    """Segments on channels, those that wait longest, by all that they wait because of; small columns are one."""
    names, pairs = columns(result)[:-1], result.yardstick.crowding_plan.pairs
    hours, minutes, waiting = _cells(result, len(names))
    waited = hours.sum(axis=1)
    longest = np.argsort(-waited, kind="stable")[:MOST_ROWS].tolist()
    rows = sorted(i for i in longest if waited[i] > 0)
    kept, small = _split(hours[rows], [kind for _, kind in names])
    shown = [names[k][0] for k in kept] + ["others"] * bool(small)

    def part(values: Floats) -> Floats:
        others = values[rows][:, small].sum(axis=1, keepdims=True)
        return np.concatenate([values[rows][:, kept], *([others] if small else [])], axis=1)

    own = [shown.index(pairs[i][0]) if pairs[i][0] in shown else -1 for i in rows]
    left_out = int((waited > 0).sum()) - len(rows)
    return Matrix([pairs[i] for i in rows], shown, own, part(hours), part(minutes), waiting[rows], left_out)


def _cells(result: Result, number: int) -> tuple[Floats, Floats, Floats]:
    """Hours and minutes (pairs of segment and channel, columns), and contacts that waited (pairs)."""
    table = result.crowding
    cells = table[(table["segment"] != ALL) & (table["channel"] != ALL) & (table["kind"] != ALL)]
    names = ("hours_per_week" if is_weekly(result) else "hours", "minutes_per_waiting_contact", "waiting_contacts")
    hours, minutes, waiting = (np.nan_to_num(cells[name].to_numpy(dtype=float)).reshape(-1, number) for name in names)
    return hours, minutes, waiting[:, 0]


def _split(hours: Floats, kinds: list[str]) -> tuple[list[int], list[int]]:
    """The columns shown: segments, and what else there is anything in; of too many the largest.  And the others."""
    total = hours.sum(axis=0)
    some = [k for k, kind in enumerate(kinds) if kind == "segment" or total[k] > 0]
    kept = sorted(sorted(some, key=lambda k: (-total[k], k))[:MOST_COLUMNS])
    return kept, [k for k in some if k not in kept and total[k] > 0]


def _draw(axes: Axes, found: Matrix) -> None:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    shares = np.nan_to_num(found.shares)
    colours = LinearSegmentedColormap.from_list("share", [LOW, HIGH])
    axes.imshow(shares, cmap=colours, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    for row, column in np.ndindex(*shares.shape):
        axes.text(column, row, _cell(found, row, column), ha="center", va="center", fontsize=8.0)
    for row, column in enumerate(found.own):
        if column >= 0:
            axes.add_patch(Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, fill=False, edgecolor=style.INK,
                                     linewidth=1.1))  # fmt: skip
    _name(axes, found)


def _name(axes: Axes, found: Matrix) -> None:
    channels = {channel for _, channel in found.rows}
    labels = [
        f"{sheet.short(segment, 16)} · {sheet.short(channel, 12)}" if len(channels) > 1 else sheet.short(segment)
        for segment, channel in found.rows
    ]
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xticks(range(len(found.columns)), ["\n".join(_lines(name)) for name in found.columns])
    for edge in range(1, len(labels)):
        axes.axhline(edge - 0.5, color="#E6E6E6", linewidth=0.8)
    for row, total in enumerate(found.hours.sum(axis=1)):
        words = f"{sheet.hours(total)} h · {sheet.hours(found.waiting[row])} contacts waited"
        axes.annotate(words, (len(found.columns) - 0.5, row), xytext=(6, 0), textcoords="offset points", va="center",
                      fontsize=8.0, annotation_clip=False)  # fmt: skip
    axes.set_ylabel("who waited")
    axes.set_xlabel("because of", loc="left")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def _lines(name: str) -> list[str]:
    """A name over two lines where it is long."""
    import textwrap

    return textwrap.wrap(sheet.short(name, 24), 13, break_long_words=True) or [name]


def _cell(found: Matrix, row: int, column: int) -> str:
    """Hours, and minutes per contact that waited."""
    if not found.hours[row, column] > 0:
        return ""
    if found.shares[row, column] < NOTHING:
        return "·"
    return f"{sheet.hours(found.hours[row, column])} h\n{each(found.minutes[row, column])}"


def _key(result: Result, found: Matrix) -> str:
    """What the numbers are."""
    per = "hours a week" if is_weekly(result) else "hours in counted time"
    left = f" · {found.left_out} rows that waited less are left out" if found.left_out else ""
    return (
        f"in a cell: {per}, below it time per contact that waited · the darker, the more of the row's "
        f"waiting · framed: own segment · a dot: below {100 * NOTHING:g} %{left}"
    )


def numbers(result: Result, found: Matrix) -> pd.DataFrame:
    """The numbers of the figure."""
    per = "a week" if is_weekly(result) else "in counted time"
    rows = [
        {
            "segment": segment, "channel": channel, "because_of": name, "per": per, "hours": found.hours[r, c],
            "minutes_per_waiting_contact": found.minutes[r, c], "share_of_waiting": found.shares[r, c],
        }
        for r, (segment, channel) in enumerate(found.rows)
        for c, name in enumerate(found.columns)
    ]  # fmt: skip
    return pd.DataFrame(rows)
