"""Whatever a scenario and its parts are called, a page shows it and does nothing else with it."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest

from show.report_pages import HOSTILE, Page, compared, comparison_page, named, played
from supportsim.show.letters import plain
from supportsim.show.report.write import of_run
from supportsim.study.folder import slug
from supportsim.study.result import Result, write

pytestmark = pytest.mark.filterwarnings("ignore:Glyph")  # no font has all letters
BATCHES = [HOSTILE[i : i + 10] for i in range(0, len(HOSTILE), 10)]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def kinds(page: Page) -> set[tuple[str, str]]:
    """Every kind of element with every kind of attribute."""
    return {(tag, name) for tag, attributes in page.elements for name in ("", *attributes)}


@pytest.fixture(scope="module")
def tame(tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("tame")
    scenario = named([f"name{i}" for i in range(10)])
    return Page(comparison_page(compared(scenario, replace(scenario, name="other")), folder / "out"))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """A run and the folder of its tables."""
    result, folder = played(n=1), tmp_path_factory.mktemp("one") / "out"
    return result, write(result, folder)


def words(page: Page) -> str:
    """All text of the page with blanks as one, as a reader sees it."""
    return " ".join("".join(page.texts["body"]).split())


def shown(name: str) -> str:
    return " ".join(plain(name).split())


def safe(folder: Path) -> None:
    """No cell of any file is a formula to a spreadsheet."""
    for file in folder.rglob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            for cell in (cell for row in csv.reader(lines) for cell in row):
                if cell.startswith(FORMULA):
                    assert math.isfinite(float(cell)), f"{file.name}: {cell!r}"


@pytest.mark.parametrize("batch", range(len(BATCHES)))
def test_hostile_names_are_shown_and_do_nothing(batch: int, tame: Page, tmp_path: Path) -> None:
    scenario = named(BATCHES[batch])
    other = replace(scenario, name=scenario.name + "2", title="Another")
    page = Page(comparison_page(compared(scenario, other, n=2), tmp_path / "out"))
    assert kinds(page) <= kinds(tame) | {("svg", ""), ("tspan", ""), ("tspan", "x"), ("tspan", "y")}
    assert len(page.of("script")) == 1
    assert not page.comments
    assert not page.open
    for name in (scenario.title, scenario.promises[0].name, scenario.teams[0].name, scenario.channels[0].name):
        assert shown(name) in words(page)
    safe(tmp_path)


@pytest.mark.parametrize("title", HOSTILE, ids=[slug(title)[:20] for title in HOSTILE])
def test_a_hostile_title_is_one_heading(title: str, one: tuple[Result, Path]) -> None:
    result, folder = one
    page = Page(of_run(replace(result, scenario=replace(result.scenario, title=title)), folder, []))
    assert " ".join(page.texts["h1"][0].split()) == shown(title)
    assert " ".join(page.texts["title"][0].split()) == shown(title)
    assert len(page.texts["title"]) == len(page.of("script")) == len(page.of("style")) == 1
    assert not page.comments


def test_letters_that_turn_others_around_stand_for_themselves_only() -> None:
    assert plain("a\u202eb\u2066c\u0007d") == "a\ufffdb\ufffdc\ufffdd"
    assert plain("مرحبا 👩‍🚒 é") == "مرحبا 👩‍🚒 é"
