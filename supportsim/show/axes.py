"""Axes that the figures share: typical days side by side, shares in per cent, the line at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supportsim.measure.sums import Floats
from supportsim.scenario.ticks import DAY, HOUR, MINUTE
from supportsim.show.style import GREY
from supportsim.study.pattern import Pattern

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def steps(cut: Pattern, values: Floats) -> tuple[Floats, Floats]:
    """x and y of a line that is level inside each bin and broken between days."""
    x, y = [], []
    for i, value in enumerate(values):
        if i and cut.day[i] != cut.day[i - 1]:
            x.append(float(i))
            y.append(np.nan)
        x += [float(i), float(i + 1)]
        y += [float(value), float(value)]
    return np.array(x), np.array(y)


def time_axis(axes: Axes, cut: Pattern, names: bool = True) -> None:
    """Hours below, a thin line and the name of the day above each day."""
    axes.set_xlim(0, cut.bins)
    first = [i for i in range(cut.bins) if i == 0 or cut.day[i] != cut.day[i - 1]]
    for i in first[1:]:
        axes.axvline(i, color=GREY, linewidth=0.8)
    every = _tick_hours(cut)
    single = len(first) == 1
    at = [i for i in range(cut.bins) if _on(cut.hour[i], every) and not _tight(cut, i, first)]
    if cut.length >= DAY:
        at = []
    labels = [_clock(cut.hour[i]) if single else f"{int(cut.hour[i]):d}" for i in at]
    end = cut.hour[-1] + cut.length / HOUR
    if single and at and _on(end, every):
        at, labels = [*at, cut.bins], [*labels, _clock(end)]
    axes.set_xticks(at, labels)
    if names and len(first) > 1:
        for i, j in zip(first, [*first[1:], cut.bins], strict=True):
            axes.text((i + j) / 2, 1.02, cut.days[int(cut.day[i])], transform=axes.get_xaxis_transform(),
                      ha="center", va="bottom", color=GREY)  # fmt: skip


def _tight(cut: Pattern, i: int, first: list[int]) -> bool:
    """Whether a label at bin i would touch that of the next day's first hour."""
    return len(first) > 1 and i + 0.02 * cut.bins > cut.bins


def _tick_hours(cut: Pattern) -> int:
    per_day = cut.bins / max(1, len(cut.days)) * cut.length / HOUR
    room = 30 / max(1, len(cut.days))  # labels that fit into a day
    return next((h for h in (1, 2, 3, 4, 6, 12) if per_day / h <= room), 24)


def _on(hour: float, every: int) -> bool:
    return abs(hour % every) < 1e-9


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"


def bin_words(length: int, several: bool = False) -> str:
    """`half-hour`, `hour`, `interval of 15 min`, `interval of 2 h`: what a bin is called."""
    known = {HOUR // 2: "half-hour", HOUR: "hour", 24 * HOUR: "day"}
    size = f"{length // HOUR} h" if length % HOUR == 0 else f"{length / MINUTE:g} min"
    plural = "s" if several else ""
    return known[length] + plural if length in known else f"interval{plural} of {size}"


def percent(share: float, digits: int = 0) -> str:
    """`80 %`."""
    return f"{100 * share:.{digits}f} %"


def below(share: float, target: float) -> str:
    """A share below a target in per cent, with as many digits as tell it from the target."""
    digits = next((d for d in (0, 1) if round(100 * share, d) < round(100 * target, d)), 2)
    return percent(share, digits)


def too_close(number: int) -> str:
    """`, too close to call in 3`; nothing for none."""
    return f", too close to call in {number}" if number else ""


def some_of(some: int, number: int, length: int) -> str:
    """`3 of 20 half-hours`, `all 20 half-hours`, `both hours`, `the one hour`: so many of so many bins."""
    words = bin_words(length, several=number != 1)
    if some < number:
        return f"{some} of {number} {words}"
    return f"the one {words}" if number == 1 else f"both {words}" if number == 2 else f"all {number} {words}"


def percent_axis(axes: Axes, label: str) -> None:
    """0 to 100 %."""
    axes.set_ylim(0, 1.015)  # room for the line at 100 %
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1.0], ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"])
    axes.set_ylabel(label)


def beside(axes: Axes, height: float, text: str) -> None:
    """A word to the right of a level line."""
    place = axes.get_yaxis_transform()
    axes.annotate(text, (1, height), xycoords=place, xytext=(5, 0), textcoords="offset points", va="center",
                  fontsize=8.5)  # fmt: skip


def foot(figure: Figure, text: str) -> None:
    """The line under a figure."""
    figure.text(0.995, 0.12 / figure.get_figheight(), text, ha="right", va="bottom", fontsize=7.5, color=GREY)


def fitting_columns(labels: list[str], width: int = 186) -> int:
    """How many columns of a legend stand side by side in so many letters; columns are filled from the top."""
    for columns in range(len(labels), 1, -1):
        parts = np.array_split([len(label) for label in labels], columns)
        if sum(int(part.max()) + 8 for part in parts) <= width:
            return columns
    return 1


def wrapped(text: str, width: int = 118) -> str:
    """Long titles over several lines."""
    import re
    import textwrap

    glued = re.sub(r"(?<=\d) (?=(?:%|s|min|h|days?)\b|%)", "\u00a0", text)  # a number and its unit stay together
    return "\n".join(textwrap.wrap(glued, width, break_on_hyphens=False)).replace("\u00a0", " ") or text
