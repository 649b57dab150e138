"""Absence and blocks off the desk belong to the person and the date."""

from __future__ import annotations

import dataclasses
import statistics

import numpy as np
import pytest

from supportsim.demand import fates
from supportsim.engine import days as days_module
from supportsim.engine import desk, due, journey, kernel, leaving, presence
from supportsim.engine.audit import audit
from supportsim.engine.days import Days, furthest, plan_days
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES, SPANS
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.scenario.load import load_text
from supportsim.scenario.model import Scenario
from supportsim.scenario.policies import POLICIES, Policy
from supportsim.scenario.ticks import HOUR, NEVER

TEXT = """
name: desk
start: 2026-03-02
length: 4 weeks
timezone: Europe/London
channels: {phone: {kind: live, handle_time: 5 min}}
demand: {calls: {channel: phone, rate: 1/h}}
teams:
  desk:
    serves: [phone]
    shrinkage: {absence: ABSENCE, off_desk: OFF in 30 min blocks}
    shifts:
      early: {days: mon-fri, hours: 08:00-16:30, agents: 12, breaks: [30 min unpaid between 11:30 and 13:30]}
      late:  {days: mon-fri, hours: 12:00-20:00, agents: 8}
"""


def desk_with(absence: str = "20%", off: str = "10%", text: str = TEXT) -> Scenario:
    return load_text(text.replace("ABSENCE", absence).replace("OFF", off))


def days_of(scenario: Scenario, replication: int = 1) -> tuple[Layout, Days]:
    layout = Layout(scenario)
    return layout, plan_days(layout, fates.world(1, replication))


def absences(scenario: Scenario) -> set[tuple[str, int]]:
    layout, days = days_of(scenario)
    return {(layout.agents[agent].name, day.begin) for agent, day in days.absences}


def blocks(scenario: Scenario) -> dict[tuple[str, int], set[int]]:
    layout, days = days_of(scenario)
    block = SPANS.index("block")
    return {
        (layout.agents[agent].name, day.begin): {
            int(rest["due"]) for rest in days.rests[day.rests_from : day.rests_to] if rest["what"] == block
        }
        for agent, own in enumerate(days.by_agent)
        for day in own
    }


def test_the_stated_share_is_absent() -> None:
    scenario = desk_with("20%", "0%", TEXT.replace("agents: 12", "agents: 400"))
    layout, days = days_of(scenario)
    total = len(layout.shifts)
    sd = (0.2 * 0.8 * total) ** 0.5
    assert abs(len(days.absences) - 0.2 * total) < 4.5 * sd


def test_the_stated_share_of_the_shift_is_off_the_desk_on_average() -> None:
    scenario = desk_with("0%", "10%")
    taken = [len(found) * 0.5 for (name, _), found in blocks(scenario).items() if "early" in name]
    spread = statistics.stdev(taken) / len(taken) ** 0.5
    assert abs(statistics.fmean(taken) - 0.1 * 8.0) < 4.5 * spread  # 8.5 h less half an hour of break
    assert set(taken) == {0.5, 1.0}  # 1.6 blocks: one or two


def test_a_larger_share_contains_the_smaller() -> None:
    assert absences(desk_with("5%", "0%")) < absences(desk_with("15%", "0%")) < absences(desk_with("40%", "0%"))
    few, many = blocks(desk_with("0%", "8%")), blocks(desk_with("0%", "23%"))
    assert all(few[day] <= many[day] for day in few)
    assert few != many


def test_other_people_teams_and_orders_change_nobodys_days() -> None:
    base = desk_with()
    more = desk_with(text=TEXT.replace("agents: 12", "agents: 14"))
    early = TEXT.split("      early")[1].split("      late")[0]
    turned = TEXT.replace("      early" + early, "").rstrip() + "\n      early" + early
    other = TEXT + (
        "  second: {serves: [phone], shrinkage: {absence: 50%}, "
        "shifts: {x: {days: mon, hours: 09:00-10:00, agents: 3}}}\n"
    )
    names = {agent.name for agent in Layout(base).agents}
    for changed in (more, desk_with(text=turned), desk_with(text=other)):
        assert {a for a in absences(changed) if a[0] in names} == absences(base)
    for changed in (desk_with(text=turned), desk_with(text=other)):
        assert {k: v for k, v in blocks(changed).items() if k[0] in names} == blocks(base)
    # with two more in a line its breaks are spread anew, and with them the slots; those of the other line stay
    late = {k: v for k, v in blocks(base).items() if "late" in k[0]}
    assert {k: v for k, v in blocks(more).items() if "late" in k[0]} == late


