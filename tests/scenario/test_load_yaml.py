"""YAML as text with places: what no file of the library can hold."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from loader_texts import PHONES, VALID

from supportsim.scenario.errors import ConfigError, Fault, Faults, nearest, shown
from supportsim.scenario.load import load
from supportsim.scenario.nodes import Map, Seq, Text, dotted
from supportsim.scenario.yaml_text import read_yaml


def message(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value).removeprefix(str(path))


def written(tmp_path: Path, raw: bytes) -> Path:
    path = tmp_path / "file.yaml"
    path.write_bytes(raw)
    return path


def test_an_empty_file_is_an_empty_configuration(tmp_path: Path) -> None:
    assert message(written(tmp_path, b"")) == (
        ":1:1: got nothing; expected a scenario; the file is empty: an empty configuration"
    )


def test_a_recursive_alias_is_refused(tmp_path: Path) -> None:
    text = message(written(tmp_path, b"name: &loop [*loop]\n"))
    assert "anchors are refused" in text
    assert "aliases are refused" in text


def test_a_file_above_5_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, b"#" * 5_000_001)
    assert message(path) == ": got 5.0 MB; expected at most 5 MB; long tables belong into CSV files"


def test_a_file_of_very_many_values_is_refused(tmp_path: Path) -> None:
    text = message(written(tmp_path, b"name: [" + b"1," * 250_000 + b"1]\n"))
    assert "expected at most 50000 values" in text


def test_utf_16_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "name: x".encode("utf-16"))
    assert message(path) == ": got UTF-16 text; expected UTF-8 text; save the file as UTF-8"


def test_latin_1_gets_the_offset_of_the_byte(tmp_path: Path) -> None:
    path = written(tmp_path, "name: x\ntitle: Zürich".encode("latin-1"))
    assert message(path) == ":2: got byte 0xfc at offset 16; expected UTF-8 text; save the file as UTF-8"


def test_a_nul_is_refused_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, PHONES.replace("\n", "\nti\0tle: y\n", 1).encode())
    assert message(path) == ":2:3: got the character U+0000; expected printable text; remove it"


@pytest.mark.parametrize("change", ["\r\n", "bom", "end"], ids=["CRLF", "byte order mark", "no final newline"])
def test_how_lines_end_changes_nothing(tmp_path: Path, change: str) -> None:
    text = (VALID / "curve.yaml").read_text(encoding="utf-8").rstrip("\n")
    text = text.replace("\n", "\r\n") if change == "\r\n" else "\ufeff" + text if change == "bom" else text
    shutil.copytree(VALID / "data", tmp_path / "data")
    assert load(written(tmp_path, text.encode())) == load(VALID / "curve.yaml")


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(VALID / "data")
    path = written(tmp_path, (VALID / "curve.yaml").read_bytes())
    assert "expected a file in the folder of this one, or below it" in message(path)


def test_a_folder_a_pipe_and_nothing_are_named_plainly(tmp_path: Path) -> None:
    (tmp_path / "monday.yaml").write_text("name: x")
    os.mkfifo(tmp_path / "pipe")
    assert message(tmp_path) == ": got a folder; expected a scenario file; name the file in it"
    assert message(tmp_path / "pipe") == ": got a pipe or device; expected a plain file; save it first"
    assert message(Path(os.devnull)) == ": got a pipe or device; expected a plain file; save it first"
    assert message(tmp_path / "mondey.yaml") == (
        ": got no such file; expected a file that can be read; did you mean monday.yaml?"
    )
    assert "no file can have" in message(tmp_path / "a\0b") or "embedded null" in message(tmp_path / "a\0b")


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is readable to the superuser")
def test_an_unreadable_file_is_named_plainly(tmp_path: Path) -> None:
    path = written(tmp_path, b"name: x")
    path.chmod(0)
    assert message(path) == ": got permission denied; expected a file that can be read"


def test_nothing_is_constructed() -> None:
    tree = read_yaml("{a: 17:30, b: NO, c: 1e3, d: 012, e: 2026-03-02, f: on, g: 0x1F, h: ~}", "f", None)
    assert tree == {
        "a": "17:30",
        "b": "NO",
        "c": "1e3",
        "d": "012",
        "e": "2026-03-02",
        "f": "on",
        "g": "0x1F",
        "h": "~",
    }


def test_every_node_knows_its_place() -> None:
    tree = read_yaml("a:\n  - b\n  - {c: 'd'}\n", "f.yaml", None)
    assert isinstance(tree, Map)
    items = tree["a"]
    assert isinstance(items, Seq)
    inner = items[1]
    assert isinstance(inner, Map)
    value = inner["c"]
    assert isinstance(value, Text)
    assert [node.place[:3] for node in (tree, items, items[0], inner, value)] == [
        ("f.yaml", 1, 1),
        ("f.yaml", 2, 3),
        ("f.yaml", 2, 5),
        ("f.yaml", 3, 5),
        ("f.yaml", 3, 9),
    ]
    assert not value.plain
    assert dotted(("a", 1, "c")) == "a[2].c"


def test_text_over_several_lines_is_one_value() -> None:
    assert read_yaml("title: >-\n  one\n  two\n", "f", None) == {"title": "one two"}


def test_all_faults_of_a_text_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        read_yaml("a: &x 1\nb: !t 2\na: 3\n<<: {c: 1}\nd: {e: 1,5}\n", "f", None)
    assert [fault.line for fault in caught.value.faults] == [1, 2, 3, 4, 5]


def test_at_most_50_faults_are_printed() -> None:
    faults = Faults()
    for line in range(60):
        faults.add("f", line + 1, 1, "", "x", "y")
    with pytest.raises(ConfigError) as caught:
        faults.raise_if_any()
    lines = str(caught.value).split("\n")
    assert (len(lines), lines[-1]) == (51, "… and 10 more")
    assert len(caught.value.faults) == 60


def test_values_are_cut_and_cleaned() -> None:
    assert shown("a\x1b[31m\u202eb\nc") == "a[31mb c"
    assert shown("x" * 100) == "x" * 79 + "…"
    assert str(Fault("f", 1, 2, "p", "x" * 90, "y")) == f"f:1:2 p: got {'x' * 79}…; expected y"


def test_the_nearest_name_is_named() -> None:
    assert nearest("fone", ["phone", "chat"]) == "did you mean phone?"
    assert nearest("PHONE", ["phone"]) == "did you mean phone?"
    assert nearest("zzz", ["phone", "chat"]) == "known here: phone, chat"
    assert nearest("zzz", []) == ""
