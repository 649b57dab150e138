"""Heads required by this simulation as they are shown: in words, figures, the report, and on the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from study.test_required_heads import PHONE, Known, hourly, two

from show.report_pages import Page, run_page
from supportsim.cli import main
from supportsim.scenario.load import load_text
from supportsim.scenario.model import Scenario
from supportsim.show import columns
from supportsim.show.comparing import NOT_RESIZED
from supportsim.show.intraday_figure import draw_intraday
from supportsim.show.net_figure import draw_net, finding, nets
from supportsim.show.report.planner import unsaid
from supportsim.show.report.required_table import required as tables
from supportsim.show.report.worst import worst
from supportsim.show.required_text import ASK, NO_LINE, UNHANDLED, document, text, told
from supportsim.show.running import document as run_document
from supportsim.study.comparison import Comparison, Option
from supportsim.study.required_heads import REQUIRED
from supportsim.study.required_plays import Cases, Tell
from supportsim.study.required_search import required
from supportsim.study.result import Result
from supportsim.study.run import run

#: 21 hours that need 10 heads and 3 that need 12; 9 are there.
NEEDED = [10] * 21 + [12] * 3


@cache
def found() -> Result:
    return required(hourly(), play=Known(NEEDED))


def test_in_words() -> None:
    head, _, _, first, second, *rows = text(found())
    assert head == "phone: heads required by this simulation"
    assert first.startswith(
        "phone (promises of an answer: phone): 246 agent-hours a day at the desk, 246 rostered; the roster has 216, of "
        "them 216 at the desk; fewer are present than required in 24 of 24 hours"
    )
    assert second.startswith("kept for sure with these heads in 24, missed for sure with one fewer in 24 of 24 hours")
    cells = rows[2].split()
    assert cells[:3] + cells[5:] == ["00:00", "9.0", "9.0", "10", "10.0", "−1.0", "81", "%", "±", "0", "77", "%"]


class Apart(Known):
    """Three replications keep 19 points more, three 19 fewer."""

    def __call__(self, scenario: Scenario, promises: Sequence[int], numbers: Sequence[int], tell: Tell) -> Cases:
        kept, judged = super().__call__(scenario, promises, numbers, tell)
        return Cases(np.clip(kept + np.array([19, -19] * 3)[:, None, None], 0, 100), judged)


def test_half_a_width_is_not_cut_where_the_range_is() -> None:
    """100 and 62 %: mean 81, s = 20.8, t(5) = 2.5706: half 21.8, so up to 102.8; what is cut there would be 19."""
    result = required(hourly(), play=Apart(NEEDED))
    assert text(result)[7].split()[8:] == ["81", "%", "±", "22", "77", "%"]
    assert {row[-2] for row in tables(result)[0].rows} == {"81 % ± 22"}
    assert result.required is not None
    assert set(result.required["kept_ci_high"]) == {1.0}
    assert result.required["kept_ci_low"].to_numpy() == pytest.approx(0.5916, abs=1e-4)


def test_where_nobody_handled_anything_that_is_the_reason() -> None:
    """Calls are judged and all missed; but with no handle time there is no load to begin with."""
    nobody = PHONE.replace("agents: 9", "agents: 0")
    result = required(run(load_text(nobody), 1, keep_journal=False))
    assert result.judged.sum() > 0
    assert text(result)[2:] == [UNHANDLED.format("phone")]
    why = [UNHANDLED.format("phone")]
    assert document(result)["not_searched"] == run_document(result, Path())["required_not_searched"] == why
    assert told(result)[1:] == [f"· {why[0]}"]
    assert unsaid(Option("desk", result))[0] == f"{why[0][:1].upper()}{why[0][1:]}."
    quiet = required(run(load_text(nobody.replace("rate: 210/h", "rate: 0/h")), 1, keep_journal=False))
    assert text(quiet)[2:] == [NO_LINE]
    beside = required(run(load_text(two("30/h", 0)), 1, keep_journal=False))
    assert [each.line.name for each in beside.heads_required or ()] == ["phone"]
    assert text(beside)[-2:] == ["", UNHANDLED.format("chat")]


def test_net_staffing_is_drawn_against_it(tmp_path: Path) -> None:
    (net,) = nets(found())
    assert net.net.tolist() == [9 - heads for heads in NEEDED]
    assert "those present are under what this simulation requires in all 24 hours" in finding(net).lower()
    draw_net(found(), tmp_path)
    assert "required: by this simulation" in (tmp_path / "net.svg").read_text(encoding="utf-8")


def test_the_worst_intervals_show_whose_heads_are_required() -> None:
    """Ten to a line at the desk are set against those of the simulation, not against the formula's."""
    table = worst(found())
    assert table is not None
    assert ("this simulation", "required") in table.headings
    assert table.headings[-1] == ("difference", "present less this simulation")
    for row in table.rows:
        needed = NEEDED[int(row[0].split()[2].split(":")[0])]
        assert (row[7], row[-1]) == (str(needed), f"{9 - needed:.1f}".replace("-", "−"))


