"""The share of a promise kept over time, as all figures draw it: mean, two bands, target, and what is not decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from supportsim.measure.sums import Floats
from supportsim.show import axes as draw
from supportsim.show import style
from supportsim.study.pattern import Kept, Pattern

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Steps = Callable[[Pattern, Floats], tuple[Floats, Floats]]
Handles = list[tuple[Any, str]]
TOO_CLOSE = "too close to call: the 95 %\ninterval holds the target"
_STRIP = (-0.075, -0.015)  # below 0 %: no line of the figure runs there
_SEEN = 0.005  # by so much an interval must stand out of the days to hide them
_OFTEN = 0.1  # and in so many bins


def draw_kept(axes: Axes, kept: Kept, steps: Steps, mean_words: str, target_words: str) -> Handles:
    """Everything but axes and title; what stands in a legend, in its order."""
    x, mean = steps(kept.cut, kept.mean)
    pale = axes.fill_between(x, steps(kept.cut, kept.p05)[1], steps(kept.cut, kept.p95)[1], color=style.SKY,
                             alpha=0.28, linewidth=0)  # fmt: skip
    dark = axes.fill_between(x, steps(kept.cut, kept.low)[1], steps(kept.cut, kept.high)[1], color=style.BLUE,
                             alpha=0.55, linewidth=0)  # fmt: skip
    days = ends(axes, x, [steps(kept.cut, each)[1] for each in (kept.p05, kept.p95)], hidden(kept))
    below = _where(kept, kept.below, steps)
    hatch = axes.fill_between(x, mean, kept.target, where=below, facecolor="none", hatch="////",
                              edgecolor=style.VERMILION, linewidth=0)  # fmt: skip
    (line,) = axes.plot(x, mean, color=style.BLUE, linewidth=1.6)
    rule = axes.axhline(kept.target, color=style.BLACK, linewidth=1.1, linestyle=(0, (6, 3)))
    found: Handles = [(line, mean_words)]
    found += [] if np.isnan(kept.low).all() else [(dark, "95 % interval of that share")]  # of one replication none
    found += [(pale, f"5–95 % of single days{days}"), (rule, target_words)]
    found += [(hatch, "below target on average")] if below.any() else []
    return found + _strip(axes, kept, x, steps)


def together(handles: Iterable[Handles]) -> Handles:
    """Every kind of several panels once, with the words of the panel that says most of it."""
    found: dict[str, tuple[Any, str]] = {}
    for handle, words in (pair for each in handles for pair in each):
        kind = words.split(",")[0]
        if kind not in found or len(words) > len(found[kind][1]):
            found[kind] = (handle, words)
    return list(found.values())


def hidden(kept: Kept) -> bool:
    """Whether the band of the mean covers that of single days, as with few replications of few days it does."""
    covered = (kept.low < kept.p05 - _SEEN) | (kept.high > kept.p95 + _SEEN)
    return bool(covered.sum() > _OFTEN * (~np.isnan(kept.mean)).sum())


def ends(axes: Axes, x: Floats, edges: list[Floats], covered: bool) -> str:
    """Dotted ends of a range that lies behind another one, and what a legend says of them."""
    if not covered:
        return ""
    for edge in edges:
        axes.plot(x, edge, color=style.INK, linewidth=0.9, linestyle=(0, (1, 1.6)))
    return ",\nits ends dotted"


def _where(kept: Kept, bins: Any, steps: Steps) -> Any:
    return steps(kept.cut, np.where(bins, 1.0, 0.0))[1] == 1


def _strip(axes: Axes, kept: Kept, x: Floats, steps: Steps) -> Handles:
    """A dotted strip under the bins whose interval holds the target."""
    draw.percent_axis(axes, "")
    if not kept.close.any():
        return []
    axes.set_ylim(bottom=_STRIP[0] - 0.01)
    strip = axes.fill_between(x, *_STRIP, where=_where(kept, kept.close, steps), facecolor="#E8E8E8",
                              edgecolor=style.INK, hatch="....", linewidth=0)  # fmt: skip
    none = bool(np.isnan(kept.low[kept.close]).any())
    return [(strip, f"{TOO_CLOSE},\nor there is none" if none else TOO_CLOSE)]
