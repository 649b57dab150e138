"""Sums by cell and time: the cubes from which every ratio is taken."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from measure.by_arrays.facts import FILLER, Contacts, Touches
from measure.by_arrays.people import Issues
from measure.by_arrays.spans import Ticks, ticks_within
from supportsim.engine.journal import CONTACT_KINDS, Journal
from supportsim.measure.grid import Grid
from supportsim.scenario.ticks import HOUR, SECOND

Floats = NDArray[np.float64]
#: name of a column -> sums, shape (cells, days).
Cube = dict[str, Floats]

_KIND = {name: code for code, name in enumerate(CONTACT_KINDS)}


def ratio(top: NDArray[np.generic], bottom: NDArray[np.generic]) -> Floats:
    """top / bottom elementwise; NaN where bottom is 0: nothing there gives no value."""
    over, under = top.astype(np.float64), bottom.astype(np.float64)
    found: Floats = np.divide(over, under, out=np.full(over.shape, np.nan), where=under != 0)
    return found


def summed(cell: Ticks, slot: Ticks, amounts: NDArray[np.generic], shape: tuple[int, int]) -> Floats:
    """Sum of `amounts` by (cell, slot); flags count as 1."""
    weights: Floats = amounts.astype(np.float64)
    size = shape[0] * shape[1]
    flat: Floats = np.bincount(cell * shape[1] + slot, weights=weights, minlength=size).astype(np.float64)
    return flat.reshape(shape)


def contact_cube(journal: Journal, facts: Contacts, grid: Grid, cells: int) -> Cube:
    """Columns of CONTACT_MEASURES by cell and day of creation; waits and work in seconds."""
    row = np.flatnonzero(facts.counted)
    cell, day = journal.contacts["queue"][row].astype(np.int64), facts.day[row]
    columns = {name: column[row] for name, column in contact_columns(journal, facts).items()}
    shape = (cells, len(grid.dates))
    cube = {name: summed(cell, day, column, shape) for name, column in columns.items()}
    begun = np.flatnonzero(facts.filler & grid.counted(journal.contacts["created"]))
    begun_in = journal.contacts["queue"][begun].astype(np.int64)
    return cube | {"fillers": summed(begun_in, facts.day[begun], ones(begun), shape)}


def ones(rows: Ticks) -> Floats:
    """1 for each row."""
    return np.ones(len(rows))


def contact_columns(journal: Journal, facts: Contacts) -> dict[str, NDArray[np.generic]]:
    """Every summed column of contacts, one entry per contact."""
    kind, wait = journal.contacts["kind"], facts.wait / SECOND
    columns: dict[str, NDArray[np.generic]] = {
        "contacts": np.ones(len(kind), dtype=bool),
        "offered": facts.offered,
        "answered": facts.answered,
        "abandoned": facts.abandoned,
        "balked": facts.abandoned & (journal.contacts["patience"] == 0),
        "disconnected": facts.disconnected,
        "timed_out": facts.timed_out,
        "withdrawn": facts.withdrew,
        "blocked": facts.blocked,
        "turned_away": facts.turned_away,
        "still_waiting": facts.still_waiting,
        "still_waiting_s": wait * facts.still_waiting,
        "joined": ~(facts.blocked | facts.turned_away),
        "starved": facts.starved,
        "waited": facts.offered & (facts.wait > 0),
        "wait_s": wait * facts.offered,
        "served_wait_s": wait * facts.answered,
        "abandoned_wait_s": wait * facts.abandoned,
        "handled": facts.handled,
        "talk_s": facts.talk / SECOND * facts.handled,
        "wrap_s": facts.wrap / SECOND * facts.handled,
        "work_s": (facts.talk + facts.wrap) / SECOND * facts.handled,
    }
    plural = (("redials", "redial"), ("repeats", "repeat"), ("switches", "switch"))
    return columns | {name: facts.offered & (kind == _KIND[code]) for name, code in plural}


def issue_cube(journal: Journal, issues: Issues, grid: Grid, cells: int) -> Cube:
    """Columns of ISSUE_MEASURES by cell and day: issues by the day they arose, touches by that of joining.

    Pieces of filler are nobody's issue and no touch of a customer.
    """
    shape = (cells, len(grid.dates))
    row = np.flatnonzero(grid.counted(journal.issues["asked"]) & ~issues.filler)
    cell, day = issues.cell[row], grid.day_of(journal.issues["asked"][row])
    cube = {name: summed(cell, day, column[row], shape) for name, column in issues.columns.items()}
    table = journal.touches
    new = np.flatnonzero(
        (table["touch"] == np.arange(len(table))) & grid.counted(table["joined"]) & ~of_filler(journal)
    )
    joined = table["joined"][new]
    cube["touches"] = summed(table["queue"][new].astype(np.int64), grid.day_of(joined), ones(new), shape)
    return cube


def of_filler(journal: Journal) -> NDArray[np.bool_]:
    """Which stretches are work on a piece of filler."""
    found: NDArray[np.bool_] = journal.contacts["kind"][journal.touches["contact"]] == FILLER
    return found


def time_cube(journal: Journal, touches: Touches, grid: Grid, cells: int) -> Cube:
    """Hours waiting, in system and at work by cell and day, cut to counted time; work on filler apart."""
    filler = of_filler(journal)
    bounds = {
        "waiting_h": (touches.joined, touches.started, ~filler),
        "system_h": (touches.joined, touches.talk_ended, ~filler),
        "work_h": (touches.started, touches.ended, ~filler),
        "filler_h": (touches.started, touches.ended, filler),
    }
    cube = {name: np.zeros((cells, len(grid.dates))) for name in bounds}
    for queue in np.unique(journal.touches["queue"]):
        in_queue = journal.touches["queue"] == queue
        for name, (begin, end, whose) in bounds.items():
            mine = in_queue & whose
            cube[name][queue] = ticks_within(begin[mine], end[mine], grid.day_edges) / HOUR
    return cube


def in_classes(wait: NDArray[np.int64]) -> Floats:
    """The middle of the class of each wait, worked out in floating point."""
    shift = np.maximum(np.frexp(wait.astype(np.float64))[1] - 10, 0)
    low = (wait >> shift) << shift
    return low + ((1 << shift) - 1) / 2
