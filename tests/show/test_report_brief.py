"""The verdict in a few sentences: its numbers are those of the tables; what is sure stands apart from what is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from study.players import desk
from study.test_compare import busy

from show.report_pages import Page, compared, comparison_page
from supportsim.show.report.brief import brief, leading
from supportsim.study.compare import compare
from supportsim.study.comparison import Comparison


@pytest.fixture(scope="module")
def three() -> Comparison:
    """A desk that misses its promise, one more agent who is as cheap and still misses, and six who keep it."""
    more = busy("more", teams__desk__agents="6")
    fewer = busy("fewer", teams__desk__agents="2")
    return compare([busy("today"), more, fewer], replications=6, seed=2)


def test_the_option_that_keeps_most_is_named_with_what_it_costs_and_whom_it_hurts(three: Comparison) -> None:
    said = brief(three)
    assert 3 <= len(said) <= 5
    assert leading(three).name == "more"
    assert said[0] == (
        "If promises kept are what counts, take more: of 3 options it keeps most for sure, 1 of 1 promise (newly "
        "kept: fast); today keeps 0 of 1 promise."
    )
    assert said[1] == "It costs 5 760 in 2 days, 2 880 more than today (known to ± 0); 144 h more are paid in 2 days."
    assert said[2] == "Nothing else gets worse by more than chance; no promise is missed."
    assert said[3].startswith(
        "If cost is, take fewer: 960 less in 2 days than today (known to ± 0); but it keeps 0 of 1"
    )
    assert "worse than today in 2 measures by more than chance" in said[3]
    assert said[4].startswith("How sure: 6 plays of each on the same customers")


def test_no_option_is_taken_that_keeps_no_more_and_is_not_cheaper_for_sure(three: Comparison) -> None:
    same = Comparison((three.options[1], three.options[1]._replace(name="copy"), three.options[0]), three.metrics)
    assert leading(same) is same.base
    assert brief(same)[0] == "No option keeps more promises for sure than more, which keeps 1 of 1 promise."
    assert not any("It costs" in line for line in brief(same))


def test_one_play_decides_nothing() -> None:
    found = compare([busy("a"), busy("b", teams__desk__agents="6")], replications=1)
    assert brief(found)[-1] == "How sure: one play of each decides nothing."


def test_where_nothing_is_promised_every_sentence_stays() -> None:
    free = replace(desk(), promises=())
    assert brief(compared(replace(free, name="a"), replace(free, name="b"))) == []


def test_a_run_with_many_promises_is_told_in_a_few_sentences() -> None:
    (one, *_), base = desk().promises, desk()
    many = replace(base, promises=tuple(replace(one, name=f"p{i}", share=0.99 - i / 4) for i in range(4)))
    found = compared(many)
    said = brief(found)
    names = {"p0", "p1", "p2", "p3"}
    assert sum(name in said[0] for name in names) == 4
    assert said[1].startswith("Furthest below its target is p0")
    assert brief(compared(base)) == []


def test_the_long_form_stands_below_the_first_page(three: Comparison, tmp_path: Path) -> None:
    page = Page(comparison_page(three, tmp_path / "out", drawn=False))
    first = page.part('<section id="summary"', '<section id="details"')
    assert "take more" in first
    assert "Against today. Better:" not in first
    assert "Against today. Better:" in page.part('<section id="details"', "<nav")
