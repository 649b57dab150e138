"""Arithmetic on spans against counting tick by tick."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from measure.by_arrays.spans import intersect, ticks_within
from supportsim.measure.spans import union

SPAN = st.tuples(st.integers(0, 2), st.integers(-3, 20), st.integers(0, 8))
SPANS = st.lists(SPAN, max_size=12)


def arrays(rows: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 1] + table[:, 2]


def covered(owner: np.ndarray, begin: np.ndarray, end: np.ndarray) -> set[tuple[int, int]]:
    return {(int(o), t) for o, b, e in zip(owner, begin, end, strict=True) for t in range(b, e)}


@given(SPANS)
def test_a_union_covers_the_same_ticks_and_is_sorted_disjoint_and_apart(rows: list) -> None:
    owner, begin, end = union(*arrays(rows))
    assert covered(owner, begin, end) == covered(*arrays(rows))
    assert all(b < e for b, e in zip(begin, end, strict=True))
    for i in range(1, len(owner)):
        assert (owner[i - 1], end[i - 1]) < (owner[i], begin[i])


@given(SPANS, SPANS)
def test_an_intersection_holds_exactly_the_ticks_of_both(one: list, other: list) -> None:
    a, b = union(*arrays(one)), union(*arrays(other))
    found = intersect(*a, *b)
    assert covered(*found) == covered(*a) & covered(*b)
    assert (found[2] - found[1]).sum() == len(covered(*found))


@given(SPANS)
def test_ticks_inside_cells_are_those_counted_one_by_one(rows: list) -> None:
    _, begin, end = arrays(rows)
    edges = np.array([-5, 0, 3, 4, 30])
    counted = [
        sum(max(0, min(e, high) - max(b, low)) for b, e in zip(begin, end, strict=True))
        for low, high in pairwise(edges)
    ]
    assert ticks_within(begin, end, edges).tolist() == counted


def test_sums_that_pass_the_range_of_an_integer_still_give_exact_differences() -> None:
    begin = np.full(200_000, 10**14, dtype=np.int64)
    found = ticks_within(begin, begin + 7, np.array([10**14 + 1, 10**14 + 3, 3 * 10**14]))
    assert found.tolist() == [400_000, 800_000]
