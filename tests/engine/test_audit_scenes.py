"""The audit on scenes worked by hand: silent about each, loud about every fault put into it; the engine plays them.

What the scenes are made of is told in hand_scenes.py; the faults speak of its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from supportsim.demand import fates
from supportsim.engine.audit import audit
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES, SPANS
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.scenario import model
from supportsim.scenario.ticks import MINUTE

from .hand_scenes import ALWAYS, SCENES, N, Scene, desk, queue, ticks

Tables = dict[str, Any]
HOW, WHAT, OUTCOME = ENDINGS.index, SPANS.index, OUTCOMES.index


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_worked_by_hand_is_clean(name: str) -> None:
    scene = SCENES[name]()
    assert audit(scene.journal(), scene.scenario) == []


@pytest.mark.parametrize("name", SCENES)
def test_the_engine_plays_the_scene(name: str) -> None:
    scene = SCENES[name]()
    wanted, played = scene.journal(), play(Layout(scene.scenario), 1, 1)
    for table in ("issues", "contacts", "touches"):
        rows = getattr(played, table)
        for column in set(rows.dtype.names) - {"key"}:
            assert rows[column].tolist() == getattr(wanted, table)[column].tolist(), (table, column)
    assert sorted(played.presence.tolist()) == sorted(wanted.presence.tolist())
    assert audit(played, scene.scenario) == []


# ---------------------------------------------------------------- faults put into them

Fault = tuple[str, str, Callable[[Tables], Any]]
FAULTS: dict[str, Fault] = {}


def fault(scene: str, rule: str) -> Callable[[Callable[[Tables], Any]], Callable[[Tables], Any]]:
    """Register a fault of a scene with the rule under which the audit has to speak of it."""

    def keep(edit: Callable[[Tables], Any]) -> Callable[[Tables], Any]:
        FAULTS[edit.__name__] = (scene, rule, edit)
        return edit

    return keep


def put(tables: Tables, table: str, row: int, **values: int) -> None:
    """Write into a row; times in minutes."""
    times = {"asked", "ended", "created", "answered", "left", "joined", "entered", "started", "talk_ended",
             "remaining", "begin", "end", "patience"}  # fmt: skip
    for name, value in values.items():
        tables[table][name][row] = ticks(value) if name in times else value


def leaves(tables: Tables, contact: int, touch: int, tick: int) -> None:
    """A wait ends at another minute."""
    put(tables, "touches", touch, ended=tick)
    put(tables, "contacts", contact, left=tick)


def with_span(tables: Tables, agent: int, what: str, team: int, begin: int, end: int) -> None:
    span = np.array([(agent, WHAT(what), team, begin * MINUTE, end * MINUTE)], tables["presence"].dtype)
    tables["presence"] = np.concatenate([tables["presence"], span])


# ---- chats: the speed of work, last chats, wait limits, patience kept, work passed over


@fault("chats", "laws")
def talk_as_fast_as_alone(t: Tables) -> None:
    put(t, "touches", 3, talk_ended=5, ended=5)
    put(t, "contacts", 3, left=5)
    put(t, "issues", 3, ended=5)


@fault("chats", "laws")
def one_tick_too_slow(t: Tables) -> None:
    t["touches"]["talk_ended"][0] += 1
    t["touches"]["ended"][0] += 1
    t["contacts"]["left"][0] += 1
    t["issues"]["ended"][0] += 1


@fault("chats", "laws")
def wrap_up_at_another_speed(t: Tables) -> None:
    put(t, "touches", 1, ended=7)


@fault("chats", "capacity")
def in_hand_until_the_end(t: Tables) -> None:
    put(t, "touches", 1, how=HOW("open"), ended=N)


@fault("chats", "last chat")
def a_chat_begun_just_before_shift_end(t: Tables) -> None:
    put(t, "touches", 9, agent=0, started=25, talk_ended=27, ended=27, how=HOW("worked"), in_hand=1)
    put(t, "contacts", 9, answered=25, left=27, outcome=OUTCOME("solved"))


@fault("chats", "wait limit")
def waits_beyond_the_limit(t: Tables) -> None:
    leaves(t, 4, 4, 9)


@fault("chats", "endings")
def timed_out_before_the_limit(t: Tables) -> None:
    leaves(t, 4, 4, 7)


@fault("chats", "wait limit")
def the_limit_called_impatience(t: Tables) -> None:
    put(t, "touches", 4, how=HOW("abandoned"))
    put(t, "contacts", 4, outcome=OUTCOME("abandoned"))


@fault("chats", "laws")
def another_patience_although_he_keeps_it(t: Tables) -> None:
    put(t, "contacts", 6, patience=3)
    leaves(t, 6, 6, 15)


@fault("chats", "starved")
def passed_over_but_not_counted(t: Tables) -> None:
    put(t, "touches", 2, starved=0)


@fault("chats", "starved")
def passed_over_once_too_often(t: Tables) -> None:
    put(t, "touches", 2, starved=2)


@fault("chats", "flow")
def a_ticket_timed_out(t: Tables) -> None:
    put(t, "contacts", 2, outcome=OUTCOME("timed_out"))


@fault("chats", "journey")
def a_redial_after_the_limit_called_a_repeat(t: Tables) -> None:
    put(t, "contacts", 7, kind=CONTACT_KINDS.index("repeat"))


# ---- blend: overflow, interruption, reservation, draining


@fault("blend", "overflow")
def taken_before_the_delay_has_passed(t: Tables) -> None:
    put(t, "touches", 5, started=5, talk_ended=10, ended=10)
    put(t, "contacts", 4, answered=5, left=10)


@fault("blend", "work conservation")
def not_taken_when_the_delay_passes(t: Tables) -> None:
    put(t, "touches", 5, started=7, talk_ended=12, ended=12)
    put(t, "contacts", 4, answered=7, left=12)


@fault("blend", "interruption")
def mail_not_laid_aside_for_a_phone(t: Tables) -> None:
    put(t, "touches", 3, started=5, talk_ended=9, ended=9)
    put(t, "contacts", 3, answered=5, left=9)


@fault("blend", "interruption")
def the_wrong_mail_laid_aside(t: Tables) -> None:
    put(t, "touches", 3, agent=1)


@fault("blend", "interruption")
def laid_aside_for_nothing(t: Tables) -> None:
    put(t, "touches", 0, ended=2, remaining=8)
    put(t, "touches", 4, joined=2)


@fault("blend", "put down")
def more_remains_than_was_left(t: Tables) -> None:
    put(t, "touches", 4, remaining=6)


@fault("blend", "put down")
def laid_aside_work_waits_elsewhere(t: Tables) -> None:
    put(t, "touches", 4, joined=4)


@fault("blend", "columns")
def interrupted_without_a_remainder(t: Tables) -> None:
    put(t, "touches", 0, remaining=0)


@fault("blend", "order inside queues")
def laid_aside_work_loses_its_place(t: Tables) -> None:
    put(t, "touches", 9, agent=0, started=19, talk_ended=24, ended=24)
    put(t, "touches", 2, started=12, agent=2, talk_ended=16, ended=16)


@fault("blend", "reservation")
def the_last_idle_one_takes_mail(t: Tables) -> None:
    put(t, "touches", 2, started=2, talk_ended=6, ended=6)
    put(t, "contacts", 2, answered=2, left=6)


@fault("blend", "draining")
def a_chat_while_a_phone_waits(t: Tables) -> None:
    put(t, "touches", 18, started=27, talk_ended=30, ended=30)
    put(t, "contacts", 14, answered=27, left=30)


@fault("blend", "work conservation")
def no_chat_although_draining_is_over(t: Tables) -> None:
    put(t, "touches", 18, started=29, talk_ended=32, ended=32)
    put(t, "contacts", 14, answered=29, left=32)


@fault("blend", "joining order")
def the_one_idle_for_a_shorter_time(t: Tables) -> None:
    put(t, "touches", 9, agent=1)


# ---- filler: filler, moves between teams, hours off the desk


@fault("filler", "filler")
def no_filler_for_idle_hands(t: Tables) -> None:
    last = len(t["contacts"]) - 1
    for table in ("issues", "contacts", "touches"):
        t[table] = np.delete(t[table], last + (table == "touches"))


@fault("filler", "filler")
def filler_begun_later(t: Tables) -> None:
    row = len(t["contacts"]) - 1
    put(t, "contacts", row, created=27, answered=27)
    put(t, "touches", row + 1, joined=27, entered=27, started=27)
    put(t, "issues", row, asked=27)


@fault("filler", "filler")
def a_piece_called_an_ordinary_contact(t: Tables) -> None:
    put(t, "contacts", 0, kind=CONTACT_KINDS.index("first"))


@fault("filler", "filler")
def a_piece_given_up(t: Tables) -> None:
    put(t, "issues", 5, state=ISSUE_STATES.index("gave_up"))


@fault("filler", "filler")
def filler_before_what_was_laid_aside(t: Tables) -> None:
    """At 4 agent 1 begins a new piece, and the one laid aside waits on."""
    put(t, "touches", 3, started=5, talk_ended=6, ended=6)


@fault("filler", "eligibility")
def served_from_his_own_team(t: Tables) -> None:
    put(t, "touches", 6, agent=1)


@fault("filler", "presence")
def the_move_not_recorded(t: Tables) -> None:
    put(t, "presence", 1, team=0)


@fault("filler", "presence")
def moved_too_early(t: Tables) -> None:
    put(t, "presence", 0, end=9)
    put(t, "presence", 1, begin=9)


@fault("filler", "presence")
def a_span_split_where_nobody_moves(t: Tables) -> None:
    put(t, "presence", 1, end=15)
    with_span(t, 0, "available", 1, 15, 20)


@fault("filler", "breaks")
def a_meeting_missed(t: Tables) -> None:
    put(t, "presence", 8, what=WHAT("available"))


@fault("filler", "breaks")
def a_meeting_that_does_not_end(t: Tables) -> None:
    put(t, "presence", 4, end=27)
    put(t, "presence", 5, begin=27)


# ---- crowd: heads


@fault("crowd", "heads")
def a_busy_head_goes_before_an_idle_one(t: Tables) -> None:
    put(t, "presence", 7, end=25)
    put(t, "presence", 6, end=10)
    with_span(t, 1, "overtime", 0, 10, 24)


@fault("crowd", "heads")
def the_later_to_finish_goes_first(t: Tables) -> None:
    put(t, "presence", 0, end=12)
    put(t, "presence", 1, begin=12, end=13)
    put(t, "presence", 6, end=10)


@fault("crowd", "heads")
def fewer_heads_than_the_curve(t: Tables) -> None:
    t["presence"] = np.delete(t["presence"], 5)


@fault("crowd", "heads")
def more_heads_than_the_curve(t: Tables) -> None:
    with_span(t, 1, "available", 0, 26, 30)


@fault("crowd", "heads")
def a_head_that_comes_at_no_row(t: Tables) -> None:
    put(t, "presence", 5, begin=27)


@fault("crowd", "heads")
def a_newcomer_before_who_still_finishes(t: Tables) -> None:
    put(t, "presence", 3, end=24)
    put(t, "presence", 4, begin=24, end=25, agent=2)
    with_span(t, 2, "available", 0, 23, 24)


# ---- hours and teams; policies


@fault("hours", "laws")
def the_hour_of_the_end_instead_of_the_begin(t: Tables) -> None:
    put(t, "touches", 1, talk_ended=15, ended=15)
    put(t, "contacts", 1, left=15)


@fault("hours", "laws")
def patience_without_its_hour(t: Tables) -> None:
    put(t, "contacts", 3, patience=6)


@fault("hours", "laws")
def an_hour_that_holds_its_last_tick(t: Tables) -> None:
    put(t, "touches", 4, talk_ended=26, ended=26)
    put(t, "contacts", 4, left=26)


@fault("hours", "laws")
def work_without_the_pace_of_the_team(t: Tables) -> None:
    put(t, "touches", 0, talk_ended=7, ended=7)
    put(t, "contacts", 0, left=7)


def the_better_class_first(t: Tables) -> None:
    put(t, "touches", 1, started=10, talk_ended=15, ended=15)
    put(t, "touches", 2, started=15, talk_ended=17, ended=17)
    put(t, "contacts", 1, answered=10, left=15)
    put(t, "contacts", 2, answered=15, left=17)


for _policy in ("ageing", "deadline", "shortest"):
    FAULTS[f"the_better_class_first_under_{_policy}"] = (_policy, "policy order", the_better_class_first)


@fault("hours", "demand")
def an_issue_nobody_brought(t: Tables) -> None:
    put(t, "issues", 4, asked=21)


@fault("chats", "columns")
def a_team_nobody_knows(t: Tables) -> None:
    put(t, "presence", 0, team=3)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_caught(name: str) -> None:
    """By a sentence of the right rule, and with no more sentences than the book has room for."""
    scene_name, rule, edit = FAULTS[name]
    scene = SCENES[scene_name]()
    tables = scene.tables()
    edit(tables)
    found = audit(scene.journal(**tables), scene.scenario)
    assert any(sentence.startswith(f"{rule}: ") for sentence in found), found
    assert len(found) <= 50


# ---------------------------------------------------------------- a fate picks


def drawn_scene(first: int, second: int) -> Scene:
    """Two idle agents who are picked by chance: calls at 1 and at 3."""
    rows = ((1, 0, 1, 0, N), (3, 0, 1, 0, N))
    team = model.Team("desk", (), (0,), 2, (), pick="random")
    scenario = desk(rows, (model.Channel("phone", "live", ALWAYS),), (queue("phone", 0, (("desk",),)),), (team,), 9)
    came = tuple((i, 1, "first", t, N, t, t + 1, "solved", i) for i, t in enumerate((1, 3)))
    work = tuple(
        (i, who, t, t, t + 1, t + 1, 0, 1, "worked", 0) for i, (who, t) in enumerate(((first, 1), (second, 3)))
    )  # fmt: skip
    return Scene(scenario, came, work, ((0, "available", 0, 0, 9), (1, "available", 0, 0, 9)), {}, 9)


def test_the_agent_of_the_smallest_fate_is_picked() -> None:
    """Worked out here from the fates; any other pair is a fault of the joining order."""
    keys = play(Layout(drawn_scene(0, 0).scenario), 1, 1).issues["key"].tolist()
    agents = [fates.entity("agent", f"desk/{n}") for n in (1, 2)]
    world = fates.world(1, 1)
    picked = [
        min((0, 1), key=lambda a, key=key: fates.uniform(world, key ^ agents[a], 1, fates.PICK)) for key in keys
    ]  # fmt: skip
    for first in (0, 1):
        for second in (0, 1):
            scene = drawn_scene(first, second)
            found = audit(scene.journal(), scene.scenario)
            if [first, second] == picked:
                assert found == []
            else:
                assert any(sentence.startswith("joining order: ") for sentence in found), found
