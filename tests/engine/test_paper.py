"""A journal that somebody holds is never written on again; one that nobody holds is, and so is a desk's own paper."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from supportsim.demand.compiling import PLAIN
from supportsim.engine import kernel, operation
from supportsim.engine.layout import Layout
from supportsim.engine.paper import blank, lay_by, sheet
from supportsim.engine.tables import CONTACT, ISSUE, LINE, TOUCH

sys.path.insert(0, str(Path(__file__).parent))
from generator import made


def test_journals_that_are_held_stay_as_they_were() -> None:
    layout = Layout(made(3))
    first = kernel.play(layout, 1, 1)
    hashed = first.xxh128()
    others = [kernel.play(layout, 1, replication).xxh128() for replication in (2, 3, 4)]
    assert first.xxh128() == hashed
    assert others == [kernel.play(Layout(made(3)), 1, replication).xxh128() for replication in (2, 3, 4)]


def test_a_single_column_that_is_held_stays_as_it_was() -> None:
    layout = Layout(made(3))
    created = kernel.play(layout, 1, 1).contacts["created"][3:]
    before = created.copy()
    kernel.play(layout, 1, 2)
    assert np.array_equal(created, before)


def test_the_paper_of_a_journal_that_nobody_holds_is_used_again() -> None:
    layout = Layout(made(3))
    used = [kernel.play(layout, 1, replication).contacts.ctypes.data for replication in (1, 2, 3)]
    assert len(set(used)) == 1


def scribbled(layout: Layout) -> Layout:
    """The same layout, with nonsense on all paper that was laid by."""
    piles = [pile for pile in layout.kept.values() if isinstance(pile, list)]
    assert len(piles) > len(("issues", "contacts", "touches")) * 2
    for pile in piles:
        pile[0].view(np.uint8)[:] = 0x5A
    return layout


@pytest.mark.parametrize("number", range(0, 60, 20 if PLAIN else 1))
def test_what_stands_on_used_paper_changes_nothing(number: int) -> None:
    layout = Layout(made(number))
    first = kernel.play(layout, 1, 1).xxh128()
    assert kernel.play(scribbled(layout), 1, 1).xxh128() == first
    if number % 10 == 0:
        assert operation.play(scribbled(layout), 1, 1).xxh128() == first


def test_tables_of_a_desk_may_have_been_laid_by_apart() -> None:
    """As many rows are used as the shorter of contacts and touches has."""
    layout = Layout(made(3))
    first = kernel.play(layout, 1, 1).xxh128()
    lay_by(layout, "touches", sheet(layout, "touches", 0, TOUCH)[:700])
    assert kernel.play(layout, 1, 1).xxh128() == first


@pytest.mark.parametrize("rows", [1, 1000, 100_000])
@pytest.mark.parametrize("dtype", [CONTACT, TOUCH])
def test_rows_begin_at_a_line_of_memory(rows: int, dtype: np.dtype[np.void]) -> None:
    table = blank(rows, dtype)
    assert len(table) == rows
    assert table.dtype == dtype
    assert table.ctypes.data % LINE == 0
    table["queue"] = np.arange(rows)
    assert table["queue"].tolist() == list(range(rows))


def test_rows_that_events_ask_for_are_whole_lines_of_memory() -> None:
    assert [dtype.itemsize % LINE for dtype in (ISSUE, TOUCH)] == [0, 0]
