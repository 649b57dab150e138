"""Whether intervals hold what they promise: how many of a thousand contain the mean of all.

The mean of all replications stands for the truth: with a thousand intervals its own error is a thirtieth of theirs.
The measured shares stand in docs/design.md.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

import supportsim
from supportsim.study.comparison import values
from supportsim.study.estimate import student
from supportsim.study.paired import paired
from supportsim.study.result import Result
from supportsim.study.run import run

DESK = """
name: desk
start: 2026-03-02
length: 8 h
channels:
  phone:
    kind: live
    handle_time: {lognormal: {mean: 5 min, cv: 1}}
    patience: {exponential: {mean: 2 min}}
demand: {calls: {channel: phone, rate: {00:00-03:00: 20/h, 03:00-08:00: 35/h}}}
busyness: {per_day: 10%}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: daily}}
teams: {desk: {serves: [phone], wage: 20/h, agents: 4}}
"""
SETS, N = 1000, 10
KEYS = (
    ("fast", "kept_share"), ("phone", "served_wait_mean"), ("phone", "wait_p95"), ("phone", "abandoned_share"),
    ("desk", "occupancy"), ("phone", "contacts"),
)  # fmt: skip
DESIGN = Path(__file__).parents[2] / "docs" / "design.md"


def played(agents: int) -> Result:
    return run(supportsim.load_text(DESK, changes={"teams.desk.agents": str(agents)}), SETS * N, seed=7, jobs="auto")


def held(columns: tuple[np.ndarray, ...]) -> float:
    """The share of sets whose interval contains the mean of all; of one column, or of the difference of two."""
    truth = float(np.nanmean(columns[-1] - columns[0] if len(columns) > 1 else columns[0]))
    found = 0
    for i in range(SETS):
        mine = [column[i * N : (i + 1) * N] for column in columns]
        estimate = paired(*mine).change if len(mine) > 1 else student(mine[0])
        found += estimate.low <= truth <= estimate.high
    return found / SETS


@pytest.mark.slow
def test_a_thousand_intervals_of_means_and_of_differences() -> None:
    """Four standard errors of a share of 95 % in a thousand are 2.8 points."""
    base, other = played(4), played(5)
    lines = []
    for key in KEYS:
        mine, theirs = values(base, key), values(other, key)
        alone, together = held((mine,)), held((mine, theirs))
        lines.append(f"| `{'.'.join(key)}` | {100 * alone:.1f} % | {100 * together:.1f} % |")
        assert abs(alone - 0.95) <= 4 * math.sqrt(0.95 * 0.05 / SETS), key
        if key != ("phone", "contacts"):
            assert abs(together - 0.95) <= 4 * math.sqrt(0.95 * 0.05 / SETS), key
        else:
            assert together == 1.0  # the same callers: no difference, and known exactly
    print("\n".join(lines))
    assert lines == re.findall(r"^\| `\w+\.\w+` \| [\d.]+ % \| [\d.]+ % \|$", DESIGN.read_text(encoding="utf-8"), re.M)
