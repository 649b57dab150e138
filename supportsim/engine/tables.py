"""The state of a desk in play: a few NumPy structured tables, and how compiled rules reach them.

Rules are functions over `Tables`.  The clocks call them through doors (doors.py) with the address of an array of
addresses, from which a compiled rule makes the table that it names.
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
WAIT, TALK, WRAP, LAID_ASIDE, CUT, BREAK, DELAY, FILLER, ROOM = 1, 2, 3, 4, 5, 6, 7, 8, 9
# What ends a wait first, in the news WAIT: the customer's patience, or the limit of the channel.
PATIENCE, LIMIT = 0, 1
# How a team picks among its agents.
LONGEST_IDLE, LOWEST_ID, RANDOM = 0, 1, 2
# By what a policy compares touches of one rank before the longest wait (scenario/policies.py).
NO_KEY, AGEING, DUE_TICK, LEAST_WORK = 0, 1, 2, 3
# Columns of one piece of news: what, who, due, row or the like, order among what is due at that tick.
NEWS_WIDTH = 5
# Agent and touch in one number, ordered by agent, then touch: the bits of the touch.
TOUCH_BITS = 36

WORLD = np.dtype(
    [
        ("key", "u8"),  # of all fates of this replication
        ("issues", "i8"),  # rows used, filler included
        ("contacts", "i8"),
        ("touches", "i8"),
        ("presence", "i8"),
        ("room", "i8"),  # rows of contacts and touches from which on the tables are to grow
        ("news", "i8"),  # pieces of news not yet heard
        ("cut_from", "i8"),  # contacts due at or after this tick are cut (NEVER: none)
        ("key_of_policy", "i8"),  # NO_KEY, AGEING, DUE_TICK, LEAST_WORK
        ("is_free", "i8"),  # 1: no reservation, draining or delay anywhere, so supply is one agent's affair
        ("may_interrupt", "i8"),  # 1: some channel is interruptible
        ("fillers", "i8"),  # queues of filler work
        ("drained", "i8"),  # 1: a touch has left a queue that somebody drains for
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
    ("talk", "i8"),  # work of the talk still to do: ticks x speed with one in hand; -1: never started
    ("wrap", "i8"),  # work of the wrap-up after it
    ("team", "i8"),  # for which the agent worked who began it
    ("before", "i8"),  # the contact of the issue before this one; -1: none
)
TOUCH = _wider(
    TOUCHES,
    ("prev", "i8"),  # neighbours in the queue, later in the agent's hands
    ("next", "i8"),
    ("due", "i8"),  # end of talk, then of wrap-up
    ("told", "i8"),  # the piece of news, of the event in which it was written, that says so
    ("key", "i8"),  # what orders its queue before the entry time (policies by due tick or by work), else 0
)
AGENT = np.dtype(
    [
        ("key", "u8"),  # of his fates
        ("team", "i8"),  # for which he works now
        ("state", "i8"),
        ("in_hand", "i8"),
        ("held", "i8"),  # channel of what he holds
        ("changed", "i8"),  # tick at which `in_hand` last changed, he came, came back or moved
        ("scaled", "i8"),  # tick up to which the work in his hands is counted, where speeds differ
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
RESTS = np.dtype([("due", "i8"), ("length", "i8"), ("what", "i8"), ("until", "i8")], align=True)
TEAM = np.dtype(
    [
        ("queues_from", "i8"),
        ("queues_to", "i8"),
        ("lists_from", "i8"),
        ("most", "i8"),  # contacts one agent may hold at most
        ("pick", "i8"),  # LONGEST_IDLE, LOWEST_ID, RANDOM
        ("present", "i8"),  # agents between clock-in and leaving
        ("idle", "i8"),  # agents open to work with empty hands
        ("drains_from", "i8"),
        ("drains_to", "i8"),
        ("agents_from", "i8"),  # its anonymous heads
        ("agents_to", "i8"),
    ],
    align=True,
)
LISTS = np.dtype([("head", "i8"), ("tail", "i8")], align=True)
RANKED = np.dtype([("rank", "i8"), ("queue", "i8"), ("delay", "i8")], align=True)
DRAINS = np.dtype([("queue", "i8"), ("delay", "i8")], align=True)
QUEUE = np.dtype(
    [
        ("head", "i8"),
        ("tail", "i8"),
        ("channel", "i8"),
        ("asked_from", "i8"),  # rows in ASKED
        ("asked_to", "i8"),
        ("patience", "i8"),  # a law
        ("bonus", "i8"),  # of ageing: 100 x ticks
        ("rate", "i8"),
        ("is_drained", "i8"),  # 1: some team drains for it
    ],
    align=True,
)
WORK = np.dtype(
    [
        ("law", "i8"),
        ("wrap_inside", "i8"),
        ("wrap_law", "i8"),  # -1: a share
        ("wrap_share", "f8"),
        ("resolves", "f8"),
        ("pace", "f8"),
    ],
    align=True,
)
FILLERS = np.dtype(
    [("queue", "i8"), ("stream", "i8"), ("segment", "i8"), ("topic", "i8"), ("key", "u8"), ("begun", "i8")], align=True
)
ASKED = np.dtype([("team", "i8"), ("step", "i8"), ("delay", "i8"), ("hold", "i8")], align=True)
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
        ("speeds_from", "i8"),  # -1: one speed
        ("last_chat", "i8"),
        ("wait_limit", "i8"),
        ("keeps_patience", "i8"),
        ("interruptible", "i8"),
        ("hours_from", "i8"),
        ("hours_to", "i8"),
    ],
    align=True,
)
HOURS = np.dtype([("begin", "i8"), ("work", "f8"), ("patience", "f8"), ("resolves", "f8")], align=True)
PROMISED = np.dtype(
    [("replies", "i8"), ("limit", "i8"), ("always", "i8"), ("windows_from", "i8"), ("windows_to", "i8")], align=True
)
OPENING = np.dtype([("begin", "i8"), ("end", "i8"), ("before", "i8")], align=True)  # open ticks before the window
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
    places: Any  # team x queue: row in RANKED; -1: not served
    works: Any
    work_of: Any  # (team + 1) x queue: row in WORK; the first lot without team
    drains: Any
    fillers: Any
    speeds: Any
    hours: Any  # channel after channel: factors from each begin on
    promised: Any  # promises, where the policy asks for due ticks
    covers: Any  # promise x queue
    opening: Any
    queue_of: Any  # channel x segment x topic
    sizes: Any  # number of segments, of topics, of channels, of promises whose due ticks are asked for
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
    "places": INDEX,
    "works": WORK,
    "work_of": INDEX,
    "drains": DRAINS,
    "fillers": FILLERS,
    "speeds": INDEX,
    "hours": HOURS,
    "promised": PROMISED,
    "covers": INDEX,
    "opening": OPENING,
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
    from numba.core import types
    from numba.core.typing.templates import AttributeTemplate
    from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model
    from numba.np.arrayobj import populate_array

    class DeskType(types.Type):
        """What compiled rules call `Tables`: no more than the address of the addresses.

        A table is made from them where a rule names it.  Handing the tables themselves from rule to rule moves two
        kilobytes for each call, and the compiler takes twice as long over it.
        """

        def __init__(self) -> None:
            super().__init__(name="Desk")

    TABLES: Any = DeskType()
    _ARRAYS: dict[str, Any] = {name: types.Array(numba.from_dtype(d), 1, "C") for name, d in DTYPES.items()}
    _ARRAYS["knots"] = types.Array(types.float64, 1, "C")
    _TYPES = {int: types.int64, float: types.float64, bool: types.boolean, type(None): types.void}

    @register_model(DeskType)
    class _DeskModel(models.PrimitiveModel):
        def __init__(self, manager: Any, kind: Any) -> None:
            super().__init__(  # type: ignore[no-untyped-call]
                manager, kind, manager.lookup(types.int64).get_value_type()
            )

    @infer_getattr
    class _DeskAttributes(AttributeTemplate):
        key = DeskType

        def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
            return _ARRAYS.get(name)

    @lower_getattr_generic(DeskType)  # type: ignore[no-untyped-call,untyped-decorator]
    def _table(context: Any, builder: Any, kind: Any, at: Any, name: str) -> Any:
        """The table of this name, as a view of where it lies."""
        array = _ARRAYS[name]
        numbers = builder.inttoptr(at, context.get_value_type(types.int64).as_pointer())
        k = Tables._fields.index(name)
        places = [context.get_constant(types.intp, i) for i in (k, k + len(Tables._fields))]
        begin, rows = (builder.load(builder.gep(numbers, [place])) for place in places)
        for number in (begin, rows):  # tables move only between calls
            number.set_metadata("invariant.load", builder.module.add_metadata([]))
        made = context.make_array(array)(context, builder)
        size = context.get_abi_sizeof(context.get_data_type(array.dtype))
        step = context.get_constant(types.intp, size)
        data = builder.inttoptr(begin, made.data.type)
        populate_array(  # type: ignore[no-untyped-call]
            made, data=data, shape=[rows], strides=[step], itemsize=step, meminfo=None
        )
        return made._getvalue()

    @intrinsic
    def _tables_at(typing_context: Any, at: Any) -> Any:
        return TABLES(types.int64), lambda context, builder, signature, arguments: arguments[0]

    tables_at: Any = _tables_at


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


def verb(function: Callable[..., Any]) -> Any:
    """A rule with one caller, a door or another rule: compiled as a part of it, not by itself."""
    if PLAIN:
        return _with_plain_numbers(function)
    return compiled(None, inline="always", **LEAN)(function)
