"""Two journals side by side: the first difference, to be read."""

from __future__ import annotations

from typing import Any

from naive_desk import naive

from supportsim.engine import kernel
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES, SPANS, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import MINUTE, NEVER

TABLES = ("issues", "contacts", "touches", "presence", "customers")
NAMES = {"state": ISSUE_STATES, "kind": CONTACT_KINDS, "outcome": OUTCOMES, "how": ENDINGS, "what": SPANS}
TIMES = {
    "asked", "ended", "created", "patience", "answered", "left", "joined", "entered", "started", "talk_ended", "begin",
    "end",
}  # fmt: skip


def engine_and_naive_differ(scenario: Scenario, seed: int = 1) -> str | None:
    """The first difference between the journals of the engine and of the naive desk; None where they are equal."""
    try:
        engine = play(Layout(scenario), seed, 1)
    except (AssertionError, LookupError, TypeError, ValueError, ZeroDivisionError) as error:
        return f"the engine stops: {type(error).__name__}: {error}"
    return difference(engine, naive(scenario, seed, 1))


def clocks_differ(scenario: Scenario, seed: int = 1, replication: int = 1) -> str | None:
    """The first difference between what the two clocks write; None if every byte is the same.

    `here` is the compiled clock, `in the engine` the one that is read.
    """
    layout = Layout(scenario)
    read, heap = play(layout, seed, replication), kernel.play(layout, seed, replication)
    if read.xxh128() == heap.xxh128() and read.end == heap.end:
        return None
    return difference(read, heap) or "columns differ in their width"


def contacts_of(scenario: Scenario, seed: int = 1) -> int:
    """How many contacts either clock plays, the more of them."""
    layout = Layout(scenario)
    return max(len(clock(layout, seed, 1).contacts) for clock in (play, kernel.play))


def difference(engine: Journal, other: Journal) -> str | None:
    """Which table, row and column differ first, by the tick at which it shows, and both values; None if nothing does.

    A row that only one of them has is a difference, too, and so is the end of play.
    """
    there = [name for name in TABLES if getattr(engine, name) is not None or getattr(other, name) is not None]
    found = [each for name in there for each in _of_table(name, getattr(engine, name), getattr(other, name))]
    if engine.end != other.end:
        found.append((min(engine.end, other.end), f"end: {_tick(engine.end)} in the engine, {_tick(other.end)} here"))
    if not found:
        return None
    return "\n".join(text for _, text in sorted(found)[:6])


def _of_table(name: str, engine: Any, other: Any) -> list[tuple[int, str]]:
    """(tick, text) of the first row that differs, and of a number of rows that differs."""
    both = min(len(engine), len(other))
    columns = engine.dtype.names
    found: list[tuple[int, str]] = []
    for row in range(both):
        wrong = [c for c in columns if engine[c][row] != other[c][row]]
        if wrong:
            lines = [f"{c}: {_said(c, engine[c][row])} in the engine, {_said(c, other[c][row])} here" for c in wrong]
            found.append((_begin(name, other[row]), f"{name} row {row}: " + "; ".join(lines) + _row(other[row])))
            break
    if len(engine) != len(other):
        more = engine if len(engine) > len(other) else other
        whose = "the engine" if more is engine else "the naive desk"
        text = f"{name}: {len(engine)} rows in the engine, {len(other)} here; only {whose} has row {both}:"
        found.append((_begin(name, more[both]), text + _row(more[both])))
    return found


def _begin(table: str, row: Any) -> int:
    return int(
        row[
            {"issues": "asked", "contacts": "created", "touches": "joined", "presence": "begin", "customers": "left"}[
                table
            ]
        ]
    )


def _row(row: Any) -> str:
    return "\n    " + ", ".join(f"{c} {_said(c, row[c])}" for c in row.dtype.names)


def _said(column: str, value: Any) -> str:
    if column in NAMES and 0 <= value < len(NAMES[column]):
        return NAMES[column][int(value)]
    return _tick(int(value)) if column in TIMES else str(value)


def _tick(value: int) -> str:
    if value == NEVER:
        return "never"
    return f"{value // MINUTE} min" if value % MINUTE == 0 else f"{value / MINUTE:.6f} min"
