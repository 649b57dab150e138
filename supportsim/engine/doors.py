"""Doors: how a clock written in Python calls compiled rules without handing over two dozen tables.

A door takes one address (of the array that holds the addresses of all tables) and a few whole numbers, rebuilds
the tables and calls the rule of its name.  Handing over the tables themselves takes ten times as long.  Nothing
is decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from numpy.typing import NDArray

from supportsim.demand.compiling import LEAN, PLAIN, all_compiled, compiled, entry
from supportsim.engine import desk, encounter, journey
from supportsim.engine.tables import addresses, in_plain_python

#: Every rule a clock may call.
RULES: dict[str, Callable[..., Any]] = {
    "begin": journey.begin,
    "contact": encounter.contact,
    "after": journey.after,
    "give_up": desk.give_up,
    "hang_up": encounter.hang_up,
    "wrap_up_over": desk.wrap_up_over,
    "stay_away": desk.stay_away,
    "clock_in": desk.clock_in,
    "rest_due": desk.rest_due,
    "come_back": desk.come_back,
    "end_shift": desk.end_shift,
    "open_channel": desk.open_channel,
    "close_channel": desk.close_channel,
}
DOORS: dict[str, Callable[..., Any]] = {}

if not PLAIN:
    from numba import int64
    from numba.core import types
    from numba.extending import intrinsic
    from numba.np.arrayobj import populate_array

    from supportsim.engine.tables import TABLES

    @intrinsic
    def _tables_at(typing_context: Any, at: Any) -> Any:
        """The tables behind their addresses, in the order of `Tables`: all begins, then all lengths."""

        def table(context: Any, builder: Any, kind: Any, numbers: Any, k: int) -> Any:
            begin, rows = (
                builder.load(builder.gep(numbers, [context.get_constant(types.intp, i)]))
                for i in (k, k + len(TABLES.types))
            )
            made = context.make_array(kind)(context, builder)
            size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
            step = context.get_constant(types.intp, size)
            data = builder.inttoptr(begin, made.data.type)
            populate_array(  # type: ignore[no-untyped-call]
                made, data=data, shape=[rows], strides=[step], itemsize=step, meminfo=None
            )
            return made._getvalue()

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            words = context.get_value_type(types.int64).as_pointer()
            numbers = builder.inttoptr(arguments[0], words)
            made = [table(context, builder, kind, numbers, k) for k, kind in enumerate(TABLES.types)]
            return context.make_tuple(builder, TABLES, made)

        return TABLES(int64), codegen

    tables_at: Any = _tables_at

    def _door(numbers: int) -> Callable[[Callable[..., Any]], Any]:
        """Compile a door of so many whole-number arguments and keep it under its name."""

        def keep(function: Callable[..., Any]) -> Any:
            signature = (int64, *[int64] * numbers)
            DOORS[function.__name__] = compiled(signature, nogil=False, **LEAN)(function)
            return DOORS[function.__name__]

        return keep

    @_door(2)
    def begin(at: int, issue: int, now: int) -> Any:
        return journey.begin(tables_at(at), issue, now)

    @_door(2)
    def contact(at: int, issue: int, now: int) -> Any:
        return encounter.contact(tables_at(at), issue, now)

    @_door(2)
    def after(at: int, issue: int, now: int) -> Any:
        return journey.after(tables_at(at), issue, now)

    @_door(2)
    def give_up(at: int, issue: int, now: int) -> Any:
        return desk.give_up(tables_at(at), issue, now)

    @_door(2)
    def hang_up(at: int, row: int, now: int) -> Any:
        return encounter.hang_up(tables_at(at), row, now)

    @_door(2)
    def wrap_up_over(at: int, row: int, now: int) -> Any:
        return desk.wrap_up_over(tables_at(at), row, now)

    @_door(3)
    def stay_away(at: int, agent: int, until: int, now: int) -> Any:
        return desk.stay_away(tables_at(at), agent, until, now)

    @_door(5)
    def clock_in(at: int, agent: int, rests_from: int, rests_to: int, shift_end: int, now: int) -> Any:
        return desk.clock_in(tables_at(at), agent, rests_from, rests_to, shift_end, now)

    @_door(3)
    def rest_due(at: int, agent: int, rest: int, now: int) -> Any:
        return desk.rest_due(tables_at(at), agent, rest, now)

    @_door(2)
    def come_back(at: int, agent: int, now: int) -> Any:
        return desk.come_back(tables_at(at), agent, now)

    @_door(2)
    def end_shift(at: int, agent: int, now: int) -> Any:
        return desk.end_shift(tables_at(at), agent, now)

    @_door(1)
    def open_channel(at: int, channel: int) -> Any:
        return desk.open_channel(tables_at(at), channel)

    @_door(2)
    def close_channel(at: int, channel: int, now: int) -> Any:
        return desk.close_channel(tables_at(at), channel, now)

    all_compiled()


class Doors:
    """The rules of one desk in play, callable by name: `doors.contact(issue, now)`.

    `tables` may be replaced as they grow (`move`): the array of addresses stays the same object.
    """

    def __init__(self, tables: dict[str, NDArray[Any]]) -> None:
        self._at = addresses(tables)
        self.move(tables)

    def move(self, tables: dict[str, NDArray[Any]]) -> None:
        """Tables have moved in memory."""
        self._at[:] = addresses(tables)
        plain = in_plain_python(tables) if PLAIN else None
        for name, rule in RULES.items():
            call = partial(rule, plain) if PLAIN else partial(entry(DOORS[name]), self._at.ctypes.data)
            setattr(self, name, call)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        raise AttributeError(f"no rule {name}")
