"""Erlang B, C and A in plain Python: what a desk of one kind of work is like if nothing else happens.

Poisson arrivals at `rate`, exponential work of mean `service`, first in first out.  Times are in any one
unit; `rate` is per that unit; results that are times are in it.  B (M/M/n/n): nobody waits, the blocked are
lost.  C (M/M/n): everybody waits.  A (M/M/n+M): customers leave after an exponential patience.

Sources: Erlang (1917) for B and C; Palm (1957) for A; waits under patience as in Baccelli and Hebuterne
(1981): the wait offered to a customer who finds all busy has a density proportional to
exp(lambda (1 - exp(-theta w)) / theta - n mu w), theta = 1 / patience, mu = 1 / service.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property

from supportsim.scenario.frozen import frozen

_SLACK = 1e-9  # far above the rounding of a share
_NEGLIGIBLE = 1e-20  # of the largest state probability
_DEPTH = 46.0  # exp(-46) = 1e-20: how far below its peak a density is followed
_PANELS = 64
_WIDE = 1e6  # calls within the mean patience, from which on the chain has too many states to follow
#: More agents than this are not looked for: the recursion of Erlang B takes one step for each.
MOST_AGENTS = 100_000

# Gauss-Legendre rule of 8 points on [-1, 1] (Abramowitz and Stegun, table 25.4): exact to degree 15.
_NODES = (0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363)
_WEIGHTS = (0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763)


class TooManyAgents(ValueError):  # noqa: N818 - reads as what is wrong
    """More than MOST_AGENTS would be needed."""


def p_blocked(agents: int, load: float) -> float:
    """Erlang B: the share of customers who find all `agents` busy, `load` = rate x service in erlangs.

    B(0) = 1, B(k) = load B(k-1) / (k + load B(k-1)): only positive terms, stable for any number of agents.
    """
    blocked = 1.0
    for k in range(1, agents + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


@frozen
class ErlangB:
    """M/M/n/n (any law of work): customers who find nobody free are lost."""

    agents: int
    rate: float
    service: float

    def __post_init__(self) -> None:
        _check(self.agents, self.rate, self.service)

    @property
    def load(self) -> float:
        """Erlangs offered."""
        return self.rate * self.service

    @cached_property
    def p_blocked(self) -> float:
        return p_blocked(self.agents, self.load)

    @property
    def mean_busy(self) -> float:
        return self.load * (1 - self.p_blocked)

    @property
    def occupancy(self) -> float:
        """Share of the agents' time at work; nan without agents."""
        return self.mean_busy / self.agents if self.agents else math.nan


@frozen
class ErlangC:
    """M/M/n: everybody waits.  With load >= agents the queue grows for ever: waits are inf, level 0."""

    agents: int
    rate: float
    service: float

    def __post_init__(self) -> None:
        _check(self.agents, self.rate, self.service)

    @property
    def load(self) -> float:
        """Erlangs offered."""
        return self.rate * self.service

    @property
    def stable(self) -> bool:
        return self.load < self.agents or self.rate == 0

    @cached_property
    def p_wait(self) -> float:
        """Share of customers who find all agents busy."""
        if self.rate == 0 or not self.stable:
            return 0.0 if self.rate == 0 else 1.0
        blocked = p_blocked(self.agents, self.load)
        return self.agents * blocked / (self.agents - self.load * (1 - blocked))

    @property
    def asa(self) -> float:
        """Average speed of answer: mean wait of all, those who do not wait included."""
        if self.rate == 0 or not self.stable:
            return 0.0 if self.rate == 0 else math.inf
        return self.p_wait * self.service / (self.agents - self.load)

    @property
    def mean_wait(self) -> float:
        return self.asa

    @property
    def mean_queue(self) -> float:
        return self.rate * self.asa if self.rate else 0.0

    @property
    def occupancy(self) -> float:
        """Share of the agents' time at work, at most 1; nan without agents."""
        return min(1.0, self.load / self.agents) if self.agents else math.nan

    @property
    def p_abandon(self) -> float:
        return 0.0

    def p_wait_longer(self, time: float) -> float:
        """Share of all who wait longer than `time`."""
        if not self.stable:
            return 1.0
        return self.p_wait * math.exp(-(self.agents - self.load) * time / self.service)

    def service_level(self, within: float) -> float:
        """Share of all answered within `within`, inclusive."""
        return 1 - self.p_wait_longer(within)

    def wait_quantile(self, q: float) -> float:
        """The wait that a share `q` (0 <= q < 1) of all do not exceed."""
        if not self.stable:
            return math.inf
        if 1 - q >= self.p_wait:
            return 0.0
        return math.log(self.p_wait / (1 - q)) * self.service / (self.agents - self.load)


