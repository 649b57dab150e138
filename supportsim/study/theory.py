"""What queueing theory says a desk does: the yardstick of `supportsim verify`, and no part of the simulation.

Nothing here reads a scenario or a journal: every function takes plain numbers, and any unit of time will do
as long as rates and means share it.  Sources: Erlang 1917 (loss and delay formulas); Palm 1957 (patience);
Cobham 1954 (priorities); Pollaczek 1930 and Khinchine 1932 (one agent, any work); Erlang 1909 (constant
work); Eick, Massey & Whitt 1993 (endless agents, changing rate); Kolmogorov's equations for all the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.optimize import brentq
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve
from scipy.special import gammainc

Floats = NDArray[np.float64]
Rate = Callable[[float], float]
S = TypeVar("S", bound=Hashable)

#: States whose weight is below this share of the likeliest one are left out of an endless chain.
NEGLIGIBLE = 1e-17


# ---- Markov chains --------------------------------------------------------------------------------------


def birth_death(births: Floats, deaths: Floats) -> Floats:
    """Stationary law of a birth-death chain; births[k] leads from k to k + 1, deaths[k] back from k + 1."""
    logs = np.concatenate(([0.0], np.cumsum(np.log(births) - np.log(deaths))))
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def stationary(start: S, moves: Callable[[S], Iterable[tuple[S, float]]]) -> dict[S, float]:
    """Stationary law of a finite chain, found by following `moves` (state -> (next, rate)) from `start`.

    The balance equations are solved as they stand, with the weight of `start` set to 1 and its own equation
    left out.
    """
    index = {start: 0}
    states = [start]
    rows, columns, rates = [], [], []
    for state in states:  # grows while it is read
        for target, rate in moves(state):
            if target not in index:
                index[target] = len(states)
                states.append(target)
            rows += [index[target], index[state]]
            columns += [index[state], index[state]]
            rates += [rate, -rate]
    balance = csc_matrix((rates, (rows, columns)), shape=(len(states), len(states)))
    weights = np.concatenate(([1.0], spsolve(balance[1:, 1:], -balance[1:, [0]].toarray().ravel())))
    shares = weights / weights.sum()
    return dict(zip(states, shares.tolist(), strict=True))


def expected(law: dict[S, float], value: Callable[[S], float]) -> float:
    """Mean of `value` under a stationary law."""
    return math.fsum(share * value(state) for state, share in law.items())


# ---- one queue, exponential everything: M/M/n, /K, +M ----------------------------------------------------


@dataclass(frozen=True)
class Waits:
    """What becomes of a customer by the state k (customers present) he finds; arrays over k.

    `chance` that it ends so, and the first two moments of his wait on the event that it does.
    """

    chance: Floats
    first: Floats
    second: Floats


@dataclass(frozen=True)
class Desk:
    """`agents` who each need `service` on average, `arrivals` per unit, first come first served.

    `patience` is the mean of an exponential (infinite: nobody leaves); `room` places to wait (None: no
    limit).  States are the numbers of customers present, 0 .. `top`.
    """

    arrivals: float
    service: float
    agents: int
    patience: float = math.inf
    room: int | None = None

    @property
    def load(self) -> float:
        """Work offered, in agents kept busy (Erlang)."""
        return self.arrivals * self.service

    @property
    def stable(self) -> bool:
        return self.load < self.agents or math.isfinite(self.patience) or self.room is not None

    @cached_property
    def top(self) -> int:
        if self.room is not None:
            return self.agents + self.room
        if not self.stable:
            raise ValueError(f"load {self.load:g} on {self.agents} agents without patience never settles")
        k, weight, likeliest = 0, 1.0, 1.0
        while weight > NEGLIGIBLE * likeliest or k <= self.agents:
            k += 1
            weight *= self.arrivals / self.leaving_rate(k)
            likeliest = max(likeliest, weight)
        return k

    def leaving_rate(self, present: int) -> float:
        return min(present, self.agents) / self.service + max(present - self.agents, 0) / self.patience

    @cached_property
    def states(self) -> Floats:
        return np.arange(self.top + 1, dtype=np.float64)

    @cached_property
    def waiting(self) -> Floats:
        return np.asarray(np.maximum(self.states - self.agents, 0.0))

    @cached_property
    def busy(self) -> Floats:
        return np.asarray(np.minimum(self.states, self.agents))

    @cached_property
    def leaving(self) -> Floats:
        return np.asarray(self.busy / self.service + self.waiting / self.patience)

    @cached_property
    def law(self) -> Floats:
        return birth_death(np.full(self.top, self.arrivals), self.leaving[1:])

    @cached_property
    def accepted(self) -> Floats:
        """1 for a state in which a newcomer may stay, 0 where he is blocked."""
        return np.asarray(self.states < self.top if self.room is not None else self.states >= 0, dtype=float)

    @cached_property
    def served(self) -> Waits:
        return self._waits(leaves=False)

    @cached_property
    def left(self) -> Waits:
        return self._waits(leaves=True)

    def _waits(self, leaves: bool) -> Waits:
        """Steps down the queue: with j ahead of him waiting, all that can end this step has rate `total`.

        It is the next step down with probability (total - 1/patience) / total, his own leaving otherwise, and
        its length is exponential whichever it is.  `leaves` follows the leaving, else the service.
        """
        own = 1 / self.patience if leaves else 0.0
        chance, first, second = (np.zeros(self.top + 1) for _ in range(3))
        ends_served = 0.0 if leaves else 1.0
        chance[: self.agents] = ends_served
        before = (ends_served, 0.0, 0.0)
        for k in range(self.agents, self.top + 1):
            total = self.agents / self.service + (k - self.agents + 1) / self.patience
            down, out = 1 - 1 / (self.patience * total), own / total
            p, m1, m2 = before
            before = (
                out + down * p,
                out / total + down * (m1 + p / total),
                2 * out / total**2 + down * (m2 + 2 * m1 / total + 2 * p / total**2),
            )
            chance[k], first[k], second[k] = before
        keep = self.accepted
        return Waits(chance * keep, first * keep, second * keep)

    def served_within(self, limit: float) -> Floats:
        """Chance, by the state he finds, that he is served after waiting no longer than `limit`."""
        return self._ends_within(limit, leaves=False)

    def left_within(self, limit: float) -> Floats:
        """Chance, by the state he finds, that he waits and leaves within `limit`."""
        return self._ends_within(limit, leaves=True)

    def _ends_within(self, limit: float, leaves: bool) -> Floats:
        if math.isinf(self.patience):  # service ends only: as many of them as stand before him, Erlang's law
            steps = np.maximum(self.waiting + 1, 1)
            ended = gammainc(steps, self.agents * limit / self.service)
            served = np.where(self.states < self.agents, 1.0, ended)
            return np.asarray((0.0 if leaves else served) * self.accepted)
        places = self.top + 1 - self.agents  # with 0, 1, .. ahead of him in the queue
        chain = np.zeros((places + 1, places + 1))  # the last column is the end looked for
        for j in range(places):
            down = self.agents / self.service + j / self.patience
            chain[j, j] = -down - 1 / self.patience
            chain[j, j - 1 if j else places] += down if j or not leaves else 0.0
            chain[j, places] += 1 / self.patience if leaves else 0.0
        ends = np.concatenate((np.full(self.agents, 0.0 if leaves else 1.0), expm(chain * limit)[:-1, -1]))
        return np.asarray(ends * self.accepted)

    # figures of the steady state: what an arrival finds is what there is (Poisson arrivals see time averages)

    def mean(self, by_state: Floats) -> float:
        return float(self.law @ by_state)

    @property
    def occupancy(self) -> float:
        return self.mean(self.busy) / self.agents

    @property
    def p_blocked(self) -> float:
        return self.mean(1 - self.accepted)

    @property
    def p_wait(self) -> float:
        """All agents are busy."""
        return self.mean(np.asarray(self.states >= self.agents, dtype=float))

    @property
    def p_abandon(self) -> float:
        return self.mean(self.left.chance)

    @property
    def mean_queue(self) -> float:
        return self.mean(self.waiting)

    @property
    def var_queue(self) -> float:
        return self.mean(self.waiting**2) - self.mean_queue**2

    @property
    def mean_wait(self) -> float:
        """Of all who were not blocked, however it ended."""
        return self.mean(self.served.first + self.left.first) / (1 - self.p_blocked)

    def wait_given(self, ended: Waits) -> tuple[float, float]:
        """Mean and variance of the wait of those whose wait ended so."""
        mean = self.mean(ended.first) / self.mean(ended.chance)
        return mean, self.mean(ended.second) / self.mean(ended.chance) - mean**2

    def p_served_within(self, limit: float) -> float:
        """Share of all arrivals."""
        return self.mean(self.served_within(limit))

    def p_left_within(self, limit: float) -> float:
        return self.mean(self.left_within(limit))

    def wait_quantile(self, share: float) -> float:
        """The wait that `share` of all arrivals do not exceed (nobody leaves, nobody is blocked)."""
        if share <= 1 - self.p_wait:
            return 0.0
        settled = self.agents / self.service - self.arrivals
        return float(brentq(lambda t: self.p_served_within(t) - share, 0, 60 / settled, xtol=1e-13))

    @property
    def mean_offered_wait(self) -> float:
        """What one who never leaves would wait."""
        steps = self.agents / self.service + self.waiting / self.patience
        needed = np.where(self.states >= self.agents, 1 / steps, 0.0)
        return self.mean(np.asarray(np.cumsum(needed)))


@dataclass(frozen=True)
class Day:
    """A day of a desk from empty.  By state: `seen` by arrivals (expected number), time `spent`."""

    seen: Floats
    spent: Floats
    at: dict[float, Floats]


def day(desk: Desk, length: float, rate: Rate | None = None, at: Sequence[float] = ()) -> Day:
    """Kolmogorov's equations of `desk` over [0, length] from empty; `rate` replaces its constant arrivals.

    The desk's own `arrivals` then only sets how many states are kept and must not be below the highest rate
    that lasts.  Relative error about 1e-10.
    """
    size = desk.top + 1
    births = np.append(np.ones(size - 1), 0.0)

    def change(t: float, y: Floats) -> Floats:
        p = y[:size]
        coming = rate(t) if rate else desk.arrivals
        up, down = coming * births * p, desk.leaving * p
        flow = -up - down
        flow[1:] += up[:-1]
        flow[:-1] += down[1:]
        return np.concatenate((flow, coming * p, p))

    begin = np.zeros(3 * size)
    begin[0] = 1.0
    times = sorted({*at, length})
    solved = solve_ivp(change, (0, length), begin, method="DOP853", t_eval=times, rtol=1e-11, atol=1e-14)
    last = solved.y[:, -1]
    states = {t: solved.y[:size, i] for i, t in enumerate(times)}
    return Day(seen=last[size : 2 * size], spent=last[2 * size :], at=states)


def endless_agents(service: float, level: float, swing: float, period: float, t: float) -> float:
    """Mean number in service at t from empty; arrivals at `level` + `swing` sin(2 pi t / period), M(t)/M/inf.

    Solution of m' = rate(t) - m / service (Eick, Massey & Whitt 1993, theorem 1 from empty).
    """
    w, mu = 2 * math.pi / period, 1 / service
    settled = level / mu + swing * (mu * math.sin(w * t) - w * math.cos(w * t)) / (mu * mu + w * w)
    at_start = level / mu - swing * w / (mu * mu + w * w)
    return settled - at_start * math.exp(-mu * t)


# ---- one agent, any work ---------------------------------------------------------------------------------


def pollaczek(arrivals: float, moments: tuple[float, float, float]) -> tuple[float, float]:
    """Mean and variance of the wait with one agent; `moments` of the work: E[S], E[S^2], E[S^3]."""
    first, second, third = moments
    idle = 1 - arrivals * first
    mean = arrivals * second / (2 * idle)
    return mean, mean**2 + arrivals * third / (3 * idle)


def constant_work_within(arrivals: float, work: float, limit: float) -> float:
    """P(wait <= limit) of M/D/1: Erlang 1909's alternating sum (exact for limits up to a few dozen works)."""
    total = 0.0
    for j in range(math.floor(limit / work) + 1):
        x = arrivals * (j * work - limit)
        total += math.exp(-x) * x**j / math.factorial(j)
    return (1 - arrivals * work) * total


