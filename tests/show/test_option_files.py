"""Figures of single options lie in their folders, the same on one core and on two."""

from __future__ import annotations

from pathlib import Path

import pytest
from study.test_compare import busy

from supportsim.show import comparing, option_files
from supportsim.show.interruption import Interruption
from supportsim.show.report.drawn import OF_OPTIONS
from supportsim.study.compare import compare
from supportsim.study.comparison import Comparison


@pytest.fixture(scope="module")
def two() -> Comparison:
    return compare([busy("a"), busy("b", teams__desk__agents="6")], replications=2)


def drawn(comparison: Comparison, folder: Path, processes: int) -> dict[str, bytes]:
    option_files.write_all([(o.result, folder / o.name) for o in comparison.options], processes=processes)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("figures/*")}


def test_each_option_has_its_own_as_svg_png_and_csv_whatever_draws_them(two: Comparison, tmp_path: Path) -> None:
    alone, side_by_side = drawn(two, tmp_path / "one", 1), drawn(two, tmp_path / "two", 2)
    names = {f"{o}/figures/{name}.{kind}" for o in "ab" for name in OF_OPTIONS for kind in ("svg", "png", "csv")}
    assert names <= set(alone)
    assert not any("staffing" in name for name in alone)
    assert alone == side_by_side


def test_all_of_them_if_asked_and_the_page_still_shows_the_usual_ones(two: Comparison, tmp_path: Path) -> None:
    with Interruption() as watch:
        comparing.keep(two, tmp_path / "all", False, True, watch, "point", 1, True)
    found = {str(path.relative_to(tmp_path / "all")) for path in (tmp_path / "all").rglob("figures/*")}
    assert {"0-a/figures/staffing.svg", "1-b/figures/heatmap.png", "1-b/figures/availability.csv"} <= found
    page = (tmp_path / "all" / "report.html").read_text(encoding="utf-8")
    assert "<b>b</b> · Net staffing" in page
    assert "Staffing against load" not in page
    assert "Differs from a in: teams." in page


def test_a_broken_pool_costs_time_and_no_figure(
    two: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __init__(self, *_: object) -> None:
            raise option_files.BrokenProcessPool

    monkeypatch.setattr(option_files, "ProcessPoolExecutor", Broken)
    drawn = option_files.write_all([(o.result, tmp_path / o.name) for o in two.options], processes=2)
    assert [file.parent.parent.name for files in drawn for file in files if file.name == "net.svg"] == ["a", "b"]


def test_the_usual_ones_are_those_the_page_shows(two: Comparison, tmp_path: Path) -> None:
    (files,) = option_files.write_all([(two.base.result, tmp_path)])
    assert tuple(file.stem for file in files if file.suffix == ".svg") == OF_OPTIONS
