"""`supportsim months`: play options at three opinions of the odds, print who stays, write the table and the figure."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from supportsim.engine.clocks import Engine
from supportsim.measure.experience import OPINIONS
from supportsim.scenario.model import Scenario
from supportsim.show.made_options import Asked
from supportsim.show.progress import Progress, announce_compilation, say
from supportsim.show.running import incomplete as of_one
from supportsim.show.running import print_places
from supportsim.study.estimate import student
from supportsim.study.feedback import Months, months
from supportsim.study.folder import check
from supportsim.study.months import told_of
from supportsim.study.months_words import UNKNOWN, sentences
from supportsim.study.words import several


def told(scenarios: Sequence[Scenario], asked: Asked, figures: bool = True) -> Months:
    """The whole command.  Raises NobodyLeaves, Incomparable, ResultExists, OSError.

    figures: with what is written, also the figure and the report.
    """
    folder = Path(asked.output) if asked.output else None
    if folder is not None:
        check(folder, asked.overwrite)
    for note in dict.fromkeys(note for scenario in scenarios for note in scenario.notes):
        say(f"note: {note}")
    found = play(scenarios, asked.replications, asked.seed, asked.jobs, asked.engine)
    if folder is not None and found.complete:
        keep(found, folder, asked, figures)
    _print(found, folder, asked.as_json)
    return found


def play(
    scenarios: Sequence[Scenario], replications: int, seed: int, jobs: int | Literal["auto"], engine: Engine
) -> Months:
    """All of them, with progress on stderr."""
    announce_compilation(engine)
    with Progress("months") as progress:

        def tell(what: str, finished: int, total: int) -> None:
            progress.what = what
            progress(finished, total)

        return months(scenarios, replications, seed, jobs, tell, engine)


def keep(found: Months, folder: Path, asked: Asked, figures: bool) -> None:
    """Tables first; then figures/months as SVG, PNG and CSV, and report.html."""
    from supportsim.study.decimal_comma import write_again

    found.write(folder, asked.overwrite)
    write_again(folder, asked.decimal)
    if figures:
        from supportsim.show.report.months import of_months

        say("drawing the figure and writing the report")
        of_months(found, folder, asked.decimal)


def _print(found: Months, folder: Path | None, as_json: bool) -> None:
    if as_json:
        from supportsim.show.as_json import print_json

        print_json(
            {"note": UNKNOWN, "verdict": sentences(found), "rows": list(rows(found)), "complete": found.complete}
        )
    else:
        print("\n".join(text(found)))
        if folder is not None and found.complete:
            print_places(folder)
    sys.stdout.flush()
    if not found.complete:
        say(f"{incomplete(found)}; nothing was written")
    elif folder is None:
        say("nothing was written; -o DIR keeps the tables, draws them and writes a report")


def incomplete(found: Months) -> str:
    """Why not everything is there."""
    parts = [
        f"{play.option} at {play.odds} odds: {of_one(play.result)}" for play in found.plays if not play.result.complete
    ]
    return "; ".join(parts) or "interrupted"


def rows(found: Months) -> Iterator[dict[str, Any]]:
    """Of each option at each opinion: customers at the begin, who joined, left, are there at the end, and margin."""
    for each in found.plays:
        part = np.flatnonzero(each.result.yardstick.leaves).tolist()
        sums = told_of(each.result, part)
        values = {
            "customers_begin": sums["customers_begin"][:, 0], "joined": sums["joined"].sum(axis=1),
            "left": sums["left"].sum(axis=1), "customers_end": sums["customers_end"][:, -1],
            "margin": sums["margin"].sum(axis=1),
        }  # fmt: skip
        row: dict[str, Any] = {"option": each.option, "odds": each.odds, "n": each.result.n}
        for name, own in values.items():
            mean = student(own)
            row[name] = None if math.isnan(mean.mean) else mean.mean
            row[f"{name}_ci"] = None if math.isnan(mean.low) else [mean.low, mean.high]
        yield row


def text(found: Months) -> list[str]:
    """What is printed."""
    first = found.plays[0].result
    words = [f"customers who leave, over {several(len(first.yardstick.grid.dates), 'counted day')}"]
    words += [f"{several(first.n, 'replication')}, seed {first.seed}, 95 % intervals; {UNKNOWN}"]
    shown = ""
    for row in rows(found):
        if row["option"] != shown:
            shown = row["option"]
            words += ["", shown, f"  {'odds':<8}{'begin':>9}{'joined':>9}{'left':>9}{'end':>9}{'':>11}{'margin':>16}"]
        words.append(_line(row, first.scenario.currency))
    words += ["", *(f"· {sentence}" for sentence in sentences(found))]
    if len(found.plays) < len(OPINIONS) * len(found.options):
        words += ["", "interrupted: the rest was not played"]
    return words


def _line(row: dict[str, Any], currency: str) -> str:
    half = "" if row["left_ci"] is None else f"± {(row['left_ci'][1] - row['left_ci'][0]) / 2:,.0f}"
    margin = "" if row["margin"] is None else f"{row['margin']:,.0f} {currency}".rstrip()
    counts = "".join(f"{row[name]:>9,.0f}" for name in ("customers_begin", "joined", "left", "customers_end"))
    return f"  {row['odds']:<8}{counts}{half:>11}{margin:>16}".replace(",", " ").rstrip()
