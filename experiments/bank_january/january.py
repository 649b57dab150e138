"""Replay January 1999 of a real bank's phone desk, and set what comes out beside what happened.

Usage: python experiments/bank_january/january.py [FOLDER] [-n 10] [--seed 1] [--shrinkage 20]
FOLDER holds R2_anonymous_bank_calls.csv.gz, R2_halfhour_table.csv and R2_patience_km.csv (README.md says whose they
are); by default shared/data beside this repository.  Where they are not, it says so, does nothing and ends with 2.
Writes into results/ beside this file (a scenario reads only what lies below it; nothing of it is committed):
calls.csv, patience.csv, heads.csv and heads_less.csv, which desk.yaml reads; half_hours.csv and the figure.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
BESIDE = HERE.parents[2] / "shared" / "data"
CALLS, TABLE, PATIENCE = "R2_anonymous_bank_calls.csv.gz", "R2_halfhour_table.csv", "R2_patience_km.csv"
TOPICS = {"NE": "securities", "IN": "internet", "NW": "joining", "TT": "called_back"}  # all others: everyday
SLOTS = 48
SHARES = ("abandoned", "in_20_s")


# ---- what the desk is given ------------------------------------------------------------------------------


def wanted(folder: Path) -> pd.DataFrame:
    """Calls that wanted an agent (all but PHANTOM), by the second they left the menu.

    Added: `slot`, half-hour of the day; `in_menu`, whether the caller hung up before he stood in the line: no
    answer, and no time at which he joined it.
    """
    table = pd.read_csv(folder / CALLS)
    table = table[table.outcome != "PHANTOM"].sort_values(["date", "vru_exit_s"], kind="stable")
    in_menu = (table.outcome == "HANG") & (table.q_start_s == 0)
    return table.assign(slot=table.vru_exit_s // 1800, in_menu=in_menu)


def write_calls(calls: pd.DataFrame) -> None:
    """A row for each caller who reached the line; its work is empty where nobody answered."""
    line = calls[~calls.in_menu]
    at = pd.to_datetime(line.date) + pd.to_timedelta(line.vru_exit_s, unit="s")
    work = line.ser_time_s.where(line.outcome == "AGENT").astype("Int64")
    topic = line.type.map(TOPICS).fillna("everyday")
    rows = pd.DataFrame({"at": at.dt.strftime("%Y-%m-%d %H:%M:%S"), "topic": topic, "handle_s": work})
    rows.to_csv(RESULTS / "calls.csv", index=False)


def write_patience(folder: Path) -> None:
    """The Kaplan-Meier curve of all callers of January, as a curve of a law."""
    table = pd.read_csv(folder / PATIENCE)
    chosen = table[(table.month == "january") & (table.type == "all")]
    rows = [f"{row.seconds},{row.survival_patience}" for row in chosen.itertuples()]
    (RESULTS / "patience.csv").write_text("\n".join(["seconds,share_longer", "0,1", *rows]) + "\n", encoding="utf-8")


def seen(folder: Path) -> np.ndarray[Any, Any]:
    """The rule of the roster: agents seen in each half-hour of the month, shape (31, 48).

    `agents_seen` of the table: how many agents took a call that came in that half-hour.  A half-hour without a
    row (nobody called) has nobody.
    """
    table = pd.read_csv(folder / TABLE)
    heads = np.zeros((31, SLOTS), dtype=int)
    heads[pd.to_datetime(table.date).dt.day - 1, table.halfhour] = table.agents_seen
    return heads


def less(heads: np.ndarray[Any, Any], shrinkage: float) -> np.ndarray[Any, Any]:
    """So much less, in whole heads: what rounding leaves is carried to the next half-hour of the day."""
    upto = np.cumsum(heads, axis=1) * (1 - shrinkage)
    return np.diff(np.floor(upto + 0.5 + 1e-9), axis=1, prepend=0.0).astype(int)


def write_heads(name: str, heads: np.ndarray[Any, Any]) -> None:
    rows = [
        f"1999-01-{day:02d} {slot // 2:02d}:{slot % 2 * 30:02d},{heads[day - 1, slot]}"
        for day in range(1, 32)
        for slot in range(SLOTS)
    ]
    (RESULTS / name).write_text("\n".join(["start,heads", *rows]) + "\n", encoding="utf-8")


# ---- what came out ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Month:
    """By half-hour of the month, shape (31, 48): callers in the line, of them hung up, answered within 20 s."""

    name: str
    line: np.ndarray[Any, Any]
    abandoned: np.ndarray[Any, Any]
    in_20_s: np.ndarray[Any, Any]

    def shares(self, in_menu: np.ndarray[Any, Any]) -> dict[str, float]:
        """Of all who wanted an agent, those who hung up in the menu among them, and of those in the line."""
        lost, kept, line, menu = (float(x.sum()) for x in (self.abandoned, self.in_20_s, self.line, in_menu))
        return {
            "hung up, of all": (lost + menu) / (line + menu),
            "answered in 20 s, of all": kept / (line + menu),
            "hung up, of the line": lost / line,
            "answered in 20 s, of the line": kept / line,
        }

    def by_slot(self, in_menu: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
        """The same of all, by half-hour of the day."""
        wanted = (self.line + in_menu).sum(axis=0)
        return {
            "abandoned": (self.abandoned + in_menu).sum(axis=0) / wanted,
            "in_20_s": self.in_20_s.sum(axis=0) / wanted,
        }


def counted(calls: pd.DataFrame) -> np.ndarray[Any, Any]:
    """How many of these calls fall into each half-hour of the month."""
    found = np.zeros((31, SLOTS))
    np.add.at(found, (pd.to_datetime(calls.date).dt.day - 1, calls.slot), 1)
    return found


def happened(calls: pd.DataFrame) -> Month:
    line = calls[~calls.in_menu]
    answered = line.outcome == "AGENT"
    soon = answered & (line.q_time_s <= 20)
    return Month("what happened", counted(line), counted(line[~answered]), counted(line[soon]))


def simulate(name: str, heads: str, n: int, seed: int) -> Month:
    """Means of `n` replications."""
    from supportsim.scenario.load import load
    from supportsim.study.run import run

    result = run(load(HERE / "desk.yaml", {"teams.agents.heads": f"results/{heads}"}), n, seed, jobs="auto")
    table = result.summary.set_index(["selector", "measure"])
    for selector, measure in (("phone", "abandoned_share"), ("twenty_seconds", "kept_share"), ("agents", "occupancy")):
        row = table.loc[(selector, measure)]
        half = f" ± {(row.mean_ci_high - row.mean_ci_low) / 2:.1%}" if n > 1 else ""
        print(f"{name}: {selector}.{measure} {row['mean']:.1%}{half}")
    rows = result.intervals
    rows = rows[(rows.channel == "phone") & (rows.segment == rows.segment.iloc[0])]
    columns = ("offered", "abandoned", "answered_in_limit")
    return Month(name, *(rows[column].to_numpy().reshape(31, SLOTS) for column in columns))


def say(months: list[Month], in_menu: np.ndarray[Any, Any]) -> None:
    """The month as a whole, then by half-hour of the day; half_hours.csv holds the same."""
    shares = pd.DataFrame({month.name: month.shares(in_menu) for month in months})
    print("\n" + shares.map(lambda share: f"{share:.1%}").to_string())
    rows = {(name, m.name): m.by_slot(in_menu)[name] for name in SHARES for m in months}
    slots = pd.Index([f"{slot // 2:02d}:{slot % 2 * 30:02d}" for slot in range(SLOTS)], name="half_hour")
    frame = pd.DataFrame(rows, index=slots)
    frame.insert(0, ("calls", ""), (months[0].line + in_menu).sum(axis=0).astype(int))
    flat = frame.set_axis([" · ".join(name for name in names if name) for names in frame.columns], axis=1)
    flat.to_csv(RESULTS / "half_hours.csv", float_format="%.4f")
    print("\n" + flat.iloc[14:].map(lambda x: f"{x:.1%}" if isinstance(x, float) else x).to_string())
    for name in SHARES:
        real, found = rows[name, months[0].name], [rows[name, month.name] for month in months[1:]]
        apart = [
            f"{month.name} {100 * np.abs(f - real)[14:].mean():.1f} points"
            for month, f in zip(months[1:], found, strict=True)
        ]
        print(f"{name}, mean distance of a half-hour of the day from what happened: {'; '.join(apart)}")


def draw(months: list[Month], in_menu: np.ndarray[Any, Any]) -> None:
    """january.svg and january.png: both shares by half-hour of the day, from 07:00 on."""
    from matplotlib.figure import Figure

    from supportsim.show import style
    from supportsim.show.axes import percent_axis

    titles = {"abandoned": "hung up before an answer, of all who wanted an agent", "in_20_s": "answered within 20 s"}
    looks = ((style.BLACK, 2.2, "-"), (style.BLUE, 1.6, "-"), (style.ORANGE, 1.6, (0, (5, 2))))
    hours = np.arange(14, SLOTS + 1) / 2
    with style.styled():
        figure = Figure(figsize=(style.WIDTH, 4.6), layout="constrained")
        for axes, (name, title) in zip(figure.subplots(1, 2), titles.items(), strict=True):
            for month, (color, width, dashes) in zip(months, looks, strict=True):
                share = month.by_slot(in_menu)[name][14:]
                axes.stairs(
                    share, hours, baseline=None, color=color, linewidth=width, linestyle=dashes, label=month.name
                )
            axes.set_title(title)
            axes.set_xticks(range(7, 25, 2), [f"{hour:02d}:00" for hour in range(7, 25, 2)])
            axes.set_xlim(7, 24)
            percent_axis(axes, "")
            if name == "abandoned":
                axes.set_ylim(0, 0.4)
                axes.set_yticks([0, 0.1, 0.2, 0.3, 0.4], ["0 %", "10 %", "20 %", "30 %", "40 %"])
                axes.legend(loc="upper left")
        words = "A real bank's January by half-hour of the day: what happened, and two simulations of it"
        style.save(figure, RESULTS, "january", words, f"{words}; the numbers are in half_hours.csv.")


# ---- the whole -------------------------------------------------------------------------------------------


def absent(folder: Path) -> list[str]:
    return [name for name in (CALLS, TABLE, PATIENCE) if not (folder / name).is_file()]


def replay(folder: Path, n: int, seed: int, shrinkage: float) -> None:
    RESULTS.mkdir(exist_ok=True)
    calls = wanted(folder)
    in_menu, heads = counted(calls[calls.in_menu]), seen(folder)
    write_calls(calls)
    write_patience(folder)
    write_heads("heads.csv", heads)
    write_heads("heads_less.csv", less(heads, shrinkage))
    print(f"{len(calls):,} calls, {int(in_menu.sum()):,} hung up in the menu; {heads.sum() / 2:,.0f} agent-hours seen")
    months = [
        happened(calls),
        simulate("agents seen", "heads.csv", n, seed),
        simulate(f"{100 * shrinkage:g} % fewer", "heads_less.csv", n, seed),
    ]
    say(months, in_menu)
    draw(months, in_menu)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=BESIDE)
    parser.add_argument("-n", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shrinkage", type=float, default=20, help="per cent of the agents seen")
    asked = parser.parse_args()
    missing = absent(asked.folder)
    if missing:
        print(f"not in {asked.folder}: {', '.join(missing)}. Nothing done; README.md says whose data.", file=sys.stderr)
        return 2
    replay(asked.folder, asked.n, asked.seed, asked.shrinkage / 100)
    return 0


if __name__ == "__main__":
    sys.exit(main())
