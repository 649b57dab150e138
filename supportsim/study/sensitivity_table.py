"""sensitivity.csv: what each input moves, and its share of what all of them move."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from supportsim.measure import catalogue
from supportsim.study.estimate import CONFIDENCE
from supportsim.study.folder import versions, write_csv, write_json
from supportsim.study.metrics import Key
from supportsim.study.option_tables import PER_WEEK
from supportsim.study.paired import Difference, holm, paired
from supportsim.study.sensitivity import HIGH, LOW, STATED, Floats, Sensitivity
from supportsim.study.uncertain import Uncertain

COLUMNS = (
    "option", "against", "selector", "measure", "unit", "per", "input", "name", "value", "value_low", "value_high",
    "source", "played", "as_stated", "change_low", "change_low_ci_low", "change_low_ci_high", "change_high",
    "change_high_ci_low", "change_high_ci_high", "movement", "share", "p", "p_holm", "told", "n",
)  # fmt: skip


def rows(found: Sensitivity) -> pd.DataFrame:
    """A row for each option, measure and input; the measures of options after the first are differences from it."""
    every: list[dict[str, Any]] = []
    for option in found.scenarios:
        for key in found.keys:
            every += _of_measure(found, option, key)
    return pd.DataFrame(every, columns=list(COLUMNS))


def _of_measure(found: Sensitivity, option: str, key: Key) -> list[dict[str, Any]]:
    """The inputs, the largest movement first, with their shares and adjusted p."""
    measured = [_row(found, option, key, each) for each in found.inputs]
    total = sum(row["movement"] for row in measured if not math.isnan(row["movement"]))
    adjusted = holm(np.array([row["p"] for row in measured], dtype=np.float64))
    for row, p in zip(measured, adjusted, strict=True):
        row["share"] = row["movement"] / total if total > 0 else math.nan
        row["p_holm"], row["told"] = float(p), int(p <= 1 - CONFIDENCE)
    return sorted(measured, key=lambda row: -row["movement"] if row["movement"] == row["movement"] else 1.0)


def _row(found: Sensitivity, option: str, key: Key, each: Uncertain) -> dict[str, Any]:
    per = found.periods if key[1] in PER_WEEK else 1.0
    low, high = (_moved(found, option, key, each, side, per) for side in (LOW, HIGH))
    ends = [abs(side.change.mean) for side in (low, high)]
    other = found.base if option != found.base else ""
    return {
        "option": option, "against": other, "selector": key[0], "measure": key[1],
        "unit": catalogue.measure(key[1]).unit,
        "per": found.each.removeprefix("a ") if key[1] in PER_WEEK else "",
        **_said(found, option, each), "as_stated": low.base.mean,
        "change_low": low.change.mean, "change_low_ci_low": low.change.low, "change_low_ci_high": low.change.high,
        "change_high": high.change.mean, "change_high_ci_low": high.change.low, "change_high_ci_high": high.change.high,
        "movement": sum(ends) / 2, "p": _together(low.p, high.p), "n": min(low.change.n, high.change.n),
    }  # fmt: skip


def _said(found: Sensitivity, option: str, each: Uncertain) -> dict[str, Any]:
    """What the input is, and its values; none in an option that has no such input."""
    scenario, own = found.scenarios[option], found.own[option].get(each.path)
    values = ["", "", ""]
    if own is not None:  # an input of another option asks for what may not be here
        values = [own.stated(own.change(scenario, 1 + f * found.by)) for f in (0, -1, 1)]
    return {
        "input": each.path, "name": each.name, "value": values[0], "value_low": values[1], "value_high": values[2],
        "source": found.source(option, each.path), "played": int(not each.priced),
    }  # fmt: skip


def _moved(found: Sensitivity, option: str, key: Key, each: Uncertain, side: str, per: float) -> Difference:
    """Changed minus as stated; of an option after the first of the difference from the base."""

    def told(path: str, side: str) -> Floats:
        own = found.column(option, key, path, side)
        return (own if option == found.base else own - found.column(found.base, key, path, side)) / per

    return paired(told("", STATED), told(each.path, side))


def _together(low: float, high: float) -> float:
    """p of both sides together (Bonferroni); NaN where nobody knows either."""
    known = [p for p in (low, high) if not math.isnan(p)]
    return min(1.0, 2 * min(known)) if known else math.nan


def shares(found: Sensitivity, option: str = "") -> dict[str, float]:
    """Path -> mean of its shares over the measures that anything moves, each alike; the largest first.

    Of one option; of none the answer's: with several options that is their differences from the base.
    """
    table = found.table
    others = [name for name in found.scenarios if name != found.base] or [found.base]
    wanted = table[table["option"].isin([option] if option else others)]
    means = wanted.dropna(subset=["share"]).groupby("input", sort=False)["share"].mean()
    every = {each.path: float(means.get(each.path, math.nan)) for each in found.inputs}
    return dict(sorted(every.items(), key=lambda pair: -pair[1] if pair[1] == pair[1] else 1.0))


def fill(found: Sensitivity, folder: Path) -> None:
    """The files of a sensitivity of its own."""
    add(found, folder)
    (folder / "verdict.txt").write_text("\n".join([*found.verdict(), ""]), encoding="utf-8", newline="\n")
    write_json(manifest(found), folder / "manifest.json")


def add(found: Sensitivity, folder: Path) -> None:
    """Its tables, in a folder of its own or among those of a run or comparison."""
    write_csv(found.table, folder / "sensitivity.csv")
    write_csv(found.inputs_table, folder / "inputs.csv")


def manifest(found: Sensitivity) -> dict[str, Any]:
    """What was changed in what; everything needed to play it again."""
    from supportsim.scenario.load import resolved, scenario_hash

    return {
        "format": 1, "by": found.by, "seed": found.seed,
        "options": [
            {"name": name, "scenario_sha256": scenario_hash(each), "scenario": resolved(each)}
            for name, each in found.scenarios.items()
        ],
        "replications": found.requested, "measures": [".".join(key) for key in found.keys],
        "inputs": [each.path for each in found.inputs], "not_played": list(found.not_played),
        "failed": list(found.failed), "interrupted": found.interrupted, "versions": versions(),
    }  # fmt: skip
