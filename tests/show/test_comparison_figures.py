"""Figures and words of a comparison: true sentences, the numbers of the tables, names shown as they are."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from study.test_compare import BY_HAND, CALLS, at, busy

from supportsim.show import cost_figure, forest_figure, option_figure
from supportsim.show.comparison_figures import write_all
from supportsim.show.report import researcher
from supportsim.show.style import without_pixels
from supportsim.study.compare import compare
from supportsim.study.comparison import Comparison


@pytest.fixture(scope="module")
def three() -> Comparison:
    """Three agents, six, and three with more to do."""
    options = {"base": busy("a"), "<six> & $x$": busy("b", teams__desk__agents="6")}
    return compare(options | {"_more": busy("c", demand__calls__volume="x 1.3")}, replications=8, seed=2)


@pytest.fixture(scope="module")
def figures(three: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its figures."""
    folder = tmp_path_factory.mktemp("three")
    with without_pixels():
        write_all(three, folder)
    return folder / "figures"


def words(svg: Path) -> str:
    return " ".join(text for text in ET.parse(svg).getroot().itertext())


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_all_come_as_svg_png_and_csv_and_are_the_same_every_time(three: Comparison, tmp_path: Path) -> None:
    names = sorted(f"{n}.{kind}" for n in ("options", "forest", "cost_promise") for kind in ("csv", "png", "svg"))
    for folder in ("one", "two"):
        write_all(three, tmp_path / folder)
    found = [tmp_path / folder / "figures" for folder in ("one", "two")]
    assert sorted(file.name for file in found[0].iterdir()) == names
    for name in names:
        assert (found[0] / name).read_bytes() == (found[1] / name).read_bytes()


def test_names_are_shown_as_they_are(figures: Path) -> None:
    for name in ("options", "forest", "cost_promise"):
        shown = words(figures / f"{name}.svg")
        assert "<six> & $x$" in shown
        assert "_more" in shown
        assert "seed 2" in shown


def test_titles_are_true(three: Comparison) -> None:
    assert option_figure.finding(three) == "<six> & $x$ keeps 1 of 1 promise; base keeps 0 of 1"
    table = three.differences
    named = table[table["p_holm"].notna()]
    decided = named[named["p_holm"] <= 0.05]
    assert forest_figure.finding(three).startswith(
        f"{len(decided)} of {len(named)} differences from base are more than chance; the largest: fast kept"
    )
    most = decided[decided["unit"] == "share"].sort_values("difference", key=abs).iloc[-1]
    assert f"{100 * most['difference']:+.1f} points".replace("-", "−") in forest_figure.finding(three)


def test_the_report_marks_verdicts_that_stand_alone(three: Comparison) -> None:
    first, every = researcher.named(three), researcher.all_of(three, three.others[0])
    assert first is not None
    count = three.differences["p_holm"].notna().sum()
    assert {row[-1] for row in first.rows} == {f"together, {count}"}
    told = {row[0]: row[-1] for row in every.rows}
    assert told["fast.kept_share"] == f"together, {count}"
    assert told["phone.wait_mean"] == told["desk.occupancy"] == "alone"
    assert {each.headings[-1].name for each in (first, every)} == {"adjusted"}


def test_no_option_better_is_said_so() -> None:
    found = compare([busy("a"), busy("b", demand__calls__volume="x 1.5")], replications=4, resize=False)
    assert option_figure.finding(found) == "No option keeps more promises for sure than a: a keeps 0 of 1"


def test_dominated_by_more_than_chance_only(tmp_path: Path) -> None:
    """The second costs more and keeps as much, in every replication alike; a copy is beaten by nobody."""
    (tmp_path / "calls.csv").write_text(CALLS)
    assert "agents: 1" in BY_HAND
    three, four = (at(tmp_path, n, teams__desk__shifts__day__agents=k) for n, k in (("three", "3"), ("four", "4")))
    found = compare({"three": three, "four": four, "copy": three}, replications=2)
    points = {p.option.name: p.dominated for p in cost_figure._points(found, ("all", "pay"), "minute")}
    assert points == {"three": False, "four": True, "copy": False}
    assert cost_figure.finding({"minute": cost_figure._points(found, ("all", "pay"), "minute")}) == (
        "Cost against promises: nothing speaks for four: whatever promise counts, some other option keeps no less than "
        "it and costs no more, but for chance"
    )


def test_the_numbers_are_those_of_the_tables(three: Comparison, figures: Path) -> None:
    rows = read(figures / "forest.csv")
    table = three.differences
    assert len(rows) == int(table["p_holm"].notna().sum())
    one = next(row for row in rows if row["option"] == "_more" and row["measure"] == "kept_share")
    same = table[(table["option"] == "_more") & (table["measure"] == "kept_share") & (table["selector"] == "fast")]
    assert float(one["difference"]) == pytest.approx(float(same["difference"].iloc[0]))


def test_one_play_of_each_and_no_promises_can_be_drawn(tmp_path: Path) -> None:
    from dataclasses import replace

    plain = [replace(busy(name), promises=()) for name in "ab"]
    write_all(compare(plain, replications=1), tmp_path / "one")
    assert sorted(f.name for f in (tmp_path / "one" / "figures").iterdir()) == [
        "options.csv",
        "options.png",
        "options.svg",
    ]
    write_all(compare([busy("a"), busy("b")], replications=1), tmp_path / "two")
    assert (tmp_path / "two" / "figures" / "cost_promise.svg").is_file()
