"""`supportsim study`: say what is odd, play what is missing with progress, write the folder, print what came out."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from supportsim.show.interruption import Interruption
from supportsim.show.progress import Progress, announce_compilation, say, silence
from supportsim.study.plan import Plan
from supportsim.study.study import Study
from supportsim.study.words import several

if TYPE_CHECKING:
    from supportsim.show.running import Jobs
    from supportsim.study.conduct import Progressed
    from supportsim.study.study import StudyResult


class StudyProgress(Progress):
    """Replications and points of a study, with the time that is left."""

    def report(self, progressed: Progressed) -> None:
        """Called after each replication."""
        self.finished, self.total = progressed.played, progressed.to_play
        if self.bar is not None:
            self.bar.update(self.task, completed=progressed.played, total=progressed.to_play or None,
                            description=f"{self.what} {_points(progressed)}")  # fmt: skip
            return
        so_far = f"{progressed.played} of {several(progressed.to_play, 'replication')}"
        self.at_times(f"{_points(progressed)}, {so_far}{self._left(progressed)}")

    def _left(self, progressed: Progressed) -> str:
        from supportsim.show.study_text import rough

        if not progressed.played:
            return ""
        each = (time.monotonic() - self.begun) / progressed.played
        return f", about {rough(each * (progressed.to_play - progressed.played))} left,"


def _points(progressed: Progressed) -> str:
    return f"{progressed.points_finished} of {several(progressed.points, 'point')}"


class StudyInterruption(Interruption):
    """Ctrl-C during a study: what is finished lies in its store already."""

    def _first(self) -> str:
        return "interrupted: what is finished is kept, tables are written; press again to stop at once"

    def lost(self) -> str:
        """What a second press leaves."""
        return "stopped: finished replications are kept, tables were not written; the same command goes on"


def document(plan: Plan) -> dict[str, object]:
    """What `--dry-run --json` prints."""
    from supportsim.study.changes import changes

    return {
        "study": plan.name, "question": plan.question, "seed": plan.seed, "replications": plan.replications,
        "at_most": plan.precision.at_most if plan.precision else plan.replications,
        "metrics": [f"{selector}.{measure}" for selector, measure in plan.metrics],
        "points": [
            {"point": p.name, "levels": dict(zip(plan.factors, p.levels, strict=True)), "scenario_sha256": p.hash,
             "changes": [c._asdict() for c in changes(plan.base, p.scenario)] if plan.base else [],
             "notes": list(p.notes)}
            for p in plan.points
        ],
    }  # fmt: skip


def preview(study: Study, only: Sequence[str], as_json: bool) -> None:
    """The dry run: what would be played, on stdout."""
    if as_json:
        from supportsim.show.as_json import print_json

        print_json(document(study.plan))
        return
    from supportsim.show.study_text import absent, lines

    print("\n".join([*lines(study.plan, study.chosen(only)), *absent(study.plan)]))


def conduct(
    study: Study, output: str | None, jobs: Jobs, only: Sequence[str], as_json: bool, decimal: str = "point"
) -> StudyResult:
    """The whole command; the result says whether it is complete.  Raises ResultExists, StoreBusy, OSError."""
    from supportsim.show.study_text import absent, notes
    from supportsim.study.folder import slug

    folder = Path(output) if output else Path("results") / slug(study.plan.name)
    for note in (*notes(study.chosen(only)), *absent(study.plan)):
        say(note)
    with StudyInterruption() as watch:
        try:
            result = _play(study, folder, jobs, only, watch)
            _report(result, folder, as_json, decimal)
        except KeyboardInterrupt:
            say(watch.lost())
            raise
    return result


def _play(study: Study, folder: Path, jobs: Jobs, only: Sequence[str], watch: Interruption) -> StudyResult:
    """Compile first, in this thread, so that it happens once; then play and write the tables."""
    from supportsim.study.study_folder import moved

    for note in moved(study.plan, folder):
        say(f"note: {note}")
    announce_compilation("auto")
    from supportsim.study.first_use import make_ready

    make_ready("auto")
    with StudyProgress(study.plan.name) as progress:

        def tell(progressed: Progressed) -> None:
            watch.progress(progressed.played, progressed.to_play)
            progress.report(progressed)

        result = study.run(folder, jobs, only, tell)
    watch.playing = False
    return result


def _report(result: StudyResult, folder: Path, as_json: bool, decimal: str) -> None:
    """Draw and print what was played, and say why it is not all."""
    from supportsim.show.study_sentences import missing
    from supportsim.study.decimal_comma import write_again

    write_again(folder, decimal)
    if any(len(result.conducted.finished(point)) for point in result.plan.points):
        _draw(result, folder)
        write_again(folder, decimal)
        _print(result, folder, as_json)
    for line in missing(result):
        say(line)
    if result.interrupted:
        say(f"interrupted: finished replications are kept in {folder}; the same command goes on from there")


def _draw(result: StudyResult, folder: Path) -> None:
    """Figures that fail are told and do not cost the tables."""
    try:
        from supportsim.show.study_figures import write_all

        write_all(result, folder)
    except Exception:
        say(f"the tables are in {folder}; the figures could not be drawn")
        raise


def _print(result: StudyResult, folder: Path, as_json: bool) -> None:
    try:
        if as_json:
            from supportsim.show.as_json import print_json

            print_json({**result.document(), "folder": str(folder)})
        else:
            from supportsim.show.study_text import print_result

            print_result(result)
            print(f"results: {folder}")
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on; the exit code is still that of the study
        silence(sys.stdout)
