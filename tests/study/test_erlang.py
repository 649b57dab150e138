"""Erlang B, C, A against published figures and against an independent birth-death solution.

Figures marked E.. and P.. are those of the project's ground truth: E01 the Erlang (1917) loss formula, E02
the Erlang (1917) delay formula, E04 Palm (1957) and Baccelli and Hebuterne (1981), P01 Whitt (2005),
Management Science 51, Table 1, P13 the documentation example of pyworkforce 0.1.0.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportsim.study import erlang
from supportsim.study.erlang import ErlangA, ErlangB, ErlangC, TooManyAgents, agents_for, p_blocked

DIGITS = 5e-10  # half of the tenth printed digit, where the first is 1


def near(value: float, relative: float = DIGITS) -> object:
    return pytest.approx(value, rel=relative)


# E01: B(n, 10 erlangs)
@pytest.mark.parametrize(
    ("agents", "blocked"),
    [
        (8, 0.3383184329),
        (10, 0.2145823431),
        (12, 0.1197391884),
        (13, 0.08433886267),
        (15, 0.03649694547),
        (17, 0.01294887522),
        (20, 0.001869049852),
    ],
)
def test_erlang_b_of_ten_erlangs(agents: int, blocked: float) -> None:
    assert p_blocked(agents, 10) == near(blocked)


def test_erlang_b_of_a_desk() -> None:  # E01
    desk = ErlangB(13, 2.5, 4)
    assert desk.load == 10
    assert desk.occupancy == near(0.704354721)
    assert desk.mean_busy == near(9.156611373)


def test_erlang_c_of_a_desk() -> None:  # E02
    desk = ErlangC(16, 200 / 60, 4)
    assert desk.occupancy == near(0.8333333333)
    assert desk.p_wait == near(0.3872019256)
    assert desk.asa == near(0.5808028884)
    assert desk.mean_queue == near(1.936009628)
    assert desk.asa / desk.p_wait == near(1.5)
    assert desk.service_level(1 / 6) == near(0.6535164934)
    assert desk.service_level(1 / 3) == near(0.6899529357)
    assert desk.service_level(1) == near(0.8012039029)
    assert desk.service_level(2) == near(0.8979346805)
    assert desk.wait_quantile(0.5) == 0
    assert desk.wait_quantile(0.8) == near(0.990943443)
    assert desk.wait_quantile(0.99) == near(5.484541853)


def test_erlang_a_of_a_desk() -> None:  # E04
    desk = ErlangA(13, 3.5, 4, 3)
    assert desk.p_wait == near(0.603075217)
    assert desk.p_abandon == near(0.1520566374)
    assert desk.mean_wait == near(0.4561699123)
    assert desk.mean_queue == near(1.596594693)
    assert desk.occupancy == near(0.9131697751)
    assert desk.asa == near(0.4248284788)
    t = 1 / 3
    assert desk.service_level(t) == near(0.5197493364)
    assert desk.p_abandon_within(t) == near(0.05674488254)
    assert desk.service_level(t) / (1 - desk.p_abandon) == near(0.6129528921)
    assert desk.service_level(t) / (1 - desk.p_abandon_within(t)) == near(0.5510167152)
    assert desk.service_level(1) == near(0.7076003084)
    assert desk.p_abandon_within(1) == near(0.1201376479)


def test_erlang_a_of_a_hundred_agents() -> None:  # P01; its 200 waiting places are never full
    desk = ErlangA(100, 102, 1, 1)
    assert 1 - desk.p_wait == pytest.approx(0.4083, abs=5.1e-5)
    assert desk.p_abandon == pytest.approx(0.0499, abs=5.1e-5)
    assert desk.mean_queue == pytest.approx(5.092, abs=5.1e-4)
    assert desk.asa == pytest.approx(0.049, abs=5.1e-4)
    served = 1 - desk.p_abandon
    assert desk.service_level(0.1) / served == pytest.approx(0.7986, abs=5.1e-5)
    assert desk.service_level(0.2) / served == pytest.approx(0.9644, abs=5.1e-5)
    assert desk.p_abandon_within(0.1) / desk.p_abandon == pytest.approx(0.7671, abs=5.1e-5)
    assert desk.p_abandon_within(0.2) / desk.p_abandon == pytest.approx(0.9702, abs=5.1e-5)


def test_agents_for_a_published_example() -> None:  # P13
    needed = agents_for(100 / 30, 3, 0.8, 20 / 60, max_occupancy=0.85)
    assert needed == 14
    desk = ErlangC(needed, 100 / 30, 3)
    assert desk.service_level(20 / 60) == near(0.8883500191794669, 1e-12)
    assert desk.occupancy == near(0.7142857142857143, 1e-14)
    assert desk.p_wait == near(0.1741319335950498, 1e-12)
    assert desk.asa * 60 == near(7.83593701177724, 1e-12)


# ---- an independent solution: the generator of the chain, solved state by state; waits by killing ---------


def probabilities(desk: ErlangA, room: int) -> list[float]:
    """State probabilities of M/M/n/(n + room)+M by plain products in logarithms."""
    logs = [0.0]
    for k in range(1, desk.agents + room + 1):
        death = min(k, desk.agents) / desk.service + max(0, k - desk.agents) / desk.patience
        logs.append(logs[-1] + math.log(desk.rate / death))
    top = max(logs)
    weights = [math.exp(log - top) for log in logs]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def answered_within(desk: ErlangA, within: float, room: int) -> float:
    """P(answered within `within`) by following a customer through the places ahead of him (uniformisation).

    With j ahead, the time until one goes is exponential of rate n mu + j theta; he himself leaves at theta.
    """
    n, theta, through = desk.agents, 1 / desk.patience, desk.agents / desk.service
    found = probabilities(desk, room)
    fastest = through + (room + 1) * theta
    state = [found[n + j] for j in range(room + 1)]  # still waiting, j ahead
    served = sum(found[:n])
    total, weight, step = 0.0, math.exp(-fastest * within), 0
    while step < fastest * within + 12 * math.sqrt(fastest * within) + 30:
        total += weight * served
        served += state[0] * through / fastest
        state = [
            state[j] * (1 - (through + j * theta + theta) / fastest)
            + (state[j + 1] * (through + (j + 1) * theta) / fastest if j < room else 0.0)
            for j in range(room + 1)
        ]
        step += 1
        weight *= fastest * within / step
    return total


desks = st.builds(
    ErlangA,
    st.integers(1, 40),
    st.floats(0.05, 15.0),
    st.floats(0.2, 6.0),
    st.floats(0.3, 12.0),
).filter(lambda desk: desk.rate * desk.patience < 120)


@settings(max_examples=60, deadline=None)
@given(desks)
def test_erlang_a_agrees_with_the_chain(desk: ErlangA) -> None:
    found = probabilities(desk, 400)
    assert desk.p_wait == pytest.approx(sum(found[desk.agents :]), rel=1e-9)
    queue = sum(k * p for k, p in enumerate(found[desk.agents :]))
    assert desk.mean_queue == pytest.approx(queue, rel=1e-9)
    busy = sum(min(k, desk.agents) * p for k, p in enumerate(found))
    assert desk.occupancy == pytest.approx(busy / desk.agents, rel=1e-8)


@settings(max_examples=12, deadline=None)
@given(desks.filter(lambda d: d.rate * d.patience < 25 and d.agents < 15), st.floats(0.05, 1.5))
def test_the_wait_under_patience_agrees_with_the_chain(desk: ErlangA, within: float) -> None:
    assert desk.service_level(within) == pytest.approx(answered_within(desk, within, 110), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(desks, st.floats(0, 30))
def test_what_the_chain_and_the_waits_say_about_leaving_is_the_same(desk: ErlangA, within: float) -> None:
    assert desk.p_abandon_within(1e9) == pytest.approx(desk.p_abandon, rel=1e-8, abs=1e-13)
    assert desk.service_level(1e9) == pytest.approx(1 - desk.p_abandon, rel=1e-9)
    rest = desk.service_level(within) + desk.p_abandon_within(within) + desk.p_wait_longer(within)
    assert rest == pytest.approx(1, abs=1e-10)


# ---- limits --------------------------------------------------------------------------------------------


def test_endless_patience_is_erlang_c_and_none_is_erlang_b() -> None:
    patient, c = ErlangA(16, 200 / 60, 4, 1e9), ErlangC(16, 200 / 60, 4)
    assert patient.p_wait == pytest.approx(c.p_wait, rel=1e-6)
    assert patient.asa == pytest.approx(c.asa, rel=1e-6)
    assert patient.service_level(1) == pytest.approx(c.service_level(1), rel=1e-6)
    hasty, b = ErlangA(13, 2.5, 4, 0), ErlangB(13, 2.5, 4)
    assert hasty.p_wait == hasty.p_abandon == near(b.p_blocked)
    assert hasty.service_level(1) == near(1 - b.p_blocked)
    assert hasty.occupancy == near(b.occupancy)
    assert (hasty.asa, hasty.mean_queue) == (0, 0)
    assert hasty.p_abandon_within(0) == hasty.p_abandon


def test_patience_as_long_as_work_makes_a_poisson_number_in_the_system() -> None:
    desk = ErlangA(20, 18, 1, 1)  # M/M/n+M with theta = mu is M/M/infinity
    weights = [math.exp(k * math.log(18) - 18 - math.lgamma(k + 1)) for k in range(20)]
    assert desk.p_wait == pytest.approx(1 - sum(weights), rel=1e-10)


@pytest.mark.parametrize("agents", [900, 1000, 1100, 5000])
def test_thousands_of_agents_are_stable(agents: int) -> None:
    desk = ErlangA(agents, 1000, 1, 0.5)
    found = probabilities(desk, 600)
    assert desk.p_wait == pytest.approx(sum(found[agents:]), rel=1e-8)
    assert 0 <= desk.service_level(0.01) <= 1


def test_erlang_c_of_thousands_agrees_with_the_chain() -> None:
    n, load = 5000, 4950
    logs = [k * math.log(load) - math.lgamma(k + 1) for k in range(n)]
    full = n * math.log(load) - math.lgamma(n + 1) + math.log(n / (n - load))  # all states from n on
    idle = math.fsum(math.exp(log - full) for log in logs)
    assert ErlangC(n, load, 1).p_wait == pytest.approx(1 / (1 + idle), rel=1e-9)


def test_a_hopeless_desk_serves_what_it_can() -> None:
    desk = ErlangA(1000, 5000, 1, 10)  # weight of an idle state: e^-10000s
    assert desk.p_wait == pytest.approx(1, abs=1e-15)
    assert desk.p_abandon == pytest.approx(0.8, rel=1e-9)
    assert desk.occupancy == pytest.approx(1, rel=1e-9)
    assert desk.asa == pytest.approx(10 * math.log(5), rel=1e-3)
    assert desk.service_level(10) == 0
    assert desk.service_level(1e3) == pytest.approx(0.2, rel=1e-8)


def test_nobody_calls_and_nobody_waits() -> None:
    for desk in (ErlangA(3, 0, 1, 1), ErlangC(3, 0, 1), ErlangC(0, 0, 1)):
        assert (desk.p_wait, desk.asa, desk.mean_queue, desk.p_abandon) == (0, 0, 0, 0)
        assert desk.service_level(0) == 1
    assert ErlangA(3, 0, 1, 1).p_abandon_within(3) == 0


def test_nobody_works() -> None:
    a = ErlangA(0, 2, 1, 3)
    assert (a.p_wait, a.service_level(5)) == (1, 0)
    assert a.p_abandon == pytest.approx(1)
    assert a.mean_queue == pytest.approx(6)
    assert a.p_wait_longer(3) == pytest.approx(math.exp(-1))
    assert a.p_abandon_within(3) == pytest.approx(1 - math.exp(-1))
    assert math.isnan(a.asa)
    assert math.isnan(a.occupancy)
    assert math.isnan(ErlangB(0, 2, 1).occupancy)
    assert math.isnan(ErlangC(0, 2, 1).occupancy)


def test_too_little_for_erlang_c() -> None:
    desk = ErlangC(10, 10, 1)
    assert (desk.p_wait, desk.asa, desk.service_level(5), desk.occupancy) == (1, math.inf, 0, 1)
    assert desk.wait_quantile(0.5) == math.inf


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 60), st.floats(0.1, 5), st.floats(0, 0.99), st.floats(0, 3), st.none() | st.floats(0.1, 5))
def test_one_agent_fewer_is_not_enough(
    rate: float, service: float, level: float, within: float, patience: float | None
) -> None:
    needed = agents_for(rate, service, level, within, patience)

    def reached(n: int) -> float:
        if patience is None:
            return ErlangC(n, rate, service).service_level(within)
        return ErlangA(n, rate, service, patience).service_level(within)

    assert reached(needed) >= level
    assert needed == 0 or reached(needed - 1) < level or (patience is None and needed - 1 <= rate * service)


@pytest.mark.parametrize("numbers", [(-1, 1, 1), (1, -1, 1), (1, 1, 0), (1, math.inf, 1), (1, math.nan, 1)])
def test_impossible_desks_are_refused(numbers: tuple[int, float, float]) -> None:
    with pytest.raises(ValueError, match="no such desk"):
        ErlangC(*numbers)
    with pytest.raises(ValueError, match="no such desk"):
        ErlangB(*numbers)


def test_more_than_100_000_agents_are_not_looked_for() -> None:
    assert agents_for(99_000, 1, 0.8, 20) == 99_001  # waits of 20 mean services: hardly any agent idle is enough
    for patience in (None, 5.0, 1e9):
        with pytest.raises(TooManyAgents, match="more than 100000 agents"):
            agents_for(1e9, 50, 0.8, 20, patience)


@pytest.mark.parametrize(
    ("agents", "rate", "service", "patience"),
    [(5, 1, 4.5, 200), (5, 1, 5.5, 200), (12, 2, 4.5, 100), (3, 1, 2, 30), (400, 100, 4.05, 10)],
)
def test_long_patience_is_answered_by_the_density_as_by_the_chain(
    agents: int, rate: float, service: float, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = ErlangA(agents, rate, service, patience)
    expected = chain.p_wait, chain.mean_queue
    monkeypatch.setattr(erlang, "_WIDE", 0.0)
    density = ErlangA(agents, rate, service, patience)
    assert (density.p_wait, density.mean_queue) == (near(expected[0]), near(expected[1]))


def test_patience_of_years_takes_no_more_steps_than_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    death = ErlangA._death

    def counted(desk: ErlangA, k: int) -> float:
        nonlocal steps
        steps += 1
        return death(desk, k)

    monkeypatch.setattr(ErlangA, "_death", counted)
    assert agents_for(1200, 50, 0.8, 20, patience=1e9) > 59_000
    assert steps == 0


def test_impossible_wishes_are_refused() -> None:
    with pytest.raises(ValueError, match="no number of agents"):
        agents_for(1, 1, 1.0, 1)
    with pytest.raises(ValueError, match="not a mean"):
        ErlangA(1, 1, 1, math.inf)
