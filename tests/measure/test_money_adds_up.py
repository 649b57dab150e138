"""Money on generated scenarios: parts add up to the whole in whole micro-units, and prices do what prices should."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from engine.generator import made

from measure.prices import with_prices
from supportsim.engine.clocks import play
from supportsim.engine.journal import Journal
from supportsim.engine.layout import Layout
from supportsim.measure.money import KINDS, PARTS
from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario.load import load_text
from supportsim.scenario.model import Scenario

NUMBERS = range(200, 260)
CALLS = """
start: 2026-03-02
length: 1 week
channels:
  phone: {kind: live, handle_time: 5 min, wrap_up: 1 min, patience: 4 min}
  chat: {kind: live, concurrency: 3, handle_time: 9 min, patience: 4 min}
  mail: {kind: deferred, handle_time: 8 min}
segments: {gold: {}, free: {}}
demand:
  calls: {segment: gold, channel: phone, rate: {08:00-20:00: 14/h}}
  chats: {segment: free, channel: chat, rate: {08:00-20:00: 16/h}}
  mails: {segment: free, channel: mail, rate: {00:00-04:00: 3/h}}
teams:
  desk:
    serves: [phone, chat]
    shifts: {day: {days: mon-sun, hours: 08:00-20:00, agents: 5, breaks: [30 min unpaid at 12:00]}}
    wage: 24/h
    overtime: x 1.5
    shrinkage: {leave: 20%}
  writers: {serves: [mail], shifts: {night: {days: mon-sun, hours: 22:00-06:00, agents: 1}}, wage: 30/h}
