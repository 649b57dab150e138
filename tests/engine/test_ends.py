"""The tournament of ends of work: whose work ends first, of equal ticks the lower agent's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportsim.engine import kernel, operation
from supportsim.engine.ends import FAR_BITS, ends_at, ends_with, see
from supportsim.engine.keeper import _nobody_ends
from supportsim.engine.layout import Layout
from supportsim.engine.tables import AGENT, CLOCK, NONE, TOUCH
from supportsim.scenario.load import load_text
from supportsim.scenario.ticks import DAY, NEVER, YEAR

END = 100
MANY = 1030

# Two calls a minute for everybody, five minutes long: on average all of them talk, and ends share ticks.
LARGE = f"""
name: large
start: 2026-03-02
length: 15 min
channels:
  phone: {{kind: live, handle_time: {{exponential: {{mean: 5 min}}}}, patience: {{exponential: {{mean: 1 min}}}}}}
demand:
  calls: {{channel: phone, rate: {MANY * 13}/h}}
teams:
  desk: {{serves: [phone], agents: {MANY}}}
"""


def desk(agents: int) -> Any:
    """Agents with empty hands; agent k will hold touch k."""
    T = SimpleNamespace(
        clock=np.zeros(1, CLOCK), agents=np.zeros(agents, AGENT), touches=np.zeros(agents, TOUCH), ends=None
    )
    T.clock["end"], T.agents["hands"], T.touches["next"] = END, NONE, NONE
    T.clock["agent_bits"], T.ends = _nobody_ends(agents, END)
    for name, table in vars(T).items():
        setattr(T, name, table.view(np.recarray))
    return T


@given(st.integers(1, 9), st.lists(st.tuples(st.integers(0, 8), st.sampled_from([0, 1, 2, 50, 99, 100, 101, NEVER]))))
def test_the_final_is_won_by_the_smallest_end_and_agent(agents: int, changes: list[tuple[int, int]]) -> None:
    T, dues = desk(agents), dict[int, int]()
    for agent, due in changes:
        agent %= agents
        dues[agent] = due
        T.touches[agent].due = due
        T.agents[agent].hands = NONE if due == NEVER else agent
        see(T, agent)
        tick, first = min((min(due, END + 1), agent) for agent, due in dues.items())
        assert ends_at(T, 1) == tick
        assert tick > END or ends_with(T, 1) == first


def test_a_place_without_an_agent_never_wins() -> None:
    T = desk(5)  # eight places
    assert (ends_at(T, 1), len(T.ends)) == (END + 1, 16)
    T.touches[4].due, T.agents[4].hands = 99, 4
    see(T, 4)
    assert (ends_at(T, 1), ends_with(T, 1)) == (99, 4)


def test_more_agents_than_a_word_tells_apart_are_refused() -> None:
    bits, _ = _nobody_ends(262_144, YEAR)
    assert bits == 18
    with pytest.raises(ValueError, match="262145 agents over 365 days"):
        _nobody_ends(262_145, YEAR)
    assert _nobody_ends(1, 10 * YEAR + DAY)[0] == 1


def test_a_desk_so_large_that_memory_is_asked_ahead_plays_alike_on_both_clocks() -> None:
    layout = Layout(load_text(LARGE))
    assert (len(layout.agents) - 1).bit_length() >= FAR_BITS
    journal = kernel.play(layout, 1, 1)
    assert len(journal.contacts) > 3_000
    assert len(np.unique(journal.touches["agent"])) > 1_000
    assert journal.xxh128() == operation.play(layout, 1, 1).xxh128()
