"""Changes that do nothing: without them the point would be the same scenario, text for text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from supportsim.scenario.errors import Faults, shown
from supportsim.scenario.nodes import Map, described
from supportsim.scenario.variants import REMOVE, Base, same


class Idle:
    """Finds them; what depends on one change alone is found once for all points."""

    def __init__(self) -> None:
        self.alone: dict[tuple[int, int, str], bool] = {}  # by base, bundle and path
        self.kept: list[object] = []  # keeps what the numbers above are of

    def told(self, base: Base, bundles: list[Map], root: Map) -> Iterator[str]:
        """Sentences; `root` is the tree after all bundles."""
        paths = [(place, str(path)) for place, bundle in enumerate(bundles) for path in bundle]
        for place, path in paths:
            if any(_meet(path, other) for each, other in paths if (each, other) != (place, path)):
                idle = _is_same(base, [*bundles[:place], _without(bundles[place], path), *bundles[place + 1 :]], root)
            else:
                idle = self._alone(base, bundles[place], path)
            if idle:
                what = "what remove names" if path == REMOVE else f"{path}: {shown(described(bundles[place][path]))}"
                yield f"{what} has no effect"

    def _alone(self, base: Base, bundle: Map, path: str) -> bool:
        """Whether a change that no other one meets leaves the base as it is."""
        key = (id(base), id(bundle), path)
        if key not in self.alone:
            self.kept += [base, bundle]
            self.alone[key] = _is_same(base, [_only(bundle, path)], base.tree.root)
        return self.alone[key]


def _meet(one: str, other: str) -> bool:
    """Whether two paths may lead to, or through, the same place; what is removed may be anywhere."""
    if REMOVE in (one, other):
        return True
    pairs = zip_longest(one.split("."), other.split("."))
    return all(a is None or b is None or "*" in (a, b) or a.strip() == b.strip() for a, b in pairs)


def _is_same(base: Base, bundles: list[Map], root: Map) -> bool:
    return same(base.changed(bundles, Faults()), root)


def _without(bundle: Map, path: str) -> Map:
    rest = Map(bundle.place)
    rest.update({key: value for key, value in bundle.items() if key != path})
    return rest


def _only(bundle: Map, path: str) -> Map:
    found = Map(bundle.place)
    found.update({key: value for key, value in bundle.items() if key == path})
    return found
