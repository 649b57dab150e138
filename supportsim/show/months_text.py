"""`supportsim months`: play options at three opinions of the odds, print who stays, write the table and the figure."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from supportsim.engine.clocks import Engine
from supportsim.measure.experience import OPINIONS
from supportsim.scenario.model import Scenario
from supportsim.show.progress import Progress, announce_compilation, say
from supportsim.study.ahead import ahead, turns
from supportsim.study.estimate import student
from supportsim.study.feedback import Feedback, feedback
from supportsim.study.folder import ResultExists, write_csv
from supportsim.study.months import told_of
from supportsim.study.words import several

TABLE, AGAINST = "months.csv", "months_ahead.csv"
UNKNOWN = "nobody knows these odds: what rests on them is told three times, and an interval is chance alone"


def told(
    scenarios: Sequence[Scenario],
    replications: int,
    seed: int,
    jobs: int | Literal["auto"],
    output: str | None,
    overwrite: bool,
    as_json: bool,
    engine: Engine,
) -> Feedback:
    """The whole command.  Raises NobodyLeaves, ResultExists, OSError."""
    folder = Path(output) if output else None
    if folder is not None:
        check(folder, overwrite)
    for note in dict.fromkeys(note for scenario in scenarios for note in scenario.notes):
        say(f"note: {note}")
    found = play(scenarios, replications, seed, jobs, engine)
    if folder is not None and found.complete:
        keep(found, folder)
    _print(found, folder, as_json)
    return found


def check(folder: Path, overwrite: bool) -> None:
    """Raise ResultExists where a table would be lost; other results in the folder stay as they are."""
    if folder.exists() and not folder.is_dir():
        raise ResultExists(f"{folder}: is not a folder")
    for name in (TABLE, AGAINST):
        if (folder / name).exists() and not overwrite:
            raise ResultExists(f"{folder / name}: is there already; --overwrite replaces it, -o names another place")


def play(
    scenarios: Sequence[Scenario], replications: int, seed: int, jobs: int | Literal["auto"], engine: Engine
) -> Feedback:
    """All of them, with progress on stderr."""
    announce_compilation(engine)
    with Progress("months") as progress:

        def tell(what: str, finished: int, total: int) -> None:
            progress.what = what
            progress(finished, total)

        return feedback(scenarios, replications, seed, jobs, tell, engine)


def keep(found: Feedback, folder: Path) -> None:
    """Write months.csv, and figures/months as SVG, PNG and CSV."""
    from supportsim.show.months_figure import draw_months

    (folder / "figures").mkdir(parents=True, exist_ok=True)
    write_csv(found.table, folder / TABLE, digits=17)
    against = ahead(found)
    if against is None:
        (folder / AGAINST).unlink(missing_ok=True)
    else:
        write_csv(against, folder / AGAINST, digits=17)
    draw_months(found, folder / "figures")


def _print(found: Feedback, folder: Path | None, as_json: bool) -> None:
    if as_json:
        from supportsim.show.as_json import print_json

        print_json({"note": UNKNOWN, "rows": list(rows(found)), "complete": found.complete})
    else:
        print("\n".join(text(found)))
        if folder is not None and found.complete:
            print(f"\ntable and figure: {folder}")
    sys.stdout.flush()
    if folder is None:
        say("nothing was written; -o DIR keeps the table and draws it")


def rows(found: Feedback) -> Iterator[dict[str, Any]]:
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


def text(found: Feedback) -> list[str]:
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
    against = ahead(found)
    if against is not None:
        for option in found.options[1:]:
            words += [
                "",
                f"income (margin and prices) less cost: {option} against {found.options[0]}; from when by the means",
            ]
            words += [f"  {odds:<8}{_so_far(against, option, odds, first.scenario.currency)}" for odds in OPINIONS]
    if len(found.plays) < len(OPINIONS) * len(found.options):
        words += ["", "interrupted: the rest was not played"]
    return words


def _so_far(table: pd.DataFrame, option: str, odds: str, currency: str) -> str:
    """How far ahead at the end, and from which month on by means."""
    last = table[(table["option"] == option) & (table["odds"] == odds)].iloc[-1]
    shape = "{ahead_ci_low:+,.0f} to {ahead_ci_high:+,.0f}" if last["n"] > 1 else "{ahead:+,.0f}"
    amount = f"{shape.format(**last)} {currency}".replace(",", " ").rstrip()
    return f"{amount} at the end; {turns(table, option, odds)}"


def _line(row: dict[str, Any], currency: str) -> str:
    half = "" if row["left_ci"] is None else f"± {(row['left_ci'][1] - row['left_ci'][0]) / 2:,.0f}"
    margin = "" if row["margin"] is None else f"{row['margin']:,.0f} {currency}".rstrip()
    counts = "".join(f"{row[name]:>9,.0f}" for name in ("customers_begin", "joined", "left", "customers_end"))
    return f"  {row['odds']:<8}{counts}{half:>11}{margin:>16}".replace(",", " ").rstrip()
