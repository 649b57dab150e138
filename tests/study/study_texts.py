"""A small study, and a player of it that needs no engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from supportsim.measure.causes import Causes
from supportsim.measure.classes import WaitCounts
from supportsim.measure.replication import Measured, Yardstick
from supportsim.scenario.model import Scenario

DESK = """
name: small-desk
start: 2026-03-02
length: 4 h
timezone: UTC
currency: EUR
channels: {phone: {kind: live, handle_time: {exponential: {mean: 5 min}}, patience: {exponential: {mean: 3 min}}}}
demand: {calls: {channel: phone, rate: 30/h}}
teams: {frontline: {serves: [phone], agents: 3, wage: 20/h}}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: all}}
"""
STUDY = """
name: small
question: How many people?
base: desk.yaml
seed: 7
replications: 6
factors:
  load: {stated: {}, high: {demand.calls.volume: x 1.2}}
  people: {three: {}, four: {teams.frontline.agents: 3 -> 4}}
metrics: [fast.kept_share, all.wait_mean, frontline.occupancy]
compare: {within: load, against: {people: three}}
"""
POINTS = ("stated/three", "stated/four", "high/three", "high/four")


def written(folder: Path, study: str = STUDY, desk: str = DESK) -> Path:
    """Both files in a folder; returns the study."""
    (folder / "desk.yaml").write_text(desk, encoding="utf-8")
    file = folder / "study.yaml"
    file.write_text(study, encoding="utf-8")
    return file


class Made:
    """Every value of replication k is a number made of k and the scenario's first volume; nothing is played."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)
        self.volume, self.seed = scenario.streams[0].volume, seed

    def __call__(self, replication: int) -> Measured:
        keys, daily = len(self.yardstick.keys), len(self.yardstick.daily_keys)
        value = self.volume * (1 + (replication * 7 + self.seed) % 11)
        rows = np.full((keys, 3), value)
        days = np.full((daily, len(self.yardstick.grid.dates)), value)
        empty, none, whole = np.zeros(0), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
        return Measured(
            replication, rows, days, (), none, none, empty, empty, empty, empty, whole, lines=whole, allocated=whole,
            journal_xxh128="", wait_counts=WaitCounts(whole, whole), still_waiting=empty, ages=whole, waiting=none,
            eldest=np.zeros(0, dtype=np.float32), causes=Causes(*(whole,) * len(Causes._fields)),
        )  # fmt: skip


class Faulty(Made):
    """Raises at replication 2 of a scenario with more volume."""

    def __call__(self, replication: int) -> Measured:
        if replication == 2 and self.volume > 1:
            raise ArithmeticError("two is odd today")
        return super().__call__(replication)


class Hopeless(Made):
    """Raises always."""

    def __call__(self, replication: int) -> Measured:
        raise ArithmeticError(f"{replication} is odd today")
