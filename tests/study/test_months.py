"""Months of customers who leave: two years, with and without a journal, on both clocks, and by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from show.report_pages import Page

from supportsim.cli import INCOMPLETE, INVALID, main
from supportsim.engine.clocks import play
from supportsim.engine.layout import Layout
from supportsim.scenario.load import load_text
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import DAY, MONTH, NEVER
from supportsim.show.months_figure import draw_months, finding, lines_of
from supportsim.show.report.months import of_months
from supportsim.show.style import without_pixels
from supportsim.study.ahead import AHEAD, COST, turns
from supportsim.study.comparison import values
from supportsim.study.contribution import CONTRIBUTION
from supportsim.study.estimate import student
from supportsim.study.feedback import NobodyLeaves, at_odds, months
from supportsim.study.folder import ResultExists
from supportsim.study.metrics import Incomparable
from supportsim.study.months import MONTHS, TOLD
from supportsim.study.months_words import UNKNOWN
from supportsim.study.result import Result
from supportsim.study.run import run

#: From the middle of a month for two years and three days more.
MEMBERS = """
name: members
start: 2026-03-16
length: 733 days
segments:
  members: {customers: 150, joins: 3/month, margin: 9/month, churn: 30%/year, plan: {free: 50%, paid: 50%}}
  guests: {plan: free}
plans: {free: [phone], paid: {channels: [phone], price: 4/month}}
channels:
  phone:
    {kind: live, handle_time: 5 min, patience: 2 min, after: {abandoned: {again: 100%, delay: 3 days, tries: 2}}}
demand: {calls: {segment: members, per_customer: 1/month}, others: {segment: guests, rate: 0.1/h}}
teams: {desk: {serves: [phone], agents: 0}}
experience:
  lasts: 6 months
  feedback: yes
  unanswered: {low: x 1, stated: x 1.2, high: x 3}
