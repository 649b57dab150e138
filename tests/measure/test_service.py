"""Promises: the six formulas, what is judged, and when a promise is broken."""

from __future__ import annotations

import math

import numpy as np
import pytest

from measure.journals import OFFICE, Pen, promise, scenario
from supportsim.measure.catalogue import FORMULAS
from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.measure.service import formula_sums
from supportsim.scenario.model import Promise
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND

FIXTURE = {
    "answered_of_offered": 81.1,
    "short_abandons_good": 83.0,
    "short_abandons_excluded": 82.7,
    "of_answered": 86.0,
    "brief_abandons_credited": 82.1,
    "brief_abandons_excluded": 81.9,
}


def value(pen: Pen, of: Promise, measure: str = "kept_share", days: int = 1) -> float:
    """One promise measure of one journal."""
    desk = scenario(days, promises=(of,))
    yardstick = Yardstick(desk)
    return pick(yardstick, measured(pen.journal(), yardstick), of.name, measure)


def pick(yardstick: Yardstick, found: Measured, selector: str, measure: str) -> float:
    return float(found.rows[yardstick.places[selector, measure], 2])


def fixture() -> Pen:
    """1000 answered, 860 of them in 20 s; 60 abandoned: 10 within 5 s, 10 more within 20 s, 40 later."""
    pen = Pen()
    for i in range(1000):
        pen.served(HOUR + i, 20 * SECOND if i < 860 else 20 * SECOND + 1, MINUTE)
    for i in range(60):
        pen.lost(HOUR + i, (5 if i < 10 else 20 if i < 20 else 21) * SECOND)
    return pen


def test_the_published_example_gives_its_six_percentages() -> None:
    sums = formula_sums(*(np.array([n]) for n in (1000, 860, 60, 20, 10, 0)))
    found = {name: round(100 * float(top[0] / bottom[0]), 1) for name, (top, bottom) in sums.items()}
    assert found == FIXTURE


@pytest.mark.parametrize(("name", "counted"), [(name, counted) for name, counted, _ in FORMULAS])
def test_a_journal_of_the_example_gives_the_same_by_any_choice(name: str, counted: str) -> None:
    pen = fixture()
    of = promise(counted=counted)
    assert round(100 * value(pen, of), 1) == FIXTURE[name]
    assert round(100 * value(pen, of, name), 1) == FIXTURE[name]


def test_the_limit_itself_is_kept_and_one_tick_more_is_not() -> None:
    pen = Pen()
    pen.served(HOUR, 20 * SECOND, MINUTE)
    assert value(pen, promise()) == 1.0
    pen.served(2 * HOUR, 20 * SECOND + 1, MINUTE)
    assert value(pen, promise()) == 0.5


def test_nobody_offered_is_no_value_and_never_a_hundred_per_cent() -> None:
    pen = Pen()
    pen.contact(HOUR, "busy", left=HOUR)
    pen.contact(HOUR, "closed", left=HOUR)
    for measure in ("kept_share", *FIXTURE):
        assert math.isnan(value(pen, promise(), measure))


def test_disconnected_and_zero_patience_are_offered_but_blocked_closed_and_waiting_are_not() -> None:
    pen = Pen()
    pen.served(HOUR, 0, MINUTE)
    pen.lost(HOUR, 0)  # no patience at all
    pen.lost(HOUR, SECOND, "disconnected")
    pen.contact(HOUR, "busy", left=HOUR)
    pen.contact(HOUR, "closed", left=HOUR)
    pen.waiting(HOUR)
    assert value(pen, promise()) == pytest.approx(1 / 3)
    # who was cut off did not leave of his own will: he is neither credited nor excluded
    assert value(pen, promise(), "short_abandons_good") == pytest.approx(2 / 3)
    assert value(pen, promise(), "short_abandons_excluded") == pytest.approx(1 / 2)


def test_a_contact_before_counted_time_is_not_judged_and_one_answered_in_the_run_out_is() -> None:
    desk = scenario(1, warm_up=1, run_out=1, promises=(promise(limit=2 * HOUR),))
    pen = Pen(3 * DAY)
    pen.served(DAY - 1, 3 * HOUR, MINUTE)
    pen.served(2 * DAY - 1, HOUR, MINUTE)
    pen.served(2 * DAY, 3 * HOUR, MINUTE)
    yardstick = Yardstick(desk)
    found = measured(pen.journal(), yardstick)
    assert pick(yardstick, found, "p", "kept_share") == 1.0
    assert found.judged.sum() == 1


def test_answer_limits_count_open_ticks_of_their_hours() -> None:
    pen = Pen()
    pen.served(8 * HOUR, HOUR + 20 * SECOND, MINUTE)  # 20 s after opening
    pen.served(8 * HOUR, HOUR + 21 * SECOND, MINUTE)
    assert value(pen, promise(hours=OFFICE)) == 0.5


def test_judged_days_are_ratios_of_sums_and_days_without_cases_are_no_days() -> None:
    pen = Pen(3 * DAY)
    for i in range(8):
        pen.served(HOUR, 0 if i else HOUR, MINUTE)  # 7 of 8 on the first day
    pen.served(2 * DAY + HOUR, HOUR, MINUTE)  # none of 1 on the third
    desk = scenario(3, promises=(promise(),))
    yardstick = Yardstick(desk)
    found = measured(pen.journal(), yardstick)
    np.testing.assert_allclose(found.periods[0], [7 / 8, math.nan, 0])
    assert pick(yardstick, found, "p", "kept_share") == pytest.approx(7 / 9)
    assert pick(yardstick, found, "p", "periods_kept_share") == 0.5


