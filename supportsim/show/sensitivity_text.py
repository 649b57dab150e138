"""`supportsim sensitivity`: play, write the folder, print what moves the answer."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.scenario.load import scenario_hash
from supportsim.scenario.model import Scenario
from supportsim.show.interruption import Interruption
from supportsim.show.progress import Progress, announce_compilation, say, silence
from supportsim.show.running import console, print_places
from supportsim.show.tables import DASH, Columns
from supportsim.study.words import several

if TYPE_CHECKING:
    from supportsim.engine.clocks import Engine
    from supportsim.show.made_options import Asked
    from supportsim.show.running import Jobs
    from supportsim.study.sensitivity import Sensitivity

_MOST = 12  # inputs of a printed table; the others stand in sensitivity.csv


def moved(
    scenarios: Sequence[Scenario], by: float, measures: Sequence[str], inputs: Sequence[str], figures: bool,
    asked: Asked,
) -> Sensitivity:  # fmt: skip
    """The whole command.  Raises as `sensitivity`, ResultExists, OSError."""
    folder = _place(scenarios, by, asked)
    for note in dict.fromkeys(note for scenario in scenarios for note in scenario.notes):
        say(f"note: {note}")
    with Interruption() as watch:
        try:
            how = (asked.replications, asked.seed, asked.jobs, asked.engine, watch)
            found = tried(scenarios, by, measures, inputs, *how)
            watch.playing = False
            _keep(found, folder, figures, asked, watch)
            _report(found, folder, asked.as_json)
        except KeyboardInterrupt:
            say(watch.lost())
            raise
    return found


def tried(
    scenarios: Sequence[Scenario] | Mapping[str, Scenario], by: float, measures: Sequence[str], inputs: Sequence[str],
    replications: int, seed: int, jobs: Jobs, engine: Engine, watch: Interruption,
) -> Sensitivity:  # fmt: skip
    """Play with progress on stderr; compiles first, in this thread, so that it happens once."""
    from supportsim.study.sensitivity import sensitivity

    announce_compilation(engine)
    from supportsim.study.first_use import make_ready

    make_ready(engine)
    with Progress("sensitivity") as progress:

        def tell(finished: int, total: int) -> None:
            watch.progress(finished, total)
            progress(finished, total)

        return sensitivity(scenarios, by, replications, seed, jobs, measures, inputs, engine, tell)


def _place(scenarios: Sequence[Scenario], by: float, asked: Asked) -> Path:
    """The folder, asked for before anything is played.  Raises ResultExists."""
    from supportsim.study.folder import check, slug

    digest = sha256("\n".join(scenario_hash(each) for each in scenarios).encode()).hexdigest()[:8]
    base = slug(scenarios[0].name)
    name = f"sensitivity-{base}-{digest}-by{100 * by:g}-s{asked.seed}-n{asked.replications}"
    folder = Path(asked.output) if asked.output else Path("results") / name
    check(folder, asked.overwrite)
    return folder


def _keep(found: Sensitivity, folder: Path, figures: bool, asked: Asked, watch: Interruption) -> None:
    """Tables first; figures that fail are told and do not cost them."""
    from supportsim.study.decimal_comma import write_again

    watch.kept = found.write(folder, asked.overwrite)
    if figures:
        try:
            from supportsim.show.sensitivity_figure import draw_sensitivity

            draw_sensitivity(found, folder)
        except Exception:
            say(f"the tables are in {folder}; the figure could not be made")
            raise
    write_again(folder, asked.decimal)


def _report(found: Sensitivity, folder: Path, as_json: bool) -> None:
    try:
        if as_json:
            from supportsim.show.as_json import print_json

            print_json(document(found, folder))
        else:
            show(found, folder)
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on; the exit code stays what it is
        silence(sys.stdout)
    if why := incomplete(found):
        say(f"{why}; this is kept in {folder}")


def incomplete(found: Sensitivity) -> str:
    """Why not everything is there; empty where it is."""
    parts = list(found.failed)
    if found.not_played:
        parts.append(f"not finished: {', '.join(found.not_played)}")
    return "; ".join(parts)


def document(found: Sensitivity, folder: Path) -> dict[str, Any]:
    """What `--json` prints."""
    from supportsim.study.sensitivity_table import manifest

    told = {key: value for key, value in manifest(found).items() if key != "options"}
    return {
        **told, "options": list(found.scenarios), "folder": str(folder), "verdict": found.verdict(),
        "shares": found.shares, "sensitivity": found.table.to_dict("records"),
    }  # fmt: skip


def show(found: Sensitivity, folder: Path) -> None:
    """A table for each option, then the sentences."""
    out = console()
    title = f"{several(found.requested, 'replication')} of each on the same customers, seed {found.seed}"
    out.print(title, markup=False, style="bold")
    for option in found.scenarios:
        out.print(table(found, option).fitting(out.width))
    for sentence in found.verdict():
        out.print(f"· {sentence}", markup=False, soft_wrap=True)
    print_places(folder)


def table(found: Sensitivity, option: str) -> Columns:
    """Inputs by their share in all that moves, the largest first; then their share in each measure."""
    from supportsim.study.sensitivity_table import shares
    from supportsim.study.sensitivity_words import measured, of_what

    every = [rows for rows in measured(found) if rows and rows[0]["option"] == option]
    names = [of_what(rows[0]).split(",")[0] for rows in every]
    shown = Columns(_title(found, option), ["input", "as stated", "of all", *names], names[::-1])
    for path, of_all in list(shares(found, option).items())[:_MOST]:
        own = [next(row for row in rows if row["input"] == path) for rows in every]
        supplied = " (supplied)" * (own[0]["source"] == "default")
        shown.add(own[0]["name"] + supplied, own[0]["value"], share(of_all), *map(_cell, own))
    return shown


def _title(found: Sensitivity, option: str) -> str:
    what = "" if option == found.base else f" the difference of {option} from {found.base}:"
    more = len(found.inputs) - _MOST
    return (
        f"What moves{what or ' the answer:'} share of all movement when each input is {100 * found.by:g} % less or "
        "more; ~ where chance might have done it" + (f"; {more} more in sensitivity.csv" if more > 0 else "")
    )  # fmt: skip


def _cell(row: dict[str, Any]) -> str:
    return share(row["share"]) if row["told"] or not row["movement"] else f"~ {share(row['share'])}"


def share(value: float) -> str:
    """Of all movement; a dash where nothing moves."""
    return DASH if value != value else f"{100 * value:.0f} %"
