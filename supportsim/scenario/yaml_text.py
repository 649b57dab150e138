"""YAML read as text with positions: nothing is ever constructed, so nothing is guessed and nothing runs.

PyYAML gives the events; the tree is built here, because its own resolvers read `17:30` as 1050 and `NO` as
false.  Refused: anchors, aliases, merge keys, tags, several documents, duplicate keys, tabs, control
characters, nesting deeper than 50.  Whatever still can be read is handed back with its faults,
what is damaged as a hole (`nodes.lost`), so that all faults of a file are told at once.  Raises only ConfigError.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from supportsim.scenario.errors import Faults
from supportsim.scenario.nodes import Map, Node, Path_, Place, Seq, Text, dotted, lost
from supportsim.scenario.yaml_traps import (
    UNREADABLE,
    first_unprintable,
    indented_by_tabs,
    lines_of,
    lost_keys,
    make_holes,
    named,
    readable,
    strange_characters,
    unprintable,
)
from supportsim.scenario.yaml_words import explain

MOST_VALUES = 50_000
SEEN_OF_A_LINE = 1000
DEEPEST = 50
LONGEST_RETOLD = 200_000


def read_yaml(
    text: str,
    file: str,
    folder: Path | None,
    at: Place | None = None,
    faults: Faults | None = None,
    what: str = "a scenario",
) -> Node:
    """The tree of one document.  `at`: one place for all of it (a change from the command line).  `what` it should be.

    Faults are noted in `faults`, and what can be read is read on; ConfigError with all of them leaves at once
    where nothing can be: syntax that is none, tabs as indentation, a second document, too much of anything.
    Without `faults` every fault leaves at once.
    """
    found = faults if faults is not None else Faults()
    reader = _Reader(text, file, folder, at, found, what)
    reader.check_characters()
    tree = reader.tree()
    if faults is None:
        found.raise_if_any()
    return tree


def events(text: str) -> Iterator[Any]:
    """The events of PyYAML, by its C parser if there is one; syntax errors are those of its Python parser."""
    try:
        yield from yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        if len(text) > LONGEST_RETOLD:  # the Python parser is slow
            raise
        for _ in yaml.parse(text, yaml.SafeLoader):
            pass
        raise


class _Reader:
    """Builds the tree from the events, keeping a stack of open mappings and lists."""

    def __init__(self, text: str, file: str, folder: Path | None, at: Place | None, faults: Faults, what: str) -> None:
        self.text, self.file, self.folder, self.at = text, file, folder, at
        self.faults, self.what = faults, what
        self.stack: list[tuple[Map | Seq, bool]] = []  # with: written in braces or brackets
        self.keys: list[Text | None] = []  # the key that waits for its value, per open node
        self.path: list[str | int] = []
        self.lost = 0  # depth of a key that is no word
        self.root: Node | None = None
        self.marks: dict[int, tuple[int, int]] = {}  # id of a scalar -> (begin, end) in the text
        self.twins: list[tuple[Map, str, Node]] = []  # (mapping, key, value) of keys that stand there twice

    # -- characters ---------------------------------------------------------------------------------------
    def check_characters(self) -> None:
        """Note tabs and control characters before parsing, with their places, and take them out of its way.

        Tabs as indentation end it: what belongs where cannot be known.
        """
        lines = lines_of(self.text)
        for each in strange_characters(lines):
            self._add(*each)
        if indented_by_tabs(lines):
            self.faults.raise_if_any()
        self.text = readable(self.text)

    def _add(self, line: int | None, col: int | None, got: str, expected: str, hint: str = "") -> None:
        if self.at is not None:
            line, col = self.at.line, self.at.col
        self.faults.add(self.file, line, col, dotted(tuple(self.path)), got, expected, hint)

    def _add_at(self, mark: Any, got: str, expected: str, hint: str = "") -> None:
        self._add(mark.line + 1, mark.column + 1, got, expected, hint)

    def _place(self, mark: Any) -> Place:
        return self.at or Place(self.file, mark.line + 1, mark.column + 1, self.folder)

    def _rest_of_line(self, index: int) -> str:
        """The line from there on, as far as a message or a look at a pattern needs it."""
        return self.text[index : index + SEEN_OF_A_LINE].split("\n", 1)[0]

    # -- events -------------------------------------------------------------------------------------------
    def tree(self) -> Node:
        """The whole tree, its faults noted; ConfigError with all faults where the text ends the reading."""
        try:
            for count, event in enumerate(events(self.text)):
                if count > 2 * MOST_VALUES:
                    self._stop_at(event.start_mark, "a file of very many values", f"at most {MOST_VALUES} values")
                self._take(event)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self.path = []
            self._add(*explain(error, self.text))
            self.faults.raise_if_any()
        if self.root is None:
            self._empty()
        for parent, key, second in self.twins:
            _unite(parent, key, second)
        assert self.root is not None
        return self.root

    def _empty(self) -> NoReturn:
        if self.at is None:
            self._add(1, 1, "nothing", self.what, "the file is empty: an empty configuration")
        else:
            self._add(1, 1, "nothing", "a value after =", "to take a key away, write remove in a variant")
        self.faults.raise_if_any()
        raise AssertionError  # the line above has raised

    def _stop_at(self, mark: Any, got: str, expected: str, hint: str = "") -> NoReturn:
        self.path = self.path[:3]
        self._add_at(mark, got, expected, hint)
        self.faults.raise_if_any()
        raise AssertionError  # the line above has raised

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self.path = []
            self._stop_at(event.start_mark, "a second document", "one document a file", "remove the line ---")
        elif isinstance(event, yaml.AliasEvent):
            text = self._raw(event)
            self._add_at(event.start_mark, text, "a value", f"aliases are refused; {FIRST_LETTERS}")
            self._put(lost(text, self._place(event.start_mark)), event)
        elif isinstance(event, (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._refuse_properties(event)
            self._begin(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._end()

    def _raw(self, event: Any) -> str:
        return self.text[event.start_mark.index : event.end_mark.index].split("\n")[0]

    def _refuse_properties(self, event: Any) -> None:
        line = self._rest_of_line(event.start_mark.index)
        if event.anchor is not None:
            self._add_at(event.start_mark, line, "a value", f"anchors are refused; {FIRST_LETTERS}")
        elif event.tag is not None:
            self._add_at(event.start_mark, line, "a value", f"tags are refused; {FIRST_LETTERS}")

    def _begin(self, event: Any) -> None:
        place = self._place(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            text = self._text(event, place)
            begin, end = event.start_mark, event.end_mark
            self.marks[id(text)] = (begin.index, end.index) if begin and end else (0, 0)
            self._put(text, event)
            self._refuse_unprintable(event)
            return
        node: Map | Seq = Map(place) if isinstance(event, yaml.MappingStartEvent) else Seq(place)
        node.hole = event.tag is not None  # which says that it is something else
        if len(self.stack) >= DEEPEST:
            self._stop_at(event.start_mark, "more than 50 levels", "at most 50 levels of nesting")
        if not self._put(node, event) and not self.lost:
            self.lost = len(self.stack) + 1  # everything inside a key that is no word is passed over
        self.stack.append((node, bool(event.flow_style)))
        self.keys.append(None)

    def _text(self, event: Any, place: Place) -> Text:
        """A scalar; a hole where it is refused and no key (a key names what it names without what is refused)."""
        value = event.value
        damaged = event.anchor is not None or event.tag is not None
        if first_unprintable(value) or (UNREADABLE in value and self.faults):
            damaged = True
            if self._is_key():
                value = "".join(each for each in value if each != UNREADABLE and not unprintable(each))
        text = Text(value, place, event.style in (None, ""))
        text.hole = damaged and not self._is_key()
        return text

    def _is_key(self) -> bool:
        """Whether the next scalar is a key."""
        return bool(self.stack) and isinstance(self.stack[-1][0], Map) and self.keys[-1] is None

    def _refuse_unprintable(self, event: Any) -> None:
        """In double quotes an escape can make characters that the text itself may not have."""
        character = first_unprintable(event.value)
        if character:
            got = f"{named(character)}, written as an escape"
            self._add_at(event.start_mark, got, "printable text", "remove it")

    def _end(self) -> None:
        node, flow = self.stack.pop()
        self.keys.pop()
        if isinstance(node, Map) and flow and not self.lost:
            self._braces(node)
        if len(self.stack) < self.lost:
            self.lost = 0
        if self.stack and (isinstance(self.stack[-1][0], Seq) or self.keys[-1] is None):
            self.path = self.path[: self._depth()]

    def _depth(self) -> int:
        return len(self.stack) - 1

    def _put(self, node: Node, event: Any) -> bool:
        """Place a node in the innermost open one.  False if it cannot be kept (it stands as a key)."""
        if not self.stack:
            self.root = node
            return True
        parent = self.stack[-1][0]
        del self.path[self._depth() :]
        if isinstance(parent, Seq):
            self._tight(parent, node)
            parent.append(node)
            self.path.append(len(parent) - 1)
            return True
        key = self.keys[-1]
        if key is None:
            return self._key(parent, node, event)
        self.keys[-1] = None
        self.path.append(str(key))
        if key == _NO_KEY or (key == "<<" and key.plain):
            return True
        if key in parent:
            self.twins.append((parent, key, node))
        else:
            dict.__setitem__(parent, key, node)
        return True

    def _key(self, parent: Map, node: Node, event: Any) -> bool:
        if isinstance(node, Text) and node.hole:  # an alias, which has its fault
            parent.hole = True
            self.keys[-1] = Text(_NO_KEY, node.place)
            return False
        if not isinstance(node, Text):
            parent.hole = True
            template = isinstance(node, Map) and self.text.startswith("{{", max(event.start_mark.index - 1, 0))
            hint = "this looks like an unfilled template {{…}}" if template else "a key is one word"
            if not self.lost:
                self._add_at(event.start_mark, self._raw_line(event), "a name", hint)
            self.keys[-1] = Text(_NO_KEY, node.place)
            return False
        if node == "<<" and node.plain:
            parent.hole = True
            self._add_at(event.start_mark, "<<", "a name", "merge keys are refused: use extends and change")
        twin = next((each for each in parent if each == node), None)
        if isinstance(twin, Text):
            self.path.append(str(node))
            self._add_at(event.start_mark, node, "every key once", f"it stands in line {twin.place.line} already")
        self.keys[-1] = node
        return True

    def _raw_line(self, event: Any) -> str:
        return self._rest_of_line(max(event.start_mark.index - 1, 0)).strip()

    def _tight(self, parent: Seq, node: Node) -> None:
        if parent and isinstance(node, Text) and isinstance(parent[-1], Text):
            before, here = self.marks.get(id(parent[-1])), self.marks.get(id(node))
            marks = before is not None and here is not None and here[0] - before[1] == 1
            if marks and parent[-1][-1:].isdigit() and node[:1].isdigit():
                node.tight = parent[-1].tight = True

    # -- traps of braces ----------------------------------------------------------------------------------
    def _braces(self, node: Map) -> None:
        """In braces a comma begins a new key: say what was meant when a key has no value."""
        path: Path_ = tuple(self.path[: len(self.stack)])
        before: tuple[str, Node] | None = None
        without: list[Text] = []
        for key, value in [*node.items(), ("", node)]:
            if isinstance(value, Text) and value == "" and value.plain and isinstance(key, Text):
                without.append(key)
                del node[key]
                continue
            if without:
                meant = lost_keys(without, before)
                name = dotted((*path, before[0] if before else str(without[0])))
                place = without[0].place
                self.faults.add(self.file, place.line, place.col, name, meant.got, meant.expected, meant.hint)
                make_holes(node, without, before, meant.value)
            before, without = (str(key), value), []


def _unite(first: Map, key: str, second: Node) -> None:
    """Put what a key that stands twice says the second time beside the first; a hole where they contradict."""
    before = first.get(key)
    if isinstance(before, Map) and isinstance(second, Map):
        for own, value in second.items():
            if own in before:
                _unite(before, own, value)
            else:
                before[own] = value
    elif before is not None:
        first[key] = lost("", before.place)


FIRST_LETTERS = "a value cannot begin with > @ % * ! & | ` (write it in quotes if it is text)"
_NO_KEY = "\0"
