"""Turn a real week of a bank's five-minute counts into a half-hour forecast, simulate both, and compare.

Usage: python experiments/bank_week/week.py FILE [--monday 2003-03-03] [-n 10] [--seed 1]
FILE is R1_bank_calls_5min_wide.csv (a row per weekday, a column per five minutes; README.md says whose).
Writes results/week.csv beside this file, and a copy of FILE next to it, since a scenario reads only what lies below
it (neither is committed).  Prints what was answered in time, who hung up and how busy agents were, for both.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
FORECAST, MATRIX = HERE / "results" / "week.csv", HERE / "results" / "five_minutes.csv"


def half_hours(file: Path, monday: date) -> list[tuple[str, int]]:
    """(local begin, calls) of every half-hour of the five days from `monday`.  KeyError for a missing day."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = {row["date"]: row for row in csv.DictReader(lines)}
    found: dict[str, int] = {}
    for day in (str(monday + timedelta(days=k)) for k in range(5)):
        for time, calls in rows[day].items():
            if time != "date":
                begin = f"{day} {time[:3]}{'00' if time[3:] < '30' else '30'}"
                found[begin] = found.get(begin, 0) + int(calls)
    return list(found.items())


def write_forecast(rows: list[tuple[str, int]]) -> None:
    FORECAST.parent.mkdir(exist_ok=True)
    lines = ["start,offered", *(f"{begin},{calls}" for begin, calls in rows)]
    FORECAST.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{FORECAST.relative_to(HERE)}: {len(rows)} half-hours, {sum(calls for _, calls in rows):,} calls")


def simulate(name: str, changes: dict[str, str], n: int, seed: int) -> None:
    """Print what was answered in time and who hung up, means of `n` replications with 95 % intervals."""
    from supportsim.scenario.load import load
    from supportsim.study.run import run

    result = run(load(HERE / "desk.yaml", changes), n, seed, jobs="auto")
    table = result.summary.set_index(["selector", "measure"])
    for selector, measure in (
        ("twenty_seconds", "kept_share"), ("phone", "abandoned_share"), ("frontline", "occupancy"),
    ):  # fmt: skip
        row = table.loc[(selector, measure)]
        days = f"; days {row.day_p05:.1%} to {row.day_p95:.1%}" if row.day_p05 == row.day_p05 else ""
        half = (row.mean_ci_high - row.mean_ci_low) / 2
        print(f"{name:22} {selector}.{measure}: {row['mean']:.1%} ± {half:.1%}{days}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--monday", type=date.fromisoformat, default=date(2003, 3, 3))
    parser.add_argument("-n", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if not asked.file.is_file():
        print(f"{asked.file} is not here: nothing done. README.md says where the data come from.")
        return
    write_forecast(half_hours(asked.file, asked.monday))
    week = {"start": str(asked.monday)}
    simulate("half-hours, from CSV", week, asked.n, asked.seed)
    shutil.copyfile(asked.file, MATRIX)
    matrix = {"demand.calls.forecast": f"results/{MATRIX.name}"}
    simulate("five minutes, as read", week | matrix, asked.n, asked.seed)


if __name__ == "__main__":
    main()
