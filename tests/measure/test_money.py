"""Money by hand, to the cent: a day of one agent, agent-shifts at the borders of time, whose work it was."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measure.by_arrays.replication import measured as by_arrays
from measure.journals import Pen, promise, scenario
from supportsim.engine.clocks import play
from supportsim.engine.layout import Layout
from supportsim.measure.money import PARTS
from supportsim.measure.prices import divided, micro, priced
from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario import model
from supportsim.scenario.load import load
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND

STORY = """
name: a-day
start: 2026-03-02
length: 1 day
currency: EUR
segments: {premium: {}, free: {}}
channels:
  chat:
    kind: live
    concurrency: 2
    waiting_room: 1
    handle_time: 5 min
    patience: 1 h
    cost: {contact: 0.10, month: 60}
demand:
  chats: {channel: chat, trace: chats.csv}
teams:
  desk:
    serves: [chat]
    shifts: {day: {days: mon, hours: 09:00-17:00, agents: 1, breaks: [30 min unpaid at 13:00]}}
    wage: 30/h
    overtime: x 1.5
    seat: 95/month
    shrinkage: {leave: 20%}
promises:
  gold: {of: premium chat, answer: 1 min, share: 80%, judged: daily, penalty: 15/breach, penalty_lost: 4/contact,
         credit: 500/period}
