"""Profiles and survival curves."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportsim.scenario.csv_profile import read_curve, read_profile
from supportsim.scenario.errors import Faults
from supportsim.scenario.model import Law, Profile
from supportsim.scenario.ticks import HOUR, MINUTE, SECOND


def profile(tmp_path: Path, rows: str) -> Profile:
    (tmp_path / "p.csv").write_text("day,start,share\n" + rows)
    faults = Faults()
    found = read_profile(tmp_path / "p.csv", "p.csv", faults, "workday").value
    assert [str(fault) for fault in faults] == []
    assert found is not None
    return found


def test_shares_land_in_their_cells_and_add_up_to_one(tmp_path: Path) -> None:
    found = profile(tmp_path, "mon,08:00,10%\nmon,08:30,20%\nsun,23:00,30%\nsun,23:30,40%\n")
    assert (found.name, found.cell, len(found.shares)) == ("workday", 30 * MINUTE, 336)
    assert {place: share for place, share in enumerate(found.shares) if share} == pytest.approx(
        {16: 0.1, 17: 0.2, 334: 0.3, 335: 0.4}
    )
    assert sum(found.shares) == pytest.approx(1)


def test_weights_of_any_size_mean_the_same(tmp_path: Path) -> None:
    shares = profile(tmp_path, "mon,08:00,10%\nmon,09:00,90%\n").shares
    assert profile(tmp_path, "mon,08:00,1\nmon,09:00,9\n").shares == pytest.approx(shares)
    assert profile(tmp_path, "mon,08:00,1e3\nmon,09:00,9000\n").shares == pytest.approx(shares)


def test_rounded_percentages_are_taken_as_meant(tmp_path: Path) -> None:
    found = profile(tmp_path, "mon,08:00,33.3%\nmon,09:00,33.3%\nmon,10:00,33.3%\n")
    assert found.shares[8:11] == pytest.approx((1 / 3,) * 3)
    assert profile(tmp_path, "mon,08:00,33.5 %\nmon,09:00,67%\n").cell == HOUR


def law(tmp_path: Path, rows: str, tail_mean: int | None = None) -> Law:
    (tmp_path / "c.csv").write_text("seconds,share_longer\n" + rows)
    faults = Faults()
    found = read_curve(tmp_path / "c.csv", "c.csv", faults, tail_mean).value
    assert [str(fault) for fault in faults] == []
    assert found is not None
    return found


def test_a_survival_curve_is_an_empirical_law(tmp_path: Path) -> None:
    found = law(tmp_path, "0,1\n5,0.75\n60,0\n")
    assert found == Law("empirical", (0.0, 5.0 * SECOND, 60.0 * SECOND), (0.0, 0.25, 1.0))


def test_a_curve_begins_at_one_written_or_not(tmp_path: Path) -> None:
    assert law(tmp_path, "5,0.75\n60,0\n") == law(tmp_path, "0,1\n5,0.75\n60,0\n")
    assert law(tmp_path, "5,75%\n60,0%\n") == law(tmp_path, "0,100%\n5,75%\n60,0%\n")


def test_those_who_leave_at_once_are_an_atom_at_zero(tmp_path: Path) -> None:
    assert law(tmp_path, "0,0.9\n60,0\n").shares == pytest.approx((0.1, 1.0))


def test_what_is_left_at_the_end_goes_on_with_a_stated_mean(tmp_path: Path) -> None:
    found = law(tmp_path, "0,1\n600,0.2\n", 6 * MINUTE)
    assert (found.tail_mean, found.shares[-1]) == (6.0 * MINUTE, 0.8)
    assert law(tmp_path, "0,1\n600,0\n", 6 * MINUTE).tail_mean == 0


def test_flat_stretches_are_allowed(tmp_path: Path) -> None:
    assert law(tmp_path, "0,1\n10,0.5\n20,0.5\n30,0\n").shares == (0.0, 0.5, 0.5, 1.0)
