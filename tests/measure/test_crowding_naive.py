"""The compiled sweep against the naive one, on generated scenarios."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from engine.generator import made

from measure.naive_crowding import NaiveCrowding, blocked_by, whole_ticks
from supportsim.engine.clocks import play
from supportsim.engine.journal import Journal
from supportsim.engine.layout import Layout
from supportsim.measure.crowding import by_queue, crowding
from supportsim.measure.crowding_plan import BESIDE
from supportsim.measure.replication import Yardstick
from supportsim.scenario.model import Scenario

FEW, MANY, BLOCK = 200, 400, 20
#: In these somebody is kept off by draining, or by his last chat, which is rare among the first.
RARE = (196, 199, 214, 405, 432, 528, 694)


def played(number: int) -> tuple[Scenario, Journal]:
    scenario = made(number)
    return scenario, play(Layout(scenario), 1, number)


def compared(scenario: Scenario, journal: Journal) -> Counter[str]:
    """Every cell, to the tick; the columns in which anything stood."""
    yardstick, naive = Yardstick(scenario), NaiveCrowding(journal, scenario)
    plan = yardstick.crowding_plan
    ticks, contacts = by_queue(journal, plan, yardstick.plan.frame)
    assert not naive.unexplained
    rows = {(q, i): ticks[q, i].tolist() for q, i in zip(*np.nonzero(ticks.any(axis=2)), strict=True)}
    assert rows.keys() == naive.waits.keys()
    found: Counter[str] = Counter()
    for row, wait in naive.waits.items():
        shares = naive.shares[row]
        assert sum(rows[row]) == wait == sum(shares.values())
        assert rows[row] == whole_ticks(shares, plan.columns), row
        assert contacts[row] == len(naive.waiting_contacts[row])
        found.update(name if name in BESIDE else "segments" for name, share in shares.items() if share)
    assert contacts.sum() == sum(len(some) for some in naive.waiting_contacts.values())
    return found


@cache
def columns_of(number: int) -> Counter[str]:
    """Those of a generated scenario in which anything stood, after every cell of it has been compared."""
    return compared(*played(number))


MORE = [pytest.param(first, marks=pytest.mark.slow) for first in range(FEW, MANY, BLOCK)]


@pytest.mark.parametrize("first", [*range(0, FEW, BLOCK), *MORE])
def test_generated_scenarios_are_divided_as_by_the_naive_one(first: int) -> None:
    for number in range(first, first + BLOCK):
        columns_of(number)


def test_every_column_occurs_in_what_is_compared() -> None:
    found: Counter[str] = Counter()
    for number in (*range(100), *RARE):
        found += columns_of(number)
    assert {*BESIDE, "segments"} <= found.keys()


def test_rows_add_up_to_the_waits_of_their_contacts() -> None:
    """Of first waits alone, which other tables count: the same ticks where nothing waits twice."""
    for number in range(60):
        scenario, journal = played(number)
        yardstick = Yardstick(scenario)
        ticks = crowding(journal, yardstick.crowding_plan, yardstick.plan.frame).ticks
        touches, grid = journal.touches, yardstick.grid
        created = journal.contacts["created"][touches["contact"]]
        mine = grid.counted(created) & (journal.contacts["kind"][touches["contact"]] != 4)
        over = np.minimum(np.minimum(touches["started"], touches["ended"]), journal.end)
        assert ticks.sum() == (over - touches["joined"])[mine].sum()


def test_who_holds_the_lines_is_counted_contact_by_contact() -> None:
    shown = 0
    for number in range(200):
        scenario, journal = played(number)
        yardstick = Yardstick(scenario)
        wanted = np.array(blocked_by(journal, scenario, yardstick.crowding_plan.pairs))
        found = crowding(journal, yardstick.crowding_plan, yardstick.plan.frame).blocked
        np.testing.assert_allclose(found.sum(axis=2), wanted, rtol=1e-12, atol=1e-12)
        shown += int(wanted.sum())
    assert shown > 50


def test_nothing_is_off_the_diagonal_where_each_segment_has_its_own_people() -> None:
    shown = 0
    for number in range(80):
        scenario = _apart(made(number))
        journal = play(Layout(scenario), 1, number)
        yardstick = Yardstick(scenario)
        ticks = crowding(journal, yardstick.crowding_plan, yardstick.plan.frame).ticks
        segments = [segment.name for segment in scenario.segments]
        for (segment, _), row in zip(yardstick.crowding_plan.pairs, ticks.sum(axis=2), strict=True):
            others = [i for i, name in enumerate(segments) if name != segment]
            assert not row[others].any(), (number, segment)
            shown += int(row[segments.index(segment)] > 0)
    assert shown > 20


def _apart(scenario: Scenario) -> Scenario:
    """Each segment is asked of one team that nobody else asks, and has a copy of the first team's people."""
    names = [segment.name for segment in scenario.segments]
    first = replace(scenario.teams[0], holds=(), drains=(), activities=())
    teams = []
    for name in names:
        places = tuple(0 if queue.segment == name else -1 for queue in scenario.queues)
        teams.append(replace(first, name=f"of {name}", serves=(name,), places=places))
    queues = tuple(replace(q, teams=((f"of {q.segment}",),), delays=(), by_team=()) for q in scenario.queues)
    return replace(scenario, teams=tuple(teams), queues=queues)