@frozen
class ErlangA:
    """M/M/n+M: who waits leaves after an exponential patience of mean `patience` (0: at once)."""

    agents: int
    rate: float
    service: float
    patience: float

    def __post_init__(self) -> None:
        _check(self.agents, self.rate, self.service)
        if not 0 <= self.patience < math.inf:
            raise ValueError(f"patience {self.patience} is not a mean; for customers who never leave use C")

    @property
    def load(self) -> float:
        """Erlangs offered."""
        return self.rate * self.service

    @cached_property
    def _chain(self) -> tuple[float, float]:
        """(share of customers who find all busy, mean number waiting), from the birth-death chain.

        The weights of the states are followed both ways from the likeliest one, where they are 1, until
        they are negligible: positive terms only, nothing overflows, time grows with the spread alone.
        """
        if self.rate == 0:
            return 0.0, 0.0
        if not self.agents:
            return 1.0, self.rate * self.patience  # all leave, each after a patience of his own
        if self.rate * self.patience > _WIDE:
            return self._from_density()
        n, top = self.agents, self._likeliest()
        total, waiting, queue = 0.0, 0.0, 0.0
        for step in (1, -1):
            k, weight = top, 1.0
            while weight > _NEGLIGIBLE and k >= 0:
                if step > 0 or k != top:
                    total += weight
                    waiting += weight if k >= n else 0.0
                    queue += weight * max(0, k - n)
                weight *= self.rate / self._death(k + 1) if step > 0 else self._death(k) / self.rate
                k += step
        return waiting / total, queue / total

    def _from_density(self) -> tuple[float, float]:
        """The same from the density of the offered wait, for patience so long that the chain would take minutes.

        With p(n - 1) = 1 the states with an agent free weigh 1 / B(n - 1); all is scaled by the peak of the density.
        """
        before = p_blocked(self.agents - 1, self.load)
        if before == 0:
            return 0.0, 0.0
        busy = self.rate * self._offered_range[2]
        p_wait = busy / (busy + math.exp(self._height(0.0)) / before)
        leaving = self._offered(0.0, math.inf, lambda w: -math.expm1(-w / self.patience))
        return p_wait, p_wait * leaving * self.rate * self.patience

    def _likeliest(self) -> int:
        if self.load <= self.agents:
            return int(self.load)
        return self.agents + int((self.rate - self.agents / self.service) * self.patience)

    def _death(self, k: int) -> float:
        """Rate at which k customers become k - 1."""
        if k <= self.agents:
            return k / self.service
        leaving = (k - self.agents) / self.patience if self.patience else math.inf
        return self.agents / self.service + leaving

    @property
    def p_wait(self) -> float:
        """Share of customers who find all agents busy."""
        return self._chain[0]

    @property
    def mean_queue(self) -> float:
        return self._chain[1]

    @property
    def mean_wait(self) -> float:
        """Mean wait of all, served or not, those who do not wait included."""
        return self.mean_queue / self.rate if self.rate else 0.0

    @property
    def p_abandon(self) -> float:
        if not self.patience:
            return self.p_wait
        return min(1.0, self.mean_wait / self.patience)  # of the rarest rates not even a digit is exact

    @property
    def occupancy(self) -> float:
        """Share of the agents' time at work; nan without agents."""
        return min(1.0, self.load * (1 - self.p_abandon) / self.agents) if self.agents else math.nan

    @cached_property
    def asa(self) -> float:
        """Average speed of answer: mean wait of those served; nan if nobody is."""
        if self.rate == 0 or not self.patience:
            return 0.0
        if not self.agents:
            return math.nan
        weighted = self._offered(0.0, math.inf, lambda w: w * math.exp(-w / self.patience))
        return self.p_wait * weighted / (1 - self.p_abandon)

    def service_level(self, within: float) -> float:
        """Share of all customers answered within `within`: answered in time / offered."""
        if self.rate == 0:
            return 1.0
        served = self._offered(0.0, within, lambda w: math.exp(-w / self.patience))
        return 1 - self.p_wait + self.p_wait * served

    def p_abandon_within(self, within: float) -> float:
        """Share of all customers who leave, and do so within `within`."""
        if self.rate == 0 or not self.patience:
            return self.p_wait
        early = self._offered(0.0, within, lambda w: -math.expm1(-w / self.patience))
        late = self._offered(within, math.inf, lambda w: 1.0) if self.agents else 1.0
        return self.p_wait * (early - math.expm1(-within / self.patience) * late)

    def p_wait_longer(self, time: float) -> float:
        """Share of all who wait longer than `time`, served afterwards or not."""
        if self.rate == 0 or not self.patience:
            return 0.0
        rest = self._offered(time, math.inf, lambda w: 1.0) if self.agents else 1.0
        return self.p_wait * rest * math.exp(-time / self.patience)

    def _offered(self, low: float, high: float, of: Callable[[float], float]) -> float:
        """Mean of `of(w)` over low <= w < high, w the wait offered to a customer who finds all busy."""
        if not self.agents or not self.patience:
            return 0.0
        begin, end, whole = self._offered_range
        return self._integral(max(low, begin), min(high, end), of) / whole

    @cached_property
    def _offered_range(self) -> tuple[float, float, float]:
        """Where the density of the offered wait is not negligible, and its integral there."""
        peak = self._peak
        begin = 0.0 if self._height(0.0) > -_DEPTH else _crossing(lambda w: -self._height(w), peak, 0.0)
        far = peak + self.service / self.agents
        while self._height(far) > -_DEPTH:
            far = peak + 2 * (far - peak)
        end = _crossing(lambda w: -self._height(w), peak, far)
        return begin, end, self._integral(begin, end, lambda w: 1.0)

    @cached_property
    def _peak(self) -> float:
        """The likeliest offered wait of those who find all busy: 0 unless the desk is overloaded."""
        return self.patience * math.log(self.load / self.agents) if self.load > self.agents else 0.0

    def _height(self, w: float) -> float:
        """Logarithm of the density of the offered wait at `w`, relative to its peak.

        With d = w - peak it is lambda exp(-theta peak) (1 - exp(-theta d)) / theta - n mu d.
        """
        d, through = w - self._peak, self.agents / self.service
        inflow = min(self.rate, through)  # customers still patient at the peak, per unit of time
        return -inflow * self.patience * math.expm1(-d / self.patience) - through * d

    def _integral(self, low: float, high: float, of: Callable[[float], float]) -> float:
        """Integral of `of` times the density over [low, high), each side of the peak by itself."""
        middle = min(max(self._peak, low), high)
        return sum(
            _gauss(lambda w: of(w) * math.exp(self._height(w)), middle, far) * side
            for far, side in ((low, -1), (high, 1))
            if (far - middle) * side > 0
        )


