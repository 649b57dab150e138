"""The text of a scenario as a tree of nodes: every scalar is text and knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias


class Place(NamedTuple):
    """Where a node stands: file name as given, line and column from 1, folder its file names start from."""

    file: str
    line: int | None = None
    col: int | None = None
    folder: Path | None = None


class Text(str):
    """A scalar.  `plain`: it was not quoted; `tight`: a comma without a blank stands before it.

    `hole`: what was meant cannot be known and a fault has said so; no further fault is told of it.
    """

    place: Place
    plain: bool
    tight: bool
    hole: bool = False

    def __new__(cls, value: str, place: Place, plain: bool = True, tight: bool = False) -> Text:
        text = super().__new__(cls, value)
        text.place, text.plain, text.tight = place, plain, tight
        return text

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Copied and sent to other processes as the bare text: positions matter only while reading."""
        return str, (str(self),)


class Map(dict[str, "Node"]):
    """A mapping; its keys are Texts.  `factor`: the whole is to be multiplied (`x 1.6` upon a mapping).

    `hole`: keys are missing here of which a fault has been told, so nothing is said of what is not written.
    """

    hole: bool = False

    def __init__(self, place: Place, factor: float = 1.0) -> None:
        super().__init__()
        self.place = place
        self.factor = factor


class Seq(list["Node"]):
    """A list.  `hole`: what it was meant to be cannot be known, and a fault has said so."""

    hole: bool = False

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


Node: TypeAlias = Text | Map | Seq


def lost(text: str, place: Place) -> Text:
    """A hole: a text of which a fault has been told already."""
    hole = Text(text, place)
    hole.hole = True
    return hole


Path_: TypeAlias = tuple[str | int, ...]


def dotted(path: Path_) -> str:
    """A path as users write it: `teams.frontline.shifts.early.agents`, list items from 1 as `serves[2]`."""
    words = ""
    for part in path:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else str(part)
    return words


def key_of(mapping: Map, name: str) -> Text | None:
    """The key itself, which knows its place."""
    return next((key for key in mapping if key == name and isinstance(key, Text)), None)


def described(node: object) -> str:
    """A node in a few words, for `got …`."""
    if isinstance(node, Map):
        return "{" + ", ".join(f"{key}: …" for key in node) + "}" if node else "{}"
    if isinstance(node, Seq):
        return "[" + ", ".join(each if isinstance(each, str) else "…" for each in node) + "]"
    return str(node) if str(node) else "nothing"


def leaves(node: Node, path: Path_ = ()) -> Iterator[tuple[str, str]]:
    """(path, text) of every scalar below a node; empty mappings and lists as `{}` and `[]`, factors upon a mapping."""
    if isinstance(node, Text):
        yield dotted(path), str(node)
        return
    if not node:
        yield dotted(path), "{}" if isinstance(node, Map) else "[]"
    pairs = node.items() if isinstance(node, Map) else enumerate(node)
    for key, value in pairs:
        yield from leaves(value, (*path, key))
    if isinstance(node, Map) and node.factor != 1.0:
        yield dotted(path), f"x {node.factor:g}"
