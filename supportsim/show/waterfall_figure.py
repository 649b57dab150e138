"""Contribution from base to option as a waterfall: pay to prices of plans, cash, then margin kept by churn odds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.comparison_words import footer
from supportsim.study.comparison import Comparison
from supportsim.study.estimate import Estimate
from supportsim.study.folder import write_csv
from supportsim.study.waterfall import CASH, KEPT, LEFT, TOTALS, Step, waterfall
from supportsim.study.words import several, unsigned_zero

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "contribution"
WORDS = {
    "pay": "pay", "overtime_pay": "overtime pay", "seats": "seats", "channel_cost": "channels",
    "penalties": "penalties and credits", "support_price": "prices of plans", "margin": "margin",
    CASH: "cash in all", KEPT: "margin kept (by odds)", LEFT: "cash and margin kept",
}  # fmt: skip
_MOST, _ACROSS = 4, 2  # panels of a file
_GAIN, _LOSS, _TOTAL = style.BLUE, style.ORANGE, style.PALE  # also in grey three tones
KEY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("more is left", {"facecolor": _GAIN}), ("less is left", {"facecolor": _LOSS}),
    ("totals", {"facecolor": _TOTAL, "edgecolor": style.INK, "linewidth": 0.6}),
    ("hatched: no cash, rests on stated odds of leaving", {"facecolor": "white", "edgecolor": style.INK,
                                                           "hatch": "////"}),
)  # fmt: skip
RANGE = "black line: from low to high odds, as stated"

Panels = dict[str, list[Step]]


def draw_contribution(comparison: Comparison, folder: Path) -> list[Path]:
    """A panel for each option; returns the files written, none where contribution is not known of any."""
    panels = {option.name: steps for option in comparison.others if (steps := waterfall(comparison, option))}
    title = finding(comparison, panels)

    def leaf(shown: slice, name: str, first: bool) -> list[Path]:
        files = _draw(comparison, dict(list(panels.items())[shown]), changing(panels), folder, name, title)
        if first:
            write_csv(numbers(comparison, panels), folder / f"{NAME}.csv", digits=17)
            files.append(folder / f"{NAME}.csv")
        return files

    return sheet.draw_leaves(len(panels), _MOST, NAME, leaf)


def _draw(comparison: Comparison, panels: Panels, lines: list[str], folder: Path, name: str, title: str) -> list[Path]:
    from matplotlib.figure import Figure

    with style.styled():
        across = min(_ACROSS, len(panels))
        down = -(-len(panels) // across)
        height = 3.5 * down + 1.25
        figure = Figure(figsize=(style.WIDTH, height))
        axes = list(figure.subplots(down, across, squeeze=False).flat)
        figure.subplots_adjust(left=0.07, right=0.985, bottom=1.85 / height, top=1 - 0.85 / height, wspace=0.14,
                               hspace=1.5 / 2.25)  # fmt: skip
        for panel, (option, steps) in zip(axes, panels.items(), strict=False):
            _panel(panel, comparison, option, steps, lines)
        for panel in axes[len(panels) :]:
            panel.set_axis_off()
        figure.text(0.01, 1 - 0.14 / height, draw.wrapped(title, 125), ha="left", va="top", fontsize=10.5,
                    fontweight="bold")  # fmt: skip
        _legend(figure, any(step.odds for steps in panels.values() for step in steps), same(panels, lines))
        draw.foot(figure, footer(comparison))
        return style.save(figure, folder, name, "Contribution from base to option", title)


def bars(steps: list[Step]) -> list[tuple[Step, float, float]]:
    """Each step with where its bar begins and ends: totals begin at 0, all else where the one before ends."""
    found, at = [], 0.0
    for step in steps:
        begin = 0.0 if step.line in TOTALS else at
        at = begin + step.change.mean
        found.append((step, begin, at))
    return found


def changing(panels: Panels) -> list[str]:
    """Totals, what rests on odds, and lines that differ in any play of any option."""
    every = [step for steps in panels.values() for step in steps]
    moved = {step.line for step in every if step.change.mean or step.change.high > step.change.low}
    return [line for line in WORDS if line in moved or line in (*TOTALS, KEPT)]


def _panel(axes: Axes, comparison: Comparison, option: str, steps: list[Step], lines: list[str]) -> None:
    per, shown = comparison.periods, [step for step in steps if step.line in lines]
    for at, (step, begin, end) in enumerate(bars(shown)):
        _bar(axes, at, step, begin / per, end / per)
        if at + 1 < len(shown):
            axes.plot([at, at + 1], [end / per, end / per], color=style.GREY, linewidth=0.7)
        if step.odds:
            low, high = (begin / per + each / per for each in step.odds)
            axes.plot([at, at], [low, high], color=style.BLACK, linewidth=1.2, marker="_", markersize=6)
        top = max(begin, end, *(begin + each for each in step.odds)) / per
        axes.annotate(amount(step.change, per), (at, top), (0, 3), textcoords="offset points", ha="center",
                      va="bottom", fontsize=7.5, fontweight="bold" if step.line in TOTALS else "normal")  # fmt: skip
    axes.axhline(0, color=style.BLACK, linewidth=0.8)
    axes.set_xticks(range(len(shown)), [draw.wrapped(WORDS[step.line], 14) for step in shown], fontsize=8,
                    rotation=30, ha="right", rotation_mode="anchor")  # fmt: skip
    axes.tick_params(axis="x", length=0)
    axes.grid(visible=False, axis="x")
    _limits(axes, [end / per for step, a, b in bars(shown) for end in (a, b, *(a + each for each in step.odds))])
    axes.set_ylabel(f"{comparison.base.result.scenario.currency or 'money'} {comparison.each}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace(",", " ").replace("-", "−"))
    axes.set_title(draw.wrapped(option, 60))
    axes.set_xlabel(draw.wrapped(levels(comparison, steps), 92), fontsize=8, loc="left")


def _limits(axes: Axes, ends: list[float]) -> None:
    """Room above the highest bar for its label."""
    low, high = min(0.0, *ends), max(0.0, *ends)
    height = (high - low) or 1.0
    axes.set_ylim(low - 0.03 * height, high + 0.22 * height)


def _bar(axes: Axes, at: int, step: Step, begin: float, end: float) -> None:
    total = step.line in TOTALS
    color = _TOTAL if total else _GAIN if end >= begin else _LOSS
    hatched = step.line == KEPT
    axes.bar(at, end - begin, bottom=begin, width=0.66, color="white" if hatched else color,
             edgecolor=style.INK if total else color,
             linewidth=1.0, hatch="////" if hatched or step.line == LEFT else None)  # fmt: skip


def amount(change: Estimate, per: float = 1.0) -> str:
    """`+790` over `± 53`; `none` where not one play differs."""
    half = (change.high - change.low) / 2 / per
    if not change.mean and not half > 0:
        return "none"
    mean = change.mean / per
    digits = 0 if max(abs(mean), half if half == half else 0.0) >= 10 else 1
    known = f"\n± {half:,.{digits}f}" if half > 0 else ""
    return unsigned_zero(f"{mean:+,.{digits}f}{known}".replace(",", " ").replace("-", "−"))


def levels(comparison: Comparison, steps: list[Step]) -> str:
    """What the totals are in base and option, so that nobody has to add."""
    per = comparison.periods
    told = [f"{WORDS[step.line]} {_plain(step.base / per)} → {_plain(step.option / per)}" for step in steps
            if step.line in TOTALS]  # fmt: skip
    return f"{comparison.base.name} → option: {'; '.join(told)}"


def _plain(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ").replace("-", "−")


def finding(comparison: Comparison, panels: Panels) -> str:
    """Of the options the one that leaves most, and by how much; that none does, or that chance may be all of it."""
    if not panels:
        return ""
    name = max(panels, key=lambda each: panels[each][-1].change.mean)
    total = panels[name][-1].change
    head = f"of {_drawn(comparison, panels)}, {name} leaves most," if len(panels) > 1 else f"{name} leaves"
    told = _told(comparison, panels[name])
    if total.mean <= 0:
        return f"Contribution: no option leaves more than {comparison.base.name}; nearest to it is {name}, with {told}"
    sure = "" if total.low > 0 else ", which may be chance"
    return f"Contribution: {head} {told} than {comparison.base.name}{sure}"


def _drawn(comparison: Comparison, panels: Panels) -> str:
    """`3 options and 2 resized rosters beside today`: the base is what they are set against, and none of them."""
    again = sum(bool(option.resized_from) for option in comparison.others if option.name in panels)
    rosters = f" and {several(again, 'resized roster')}" if again else ""
    return f"{several(len(panels) - again, 'option')}{rosters} beside {comparison.base.name}"


def _told(comparison: Comparison, steps: list[Step]) -> str:
    """`789 GBP a week more in cash and 2 408 more with margin kept as stated`."""
    money = f"{comparison.base.result.scenario.currency} {comparison.each}".strip()
    cash, *left = (_more(step.change.mean / comparison.periods, money) for step in steps if step.line in TOTALS)
    return f"{cash} in cash" + "".join(f" and {each} with margin kept as stated" for each in left)


def _more(value: float, money: str) -> str:
    return f"{_plain(abs(value))} {money} {'more' if value > 0 else 'less'}"


def same(panels: Panels, lines: list[str]) -> str:
    """Which lines are not drawn; empty where all are."""
    left = [WORDS[step.line] for step in next(iter(panels.values())) if step.line not in lines]
    return f"the same in all options: {', '.join(left)}" if left else ""


def _legend(figure: Any, by_odds: bool, beside: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    shown = KEY if by_odds else KEY[:-1]
    handles: list[Any] = [Patch(**look) for _, look in shown]
    words = [word for word, _ in shown]
    if by_odds:
        handles.append(Line2D([], [], color=style.BLACK, linewidth=1.2, marker="_", markersize=6))
        words.append(RANGE)
    if beside:
        handles.append(Line2D([], [], linewidth=0))
        words.append(beside)
    figure.legend(handles, words, loc="lower left", bbox_to_anchor=(0.005, 0.28 / figure.get_figheight()),
                  ncols=draw.fitting_columns(words, 170))  # fmt: skip


def numbers(comparison: Comparison, panels: Panels) -> pd.DataFrame:
    """The numbers of the figure, to the micro-unit."""
    per, base = comparison.periods, comparison.base.result
    rows = []
    for option, steps in panels.items():
        for step in steps:
            low, high = step.odds or (None, None)
            rows.append({
                "option": option, "line": step.line, "currency": base.scenario.currency, "base": step.base,
                "option_mean": step.option, "difference": step.change.mean,
                "difference_ci_low": round(step.change.low, 6), "difference_ci_high": round(step.change.high, 6),
                "difference_low_odds": low, "difference_high_odds": high,
                "per": comparison.each.removeprefix("a "), "difference_per": round(step.change.mean / per, 6),
                "n": step.change.n,
            })  # fmt: skip
    return pd.DataFrame(rows)