def tickets(**changes: object) -> Promise:
    return promise(of=("ticket",), limit=HOUR, **changes)


def test_a_reply_within_business_hours_over_a_night() -> None:
    pen = Pen(3 * DAY)
    pen.served(16 * HOUR + 30 * MINUTE, 16 * HOUR, HOUR, queue=1)  # Monday 16:30 to Tuesday 09:30: 1 h open
    pen.served(16 * HOUR + 30 * MINUTE, 16 * HOUR + 1, HOUR, queue=1)
    assert value(pen, tickets(hours=OFFICE), days=3) == 0.5


def test_a_reply_at_opening_time_is_kept_when_the_limit_ran_out_at_closing() -> None:
    pen = Pen(3 * DAY)
    pen.served(16 * HOUR, 16 * HOUR, HOUR, queue=1)  # due Monday 17:00, replied to on Tuesday at 09:00
    assert value(pen, tickets(hours=OFFICE), days=3) == 1.0
    pen.served(16 * HOUR, 16 * HOUR, HOUR + 1, queue=1)
    assert value(pen, tickets(hours=OFFICE), days=3) == 0.5


def test_open_and_past_due_is_broken_open_and_not_due_is_told_apart() -> None:
    pen = Pen()
    pen.served(HOUR, 0, MINUTE, queue=1)
    pen.waiting(DAY - HOUR - 1, queue=1)
    pen.waiting(DAY - HOUR, queue=1)  # due exactly at the horizon: not yet broken
    assert value(pen, tickets()) == 0.5
    assert value(pen, tickets(), "broken_open") == 1
    assert value(pen, tickets(), "not_yet_due") == 1


def test_what_is_open_is_told_with_its_age_from_the_begin_of_its_clock() -> None:
    pen = Pen()
    pen.served(HOUR, 0, MINUTE, queue=1)
    pen.lost(6 * HOUR, HOUR, "withdrew", queue=1)
    pen.waiting(DAY - 6 * HOUR, queue=1)  # broken and open, 6 h
    again = pen.issue(DAY - 4 * HOUR, "open", contacts=2)
    pen.lost(DAY - 4 * HOUR, HOUR, "withdrew", issue=again, queue=1)
    pen.waiting(DAY - HOUR, issue=again, number=2, queue=1)  # 4 h: from the first contact of its issue
    pen.waiting(DAY - 30 * MINUTE, queue=1)  # not yet due
    assert value(pen, tickets(), "broken_open") == 2
    assert value(pen, tickets(), "not_yet_due") == 1
    assert value(pen, tickets(), "open_age_mean") == pytest.approx((6 + 4 + 0.5) / 3)
    assert value(pen, tickets(), "open_age_max") == 6


def test_a_caller_who_still_waits_has_an_age_beside_his_promise() -> None:
    pen = Pen()
    pen.served(HOUR, 0, MINUTE)
    assert math.isnan(value(pen, promise(), "open_age_mean"))
    assert math.isnan(value(pen, promise(), "open_age_max"))
    pen.waiting(DAY - 2 * HOUR)
    pen.waiting(DAY - HOUR)
    assert value(pen, promise(), "open_age_mean") == 1.5
    assert value(pen, promise(), "open_age_max") == 2


def test_a_withdrawn_contact_breaks_only_after_its_due_tick() -> None:
    pen = Pen()
    pen.lost(HOUR, HOUR, "withdrew", queue=1)
    pen.lost(HOUR, HOUR + 1, "withdrew", queue=1)
    assert value(pen, tickets()) == 0.0
    assert value(pen, tickets(), "broken") == 1
    assert value(pen, tickets(), "withdrawn_before_due") == 1


def test_a_first_reply_runs_from_the_first_contact_of_the_issue_to_the_first_reply_there() -> None:
    pen = Pen()
    issue = pen.issue(HOUR, "solved", contacts=3)
    pen.served(HOUR, 2 * MINUTE, MINUTE, issue=issue)  # by phone: another channel
    pen.lost(2 * HOUR, 10 * MINUTE, "withdrew", issue=issue, number=2, queue=1)
    pen.served(2 * HOUR + 30 * MINUTE, 25 * MINUTE, 5 * MINUTE, issue=issue, number=3, queue=1)
    assert value(pen, tickets()) == 1.0  # 2:00 to 3:00
    assert value(pen, tickets(), "withdrawn_before_due") == 0
    pen.served(20 * HOUR, 0, MINUTE, issue=issue, number=4, queue=1)
    assert value(pen, tickets()) == 1.0


def test_a_second_reply_of_an_issue_is_not_judged_again() -> None:
    pen = Pen()
    issue = pen.issue(HOUR, "solved", contacts=2)
    pen.served(HOUR, 0, MINUTE, issue=issue, queue=1, outcome="unresolved")
    pen.served(2 * HOUR, 5 * HOUR, MINUTE, issue=issue, number=2, queue=1)
    assert value(pen, tickets()) == 1.0


def test_people_behind_broken_promises_are_counted_once() -> None:
    pen = Pen()
    for customer in (7, 7, 9, 11):
        pen.served(HOUR, 0 if customer == 11 else MINUTE, MINUTE, customer=customer)
    assert value(pen, promise(), "people_broken") == 2
