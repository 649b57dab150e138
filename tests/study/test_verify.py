"""The comparison with theory: the quick subset agrees, and the comparison itself would notice if it did not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from supportsim.scenario.load import load
from supportsim.study import observe, verify
from supportsim.study.cases import CASES, Case
from supportsim.study.observe import Figure, ratio


def rows(mean: float, n: int = 100, spread: float = 1.0) -> np.ndarray:
    """Sums of n replications of a ratio whose denominator varies as well."""
    random = np.random.default_rng(7)
    of = random.poisson(1000, n).astype(float)
    return np.column_stack((mean * of + random.normal(0, spread * np.sqrt(of)), of))


def test_the_simulator_agrees_with_theory() -> None:
    told: list[str] = []
    assert verify.verify(quick=True, tell=told.append), "\n".join(told)
    assert told[-1] == "everything agrees"
    assert {line.split()[0] for line in told[1:-1]} == {name for name, case in CASES.items() if case.quick}


def test_a_wrong_value_is_noticed() -> None:
    case = CASES["P17_three_places"]
    seen = [verify._player(case.id)(replication) for replication in range(1, 6)]
    found = [np.array([figure.view(each) for each in seen]) for figure in case.figures.values()]
    honest = verify.agrees_with(case.theory(), case, found)
    assert all(abs(comparison.z) < 4.5 for comparison in honest)
    wrong = {name: value * 1.2 for name, value in case.theory().items()}
    assert all("standard errors away" in c.fault for c in verify.agrees_with(wrong, case, found))


def test_comparing_nothing_is_no_proof() -> None:
    told: list[str] = []
    assert not verify.verify(quick=True, ids=["E02"], tell=told.append)
    assert told == ["nothing is compared: E02 is not in the quick subset"]


def test_too_few_replications_are_no_proof() -> None:
    vague = verify.Comparison("X", "wait", value=10.0, estimate=10.1, error=0.3, share=False)
    assert vague.fault == "standard error above 0.2"
    assert not verify.Comparison("X", "wait", 10.0, 10.1, 0.19, share=False).fault
    assert verify.Comparison("X", "p", 0.9, 0.9, 0.0051, share=True).fault
    assert not verify.Comparison("X", "p", 0.01, 0.01, 0.0049, share=True).fault


def test_a_published_value_is_an_estimate_itself() -> None:
    far = verify.Comparison("X", "wait", value=10.0, estimate=14.5, error=0.1, share=False, published=1.0)
    assert far.z == pytest.approx(4.5 / math.hypot(1.0, 0.1))
    assert "more than 4 standard errors" in far.fault
    near = verify.Comparison("X", "wait", 10.0, 13.5, 0.9, share=False, published=1.0)
    assert not near.fault
    assert "standard error above 1" in verify.Comparison("X", "wait", 10.0, 10.0, 1.1, share=False, published=1.0).fault


def test_what_is_exact_must_be_exact() -> None:
    assert verify.Comparison("X", "q", 0.0, 0.0, 0.0, share=False).z == 0
    assert not verify.Comparison("X", "q", 0.0, 0.0, 0.0, share=False).fault
    assert verify.Comparison("X", "q", 0.0, 0.1, 0.0, share=False).fault


def test_nothing_to_compare_is_a_fault() -> None:
    assert verify.Comparison("X", "q", 1.0, math.nan, 0.1, share=False).fault


def test_the_standard_error_of_a_ratio_is_that_of_its_residuals() -> None:
    sums = rows(0.8)
    estimate, error = Figure(lambda seen: (0.0, 1.0)).estimate(sums)
    residuals = sums[:, 0] - estimate * sums[:, 1]
    linear = residuals.std(ddof=1) / sums[:, 1].mean() / math.sqrt(len(sums))
    assert estimate == ratio(sums.sum(axis=0))
    assert error == pytest.approx(linear, rel=0.02)


def test_variance_from_sums() -> None:
    values = np.random.default_rng(3).exponential(2.0, 1000)
    totals = np.array([1000, values.sum(), (values**2).sum()])
    assert observe.variance(totals) == pytest.approx(values.var())


def test_the_population_of_errors_is_judged() -> None:
    random = np.random.default_rng(11)
    normal = random.normal(size=300)
    assert not verify.population(normal.tolist())[2]
    assert verify.population((1.4 * normal).tolist())[2]
    assert verify.population((normal + 0.4).tolist())[2]


def test_standardised_errors_of_batches_are_normal() -> None:
    figure = Figure(lambda seen: (0.0, 1.0))
    errors = verify.standardised(0.8, figure, rows(0.8, n=5000))
    assert len(errors) == 200
    assert not verify.population(errors)[2]


def test_an_id_means_all_its_variants() -> None:
    def ids(found: list[Case]) -> list[str]:
        return [case.id for case in found]

    assert ids(verify.chosen(False, ["E13"])) == ["E13_A", "E13_B", "E13_C", "E13_D"]
    assert ids(verify.chosen(False, ["E29_patience"])) == ["E29_patience"]
    assert len(verify.chosen(False, [])) == len(CASES)
    with pytest.raises(KeyError, match="no case E99"):
        verify.chosen(False, ["E99"])


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_its_scenario(case: str) -> None:
    scenario = load(verify.folder() / CASES[case].file)
    assert scenario.name == case
    assert scenario.title


def test_the_sine_is_what_its_script_writes() -> None:
    import runpy

    script = runpy.run_path(str(verify.folder() / "make_sine.py"))
    written = (verify.folder() / "data" / "sine.csv").read_text(encoding="utf-8").splitlines()
    assert written == script["rows"]()
    assert sum(float(line.split(",")[1]) for line in written[1:]) == pytest.approx(4 * 480)
