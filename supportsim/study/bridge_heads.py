"""How many of the rostered heads are at the desk, and what Erlang says with so many: what sheets with net heads say.

The rule is in docs/model.md, section 11.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from supportsim.measure.causes import PEOPLE
from supportsim.measure.sums import Floats
from supportsim.study.bridge_sheet import Sheet, lines, shares
from supportsim.study.result import Result


class There(NamedTuple):
    """Mean heads while calls are expected, rostered and at the desk; shares kept by Erlang C and A with the latter."""

    rostered: float
    present: float
    erlang_c: float
    erlang_a: float


NOBODY = There(*(math.nan,) * 4)


def at_the_desk(sheet: Sheet, whole: Result, i: int) -> There:
    """Of promise i: the heads of the sheet, cut to those who were at the desk when `whole` was played."""
    promise = whole.scenario.promises[i]
    every = (line for name in sheet.channels for line in lines(sheet.scenario, name))
    asked = [line for line in every if any(promise.queues[q] for q in line.queues)]
    teams = sorted({team for line in asked for team in line.teams})
    busy = sum((sheet.calls(line).contacts.sum(axis=0) for line in asked), np.zeros(len(sheet.edges) - 1)) > 0
    if not teams or not busy.any():
        return NOBODY
    net = sheet.with_heads(sheet.heads * _part(sheet, whole, i))
    lengths = np.where(busy, np.diff(sheet.edges), 0)
    rostered, present = (float(each.heads[teams].sum(axis=0) @ lengths / lengths.sum()) for each in (sheet, net))
    return There(rostered, present, *shares(net, promise))


def _part(sheet: Sheet, whole: Result, i: int) -> Floats:
    """Which part of the rostered people of a promise is at the desk, in each piece; all where nobody is rostered."""
    scope = [each.promise for each in whole.yardstick.rests_on].index(i)
    people = dict(zip(PEOPLE, whole.cause_sums.people[0, :, scope].astype(np.float64), strict=True))
    some = people["rostered"] > 0
    part = np.where(some, people["present"] / np.where(some, people["rostered"], 1.0), 1.0)
    place = np.searchsorted(whole.yardstick.grid.interval_edges, sheet.edges[:-1], side="right") - 1
    found: Floats = part[place]
    return found
