"""`make demo`: a software company's desk in four ways, on the same customers, side by side."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from supportsim.show.progress import say

FOLDER = Path(__file__).resolve().parents[2] / "configs" / "saas"
OPTIONS = ("today.yaml", "premium_first.yaml", "reserved.yaml", "tickets_only.yaml")
REPLICATIONS, SEED = 12, 1
RESULTS = "results/demo"


def main() -> int:
    """Play the options and print what comes out; returns the exit code."""
    from supportsim.scenario.load import load
    from supportsim.show.comparing import side_by_side

    begun = time.monotonic()
    found = side_by_side(
        [load(FOLDER / name) for name in OPTIONS], REPLICATIONS, SEED, jobs="auto", output=RESULTS, overwrite=True,
        metrics=(), resize=True, figures=True, as_json=False, engine="auto", keep_journal=True,
    )  # fmt: skip
    if not found.complete:
        return 130
    say(f"done in {time.monotonic() - begun:.0f} s; try: .venv/bin/supportsim check configs/saas/today.yaml")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
