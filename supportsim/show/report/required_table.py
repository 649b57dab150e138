"""Heads required by this simulation in a report: of each live line what was found, and where most are missing."""

from __future__ import annotations

import numpy as np

from supportsim.scenario.model import Scenario
from supportsim.show.report.table import Table, headings, number, percent
from supportsim.show.required_text import findings, known_to
from supportsim.study.required_heads import Required
from supportsim.study.result import Result

MOST = 20
_NOTE = (
    "Required: the fewest heads at the desk with which every promise of the line is kept in the interval, found by "
    "playing the same customers with anonymous heads, everything else as it is; rostered so many that, with absence, "
    "breaks and time off the desk of that interval, these are left. Differences: present less required, rostered less "
    "required. Share kept: of the promise that lacks most, with so many heads and with one fewer. It is no roster: "
    "whole shifts cannot follow such a curve. Every interval stands in required.csv."
)


def required(result: Result) -> list[Table]:
    """A table of each line with the intervals that lack most heads; nothing where nobody asked for them."""
    return [_of_line(each, result.scenario) for each in result.heads_required or ()]


def _of_line(found: Required, scenario: Scenario) -> Table:
    gap = np.where(np.isnan(found.net), np.inf, found.present - found.net)
    lacking = [int(i) for i in np.argsort(gap, kind="stable")[:MOST] if gap[i] < -0.005]
    head, *more = findings(found, scenario)
    return Table(
        f"Heads required by this simulation, {head}",
        headings(
            "interval", ("required", "at the desk"), "present", "difference", ("required", "rostered"), "scheduled",
            "difference", ("Erlang C", "required"), ("Erlang A", "required"), "promise",
            ("share kept", "with these"), ("share kept", "one fewer"),
        ),
        [_line(found, i, scenario) for i in sorted(lacking)],
        ". ".join([*(each[:1].upper() + each[1:] for each in more), _NOTE]), words=(0, 9),
    )  # fmt: skip


def _line(found: Required, i: int, scenario: Scenario) -> list[str]:
    c, a = (found.erlang(values)[i] for values in (found.line.erlang_c, found.line.erlang_a))
    known = known_to(float(found.kept.half[i]))
    return [
        found.cut.labels[i], number(found.net[i], 0), number(found.present[i], 1),
        number(found.present[i] - found.net[i], 1), number(found.gross[i], 1), number(found.rostered[i], 1),
        number(found.rostered[i] - found.gross[i], 1), number(c, 1), number(a, 1),
        scenario.promises[int(found.promise[i])].name, percent(float(found.kept.mean[i]), 0) + known,
        percent(float(found.fewer.mean[i]), 0),
    ]  # fmt: skip
