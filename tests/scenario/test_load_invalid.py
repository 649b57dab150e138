"""The library of faults: every file has one, and its whole message stands in its first line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load

FOLDER = Path(__file__).parents[1] / "scenarios" / "invalid"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_with_one_fault_gets_one_message(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# expect: ")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert [str(fault) for fault in caught.value.faults] == [f"{path}:{expected}"]


def test_the_library_is_large() -> None:
    assert len(FILES) >= 110


def test_the_index_names_every_file_and_no_other() -> None:
    named = set(re.findall(r"`([a-z0-9_]+)`", (FOLDER / "INDEX.md").read_text(encoding="utf-8")))
    assert {path.stem for path in FILES} <= named


def test_every_class_in_the_index_has_a_file_or_a_reason() -> None:
    index = (FOLDER / "INDEX.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-D]\d+) \| [^|]+ \|([^|]*)\|([^|]*)\|$", index, re.M)
    assert [row[0] for row in rows] == [
        f"{letter}{i}" for letter, last in (("A", 29), ("B", 27), ("C", 24), ("D", 11)) for i in range(1, last + 1)
    ]
    assert all(files.strip() or reason.strip() for _, files, reason in rows)


def test_tests_named_in_the_index_exist() -> None:
    index = (FOLDER / "INDEX.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"`(test_[a-z_*]+\.py)`", index)):
        assert list(Path(__file__).parent.glob(name)), name


def test_the_base_of_the_variants_has_no_fault() -> None:
    assert load(FOLDER / "base" / "desk.yaml").name == "one-fault"
