"""Every shipped scenario still gives what it gave; `make golden` refreshes the stored results on purpose."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from golden import FOLDER, SCENARIOS, place, played

from supportsim.demand.compiling import PLAIN


def rows(text: str) -> dict[tuple[str, str], str]:
    return {(row["selector"], row["measure"]): row["mean"] for row in csv.DictReader(text.splitlines())}


@pytest.mark.skipif(PLAIN, reason="weeks of real desks take minutes in plain Python")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: place(path).stem)
def test_a_shipped_scenario_gives_what_it_gave(scenario: Path) -> None:
    stored, now = rows(place(scenario).read_text(encoding="utf-8")), rows(played(scenario))
    assert now.keys() == stored.keys()
    for key, value in stored.items():
        if value and now[key]:
            assert float(now[key]) == pytest.approx(float(value), rel=1e-8, abs=1e-12), key
        else:
            assert now[key] == value, key


def test_nothing_is_stored_that_is_not_shipped() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {place(scenario).name for scenario in SCENARIOS}
