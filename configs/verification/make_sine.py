"""Write data/sine.csv: expected arrivals per minute of 4 + 2.5 sin(2 pi t / 480) a minute, 0 <= t <= 480.

Usage: python configs/verification/make_sine.py
Each row is the exact integral over its minute, so that only the place inside the minute is coarse.
"""

from __future__ import annotations

import math
from pathlib import Path

LEVEL, SWING, PERIOD = 4.0, 2.5, 480  # per minute, per minute, minutes
TARGET = Path(__file__).parent / "data" / "sine.csv"


def integral(begin: float, end: float) -> float:
    """Expected arrivals in [begin, end), minutes since the start."""
    turn = 2 * math.pi / PERIOD
    return LEVEL * (end - begin) + SWING * (math.cos(turn * begin) - math.cos(turn * end)) / turn


def rows() -> list[str]:
    """The lines of the file, without line ends."""
    lines = ["start,offered"]
    for minute in range(PERIOD):
        lines.append(f"2026-01-05 {minute // 60:02d}:{minute % 60:02d},{integral(minute, minute + 1):.12g}")
    return lines


if __name__ == "__main__":
    TARGET.write_text("\n".join(rows()) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {PERIOD} rows")