"""
SPARE = "  spare: {serves: [phone], shifts: {day: {days: mon-fri, hours: 09:00-17:30, agents: 2}}, wage: 21/h}"


def costs(scenario: Scenario, journal: Journal) -> tuple[dict[tuple[str, str], int], np.ndarray]:
    """Micro-units by line, and as allocated."""
    yardstick = Yardstick(scenario)
    found = measured(journal, yardstick)
    return dict(zip(yardstick.ledger.lines, found.lines.tolist(), strict=True)), found.allocated


@lru_cache(maxsize=len(NUMBERS))
def booked(number: int) -> tuple[Yardstick, Measured]:
    yardstick = Yardstick(with_prices(made(number), number))
    return yardstick, measured(play(Layout(yardstick.scenario), 1, number), yardstick)


@pytest.mark.parametrize("number", NUMBERS)
def test_segments_filler_and_unallocated_are_the_company_exactly(number: int) -> None:
    yardstick, found = booked(number)
    by_kind = Counter[str]()
    for (kind, _), amount in zip(yardstick.ledger.lines, found.lines.tolist(), strict=True):
        by_kind[kind if kind in PARTS else "agents"] += amount
    assert found.allocated.dtype == found.lines.dtype == np.int64
    assert found.allocated.min() >= 0
    assert found.allocated.sum(axis=0).tolist() == [by_kind[part] for part in PARTS]
    assert found.allocated.sum() == found.lines.sum()


@pytest.mark.parametrize("number", NUMBERS)
def test_days_add_up_to_the_cost_but_for_the_rounding_of_rows(number: int) -> None:
    yardstick, found = booked(number)
    days = found.daily[yardstick.daily_keys.index(("all", "cost"))]
    assert days.sum() == pytest.approx(found.lines.sum() / 1e6, abs=1e-4)


@pytest.mark.parametrize("number", NUMBERS)
def test_rows_say_in_currency_what_the_lines_say(number: int) -> None:
    yardstick, found = booked(number)

    def value(selector: str, measure: str) -> int:
        return round(float(found.rows[yardstick.places[selector, measure], 2]) * 1_000_000)

    lines = dict(zip(yardstick.ledger.lines, found.lines.tolist(), strict=True))
    assert all(value(of, kind) == amount for (kind, of), amount in lines.items() if kind != "penalty_lost" or amount)
    for kind in ("pay", "overtime_pay", "seats", "channel_cost"):
        assert value("all", kind) == sum(amount for line, amount in lines.items() if line[0] == kind)
    assert value("all", "cost") == found.lines.sum()
    whole = found.allocated.sum(axis=1).tolist()
    assert [value(s.name, "allocated_cost") for s in yardstick.scenario.segments] == whole[:-2]
    assert [value("all", f"{who}_cost") for who in ("filler", "unallocated")] == whole[-2:]


def test_generated_scenarios_have_costs_of_every_kind() -> None:
    kinds, parts, many = Counter[str](), np.zeros((3, len(PARTS)), dtype=np.int64), 0
    for number in NUMBERS:
        yardstick, found = booked(number)
        for (kind, _), amount in zip(yardstick.ledger.lines, found.lines.tolist(), strict=True):
            kinds[kind] += amount > 0
        whole = found.allocated
        parts += np.array([whole[:-2].sum(axis=0), whole[-2], whole[-1]]) > 0
        many += any(channel.concurrency > 1 for channel in yardstick.scenario.channels)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 5
    assert many >= 10
    assert parts[0, :4].min() >= 5  # agents, contacts, penalties, lost contacts of segments
    assert parts[1, 0] >= 3  # filler
    assert parts[2, [0, 1, 4]].min() >= 5  # idle time, months, credits


# ---------------- what follows from what


@pytest.fixture(scope="module")
def calls() -> tuple[Scenario, Journal]:
    scenario = load_text(CALLS)
    return scenario, play(Layout(scenario), 1, 1)


def test_twice_the_wage_is_twice_the_pay_exactly(calls: tuple[Scenario, Journal]) -> None:
    scenario, journal = calls
    twice = tuple(replace(team, wage_per_hour=2 * team.wage_per_hour) for team in scenario.teams)
    (before, whose), (after, whose_after) = costs(scenario, journal), costs(replace(scenario, teams=twice), journal)
    assert before["pay", "desk"] == 7 * (12 - 0.5) * 5 * 30 * 1_000_000
    for team in ("desk", "writers"):  # shifts of whole minutes cost whole micro-units
        assert after["pay", team] == 2 * before["pay", team] > 0
    late = after["overtime_pay", "desk"], 2 * before["overtime_pay", "desk"]
    assert late[1] > 0
    assert abs(late[0] - late[1]) <= 35  # agent-shifts, each rounded to the micro-unit
    assert np.abs(whose_after - 2 * whose).max() <= 35


def test_prices_change_nothing_that_happens(calls: tuple[Scenario, Journal]) -> None:
    scenario, journal = calls
    assert play(Layout(with_prices(scenario)), 1, 1).xxh128() == journal.xxh128()


def test_an_idle_team_adds_exactly_its_pay_to_what_is_unallocated(calls: tuple[Scenario, Journal]) -> None:
    scenario, journal = calls
    more = load_text(CALLS + SPARE + "\nrouting: {teams: {phone: [desk, spare after 10 h]}}")
    (before, whose), (after, whose_after) = costs(scenario, journal), costs(more, play(Layout(more), 1, 1))
    idle = after["pay", "spare"]
    assert idle == 5 * 2 * 8.5 * 21 * 1_000_000
    assert {line: amount for line, amount in after.items() if line[1] != "spare"} == before
    assert (whose_after - whose).tolist() == [[0] * 5] * 3 + [[idle, 0, 0, 0, 0]]


def test_who_works_as_another_team_costs_his_own(calls: tuple[Scenario, Journal]) -> None:
    help_out = "activities: {help: {days: mon-sun, hours: 08:00-20:00, agents: 5, works_as: others}}"
    lent = CALLS.replace("    wage: 24/h", f"    {help_out}\n    wage: 24/h")
    others = "  others: {serves: [phone, chat], agents: 0, wage: 99/h}"
    scenario = load_text(lent.replace("  writers:", f"{others}\n  writers:"))
    found, whose = costs(scenario, play(Layout(scenario), 1, 1))
    assert found["pay", "others"] == found["overtime_pay", "others"] == 0
    assert found["pay", "desk"] == costs(*calls)[0]["pay", "desk"]
    assert whose[:2, 0].min() > 0


def test_three_chats_at_once_cost_no_more_than_the_time_they_took(calls: tuple[Scenario, Journal]) -> None:
    scenario, journal = calls
    _, whose = costs(scenario, journal)
    yardstick = Yardstick(scenario)
    found = measured(journal, yardstick)
    busy = found.rows[yardstick.places["desk", "busy_agents"], 0] * 24  # agent-hours at 24
    overtime = found.rows[yardstick.places["desk", "overtime_pay"], 2] / 3  # 8 of 24 on top, if all of it is work
    mails = found.rows[yardstick.places["writers", "busy_agents"], 0] * 30
    assert whose[:2, 0].sum() / 1e6 == pytest.approx(busy + mails + overtime, rel=1e-6)
