"""Which half-hours fail, and why: the lines that `run` prints."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
from study.test_compare import busy

from supportsim.show.worst import MOST, worst_table
from supportsim.study.run import run

PARTS = ("volume", "handle_time", "absence", "off_desk", "breaks", "late", "roster")


def line(when: str, missed: float, **hours: float) -> dict[str, Any]:
    parts = {f"{name}_h": hours.get(name, 0.0) for name in PARTS}
    return {
        "promise": "fast", "bin": when, "missed": missed, "days_missed_in_100": missed, **parts,
        "shortage_h": sum(parts.values()),
    }  # fmt: skip


def shown(*lines: dict[str, Any]) -> list[list[str]]:
    found = worst_table(SimpleNamespace(causes=pd.DataFrame(lines)))  # type: ignore[arg-type]
    assert found is not None
    return found.rows


def test_the_worst_first_and_what_made_it() -> None:
    rows = shown(
        line("08:00", 10, volume=1.5, absence=0.5, roster=-0.6),
        line("09:00", 60, breaks=2.25),
        line("10:00", 60, late=1.0, handle_time=3.0),
        line("11:00", 0, volume=9),
    )
    assert rows == [
        ["fast", "10:00", "60", "4", "handle time 3.0", "late breaks 1.0"],
        ["fast", "09:00", "60", "2.2", "break clash 2.2", ""],
        ["fast", "08:00", "10", "1.4", "volume 1.5", "absence 0.5"],
    ]


def test_no_more_than_a_few_and_none_where_nothing_is_missed() -> None:
    assert len(shown(*(line(f"{hour}:00", 50, volume=1) for hour in range(20)))) == MOST
    assert worst_table(SimpleNamespace(causes=pd.DataFrame([line("08:00", 0)]))) is None  # type: ignore[arg-type]


def test_of_a_result_that_was_played() -> None:
    table = worst_table(run(busy("a"), 3))
    assert table is not None
    assert all(row[0] == "fast" and row[4] for row in table.rows)
