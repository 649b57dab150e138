"""Tables of a report: headings in words with units, and a sentence where there is none."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from markupsafe import Markup
from study.players import desk
from study.test_compare import busy

from show.report_pages import Page, played, run_page
from supportsim.scenario.model import Law
from supportsim.scenario.ticks import MINUTE, SECOND
from supportsim.show.report import missing, money, planner
from supportsim.show.report.plain import shown, unlinked
from supportsim.show.report.table import number
from supportsim.show.report.worst import worst
from supportsim.show.staffed_teams import staffing
from supportsim.show.staffing_figure import requirement
from supportsim.study.comparison import Comparison, Option
from supportsim.study.intraday import erlang
from supportsim.study.result import Result
from supportsim.study.run import run
from supportsim.study.words import unsigned_zero


@pytest.fixture(scope="module")
def paid() -> Result:
    """A desk with one phone channel, three agents who cost something and a promise that they miss."""
    return run(busy("a"), 3)


@pytest.fixture(scope="module")
def page(paid: Result, tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(run_page(paid, tmp_path_factory.mktemp("paid") / "out", drawn=False))


def test_no_heading_is_the_name_of_a_column(page: Page) -> None:
    said = page.part('<section id="planner"', '<section id="researcher"')
    assert not re.search(r"[a-z]_[a-z]|\bci (low|high)\b|\bh\b_|\w+ h h\b", said), said
    assert "95 % interval of the mean" in said
    assert "What the cost is made of" in said


def test_no_mark_of_the_manual_is_left(page: Page) -> None:
    assert "](" not in "".join(page.texts["main"])
    assert unlinked("see [model.md](model.md#11-x), `cost` too") == "see docs/model.md, cost too"


def test_a_desk_of_phones_has_no_backlog_and_is_told_so(paid: Result, page: Page) -> None:
    assert missing.backlog(paid) is None
    assert missing.NO_BACKLOG in page.part('<section id="planner"', '<section id="researcher"')
    assert missing.NO_BACKLOG not in planner.unsaid(Option("a", played()))  # a desk with tickets


def test_what_costs_nothing_is_left_out_and_everything_adds_up(paid: Result) -> None:
    table = money.costs(paid)
    assert "0" not in [row[2] for row in table.rows]
    assert table.rows[0][:2] == ["pay", "desk"]
    assert table.rows[-1][:2] == ["all of it", "everything"]
    whole = paid.costs.to_dict("records")[-1]
    assert table.rows[-1][2] == number(whole["mean"], 0)
    assert "costs.csv" in table.note
    whose = money.allocation(paid)
    assert whose.rows[-1][0] == "the company"
    assert whose.headings[1] == ("pay of agents", paid.scenario.currency)


def test_no_price_no_money(tmp_path: Path) -> None:
    free = run(busy("a", teams__desk__wage="0/h"), 2)
    assert money.tables(Option("a", free)) == []
    said = Page(run_page(free, tmp_path / "out", drawn=False)).part('id="planner"', '<section id="researcher"')
    assert money.FREE in said
    assert "Who causes the cost" not in said


def test_causes_stand_in_the_words_of_the_console_and_add_up(paid: Result) -> None:
    table = missing.causes(paid)
    assert table is not None
    names = [heading.name for heading in table.headings]
    assert names[4:] == ["too few rostered", "short", "needed", "present"]  # others are 0.0
    for row in table.rows:
        *parts, short, needed, present = (float(cell.replace("−", "-")) for cell in row[4:])
        assert sum(parts) == pytest.approx(short, abs=0.21)  # four roundings, and what is left out
        assert needed - present == pytest.approx(short, abs=0.16)
        assert row[3] in names
    missed = [float(row[2]) for row in table.rows]
    assert missed == sorted(missed, reverse=True)
    assert missing.causes(played(replace(desk(), promises=()))) is None


def test_heads_beside_a_promise_are_those_of_the_teams_that_can_keep_it() -> None:
    """A second agent helps out at the phone after 30 s: too late for a promise of 20 s."""
    base = desk()
    (team,), (phone, ticket) = base.teams, base.queues
    teams = (replace(team, agents=1), replace(team, name="second", agents=1))
    phone = replace(phone, teams=((team.name,), ("second",)), delays=(0, 30 * SECOND))
    table = worst(played(replace(base, teams=teams, queues=(phone, ticket))))
    assert table is not None
    assert {row[7] for row in table.rows if row[1] == "p"} == {"1.0"}
    assert {row[7] for row in worst(played()).rows if row[1] == "p"} == {"2.0"}  # type: ignore[union-attr]


def test_one_formula_speaks_for_the_whole_desk(paid: Result) -> None:
    """Erlang A only where it is known on every channel when customers give up."""
    result = played()
    assert erlang(result) == "Erlang C"
    (group,) = staffing(result)
    assert requirement(group)[1] == "what Erlang C asks for live work"
    np.testing.assert_array_equal(group.erlang, group.erlang_c)
    law = Law("exponential", (float(4 * MINUTE),))
    queues = tuple(replace(queue, patience=law) for queue in desk().queues)
    leaving = played(replace(desk(), queues=queues))
    assert erlang(leaving) == "Erlang A"
    (group,) = staffing(leaving)
    np.testing.assert_array_equal(group.erlang, group.erlang_a)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("−0.0 points", "0.0 points"), ("+0.0", "0.0"), ("−0", "0"), ("−0.04", "−0.04"), ("+0.50", "+0.50"),
     ("−0.0 ± 0.3", "0.0 ± 0.3"), ("10–0.0", "10–0.0"), ("−0 510", "0 510")],
)  # fmt: skip
def test_nothing_has_no_sign(text: str, shown: str) -> None:
    assert unsigned_zero(text) == shown
    assert number(-0.04, 1) == "0.0"
    assert number(-0.06, 1) == "−0.1"


def test_a_number_stays_on_one_line_and_a_drawing_as_it_is() -> None:
    assert shown("1 659 GBP less (± 79) in 2 h or 3 hours") == "1\u00a0659 GBP less (±\u00a079) in 2\u00a0h or 3 hours"
    drawing = Markup('<path d="M 72 123 L 100 200"/>')
    assert shown(drawing) == drawing


def test_a_comparison_has_these_tables_of_each_option(paid: Result, tmp_path: Path) -> None:
    alone = Comparison((Option("a", paid),), ())
    captions = [table.caption for table in planner.tables(alone, alone.base, tmp_path)]
    assert any(caption.startswith("Who causes the cost") for caption in captions)
    assert any(caption.startswith("Times at which promises") for caption in captions)
