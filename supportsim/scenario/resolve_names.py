"""Who is who: the names of a scenario, each with one meaning, and selectors made of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from supportsim.scenario.errors import nearest
from supportsim.scenario.nodes import Map, Node, Text, key_of
from supportsim.scenario.schema import CUSTOMERS, GENERAL, Human
from supportsim.scenario.schema_base import BAD, Hole, Reading
from supportsim.scenario.units import RESERVED

_SELECTABLE = ("segment", "topic", "channel")


class Spot(NamedTuple):
    """Where touches wait: a channel, a segment and a topic."""

    channel: str
    segment: str
    topic: str


@dataclass
class Desk:
    """What is known while a scenario is resolved."""

    human: Human
    reading: Reading
    folder: Any
    kinds: dict[str, str] = field(default_factory=dict)  # name -> segment, topic, channel, plan, team
    lost: set[str] = field(default_factory=set)  # kinds whose names could not be read
    defaults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unclear: bool = False  # what teams serve: a selector of theirs is wrong

    def default(self, sentence: str) -> None:
        """Note a default that was filled in."""
        self.defaults.append(sentence)

    def note(self, sentence: str) -> None:
        """Note a warning that stops nothing."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Leave out what needs a value that could not be read; that fault is noted already."""
        with suppress(Hole):
            yield

    def attempt(self, call: Callable[[], Any], otherwise: Any) -> Any:
        """What `call` gives, or `otherwise` where it needs a value that could not be read."""
        try:
            return call()
        except Hole:
            return otherwise

    def partial(self, key: str) -> bool:
        """Whether names may be missing in a mapping at the top, of which a fault has been told."""
        return self.human.node(key).hole

    # -- names ------------------------------------------------------------------------------------------
    def of_kind(self, kind: str) -> list[str]:
        """The names of a kind, as declared."""
        return [name for name, each in self.kinds.items() if each == kind]

    def known(self, node: Node, kind: str, key: str = "") -> bool:
        """Whether a text names something of a kind; if not, a fault says so."""
        return kind in self.lost or self.one_of(node, self.of_kind(kind), f"the name of a {kind}")

    def known_key(self, key: Text, parent: Map, kind: str) -> bool:
        """The same for a text that stands as a key."""
        names = self.of_kind(kind)
        if kind in self.lost or key in names:
            return True
        self.reading.wrong_key(key, parent, f"the name of a {kind}", nearest(key, names) or "there is none")
        return False

    def one_of(self, node: Node, names: Iterable[str], expected: str) -> bool:
        """Whether a text is one of the names; if not, a fault with the nearest one."""
        names = list(names)
        if node in names:
            return True
        is_a = self.kinds.get(str(node))
        hint = f"{node} is a {is_a}" if is_a else nearest(str(node), names)
        self.reading.wrong(node, expected, hint or "there is none")
        return False

    def selector(self, node: Text) -> bool:
        """Whether every word of a selector is a segment, a topic or a channel, one of each at most."""
        return self._selector(node, lambda rule, hint: self.reading.wrong(node, rule, hint))

    def selector_key(self, key: Text, parent: Map, teams: bool = False) -> bool:
        """The same for a selector that stands as a key; `teams`: it may also name a team."""

        def fault(rule: str, hint: str) -> None:
            self.reading.wrong_key(key, parent, rule, hint.replace("a list of two", "an entry for each"))

        return self._selector(key, fault, teams)

    def _selector(self, node: Text, fault: Any, teams: bool = False) -> bool:
        rule = "names of segments, topics, channels and teams" if teams else "names of segments, topics and channels"
        selectable = (*_SELECTABLE, "team") if teams else _SELECTABLE
        seen: dict[str, str] = {}
        for word in node.split():
            kind = self.kinds.get(word)
            if kind is None or kind not in selectable:
                if kind is None and self.lost.intersection(selectable):
                    return False
                known = [name for name, each in self.kinds.items() if each in selectable]
                fault(rule, f"{word} is a {kind}" if kind else nearest(word, known))
                return False
            if kind in seen:
                fault(
                    "a selector that a queue can match",
                    f"{seen[kind]} and {word} are both {kind}s: write a list of two",
                )
                return False
            seen[kind] = word
        return True


def take_names(desk: Desk) -> None:
    """Fill in `kinds`; every name has one meaning, also when its case is changed."""
    human = desk.human
    groups: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
        ("segments", "segment", human.segments),
        ("topics", "topic", human.topics),
        ("channels", "channel", human.channels),
        ("plans", "plan", human.plans),
        ("teams", "team", human.teams),
    )
    folded: dict[str, tuple[str, str]] = {}
    for field_name, kind, mapping in groups:
        if mapping is BAD or (kind == "channel" and not mapping):
            desk.lost.add(kind)
            continue
        if desk.partial(field_name):
            desk.lost.add(kind)
        for name in mapping:
            _take(desk, name, kind, field_name, folded)
    if "segment" not in desk.lost and not human.segments:
        desk.kinds.setdefault(CUSTOMERS, "segment")
    if "topic" not in desk.lost and not human.topics:
        desk.kinds.setdefault(GENERAL, "topic")
    for field_name, mapping in (("demand", human.demand), ("promises", human.promises)):
        with desk.passing():
            _apart(desk, mapping, human.node(field_name))
    for field_name, mapping in (("calendars", human.calendars), ("profiles", human.profiles)):
        with desk.passing():
            _apart(desk, mapping, human.node(field_name))


def _take(desk: Desk, name: str, kind: str, field_name: str, folded: dict[str, tuple[str, str]]) -> None:
    parent = desk.human.node(field_name)
    assert isinstance(parent, Map)
    key = key_of(parent, name) or name
    twin = folded.get(fold(name))
    if fold(name) in RESERVED or name in (CUSTOMERS, GENERAL):
        desk.reading.wrong_key(key, parent, "another name", f"{name} is a word of the language")
    elif twin is not None:
        same = "the same name" if twin[0] == name else f"{twin[0]}, the same but for capitals,"
        desk.reading.wrong_key(key, parent, "every name once", f"{same} is a {twin[1]} already")
    folded.setdefault(fold(name), (name, kind))
    desk.kinds.setdefault(name, kind)


def _apart(desk: Desk, mapping: Mapping[str, Any], parent: Node) -> None:
    seen: dict[str, str] = {}
    for name in mapping:
        if fold(name) in seen and isinstance(parent, Map):
            hint = f"{seen[fold(name)]} is the same but for capitals"
            desk.reading.wrong_key(key_of(parent, name) or name, parent, "names that differ", hint)
        seen[fold(name)] = name


def fold(name: str) -> str:
    """A name as people compare it: composed, without capitals."""
    return unicodedata.normalize("NFC", name).casefold()
