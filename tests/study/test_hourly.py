"""Factors of the hour as means over intervals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from measure.journals import scenario

from supportsim.scenario.model import Calendar, Hourly
from supportsim.scenario.ticks import HOUR, MINUTE
from supportsim.scenario.timeline import Timeline
from supportsim.study.hourly import Factors, factors

WINDOW = Hourly((0, 1), 9 * HOUR, 10 * HOUR, work=1.2, patience=0.5, resolves=0.9)


def found(*windows: Hourly, zone: str = "UTC", edges: tuple[int, ...] = ()) -> Factors:
    """Of phone in a week from Monday, 2 March 2026, by hours of its first day unless `edges` say otherwise."""
    phone = replace(scenario().channels[0], by_hour=windows, hours=Calendar("open", ((),) * 7, zone=zone, always=True))
    return factors(phone, Timeline(scenario(7).times), edges or tuple(h * HOUR for h in range(25)))


def test_without_windows_every_factor_is_one() -> None:
    assert found() == Factors(*((1.0,) * 24,) * 3)


def test_a_window_holds_in_its_hours_of_its_days() -> None:
    first = found(WINDOW)
    assert [first.work[h] for h in (8, 9, 10)] == pytest.approx([1, 1.2, 1])
    assert [first.patience[9], first.resolves[9]] == pytest.approx([0.5, 0.9])
    tuesday, wednesday = (tuple((d * 24 + h) * HOUR for h in (9, 10)) for d in (1, 2))
    assert found(WINDOW, edges=tuesday).work == pytest.approx((1.2,))
    assert found(WINDOW, edges=wednesday).work == (1.0,)


def test_a_window_that_covers_part_of_an_interval_counts_for_its_share() -> None:
    edges = (8 * HOUR + 45 * MINUTE, 9 * HOUR + 45 * MINUTE, 11 * HOUR)
    assert found(WINDOW, edges=edges).work == pytest.approx((1 + 0.2 * 0.75, 1 + 0.2 * 0.2))
    later = replace(WINDOW, begin=10 * HOUR, end=11 * HOUR, work=2.0)
    assert found(WINDOW, later, edges=edges).work == pytest.approx((1.15, 1 + 0.2 * 0.2 + 0.8))


def test_the_hours_are_those_of_the_channel() -> None:
    assert [h for h, factor in enumerate(found(WINDOW, zone="Asia/Tokyo").work) if factor != 1] == [0]
    assert [h for h, factor in enumerate(found(WINDOW, zone="America/New_York").work) if factor != 1] == [14]
