"""The state of a desk in play: a few NumPy structured tables, and how compiled rules reach them.

Rules are functions over `Tables`.  The clocks call them through doors (doors.py), which rebuild `Tables` from an
array of addresses: handing over one array costs a twentieth of handing over twenty.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.compiling import LEAN, PLAIN, compiled
from supportsim.demand.laws import LAW
from supportsim.engine.journal import CONTACTS, ISSUES, PRESENCE, TOUCHES

NOBODY = -1
NONE = -1

# What a channel is.
LIVE, DEFERRED = 0, 1
# Where an agent stands: at home; open to work; a break is due; away; shift over, finishing what he has.
OFF, OPEN, DUE, AWAY, OVER = 0, 1, 2, 3, 4
# What the desk tells the clock.
WAIT, TALK, PUT_DOWN, CUT, BREAK = 1, 2, 3, 4, 5
# Columns of one piece of news: what, who, due, by.
NEWS_WIDTH = 4
# Agent and touch in one number, ordered by agent, then touch: the bits of the touch.
ROW_BITS = 36

WORLD = np.dtype(
    [
        ("key", "u8"),  # of all fates of this replication
        ("contacts", "i8"),  # rows used
        ("touches", "i8"),
        ("presence", "i8"),
        ("fullest", "i8"),  # the larger of contacts and touches: when to grow
        ("news", "i8"),  # pieces of news not yet heard
        ("cut_from", "i8"),  # contacts due at or after this tick are cut (NEVER: none)
    ],
    align=True,
)


def _wider(facts: np.dtype[Any], *private: tuple[str, str]) -> np.dtype[Any]:
    """The journal's columns first, the engine's own after them."""
    columns = [(name, facts.fields[name][0]) for name in facts.names]  # type: ignore[union-attr,index]
    return np.dtype([*columns, *private], align=True)


ISSUE = _wider(
    ISSUES,
    ("channel", "i4"),  # where he begins (-1: by plan), then where he is
    ("step", "i4"),  # position in his plan; -1: a channel outside it
    ("tries", "i4"),  # contacts made on this channel
    ("kind", "i4"),  # of his next contact
    ("last", "i8"),  # his last contact
    ("aht", "f8"),  # ticks, of the forecast row; 0: none
    ("handle", "i8"),  # of the trace row; -1: drawn
    ("wrap", "i8"),
    ("patience", "i8"),
)
CONTACT = _wider(
    CONTACTS,
    ("talk", "i8"),  # ticks of talk still to do; -1: never started
    ("wrap", "i8"),  # ticks of wrap-up after it
)
TOUCH = _wider(
    TOUCHES,
    ("prev", "i8"),  # neighbours in the queue, later in the agent's hands
    ("next", "i8"),
    ("due", "i8"),  # end of talk, then of wrap-up
)
AGENT = np.dtype(
    [
        ("team", "i8"),
        ("state", "i8"),
        ("in_hand", "i8"),
        ("held", "i8"),  # channel of what he holds
        ("changed", "i8"),  # tick at which `in_hand` last changed
        ("linked", "i8"),  # list he stands in; -1: none
        ("prev", "i8"),
        ("next", "i8"),
        ("hands", "i8"),  # first touch in hand
        ("span", "i8"),  # open row of presence
        ("rest", "i8"),  # next break or block of this shift that has not begun
        ("rests_due", "i8"),  # how many of them are due
        ("rests_end", "i8"),
        ("shift_end", "i8"),
        ("back", "i8"),  # tick at which his break is over
    ],
    align=True,
)
RESTS = np.dtype([("due", "i8"), ("length", "i8"), ("what", "i8")], align=True)
TEAM = np.dtype(
    [
        ("queues_from", "i8"),
        ("queues_to", "i8"),
        ("lists_from", "i8"),
        ("most", "i8"),  # contacts one agent may hold at most
        ("lowest_id", "i8"),
        ("present", "i8"),  # agents between clock-in and leaving
    ],
    align=True,
)
LISTS = np.dtype([("head", "i8"), ("tail", "i8")], align=True)
RANKED = np.dtype([("rank", "i8"), ("queue", "i8")], align=True)
QUEUE = np.dtype(
    [
        ("head", "i8"),
        ("tail", "i8"),
        ("channel", "i8"),
        ("asked_from", "i8"),  # rows in ASKED
        ("asked_to", "i8"),
        ("work", "i8"),  # laws
        ("wrap_inside", "i8"),
        ("wrap_law", "i8"),  # -1: a share
        ("wrap_share", "f8"),
        ("patience", "i8"),
        ("resolves", "f8"),
    ],
    align=True,
)
ASKED = np.dtype([("team", "i8"), ("step", "i8")], align=True)
CHANNEL = np.dtype(
    [
        ("kind", "i8"),
        ("is_open", "i8"),
        ("turn_away", "i8"),
        ("put_down", "i8"),
        ("lines", "i8"),
        ("waiting_room", "i8"),
        ("on_line", "i8"),  # customers waiting or talking
        ("waiting", "i8"),
        ("queues_from", "i8"),  # its queues lie together
        ("queues_to", "i8"),
        ("windows_from", "i8"),
        ("windows_to", "i8"),
    ],
    align=True,
)
WINDOWS = np.dtype([("begin", "i8"), ("end", "i8")], align=True)
NEXT = np.dtype(
    [
        ("known", "i8"),
        ("again", "f8"),  # cumulated shares: again, then at_opening, then next_channel, the rest stops
        ("at_opening", "f8"),
        ("next_channel", "f8"),
        ("delay", "i8"),
        ("tries", "i8"),
    ],
    align=True,
)
STREAM = np.dtype([("no_returns", "i8")], align=True)  # channel to which nobody returns; -1: none
OFFER = np.dtype([("steps_from", "i8"), ("steps_to", "i8")], align=True)  # per segment
STEP = np.dtype([("channel", "i8"), ("share", "f8")], align=True)  # cumulated share of who starts here
INDEX = np.dtype([("value", "i8")], align=True)


class Tables(NamedTuple):
    """Everything the rules see.  Sizes: rows as the layout says; `news` is NEWS_WIDTH numbers a piece."""

    world: Any
    issues: Any
    contacts: Any
    touches: Any
    presence: Any
    agents: Any
    rests: Any
    teams: Any
    lists: Any
    ranked: Any  # a team's queues, best rank first
    queues: Any
    asked: Any  # the teams a queue's touches ask, in order
    channels: Any
    windows: Any
    nexts: Any  # channel x outcome
    streams: Any
    offers: Any
    steps: Any
    caps: Any  # team x channel: contacts one agent may hold
    queue_of: Any  # channel x segment x topic
    sizes: Any  # number of segments, of topics, of channels
    news: Any
    laws: Any
    knots: Any


DTYPES: dict[str, np.dtype[Any]] = {
    "world": WORLD,
    "issues": ISSUE,
    "contacts": CONTACT,
    "touches": TOUCH,
    "presence": PRESENCE,
    "agents": AGENT,
    "rests": RESTS,
    "teams": TEAM,
    "lists": LISTS,
    "ranked": RANKED,
    "queues": QUEUE,
    "asked": ASKED,
    "channels": CHANNEL,
    "windows": WINDOWS,
    "nexts": NEXT,
    "streams": STREAM,
    "offers": OFFER,
    "steps": STEP,
    "caps": INDEX,
    "queue_of": INDEX,
    "sizes": INDEX,
    "news": INDEX,
    "laws": LAW,
}


def addresses(tables: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Where each table begins and how many rows it has: all begins, then all lengths."""
    ordered = [tables[name] for name in Tables._fields]
    return np.array([t.ctypes.data for t in ordered] + [len(t) for t in ordered], dtype=np.int64)


