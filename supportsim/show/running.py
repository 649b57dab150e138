"""`supportsim run`: announce, play with progress, write the folder, print what came out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from supportsim.scenario.load import scenario_hash
from supportsim.scenario.model import Scenario
from supportsim.show.interruption import Interruption
from supportsim.show.progress import Progress, announce_compilation, say, silence
from supportsim.study.words import several

if TYPE_CHECKING:
    from rich.console import Console

    from supportsim.engine.clocks import Engine
    from supportsim.study.result import Result
    from supportsim.study.sensitivity import Sensitivity

NO_JOURNAL = (
    "no journal is kept: tables and figures are there with the same numbers; absent are journal_xxh128 and what needs "
    "single contacts: crowding.csv, crowding_intervals.csv, the figure of who waits for whom"
)
Jobs = int | Literal["auto"]


class Watch(Protocol):
    """Is told after each replication how many are finished."""

    def progress(self, finished: int, total: int) -> None: ...


def play(
    scenario: Scenario,
    replications: int,
    seed: int,
    jobs: Jobs = "auto",
    watch: Watch | None = None,
    engine: Engine = "auto",
    keep_journal: bool = True,
) -> Result:
    """Run with progress on stderr; compiles first, in this process, so that it happens once."""
    announce_compilation(engine)
    from supportsim.engine.watching import watched
    from supportsim.study.first_use import make_ready
    from supportsim.study.run import run

    make_ready(engine)

    with Progress(scenario.name) as progress:

        def tell(finished: int, total: int) -> None:
            if watch:
                watch.progress(finished, total)
            progress(finished, total)

        progress.total = replications
        with watched(progress.within):
            return run(scenario, replications, seed, jobs, tell, engine=engine, keep_journal=keep_journal)


def place(scenario: Scenario, seed: int, replications: int, output: str | None, overwrite: bool) -> Path:
    """The result folder; asked before playing, so that nobody waits for results that cannot be kept.

    Raises ResultExists.
    """
    from supportsim.study.folder import check, slug

    name = f"{slug(scenario.name)}-{scenario_hash(scenario)[:8]}-s{seed}-n{replications}"
    folder = Path(output) if output else Path("results") / name
    check(folder, overwrite)
    return folder


def keep(
    result: Result, folder: Path, overwrite: bool, figures: bool, watch: Interruption, decimal: str = "point",
    tried: Sensitivity | None = None,
) -> Path:  # fmt: skip
    """Write tables, figures and report; figures or a report that fail are told and do not cost the tables."""
    from supportsim.study.decimal_comma import write_again
    from supportsim.study.result import write

    written = watch.kept = write(result, folder, overwrite)
    if tried is not None:
        from supportsim.study.sensitivity_table import add

        add(tried, written)
    write_again(written, decimal)
    if figures:
        try:
            from supportsim.show.figures import write_all
            from supportsim.show.report.write import of_run

            drawn = write_all(result, written)
            effects = None if tried is None else (tried, moving(tried, written))
            write_again(written, decimal)
            of_run(result, written, drawn, incomplete(result), effects)
        except Exception:
            say(f"the tables are in {written}; figures or report could not be made")
            raise
    return written


def moving(tried: Sensitivity, folder: Path) -> list[Path]:
    """The files of the figures of what inputs move."""
    from supportsim.show.sensitivity_figure import draw_sensitivity

    return draw_sensitivity(tried, folder)


def console() -> Console:
    """A console on stdout; wide where nobody watches, so that no column is lost in a file or a pipe."""
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # not the exit that rich makes of it

    return Piped(highlight=False, width=None if sys.stdout.isatty() else 160)


def show(result: Result, folder: Path) -> None:
    """The summary table on stdout."""
    from supportsim.show.tables import print_summary

    print_summary(result, console())
    print_places(folder)


def print_places(folder: Path) -> None:
    """Where the report and everything else lie; nothing of a report that was refused."""
    if (folder / "report.html").exists():
        print(f"report: {folder / 'report.html'}")
    print(f"results: {folder}")


def document(result: Result, folder: Path) -> dict[str, object]:
    """What `--json` prints."""
    return {
        "scenario": result.scenario.name,
        "scenario_sha256": result.hash,
        "seed": result.seed,
        "replications": {"asked": result.requested, "finished": result.n, "interrupted": result.interrupted},
        "folder": str(folder),
        "promises": result.promises.to_dict("records"),
        "teams": result.teams.to_dict("records"),
        "costs": result.costs.to_dict("records"),
        "allocation": result.allocation.to_dict("records"),
        "crowding": result.crowding.to_dict("records"),
        "contribution": result.contribution.to_dict("records"),
        "experience": result.experience.to_dict("records"),
        "cash": result.cash.to_dict("records"),
        "summary": result.summary.to_dict("records"),
        **_required(result),
    }


def _required(result: Result) -> dict[str, object]:
    """Heads required, where they were asked for, and why there are none of a line."""
    if result.required is None:
        return {}
    from supportsim.show.required_text import not_searched

    return {"required": result.required.to_dict("records"), "required_not_searched": not_searched(result)}


def incomplete(result: Result) -> str:
    """Why not every replication is there; empty when they are."""
    if result.interrupted:
        return f"interrupted: {result.n} of {several(result.requested, 'replication')} were finished"
    return "; ".join(f"replication {number} failed: {why}" for number, why in result.failed.items())


def simulate(
    scenario: Scenario,
    replications: int,
    seed: int,
    jobs: Jobs,
    output: str | None,
    overwrite: bool,
    figures: bool,
    as_json: bool,
    engine: Engine = "auto",
    keep_journal: bool = True,
    decimal: str = "point",
    required: bool = False,
    sensitive: bool = False,
) -> Result:
    """The whole command; the result says whether it is complete.  `required`: with the heads that it requires.

    Raises ResultExists, OSError, EffectsMissing.
    """
    folder = place(scenario, seed, replications, output, overwrite)
    for note in scenario.notes:
        say(f"note: {note}")
    if not keep_journal:
        say(NO_JOURNAL)
    with Interruption() as watch:
        try:
            result = play(scenario, replications, seed, jobs, watch, engine, keep_journal)
            if required:
                from supportsim.show.requiring import searched

                result = searched(result, jobs, watch)
            tried = None
            if sensitive and not result.interrupted:
                tried = effects({scenario.name: scenario}, replications, seed, jobs, engine, watch)
            report(result, folder, overwrite, figures, as_json, watch, decimal, tried)
        except KeyboardInterrupt:
            say(watch.lost())
            raise
    if sensitive and not result.interrupted:
        whole(tried)
    return result


class EffectsMissing(Exception):  # noqa: N818 - it says what is so
    """Not everything was played of what inputs move; what there is was written and told."""


def whole(tried: Sensitivity | None) -> None:
    """Raises KeyboardInterrupt where effects were stopped, EffectsMissing where a play of them failed."""
    if tried is None or tried.interrupted:
        raise KeyboardInterrupt
    if not tried.complete:
        raise EffectsMissing


def effects(
    scenarios: Mapping[str, Scenario], replications: int, seed: int, jobs: Jobs, engine: Engine, watch: Interruption
) -> Sensitivity | None:
    """What inputs move, after all else was played; None where that was stopped before there was anything to tell."""
    from supportsim.show.sensitivity_text import tried

    say("playing every input 20 % lower and higher")
    try:
        found = tried(scenarios, 0.2, (), (), replications, seed, jobs, engine, watch)
    except KeyboardInterrupt:
        return None
    watch.playing = False
    return found


def report(
    result: Result, folder: Path, overwrite: bool, figures: bool, as_json: bool, watch: Interruption, decimal: str,
    tried: Sensitivity | None = None,
) -> None:  # fmt: skip
    """Write and print what was played, and say why it is not all.  Raises ResultExists, OSError."""
    why = incomplete(result)
    if not result.n:
        say(f"{why or 'nothing was finished'}; nothing was written")
        return
    written = keep(result, folder, overwrite, figures, watch, decimal, tried)
    try:
        if as_json:
            from supportsim.show.as_json import print_json

            print_json(document(result, written))
        else:
            show(result, written)
            if result.heads_required is not None:
                from supportsim.show.required_text import told

                print("\n".join(["", *told(result)]))
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on; the exit code is still that of the run
        silence(sys.stdout)
    if tried is not None:
        from supportsim.show.sensitivity_text import incomplete as unfinished

        why = "; ".join(part for part in (why, unfinished(tried)) if part)
    if why:
        say(f"{why}; these are kept in {written}")
