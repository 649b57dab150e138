"""Classes of waits and the quantiles taken from them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportsim.measure import waits
from supportsim.measure.booking_contacts import class_of
from supportsim.measure.classes import CLASSES
from supportsim.scenario.ticks import DAY, SECOND, YEAR

NEAR = 1e-3  # docs/model.md, section 11


@pytest.mark.parametrize(
    ("wait", "kind", "middle"),
    [
        (0, 0, 0.0),
        (1, 1, 1.0),
        (1023, 1023, 1023.0),
        (1024, 1024, 1024.5),  # classes of two ticks up to 2,047
        (1025, 1024, 1024.5),
        (2047, 1535, 2046.5),
        (2048, 1536, 2049.5),  # of four up to 4,095
        (30 * SECOND, 15 * 512 + 915, 29_982_720 + 32_767 / 2),  # 915 x 2^15 = 29,982,720
    ],
)
def test_a_wait_is_known_by_its_leading_bits(wait: int, kind: int, middle: float) -> None:
    assert class_of(wait) == kind
    assert waits.middle_of(kind) == middle


@given(st.integers(0, 100 * YEAR))
def test_the_middle_of_a_class_is_near_every_wait_in_it(wait: int) -> None:
    kind = class_of(wait)
    assert abs(waits.middle_of(kind) - wait) <= NEAR * wait
    assert class_of(wait + 1) in (kind, kind + 1)
    assert kind < CLASSES
    assert waits.middles_of(np.array([kind])) == [waits.middle_of(kind)]


@given(st.lists(st.one_of(st.just(0), st.integers(0, 3 * DAY)), min_size=1, max_size=60), st.floats(0, 1))
def test_quantiles_are_near_those_of_the_waits_themselves(found: list[int], share: float) -> None:
    kinds, counts = np.unique([class_of(wait) for wait in found], return_counts=True)
    (value,) = waits.quantiles(counts[None], kinds, (share,))[0]
    exact = float(np.quantile(found, share))
    assert abs(value - exact) <= NEAR * exact + 1e-9


def test_nobody_waited_and_there_is_no_quantile() -> None:
    assert np.isnan(waits.quantiles(np.zeros((2, 3), dtype=np.int64), np.arange(3), (0.5, 0.9))).all()