def test_absence_is_decided_day_by_day_where_shifts_touch() -> None:
    text = TEXT.replace("mon-fri, hours: 08:00-16:30", "mon-sun, hours: 00:00-24:00").replace(
        ", breaks: [30 min unpaid between 11:30 and 13:30]", ""
    )
    layout, days = days_of(desk_with("50%", "0%", text))
    early = [i for i, agent in enumerate(layout.agents) if "early" in agent.name]
    away = {i: sum((d.end - d.begin) // HOUR for a, d in days.absences if a == i) for i in early}
    there = {i: sum((d.end - d.begin) // HOUR for d in days.by_agent[i]) for i in early}
    assert all(away[i] + there[i] == 28 * 24 - 1 for i in early)  # the clocks go forward on 29 March
    assert all(0 < away[i] < 28 * 24 - 1 for i in early)


def test_a_day_that_outlasts_later_ones_ends_last() -> None:
    agent, end = np.array([0, 0, 0, 0, 1, 1]), np.array([9, 4, 6, 12, 5, 3])
    assert furthest(agent, end).tolist() == [9, 9, 9, 12, 5, 5]
    assert end.tolist() == [9, 4, 6, 12, 5, 3]
    assert furthest(agent[:0], end[:0]).tolist() == []


def test_breaks_of_two_shifts_that_meet_are_taken_one_after_the_other() -> None:
    """The night the clocks go forward 02:30 comes at 03:30: the break of 02:00 falls into the next shift's first."""
    scenario = load_text("""
name: day_and_night
start: 2026-03-28
length: 3 days
timezone: Europe/Berlin
channels: {phone: {kind: live, handle_time: 1 min}}
demand: {calls: {channel: phone, rate: 60/h}}
teams:
  desk:
    serves: [phone]
    shrinkage: {absence: 10%}
    shifts:
      all:
        {days: mon-sun, hours: "02:45-02:30", agents: 4, breaks: ["30 min unpaid at 02:00", "30 min paid at 02:45"]}
""")
    layout, days = days_of(scenario)
    joined = [day for own in days.by_agent for day in own if day.end - day.begin > 24 * HOUR]
    assert joined
    for day in joined:
        rests = days.rests[day.rests_from : day.rests_to]
        assert (rests["due"][1:] >= rests["due"][:-1] + rests["length"][:-1]).all()
    journal = play(layout, 1, 1)
    assert audit(journal, scenario) == []
    assert kernel.play(Layout(scenario), 1, 1).xxh128() == journal.xxh128()


def test_blocks_are_the_same_however_many_are_drawn_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = blocks(desk_with("10%", "23%"))
    monkeypatch.setattr(days_module, "AT_A_TIME", 40)
    assert blocks(desk_with("10%", "23%")) == at_once


def test_blocks_fall_neither_on_breaks_nor_outside_the_shift() -> None:
    _, days = days_of(desk_with("0%", "60%"))
    for own in days.by_agent:
        for day in own:
            rests = days.rests[day.rests_from : day.rests_to]
            ends = [day.begin, *(int(r["due"] + r["length"]) for r in rests)]
            begins = [*(int(r["due"]) for r in rests), day.end]
            assert all(end <= begin for end, begin in zip(ends, begins, strict=True))


def test_a_policy_is_one_entry_in_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Last class first: nothing but the table knows the new name."""
    text = """
name: order
start: 2026-03-02
length: 2 h
timezone: UTC
segments: {gold: {}, silver: {}}
channels: {phone: {kind: live, handle_time: 10 min}}
demand:
  gold:   {segment: gold, channel: phone, rate: 12/h}
  silver: {segment: silver, channel: phone, rate: 12/h}
teams: {one: {serves: [phone], agents: 1}}
"""
    monkeypatch.setitem(POLICIES, "last_first", Policy(lambda place, priority_class, figure_class: -priority_class))
    scenario = load_text(text)
    started = {}
    for policy in ("priority", "last_first"):
        journal = play(Layout(dataclasses.replace(scenario, policy=policy)), 1, 1)
        served = journal.contacts[journal.contacts["answered"] < NEVER]
        started[policy] = (journal.issues["segment"][served["issue"]] == 0).mean()
    assert started["priority"] > 0.9 > 0.1 > started["last_first"]


def test_the_codes_of_the_rules_are_the_names_of_the_journal() -> None:
    named = {
        OUTCOMES: {"SOLVED": journey.SOLVED, "UNRESOLVED": journey.UNRESOLVED, "CLOSED": journey.CLOSED,
                   "ABANDONED": desk.ABANDONED, "BUSY": desk.BUSY, "DISCONNECTED": desk.DISCONNECTED,
                   "WITHDREW": desk.WITHDREW, "TIMED_OUT": desk.TIMED_OUT},
        ISSUE_STATES: {"SOLVED": journey.SOLVED_ISSUE, "GAVE_UP": journey.GAVE_UP, "UNSERVED": journey.UNSERVED,
                       "CUT": journey.CUT, "UNASKED": journey.UNASKED, "GONE": journey.GONE},
        CONTACT_KINDS: {"FIRST": journey.FIRST, "REDIAL": journey.REDIAL, "SWITCH": journey.SWITCH,
                        "REPEAT": journey.REPEAT, "FILLER": journey.FILLED},
        ENDINGS: {"WORKED": desk.WORKED, "PUT_DOWN": desk.PUT_DOWN, "ABANDONED": desk.GAVE_UP,
                  "DISCONNECTED": desk.LINE_CUT, "WITHDREW": desk.TAKEN_BACK, "INTERRUPTED": desk.INTERRUPTED,
                  "TIMED_OUT": desk.WAITED_TOO_LONG},
        SPANS: {"ABSENT": presence.ABSENT, "AVAILABLE": presence.AVAILABLE, "BREAK_DUE": presence.BREAK_DUE,
                "OVERTIME": presence.OVERTIME, "BREAK_LOST": presence.BREAK_LOST},
    }  # fmt: skip
    for names, codes in named.items():
        for name, code in codes.items():
            assert names[code] == name.lower()
    assert desk.CLOSED == journey.CLOSED == leaving.CLOSED
    assert (leaving.STATE_SOLVED, leaving.STATE_GAVE_UP) == (journey.SOLVED_ISSUE, journey.GAVE_UP)
    assert (leaving.STATE_UNSERVED, leaving.STATE_UNASKED) == (journey.UNSERVED, journey.UNASKED)
    assert (leaving.REPLIED, leaving.SWITCH) == (journey.UNRESOLVED, journey.SWITCH)
    assert (leaving.ABANDONED, leaving.BUSY, leaving.WITHDREW) == (desk.ABANDONED, desk.BUSY, desk.WITHDREW)
    assert (due.SOLVED, due.UNRESOLVED, due.FILLED) == (journey.SOLVED, journey.UNRESOLVED, journey.FILLED)
    assert len(OUTCOMES) == journey.OUTCOMES
