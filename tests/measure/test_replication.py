"""Measures of hand-made journals: waits, time averages, work and people, issues, intervals."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from measure.journals import ALWAYS, Pen, promise, scenario
from supportsim.engine.journal import CONTACTS, ISSUES, PRESENCE, TOUCHES, Journal
from supportsim.measure.catalogue import MEASURES
from supportsim.measure.intervals import COLUMNS, rows
from supportsim.measure.leave import with_leave
from supportsim.measure.replication import BRIDGE_COLUMNS, TEAM_COLUMNS, Measured, Yardstick, measured
from supportsim.scenario import model
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER, SECOND


def reduce(pen: Pen, desk: model.Scenario | None = None) -> tuple[Yardstick, Measured]:
    yardstick = Yardstick(desk or scenario())
    return yardstick, measured(pen.journal(), yardstick)


def value(pen: Pen, name: str, desk: model.Scenario | None = None) -> float:
    """`selector.measure` of one journal."""
    yardstick, found = reduce(pen, desk)
    selector, measure = name.rsplit(".", 1)
    return float(found.rows[yardstick.places[selector, measure], 2])


def small() -> Pen:
    """Three answered (0, 30, 90 s), one lost after 60 s, one still waiting, one blocked, one turned away."""
    pen = Pen()
    pen.span(0, "available", 0, DAY)
    pen.span(1, "available", 0, DAY)
    pen.served(HOUR, 0, 10 * MINUTE, 2 * MINUTE)
    pen.served(HOUR, 30 * SECOND, 10 * MINUTE, 2 * MINUTE, agent=1)
    pen.served(5 * HOUR, 90 * SECOND, 4 * MINUTE)
    pen.lost(6 * HOUR, 60 * SECOND)
    pen.waiting(23 * HOUR)
    pen.contact(7 * HOUR, "busy", left=7 * HOUR)
    pen.contact(8 * HOUR, "closed", left=8 * HOUR)
    return pen


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("contacts", 7),
        ("offered", 4),
        ("answered", 3),
        ("abandoned", 1),
        ("blocked", 1),
        ("turned_away", 1),
        ("still_waiting", 1),
        ("still_waiting_age_mean", 3600),
        ("still_waiting_age_max", 3600),
        ("abandoned_share", 0.25),
        ("blocked_share", 1 / 7),
        ("p_wait", 0.75),
        ("wait_mean", 45),
        ("wait_var", (45**2 + 15**2 + 45**2 + 15**2) / 4),
        ("wait_p50", 45),
        ("wait_p80", 60 + 0.4 * 30),
        ("served_wait_mean", 40),
        ("served_wait_p95", 30 + 0.9 * 60),
        ("abandoned_wait_mean", 60),
        ("aht", 28 * 60 / 3),
        ("talk_mean", 8 * 60),
        ("wrap_up_mean", 80),
        ("queue_length", (180 + 3600) / 86400),
        ("in_system", (180 + 3600 + 24 * 60) / 86400),
        ("workload", 28 / 1440),
        ("never_served_share", 3 / 7),
        ("open_share", 1 / 7),
        ("solved_first_share", 3 / 7),
        ("touches", 5),
    ],
)
def test_a_small_day_by_hand(measure: str, expected: float) -> None:
    near = 1e-3 if measure in ("wait_p50", "wait_p80", "served_wait_p95") else 1e-9  # quantiles are told by class
    assert value(small(), f"phone.{measure}") == pytest.approx(expected, rel=near)
    assert value(small(), f"all.{measure}") == pytest.approx(expected, rel=near)


def test_who_still_waits_at_the_end_is_told_with_his_age() -> None:
    """At 06:00 on Tuesday, the end of the run-out: 30, 10 and 7 h old; who came after counted time is not told."""
    pen = Pen()
    pen.end = DAY + 6 * HOUR
    for created in (0, 20 * HOUR, 23 * HOUR, DAY + HOUR):
        pen.waiting(created)
    desk = scenario()
    desk = replace(desk, times=replace(desk.times, run_out_ticks=6 * HOUR))
    assert value(pen, "phone.still_waiting", desk) == 3
    assert value(pen, "phone.still_waiting_age_mean", desk) == pytest.approx(47 * 3600 / 3)
    assert value(pen, "phone.still_waiting_age_max", desk) == 30 * 3600
    assert math.isnan(value(small(), "ticket.still_waiting_age_mean"))
    assert math.isnan(value(small(), "ticket.still_waiting_age_max"))


def test_nothing_at_all_is_counted_as_nothing_and_has_no_means() -> None:
    yardstick, found = reduce(Pen(), scenario(promises=(promise(),)))
    table = dict(zip(yardstick.keys, found.rows, strict=True))
    assert table["all", "offered"][2] == 0
    for measure in ("wait_mean", "wait_p95", "abandoned_share", "aht", "solved_share"):
        assert math.isnan(table["all", measure][2])
    assert math.isnan(table["all", "occupancy"][2])
    assert not np.isinf(found.rows).any()


def test_every_value_is_its_numerator_over_its_denominator() -> None:
    _, found = reduce(small(), scenario(promises=(promise(),)))
    top, bottom, ratio = found.rows.T
    there = ~np.isnan(top) & ~np.isnan(bottom) & ~np.isnan(ratio)
    assert there.sum() > 100
    np.testing.assert_allclose(ratio[there], top[there] / bottom[there])


def test_ids_are_unique_and_every_one_has_words() -> None:
    assert len({m.id for m in MEASURES}) == len(MEASURES)
    assert all(m.formula and m.basis for m in MEASURES)
    known = model.Segment("customers", 10, margin=model.Law("constant", (9.0,)), churn=0.1)
    felt = model.Experience((model.Felt("gave_up", 1.1, 1.3, 1.6, DAY),))
    whole = scenario(promises=(promise(),), segments=(known,), experience=felt)
    leaving = replace(whole, experience=replace(felt, feedback=True))
    used = {measure for each in (whole, leaving) for _, measure in Yardstick(each).keys}
    assert used == {m.id for m in MEASURES}


def test_a_contact_counts_by_its_creation_and_time_is_clipped_to_counted_time() -> None:
    desk = scenario(1, warm_up=1, run_out=1)
    pen = Pen(3 * DAY)
    pen.served(DAY - HOUR, 2 * HOUR, HOUR)  # created in the warm-up, waits 1 h of counted time
    pen.served(2 * DAY - HOUR, 2 * HOUR, HOUR)  # created in counted time, waits 1 h of it
    assert value(pen, "all.contacts", desk) == 1
    assert value(pen, "all.wait_mean", desk) == 7200
    assert value(pen, "all.queue_length", desk) == pytest.approx(2 / 24)
    assert value(pen, "all.workload", desk) == pytest.approx(1 / 24)


def test_returns_are_shares_of_offered() -> None:
    pen = Pen()
    for kind in ("first", "first", "redial", "repeat", "switch"):
        pen.served(HOUR, 0, MINUTE, kind=kind)
    pen.contact(HOUR, "busy", left=HOUR, kind="redial")
    for measure in ("redials_share", "repeats_share", "switches_share"):
        assert value(pen, f"all.{measure}") == 0.2


def test_issues_contacts_and_touches_are_three_counters() -> None:
    pen = Pen()
    issue = pen.issue(HOUR, "solved", contacts=2)
    pen.served(HOUR, 0, MINUTE, issue=issue, outcome="unresolved")
    row = pen.contact(3 * HOUR, "solved", 3 * HOUR, 5 * HOUR, issue=issue, number=2, kind="repeat")
    first = pen.touch(row, 3 * HOUR, 3 * HOUR, 4 * HOUR, 4 * HOUR, how="put_down")
    pen.touch(row, 4 * HOUR, 4 * HOUR + MINUTE, 5 * HOUR, 5 * HOUR, touch=first)
    found = [value(pen, f"all.{m}") for m in ("issues", "contacts", "touches", "contacts_per_issue")]
    assert found == [1, 2, 2, 2]
    assert value(pen, "all.solved_first_share") == 0
    assert value(pen, "all.aht") == (60 + 3600 + 3540) / 2


def test_people_are_customers_each_once_and_an_anonymous_issue_is_one() -> None:
    pen = Pen()
    pen.served(HOUR, 0, MINUTE, customer=3)
    pen.served(HOUR, 0, MINUTE, customer=3)
    pen.lost(HOUR, 0, customer=4)
    assert value(pen, "all.people") == 2
    assert value(pen, "all.people_never_served") == 1
    assert value(small(), "all.people") == 7
    pen.lost(HOUR, 0)
    assert value(pen, "all.people") == 3
    assert value(pen, "all.people_never_served") == 2


def test_an_issue_of_the_level_none_belongs_to_its_segment_and_no_channel() -> None:
    pen = Pen()
    pen.issue(HOUR, "unserved")
    assert value(pen, "customers.issues") == 1
    assert value(pen, "phone.issues") == 0
    assert value(pen, "all.never_served_share") == 1


def roster() -> model.Scenario:
    """One agent 08:00 to 16:00 with an unpaid half-hour at 12:00, at 20 an hour, overtime x 1.5."""
    shift = model.Shift(
        "day",
        tuple(range(7)),
        8 * HOUR,
        16 * HOUR,
        2,
        (model.Break(30 * MINUTE, False, 12 * HOUR, 12 * HOUR),),
    )
    team = model.Team("desk", ("phone",), (0, 1), None, (shift,), wage_per_hour=20.0, overtime_factor=1.5, leave=0.1)
    return scenario(teams=(team,))


def test_the_availability_bridge_adds_up_to_the_tick() -> None:
    pen = Pen()
    pen.span(0, "available", 8 * HOUR, 12 * HOUR)
    pen.span(0, "break_due", 12 * HOUR, 12 * HOUR + 5 * MINUTE)
    pen.span(0, "break_unpaid", 12 * HOUR + 5 * MINUTE, 12 * HOUR + 35 * MINUTE)
    pen.span(0, "available", 12 * HOUR + 35 * MINUTE, 14 * HOUR)
    pen.span(0, "block", 14 * HOUR, 14 * HOUR + 30 * MINUTE)
    pen.span(0, "available", 14 * HOUR + 30 * MINUTE, 16 * HOUR)
    pen.span(0, "break_lost", 16 * HOUR, 16 * HOUR)
    pen.span(0, "overtime", 16 * HOUR, 16 * HOUR + 10 * MINUTE)
    pen.span(1, "absent", 8 * HOUR, 16 * HOUR)
    pen.served(11 * HOUR + 50 * MINUTE, 0, 10 * MINUTE, 5 * MINUTE)
    pen.served(15 * HOUR + 50 * MINUTE, 0, 15 * MINUTE, 5 * MINUTE)
    _, found = reduce(pen, roster())
    part = dict(zip(TEAM_COLUMNS, found.teams[:, 0], strict=True))
    assert part["rostered"] == 16
    assert part["rostered"] == pytest.approx(
        part["absent"] + part["off_desk"] + part["breaks_unpaid"] + part["breaks_paid"] + part["present"]
    )
    assert part["present"] == pytest.approx(part["handling"] + part["wrap_up"] + part["idle"])
    assert (part["handling"], part["wrap_up"]) == pytest.approx((20 / 60, 5 / 60))
    assert part["overtime"] == pytest.approx(1 / 6)
    assert part["paid"] == pytest.approx(15)  # the absent one's unpaid break is not paid either
    assert part["pay"] == pytest.approx(15 / 0.9 * 20)
    assert part["overtime_pay"] == pytest.approx(5)
    assert part["lost_breaks"] == 1
    assert value(pen, "desk.occupancy", roster()) == pytest.approx(35 / (35 + 7 * 60 - 25))
    assert value(pen, "desk.utilisation", roster()) == pytest.approx(35 / (15 * 60 + 10))


def test_leave_of_everybody_all_the_time_has_no_price() -> None:
    team = replace(roster().teams[0], leave=1.0)
    with pytest.raises(ValueError, match="less than 1"):
        reduce(Pen(), scenario(teams=(team,)))
    assert with_leave(0.2) == 1.25


def test_the_bridge_of_an_interval_holds_what_fell_into_it() -> None:
    pen = Pen()
    pen.span(0, "available", 8 * HOUR, 10 * HOUR)
    pen.span(0, "block", 10 * HOUR, 10 * HOUR + 10 * MINUTE)
    pen.served(9 * HOUR + 20 * MINUTE, 0, 15 * MINUTE, 5 * MINUTE)
    _, found = reduce(pen)
    part = dict(zip(BRIDGE_COLUMNS, found.bridge[:, 0] // MINUTE, strict=True))
    there = slice(17, 21)  # 08:30 to 10:30
    assert part["rostered"][there].tolist() == [30, 30, 30, 10]
    assert part["present"][there].tolist() == [30, 30, 30, 0]
    assert part["off_desk"][there].tolist() == [0, 0, 0, 10]
    assert part["handling"][there].tolist() == [0, 10, 5, 0]
    assert part["wrap_up"][there].tolist() == [0, 0, 5, 0]
    assert part["idle"][there].tolist() == [30, 20, 20, 0]


def parts_of_a_channel(*promises: model.Promise) -> model.Scenario:
    """Segments a and b call about bugs, a about other things as well."""
    base = scenario()
    names = (("a", "bug"), ("a", "other"), ("b", "bug"))
    queues = tuple(replace(base.queues[0], segment=s, topic=t) for s, t in names)
    return replace(
        base, queues=queues, segments=(model.Segment("a", None), model.Segment("b", None)),
        topics=(model.Topic("bug"), model.Topic("other")),
        teams=(replace(base.teams[0], places=(0, 0, 0)),), promises=promises,
    )  # fmt: skip


def test_answered_in_limit_needs_one_promise_over_the_whole_row() -> None:
    bugs = promise(queues=(True, False, True))
    every = promise("slow", queues=(True, True, True), limit=MINUTE)
    named = {r.segment: r.promise for r in rows(parts_of_a_channel(bugs)) if r.channel == "phone"}
    assert named == {"all": -1, "a": -1, "b": 0}
    desk = parts_of_a_channel(bugs, every)
    assert {r.segment: r.promise for r in rows(desk)} == {"all": 1, "a": 1, "b": 0}
    pen = Pen()
    for queue in (0, 1, 2):
        pen.served(HOUR, 30 * SECOND, MINUTE, queue=queue)
    _, found = reduce(pen, desk)
    in_limit = found.intervals[COLUMNS.index("answered_in_limit"), : len(rows(desk)), 2]
    assert dict(zip((r.segment for r in rows(desk)), in_limit, strict=True)) == {"all": 3, "a": 2, "b": 0}


def test_two_chats_in_hand_are_one_busy_agent() -> None:
    pen = Pen()
    pen.span(0, "available", 0, DAY)
    pen.served(HOUR, 0, HOUR)
    pen.served(HOUR + 30 * MINUTE, 0, HOUR, 30 * MINUTE)
    assert value(pen, "desk.busy_agents") == pytest.approx(2 / 24)
    assert value(pen, "all.workload") == pytest.approx(2.5 / 24)


def interval(pen: Pen, column: str, channel: str, desk: model.Scenario | None = None) -> np.ndarray:
    desk = desk or scenario()
    _, found = reduce(pen, desk)
    row = next(i for i, r in enumerate(rows(desk)) if r.channel == channel)
    return found.intervals[COLUMNS.index(column), row]


def test_intervals_book_by_creation_and_staff_by_the_clock() -> None:
    pen = small()
    assert interval(pen, "offered", "phone")[[2, 10, 12]].tolist() == [2, 1, 1]
    assert interval(pen, "offered", "phone").sum() == 4
    assert interval(pen, "busy_h", "all")[2:4].sum() == pytest.approx(24 / 60)
    assert interval(pen, "rostered_h", "all").tolist() == [1.0] * 48
    assert interval(pen, "wait_p95_s", "phone")[2] == pytest.approx(0.95 * 30, rel=1e-3)
    assert interval(pen, "blocked", "phone")[14] == 1


def test_backlog_and_oldest_age_just_before_the_end_of_an_interval() -> None:
    pen = Pen()
    pen.served(HOUR, HOUR, HOUR, queue=1)  # replied to at 3:00
    pen.waiting(2 * HOUR, queue=1)
    assert interval(pen, "backlog", "ticket")[:8].tolist() == [0, 0, 1, 1, 2, 2, 1, 1]
    assert interval(pen, "oldest_h", "ticket")[:8].tolist() == [0, 0, 0.5, 1, 1.5, 2, 1.5, 2]


def test_the_sum_of_intervals_is_the_whole() -> None:
    _, found = reduce(small(), scenario(promises=(promise(),)))
    yardstick = Yardstick(scenario(promises=(promise(),)))
    for column in ("offered", "answered", "abandoned", "blocked", "turned_away"):
        whole = found.rows[yardstick.places["phone", column], 2]
        assert interval(small(), column, "phone").sum() == whole
    assert found.kept.sum() / found.judged.sum() == found.rows[yardstick.places["p", "kept_share"], 2]


def test_a_hundred_thousand_contacts_are_measured_in_half_a_second() -> None:
    yardstick = Yardstick(scenario(7, promises=(promise(), promise("t", ("ticket",), limit=HOUR))))
    journal = large(100_000)
    measured(journal, yardstick)
    begun = time.process_time()  # others may use the machine too
    measured(journal, yardstick)
    assert time.process_time() - begun < 0.5


def large(n: int) -> Journal:
    """n contacts over a week, half phone, half ticket, served or abandoned."""
    random = np.random.default_rng(1)
    created = np.sort(random.integers(0, 7 * DAY, n))
    wait, work = random.exponential(MINUTE, n).astype(int), random.exponential(5 * MINUTE, n).astype(int)
    lost = random.random(n) < 0.1
    at = np.where(lost, NEVER, created + wait)
    left = np.where(lost, created + wait, created + wait + work)
    issues, contacts = np.zeros(n, ISSUES), np.zeros(n, CONTACTS)
    touches, presence = np.zeros(n, TOUCHES), np.zeros(14, PRESENCE)
    issues["asked"], issues["state"], issues["contacts"] = created, np.where(lost, 2, 1), 1
    issues["customer"] = random.integers(0, 5000, n)
    contacts["issue"] = contacts["row"] = touches["contact"] = touches["touch"] = np.arange(n)
    contacts["number"], contacts["queue"] = 1, random.integers(0, 2, n)
    contacts["channel"] = touches["queue"] = contacts["queue"]
    contacts["created"], contacts["answered"], contacts["left"] = created, at, left
    contacts["outcome"] = np.where(lost, 3, 1)
    touches["joined"] = touches["entered"] = created
    touches["started"], touches["agent"] = at, np.where(lost, -1, random.integers(0, 2, n))
    touches["talk_ended"] = touches["ended"] = left
    presence["agent"], presence["what"] = np.repeat([0, 1], 7), 1
    presence["begin"] = np.tile(np.arange(7) * DAY, 2)
    presence["end"] = presence["begin"] + DAY
    return Journal(issues, contacts, touches, presence, 7 * DAY, 1, 1)


def test_a_calendar_without_an_end_is_the_whole_clock() -> None:
    pen = Pen()
    pen.served(HOUR, 20 * SECOND, MINUTE)
    yardstick, found = reduce(pen, scenario(promises=(promise(hours=ALWAYS),)))
    assert found.rows[yardstick.places["p", "kept_share"], 2] == 1


def test_work_three_years_from_the_begin_is_still_its_agents() -> None:
    """Ticks of more than 46 bits, of the second agent: ten minutes of work in 1,200 days of two."""
    days = 1200
    pen = Pen(days * DAY)
    for agent in (0, 1):
        pen.span(agent, "available", 0, days * DAY)
    pen.served(1100 * DAY, 0, 10 * MINUTE, agent=1)
    assert value(pen, "all.busy_agents", scenario(days)) == pytest.approx(600 / (days * 86400))
    assert value(pen, "all.occupancy", scenario(days)) == pytest.approx(600 / (2 * days * 86400))
