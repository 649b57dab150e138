"""`supportsim ladder`: what it prints, and the command."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.show.made_options import Asked, conducted
from supportsim.show.running import console, print_places
from supportsim.show.tables import DASH, Columns, count, percent
from supportsim.study.compare import compare
from supportsim.study.ladder import Ladder, played, rungs
from supportsim.study.ladder_table import COST, KEPT, OTHERS
from supportsim.study.ladder_words import NEVER, RESIZED, rows_of, told_by
from supportsim.study.words import several

if TYPE_CHECKING:
    from supportsim.study.compare import Play
    from supportsim.study.ladder_all import Assignments

#: Told by the week, as comparisons do, where a week or more is counted.
_SUMS = (("all", "paid_hours"), ("all", "cost"))


def climbed(
    file: str, changes: list[tuple[str, str]], segment: str, levels: Sequence[str], resize: bool, asked: Asked,
    figures: bool,
) -> Ladder:  # fmt: skip
    """The whole command.  Raises as `ladder` and `conducted`."""
    found = rungs(file, segment, changes, levels)

    def make(play: Play) -> Ladder:
        return played(found, segment, lambda options: compare(options, resize=resize, play=play))

    def tell(ladder: Ladder, folder: Path) -> None:
        if asked.as_json:
            from supportsim.show.as_json import print_json

            print_json(document(ladder, folder))
        else:
            show(ladder, folder)

    options = {each.level.name: each.scenario for each in found if each.scenario is not None}
    return conducted("ladder", options, asked, make, tell, _drawn if figures else None)


def all_climbed(
    file: str, changes: list[tuple[str, str]], levels: Sequence[str], resize: bool, asked: Asked, figures: bool
) -> Assignments:
    """The whole command with --all.  Raises as `ladder_all` and `conducted`."""
    from supportsim.study.ladder_all import Assignments, assignments

    valued, found = assignments(file, changes, levels)
    options = {each.level.name: each.scenario for each in found if each.scenario is not None}
    out = tuple(each for each in found if each.scenario is None)

    def make(play: Play) -> Assignments:
        return Assignments(valued, compare(options, resize=resize, play=play), out)

    def tell(found: Assignments, folder: Path) -> None:
        if asked.as_json:
            from supportsim.show.as_json import print_json
            from supportsim.study.comparison_folder import manifest

            own = {"folder": str(folder), "verdict": found.verdict(), "assignments": found.table.to_dict("records")}
            print_json({**manifest(found.comparison), **own})
        else:
            _show_all(found, folder)

    return conducted("ladder", options, asked, make, tell, _all_drawn if figures else None)


def _show_all(found: Assignments, folder: Path) -> None:
    """All assignments, the cheapest first, then the frontier."""
    out = console()
    out.print(table_of_all(found).fitting(out.width))
    for sentence in found.verdict():
        out.print(f"· {sentence}", markup=False, soft_wrap=True)
    print_places(folder)


def table_of_all(found: Assignments) -> Columns:
    """All that were played, the cheapest first."""
    rows = found.table.sort_values("cost").to_dict("records")
    cost, kept = f"cost {found.comparison.each}", f"promises to {found.valued}"
    shown = Columns("All assignments, the cheapest first", ["assignment", "roster", cost, kept, "frontier"], [], 2)
    for row in rows:
        if row["state"] == "played":
            on = "yes" if row["frontier"] else ""
            shown.add(row["assignment"], row["roster"], count(round(row["cost"])), percent(row["kept"]), on)
    return shown


def _drawn(ladder: Ladder, folder: Path, decimal: str) -> None:
    from supportsim.show.made_report import of_ladder

    of_ladder(ladder, folder, decimal)


def _all_drawn(found: Assignments, folder: Path, decimal: str) -> None:
    from supportsim.show.made_report import of_assignments

    of_assignments(found, folder, decimal)


def document(ladder: Ladder, folder: Path) -> dict[str, Any]:
    """What `--json` prints."""
    from supportsim.study.comparison_folder import manifest

    return {
        **manifest(ladder.comparison), "folder": str(folder), "segment": ladder.segment, "verdict": ladder.verdict(),
        "not_staffed": [rung.level.name for rung in ladder.left_out], "ladder": ladder.table.to_dict("records"),
    }  # fmt: skip


def show(ladder: Ladder, folder: Path) -> None:
    """The levels side by side, then the sentences."""
    out, base = console(), ladder.comparison.base.result
    n = several(min(option.result.n for option in ladder.comparison.options), "replication")
    days = several(len(base.yardstick.grid.dates), "counted day")
    out.print(f"{n} × {days} of each on the same customers, seed {base.seed}", markup=False, style="bold")
    out.print(table(ladder).fitting(out.width))
    for sentence in ladder.verdict():
        out.print(f"· {sentence}", markup=False, soft_wrap=True)
    print_places(folder)


def table(ladder: Ladder) -> Columns:
    """A row for each level, and one below it where the roster is resized."""
    own = ladder.segment
    keys = [(own, COST), (own, NEVER), (own, "people_never_served"), (own, KEPT), (OTHERS, KEPT), *_SUMS]
    options = [(o.resized_from or o.name, RESIZED if o.resized_from else "as it is") for o in ladder.comparison.options]
    every = [rows_of(ladder, *option) for option in options]
    shown = [key for key in keys if any(key in rows for rows in every)]
    units = {key: next(str(rows[key]["unit"]) for rows in every if key in rows) for key in shown}
    each, days = ladder.comparison.each, len(ladder.comparison.base.result.yardstick.grid.dates)
    words = {
        (own, COST): f"cost to serve, {units.get((own, COST), '')}", (own, KEPT): "promises to them",
        (own, NEVER): "never served", (own, "people_never_served"): f"people never served, in {several(days, 'day')}",
        (OTHERS, KEPT): "to the others", ("all", "paid_hours"): f"paid h {each}", ("all", "cost"): f"cost {each}",
    }  # fmt: skip
    found = Columns(f"What {own} could be offered: means", ["level", *(words[key] for key in shown)],
                    [words[own, "people_never_served"], words["all", "paid_hours"]])  # fmt: skip
    for (level, roster), rows in zip(options, every, strict=True):
        name = f"  roster {roster}" if roster == RESIZED else level
        found.add(name, *(_cell(_by(ladder, key, rows[key])) if key in rows else DASH for key in shown))
    for rung in ladder.left_out:
        found.add(f"{rung.level.name}: {rung.why}", *(DASH for _ in shown))
    return found


def _by(ladder: Ladder, key: tuple[str, str], row: dict[str, Any]) -> dict[str, Any]:
    return told_by(ladder, row) if key in _SUMS else row


def _cell(row: dict[str, Any]) -> str:
    value = row["mean"]
    if row["unit"] == "share":
        return percent(value)
    if row["measure"] == COST:
        known = "" if math.isnan(row["mean_ci_low"]) else f" ± {(row['mean_ci_high'] - row['mean_ci_low']) / 2:.2f}"
        return f"{value:,.2f}".replace(",", " ") + known
    return count(round(value))
