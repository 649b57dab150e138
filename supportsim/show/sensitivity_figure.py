"""What moves the answer: for each measure a bar for each input, from a share less of it to a share more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from supportsim import __version__
from supportsim.scenario.load import scenario_hash
from supportsim.show import axes as draw
from supportsim.show import sheet, style
from supportsim.study.folder import write_csv
from supportsim.study.sensitivity import Sensitivity
from supportsim.study.sensitivity_words import Row, measured, of_what
from supportsim.study.words import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "sensitivity"
MOST = 4  # panels that fit a printed page
BARS = 8  # of each panel
_THICK = 0.62
_LOW: dict[str, Any] = {"facecolor": style.ORANGE, "edgecolor": style.INK, "linewidth": 0.6, "hatch": "////"}
_HIGH: dict[str, Any] = {"facecolor": style.BLUE, "edgecolor": style.INK, "linewidth": 0.6}
_UNSURE: dict[str, Any] = {"facecolor": "white", "edgecolor": style.GREY, "linewidth": 0.8}


def draw_sensitivity(found: Sensitivity, folder: Path) -> list[Path]:
    """A panel for each measure, four to a file, in `folder`/figures; returns the files written."""
    panels = [rows for rows in measured(found) if any(row["movement"] > 0 for row in rows)]
    if not panels:
        return []
    target = folder / "figures"
    target.mkdir(parents=True, exist_ok=True)

    def leaf(own: slice, name: str, first: bool) -> list[Path]:
        return _draw(found, panels[own], target, name, panels if first else None)

    return sheet.draw_leaves(len(panels), MOST, NAME, leaf)


def _draw(
    found: Sensitivity, panels: list[list[Row]], folder: Path, name: str, every: list[list[Row]] | None
) -> list[Path]:
    from matplotlib.figure import Figure

    titles = [finding(rows) for rows in panels]
    deep = -(-len(panels) // 2)
    with style.styled():
        height = 2.95 * deep + 0.95
        figure = Figure(figsize=(style.WIDTH, height))
        grid = figure.subplots(deep, 2, squeeze=False)
        figure.subplots_adjust(left=0.19, right=0.985, bottom=1.0 / height, top=1 - 0.55 / height, wspace=0.58,
                               hspace=0.62)  # fmt: skip
        places = list(grid.ravel())
        for axes, rows, title in zip(places, panels, titles, strict=False):
            _panel(axes, _drawn(rows), found.scenarios[found.base].currency)
            axes.set_title(draw.wrapped(title, 72), pad=6, fontsize=9.5, loc="left", x=-0.6)
        for axes in places[len(panels) :]:
            axes.set_axis_off()
        _legend(figure, found, height)
        draw.foot(figure, _footer(found))
        files = style.save(figure, folder, name, "What moves the answer", " ".join(titles))
    if every is None:
        return files
    write_csv(numbers(every), folder / f"{NAME}.csv")
    return [*files, folder / f"{NAME}.csv"]


def finding(rows: list[Row]) -> str:
    """What the measure rests on."""
    told = [row for row in rows if row["told"]]
    if not told:
        return f"{of_what(rows[0])}: no input moves it for sure"
    more = f"; {len(told) - 1} more move{'s' * (len(told) == 2)} it" if len(told) > 1 else "; nothing else for sure"
    return f"{of_what(rows[0])}: {told[0]['name']} has {100 * told[0]['share']:.0f} % of all movement{more}"


def _drawn(rows: list[Row]) -> list[Row]:
    """As many as there is room for, of those that move the measure at all."""
    return [row for row in rows[:BARS] if row["movement"] > 0]


def _panel(axes: Axes, rows: list[Row], currency: str) -> None:
    """The largest above; in a bar the change at both sides, each with its interval."""
    by = 100.0 if rows[0]["unit"] == "share" else 1.0
    for y, row in enumerate(rows):
        for which, look in (("low", _LOW), ("high", _HIGH)):
            mean, low, high = (by * row[f"change_{which}{end}"] for end in ("", "_ci_low", "_ci_high"))
            hollow = {**_UNSURE, "hatch": look.get("hatch", "")}
            axes.barh(y, mean, _THICK, **(look if row["told"] else hollow))
            if high > low:  # white around it, to be seen upon a bar
                axes.plot([low, high], [y, y], color="white", linewidth=3.0, solid_capstyle="butt")
                axes.plot([low, high], [y, y], color=style.INK, linewidth=1.2, solid_capstyle="butt")
    axes.axvline(0, color=style.BLACK, linewidth=1.0)
    axes.set_yticks(range(len(rows)), [_label(row) for row in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.set_xlabel(_axis(rows[0], currency), fontsize=8.5)
    axes.locator_params(axis="x", nbins=6)
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:,g}".replace(",", " ").replace("-", "−"))


def _label(row: Row) -> str:
    name = draw.wrapped(sheet.short(str(row["name"]), 62), 33)
    return f"{name} *" if row["source"] == "default" else name


def _axis(row: Row, currency: str) -> str:
    unit = {"share": "points", "currency": currency or "money"}.get(row["unit"], row["unit"])
    each = f" a {row['per']}" if row["per"] else ""
    return f"change from as stated, {unit}{each}" if unit else f"change from as stated{each}"


def _legend(figure: Any, found: Sensitivity, height: float) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    by = f"{100 * found.by:g} %"
    handles = [Patch(**_LOW), Patch(**_HIGH), Patch(**_UNSURE), Line2D([], [], color=style.INK, linewidth=1.1)]
    words = [f"{by} less", f"{by} more", "not told from chance (Holm)", "95 % interval"]
    if "default" in found.table["source"].to_numpy():
        handles.append(Line2D([], [], marker="*", color=style.INK, linestyle="none"))
        words.append("supplied by supportsim")
    figure.legend(handles, words, loc="lower center", ncols=len(words), bbox_to_anchor=(0.5, 0.3 / height))


def _footer(found: Sensitivity) -> str:
    base = found.scenarios[found.base]
    return (
        f"{sheet.short(base.name, 60)} · supportsim {__version__} · scenario {scenario_hash(base)[:12]} · "
        f"seed {found.seed} · n = {several(found.requested, 'replication')} of each on the same customers"
    )


def numbers(panels: list[list[Row]]) -> pd.DataFrame:
    """What is drawn."""
    columns = ["option", "against", "selector", "measure", "unit", "per", "input", "name", "change_low",
               "change_low_ci_low", "change_low_ci_high", "change_high", "change_high_ci_low", "change_high_ci_high",
               "share", "told"]  # fmt: skip
    return pd.DataFrame(
        [{key: row[key] for key in columns} for rows in panels for row in _drawn(rows)], columns=columns
    )
