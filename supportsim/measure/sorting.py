"""Putting rows in the order of a whole number, eight bits at a time: NumPy takes four times as long for it.

What is measured of a replication must be in order: what happens by tick, stretches by agent and begin, waits by
interval, closed issues by customer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.compiling import LEAN, PLAIN, array, procedure, whole

Numbers = NDArray[np.int64]
#: Bits of a digit: rows of so many values are written side by side, which the nearest cache still holds.
DIGIT = 8
_VALUES = 1 << DIGIT
#: Of 64 bits.
_DIGITS = 8


def ordered(keys: Numbers, rows: Numbers) -> tuple[Numbers, Numbers]:
    """Both in ascending order of the keys; what is equal stays in the order it came in.

    keys, rows: int64, as long as each other, one axis.  The arrays given may be written to: they serve as room.
    """
    if PLAIN or len(keys) < 2:
        order = np.argsort(keys, kind="stable")
        return keys[order], rows[order]
    low = int(keys.min())
    span = int(keys.max()) - low
    room = np.empty_like(keys), np.empty_like(rows)
    digits = -(-span.bit_length() // DIGIT)
    _sort(keys, rows, *room, np.zeros((_DIGITS, _VALUES), dtype=np.uint64), low, digits)
    return room if digits % 2 else (keys, rows)


def order_of(*columns: NDArray[np.integer[Any]]) -> Numbers:
    """The rows in the order of the last column, where that is equal of the one before, and so on: `numpy.lexsort`.

    Columns of integers of up to 63 bits, or of uint64; they stay as they are.
    """
    rows = np.arange(len(columns[0]))
    for column in columns:
        rows = ordered(_signed(column[rows]), rows)[1]
    return rows


def _signed(column: NDArray[np.integer[Any]]) -> Numbers:
    """A copy as int64, in the same order: of uint64 the upper half comes last."""
    if column.dtype == np.uint64:
        return (column ^ np.uint64(1 << 63)).view(np.int64)
    return column.astype(np.int64)


def _radix(keys: Any, rows: Any, other_keys: Any, other_rows: Any, counts: Any, low: int, digits: int) -> None:
    """Digit after digit from the last on, to and fro between two places; an odd number of digits ends in the other.

    counts: uint64 (digits, values), zeros.  Numbers below zero would count from the end: there are none.
    """
    one, mask, width = np.uint64(1), np.uint64(_VALUES - 1), np.uint64(DIGIT)
    for k in range(len(keys)):
        rest = np.uint64(keys[k] - low)
        for digit in range(digits):
            counts[digit, rest & mask] += one
            rest >>= width
    for digit in range(digits):
        places, shift = counts[digit], np.uint64(digit) * width
        before = np.uint64(0)
        for value in range(_VALUES):
            number = places[value]
            places[value] = before
            before += number
        for k in range(len(keys)):
            place = (np.uint64(keys[k] - low) >> shift) & mask
            at = places[place]
            places[place] = at + one
            other_keys[at], other_rows[at] = keys[k], rows[k]
        keys, rows, other_keys, other_rows = other_keys, other_rows, keys, rows


if PLAIN:
    _sort: Any = _radix
else:
    _sort = whole(procedure(*[array()] * 4, array("u8", 2), int, int), **LEAN)(_radix)