def _gauss(of: Callable[[float], float], near: float, far: float) -> float:
    """Integral from `near` to `far`; panels of s, w = near + (far - near) s^3, are finest at `near`."""
    half, total = 0.5 / _PANELS, 0.0
    for panel in range(_PANELS):
        middle = (2 * panel + 1) * half
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            for s in (middle - node * half, middle + node * half):
                total += weight * 3 * s * s * of(near + (far - near) * s**3)
    return total * half * (far - near)


def _crossing(depth: Callable[[float], float], shallow: float, deep: float) -> float:
    """A point between `shallow` and `deep` at which `depth` has just passed _DEPTH."""
    for _ in range(30):
        middle = (shallow + deep) / 2
        shallow, deep = (middle, deep) if depth(middle) < _DEPTH else (shallow, middle)
    return deep


def agents_for(
    rate: float,
    service: float,
    level: float,
    within: float,
    patience: float | None = None,
    max_occupancy: float = 1.0,
) -> int:
    """The smallest number of agents that answers the share `level` (0 <= level < 1) of all within `within`.

    Erlang C without `patience`, else Erlang A; never busier than `max_occupancy`.  Raises ValueError when no
    number can be enough (level >= 1, or max_occupancy <= 0), TooManyAgents above MOST_AGENTS.
    """
    if not 0 <= level < 1 or max_occupancy <= 0:
        raise ValueError(f"no number of agents gives level {level} at occupancy {max_occupancy}")

    def enough(n: int) -> bool:
        desk = ErlangC(n, rate, service) if patience is None else ErlangA(n, rate, service, patience)
        if (isinstance(desk, ErlangC) and not desk.stable) or desk.p_abandon > 1 - level + _SLACK:
            return False  # without the integrals of Erlang A: who abandons is not answered, at whatever wait
        return desk.service_level(within) >= level and not desk.occupancy > max_occupancy

    if enough(0):
        return 0
    short = min(_too_few(rate * service, level, patience), MOST_AGENTS)
    plenty = short + 1
    while plenty <= MOST_AGENTS and not enough(plenty):
        short, plenty = plenty, 2 * plenty
    plenty = min(plenty, MOST_AGENTS + 1)
    while plenty - short > 1:
        middle = (short + plenty) // 2
        short, plenty = (short, middle) if enough(middle) else (middle, plenty)
    if plenty > MOST_AGENTS:
        raise TooManyAgents(f"more than {MOST_AGENTS} agents")
    return plenty


def _too_few(load: float, level: float, patience: float | None) -> int:
    """Agents that cannot be enough: with patience they answer n / load of all at most, without they need n > load.

    One fewer for those who leave, so that no rounding of a share matters.
    """
    return int(min(load, MOST_AGENTS)) if patience is None else max(0, int(min(level * load, MOST_AGENTS + 1)) - 1)


def _check(agents: int, rate: float, service: float) -> None:
    if agents < 0 or not 0 <= rate < math.inf or not 0 < service < math.inf:
        raise ValueError(f"no such desk: {agents} agents, rate {rate}, mean work {service}")
