"""`supportsim required`, and `--required` of run and compare: announce, search with progress, tell and write."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from supportsim.scenario.model import Scenario
from supportsim.show.interruption import Interruption
from supportsim.show.progress import Progress, say
from supportsim.show.running import Jobs, incomplete, play
from supportsim.study.words import several

if TYPE_CHECKING:
    from supportsim.study.result import Result

TABLE = "required.csv"
#: How many times as long as the run the search of a line is said to take: measured were 5 to 12.
SHORT, LONG = 4, 15


def searched(result: Result, jobs: Jobs, watch: Interruption) -> Result:
    """The result with the heads that it requires; without them, and interrupted, where the user stops the search."""
    from supportsim.study.live_lines import live_lines
    from supportsim.study.required_search import required

    if not result.n or result.interrupted:
        return result
    lines = live_lines(result)
    if lines:
        say(_announcement(result, len(lines)))
    before, watch.playing = watch.playing, True
    watch.beyond = "the search for heads required by this simulation"
    try:
        with Progress(result.scenario.name) as progress:

            def tell(line: str, number: int, finished: int, total: int) -> None:
                progress.what = f"{result.scenario.name}, heads required for {line}, round {number}"
                progress(finished, total)

            return required(result, jobs, tell)
    except KeyboardInterrupt:
        return replace(result, interrupted=True)
    finally:
        watch.playing, watch.beyond = before, ""


def _announcement(result: Result, lines: int) -> str:
    short, long = (_about(times * lines * result.seconds) for times in (SHORT, LONG))
    return (
        f"searching the heads that this simulation requires, {several(lines, 'live line')}, by playing again and "
        f"again: about {short} to {long}"
    )


def _about(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


def told(
    scenario: Scenario, replications: int, seed: int, jobs: Jobs, output: str | None, overwrite: bool, as_json: bool
) -> Result:
    """The whole command; the result says whether it is complete.  Raises ResultExists, OSError."""
    from supportsim.study.folder import check_file

    file = Path(output) / TABLE if output else None
    if file is not None:
        check_file(file, overwrite)
    for note in scenario.notes:
        say(f"note: {note}")
    with Interruption() as watch:
        try:
            result = searched(play(scenario, replications, seed, jobs, watch, keep_journal=False), jobs, watch)
        except KeyboardInterrupt:
            say(watch.lost())
            raise
    if result.heads_required is None:
        say(f"{incomplete(result)}; without the search there is nothing to tell")
        return result
    _tell(result, file, as_json)
    return result


def _tell(result: Result, file: Path | None, as_json: bool) -> None:
    """Write the table if it is wanted, and print what it says."""
    from supportsim.show.required_text import document, text
    from supportsim.study.folder import write_csv

    if file is not None and result.required is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_csv(result.required, file)
    if as_json:
        from supportsim.show.as_json import print_json

        print_json(document(result))
    else:
        print("\n".join(text(result)))
        if file is not None:
            print(f"\ntable: {file}")
    sys.stdout.flush()
    if file is None:
        say("nothing was written; -o DIR keeps the table")
