"""Scenarios that were found by chance, kept as configs: the resolved form in YAML, which can be read back to the byte.

Only what is not as the dataclass has it is written.  Ticks are microseconds; a trace is written row by row.
"""

from __future__ import annotations

import sys
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

sys.path.insert(0, str(Path(__file__).parent))
from generator_choices import column

from supportsim.scenario import model

FOLDER = Path(__file__).parents[1] / "scenarios" / "kept"
_NARROW = {"segment", "topic", "channel"}  # of a trace: int32


def text_of(scenario: model.Scenario) -> str:
    return yaml.safe_dump(_plain(scenario), sort_keys=False, width=110, default_flow_style=None)


def scenario_of(text: str) -> model.Scenario:
    found = _value(model.Scenario, yaml.safe_load(text))
    assert isinstance(found, model.Scenario)
    return found


def keep(scenario: model.Scenario, name: str, what: str) -> Path:
    """Write a scenario into the folder whose files every run of the tests plays on both clocks."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{name}.yaml"
    comment = "".join(f"# {line}\n" for line in what.splitlines())
    file.write_text(comment + text_of(scenario), encoding="utf-8")
    return file


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if _is_told(f, getattr(value, f.name))}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _is_told(field: Any, value: Any) -> bool:
    return field.default is MISSING or isinstance(value, np.ndarray) or value != field.default


def _value(kind: Any, plain: Any) -> Any:
    """What was written, as the type of its field has it."""
    if is_dataclass(kind) and isinstance(kind, type):
        return _made(kind, plain)
    origin, of = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return None if plain is None else _value(next(each for each in of if each is not type(None)), plain)
    if origin is tuple:
        kinds = of[:1] * len(plain) if of[-1] is Ellipsis else of
        return tuple(_value(each, part) for each, part in zip(kinds, plain, strict=True))
    return float(plain) if kind is float else plain


def _made(kind: type[Any], plain: dict[str, Any]) -> Any:
    if kind is model.Trace:
        return model.Trace(
            **{n: v if n == "sha256" else column(v, np.int32 if n in _NARROW else np.int64) for n, v in plain.items()}
        )
    hints = typing.get_type_hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in plain.items()})
