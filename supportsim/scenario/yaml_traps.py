"""What in the text of a scenario is not what it looks like: characters nobody sees, commas in braces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from supportsim.scenario.nodes import Map, Node, Text, lost
from supportsim.scenario.units import staggered_break

#: stands, character for character, for what could not stay in the text: a scalar that holds it is a hole
UNREADABLE = "\ufffd"
_BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029"


class Strange(NamedTuple):
    """A character that a text must not have; line and column from 1."""

    line: int
    col: int
    got: str
    expected: str
    hint: str


# -- characters -------------------------------------------------------------------------------------------
def unprintable(character: str) -> bool:
    """Whether a character steers a terminal or turns text around instead of being seen (line breaks are fine)."""
    return character != "\n" and (unicodedata.category(character) in ("Cc", "Cs") or character in _BIDI)


def first_unprintable(text: str) -> str:
    """The first such character of a text; empty if it has none."""
    if text.isascii() and text.isprintable():
        return ""
    return next((each for each in text if unprintable(each)), "")


def named(character: str) -> str:
    """A character that cannot be printed, in words."""
    return f"the character U+{ord(character):04X}"


def strange_characters(lines: list[str]) -> Iterator[Strange]:
    """Tabs outside comments and what is not printable: the first of each line."""
    for number, line in enumerate(lines, 1):
        if line.isascii() and line.isprintable():
            continue
        for col, each in enumerate(line, 1):
            if each == "\t" and "#" not in line[: col - 1]:
                hint = "indent and separate with blanks, never with tabs"
                yield Strange(number, col, "a tab", "blanks", hint)
                break
            if each != "\t" and unprintable(each):
                yield Strange(number, col, named(each), "printable text", "remove it")
                break


def lines_of(text: str) -> list[str]:
    """The lines of a text; only line feeds and carriage returns end one."""
    return re.split(r"\r\n|\r|\n", text)


def indented_by_tabs(lines: list[str]) -> bool:
    """Whether a tab stands before the first word of some line, so that nobody knows what belongs where."""
    return any("\t" in line[: len(line) - len(line.lstrip(" \t"))] for line in lines if line.strip())


def readable(text: str) -> str:
    """The text, every place unchanged, with blanks for tabs and UNREADABLE for what is not printable."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(" " if each == "\t" else UNREADABLE if each != "\r" and unprintable(each) else each for each in text)


# -- commas in braces -------------------------------------------------------------------------------------
class Lost(NamedTuple):
    """What keys without a value in braces were meant to be; `value`: the value before them is damaged, too."""

    got: str
    expected: str
    hint: str
    value: bool


def lost_keys(keys: list[Text], before: tuple[str, Node] | None) -> Lost:
    """What was meant by keys in braces that have no value, after the key and value `before` them."""
    key = str(keys[0])
    missing = _TIGHT.fullmatch(key)
    if missing:
        hint = f"a blank is missing after the colon: write {missing[1]}: {missing[2]}"
        return Lost(key, "key: value", hint, value=False)
    last = before[1] if before else ""
    if not before or not isinstance(last, Text):
        return Lost(key, "key: value", f"inside {{ }} every comma begins a new key: write {key}: …", value=False)
    joined = ",".join([last, *keys])
    if last[-1:].isdigit() and key[:1].isdigit():
        if re.match(r"\d{3}(?!\d)", key):
            hint = f"{joined} inside {{ }} reads as {last}: write {joined.replace(',', '')}"
            return Lost(joined, "a number without commas", hint, value=True)
        return Lost(joined, "a number with a decimal point", f"decimal comma: write {last}.{key}", value=True)
    words = ", ".join([last, *keys])
    staggered = staggered_break(words)
    if staggered:
        return Lost(words, "a break without a comma", f"write breaks: [{staggered}]", value=True)
    return Lost(words, "key: value", f"a list in braces: write {before[0]}: [{words}]", value=True)


def make_holes(node: Map, keys: list[Text], before: tuple[str, Node] | None, damaged: bool) -> None:
    """Put holes where values were lost, so that nothing is said to be missing or wrong there once more."""
    if damaged and before is not None and isinstance(before[1], Text):
        node[before[0]] = lost(before[1], before[1].place)
    for key in keys:
        missing = _TIGHT.fullmatch(key)
        name = missing[1] if missing else str(key)
        if name[:1].isalpha() and name not in node:
            node[lost(name, key.place)] = lost("", key.place)


_TIGHT = re.compile(r"([A-Za-z][\w-]*):(\S.*)")
