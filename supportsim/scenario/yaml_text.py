"""YAML read as text with positions: nothing is ever constructed, so nothing is guessed and nothing runs.

PyYAML gives the events; the tree is built here, because its own resolvers read `17:30` as 1050 and `NO` as
false.  Refused: anchors, aliases, merge keys, tags, several documents, duplicate keys, tabs, control
characters, nesting deeper than 50, files above 5 MB.  Raises only ConfigError.
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from supportsim.scenario.errors import ConfigError, Fault, Faults, nearest
from supportsim.scenario.nodes import Map, Node, Path_, Place, Seq, Text, dotted
from supportsim.scenario.yaml_words import explain

MOST_BYTES = 5_000_000
MOST_VALUES = 50_000
SEEN_OF_A_LINE = 1000
DEEPEST = 50
LONGEST_RETOLD = 200_000


def read_file(path: Path, shown_as: str | None = None) -> str:
    """The text of a UTF-8 file, or ConfigError in plain words (missing, folder, pipe, too long, not UTF-8)."""
    name = shown_as or str(path)
    try:
        kind = path.stat()
    except (OSError, ValueError) as error:
        _refuse(name, _why(error), "a file that can be read", _files_near(path))
    if stat.S_ISDIR(kind.st_mode):
        _refuse(name, "a folder", "a scenario file", "name the file in it")
    if not stat.S_ISREG(kind.st_mode):
        _refuse(name, "a pipe or device", "a plain file", "save it first")
    if kind.st_size > MOST_BYTES:
        _refuse(name, f"{kind.st_size / 1e6:.1f} MB", "at most 5 MB", "long tables belong into CSV files")
    try:
        return decoded(path.read_bytes(), name)
    except OSError as error:
        _refuse(name, _why(error), "a file that can be read")


def decoded(raw: bytes, name: str) -> str:
    """Bytes as UTF-8 text; a byte order mark of UTF-8 is dropped."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        _refuse(name, "UTF-16 text", "UTF-8 text", "save the file as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{raw[error.start]:02x} at offset {error.start}"
        raise ConfigError([Fault(name, line, None, "", byte, "UTF-8 text", "save the file as UTF-8")]) from None


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    return (error.strerror or "a name no file can have").lower() if isinstance(error, OSError) else str(error)


def _files_near(path: Path) -> str:
    try:
        names = [each.name for each in path.parent.iterdir() if each.suffix == path.suffix]
    except (OSError, ValueError):
        return ""
    hint = nearest(path.name, sorted(names))
    return hint if hint.startswith("did") else ""


def _refuse(name: str, got: str, expected: str, hint: str = "") -> NoReturn:
    raise ConfigError([Fault(name, None, None, "", got, expected, hint)])


def read_yaml(text: str, file: str, folder: Path | None, at: Place | None = None) -> Node:
    """The tree of one document.  `at`: one place for all of it (a change from the command line)."""
    reader = _Reader(text, file, folder, at)
    reader.check_characters()
    return reader.tree()


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

    def __init__(self, text: str, file: str, folder: Path | None, at: Place | None) -> None:
        self.text, self.file, self.folder, self.at = text, file, folder, at
        self.faults = Faults()
        self.stack: list[tuple[Map | Seq, bool]] = []  # with: written in braces or brackets
        self.keys: list[Text | None] = []  # the key that waits for its value, per open node
        self.path: list[str | int] = []
        self.lost = 0  # depth of a key that is no word
        self.root: Node | None = None
        self.marks: dict[int, tuple[int, int]] = {}  # id of a scalar -> (begin, end) in the text

    # -- characters ---------------------------------------------------------------------------------------
    def check_characters(self) -> None:
        """Refuse control characters and tabs before parsing, with their places."""
        for number, line in enumerate(self.text.splitlines(), 1):
            if line.isascii() and line.isprintable():
                continue
            for col, c in enumerate(line, 1):
                if c == "\t" and "#" not in line[: col - 1]:
                    self._add(number, col, "a tab", "blanks", "indent and separate with blanks, never with tabs")
                    break
                if c != "\t" and (unicodedata.category(c) in ("Cc", "Cs") or c in _BIDI):
                    self._add(number, col, f"the character U+{ord(c):04X}", "printable text", "remove it")
                    break
        self.faults.raise_if_any()

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
        """The whole tree, or ConfigError with all faults of the text."""
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
            self._add(1, 1, "nothing", "a scenario", "the file is empty: an empty configuration")
        self.faults.raise_if_any()
        assert self.root is not None
        return self.root

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
            self._put(Text(text, self._place(event.start_mark), plain=False), event)
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
            text = Text(event.value, place, event.style in (None, ""))
            begin, end = event.start_mark, event.end_mark
            self.marks[id(text)] = (begin.index, end.index) if begin and end else (0, 0)
            self._put(text, event)
            return
        node: Map | Seq = Map(place) if isinstance(event, yaml.MappingStartEvent) else Seq(place)
        if len(self.stack) >= DEEPEST:
            self._stop_at(event.start_mark, "more than 50 levels", "at most 50 levels of nesting")
        if not self._put(node, event) and not self.lost:
            self.lost = len(self.stack) + 1  # everything inside a key that is no word is passed over
        self.stack.append((node, bool(event.flow_style)))
        self.keys.append(None)

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
        if key not in parent and key != "<<" and key != _NO_KEY:
            dict.__setitem__(parent, key, node)
        return True

    def _key(self, parent: Map, node: Node, event: Any) -> bool:
        if not isinstance(node, Text):
            template = isinstance(node, Map) and self.text.startswith("{{", max(event.start_mark.index - 1, 0))
            hint = "this looks like an unfilled template {{…}}" if template else "a key is one word"
            if not self.lost:
                self._add_at(event.start_mark, self._raw_line(event), "a name", hint)
            self.keys[-1] = Text(_NO_KEY, node.place)
            return False
        if node == "<<" and node.plain:
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
        lost: list[Text] = []
        for key, value in [*node.items(), ("", node)]:
            if isinstance(value, Text) and value == "" and value.plain and isinstance(key, Text):
                lost.append(key)
                del node[key]
                continue
            if lost:
                got, expected, hint = _lost_keys(lost, before)
                name = dotted((*path, before[0] if before else str(lost[0])))
                self.faults.add(self.file, lost[0].place.line, lost[0].place.col, name, got, expected, hint)
            before, lost = (str(key), value), []


FIRST_LETTERS = "a value cannot begin with > @ % * ! & | ` (write it in quotes if it is text)"
_NO_KEY = "\0"
_BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029"


def _lost_keys(keys: list[Text], before: tuple[str, Node] | None) -> tuple[str, str, str]:
    """(got, expected, hint) for keys in braces that have no value."""
    key = str(keys[0])
    missing = re.fullmatch(r"([A-Za-z][\w-]*):(\S.*)", key)
    if missing:
        return key, "key: value", f"a blank is missing after the colon: write {missing[1]}: {missing[2]}"
    last = before[1] if before else ""
    if not before or not isinstance(last, Text):
        return key, "key: value", f"inside {{ }} every comma begins a new key: write {key}: …"
    joined = ",".join([last, *keys])
    if last[-1:].isdigit() and key[:1].isdigit():
        if re.match(r"\d{3}(?!\d)", key):
            whole = joined.replace(",", "")
            return joined, "a number without commas", f"{joined} inside {{ }} reads as {last}: write {whole}"
        return joined, "a number with a decimal point", f"decimal comma: write {last}.{key}"
    words = ", ".join([last, *keys])
    return words, "key: value", f"a list in braces: write {before[0]}: [{words}]"
