"""Dataclasses that never change, made in a third of the time.

`dataclass(frozen=True)` compiles six methods for each class. With some forty classes on the way of `check` that was a
tenth of all it takes. Here only `__init__` is compiled; the other methods are the same for all classes and read their
fields. `fields`, `replace`, `asdict`, equality, hash and pickling are those of any frozen dataclass.
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, NoReturn, TypeVar, dataclass_transform

Kind = TypeVar("Kind")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[Kind]) -> type[Kind]:
    """As `dataclass(frozen=True)`; a default is a value, never a factory."""
    made: Any = dataclass(init=False, repr=False, eq=False)(cls)
    made.__init__ = _init(made)
    made.__init__.__qualname__ = f"{cls.__qualname__}.__init__"
    made._compared = tuple(each.name for each in fields(made) if each.compare)
    for name in ("__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__"):
        setattr(made, name, getattr(_Shared, name))
    return cls


def _init(cls: Any) -> Any:
    """Its `__init__`: what the caller says, put past `__setattr__`, which refuses."""
    each = fields(cls)
    known = {f"_{one.name}": one.default for one in each if one.default is not MISSING}
    asked = [one.name + (f"=_{one.name}" if one.default is not MISSING else "") for one in each]
    lines = ["    _own = self.__dict__", *(f"    _own[{one.name!r}] = {one.name}" for one in each)]
    lines += ["    self.__post_init__()"] * hasattr(cls, "__post_init__")
    exec(f"def __init__({', '.join(['self', *asked])}):\n" + "\n".join(lines), known)
    return known["__init__"]


class _Shared:
    """Methods that every such class has."""

    _compared: tuple[str, ...]

    def __repr__(self: Any) -> str:
        shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __eq__(self: Any, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(_values(self) == _values(other))

    def __hash__(self: Any) -> int:
        return hash(_values(self))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")


def _values(self: Any) -> tuple[Any, ...]:
    own = self.__dict__
    return tuple([own[name] for name in self._compared])
