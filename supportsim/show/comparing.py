"""`supportsim compare`: play the options on the same customers, write the folder, print them side by side."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.scenario.model import Scenario
from supportsim.show.interruption import Interruption
from supportsim.show.progress import say, silence
from supportsim.show.running import Jobs, console, effects, moving, play, print_places, whole
from supportsim.show.sensitivity_text import incomplete as unfinished

if TYPE_CHECKING:
    from supportsim.engine.clocks import Engine
    from supportsim.study.comparison import Comparison
    from supportsim.study.result import Result
    from supportsim.study.sensitivity import Sensitivity


class _Across:
    """Tells one `Interruption` how far all options are: there is something to stop until the last one."""

    def __init__(self, watch: Interruption) -> None:
        self.watch, self.before = watch, 0

    def progress(self, finished: int, total: int) -> None:
        self.watch.progress(self.before + finished, self.before + total + 1)
        if finished == total:
            self.before += total


def compared(
    scenarios: Sequence[Scenario],
    replications: int,
    seed: int,
    jobs: Jobs,
    metrics: Sequence[str],
    resize: bool,
    engine: Engine,
    keep_journal: bool,
    watch: Interruption,
    flips: bool = False,
    required: bool = False,
) -> Comparison:
    """Play them with progress on stderr.  Raises Incomparable, KeyboardInterrupt where nothing is finished.

    flips: play them again with other values of inputs that change what happens.
    """
    from supportsim.study.compare import compare
    from supportsim.study.flip_plays import with_plays

    play_one = playing(replications, seed, jobs, engine, keep_journal, watch, required)
    found = compare(scenarios, replications, seed, metrics=metrics, resize=resize, play=play_one)
    if flips and not found.interrupted:
        found = with_plays(found, playing(replications, seed, jobs, engine, False, watch))
    watch.playing = False
    return found


#: Why heads required are not told of a roster resized by work.
NOT_RESIZED = (
    "heads required by this simulation are not searched with the roster resized by work; customers and promises are "
    "those of {}, and what these require stands there"
)


def playing(
    replications: int, seed: int, jobs: Jobs, engine: Engine, keep_journal: bool, watch: Interruption,
    required: bool = False,
) -> Callable[[str, Scenario], Result]:  # fmt: skip
    """Plays one option after the other, says which; `required`: with the heads it requires, but for resized ones."""
    from supportsim.study.compare import RESIZED

    across = _Across(watch)

    def play_one(name: str, scenario: Scenario) -> Result:
        say(f"playing {name}, {replications} times")
        found = play(scenario, replications, seed, jobs, across, engine, keep_journal)
        if not required:
            return found
        if name.endswith(RESIZED):
            return replace(found, not_required=NOT_RESIZED.format(name.removesuffix(RESIZED)))
        from supportsim.show.requiring import searched

        return searched(found, jobs, watch)

    return play_one


def place(scenarios: Sequence[Scenario], seed: int, replications: int, output: str | None, overwrite: bool) -> Path:
    """The folder of the comparison, asked for before anything is played.  Raises ResultExists."""
    from hashlib import sha256

    from supportsim.scenario.load import scenario_hash
    from supportsim.study.folder import check, slug

    digest = sha256("\n".join(scenario_hash(scenario) for scenario in scenarios).encode()).hexdigest()
    name = f"compare-{slug(scenarios[0].name)}-{digest[:8]}-s{seed}-n{replications}"
    folder = Path(output) if output else Path("results") / name
    check(folder, overwrite)
    return folder


def keep(
    comparison: Comparison, folder: Path, overwrite: bool, figures: bool, watch: Interruption, decimal: str,
    jobs: Jobs = 1, every: bool = False, tried: Sensitivity | None = None,
) -> Path:  # fmt: skip
    """Write tables, figures and report; figures or a report that fail are told and do not cost the tables."""
    from supportsim.study.comparison_folder import write
    from supportsim.study.decimal_comma import write_again

    written = watch.kept = write(comparison, folder, overwrite)
    if tried is not None:
        from supportsim.study.sensitivity_table import add

        add(tried, written)
    write_again(written, decimal)
    if figures:
        try:
            _draw(comparison, written, jobs, every, decimal, tried)
        except Exception:
            say(f"the tables are in {written}; figures or report could not be made")
            raise
    return written


def _draw(
    comparison: Comparison, folder: Path, jobs: Jobs, every: bool, decimal: str, tried: Sensitivity | None
) -> None:  # fmt: skip
    """Figures of the comparison and of its options (`every`: all that a run draws, of resized ones too), the report."""
    from supportsim.show import comparison_figures, option_files
    from supportsim.show.report.write import of_comparison
    from supportsim.study.arguments import cores
    from supportsim.study.comparison_folder import places
    from supportsim.study.decimal_comma import write_again

    options = list(zip(comparison.options, places(comparison), strict=True))
    chosen = [(option, place) for option, place in options if every or not option.resized_from]
    say(f"drawing figures of {len(chosen)} options" + (", all of them: a minute or more" if every else ""))
    tasks = [(option.result, folder / place) for option, place in chosen]
    drawn = option_files.write_all(tasks, every, cores() if jobs == "auto" else jobs)
    by_option = {option.name: files for (option, _), files in zip(chosen, drawn, strict=True)}
    say("writing the report")
    own = comparison_figures.write_all(comparison, folder)
    effects = None if tried is None else (tried, moving(tried, folder))
    write_again(folder, decimal)
    of_comparison(comparison, folder, own, incomplete(comparison), by_option, effects)


def document(comparison: Comparison, folder: Path) -> dict[str, Any]:
    """What `--json` prints."""
    from supportsim.study.comparison_folder import manifest

    named = {".".join(key) for key in comparison.metrics}
    rows = comparison.differences.to_dict("records")
    return {
        **manifest(comparison),
        "folder": str(folder),
        "verdict": comparison.verdict(),
        "options_table": comparison.table.to_dict("records"),
        "differences": [row for row in rows if f"{row['selector']}.{row['measure']}" in named],
    }


def side_by_side(
    scenarios: Sequence[Scenario],
    replications: int,
    seed: int,
    jobs: Jobs,
    output: str | None,
    overwrite: bool,
    metrics: Sequence[str],
    resize: bool,
    figures: bool,
    as_json: bool,
    engine: Engine,
    keep_journal: bool,
    every: bool = False,
    decimal: str = "point",
    flips: bool = False,
    required: bool = False,
    sensitive: bool = False,
) -> Comparison:
    """The whole command.  Raises Incomparable, ResultExists, OSError, EffectsMissing."""
    folder = place(scenarios, seed, replications, output, overwrite)
    for note in dict.fromkeys(note for scenario in scenarios for note in scenario.notes):
        say(f"note: {note}")
    with Interruption() as watch:
        try:
            how = (replications, seed, jobs, metrics, resize, engine, keep_journal, watch, flips, required)
            found = compared(scenarios, *how)
            tried = None
            if sensitive and found.complete:
                given = {each.name: each.result.scenario for each in found.options if not each.resized_from}
                tried = effects(given, replications, seed, jobs, engine, watch)
            report(found, keep(found, folder, overwrite, figures, watch, decimal, jobs, every, tried), as_json)
            if tried is not None and (why := unfinished(tried)):
                say(f"{why}; the rest is kept in {folder}")
        except KeyboardInterrupt:
            say(watch.lost())
            raise
    if sensitive and found.complete:
        whole(tried)
    return found


def report(comparison: Comparison, folder: Path, as_json: bool) -> None:
    """Print it, and say why it is not all."""
    try:
        if as_json:
            from supportsim.show.as_json import print_json

            print_json(document(comparison, folder))
        else:
            from supportsim.show.option_text import print_comparison

            print_comparison(comparison, console())
            print_places(folder)
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on; the exit code is still that of the comparison
        silence(sys.stdout)
    if why := incomplete(comparison):
        say(f"{why}; this is kept in {folder}")


def incomplete(comparison: Comparison) -> str:
    """Why not every replication of every option is there; empty when they are."""
    from supportsim.show.running import incomplete as of_one

    parts = [f"{o.name}: {of_one(o.result)}" for o in comparison.options if not o.result.complete]
    parts += [f"{name} was not played" for name in comparison.not_played]
    if not comparison.tried_whole:
        parts.append("replications failed where inputs were tried")
    if comparison.interrupted and not parts:
        parts = ["interrupted before every option had been played with its roster resized by work"]
    return "; ".join(parts)
