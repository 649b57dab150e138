"""Longer evidence, run by `make verify`: thousands of nasty scenarios instead of hundreds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supportsim.engine.audit import audit
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play

sys.path.insert(0, str(Path(__file__).parent))
from generator import made

SCENARIOS = range(100_000, 103_000)


@pytest.mark.slow
def test_the_audit_finds_nothing_in_three_thousand_nasty_scenarios() -> None:
    found = {}
    for number in SCENARIOS:
        scenario = made(number)
        if wrong := audit(play(Layout(scenario), 1, 1), scenario):
            found[number] = wrong[:3]
    assert not found
