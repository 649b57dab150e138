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
    st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=400),
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


@given(st.data(), st.integers(0, 300))
def test_columns_are_put_in_order_as_numpy_does(data: st.DataObject, number: int) -> None:
    draw = np.random.default_rng(data.draw(st.integers(0, 99)))
    columns = [
        draw.integers(0, 1 << 64, number, dtype=np.uint64),
        draw.integers(-5, 5, number),
        draw.integers(0, 3, number).astype(np.int32),
    ]
    kept = [column.copy() for column in columns]
    for some in (columns, columns[1:], columns[:1]):
        assert order_of(*some).tolist() == np.lexsort(some).tolist()
    assert all((one == other).all() for one, other in zip(columns, kept, strict=True))


def test_the_last_column_comes_first() -> None:
    assert order_of(np.array([5, 9, 5, 3, 1]), np.array([2, 1, 2, 1, 2])).tolist() == [3, 1, 4, 0, 2]
