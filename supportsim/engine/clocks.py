"""The two clocks, by name: both play the same rules and leave the same journal.

`simpy` is the model that people read (operation.py), `compiled` plays it in machine code (kernel.py).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from supportsim.engine.journal import Journal
    from supportsim.engine.layout import Layout
    from supportsim.engine.policy import Policy
    from supportsim.engine.portions import Rest, Take

Engine = Literal["auto", "simpy", "compiled"]
ENGINES: tuple[Engine, ...] = ("auto", "simpy", "compiled")
Play = Callable[["Layout", int, int], "Journal"]

#: Where each clock stands, and what of it is kept once it has been compiled.
_HOMES = {"simpy": ("operation", "doors"), "compiled": ("kernel", "kernel")}


def chosen(engine: str, policy: Policy | None = None) -> str:
    """The clock that plays: `auto` is the compiled one, unless a policy is plain Python.

    Raises ValueError for another word, PolicyError where the compiled clock cannot play the policy.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine is {engine!r}: must be one of {', '.join(ENGINES)}")
    is_plain = policy is not None and not policy.is_compiled
    if is_plain and engine == "compiled":
        from supportsim.engine.policy import PolicyError

        raise PolicyError(
            f"engine='compiled' cannot play the plain Python policy {policy.name!r}: put @supportsim.policy above it "  # type: ignore[union-attr]
            "so that it is compiled, or leave the choice of the clock to engine='auto'"
        )
    return "simpy" if is_plain or engine == "simpy" else "compiled"


def player(engine: str = "auto", policy: Policy | None = None) -> Play:
    """The function that plays a replication (layout, seed, replication); the clock is compiled if it never was."""
    play: Play = import_module(f"supportsim.engine.{_HOMES[chosen(engine, policy)][0]}").play
    return play


def play_in_portions(layout: Layout, seed: int, replication: int, take: Take, engine: Engine = "auto") -> Rest:
    """The same play without a journal: `take` gets everything portion by portion (portions.Portion).

    On the SimPy clock everything comes in one portion, so that nothing is saved.
    """
    from supportsim.engine.portions import Portion, Rest

    if chosen(engine, layout.policy) == "compiled":
        from supportsim.engine import kernel

        return kernel.play_in_portions(layout, seed, replication, take)
    journal = player(engine, layout.policy)(layout, seed, replication)
    rows = (journal.issues, journal.contacts, journal.touches)
    take(Portion(*rows, journal.end, journal.presence, journal.contacts[:0], journal.touches[:0]))
    return Rest(journal.presence, journal.end, journal.customers)


def is_compiled(engine: str, measures: bool = True) -> bool:
    """Whether the clock, and what adds up, lie ready; else its first use takes the time that compiling does."""
    from supportsim.demand.compiling import is_cached

    return is_cached(_HOMES[chosen(engine)][1]) and (not measures or is_cached("measures"))


def play(layout: Layout, seed: int, replication: int, engine: Engine = "auto") -> Journal:
    """Play one replication.  The same layout, seed and replication give the same journal, byte for byte.

    A policy of the layout that is plain Python takes the slower clock and says so once (PolicyWarning).
    """
    play = player(engine, layout.policy)
    if layout.policy is not None:
        from supportsim.engine.slowness import warn_if_slow

        warn_if_slow(layout, seed, engine)
    return play(layout, seed, replication)
