"""What a policy of the user sees of a desk in play: some columns of some tables, to be read.

A column is here only if it means the same on every clock.  Rows of issues, contacts and touches are places: they
may change from one call to the next, only their order stays.  A compiled policy sees the same (machine.py).  Keys
are read as signed numbers: in compiled code a signed number beside an unsigned one turns both into floats.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

#: table -> column -> meaning, in the order of the manual (docs/policies.md).
SEEN: dict[str, dict[str, str]] = {
    "touches": {
        "contact": "row of its contact",
        "queue": "row of its queue",
        "entered": "entry time: the creation of its contact; negative for a starting backlog",
        "joined": "tick at which this stretch began to wait",
        "touch": "row of its first stretch: its own if it was never begun",
        "starved": "how often an agent who held chats took another one though this one went before it",
    },
    "contacts": {
        "issue": "row of its issue",
        "number": "1, 2, … within the issue",
        "kind": "place in `journal.CONTACT_KINDS`: first, redial, switch, repeat, filler",
        "channel": "row of its channel",
        "queue": "row of its queue",
        "created": "tick; negative for a starting backlog",
        "patience": "ticks he would wait (nobody at a real desk knows that); NEVER: for ever",
        "answered": "tick of the first start of work; NEVER: not yet",
        "left": "tick at which it was over; NEVER: not yet",
        "outcome": "place in `journal.OUTCOMES`",
        "talk": "work of the talk still to do: ticks × speed with one in hand; -1: never begun",
        "before": "row of the contact of the issue before this one; -1: none",
    },
    "issues": {
        "asked": "tick it arose; negative: it waited already when play began",
        "key": "identity, the same in every scenario that shares the seed",
        "stream": "place of its stream in the scenario",
        "segment": "place of its segment in the scenario",
        "topic": "place of its topic in the scenario",
        "customer": "index in the segment; -1: anonymous",
        "contacts": "contacts made so far",
        "worked": "touches whose talk came to its end",
        "handle": "ticks of work that its trace row states, wrap-up included; -1: drawn",
    },
    "queues": {
        "channel": "row of its channel",
        "head": "the touch that waits longest; -1: none",
        "priority_class": "its class in `routing.classes`, 0 is best",
        "rate": "of `routing.ageing`, in hundredths",
        "bonus": "of `routing.ageing`, in hundredths of ticks",
    },
    "channels": {
        "kind": "0 live, 1 deferred",
        "is_open": "1 while customers may reach it",
        "waiting": "touches waiting in its queues",
        "lines": "`lines`; NEVER: no limit",
        "waiting_room": "`waiting_room`; NEVER: no limit",
        "wait_limit": "`wait_limit` in ticks; NEVER: none",
        "interruptible": "1: live touches may interrupt work on it",
    },
    "agents": {
        "team": "for which he works now",
        "in_hand": "contacts in his hands, the one in question not included",
        "held": "channel of what he holds; means nothing with empty hands",
        "changed": "tick at which `in_hand` last changed, he came, came back or moved",
        "shift_end": "tick of the end of his shift; NEVER: always present, or one of `heads`",
    },
    "teams": {
        "present": "its agents on duty",
        "idle": "its agents open to work with empty hands",
    },
    "ranked": {
        "rank": "of a queue in a team by `routing.policy` of the file, lowest first",
        "queue": "row of the queue",
    },
    "places": {
        "value": "at team × number of queues + queue: row in `ranked`; -1: the team does not serve it",
    },
    "world": {
        "key": "at row 0: of all fates of this replication",
    },
}
#: Tables whose rows stay where they are; only these have a length.
LASTING = ("queues", "channels", "agents", "teams")


class _Columns(dict[str, Any]):
    """Columns of one table as memory, each looked up when it is first read."""

    def __init__(self, name: str, table: NDArray[Any]) -> None:
        self.name, self.table = name, table

    def __missing__(self, column: str) -> Any:
        if column not in SEEN[self.name]:
            raise AttributeError(f"a policy sees no column {column!r} of {self.name}, but {', '.join(SEEN[self.name])}")
        numbers: Any = self.table[column]
        self[column] = found = memoryview(numbers.view("i8") if numbers.dtype == "u8" else numbers)
        return found


class Row:
    """A row of a table: its columns are attributes that give plain numbers."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: _Columns, row: int) -> None:
        object.__setattr__(self, "_columns", columns)
        object.__setattr__(self, "_row", row)

    def __getattr__(self, column: str) -> Any:
        return self._columns[column][self._row]

    def __setattr__(self, column: str, value: Any) -> None:
        raise AttributeError(f"a policy changes nothing: {self._columns.name}.{column}")


class Table:
    """Rows by number."""

    __slots__ = ("_columns", "_rows")

    def __init__(self, name: str, table: NDArray[Any]) -> None:
        self._columns, self._rows = _Columns(name, table), len(table)

    def __getitem__(self, row: int) -> Row:
        if not 0 <= row < self._rows:
            raise IndexError(f"{self._columns.name} has no row {row}")
        return Row(self._columns, row)

    def __len__(self) -> int:
        if self._columns.name not in LASTING:
            raise TypeError(f"rows of {self._columns.name} come and go: a policy cannot count them")
        return self._rows


class Seen:
    """The tables by name, as a plain Python policy sees them: `T.touches[touch].entered`."""

    def __init__(self, tables: Mapping[str, NDArray[Any]]) -> None:
        self.follow(tables)

    def follow(self, tables: Mapping[str, NDArray[Any]]) -> None:
        """Tables have moved in memory."""
        for name in SEEN:
            self.__dict__[name] = Table(name, tables[name])

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a policy sees no table {name!r}, but {', '.join(SEEN)}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a policy changes nothing: {name}")
