"""Contribution in the report: for readers who know no column names."""

from __future__ import annotations

from study.test_contribution import result
from study.test_flip import compared

from supportsim.scenario.model import Segment
from supportsim.show.report.worth import tables
from supportsim.show.worth_table import churn_line, worth_table
from supportsim.study.comparison import Option
from supportsim.study.run import run


def test_a_table_by_segment_and_a_bridge_from_cash() -> None:
    by_segment, bridge = tables(Option("today", result()))
    assert [row[0] for row in by_segment.rows] == ["customers", "others", "nobody caused it", "the company"]
    assert len(by_segment.headings) == len(by_segment.rows[0])
    words = [row[0] for row in bridge.rows]
    assert words[:3] == ["margin of customers", "margin of others", "prices of plans of customers"]
    ends = [row[1:] for row in bridge.rows if "cash" in row[0] or "the same amount" in row[0]]
    assert len(ends) == 2
    assert ends[0] == ends[1]


def test_churn_is_told_in_three_opinions_in_the_report_and_on_the_console() -> None:
    comparison = compared()
    result = comparison.options[1].result
    *_, churn = tables(comparison.options[1])
    assert [row[0] for row in churn.rows] == ["customers", "the company"]
    assert len(churn.headings) == len(churn.rows[0]) == 11
    table = worth_table(result)
    assert table is not None
    assert [row[0] for row in table.rows] == ["customers", "nobody", "company"]
    assert churn_line(result).startswith("Customers expected to be lost by what they experienced, a year: low ")


def test_what_is_not_known_is_a_dash_and_without_any_margin_there_is_no_table() -> None:
    by_segment, _ = tables(Option("today", result(21, 2, Segment("unknown", 5))))
    assert by_segment.rows[-1][2] == "–"
    from study.players import Player, desk

    assert tables(Option("today", run(desk(), 1, jobs=1, make=Player))) == []
