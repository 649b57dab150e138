"""The sums of `check` against the integrals of the Erlang formulas, which know nothing of them."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportsim.study import erlang
from supportsim.study.erlang import ErlangA, ErlangC, TooManyAgents
from supportsim.study.erlang_quick import agents_for, answered


def test_one_agent_without_waiting_is_half_by_hand() -> None:
    """M/M/1 at half load: half of all wait, none of them answered within 0; within t 1 - e^(-t/2) / 2."""
    assert answered(1, 0.5, 1.0, 0.0, None) == pytest.approx(0.5)
    assert answered(1, 0.5, 1.0, 3.0, None) == pytest.approx(1 - math.exp(-1.5) / 2)


def test_patience_as_long_as_work_is_a_poisson_number_by_hand() -> None:
    """With theta = mu the number in the system is Poisson: at load 1 two agents answer P(0) + P(1) at once."""
    assert answered(2, 1.0, 1.0, 0.0, 1.0) == pytest.approx(2 / math.e)


DESKS = [
    (n, load, service, patience, within)
    for n, load, service, patience, within in product(
        (1, 5, 40, 300), (0.2, 0.8, 0.95, 1.1, 1.6), (180.0,), (None, 5.0, 120.0, 7200.0), (0.0, 20.0, 600.0)
    )
]


@pytest.mark.parametrize(("n", "load", "service", "patience", "within"), DESKS)
def test_the_share_is_that_of_the_integrals(
    n: int, load: float, service: float, patience: float | None, within: float
) -> None:
    rate = load * n / service
    if patience is not None:
        expected = ErlangA(n, rate, service, patience).service_level(within)
    else:
        chain = ErlangC(n, rate, service)
        expected = chain.service_level(within) if chain.stable else 0.0
    assert answered(n, rate, service, within, patience) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(
    st.floats(0.001, 2.0), st.floats(20, 1200), st.floats(0.05, 0.99), st.floats(0, 600),
    st.none() | st.floats(5, 3600),
)  # fmt: skip
def test_as_many_agents_are_asked_for(
    rate: float, service: float, level: float, within: float, patience: float | None
) -> None:
    expected = erlang.agents_for(rate, service, level, within, patience)
    found = agents_for(rate, service, level, within, patience)
    at_edge = expected and abs(answered(min(found, expected), rate, service, within, patience) - level) < 1e-9
    assert found == expected or at_edge


def test_no_calls_need_nobody_and_too_many_are_refused() -> None:
    assert agents_for(0.0, 60.0, 0.8, 20.0, None) == 0
    with pytest.raises(TooManyAgents):
        agents_for(2000.0, 1e6, 0.8, 20.0, 60.0)
