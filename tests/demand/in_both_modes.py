"""Prints, as JSON, numbers that must be the same in machine code and in plain Python (SUPPORTSIM_PLAIN=1)."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import numpy as np
from demand_desk import issues, scenario, steady, times
from law_examples import EXAMPLES

from supportsim.demand import fates, laws
from supportsim.demand.logarithm import logarithm
from supportsim.demand.points import bucket
from supportsim.scenario.model import Backlog, Busyness, Segment, Stream


def hashed() -> list[list[str]]:
    world, thing = fates.world(7, 3), fates.entity("phone", 11)
    rows = []
    for n in range(200):
        word = int(fates.bits(world, thing + n, n, n % 20))
        uniform = float(fates.uniform(world, thing + n, n, n % 20))
        rows.append([f"{word:016x}", uniform.hex(), f"{int(fates.child(thing, n)):016x}"])
    return rows


def logarithms() -> list[str]:
    return [float(logarithm(float(u))).hex() for u in fates.uniforms(5, np.arange(500), 0, fates.TIE)]


def drawn() -> dict[str, list[int]]:
    table, knots = laws.tabulate(list(EXAMPLES.values()))
    world = fates.world(1, 1)
    uniforms = fates.uniforms(world, np.arange(50), 0, fates.WORK)
    return {name: [int(laws.draw(table, knots, i, float(u), 3e8)) for u in uniforms] for i, name in enumerate(EXAMPLES)}


def demanded() -> list[str]:
    backlog = Stream("old", "backlog", "named", "general", backlog=Backlog(9, 10**9))
    desk = scenario(
        steady("one", 3.0),
        steady("two", 1.5, volume=1.2, segment="named"),
        backlog,
        segments=(Segment("people", None), Segment("named", 50, joins_per_month=400)),
        busyness=Busyness(0.2, 0.5, "day", 0.1),
        times=times(date(2026, 3, 27), 4, "Europe/London", warm_up_days=1),
    )
    return [hashlib.sha256(issues(desk, 5, r).tobytes()).hexdigest() for r in range(2)]


if __name__ == "__main__":
    buckets = [int(bucket(int(fates.child(5, i)), 1 + i * 37)) for i in range(200)]
    found = {"hash": hashed(), "logarithms": logarithms(), "laws": drawn(), "demand": demanded(), "buckets": buckets}
    print(json.dumps(found))
