"""Doors: how a clock written in Python calls compiled rules without handing over two dozen tables.

A door takes one address (of the array that holds the addresses of all tables), the number of a rule and a few whole
numbers, and calls the rule.  Handing over the tables themselves takes ten times as long.  Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from numpy.typing import NDArray

from supportsim.demand.compiling import LEAN, PLAIN, all_compiled, entry, whole
from supportsim.demand.points import compiled_fill
from supportsim.engine import desk, encounter, journey, leaving, people
from supportsim.engine.asking import Asked
from supportsim.engine.tables import addresses, in_plain_python

#: Every rule a clock may call, by the number of its arguments beside `now`, in the order of the doors below.
RULES: dict[int, list[Callable[..., Any]]] = {
    1: [
        journey.begin,
        encounter.contact,
        journey.after,
        encounter.hang_up,
        people.wrap_up_over,
        desk.give_up,
        desk.time_out,
        desk.delay_over,
        people.come_back,
        people.end_shift,
        desk.open_channel,
        desk.close_channel,
        leaving.settle,
    ],
    2: [people.stay_away, people.rest_due, people.move, people.fewer, people.more],
    4: [people.clock_in],
}
DOORS: dict[int, Callable[..., Any]] = {}

if not PLAIN:
    from numba import int64

    from supportsim.engine.machine import tables_at

    # One door for each number of arguments, not one for each rule: what a door reaches is optimised as a whole,
    # and most of the desk is reached from everywhere.

    @whole((int64, int64, int64, int64), nogil=False, **LEAN)
    def with_one(at: int, verb: int, a: int, now: int) -> Any:
        T = tables_at(at)
        if verb == 0:
            return journey.begin(T, a, now)
        if verb == 1:
            return int(encounter.contact(T, a, now))
        if verb == 2:
            return journey.after(T, a, now)
        if verb == 3:
            encounter.hang_up(T, a, now)
        elif verb == 4:
            people.wrap_up_over(T, a, now)
        elif verb == 5:
            desk.give_up(T, a, now)
        elif verb == 6:
            desk.time_out(T, a, now)
        elif verb == 7:
            desk.delay_over(T, a, now)
        elif verb == 8:
            people.come_back(T, a, now)
        elif verb == 9:
            people.end_shift(T, a, now)
        elif verb == 10:
            desk.open_channel(T, a, now)
        elif verb == 11:
            desk.close_channel(T, a, now)
        else:
            leaving.settle(T, a, now)
        return 0

    @whole((int64, int64, int64, int64, int64), nogil=False, **LEAN)
    def with_two(at: int, verb: int, a: int, b: int, now: int) -> Any:
        T = tables_at(at)
        if verb == 0:
            people.stay_away(T, a, b, now)
        elif verb == 1:
            people.rest_due(T, a, b, now)
        elif verb == 2:
            people.move(T, a, b, now)
        elif verb == 3:
            people.fewer(T, a, b, now)
        else:
            people.more(T, a, b, now)
        return 0

    @whole((int64, int64, int64, int64, int64, int64, int64), nogil=False, **LEAN)
    def with_four(at: int, verb: int, a: int, b: int, c: int, d: int, now: int) -> Any:
        people.clock_in(tables_at(at), a, b, c, d, now)
        return 0

    DOORS[1], DOORS[2], DOORS[4] = with_one, with_two, with_four
    compiled_fill()
    all_compiled("doors")


def name_of(rule: Any) -> str:
    """The name of a rule, compiled or not."""
    return str(rule.__name__)


def _and_look(asked: Asked, call: Callable[..., Any], *numbers: int) -> Any:
    found = call(*numbers)
    asked.look()
    return found


class Doors:
    """The rules of one desk in play, callable by name: `doors.contact(issue, now)`.

    `tables` may be replaced as they grow (`follow`): the array of addresses stays the same object.  `asked`: a policy
    of the user, whose errors are raised when the rule that asked it is over.
    """

    def __init__(self, tables: dict[str, NDArray[Any]], asked: Asked | None = None) -> None:
        self._at, self._asked = addresses(tables), asked
        self.follow(tables)

    def follow(self, tables: dict[str, NDArray[Any]]) -> None:
        """Tables have moved in memory."""
        self._at[:] = addresses(tables)
        if self._asked is not None:
            self._asked.follow(tables)
        plain = in_plain_python(tables) if PLAIN else None
        for arguments, rules in RULES.items():
            for verb, rule in enumerate(rules):
                through = rule if PLAIN else entry(DOORS[arguments])
                call = partial(through, plain) if PLAIN else partial(through, self._at.ctypes.data, verb)
                setattr(self, name_of(rule), call if self._asked is None else partial(_and_look, self._asked, call))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        raise AttributeError(f"no rule {name}")
