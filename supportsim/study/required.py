"""How many agents Erlang C and A ask for, for all intervals of a table at once.

The formulas are those of `study.erlang`, which answers one question at a time; a table of four weeks asks
twenty thousand.  Rates are per second, times in seconds; all arrays float64 of one shape.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.study.erlang import MOST_AGENTS

Floats = NDArray[np.float64]

_DEPTH = 40.0  # exp(-40): how far below its peak a density is followed
_PANELS = 48
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_PIECE = 2_000


def agents(rate: Floats, service: Floats, level: float, within: float, patience: float = math.inf) -> Floats:
    """The smallest number of agents that answers the share `level` of all within `within`.

    Erlang C where nobody leaves (`patience` inf), else Erlang A.  0 where nothing comes; NaN where no number
    is enough (level 1 or more) or more than MOST_AGENTS would be needed.
    """
    pieces = range(0, len(rate), _PIECE)  # so that any table fits into memory
    found = [_agents(rate[i : i + _PIECE], service[i : i + _PIECE], level, within, patience) for i in pieces]
    return np.concatenate([np.zeros(0), *found])


def _agents(rate: Floats, service: Floats, level: float, within: float, patience: float) -> Floats:
    found = np.where(rate * service > 0, np.nan, 0.0)
    if level <= 0:
        return np.zeros_like(found)
    if level >= 1:
        return found
    busy = np.flatnonzero(np.isnan(found))
    desk = _Desk(rate[busy], service[busy], level, within, patience)
    # fewer agents than level x load cannot serve that share; Erlang C needs more than the load
    short = np.floor(desk.load * (level if math.isfinite(patience) else 1.0))
    plenty, step = short + 1, np.ones_like(short)
    while (lacking := ~desk.enough(plenty) & (plenty <= MOST_AGENTS)).any():
        short, step = np.where(lacking, plenty, short), 2 * step
        plenty = np.where(lacking, plenty + step, plenty)
    while (between := plenty - short > 1).any():
        middle = np.where(between, np.floor((short + plenty) / 2), plenty)
        reached = desk.enough(middle)
        short, plenty = np.where(reached, short, middle), np.where(reached, middle, plenty)
    found[busy] = np.where(plenty <= MOST_AGENTS, plenty, np.nan)  # what one interval lacks is not another's
    return found


class _Desk(NamedTuple):
    """What the intervals ask of a desk."""

    rate: Floats
    service: Floats
    level: float
    within: float
    patience: float

    @property
    def load(self) -> Floats:
        return self.rate * self.service

    def enough(self, n: Floats) -> NDArray[np.bool_]:
        """Whether n agents (1 or more; per interval) reach the level."""
        if math.isfinite(self.patience):
            level = _level_a(n, self.rate, self.service, _blocked(n - 1, self.load), self.within, self.patience)
            return np.asarray(level >= self.level)
        spare, blocked = n - self.load, _blocked(n, self.load)
        with np.errstate(divide="ignore", invalid="ignore"):
            p_wait = n * blocked / (n - self.load * (1 - blocked))
        late = p_wait * np.exp(-np.maximum(spare, 0.0) * self.within / self.service)
        return np.asarray((spare > 0) & (1 - late >= self.level))


def _blocked(n: Floats, load: Floats) -> Floats:
    """Erlang B = Poisson probability of n / Poisson probability of n or less."""
    from scipy.special import gammaincc, gammaln

    with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 where n is far below the load, and never enough
        return np.asarray(np.exp(n * np.log(load) - load - gammaln(n + 1)) / gammaincc(n + 1, load))


def _level_a(n: Floats, rate: Floats, service: Floats, before: Floats, within: float, patience: float) -> Floats:
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
