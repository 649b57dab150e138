"""The two clocks, by name: both play the same rules and leave the same journal.

`simpy` is the model that people read (operation.py), `compiled` plays it from a heap in machine code (kernel.py).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from supportsim.engine.journal import Journal
    from supportsim.engine.layout import Layout
    from supportsim.engine.portions import Rest, Take

Engine = Literal["auto", "simpy", "compiled"]
ENGINES: tuple[Engine, ...] = ("auto", "simpy", "compiled")
Play = Callable[["Layout", int, int], "Journal"]

#: Where each clock stands, and what of it is kept once it has been compiled.
_HOMES = {"simpy": ("operation", "doors"), "compiled": ("kernel", "kernel")}


def chosen(engine: str) -> str:
    """The clock that plays: `auto` is the compiled one.  Raises ValueError for another word."""
    if engine not in ENGINES:
        raise ValueError(f"engine is {engine!r}: must be one of {', '.join(ENGINES)}")
    return "compiled" if engine == "auto" else engine


def player(engine: str = "auto") -> Play:
    """The function that plays a replication (layout, seed, replication); the clock is compiled if it never was."""
    play: Play = import_module(f"supportsim.engine.{_HOMES[chosen(engine)][0]}").play
    return play


def play_in_portions(layout: Layout, seed: int, replication: int, take: Take, engine: Engine = "auto") -> Rest:
    """The same play without a journal: `take` gets everything portion by portion (portions.Portion).

    On the SimPy clock everything comes in one portion, so that nothing is saved.
    """
    from supportsim.engine.portions import Portion, Rest

    if chosen(engine) == "compiled":
        from supportsim.engine import kernel

        return kernel.play_in_portions(layout, seed, replication, take)
    journal = player(engine)(layout, seed, replication)
    rows = (journal.issues, journal.contacts, journal.touches)
    take(Portion(*rows, journal.end, journal.presence, journal.contacts[:0], journal.touches[:0]))
    return Rest(journal.presence, journal.end)


def is_compiled(engine: str, measures: bool = True) -> bool:
    """Whether the clock, and what adds up, lie ready; else its first use takes the time that compiling does."""
    from supportsim.demand.compiling import is_cached

    return is_cached(_HOMES[chosen(engine)][1]) and (not measures or is_cached("measures"))


def play(layout: Layout, seed: int, replication: int, engine: Engine = "auto") -> Journal:
    """Play one replication.  The same layout, seed and replication give the same journal, byte for byte."""
    return player(engine)(layout, seed, replication)
