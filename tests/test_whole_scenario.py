"""A whole scenario, as the design of the language shows one, is checked and played."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from supportsim.engine.audit import audit
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.scenario.load import load, load_text
from supportsim.show.check import examine
from supportsim.show.check_text import lines

ROOT = Path(__file__).resolve().parents[1]
VALID = ROOT / "tests" / "scenario" / "valid"
OURS = VALID / "software.yaml"
EXAMPLE = ROOT.parent / "shared" / "design" / "EXAMPLE.yaml"


def test_it_is_checked_without_a_warning() -> None:
    told = examine(load(OURS))
    assert told.warnings == ()
    (group,) = told.groups
    assert (group.channels, group.teams) == (("phone", "chat", "ticket"), ("frontline",))
    assert group.occupancy is not None
    assert 0.7 < group.occupancy < 0.92
    text = "\n".join(lines(told))
    for promise in ("premium_phone (80.0 % in 20 s) needs", "chat (80.0 % in 60 s) needs", "15 GBP for each contact"):
        assert promise in text


def test_a_day_of_it_is_played_and_its_journal_is_clean() -> None:
    scenario = load(OURS, {"length": "1 day", "warm_up": "1 day"})
    journal = play(Layout(scenario), seed=1, replication=1)
    per_channel = [int((journal.contacts["channel"] == c).sum()) for c in range(3)]
    assert min(per_channel) > 50
    assert audit(journal, scenario) == []


@pytest.mark.skipif(not EXAMPLE.is_file(), reason="the example of the design lies in ../shared, which is not here")
def test_the_example_of_the_design_is_the_same_scenario(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name, ours in (("workday", "working_hours"), ("evening", "evenings")):
        (tmp_path / "data" / f"{name}.csv").write_bytes((VALID / "data" / f"{ours}.csv").read_bytes())
    ours, theirs = load(OURS), load_text(EXAMPLE.read_text(encoding="utf-8"), folder=tmp_path)
    assert replace(theirs, name=ours.name, title=ours.title) == ours
