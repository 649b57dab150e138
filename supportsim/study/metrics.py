"""Measures by name: `selector.measure`, as they stand in summary.csv."""

from __future__ import annotations

from collections.abc import Sequence

from supportsim.measure.replication import Yardstick
from supportsim.scenario.errors import nearest
from supportsim.scenario.model import Scenario

Key = tuple[str, str]


class Incomparable(ValueError):  # noqa: N818 - reads as what is wrong
    """What was asked for cannot be compared."""


#: Beside each promise's share kept, what a comparison names beforehand: who is lost, what is paid.
_OF_ALL = ("abandoned_share", "cost", "pay")


def by_default(scenarios: Sequence[Scenario]) -> tuple[Key, ...]:
    """Each promise's share kept, the share abandoned, cost (pay where cost is unknown): what all scenarios have."""
    known = [set(Yardstick(scenario).keys) for scenario in scenarios]
    wanted = [(promise.name, "kept_share") for promise in scenarios[0].promises]
    wanted += [("all", measure) for measure in _OF_ALL]
    shared = [key for key in wanted if all(key in keys for keys in known)]
    return tuple(key for key in shared if key != ("all", "pay") or ("all", "cost") not in shared)


def named(scenarios: Sequence[Scenario], names: Sequence[str]) -> tuple[Key, ...]:
    """The keys of `selector.measure` names.  Raises Incomparable for one that a scenario does not have."""
    yardsticks = [Yardstick(scenario) for scenario in scenarios]
    return tuple(dict.fromkeys(_named(name, yardsticks) for name in names))


def _named(name: str, yardsticks: Sequence[Yardstick]) -> Key:
    selector, dot, measure = name.rpartition(".")
    for yardstick in yardsticks:
        known = [".".join(key) for key in yardstick.keys]
        if not dot or (selector, measure) not in yardstick.places:
            raise Incomparable(
                f"metric {name!r}: {yardstick.scenario.name} has none of this name; expected selector.measure as in "
                f"summary.csv; {nearest(name, known)}"
            )
    return selector, measure
