"""What compiled rules call `Tables`: no more than the address of an array of addresses.

A rule that names a table, a row of it and a column gets one load or store, 64 bits wide whatever the column is:
a 32-bit column would make a rule of its own of each caller.  Handing the tables themselves from rule to rule moves
two kilobytes a call, and the compiler takes twice as long over it.  Indices do not count from the end.

Each column is an alias class of its own (LLVM's TBAA): a store to one column cannot have changed another, so what a
rule has read stays in registers.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from typing import Any

import numpy as np

from supportsim.demand.compiling import INSIDE, LEAN, PLAIN, compiled, loose
from supportsim.engine.seen import LASTING, SEEN
from supportsim.engine.tables import DTYPES, LINE, Tables


def _with_plain_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """Arguments as the signature has them: a number read from a 32-bit column would stay 32 bits wide in NumPy."""

    @functools.wraps(function)
    def called(T: Tables, *numbers: Any) -> Any:
        return function(T, *[int(n) if isinstance(n, np.integer) else n for n in numbers])

    return called


def rule(function: Callable[..., Any]) -> Any:
    """Compile a rule with the signature its annotations state: Tables, int, float, bool or None.

    Only doors are called from Python: a rule becomes a part of those that reach it (`demand/loose.py`).
    """
    return _with_plain_numbers(function) if PLAIN else _compiled(function, {})


def part(function: Callable[..., Any]) -> Any:
    """A rule that machine code holds once for each caller: short ones, and those on everybody's way.

    A call costs as much as ten instructions, and what a rule has read must be read again after it.
    """
    return _with_plain_numbers(function) if PLAIN else _compiled(function, INSIDE)


def rare(function: Callable[..., Any]) -> Any:
    """A rule to which most events of most desks never come: never a part of those that call it.

    Machine code on everybody's way is shorter for it and keeps nothing ready for it, and there is less to compile.
    """
    return _with_plain_numbers(function) if PLAIN else _compiled(function, {"rare": True})


def _compiled(function: Callable[..., Any], settings: dict[str, Any]) -> Any:
    hints = typing.get_type_hints(function)
    returns = _TYPES[hints.pop("return")]
    kinds = [TABLES if kind is Tables else _TYPES[kind] for kind in hints.values()]
    return loose(returns(*kinds), **settings, **LEAN)(function)


def verb(function: Callable[..., Any]) -> Any:
    """A rule with one caller, a door or another rule: compiled as a part of it, not by itself."""
    if PLAIN:
        return _with_plain_numbers(function)
    return compiled(None, inline="always", **LEAN)(function)


def _take(to: Any, row: Any) -> None:
    """Copy the columns that both rows have."""
    for name in to.dtype.names:
        if name in row.dtype.names:
            to[name] = row[name]


take: Any = _take


def _fetch(table: Any, row: int) -> None:
    """Ask memory for a row that may soon be read, whether there is such a row or not: only time changes."""


fetch: Any = _fetch


def _bit_length(number: int) -> int:
    """How many bits a number has that is not below 0."""
    return int(number).bit_length()


bit_length: Any = _bit_length

if not PLAIN:
    import operator

    import numba
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.core.cgutils import if_unlikely, raw_memcpy
    from numba.core.errors import TypingError
    from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
    from numba.extending import (
        infer_getattr,
        intrinsic,
        lower_builtin,
        lower_getattr_generic,
        lower_setattr_generic,
        models,
        register_model,
    )
    from numba.np.arrayobj import populate_array

    _BYTES = ir.IntType(8).as_pointer()
    _WORD = ir.IntType(64)
    _COUNT = len(Tables._fields)
    #: What is asked for will be written, and again soon; it is data.
    _TO_WRITE = (1, 3, 1)
    #: Tables that library code reads as arrays.
    _AS_ARRAYS: dict[str, Any] = {
        "laws": types.Array(numba.from_dtype(DTYPES["laws"]), 1, "C"),
        "knots": types.Array(types.float64, 1, "C"),
    }

    class DeskType(types.Type):
        """All tables: the address of the addresses.  `seen`: as a policy of the user sees them (seen.py)."""

        def __init__(self, seen: bool = False) -> None:
            self.seen = seen
            super().__init__(name="T" if seen else "Desk")

    class TableType(types.Type):
        """One table, still to be looked up: the address of the addresses."""

        def __init__(self, table: str, seen: bool) -> None:
            self.table, self.seen = table, seen
            super().__init__(name=f"T.{table}" if seen else f"Table({table})")

    class RowType(types.Type):
        """A row of a table: its address."""

        def __init__(self, table: str, seen: bool) -> None:
            self.table, self.seen = table, seen
            super().__init__(name=f"row of T.{table}" if seen else f"Row({table})")

    TABLES: Any = DeskType()
    TABLES_SEEN: Any = DeskType(seen=True)
    _TYPES = {int: types.int64, float: types.float64, bool: types.boolean, type(None): types.void}

    @register_model(DeskType)
    @register_model(TableType)
    @register_model(RowType)
    class _AddressModel(models.PrimitiveModel):
        def __init__(self, manager: Any, kind: Any) -> None:
            super().__init__(manager, kind, _BYTES)

    # ---------------- the desk's tables

    @infer_getattr
    class _DeskAttributes(AttributeTemplate):
        key = DeskType

        def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
            if kind.seen:
                return TableType(name, True) if name in SEEN else None
            return _AS_ARRAYS.get(name) or (TableType(name, False) if name in DTYPES else None)

    def _number(builder: Any, at: Any, place: int) -> Any:
        """One of the numbers the desk is made of: they change only between calls."""
        numbers = builder.bitcast(at, _WORD.as_pointer())
        found = builder.load(builder.gep(numbers, [ir.Constant(_WORD, place)]))
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found

    def _begin(builder: Any, at: Any, table: str) -> Any:
        return builder.inttoptr(_number(builder, at, Tables._fields.index(table)), _BYTES)

    def _rows(builder: Any, at: Any, table: str) -> Any:
        return _number(builder, at, _COUNT + Tables._fields.index(table))

    @lower_getattr_generic(DeskType)
    def _table(context: Any, builder: Any, kind: Any, at: Any, name: str) -> Any:
        """The table of this name; as an array where library code reads it."""
        if name not in _AS_ARRAYS:
            return at
        array = _AS_ARRAYS[name]
        made = context.make_array(array)(context, builder)
        size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(array.dtype)))
        data = builder.bitcast(_begin(builder, at, name), made.data.type)
        populate_array(made, data=data, shape=[_rows(builder, at, name)], strides=[size], itemsize=size, meminfo=None)
        return made._getvalue()

    # ---------------- rows of a table

    #: Asked before those that are not of this processor alone: all sixty ways to index take a tenth of compiling.
    _FIRST = {"target": "cpu"}

    @infer_global(len)
    class _Length(AbstractTemplate):
        metadata = _FIRST

        def generic(self, args: Any, kws: Any) -> Any:
            counted = isinstance(args[0], TableType) and (not args[0].seen or args[0].table in LASTING)
            return signature(types.int64, *args) if counted else None

    @lower_builtin(len, TableType)
    def _length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _rows(builder, args[0], sig.args[0].table)

    @infer_global(operator.getitem)
    class _RowOf(AbstractTemplate):
        metadata = _FIRST

        def generic(self, args: Any, kws: Any) -> Any:
            if isinstance(args[0], TableType) and isinstance(args[1], types.Integer):
                return signature(RowType(args[0].table, args[0].seen), args[0], types.int64)
            return None

    @lower_builtin(operator.getitem, TableType, types.Integer)
    def _row(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        table = sig.args[0].table
        if sig.args[0].seen:
            beyond = builder.icmp_unsigned(">=", args[1], _rows(builder, args[0], table))
            with if_unlikely(builder, beyond):
                context.call_conv.return_user_exc(builder, IndexError, (f"{table} has no row of this number",))
        size = ir.Constant(_WORD, DTYPES[table].itemsize)
        return builder.gep(_begin(builder, args[0], table), [builder.mul(args[1], size)])

    # ---------------- columns of a row

    def _field(table: str, column: str) -> tuple[Any, int]:
        fields = DTYPES[table].fields
        assert fields is not None
        return fields[column][0], fields[column][1]

    @infer_getattr
    class _RowAttributes(AttributeTemplate):
        key = RowType

        def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
            if name not in (SEEN[kind.table] if kind.seen else DTYPES[kind.table].names or ()):
                return None
            dtype, _ = _field(kind.table, name)
            unsigned = types.int64 if kind.seen else types.uint64
            return {"f": types.float64, "u": unsigned}.get(dtype.kind, types.int64)

    def _place(builder: Any, row: Any, table: str, column: str) -> tuple[Any, Any]:
        """Where a column of a row lies, and what lies there."""
        dtype, offset = _field(table, column)
        lies = ir.DoubleType() if dtype.kind == "f" else ir.IntType(8 * dtype.itemsize)
        at = builder.gep(row, [ir.Constant(_WORD, offset)])
        return builder.bitcast(at, lies.as_pointer()), lies

    def _read_wide(builder: Any, row: Any, table: str, column: str) -> Any:
        """A column of a row, 64 bits wide."""
        at, lies = _place(builder, row, table, column)
        found = builder.load(at)
        _mark(builder, found, table, column)
        narrow = isinstance(lies, ir.IntType) and lies.width < _WORD.width
        return builder.sext(found, _WORD) if narrow else found

    def _write_wide(builder: Any, row: Any, table: str, column: str, new: Any) -> None:
        at, lies = _place(builder, row, table, column)
        narrow = isinstance(lies, ir.IntType) and lies.width < _WORD.width
        stored = builder.store(builder.trunc(new, lies) if narrow else new, at)
        _mark(builder, stored, table, column)

    def _mark(builder: Any, instruction: Any, table: str, column: str) -> None:
        """Its alias class: this column of this table."""
        module, zero = builder.module, ir.Constant(_WORD, 0)
        root = module.add_metadata([ir.MetaDataString(module, "supportsim")])
        kind = module.add_metadata([ir.MetaDataString(module, f"{table}.{column}"), root, zero])
        instruction.set_metadata("tbaa", module.add_metadata([kind, kind, zero]))

    @lower_getattr_generic(RowType)
    def _read(context: Any, builder: Any, kind: Any, row: Any, name: str) -> Any:
        return _read_wide(builder, row, kind.table, name)

    @lower_setattr_generic(RowType)
    def _write(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
        kind, value = sig.args
        if kind.seen:
            raise TypingError(f"a policy changes nothing: {kind.table}.{name}")
        lies = _field(kind.table, name)[0].kind
        wide = {"f": types.float64, "u": types.uint64}.get(lies, types.int64)
        _write_wide(builder, args[0], kind.table, name, context.cast(builder, args[1], value, wide))

    def _runs(to: np.dtype[Any], row: np.dtype[Any]) -> list[list[int]]:
        """Columns that both rows have, those that lie side by side in both together: where, where from, bytes."""
        runs: list[list[int]] = []
        for name in (name for name in to.names or () if name in (row.names or ())):
            (lies, at), (same, begin) = to.fields[name][:2], row.fields[name][:2]  # type: ignore[index]
            assert lies == same, f"{name} is not the same in both"
            if runs and [at, begin] == [runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]]:
                runs[-1][2] += lies.itemsize
            else:
                runs.append([at, begin, lies.itemsize])
        return runs

    @intrinsic
    def _take_columns(typing_context: Any, to: Any, row: Any) -> Any:
        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            for run in _runs(DTYPES[to.table], DTYPES[row.table]):
                at, begin, size = (ir.Constant(_WORD, number) for number in run)
                raw_memcpy(builder, builder.gep(args[0], [at]), builder.gep(args[1], [begin]), size, 1)
            return context.get_dummy_value()

        return types.void(to, row), made

    take = _take_columns

    @intrinsic
    def _prefetch(typing_context: Any, table: Any, row: Any) -> Any:
        size = DTYPES[table.table].itemsize

        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            number = ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [_BYTES, number, number, number])
            ask = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
            first = builder.mul(args[1], ir.Constant(_WORD, size))
            for line in range(0, size, LINE):
                at = builder.gep(_begin(builder, args[0], table.table), [builder.add(first, ir.Constant(_WORD, line))])
                builder.call(ask, [at, *(ir.Constant(number, n) for n in _TO_WRITE)])
            return context.get_dummy_value()

        return types.void(table, types.int64), made

    fetch = _prefetch

    @intrinsic
    def _bits(typing_context: Any, number: Any) -> Any:
        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.sub(ir.Constant(_WORD, 64), builder.ctlz(args[0], ir.Constant(ir.IntType(1), 0)))

        return types.int64(types.int64), made

    bit_length = _bits

    @intrinsic
    def _tables_at(typing_context: Any, at: Any) -> Any:
        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], _BYTES)

        return TABLES(types.int64), made

    @intrinsic
    def _seen_at(typing_context: Any, at: Any) -> Any:
        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], _BYTES)

        return TABLES_SEEN(types.int64), made

    tables_at: Any = _tables_at
    seen_at: Any = _seen_at
