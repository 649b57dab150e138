"""All assignments of levels: what each leaves against the promises to the most valued, and against their lead."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.show.comparison_words import footer
from supportsim.study.folder import write_csv
from supportsim.study.ladder_all import Assignments
from supportsim.study.words import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "assignments"
_NAMES = {"after_churn": "contribution after churn", "contribution": "contribution", "cost": "cost"}
Row = dict[str, Any]


def draw_assignments(found: Assignments, folder: Path) -> list[Path]:
    """Two panels over the same amount; returns the files written, none where no promise covers the segment alone."""
    from matplotlib.figure import Figure

    rows = [row for row in played(found) if not math.isnan(row["kept"])]
    if not rows:
        return []
    left, best = found.left or "cost", frontier(found, rows)
    title = finding(found, rows, best)
    labels = [f"{i}  {name_of(row)}" for i, row in enumerate(best, 1)]
    with style.styled():
        across = draw.fitting_columns([*labels, _OTHER, _HOLLOW, _BASE], 170)
        below = 1.0 + 0.24 * -(-(len(labels) + 3) // across)
        height = 4.2 + below
        figure = Figure(figsize=(style.WIDTH, height))
        axes = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.07, right=0.985, bottom=below / height, top=1 - 1.1 / height, wspace=0.2)
        for panel, of in zip(axes, ("kept", "gap"), strict=True):
            _panel(panel, rows, best, left, of)
            panel.set_xlabel(_axis(found, left))
        axes[0].set_title(draw.wrapped(f"promises to {found.valued} kept", 55))
        axes[1].set_title(
            draw.wrapped(
                f"kept to {found.valued} less kept to the others, points (no mark: the others have no case)", 58
            )
        )
        axes[0].yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        axes[1].yaxis.set_major_formatter(lambda value, _: f"{100 * value:+.0f}".replace("-", "−"))
        axes[1].axhline(0, color=style.BLACK, linewidth=1.1, linestyle=(0, (6, 3)))
        figure.text(0.01, 1 - 0.14 / height, draw.wrapped(title, 125), ha="left", va="top", fontsize=10.5,
                    fontweight="bold")  # fmt: skip
        _legend(figure, labels, across)
        draw.foot(figure, footer(found.comparison))
        files = style.save(figure, folder, NAME, "Every assignment of levels", title)
    write_csv(found.table, folder / f"{NAME}.csv")
    return [*files, folder / f"{NAME}.csv"]


_OTHER, _HOLLOW, _BASE = "grey: another one leaves more and keeps more", "hollow: roster resized by work", "as it is"


def played(found: Assignments) -> list[Row]:
    """The rows of all that were played."""
    return [row for row in found.table.to_dict("records") if row["state"] == "played"]  # type: ignore[misc]


def frontier(found: Assignments, rows: list[Row]) -> list[Row]:
    """Those that no other beats in what is left and kept (without contribution: cost), best kept last."""
    column = "frontier_contribution" if found.left else "frontier"
    return sorted((row for row in rows if row[column] == 1), key=lambda row: (row["kept"], -row["cost"]))


def name_of(row: Row) -> str:
    return str(row["assignment"]) + (", resized" if row["roster"] != "as it is" else "")


def _panel(axes: Axes, rows: list[Row], best: list[Row], left: str, of: str) -> None:
    for row in rows:
        number = best.index(row) if row in best else None
        look = {"color": style.PALE, "marker": "o"} if number is None else style.look(number)
        color, mark = look["color"], "*" if row is rows[0] else look["marker"]
        first = row is rows[0]
        if number is not None or first:
            axes.plot([row[f"{left}_ci_low"], row[f"{left}_ci_high"]], [row[of]] * 2, color=color, linewidth=1.2)
            axes.plot([row[left]] * 2, [row[f"{of}_ci_low"], row[f"{of}_ci_high"]], color=color, linewidth=1.2)
        edge = style.BLACK if first else style.GREY if number is None else color
        axes.plot([row[left]], [row[of]], marker=mark, markersize=11 if first else 7, color=color,
                  markeredgecolor=edge, markerfacecolor="white" if row["roster"] != "as it is" else color,
                  markeredgewidth=1.3, linestyle="none", zorder=2 if number is None else 3)  # fmt: skip
        if number is not None:
            axes.annotate(str(number + 1), (row[left], row[of]), (5, 5), textcoords="offset points", fontsize=8.5,
                          fontweight="bold")  # fmt: skip
    if of == "kept":
        path = sorted(((row[left], row[of]) for row in best), key=lambda at: at[1])
        axes.plot([x for x, _ in path], [y for _, y in path], color=style.GREY, linewidth=0.8, zorder=1)
    axes.margins(0.1)
    axes.locator_params(axis="x", nbins=6)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace(",", " ").replace("-", "−"))


def _axis(found: Assignments, left: str) -> str:
    money = f"{found.comparison.base.result.scenario.currency} {found.comparison.each}".strip()
    return f"{_NAMES[left]}, {money}"


def finding(found: Assignments, rows: list[Row], best: list[Row]) -> str:
    """How many no other beats, and what the one that leaves most is."""
    left = found.left or "cost"
    head = f"{len(best)} of {several(len(rows), 'assignment')}, as rostered or resized, are beaten by no other in "
    most = max(rows, key=lambda row: row[left]) if found.left else min(rows, key=lambda row: row[left])
    what = "leaves most" if found.left else "costs least"
    base = "what there is" if most is rows[0] else name_of(most)
    said = f"{what}: {base}, with {100 * most['kept']:.0f} % of them kept"
    return f"{head}{_NAMES[left]} and promises to {found.valued}; {said}"


def _legend(figure: Any, labels: list[str], across: int) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], **style.look(i), linewidth=1.2) for i in range(len(labels))]
    words = [*(sheet.short(label, 80) for label in labels), _OTHER, _HOLLOW, _BASE]
    looks: tuple[dict[str, Any], ...] = (
        {"marker": "o", "markerfacecolor": style.PALE, "markeredgecolor": style.GREY},
        {"marker": "o", "markerfacecolor": "white", "markeredgecolor": style.GREY},
        {"marker": "*", "markersize": 11, "markerfacecolor": style.PALE, "markeredgecolor": style.BLACK},
    )
    handles += [Line2D([], [], linewidth=0, **look) for look in looks]
    box = figure.legend(handles, [f"x{i}" for i in range(len(words))], loc="lower left", ncols=across,
                        bbox_to_anchor=(0.005, 0.28 / figure.get_figheight()))  # fmt: skip
    for text, word in zip(box.get_texts(), words, strict=True):
        text.set_text(word)
