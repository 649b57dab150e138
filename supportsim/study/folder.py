"""The result folder: the same bytes for the same scenario and seed, whatever machine and number of processes.

`timing.json` is the one exception and stands outside every hash.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim import __version__
from supportsim.study.result import Result

if TYPE_CHECKING:
    import pandas as pd

LIBRARIES = ("numpy", "numba", "scipy", "pandas", "simpy", "xxhash")
TABLES = (
    "replications", "summary", "intervals", "bridge", "teams", "promises", "costs", "allocation", "contribution",
    "cash", "year", "experience", "backlog", "oldest_ages", "causes", "reply_causes", "inputs",
)  # fmt: skip
#: Those that are made of single contacts: absent without a journal.
OF_JOURNALS = ("crowding", "crowding_intervals")
#: Those with all digits: values to be computed with, and amounts that add up.
EXACT = ("replications", "costs", "allocation", "contribution", "cash", "year", "experience")
MANIFEST = "manifest.json"


class ResultExists(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The folder holds a result already, or something else that must not be lost."""


def write(result: Result, folder: str | Path, overwrite: bool = False) -> Path:
    """Write manifest.json, timing.json and the tables; the folder appears whole or not at all.

    Raises ResultExists when the folder is there and not empty, unless `overwrite` and it is a result.
    """
    return put(folder, lambda fresh: fill(result, fresh), overwrite)


def put(folder: str | Path, fill: Callable[[Path], None], overwrite: bool = False) -> Path:
    """A folder that `fill` writes into; it appears whole or not at all.  Raises as `write`."""
    target = Path(folder)
    check(target, overwrite)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        fresh.chmod(0o777 & ~_umask())
        fill(fresh)
        _swap(fresh, target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return target


def check(folder: str | Path, overwrite: bool = False) -> None:
    """Raise ResultExists if `write` would refuse; to be asked before a long run."""
    target = Path(folder)
    if not target.exists() and not target.is_symlink():
        return
    if not target.is_dir():
        raise ResultExists(f"{target}: is not a folder")
    filled = any(target.iterdir())
    if filled and not overwrite:
        raise ResultExists(f"{target}: holds a result already; --overwrite replaces it, -o names another place")
    if filled and not (target / MANIFEST).is_file():
        raise ResultExists(f"{target}: is not a result folder (no {MANIFEST}), so it is not replaced")


def check_file(file: Path, overwrite: bool = False) -> None:
    """Raise ResultExists where a table would be lost; other results in its folder stay as they are."""
    if file.parent.exists() and not file.parent.is_dir():
        raise ResultExists(f"{file.parent}: is not a folder")
    if file.exists() and not overwrite:
        raise ResultExists(f"{file}: is there already; --overwrite replaces it, -o names another place")


def default_name(result: Result) -> str:
    """`<name>-<first 8 of the hash>-s<seed>-n<replications>`, safe as a folder name.

    With a policy of the user its name and the first 8 of its hash stand before the seed.
    """
    own = f"-{slug(result.policy.name)}-{result.policy.sha256[:8]}" if result.policy else ""
    return f"{slug(result.scenario.name)}-{result.hash[:8]}{own}-s{result.seed}-n{result.requested}"


def slug(name: str) -> str:
    """A name that is safe in any file system: letters, digits, `-`, `_`; never empty, at most 80 long."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)
    return kept.strip("-_")[:80] or "scenario"


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def fill(result: Result, folder: Path) -> None:
    """The files of one result."""
    for name in tables(result):
        write_csv(getattr(result, name), folder / f"{name}.csv", digits=17 if name in EXACT else 10)
    if result.inversions is not None:
        write_csv(result.inversions, folder / "inversions.csv")
    if result.by_month is not None:
        write_csv(result.by_month, folder / "months.csv")
    if result.required is not None:
        write_csv(result.required, folder / "required.csv")
    write_json(manifest(result), folder / MANIFEST)
    timing = {"seconds": round(result.seconds, 3), "jobs": result.jobs, "replications": result.n}
    write_json(timing, folder / "timing.json")


def tables(result: Result) -> tuple[str, ...]:
    """The names of the tables that a result has."""
    return TABLES + (OF_JOURNALS if result.crowded else ())


def _swap(fresh: Path, target: Path) -> None:
    """Put the finished folder in place; an old result is moved aside first and then deleted."""
    if not target.exists():
        fresh.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.rename(old / "result")
    try:
        fresh.rename(target)
    except OSError:
        (old / "result").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def manifest(result: Result) -> dict[str, Any]:
    """Everything needed to run it again and to know that it came out the same; no time, no machine."""
    from supportsim.demand import fates
    from supportsim.scenario.load import resolved

    return {
        "format": 1,
        "scenario": resolved(result.scenario),
        "scenario_sha256": result.hash,
        **_policy(result),
        "seed": result.seed,
        "replications": {
            "asked": result.requested,
            "finished": list(result.finished),
            "failed": {str(number): why for number, why in result.failed.items()},
            "interrupted": result.interrupted,
        },
        "fates_version": fates.VERSION,
        "versions": versions(),
        "journal_kept": bool(result.journal_xxh128) or not result.n,
        "journal_xxh128": list(result.journal_xxh128),
    }


def _policy(result: Result) -> dict[str, Any]:
    """What played instead of `routing.policy`; nothing where the file alone says who goes first."""
    own = result.policy
    if own is None:
        return {}
    return {"policy": {"name": own.name, "sha256": own.sha256, "inside_queues": own.inside_queues}}


def versions() -> dict[str, str]:
    """supportsim, python and the libraries that take part in a result."""
    found = {"supportsim": __version__, "python": ".".join(str(part) for part in sys.version_info[:3])}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def write_json(value: Any, file: Path) -> None:
    """Strict JSON: no NaN, keys in the order given, UTF-8, one newline at the end."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_csv(table: pd.DataFrame, file: Path, digits: int = 10) -> None:
    """UTF-8, comma, LF; numbers with so many digits (17: exact), nothing for a value that does not exist."""
    columns = [[_cell(value, digits) for value in table[name].tolist()] for name in table.columns]
    lines = [",".join(line) for line in zip(*columns, strict=True)]
    file.write_text("\n".join([",".join(table.columns), *lines, ""]), encoding="utf-8", newline="\n")


def _cell(value: Any, digits: int) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value) if digits >= 17 else f"{value:.{digits}g}"
    return str(value)


@lru_cache(maxsize=10_000)  # columns say the same few things over and over
def _text(value: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; quoted where it must be."""
    safe = f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
    if any(c in safe for c in ',"\r\n'):  # the csv module leaves a lone CR unquoted
        return '"' + safe.replace('"', '""') + '"'
    return safe
