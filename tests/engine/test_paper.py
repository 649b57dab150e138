"""A journal that somebody holds is never written on again; one that nobody holds is."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from supportsim.engine import kernel
from supportsim.engine.layout import Layout

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
