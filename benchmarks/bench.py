"""Speed, beside a hand-written C++ program run in the same minutes.

Usage: python benchmarks/bench.py [--cpp FOLDER] [--runs 5] [--engine simpy|compiled|both] [W1 W2 W2all W2x16 …]

Every line says contacts per second of CPU time (median of the runs) and the ratio to the C++ program near the
physical limit (`../shared/bench`; left out, with a word, where it is absent or no compiler is there).  The two run in
turns, and the ratio is the median of the ratios of neighbours, beside it the lowest and highest of them: a machine that
others use, too, changes its speed within a minute.  In trace
mode both programs get the same rows in whole microseconds: all counts must be equal, sums of waits to 1e-8.
W2all is W2 with every rule of the desk at work (w2_all.yaml); no other program plays it.  `whole` is a scenario file
read, then thirty replications with demand, play, journal, its hash, and measures; `with crowding` the same with who
waits for whom, all that `supportsim run` does but writing; `no journal` as with `--no-journal`; `one` a single
replication with its file.  Waiting for anything but this process (another program on the same core, say) makes rates
smaller, and ratios less so.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared" / "bench"
MINUTE = 60_000_000
#: Largest scale at which both get the same rows.  Beyond it some events share a microsecond, of which the other program
#: takes any first (78 at x 32; with those moved apart by a microsecond all counts are equal there, too).
SAME_ROWS = 16
WAITS_APART = 1e-8  # relative, of sums over a class: ticks are whole microseconds


def compiled_cpp(folder: Path, build: Path) -> Path | None:
    """The C++ program, compiled; None (and a word) where it cannot be had."""
    source, compiler = folder / "cpp" / "bench.cpp", shutil.which("g++")
    if not source.is_file() or compiler is None:
        print(f"no C++ beside it: {'no g++' if compiler is None else 'no source in ' + folder.name}", file=sys.stderr)
        return None
    program = build / "bench"
    subprocess.run([compiler, "-Ofast", "-march=native", "-std=c++17", "-o", program, source], check=True)
    return program


def answered(program: Path, *arguments: str) -> dict[str, Any]:
    """What the C++ program says of one run."""
    done = subprocess.run([program, *arguments], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def scaled(name: str, scale: int) -> Any:
    """The scenario of a workload with volume and heads times `scale`."""
    from supportsim.scenario.load import load

    scenario = load(HERE / f"{name}.yaml")
    streams = tuple(dataclasses.replace(s, volume=s.volume * scale) for s in scenario.streams)
    teams = tuple(
        dataclasses.replace(team, shifts=tuple(dataclasses.replace(s, agents=s.agents * scale) for s in team.shifts))
        for team in scenario.teams
    )
    return dataclasses.replace(scenario, streams=streams, teams=teams)


def measured(scenario: Any, runs: int, engine: str) -> Iterator[tuple[float, int]]:
    """Contacts per CPU second of demand, play and journal, run by run, and how many contacts."""
    from supportsim.engine.clocks import player
    from supportsim.engine.layout import Layout

    layout, play = Layout(scenario), player(engine)
    play(layout, 1, runs)  # the first one loads what the others use
    for replication in range(runs):
        begin = time.process_time()
        contacts = len(play(layout, 1, replication).contacts)
        yield contacts / (time.process_time() - begin), contacts


def from_file_to_measures(
    runs: int, replications: int = 30, keep_journal: bool = True, crowded: bool = False
) -> Iterator[tuple[float, int]]:
    """Contacts per CPU second from a scenario file (W2) to the finished measures of so many replications."""
    from supportsim.scenario.load import load
    from supportsim.study.run import Player

    Player(scaled("w2", 1), 1, keep_journal=keep_journal)(runs)
    for _ in range(runs):
        begin, contacts = time.process_time(), 0
        player = Player(load(HERE / "w2.yaml"), 1, keep_journal=keep_journal, crowded=crowded)
        for replication in range(1, replications + 1):
            contacts += int(player(replication).rows[player.yardstick.places["all", "contacts"]][0])
        yield contacts / (time.process_time() - begin), contacts


def line(workload: str, what: str, ours: Iterator[tuple[float, int]], limit: Callable[[], float]) -> None:
    """Play in turns with the C++ program, and say how fast both were."""
    pairs = [(rate, limit(), contacts) for rate, contacts in ours]
    rate, ratios = statistics.median(each[0] for each in pairs), sorted(a / b for a, b, _ in pairs)
    told = f"{pairs[-1][2]:,} contacts, filler among them"
    if not np.isnan(ratios[0]):
        told = f"{ratios[0]:.3f} to {ratios[-1]:.3f}; C++ {statistics.median(each[1] for each in pairs):,.0f}"
        told = f"{statistics.median(ratios):.4f} C++  ({told})"
    print(f"{workload:6s} {what:13s} {rate:>12,.0f} contacts/s  {told}", flush=True)


# ---------------------------------------------------------------- the same rows for both programs


def rows_of_a_week(scale: int) -> np.ndarray[Any, Any]:
    """A generated week (arrival min, class, handle min, patience min), rounded to whole microseconds."""
    sys.path.insert(0, str(SHARED))
    import gen_trace

    rows = gen_trace.generate(scale, 1)
    for column in (0, 2, 3):
        rows[:, column] = np.round(rows[:, column] * MINUTE) / MINUTE
    return rows[np.argsort(rows[:, 0], kind="stable")]


def as_trace(rows: np.ndarray[Any, Any], scenario: Any) -> Any:
    """W2 fed by these rows instead of its streams."""
    from supportsim.scenario.model import Stream, Trace

    ticks = [np.round(rows[:, k] * MINUTE).astype(np.int64) for k in (0, 2, 3)]
    kind = rows[:, 1].astype(np.int32)
    topic, no_wrap = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.int64)
    trace = Trace(ticks[0], kind % 3, topic, kind // 3, ticks[1], no_wrap, ticks[2], "")
    stream = Stream("rows", "trace", scenario.segments[0].name, scenario.topics[0].name, trace=trace)
    return dataclasses.replace(scenario, streams=(stream,))


def counts(journal: Any, limits: tuple[float, ...]) -> dict[str, np.ndarray[Any, Any]]:
    """What the C++ program prints: arrivals, answered, abandoned, waits, in time, by class."""
    from supportsim.engine.journal import OUTCOMES
    from supportsim.scenario.ticks import NEVER

    c = journal.contacts
    kind = c["channel"].astype(int) * 3 + journal.issues["segment"][c["issue"]]
    answered = c["answered"] < NEVER
    left = np.isin(c["outcome"], [OUTCOMES.index("abandoned"), OUTCOMES.index("withdrew")])
    wait = np.where(answered, c["answered"] - c["created"], 0)
    in_time = answered & (wait <= np.array(limits)[c["channel"]] * MINUTE)
    values = {"arr": None, "ans": answered, "abn": left, "wait": wait / MINUTE, "sla": in_time}
    return {name: np.bincount(kind, weights=w, minlength=9) for name, w in values.items()}


def compare_traces(program: Path, scale: int, build: Path, engine: str) -> str:
    """Both programs on the same rows; a sentence about how they agree."""
    from supportsim.engine.clocks import player
    from supportsim.engine.layout import Layout

    rows = rows_of_a_week(scale)
    file = build / f"rows-{scale}.bin"
    rows.tofile(file)
    answer = answered(program, "w2", str(scale), "1", "1", str(file))
    ours = counts(player(engine)(Layout(as_trace(rows, scaled("w2", scale))), 1, 1), (20 / 60, 1.0, 240.0))
    theirs = {name: np.array(values) for name, values in answer["out"].items()}
    unequal = [name for name in ("arr", "ans", "abn", "sla") if not np.array_equal(ours[name], theirs[name])]
    apart = float(np.max(np.abs(ours["wait"] - theirs["wait"]) / theirs["wait"]))
    unequal += ["waits"] if apart > WAITS_APART else []
    agreed = "all counts equal" if not unequal else f"UNEQUAL: {', '.join(unequal)}"
    return f"{len(rows):,} rows: {agreed}, sums of waits apart by {apart:.1e} at most"


# ---------------------------------------------------------------- the whole


def limit_of(program: Path | None, name: str, scale: int) -> Callable[[], float]:
    """Contacts per CPU second of a run of the C++ program; nan where it has no such workload."""
    if program is None or name == "W2all":
        return lambda: float("nan")
    how = ("w1", "1000000") if name == "W1" else ("w2", str(scale))

    def limit() -> float:
        answer = answered(program, *how, "1", "2")  # the first one warms up
        return float(answer["contacts"] / answer["cpu"])

    return limit


def benchmark(names: list[str], engines: list[str], runs: int, program: Path | None, build: Path) -> bool:
    """One line for each workload and clock; whether all counts were equal to those of the C++ program."""
    agreed = True
    for name in names:
        scale = int(name.partition("x")[2] or 1)
        scenario = scaled({"W1": "w1", "W2all": "w2_all"}.get(name, "w2"), scale)
        for engine in engines:
            if engine == "simpy" and scale > 16:
                continue
            few = engine == "simpy" and (name == "W1" or scale > 1)
            ours = measured(scenario, min(runs, 2) if few else runs, engine)
            line(name, engine, ours, limit_of(program, name, scale))
            if program is not None and name not in ("W1", "W2all") and scale <= SAME_ROWS:
                said = compare_traces(program, scale, build, engine)
                print(f"{name:6s} same rows     {said}", flush=True)
                agreed &= "UNEQUAL" not in said
        if name == "W2" and "compiled" in engines:
            limit = limit_of(program, name, 1)
            line(name, "whole", from_file_to_measures(runs), limit)
            line(name, "with crowding", from_file_to_measures(runs, crowded=True), limit)
            line(name, "no journal", from_file_to_measures(runs, keep_journal=False), limit)
            line(name, "one", from_file_to_measures(runs, 1), limit)
    return agreed


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workloads", nargs="*", default=["W1", "W2", "W2all", "W2x16", "W2x64"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--engine", choices=("simpy", "compiled", "both"), default="both")
    parser.add_argument("--cpp", type=Path, default=SHARED)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as build:
        engines = ["simpy", "compiled"] if options.engine == "both" else [options.engine]
        program = compiled_cpp(options.cpp, Path(build))
        return 0 if benchmark(options.workloads, engines, options.runs, program, Path(build)) else 1


if __name__ == "__main__":
    sys.exit(main())
