"""`supportsim without`: what it prints, and the command."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.scenario.model import Scenario
from supportsim.show.made_options import Asked, conducted
from supportsim.show.running import console, print_places
from supportsim.show.tables import DASH, Columns, percent, span
from supportsim.study.crowded_out import CrowdedOut, taken_away, without
from supportsim.study.estimate import Estimate
from supportsim.study.verdicts import signed
from supportsim.study.words import several, unsigned_zero

if TYPE_CHECKING:
    from supportsim.study.compare import Play

Row = dict[str, Any]


def removed(
    scenario: Scenario, names: Sequence[str], thin: float | None, asked: Asked, figures: bool = False
) -> CrowdedOut:
    """The whole command.  Raises as `without` and `conducted`."""
    options = taken_away(scenario, names, 1.0 if thin is None else thin)

    def tell(found: CrowdedOut, folder: Path) -> None:
        if asked.as_json:
            from supportsim.show.as_json import print_json

            print_json(document(found, folder))
        else:
            show(found, folder)

    def make(play: Play) -> CrowdedOut:
        return without(scenario, names, thin, play=play)

    return conducted("without", options, asked, make, tell, _drawn if figures else None)


def _drawn(found: CrowdedOut, folder: Path, decimal: str) -> None:
    from supportsim.show.made_report import of_without

    of_without(found, folder, decimal)


def document(crowding: CrowdedOut, folder: Path) -> dict[str, Any]:
    """What `--json` prints."""
    from supportsim.study.comparison_folder import manifest

    return {
        **manifest(crowding.comparison), "folder": str(folder), "verdict": crowding.verdict(),
        "crowding_out": crowding.table.to_dict("records"),
    }  # fmt: skip


def show(crowding: CrowdedOut, folder: Path) -> None:
    """A table for each option, then the sentences."""
    out, base = console(), crowding.comparison.base.result
    n = several(min(option.result.n for option in crowding.comparison.options), "replication")
    days = several(len(base.yardstick.grid.dates), "counted day")
    title = f"{n} × {days} of each on the same customers, seed {base.seed}"
    out.print(title, markup=False, style="bold")
    for option in crowding.comparison.others:
        out.print(table(crowding, option.name).fitting(out.width))
    for sentence in crowding.verdict():
        out.print(f"· {sentence}", markup=False, soft_wrap=True)
    print_places(folder)


def table(crowding: CrowdedOut, option: str) -> Columns:
    """Who has the same issues in both: waits, who is lost, promises."""
    thin = crowding.removed[option]
    rows: list[Row] = crowding.table.to_dict("records")  # type: ignore[assignment]
    own = [row for row in rows if row["removed"] == thin.name and row["same_issues"]]
    names = crowding.comparison.base.result.yardstick.selectors.names
    found = Columns(
        f"{option}: those whose issues stay the same", ["of whom", "what", "as is", "without", "difference"], [], 2
    )
    words = {"served_wait_mean": "mean wait, nights too", "abandoned_share": "abandoned", "kept_share": "kept"}
    for row in own:
        of_pair = row["of"] in names and " " in row["of"]
        if row["measure"] in words and (of_pair or row["of"] not in names):
            found.add(row["of"], words[row["measure"]], *_cells(row))
    return found


def _cells(row: Row) -> tuple[str, str, str]:
    change = Estimate(row["difference"], row["difference_ci_low"], row["difference_ci_high"], row["n"])
    if row["p"] == 1 and not row["difference"]:
        told = percent if row["unit"] == "share" else span
        return told(row["as_is"]), told(row["without"]), "none"
    if row["unit"] == "share":
        return percent(row["as_is"]), percent(row["without"]), signed(change, "share")
    return span(row["as_is"]), span(row["without"]), _signed_span(change)


def _signed_span(change: Estimate) -> str:
    """`−4.2 min ± 0.3`, in the unit of the difference."""
    if math.isnan(change.mean):
        return DASH
    size, unit = next(((z, u) for u, z in (("h", 3600), ("min", 60)) if abs(change.mean) >= z), (1, "s"))
    known = "" if math.isnan(change.half) else f" ± {change.half / size:.1f}"
    return unsigned_zero(f"{'−' if change.mean < 0 else '+'}{abs(change.mean) / size:.1f} {unit}{known}")
