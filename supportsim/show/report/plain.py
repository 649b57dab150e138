"""Names and sentences as a page may show them: nothing in them may turn the text around it."""

from __future__ import annotations

import re
from typing import Any

from supportsim.show.letters import plain

#: A percent sign stays on the line of its number; so do, in sentences, thousands, units and what follows ±.
_PERCENT = re.compile(r"(?<=\d) %")
_WHOLE = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|(?:h|s|min)\b)|(?<=±) (?=\d)")


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
