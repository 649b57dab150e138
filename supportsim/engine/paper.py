"""Paper: a journal is written where the last one of its layout stood, if nobody holds that any more.

The system hands out memory page by page and wipes each, which costs a tenth of a replication.  The tables of a desk
that grow as it is played are handed on as well; nothing is read on them that was not written before.
"""

from __future__ import annotations

import mmap
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.layout import Layout
from supportsim.engine.tables import LINE

New = Callable[[int, np.dtype[Any]], NDArray[Any]]
#: Bytes from which on memory is asked of the system.
_MUCH = 1 << 20
#: A large page of memory: what is a multiple of it begins at one, where the system (Linux) sees to it.
_LARGE = 1 << 21
#: Not shared with processes that begin as copies of this one.
_OWN = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}


def blank(rows: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Rows to be written on, the first at the begin of a line of memory.  What is never written takes none, or little.

    Much of it comes straight from the system, in large pages where it has them, and goes back to it at once: what the
    C library keeps of tables that have grown is a fortieth of the memory of W2 x 64.
    """
    size = rows * dtype.itemsize
    if size < _MUCH:
        found = np.empty(size + LINE, dtype=np.uint8)
        begin = -found.ctypes.data % LINE
        # Not a view of `found`: whoever holds a view of the table holds the table (`_holders`).
        return np.frombuffer(found.data, dtype=dtype, count=rows, offset=begin)
    memory = mmap.mmap(-1, -(-size // _LARGE) * _LARGE, **_OWN)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # there are none
            memory.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(memory, dtype=dtype, count=rows)


def _holders(pile: list[NDArray[Any]]) -> int:
    """How many hold the only sheet of a pile, or a view of it; the pile and this very look among them."""
    return sys.getrefcount(pile[0])


_NOBODY_ELSE = _holders([np.zeros(1)])


def sheet(layout: Layout, name: str, rows: int, dtype: np.dtype[Any], new: New = np.empty) -> NDArray[Any]:
    """Rows to be written on: used ones (as many as there are), or new ones."""
    pile: list[NDArray[Any]] = layout.kept.pop(name, None) or []
    if pile and _holders(pile) == _NOBODY_ELSE:
        return pile.pop()
    return new(rows, dtype)  # those that are never written take no memory


def lay_by(layout: Layout, name: str, written: NDArray[Any]) -> None:
    """To be written on again, should nobody hold it then."""
    layout.kept[name] = [written]
