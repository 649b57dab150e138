"""Prices for scenarios that state none: odd numbers, so that nearly every row has to be rounded."""

from __future__ import annotations

from dataclasses import replace

from supportsim.scenario.model import Law, Scenario


def with_prices(scenario: Scenario, number: int = 0) -> Scenario:
    """Everything has a price, most segments a margin, a little different for each number."""
    n = number % 7
    teams = tuple(
        replace(team, wage_per_hour=17.123457 + n + i, overtime_factor=1.37, seat_per_month=91.7, leave=0.11)
        for i, team in enumerate(scenario.teams)
    )
    channels = tuple(
        replace(channel, cost_per_contact=0.1234567 * (i + 1), cost_per_month=613.0 + n)
        for i, channel in enumerate(scenario.channels)
    )
    promises = tuple(
        replace(p, penalty=3.0000015, penalty_lost=1.75 if p.clock == "answer" else 0.0, credit=500.25)
        for p in scenario.promises
    )
    laws = (Law("constant", (8.7654321,)), Law("lognormal", (9.1, 1.5)), Law("exponential", (3.3,)), None)
    segments = tuple(replace(each, margin=laws[(n + i) % 4]) for i, each in enumerate(scenario.segments))
    return replace(scenario, teams=teams, channels=channels, promises=promises, segments=segments)
