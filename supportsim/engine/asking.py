"""How rules ask a policy of the user: through the address of its machine code, so that no rule is compiled anew.

A compiled policy gets a C function around it; a plain Python one is called back through ctypes, which takes the
interpreter's lock by itself.  Errors cannot pass through either: they are kept and raised when a clock looks.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from supportsim.demand.compiling import PLAIN
from supportsim.engine.machine import part
from supportsim.engine.policy import Policy, PolicyError
from supportsim.engine.seen import Seen
from supportsim.engine.tables import Tables

_CALLED_BACK = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_int64] * 4)
#: Where nothing is compiled: the functions by number.
_PLAIN: dict[int, Callable[[Tables, int, int, int], float]] = {}


def _call_plain(T: Tables, at: int, agent: int, touch: int, now: int) -> float:
    return _PLAIN[at](T, agent, touch, now)


def _nothing() -> None:
    pass


_call: Any = _call_plain
#: Said in a rule that only policies of the user reach: its code stands apart from that of all who may call it.
apart: Any = _nothing

if not PLAIN:
    import numba
    from llvmlite import ir
    from numba.core import types
    from numba.core.errors import NumbaError
    from numba.extending import intrinsic

    from supportsim.engine.machine import TABLES, seen_at

    @intrinsic
    def _call_address(typing_context: Any, T: Any, at: Any, agent: Any, touch: Any, now: Any) -> Any:
        """double f(int64 tables, int64 agent, int64 touch, int64 now)"""

        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            word = ir.IntType(64)
            function = builder.inttoptr(args[1], ir.FunctionType(ir.DoubleType(), [word] * 4).as_pointer())
            return builder.call(function, [builder.ptrtoint(args[0], word), *args[2:]])

        return types.float64(TABLES, *[types.int64] * 4), made

    @intrinsic
    def _apart(typing_context: Any) -> Any:
        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            builder.function.attributes.add("noinline")
            builder.function.attributes.add("cold")
            return context.get_dummy_value()

        return types.void(), made

    _call, apart = _call_address, _apart


@part
def ask(T: Tables, agent: int, touch: int, now: int) -> float:
    """The key the policy gives a touch and the agent who would take it; lowest first."""
    return _call(T, T.world[0].policy, agent, touch, now)


def _compiled(policy: Policy) -> Any:
    """The policy as a C function.  Raises PolicyError where it cannot be compiled."""
    function: Any = policy.dispatcher or numba.njit(policy.function)
    none = f"policy {policy.name!r} gave nan, which is no number to compare"

    def asked(at, agent, touch, now):  # type: ignore[no-untyped-def]
        key = 0.0 + function(seen_at(at), agent, touch, now)
        if key != key:
            raise ValueError(none)
        return key

    asked.__qualname__ = f"policy {policy.name}"
    try:
        return numba.cfunc(types.float64(*[types.int64] * 4))(asked)
    except NumbaError as error:
        raise PolicyError(_why(policy, error)) from error


def prepare(policy: Policy) -> None:
    """Compile a policy that is to be compiled and is not.  Raises PolicyError."""
    if policy.is_compiled and policy.code is None and not PLAIN:
        policy.code = _compiled(policy)


def _why(policy: Policy, error: Exception) -> str:
    """The line of the compiler's words that says most, and what to do about it."""
    lines = [line.strip() for line in str(error).splitlines()]
    signs = ("a policy ", "Unknown attribute", "No implementation", "NameError", "Untyped global", "Cannot unify")
    said = [line for line in lines if line.startswith(signs)] or [line for line in lines if line]
    way_out = "pass the function without the decorator to play it in plain Python, which is slower"
    return f"policy {policy.name!r} cannot be compiled: {said[0] if said else type(error).__name__}; {way_out}"


class Asked:
    """A policy in one replication: where rules find it, and the first error it ended in.

    Use it as a context manager around play, and call `look` after each call of a compiled rule.
    """

    def __init__(self, policy: Policy, tables: dict[str, NDArray[Any]], where: str) -> None:
        self.policy, self.where = policy, where
        self.error: BaseException | None = None
        if PLAIN:
            self.address = id(self)
            self.last: Tables | None = None
            _PLAIN[self.address] = self._plainly
        elif policy.is_compiled:
            prepare(policy)
            self.address = policy.code.address
        else:
            self.seen = Seen(tables)
            self._keep = _CALLED_BACK(self._called_back)
            self.address = ctypes.cast(self._keep, ctypes.c_void_p).value or 0

    def follow(self, tables: dict[str, NDArray[Any]]) -> None:
        """Tables have moved in memory."""
        if not PLAIN and not self.policy.is_compiled:
            self.seen.follow(tables)

    def _key(self, seen: Seen, agent: int, touch: int, now: int) -> float:
        key = 0.0 + self.policy.function(seen, agent, touch, now)
        if key != key:
            raise ValueError(f"policy {self.policy.name!r} gave nan, which is no number to compare")
        return key

    def _plainly(self, T: Tables, agent: int, touch: int, now: int) -> float:
        if T is not self.last:
            self.last, self.seen = T, Seen(T._asdict())
        try:
            return self._key(self.seen, agent, touch, now)
        except BaseException as error:
            self._placed(error)
            raise

    def _called_back(self, at: int, agent: int, touch: int, now: int) -> float:
        if self.error is None:
            try:
                return self._key(self.seen, agent, touch, now)
            except BaseException as error:
                self.error = error
        return 0.0

    # ------------------------------------------------------------ errors

    def look(self) -> None:
        """Raise what the policy has raised."""
        if self.error is not None:
            error, self.error = self.error, None
            raise self._placed(error)

    def _placed(self, error: BaseException) -> BaseException:
        """The error, with a note of where it happened."""
        error.add_note(f"in the policy {self.policy.name!r}, {self.where}")
        return error

    def __enter__(self) -> Asked:
        if not PLAIN and self.policy.is_compiled:
            self.before, sys.unraisablehook = sys.unraisablehook, self._heard
        return self

    def _heard(self, unraisable: Any) -> None:
        """Numba hands errors of its C functions to this hook of the interpreter, with a text in place of a thing."""
        if not isinstance(unraisable.object, str):
            self.before(unraisable)
        elif self.error is None:
            self.error = unraisable.exc_value or unraisable.exc_type()

    def __exit__(self, *error: object) -> None:
        if not PLAIN and self.policy.is_compiled:
            sys.unraisablehook = self.before
        _PLAIN.pop(self.address, None)
        for name in ("_keep", "seen", "last"):  # a call back and its object hold each other, and all tables
            self.__dict__.pop(name, None)
