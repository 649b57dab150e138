"""Rosters resized by work: whole people, near to the factor, nobody's desk deserted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supportsim
from supportsim.study.resize import resized, same_roster, scaled

DESK = """
name: desk
start: 2026-03-02
length: 1 day
channels: {phone: {kind: live, handle_time: 5 min, patience: never}}
demand: {calls: {channel: phone, rate: 20/h}}
teams:
  early: {serves: [phone], shifts: {one: {days: mon, hours: 08:00-12:00, agents: 5}, two: {days: mon, hours: 12:00-16:00, agents: 5}}}
  steady: {serves: [phone], agents: 4}
"""  # noqa: E501


def test_by_hand() -> None:
    # 0.85 of 7 and 4 is 5.95 and 3.4, of 11 is 9.35: nine, of which the remainders .95 gets one more than 5
    assert scaled([7, 4], 0.85) == [6, 3]
    # halves go up: 5 and 5 by 0.9 are 4.5 and 4.5, nine in all, and the tie goes to the first
    assert scaled([5, 5], 0.9) == [5, 4]
    assert scaled([1, 1], 0.2) == [1, 1]  # nobody's shift is emptied
    assert scaled([0, 3], 2.0) == [0, 6]
    assert scaled([], 2.0) == []


@given(st.lists(st.integers(0, 60), max_size=8), st.floats(0, 3))
def test_near_to_the_factor(numbers: list[int], factor: float) -> None:
    found = scaled(numbers, factor)
    assert all(abs(n - was * factor) < 1 + 1e-6 or n == 1 for n, was in zip(found, numbers, strict=True))
    assert all((n > 0) == (was > 0 and n > 0) for n, was in zip(found, numbers, strict=True))
    if all(n * factor >= 1 for n in numbers):
        assert abs(sum(found) - sum(numbers) * factor) <= 0.5 + 1e-6


def test_every_kind_of_team() -> None:
    desk = supportsim.load_text(DESK)
    found = resized(desk, {"early": 0.9, "steady": 1.5})
    assert [shift.agents for shift in found.teams[0].shifts] == [5, 4]
    assert found.teams[1].agents == 6
    curve = replace(desk.teams[1], agents=None, heads=((0, 3), (60, 0), (120, 4)))
    with_heads = replace(desk, teams=(desk.teams[0], curve))
    assert resized(with_heads, {"steady": 0.5}).teams[1].heads == ((0, 2), (60, 0), (120, 2))


def test_a_factor_near_one_changes_nobody_and_says_so() -> None:
    desk = supportsim.load_text(DESK)
    assert resized(desk, {"early": 1.02, "steady": 0.97}) is desk


def test_what_is_no_factor_is_refused() -> None:
    desk = supportsim.load_text(DESK)
    for wrong in (-0.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="factor of team early"):
            resized(desk, {"early": wrong})


def test_the_roster_is_people_hours_and_pay_not_what_they_do() -> None:
    desk = supportsim.load_text(DESK)
    same = supportsim.load_text(DESK.replace("rate: 20/h", "rate: 25/h"))
    more = supportsim.load_text(DESK, changes={"teams.steady.agents": "5"})
    dearer = supportsim.load_text(DESK, changes={"teams.steady.wage": "20/h"})
    assert same_roster(desk, same)
    assert not same_roster(desk, more)
    assert not same_roster(desk, dearer)
