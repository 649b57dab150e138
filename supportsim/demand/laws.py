"""Laws: durations drawn from one uniform by inverse cdf, from tables that machine code can read.

`tabulate` turns the laws of a scenario into rows of `LAW` and one array of knots; `draw` and `work` turn a
uniform into whole ticks, `value` into the number before rounding.  No recursion: the parts of a mixture are
rows of their own, one level deep.  Gamma and Erlang are read from tables (`gamma_table`), the rest is exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from supportsim.demand import compiling
from supportsim.demand.compiling import INSIDE, LEAN, PLAIN, loose, whole
from supportsim.demand.gamma_table import FIRST_SCORE, LAST_SCORE, gamma_knots
from supportsim.demand.logarithm import logarithm
from supportsim.demand.mixtures import flatten
from supportsim.demand.normal import normal_score
from supportsim.scenario.model import Law
from supportsim.scenario.ticks import HORIZON_LIMIT, NEVER, WORK_LIMIT

CONSTANT, UNIFORM, TRIANGULAR, EXPONENTIAL, LOGNORMAL = range(5)
WEIBULL, GAMMA, EMPIRICAL, MIXTURE, NEVER_KIND = range(5, 10)

#: One row per law.  a, b, c: parameters of the kind (see `_parameters`); first, count: its knots (GAMMA: log
#: quantiles and slopes alternating; EMPIRICAL: values, then shares) or, of a mixture, its rows; share:
#: cumulated share of a part inside its mixture; bare: 1 if nothing but a factor alters what is drawn, 0 for parts of
#: mixtures.  Durations in ticks.
LAW = np.dtype(
    [
        ("kind", np.int64),
        ("first", np.int64),
        ("count", np.int64),
        ("from_forecast", np.int32),
        ("bare", np.int32),
        ("a", np.float64),
        ("b", np.float64),
        ("c", np.float64),
        ("share", np.float64),
        ("at_zero", np.float64),
        ("factor", np.float64),
        ("at_least", np.float64),
        ("at_most", np.float64),
    ],
    align=True,
)

_FOREMOST = (CONSTANT, EXPONENTIAL, LOGNORMAL)  # always below infinity

Table = npt.NDArray[np.void]
Knots = npt.NDArray[np.float64]

_LOWEST = 2.0**-54  # rescaled uniforms are kept inside [_LOWEST, _HIGHEST]
_HIGHEST = 1.0 - 2.0**-53
_ROUNDER = 2.0**52  # adding it to 0 <= x < 2**52 leaves no bits for a fraction: half to even, in hardware
_FAR = float(HORIZON_LIMIT)

# One body after inlining, and no reference counting of the tables in it: 16 ns a draw instead of 70.
_INLINE: dict[str, Any] = {**INSIDE, **LEAN}

# Places in tables are never below 0: told so, machine code does not ask.
_at: Any = int if PLAIN else np.uint64

# Signatures are stated, so that integer widths of callers cannot multiply the machine code; what Python enters
# (the audit, tests) is compiled when it first does.
_F8: Any = None
_VALUE: Any = None
_FINISH: Any = None
_DRAW: Any = None
_QUANTILE: Any = None
_FOREMOST_OF: Any = None
_EMPIRICAL: Any = None
_GAMMA: Any = None
if not PLAIN:
    _numba: Any = compiling.numba  # type: ignore[attr-defined,unused-ignore]
    _row = _numba.from_dtype(LAW)
    _F8 = _numba.float64
    _args = (_row[::1], _F8[::1], _numba.int64, _F8, _F8)
    _VALUE = _F8(*_args)
    _FINISH = _F8(_row[::1], _numba.int64, _F8, _F8)
    _QUANTILE = _F8(_row[::1], _F8[::1], _numba.int64, _F8)
    _FOREMOST_OF = _F8(_row[::1], _numba.int64, _F8)
    _EMPIRICAL = _F8(_F8[::1], _numba.int64, _numba.int64, _F8, _F8)
    _GAMMA = _F8(_F8[::1], _numba.int64, _numba.int64, _F8)
    _DRAW = _numba.int64(*_args)


def tabulate(laws: Sequence[Law]) -> tuple[Table, Knots]:
    """Table and knots.  Row i is laws[i]; parts of mixtures follow; equal curves and mixtures are shared.

    Raises ValueError for a law that cannot be drawn.
    """
    builder = _Builder(len(laws))
    for place, law in enumerate(laws):
        builder.put(place, law)
    return builder.tables()


def distinct(laws: Sequence[Law]) -> tuple[list[Law], npt.NDArray[np.int64]]:
    """The laws without repetition, in order of first appearance, and for each law its place among them."""
    places: dict[Law, int] = {}
    where = [places.setdefault(law, len(places)) for law in laws]
    return list(places), np.array(where, dtype=np.int64)


class _Builder:
    """Grows the table and the knots; equal laws, equal shapes and equal curves are stored once."""

    def __init__(self, size: int) -> None:
        self.rows: list[dict[str, float]] = [{} for _ in range(size)]
        self.knots: list[npt.NDArray[np.float64]] = []
        self.length = 0
        self.done: dict[Law, int] = {}
        self.stored: dict[object, tuple[int, int]] = {}

    def put(self, place: int, law: Law) -> None:
        if law in self.done:
            self.rows[place] = dict(self.rows[self.done[law]])
            return
        self.done[law] = place
        row = _common(law)
        if law.kind == "mixture":
            row |= self._mixture(law)
        else:
            row |= _parameters(law) | self._knots(law)
            row["bare"] = int(row["kind"] in _FOREMOST and not _is_altered(law))
        self.rows[place] = row

    def _mixture(self, law: Law) -> dict[str, float]:
        parts = flatten(law)
        first, reached = len(self.rows), 0.0
        self.rows += [{} for _ in parts]
        for offset, (share, part) in enumerate(parts):
            reached += share
            self.rows[first + offset] = _common(part) | _parameters(part) | self._knots(part)
            self.rows[first + offset]["share"] = reached
        self.rows[first + len(parts) - 1]["share"] = 1.0
        return {"kind": MIXTURE, "first": first, "count": len(parts)}

    def _knots(self, law: Law) -> dict[str, float]:
        if law.kind in ("gamma", "erlang"):
            key: object = ("gamma", float(law.values[1]))
        elif law.kind == "empirical":
            key = (law.values, law.shares)
        else:
            return {}
        if key not in self.stored:
            block = gamma_knots(float(law.values[1])) if key[0] == "gamma" else _curve(law)  # type: ignore[index]
            self.stored[key] = (self.length, len(block) // 2)
            self.knots.append(block)
            self.length += len(block)
        first, count = self.stored[key]
        return {"first": first, "count": count}

    def tables(self) -> tuple[Table, Knots]:
        table = np.zeros(len(self.rows), dtype=LAW)
        for name in LAW.names or ():
            table[name] = [row.get(name, 0) for row in self.rows]
        return table, np.concatenate([*self.knots, np.zeros(1)])  # one spare: never an empty array


def _common(law: Law) -> dict[str, float]:
    return {
        "from_forecast": int(law.from_forecast),
        "at_zero": law.at_zero,
        "factor": law.factor,
        "at_least": law.at_least,
        "at_most": math.inf if law.at_most is None else law.at_most,
    }


def _is_altered(law: Law) -> bool:
    """Whether a draw is more than its quantile times a factor."""
    return bool(law.from_forecast or law.at_zero > 0 or law.at_least > 0 or law.at_most is not None)


def _curve(law: Law) -> npt.NDArray[np.float64]:
    values, shares = np.array(law.values, dtype=float), np.array(law.shares, dtype=float)
    if len(values) != len(shares) or len(values) == 0:
        raise ValueError("an empirical law needs as many shares as knots, and at least one")
    if np.any(np.diff(values) < 0) or np.any(np.diff(shares) < 0) or shares[-1] > 1 or shares[0] < 0:
        raise ValueError("knots and cumulated shares of an empirical law may not fall, shares are 0 to 1")
    return np.concatenate([values, shares])


def _parameters(law: Law) -> dict[str, float]:
    """Kind and its a, b, c: what the quantile needs, so that no draw computes a logarithm of a parameter."""
    v = law.values
    match law.kind:
        case "constant":
            return {"kind": CONSTANT, "a": v[0]}
        case "uniform":
            return {"kind": UNIFORM, "a": v[0], "b": v[1] - v[0]}
        case "triangular":
            return {"kind": TRIANGULAR, "a": v[0], "b": v[1], "c": v[2]}
        case "exponential":
            return {"kind": EXPONENTIAL, "a": v[0]}
        case "lognormal":
            return _lognormal(*v)
        case "weibull":
            return {"kind": WEIBULL, "a": v[0] / math.exp(math.lgamma(1 + 1 / v[1])), "b": 1 / v[1]}
        case "gamma" | "erlang":
            return {"kind": GAMMA, "a": v[0]}
        case "empirical":
            return {"kind": EMPIRICAL, "a": law.tail_mean}
        case "never":
            return {"kind": NEVER_KIND}
    raise ValueError(f"a law of kind {law.kind!r} cannot stand here")


def _lognormal(mean: float, cv: float) -> dict[str, float]:
    if mean <= 0:
        return {"kind": CONSTANT, "a": 0.0}
    variance = math.log1p(cv * cv)
    return {"kind": LOGNORMAL, "a": math.log(mean) - variance / 2, "b": math.sqrt(variance)}


@loose("float64(float64, float64, float64, float64)")
def _triangular(low: float, mode: float, high: float, u: float) -> float:
    width = high - low
    if width <= 0.0:
        return low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


@loose(_EMPIRICAL, **LEAN)
def _empirical(knots: Knots, first: int, count: int, tail_mean: float, u: float) -> float:
    """Linear between knots; `knots[first:]` holds `count` values, then their `count` cumulated shares."""
    shares = first + count
    last = shares + count - 1
    if u <= knots[shares]:
        return float(knots[first])
    if u > knots[last]:
        beyond = (u - knots[last]) / (1.0 - knots[last])
        return float(knots[shares - 1] - tail_mean * logarithm(1.0 - min(beyond, _HIGHEST)))
    low, high = 0, count - 1  # shares[low] < u <= shares[high]
    while high - low > 1:
        middle = (low + high) // 2
        if knots[shares + middle] < u:
            low = middle
        else:
            high = middle
    part = (u - knots[shares + low]) / (knots[shares + high] - knots[shares + low])
    return float(knots[first + low] + part * (knots[first + high] - knots[first + low]))


@loose(_GAMMA, **LEAN)
def _gamma(knots: Knots, first: int, count: int, u: float) -> float:
    """Quantile of the gamma of mean 1 whose table begins at `first`: cubic Hermite of the log quantile."""
    place = (normal_score(u) - FIRST_SCORE) / (LAST_SCORE - FIRST_SCORE) * (count - 1)
    cell = min(max(int(place), 0), count - 2)
    t = place - cell
    at = first + 2 * cell
    rise = knots[at + 2] - knots[at]
    left, right = knots[at + 1], knots[at + 3]  # slopes per cell
    bend = left - rise
    log_quantile = knots[at] + t * rise + t * (1.0 - t) * (bend * (1.0 - t) + (rise - right) * t)
    return math.exp(log_quantile)


@loose(_QUANTILE, rare=True, **LEAN)
def _special(table: Table, knots: Knots, i: int, u: float) -> float:
    """`_quantile` of a row of any other kind: a function of its own, so that who draws keeps nothing ready for it."""
    row = table[_at(i)]
    kind, a, b = row["kind"], row["a"], row["b"]
    if kind == WEIBULL:
        return float(a * (-logarithm(1.0 - u)) ** b)
    if kind == GAMMA:
        return float(a * _gamma(knots, row["first"], row["count"], u))
    if kind == EMPIRICAL:
        return float(_empirical(knots, row["first"], row["count"], a, u))
    if kind == UNIFORM:
        return float(a + b * u)
    if kind == TRIANGULAR:
        return float(_triangular(a, b, row["c"], u))
    return math.inf


@loose(_FOREMOST_OF, **_INLINE)
def _foremost(table: Table, i: int, u: float) -> float:
    """`_quantile` of a row of the kinds that come first: a constant, exponential or lognormal one."""
    row = table[_at(i)]
    if row["kind"] == EXPONENTIAL:
        return float(-row["a"] * logarithm(1.0 - u))
    if row["kind"] == LOGNORMAL:
        return math.exp(row["a"] + row["b"] * normal_score(u))
    return float(row["a"])


@loose(_QUANTILE, rare=True, **LEAN)
def _quantile(table: Table, knots: Knots, i: int, u: float) -> float:
    """Quantile of row i without its share at zero, factor and limits; infinite for never."""
    kind = table[_at(i)]["kind"]
    if kind in (CONSTANT, EXPONENTIAL, LOGNORMAL):
        return float(_foremost(table, i, u))
    return float(_special(table, knots, i, u))


@loose("float64(float64, float64, float64)")
def _rescaled(u: float, low: float, high: float) -> float:
    """Where u lies between low and high, kept away from 0 and 1."""
    return min(max((u - low) / (high - low), _LOWEST), _HIGHEST)


@loose(_FINISH, **_INLINE)
def _finished(table: Table, i: int, drawn: float, aht: float) -> float:
    """A quantile with the factor and the limits of row i; never stays never until a limit cuts it."""
    row = table[_at(i)]
    if drawn < math.inf:
        drawn *= row["factor"] * (aht if row["from_forecast"] else 1.0)
    return float(min(max(drawn, row["at_least"]), row["at_most"]))


@loose(_VALUE, rare=True, **LEAN)
def _mixed(table: Table, knots: Knots, i: int, u: float, aht: float) -> float:
    """What the part of mixture i draws in which u lies."""
    row = table[_at(i)]
    part, begin = row["first"], 0.0
    while u >= table[_at(part)]["share"] and part < row["first"] + row["count"] - 1:
        begin = table[_at(part)]["share"]
        part += 1
    u = _rescaled(u, begin, table[_at(part)]["share"])
    if u < table[_at(part)]["at_zero"]:
        return 0.0
    if table[_at(part)]["at_zero"] > 0.0:
        u = _rescaled(u, table[_at(part)]["at_zero"], 1.0)
    return float(_finished(table, part, _quantile(table, knots, part, u), aht))


@loose(_VALUE, rare=True, **LEAN)
def _altered(table: Table, knots: Knots, i: int, u: float, aht: float) -> float:
    """`value` of any law that is not bare."""
    row = table[_at(i)]
    if u < row["at_zero"]:
        return 0.0
    if row["at_zero"] > 0.0:
        u = _rescaled(u, row["at_zero"], 1.0)
    drawn = _mixed(table, knots, i, u, aht) if row["kind"] == MIXTURE else _quantile(table, knots, i, u)
    return float(_finished(table, i, drawn, aht))


@loose(_VALUE, **_INLINE)
def _value(table: Table, knots: Knots, i: int, u: float, aht: float) -> float:
    """`value` for machine code."""
    if table[_at(i)]["bare"] == 1:
        return float(_foremost(table, i, u) * table[_at(i)]["factor"])
    return float(_altered(table, knots, i, u, aht))


@whole(None, **LEAN)
def value(table: Table, knots: Knots, i: int, u: float, aht: float) -> float:
    """Duration in ticks before rounding, of law i for the uniform u in (0, 1); infinite for never."""
    return float(_value(table, knots, i, u, aht))


@loose("int64(float64)")
def whole_ticks(duration: float) -> int:
    """Nearest whole tick, half to even, not below 0; above 100 years NEVER."""
    if duration <= 0.0:
        return 0
    if duration > _FAR:
        return NEVER
    return int((duration + _ROUNDER) - _ROUNDER)


@loose(_DRAW, **_INLINE)
def duration(table: Table, knots: Knots, i: int, u: float, aht: float) -> int:
    """`draw` for machine code, a part of who draws."""
    return int(whole_ticks(_value(table, knots, i, u, aht)))


@whole(None, **LEAN)
def draw(table: Table, knots: Knots, i: int, u: float, aht: float) -> int:
    """Law i for the uniform u in (0, 1): whole ticks, NEVER above 100 years.

    `aht` (ticks) multiplies a law taken from the forecast, whose own mean is then 1 tick.
    """
    return int(duration(table, knots, i, u, aht))


def work(table: Table, knots: Knots, i: int, u: float, aht: float) -> int:
    """As `draw`, for one amount of work: at most 100 days."""
    return min(int(draw(table, knots, i, u, aht)), WORK_LIMIT)


@whole(None, **LEAN)
def _draws(table: Table, knots: Knots, i: Any, u: Any, aht: Any, drawn: Any) -> None:
    for place in range(len(u)):
        drawn[place] = duration(table, knots, i[place], u[place], aht[place])


def draws(table: Table, knots: Knots, i: Any, u: Any, aht: Any = 0.0) -> npt.NDArray[np.int64]:
    """`draw` for every u: int64 ticks, flat; `i` and `aht` are broadcast to the shape of `u`."""
    columns = np.broadcast_arrays(
        np.asarray(i, dtype=np.int64),
        np.atleast_1d(np.asarray(u, dtype=np.float64)),
        np.asarray(aht, dtype=np.float64),
    )
    drawn = np.empty(columns[1].size, dtype=np.int64)
    _draws(table, knots, *(np.array(column).ravel() for column in columns), drawn)
    return drawn