# ---- priorities ------------------------------------------------------------------------------------------


def cobham(arrivals: Sequence[float], service: float, agents: int) -> list[float]:
    """Mean waits of classes served in this order, not interrupted, equal exponential work (Cobham 1954)."""
    everybody = Desk(sum(arrivals), service, agents)
    step = everybody.p_wait * service / agents
    waits, above = [], 0.0
    for rate in arrivals:
        upto = above + rate * service / agents
        waits.append(step / ((1 - above) * (1 - upto)))
        above = upto
    return waits


def first_class_within(first: float, others: float, service: float, agents: int, limit: float) -> float:
    """P(wait <= limit) of the class served first: a wait is exponential of rate agents/service - `first`."""
    p_wait = Desk(first + others, service, agents).p_wait
    return 1 - p_wait * math.exp(-(agents / service - first) * limit)


@dataclass(frozen=True)
class TwoClasses:
    """Class 1 goes first, work is not interrupted; the two need different times.  Pairs: class 1, class 2."""

    arrivals: tuple[float, float]
    service: tuple[float, float]
    agents: int
    most_waiting: tuple[int, int]  # states kept; beyond them nobody arrives

    @cached_property
    def law(self) -> dict[tuple[int, int, int, int], float]:
        """States: in service of class 1 and 2, waiting of class 1 and 2."""
        return stationary((0, 0, 0, 0), self._moves)

    def _moves(self, state: tuple[int, int, int, int]) -> Iterable[tuple[tuple[int, int, int, int], float]]:
        in1, in2, wait1, wait2 = state
        (rate1, rate2), (mean1, mean2) = self.arrivals, self.service
        if in1 + in2 < self.agents:
            yield (in1 + 1, in2, 0, 0), rate1
            yield (in1, in2 + 1, 0, 0), rate2
        else:
            if wait1 < self.most_waiting[0]:
                yield (in1, in2, wait1 + 1, wait2), rate1
            if wait2 < self.most_waiting[1]:
                yield (in1, in2, wait1, wait2 + 1), rate2
        if in1:
            yield self._next(in1 - 1, in2, wait1, wait2), in1 / mean1
        if in2:
            yield self._next(in1, in2 - 1, wait1, wait2), in2 / mean2

    @staticmethod
    def _next(in1: int, in2: int, wait1: int, wait2: int) -> tuple[int, int, int, int]:
        if wait1:
            return in1 + 1, in2, wait1 - 1, wait2
        return (in1, in2 + 1, 0, wait2 - 1) if wait2 else (in1, in2, 0, 0)


