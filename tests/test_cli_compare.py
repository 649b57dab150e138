"""`supportsim compare` from the command line: what it writes and prints, how it refuses, how it stops."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_cli import DESK, files_below

from supportsim.cli import main


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A base and an option that changes it, in a folder of their own, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(DESK, encoding="utf-8")
    option = "extends: tiny.yaml\nname: three\nchange: {teams.frontline.agents: 2 -> 3}\n"
    (tmp_path / "three.yaml").write_text(option, encoding="utf-8")
    return ["compare", "tiny.yaml", "three.yaml", "-n", "4", "--jobs", "1", "--no-figures"]


def test_it_writes_tables_and_prints_a_verdict(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*two, "-o", "out"]) == 0
    told = capsys.readouterr()
    assert "three against tiny" in told.out
    assert "· three keeps" in told.out
    assert told.out.splitlines()[-1] == "results: out"
    assert {
        "manifest.json", "options.csv", "differences.csv", "interval_differences.csv",
        "verdict.txt", "0-tiny/summary.csv", "1-three/promises.csv",
    } <= files_below(Path("out"))  # fmt: skip


@pytest.mark.usefixtures("without_pixels")
def test_the_report_of_all_options_lies_beside_them(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([word for word in two if word != "--no-figures"] + ["-o", "out"]) == 0
    assert f"report: {Path('out') / 'report.html'}" in capsys.readouterr().out
    page = Path("out/report.html").read_text(encoding="utf-8")
    assert "three keeps" in page
    assert "figures/forest.csv" in page
    assert main([*two, "-o", "bare"]) == 0
    assert not Path("bare/report.html").exists()


def test_a_folder_of_its_own_by_default_and_never_twice(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(two) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1].removeprefix("results: "))
    assert folder.name.startswith("compare-tiny-")
    assert folder.name.endswith("-s1-n4")
    assert main(two) == 4
    assert "holds a result already" in capsys.readouterr().err
    assert main([*two, "--overwrite"]) == 0


def test_json_is_one_document(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*two, "-o", "out", "--json", "--metric", "phone.wait_mean"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["metrics"] == ["phone.wait_mean"]
    assert [row["measure"] for row in document["differences"]] == ["wait_mean"]
    assert document["options"][1]["replications"] == 4
    assert document["verdict"]


def test_the_faults_of_all_files_are_told_at_once(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("tiny.yaml").write_text(DESK.replace("patience: 3 min", "patience: 3"), encoding="utf-8")
    Path("other.yaml").write_text(DESK.replace("20/h}}", "20}}"), encoding="utf-8")
    assert main(["compare", "tiny.yaml", "three.yaml", "other.yaml"]) == 3
    told = capsys.readouterr().err
    assert "tiny.yaml:7:" in told
    assert "other.yaml:8:" in told
    assert told.count("tiny.yaml:7:") == 1  # the fault of a base is told once
    assert not Path("results").exists()


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["compare", "tiny.yaml"], 2, "a base and at least one other"),
        (["compare", "tiny.yaml", "tiny.yaml"], 3, "two options are named 'tiny'"),
        (["compare", "tiny.yaml", "three.yaml", "--metric", "phone.wait"], 3, "did you mean phone."),
        (["compare", "tiny.yaml", "three.yaml", "--metric", "nonsense"], 3, "expected selector.measure"),
        (["compare", "tiny.yaml", "absent.yaml"], 3, "absent.yaml"),
        (["compare", "tiny.yaml", "three.yaml", "-n", "0"], 2, "expected a whole number"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    two: list[str], words: list[str], code: int, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert hint in told.err
    assert not Path("results").exists()


def test_a_change_goes_into_every_option(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*two, "-o", "out", "--json", "--set", "length=3 h"]) == 0
    document = json.loads(capsys.readouterr().out)
    scenarios = [json.loads((Path("out") / f / "manifest.json").read_text())["scenario"] for f in ("0-tiny", "1-three")]
    assert [scenario["times"]["length_ticks"] for scenario in scenarios] == [3 * 3600 * 10**6] * 2
    assert document["base"] == "tiny"


def test_interrupted_in_the_second_option_keeps_both_and_leaves_with_130(
    two: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportsim.show.progress import Progress

    def press_ctrl_c(self: Progress, finished: int, total: int) -> None:
        if self.what == "three" and finished == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "__call__", press_ctrl_c)
    assert main([*two, "-o", "out"]) == 130
    told = capsys.readouterr()
    assert "three: interrupted: 2 of 4 replications were finished" in told.err
    assert "kept in out" in told.err
    manifest = json.loads(Path("out/manifest.json").read_text())
    assert [option["replications"] for option in manifest["options"]] == [4, 2]
    assert manifest["interrupted"]


def test_interrupted_before_anything_is_finished_writes_nothing(
    two: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportsim.study import run

    def press(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "run", press)
    assert main([*two, "-o", "out"]) == 130
    assert "nothing was finished, nothing was written" in capsys.readouterr().err
    assert not Path("out").exists()
