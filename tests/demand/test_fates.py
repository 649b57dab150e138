"""Fates are the same everywhere, and look like chance."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from supportsim.demand import fates

HERE = Path(__file__).parent
WORDS = st.integers(0, 2**64 - 1)


@cache
def printed(plain: bool) -> dict[str, Any]:
    """What `in_both_modes.py` prints in a process of its own."""
    environment = {
        **os.environ,
        "SUPPORTSIM_PLAIN": "1" if plain else "0",
        "PYTHONHASHSEED": "1" if plain else "2",
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "in_both_modes.py")],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


# Known answers: a change of any of them needs a new fates.VERSION

WORLDS = {
    (0, 0): 0x6BEFE00C81380C4E,
    (1, 0): 0x6E597090DBF2C4B6,
    (1, 1): 0xA522767C53DF124C,
    (2**64, 0): 0xE602B2A9C693151D,
    (2**128 - 1, 2**64 - 1): 0x659E543AF97CD19E,
}
ENTITIES = {
    (): 0x537570706F727402,
    ("phone",): 0x8B79ED87C5E279BF,
    ("phone", 0): 0x324C8C4001D938B5,
    ("phone", -1): 0x6D56E70FDA8A90BD,
    ("stream", "premium_bug", 739_685, 9): 0x3EC0012B9F198192,
    ("é",): 0x1CDB34B668607E69,
}
BITS = {
    (0, 0, 0, 1): 0xE220A8397B1DCDAF,
    (1, 0, 0, 1): 0xBFEF8030DDC2D772,
    (0, 1, 0, 1): 0x5CFCC391B726F0D3,
    (0, 0, 1, 1): 0xCBDC6D34B7C7534D,
    (0, 0, 0, 2): 0x6E789E6AA1B965F4,
    (2**64 - 1, 2**64 - 1, 2**40, 18): 0x9A125BBC22ED22DE,
    (0x6E597090DBF2C4B6, 0x8B79ED87C5E279BF, 3, 5): 0x4AB803D737BD0797,
}


UNIFORMS = [
    "0x1.4ed284b15bd34p-3",
    "0x1.daf28d1f6646ep-2",
    "0x1.f36cdc88ba020p-6",
    "0x1.daa5827e895ccp-3",
    "0x1.c4ee14ff09f64p-3",
    "0x1.6bf6a401f0e69p-1",
    "0x1.8c2108f9ad47bp-1",
    "0x1.fbf522ec79e11p-1",
    "0x1.640e304de8e53p-1",
    "0x1.f53a2106fa476p-2",
    "0x1.d412925ce38d4p-3",
    "0x1.0948e221fd7a1p-1",
    "0x1.82705afb0d266p-2",
    "0x1.406f3e588612ap-2",
    "0x1.57312421d3ac0p-7",
    "0x1.8b049791ac6f4p-3",
    "0x1.e817c14a99831p-1",
    "0x1.44dbb10d6646ap-2",
    "0x1.c9273fdc7e187p-1",
    "0x1.364d09c06d7adp-1",
]
#: First outputs of SplitMix64 from the state 1234567, as published for it in several languages.
SPLITMIX = (
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
)


def test_the_children_of_a_key_are_the_published_sequence() -> None:
    assert [int(fates.child(1_234_567, i)) for i in range(5)] == list(SPLITMIX)


def test_known_answers_of_worlds_and_entities() -> None:
    assert fates.VERSION == 1
    assert {pair: fates.world(*pair) for pair in WORLDS} == WORLDS
    assert {parts: fates.entity(*parts) for parts in ENTITIES} == ENTITIES


@pytest.mark.parametrize("numbers", BITS)
def test_known_answers_of_the_hash(numbers: tuple[int, int, int, int]) -> None:
    world, entity, n, purpose = numbers
    word = BITS[numbers]
    assert int(fates.bits(*numbers)) == word
    assert int(fates.many_bits(world, entity, n, purpose)[0]) == word
    assert float(fates.uniform(*numbers)) == ((word >> 12) + 0.5) / 2**52


def test_known_answers_of_uniforms() -> None:
    world, entity = fates.world(1, 0), fates.entity("issue", 1)
    found = [float(fates.uniform(world, entity, n, fates.WORK)).hex() for n in range(20)]
    assert found == UNIFORMS


def test_purposes_are_numbered_once_and_for_all() -> None:
    named = {
        name: value
        for name, value in vars(fates).items()
        if name.isupper() and type(value) is int and not name.startswith("_") and name != "VERSION"
    }
    assert sorted(named.values()) == list(range(1, len(named) + 1))
    assert named["ARRIVALS"] == 1
    assert named["PATIENCE"] == 8
    assert named["BUSY_CELL"] == 16


# One text, three ways to run it


def test_machine_code_and_plain_python_give_the_same_bits() -> None:
    assert printed(plain=True)["hash"] == printed(plain=False)["hash"]


@given(WORDS, WORDS, st.integers(0, 2**40), st.integers(0, 255))
def test_numpy_gives_the_same_bits(world: int, entity: int, n: int, purpose: int) -> None:
    assert int(fates.many_bits(world, entity, n, purpose)[0]) == int(fates.bits(world, entity, n, purpose))
    assert fates.uniforms(world, entity, n, purpose)[0] == fates.uniform(world, entity, n, purpose)
    assert int(fates.children(world, entity)[0]) == int(fates.child(world, entity))


@given(WORDS, WORDS, st.integers(0, 2**40), st.integers(0, 255))
def test_uniforms_lie_inside_the_open_interval_on_a_grid(w: int, e: int, n: int, purpose: int) -> None:
    u = float(fates.uniform(w, e, n, purpose))
    assert 2**-53 <= u <= 1 - 2**-53
    assert (u * 2**53) % 2 == 1


@given(st.lists(st.one_of(st.text(max_size=5), st.integers(-(2**40), 2**40)), max_size=4), st.integers(0, 2**40))
def test_a_child_is_the_entity_with_one_more_number(parts: list[str | int], i: int) -> None:
    assert fates.entity(*parts, i) == int(fates.child(fates.entity(*parts), i))


def test_borders_between_names_matter() -> None:
    keys = [fates.entity(*parts) for parts in (("ab", "c"), ("a", "bc"), ("abc",), ("c", "ab"), ("7",), (7,))]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("pair", [(-1, 0), (2**128, 0), (0, -1), (0, 2**64)])
def test_seeds_beyond_the_range_are_refused(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=str(pair[0] or pair[1])):
        fates.world(*pair)


def test_keys_that_are_no_whole_numbers_are_refused() -> None:
    with pytest.raises(TypeError, match="float64"):
        fates.children(1, np.array([0.0]))


# Chance


def ks(sample: np.ndarray) -> float:
    return float(stats.kstest(sample, "uniform").pvalue)


COUNTERS = np.arange(200_000)
WORLD, THING = fates.world(12, 0), fates.entity("thing")
SERIES = {
    "over n": fates.uniforms(WORLD, THING, COUNTERS, 5),
    "over entities in a row": fates.uniforms(WORLD, COUNTERS, 0, 5),
    "over children": fates.uniforms(WORLD, fates.children(THING, COUNTERS), 0, 5),
    "over high bits of the entity": fates.uniforms(WORLD, COUNTERS.astype(np.uint64) << np.uint64(40), 0, 5),
    "over purposes": np.array([fates.uniforms(WORLD, COUNTERS[:2000], 0, p) for p in range(100)]).T.ravel(),
    "over replications": np.array([fates.uniform(fates.world(12, r), THING, 0, 5) for r in range(20_000)]),
    "over seeds": np.array([fates.uniform(fates.world(s, 0), THING, 0, 5) for s in range(20_000)]),
}


@pytest.mark.parametrize("name", SERIES)
def test_series_are_uniform(name: str) -> None:
    assert ks(SERIES[name]) > 1e-6


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("lag", [1, 2, 3, 7, 64])
def test_neighbours_in_a_series_are_independent(name: str, lag: int) -> None:
    series = SERIES[name]
    left, right = series[:-lag], series[lag:]
    assert abs(np.corrcoef(left, right)[0, 1]) * np.sqrt(len(left)) < 5
    table = np.histogram2d(left[::2], right[::2], bins=16, range=[[0, 1], [0, 1]])[0].ravel()
    assert stats.chisquare(table).pvalue > 1e-6


@pytest.mark.parametrize("name", SERIES)
def test_every_bit_of_a_series_is_fair(name: str) -> None:
    words = (SERIES[name] * 2.0**52).astype(np.uint64)
    for place in range(52):
        ones = int(((words >> np.uint64(place)) & np.uint64(1)).sum())
        assert abs(ones - len(words) / 2) < 5.5 * np.sqrt(len(words)) / 2, f"bit {place}"


def test_gaps_between_small_values_are_geometric() -> None:
    hits = np.flatnonzero(SERIES["over n"] < 0.05)
    gaps = np.minimum(np.diff(hits), 60)
    expected = np.array([0.05 * 0.95 ** (g - 1) for g in range(1, 60)] + [0.95**59]) * len(gaps)
    assert stats.chisquare(np.bincount(gaps, minlength=61)[1:], expected).pvalue > 1e-6


def test_pairs_of_worlds_are_not_correlated() -> None:
    draws = np.array([fates.uniforms(fates.world(s, r), COUNTERS[:2000], 0, 5) for s in range(8) for r in range(8)])
    correlation = np.corrcoef(draws)[np.triu_indices(64, 1)]
    bound = stats.norm.isf(0.5e-4 / len(correlation)) / np.sqrt(2000)
    assert np.abs(correlation).max() < bound


def test_pairs_of_purposes_are_not_correlated() -> None:
    draws = np.array([fates.uniforms(WORLD, COUNTERS[:5000], 3, p) for p in range(1, 33)])
    correlation = np.corrcoef(draws)[np.triu_indices(32, 1)]
    assert np.abs(correlation).max() < stats.norm.isf(0.5e-4 / len(correlation)) / np.sqrt(5000)


def test_ten_thousand_worlds_are_all_different() -> None:
    seeds = [*range(60), *(2**k for k in range(40, 80))]
    worlds = {fates.world(seed, replication) for seed in seeds for replication in range(100)}
    assert len(worlds) == 10_000


def test_a_million_entities_are_all_different() -> None:
    cells = fates.children(fates.children(fates.entity("stream", "a"), np.arange(1000))[:, None], np.arange(1000))
    assert len(np.unique(cells)) == 1_000_000


@pytest.mark.parametrize("argument", [0, 1, 2])
def test_one_bit_of_an_argument_moves_half_of_the_answer(argument: int) -> None:
    """Avalanche: every (input bit, output bit) pair flips with a frequency of one half."""
    rng = np.random.default_rng(4)
    count = 4000
    start = [rng.integers(0, 2**63, count, dtype=np.uint64) for _ in range(2)]
    start.append(rng.integers(0, 2**32, count, dtype=np.uint64))
    for place in range(32 if argument == 2 else 64):
        moved = list(start)
        moved[argument] = moved[argument] ^ np.uint64(1 << place)
        change = fates.many_bits(*start, 5) ^ fates.many_bits(*moved, 5)  # type: ignore[misc]
        flips = ((change[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)).mean(axis=0)
        assert np.abs(flips - 0.5).max() < 6 * 0.5 / np.sqrt(count), f"bit {place}"
