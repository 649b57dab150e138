"""Scenarios on which the clocks once differed, shrunk and kept: both clocks write the same journal of each.

The first of them were made by planting faults in the compiled clock (seeded_clock.OF_THE_CLOCK): the comment at the
top of a file says which.  `test_clocks` and `generator_shrink.py NUMBER --clocks` put new ones beside them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supportsim.demand import blocks
from supportsim.engine import keeper
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import NEVER

sys.path.insert(0, str(Path(__file__).parent))
import scenarios_kept
from generator import made
from generator_shrink import kept
from journals_compared import clocks_differ, contacts_of
from scenarios_kept import FOLDER, scenario_of, text_of

FILES = sorted(FOLDER.glob("*.yaml"))
MOST = 10


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("page", [4096, 1], ids=["one page", "many pages"])
def test_both_clocks_write_the_same_journal(file: Path, page: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_ENOUGH", page)
    monkeypatch.setattr(keeper, "A_PAGE", page)
    monkeypatch.setattr(keeper, "FOR_EACH", 0)
    scenario = scenario_of(file.read_text(encoding="utf-8"))
    assert clocks_differ(scenario) is None
    assert contacts_of(scenario) <= MOST


@pytest.mark.parametrize("number", range(40))
def test_what_is_written_can_be_read_back(number: int) -> None:
    scenario = made(number)
    back = scenario_of(text_of(scenario))
    assert back == scenario
    assert play(Layout(back), 1, 1).xxh128() == play(Layout(scenario), 1, 1).xxh128()


def test_a_difference_is_shrunk_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def differs(scenario: Scenario) -> str | None:
        answered = play(Layout(scenario), 1, 1).contacts["answered"]
        return "contacts row 2: a difference\nand more of it" if (answered < NEVER).sum() > 2 else None

    monkeypatch.setattr(scenarios_kept, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr("journals_compared.clocks_differ", differs)
    said = kept(3)
    (file,) = (tmp_path / "kept").iterdir()
    assert str(file) in said
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Smallest of made(3), on which the clocks differed:\n# contacts row 2: a difference\n")
    left = scenario_of(text)
    assert differs(left)
    assert contacts_of(left) <= MOST
