"""`--decimal comma`: what a spreadsheet of such a country reads is what everybody else reads from the usual files."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from study.study_texts import written

from supportsim.cli import main
from supportsim.study.decimal_comma import MARK, read, with_comma, write_again


def spreadsheet(file: Path) -> list[list[str]]:
    """Rows as they are shown where numbers have a comma: columns by `;`, UTF-8 because of the mark."""
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert not data[3:].startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines, delimiter=";"))


def usual(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def same(one: str, other: str) -> bool:
    """A number with a comma and the same with a point, or the same text."""
    if one == other:
        return True
    return "." not in one and "," not in other and float(one.replace(",", ".")) == float(other)


def assert_same(comma: Path, point: Path) -> int:
    """Both folders hold the same tables; returns how many cells have a comma."""
    names = sorted(file.relative_to(point) for file in point.rglob("*.csv"))
    assert names == sorted(file.relative_to(comma) for file in comma.rglob("*.csv"))
    assert names
    changed = 0
    for name in names:
        mine, theirs = spreadsheet(comma / name), usual(point / name)
        assert [len(row) for row in mine] == [len(row) for row in theirs]
        pairs = [pair for a, b in zip(mine, theirs, strict=True) for pair in zip(a, b, strict=True)]
        assert all(same(*pair) for pair in pairs), name
        assert read(comma / name) == theirs == read(point / name)
        changed += sum(one != other for one, other in pairs)
    return changed


def test_numbers_get_a_comma_and_text_stays() -> None:
    usual = 'name,x,y\n"a, b",1.5,-0.25\n"c; ""d""",1e-05,2.5e-07\n2026-03-02 08:00,3,\nv1.5,1.5 min,"1,5"\n'
    assert with_comma(usual) == (
        MARK + 'name;x;y\na, b;1,5;-0,25\n"c; ""d""";1e-05;2,5e-07\n2026-03-02 08:00;3;\nv1.5;1.5 min;1,5\n'
    )


def test_twice_is_once_and_point_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "below" / "table.csv"
    file.parent.mkdir()
    file.write_text("a,b\n1.5,x\n", encoding="utf-8")
    write_again(tmp_path, "point")
    assert file.read_text(encoding="utf-8") == "a,b\n1.5,x\n"
    write_again(tmp_path, "comma")
    once = file.read_bytes()
    write_again(tmp_path, "comma")
    assert file.read_bytes() == once
    assert [each.name for each in file.parent.iterdir()] == ["table.csv"]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return written(tmp_path)


@pytest.mark.usefixtures("without_pixels")
def test_run_and_its_report(study: Path) -> None:
    words = ["run", "desk.yaml", "-n", "2", "--jobs", "1"]
    assert main([*words, "-o", "comma", "--decimal", "comma"]) == 0
    assert main([*words, "-o", "point"]) == 0
    assert assert_same(Path("comma"), Path("point")) > 100
    for name in ("manifest.json", "figures/intraday.svg"):
        if Path("point", name).exists():
            assert Path("comma", name).read_bytes() == Path("point", name).read_bytes()
    shown = [Path(folder, "report.html").read_text(encoding="utf-8") for folder in ("comma", "point")]
    assert shown[0].count("<table") == shown[1].count("<table")


def test_compare(study: Path) -> None:
    words = ["compare", "desk.yaml", "more.yaml", "-n", "2", "--jobs", "1", "--no-figures"]
    Path("more.yaml").write_text(
        "extends: desk.yaml\nname: more\nchange: {teams.frontline.agents: 3 -> 4}\n", encoding="utf-8"
    )
    assert main([*words, "-o", "comma", "--decimal", "comma"]) == 0
    assert main([*words, "-o", "point"]) == 0
    assert assert_same(Path("comma"), Path("point")) > 100


def test_a_study_goes_on_from_where_it_was_in_either_form(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["study", "study.yaml", "--jobs", "1"]
    study.write_text(
        study.read_text() + "outputs: [replications.csv, summary.csv, points.csv, differences.csv]\n", encoding="utf-8"
    )
    assert main([*words, "-o", "point"]) == 0
    assert main([*words, "-o", "comma", "--decimal", "comma", "--only", "stated/*"]) in (0, 5)
    manifest = Path("comma", "manifest.json").read_bytes()
    assert main([*words, "-o", "comma", "--decimal", "comma"]) == 0
    assert Path("comma", "manifest.json").read_bytes() != manifest
    assert assert_same(Path("comma"), Path("point")) > 10
    assert main([*words, "-o", "comma"]) == 0
    for file in Path("point").rglob("*.csv"):
        assert (Path("comma") / file.relative_to("point")).read_bytes() == file.read_bytes()
    capsys.readouterr()


def test_another_sign_is_wrong_usage(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "desk.yaml", "--decimal", "dot"]) == 2
    assert "--decimal" in capsys.readouterr().err


def test_rows_of_erlang_have_a_comma_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "calls.csv").write_text("start,offered,aht_s\n2026-03-02 09:00,60,300\n2026-03-02 09:30,80,310\n")
    asked = ["erlang", "agents", "--csv", str(tmp_path / "calls.csv"), "--target", "80% in 20 s"]
    texts = []
    for decimal in ("point", "comma"):
        assert main([*asked, "--decimal", decimal]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[1] == with_comma(texts[0])
    assert "," in texts[1]
    one = ["erlang", "agents", "--calls", "100/h", "--aht", "5 min", "--target", "80% in 20 s"]
    assert main(one) == 0
    assert main([*one, "--decimal", "comma"]) == 2
    assert "--decimal is for the rows of --csv" in capsys.readouterr().err
