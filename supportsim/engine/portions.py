"""Portions: what a journal would say, in pieces, where none is kept.

Each portion holds issues that are over with all their contacts and touches, whose references are rows of the same
portion.  The portions of a play, in any order, hold every row of its journal once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from supportsim.scenario.ticks import NEVER

Table = NDArray[Any]


@dataclass(frozen=True)
class Portion:
    """issues, contacts, touches: columns as in the journal, valid until the next portion comes.

    end: the horizon in the last portion, which also holds what is not over; NEVER in those before.
    presence: everybody's spans up to now, those that go on with end NEVER.  open_contacts, open_touches: what is still
    to come in later portions, as far as it is there.
    """

    issues: Table
    contacts: Table
    touches: Table
    end: int
    presence: Table
    open_contacts: Table
    open_touches: Table

    def known_until(self) -> tuple[int, int]:
        """Ticks before which every stretch that began, and every contact that was created, has come.

        What is not there yet begins later than anything that is over.
        """
        over = int(self.touches["ended"].max(initial=-NEVER))
        started = int(self.open_touches["started"].min(initial=NEVER))
        return min(started, over), min(int(self.open_contacts["created"].min(initial=NEVER)), over)


@dataclass(frozen=True)
class Rest:
    """What is left once all portions have come: everybody's spans (some go on beyond the end), and the horizon.

    customers: as in a journal.
    """

    presence: Table
    end: int
    customers: Table | None = None


Take = Callable[[Portion], None]
