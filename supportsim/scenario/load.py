"""The door of the scenario floor: files and texts in, resolved scenarios out.  Only ConfigError leaves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from supportsim.scenario.errors import ConfigError, Fault, Faults
from supportsim.scenario.model import ABOUT, Scenario, Trace
from supportsim.scenario.nodes import Map, key_of

Changes = Mapping[str, str] | Sequence[tuple[str, str]]


def load(path: str | Path, changes: Changes = ()) -> Scenario:
    """The scenario in a file.  `changes`: dotted path -> text, as --set.  Raises ConfigError."""
    from supportsim.scenario.text_file import read_file

    return load_text(read_file(Path(path)), str(path), Path(path).parent, changes)


def load_text(text: str, name: str = "<text>", folder: str | Path | None = None, changes: Changes = ()) -> Scenario:
    """The scenario in a text; `name` stands in messages, `folder` is where its files are (default: here)."""
    from supportsim.scenario.resolve import resolve
    from supportsim.scenario.resolve_tree import Tree

    faults = Faults()
    home = Path(folder) if folder is not None else Path()
    try:
        tree = Tree(text, name, home, faults)
        _refuse_study(tree.root, faults)
        tree.set(_pairs(changes))
        return resolve(tree.root, name, home, faults)
    except RecursionError:
        fault = Fault(name, None, None, "", "very deep nesting", "at most 50 levels of nesting")
        raise ConfigError([fault]) from None


def _refuse_study(root: Map, faults: Faults) -> None:
    """One fault instead of many where the file is a study.  Raises ConfigError."""
    key = key_of(root, "metrics")
    if key is not None and "start" not in root and ("base" in root or "cases" in root):
        place, hint = key.place, "this is a study: supportsim study plays it"
        faults.add(place.file, place.line, place.col, "metrics", "metrics", "a scenario", hint)
        faults.raise_if_any()


def _pairs(changes: Changes) -> Iterable[tuple[str, str]]:
    return changes.items() if isinstance(changes, Mapping) else changes


# -- the complete form ------------------------------------------------------------------------------------
def resolved(scenario: Scenario) -> dict[str, Any]:
    """The complete scenario as JSON-able values: integer ticks, dates as text, a trace as hash and rows."""
    found = _plain(scenario)
    assert isinstance(found, dict)
    if not scenario.thinned:
        del found["thinned"]  # no file can say it, so a scenario of which nothing was taken away does not say it either
    if scenario.experience is not None and not scenario.experience.feedback:
        del found["experience"]["feedback"]  # nothing depends on what is absent: the hash stays what it was before
    return {key: value for key, value in found.items() if key not in ABOUT}


def _plain(value: Any) -> Any:
    if isinstance(value, (int, float)):  # most of them
        return value
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, Trace):
        return {"rows": len(value.at), "sha256": value.sha256}
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def scenario_hash(scenario: Scenario) -> str:
    """sha256 of the canonical JSON of the resolved scenario (all of it but what is said about it)."""
    import json
    from hashlib import sha256

    text = json.dumps(resolved(scenario), sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


_HEADING = "# The complete scenario as the program holds it, times in microseconds: not a scenario file.\n"


def resolved_yaml(scenario: Scenario) -> str:
    """The resolved scenario as YAML, in the order of the model, under a comment that says what it is."""
    import yaml

    return _HEADING + yaml.safe_dump(resolved(scenario), sort_keys=False, allow_unicode=True, width=110)
