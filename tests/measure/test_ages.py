"""The backlog by age, and waits by class beyond a replication, by hand."""

from __future__ import annotations

import numpy as np

from measure.journals import Pen, scenario
from supportsim.measure.ages import BANDS
from supportsim.measure.booking_contacts import class_of
from supportsim.measure.classes import WaitClasses, classes_in, room, sparse
from supportsim.measure.intervals import COLUMNS
from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER, SECOND

HALF = HOUR // 2


def reduce(pen: Pen, days: int = 5) -> tuple[Yardstick, Measured]:
    yardstick = Yardstick(scenario(days))
    return yardstick, measured(pen.journal(), yardstick)


def ages(found: Measured, hours: float) -> list[int]:
    """The bands just before so many hours of counted time."""
    assert found.ages.dtype == np.int64
    return found.ages[:, 0, int(hours * 2) - 1].tolist()


def test_a_ticket_grows_older_until_its_reply_goes_out() -> None:
    """Written at 0:00, replied to at 6:00 on the fourth day, 78 h later; just before 8:00 it is not yet 8 h old."""
    pen = Pen(5 * DAY)
    pen.served(0, 77 * HOUR, HOUR, queue=1)
    _, found = reduce(pen)
    at = {0.5: 0, 8: 0, 8.5: 1, 24: 1, 24.5: 2, 72: 2, 72.5: 3, 78: 3}
    for hours, band in at.items():
        assert ages(found, hours) == [int(b == band) for b in range(len(BANDS))], hours
    assert ages(found, 78.5) == [0, 0, 0, 0]


def test_the_bands_add_up_to_the_backlog_and_know_neither_calls_nor_filler() -> None:
    pen = Pen(5 * DAY)
    pen.waiting(3 * HOUR, queue=1)
    pen.waiting(30 * HOUR, queue=1)
    pen.lost(4 * HOUR, 40 * HOUR, "withdrew", queue=1)
    pen.waiting(3 * HOUR, queue=0)
    pen.filler(0, 10 * HOUR, done=False)
    pen.served(-20 * HOUR, 40 * HOUR, HOUR, queue=1)  # was there when play began, 20 h old
    yardstick, found = reduce(pen)
    row = [r.channel for r in yardstick.table].index("ticket")
    backlog = found.intervals[COLUMNS.index("backlog"), row]
    assert found.ages[:, 0].sum(axis=0).tolist() == backlog.tolist() == found.waiting[0].tolist()
    assert ages(found, 1) == [0, 1, 0, 0]
    assert ages(found, 5) == [2, 0, 1, 0]
    assert ages(found, 21) == [0, 2, 1, 0]
    assert ages(found, 120) == [0, 0, 0, 2]


def test_waits_are_kept_by_what_became_of_the_contact() -> None:
    pen = Pen()
    pen.served(HOUR, 0, MINUTE)
    pen.served(HOUR, 30 * SECOND, MINUTE)
    pen.served(HOUR, 30 * SECOND, MINUTE)
    pen.lost(HOUR, 30 * SECOND)
    pen.lost(HOUR, 90 * SECOND, "timed_out", patience=NEVER)
    pen.waiting(22 * HOUR)
    pen.contact(HOUR, "busy", left=HOUR)
    _, found = reduce(pen, 1)
    added = room(2)
    added[found.wait_counts.place] += found.wait_counts.number
    kinds, counts = classes_in(added)
    assert kinds.tolist() == [class_of(wait) for wait in (0, 30 * SECOND, 90 * SECOND, 2 * HOUR)]
    assert counts[0].tolist() == [[1, 2, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    assert not counts[1].any()


def test_classes_of_two_replications_are_put_together_in_any_order() -> None:
    one = WaitClasses(np.array([3, 7]), np.array([[[1, 2], [0, 0], [0, 1], [0, 0]]], dtype=np.int32))
    two = WaitClasses(np.array([5, 7]), np.array([[[4, 8], [1, 0], [0, 0], [0, 0]]], dtype=np.int32))
    for parts in ((one, two), (two, one)):
        added = room(1)
        for place, number in map(sparse, parts):
            added[place] += number
        found = classes_in(added)
        assert found.kinds.tolist() == [3, 5, 7]
        assert found.counts.tolist() == [[[1, 4, 10], [0, 1, 0], [0, 0, 1], [0, 0, 0]]]
        assert found.counts.dtype == np.int64
