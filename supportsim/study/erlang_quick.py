"""The share answered in time by Erlang C and A as sums that end soon: `check` asks for it in every interval.

With x = lambda / theta, s = n mu / theta and y = exp(-theta t), the integral of the density of the offered wait (see
`study.erlang`) from t on is its height there times S(x y) / theta, S(z) = 1/s + z/(s(s+1)) + z^2/(s(s+1)(s+2)) ...,
which has positive terms only.  `study.erlang` integrates the same; the tests compare both.
"""

from __future__ import annotations

import math

from supportsim.study.erlang import MOST_AGENTS, ErlangA, TooManyAgents, p_blocked

_LAST = 1e-17  # of a sum: a term that changes nothing


def answered(agents: int, rate: float, service: float, within: float, patience: float | None) -> float:
    """The share of all that `agents` (1 or more) answer within `within`; Erlang C without `patience`."""
    load = rate * service
    before = p_blocked(agents - 1, load)
    if patience is None:
        if agents <= load:
            return 0.0
        blocked = load * before / (agents + load * before)
        waits = agents * blocked / (agents - load * (1 - blocked))
        return 1 - waits * math.exp(-(agents - load) * within / service)
    through, left = agents / service, math.exp(-within / patience)
    x, s = rate * patience, through * patience
    height = math.exp(min(700.0, x * (1 - left) - through * within))
    whole = patience * _series(x, s)
    early = whole - height * patience * _series(x * left, s)
    found = (1 + before * (height - 1 + through * early)) / (1 + rate * before * whole)
    # an overload beyond all numbers: rare, and no matter how long it takes
    return found if 0 <= found <= 1 + 1e-9 else ErlangA(agents, rate, service, patience).service_level(within)


def _series(z: float, s: float) -> float:
    term = total = 1 / s
    k = 0
    while term > _LAST * total:
        k += 1
        term *= z / (s + k)
        total += term
    return total


def agents_for(rate: float, service: float, level: float, within: float, patience: float | None) -> int:
    """As `study.erlang.agents_for`, for a `level` above 0 and below 1.  Raises TooManyAgents above MOST_AGENTS."""
    load = rate * service
    if not load:
        return 0
    least = min(load if patience is None else level * load, MOST_AGENTS + 1.0)
    short = max(0, int(least) - 1)  # one fewer, so that no rounding of a share matters
    plenty, step = short + 1, 1
    while plenty <= MOST_AGENTS and answered(plenty, rate, service, within, patience) < level:
        short, plenty, step = plenty, plenty + step, 2 * step
    plenty = min(plenty, MOST_AGENTS + 1)
    while plenty - short > 1:
        middle = (short + plenty) // 2
        enough = answered(middle, rate, service, within, patience) >= level
        short, plenty = (short, middle) if enough else (middle, plenty)
    if plenty > MOST_AGENTS:
        raise TooManyAgents(f"more than {MOST_AGENTS} agents")
    return plenty
