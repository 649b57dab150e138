"""When the pile of a weekend or night is cleared, by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from measure.journals import Pen, promise, scenario

from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario.model import Scenario, Shift
from supportsim.scenario.ticks import DAY, HOUR, MINUTE
from supportsim.show.backlog_figure import backlogs, finding
from supportsim.study.piles import Pile, pile
from supportsim.study.result import Result
from supportsim.study.run import run


def office(days: int = 9, **changes: object) -> Scenario:
    """Two people from 9 to 17, Monday to Friday, from Monday 2 March on."""
    base = scenario(days, promises=(promise("p", ("ticket",), limit=HOUR),))
    shift = Shift("day", tuple(range(5)), 9 * HOUR, 17 * HOUR, 2)
    return replace(base, teams=(replace(base.teams[0], agents=None, shifts=(shift,)),), **changes)  # type: ignore[arg-type]


class Weekend:
    """People at their hours.  Three tickets of Saturday are answered from Monday 9:00 on; 40 k min later all are."""

    spans = tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in (0, 1, 2, 3, 4, 7, 8))

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        pen = Pen(9 * DAY)
        for agent in (0, 1):
            for span in self.spans:
                pen.span(agent, "available", *span)
        pen.waiting(10 * HOUR, queue=1)  # waits for ever, before the weekend too
        monday = 7 * DAY + 9 * HOUR
        for k in range(3):
            came = 5 * DAY + k * HOUR
            pen.served(came, monday + k * MINUTE - came, replication * 40 * MINUTE - k * MINUTE, queue=1)
        return measured(pen.journal(replication), self.yardstick)


class Always(Weekend):
    """The same, and two are there day and night."""

    spans = ((0, 9 * DAY),)


def played(n: int) -> Result:
    return run(office(), n, jobs=1, make=Weekend)


def test_the_weekend_is_cleared_at_the_first_interval_with_no_more_than_before() -> None:
    """The replies go out by 9:40, 10:20, 11:00: no more wait at the ends of 10:00, 10:30, and 11:30.

    At 11:00 sharp the third is gone only at the tick itself, so it still waits just before.
    """
    found = pile(played(3), 0)
    assert found is not None
    assert (found.begins, found.ends, found.hours, found.name) == ("Fri 17:00", "Mon 09:00", 64, "weekend")
    assert found.grown.tolist() == [3, 3, 3]
    assert found.cleared.tolist() == [1.0, 1.5, 2.5]
    assert found.typical == 1.5


def test_a_pile_that_is_there_at_the_end_is_not_cleared() -> None:
    found = pile(played(60), 0)  # counted time ends 39 h after the weekend
    assert found is not None
    assert found.cleared[[9, 57]].tolist() == [7.0, 39.0]  # 400 min; 38 h 40 min
    assert math.isinf(found.cleared[59])  # 40 h
    assert math.isfinite(found.typical)


def test_nobody_is_missed_where_somebody_is_always_there() -> None:
    always = replace(office(), teams=scenario().teams)
    assert pile(run(always, 1, jobs=1, make=Always), 0) is None


def test_the_sentence_of_the_backlog_says_when() -> None:
    (found,) = backlogs(played(3))
    assert finding(found) == (
        "ticket: 4.0 wait on average at the worst time, Sat 02:30, at most 1.0 of them longer than 72 h; the weekend's "
        "pile of 3.0 is cleared by Mon 10:30 in half of the weekends"
    )
    assert found.total[found.cut.labels.index("Sat 12:00")] == 4
    assert found.ages.sum(axis=0) == pytest.approx(found.total)
    assert found.empty[found.cut.labels.index("Sat 12:00")]
    assert not found.empty[found.cut.labels.index("Mon 09:00")]


def test_a_night_is_told_by_the_clock() -> None:
    assert Pile("Mon 20:00", "Tue 08:00", 12, 1, 8, *[played(1).waiting[0, 0, :1].astype(float)] * 2).name == "night"
