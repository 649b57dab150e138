"""What a comparison prints: tables whose cells follow from the results; and the demo that shows one."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from study.test_compare import at, busy

from supportsim.show import demo
from supportsim.show.option_text import difference_table, option_table, wait_table
from supportsim.show.tables import span
from supportsim.study.compare import compare
from supportsim.study.comparison import Comparison


@pytest.fixture(scope="module")
def both() -> Comparison:
    return compare([busy("a"), busy("b", teams__desk__agents="6")], replications=6, seed=2)


def test_the_options_as_their_means(both: Comparison) -> None:
    first, second = option_table(both).rows
    assert first[:2] == ["a", "0 of 1"]
    assert second[:2] == ["b", "1 of 1"]
    assert first[3] == "144"  # three agents, two days
    assert first[-1] == second[-1] == "–"  # rosters of their own


def test_a_promise_with_its_target_and_both_verdicts(both: Comparison) -> None:
    rows = {row[0]: row for row in difference_table(both, both.others[0]).rows}
    kept = rows["fast kept"]
    found = both.difference(both.others[0], ("fast", "kept_share"))
    assert kept[1] == "80 %"
    assert kept[2] == f"{100 * found.base.mean:.1f} % missed"
    assert kept[3] == f"{100 * found.other.mean:.1f} % kept"
    assert kept[4].startswith(f"+{100 * found.change.mean:.1f} points (known to ± ")
    assert kept[5] == "better"
    assert rows["cost a run"][4].startswith("+2 880")  # three more, two days, 20 an hour


def test_waits_and_what_changes_by_hand(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("at_min,handle_min,patience_min\n540,4,never\n541,4,never\n542,4,never\n")
    one, two = at(tmp_path, "one"), at(tmp_path, "two", teams__desk__shifts__day__agents="2")
    assert wait_table(compare([one, two], replications=1)).rows == [["customers phone", "3.0 min", "40 s (−140 s)"]]


def test_a_wait_that_is_not_there_has_no_change(both: Comparison) -> None:
    assert span(math.nan) == "–"


def test_the_demo_shows_options_that_are_there_and_can_be_compared() -> None:
    from supportsim.scenario.load import load

    names = [load(demo.FOLDER / name).name for name in demo.OPTIONS]
    assert names == ["saas-today", "saas-premium-first", "saas-reserved", "saas-tickets-only"]
