"""Many variants of one scenario file: it is read once, and each variant is a copy of its tree, changed and resolved."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from supportsim.scenario.errors import ConfigError, Fault, Faults
from supportsim.scenario.model import Scenario
from supportsim.scenario.nodes import Map, Node, Text
from supportsim.scenario.resolve import resolve
from supportsim.scenario.resolve_tree import Tree, fresh
from supportsim.scenario.text_file import read_file

REMOVE = "remove"


class Base:
    """A scenario file of which variants are made.  Raises ConfigError where its text cannot be read."""

    def __init__(self, path: Path, shown: str) -> None:
        faults = Faults()
        self.shown, self.folder = shown, path.parent
        self.files: dict[Any, Any] = {}  # CSV files, each read once for all variants that read it alike
        try:
            self.tree = Tree(read_file(path, shown), shown, path.parent, faults)
        except RecursionError:
            fault = Fault(shown, None, None, "", "very deep nesting", "at most 50 levels of nesting")
            raise ConfigError([fault]) from None
        faults.raise_if_any()

    def changed(self, bundles: Iterable[Map], faults: Faults) -> Map:
        """The tree after the changes of each bundle in turn: what its `remove` names, then its paths in order."""
        self.tree.faults = faults
        root = fresh(self.tree.root)
        assert isinstance(root, Map)
        for bundle in bundles:
            if REMOVE in bundle:
                self.tree.remove(root, bundle[REMOVE])
            for path, value in bundle.items():
                if path != REMOVE:
                    assert isinstance(path, Text)
                    self.tree.change(root, path, value)
        return root

    def resolved(self, root: Map, faults: Faults) -> Scenario:
        """The scenario a changed tree means.  Raises ConfigError with all of `faults` if it means none."""
        return resolve(root, self.shown, self.folder, faults, self.files)


def same(one: Node | None, other: Node | None) -> bool:
    """Whether two trees say the same, wherever they stand."""
    if isinstance(one, Map) and isinstance(other, Map):
        return one.factor == other.factor and list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return type(one) is type(other) and one == other
