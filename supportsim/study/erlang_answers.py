"""The questions of a planner to Erlang B, C and A: agents, sla, asa, occupancy, queued, abandoned, capacity, trunks.

The formulas and their sources are in `study.erlang`.  Without patience everybody waits (C, M/M/n), with a mean
patience who waits may hang up (A, M/M/n+M).  Times in seconds, rates per second, shares as fractions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from supportsim.study.erlang import MOST_AGENTS, ErlangA, ErlangC, TooManyAgents, agents_for

_CLOSE = 1e-12  # relative: how near the bounds of a search for a rate come
_SLACK = 1e-9  # far above the rounding of a quotient of two numbers


@dataclass(frozen=True)
class Answers:
    """What Erlang says of a desk.  nan where nobody comes; inf where the queue grows for ever.

    sla: answered within the limit / offered; nan without a limit.  asa: mean wait of those answered (C: of all),
    those who did not wait included.  queued: found nobody free / offered.  abandoned / offered.
    """

    agents: int
    load: float
    sla: float
    asa: float
    occupancy: float
    queued: float
    abandoned: float


def desk(agents: int, rate: float, service: float, patience: float | None) -> ErlangC | ErlangA:
    """The formula that is meant: C without patience, A with it."""
    return ErlangC(agents, rate, service) if patience is None else ErlangA(agents, rate, service, patience)


@lru_cache(maxsize=4096)
def answers(agents: int, rate: float, service: float, patience: float | None, within: float | None = None) -> Answers:
    """All there is to say of so many agents."""
    if rate <= 0:
        none = math.nan
        return Answers(agents, 0.0, none, none, 0.0 if agents else none, none, none)
    found = desk(agents, rate, service, patience)
    sla = math.nan if within is None else found.service_level(within)
    return Answers(agents, found.load, sla, found.asa, found.occupancy, found.p_wait, found.p_abandon)


@lru_cache(maxsize=4096)
def needed(
    rate: float, service: float, level: float, within: float, patience: float | None, max_occupancy: float = 1.0
) -> int:
    """The fewest agents that answer the share `level` of all within the limit; see `erlang.agents_for`."""
    return agents_for(rate, service, level, within, patience, max_occupancy) if rate > 0 else 0


def rostered(agents: int, shrinkage: float) -> int:
    """People to roster so that so many are at the desk: agents / (1 - shrinkage), rounded up."""
    return math.ceil(agents / (1 - shrinkage) - _SLACK)


def capacity(
    agents: int, service: float, level: float, within: float, patience: float | None, max_occupancy: float = 1.0
) -> float:
    """The largest rate of calls that `agents` answer at this level: share and occupancy worsen with every call."""

    def carried(rate: float) -> bool:
        found = desk(agents, rate, service, patience)
        return found.service_level(within) >= level and found.occupancy <= max_occupancy

    if not agents:
        return 0.0
    low, high = 0.0, 1 / service
    while carried(high):
        low, high = high, 2 * high
    while high - low > _CLOSE * high:
        middle = (low + high) / 2
        low, high = (middle, high) if carried(middle) else (low, middle)
    return low


def traffic(rate: float, service: float, agents: int | None, patience: float | None) -> float:
    """Lines held on average, if there were any number: calls served, and with `agents` those that wait for one, too.

    rate x service without agents; inf where the queue grows for ever.
    """
    if agents is None:
        return rate * service
    found = desk(agents, rate, service, patience)
    return rate * service * (1 - found.p_abandon) + found.mean_queue


def trunks(load: float, busy: float) -> int:
    """The fewest lines on which at most the share `busy` of calls hears busy (Erlang B), `load` in erlangs.

    B(k) = load B(k-1) / (k + load B(k-1)) falls with every line.  Raises TooManyAgents above MOST_AGENTS.
    """
    blocked, lines = 1.0, 0
    while blocked > busy:
        lines += 1
        if lines > MOST_AGENTS or not load < math.inf:
            raise TooManyAgents(f"more than {MOST_AGENTS} lines")
        blocked = load * blocked / (lines + load * blocked)
    return lines
