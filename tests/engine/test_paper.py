"""A journal that somebody holds is never written on again; one that nobody holds is, and so is a desk's own paper."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from supportsim.demand.compiling import PLAIN
from supportsim.engine import keeper, kernel, operation, state
from supportsim.engine.layout import Layout
from supportsim.engine.paper import blank, lay_by, sheet
from supportsim.engine.state import State
from supportsim.engine.tables import CONTACT, DTYPES, ISSUE, LINE, NEWS_WIDTH, TOUCH
from supportsim.scenario.load import load_text

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


FILLED = """
name: nobody_asks
start: 2026-03-02
length: 1 day
timezone: UTC
channels: {mail: {kind: deferred, handle_time: 5 min}}
demand: {work: {channel: mail, endless: true}}
teams: {desk: {serves: [mail], agents: 9}}
"""


def shorten(layout: Layout, name: str, rows: int) -> None:
    """The paper of a table becomes as short as where so many contacts fit."""
    used = sheet(layout, name, 0, DTYPES[name])
    lay_by(layout, name, used[: rows * (2 * NEWS_WIDTH if name == "news" else 1)])


NOBODY_OFFERED = """
name: nothing
start: 2026-03-02
length: 1 day
segments: {free: {customers: 900, plan: silence}}
plans: {silence: []}
channels: {mail: {kind: deferred, handle_time: 5 min}}
demand: {issues: {segment: free, per_customer: 3/month}}
teams: {desk: {serves: [mail], agents: 1}}
"""


def test_without_a_queue_nothing_is_read_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no queues, no contacts and no touches; pages are turned all the same."""
    monkeypatch.setattr(keeper, "A_PAGE", 1)
    layout = Layout(load_text(NOBODY_OFFERED))
    first = kernel.play(layout, 1, 1).xxh128()
    assert len(operation.play(layout, 1, 1).issues) > 50
    assert kernel.play(scribbled(layout), 1, 1).xxh128() == first


def test_new_paper_may_hold_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    scenarios = [load_text(NOBODY_OFFERED), load_text(FILLED), *(made(number) for number in range(60, 66))]
    clean = [kernel.play(Layout(scenario), 1, 1).xxh128() for scenario in scenarios]

    def dirty(rows: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        table = blank(rows, dtype)
        table.view(np.uint8)[:] = 0x5A
        return table

    for module in (state, keeper):
        monkeypatch.setattr(module, "blank", dirty)
    monkeypatch.setattr(keeper, "A_PAGE", 1)
    monkeypatch.setattr(keeper, "FOR_EACH", 0)
    assert [kernel.play(Layout(scenario), 1, 1).xxh128() for scenario in scenarios] == clean


@pytest.mark.parametrize("name", ["contacts", "touches", "news"])
def test_tables_of_a_desk_may_have_been_laid_by_apart(name: str) -> None:
    """As many rows are used as the shortest of them has: 75 and those for one event more, of 2,600 contacts."""
    layout = Layout(load_text(FILLED))
    first = kernel.play(layout, 1, 1).xxh128()
    shorten(layout, name, 100)
    assert kernel.play(layout, 1, 1).xxh128() == first
    shorten(layout, name, 100)
    assert kernel.Kernel(layout, 1, 1).world["room"] == 100 - (9 + 16)


def test_filler_fits_however_often_a_layout_is_played() -> None:
    """Nobody asks anything, so no page is turned that would make room; tables that have grown are handed on."""
    layout = Layout(load_text(FILLED))
    played = [kernel.play(layout, 1, replication).xxh128() for replication in (1, 2, 3)]
    assert played == [kernel.play(Layout(load_text(FILLED)), 1, replication).xxh128() for replication in (1, 2, 3)]
    assert operation.play(layout, 1, 3).xxh128() == played[-1]


def test_each_row_of_contacts_may_be_filler() -> None:
    """Also of those that a larger play has handed on, on either clock."""
    for desk in (lambda layout: kernel.Kernel(layout, 1, 1).tables, lambda layout: State(layout, 1, 1).tables):
        layout = Layout(load_text(FILLED))
        for name, width in (("contacts", 1), ("touches", 1), ("news", 2 * NEWS_WIDTH)):
            lay_by(layout, name, blank(50_000 * width, DTYPES[name]))
        tables = desk(layout)
        assert len(tables["contacts"]) == 50_000
        assert len(tables["issues"]) >= 50_000


def test_a_play_that_files_what_is_over_needs_no_larger_tables() -> None:
    layout = Layout(load_text(FILLED))
    before = len(kernel.Kernel(layout, 1, 1).tables["contacts"])
    assert len(kernel.play(layout, 1, 1).contacts) > before
    assert len(sheet(layout, "contacts", 0, CONTACT)) == before


@pytest.mark.parametrize("rows", [100, 100_000])
def test_rows_that_somebody_looks_at_are_not_handed_on(rows: int) -> None:
    layout = Layout(made(3))
    table = blank(rows, TOUCH)
    lay_by(layout, "touches", table)
    seen, at = table[: rows // 2], table.ctypes.data
    del table
    assert sheet(layout, "touches", rows, TOUCH, blank).ctypes.data != at
    del seen


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
