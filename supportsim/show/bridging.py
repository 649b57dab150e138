"""`supportsim bridge`: announce, play each line with progress, print the lines, write the CSV and the figure."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from supportsim.scenario.model import Scenario
from supportsim.show.bridge_text import document, text
from supportsim.show.progress import Progress, announce_compilation, say
from supportsim.study.bridge import NAMES, Bridges, bridge
from supportsim.study.folder import check_file, write_csv

TABLE = "erlang_bridge.csv"


def play(scenario: Scenario, promise: str | None, replications: int, seed: int, jobs: int | Literal["auto"]) -> Bridges:
    """All lines, with progress on stderr; compiles first, in this process, so that it happens once."""
    announce_compilation()
    from supportsim.study.first_use import make_ready

    make_ready("auto")
    with Progress(scenario.name) as progress:

        def tell(line: str, finished: int, total: int) -> None:
            progress.what = f"{scenario.name}, {NAMES[line].removeprefix('+ ').split(':')[0]}"
            progress(finished, total)

        return bridge(scenario, promise, replications, seed, jobs, tell)


def keep(found: Bridges, folder: Path, decimal: str = "point") -> None:
    """Write erlang_bridge.csv, and figures/erlang_bridge as SVG, PNG and CSV, with the decimal sign asked for."""
    from supportsim.show.bridge_figure import draw_bridge
    from supportsim.study.decimal_comma import write_file_again

    (folder / "figures").mkdir(parents=True, exist_ok=True)
    write_csv(found.table, folder / TABLE)
    files = draw_bridge(found, folder / "figures")
    for file in (folder / TABLE, *files):
        if file.suffix == ".csv":
            write_file_again(file, decimal)


def explain(
    scenario: Scenario,
    promise: str | None,
    replications: int,
    seed: int,
    jobs: int | Literal["auto"],
    output: str | None,
    overwrite: bool,
    as_json: bool,
    decimal: str = "point",
) -> None:
    """The whole command.  Raises as `bridge`, ResultExists, OSError."""
    folder = Path(output) if output else None
    if folder is not None:
        check_file(folder / TABLE, overwrite)
    for note in scenario.notes:
        say(f"note: {note}")
    found = play(scenario, promise, replications, seed, jobs)
    if folder is not None:
        keep(found, folder, decimal)
    tell_all(found, folder, as_json)


def tell_all(found: Bridges, folder: Path | None, as_json: bool) -> None:
    """The lines on stdout."""
    if as_json:
        from supportsim.show.as_json import print_json

        print_json(document(found))
    else:
        print("\n".join(text(found)))
        if folder is not None:
            print(f"\ntable and figure: {folder}")
    sys.stdout.flush()
    if folder is None:
        say("nothing was written; -o DIR keeps the table and draws it")
