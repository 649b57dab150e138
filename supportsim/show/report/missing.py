"""What was missing where promises of an answer were missed, and what waits on deferred channels: in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from supportsim.measure.ages import BANDS
from supportsim.show.report.table import Table, headings, number
from supportsim.show.worst import WORDS, ranked
from supportsim.study.result import Result
from supportsim.study.words import several

MOST = 20
_SEEN = 0.05  # hours that are not 0.0
LONGEST = 80  # rows of a table of every interval
NO_BACKLOG = "No channel of this desk keeps contacts for later, so there is no table of a backlog."
_AGES = ("under 8 h", "8 to 24 h", "24 to 72 h", "72 h and over")
_NOTE = (
    "Agent-hours, means over the times at which the promise was missed. Short = needed − present = the sum of the "
    "columns before it; what is below 0 helped, and columns of 0.0 are left out. Needed is what Erlang asks for the "
    "expected volume, and what came beyond it. Every time stands in causes.csv."
)


def causes(result: Result) -> Table | None:
    """The times at which promises of an answer are missed most often, and why; None where none ever is."""
    rows = ranked(result)
    if not rows:
        return None
    shown = rows[:MOST]
    which = f"the {len(shown)} worst of {len(rows)}" if len(rows) > len(shown) else several(len(rows), "time")
    parts = {name: words for name, words in WORDS.items() if any(abs(row[f"{name}_h"]) >= _SEEN for row in shown)}
    hours = {**parts, "shortage": "short", "needed": "needed", "present": "present"}
    return Table(
        f"Times at which promises of an answer are missed, and what was missing then ({which})",
        (*headings("promise", "when", ("missed", "days in 100"), ("mostly", "largest part")),
         *headings(*((words, "h") for words in hours.values()))),
        [_cause(row, list(hours)) for row in shown], _NOTE, words=(0, 1, 3),
    )  # fmt: skip


def _cause(row: dict[Any, Any], hours: list[str]) -> list[str]:
    return [
        row["promise"], row["bin"], number(row["days_missed_in_100"], 0), WORDS.get(row["cause"], "nothing was short"),
        *(number(row[f"{name}_h"], 1) for name in hours),
    ]  # fmt: skip


def backlog(result: Result) -> Table | None:
    """Contacts open at the end of each interval, where there are few enough to read."""
    rows = result.backlog.to_dict("records")
    if not rows or len(rows) > LONGEST:
        return None
    return Table(
        f"Contacts open on deferred channels at the end of each interval, by age (means of "
        f"{several(result.n, 'play')})",
        headings("begin", "channel", "segment", *((words, "contacts") for words in _AGES), ("oldest", "h")),
        [
            [row["start"][:16].replace("T", " "), row["channel"], row["segment"],
             *(number(row[name], 1) for name in (*BANDS, "oldest_h"))]
            for row in rows
        ],
        words=(0, 1, 2),
    )  # fmt: skip


def unsaid(result: Result) -> Iterator[str]:
    """Why there is no table of a backlog."""
    if result.backlog.empty:
        yield NO_BACKLOG
    elif len(result.backlog) > LONGEST:
        yield "The backlog of every interval is too long for this page: backlog.csv."
