"""How many agents Erlang C and A ask for, for all intervals of a table at once.

The formulas are those of `study.erlang`, which answers one question at a time; a table of four weeks asks
twenty thousand.  Rates are per second, times in seconds; all arrays float64 of one shape.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_DEPTH = 40.0  # exp(-40): how far below its peak a density is followed
_PANELS = 48
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_MOST = 100_000


def agents(rate: Floats, service: Floats, level: float, within: float, patience: float = math.inf) -> Floats:
    """The smallest number of agents that answers the share `level` of all within `within`.

    Erlang C where nobody leaves (`patience` inf), else Erlang A.  0 where nothing comes; NaN where no number
    is enough (level 1 or more) or more than 100,000 would be needed.
    """
    found = np.where(rate * service > 0, np.nan, 0.0)
    if not 0 <= level < 1:
        return found
    load = rate * service
    n = 0
    blocked = np.ones_like(load)  # Erlang B with n agents
    while np.isnan(found).any() and n < _MOST:
        n += 1
        before, blocked = blocked, load * blocked / (n + load * blocked)
        # fewer agents than level x load cannot serve that share; Erlang C needs more than the load
        least = level * load if math.isfinite(patience) else load
        open_ = np.flatnonzero(np.isnan(found) & (n >= least))
        if len(open_):
            parts = (rate[open_], service[open_], before[open_], blocked[open_])
            found[open_[_reached(n, *parts, level, within, patience)]] = n
    return found


def _reached(
    n: int, rate: Floats, service: Floats, before: Floats, blocked: Floats, level: float, within: float,
    patience: float,
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether n agents reach the level; `before`, `blocked`: Erlang B with n - 1 and n agents."""
    if math.isfinite(patience):
        return _level_a(n, rate, service, before, within, patience) >= level
    load = rate * service
    spare = n - load
    with np.errstate(divide="ignore", invalid="ignore"):
        p_wait = np.where(spare > 0, n * blocked / (n - load * (1 - blocked)), 1.0)
    answered: Floats = 1 - p_wait * np.exp(-np.maximum(spare, 0.0) * within / service)
    return np.asarray((spare > 0) & (answered >= level))


def _level_a(n: int, rate: Floats, service: Floats, before: Floats, within: float, patience: float) -> Floats:
    """Erlang A: the share of all answered within `within`.

    With p(n - 1) = 1 the states with an agent free weigh 1 / B(n - 1), and the wait offered to the others has
    density  rate exp(g(w)),  g(w) = rate patience (1 - exp(-w / patience)) - n w / service;  who is offered w
    is still there with probability exp(-w / patience).  All scaled by exp(-peak of g).
    """
    through = n / service
    if patience <= 0:
        free = 1 / before
        return np.asarray(free / (free + rate / through))
    top_at = np.maximum(0.0, patience * np.log(rate / through))
    top = _height(top_at, rate, through, patience)
    end = _end(top_at, top, rate, through, patience)
    free = np.exp(-top) / before
    whole = rate * _integral(np.zeros_like(end), end, rate, through, patience, top, 0.0)
    early = rate * _integral(np.zeros_like(end), np.minimum(end, within), rate, through, patience, top, 1 / patience)
    return np.asarray((free + early) / (free + whole))


def _height(w: Floats, rate: Floats, through: Floats, patience: float) -> Floats:
    return np.asarray(-rate * patience * np.expm1(-w / patience) - through * w)


def _end(top_at: Floats, top: Floats, rate: Floats, through: Floats, patience: float) -> Floats:
    """Where the density has fallen by exp(-_DEPTH) from its peak: doubling, then halving."""
    low, high = top_at.copy(), top_at + 1 / through
    for _ in range(200):
        above = top - _height(high, rate, through, patience) < _DEPTH
        if not above.any():
            break
        high = np.where(above, top_at + 2 * (high - top_at), high)
    for _ in range(30):
        middle = (low + high) / 2
        above = top - _height(middle, rate, through, patience) < _DEPTH
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return high


def _integral(
    low: Floats, high: Floats, rate: Floats, through: Floats, patience: float, top: Floats, leaving: float
) -> Floats:
    """Integral of exp(g(w) - top - leaving w) over [low, high], Gauss-Legendre on equal panels."""
    half = (high - low) / (2 * _PANELS)
    middles = low[:, None] + half[:, None] * (2 * np.arange(_PANELS) + 1)
    w = middles[:, :, None] + half[:, None, None] * _NODES
    shape = (-1, 1, 1)
    g = _height(w, rate.reshape(shape), through.reshape(shape), patience) - top.reshape(shape) - leaving * w
    return np.asarray((np.exp(g) * _WEIGHTS).sum(axis=(1, 2)) * half)