"""
#: Two chats at once from 10:10 to 10:30; meanwhile one waits for 3 min and leaves, and one finds no place to wait.
#: The chat of 12:50 puts the break off by 10 min, that of 16:50 is finished in 15 min of overtime.
CHATS = """at,segment,handle_min,patience_min
2026-03-02 10:00,premium,30,60
2026-03-02 10:10,free,30,60
2026-03-02 10:15,premium,10,3
2026-03-02 10:16,premium,10,3
2026-03-02 12:50,free,20,60
2026-03-02 16:50,premium,25,60
"""


@pytest.fixture
def story(tmp_path: Path) -> tuple[Yardstick, Measured]:
    (tmp_path / "day.yaml").write_text(STORY)
    (tmp_path / "chats.csv").write_text(CHATS)
    day = load(tmp_path / "day.yaml")
    yardstick = Yardstick(day)
    return yardstick, measured(play(Layout(day), 1, 1), yardstick)


def value(found: tuple[Yardstick, Measured], selector: str, name: str) -> float:
    return float(found[1].rows[found[0].places[selector, name], 2])


def amounts(found: tuple[Yardstick, Measured]) -> dict[tuple[str, str], float]:
    return dict(zip(found[0].ledger.lines, (found[1].lines / 1e6).tolist(), strict=True))


def test_a_day_to_the_cent(story: tuple[Yardstick, Measured]) -> None:
    assert amounts(story) == {
        ("pay", "desk"): 281.25,  # 7.5 h at 30, and a quarter of it for leave
        ("overtime_pay", "desk"): 11.25,  # 15 min at 45
        ("seats", "desk"): 3.121150,  # 95 for 1 of 30.4375 days
        ("channel_cost", "chat"): 2.471253,  # 5 that got through at 0.10; 60 for 1 of 30.4375 days
        ("penalty", "gold"): 15,  # the one who left
        ("penalty_lost", "gold"): 8,  # he, and the one who heard busy
        ("credit", "gold"): 500,  # 2 of 3 is below 80 %
    }
    assert value(story, "all", "cost") == 821.092403
    assert value(story, "all", "cost_per_contact") == pytest.approx(821.092403 / 4)
    assert value(story, "all", "cost_per_solved") == pytest.approx(821.092403 / 4)


def test_whose_cost_a_day_is(story: tuple[Yardstick, Measured]) -> None:
    premium, free, filler, unallocated = (story[1].allocated / 1e6).tolist()
    # premium: 10 min alone, 10 of 20 min with two in hand, 10 min before 17:00; 15 min of overtime
    assert dict(zip(PARTS, premium, strict=True)) == {
        "agents": 15 + 11.25, "channel_cost": 0.3, "penalty": 15, "penalty_lost": 8, "credit": 0,
    }  # fmt: skip
    assert free == [20, 0.2, 0, 0, 0]
    assert filler == [0] * 5
    # 225 less 35 for time at work, leave, the seat; the month of the channel
    assert unallocated == [190 + 56.25 + 3.121150, 1.971253, 0, 0, 500]
    assert [value(story, who, "allocated_cost") for who in ("premium", "free", "all")] == [49.55, 20.2, 69.75]
    assert [value(story, "all", f"{who}_cost") for who in ("filler", "unallocated")] == [0, 751.342403]
    assert [value(story, who, "cost_per_contact") for who in ("premium", "free")] == [49.55 / 2, 20.2 / 2]


# ---------------- agent-shifts


def lines(pen: Pen, desk: model.Scenario) -> dict[tuple[str, str], float]:
    yardstick = Yardstick(desk)
    return amounts((yardstick, measured(pen.journal(), yardstick)))


def test_of_a_shift_that_counted_time_cuts_the_part_inside_is_paid() -> None:
    night = model.Shift("night", tuple(range(7)), 22 * HOUR, 30 * HOUR, 1)
    team = model.Team("desk", ("phone",), (0, 1), None, (night,), wage_per_hour=10.0, overtime_factor=2.0)
    desk = scenario(days=1, warm_up=1, run_out=1, teams=(team,))
    pen = Pen(end=3 * DAY)
    pen.span(0, "available", 22 * HOUR, DAY + 6 * HOUR)
    pen.span(0, "overtime", DAY + 6 * HOUR, DAY + 7 * HOUR)
    pen.span(0, "available", DAY + 22 * HOUR, 2 * DAY + 6 * HOUR)
    pen.span(0, "overtime", 2 * DAY + 6 * HOUR, 2 * DAY + 7 * HOUR)
    found = lines(pen, desk)
    assert found["pay", "desk"] == (6 + 2) * 10
    assert found["overtime_pay", "desk"] == 20


def test_each_shift_is_rounded_by_itself_and_halves_go_to_the_even_micro_unit() -> None:
    day = model.Shift("day", tuple(range(7)), 8 * HOUR, 9 * HOUR, 1)
    desk = scenario(days=3, teams=(model.Team("desk", ("phone",), (0, 1), None, (day,), wage_per_hour=0.000001),))
    pen = Pen(end=3 * DAY)
    for k, length in enumerate((HOUR // 2, HOUR // 2 + 1, HOUR // 2 - 1)):  # 0.5, a little more, a little less
        pen.span(0, "available", k * DAY + 8 * HOUR, k * DAY + 8 * HOUR + length)
    assert lines(pen, desk)["pay", "desk"] == pytest.approx(1e-6)


def test_who_is_always_present_is_paid_by_local_days() -> None:
    desk = scenario(days=2, teams=(model.Team("desk", ("phone",), (0, 1), 1, (), wage_per_hour=1e-6 / 48),))
    pen = Pen(end=2 * DAY)
    pen.span(0, "available", 0, 2 * DAY)
    assert lines(pen, desk)["pay", "desk"] == 0  # the wage itself is below half a micro-unit
    team = replace(desk.teams[0], wage_per_hour=27.5)
    yardstick = Yardstick(replace(desk, teams=(team,)))
    assert yardstick.desk.agent_shifts[1].tolist() == [0, DAY]
    assert lines(pen, yardstick.scenario)["pay", "desk"] == 48 * 27.5


def test_unpaid_breaks_are_not_paid_lost_ones_are_and_absence_is_less_those_it_would_have_had() -> None:
    rest = model.Break(30 * MINUTE, False, 12 * HOUR, 12 * HOUR)
    day = model.Shift("day", tuple(range(7)), 8 * HOUR, 16 * HOUR, 3, (rest,))
    desk = scenario(teams=(model.Team("desk", ("phone",), (0, 1), None, (day,), wage_per_hour=10.0),))
    pen = Pen()
    pen.span(0, "available", 8 * HOUR, 12 * HOUR)
    pen.span(0, "break_unpaid", 12 * HOUR, 12 * HOUR + 30 * MINUTE)
    pen.span(0, "available", 12 * HOUR + 30 * MINUTE, 16 * HOUR)
    pen.span(1, "available", 8 * HOUR, 16 * HOUR)
    pen.span(1, "break_lost", 16 * HOUR, 16 * HOUR)
    pen.span(2, "absent", 8 * HOUR, 16 * HOUR)
    assert lines(pen, desk)["pay", "desk"] == (7.5 + 8 + 7.5) * 10


# ---------------- promises


def test_without_a_price_or_a_promise_nothing_is_due() -> None:
    pen = Pen()
    pen.lost(HOUR, 3 * SECOND)
    free = replace(scenario(), teams=(replace(scenario().teams[0], wage_per_hour=0.0),))
    assert set(lines(pen, free).values()) == {0}
    assert set(lines(pen, replace(free, promises=(promise(),))).values()) == {0}


def test_lost_are_the_abandoned_the_blocked_and_those_cut_or_timed_out_whatever_the_formula_counts() -> None:
    pen = Pen()
    for outcome in ("abandoned", "disconnected", "timed_out"):
        pen.lost(HOUR, SECOND, outcome)
    pen.contact(HOUR, "busy", left=HOUR)
    pen.contact(HOUR, "closed", left=HOUR)
    pen.waiting(HOUR)
    pen.served(HOUR, MINUTE, MINUTE)
    for counted, breaches in (("answered only", 1), ("answered/offered", 4), ("short abandons excluded", 3)):
        priced = promise(counted=counted, penalty=1.0, penalty_lost=10.0)
        found = lines(pen, scenario(promises=(priced, replace(priced, name="again"))))
        assert [found["penalty", name] for name in ("p", "again")] == [breaches] * 2
        assert [found["penalty_lost", name] for name in ("p", "again")] == [40] * 2


@pytest.mark.parametrize(("judged", "missed"), [("daily", 2), ("weekly", 1), ("all", 1), ("monthly", 1)])
def test_a_credit_is_due_for_each_period_with_a_case_below_the_share(judged: str, missed: int) -> None:
    pen = Pen(end=4 * DAY)
    pen.served(HOUR, 0, MINUTE)
    pen.lost(DAY + HOUR, MINUTE)
    pen.served(DAY + HOUR, 0, MINUTE)
    pen.lost(3 * DAY + HOUR, MINUTE)  # nobody comes on the third day
    desk = scenario(days=4, promises=(promise(judged=judged, credit=500.0, share=0.8),))
    assert lines(pen, desk)["credit", "p"] == 500 * missed


def test_a_reply_has_no_lost_contacts() -> None:
    desk = scenario(promises=(promise("p", ("ticket",), limit=HOUR, penalty=2.5),))
    pen = Pen()
    pen.lost(HOUR, 3 * HOUR, "withdrew", queue=1)
    found = lines(pen, desk)
    assert (found["penalty", "p"], found["penalty_lost", "p"]) == (2.5, 0)


# ---------------- whole amounts


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**13), min_size=1, max_size=9))
def test_what_is_divided_adds_up_and_nobody_is_a_micro_unit_from_his_part(amount: int, parts: list[int]) -> None:
    found = divided(amount, parts)
    assert sum(found) == amount
    if sum(parts):
        assert all(abs(got - Fraction(amount * part, sum(parts))) < 1 for got, part in zip(found, parts, strict=True))


def test_of_equal_remainders_the_lower_index_gets_more() -> None:
    assert divided(5, [1, 1, 1]) == [2, 2, 1]
    assert divided(1, [3, 3, 0]) == [1, 0, 0]
    assert divided(7, [0, 0]) == [0, 7]


@given(
    st.fractions(0, 10**9, max_denominator=997), st.lists(st.integers(0, 400 * HOUR), max_size=6)
)  # fmt: skip
def test_amounts_are_rounded_row_by_row_however_large(price: Fraction, ticks: list[int]) -> None:
    assert priced(price, np.array(ticks, dtype=np.int64)) == sum(round(price * row / HOUR) for row in ticks)


def test_a_price_is_the_decimal_number_of_the_file() -> None:
    assert [micro(price) for price in (27.5, 0.1, 1.0000005, 1.0000015, 1e-7, 0.0)] == [
        27_500_000, 100_000, 1_000_000, 1_000_002, 0, 0,
    ]  # fmt: skip


def test_more_than_64_bits_hold_is_an_error_and_no_wrong_number() -> None:
    pen = Pen()
    pen.span(0, "available", 0, DAY)
    for wage in (1e12, 1e20):
        with pytest.raises(OverflowError, match="currency in one replication"):
            lines(pen, scenario(teams=(replace(scenario().teams[0], wage_per_hour=wage),)))


# ---------------- time shared by the contacts in hand


@st.composite
def hands(draw: st.DrawFn) -> Pen:
    """Stretches of two agents, any number at once, some on filler, partly outside their time at the desk."""
    pen = Pen()
    for agent in range(2):
        pen.span(agent, "available", 8 * HOUR, 16 * HOUR)
        pen.span(agent, "overtime", 16 * HOUR, 17 * HOUR)
    pieces = st.tuples(st.integers(7 * 60, 17 * 60), st.integers(0, 90), st.integers(0, 1), st.integers(0, 2))
    for begin, length, agent, queue in draw(st.lists(pieces, max_size=12)):
        if queue == 2:
            pen.filler(begin * MINUTE, length * MINUTE + 1, agent=agent)
        else:
            pen.served(begin * MINUTE, 0, length * MINUTE, 7 * queue, agent=agent, queue=queue)
    return pen


@settings(max_examples=60, deadline=None)
@given(hands())
def test_an_agent_with_n_in_hand_works_a_part_of_n_for_each(pen: Pen) -> None:
    team = replace(scenario().teams[0], wage_per_hour=31.7, overtime_factor=1.3, leave=0.07)
    yardstick = Yardstick(scenario(teams=(team,)))
    found, expected = measured(pen.journal(), yardstick), by_arrays(pen.journal(), yardstick)
    np.testing.assert_array_equal(found.lines, expected.lines)
    np.testing.assert_array_equal(found.allocated, expected.allocated)
    assert found.allocated.sum() == found.lines.sum()


def test_days_have_their_own_cost_and_credits_fall_on_the_last_day_of_their_period() -> None:
    """Two people at 20 an hour all day; a caller of Monday leaves, one of Tuesday is answered: half is below 80 %."""
    week = scenario(days=2, promises=(promise(judged="weekly", penalty=15.0, penalty_lost=4.0, credit=500.0),))
    pen = Pen(2 * DAY)
    pen.span(0, "available", 0, 2 * DAY)
    pen.span(1, "available", 0, DAY + 6 * HOUR)
    pen.lost(9 * HOUR, MINUTE)
    pen.served(DAY + 9 * HOUR, 0, MINUTE)
    yardstick = Yardstick(week)
    found = measured(pen.journal(), yardstick)
    days = found.daily[yardstick.daily_keys.index(("all", "cost"))]
    assert days.tolist() == pytest.approx([2 * 24 * 20 + 15 + 4, (24 + 6) * 20 + 500])
    assert days.sum() == pytest.approx(value((yardstick, found), "all", "cost"))
    hours = found.daily[yardstick.daily_keys.index(("desk", "paid_hours"))]
    assert hours.tolist() == [48, 30]
