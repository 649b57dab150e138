"""Paper: a journal is written where the last one of its layout stood, if nobody holds that any more.

The system hands out memory page by page and wipes each, which costs a tenth of a replication.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.layout import Layout


def _holders(pile: list[NDArray[Any]]) -> int:
    """How many hold the only sheet of a pile, or a view of it; the pile and this very look among them."""
    return sys.getrefcount(pile[0])


_NOBODY_ELSE = _holders([np.zeros(1)])


def sheet(layout: Layout, name: str, rows: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Rows to be written on: used ones (as many as there are), or new ones."""
    pile: list[NDArray[Any]] = layout.kept.pop(name, None) or []
    if pile and _holders(pile) == _NOBODY_ELSE:
        return pile.pop()
    return np.empty(rows, dtype=dtype)  # those that are never written take no memory


def lay_by(layout: Layout, name: str, written: NDArray[Any]) -> None:
    """To be written on again, should nobody hold it then."""
    layout.kept[name] = [written]
