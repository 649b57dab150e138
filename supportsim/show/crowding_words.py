"""Who waits for whom, in a sentence."""

from __future__ import annotations

from supportsim.show.sheet import hours, short
from supportsim.study.costs import is_weekly
from supportsim.study.crowding import Cell, cells, largest
from supportsim.study.result import Result

#: Columns that are no work, in words that follow *because*.
REASONS = {
    "away": "agents were on a break or off the desk",
    "reservation": "free agents were reserved for others",
    "draining": "agents emptied their hands for others",
    "last chat": "shifts were about to end",
    "overflow delay": "the next team was not asked yet",
    "nobody on shift": "nobody was on shift",
}


def crowded_out(result: Result) -> str:
    """Who waited most because agents worked for others; empty where nobody did."""
    cell = largest(result)
    if cell is None:
        return ""
    work = "on filler" if cell.is_filler else f"for {short(cell.because_of, 40)}"
    return f"{_who(result, cell)} because agents worked {work}: {each(cell.minutes)} for each contact that waited"


def finding(result: Result) -> str:
    """The same; where nobody did, who waited most and why; empty where nobody waited."""
    if words := crowded_out(result):
        return words
    cell = max(cells(result), key=lambda cell: cell.hours, default=None)
    if cell is None:
        return ""
    why = REASONS.get(cell.because_of, "") if cell.kind != "segment" else "agents worked for the same segment"
    nobody = "nobody waited because agents worked for others; " if len(result.scenario.segments) > 1 else ""
    return f"{nobody}{_who(result, cell)} because {why}"


def each(minutes: float) -> str:
    """`20 min`, `1.5 min`, `48 s`."""
    return f"{hours(minutes)} min" if minutes >= 1 else f"{hours(60 * minutes)} s"


def _who(result: Result, cell: Cell) -> str:
    """`premium waited 11 h a week on phone`."""
    on = f" on {short(cell.channel, 40)}" if len(result.scenario.channels) > 1 else ""
    time = f"{hours(cell.hours)} h a week" if is_weekly(result) else f"{hours(cell.hours)} h"
    return f"{short(cell.segment, 40)} waited {time}{on}"
