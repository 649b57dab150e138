"""The two figures of every run: promises by interval, staffing against load; each SVG, PNG and CSV."""

from __future__ import annotations

from pathlib import Path

from supportsim.show.promise_figure import draw_promises
from supportsim.show.staffing_figure import draw_staffing
from supportsim.study.result import Result


def write_all(result: Result, folder: str | Path) -> list[Path]:
    """Write `promises.*` (where there is a promise) and `staffing.*` into `folder`/figures."""
    if not result.n:
        return []
    target = Path(folder) / "figures"
    target.mkdir(parents=True, exist_ok=True)
    files = draw_promises(result, target) if result.scenario.promises else []
    return files + draw_staffing(result, target)
