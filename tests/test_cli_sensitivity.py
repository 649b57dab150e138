"""`supportsim sensitivity`, and `run` and `compare` with `--sensitivity`, from the command line."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from test_cli import files_below

from supportsim import load, run, sensitivity
from supportsim.cli import main
from supportsim.show.report.write import of_run

DESK = """
name: tiny
start: 2026-03-02
length: 1 day
channels: {phone: {kind: live, handle_time: {exponential: {mean: 5 min}}, patience: {exponential: {mean: 3 min}}}}
demand: {calls: {rate: 30/h}}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: daily}}
teams: {desk: {serves: [phone], agents: 3, wage: 20/h}}
"""
HOW = ["-n", "3", "--jobs", "1", "-o", "out"]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(DESK, encoding="utf-8")
    Path("more.yaml").write_text("extends: tiny.yaml\nname: more\nchange: {teams.desk.agents: 4}\n", encoding="utf-8")


def test_it_writes_tables_and_a_figure_and_prints_what_moves(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", "tiny.yaml", *HOW]) == 0
    told = capsys.readouterr()
    assert "What moves the answer" in told.out
    assert "cost a run: for sure it rests on wage of desk 100 % of all movement (−288 to +288)" in told.out
    assert "supplied by supportsim itself: resolution on phone." in told.out
    assert told.out.splitlines()[-1] == "results: out"
    assert files_below(Path("out")) == {
        "manifest.json", "sensitivity.csv", "inputs.csv", "verdict.txt",
        "figures/sensitivity.csv", "figures/sensitivity.png", "figures/sensitivity.svg",
    }  # fmt: skip
    page = (Path(__file__).parents[1] / "docs" / "measures.md").read_text(encoding="utf-8")
    part = page.split("\n### sensitivity.csv\n")[1].split("\n### ")[0]
    columns = Path("out/sensitivity.csv").read_text().splitlines()[0].split(",")
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", part, flags=re.M) == columns


def test_json_of_options_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sensitivity", "tiny.yaml", "more.yaml", "--input", "teams.*", "--measure", "all.cost", "--by", "10%"]
    assert main([*words, *HOW, "--json", "--no-figures"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["options"] == ["tiny", "more"]
    assert [(row["option"], row["against"], row["change_high"]) for row in document["sensitivity"]] == [
        ("tiny", "", 144.0), ("more", "tiny", 48.0),
    ]  # fmt: skip


def test_a_run_tells_the_share_of_its_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "tiny.yaml", "--sensitivity", "--no-figures", *HOW]) == 0
    lines = Path("out/inputs.csv").read_text().splitlines()
    assert lines[0].endswith(",source,share")
    assert next(line for line in lines if line.startswith("teams.desk.wage,")).endswith(",0.5")
    assert {"sensitivity.csv", "summary.csv"} <= files_below(Path("out"))
    assert next(line for line in lines if line.startswith("teams.desk.agents,")).endswith(",written,")  # a decision


def test_a_comparison_tells_what_moves_its_differences() -> None:
    assert main(["compare", "tiny.yaml", "more.yaml", "--sensitivity", "--no-resize", "--no-figures", *HOW]) == 0
    assert {"sensitivity.csv", "inputs.csv", "differences.csv"} <= files_below(Path("out"))


@pytest.mark.parametrize("command", [["run", "tiny.yaml"], ["compare", "tiny.yaml", "more.yaml", "--no-resize"]])
def test_a_failed_play_of_an_input_leaves_with_5(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was played is written; that it is not all is said and told by the exit code, as of `sensitivity` alone."""
    module = import_module("supportsim.study.sensitivity")
    real = module.sensitivity
    monkeypatch.setattr(
        module, "sensitivity", lambda *how: replace(real(*how), failed=("wage less: its process died",))
    )
    assert main([*command, "--sensitivity", "--no-figures", *HOW]) == 5
    assert "wage less: its process died" in capsys.readouterr().err
    assert Path("out/sensitivity.csv").exists()


def test_the_report_sorts_what_it_does_not_know_and_marks_what_was_supplied() -> None:
    scenario = load("tiny.yaml")
    found = sensitivity({"tiny": scenario, "more": load("more.yaml")}, replications=3)
    page = of_run(run(scenario, 2), Path(), [], "", (found, [])).read_text(encoding="utf-8")
    section = page.split("What moves the answer most</h3>")[1].split("Inputs that nobody measured")[0]
    own, difference = section.split("What moves the difference of more from tiny", 1)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r'<tr><th scope="row">.*?</tr>', own)]
    shares = [float(row[3].split()[0]) for row in cells]
    assert shares == sorted(shares, reverse=True)
    assert [row[2] for row in cells if row[0] == "resolution on phone"] == ["supportsim itself"]
    assert {row[2] for row in cells} == {"you", "supportsim itself"}
    assert "wage of desk" in difference


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--input", "teams.desk.wages"], 3, "did you mean teams.desk.wage"),
        (["--measure", "all.costs"], 3, "all.cost"),
        (["--by", "0%"], 2, "more than 0 %"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sensitivity", "tiny.yaml", *words, *HOW]) == code
    assert said in capsys.readouterr().err
    assert not Path("out").exists()
