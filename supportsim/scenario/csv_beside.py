"""Files drawn beside the results and never used by the model: `required` (heads) and `actuals` (measured levels)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from supportsim.scenario.csv_text import Clerk, CsvFile, EnoughError, Reading, check_columns
from supportsim.scenario.csv_values import amount, share, stamp
from supportsim.scenario.errors import Faults
from supportsim.scenario.timeline import Timeline

MOST_ROWS = 200_000

Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def read_required(path: Path, file: str, faults: Faults, timeline: Timeline) -> Reading[tuple[tuple[int, float], ...]]:
    """Rows (tick since the start of counted time, heads) of columns start,heads, rising in time."""
    clerk = Clerk(file, faults)
    try:
        with CsvFile(path, clerk) as text:
            places = check_columns(clerk, text.header, ("start", "heads"))
            found: list[tuple[int, float]] = []
            for line, row in text.each(MOST_ROWS):
                at = clerk.value(line, "start", row[places["start"]], stamp)
                heads = clerk.value(line, "heads", row[places["heads"]], lambda cell: amount(cell, "heads, 0 or more"))
                if at is None or heads is None:
                    continue
                tick = timeline.tick(date.fromordinal(at[0]), at[1]) - timeline.counted_from
                if found and tick <= found[-1][0]:
                    clerk.note(line, "start", row[places["start"]], "times that rise from row to row")
                found.append((tick, heads))
        return clerk.reading(tuple(found))
    except EnoughError:
        return Reading(None, tuple(clerk.notes))


def read_actuals(path: Path, file: str, faults: Faults) -> Reading[Table]:
    """(header, rows of text) of columns start and sl or actual_sl (a share), optionally channel and segment."""
    clerk = Clerk(file, faults)
    try:
        with CsvFile(path, clerk) as text:
            level = "actual_sl" if "actual_sl" in text.header else "sl"
            places = check_columns(clerk, text.header, ("start", level), ("channel", "segment"))
            rows = []
            for line, row in text.each(MOST_ROWS):
                clerk.value(line, "start", row[places["start"]], stamp)
                if row[places[level]]:  # an interval without contacts has no level
                    clerk.value(line, level, row[places[level]], share)
                rows.append(tuple(row))
            return clerk.reading((tuple(text.header), tuple(rows)))
    except EnoughError:
        return Reading(None, tuple(clerk.notes))
