"""Write data/w2.csv: the expected contacts of W2 by weekday, half-hour, channel and segment.

Usage: python benchmarks/make_w2.py
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

DAYS = {"mon": 1.15, "tue": 1.05, "wed": 1.0, "thu": 1.0, "fri": 0.95, "sat": 0.45, "sun": 0.40}
PEAK = {"phone": 14.2, "chat": 8.7, "email": 5.4}  # contacts a minute
FLOOR = {"phone": 0.05, "chat": 0.10, "email": 0.30}  # share of the peak that comes at any hour
SHARES = {
    "phone": {"premium": 0.30, "standard": 0.50, "free": 0.20},
    "chat": {"premium": 0.15, "standard": 0.35, "free": 0.50},
    "email": {"premium": 0.10, "standard": 0.35, "free": 0.55},
}


def shape(slot: int) -> float:
    """Share of the peak in a half-hour: a squared sine from 6 to 22 h."""
    hour = slot / 2 + 0.25
    return math.sin(math.pi * (hour - 6) / 16) ** 2 if 6 < hour < 22 else 0.0


def main() -> None:
    target = Path(__file__).parent / "data" / "w2.csv"
    with target.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["day", "start", "offered", "channel", "segment"])
        for day, weight in DAYS.items():
            for slot in range(48):
                for channel, shares in SHARES.items():
                    level = FLOOR[channel] + (1 - FLOOR[channel]) * shape(slot)
                    for segment, share in shares.items():
                        offered = 30 * PEAK[channel] * share * weight * level
                        start = f"{slot // 2:02d}:{slot % 2 * 30:02d}"
                        rows.writerow([day, start, repr(offered), channel, segment])


if __name__ == "__main__":
    main()
