"""What never changes: `frozen` classes are those of `dataclass(frozen=True)`, method by method."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest

from supportsim.scenario.frozen import frozen


@frozen
class Ours:
    """A record."""

    name: str
    size: int = 3
    parts: tuple[int, ...] = (1, 2)
    note: str = field(default="", compare=False)
    hidden: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("less than nothing")

    @property
    def double(self) -> int:
        return 2 * self.size


@dataclass(frozen=True)
class Theirs:
    """The same, as Python makes it."""

    name: str
    size: int = 3
    parts: tuple[int, ...] = (1, 2)
    note: str = field(default="", compare=False)
    hidden: str = field(default="", repr=False)


GIVEN: list[dict[str, Any]] = [
    {"name": "a"},
    {"name": "a", "size": 4},
    {"name": "a", "note": "not compared"},
    {"name": "a", "hidden": "compared"},
    {"name": "b", "parts": ()},
]


@pytest.mark.parametrize("one", GIVEN, ids=str)
@pytest.mark.parametrize("other", GIVEN, ids=str)
def test_equality_and_hash_are_those_of_a_dataclass(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (Ours(**one) == Ours(**other)) == (Theirs(**one) == Theirs(**other))
    assert hash(Ours(**one)) == hash(Theirs(**one))
    assert repr(Ours(**one)) == repr(Theirs(**one)).replace("Theirs", "Ours")
    assert Ours(**one) != Theirs(**one)


def test_nothing_can_be_changed() -> None:
    ours = Ours("a")
    with pytest.raises(FrozenInstanceError):
        ours.size = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del ours.size
    with pytest.raises(FrozenInstanceError):
        ours.other = 4  # type: ignore[attr-defined]
    assert ours == Ours("a")


def test_arguments_are_checked_by_name_and_place() -> None:
    assert Ours("a", 4, (5,)) == Ours(name="a", parts=(5,), size=4)
    for wrong in ({}, {"name": "a", "sise": 4}):
        with pytest.raises(TypeError):
            Ours(**wrong)  # type: ignore[arg-type]


def test_what_is_checked_after_making_is_checked() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        Ours("a", -1)
    with pytest.raises(ValueError, match="less than nothing"):
        replace(Ours("a"), size=-1)


def test_the_tools_of_dataclasses_work() -> None:
    ours = Ours("a", note="kept")
    assert is_dataclass(ours)
    assert [each.name for each in fields(ours)] == [each.name for each in fields(Theirs("a"))]
    assert asdict(ours) == asdict(Theirs("a", note="kept"))
    assert replace(ours, size=5) == Ours("a", 5)
    assert replace(ours, size=5).note == "kept"
    assert replace(ours, size=5).double == 10
    again = pickle.loads(pickle.dumps(ours))
    assert again == ours
    assert again.note == "kept"
    assert copy.deepcopy(ours) == ours
