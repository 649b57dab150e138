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
    """Each promise's share kept, the share abandoned, cost (pay where cost is unknown): what the base has.

    Of those that at least one other scenario has, too: without a chat there is no promise about it.
    """
    base, *others = (set(Yardstick(scenario).keys) for scenario in scenarios)
    wanted = [(promise.name, "kept_share") for promise in scenarios[0].promises]
    wanted += [("all", measure) for measure in _OF_ALL]
    shared = [key for key in wanted if key in base and any(key in keys for keys in others)]
    return tuple(key for key in shared if key != ("all", "pay") or ("all", "cost") not in shared)


def named(scenarios: Sequence[Scenario], names: Sequence[str]) -> tuple[Key, ...]:
    """The keys of `selector.measure` names.  Raises Incomparable for one that base or all others do not have."""
    base, *others = (Yardstick(scenario) for scenario in scenarios)
    return tuple(dict.fromkeys(_named(name, base, others) for name in names))


def _named(name: str, base: Yardstick, others: Sequence[Yardstick]) -> Key:
    selector, dot, measure = name.rpartition(".")
    shared = [key for key in base.keys if any(key in each.places for each in others)]
    if not dot or (selector, measure) not in shared:
        raise Incomparable(
            f"metric {name!r}: base and options have none of this name in common; expected selector.measure as in "
            f"summary.csv; {nearest(name, ['.'.join(key) for key in shared])}"
        )
    return selector, measure
