"""Figures and report of options that a command made: `without`, `ladder`, `ladder --all`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from supportsim.show.report.write import Told
from supportsim.show.tables import Columns

if TYPE_CHECKING:
    from supportsim.show.report.table import Table
    from supportsim.study.comparison import Comparison
    from supportsim.study.crowded_out import CrowdedOut
    from supportsim.study.ladder import Ladder
    from supportsim.study.ladder_all import Assignments


def of_without(found: CrowdedOut, folder: Path, decimal: str) -> Path:
    """Who waits because of whom."""
    from supportsim.show.crowded_out_text import table
    from supportsim.show.forest_figure import draw_forest
    from supportsim.show.waterfall_figure import draw_contribution

    comparison, target = found.comparison, _figures(folder)
    files = [*draw_forest(comparison, target), *draw_contribution(comparison, target)]
    names = ", ".join(thin.name for thin in found.removed.values())
    tables = [_table(table(found, option.name), 2) for option in comparison.others]
    told = Told(f"{_name(comparison)}: what issues of {names} do to the others", found.verdict(), tables,
                _all(comparison))  # fmt: skip
    return _write(comparison, told, folder, files, decimal)


def of_ladder(found: Ladder, folder: Path, decimal: str) -> Path:
    """What a segment could be offered."""
    from supportsim.show.forest_figure import draw_forest
    from supportsim.show.ladder_figure import draw_ladder
    from supportsim.show.ladder_text import table
    from supportsim.show.waterfall_figure import draw_contribution

    comparison, target = found.comparison, _figures(folder)
    files = [*draw_ladder(found, target), *draw_contribution(comparison, target), *draw_forest(comparison, target)]
    told = Told(f"{_name(comparison)}: what {found.segment} could be offered", found.verdict(),
                [_table(table(found), 1)], _all(comparison))  # fmt: skip
    return _write(comparison, told, folder, files, decimal)


def of_assignments(found: Assignments, folder: Path, decimal: str) -> Path:
    """Every segment on every level: those on a frontier, beside what there is."""
    from supportsim.show.assignments_figure import draw_assignments
    from supportsim.show.ladder_text import table_of_all

    comparison, rows = found.comparison, found.table.to_dict("records")
    best = [row["frontier"] == 1 or row["frontier_contribution"] == 1 for row in rows]
    # rows of what was played stand in the order of the options
    shown = tuple(o.name for i, o in enumerate(comparison.options) if best[i] or o is comparison.base)
    title = f"{_name(comparison)}: every assignment of levels to segments"
    said = [
        *found.verdict(),
        "This page tells of those on a frontier, beside what there is; all are drawn below and lie in assignments.csv. "
        "They were chosen by what came out here, and may do less well in other plays.",
    ]
    told = Told(title, said, [_table(table_of_all(found), 2)], shown)
    return _write(comparison, told, folder, draw_assignments(found, _figures(folder)), decimal)


def _figures(folder: Path) -> Path:
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    return target


def _name(comparison: Comparison) -> str:
    scenario = comparison.base.result.scenario
    return scenario.title or scenario.name


def _all(comparison: Comparison) -> tuple[str, ...]:
    return tuple(option.name for option in comparison.options)


def _table(columns: Columns, words: int) -> Table:
    """A table of the console as a page shows it."""
    from supportsim.show.report.table import Table, headings

    return Table(columns.title, headings(*columns.headings), columns.rows, words=tuple(range(words)))


def _write(comparison: Comparison, told: Told, folder: Path, files: Iterable[Path], decimal: str) -> Path:
    from supportsim.show.comparing import incomplete
    from supportsim.show.report.write import of_made
    from supportsim.study.decimal_comma import write_again

    write_again(folder, decimal)
    return of_made(comparison, told, folder, files, incomplete(comparison))
