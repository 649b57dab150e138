"""Measures by name: `selector.measure`, as they stand in summary.csv."""

from __future__ import annotations

from collections.abc import Container, Sequence

from supportsim.measure.replication import Yardstick
from supportsim.scenario.errors import nearest
from supportsim.scenario.model import Scenario

Key = tuple[str, str]


class Incomparable(ValueError):  # noqa: N818 - reads as what is wrong
    """What was asked for cannot be compared."""


def by_default(scenarios: Sequence[Scenario]) -> tuple[Key, ...]:
    """What the base has of: each promise's share kept, of each live channel the share abandoned, cost if any is stated.

    Of those that at least one other scenario has, too: without a chat there is no promise about it.
    """
    base, *others = (set(Yardstick(scenario).keys) for scenario in scenarios)
    wanted = [(promise.name, "kept_share") for promise in scenarios[0].promises]
    wanted += [(channel.name, "abandoned_share") for channel in scenarios[0].channels if channel.kind == "live"]
    wanted += [cost(base)] if any(priced(scenario) for scenario in scenarios) else []
    return tuple(key for key in wanted if key in base and any(key in keys for keys in others))


def cost(keys: Container[Key]) -> Key:
    """The widest measure of cost among the keys of a scenario: cost of the company, else pay."""
    return ("all", "cost") if ("all", "cost") in keys else ("all", "pay")


def priced(scenario: Scenario) -> bool:
    """Whether anything of the scenario costs money."""
    return bool(
        any(team.wage_per_hour or team.seat_per_month for team in scenario.teams)
        or any(channel.cost_per_contact or channel.cost_per_month for channel in scenario.channels)
        or any(promise.penalty for promise in scenario.promises)
    )


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
