"""The logarithm of draws: its error, its order, and the same bits in machine code, plain Python and NumPy."""

from __future__ import annotations

import importlib.util
from decimal import Context, Decimal, localcontext
from types import ModuleType
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportsim.demand import compiling
from supportsim.demand import logarithm as here
from supportsim.demand.logarithm import logarithm

Floats = npt.NDArray[np.float64]
GRID = 2.0**-52  # of draws: (j + 1/2) of these
LAST = 1.0 - 2.0**-53


def _plain() -> ModuleType:
    """The same file as plain Python."""
    spec = importlib.util.spec_from_file_location("plain_logarithm", here.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with patch.object(compiling, "PLAIN", True):
        spec.loader.exec_module(module)
    return module


PLAIN = _plain()


def by_numpy(x: Floats) -> Floats:
    """The formula once more, by frexp instead of bits; centres from the borders of places."""
    table = np.array(PLAIN._numbers())
    rows, (b0, b1, b2, b3, b4, b5), two = table[:512].reshape(128, 4), table[512:518], table[518:]
    z, k = np.frexp(x)
    z, k = np.where(z < 45 / 64, 2 * z, z), np.where(z < 45 / 64, k - 1, k)
    # places are 1/256 wide below 1, 76 of them, and 1/128 from there on
    place = np.where(z < 1, (z - 45 / 64) * 256, 76 + (z - 1) * 128).astype(int)
    c, inverse, first, rest = rows[place].T
    r = (z - c) * inverse
    low = r * r * (b0 + b1 * r) + (k * two[1] + rest)
    high = r * r * (r * r) * ((b2 + b3 * r) + r * r * (b4 + b5 * r))
    return np.asarray((k * two[0] + first) + (r + (low + high)))


def many(x: Floats) -> Floats:
    return np.array([logarithm(each) for each in x.tolist()])


def units(found: float, x: float) -> float:
    """The error in units in the last place of the result."""
    with localcontext(Context(prec=60)):
        exact = Decimal(x).ln()
        return float(abs(Decimal(found) - exact) / Decimal(float(np.spacing(abs(float(exact))))))


def test_powers_of_two_and_one_are_as_near_as_they_can_be() -> None:
    assert logarithm(1.0) == 0.0
    assert [logarithm(2.0**k) for k in (-54, -1, 1)] == [-37.42994775023705, -0.6931471805599453, 0.6931471805599453]
    assert logarithm(LAST) == -(2.0**-53)  # log(1 - e) = -e - e**2 / 2 - ...
    assert logarithm(1.0 + GRID) == GRID * (1.0 - GRID / 2)


def test_the_error_is_less_than_a_unit_below_one_and_little_more_above() -> None:
    rng = np.random.default_rng(5)
    near = 1.0 - 2.0 ** -rng.uniform(5.0, 53.0, 2000)
    draws = np.concatenate([near, rng.random(2000) + 2.0**-53, 2.0 ** -rng.uniform(0.0, 54.0, 2000), [2.0**-54, LAST]])
    assert max(units(logarithm(x), x) for x in draws[draws < 1.0].tolist()) < 0.81
    above = np.concatenate([1.0 + rng.random(2000) / 50.0, np.exp(rng.uniform(-708.0, 709.0, 1000)), [2.0**-1022]])
    assert max(units(logarithm(x), x) for x in above.tolist()) < 1.1


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="needs a wider float than 64 bits")
def test_the_error_of_a_million_draws_is_less_than_a_unit() -> None:
    x = np.concatenate([np.random.default_rng(7).random(700_000) + 2.0**-53, np.linspace(0.98, LAST, 300_000)])
    exact = np.log(x.astype(np.longdouble))
    error = np.abs(by_numpy(x) - exact) / np.spacing(np.abs(exact.astype(np.float64)))
    assert error.max() < 0.81


@pytest.mark.parametrize("begin", [0.5, 2.0**30, 2.0**49, 2.0**52 - 30_000.5])
def test_a_larger_draw_has_no_smaller_logarithm(begin: float) -> None:
    x: Floats = np.arange(begin, begin + 30_000) * GRID  # neighbours on the grid
    assert np.all(np.diff(by_numpy(x)) >= 0.0)
    assert np.all(np.diff(by_numpy(1.0 - x)) <= 0.0)


def test_no_border_of_places_breaks_the_order() -> None:
    borders = np.concatenate([45 / 64 + np.arange(76) / 256, 1.0 + np.arange(53) / 128])
    steps = np.arange(-200, 200) * 2.0**-53
    for scale in (0.5, 1.0, 2.0**-30):
        x = (borders[:, None] + steps * np.where(borders > 1.0, 2.0, 1.0)[:, None]) * scale
        assert np.all(np.diff(by_numpy(x.ravel()).reshape(x.shape)) >= 0.0)


DRAWS = st.integers(0, 2**52 - 1).map(lambda j: (j + 0.5) * GRID)
NORMAL = st.floats(2.0**-1022, allow_infinity=False, allow_nan=False)


@given(st.one_of(DRAWS, DRAWS.map(lambda u: 1.0 - u), NORMAL))
def test_machine_code_plain_python_and_numpy_give_the_same_bits(x: float) -> None:
    found = logarithm(x)
    assert found.hex() == PLAIN.logarithm(x).hex() == float(by_numpy(np.array([x]))[0]).hex()


def test_the_same_bits_all_over() -> None:
    x = np.concatenate([np.random.default_rng(9).random(20_000) + 2.0**-53, 1.0 - 2.0 ** -np.linspace(1, 53, 5_000)])
    assert many(x).tobytes() == by_numpy(x).tobytes()
