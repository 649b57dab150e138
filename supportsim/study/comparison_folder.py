"""The folder of a comparison: its tables, and below it the result folder of each option."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from supportsim.study.best import table as best_table
from supportsim.study.comparison import Comparison
from supportsim.study.flip import flips
from supportsim.study.flip_inputs import table
from supportsim.study.folder import fill as fill_result
from supportsim.study.folder import put, slug, versions, write_csv, write_json


def write(comparison: Comparison, folder: str | Path, overwrite: bool = False) -> Path:
    """manifest.json, timing.json, verdict.txt, options.csv, differences.csv, interval_differences.csv and a result
    folder for each option.

    The same bytes for the same scenarios and seed, timing.json apart.  Raises ResultExists as `folder.write` does.
    """
    return put(folder, lambda fresh: fill(comparison, fresh, comparison.verdict()), overwrite)


def fill(comparison: Comparison, folder: Path, verdict: Sequence[str]) -> None:
    """The files of a comparison of which `verdict` is said."""
    write_csv(comparison.table, folder / "options.csv")
    write_csv(comparison.differences, folder / "differences.csv")
    write_csv(comparison.interval_differences, folder / "interval_differences.csv")
    found = flips(comparison)
    if len(found):
        write_csv(found, folder / "flips.csv")
    if comparison.flips:
        write_csv(table(comparison), folder / "flip_inputs.csv")
    if comparison.best:
        write_csv(best_table(comparison), folder / "best.csv")
    (folder / "verdict.txt").write_text("\n".join([*verdict, ""]), encoding="utf-8", newline="\n")
    write_json(manifest(comparison), folder / "manifest.json")
    for name, option in zip(places(comparison), comparison.options, strict=True):
        (folder / name).mkdir()
        fill_result(option.result, folder / name)
    seconds = sum(option.result.seconds for option in comparison.options)
    write_json({"seconds": round(seconds, 3)}, folder / "timing.json")


def places(comparison: Comparison) -> list[str]:
    """The folder of each option: its number and its name, safe in any file system."""
    return [f"{i}-{slug(option.name)}" for i, option in enumerate(comparison.options)]


def manifest(comparison: Comparison) -> dict[str, Any]:
    """What was compared; everything needed to play an option again stands in its own manifest."""
    return {
        "format": 1,
        "comparison_sha256": sha256(comparison),
        "base": comparison.base.name,
        "options": [
            {
                "name": option.name, "folder": place, "scenario_sha256": option.result.hash,
                "resized_from": option.resized_from or None, "replications": option.result.n,
            }
            for place, option in zip(places(comparison), comparison.options, strict=True)
        ],
        "seed": comparison.base.result.seed,
        "metrics": [".".join(key) for key in comparison.metrics],
        "not_played": list(comparison.not_played),
        "interrupted": comparison.interrupted,
        "notes": list(comparison.notes),
        "versions": versions(),
    }  # fmt: skip


def sha256(comparison: Comparison) -> str:
    """Of the scenarios' hashes, in order: what is compared with what."""
    return hashlib.sha256("\n".join(option.result.hash for option in comparison.options).encode()).hexdigest()
