"""The figures of a study: a finding as title, words for who cannot see them, the numbers beside them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from study.study_texts import STUDY, written

from supportsim.show import study_effects as effects
from supportsim.show.break_even_figure import draw_break_even
from supportsim.show.study_figures import Scale, footer, write_all
from supportsim.show.study_forest import finding
from supportsim.show.study_levels import draw_interaction, panels
from supportsim.study.study import Study, StudyResult
from supportsim.study.study_pairs import comparisons

OUTPUTS = "outputs: [forest, interaction, lines, effects]\n"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    return Study.load(written(tmp_path_factory.mktemp("study"), STUDY + OUTPUTS)).run(jobs=1)


@pytest.fixture(scope="module")
def drawn(result: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All its figures: files by their names."""
    return {file.name: file for file in write_all(result, tmp_path_factory.mktemp("drawn"))}


def test_each_figure_has_its_three_files(drawn: dict[str, Path]) -> None:
    kinds = ("svg", "png", "csv")
    names = {f"{name}.{kind}" for name in ("forest", "interaction", "lines", "effects") for kind in kinds}
    assert set(drawn) == names | {"lines_2.svg", "lines_2.png"}  # six panels are more than a page
    assert all(file.stat().st_size for file in drawn.values())


def test_the_forest_states_how_much_is_told_from_chance(result: StudyResult, drawn: dict[str, Path]) -> None:
    svg = drawn["forest.svg"].read_text(encoding="utf-8")
    clear = sum(each.verdict in ("higher", "lower") for each in comparisons(result))
    title = f"{clear} of 6 differences are told from chance, all together with 95 % confidence"
    assert finding(comparisons(result)) == title
    assert f"<title>{title}</title>" in svg
    told = re.search("<desc>(.*?)</desc>", svg, flags=re.S)
    assert told is not None
    assert "load stated: four against three" in told[1]
    assert 'role="img"' in svg
    for words in ("p (Holm)", "variance ÷", footer(result)):
        assert words in svg


def test_the_csv_beside_a_figure_holds_its_numbers(result: StudyResult, drawn: dict[str, Path]) -> None:
    with drawn["forest.csv"].open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [float(row["change"]) for row in rows] == pytest.approx(result.differences["change"].tolist(), rel=1e-9)


def test_a_line_for_each_level_of_the_second_factor(result: StudyResult, drawn: dict[str, Path]) -> None:
    made = panels(result, by_second=True)
    assert [panel.key for panel in made] == list(result.plan.metrics)
    assert list(made[0].lines) == ["three", "four"]
    means = [row["mean"] for row in made[1].lines["four"] if row]
    rows = result.summary[(result.summary["people"] == "four") & (result.summary["measure"] == "wait_mean")]
    assert means == rows["mean"].tolist()
    svg = drawn["interaction.svg"].read_text(encoding="utf-8")
    assert "fast: answered in 20 s, of all offered: " in svg
    assert "target" in svg
    assert "80 % kept at" in svg.replace("\u00a0", " ")


def test_lines_have_a_panel_for_each_other_level(result: StudyResult, drawn: dict[str, Path]) -> None:
    assert [panel.beside for panel in panels(result, by_second=False)] == ["three", "four"] * 3
    svg = drawn["lines.svg"].read_text(encoding="utf-8")
    for words in ("95 % interval of the mean", "5–95 % of single days", "mean of the replications"):
        assert words in svg


def test_effects_show_what_differs_and_what_nothing_may_be_said_of(result: StudyResult, drawn: dict[str, Path]) -> None:
    made = effects.panels(result)
    assert [(panel.key, list(panel.lines)) for panel in made] == [(key, [""]) for key in result.plan.metrics]
    kept = made[0].lines[""]
    assert list(kept) == ["stated", "high"]
    assert effects.compared(result) == "people four against three"
    clear = sum(each.verdict == "higher" for each in kept.values())
    svg = drawn["effects.svg"].read_text(encoding="utf-8")
    assert f"told from chance in {'all ' if clear == 2 else f'{clear} of '}2 comparisons" in svg.replace("\u00a0", " ")
    assert "open: no difference, or too close to call" in svg
    with drawn["effects.csv"].open(encoding="utf-8", newline="") as lines:
        assert next(row["change"] for row in csv.DictReader(lines)) == f"{kept['stated'].difference.change.mean:.10g}"


def test_effects_have_a_line_for_each_level_that_is_compared(tmp_path: Path) -> None:
    study = STUDY.replace("four: {teams", "five: {teams.frontline.agents: 3 -> 5}, four: {teams") + "outputs: effects\n"
    study = study.replace("within: load, against: {people: three}", "against: {people: three, load: stated}")
    found = Study.load(written(tmp_path, study)).run(jobs=1)
    panel = effects.panels(found)[0]
    assert {line: list(of) for line, of in panel.lines.items()} == {
        "five": ["stated", "high"], "four": ["stated", "high"], "three": ["high"],
    }  # fmt: skip
    assert effects.compared(found) == "against people three and load stated"


def test_a_break_even_is_drawn_where_there_is_one(tmp_path: Path) -> None:
    study = """
name: people
base: desk.yaml
replications: 6
factors:
  people:
    0: {teams.frontline.agents: 2, demand.calls.volume: x 1.1}
    1: {teams.frontline.agents: 1}
    2: {teams.frontline.agents: 2}
    6: {teams.frontline.agents: 6}
metrics: [fast.kept_share, all.wait_mean, frontline.occupancy]
compare: {against: {people: 0}}
outputs: break_even
"""
    found = Study.load(written(tmp_path, study)).run(jobs=1)
    svg, png, numbers = draw_break_even(found, tmp_path)
    told = svg.read_text(encoding="utf-8")
    assert "people at which each breaks even, against people 0: 1." in told
    assert "fast: answered in 20 s, of all offered: 1." in told
    assert png.stat().st_size
    with numbers.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["measure"] for row in rows] == ["kept_share", "wait_mean", "occupancy"]
    assert [row["above"] for row in rows] == ["higher", "lower", "lower"]


def test_the_same_figure_has_the_same_bytes(result: StudyResult, drawn: dict[str, Path], tmp_path: Path) -> None:
    draw_interaction(result, tmp_path)
    for kind in ("svg", "png", "csv"):
        assert (tmp_path / f"interaction.{kind}").read_bytes() == drawn[f"interaction.{kind}"].read_bytes()


def test_one_point_and_one_replication_can_be_drawn(tmp_path: Path) -> None:
    study = "base: desk.yaml\nreplications: 1\nmetrics: [fast.kept_share]\noutputs: [interaction, lines]\n"
    found = Study.load(written(tmp_path, study)).run(jobs=1)
    assert len(write_all(found, tmp_path)) == 6


def test_values_stand_in_units_that_people_read() -> None:
    assert (Scale("wait_mean", [20.0, 90.0]).label, Scale("wait_mean", [7300.0]).label) == ("s", "h")
    assert Scale("open_age_mean", [100.0]).label == "days"
    assert Scale("kept_share", [0.5])(0.5) == 50.0
    assert Scale("kept_share", [0.5], change=True).label == "points"
    assert Scale("pay", [5.0], "GBP").label == "GBP"
