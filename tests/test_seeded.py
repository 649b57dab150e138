"""Faults to be planted stand where they are said to: one whose text has moved would prove nothing any more."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from seeded_bugs import BUGS, OF_LEAVING, OF_THE_CLOCK, OF_THE_MEASURES, ROOT

EVERY = (*BUGS, *OF_LEAVING, *OF_THE_CLOCK, *OF_THE_MEASURES)


def test_each_has_its_place_and_its_judges() -> None:
    def text(floor: str, file: str) -> str:
        return (ROOT / "supportsim" / floor / file).read_text(encoding="utf-8")

    found = {bug.name: text(bug.floor, bug.file).count(bug.right) for bug in EVERY}
    assert {name: count for name, count in found.items() if count != 1} == {}
    assert len({bug.name for bug in EVERY}) == len(EVERY)
    assert all((ROOT / "tests" / file).is_file() for bug in EVERY for file in bug.judges)
    assert all(bug.judges for bug in OF_THE_MEASURES)
