"""The share still waiting with those who left censored, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportsim.measure.booking_contacts import class_of
from supportsim.measure.classes import WaitClasses
from supportsim.measure.survival import POINTS, at_points, kind_of
from supportsim.scenario.ticks import SECOND, YEAR
from supportsim.study.survival import Survival, survival, thinned


def classes(*groups: dict[int, int]) -> WaitClasses:
    """One queue from waits in seconds: answered, abandoned, others, still waiting."""
    kinds = sorted({class_of(wait * SECOND) for group in groups for wait in group})
    counts = np.zeros((1, 4, len(kinds)), dtype=np.int64)
    for i, group in enumerate(groups):
        for wait, number in group.items():
            counts[0, i, kinds.index(class_of(wait * SECOND))] = number
    return WaitClasses(np.array(kinds), counts)


def curve(*groups: dict[int, int]) -> Survival:
    found = survival(classes(*groups), np.array([True]))
    assert found is not None
    return found


def test_who_left_is_at_risk_until_then_and_no_answer() -> None:
    """Ten: 4 answered at once, one leaves after 10 s, 2 answered and one leaves after 20 s, 1 still waits after 60 s.

    At 20 s 5 are at risk, 2 of whom are answered; at 30 s the last but one of 2.
    """
    found = curve({0: 4, 20: 2, 30: 1}, {10: 1, 20: 1}, {}, {60: 1})
    assert found.at_risk.tolist() == [10, 6, 5, 2, 1]
    assert found.waiting.tolist() == pytest.approx([0.6, 0.6, 0.6 * 3 / 5, 0.6 * 3 / 5 / 2, 0.18])
    assert (found.at_once, found.gone) == (0.4, 0.3)
    assert found.after(0) == 0.6
    assert found.after(19) == 0.6
    assert found.after(20.1) == pytest.approx(0.36)
    assert found.reaches(0.5) == pytest.approx(20, rel=1e-3)
    assert math.isinf(found.reaches(0.1))


def test_without_leaving_it_is_one_less_the_share_answered() -> None:
    found = curve({0: 5, 10: 3, 40: 2}, {}, {}, {})
    assert found.waiting.tolist() == pytest.approx([0.5, 0.2, 0.0])
    assert found.gone == 0


def test_nobody_gives_no_curve_and_other_queues_are_left_out() -> None:
    one = classes({0: 1}, {}, {}, {})
    assert survival(one, np.array([False])) is None
    two = WaitClasses(one.kinds, np.concatenate([one.counts, 9 * one.counts]))
    found = survival(two, np.array([False, True]))
    assert found is not None
    assert found.at_risk.tolist() == [9]


def test_a_thinned_curve_keeps_its_first_and_last_point_and_every_step() -> None:
    found = curve(dict.fromkeys(range(2000), 1), {}, {}, {})
    rows = thinned(found)
    assert rows[0] == 0
    assert rows[-1] == len(found.wait) - 1
    assert len(rows) < 700
    assert np.abs(np.diff(found.waiting[rows])).max() < 0.003


def test_each_replication_keeps_the_share_at_fixed_waits() -> None:
    found = at_points(classes({0: 4, 20: 2, 30: 1}, {10: 1, 20: 1}, {}, {60: 1}), [np.array([0])])
    at = dict(zip((point / SECOND for point in POINTS), found[0].tolist(), strict=True))
    assert at[0] == 0.6
    assert at[10.0] == 0.6
    assert at[1000.0] == pytest.approx(0.18)
    assert np.isnan(at_points(classes({0: 1}, {}, {}, {}), [np.array([], dtype=np.int64)])).all()


@given(st.integers(0, 100 * YEAR))
def test_a_class_is_found_without_the_compiler(wait: int) -> None:
    assert kind_of(wait) == class_of(wait)