def test_a_resized_roster_says_why_it_has_none(tmp_path: Path) -> None:
    result = replace(hourly(), not_required=NOT_RESIZED.format("today"))
    assert unsaid(Option("x", result))[0].startswith("Heads required by this simulation are not searched with the")
    draw_net(result, tmp_path)
    assert "not searched with a resized roster" in (tmp_path / "net.svg").read_text(encoding="utf-8")
    comparison = Comparison((Option("today", found()), Option("today, resized", result, "today")), ())
    assert f"today, resized: {result.not_required}." in comparison.verdict()


def test_the_page_of_a_day_has_its_line(tmp_path: Path) -> None:
    files = draw_intraday(found(), tmp_path)
    svg, table = (next(file for file in files if file.suffix == kind) for kind in (".svg", ".csv"))
    assert "required by this simulation" in svg.read_text(encoding="utf-8")
    with table.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["row"] == "desk"]
    assert [int(row["required_simulated"]) for row in rows] == NEEDED


def test_who_did_not_ask_is_told_how(tmp_path: Path) -> None:
    result = hourly()
    draw_net(result, tmp_path)
    assert ASK in (tmp_path / "net.svg").read_text(encoding="utf-8")
    assert not np.isnan(nets(result)[0].required).any()  # by Erlang, as ever


def test_the_report_tells_where_most_are_missing(tmp_path: Path) -> None:
    page = Page(run_page(found(), tmp_path / "out", drawn=False))
    said = page.part('<section id="planner"', '<section id="researcher"')
    assert "Heads required by this simulation, phone (promises of an answer: phone): 246 agent-hours a day" in said
    assert (tmp_path / "out" / "required.csv").exists()


TINY = """
name: tiny
start: 2026-03-02
length: 2 h
timezone: UTC
channels: {phone: {kind: live, handle_time: 5 min, patience: 3 min}}
demand: {calls: {channel: phone, rate: 20/h}}
teams: {frontline: {serves: [phone], agents: 2}}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: all}}
"""


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, folder = tmp_path / "tiny.yaml", tmp_path / "out"
    file.write_text(TINY, encoding="utf-8")
    asked = ["required", str(file), "-n", "2", "-o", str(folder), "--jobs", "1"]
    assert main([*asked, "--json"]) == 0
    out, err = capsys.readouterr()
    rows = json.loads(out)["required"]
    assert [row["bin"] for row in rows] == ["00:00", "00:30", "01:00", "01:30"]
    assert "searching the heads that this simulation requires, 1 live line" in err
    with (folder / "required.csv").open(encoding="utf-8", newline="") as stream:
        written = list(csv.DictReader(stream))
    assert [row["required_simulated"] for row in written] == [str(int(row["required_simulated"])) for row in rows]
    assert main(asked) == 4  # the table is there already
    run = ["run", str(file), "-n", "2", "-o", str(tmp_path / "run"), "--no-figures", "--jobs", "1"]
    assert main([*run, "--required"]) == 0
    assert (tmp_path / "run" / "required.csv").read_text() == (folder / "required.csv").read_text()
    assert main(["compare", str(file), str(other(tmp_path)), "-n", "2", "-o", str(tmp_path / "both"), "--no-figures",
                 "--required", "--jobs", "1"]) == 0  # fmt: skip
    assert sorted(path.parent.name for path in (tmp_path / "both").rglob("required.csv")) == ["0-tiny", "1-more"]


def other(folder: Path) -> Path:
    file = folder / "more.yaml"
    file.write_text("extends: tiny.yaml\nname: more\nchange: {teams.frontline.agents: 3}\n", encoding="utf-8")
    return file


def test_every_column_is_told() -> None:
    assert tuple(column.name for column in columns.REQUIRED) == REQUIRED


def test_a_search_that_is_stopped_keeps_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stopped(*arguments: object) -> Result:
        raise KeyboardInterrupt

    monkeypatch.setattr("supportsim.study.required_search.required", stopped)
    file, folder = tmp_path / "tiny.yaml", tmp_path / "out"
    file.write_text(TINY, encoding="utf-8")
    words = [str(file), "-n", "2", "-o", str(folder), "--jobs", "1"]
    assert main(["run", *words, "--required", "--no-figures"]) == 130
    assert (folder / "summary.csv").exists()
    assert not (folder / "required.csv").exists()
    assert main(["required", *words, "--overwrite"]) == 130
    assert not (folder / "required.csv").exists()
