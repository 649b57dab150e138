"""The figures of a comparison."""

from __future__ import annotations

from pathlib import Path

from supportsim.study.comparison import Comparison


def write_all(comparison: Comparison, folder: Path) -> list[Path]:
    """Draw all of them into `folder`/figures; returns the files written."""
    return []
