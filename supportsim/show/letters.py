"""Letters that no figure and no page may hold, whatever a scenario is called."""

from __future__ import annotations

import re

#: Letters that XML has no place for, and those that reverse or hide what stands beside them.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def plain(text: str) -> str:
    """`text` with a visible stand-in for every such letter."""
    return _UNFIT.sub("\ufffd", text)
