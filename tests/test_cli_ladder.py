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
    assert {"ladder.csv", "figures/ladder.png", "figures/ladder.svg", "0-as-it-is/summary.csv"} <= files_below(
        Path("out")
    )
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
