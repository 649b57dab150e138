"""Names and sentences as a page may show them: nothing in them may turn the text around it."""

from __future__ import annotations

import re
from typing import Any

#: Letters that XML has no place for, and those that reverse or hide what stands beside them.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
#: A percent sign stays on the line of its number.
_PERCENT = re.compile(r"(?<=\d) %")


def plain(text: str) -> str:
    """`text` with a visible stand-in for every such letter."""
    return _UNFIT.sub("\ufffd", text)


def shown(value: Any) -> Any:
    """What a template may print: texts made plain, markup as well; everything else as it is."""
    if not isinstance(value, str):
        return "" if value is None else value
    return type(value)(_PERCENT.sub("\u00a0%", plain(value)))
