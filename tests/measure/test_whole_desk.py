"""Hand-made journals of what a whole desk knows: time limits, interruption, filler, heads, activities, penalties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from measure.journals import Pen, promise, scenario
from supportsim.measure.intervals import COLUMNS, rows
from supportsim.measure.replication import BRIDGE_COLUMNS, TEAM_COLUMNS, Measured, Yardstick, measured
from supportsim.scenario import model
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER, SECOND

FORMULAS = (
    "answered_of_offered", "short_abandons_good", "short_abandons_excluded", "of_answered",
    "brief_abandons_credited", "brief_abandons_excluded",
)  # fmt: skip


def reduce(pen: Pen, desk: model.Scenario | None = None) -> tuple[Yardstick, Measured]:
    yardstick = Yardstick(desk or scenario())
    return yardstick, measured(pen.journal(), yardstick)


def values(pen: Pen, selector: str, *names: str, desk: model.Scenario | None = None) -> list[float]:
    """Some measures of one journal, each with the same selector."""
    yardstick, found = reduce(pen, desk)
    return [float(found.rows[yardstick.places[selector, name], 2]) for name in names]


# ---------------- wait limits


def lost() -> Pen:
    """One answered in time; one abandoned after 3 s, one cut off, two timed out."""
    pen = Pen()
    pen.served(HOUR, 10 * SECOND, MINUTE)
    pen.lost(HOUR, 3 * SECOND)
    pen.lost(HOUR, 4 * SECOND, "disconnected")
    pen.lost(HOUR, 10 * MINUTE, "timed_out", patience=HOUR)
    pen.lost(2 * HOUR, 10 * MINUTE, "timed_out", patience=NEVER)
    return pen


def test_timed_out_contacts_are_offered_and_stand_beside_those_cut_off() -> None:
    names = ("offered", "timed_out", "disconnected", "abandoned", "timed_out_share")
    assert values(lost(), "phone", *names) == [5, 2, 1, 1, 0.4]
    assert values(lost(), "phone", "wait_mean")[0] == pytest.approx((10 + 3 + 4 + 600 + 600) / 5)
    assert values(lost(), "phone", "served_wait_mean", "abandoned_wait_mean") == [10, 3]


def test_in_all_six_formulas_timed_out_counts_as_disconnected() -> None:
    desk = scenario(promises=(promise(),))
    assert values(lost(), "p", *FORMULAS, desk=desk) == [1 / 5, 2 / 5, 1 / 4, 1, 2 / 5, 1 / 4]
    _, found = reduce(lost(), desk)
    assert found.beside[0].tolist() == [1, 1, 1, 2, 0, 0, 0]


def test_who_was_answered_and_put_down_is_answered_whatever_comes_later() -> None:
    pen = Pen()
    row = pen.contact(HOUR, "disconnected", answered=HOUR + SECOND, left=3 * HOUR)
    first = pen.touch(row, HOUR, HOUR + SECOND, NEVER, 2 * HOUR, how="put_down")
    pen.touch(row, 2 * HOUR, NEVER, NEVER, 3 * HOUR, how="disconnected", touch=first, entered=HOUR)
    assert values(pen, "phone", "answered", "disconnected", "served_wait_mean") == [1, 0, 1]


# ---------------- interruption


def interrupted() -> Pen:
    """A ticket begun at once, laid aside after 10 min for a call of 5 min, then written in 20 min more."""
    pen = Pen()
    pen.span(0, "available", 0, DAY)
    row = pen.contact(HOUR, "solved", HOUR, HOUR + 35 * MINUTE, queue=1)
    at = HOUR + 10 * MINUTE
    first = pen.touch(row, HOUR, HOUR, NEVER, at, how="interrupted", remaining=20 * MINUTE)
    pen.served(at, 0, 5 * MINUTE)
    back = at + 5 * MINUTE
    pen.touch(row, at, back, back + 20 * MINUTE, back + 22 * MINUTE, touch=first, entered=HOUR)
    return pen


def test_every_stretch_in_the_queue_is_waiting_but_the_wait_of_a_contact_is_its_first() -> None:
    names = ("wait_mean", "served_wait_mean", "queue_length", "in_system")
    expected = [0, 0, 5 / 1440, 35 / 1440]
    assert values(interrupted(), "ticket", *names) == pytest.approx(expected)


def test_work_before_and_after_an_interruption_is_all_handled() -> None:
    names = ("aht", "talk_mean", "wrap_up_mean", "workload", "touches")
    assert values(interrupted(), "ticket", *names) == pytest.approx([1920, 1800, 120, 32 / 1440, 1])
    _, found = reduce(interrupted())
    part = dict(zip(TEAM_COLUMNS, found.teams[:, 0] * 60, strict=True))
    assert [part[n] for n in ("handling", "wrap_up", "idle", "busy")] == pytest.approx([35, 2, 1440 - 37, 37])


# ---------------- filler


def stream(name: str, **more: Any) -> model.Stream:
    return model.Stream(name, more.pop("kind", "rate"), "customers", "general", **more)


def filled() -> Pen:
    """A call of 10 min and, in the hands of the same agent, 20 min and 30 min of filler, one of them interrupted."""
    pen = Pen()
    pen.span(0, "available", 0, 2 * HOUR)
    pen.filler(HOUR, 20 * MINUTE)
    row = pen.filler(HOUR + 20 * MINUTE, 30 * MINUTE, until=HOUR + 30 * MINUTE)
    at = HOUR + 30 * MINUTE
    pen.served(at, 0, 10 * MINUTE)
    pen.touch(row, at, at + 10 * MINUTE, at + 30 * MINUTE, at + 30 * MINUTE, touch=1, entered=HOUR + 20 * MINUTE)
    return pen


def test_filler_is_in_no_count_of_customers() -> None:
    names = ("contacts", "offered", "answered", "issues", "touches", "people", "contacts_per_issue")
    assert values(filled(), "all", *names) == [1] * 7
    assert values(filled(), "ticket", "contacts", "issues", "touches", "queue_length", "in_system") == [0] * 5
    assert values(filled(), "all", "aht", "solved_share", "p_wait") == [600, 1, 0]


def test_filler_is_work_of_agents_and_told_apart() -> None:
    assert values(filled(), "ticket", "fillers", "filler_work", "workload") == pytest.approx([2, 50 / 1440, 0])
    assert values(filled(), "all", "fillers", "workload") == pytest.approx([2, 10 / 1440])
    assert values(filled(), "desk", "occupancy", "filler_share") == pytest.approx([60 / 120, 50 / 120])
    _, found = reduce(filled())
    part = dict(zip(TEAM_COLUMNS, found.teams[:, 0] * 60, strict=True))
    assert [part[n] for n in ("handling", "idle", "filler")] == pytest.approx([60, 60, 50])
    bridge = dict(zip(BRIDGE_COLUMNS, found.bridge[:, 0] // MINUTE, strict=True))
    assert bridge["filler"][2:4].tolist() == [30, 20]


def test_filler_beside_a_customers_contact_is_not_the_filler_of_the_bridge() -> None:
    pen = Pen()
    pen.span(0, "available", 0, 2 * HOUR)
    pen.filler(HOUR, 20 * MINUTE)
    pen.served(HOUR + 10 * MINUTE, 0, 20 * MINUTE, queue=1)
    assert values(pen, "desk", "filler_share", "occupancy") == pytest.approx([10 / 120, 30 / 120])


def test_filler_is_no_case_of_a_promise_no_backlog_and_costs_no_contact() -> None:
    replies = promise("p", ("ticket",), limit=SECOND)
    base = scenario(promises=(replies,))
    desk = replace(base, channels=tuple(replace(c, cost_per_contact=3.0) for c in base.channels))
    pen = filled()
    pen.filler(20 * HOUR, 4 * HOUR, done=False)
    assert np.isnan(values(pen, "p", "kept_share", desk=desk)[0])
    assert values(pen, "p", "broken", "not_yet_due", "people_broken", desk=desk) == [0, 0, 0]
    assert values(pen, "all", "channel_cost", desk=desk) == [3]
    _, found = reduce(pen, desk)
    assert not found.intervals[COLUMNS.index("backlog")].any()
    assert not found.coming[1]


# ---------------- starved work


def test_contacts_passed_over_are_counted_once_however_often_they_were() -> None:
    pen = Pen()
    pen.served(HOUR, 0, MINUTE)
    row = pen.contact(HOUR, "abandoned", left=HOUR + MINUTE)
    pen.touch(row, HOUR, NEVER, NEVER, HOUR + MINUTE, starved=3)
    row = pen.contact(HOUR, "open")
    pen.touch(row, HOUR, NEVER, NEVER, NEVER, how="open", starved=1)
    pen.contact(HOUR, "busy", left=HOUR)
    assert values(pen, "phone", "starved", "starved_share") == [2, 2 / 3]


# ---------------- penalties


@pytest.mark.parametrize(
    ("counted", "breaches"),
    [
        ("answered/offered", 4),
        ("short abandons are good", 3),
        ("short abandons excluded", 3),
        ("answered only", 0),
        ("brief abandons credited", 3),
        ("brief abandons excluded", 3),
    ],
)
def test_each_case_counted_and_not_kept_has_its_price(counted: str, breaches: int) -> None:
    desk = scenario(promises=(promise(counted=counted, penalty=15.0),))
    assert values(lost(), "p", "breaches", "penalty", desk=desk) == [breaches, 15 * breaches]


def test_a_reply_too_late_costs_once_per_issue() -> None:
    pen = Pen()
    issue = pen.issue(HOUR, "solved", contacts=2)
    pen.served(HOUR, 3 * HOUR, MINUTE, issue=issue, queue=1, outcome="unresolved")
    pen.served(6 * HOUR, 3 * HOUR, MINUTE, issue=issue, number=2, queue=1)
    pen.served(HOUR, 0, MINUTE, queue=1)
    desk = scenario(promises=(promise("p", ("ticket",), limit=HOUR, penalty=2.5),))
    assert values(pen, "p", "breaches", "penalty", desk=desk) == [1, 2.5]


# ---------------- heads


def heads() -> model.Scenario:
    """Nobody before 8:00, three heads until 10:00, one until 16:00, at 20 an hour with 10 % leave."""
    curve = ((0, 0), (8 * HOUR, 3), (10 * HOUR, 1), (16 * HOUR, 0))
    team = model.Team(
        "desk", ("phone",), (0, 1), None, (), heads=curve, wage_per_hour=20.0, overtime_factor=1.5, leave=0.1,
        seat_per_month=100.0,
    )  # fmt: skip
    return scenario(teams=(team,))


def test_heads_are_rostered_and_paid_by_their_curve_with_overtime_beside() -> None:
    pen = Pen()
    pen.span(0, "available", 8 * HOUR, 16 * HOUR)
    pen.span(1, "available", 8 * HOUR, 10 * HOUR)
    pen.span(2, "available", 8 * HOUR, 10 * HOUR)
    pen.span(2, "overtime", 10 * HOUR, 10 * HOUR + 6 * MINUTE)
    pen.served(9 * HOUR + 58 * MINUTE, 0, 8 * MINUTE, agent=2)
    yardstick, found = reduce(pen, heads())
    assert len(yardstick.desk.team_of) == 3
    part = dict(zip(TEAM_COLUMNS, found.teams[:, 0], strict=True))
    assert (part["rostered"], part["present"], part["paid"]) == pytest.approx((12, 12, 12))
    assert (part["overtime"], part["handling"], part["overtime_work"]) == pytest.approx((0.1, 2 / 60, 0.1))
    assert (part["pay"], part["overtime_pay"]) == pytest.approx((12 / 0.9 * 20, 3))
    assert part["seats"] == pytest.approx(3 * 100 / (365.25 / 12))
    curve = np.repeat([0, 3, 1, 0], [16, 4, 12, 16]) * 30 * MINUTE
    bridge = dict(zip(BRIDGE_COLUMNS, found.bridge[:, 0], strict=True))
    assert (bridge["rostered"] == curve).all()
    assert (bridge["rostered"] == bridge["handling"] + bridge["wrap_up"] + bridge["idle"]).all()


# ---------------- activities


def lending() -> model.Scenario:
    """Callers on phone; from 10:00 to 11:00 one of the two works as the mailroom, which has nobody of its own."""
    shift = model.Shift("day", tuple(range(7)), 8 * HOUR, 16 * HOUR, 2)
    inbox = model.Activity("inbox", tuple(range(7)), 10 * HOUR, 11 * HOUR, 1, "mailroom")
    callers = model.Team("callers", ("phone",), (0, -1), None, (shift,), activities=(inbox,), wage_per_hour=20.0)
    mailroom = model.Team("mailroom", ("ticket",), (-1, 0), 0, ())
    return scenario(teams=(callers, mailroom))


def lent() -> Pen:
    pen = Pen()
    pen.span(0, "available", 8 * HOUR, 10 * HOUR)
    pen.span(0, "available", 10 * HOUR, 11 * HOUR, team=1)
    pen.span(0, "available", 11 * HOUR, 16 * HOUR)
    pen.span(1, "available", 8 * HOUR, 16 * HOUR)
    pen.served(9 * HOUR + 50 * MINUTE, 0, 15 * MINUTE)  # 5 min of it as the mailroom
    pen.served(10 * HOUR + 10 * MINUTE, 0, 30 * MINUTE, queue=1)
    return pen


def test_hours_of_who_works_as_another_team_stay_with_his_own() -> None:
    _, found = reduce(lent(), lending())
    own, other = (dict(zip(TEAM_COLUMNS, found.teams[:, t], strict=True)) for t in (0, 1))
    assert (own["rostered"], own["present"], own["paid"]) == (16, 16, 16)
    assert own["handling"] == pytest.approx(45 / 60)
    assert own["pay"] == pytest.approx(320)
    assert not any(other.values())


def test_the_heads_of_a_channel_are_those_who_work_for_it_at_the_time() -> None:
    desk = lending()
    _, found = reduce(lent(), desk)
    place = {r.channel: i for i, r in enumerate(rows(desk))}

    def of(column: str, channel: str) -> list[float]:
        half_hours = found.intervals[COLUMNS.index(column), place[channel], 19:23]  # 9:30 to 11:30
        return [60 * float(hours) for hours in half_hours]

    assert of("present_h", "phone") == pytest.approx([60, 30, 30, 60])
    assert of("present_h", "ticket") == pytest.approx([0, 30, 30, 0])
    assert of("rostered_h", "all") == pytest.approx([60] * 4)
    assert of("busy_h", "phone") == pytest.approx([10, 0, 0, 0])
    assert of("busy_h", "ticket") == pytest.approx([0, 25, 10, 0])
    assert of("busy_or_idle_h", "ticket") == pytest.approx([0, 30, 30, 0])
    assert of("busy_h", "all") == pytest.approx([10, 25, 10, 0])


# ---------------- several in hand


def test_who_holds_three_chats_is_busy_once_however_long_they_take() -> None:
    base = scenario()
    chat = replace(base.channels[0], concurrency=3, speeds=(621, 540, 460))
    pen = Pen()
    pen.span(0, "available", 0, 2 * HOUR)
    for i in range(3):
        pen.served(HOUR, 0, 30 * MINUTE, in_hand=i + 1)
    desk = replace(base, channels=(chat, base.channels[1]))
    assert values(pen, "desk", "busy_agents", "occupancy", desk=desk) == pytest.approx([0.5 / 24, 0.25])
    assert values(pen, "phone", "workload", "aht", desk=desk) == pytest.approx([1.5 / 24, 1800])
