"""Sums by cell and time: the cubes from which every ratio is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from supportsim.measure import tables as t
from supportsim.measure.desk import ticks_of
from supportsim.scenario.ticks import HOUR, SECOND

if TYPE_CHECKING:
    from supportsim.measure.tally import Tally

Floats = NDArray[np.float64]
#: name of a column -> sums of whole numbers or ticks, shape (cells, days or slots).
Cube = dict[str, Floats]


def ratio(top: NDArray[np.generic], bottom: NDArray[np.generic]) -> Floats:
    """top / bottom elementwise; NaN where bottom is 0: nothing there gives no value."""
    over, under = top.astype(np.float64), bottom.astype(np.float64)
    found: Floats = np.divide(over, under, out=np.full(over.shape, np.nan), where=under != 0)
    return found


def unit_of(column: str) -> float:
    """Ticks in the unit of a column, by its name: `_s` seconds, `_h` hours, else a count."""
    return float(SECOND if column.endswith("_s") else HOUR if column.endswith("_h") else 1)


def by_day(slots: NDArray[np.int64], tally: Tally) -> NDArray[np.int64]:
    """Sums of intervals, first axis (slots, one more at either end), added to days: (days, ...)."""
    found: NDArray[np.int64] = np.add.reduceat(slots[1:-1], tally.plan.grid.first_intervals, axis=0)
    return found


def contact_columns(cells: NDArray[np.int64]) -> Cube:
    """Every summed column of contacts from cells (times, queues, CELL_COLUMNS): name -> (queues, times), in ticks.

    answered: work began · abandoned: hung up while waiting (or at once) · disconnected: cut off by closing · timed
    out: its wait was ended by the wait limit · withdrew: took a deferred contact back unanswered · blocked: busy ·
    turned away: closed · still waiting: none of these at the end.  offered: the first five.
    """
    c = np.moveaxis(cells, -1, 0).swapaxes(1, 2).astype(np.float64)
    offered, waits = c[: t.BLOCKED].sum(axis=0), c[t.WAIT_OF : t.WAIT_OF + t.GROUPS]
    contacts = c[: t.STILL_WAITING + 1].sum(axis=0)
    return {
        "contacts": contacts,
        "offered": offered,
        "answered": c[t.ANSWERED],
        "abandoned": c[t.ABANDONED],
        "balked": c[t.BALKED],
        "short_abandoned": c[t.BRIEF],
        "disconnected": c[t.DISCONNECTED],
        "timed_out": c[t.TIMED_OUT],
        "withdrawn": c[t.WITHDREW],
        "blocked": c[t.BLOCKED],
        "turned_away": c[t.TURNED_AWAY],
        "still_waiting": c[t.STILL_WAITING],
        "still_waiting_s": c[t.WAIT_OF + t.GROUPS],
        "joined": contacts - c[t.BLOCKED] - c[t.TURNED_AWAY],
        "starved": c[t.STARVED],
        "waited": c[t.WAITED],
        "wait_s": waits.sum(axis=0),
        "served_wait_s": waits[0],
        "abandoned_wait_s": waits[1],
        "handled": c[t.HANDLED],
        "talk_s": c[t.TALK],
        "wrap_s": c[t.WRAP],
        "work_s": c[t.TALK] + c[t.WRAP],
        "first_tries": c[t.OFFERED],
        "redials": c[t.OFFERED + 1],
        "switches": c[t.OFFERED + 2],
        "repeats": c[t.OFFERED + 3],
        "returns": offered - c[t.OFFERED],
    }


def cube_of(tally: Tally) -> Cube:
    """Columns of contacts, issues, touches and time by cell and day, in whole numbers and ticks."""
    sums, queues = tally.sums, tally.plan.queues
    of_queues: dict[str, NDArray[Any]] = dict(contact_columns(by_day(sums.cells, tally)))
    of_queues |= {"fillers": sums.fillers[1:-1].T, "touches": sums.touches[1:-1].T}
    of_queues |= _stretches(tally)
    filled = np.zeros((len(of_queues), tally.plan.cells, len(tally.plan.grid.dates)))
    for of_cells, part in zip(filled, of_queues.values(), strict=True):
        of_cells[:queues] = part
    names = ("issues", "solved", "solved_first", "gave_up", "never_served", "open", "cut", "contacts_made", "unasked")
    issues = np.moveaxis(sums.issues[1:-1], -1, 0).swapaxes(1, 2).astype(np.float64)
    return dict(zip(of_queues, filled, strict=True)) | dict(zip(names, issues, strict=True))


def _stretches(tally: Tally) -> dict[str, NDArray[np.int64]]:
    """Ticks waiting, in system and at work, cut to days; work on filler apart."""
    s = tally.sums.stretches
    bounds = {
        "waiting_h": (t.JOINED, t.STARTED),
        "system_h": (t.JOINED, t.TALK_ENDED),
        "work_h": (t.STARTED, t.ENDED),
        "filler_h": (t.FILLER_STARTED, t.FILLER_ENDED),
    }
    edges = tally.plan.grid.day_edges
    return {name: ticks_of(s[:, :, begin] - s[:, :, end], edges).T for name, (begin, end) in bounds.items()}
