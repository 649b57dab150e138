"""Names and sentences as a page may show them: nothing in them may turn the text around it."""

from __future__ import annotations

import re
from typing import Any

#: Letters that XML has no place for, and those that reverse or hide what stands beside them.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
#: A percent sign stays on the line of its number; so do, in sentences, thousands, units and what follows ±.
_PERCENT = re.compile(r"(?<=\d) %")
_WHOLE = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|(?:h|s|min)\b)|(?<=±) (?=\d)")


def plain(text: str) -> str:
    """`text` with a visible stand-in for every such letter."""
    return _UNFIT.sub("\ufffd", text)


#: `[model.md](model.md#11)`: leads nowhere from a page that is mailed alone.
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def unlinked(text: str) -> str:
    """What the manual says, as words: a link is its name, and names of code have no marks."""
    return _LINK.sub(r"docs/\1", text).replace("`", "")


def shown(value: Any) -> Any:
    """What a template may print: texts made plain, markup as well; everything else as it is."""
    if not isinstance(value, str):
        return "" if value is None else value
    found = _PERCENT.sub("\u00a0%", plain(value))
    markup = type(value) is not str  # coordinates in drawings are numbers side by side, too
    return type(value)(found if markup else _WHOLE.sub("\u00a0", found))