def in_plain_python(tables: dict[str, NDArray[Any]]) -> Tables:
    """The same tables for rules that are not compiled: records with attributes."""
    return Tables(*[tables[n] if n == "knots" else tables[n].view(np.recarray) for n in Tables._fields])


if not PLAIN:
    import numba
    from numba import types

    _ARRAYS = [types.Array(numba.from_dtype(d), 1, "C") for d in DTYPES.values()]
    _ARRAYS.append(types.Array(types.float64, 1, "C"))
    TABLES: Any = types.NamedTuple(_ARRAYS, Tables)  # type: ignore[no-untyped-call]
    _TYPES = {int: types.int64, float: types.float64, bool: types.boolean, type(None): types.void}


def _with_plain_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """Arguments as the signature has them: a number read from a 32-bit column would stay 32 bits wide in NumPy."""

    @functools.wraps(function)
    def called(T: Tables, *numbers: Any) -> Any:
        return function(T, *[int(n) if isinstance(n, np.integer) else n for n in numbers])

    return called


def rule(function: Callable[..., Any]) -> Any:
    """Compile a rule with the signature its annotations state: Tables, int, float, bool or None.

    Only doors are called from Python: a rule needs no wrapper, which halves the time of compiling.
    """
    if PLAIN:
        return _with_plain_numbers(function)
    hints = typing.get_type_hints(function)
    returns = _TYPES[hints.pop("return")]
    kinds = [TABLES if kind is Tables else _TYPES[kind] for kind in hints.values()]
    return compiled(returns(*kinds), no_cpython_wrapper=True, no_cfunc_wrapper=True, **LEAN)(function)
