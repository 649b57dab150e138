"""What Python enters when a page is turned: apart from the clock, so that the two can be compiled side by side."""

from __future__ import annotations

from typing import Any

from supportsim.demand.compiling import LEAN, PLAIN, whole
from supportsim.engine.pages import turn

if not PLAIN:
    from numba import int64

    from supportsim.engine.machine import tables_at

    @whole((int64, int64), **LEAN)
    def turn_page(at: int, over: int) -> Any:
        """Turn the page of the tables whose addresses stand at `at`; `over` is 1 when play is."""
        turn(tables_at(at), over == 1)
        return 0
