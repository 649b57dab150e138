"""Tables, sentence and figure of who waits for whom."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from supportsim.scenario.load import load, load_text
from supportsim.scenario.ticks import HOUR
from supportsim.show.crowding_figure import draw_crowding, matrix
from supportsim.show.crowding_words import crowded_out, each, finding
from supportsim.study.crowding import ALL, largest
from supportsim.study.result import Result
from supportsim.study.run import run

ROOT = Path(__file__).resolve().parents[2]
DESK = """
name: crowded
start: 2026-03-02
length: 60 min
segments: {premium: {}, free: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {policy: fifo}
teams: {desk: {serves: [phone], agents: 1}}
demand: {calls: {trace: rows.csv}}
"""
ROWS = "at_min,segment,handle_min\n0,premium,4\n1,free,6\n2,premium,3\n"


def played(folder: Path, text: str = DESK, rows: str = ROWS, n: int = 2) -> Result:
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    return run(load_text(text, "desk.yaml", folder), n, jobs=1)


@lru_cache(maxsize=1)
def week() -> Result:
    return run(load(ROOT / "benchmarks" / "w2.yaml"), 2, jobs=1)


def test_rows_say_who_waited_because_of_whom(tmp_path: Path) -> None:
    found = played(tmp_path)
    table = found.crowding.set_index(["segment", "channel", "because_of"])
    free = table.loc["free", "phone", "premium"]
    assert free["hours"] == pytest.approx(3 / 60)
    assert free["minutes_per_waiting_contact"] == pytest.approx(3)
    assert (free["share_of_waiting"], free["waiting_contacts"], free["n"], free["kind"]) == (1, 1, 2, "segment")
    assert np.isnan(free["hours_per_week"])  # an hour says nothing of a week
    premium = table.sort_index().loc["premium", "phone"]
    assert premium["hours"].round(9).to_dict() == {
        "premium": round(2 / 60, 9), "free": 0.1, "filler": 0, "away": 0, "reservation": 0, "draining": 0,
        "last chat": 0, "overflow delay": 0, "nobody on shift": 0, ALL: round(8 / 60, 9),
    }  # fmt: skip
    assert table.loc[(ALL, ALL, ALL), "hours"] == pytest.approx(11 / 60)
    assert table.loc[(ALL, ALL, ALL), "minutes_per_waiting_contact"] == pytest.approx(5.5)


def test_blocked_contacts_stand_beside(tmp_path: Path) -> None:
    found = played(tmp_path, DESK.replace("kind: live", "kind: live, lines: 1"))
    table = found.crowding.set_index(["segment", "because_of"]).sort_index()
    assert table.loc["free", "blocked_contacts"]["premium"] == table.loc["free", "blocked_contacts"][ALL] == 1
    assert table.loc["free", "blocked_contacts"]["free"] == 0
    assert np.isnan(table.loc["free", "blocked_contacts"]["away"])
    assert not table["hours"].any()


def test_the_sentence_names_the_largest_cell_off_the_diagonal(tmp_path: Path) -> None:
    found = played(tmp_path)
    assert crowded_out(found) == (
        "premium waited 0.1 h because agents worked for free: 6.0 min for each contact that waited"
    )
    assert finding(found) == crowded_out(found)
    assert each(0.5) == "30 s"


def test_where_nobody_waits_because_of_others_the_figure_says_why(tmp_path: Path) -> None:
    late = DESK.replace("agents: 1", "shifts: {late: {days: mon, hours: 00:30-01:00, agents: 3}}")
    found = played(tmp_path, late)
    assert (largest(found), crowded_out(found)) == (None, "")
    assert finding(found).startswith("nobody waited because agents worked for others; premium waited 1.0 h because ")
    assert finding(found).endswith("nobody was on shift")
    nobody = played(tmp_path, rows="at_min,segment,handle_min\n0,free,1\n")
    assert finding(nobody) == ""
    assert draw_crowding(nobody, tmp_path) == []
    assert not len(nobody.crowding_intervals)


def test_a_segment_may_be_called_as_a_column(tmp_path: Path) -> None:
    found = played(tmp_path, DESK.replace("free", "filler"), ROWS.replace("free", "filler"))
    cell = largest(found)
    assert cell is not None
    assert (cell.segment, cell.because_of, cell.is_filler) == ("premium", "filler", False)
    assert draw_crowding(found, tmp_path)


def test_tables_add_up_in_a_week_of_a_shipped_scenario() -> None:
    found = week()
    table = found.crowding
    parts, sums = table[table["because_of"] != ALL], table[table["because_of"] == ALL]
    by_row = parts.groupby(["segment", "channel"], sort=False)
    np.testing.assert_allclose(by_row["hours"].sum(), sums["hours"], rtol=1e-12)
    np.testing.assert_allclose(by_row["share_of_waiting"].sum(), 1.0, rtol=1e-12)
    pairs = sums[(sums["segment"] != ALL) & (sums["channel"] != ALL)]
    total = sums[(sums["segment"] == ALL) & (sums["channel"] == ALL)]["hours"].iloc[0]
    assert pairs["hours"].sum() == pytest.approx(total, rel=1e-12)
    ticks = sum(int(each.ticks.sum()) for each in found.crowded)
    assert ticks / found.n / HOUR == pytest.approx(total, rel=1e-12)
    np.testing.assert_allclose(sums["hours_per_week"], sums["hours"], rtol=1e-12)  # a week is counted
    assert found.crowding_sums is not None
    assert int(found.crowding_sums.ticks.sum()) == ticks


def test_intervals_of_a_typical_week_add_up_to_a_week() -> None:
    found = week()
    bins, table = found.crowding_intervals, found.crowding
    whole = table[(table["segment"] != ALL) & (table["channel"] != ALL)]
    keys = ["segment", "channel", "because_of"]
    ours = bins.groupby(keys)["hours"].sum()
    theirs = whole[whole["hours"] > 0].set_index(keys)["hours_per_week"].sort_index()
    np.testing.assert_allclose(ours.sort_index(), theirs, rtol=1e-9)
    assert bins["bin"].str.match(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d$").all()


def test_the_figure_tells_its_finding_and_leaves_out_what_there_is_no_room_for(tmp_path: Path) -> None:
    found = week()
    files = draw_crowding(found, tmp_path)
    assert [file.name for file in files] == ["crowding.svg", "crowding.png", "crowding.csv"]
    root = ET.parse(files[0]).getroot()
    assert finding(found) in (root[1].text or "")
    shown = matrix(found)
    table = found.crowding.set_index(["segment", "channel", "because_of"])["hours_per_week"]
    for r, (segment, channel) in enumerate(shown.rows):
        for c, name in enumerate(shown.columns):
            assert shown.hours[r, c] == pytest.approx(table[segment, channel, name])
    assert shown.left_out == 0


def test_of_many_columns_the_small_ones_are_one(tmp_path: Path) -> None:
    names = [f"s{i:02}" for i in range(20)]
    text = DESK.replace("{premium: {}, free: {}}", "{" + ", ".join(f"{name}: {{}}" for name in names) + "}")
    rows = "at_min,segment,handle_min\n" + "".join(f"{i},{name},{3 + i % 2}\n" for i, name in enumerate(names))
    found = played(tmp_path, text, rows, 1)
    shown = matrix(found)
    assert (len(shown.columns), shown.columns[-1]) == (13, "others")
    assert (len(shown.rows), shown.left_out) == (16, 3)
    np.testing.assert_allclose(shown.shares.sum(axis=1), 1.0)
    assert draw_crowding(found, tmp_path)


def test_without_journals_there_is_no_table_and_no_figure(tmp_path: Path) -> None:
    found = replace(played(tmp_path), crowded=(), crowding_sums=None)
    assert not len(found.crowding)
    assert not len(found.crowding_intervals)
    assert finding(found) == ""
