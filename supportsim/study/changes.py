"""What makes one resolved scenario another: every value that differs, old and new, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, NamedTuple

from supportsim.scenario.errors import clean, cut
from supportsim.scenario.model import ABOUT, Felt, Hourly, Law, Scenario, Trace
from supportsim.scenario.ticks import DAY, MINUTE
from supportsim.study.words import duration

#: Parts of a scenario whose place in the file has another name.
_TOPS = {"streams": "demand", "policy": "routing.policy", "classes": "routing.classes", "times": ""}
_LENGTHS = {
    "length_ticks", "warm_up_ticks", "run_out_ticks", "interval", "last_chat", "wait_limit", "bonus", "length",
    "off_desk_block", "limit", "oldest", "cell", "delays", "lasts", "each",
}  # fmt: skip
_CLOCKS = {"begin", "end", "earliest", "latest"}
_SHARES = {
    "share", "leave", "absence", "off_desk", "resolves", "again", "at_opening", "next_channel", "stop", "shared",
    "at_zero", "cv", "cv_interval", "wrap_share",
}  # fmt: skip
_LONGEST = 100
_NAMELESS = {"felt"}  # whose entries stand one floor higher in the file
_FOLLOWS = {"priority_class", "places", "queues"}  # of other values, which are told


class Change(NamedTuple):
    """One value (or as many of the same name that change alike); None where there is none."""

    path: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.path}: {self.old} -> {self.new}"


def changes(base: Scenario, other: Scenario) -> tuple[Change, ...]:
    """Every difference, in the order of the model; what changes alike under many names stands once, with *."""
    found: list[Change] = []
    for each in fields(base):
        if each.name not in ABOUT:
            path = _TOPS.get(each.name, each.name)
            found += _differences(getattr(base, each.name), getattr(other, each.name), path, each.name)
    return tuple(_together(found))


def _differences(old: Any, new: Any, path: str, name: str) -> Iterator[Change]:
    if old == new:
        return
    if is_dataclass(old) and type(old) is type(new) and not isinstance(old, Law | Trace | Hourly):
        for each in (each for each in fields(old) if each.name not in _FOLLOWS):
            inner = path if each.name in _NAMELESS else f"{path}.{each.name}".lstrip(".")
            yield from _differences(getattr(old, each.name), getattr(new, each.name), inner, each.name)
        return
    mine, theirs = _by_name(old), _by_name(new)
    if mine is None or theirs is None:
        yield Change(path, words(old, name), words(new, name))
        return
    for key in dict.fromkeys([*mine, *theirs]):
        inner = f"{path}.{key}"
        if key not in mine or key not in theirs:
            yield Change(inner, _there(mine.get(key)), _there(theirs.get(key)))
        else:
            yield from _differences(mine[key], theirs[key], inner, name)


def _there(each: Any) -> str:
    """An entry that only one of both has; a kind of experience is short enough to be told."""
    return words(each) if isinstance(each, Felt) else "none" if each is None else "there"


def _by_name(value: Any) -> dict[str, Any] | None:
    """Entries that have a name of their own, by it; None for what is no list of such."""
    if not isinstance(value, tuple) or any(_name(each) is None for each in value):
        return None
    return {str(_name(each)): each for each in value} if value else None


def _name(each: Any) -> str | None:
    if hasattr(each, "topic") and hasattr(each, "priority_class"):
        return f"{each.segment} {each.topic} {each.channel}"
    if isinstance(each, Felt):
        return each.kind
    for key in ("name", "outcome", "team"):
        if isinstance(getattr(each, key, None), str):
            return str(getattr(each, key))
    return None


# -- words ------------------------------------------------------------------------------------------------
def words(value: Any, name: str = "") -> str:
    """A value of the model as people write it; a long list is cut."""
    return cut(clean(_words(value, name)), _LONGEST)


def _words(value: Any, name: str) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, name)
    if isinstance(value, Law):
        return law(value, _monthly if name == "margin" else _time)
    if isinstance(value, tuple):
        return "[" + ", ".join(_words(each, name) for each in value[:40]) + "]"
    if isinstance(value, Trace):
        return f"{len(value.at)} rows"
    if is_dataclass(value):
        inside = ((each.name, getattr(value, each.name)) for each in fields(value))
        return "{" + ", ".join(f"{key}: {_words(part, key)}" for key, part in inside) + "}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: float, name: str) -> str:
    if name in _LENGTHS:
        return duration(int(value))
    if name in _CLOCKS:
        return f"{int(value) // MINUTE // 60:02d}:{int(value) // MINUTE % 60:02d}"
    if name in _SHARES:
        return f"{100 * value:.6g}%"
    return f"{value:.6g}"


_FIRST_ONLY = ("lognormal", "weibull", "gamma", "erlang")  # whose further values are no times


def law(value: Law, amount: Callable[[float], str] | None = None) -> str:
    """`lognormal(6.5 min, 0.9)`, with everything that stands beside it; `amount`: words of a value, else of a time."""
    told = amount or _time
    values = [told(each * value.factor) for each in value.values[: 1 if value.kind in _FIRST_ONLY else None]]
    plain = [f"{each:.6g}" for each in value.values[1:]] if value.kind in _FIRST_ONLY else []
    inside = [*values, *plain] if value.kind not in ("empirical", "mixture") else [f"x {value.factor:.6g}"]
    text = inside[0] if value.kind == "constant" and inside else f"{value.kind}({', '.join(inside)})"
    beside = [f"at_zero {100 * value.at_zero:.6g}%"] if value.at_zero else []
    beside += [f"at_least {told(value.at_least)}"] if value.at_least else []
    beside += [f"at_most {told(value.at_most)}"] if value.at_most is not None else []
    return ", ".join([text, *beside])


def _monthly(amount: float) -> str:
    """Money a month, as a margin is stated."""
    return f"{amount:.6g}/month"


def _time(ticks: float) -> str:
    return duration(round(ticks)) if ticks < 1000 * DAY else "never"


# -- together ---------------------------------------------------------------------------------------------
def _together(found: list[Change]) -> Iterator[Change]:
    """Changes with the same end and values under several names of one mapping become one, `demand.*.volume`."""
    groups: dict[tuple[str, str, str, str], list[Change]] = {}
    for each in found:
        parts = each.path.split(".")
        top, rest = parts[0], ".".join(parts[2:])
        many = len(parts) > 2 and top in ("demand", "queues", "channels", "teams", "promises")
        groups.setdefault((top if many else each.path, rest, each.old, each.new), []).append(each)
    for (top, rest, old, new), alike in groups.items():
        yield alike[0] if len(alike) == 1 else Change(f"{top}.*.{rest} ({len(alike)} of them)", old, new)
