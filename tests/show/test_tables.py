"""What a run prints."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from measure.journals import promise
from rich.console import Console
from study.players import Player, desk

from supportsim.scenario.model import Scenario, Stream
from supportsim.scenario.ticks import HOUR
from supportsim.show.tables import (
    contact_table,
    cost_line,
    count,
    percent,
    print_summary,
    promise_table,
    span,
    team_table,
    undecided,
)
from supportsim.study.result import Result
from supportsim.study.run import run


def result(of: Scenario | None = None, n: int = 4) -> Result:
    return run(of or desk(), n, jobs=1, make=Player)


def printed(found: Result, width: int) -> str:
    out = io.StringIO()
    print_summary(found, Console(file=out, width=width, highlight=False, color_system=None))
    return out.getvalue()


def test_promises_waits_and_teams_with_their_verdicts() -> None:
    text = printed(result(), 140)
    for words in ("answer 20 s", "reply 1 h", "kept", "blocked", "turned away", "ASA", "occupancy", "paid"):
        assert words in text
    row = next(line for line in text.splitlines() if line.startswith(" tickets"))
    assert "100.0 % ± 0.0" in row
    assert "days 100–100 %" in row


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_every_line_fits_the_terminal_and_no_cell_is_broken(width: int) -> None:
    later = replace(desk(), promises=(promise(), promise("tickets", ("ticket",), limit=2 * HOUR)))
    text = printed(result(later, 6), width)
    assert max(len(line) for line in text.splitlines()) <= width
    if width >= 80:
        assert "…" not in text
    assert any("tickets" in line and "kept" in line for line in text.splitlines())


def test_the_ends_of_offered_contacts_add_up_and_rare_ones_are_shown_where_there_are_any() -> None:
    found = result()
    assert contact_table(found).headings[1:5] == ["offered", "answered", "abandoned", "blocked"]
    lost = found.rows.copy()
    of = found.yardstick.places
    for k in range(found.n):  # two more were offered in each replication: one cut off, one taken back
        lost[k, of["phone", "disconnected"], 2] = lost[k, of["phone", "withdrawn"], 2] = 1
        lost[k, of["phone", "offered"], 2] += 2
        lost[k, of["phone", "abandoned_share"], 2] = 1 / lost[k, of["phone", "offered"], 2]
    table = contact_table(replace(found, rows=lost))
    assert table.headings[1:6] == ["offered", "answered", "abandoned", "cut off", "withdrew"]
    phone = next(row for row in table.rows if row[0] == "phone")
    assert sum(float(cell.removesuffix(" %")) for cell in phone[2:6]) == pytest.approx(100, abs=0.2)
    assert phone[4] == phone[5] == phone[3] != "0.0 %"


def test_penalties_and_filler_have_their_columns_only_where_there_are_any() -> None:
    plain = result()
    assert not any(heading.startswith("penalty") for heading in promise_table(plain).headings)
    assert "on filler" not in team_table(plain).headings
    base = desk()
    priced = replace(base.promises[0], share=0.9, penalty=7.0)
    tidying = Stream("tidying", "endless", "customers", "general", "ticket")
    found = result(replace(base, promises=(priced, base.promises[1]), streams=(tidying,)))
    table = promise_table(found)
    assert table.headings[-1] == "penalty, EUR"
    breaches = found.promises.set_index("promise").breaches
    assert breaches["p"] > 0
    assert [row[-1] for row in table.rows] == [count(7 * breaches["p"]), "0"]
    assert "on filler" in team_table(found).headings
    for width in (60, 100, 140):
        assert max(len(line) for line in printed(found, width).splitlines()) <= width


def test_each_price_of_a_promise_has_its_column() -> None:
    base = desk()
    priced = replace(base.promises[0], penalty_lost=4.0, credit=500.0)
    table = promise_table(result(replace(base, promises=(priced, base.promises[1]))))
    assert table.headings[-2:] == ["lost, EUR", "credit, EUR"]
    assert [row[-2:] for row in table.rows] == [["4", "500"], ["–", "0"]]


def test_the_cost_in_one_line_a_week_only_where_a_week_is_counted() -> None:
    base = desk()
    line = cost_line(result())
    assert line == (
        "Cost of 2 counted days: 96.0 paid hours, 1 920 ± 0 EUR in all; 364.57 EUR per contact handled, "
        "364.57 EUR per solved issue, idle time included"
    )
    weeks = result(replace(base, times=replace(base.times, length_days=14)))
    assert cost_line(weeks).startswith("Cost a week: 48.0 paid hours, 960.00 ± 0.00 EUR in all; ")
    free = replace(base, teams=(replace(base.teams[0], wage_per_hour=0.0),))
    assert cost_line(result(free)) == "Cost of 2 counted days: 96.0 paid hours; nothing has a price"
    assert cost_line(result(replace(base, currency=""), 1)).startswith(
        "Cost of 2 counted days: 96.0 paid hours, 1 920 in"
    )
    assert "saves" not in line
    assert line in printed(result(), 200)


def test_names_are_never_read_as_markup() -> None:
    base = desk()
    odd = replace(base, title="[red]desk[/red] [b", promises=(replace(base.promises[0], name="[bold]x"),))
    text = printed(result(odd), 140)
    assert "[red]desk[/red] [b" in text
    assert "[bold]x" in text


def test_one_replication_shows_no_interval_and_decides_nothing() -> None:
    found = result(n=1)
    text = printed(found, 140)
    assert "1 replication × 2 counted days, seed 1" in text
    assert "±" not in text.replace("± 95 % interval", "")
    assert undecided(found)[0].endswith("one replication decides nothing")


def test_nothing_finished_says_so_and_no_more() -> None:
    assert printed(replace(result(), finished=()), 80).strip().endswith("0 replications × 2 counted days, seed 1")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0 s"),
        (48.4, "48 s"),
        (119.0, "119 s"),
        (126.0, "2.1 min"),
        (7300.0, "2.0 h"),
        (180_000.0, "2.1 days"),
        (math.nan, "–"),
    ],
)
def test_spans_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_numbers_in_words() -> None:
    assert [count(x) for x in (14385.2, 3.25, 3.0, 0.0, math.nan)] == ["14 385", "3.2", "3", "0", "–"]
    assert [percent(x) for x in (0.8134, math.nan)] == ["81.3 %", "–"]


def test_a_promise_on_its_target_is_said_to_sit_there() -> None:
    """Means of 79 and 81 % against 80 %: no number of replications would decide, and half of the days reach it."""
    found = result(n=2)
    row = found.promises.iloc[[0]].assign(
        selector="all", verdict="too close to call", target=0.8, kept_share=0.8, kept_ci_low=0.7, kept_ci_high=0.9,
        replications=2, periods_kept_share=0.5, replications_to_decide=math.nan, promise="fast", judged="daily",
    )  # fmt: skip
    told: Any = SimpleNamespace(promises=row)
    assert undecided(told) == ["fast: it sits on its target: 50 of 100 days reach it"]
    told.promises = row.assign(kept_share=0.82)
    assert undecided(told) == ["fast is too close to call: not even 10000 replications would decide"]
