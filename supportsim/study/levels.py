"""Levels of a factor that are numbers."""

from __future__ import annotations

import re


def number_of(level: str) -> float | None:
    """`4` -> 4, `2.5%` -> 2.5; None for a word."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%?", level)
    return float(found[1]) if found else None