"""


@pytest.fixture(scope="module")
def members() -> Scenario:
    return load_text(MEMBERS, "members.yaml")


def test_two_years_without_a_journal_are_the_same_on_both_clocks(members: Scenario) -> None:
    kept = run(members, 2)
    assert kept.by_month is not None
    assert tuple(kept.by_month.columns) == MONTHS
    assert (kept.by_month["whose"] == "segment").sum() == (kept.by_month["whose"] == "all").sum() == 25
    for engine in ("compiled", "simpy"):
        found = run(members, 2, engine=engine, keep_journal=False)
        assert not found.journal_xxh128
        assert_frame_equal(found.by_month, kept.by_month)
        assert_frame_equal(found.contribution, kept.contribution)


def test_months_are_those_of_the_journal_and_of_the_calendar(members: Scenario) -> None:
    """April 2026: it begins 16 days after counted time and has 30."""
    journal, result = play(Layout(members), 1, 1), run(members, 1)
    assert journal.customers is not None
    assert result.by_month is not None
    joined, left = journal.customers["joined"], journal.customers["left"]
    begin, end = 16 * DAY, 46 * DAY
    own = result.by_month.set_index(["whose", "month"]).loc[("segment", "2026-04")]
    assert own["days"] == 30
    assert own["joined"] == ((begin <= joined) & (joined < end)).sum()
    assert own["left"] == ((begin <= left) & (left < end)).sum() > 0
    assert own["customers_begin"] == ((joined < begin) & (left >= begin)).sum()
    assert own["customers_end"] == own["customers_begin"] + own["joined"] - own["left"]
    there = np.maximum(np.minimum(left, end) - np.maximum(joined, begin), 0)
    assert own["customers_mean"] == pytest.approx(there.sum() / (30 * DAY), rel=1e-12)
    assert own["margin"] == pytest.approx(9 * there.sum() / MONTH, abs=1e-6)
    issues = journal.issues[journal.issues["segment"] == 0]
    gone = (issues["state"] == 6) & (issues["contacts"] == 0)
    within = (begin <= issues["asked"]) & (issues["asked"] < end)
    assert own["issues"] == (within & ~gone).sum()
    assert own["not_arisen"] == (within & gone).sum()


def test_what_is_earned_is_the_sum_of_its_months_and_nothing_is_expected_beside(members: Scenario) -> None:
    result = run(members, 2)
    assert result.by_month is not None
    assert tuple(result.contribution.columns) == CONTRIBUTION
    row = result.contribution.set_index("segment").loc["members"]
    own = result.by_month[result.by_month["whose"] == "segment"]
    for name in ("margin", "support_price"):
        assert row[name] == pytest.approx(own[name].sum(), abs=1e-5)
    counted = 733 * DAY / MONTH
    assert row["customers"] == pytest.approx(result.months[:, 0, :, 5].sum(axis=1).mean() / (733 * DAY))
    assert row["margin"] < 0.9 * 9 * counted * 150  # far less than had nobody left
    assert np.isnan(row["churn_cost"])
    assert not len(result.experience)
    places = result.yardstick.places
    left = result.rows[:, places["members", "customers_left"], 2]
    assert left.tolist() == result.months[:, 0, :, 1].sum(axis=1).tolist()
    assert not any(measure == "customers_lost" for _, measure in places)


def test_in_a_static_scenario_nobody_leaves_and_no_month_is_told() -> None:
    static = load_text(MEMBERS.replace("  feedback: yes\n", "").replace("733 days", "7 days"), "static.yaml")
    result = run(static, 1)
    assert result.by_month is None
    assert not any(measure == "customers_left" for _, measure in result.yardstick.places)


# ---------------------------------------------------------------- low, stated, high


def test_all_three_odds_have_the_same_customers_and_more_leave_the_higher_they_are(members: Scenario) -> None:
    plays = [play(Layout(at_odds(members, odds)), 1, 1) for odds in ("low", "stated", "high")]
    low, stated, high = (each.customers for each in plays)
    assert low is not None
    assert stated is not None
    assert high is not None
    assert low["joined"].tolist() == stated["joined"].tolist() == high["joined"].tolist()
    assert np.all(low["left"] >= stated["left"])
    assert np.all(stated["left"] >= high["left"])
    assert np.count_nonzero(high["left"] < NEVER) > np.count_nonzero(low["left"] < NEVER)
    with pytest.raises(NobodyLeaves, match="no segment states a number of customers and its churn"):
        at_odds(load_text(MEMBERS.replace(", churn: 30%/year", "").replace("  feedback: yes\n", ""), "a.yaml"), "low")


def test_the_command_tells_options_at_all_odds_and_draws_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = MEMBERS.replace("733 days", "70 days").replace("  feedback: yes\n", "")
    text = text.replace("guests: {plan: free}", "guests: {customers: 10, margin: 2/month}")
    (tmp_path / "one.yaml").write_text(text)
    (tmp_path / "two.yaml").write_text(text.replace("agents: 0", "agents: 2").replace("name: members", "name: two"))
    files = [str(tmp_path / name) for name in ("one.yaml", "two.yaml")]
    assert main(["months", *files, "-n", "2", "-o", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert UNKNOWN in printed
    said = (
        "two against members: it costs the same in 2026-03 (16 counted days); by income less cost after 2 months it is "
    )
    assert f"· {said}" in printed
    assert [line.split()[0] for line in printed.splitlines() if re.match(r"  (low|stated|high) ", line)] == [
        "low", "stated", "high",
    ] * 2  # fmt: skip
    table = (tmp_path / "out" / "months.csv").read_text().splitlines()
    assert table[0].startswith("option,odds,whose,segment,month,days,currency,customers_begin,")
    assert len(table) == 1 + 2 * 3 * 2 * 3  # options, odds, segment and all, March to May
    assert {file.name for file in (tmp_path / "out" / "figures").iterdir()} == {
        "months.svg",
        "months.png",
        "months.csv",
    }
    svg = (tmp_path / "out" / "figures" / "months.svg").read_text()
    assert "Customers after 70 days: members" in svg
    assert main(["months", *files, "-n", "2", "-o", str(tmp_path / "out")]) == 4
    (tmp_path / "none.yaml").write_text(text.replace("customers: 150, joins: 3/month, ", ""))
    assert main(["months", str(tmp_path / "none.yaml"), "-n", "1"]) == INVALID


def test_where_a_replication_fails_the_command_says_so_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.yaml").write_text(MEMBERS.replace("733 days", "31 days"))

    def one_fails(*asked: Any, **said: Any) -> Result:
        return replace(run(asked[0], 2), failed={3: "too much"}, requested=3)

    monkeypatch.setattr("supportsim.study.run.run", one_fails)
    assert main(["months", str(tmp_path / "one.yaml"), "-n", "3", "-o", str(tmp_path / "out")]) == INCOMPLETE
    said = capsys.readouterr().err
    assert "members at low odds: replication 3 failed: too much; members at stated odds: replication 3" in said
    assert said.rstrip().endswith("nothing was written")
    assert not (tmp_path / "out").exists()


def test_of_one_file_segments_have_lines_and_customers_begin_where_they_ended(tmp_path: Path) -> None:
    text = MEMBERS.replace("733 days", "70 days").replace(
        "guests: {plan", "guests: {customers: 40, churn: 90%/year, plan"
    )
    found = months([load_text(text, "m.yaml")], 2)
    lines = lines_of(found)
    assert [each.name for each in lines] == ["members", "guests"]
    assert lines[1].margin is None  # it states none
    assert "members 1" in finding(found, lines)
    assert draw_months(found, tmp_path)
    own = found.table[found.table["whose"] == "all"]
    for odds in ("low", "high"):
        rows = own[own["odds"] == odds]
        assert rows["customers_begin"].tolist()[1:] == rows["customers_end"].tolist()[:-1]
    assert set(TOLD) <= set(own.columns)


# ---------------------------------------------------------------- what is saved first and lost later


def test_what_an_option_saves_it_may_lose_by_and_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An agent costs 1 an hour, 24 a day for 91 days; without him everybody hangs up, and more leave each month."""
    text = MEMBERS.replace("733 days", "91 days").replace("agents: 0", "agents: 1, wage: 1/h")
    text = text.replace("  guests: {plan: free}\n", "  guests: {customers: 10, margin: 2/month, plan: free}\n")
    text = text.replace("lasts: 6 months", "lasts: 1 year").replace(
        "stated: x 1.2, high: x 3", "stated: x 30, high: x 900"
    )
    (tmp_path / "helped.yaml").write_text(text)
    (tmp_path / "alone.yaml").write_text(text.replace("agents: 1", "agents: 0").replace("name: members", "name: alone"))
    files = [str(tmp_path / name) for name in ("helped.yaml", "alone.yaml")]
    found = months(
        [load_text((tmp_path / f"{name}.yaml").read_text(), f"{name}.yaml") for name in ("helped", "alone")], 3
    )
    table = found.ahead
    assert table is not None
    assert tuple(table.columns) == AHEAD
    own = table[table["odds"] == "stated"]
    days = np.array([16, 30, 31, 14])
    assert own["cost"].tolist() == pytest.approx((-24 * days).tolist())  # saved
    told = found.table[(found.table["whose"] == "all") & (found.table["odds"] == "stated")]
    both = [told[told["option"] == name] for name in ("alone", "members")]
    assert own["income"].iloc[0] == pytest.approx(  # what guests bring is the same in both
        (told["margin"] + told["support_price"]).iloc[4] - (told["margin"] + told["support_price"]).iloc[0], abs=1e-6
    )
    earned = [each["margin"].to_numpy() + each["support_price"].to_numpy() for each in both]
    assert own["income"].tolist() == pytest.approx((earned[0] - earned[1]).tolist(), abs=1e-6)
    assert own["ahead"].tolist() == pytest.approx(np.cumsum(earned[0] - earned[1] + 24 * days).tolist(), abs=1e-6)
    assert (np.diff(own["income"]) < 0)[:2].all()
    assert own["ahead"].iloc[0] > 0
    assert main(["months", *files, "-n", "2", "-o", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    # 16 days of 24
    said = "alone against members: it saves 384 in 2026-03 (16 counted days); by income less cost after 3 months it is "
    assert said in printed
    assert "at low odds 2 184 ahead, throughout;" in printed  # odds of 1: 91 days' pay, no more
    assert (tmp_path / "out" / "months_ahead.csv").exists()
    assert "Income less cost, against members: alone is" in (tmp_path / "out" / "figures" / "months.svg").read_text()


def test_the_report_tells_who_stays_and_what_is_ahead(tmp_path: Path) -> None:
    """Its verdict is that of the folder; the tables hold the rows of months_ahead.csv; it says what nobody knows."""
    text = MEMBERS.replace("733 days", "70 days").replace("name: members", "name: members\ncurrency: EUR")
    text = text.replace("guests: {plan: free}", "guests: {customers: 10, margin: 2/month}")
    one, two = load_text(text, "a.yaml"), load_text(text.replace("agents: 0", "agents: 2, wage: 3/h"), "b.yaml")
    found = months({"none": one, "two": two}, 2)
    folder = found.write(tmp_path / "out")
    with without_pixels():
        page = Page(of_months(found, folder))
    said = page.part('<section id="summary"', '<section id="unknown"')
    for sentence in (folder / "verdict.txt").read_text(encoding="utf-8").splitlines():
        assert sentence.replace(" %", "") in said.replace("\u00a0", " ").replace(" %", "")
    assert found.ahead is not None
    last = found.ahead[(found.ahead["odds"] == "stated")].iloc[-1]
    assert f"two against none: it costs {16 * 24 * 2 * 3:,} EUR more in 2026-03".replace(",", " ") in said.replace(
        "\u00a0", " "
    )
    cell = f"−{abs(last['ahead']):,.0f}".replace(",", " ")
    assert cell in said.replace("\u00a0", " ")
    desk = said[said.index("Promises kept and cost of all counted time, by odds of leaving") :].replace("\u00a0", " ")
    for odds in ("low", "stated", "high"):
        costs = values(found.of("two", odds), COST)
        cells = " ".join(desk.split())
        assert f"two {odds} {costs.mean():,.0f} ± {student(costs).half:,.0f}".replace(",", " ") in cells
    assert "odds of leaving (unanswered)" in page.part('<section id="unknown"', '<section id="planner"')
    assert "months_ahead.csv" in page.part('<section id="provenance"', "<footer>")
    assert (folder / "manifest.json").is_file()
    with pytest.raises(ResultExists):
        found.write(folder)
    with pytest.raises(TypeError, match=r"call load\('members.yaml'\) first"):
        months("members.yaml")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scenarios: got none"):
        months([])


def test_in_which_month_it_turns_for_good() -> None:
    """It falls behind, gets even, ahead, behind again: what counts is the last turn."""
    rows = [("a", "low", f"2026-{k + 1:02d}", value) for k, value in enumerate((5.0, -1.0, 0.0, 3.0, -2.0, -9.0))]
    table = pd.DataFrame(rows, columns=["option", "odds", "month", "ahead"])
    assert turns(table, "a", "low") == "behind from 2026-05 on"
    assert turns(table[:4], "a", "low") == "ahead from 2026-04 on"
    assert turns(table[:1], "a", "low") == "ahead throughout"


def test_who_cannot_leave_is_income_too_and_other_times_or_people_are_not_compared(tmp_path: Path) -> None:
    """Guests who stay pay 5 a month each more in the second file: 10 of them for a month of 30.4375 days, in all 50."""
    text = MEMBERS.replace("733 days", "91 days").replace(
        "guests: {plan: free}", "guests: {customers: 10, margin: 2/month}"
    )
    dear = text.replace("margin: 2/month", "margin: 7/month").replace("name: members", "name: dear")
    found = months([load_text(text, "a.yaml"), load_text(dear, "b.yaml")], 2)
    table = found.ahead
    assert table is not None
    last = table[table["month"] == "2026-06"]
    assert last["ahead"].tolist() == pytest.approx([50 * 91 / 30.4375] * 3, abs=1e-5)
    with pytest.raises(Incomparable, match="counted time"):
        months([load_text(text, "a.yaml"), load_text(dear.replace("91 days", "80 days"), "b.yaml")], 1)
    others = dear.replace("margin: 7/month", "margin: 7/month, churn: 10%/year")
    with pytest.raises(Incomparable, match="customers who may leave are those of members, guests in 'dear'"):
        months([load_text(text, "a.yaml"), load_text(others, "b.yaml")], 1)


def test_ctrl_c_before_anything_is_finished_is_raised_and_later_keeps_what_is(
    members: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = run(replace(members, times=replace(members.times, length_days=31)), 1)
    ends = [replace(played, interrupted=True, finished=())]
    monkeypatch.setattr("supportsim.study.run.run", lambda *_, **__: ends.pop(0))
    with pytest.raises(KeyboardInterrupt):
        months([members], 1)
    ends += [played, replace(played, interrupted=True, finished=())]
    found = months([members], 1)
    assert found.interrupted
    assert not found.complete
    assert [each.odds for each in found.plays] == ["low"]
