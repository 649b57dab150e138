"""Derive the figures of configs/bank from the calls of a bank, and print those that phones.yaml quotes.

Usage: python configs/bank/derive.py FOLDER
FOLDER holds R2_anonymous_bank_calls.csv.gz (Guedj & Mandelbaum, Technion: January 1999, call by call) and
R1_bank_calls_5min_wide.csv (Weinberg, Brown & Stroud 2007: 110 weekdays of a large bank).  Written beside
this file: data/<segment>.csv (expected calls by weekday and half-hour) and data/patience_<segment>.csv.  Only
averages are written, never a row of the sources.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).parent / "data"
SUNDAY_TO_THURSDAY, FRIDAY, SATURDAY = (6, 0, 1, 2, 3), (4,), (5,)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPEN = dict.fromkeys(SUNDAY_TO_THURSDAY, (14, 48)) | {4: (14, 28), 5: (38, 48)}  # half-hours of the day
HALF_HOURS = range(14, 48)
TOPICS = {"PS": "everyday", "PE": "everyday", "NE": "securities", "IN": "internet", "NW": "joining"}
SEGMENTS = ("regular", "preferred", "prospects")
SECONDS = (*range(5, 95, 5), 100, 110, 120, 135, 150, 165, 180, 210, 240, 270, 300, 360, 420, 480, 600)


def calls(folder: Path) -> pd.DataFrame:
    """Calls that wanted an agent, with segment, topic, weekday (0 = Monday) and half-hour of asking."""
    table = pd.read_csv(folder / "R2_anonymous_bank_calls.csv.gz")
    table = table[(table.outcome != "PHANTOM") & table.type.isin(TOPICS)]  # TT: the bank calls back; left out
    segment = np.where(table.priority == 2, "preferred", "regular")
    day = pd.to_datetime(table.date)
    return table.assign(
        segment=np.where(table.type == "NW", "prospects", segment),
        topic=table.type.map(TOPICS),
        weekday=day.dt.day_of_week,
        half_hour=table.vru_exit_s // 1800,
    )


def volumes(table: pd.DataFrame, segment: str) -> pd.DataFrame:
    """Expected calls: total of the weekday x share of the half-hour (Sunday to Thursday share one shape)."""
    days = table.groupby("weekday").date.nunique()
    mine = table[table.segment == segment]
    found = pd.DataFrame(0.0, index=range(7), columns=HALF_HOURS)
    for group in (SUNDAY_TO_THURSDAY, FRIDAY, SATURDAY):
        rows = mine[mine.weekday.isin(group) & mine.half_hour.between(*_window(group))]
        shape = rows.half_hour.value_counts(normalize=True)
        for day in group:
            total = (rows.weekday == day).sum() / days[day]
            found.loc[day, shape.index] = total * shape
    return found.round(1)


def _window(group: tuple[int, ...]) -> tuple[int, int]:
    begin, end = OPEN[group[0]]
    return begin, end - 1


def write_volumes(table: pd.DataFrame) -> None:
    for segment in SEGMENTS:
        found = volumes(table, segment)
        times = [f"{h // 2:02d}:{h % 2 * 30:02d}" for h in HALF_HOURS]
        lines = [",".join(("day", *times))]
        lines += [",".join((WEEK[d], *(f"{x:g}" for x in found.loc[d]))) for d in range(7)]
        (DATA / f"{segment}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{segment}: {found.to_numpy().sum():.0f} calls a week")


def survival(table: pd.DataFrame) -> list[float]:
    """Kaplan-Meier at SECONDS, of those who waited: an answer ends the watching, not the patience."""
    waited = table[table.q_time_s > 0]
    left = waited[waited.outcome == "HANG"].q_time_s.value_counts()
    watched = np.sort(waited.q_time_s.to_numpy())
    at_risk = len(watched) - np.searchsorted(watched, left.index)
    stays = pd.Series(1 - left.to_numpy() / at_risk, index=left.index).sort_index().cumprod()
    return [float(stays[stays.index <= t].iloc[-1]) for t in SECONDS]


def write_patience(table: pd.DataFrame) -> None:
    """A curve per segment; `tail_mean` for phones.yaml is the mean of what is left beyond its last point."""
    for segment in SEGMENTS:
        curve = survival(table[table.segment == segment])
        rows = [f"{t},{s:.3f}" for t, s in zip(SECONDS, curve, strict=True)]
        text = "\n".join(["seconds,share_longer", "0,1", *rows]) + "\n"
        (DATA / f"patience_{segment}.csv").write_text(text, encoding="utf-8")
        hazard = -np.log(curve[-1] / curve[-5]) / (SECONDS[-1] - SECONDS[-5])
        median = next((t for t, s in zip(SECONDS, curve, strict=True) if s < 0.5), None)
        print(f"{segment}: half have left by {median} s; beyond {SECONDS[-1]} s a mean of {1 / hazard:.0f} s")


def print_work(table: pd.DataFrame) -> None:
    """Lognormal fits of 10 s .. 1 h (shorter ones are hang-ups of the agents, see the source)."""
    served = table[(table.outcome == "AGENT") & table.ser_time_s.between(10, 3600)]
    logs = np.log(served.ser_time_s).groupby(served.topic).agg(["mean", "std", "size"])
    for topic, row in logs.iterrows():
        cv = np.sqrt(np.expm1(row["std"] ** 2))
        print(f"{topic}: n {row['size']:.0f}, median {np.exp(row['mean']):.0f} s, cv {cv:.2f}")
    mix = table.groupby("segment").topic.value_counts(normalize=True)
    print(mix.round(3).to_string())


def print_busyness(folder: Path) -> None:
    """Spread beyond chance in R1: of days about their weekday, of half-hours about their day."""
    table = pd.read_csv(folder / "R1_bank_calls_5min_wide.csv", index_col=0)
    weekday = pd.to_datetime(pd.Series(table.index)).dt.day_of_week.to_numpy()
    counts = table.iloc[:, :168].to_numpy().reshape(len(table), 28, 6).sum(axis=2).astype(float)
    usual = np.array([counts[weekday == day].mean(axis=0) for day in weekday])
    factor = counts.sum(axis=1) / usual.sum(axis=1)
    part = counts / usual / factor[:, None]
    within = ((part - 1) ** 2).sum() / ((len(counts) - 5) * 27) - (1 / usual).mean()
    print(f"cv of a day {factor.std(ddof=5):.3f}, of a half-hour within its day {np.sqrt(within):.3f}")


def main(folder: Path) -> None:
    table = calls(folder)
    write_volumes(table)
    write_patience(table)
    print_work(table)
    print_busyness(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
