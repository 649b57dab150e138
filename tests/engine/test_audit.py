"""The audit: silent about a day worked by hand, loud about every fault put into it, and at one with the engine."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from supportsim.engine.audit import audit
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES, SPANS, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import MINUTE, NEVER

from . import hand_day
from .generator import made, scenarios

Tables = dict[str, Any]
FEW, MANY = range(300), range(300, 1000)
#: Hundreds for every change, the others in `make verify`, where test_long.py has three thousand more.
SWEEPS = [FEW, pytest.param(MANY, marks=pytest.mark.slow)]
HOW, WHAT, OUTCOME = ENDINGS.index, SPANS.index, OUTCOMES.index


# ---------------------------------------------------------------- a day worked by hand


def test_a_day_worked_by_hand_is_clean() -> None:
    assert audit(hand_day.journal(), hand_day.scenario()) == []


def test_the_engine_plays_the_day_worked_by_hand() -> None:
    """Agent 4 is absent by a fate: the first seed that has it so."""
    scenario, wanted = hand_day.scenario(), hand_day.journal()
    layout = Layout(scenario)
    absent = [(4, WHAT("absent"), 2, 82 * MINUTE, 88 * MINUTE)]
    for seed in range(1, 60):
        played = play(layout, seed, 1)
        if played.presence[played.presence["what"] == WHAT("absent")].tolist() == absent:
            break
    else:
        pytest.fail("no seed has agent 4, and nobody else, absent")
    for name in ("issues", "contacts", "touches"):
        table = getattr(played, name)
        for column in set(table.dtype.names) - {"key"}:
            assert table[column].tolist() == getattr(wanted, name)[column].tolist(), (name, column)
    assert sorted(played.presence.tolist()) == sorted(wanted.presence.tolist())
    assert audit(played, scenario) == []


# ---------------------------------------------------------------- faults put into it

Fault = tuple[str, Callable[[Tables], Any]]
FAULTS: dict[str, Fault] = {}


def fault(rule: str) -> Callable[[Callable[[Tables], Any]], Callable[[Tables], Any]]:
    """Register a fault with the rule under which the audit has to speak of it."""

    def keep(edit: Callable[[Tables], Any]) -> Callable[[Tables], Any]:
        FAULTS[edit.__name__] = (rule, edit)
        return edit

    return keep


def put(tables: Tables, table: str, row: int, **values: int) -> None:
    """Write into a row; times in minutes."""
    times = {"asked", "ended", "created", "answered", "left", "joined", "entered", "started", "talk_ended",
             "remaining", "begin", "end", "patience"}  # fmt: skip
    for name, value in values.items():
        tables[table][name][row] = hand_day.ticks(value) if name in times else value


def without(tables: Tables, table: str, row: int) -> None:
    tables[table] = np.delete(tables[table], row)


def with_span(tables: Tables, agent: int, what: str, begin: int, end: int) -> None:
    team = (0, 1, 1, 2, 2)[agent]
    span = np.array([(agent, WHAT(what), team, begin * MINUTE, end * MINUTE)], tables["presence"].dtype)
    tables["presence"] = np.concatenate([tables["presence"], span])


@fault("joining order")
def two_agents_swapped(t: Tables) -> None:
    put(t, "touches", 6, agent=2)
    put(t, "touches", 7, agent=1)


@fault("joining order")
def not_the_longest_idle_agent(t: Tables) -> None:
    put(t, "touches", 11, agent=1)


@fault("joining order")
def not_the_one_with_fewest_in_hand(t: Tables) -> None:
    put(t, "touches", 7, agent=1, in_hand=2)


@fault("joining order")
def a_later_step_although_the_first_has_somebody(t: Tables) -> None:
    put(t, "touches", 12, agent=3)


@fault("order of times")
def starts_before_it_joins(t: Tables) -> None:
    put(t, "touches", 14, started=55)


@fault("order of times")
def ends_before_its_talk_ends(t: Tables) -> None:
    put(t, "touches", 5, ended=21)


@fault("capacity")
def two_exclusive_contacts_in_hand(t: Tables) -> None:
    put(t, "touches", 12, agent=2)


@fault("capacity")
def three_chats_in_hands_for_two(t: Tables) -> None:
    put(t, "touches", 7, agent=1, in_hand=2)
    put(t, "touches", 8, agent=1, in_hand=3)


@fault("capacity")
def a_ticket_beside_a_chat(t: Tables) -> None:
    put(t, "touches", 9, agent=1)


@fault("capacity")
def in_hand_counted_wrong(t: Tables) -> None:
    put(t, "touches", 8, in_hand=1)


@fault("availability")
def a_start_during_wrap_up(t: Tables) -> None:
    put(t, "touches", 1, started=7)


@fault("availability")
def a_start_outside_presence(t: Tables) -> None:
    put(t, "touches", 20, agent=3, started=92)


@fault("eligibility")
def a_team_that_does_not_serve_it(t: Tables) -> None:
    put(t, "touches", 19, agent=3)


@fault("presence")
def a_break_while_busy(t: Tables) -> None:
    put(t, "presence", 1, end=21)
    put(t, "presence", 2, begin=21, end=26)
    put(t, "presence", 3, begin=26)


@fault("breaks")
def a_break_cut_short(t: Tables) -> None:
    put(t, "presence", 2, end=27)
    put(t, "presence", 3, begin=27)


@fault("breaks")
def a_break_of_another_kind(t: Tables) -> None:
    put(t, "presence", 2, what=WHAT("break_paid"))


@fault("breaks")
def a_break_due_is_overlooked(t: Tables) -> None:
    put(t, "presence", 0, end=21)
    put(t, "presence", 1, begin=21)


@fault("breaks")
def a_lost_break_not_recorded(t: Tables) -> None:
    without(t, "presence", 8)


@fault("presence")
def overtime_not_recorded(t: Tables) -> None:
    without(t, "presence", 9)


@fault("presence")
def overtime_without_work(t: Tables) -> None:
    put(t, "presence", 9, end=93)


@fault("presence")
def an_absent_day_not_recorded(t: Tables) -> None:
    without(t, "presence", 10)


@fault("presence")
def absent_where_nobody_ever_is(t: Tables) -> None:
    put(t, "presence", 5, what=WHAT("absent"))


@fault("presence")
def two_spans_overlap(t: Tables) -> None:
    with_span(t, 1, "available", 40, 60)


@fault("presence")
def a_gap_in_presence(t: Tables) -> None:
    put(t, "presence", 3, begin=29)


@fault("presence")
def a_span_outside_the_roster(t: Tables) -> None:
    with_span(t, 3, "available", 94, 95)


@fault("order inside queues")
def the_second_in_the_queue_first(t: Tables) -> None:
    put(t, "touches", 14, started=66, talk_ended=NEVER, ended=NEVER, how=HOW("open"))
    put(t, "touches", 15, started=61, talk_ended=66, ended=66, how=HOW("worked"))


@fault("policy order")
def the_lower_class_first(t: Tables) -> None:
    put(t, "touches", 19, started=93, talk_ended=95, ended=95, how=HOW("worked"))
    put(t, "touches", 20, started=95, talk_ended=NEVER, ended=NEVER, how=HOW("open"))


@fault("work conservation")
def waits_although_somebody_is_idle(t: Tables) -> None:
    put(t, "touches", 12, started=54)
    put(t, "contacts", 12, answered=54)


@fault("work conservation")
def waits_although_somebody_was_freed(t: Tables) -> None:
    put(t, "touches", 3, started=13)
    put(t, "contacts", 4, answered=13)


@fault("patience")
def gives_up_too_late(t: Tables) -> None:
    put(t, "touches", 13, ended=60)
    put(t, "contacts", 13, left=60)
    put(t, "issues", 12, ended=60)


@fault("endings")
def gives_up_too_early(t: Tables) -> None:
    put(t, "touches", 13, ended=58)
    put(t, "contacts", 13, left=58)
    put(t, "issues", 12, ended=58)


@fault("patience")
def served_after_his_patience(t: Tables) -> None:
    put(t, "contacts", 14, patience=4)


@fault("doors")
def let_in_with_all_lines_busy(t: Tables) -> None:
    put(t, "contacts", 4, created=11)
    put(t, "issues", 4, asked=11)
    put(t, "contacts", 3, outcome=OUTCOME("closed"))


@fault("doors")
def closed_at_open_hours(t: Tables) -> None:
    put(t, "contacts", 3, outcome=OUTCOME("closed"))


@fault("doors")
def busy_out_of_hours(t: Tables) -> None:
    put(t, "contacts", 16, outcome=OUTCOME("busy"))


@fault("disconnected")
def the_line_not_cut_at_closing(t: Tables) -> None:
    put(t, "touches", 10, ended=NEVER, how=HOW("open"))
    put(t, "contacts", 11, left=NEVER, outcome=OUTCOME("open"))
    put(t, "issues", 10, ended=NEVER, state=ISSUE_STATES.index("open"))


@fault("endings")
def the_line_cut_before_closing(t: Tables) -> None:
    put(t, "touches", 10, ended=59)
    put(t, "contacts", 11, left=59)
    put(t, "issues", 10, ended=59)


@fault("put down")
def a_remainder_that_does_not_add_up(t: Tables) -> None:
    put(t, "touches", 9, remaining=11)


@fault("order inside queues")
def put_down_to_the_end_of_the_queue(t: Tables) -> None:
    put(t, "touches", 11, entered=50)


@fault("put down")
def put_down_and_queued_later(t: Tables) -> None:
    put(t, "touches", 11, joined=51, started=51, talk_ended=61, ended=62)


@fault("put down")
def put_down_before_shift_end(t: Tables) -> None:
    put(t, "touches", 9, ended=49, remaining=11)
    put(t, "touches", 11, joined=49, started=49)


@fault("flow")
def an_outcome_that_did_not_happen(t: Tables) -> None:
    put(t, "contacts", 0, outcome=OUTCOME("abandoned"))


@fault("flow")
def the_customer_leaves_after_wrap_up(t: Tables) -> None:
    put(t, "contacts", 0, left=8)


@fault("flow")
def answered_at_another_tick(t: Tables) -> None:
    put(t, "contacts", 1, answered=9)


@fault("flow")
def a_contact_too_many_in_the_count(t: Tables) -> None:
    put(t, "issues", 0, contacts=2)


@fault("flow")
def a_touch_too_many_in_the_count(t: Tables) -> None:
    put(t, "issues", 9, worked=2)


@fault("flow")
def numbers_with_a_hole(t: Tables) -> None:
    put(t, "contacts", 5, number=3)


@fault("flow")
def a_queue_of_another_topic(t: Tables) -> None:
    put(t, "contacts", 17, queue=4)
    put(t, "touches", 16, queue=4)


@fault("flow")
def a_queue_other_than_the_contacts(t: Tables) -> None:
    put(t, "touches", 16, queue=4)


@fault("flow")
def a_stretch_of_another_contact(t: Tables) -> None:
    put(t, "touches", 7, contact=7)


@fault("journey")
def comes_again_too_soon(t: Tables) -> None:
    put(t, "contacts", 18, created=84)
    put(t, "touches", 17, joined=84, entered=84, started=84)
    put(t, "contacts", 18, answered=84)


@fault("journey")
def a_redial_called_a_repeat(t: Tables) -> None:
    put(t, "contacts", 5, kind=CONTACT_KINDS.index("repeat"))


@fault("journey")
def unsolved_but_called_solved(t: Tables) -> None:
    put(t, "issues", 16, state=ISSUE_STATES.index("solved"))


@fault("journey")
def open_although_the_tries_are_spent(t: Tables) -> None:
    put(t, "issues", 2, state=ISSUE_STATES.index("open"), ended=NEVER)


@fault("horizon")
def something_happens_at_the_horizon(t: Tables) -> None:
    put(t, "touches", 19, talk_ended=100)
    put(t, "contacts", 20, left=100, outcome=OUTCOME("solved"))


@fault("order of rows")
def issues_out_of_order(t: Tables) -> None:
    put(t, "issues", 3, asked=1)
    put(t, "contacts", 3, created=1, left=1)


@fault("columns")
def an_agent_nobody_knows(t: Tables) -> None:
    put(t, "touches", 0, agent=9)


@fault("columns")
def worked_without_an_agent(t: Tables) -> None:
    put(t, "touches", 0, agent=-1)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_caught(name: str) -> None:
    """By a sentence of the right rule, and with no more sentences than the book has room for."""
    rule, edit = FAULTS[name]
    tables = hand_day.tables()
    edit(tables)
    found = audit(hand_day.journal(**tables), hand_day.scenario())
    assert any(sentence.startswith(f"{rule}: ") for sentence in found), found
    assert len(found) <= 50


def test_a_shorter_play_is_caught() -> None:
    found = audit(hand_day.journal(end=99 * MINUTE), hand_day.scenario())
    assert any(sentence.startswith("horizon: ") for sentence in found), found


# ---------------------------------------------------------------- at one with the engine


@cache
def played(number: int) -> tuple[Scenario, Journal]:
    """The generated scenario of this number and its journal."""
    scenario = made(number)
    return scenario, play(Layout(scenario), number, 1)


@pytest.mark.parametrize("numbers", SWEEPS, ids=str)
def test_generated_scenarios_are_clean(numbers: range) -> None:
    """The engine and the audit agree on every one; a disagreement is found again by its number."""
    wrong = {}
    for number in numbers:
        scenario, journal = played(number)
        if found := audit(journal, scenario):
            wrong[number] = found
    assert not wrong, f"{len(wrong)} of {len(numbers)}: {list(wrong.items())[:3]}"


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios())
def test_drawn_scenarios_are_clean(scenario: Scenario) -> None:
    """The same through Hypothesis, which shrinks a disagreement to its smallest scenario."""
    assert audit(play(Layout(scenario), 1, 1), scenario) == []


# ---------------------------------------------------------------- faults put in by chance

#: Columns that the rules fix completely once the rest of the journal stands.
FIXED = {
    "touches": ("joined", "entered", "started", "talk_ended", "ended", "remaining", "agent", "in_hand", "starved",
                "queue", "touch", "contact"),
    "contacts": ("number", "kind", "channel", "queue", "created", "patience", "answered", "left", "row", "outcome"),
    "issues": ("asked", "stream", "segment", "topic", "customer", "contacts", "worked"),
    "presence": ("agent", "team", "begin", "end"),
}  # fmt: skip
TIMES = ("joined", "entered", "started", "talk_ended", "ended", "created", "answered", "left", "asked", "begin", "end")


def _changed(table: Any, column: str, row: int, by: int) -> Any:
    made_table = table.copy()
    value = int(made_table[column][row])
    if column in TIMES:
        by *= MINUTE
    made_table[column][row] = 7 * MINUTE if value == NEVER else value + by
    return made_table


def _any_fault(number: int, chance: random.Random) -> tuple[Scenario, Journal, str] | None:
    """One value of a fixed column changed by one (minute)."""
    scenario, journal = played(number)
    name = chance.choice(list(FIXED))
    table = getattr(journal, name)
    if len(table) == 0:
        return None
    column, row = chance.choice(FIXED[name]), chance.randrange(len(table))
    edited = _changed(table, column, row, chance.choice((-1, 1)))
    parts = {part: getattr(journal, part) for part in FIXED} | {name: edited}
    changed = Journal(**parts, end=journal.end, seed=journal.seed, replication=journal.replication)
    return scenario, changed, f"scenario {number}, {name}.{column}[{row}]"


@pytest.mark.parametrize("numbers", SWEEPS, ids=str)
def test_faults_put_in_by_chance_are_caught(numbers: range) -> None:
    """The audit neither stumbles over a broken journal nor lets it pass."""
    chance = random.Random(1)
    tried, missed = 0, []
    for number in numbers:
        if (broken := _any_fault(number, chance)) is not None:
            scenario, journal, where = broken
            tried += 1
            if not audit(journal, scenario):
                missed.append(where)
    assert tried > 0.8 * len(numbers)
    assert not missed
