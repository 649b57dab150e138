"""The yardstick itself: our formulas and chains give the numbers of the collections they are compared with.

Literals: "Ground truth" cases E01 .. P17 of the shared validation folder (exact to the printed digits; the
sources of each are named in its scenario file).  Where that folder is at hand it is read as well, whole.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from supportsim.study import theory
from supportsim.study.cases import CASES
from supportsim.study.theory import Desk

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "validation"

#: case -> (its file in the collection, the part of `expected` that is this case)
ORIGIN = {
    "E13_A": ("E13", "A_fifo"),
    "E13_B": ("E13", "B_priority"),
    "E13_C": ("E13", "C_without_low"),
    "E13_D": ("E13", "D_split_1_4"),
    "E27_reserve_0": ("E27", "reserve_0"),
    "E27_reserve_1": ("E27", "reserve_1"),
    "E27_reserve_2": ("E27", "reserve_2"),
    "E29": ("E29", "base"),
    "E29_patience": ("E29", "with_abandonment"),
    "E29_five_places": ("E29", "queue_capacity_5"),
    "E33_fifty": ("E33", "fifty_agents"),
}

#: One or two figures of every case, with the printed digits.
QUOTED = {
    "E01": {"p_blocked": 0.08433886267, "occupancy": 0.704354721},
    "E02": {"p_wait": 0.3872019256, "asa": 0.5808028884, "wait_quantile_0.99": 5.484541853},
    "E04": {
        "p_abandon": 0.1520566374,
        "mean_offered_wait": 0.5735021317,
        "mean_wait_abandoned": 0.630945318,
        "p_served_within_0.333333_excl_short_abandons": 0.5510167152,
        "p_abandon_within_1_of_all_arrivals": 0.1201376479,
    },
    "E07": {"mean_wait": 10.0, "var_wait": 133.3333333, "p_wait_le_30min": 0.9346808916},
    "E11": {"mean_wait": 3.756230599, "p_all_idle": 0.01819667761},
    "E13_A": {"mean_wait_both": 4.789255837, "cost_per_hour": 170.5005648},
    "E13_B": {
        "mean_wait_valuable": 0.624685544,
        "mean_wait_low": 5.205712867,
        "sl20s_valuable": 0.5103567804,
    },
    "E13_C": {"mean_wait_valuable": 5.406483049e-05, "sl20s": 0.9999576227},
    "E13_D": {"valuable_mean_wait": 2.666666667, "valuable_p_wait": 0.4},
    "E15": {"mean_queue.1": 4.187498183, "mean_wait_all.0": 4.595382289, "p_all_busy": 0.7479656933},
    "E22": {"offered_per_min_incl_redials": 2.820381497, "p_person_finally_lost": 0.1367302496},
    "E27_reserve_0": {"mean_wait_calls_min": 1.402342091, "mails_per_hour": 40.0, "mean_idle": 0.0},
    "E27_reserve_1": {"mean_wait_calls_min": 0.7669567302, "p_wait_calls": 0.5808016415},
    "E27_reserve_2": {"mean_wait_calls_min": 0.4171644273, "mails_per_hour": 29.3972635, "mean_idle": 1.06027365},
    "E29": {"service_level": 0.9004324093, "speed_of_answer_min": 0.100680741},
    "E29_patience": {"abandoned": 59.26321837, "sl_served_plus_late_abandons": 0.9681890686},
    "E29_five_places": {"blocked": 18.8633138, "sl_incl_blocked": 0.919676985},
    "E33": {"infinite_agents_mean_busy.120": 64.57862208, "expected_arrivals_by_hour.300-360": 104.9525526},
    "E33_fifty": {"mean_in_system.120": 58.81505578, "expected_abandonments": 192.7300237},
    "P01": {"p_wait_zero": 0.4083, "var_queue": 44.6, "p_wait_le_0.1_given_abandoned": 0.7671},
    "P10": {"arrivals": 1639.507, "wait_per_expected_call_s": 11.834, "share_below_20s": 0.853, "share_lost": 0.0342},
    "P13": {"service_level": 0.8883500191794669, "asa_s": 7.83593701177724},
    "P16": {"mean_time_in_system.0": 2.0, "mean_time_in_system.1": 6.0},
    "P17_loss": {"loss_mean_in_system": 0.50310559},
    "P17_three_places": {"mm23_mean_in_system": 0.762340037},
}
TWINS = {"E01_constant": "E01", "E01_lognormal": "E01"}


@pytest.fixture(scope="module")
def values() -> dict[str, dict[str, float]]:
    return {name: case.theory() for name, case in CASES.items()}


def agrees(ours: float, printed: float) -> bool:
    """Equal to the digits printed."""
    text = f"{printed:.15g}".lower().split("e")[0].strip("-")
    digits = len(text.replace(".", "").lstrip("0"))
    tolerance = 0.5000001 * 10.0 ** (math.floor(math.log10(abs(printed))) - digits + 1) if printed else 1e-12
    return abs(ours - printed) <= max(tolerance, 2e-10 * abs(printed))


def flat(tree: Any, prefix: str = "") -> Iterator[tuple[str, float]]:
    """Leaves by dotted name; {"value": x} is a leaf, with an interval beside it or not."""
    if isinstance(tree, dict) and "value" in tree and set(tree) <= {"value", "ci90"}:
        yield prefix, tree["value"]
    elif isinstance(tree, dict | list):
        pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
        for key, branch in pairs:
            yield from flat(branch, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix, tree


def test_every_case_is_quoted() -> None:
    assert set(CASES) == set(QUOTED) | set(TWINS)


@pytest.mark.parametrize("case", QUOTED)
def test_theory_gives_the_quoted_figures(case: str, values: dict[str, dict[str, float]]) -> None:
    for figure, printed in QUOTED[case].items():
        assert agrees(values[case][figure], printed), (figure, values[case][figure], printed)


@pytest.mark.parametrize("case", QUOTED)
def test_theory_gives_every_figure_of_the_collection(case: str, values: dict[str, dict[str, float]]) -> None:
    file, part = ORIGIN.get(case, (case.split("_")[0], ""))
    if not (SHARED / f"{file}.json").exists():
        pytest.skip("the collection of ground truth is not beside this checkout")
    collected = json.loads((SHARED / f"{file}.json").read_text(encoding="utf-8"))["expected"]
    ours = values[case]
    theirs = dict(flat(collected[part] if part else collected))
    shared = [name for name in theirs if name in ours]
    for figure in shared:
        assert agrees(ours[figure], theirs[figure]), (figure, ours[figure], theirs[figure])
    assert len(shared) >= min(len(ours), 1)


@pytest.mark.parametrize("case", CASES)
def test_what_is_simulated_has_a_theory(case: str, values: dict[str, dict[str, float]]) -> None:
    assert set(CASES[case].figures) <= set(values[case])
    assert CASES[case].lead in CASES[case].figures or CASES[case].errors
    assert set(CASES[case].errors) <= set(CASES[case].figures)


def test_chain_and_formula_agree_on_erlang() -> None:
    from supportsim.study.erlang import ErlangA, ErlangB, ErlangC

    assert Desk(2.5, 4, 13, room=0).p_blocked == pytest.approx(ErlangB(13, 2.5, 4).p_blocked, rel=1e-12)
    chain, formula = Desk(3, 4, 16), ErlangC(16, 3, 4)
    assert chain.mean_wait == pytest.approx(formula.asa, rel=1e-11)
    assert chain.p_served_within(0.5) == pytest.approx(formula.service_level(0.5), rel=1e-11)
    impatient, palm = Desk(3.5, 4, 13, patience=3), ErlangA(13, 3.5, 4, 3)
    assert impatient.p_abandon == pytest.approx(palm.p_abandon, rel=1e-10)
    assert impatient.p_served_within(0.5) == pytest.approx(palm.service_level(0.5), rel=1e-9)
    assert impatient.p_left_within(0.5) == pytest.approx(palm.p_abandon_within(0.5), rel=1e-8)


def test_everybody_is_served_or_leaves_or_is_blocked() -> None:
    desk = Desk(5, 4, 13, patience=3, room=6)
    assert desk.mean(desk.served.chance + desk.left.chance) + desk.p_blocked == pytest.approx(1, abs=1e-12)
    late = desk.served_within(1e3) + desk.left_within(1e3)
    assert np.allclose(late, desk.accepted, atol=1e-12)


def test_a_long_day_settles_to_the_steady_state() -> None:
    desk = Desk(3.5, 4, 13, patience=3)
    evening = theory.day(desk, 400, at=(400,)).at[400]
    assert np.allclose(evening, desk.law, atol=1e-9)


def test_a_wave_of_constant_height_is_no_wave() -> None:
    assert theory.endless_agents(10, 4, 0.0, 480, 30) == pytest.approx(40 * (1 - math.exp(-3)), rel=1e-12)


def test_priorities_only_share_out_the_waiting() -> None:
    rates = [0.1, 0.6, 0.4]
    waits = theory.cobham(rates, 4, 5)
    together = Desk(sum(rates), 4, 5).mean_wait * sum(rates)
    assert sum(rate * wait for rate, wait in zip(rates, waits, strict=True)) == pytest.approx(together)
    assert waits == sorted(waits)


def test_equal_work_needs_no_chain() -> None:
    chain = theory.TwoClasses((0.2, 0.15), (4, 4), 2, (60, 200))
    queues = [theory.expected(chain.law, lambda s, c=c: s[2 + c]) for c in (0, 1)]
    cobham = theory.cobham([0.2, 0.15], 4, 2)
    assert queues == pytest.approx([0.2 * cobham[0], 0.15 * cobham[1]], rel=1e-7)


def test_constant_work_distribution_has_the_pollaczek_mean() -> None:
    grid = np.linspace(0, 60, 3001)
    tail = [1 - theory.constant_work_within(0.1, 5, t) for t in grid]
    assert np.trapezoid(tail, grid) == pytest.approx(theory.pollaczek(0.1, (5, 25, 125))[0], rel=1e-3)


def test_mail_in_between_takes_nothing_from_calls_where_enough_agents_are_kept_free() -> None:
    def talking(reserve: int) -> float:
        return theory.expected(theory.blending_law(1.0, 4.0, 6.0, 8, reserve), lambda s: s[0])

    assert talking(0) == pytest.approx(4.0)
    nobody_mails = theory.blending_law(1.0, 4.0, 6.0, 8, 8)
    assert theory.expected(nobody_mails, lambda s: s[1]) == 0
    assert theory.expected(nobody_mails, lambda s: s[2]) == pytest.approx(Desk(1.0, 4.0, 8).mean_queue)


def test_a_desk_that_cannot_keep_up_has_no_steady_state() -> None:
    assert not Desk(1, 4, 4).stable
    with pytest.raises(ValueError, match="never settles"):
        _ = Desk(1, 4, 4).law
