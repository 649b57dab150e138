"""The engine and the naive desk, two programs from one page of rules, write the same journal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.scenario.model import Scenario

sys.path.insert(0, str(Path(__file__).parent))
from generator import made, scenarios
from generator_shrink import candidates, described, shrunk
from generator_valid import faults
from journals_compared import difference, engine_and_naive_differ

MANY, BLOCK = 200, 25
LONG = range(200_000, 203_000)


def told(numbers: range) -> list[str]:
    """The first difference of each scenario that has one; what it is can be had smaller, see generator_shrink.py."""
    found = ((number, engine_and_naive_differ(made(number))) for number in numbers)
    return [f"made({number}): {wrong}" for number, wrong in found if wrong]


@pytest.mark.parametrize("first", range(0, MANY, BLOCK))
def test_the_naive_desk_writes_the_same_journal(first: int) -> None:
    wrong = told(range(first, first + BLOCK))
    assert not wrong, f"{len(wrong)} of {BLOCK} differ\n" + "\n".join(wrong[:3])


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios())
def test_the_naive_desk_writes_the_same_journal_of_what_is_drawn(scenario: Scenario) -> None:
    """The same through Hypothesis, which shrinks a difference to its smallest scenario."""
    wrong = engine_and_naive_differ(scenario)
    assert wrong is None, f"{wrong}\n{described(scenario)}"


def test_mail_that_goes_before_a_ticket_gives_way_to_a_call_which_is_starved() -> None:
    """Tickets are held several at once, and go before calls, but not before the mail that calls interrupt."""
    scenario = made(102_805)
    assert play(Layout(scenario), 1, 1).touches["starved"][12] == 1
    assert engine_and_naive_differ(scenario) is None


@pytest.mark.slow
@pytest.mark.parametrize("first", range(LONG.start, LONG.stop, 500))
def test_the_naive_desk_writes_the_same_journal_of_thousands(first: int) -> None:
    wrong = told(range(first, first + 500))
    assert not wrong, f"{len(wrong)} of 500 differ\n" + "\n".join(wrong[:3])


# ---------------------------------------------------------------- what the comparison itself does


def test_every_column_of_every_table_is_compared() -> None:
    scenario = made(3)
    journal = play(Layout(scenario), 1, 1)
    assert difference(journal, journal) is None
    for table in ("issues", "contacts", "touches", "presence"):
        rows = getattr(journal, table)
        assert len(rows), table
        for column in rows.dtype.names:
            changed = rows.copy()
            changed[column][-1] += 1
            wrong = difference(journal, type(journal)(**{**vars(journal), table: changed}))
            assert wrong is not None, (table, column)
            assert wrong.startswith(f"{table} row {len(rows) - 1}: {column}: ")
        wrong = difference(journal, type(journal)(**{**vars(journal), table: rows[:-1]}))
        assert wrong is not None
        assert "only the engine has row" in wrong
    assert difference(journal, type(journal)(**{**vars(journal), "end": journal.end + 1}))


def test_shrinking_leaves_nothing_that_is_not_needed() -> None:
    """What fails here is a wait limit beside heads: little else is left, and every step was valid."""
    tried: list[Scenario] = []

    def fails(scenario: Scenario) -> bool:
        tried.append(scenario)
        limited = any(channel.wait_limit for channel in scenario.channels)
        return limited and any(team.heads for team in scenario.teams)

    number = next(n for n in range(1000) if fails(made(n)) and len(made(n).teams) > 2)
    tried.clear()
    smallest = shrunk(made(number), fails)
    assert not any(faults(scenario) for scenario in tried)
    assert not any(fails(each) for each in candidates(smallest) if not faults(each))
    assert (len(smallest.channels), len(smallest.teams), len(smallest.streams)) == (1, 1, 0)
    assert len(described(smallest)) < len(described(made(number))) / 2
