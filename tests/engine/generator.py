"""Nasty small scenarios, straight from the dataclasses of the resolved scenario, with every flag of them.

A scenario is plain (generator_base.py) and then gets some of the twists below: how many of a hundred is drawn first,
so that there are scenarios with one or two, whose faults are easily read, and scenarios with most of them, in which
everything meets everything.  Chance comes from `Choices`: a seeded generator for long runs, or Hypothesis, which
shrinks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import generator_channels as channels
import generator_demand as demand
import generator_leaving as leaving
import generator_queues as queues
import generator_teams as teams
from generator_base import Maker
from generator_choices import Choices, DrawnChoices
from generator_flags import written
from generator_happened import happened

from supportsim.engine.journal import Journal
from supportsim.scenario.model import Scenario

Twist = Callable[[Maker, Scenario], Scenario]

#: In this order: what fixes how many an agent may hold stands before what depends on it.
TWISTS: tuple[Twist, ...] = (
    demand.has_a_population, demand.is_forecast, demand.is_busy, queues.odd_laws,
    channels.lays_aside, channels.more_at_once, channels.slows_down, channels.no_last_minute_chats, channels.puts_down,
    channels.limits_waits, channels.keeps_patience, channels.has_hours_with_factors, channels.closes_on_a_holiday,
    teams.is_heads, teams.comes_in_some_weeks, teams.comes_for_some_time, teams.meets, teams.helps_out,
    teams.picks_anybody,
    queues.overflows_later, queues.has_own_laws, queues.is_proficient, queues.ages, queues.promises,
    teams.reserves, teams.drains, demand.fills_idle_hours, demand.is_offered_several, queues.goes_by_a_figure,
    leaving.leaves,
    demand.is_thinned,
)  # fmt: skip
SHARES = (8, 20, 40, 60)  # of a hundred twists


def made(seed: int) -> Scenario:
    """The nasty scenario of this number."""
    return _twisted(Choices(seed))


@st.composite
def scenarios(draw: Any) -> Scenario:
    """Strategy of nasty scenarios."""
    return _twisted(DrawnChoices(draw))


def _twisted(choices: Choices) -> Scenario:
    maker = Maker(choices)
    scenario = maker.scenario()
    share = choices.of(SHARES)
    for twist in TWISTS:
        if choices.chance(share):
            scenario = twist(maker, scenario)
    return channels.fitting(maker, scenario)


def flags(scenario: Scenario, journal: Journal | None = None) -> frozenset[str]:
    """Names of everything nasty that the scenario uses and, with its journal, of what happened."""
    found = set(written(scenario))
    return frozenset(found if journal is None else found | set(happened(scenario, journal)))