# ---- wrap-up, redials ------------------------------------------------------------------------------------


def wrap_up_law(
    arrivals: float, talk: float, wrap_up: float, agents: int, most_waiting: int = 300
) -> dict[tuple[int, int, int], float]:
    """Agents talking, agents wrapping up, customers waiting: both hold the agent, talk alone the customer."""

    def moves(state: tuple[int, int, int]) -> Iterable[tuple[tuple[int, int, int], float]]:
        talking, wrapping, waiting = state
        if talking + wrapping < agents:
            yield (talking + 1, wrapping, 0), arrivals
        elif waiting < most_waiting:
            yield (talking, wrapping, waiting + 1), arrivals
        if talking:
            yield (talking - 1, wrapping + 1, waiting), talking / talk
        if wrapping:
            free = (talking + 1, wrapping - 1, waiting - 1) if waiting else (talking, wrapping - 1, 0)
            yield free, wrapping / wrap_up

    return stationary((0, 0, 0), moves)


def redial_law(
    desk: Desk, again: float, delay: float, most_present: int, most_away: int
) -> dict[tuple[int, int], float]:
    """Customers present, customers who left the line and will redial (share `again`, after mean `delay`)."""

    def moves(state: tuple[int, int]) -> Iterable[tuple[tuple[int, int], float]]:
        present, away = state
        waiting = max(present - desk.agents, 0)
        if present < most_present:
            yield (present + 1, away), desk.arrivals
            if away:
                yield (present + 1, away - 1), away / delay
        if present:
            yield (present - 1, away), min(present, desk.agents) / desk.service
        if waiting:
            leaving = waiting / desk.patience
            back = again if away < most_away else 0.0
            yield (present - 1, away), leaving * (1 - back)
            if back:
                yield (present - 1, away + 1), leaving * back

    return stationary((0, 0), moves)


