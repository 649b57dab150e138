"""Inheritance: `extends`, `remove`, `change` and --set, worked out on the tree before anything is read.

Order: the base first (which may extend another), then what `remove` names goes, then plain keys of the file
are merged in, then `change` in its order, then --set.  Mappings merge, lists and values replace, `x 1.6`
multiplies what is there, `7 -> 9` insists that 7 is there.  A law of another name replaces a law.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from supportsim.scenario.errors import ConfigError, Faults, nearest
from supportsim.scenario.nodes import Map, Node, Place, Seq, Text, described, dotted, key_of
from supportsim.scenario.number_text import Wrong, number, plain
from supportsim.scenario.schema_fields import DURATION_PATTERN, N
from supportsim.scenario.schema_laws import LAWS
from supportsim.scenario.text_file import read_file
from supportsim.scenario.units import UNITS, factor_or_none
from supportsim.scenario.yaml_text import read_yaml

DEEPEST = 10
#: mappings by name: a path may lead through a name only if the base has it
_NAMED = ("calendars", "profiles", "segments", "plans", "topics", "demand", "channels", "promises", "teams")
_NAMED_BELOW = {("teams", "shifts"), ("teams", "activities"), ("teams", "proficiency"), ("channels", "by")}
_NAMED_IN_ROUTING = (("routing", "teams"), ("routing", "ageing"), ("routing", "reserve"))
_MULTIPLIABLE = re.compile(rf"{N}(?: ?%)?|{N} ?/ ?(?:1 )?[a-z]+|{DURATION_PATTERN}")


class Tree:
    """The whole tree of a scenario, after inheritance and changes."""

    def __init__(self, text: str, file: str, folder: Path, faults: Faults) -> None:
        self.faults = faults
        self.top_folder = folder
        self.root = self._inherited(text, file, folder, ())

    # -- extends ------------------------------------------------------------------------------------------
    def _inherited(self, text: str, file: str, folder: Path, seen: tuple[Path, ...]) -> Map:
        tree = read_yaml(text, file, folder, faults=self.faults)
        if not isinstance(tree, Map):
            self._fault(tree, "", "a mapping, key: value", "a scenario begins with name: or start:")
            self.faults.raise_if_any()
            raise AssertionError  # the line above has raised
        base = tree.pop("extends", None)
        removed, changed = tree.pop("remove", None), tree.pop("change", None)
        if base is None:
            for name, node in (("remove", removed), ("change", changed)):
                if node is not None:
                    self._fault(node, name, "extends beside it", "without a base, write the values in place")
            return tree
        below = self._base(base, file, folder, seen)
        if removed is not None:
            self.remove(below, removed)
        self._merge(below, tree)
        if changed is not None:
            self._change_all(below, changed)
        below.place = tree.place
        return below

    def _base(self, base: Node, file: str, folder: Path, seen: tuple[Path, ...]) -> Map:
        """The tree this one extends; without it nothing can be said, so its faults leave at once."""
        if not isinstance(base, Text) or not base:
            self._fault(base, "extends", "a file name, relative to this file")
            self.faults.raise_if_any()
        assert isinstance(base, Text)
        path = inside(base, folder)
        shown = str(Path(file).parent / base)
        text = None
        if path is None:
            self._fault(base, "extends", "a file in the folder of this one, or below it")
        elif path in seen:
            self._fault(base, "extends", "a base that does not come back to this file", "a cycle of extends")
        elif len(seen) > DEEPEST:
            self._fault(base, "extends", f"at most {DEEPEST} files, each the base of the next")
        else:
            text = self._text_of(base, path, shown)
        if text is None:
            self.faults.raise_if_any()
        assert path is not None
        assert text is not None
        return self._inherited(text, shown, path.parent, (*seen, path))

    def _text_of(self, base: Node, path: Path, shown: str) -> str | None:
        """The text of a base; None and a fault where it cannot be read."""
        try:
            return read_file(path, shown)
        except ConfigError as error:
            inside_it = [fault for fault in error.faults if fault.line is not None]
            self.faults.extend(inside_it)
            for fault in error.faults if not inside_it else ():
                self._fault(base, "extends", fault.expected, fault.hint, got=f"{base}: {fault.got}")
            return None

    def _fault(self, node: Node, path: str, expected: str, hint: str = "", got: str | None = None) -> None:
        """Note a fault of a node, unless it is a hole."""
        if node.hole:
            return
        place = node.place
        self.faults.add(
            place.file, place.line, place.col, path, described(node) if got is None else got, expected, hint
        )

    # -- merging ------------------------------------------------------------------------------------------
    def _merge(self, base: Map, over: Map) -> None:
        """Merge `over` into `base`."""
        base.hole = base.hole or over.hole
        other_law = [key for key in over if key in LAWS]
        if other_law and other_law[0] not in base:
            for key in [key for key in base if key in LAWS]:
                del base[key]
        for key, value in over.items():
            self._put(base, key, value, str(key))

    def _put(self, base: Map, key: str, value: Node, path: str) -> None:
        """Set one key: merge mappings, multiply by `x 1.6`, else replace."""
        old = base.get(key)
        if isinstance(value, Map) and isinstance(old, Map):
            self._merge(old, value)
            return
        if isinstance(value, Text) and old is not None:
            try:
                multiple = factor_or_none(value)
            except Wrong as wrong:
                self._fault(value, path, wrong.expected, wrong.hint)
                return
            if multiple is not None:
                value = self._multiplied(old, multiple, value, path)
        _replace(base, key, fresh(value))

    def _multiplied(self, old: Node, factor: Decimal, value: Text, path: str) -> Node:
        """What was there, times a factor; the place of the change stays with it."""
        if isinstance(old, Map):
            copy = fresh(old)
            assert isinstance(copy, Map)
            copy.factor = old.factor * float(factor)
            copy.place = value.place
            return copy
        if isinstance(old, Text) and old.hole:
            return old
        if isinstance(old, Text):
            before = _factor_of(old)
            if before is not None:
                return Text(f"x {plain(before * factor)}", value.place)
            if _MULTIPLIABLE.fullmatch(old.strip()):
                return Text(_times(old, factor), value.place)
        self._fault(value, path, "a number to multiply", f"{described(old)} stands there")
        return old

    # -- change -------------------------------------------------------------------------------------------
    def _change_all(self, root: Map, changes: Node) -> None:
        if not isinstance(changes, Map):
            self._fault(changes, "change", "a mapping, path: new value")
            return
        for path, value in changes.items():
            assert isinstance(path, Text)
            self.change(root, path, value)

    def change(self, root: Map, path: Text, value: Node) -> None:
        """Apply one change; `path` knows its place."""
        parts = [part.strip() for part in path.split(".")]
        if path.hole:
            return
        if not all(parts) or parts[0] in ("extends", "change", "remove"):
            self._fault(path, "", "a dotted path, as teams.frontline.shifts.early.agents")
            return
        for parent, done in self._parents(root, path, parts):
            keys = list(parent) if parts[-1] == "*" else [parts[-1]]
            for key in keys:
                self._change_one(parent, key, value, path, dotted((*done, key)))

    def _parents(self, root: Map, path: Text, parts: list[str]) -> list[tuple[Map, tuple[str, ...]]]:
        """The mappings that hold the last key of a path, each with its own path."""
        level: list[tuple[Map, tuple[str, ...]]] = [(root, ())]
        for part in parts[:-1]:
            below: list[tuple[Map, tuple[str, ...]]] = []
            for node, done in level:
                for key in list(node) if part == "*" else [part]:
                    child = self._child(node, done, key, path, part == "*")
                    if child is not None:
                        below.append((child, (*done, key)))
            if not below and level and part == "*" and not any(_unknown(node) for node, _ in level):
                self._fault(path, "", "a * that matches something", f"{dotted(level[0][1])} is empty")
            level = below
        return level

    def _child(self, node: Map, done: tuple[str, ...], key: str, path: Text, star: bool) -> Map | None:
        child = node.get(key)
        if isinstance(child, Map):
            return child
        if _unknown(node, key):
            return None
        where = dotted((*done, key))
        if child is None and not _by_name(done):
            child = Map(path.place)
            _replace(node, Text(key, path.place), child)
            return child
        if child is None:
            self._fault(path, "", f"a path of the base: there is no {where}", nearest(key, node))
        elif not star:
            self._fault(path, "", f"a path of the base: {where} is {described(child)}")
        return None

    def _change_one(self, parent: Map, key: str, value: Node, path: Text, name: str) -> None:
        guard = re.fullmatch(r"(.*?)\s*->\s*(.*)", value) if isinstance(value, Text) else None
        name_key: str = key if key in parent else Text(key, path.place)
        if guard is None or not isinstance(value, Text):
            self._put(parent, name_key, value, name)
            return
        old, new = guard[1], guard[2]
        here = parent.get(key)
        if _unknown(parent, key):
            return
        if not old or not new:
            self._fault(value, name, "old -> new, as 7 -> 9")
        elif here is None:
            near = nearest(key, parent)
            self._fault(value, name, f"{old} in the base", "nothing is written there" + (f"; {near}" if near else ""))
        elif not isinstance(here, Text) or _squeezed(here) != _squeezed(old):
            hint = f"the base has moved on: {described(here)} stands there"
            self._fault(value, name, f"{old} in the base", hint)
        else:
            _replace(parent, name_key, Text(new, value.place))

    # -- remove -------------------------------------------------------------------------------------------
    def remove(self, root: Map, removed: Node) -> None:
        """Take away what a path, or each of a list of paths, names."""
        for path in removed if isinstance(removed, Seq) else [removed]:
            if isinstance(path, Text) and path:
                self._remove(root, path)
            else:
                self._fault(path, "remove", "a path, or a list of paths")

    def _remove(self, root: Map, path: Text) -> None:
        parts = [part.strip() for part in path.split(".")]
        level, unknown = [root], False
        for depth, part in enumerate(parts):
            last = depth == len(parts) - 1
            unknown = unknown or any(_unknown(node, None if part == "*" else part) for node in level)
            found = [(node, key) for node in level for key in (list(node) if part == "*" else [part]) if key in node]
            if not found and unknown:
                return
            if not found:
                known = level[0] if level else {}
                where = dotted(tuple(parts[: depth + 1]))
                self._fault(path, "remove", f"a path of the base: there is no {where}", nearest(part, known))
                return
            if last:
                for node, key in found:
                    del node[key]
                return
            level = [child for node, key in found if isinstance(child := node[key], Map)]

    # -- changes from outside -----------------------------------------------------------------------------
    def set(self, changes: Iterable[tuple[str, str]]) -> None:
        """Apply changes given as text, as by --set."""
        for path, text in changes:
            place = Place("--set", None, None, self.top_folder)
            try:
                value = read_yaml(text, f"--set {path}", self.top_folder, place, self.faults)
            except ConfigError:  # its faults are noted
                continue
            self.change(self.root, Text(path, place), value)


def inside(name: str, folder: Path) -> Path | None:
    """The file `name` in or below `folder`, links followed; None if it lies elsewhere."""
    try:
        path, home = (folder / name).resolve(), folder.resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return path if path.is_relative_to(home) and not Path(name).is_absolute() else None


def fresh(node: Node) -> Node:
    """A copy of a tree: every place in the whole tree is its own node."""
    if isinstance(node, Text):
        return _same(node)
    if isinstance(node, Map):
        copy = Map(node.place, node.factor)
        copy.hole = node.hole
        for key, value in node.items():
            assert isinstance(key, Text)
            copy[_same(key)] = fresh(value)
        return copy
    items = Seq(node.place)
    items.extend(fresh(each) for each in node)
    return items


def _same(text: Text) -> Text:
    """A text of its own that says the same."""
    copy = Text(text, text.place, text.plain, text.tight)
    copy.hole = text.hole
    return copy


def _unknown(node: Map, key: str | None = None) -> bool:
    """Whether it cannot be known what a mapping holds, under `key` or under some key (None)."""
    values = list(node.values()) if key is None else [node[key]] if key in node else []
    return (node.hole and not (key is not None and values)) or any(each.hole for each in values)


def _replace(node: Map, key: str, value: Node) -> None:
    """Set a key in its place in the order; the key takes the place (in its file) of what set it."""
    if key in node:
        node[key_of(node, key) or key] = value
    else:
        node[key if isinstance(key, Text) else Text(key, value.place)] = value


def _by_name(done: tuple[str, ...]) -> bool:
    """Whether the keys below a path are names that users give."""
    if len(done) == 1:
        return done[0] in _NAMED
    return (len(done) == 3 and (done[0], done[2]) in _NAMED_BELOW) or done in _NAMED_IN_ROUTING


def _factor_of(text: Text) -> Decimal | None:
    try:
        return factor_or_none(text)
    except Wrong:
        return None


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _times(text: str, factor: Decimal) -> str:
    """Every number of a duration, rate, share or amount times a factor."""
    words = [re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True)]
    parts = re.split(rf"({N})(?=\s*(?:%|/|$|(?:{'|'.join(words)})(?![a-z])))", text)
    return "".join(plain(number(part) * factor) if i % 2 else part for i, part in enumerate(parts))
