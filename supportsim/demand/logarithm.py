"""The natural logarithm of a draw: the same bits on every machine.

What a C library computes differs from machine to machine in the last place, and a call of it costs a rule what it
holds in registers.  Here are only whole numbers, additions and multiplications, and IEEE 754 states these to the last
bit.

The argument is 2**k z with z from 45/64 to 45/32, and z lies near one of 128 centres c.  With r = (z - c) / c,

    log x = k log 2 + log c + log(1 + r),    log(1 + r) = r + r**2 (b0 + b1 r + ... + b5 r**5).

Tables of centres: P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point
arithmetic", ACM Transactions on Mathematical Software 16 (1990) 378-400.  Near 1, for |z - 1| <= 1/128, the centre is 1
itself, so that r has no error; elsewhere |r| is at most half of the logarithm, below 1 a quarter.  The polynomial is
the one of least greatest error for |r| <= 1/128 (by the exchange of E. Ya. Remez, 1934): 2**-49.9.  log 2 and log c are
pairs of numbers: the first is a multiple of 2**-42, so that the sum of the first ones has no error.

The error is less than one unit in the last place for x < 1 (0.80 at most in a hundred million numbers, compared with
64 bits of mantissa), and 1.1 at most above (where no draw lies).
"""

from __future__ import annotations

import struct
from decimal import Context, Decimal, localcontext
from typing import Any

import numpy as np

from supportsim.demand.compiling import INSIDE, LEAN, PLAIN, compiled

_LOW = 45 / 64
_NEAR = 2.0**-7
_STEPS = 1 << 42  # in 1: of the first of a pair
_MANTISSA = 52  # bits

# The table: of each centre c, 1/c and the pair of log c; then b0 to b5; then the pair of log 2.
_ROW_BITS, _PLACE_BITS = 2, 7
_PLACE = ((1 << _PLACE_BITS) - 1) << _ROW_BITS
_B = 1 << (_PLACE_BITS + _ROW_BITS)
_BEND = (
    -0.5000000000000009, 0.3333333333333381, -0.24999999973804415,
    0.19999999950840544, -0.16667811143485678, 0.14287070747211097,
)  # fmt: skip
_TWO = _B + len(_BEND)


def _bits_of(x: float) -> int:
    """The 64 bits of a number, as a whole number."""
    (bits,) = struct.unpack("<q", struct.pack("<d", x))
    return int(bits)


def _of_bits(bits: int) -> float:
    """The number that has these 64 bits."""
    (x,) = struct.unpack("<d", struct.pack("<q", bits))
    return float(x)


def _in_memory(table: Any) -> Any:
    """The table, of which the compiler shall not know the numbers: each would get an address of its own."""
    return table


_ORIGIN = _bits_of(_LOW)


def _pair(x: Decimal) -> list[float]:
    """Two numbers whose sum is x, the first a multiple of a step."""
    first = round(x * _STEPS) / _STEPS
    return [first, float(x - Decimal(first))]


def _row(place: int) -> list[float]:
    """Centre c, 1/c and the pair of log c for the z of one place."""
    begin, end = (_of_bits(_ORIGIN + ((place + side) << (_MANTISSA - _PLACE_BITS))) for side in (0, 1))
    centre = (begin + end) / 2
    if abs(centre - 1) < _NEAR:
        return [1.0, 1.0, 0.0, 0.0]
    return [centre, 1 / centre, *_pair(Decimal(centre).ln())]


def _numbers() -> list[float]:
    with localcontext(Context(prec=40)):
        rows = [number for place in range(1 << _PLACE_BITS) for number in _row(place)]
        return [*rows, *_BEND, *_pair(Decimal(2).ln())]


_TABLE: Any = _numbers() if PLAIN else np.array(_numbers())
bits_of: Any = _bits_of
of_bits: Any = _of_bits
in_memory: Any = _in_memory

if not PLAIN:
    from llvmlite import ir
    from numba.core import types
    from numba.extending import intrinsic

    @intrinsic
    def _as_bits(typing_context: Any, x: Any) -> Any:
        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.bitcast(args[0], ir.IntType(64))

        return types.int64(types.float64), made

    @intrinsic
    def _as_number(typing_context: Any, bits: Any) -> Any:
        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.bitcast(args[0], ir.DoubleType())

        return types.float64(types.int64), made

    @intrinsic
    def _unknown(typing_context: Any, table: Any) -> Any:
        """Its address passes through an empty line of assembly, of any processor."""

        def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            array = context.make_array(sig.args[0])(context, builder, value=args[0])
            kind = array.data.type
            array.data = builder.call(ir.InlineAsm(ir.FunctionType(kind, [kind]), "", "=r,0"), [array.data])
            return array._getvalue()

        return table(table), made

    bits_of, of_bits, in_memory = _as_bits, _as_number, _unknown


@compiled("float64(float64)", **INSIDE, **LEAN)
def logarithm(x: float) -> float:
    """Natural logarithm of x, positive and normal (a draw lies between 2**-54 and 1)."""
    table, bits = in_memory(_TABLE), bits_of(x)
    above = bits - _ORIGIN
    k = above >> _MANTISSA
    at = (above >> (_MANTISSA - _PLACE_BITS - _ROW_BITS)) & _PLACE
    r = (of_bits(bits - (k << _MANTISSA)) - table[at]) * table[at + 1]
    square, twos = r * r, float(k)
    low = square * (table[_B] + table[_B + 1] * r) + (twos * table[_TWO + 1] + table[at + 3])
    high = square * square * ((table[_B + 2] + table[_B + 3] * r) + square * (table[_B + 4] + table[_B + 5] * r))
    return float((twos * table[_TWO] + table[at + 2]) + (r + (low + high)))