# ---- blending --------------------------------------------------------------------------------------------


def blending_law(
    calls: float, talk: float, mail: float, agents: int, reserve: int, most_waiting: int = 400
) -> dict[tuple[int, int, int], float]:
    """Agents on calls, agents on mail, calls waiting.  Mail never runs out; its work is not interrupted.

    A free agent takes a waiting call, else begins a mail if afterwards at least `reserve` agents are idle.
    """

    def free(on_calls: int, on_mail: int) -> tuple[int, int, int]:
        """Nobody waits: whoever may begins a mail."""
        return on_calls, max(on_mail, agents - reserve - on_calls), 0

    def moves(state: tuple[int, int, int]) -> Iterable[tuple[tuple[int, int, int], float]]:
        on_calls, on_mail, waiting = state
        if on_calls + on_mail < agents:
            yield (on_calls + 1, on_mail, 0), calls
        elif waiting < most_waiting:
            yield (on_calls, on_mail, waiting + 1), calls
        if on_calls:
            after = (on_calls, on_mail, waiting - 1) if waiting else free(on_calls - 1, on_mail)
            yield after, on_calls / talk
        if on_mail:
            after = (on_calls + 1, on_mail - 1, waiting - 1) if waiting else free(on_calls, on_mail - 1)
            yield after, on_mail / mail

    return stationary((0, agents - reserve, 0), moves)
