"""A policy of the user: a function that says who goes before whom (docs/policies.md).  Knows no compiler."""

from __future__ import annotations

import hashlib
import inspect
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, overload

#: (tables as in seen.py, agent, touch, now) -> key; lowest first.
Function = Callable[[Any, int, int, int], float]
EXPECTED = "expected a function of (T, agent, touch, now) that gives a number"


class PolicyError(ValueError):
    """A policy that cannot be played, or not as it was asked for."""


class PolicyWarning(UserWarning):
    """A policy plays, but slower than it could."""


class Policy:
    """A function that gives a waiting touch its key, and how it is asked.

    function: plain Python · is_compiled: Numba compiles it, so that the fast clock plays it · inside_queues: it is
    asked for every waiting touch, else for the first of each queue · name · sha256: of its source, of the functions
    it calls, and of the values it refers to.
    """

    def __init__(self, given: Any, inside_queues: bool = True, is_compiled: bool = True) -> None:
        self.given, self.inside_queues = given, inside_queues
        self.dispatcher = given if hasattr(given, "py_func") else None
        self.function: Function = getattr(given, "py_func", given)
        self.is_compiled = is_compiled or self.dispatcher is not None
        self.name = getattr(self.function, "__name__", type(self.function).__name__)
        self.sha256 = _digest(self.function)
        self.code: Any = None  # its machine code, kept by asking.py
        self.is_told = False  # whether somebody has been told that it is slow
        for name in ("__module__", "__qualname__", "__doc__"):
            setattr(self, name, getattr(self.function, name, None))
        self.path = str(getattr(self.function, "__qualname__", ""))

    def __call__(self, T: Any, agent: int, touch: int, now: int) -> float:
        """The key, by plain Python."""
        return self.function(T, agent, touch, now)

    @property
    def travels(self) -> bool:
        """Whether another process can be given it: it is found there by name, or Numba takes it apart."""
        try:
            pickle.dumps(self)
        except Exception:  # pickle fails in many ways
            return False
        return self.dispatcher is not None or self.__module__ != "__main__" or hasattr(_main(), "__file__")

    def __repr__(self) -> str:
        return f"<policy {self.name} {self.sha256[:8]}>"

    def __reduce__(self) -> Any:
        """By its name where the name is its own (decorated in a module), else what it was made of."""
        found: Any = sys.modules.get(str(self.__module__))
        for part in self.path.split("."):
            found = getattr(found, part, None)
        return self.path if found is self else (Policy, (self.given, self.inside_queues, self.is_compiled))


@overload
def policy(function: Function, *, inside_queues: bool = True, compiled: bool = True) -> Policy: ...
@overload
def policy(*, inside_queues: bool = True, compiled: bool = True) -> Callable[[Function], Policy]: ...
def policy(function: Function | None = None, *, inside_queues: bool = True, compiled: bool = True) -> Any:
    """Decorate a function of (T, agent, touch, now) that gives a number: who has the lowest goes first.

    T: tables as docs/policies.md lists them, `T.touches[touch].entered` · agent: row of the agent who would take
    the touch · touch: row of the waiting touch · now: tick (int, microseconds since play began).  Ties go to the
    longest wait.

    inside_queues: False leaves the order inside queues alone and asks for the first of each only, which takes less
    time where many wait.  compiled: False plays it as plain Python, on the slower clock.  Raises TypeError for what
    is no such function; what Numba cannot compile is a PolicyError when it is first played.
    """
    if function is None:
        return lambda found: policy(found, inside_queues=inside_queues, compiled=compiled)
    _check(function)
    return Policy(function, inside_queues, compiled)


def _main() -> Any:
    return sys.modules.get("__main__")


def meant(value: Any) -> Policy | None:
    """A policy as an argument: one made by `policy`, a function of numba.njit, or a plain Python function.

    Raises TypeError for anything else.
    """
    if value is None or isinstance(value, Policy):
        return value
    _check(value)
    return Policy(value, is_compiled=False)


def _check(value: Any) -> None:
    if isinstance(value, str):
        raise TypeError(f"policy: got {value!r}; {EXPECTED} (a policy by name stands in the file: routing.policy)")
    try:
        inspect.signature(getattr(value, "py_func", value)).bind(None, 0, 0, 0)
    except (TypeError, ValueError):
        raise TypeError(f"policy: got {value!r:.80}; {EXPECTED}") from None


# ---------------------------------------------------------------- what it is


def _digest(function: Any) -> str:
    """Hash of all that decides what a function gives, as far as it can be told."""
    digest = hashlib.sha256()
    for part in _parts(function, set()):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def _parts(function: Any, known: set[int]) -> Iterator[str]:
    """Source of a function, its defaults, then every value it refers to by name: functions in their turn."""
    function = inspect.unwrap(getattr(function, "py_func", getattr(function, "function", function)))
    if isinstance(function, partial):
        yield _value((function.args, function.keywords))
        yield from _parts(function.func, known)
        return
    code = getattr(function, "__code__", None)
    if code is None:  # an object that can be called: what it does, and what it holds
        yield _value(getattr(function, "__dict__", function))
        yield from _parts(type(function).__call__, known) if hasattr(type(function).__call__, "__code__") else ()
        return
    if id(code) in known:
        return
    known.add(id(code))
    try:
        yield inspect.getsource(function)
    except (OSError, TypeError):
        yield f"{code.co_code.hex()} {code.co_consts!r} {code.co_names!r}"
    yield _value((function.__defaults__, function.__kwdefaults__))
    for name, value in sorted(_named(function).items()):
        yield name
        if callable(value) and not inspect.isclass(value):
            yield from _parts(value, known)
        elif not inspect.ismodule(value):
            yield _value(value)


def _named(function: Any) -> dict[str, Any]:
    """What a function refers to by name, outside of itself."""
    try:
        named = inspect.getclosurevars(function)
    except (TypeError, ValueError):  # a name that has no value yet
        return {}
    return {**named.globals, **named.nonlocals}


def _value(value: Any) -> str:
    """A value by what it holds, never by where it lies."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_value(one)}" for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return f"({', '.join(map(_value, value))})"
    if hasattr(value, "tobytes"):
        return f"{getattr(value, 'dtype', '')} {hashlib.sha256(value.tobytes()).hexdigest()}"
    found = repr(value)
    return type(value).__qualname__ if " at 0x" in found else found
