"""The folder of a study: a manifest that says whose it is, tables, and the store from which they are made.

It may be written again and again: a study that was stopped, or changed, goes on in its own folder.  Each file is put in
place whole.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.study.folder import ResultExists, versions, write_csv, write_json
from supportsim.study.plan import Plan
from supportsim.study.store import rules

if TYPE_CHECKING:
    from supportsim.study.study import StudyResult

MANIFEST = "manifest.json"
STORE = "store"
#: file -> the table of a StudyResult in it, and its digits
TABLES = {
    "points.csv": ("points", 10), "replications.csv": ("results", 17), "summary.csv": ("summary", 10),
    "differences.csv": ("differences", 10),
}  # fmt: skip
LATEX = "table.tex"


def begin(plan: Plan, folder: Path) -> None:
    """Write down whose the folder is; to be asked of `moved` before, and with its store held."""
    folder.mkdir(parents=True, exist_ok=True)
    _whole(folder / MANIFEST, lambda file: write_json(manifest(plan), file))


def check(plan: Plan, folder: Path) -> dict[str, Any] | None:
    """The manifest of the same study that lies there, None where nothing does.  Raises ResultExists."""
    if not folder.exists() and not folder.is_symlink():
        return None
    if not folder.is_dir():
        raise ResultExists(f"{folder}: is not a folder")
    if all(each.name == STORE or each.name.startswith(".") for each in folder.iterdir()):
        return None  # nothing, or a start that was killed before it wrote down whose it is
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        name = found["study"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ResultExists(f"{folder}: holds something else than a study; -o names another place") from None
    if name != plan.name:
        raise ResultExists(f"{folder}: holds the study {name!r}, not {plan.name!r}; -o names another place")
    return dict(found)


def moved(plan: Plan, folder: Path) -> list[str]:
    """Sentences: what has changed since the folder was written, so that it is played anew.  Raises ResultExists."""
    before = check(plan, folder)
    if before is None:
        return []
    notes = []
    if before.get("rules") != rules():
        notes.append(f"the rules have changed ({before.get('rules')} -> {rules()}): every point is played anew")
    if before["study"].get("seed") != plan.seed:
        notes.append(f"the seed has changed ({before['study'].get('seed')} -> {plan.seed}): every point is played anew")
    known = {point["point"]: point["scenario_sha256"] for point in before.get("points", [])}
    changed = [point.name for point in plan.points if known.get(point.name, point.hash) != point.hash]
    notes += [f"the point {name} has changed since: it is played anew" for name in changed[:10]]
    notes += [f"and {len(changed) - 10} more"] if len(changed) > 10 else []
    gone = sorted(known.keys() - {point.name for point in plan.points})
    notes += [f"no longer in the study: {', '.join(gone[:10])}"] if gone else []
    return notes


def write(result: StudyResult, folder: Path) -> None:
    """Write the tables that the study asks for, and the manifest with what is finished."""
    for file, (table, digits) in TABLES.items():
        if file in result.plan.outputs:
            _whole(folder / file, lambda to, t=table, d=digits: write_csv(getattr(result, t), to, d))  # type: ignore[misc]
    if LATEX in result.plan.outputs:
        from supportsim.study.study_latex import table as latex

        _whole(folder / LATEX, lambda to: to.write_text(latex(result), encoding="utf-8", newline="\n"))
    _whole(folder / MANIFEST, lambda to: write_json(manifest(result.plan, result), to))


def _whole(file: Path, fill: Callable[[Path], object]) -> None:
    """Write a file beside its place and put it there, so that nobody ever sees half of one."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        fill(fresh)
        fresh.chmod(0o666 & ~_umask())
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def manifest(plan: Plan, result: StudyResult | None = None) -> dict[str, Any]:
    """Everything needed to play it again and to know that it came out the same; no time, no machine."""
    from supportsim.demand import fates
    from supportsim.scenario.load import resolved

    scenarios = {point.hash: point.scenario for point in plan.points}
    return {
        "format": 1,
        "study": _study(plan),
        "study_sha256": plan.hash,
        "points": [
            {"point": p.name, "levels": dict(zip(plan.factors, p.levels, strict=True)), "scenario_sha256": p.hash,
             "finished": len(result.conducted.finished(p)) if result else 0}
            for p in plan.points
        ],
        "replications": result.n if result else 0,
        "complete": result.complete if result else False,
        "fates_version": fates.VERSION,
        "rules": rules(),
        "versions": versions(),
        "scenarios": {number: resolved(scenario) for number, scenario in scenarios.items()},
    }  # fmt: skip


def _study(plan: Plan) -> dict[str, Any]:
    goals = plan.precision
    compare = plan.compare
    return {
        "name": plan.name, "question": plan.question, "seed": plan.seed,
        "replications": None if goals else plan.replications,
        "precision": {
            **{goal.metric.name: [goal.size, goal.unit] for goal in goals.goals},
            "at_least": goals.at_least, "at_most": goals.at_most,
        } if goals else None,
        "factors": {factor: list(levels) for factor, levels in plan.levels.items()},
        "metrics": [f"{selector}.{measure}" for selector, measure in plan.metrics],
        "compare": {
            "within": list(compare.within), "against": compare.against,
            "correction": "holm" if compare.holm else "none",
        } if compare else None,
        "outputs": list(plan.outputs),
    }  # fmt: skip
