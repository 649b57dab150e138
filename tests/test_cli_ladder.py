"""`supportsim ladder` from the command line: what it writes and prints, and how it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_cli import files_below

from supportsim.cli import main

DESK = """
name: tiny
start: 2026-03-02
length: 1 day
segments: {gold: {customers: 400, plan: calls}, free: {customers: 4000, plan: letters}}
plans: {calls: [phone, mail], letters: [mail]}
channels:
  phone: {kind: live, handle_time: {exponential: {mean: 5 min}}, patience: {exponential: {mean: 3 min}}}
  mail: {kind: deferred, handle_time: {exponential: {mean: 5 min}}}
demand:
  of_gold: {segment: gold, per_customer: 3/month}
  of_free: {segment: free, per_customer: 2/month}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: daily, penalty: 1/breach}}
teams: {phones: {serves: [phone], agents: 2, wage: 20/h}, mails: {serves: [mail], agents: 3, wage: 20/h}}
"""


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(DESK, encoding="utf-8")
    return ["ladder", "tiny.yaml", "--segment", "free", "-n", "3", "--jobs", "1", "--level", "none", "--level", "phone"]


def test_it_writes_tables_and_a_figure_and_prints_levels(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "-o", "out"]) == 0
    told = capsys.readouterr()
    assert "What free could be offered" in told.out
    assert "· free by none" in told.out
    assert told.out.splitlines()[-1] == "results: out"
    assert {
        "ladder.csv",
        "figures/ladder.png",
        "figures/ladder.svg",
        "0-as-it-is/summary.csv",
        "report.html",
    } <= files_below(Path("out"))
    report = Path("out/report.html").read_text(encoding="utf-8")
    assert "what free could be offered</h1>" in report
    assert "<li>free by none" in report
    assert "no support" not in report
    assert report.count("<figure") == 2  # the ladder, and the forest; nothing brings a margin here
    page = (Path(__file__).parents[1] / "docs" / "measures.md").read_text(encoding="utf-8")
    part = page.split("\n### ladder.csv\n")[1].split("\n### ")[0].split("\n## ")[0]
    columns = Path("out/ladder.csv").read_text().splitlines()[0].split(",")
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", part, flags=re.M) == columns


def test_json_is_one_document(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "-o", "out", "--json", "--no-figures", "--no-resize"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [option["name"] for option in document["options"]] == ["as it is", "none", "phone"]
    assert document["segment"] == "free"
    assert not (Path("out") / "figures").exists()


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--segment", "fre"], 3, "no segment is named 'fre'; did you mean free?"),
        (["--level", "fone"], 3, "free has no level 'fone'; did you mean none or phone?"),
        (["--set", "plans.letters=[fone]"], 3, "plans.letters"),
    ],
)
def test_what_cannot_be_meant_is_said(
    words: list[str], more: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, *more]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


@pytest.mark.usefixtures("without_pixels")
def test_every_assignment_and_its_frontier(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    worth = ["--set", "segments.gold.margin=9/month", "--set", "segments.free.margin=1/month"]
    few = ["ladder", "tiny.yaml", "--all", "--level", "none", "--level", "phone", "-n", "3", "--jobs", "1", *worth]
    assert main([*few, "-o", "out", "--no-resize"]) == 0
    told = capsys.readouterr().out
    assert "All assignments, the cheapest first" in told
    assert "free by none" in told
    table = Path("out/assignments.csv").read_text().splitlines()
    assert len(table) == 1 + 9  # three choices of each
    page = (Path(__file__).parents[1] / "docs" / "measures.md").read_text(encoding="utf-8")
    part = page.split("\n### assignments.csv\n")[1].split("\n### ")[0].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", part, flags=re.M) == table[0].split(",")
    assert main([*few, "-o", "again", "--json", "--no-resize", "--no-figures"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {row["segment"] for row in document["assignments"]} == {"gold"}
    best = [row for row in document["assignments"] if row["frontier"]]
    for one in best:
        assert not any(o["cost"] < one["cost"] and (o["kept"] or 0) > one["kept"] for o in document["assignments"])
    base, *_ = document["assignments"]
    for row in document["assignments"]:  # the same customers bring the same: what is left is that less cost
        assert row["contribution"] - base["contribution"] == pytest.approx(base["cost"] - row["cost"])
        assert row["frontier_contribution"] == row["frontier"]
    assert {"figures/assignments.svg", "figures/assignments.csv"} <= files_below(Path("out"))
    report = Path("out/report.html").read_text(encoding="utf-8")
    assert "every assignment of levels to segments</h1>" in report
    assert "With contribution in the place of cost no other beats" in report
    assert "Differences named beforehand" not in report  # they were chosen after the fact
    assert not (Path("again") / "report.html").exists()


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--segment", "free", "--all"], 2, "say either --segment NAME or --all"),
        ([], 2, "say either --segment NAME or --all"),
        (["--all"], 3, "no segment states a margin"),
        (["--all", "--set", "segments.gold.margin=9/month", "--level", "fone"], 3, "no segment has another level"),
    ],
)
def test_what_all_cannot_mean_is_said(
    words: list[str], more: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ladder", "tiny.yaml", "-n", "2", *more]) == code
    assert said in capsys.readouterr().err


def test_more_assignments_than_are_played_are_refused() -> None:
    from supportsim.study.ladder import NoLadder
    from supportsim.study.ladder_all import assignments

    file = Path(__file__).parents[1] / "configs" / "saas" / "today.yaml"
    with pytest.raises(NoLadder, match="729 assignments are too many, at most 64"):
        assignments(file, {"segments.premium.margin": "40/month"})
