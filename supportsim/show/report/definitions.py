"""Every formula in words."""

from __future__ import annotations

from supportsim.measure import catalogue
from supportsim.measure.catalogue import Measure
from supportsim.show.report.plain import unlinked
from supportsim.show.report.table import Table, headings

#: The six formulas of a promise of an answer, as the head of a column.
SHORT = {
    "answered_of_offered": "answered in time, of all offered",
    "short_abandons_good": "the same, who hangs up within the limit counted as answered",
    "short_abandons_excluded": "answered in time, who hangs up within the limit left out",
    "of_answered": "answered in time, of those answered",
    "brief_abandons_credited": "answered in time, who hangs up within 5 s counted as answered",
    "brief_abandons_excluded": "answered in time, who hangs up within 5 s left out",
}
LETTERS = (
    "A is the number answered, B of those who hung up, D of those cut off at closing time or by a limit of the wait; "
    "A_T and B_T are those within the limit T of the promise, B_s those who hung up within 5 s. Offered are A + B + D; "
    "who hears busy or is turned away, the channel being closed, is in none of the formulas and stands beside them."
)
_SECTIONS = (
    ("Contacts: of all, of a channel, a segment, a segment on a channel", catalogue.CONTACT_MEASURES),
    ("Issues: an issue belongs to the queue of its first contact", catalogue.ISSUE_MEASURES),
    ("Averages over time", catalogue.TIME_MEASURES),
    ("Teams", catalogue.TEAM_MEASURES),
    ("Promises", catalogue.PROMISE_MEASURES),
)


def formulas() -> Table:
    """The six ways to count an answer in time."""
    return Table(
        "Answered in time: the six formulas",
        headings("in words", ("in a scenario", "counted:"), "column", "formula"),
        [[SHORT.get(id_, name), name, id_, words] for id_, name, words in catalogue.FORMULAS],
        LETTERS, words=(0, 1, 2, 3),
    )  # fmt: skip


def measures() -> list[Table]:
    """Every measure by its id."""
    return [_measures(caption, found) for caption, found in _SECTIONS]


def _measures(caption: str, found: tuple[Measure, ...]) -> Table:
    rows = [[m.id, m.unit or "number", unlinked(m.formula)] for m in found]
    return Table(caption, headings("measure", "unit", "formula"), rows, words=(0, 1, 2))
