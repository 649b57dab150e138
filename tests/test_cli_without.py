"""`supportsim without` from the command line: what it writes and prints, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_cli import files_below

from supportsim.cli import main

DESK = """
name: tiny
start: 2026-03-02
length: 1 day
segments: {gold: {}, free: {}}
channels: {phone: {kind: live, handle_time: {exponential: {mean: 5 min}}, patience: {exponential: {mean: 3 min}}}}
demand:
  of_gold: {segment: gold, channel: phone, rate: 5/h}
  of_free: {segment: free, channel: phone, rate: 30/h}
promises: {fast: {of: gold phone, answer: 20 s, share: 80%, judged: daily, penalty: 1/breach}}
teams: {desk: {serves: [phone], agents: 3, wage: 20/h}}
routing: {policy: fifo}
"""


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(DESK, encoding="utf-8")
    return ["without", "tiny.yaml", "free", "-n", "4", "--jobs", "1"]


@pytest.mark.usefixtures("without_pixels")
def test_it_writes_a_table_and_prints_a_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "-o", "out"]) == 0
    told = capsys.readouterr()
    assert "without free: those whose issues stay the same" in told.out
    assert "· Without free (" in told.out
    assert "Removals do not add up" in told.out
    assert told.out.splitlines()[-1] == "results: out"
    assert "playing without free, 4 times" in told.err
    assert {
        "crowding_out.csv", "verdict.txt", "0-tiny/summary.csv", "1-without-free/summary.csv", "figures/forest.svg",
        "report.html",
    } <= files_below(Path("out"))  # fmt: skip
    report = Path("out/report.html").read_text(encoding="utf-8")
    assert "what issues of free do to the others</h1>" in report
    assert "<li>Without free (" in report
    assert "without free: those whose issues stay the same" in report


def test_a_folder_of_its_own_never_twice_and_with_a_decimal_comma(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--thin", "10%", "--decimal", "comma", "--no-figures"]) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1].removeprefix("results: "))
    assert folder.name.startswith("without-tiny-")
    assert ";0,1;" in (folder / "crowding_out.csv").read_text()
    assert main([*words, "--thin", "10%"]) == 4
    assert main([*words, "--no-figures"]) == 0  # all of it is another question, and has another folder


def test_json_is_one_document(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "-o", "out", "--json", "--no-figures"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {row["removed"] for row in document["crowding_out"]} == {"free"}
    assert document["options"][1]["name"] == "without free"


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["fre"], 3, "no segment, topic or channel is named 'fre'; did you mean free?"),
        (["--thin", "10"], 2, "write 10%"),
        (["--thin", "100%"], 2, "expected more than 0 % and less than 100 %"),
        (["--thin", "0%"], 2, "expected more than 0 % and less than 100 %"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    words: list[str], more: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words[:3], *more, *words[3:]]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_every_column_is_in_the_page_of_measures(words: list[str]) -> None:
    import re

    assert main([*words, "-o", "out"]) == 0
    columns = Path("out/crowding_out.csv").read_text().splitlines()[0].split(",")
    page = (Path(__file__).parents[1] / "docs" / "measures.md").read_text(encoding="utf-8")
    part = page.split("\n### crowding_out.csv\n")[1].split("\n### ")[0]
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", part, flags=re.M) == columns
