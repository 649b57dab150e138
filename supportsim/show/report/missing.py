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


_REPLIES = (
    "Agent-hours, means over the days missed; a day belongs to the cases that fall due on it. Left = open at its end × "
    "expected handle time = the sum of the columns before it; what is below 0 helped, and columns of 0.0 are left out. "
    "The roster is below 0 where such a day is there to catch up. Every day stands in reply_causes.csv."
)
_OF_REPLIES = {
    "carried_in": "carried in", "volume": "volume", "handle_time": "handle time", "absence": "absence",
    "off_desk": "off desk", "breaks": "breaks", "live": "live channels", "other": "other tickets",
    "overtime": "less overtime", "idle": "idle then", "roster": "roster",
}  # fmt: skip


def reply_causes(result: Result) -> Table | None:
    """The weekdays on which replies that fall due are late, and why; None where none ever is."""
    rows = [row for row in result.reply_causes.to_dict("records") if row["missed"] > 0]
    if not rows:
        return None
    parts = {name: words for name, words in _OF_REPLIES.items() if any(abs(row[f"{name}_h"]) >= _SEEN for row in rows)}
    hours = {**parts, "left": "left"}
    return Table(
        "Days on which too few of the first replies due are in time, and what was missing then",
        (*headings("promise", "day", ("missed", "days in 100"), ("due", "cases"), ("late", "of these"),
                   ("mostly", "largest part")),
         *headings(*((words, "h") for words in hours.values()))),
        [
            [row["promise"], row["day"], *(number(row[name], 0) for name in ("days_missed_in_100", "due", "late")),
             _OF_REPLIES.get(row["cause"], "nothing was short"), *(number(row[f"{name}_h"], 1) for name in hours)]
            for row in rows
        ],
        _REPLIES, words=(0, 1, 5),
    )  # fmt: skip


def oldest(result: Result) -> Table | None:
    """The oldest open contact of each deferred channel as each working day ends; None where nobody ever leaves."""
    every = result.oldest_ages
    rows = every[every["ends_working_day"] == 1].to_dict("records")
    if not rows:
        return None
    return Table(
        "How old the oldest open contact is when the last leave, by day of the week",
        headings("channel", "segment", "when", ("open", "contacts"), ("oldest", "h, mean"), ("oldest", "h, at most"),
                 ("any open", "times in 100")),
        [
            [row["channel"], row["segment"], row["at"],
             *(number(row[name], 1) for name in ("open", "oldest_h", "oldest_max_h")),
             number(row["some_open_in_100"], 0)]
            for row in rows
        ],
        "Ages are elapsed hours, nights and weekends included; the mean is over the times at which anything was open, "
        f"the most is of all {several(result.n, 'play')}. Every hour of the week stands in oldest_ages.csv.",
        words=(0, 1, 2), long=len(rows) > MOST,
    )  # fmt: skip


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
