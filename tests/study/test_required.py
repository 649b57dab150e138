"""Requirements of many intervals at once against the formulas one at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from supportsim.study.erlang import agents_for
from supportsim.study.required import agents


@pytest.mark.parametrize("patience", [math.inf, 360.0, 30.0, 3600.0])
@pytest.mark.parametrize(("level", "within"), [(0.8, 20.0), (0.95, 60.0), (0.5, 0.0)])
def test_all_at_once_is_one_at_a_time(level: float, within: float, patience: float) -> None:
    random = np.random.default_rng(5)
    rate, service = random.uniform(0.0005, 0.12, 12), random.uniform(60, 900, 12)
    found = agents(rate, service, level, within, patience)
    one = None if math.isinf(patience) else patience
    assert found.tolist() == [agents_for(r, s, level, within, one) for r, s in zip(rate, service, strict=True)]


def test_nothing_that_comes_needs_nobody_and_certainty_cannot_be_had() -> None:
    rate, service = np.array([0.0, 0.1]), np.array([100.0, 100.0])
    assert agents(rate, service, 0.8, 20.0)[0] == 0
    assert math.isnan(agents(rate, service, 1.0, 20.0)[1])


def test_a_thousand_half_hours_are_answered_at_once() -> None:
    rate = np.linspace(0.01, 1.0, 1000)
    found = agents(rate, np.full(1000, 300.0), 0.8, 20.0, 360.0)
    assert (np.diff(found) >= 0).all()
    assert found[-1] < 310


def test_one_interval_of_too_much_work_leaves_the_others_their_number() -> None:
    rate, service = np.array([0.1, 1000.0, 0.2]), np.array([300.0, 86400.0, 300.0])
    found = agents(rate, service, 0.8, 20.0)
    assert math.isnan(found[1])
    assert [found[0], found[2]] == [agents_for(0.1, 300, 0.8, 20), agents_for(0.2, 300, 0.8, 20)]
