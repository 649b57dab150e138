"""Commands that make the options they compare: play them with progress, write the folder, print what came out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from supportsim.scenario.load import scenario_hash
from supportsim.scenario.model import Scenario
from supportsim.show.comparing import incomplete, playing
from supportsim.show.interruption import Interruption
from supportsim.show.progress import say, silence
from supportsim.show.running import Jobs

if TYPE_CHECKING:
    from supportsim.engine.clocks import Engine
    from supportsim.study.compare import Play
    from supportsim.study.comparison import Comparison


class Asked(NamedTuple):
    """How often, with what and whereto: the same for all such commands."""

    replications: int
    seed: int
    jobs: Jobs
    output: str | None
    overwrite: bool
    as_json: bool
    engine: Engine
    keep_journal: bool
    decimal: str


class Found(Protocol):
    """What such a command finds."""

    @property
    def comparison(self) -> Comparison: ...

    def write(self, folder: str | Path, overwrite: bool = False) -> Path: ...


Kind = TypeVar("Kind", bound=Found)


def conducted(
    command: str,
    options: Mapping[str, Scenario],
    asked: Asked,
    make: Callable[[Play], Kind],
    tell: Callable[[Kind, Path], None],
    draw: Callable[[Kind, Path, str], None] | None = None,
) -> Kind:
    """The whole command: `make` plays the options with what it is given, `tell` prints, `draw` adds figures and report.

    Raises ResultExists, OSError, and what `make` raises; KeyboardInterrupt where nothing is finished.
    """
    folder = _place(command, options, asked)
    for note in next(iter(options.values())).notes:
        say(f"note: {note}")
    with Interruption() as watch:
        try:
            how = (asked.replications, asked.seed, asked.jobs, asked.engine, asked.keep_journal, watch)
            found = make(playing(*how))
            watch.playing = False
            _keep(found, folder, asked, watch, draw)
            _report(found, folder, tell)
        except KeyboardInterrupt:
            say(watch.lost())
            raise
    return found


def _place(command: str, options: Mapping[str, Scenario], asked: Asked) -> Path:
    """The folder, asked for before anything is played.  Raises ResultExists."""
    from supportsim.study.folder import check, slug

    digest = sha256("\n".join(scenario_hash(each) for each in options.values()).encode()).hexdigest()[:8]
    base = slug(next(iter(options.values())).name)
    name = f"{command}-{base}-{digest}-s{asked.seed}-n{asked.replications}"
    folder = Path(asked.output) if asked.output else Path("results") / name
    check(folder, asked.overwrite)
    return folder


def _keep(
    found: Kind, folder: Path, asked: Asked, watch: Interruption, draw: Callable[[Kind, Path, str], None] | None
) -> None:
    """Tables first; figures or a report that fail are told and do not cost them."""
    from supportsim.study.decimal_comma import write_again

    watch.kept = found.write(folder, asked.overwrite)
    write_again(folder, asked.decimal)
    if draw is None:
        return
    say("drawing figures and writing the report")
    try:
        draw(found, folder, asked.decimal)
    except Exception:
        say(f"the tables are in {folder}; figures or report could not be made")
        raise


def _report(found: Kind, folder: Path, tell: Callable[[Kind, Path], None]) -> None:
    try:
        tell(found, folder)
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on; the exit code stays what it is
        silence(sys.stdout)
    if why := incomplete(found.comparison):
        say(f"{why}; this is kept in {folder}")
