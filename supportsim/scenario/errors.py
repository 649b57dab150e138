"""What is wrong with an input, and where: faults are collected and leave together in one ConfigError.

Form of every line: ``file:line:col path: got <value>; expected <rule>; <hint>``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from supportsim.scenario.frozen import frozen

MOST_SHOWN = 50
LONGEST_VALUE = 80
LONGEST_PATH = 160


@frozen
class Fault:
    """One fault.  `line` and `col` count from 1; None where there is no such position."""

    file: str
    line: int | None
    col: int | None
    path: str
    got: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.col) if part is not None)
        where = f"{clean(place)} {cut(clean(self.path), LONGEST_PATH)}".strip()
        parts = [f"got {shown(self.got)}", f"expected {clean(self.expected)}"]
        return f"{where}: " + "; ".join([*parts, clean(self.hint)] if self.hint else parts)


class ConfigError(Exception):
    """The input cannot be used; `faults` says everything that is wrong with it, in order of position."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[:MOST_SHOWN]]
        if len(self.faults) > MOST_SHOWN:
            lines.append(f"… and {len(self.faults) - MOST_SHOWN} more")
        return "\n".join(lines)


class Faults:
    """Collects faults, so that all of them can be told at once."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._found)

    def add(
        self,
        file: str,
        line: int | None,
        col: int | None,
        path: str,
        got: str,
        expected: str,
        hint: str = "",
    ) -> None:
        """Note one fault; the same fault is noted once."""
        self._found[Fault(file, line, col, path, got, expected, hint)] = None

    def extend(self, faults: Iterable[Fault]) -> None:
        """Note faults found elsewhere."""
        self._found.update(dict.fromkeys(faults))

    def replace(self, old: Fault, new: Fault) -> None:
        """Put `new` where `old` was noted."""
        self._found.pop(old, None)
        self._found[new] = None

    def raise_if_any(self) -> None:
        """Raise ConfigError with everything noted so far, sorted by file (as met), line and column."""
        if self._found:
            files = list(dict.fromkeys(fault.file for fault in self._found))
            order = {file: place for place, file in enumerate(files)}
            raise ConfigError(
                sorted(self._found, key=lambda fault: (order[fault.file], fault.line or 0, fault.col or 0))
            )


def clean(text: str) -> str:
    """The text without line breaks, control, format (bidirectional) and surrogate characters."""
    text = " ".join(text.split())
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def shown(text: str) -> str:
    """The text cleaned and cut at 80 characters."""
    return cut(clean(text[: 4 * LONGEST_VALUE]), LONGEST_VALUE)


def cut(text: str, longest: int) -> str:
    """The text, its end replaced by … where it is longer."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest known names, or with all of them where none is near and they are few."""
    from difflib import get_close_matches  # only where something is wrong

    names = list(dict.fromkeys(known))
    folded = {each.casefold(): each for each in names}
    near = [folded[each] for each in get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)]
    if near:
        return "did you mean " + " or ".join(near) + "?"
    if not names:
        return ""
    return "known here: " + ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
