"""Sorting by whole numbers: as NumPy's stable sort, in machine code, whatever the numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from supportsim.measure.sorting import order_of, ordered
from supportsim.scenario.ticks import HORIZON_LIMIT

#: Few values, so that many are equal; those of ticks and keys; and the widest that there may be.
NUMBERS = st.one_of(
    st.lists(st.integers(-3, 3), max_size=400),
    st.lists(st.integers(-HORIZON_LIMIT, HORIZON_LIMIT), max_size=400),
    st.lists(st.integers(-(1 << 62), (1 << 62) - 1), max_size=400),
    st.lists(st.sampled_from([0, 255, 256, 65_535, 65_536, 1 << 40]), max_size=40),
)


@given(NUMBERS)
def test_it_is_the_stable_order(numbers: list[int]) -> None:
    keys = np.array(numbers, dtype=np.int64)
    wanted = np.argsort(keys, kind="stable")
    kept = keys.copy()
    assert order_of(keys).tolist() == wanted.tolist()
    assert keys.tolist() == kept.tolist(), "the keys stay as they are"
    found, rows = ordered(keys, 7 * np.arange(len(keys)))
    assert found.tolist() == kept[wanted].tolist()
    assert rows.tolist() == (7 * wanted).tolist()


@given(NUMBERS)
def test_numbers_may_be_their_own_rows(numbers: list[int]) -> None:
    keys = np.array(numbers, dtype=np.int64)
    assert ordered(keys, keys)[0].tolist() == sorted(numbers)


def test_by_two_numbers_the_second_first() -> None:
    agent, begun = np.array([2, 1, 2, 1, 2]), np.array([5, 9, 5, 3, 1])
    by_begin = order_of(begun)
    assert ordered(agent[by_begin], by_begin)[1].tolist() == [3, 1, 4, 0, 2]
